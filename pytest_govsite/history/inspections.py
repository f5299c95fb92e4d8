"""Past inspections with their ledgers, and since when each article is known."""
import json
import zlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row as Stored
from sqlalchemy import Insert, select

from pytest_govsite.history.nouns import HistoryError, Inspected
from pytest_govsite.history.schema import FIRST_SEEN, INSPECTIONS
from pytest_govsite.history.times import to_day, to_ms, to_number, to_time
from pytest_govsite.history.words import FOR_EVER, Session, clean, digest_of, insert, write
from pytest_govsite.rows import read_line


def record(session: Session, inspected: Inspected) -> None:
    """Writes an inspection; one of the same run, site and edition is replaced."""
    adding = insert(session.connection)(INSPECTIONS)
    rest = {column.name: adding.excluded[column.name] for column in INSPECTIONS.c if not column.primary_key}
    adding = adding.on_conflict_do_update(index_elements=["site", "edition", "run"], set_=rest)
    session.connection.execute(adding, _to_row(session, inspected))


def inspections_of(
    session: Session, site: str | None, edition: str | None, limit: int | None, rows: bool = True,
) -> tuple[Inspected, ...]:
    """Newest first; None: of every site, of every edition, all. `rows`: with the rows of the ledgers."""
    wanted = select(*(column for column in INSPECTIONS.c if rows or column is not INSPECTIONS.c.rows))
    if site is not None:
        wanted = wanted.where(INSPECTIONS.c.site == session.find(site))
    if edition is not None:
        wanted = wanted.where(INSPECTIONS.c.edition == session.find(edition))
    order = (INSPECTIONS.c.at.desc(), INSPECTIONS.c.run.desc(), INSPECTIONS.c.site, INSPECTIONS.c.edition)
    found = session.connection.execute(wanted.order_by(*order).limit(limit)).all()
    texts = session.texts({number for row in found for number in (row.run, row.site, row.edition)})
    return tuple(_to_inspected(row, texts) for row in found)


def see(session: Session, site: str, urls: Iterable[str], at: datetime) -> None:
    """Notes that these addresses were there at that time; the earliest time stays."""
    cleaned = {digest_of(url): url for url in map(clean, urls)}
    number, time = session.number(site), to_ms(at)
    rows = [{"site": number, "digest": digest, "url": cleaned[digest], "at": time} for digest in sorted(cleaned)]
    write(session.connection, adding_first_seen(session), rows)


def adding_first_seen(session: Session) -> Insert:
    """The statement that keeps the earliest time of each address."""
    adding = insert(session.connection)(FIRST_SEEN)
    earlier = FIRST_SEEN.c.at > adding.excluded.at
    return adding.on_conflict_do_update(index_elements=["site", "digest"], set_={"at": adding.excluded.at}, where=earlier)


def first_seen(session: Session, site: str) -> dict[str, datetime]:
    """When each address of the site was first seen."""
    wanted = select(FIRST_SEEN.c.url, FIRST_SEEN.c.at).where(FIRST_SEEN.c.site == session.find(site))
    return {url: to_time(at) for url, at in session.connection.execute(wanted)}


def _to_row(session: Session, inspected: Inspected) -> dict:
    numbers = session.numbers(dict.fromkeys((inspected.run, inspected.site, inspected.edition), FOR_EVER))
    lines = "\n".join(row.to_line() for row in inspected.rows)
    return {
        "run": numbers[inspected.run], "site": numbers[inspected.site], "edition": numbers[inspected.edition],
        "as_of": to_number(inspected.as_of), "at": to_ms(inspected.at), "partial": inspected.partial,
        "scorecard": json.dumps(inspected.scorecard), "rows": zlib.compress(lines.encode()),
    }


def _to_inspected(row: Stored, texts: dict[int | None, str]) -> Inspected:
    run, site, edition = texts[row.run], texts[row.site], texts[row.edition]
    lines = zlib.decompress(row.rows).decode().split("\n") if "rows" in row._fields else ()
    try:
        rows = tuple(read_line(line) for line in lines if line)
    except ValueError as error:
        raise HistoryError(
            f"历史库中 {site} 的检查结果（{run}）读不懂，可能由更新版本的 govsite 写成，请升级 pytest-govsite"
        ) from error
    return Inspected(run, site, edition, to_day(row.as_of), to_time(row.at), row.partial, json.loads(row.scorecard), rows)
