"""Updates that came after their deadline: too long a silence between two items of a list."""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pytest_govsite.model.columns import Article, Column
from pytest_govsite.upkeep.freshness import known_day
from pytest_govsite.upkeep.units import Unit, has_list, matters
from pytest_govsite.windows import Calendar, reach


@dataclass(frozen=True)
class Silence:
    """Two items of a unit with nothing between them. `firm`: both days were read on their pages, and no list hides more."""

    before: date
    after: date
    article: Article
    firm: bool


def silences(unit: Unit, as_of: date, since: date, window: str, calendar: Calendar) -> Iterator[Silence]:
    """Silences longer than the window that ended from `since` up to `as_of`, each once, the latest first."""
    found: dict[date, Silence] = {}
    for column in filter(has_list, unit.members):
        for before, after, article in _steps(column, as_of):
            if since <= after and before < reach(after, window, calendar).earliest and not _filled(unit, before, after):
                firm = before < reach(after, window, calendar).surely and _is_firm(unit, before, after)
                found.setdefault(after, Silence(before, after, article, firm))
    yield from sorted(found.values(), key=lambda silence: silence.after, reverse=True)


def _steps(column: Column, as_of: date) -> Iterator[tuple[date, date, Article]]:
    """Neighbours in a list that runs from new to old. Items pinned on top are older than what follows: no neighbours."""
    rows = [row for row in column.listing.articles if (day := known_day(row)) and day <= as_of]
    for at in range(1, len(rows)):
        before = max(known_day(row) for row in rows[at:])
        if newer := [row for row in rows[:at] if known_day(row) > before]:
            last = min(newer, key=known_day)
            yield before, known_day(last), last


def _filled(unit: Unit, before: date, after: date) -> bool:
    """Another list of the unit, or a pinned item, has something in between."""
    rows = (row for member in unit.members for row in member.listing.articles)
    return any(before < day < after for row in rows if (day := known_day(row)))


def _is_firm(unit: Unit, before: date, after: date) -> bool:
    lists = [member for member in unit.members if has_list(member)]
    rows = [row for member in lists for row in member.listing.articles]
    undated = any(known_day(row) is None and not row.read for row in rows)
    hidden = undated or any(matters(member) and (not has_list(member) or member.listing.doubt) for member in unit.members)
    return not hidden and {before, after} <= {row.day for row in rows} and all(_reaches(one, before) for one in lists)


def _reaches(column: Column, day: date) -> bool:
    """Whatever the column had after that day stands among the rows that were seen."""
    days = [known for row in column.listing.articles if (known := known_day(row))]
    return column.pages == 1 or bool(days) and days[-1] <= day
