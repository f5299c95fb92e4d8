"""Days rolled up for ever, and what may go after a while."""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from statistics import median

from sqlalchemy import Row, and_, delete, exists, select

from pytest_govsite.history.nouns import Day
from pytest_govsite.history.samples import OPEN, PHASES, STATES, VISIT, sites_with_samples
from pytest_govsite.history.schema import DAYS, PLANS, ROUNDS, SAMPLES, UNROLLED
from pytest_govsite.history.times import month_of, to_day, to_number
from pytest_govsite.history.words import Session, forget, insert, write
from pytest_govsite.windows import back

RAW_KEPT, PLANS_KEPT = "13mo", "14d"
DAYS_AT_ONCE, SITES_AT_ONCE = 400, 200  # of one transaction: samplers wait for no longer than that takes

COUNTED = (SAMPLES.c.site, SAMPLES.c.day, SAMPLES.c.vantage, SAMPLES.c.family)


@dataclass(frozen=True)
class Limits:
    """Day numbers: today; the first day whose visits, the first whose plans are kept."""

    today: int
    raw: int
    plans: int

    @classmethod
    def on(cls, today: date) -> "Limits":
        """Those of this day."""
        return cls(to_number(today), to_number(back(today, RAW_KEPT)), to_number(back(today, PLANS_KEPT)))


def roll_up(session: Session, limits: Limits) -> int:
    """Rolls up some of the days that are over and not rolled up yet; how many (0: none are left).

    A day whose visits are partly gone keeps the roll-up it has: visits that come so late are not counted any more.
    """
    marked = select(UNROLLED).where(UNROLLED.c.day < limits.today).order_by(UNROLLED.c.day, UNROLLED.c.site)
    marks = [row._asdict() for row in session.connection.execute(marked.limit(DAYS_AT_ONCE))]
    rows = []
    for day, some in groupby(marks, key=itemgetter("day")):  # not a join: SQLite would search all samples for the marks
        sites = [mark["site"] for mark in some]
        rows += _rolled(_visits(session, and_(SAMPLES.c.site.in_(sites), SAMPLES.c.day == day)))
    _write(session, [row for row in rows if row["day"] >= limits.raw], anew=True)
    _write(session, [row for row in rows if row["day"] < limits.raw], anew=False)
    for mark in marks:
        session.connection.execute(delete(UNROLLED).filter_by(**mark))
    return len(marks)


def days_of(session: Session, site: str, first: date, last: date) -> tuple[Day, ...]:
    """The days of a site, in order: rolled up, or counted now where that has not happened yet."""
    number, days = session.find(site), (to_number(first), to_number(last))
    stored = select(DAYS).where(DAYS.c.site == number, DAYS.c.day.between(*days))
    found = {_key(row): row for row in (row._asdict() for row in session.connection.execute(stored))}
    pending = and_(UNROLLED.c.site == SAMPLES.c.site, UNROLLED.c.day == SAMPLES.c.day)
    visits = _visits(session, and_(SAMPLES.c.site == number, SAMPLES.c.day.between(*days), exists().where(pending)))
    found |= {_key(row): row for row in _rolled(visits)}
    texts = session.texts({row["vantage"] for row in found.values()})
    ordered = sorted(found.values(), key=lambda row: (row["day"], texts[row["vantage"]], row["family"]))
    return tuple(_to_day(row, texts) for row in ordered)


def some_sites(session: Session) -> list[list[int]]:
    """All sites with samples, in groups for one transaction each."""
    sites = [site for site in session.connection.execute(select(sites_with_samples())).scalars() if site is not None]
    return [sites[start:start + SITES_AT_ONCE] for start in range(0, len(sites), SITES_AT_ONCE)]


def delete_samples(session: Session, sites: list[int], limits: Limits) -> int:
    """Deletes the old visits of these sites that are in the roll-up; how many."""
    pending = exists().where(UNROLLED.c.site == SAMPLES.c.site, UNROLLED.c.day == SAMPLES.c.day)
    old = delete(SAMPLES).where(SAMPLES.c.site.in_(sites), SAMPLES.c.day < limits.raw, ~pending)
    return session.connection.execute(old).rowcount


def delete_rest(session: Session, limits: Limits) -> tuple[int, int]:
    """Deletes old rounds, plans, and the words that only the old visits used; how many rounds, how many plans."""
    rounds = session.connection.execute(delete(ROUNDS).where(ROUNDS.c.day < limits.raw)).rowcount
    plans = session.connection.execute(delete(PLANS).where(PLANS.c.day < limits.plans)).rowcount
    forget(session, month_of(limits.raw) - 1)  # a month more: another process may hold a word it has just looked up
    return rounds, plans


def _visits(session: Session, which) -> Iterable[Row]:
    columns = (*COUNTED, SAMPLES.c.state, *(SAMPLES.c[phase] for phase in PHASES))
    wanted = select(*columns).where(which, SAMPLES.c.kind == VISIT)
    return session.connection.execute(wanted.order_by(*COUNTED))


def _rolled(visits: Iterable[Row]) -> Iterator[dict]:
    """Rows of the roll-up, from visits in order."""
    for key, rows in groupby(visits, key=lambda row: tuple(row[:4])):
        rows = list(rows)
        states = [row.state for row in rows]
        took = [sum(ms or 0 for ms in row[5:]) for row in rows if row.state == OPEN]
        yield dict(zip(("site", "day", "vantage", "family"), key, strict=True)) | {
            "visits": len(rows), "median": int(median(took)) if took else None, "slowest": max(took, default=None),
        } | {name: states.count(code) for code, name in enumerate(STATES)}


def _write(session: Session, rows: list[dict], anew: bool) -> None:
    adding = insert(session.connection)(DAYS)
    if anew:
        rest = {column.name: adding.excluded[column.name] for column in DAYS.c if not column.primary_key}
        adding = adding.on_conflict_do_update(index_elements=[column.name for column in DAYS.primary_key], set_=rest)
    else:
        adding = adding.on_conflict_do_nothing()
    write(session.connection, adding, rows)


def _key(row: dict) -> tuple[int, int, int]:
    return row["day"], row["vantage"], row["family"]


def _to_day(row: dict, texts: dict[int | None, str]) -> Day:
    numbers = {name: row[name] for name in ("family", "visits", *STATES, "median", "slowest")}
    return Day(to_day(row["day"]), texts[row["vantage"]], **numbers)
