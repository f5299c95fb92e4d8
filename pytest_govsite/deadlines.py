"""By when which columns need news: the sites file's periods and the windows of the site's tables, all of them named."""
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pytest_govsite import checking, upkeep
from pytest_govsite.judging import applicable
from pytest_govsite.model.columns import Article, Column, Columns
from pytest_govsite.model.edition import Edition, Rule
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.upkeep import Fresh, Open, Stale, State, Unit
from pytest_govsite.windows import PUBLISHED, Calendar, back, reach

REGISTERED = "登记"
# which threshold of a check is the window of which categories
WINDOWS = {
    "stale-column": {"动态要闻": "news", "通知公告": "documents", "政策文件": "documents"},
    "overdue-column": {"动态要闻": "news", "通知公告": "documents", "政策文件": "documents", "政策解读": "documents"},
}
WINDOWS["neglected-column"] = WINDOWS["overdue-column"]

Window = tuple[str, str, str]


@dataclass(frozen=True)
class Due:
    """Until when some columns, charged as one, need news.

    window   how long they may go without; sources: who says so, 登记 or edition and rule.
    newest   the latest day known of them, None when none is; last: the last day on which that is new enough.
    """

    unit: Unit
    window: str
    sources: tuple[str, ...]
    state: State
    newest: Article | None
    last: date | None
    as_of: date

    @property
    def days_left(self) -> int | None:
        """Below 0 when it is over; None when no day is known."""
        return None if self.last is None else (self.last - self.as_of).days

    @property
    def urgency(self) -> tuple[int, date]:
        """Orders what is over before what may be, and that before the rest, each by its last day."""
        rank = next(rank for rank, kind in enumerate((Stale, Open, Fresh)) if isinstance(self.state, kind))
        return rank, self.last or date.min


def dues(
    columns: Columns, site: Site, tables: Iterable[Edition], as_of: date, calendar: Calendar = PUBLISHED,
) -> tuple[Due, ...]:
    """All deadlines of a site's columns, the most urgent first. Blank columns have none: they are blank."""
    found: dict[tuple[tuple[str, ...], str], tuple[Unit, list[str]]] = {}
    for unit, window, source in _charged(columns, site, tables, as_of):
        key = tuple(sorted(member.url for member in unit.members)), window
        sources = found.setdefault(key, (unit, []))[1]
        sources += [source] if source not in sources else []
    made = [_due(unit, window, tuple(sources), as_of, calendar) for (_, window), (unit, sources) in found.items()]
    return tuple(sorted(made, key=lambda due: due.urgency))


def concerning(known: Iterable[Due], column: Column) -> tuple[Due, ...]:
    """Those that a column's news count for, in their order."""
    return tuple(due for due in known if any(member.url == column.url for member in due.unit.members))


def periods(site: Site, tables: Iterable[Edition]) -> dict[str, list[tuple[str, str]]]:
    """The windows of each category: (2w, source)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for edition in tables:
        for rule in _rules(edition, site):
            for category, window, source in _windows(edition, rule):
                found.setdefault(category, []).append((window, source))
    return found


def last_day(newest: date, window: str, calendar: Calendar = PUBLISHED) -> date:
    """The last day of inspection on which something of this day is still inside the window."""
    low, high = 0, 1
    while back(newest + timedelta(days=high), window, calendar) <= newest:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        inside = back(newest + timedelta(days=middle), window, calendar) <= newest
        low, high = (middle, high) if inside else (low, middle)
    return newest + timedelta(days=low)


def _charged(
    columns: Columns, site: Site, tables: Iterable[Edition], as_of: date,
) -> Iterator[tuple[Unit, str, str]]:
    """Everything that somebody wants updated: unit, window, source."""
    for duty in upkeep.duties(columns, {}):
        yield duty.unit, duty.window, REGISTERED
    for edition in tables:
        for rule in _rules(edition, site):
            windows = list(_windows(edition, rule))
            by_category = {category: window for category, window, _ in windows}
            for category, window, source in windows:
                for unit in _units(columns, rule, category):
                    yield unit, upkeep.laxest(unit, window, by_category, as_of), source


def _units(columns: Columns, rule: Rule, category: str) -> tuple[Unit, ...]:
    if rule.check != "stale-category":
        return upkeep.units(columns, category)
    unit = upkeep.together(columns, category)
    return (unit,) if unit else ()


def _rules(edition: Edition, site: Site) -> Iterator[Rule]:
    """The rules that are judged for this site."""
    for item in edition.items:
        for rule in item.rules:
            exempt = applicable(edition, item, rule, site)
            if not (exempt and exempt.outcome is Outcome.NOT_APPLICABLE):
                yield rule


def _windows(edition: Edition, rule: Rule) -> Iterator[Window]:
    """Category, window and source of what a rule wants updated; nothing for a rule about something else."""
    source = f"{edition.id} {rule.key}"
    told = _thresholds(rule)
    for category, name in WINDOWS.get(rule.check, {}).items():
        yield category, str(told[name]), source
    if rule.check == "stale-category":
        yield str(told["category"]), str(told["window"]), source
    if rule.check == "late-column":
        for deadline in told.get("deadlines") or ():
            for category in deadline.categories if _is_span(deadline.window) else ():
                yield category, deadline.window, source


def _thresholds(rule: Rule) -> Mapping[str, object]:
    return {**_defaults(rule.check), **dict(rule.with_)}


@cache
def _defaults(check: str) -> Mapping[str, object]:
    """What a check assumes where a table says nothing."""
    name = f"{check.replace('-', '_')}.py"
    return next((checking.read_check(path).thresholds for path in checking.folder().rglob(name)), {})


def _is_span(window: str | None) -> bool:
    try:
        return bool(window and back(date(2020, 1, 1), window))
    except ValueError:
        return False


def _due(unit: Unit, window: str, sources: tuple[str, ...], as_of: date, calendar: Calendar) -> Due:
    span = reach(as_of, window, calendar)
    state = unit.state(as_of, span.earliest)
    if isinstance(state, Stale) and not isinstance(unit.state(as_of, span.surely), Stale):
        state = Open(span.says, Blame.PERSON, unit.url)
    newest = state.article if isinstance(state, Fresh) else newest_of(unit.members, as_of)
    day = newest and upkeep.known_day(newest)
    return Due(unit, window, sources, state, newest, day and last_day(day, window, calendar), as_of)


def newest_of(members: Iterable[Column], as_of: date) -> Article | None:
    """The article of these columns with the latest day that is known, seen or expected, up to as_of."""
    known = [
        (day, article) for member in members for article in member.listing.articles
        if (day := upkeep.known_day(article)) and day <= as_of
    ]
    return max(known, key=lambda pair: pair[0], default=(None, None))[1]
