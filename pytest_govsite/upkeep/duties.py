"""Which columns should be updated, and by when (应更新): by the sites file, else by their category."""
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pytest_govsite.model.columns import Column, Columns
from pytest_govsite.upkeep.units import NEWS, Unit, below, distinct, matters, units

# standing pages, forms, archives: nobody can say from outside that they ought to have news
STANDING = frozenset({
    "概况信息", "机构职能", "领导信息", "年度报表", "信息公开指南", "信息公开制度", "信息公开年报", "专门渠道", "专题专栏", "办事服务",
    "咨询建言", "互动交流", "依申请公开", "信息公开平台",
})


@dataclass(frozen=True)
class Duty:
    """A unit and the window in which it has to have news: that of a category, else (empty) of the sites file."""

    unit: Unit
    window: str
    category: str = ""


def duties(columns: Columns, windows: Mapping[str, str]) -> tuple[Duty, ...]:
    """All that have a deadline: a period in the sites file, else the window of their category.

    Blank columns are not among them: they are charged as blank.
    """
    named = tuple(Duty(_alone(columns, each), each.period) for each in columns.columns if _is_registered(each))
    return named + tuple(
        Duty(unit, window, category)
        for category, window in windows.items() for whole in units(columns, category) if (unit := _unregistered(whole))
    )


def undated(columns: Columns, known: tuple[Duty, ...]) -> Iterator[Unit]:
    """Lists of which nobody said how often they have to be updated."""
    covered = {member.url for duty in known for member in duty.unit.members}
    for column in columns.columns:
        if not column.folded and column.url not in covered and column.category not in STANDING and matters(column):
            yield Unit((column,), columns.parts(column))


def _is_registered(column: Column) -> bool:
    return bool(column.period) and not column.folded and not column.blank and column.kind != "outside"


def _alone(columns: Columns, column: Column) -> Unit:
    """The column with its parts; one that has no news list of its own, or is charged as a whole, with all below it."""
    own = matters(column) and (column.category == NEWS or column.category not in ("通知公告", "政策文件", "政策解读"))
    members = columns.parts(column) if own else (*columns.parts(column), *below(columns, column))
    return Unit((column,), distinct(members))


def _unregistered(unit: Unit) -> Unit | None:
    """What is left of a unit without the columns that have a period of their own."""
    heads = tuple(head for head in unit.heads if not head.period)
    return replace(unit, heads=heads) if heads else None
