"""`govsite remind`: which columns are past their deadline or soon will be, by who is in charge of them."""
import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from pytest_govsite import deadlines, upkeep
from pytest_govsite.commands import inventory, looking
from pytest_govsite.commands.looking import Sight
from pytest_govsite.commands.printing import WrongUse, aligned, print_line, say
from pytest_govsite.deadlines import Due
from pytest_govsite.model.columns import Column
from pytest_govsite.model.missing import Missing
from pytest_govsite.report import tables
from pytest_govsite.report.tables import Cell, Sheet
from pytest_govsite.report.wording import plain
from pytest_govsite.windows import Calendar, back, spoken

HELP = "List the columns that are past their deadline or will be within some days, by owner."
ENDINGS = (".csv", ".xlsx", ".md")
WITHIN = 7
HEADINGS = (
    "负责", "网站", "栏目", "状态", "剩余天数", "截止日", "最新日期", "最新稿件", "更新期限", "依据", "说明", "网址",
)
SHOWN = ("状态", "网站", "栏目", "更新期限", "最新日期", "截止日")
INDENT = "  "
NOBODY = "（没有登记负责单位）"
SOON, UNSEEN, UNFINISHED = "将超期", "没有看到", "没有看完"
ORDER = (inventory.OVER, inventory.BLANK, SOON, inventory.OPEN, UNSEEN, UNFINISHED)


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    looking.declare(command)
    command.add_argument(
        "--within", metavar="N", default=str(WITHIN), help=f"How many days to look ahead (default: {WITHIN}).",
    )
    command.add_argument("--out", metavar="FILE", type=Path, help=f"Write the list: {', '.join(ENDINGS)}.")


def run(console: Console, options: argparse.Namespace) -> int:
    """Status 0 whatever there is to remind of: a daily job is no failure."""
    within = _read_within(options.within)
    request, calendar = looking.read_request(options)
    if options.out:
        tables.check_place(options.out, ENDINGS)
    sights = list(looking.look(request, options))
    sheet = sheet_of(sights, within, calendar)
    sections = sheet.parted("负责", NOBODY)
    if options.out:
        tables.write(options.out, sheet, [section.only(*HEADINGS[1:]) for section in sections])
        console.print(f"已写入 {options.out}", soft_wrap=True)
    else:
        for section in sections:
            _print(console, section)
    say(console, _summary(sights, sheet, within))
    return 0


def _read_within(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise WrongUse(f"--within：{text!r} 应是天数，如 7")
    return int(text)


def sheet_of(sights: list[Sight], within: int, calendar: Calendar) -> Sheet:
    """A row for each set of columns that is charged as one, by owner and urgency; sites that could not be seen, too."""
    rows = [row for sight in sights for row in _rows(sight, within, calendar)]
    rows.sort(key=lambda row: (row[0] is None, row[0] or "", ORDER.index(row[3]), -1 if row[4] is None else row[4]))
    return Sheet(f"栏目更新提醒（{within} 天内）", HEADINGS, tuple(rows))


def _rows(sight: Sight, within: int, calendar: Calendar) -> Iterator[tuple[Cell, ...]]:
    columns = sight.columns
    if isinstance(columns, Missing):
        yield _alone(sight, UNSEEN, columns.says)
        return
    if columns.closed:
        return
    for dues in _merged(deadlines.dues(columns, sight.site, sight.tables, sight.as_of, calendar)):
        left = dues[0].days_left
        if left is None or left <= within:
            yield _row(sight, dues)
    wanted = deadlines.periods(sight.site, sight.tables)
    for column in columns.columns:
        if column.blank and not column.folded and (column.period or column.category in wanted):
            yield _blank(sight, column)
    if columns.stopped:
        yield _alone(sight, UNFINISHED, columns.stopped.says)


def _merged(dues: Sequence[Due]) -> Iterator[list[Due]]:
    """The deadlines of each set of columns, the most urgent first; not of a whole whose parts have as strict ones."""
    merged: dict[tuple[str, ...], list[Due]] = {}
    for due in dues:
        rest = [other for other in dues if other is not due and len(other.unit.heads) < len(due.unit.heads)]
        if not all(any(_covers(other, due, head.url) for other in rest) for head in due.unit.heads):
            merged.setdefault(tuple(head.url for head in due.unit.heads), []).append(due)
    return iter(merged.values())


def _covers(other: Due, due: Due, url: str) -> bool:
    strict = back(due.as_of, other.window) >= back(due.as_of, due.window)
    return strict and any(member.url == url for member in other.unit.members)


def _alone(sight: Sight, state: str, why: str) -> tuple[Cell, ...]:
    return (None, sight.site.title, None, state, *[None] * 6, why, sight.site.url)


def _blank(sight: Sight, column: Column) -> tuple[Cell, ...]:
    period = spoken(column.period) if column.period else None
    return (
        column.owner, sight.site.title, column.title, inventory.BLANK, *[None] * 4, period, None, column.blank,
        column.url,
    )


def _row(sight: Sight, dues: list[Due]) -> tuple[Cell, ...]:
    due = dues[0]
    word, why = inventory.standing_by(dues)
    if word == inventory.GOOD:
        word, why = SOON, f"还有 {due.days_left} 天" if due.days_left else "今天是最后一天"
    owners = "、".join(dict.fromkeys(head.owner for head in due.unit.heads if head.owner))
    newest = due.newest
    return (
        owners or None, sight.site.title, due.unit.title, word, due.days_left, due.last,
        newest and upkeep.known_day(newest), newest and newest.title, spoken(due.window), inventory.sources_of(dues),
        why, due.unit.url,
    )


def _print(console: Console, section: Sheet) -> None:
    print_line(console, f"{plain(section.title)}（{len(section.rows)}）", "bold")
    shown = [[plain(str(cell or "")) for cell in row] for row in section.only(*SHOWN).rows]
    below = section.only("说明", "网址").rows
    for line, further in zip(aligned(shown), below, strict=True):
        print_line(console, f"{INDENT}{line}")
        for text in filter(None, further):
            print_line(console, f"{INDENT * 2}{plain(text, 300)}", "dim")
    console.print()


def _summary(sights: list[Sight], sheet: Sheet, within: int) -> str:
    counts = Counter(row[3] for row in sheet.rows)
    words = "，".join(f"{word} {counts[word]}" for word in ORDER if counts[word])
    days = sorted({str(sight.as_of) for sight in sights})
    found = words or f"没有超期的栏目，{within} 天内也没有要到期的"
    return f"检查日期 {'、'.join(days)}　网站 {len(sights)} 个　{found}"
