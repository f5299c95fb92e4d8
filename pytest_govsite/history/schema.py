"""The tables. What they hold is numbers: every text that comes again stands once, in `words`.

A row of `samples` takes some 75 bytes that way. All keys that start with site and day make one site's week one range of
the store: SQLite keeps the rows in the order of the key (WITHOUT ROWID). Foreign keys between samples and words would
cost an index each; `words.month` does their work, see words.py.

The tables of an older version are described by migrations/versions alone; a test compares the two.
"""
from sqlalchemy import (
    BigInteger, Boolean, Column, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, SmallInteger, Table, Text,
)

HEAD = "2"
VERSION_TABLE = "govsite_version"
APPLICATION_ID = 0x676F7673  # "govs": tells our SQLite files from those of other programs

METADATA = MetaData()


def _table(name: str, key: tuple[str, ...], *columns: Column) -> Table:
    # the prefix lets a PostgreSQL database be shared with other programs
    return Table(f"govsite_{name}", METADATA, *columns, PrimaryKeyConstraint(*key), sqlite_with_rowid=False)


def _number(name: str, kind: type = Integer, empty: bool = False) -> Column:
    return Column(name, kind, nullable=empty, autoincrement=False)


WORDS = Table(
    "govsite_words", METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("digest", BigInteger, nullable=False, unique=True),  # of the text: an index on texts would hold them again
    Column("month", Integer, nullable=False),                   # of the youngest row that uses it
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,                                  # the number of a deleted word is never given again
)

SAMPLES = _table(
    "samples", ("site", "day", "vantage", "slot", "slots", "family", "kind"),
    _number("at", BigInteger), _number("digest", BigInteger, True),
    _number("site"), _number("vantage"), _number("day"), _number("bytes"),
    _number("round", empty=True), _number("reason", empty=True), _number("detail", empty=True),
    _number("url", empty=True), _number("address", empty=True), _number("title", empty=True),
    _number("resolve", empty=True), _number("connect", empty=True), _number("tls", empty=True),
    _number("first_byte", empty=True), _number("body", empty=True),
    _number("slot", SmallInteger), _number("slots", SmallInteger), _number("family", SmallInteger),
    _number("kind", SmallInteger), _number("state", SmallInteger), _number("status", SmallInteger),
    Column("answered", Boolean, nullable=False), Column("phases", Text),
)

ROUNDS = _table(
    "rounds", ("day", "vantage", "id"),
    _number("began", BigInteger), _number("ended", BigInteger),
    _number("day"), _number("vantage"), _number("id"),
    _number("tried"), _number("failed"), _number("tried6"), _number("failed6"), _number("sites"), _number("down"),
    Column("void", Text, nullable=False),
)

PLANS = _table(
    "plans", ("day", "vantage", "site"),
    _number("day"), _number("vantage"), _number("site"),
    Column("due", Text, nullable=False),  # JSON: milliseconds since the day began in China
)

# days of a site with samples that the roll-up has not seen: written with the samples, deleted with the rolling up
UNROLLED = _table("unrolled", ("site", "day"), _number("site"), _number("day"))

DAYS = _table(
    "days", ("site", "day", "vantage", "family"),
    _number("site"), _number("day"), _number("vantage"),
    _number("median", empty=True), _number("slowest", empty=True),
    _number("visits"), _number("open"), _number("failed"), _number("walled"), _number("void"),
    _number("family", SmallInteger),
)

INSPECTIONS = _table(
    "inspections", ("site", "edition", "run"),
    _number("at", BigInteger),
    _number("site"), _number("edition"), _number("run"), _number("as_of"),
    Column("partial", Boolean, nullable=False),
    Column("scorecard", Text, nullable=False),      # JSON
    Column("rows", LargeBinary, nullable=False),    # lines of the ledger, by zlib
)

FIRST_SEEN = _table(
    "first_seen", ("site", "digest"),
    _number("digest", BigInteger), _number("at", BigInteger), _number("site"),
    Column("url", Text, nullable=False),
)
