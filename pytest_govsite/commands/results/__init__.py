"""`govsite results`: how much room an inspection's results take, and how to get some of it back."""
import argparse
from pathlib import Path

from rich.console import Console

from pytest_govsite.commands.printing import WrongUse
from pytest_govsite.commands.results import pruning, sizes
from pytest_govsite.options import RESULTS

HELP = "Show how much room results take, by site and kind; `prune` removes pages, pictures and old evidence, never the ledger."
PRUNE = "prune"
LIMITS = ("site", "keep_days", "max_size", "dry_run")


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    command.add_argument(
        "words", nargs="*", metavar="prune | DIR",
        help=f"DIR: the results folder (default: {RESULTS}); prune, before it: remove what nothing needs, and by the options below "
             "documents, pictures and evidence",
    )
    command.add_argument("--site", metavar="ID", action="append", default=[], help="prune: of this site only. Repeatable.")
    command.add_argument("--keep-days", metavar="N", help="prune: all of sites whose inspection is more than N days ago.")
    command.add_argument(
        "--max-size", metavar="MB", help="prune: until all takes no more: the oldest first, documents before pictures before evidence.",
    )
    command.add_argument("--dry-run", action="store_true", help="prune: only say what would go.")


def run(console: Console, typed: argparse.Namespace) -> int:
    """Status 0; wrong use and a folder that is none of ours raise ValueErrors for the user."""
    prunes, words = typed.words[:1] == [PRUNE], typed.words[typed.words[:1] == [PRUNE]:]
    if len(words) > 1:
        raise WrongUse(f"govsite results 只看一个结果目录，多写了 {' '.join(words[1:])}")
    folder = Path(words[0] if words else RESULTS)
    if prunes:
        wish = pruning.Wish(tuple(typed.site), _number(typed.keep_days, "--keep-days"), _number(typed.max_size, "--max-size"))
        pruning.prune(console, folder, wish, typed.dry_run)
    elif unfit := [name for name in LIMITS if getattr(typed, name) not in (None, False, [])]:
        raise WrongUse(f"--{unfit[0].replace('_', '-')} 要和 prune 一起用：govsite results prune {folder}")
    else:
        sizes.show(console, folder)
    return 0


def _number(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise WrongUse(f"{name}：{text!r} 应是 0 或正整数")
    return int(text)
