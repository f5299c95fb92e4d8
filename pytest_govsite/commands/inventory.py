"""The columns of a site as a table: what each is, how new, until when it needs news, and how it stands."""
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from pytest_govsite import deadlines, upkeep
from pytest_govsite.commands.looking import Sight
from pytest_govsite.deadlines import Due
from pytest_govsite.model.columns import Article, Column, Columns
from pytest_govsite.model.missing import Missing
from pytest_govsite.report.tables import Cell, Sheet
from pytest_govsite.upkeep import Open, Stale
from pytest_govsite.upkeep.freshness import NOTHING_READ
from pytest_govsite.windows import Calendar, back, spoken

HEADINGS = (
    "网站", "栏目", "路径", "级别", "类别", "最新日期", "读自", "条数", "空白", "更新期限", "依据", "截止日", "剩余天数", "负责", "状态",
    "说明", "网址",
)
GOOD, OVER, BLANK, OPEN, BESIDE = "正常", "已超期", "空白", "待定", "不判断"
UNDATED_WINDOW = "6mo"
ASK_PERIOD = "不知道多久应更新一次：请在 sites.toml 的 [[site.column]] 写上 period"


class Standing(NamedTuple):
    """How a column stands: a word, and why."""

    word: str
    why: str = ""


def sheet_of(sights: Sequence[Sight], calendar: Calendar) -> Sheet:
    """The columns of these sites, one a row; a site that could not be seen is a row as well."""
    return Sheet("栏目清单", HEADINGS, tuple(row for sight in sights for row in _rows(sight, calendar)))


def _rows(sight: Sight, calendar: Calendar) -> Iterator[tuple[Cell, ...]]:
    site, columns = sight.site, sight.columns
    if isinstance(columns, Missing):
        yield _alone(sight, Standing(OPEN, columns.says))
    elif columns.closed:
        yield _alone(sight, Standing(BESIDE, f"网站已关停：{columns.closed}"))
    else:
        known = deadlines.dues(columns, site, sight.tables, sight.as_of, calendar)
        forgotten = _forgotten(columns, sight.as_of)
        for column in _as_tree(columns.columns):
            yield _row(sight, column, deadlines.concerning(known, column), forgotten)


def _as_tree(columns: Sequence[Column]) -> list[Column]:
    """Each below the column that it belongs to; else in the order in which they were found."""
    first: dict[tuple[str, ...], int] = {}
    for number, column in enumerate(columns):
        for depth in range(1, column.level + 1):
            first.setdefault(column.path[:depth], number)
    return sorted(columns, key=lambda column: [first[column.path[:depth]] for depth in range(1, column.level + 1)])


def _alone(sight: Sight, standing: Standing) -> tuple[Cell, ...]:
    return (sight.site.title, *[None] * (len(HEADINGS) - 4), *standing, sight.site.url)


def _row(sight: Sight, column: Column, dues: Sequence[Due], forgotten: Collection[str]) -> tuple[Cell, ...]:
    newest = deadlines.newest_of(sight.columns.parts(column), sight.as_of)
    due = dues[0] if dues else None
    return (
        sight.site.title, column.name, column.title, column.level, column.category or None,
        newest and upkeep.known_day(newest), newest and read_in(newest), _count(column), _blank(column),
        due and spoken(due.window), due and sources_of(dues), due and due.last, due and due.days_left, column.owner,
        *standing(column, dues, column.url in forgotten), column.url,
    )


def read_in(article: Article) -> str:
    """Where its day was read, the page first: it decides, the others agree."""
    day = upkeep.known_day(article)
    places = (
        ("页面", article.day), ("列表", article.listed), ("meta", article.labelled), ("网址", article.in_url),
    )
    return "、".join(name for name, value in places if value and str(value) == str(day))


def sources_of(dues: Sequence[Due]) -> str:
    """Who says so, each window with all who ask for it, the most urgent first."""
    return "；".join(f"{spoken(due.window)}：{'、'.join(due.sources)}{_together(due)}" for due in dues)


def _together(due: Due) -> str:
    return f"（{len(due.unit.members)} 个栏目合计）" if len(due.unit.members) > 1 else ""


def _count(column: Column) -> int | None:
    return column.count if column.kind in ("list", "channel") else None


def _blank(column: Column) -> str:
    return "是" if column.blank else "不清楚" if column.doubt or column.unread else "否"


def standing(column: Column, dues: Sequence[Due], forgotten: bool) -> Standing:
    """What is to be said of a column. `forgotten`: without news for long, and nobody said how often it needs some."""
    if column.blank:
        return Standing(BLANK, column.blank)
    if column.folded:
        return Standing(BESIDE, "计入所属的栏目")
    if column.kind == "outside":
        return Standing(BESIDE, "在其他网站上")
    if dues:
        return standing_by(dues)
    if gap := column.unread or column.doubt:
        return Standing(OPEN, gap.says)
    if column.kind == "unknown":
        return Standing(OPEN, NOTHING_READ)
    return Standing(OPEN, ASK_PERIOD) if forgotten else Standing(GOOD)


def standing_by(dues: Sequence[Due]) -> Standing:
    """The same by the most urgent of its deadlines."""
    due = dues[0]
    if isinstance(due.state, Stale):
        return Standing(OVER, f"{spoken(due.window)}内没有更新，{upkeep.newest_of(due.state, due.as_of)}")
    if isinstance(due.state, Open):
        return Standing(OPEN, due.state.reason)
    return Standing(GOOD)


def _forgotten(columns: Columns, as_of: date) -> frozenset[str]:
    """Addresses of lists without a deadline and without news for six months: a person must say whether that is right."""
    earliest = back(as_of, UNDATED_WINDOW)
    heads = (head for unit in upkeep.undated(columns, ()) for head in unit.heads)
    newest = {head.url: deadlines.newest_of(columns.parts(head), as_of) for head in heads}
    return frozenset(url for url, article in newest.items() if not article or upkeep.known_day(article) < earliest)
