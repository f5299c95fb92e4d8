"""`govsite columns`: what columns a site has, how new they are, and until when they need news."""
import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from pytest_govsite.commands import inventory, looking
from pytest_govsite.commands.printing import aligned, print_line, say
from pytest_govsite.model.missing import Missing
from pytest_govsite.report import tables
from pytest_govsite.report.tables import Cell, Sheet
from pytest_govsite.report.wording import plain

HELP = "List the columns of a site: newest date, deadline, days left, owner; as text, CSV, Excel or Markdown."
ENDINGS = (".csv", ".xlsx", ".md")
SHOWN = ("栏目", "类别", "最新日期", "读自", "条数", "更新期限", "剩余", "负责", "状态")
INDENT = "  "
SEPARATOR = " > "  # between the names of a path, see Column.title
STYLES = {inventory.OVER: "red", inventory.BLANK: "red", inventory.OPEN: "yellow", inventory.BESIDE: "dim"}


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    looking.declare(command)
    command.add_argument("--out", metavar="FILE", type=Path, help=f"Write the table: {', '.join(ENDINGS)}.")


def run(console: Console, options: argparse.Namespace) -> int:
    """Status 1 when there is a site whose columns could not be seen."""
    request, calendar = looking.read_request(options)
    if options.out:
        tables.check_place(options.out, ENDINGS)
    sights = []
    for sight in looking.look(request, options):
        sights.append(sight)
        _print(console, sight, inventory.sheet_of([sight], calendar))
    if options.out:
        tables.write(options.out, inventory.sheet_of(sights, calendar))
        console.print(f"已写入 {options.out}", soft_wrap=True)
    return int(any(isinstance(sight.columns, Missing) for sight in sights))


def _print(console: Console, sight: looking.Sight, sheet: Sheet) -> None:
    say(console, f"{plain(sight.site.title)}（{sight.site.id}）　检查日期 {sight.as_of}", "bold")
    if isinstance(sight.columns, Missing):
        say(console, f"没有看到栏目：{plain(sight.columns.says)}", "yellow")
        return
    if sight.columns.closed:
        say(console, f"网站已关停：{plain(sight.columns.closed)}")
        return
    _print_rows(console, sheet)
    words = Counter(row[sheet.headings.index("状态")] for row in sheet.rows)
    counts = "，".join(f"{word} {number}" for word, number in words.most_common())
    say(console, f"栏目 {len(sheet.rows)} 个{'：' if counts else ''}{counts}")
    if sight.columns.stopped:
        say(console, f"栏目没有看完：{plain(sight.columns.stopped.says)}", "yellow")


def _print_rows(console: Console, sheet: Sheet) -> None:
    """Names stand in by their level; the address, and what is to be said of a column, under it."""
    cells = [dict(zip(sheet.headings, row, strict=True)) for row in sheet.rows]
    heading, *lines = aligned([SHOWN, *map(_line, cells)])
    print_line(console, heading, "bold")
    above: set[str] = set()
    for line, cell in zip(lines, cells, strict=True):
        _print_levels(console, cell["路径"], above)
        print_line(console, line, STYLES.get(cell["状态"], ""))
        for below in filter(None, (cell["网址"], cell["说明"])):
            print_line(console, f"{INDENT * cell['级别']}{plain(below, 300)}", "dim")


def _print_levels(console: Console, path: str, above: set[str]) -> None:
    """The names of the levels above a column that are no columns themselves, once."""
    names = path.split(SEPARATOR)
    for depth in range(1, len(names)):
        if (upper := SEPARATOR.join(names[:depth])) not in above:
            print_line(console, f"{INDENT * (depth - 1)}{plain(names[depth - 1])}", "dim")
            above.add(upper)
    above.add(path)


def _line(cell: Mapping[str, Cell]) -> tuple[str, ...]:
    return (
        f"{INDENT * (cell['级别'] - 1)}{plain(cell['栏目'])}", cell["类别"] or "", str(cell["最新日期"] or ""),
        cell["读自"] or "", "" if cell["条数"] is None else str(cell["条数"]), cell["更新期限"] or "",
        _left(cell["剩余天数"]), plain(cell["负责"] or ""), cell["状态"],
    )


def _left(days: int | None) -> str:
    return "" if days is None else f"{days} 天" if days >= 0 else f"超 {-days} 天"
