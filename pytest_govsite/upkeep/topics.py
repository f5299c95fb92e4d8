"""Topics (专题): which of them were opened in a year, as far as their lists and names tell."""
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pytest_govsite.model.columns import Column, Columns
from pytest_govsite.upkeep.freshness import known_day
from pytest_govsite.upkeep.units import Unit, below, distinct

CATEGORY = "专题专栏"
INDEX = re.compile(r"(?:热点|往期|历史|更多|全部)?(?:专题|专栏|专题专栏|专题集锦)(?:专栏|列表|集锦|回顾)?")
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass(frozen=True)
class Topic:
    """One topic, with its columns where it has some here; of others only a link is seen.

    opened  was it opened in the year in question? None: nobody can tell from outside.
    """

    name: str
    opened: bool | None
    unit: Unit | None = None


def topics(columns: Columns, year: int) -> Iterator[Topic]:
    """The topics of a site: one step below a column of topics, as columns or as rows of its list; else those columns
    that are called topics themselves."""
    called = columns.of(CATEGORY)
    for top in called:
        if any(_is_below(top, other) for other in called):
            continue
        children = [each for each in columns.columns if each.path[:-1] == top.path and not each.folded]
        if not children and not INDEX.fullmatch(top.name):
            children = [top]
        yield from (_column_topic(columns, child, year) for child in children)
        if not children:
            yield from (Topic(row.title, _in_year(row.title, [known_day(row)], year)) for row in top.listing.articles)


def _is_below(column: Column, other: Column) -> bool:
    return len(other.path) < len(column.path) and column.path[: len(other.path)] == other.path


def _column_topic(columns: Columns, column: Column, year: int) -> Topic:
    parts = distinct((*columns.parts(column), *below(columns, column)))
    days = [known_day(row) for part in parts for row in part.listing.articles]
    whole = all(part.pages <= 1 and not (part.unread or part.doubt) for part in parts)
    return Topic(column.name, _in_year(column.name, days, year, whole), Unit((column,), parts))


def _in_year(name: str, days: list[date | None], year: int, whole: bool = True) -> bool | None:
    """A year in the name says it; else the oldest item, if all of them were seen."""
    if years := {int(found) for found in YEAR.findall(name)}:
        return year in years
    known = [day for day in days if day]
    if known and min(known).year != year:
        return False
    return True if known and whole else None
