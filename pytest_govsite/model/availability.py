"""Availability (站点可用性): visits to a home page over time, and how healthy the place was from which they were made."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from pytest_govsite.model.missing import Reason

SHANGHAI = timezone(timedelta(hours=8))
SLOTS = 24  # of a day: each counts once, however often it was visited
DAYS = 7

VisitKind = Literal["visit", "again", "browser"]
State = Literal["open", "failed", "walled", "void"]


@dataclass(frozen=True)
class Sample:
    """One visit to a site's home page.

    site      id of the site; vantage: the name of the place from which it was visited.
    at        when it began, with a zone.
    slot      which part of the day it stands for, of `slots` equal ones, counted from 0.
    family    4 or 6: the address family, each a visit of its own; 0: the browser took what it liked.
    kind      visit; again: the plain second visit 30 to 60 s after one that failed or met a wall; browser: Chromium's.
    state     open (CONTRACT ruling 10); failed: the site's fault; walled: an anti-bot wall answered; void: our own network,
              machine or clock was at fault, or those of the round: neither up nor down.
    reason    why it is not open, detail: the fact in Chinese.
    answered  a whole HTTP answer came: the fault, if any, is in the site's own words.
    url       where redirects led, when elsewhere; digest: 16 hex digits of the body's SHA-256.
    seconds   by phase: resolve, connect, tls, first_byte, body; the phase in which it ended has its seconds as well.
    round     id of the round to which it belongs.
    """

    site: str
    at: datetime
    family: int
    kind: VisitKind
    state: State
    slot: int = 0
    slots: int = SLOTS
    reason: Reason | None = None
    detail: str = ""
    answered: bool = False
    status: int = 0
    url: str = ""
    address: str = ""
    title: str = ""
    bytes: int = 0
    digest: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict, hash=False)
    vantage: str = ""
    round: str = ""

    @property
    def day(self) -> date:
        """The day of the visit in China."""
        return self.at.astimezone(SHANGHAI).date()

    @property
    def took(self) -> float:
        """Seconds in all."""
        return round(sum(self.seconds.values()), 3)


@dataclass(frozen=True)
class Round:
    """One round of visits from one place, with what the canaries (well-known hosts) said before, during and after.

    tried, failed  probes of canaries; by family in `tried6`, `failed6` (those among them that went over IPv6).
    void           why the round counts for nothing, in Chinese; empty when it counts.
    sites, down    how many sites were visited, how many of them failed.
    """

    id: str
    vantage: str
    began: datetime
    ended: datetime
    tried: int = 0
    failed: int = 0
    tried6: int = 0
    failed6: int = 0
    void: str = ""
    sites: int = 0
    down: int = 0


@dataclass(frozen=True)
class Health:
    """How healthy our own side was over a time: canary probes of the rounds that count, and rounds that do not.

    tried, failed  over IPv4, as the visits that count are.
    """

    tried: int = 0
    failed: int = 0
    rounds: int = 0
    void_rounds: int = 0


@dataclass(frozen=True)
class Usual:
    """How a home page usually looks, from the visits before: to recognise an error page that comes with status 200."""

    title: str
    bytes: int


@dataclass(frozen=True)
class Week:
    """What the history knows of the seven days before the inspection, and this run's own visits.

    samples  of those days, in order, from every vantage, of every kind and family.
    now      the visits that this run made; round: the round they belong to. Both go into the history.
    chart    picture of the week, as a path relative to the results folder.
    kept     where the history is, in words; trouble: why it could not be read, in Chinese, empty when it could.
    """

    as_of: date
    samples: tuple[Sample, ...] = ()
    health: Health = Health()
    now: tuple[Sample, ...] = ()
    round: Round | None = None
    chart: str | None = None
    kept: str = ""
    trouble: str = ""
