"""Version 1: visits, rounds, plans, and the words they share."""
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, PrimaryKeyConstraint, SmallInteger, Text

revision, down_revision = "1", None


def number(name: str, kind: type = Integer, empty: bool = False) -> Column:
    """A column of whole numbers."""
    return Column(name, kind, nullable=empty, autoincrement=False)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "govsite_words",
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("digest", BigInteger, nullable=False, unique=True),
        Column("month", Integer, nullable=False),
        Column("text", Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "govsite_samples",
        number("at", BigInteger), number("digest", BigInteger, True),
        number("site"), number("vantage"), number("day"), number("bytes"),
        number("round", empty=True), number("reason", empty=True), number("detail", empty=True),
        number("url", empty=True), number("address", empty=True), number("title", empty=True),
        number("resolve", empty=True), number("connect", empty=True), number("tls", empty=True),
        number("first_byte", empty=True), number("body", empty=True),
        number("slot", SmallInteger), number("slots", SmallInteger), number("family", SmallInteger),
        number("kind", SmallInteger), number("state", SmallInteger), number("status", SmallInteger),
        Column("answered", Boolean, nullable=False), Column("phases", Text),
        PrimaryKeyConstraint("site", "day", "vantage", "slot", "slots", "family", "kind"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "govsite_rounds",
        number("began", BigInteger), number("ended", BigInteger),
        number("day"), number("vantage"), number("id"),
        number("tried"), number("failed"), number("tried6"), number("failed6"), number("sites"), number("down"),
        Column("void", Text, nullable=False),
        PrimaryKeyConstraint("day", "vantage", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "govsite_plans",
        number("day"), number("vantage"), number("site"),
        Column("due", Text, nullable=False),
        PrimaryKeyConstraint("day", "vantage", "site"),
        sqlite_with_rowid=False,
    )
