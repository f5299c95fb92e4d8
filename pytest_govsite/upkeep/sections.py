"""Sections of departments and townships: a portal gives each of them the same columns, which nobody counts one by one."""
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from pytest_govsite.model.columns import Column

ORGAN = re.compile(r"(?<![大客餐])(?:局|委|委员会|办公室|[省市县区州旗府]办|镇|乡|街道|办事处|管委会|厅|院|署|[总支大]队|集团|公司)$")
MANY = 3  # parents with a column of the same name: a template made them

Section = tuple[str, ...]


def sections(columns: Iterable[Column]) -> dict[str, Section]:
    """By url, for columns that stand in the section of one body among several: the path above that section.

    A body is known by its name, or by a column that as many others at its level have as well.
    """
    columns = tuple(columns)
    parents: dict[tuple[Section, str], set[str]] = defaultdict(set)
    organs: dict[Section, Counter[str]] = defaultdict(Counter)
    for column in columns:
        if column.level > 1:
            parents[column.path[:-2], column.name].add(column.path[-2])
        if (at := _organ(column)) is not None:
            organs[column.path[:at]][column.path[at]] += 1
    found = {}
    for column in columns:
        at = _organ(column)
        if at is not None and _is_one_of_several(column.path[at], organs[column.path[:at]], len(columns)):
            found[column.url] = column.path[:at]
        elif column.level > 1 and len(parents[column.path[:-2], column.name]) >= MANY:
            found[column.url] = column.path[:-2]
    return found


def _organ(column: Column) -> int | None:
    return next((level for level, name in enumerate(column.path[:-1]) if ORGAN.search(name)), None)


def _is_one_of_several(organ: str, organs: Counter[str], columns: int) -> bool:
    """A body under which most columns stand is the site's own, as the breadcrumbs of a department's site say it."""
    return len(organs) > 1 and organs[organ] * 2 <= columns
