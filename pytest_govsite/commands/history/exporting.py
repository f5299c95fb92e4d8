"""Every visit of a site's week as a table, for whoever is challenged."""
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console

from pytest_govsite.availability import Slot, facts, slots_of
from pytest_govsite.commands.history.remembered import Remembered
from pytest_govsite.commands.printing import print_line
from pytest_govsite.model.availability import Sample
from pytest_govsite.model.site import Subject
from pytest_govsite.report import tables
from pytest_govsite.report.tables import Cell, Sheet

ENDINGS = (".csv", ".xlsx")
SLOT = ("网站", "日期", "星期", "时段", "该时段结论")
VISIT = ("时间（北京）", "采样点", "方式", "地址族", "结果", "经过", "用时（毫秒）")
PHASES = {name: f"{words}（毫秒）" for name, words in facts.PHASES.items()}
ANSWER = ("HTTP状态", "字节", "服务器地址", "内容摘要", "标题", "最终网址", "轮次")
HEADINGS = (*SLOT, *VISIT, *PHASES.values(), *ANSWER)
KINDS = {"visit": "首次访问", "again": "复访", "browser": "浏览器"}
STATES = {"open": "打开", "failed": "打不开", "walled": "被防护拦截", "void": "作废"}


def export(console: Console, remembered: Remembered, path: Path) -> None:
    """Writes all visits of the week of the sites that were asked for, and every slot that has none."""
    rows: list[tuple[Cell, ...]] = []
    for subject in remembered.subjects():
        slots = slots_of(remembered.samples(subject), remembered.as_of)
        rows += [row for slot in slots for row in _rows(subject, slot)]
    tables.write(path, Sheet(f"访问记录 {remembered.as_of} 之前7天", HEADINGS, tuple(rows)))
    count = sum(row[len(SLOT)] is not None for row in rows)
    print_line(console, f"已写入 {path}：访问记录 {count} 条")


def _rows(subject: Subject, slot: Slot) -> Iterator[Sequence[Cell]]:
    key = (subject.title, slot.day, facts.weekday(slot.day), facts.part_of_day(slot), facts.STANDINGS[slot.standing])
    for row in slot.rows:
        yield (*key, *_visit(row))
    if not slot.rows:
        yield (*key, *[None] * (len(HEADINGS) - len(SLOT)))


def _visit(row: Sample) -> Iterator[Cell]:
    yield from (facts.time_of(row, "%Y-%m-%d %H:%M:%S"), row.vantage, KINDS[row.kind], facts.FAMILIES[row.family])
    yield from (STATES[row.state], facts.fact(row), _ms(row.took))
    yield from (_ms(row.seconds[name]) if name in row.seconds else None for name in PHASES)
    yield from (row.status or None, row.bytes or None, row.address, row.digest, row.title, row.url, row.round)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
