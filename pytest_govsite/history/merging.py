"""Everything of another history, into ours: from a second vantage, from an older machine."""
from collections.abc import Iterator

from sqlalchemy import Table, select

from pytest_govsite.history.faults import plain_errors
from pytest_govsite.history.inspections import adding_first_seen
from pytest_govsite.history.nouns import Merged
from pytest_govsite.history.samples import PASSING
from pytest_govsite.history.schema import DAYS, FIRST_SEEN, INSPECTIONS, ROUNDS, SAMPLES, UNROLLED
from pytest_govsite.history.times import month_of
from pytest_govsite.history.words import FOR_EVER, Session, insert, write

AT_ONCE = 2000
# the columns that hold numbers of words: those that stay, those that go with the row
WORDS_OF = {
    SAMPLES: (("site", "vantage"), PASSING),
    ROUNDS: (("vantage",), ("id",)),
    DAYS: (("site", "vantage"), ()),
    INSPECTIONS: (("site", "edition", "run"), ()),
    FIRST_SEEN: (("site",), ()),
}


def merge(ours: Session, theirs: Session, place: str) -> Merged:
    """Copies what is new; our own rows stay as they are, of first-seen dates the earlier one. `place` is theirs."""
    tables = {"samples": SAMPLES, "rounds": ROUNDS, "inspections": INSPECTIONS, "first_seen": FIRST_SEEN, "days": DAYS}
    return Merged(**{name: _copy(table, ours, theirs, place) for name, table in tables.items()})


def _copy(table: Table, ours: Session, theirs: Session, place: str) -> int:
    adding, new = insert(ours.connection)(table).on_conflict_do_nothing(), 0
    if table is FIRST_SEEN:
        adding = adding_first_seen(ours)
    for rows in _parts(table, theirs, place):
        _translate(table, rows, ours, theirs)
        rows.sort(key=lambda row: [row[column.name] for column in table.primary_key])
        new += write(ours.connection, adding, rows)
        if table is SAMPLES:
            marks = [{"site": site, "day": day} for site, day in sorted({(row["site"], row["day"]) for row in rows})]
            write(ours.connection, insert(ours.connection)(UNROLLED).on_conflict_do_nothing(), marks)
    return new


def _parts(table: Table, theirs: Session, place: str) -> Iterator[list[dict]]:
    names = table.c.keys()
    with plain_errors(place):  # whoever must repair something has to know which of the two it is
        found = theirs.connection.execute(select(table), execution_options={"yield_per": AT_ONCE})
        for part in found.partitions():
            yield [dict(zip(names, row, strict=True)) for row in part]


def _translate(table: Table, rows: list[dict], ours: Session, theirs: Session) -> None:
    """Puts our numbers of the words in the place of theirs."""
    lasting, passing = WORDS_OF[table]
    texts = theirs.texts({row[name] for row in rows for name in (*lasting, *passing)})
    used = {}
    if passing:
        month = max(month_of(row["day"]) for row in rows)
        used = {texts[row[name]]: month for row in rows for name in passing if row[name] is not None}
    used |= {texts[row[name]]: FOR_EVER for row in rows for name in lasting}
    numbers = ours.numbers(used)
    for row in rows:
        for name in (*lasting, *passing):
            row[name] = None if row[name] is None else numbers[texts[row[name]]]
