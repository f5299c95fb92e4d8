"""The week before the inspection, as a sampler would have kept it: a visit in every hour, and what went wrong with some."""
import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from pytest_govsite.model.availability import DAYS, SHANGHAI, SLOTS, Round, Sample, State
from pytest_govsite.model.missing import Reason

VANTAGE = "演示监测点"
ADDRESSES = {4: "127.0.0.1", 6: "::1"}
BYTES = 21_500  # of the home page
CANARIES = {4: 12, 6: 10}  # probes in a round: well-known hosts, looked at before and after
ASTRAY = 0.0015  # share of the probes that fail without anybody's fault
PHASES = {"resolve": (0.004, 0.03), "connect": (0.01, 0.05), "tls": (0.02, 0.08), "first_byte": (0.08, 0.6), "body": (0.02, 0.3)}

Kept = tuple[tuple[Round, tuple[Sample, ...]], ...]


@dataclass(frozen=True)
class Trouble:
    """What befell one visit, and what the two that confirm it met: None where nobody confirms.

    state to status  as in Sample; seconds: by phase, up to the one in which it ended.
    round            why the whole round counts for nothing.
    """

    state: State = "failed"
    reason: Reason | None = None
    detail: str = ""
    status: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict, hash=False)
    again: State | None = None
    browser: State | None = None
    round: str = ""

    def confirmed(self, again: State, browser: State) -> "Trouble":
        """The same, with what the confirming visits met."""
        return replace(self, again=again, browser=browser)


@dataclass(frozen=True)
class Incident:
    """What befell the visit so many days before the inspection, in that hour, over that family; None: nobody visited."""

    ago: int
    hour: int
    trouble: Trouble | None
    family: int = 4


def at(ago: int, trouble: Trouble | None, *hours: int, family: int = 4) -> tuple[Incident, ...]:
    """The same in several hours of a day."""
    return tuple(Incident(ago, hour, trouble, family) for hour in hours)


def monitored(
    site: str, title: str, as_of: date, families: Iterable[int] = (4, 6), incidents: Iterable[Incident] = (),
) -> Kept:
    """The rounds of the seven days before as_of, each with its visits. Same arguments, same week."""
    chance = random.Random(f"{site} {as_of}")
    befell = {(one.ago, one.hour, one.family): one.trouble for one in incidents}
    hours = [(ago, hour) for ago in range(DAYS, 0, -1) for hour in range(SLOTS)]
    whole = (
        _round(chance, Sample(site, _begin(chance, as_of, *hour), 4, "visit", "open", hour[1], title=title), {
            family: befell.get((*hour, family), Trouble("open")) for family in families
        })
        for hour in hours
    )
    return tuple(one for one in whole if one)


def _begin(chance: random.Random, as_of: date, ago: int, hour: int) -> datetime:
    moment = time(hour, chance.randrange(2, 55), chance.randrange(60), tzinfo=SHANGHAI)
    return datetime.combine(as_of - timedelta(days=ago), moment)


def _round(
    chance: random.Random, plain: Sample, troubles: Mapping[int, Trouble | None],
) -> tuple[Round, tuple[Sample, ...]] | None:
    name = f"{plain.site}-{plain.at:%Y%m%d%H}"
    plain = replace(plain, vantage=VANTAGE, round=name)
    met = {family: trouble for family, trouble in troubles.items() if trouble}
    if not met:
        return None
    samples = tuple(row for family, trouble in met.items() for row in _visits(chance, replace(plain, family=family), trouble))
    void = next((trouble.round for trouble in met.values() if trouble.round), "")
    failed = CANARIES if void else {family: sum(chance.random() < ASTRAY for _ in range(n)) for family, n in CANARIES.items()}
    began, ended = plain.at - timedelta(seconds=4), max(row.at for row in samples) + timedelta(seconds=20)
    down = int(samples[0].state == "failed")
    return Round(
        name, VANTAGE, began, ended, sum(CANARIES.values()), sum(failed.values()), CANARIES[6], failed[6], void, 1, down,
    ), samples


def _visits(chance: random.Random, plain: Sample, trouble: Trouble) -> Iterator[Sample]:
    """The visit over one family, then those that confirm it."""
    opened = _opened(chance, plain)
    visit = _spoilt(opened, trouble) if trouble.reason else replace(opened, seconds=dict(trouble.seconds or opened.seconds))
    yield visit
    later = plain.at + timedelta(seconds=visit.took)
    if trouble.again:
        later += timedelta(seconds=chance.randrange(31, 60))
        fresh = _opened(chance, replace(plain, at=later, kind="again"))
        yield fresh if trouble.again == "open" else _spoilt(fresh, trouble)
    if trouble.browser:
        fresh = _opened(chance, replace(plain, at=later + timedelta(seconds=20), kind="browser", family=0, address=""))
        fresh = replace(fresh, seconds={"body": fresh.took})
        yield fresh if trouble.browser == "open" else _spoilt(fresh, trouble)


def _opened(chance: random.Random, plain: Sample) -> Sample:
    seconds = {phase: round(chance.uniform(*span), 3) for phase, span in PHASES.items()}
    return replace(
        plain, answered=True, status=200, address=ADDRESSES[plain.family] if plain.family else "", bytes=BYTES + chance.randrange(80),
        digest=f"{chance.getrandbits(64):016x}", seconds=seconds,
    )


def _spoilt(visit: Sample, trouble: Trouble) -> Sample:
    return replace(
        visit, state=trouble.state, reason=trouble.reason, detail=trouble.detail, answered=bool(trouble.status),
        status=trouble.status, title="", bytes=0, digest="", seconds=dict(trouble.seconds),
    )
