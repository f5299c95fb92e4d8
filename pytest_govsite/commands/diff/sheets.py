"""Two ledgers side by side as a table to take away: one fault a line, and one for each rule that only one of them has."""
from collections.abc import Iterator, Sequence

from pytest_govsite.commands import changed
from pytest_govsite.commands.diff.matching import ONLY_NEW, ONLY_OLD, Match
from pytest_govsite.comparing import Fault
from pytest_govsite.points import exact
from pytest_govsite.report.tables import Cell, Sheet
from pytest_govsite.rows import Row

HEADINGS = (
    "变化", "网站", "名称", "指标", "规则", "一级指标", "二级指标", "事实", "位置", "对象", "该规则扣分", "说明", "截图", "豁免",
    "前一份日期", "后一份日期", "标识",
)
APART = "不比较"


def sheet_of(matches: Sequence[Match]) -> Sheet:
    """Every fault of every part, and every rule that is not compared."""
    return Sheet("两次检查的变化", HEADINGS, tuple(row for each in matches for row in _rows(each)))


def sections_of(sheet: Sheet) -> tuple[Sheet, ...]:
    """The same in one table for each kind of change, those that matter first."""
    order = [*changed.PARTS.values(), APART]
    parts = sheet.parted("变化", APART)
    shown = [heading for heading in HEADINGS if heading not in ("变化", "标识", "对象")]
    return tuple(part.only(*shown) for part in sorted(parts, key=lambda part: order.index(part.title)))


def _rows(each: Match) -> Iterator[tuple[Cell, ...]]:
    for name, faults in changed.parts_of(each.comparison).items():
        for fault in faults:
            yield _fault(each, changed.PARTS[name], fault)
    rows = {row.id: row for row in (*each.old, *each.new)}
    lonely = {row.id for row in each.old}
    for id in each.comparison.apart:
        yield _line(each, APART, rows[id], why=ONLY_OLD if id in lonely else ONLY_NEW)


def _fault(each: Match, word: str, fault: Fault) -> tuple[Cell, ...]:
    finding = fault.finding
    return _line(
        each, word, fault.row, (finding.says, finding.at, finding.what), fault.why, finding.shot, finding.exempt, fault.key,
    )


def _line(
    each: Match, word: str, row: Row, told: tuple[str, str, str] | tuple[None, ...] = (None, None, None), why: str = "",
    shot: str | None = None, exempt: str | None = None, key: str | None = None,
) -> tuple[Cell, ...]:
    points = None if row.points is None else exact(row.points)
    days = (max((row.as_of for row in rows), default=None) for rows in (each.old, each.new))
    return (
        word, each.site, each.name or None, each.edition, row.rule, row.level1, row.level2, *told, points, why or None,
        shot, exempt, *days, key,
    )
