"""What goes in and out of the history beside samples and rounds. Importing this costs nothing."""
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pytest_govsite.rows import Row


class HistoryError(ValueError):
    """The history cannot be read or written: one Chinese sentence for the person who runs us; never a password."""


@dataclass(frozen=True)
class Inspected:
    """One site under one edition in one run.

    run        id of the run; with site and edition it is unique.
    at         when the inspection ended, with a zone. partial: part of the rules only (CONTRACT ruling 12).
    scorecard  as in scorecards.json; rows: as in the ledger.
    """

    run: str
    site: str
    edition: str
    as_of: date
    at: datetime
    partial: bool = False
    scorecard: dict[str, Any] = field(default_factory=dict, hash=False)
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Day:
    """One day's visits (kind "visit") of one site over one address family, from one vantage.

    visits             of every state; open, failed, walled and void add up to it.
    median, slowest    milliseconds of the visits that found it open; None when none did.
    """

    day: date
    vantage: str
    family: int
    visits: int
    open: int
    failed: int
    walled: int
    void: int
    median: int | None = None
    slowest: int | None = None


@dataclass(frozen=True)
class Merged:
    """How much of another history was new here."""

    samples: int = 0
    rounds: int = 0
    inspections: int = 0
    first_seen: int = 0
    days: int = 0


@dataclass(frozen=True)
class Tidied:
    """What was tidied: days (of one site each) rolled up; samples, rounds and plans (of one site and day each) deleted."""

    days: int = 0
    samples: int = 0
    rounds: int = 0
    plans: int = 0


@dataclass(frozen=True)
class Survey:
    """What a history holds.

    sites        ids of those that were visited or inspected, sorted.
    first, last  days of the visits, also of those that are only rolled up; None without any.
    size         bytes on disk. version: of the tables; empty when there is no history yet.
    samplers     vantages whose sampler is at work at this moment.
    """

    sites: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    size: int = 0
    version: str = ""
    samplers: tuple[str, ...] = ()
