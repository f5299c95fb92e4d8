"""Blank columns, and columns that should have been updated: what the vetoes count and the deductions price."""
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pytest_govsite.model.columns import Columns
from pytest_govsite.model.finding import Finding, Observation, Unseen
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.upkeep.duties import Duty, duties, undated
from pytest_govsite.upkeep.freshness import Fresh, Open, Stale
from pytest_govsite.upkeep.presence import blank_columns
from pytest_govsite.upkeep.telling import rest, tell, unseen
from pytest_govsite.upkeep.units import is_gone, laxest, together
from pytest_govsite.windows import PUBLISHED, Calendar, back

LONG = "6mo"
HINT = "不知道是否应更新：请在 sites.toml 用 [[site.column]] 登记 period"


def blank(
    columns: Columns, site: Site, charged: Iterable[str] = (), class_: str | None = None,
) -> Iterator[Observation]:
    """A finding for each blank column, Unseen for each that may be blank.

    charged  categories whose absence another rule charges: it has charged blank columns too, where there are no others.
    """
    for column in blank_columns(columns, site, charged):
        yield Finding(column.url, column.title, f"{column.title} 是空白栏目：{column.blank}", column.shot, class_=class_)
    for column in columns.columns:
        gap = column.unread or column.doubt
        if gap and not (column.blank or column.folded or is_gone(gap)) and column.kind not in ("outside", "form"):
            yield Unseen(column.url, f"{column.title} 是否空白无法判断：{gap.says}", gap.blame, class_)
    yield from rest(columns, class_)


def overdue(
    columns: Columns, as_of: date, windows: Mapping[str, str], charged: Iterable[str] = (), calendar: Calendar = PUBLISHED,
    class_: str | None = None,
) -> Iterator[Observation]:
    """A finding for each column that is older than its deadline, Unseen where nobody set one and half a year has passed.

    windows  deadlines by category, for columns to which the sites file gives none.
    charged  categories that another rule charges as a whole: their columns only while the category as a whole is fresh.
    """
    states = {category: _whole(columns, category, as_of, windows[category]) for category in charged}
    known = duties(columns, windows)
    for duty in known:
        yield from _overdue(duty, states.get(duty.category or duty.unit.heads[0].category), as_of, windows, calendar, class_)
    for unit in undated(columns, known):
        if not isinstance(unit.state(as_of, back(as_of, LONG)), Fresh):
            yield Unseen(unit.url, f"{unit.title} {HINT}", Blame.PERSON, class_)
    yield from rest(columns, class_)


def _whole(columns: Columns, category: str, as_of: date, window: str) -> Stale | Fresh | Open | None:
    unit = together(columns, category)
    return unit and unit.state(as_of, back(as_of, window))


def _overdue(
    duty: Duty, whole: Stale | Fresh | Open | None, as_of: date, windows: Mapping[str, str], calendar: Calendar,
    class_: str | None,
) -> Iterator[Observation]:
    if isinstance(whole, Stale):
        return
    window = laxest(duty.unit, duty.window, windows, as_of) if duty.category else duty.window
    for observation in tell(duty.unit, as_of, window, calendar, class_):
        fault = isinstance(observation, Finding)
        yield unseen(duty.unit, whole, class_) if fault and isinstance(whole, Open) else observation
