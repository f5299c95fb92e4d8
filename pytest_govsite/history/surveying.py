"""What a history holds, how large it is, and who is writing into it at this moment."""
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import func, select, text

from pytest_govsite.history.database import Database
from pytest_govsite.history.faults import plain_errors
from pytest_govsite.history.nouns import Survey
from pytest_govsite.history.samples import sites_with_samples
from pytest_govsite.history.schema import DAYS, HEAD, INSPECTIONS, METADATA, ROUNDS, SAMPLES
from pytest_govsite.history.times import to_day
from pytest_govsite.history.words import Session, digest_of

RECENT = timedelta(days=31)  # a place from which nobody visited for longer has no sampler either
UNKNOWN = "?"
HELD = """
    SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def survey(database: Database) -> Survey:
    """The sites, the days of their visits, the size; nothing at all of a history that is not there."""
    if database.anchor:
        return Survey()
    with database.reading() as session:
        spans = _spans(session)
        seen = set(spans) | set(session.connection.execute(select(INSPECTIONS.c.site).distinct()).scalars())
        days = [*session.connection.execute(select(func.min(DAYS.c.day), func.max(DAYS.c.day))).one()]
        days = [day for day in (*days, *(day for span in spans.values() for day in span)) if day is not None]
        sites = tuple(sorted(session.texts(seen)[number] for number in seen))
        size = _size_of_file(database.file) if database.file else _size_of_tables(session)
        samplers = tuple(_samplers(database, session))
    reach = (to_day(min(days)), to_day(max(days))) if days else (None, None)
    return Survey(sites, *reach, size, HEAD, samplers)


def _spans(session: Session) -> dict[int, tuple[int, int]]:
    """First and last day of each site with samples: two look-ups each, whatever the number of its visits."""
    sites = sites_with_samples()
    first, last = (
        select(end(SAMPLES.c.day)).where(SAMPLES.c.site == sites.c.site).scalar_subquery() for end in (func.min, func.max)
    )
    found = session.connection.execute(select(sites.c.site, first, last).where(sites.c.site.is_not(None)))
    return {site: (first, last) for site, first, last in found}


def _size_of_file(file: Path) -> int:
    """Bytes of the file and of what SQLite keeps beside it."""
    with plain_errors(str(file)):
        return sum(path.stat().st_size for path in (file, file.with_name(f"{file.name}-wal")) if path.exists())


def _size_of_tables(session: Session) -> int:
    sizes = "SELECT coalesce(sum(pg_total_relation_size(name::regclass)), 0) FROM unnest(CAST(:names AS text[])) AS name"
    return int(session.connection.execute(text(sizes), {"names": list(METADATA.tables)}).scalar())


def _samplers(database: Database, session: Session) -> Iterator[str]:
    """The vantages whose lock is held; a name that never wrote is `UNKNOWN`."""
    last = session.connection.execute(select(func.max(ROUNDS.c.day))).scalar()
    recent = select(ROUNDS.c.vantage).distinct().where(ROUNDS.c.day >= (last or 0) - RECENT.days)
    numbers = set(session.connection.execute(recent).scalars())
    names = {digest_of(name): name for name in session.texts(numbers).values() if name}
    if database.file:
        for key in _held_files(database.file):
            yield names.get(key, UNKNOWN)
        return
    held = {_signed(key) for key in session.connection.execute(text(HELD)).scalars()}
    yield from (names[key] for key in sorted(held & names.keys()))


def _held_files(file: Path) -> Iterator[int]:
    for path in sorted(file.parent.glob(f"{file.name}.*.lock")):
        key = path.name.removeprefix(f"{file.name}.").removesuffix(".lock")
        lock = FileLock(path, thread_local=False)
        try:
            with lock.acquire(blocking=False):
                continue
        except Timeout:
            yield int.from_bytes(bytes.fromhex(key), "big", signed=True)
        except OSError:  # another user's file: nobody can say
            continue


def _signed(key: int) -> int:
    return key - 2**64 if key >= 2**63 else key
