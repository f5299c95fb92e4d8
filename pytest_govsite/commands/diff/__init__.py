"""`govsite diff`: two ledgers side by side, the faults that are new, fixed and still open."""
import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from pytest_govsite.commands import changed
from pytest_govsite.commands.diff import sheets
from pytest_govsite.commands.diff.matching import Match, match, read_inspections
from pytest_govsite.commands.printing import aligned, print_line, say
from pytest_govsite.report import tables
from pytest_govsite.report.wording import plain

HELP = "Compare two ledgers or results folders: what is new, fixed, still open; as text, CSV, Excel or Markdown."
ENDINGS = (".csv", ".xlsx", ".md")
HEADINGS = ("网站", "指标", *changed.PARTS.values(), "规则", "不比较", "检查日期")
COUNTED = ("still",)  # where many sites are compared: what has not changed would bury what has


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    for name, what in (("old", "the earlier inspection"), ("new", "the later one")):
        command.add_argument(name, metavar=name.upper(), type=Path, help=f"{what}: a results folder, or a ledger.jsonl")
    command.add_argument("--site", metavar="ID", action="append", default=[], help="Only this site. Repeatable.")
    command.add_argument("--out", metavar="FILE", type=Path, help=f"Write every fault: {', '.join(ENDINGS)}.")
    command.add_argument(
        "--exit-status", action="store_true",
        help="Exit with status 1 when a fault is new; one of which nobody can say whether it is new does not count.",
    )


def run(console: Console, typed: argparse.Namespace) -> int:
    """Status 1 when that was asked for and a fault is new. Raises ValueError when there is nothing to compare."""
    if typed.out:
        tables.check_place(typed.out, ENDINGS)
    matches = match(read_inspections(typed.old), read_inspections(typed.new), typed.site)
    _print(console, matches)
    if typed.out:
        sheet = sheets.sheet_of(matches)
        tables.write(typed.out, sheet, sheets.sections_of(sheet) if typed.out.suffix.lower() == ".md" else ())
        console.print(f"已写入 {typed.out}", soft_wrap=True)
    return int(typed.exit_status and any(each.comparison.new for each in matches))


def _print(console: Console, matches: Sequence[Match]) -> None:
    if all(each.is_backwards for each in matches if each.is_common):
        say(console, "注意：前一份的检查日期比后一份晚，两个参数是否写反了", "yellow")
    common = [each for each in matches if each.is_common]
    if len(matches) > 1:
        _print_table(console, matches)
    counted = COUNTED if len(common) > 1 else ()
    for each in common:
        if len(common) == 1 or changed.parts_of(each.comparison).keys() - set(counted):
            console.print()
            heading = f"{named(each)} {plain(each.edition, 40)}：{each.days}"
            changed.show(console, heading, each.comparison, counted)
    if counted and any(each.comparison.still for each in common):
        say(console, "仍然存在的只给出数目；--site=网站 或 --out=文件 全部列出", "dim")


def _print_table(console: Console, matches: Sequence[Match]) -> None:
    """A line for each site and table, those with most new faults first, and a line of sums."""
    ordered = sorted(matches, key=lambda each: (-len(each.comparison.new), not each.is_common))
    heading, *lines = aligned([HEADINGS, *map(_cells, ordered)])
    print_line(console, heading, "bold")
    for each, line in zip(ordered, lines, strict=True):
        print_line(console, line, changed.STYLES["new"] if each.comparison.new else "")
    sums = {word: sum(len(getattr(each.comparison, name)) for each in matches) for name, word in changed.PARTS.items()}
    sites = len({each.site for each in matches})
    say(console, f"共 {sites} 个网站：{'，'.join(f'{word} {count}' for word, count in sums.items())}", "bold")


def _cells(each: Match) -> tuple[str, ...]:
    counts = (str(len(getattr(each.comparison, name)) or "") for name in changed.PARTS)
    apart = str(len(each.comparison.apart) or "")
    return named(each), plain(each.edition, 40), *counts, str(each.comparison.rules), apart, each.days


def named(each: Match) -> str:
    """宣汉县人民政府（xuanhan）"""
    name, id = plain(each.name, 40), plain(each.site, 60)
    return id if name in ("", id) else f"{name}（{id}）"
