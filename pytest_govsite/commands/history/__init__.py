"""`govsite history`: what is remembered of the sites, and how it is kept."""
import argparse
from pathlib import Path

from rich.console import Console

from pytest_govsite import options
from pytest_govsite.commands.history import exporting, keeping, overview, site
from pytest_govsite.commands.history.remembered import Remembered
from pytest_govsite.commands.printing import WrongUse
from pytest_govsite.report import tables

HELP = "Show what is remembered of the sites: their week, verdicts over time, what is new and fixed; merge, tidy, export."
OPTIONS = ("site", "sites", "site-group", "edition", "as-of", "history")
LAST = 10
ACTIONS = {"merge": keeping.merge, "tidy": keeping.tidy}


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    command.add_argument(
        "words", nargs="*", metavar="merge OTHER | tidy",
        help="merge: take over another history, a file or a URL; tidy: roll up old days and delete what is too old; "
             "neither: show all sites, or those of --site",
    )
    options.add_arguments(command, OPTIONS)
    command.add_argument(
        "--last", metavar="N", default=str(LAST), help=f"How many past verdicts of a site to list (default: {LAST}).",
    )
    command.add_argument(
        "--out", "--csv", dest="out", metavar="FILE", type=Path,
        help=f"Write every visit of the week of the sites named with --site: {', '.join(exporting.ENDINGS)}.",
    )


def run(console: Console, typed: argparse.Namespace) -> int:
    """Status 0 whatever the history tells: it is no gate."""
    request = options.read_arguments(typed)
    last = _read_last(typed.last)
    if typed.words:
        return _act(console, typed, request.history)
    if typed.out:
        tables.check_place(typed.out, exporting.ENDINGS)
        if not request.sites:
            raise WrongUse("--out 要和 --site 一起用：请写明导出哪个网站的访问记录")
    with Remembered.open(request, whole=bool(typed.govsite_sites)) as remembered:
        if typed.out:
            exporting.export(console, remembered, typed.out)
        elif request.sites:
            site.show(console, remembered, last)
        else:
            overview.show(console, remembered)
    return 0


def _act(console: Console, typed: argparse.Namespace, place: str | None) -> int:
    name, *arguments = typed.words
    if name not in ACTIONS:
        raise WrongUse(f"没有 history {name} 这个子命令，可用的是 {'、'.join(ACTIONS)}；看一个网站请用 --site={name}")
    if typed.out or typed.govsite_site:
        raise WrongUse(f"history {name} 对整个历史库进行，不能同时用 --site 或 --out")
    return ACTIONS[name](console, place, arguments)


def _read_last(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and int(text)):
        raise WrongUse(f"--last：{text!r} 应是正整数，如 {LAST}")
    return int(text)
