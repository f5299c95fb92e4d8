"""Version 2: what is kept for ever. Roll-ups of the days, past inspections, first-seen dates of articles.

Every day that already has visits is marked as not rolled up yet.
"""
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, PrimaryKeyConstraint, SmallInteger, Text

revision, down_revision = "2", "1"


def number(name: str, kind: type = Integer, empty: bool = False) -> Column:
    """A column of whole numbers."""
    return Column(name, kind, nullable=empty, autoincrement=False)


def upgrade() -> None:
    """Makes the tables, marks the days."""
    op.create_table(
        "govsite_unrolled",
        number("site"), number("day"),
        PrimaryKeyConstraint("site", "day"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO govsite_unrolled (site, day) SELECT DISTINCT site, day FROM govsite_samples")
    op.create_table(
        "govsite_days",
        number("site"), number("day"), number("vantage"),
        number("median", empty=True), number("slowest", empty=True),
        number("visits"), number("open"), number("failed"), number("walled"), number("void"),
        number("family", SmallInteger),
        PrimaryKeyConstraint("site", "day", "vantage", "family"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "govsite_inspections",
        number("at", BigInteger),
        number("site"), number("edition"), number("run"), number("as_of"),
        Column("partial", Boolean, nullable=False),
        Column("scorecard", Text, nullable=False),
        Column("rows", LargeBinary, nullable=False),
        PrimaryKeyConstraint("site", "edition", "run"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "govsite_first_seen",
        number("digest", BigInteger), number("at", BigInteger), number("site"),
        Column("url", Text, nullable=False),
        PrimaryKeyConstraint("site", "digest"),
        sqlite_with_rowid=False,
    )
