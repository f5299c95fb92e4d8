"""What each slot of a week says, and how many there are of each kind."""
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from pytest_govsite.model.availability import DAYS, SLOTS, Sample
from pytest_govsite.model.missing import Reason

Standing = Literal["open", "failed", "unsure", "walled", "void", "missing"]
SILENT = ("void", "missing")  # a vantage that says nothing of the site
FINEST = 288  # parts of a day: five minutes each


@dataclass(frozen=True)
class Slot:
    """One part of one day.

    standing  open; failed, firmly; unsure: a failure that may not be the site's; walled, void, missing: no data.
    visit     the visit that decides, None where there was none; rows: all that belongs to the slot, by time.
    """

    day: date
    slot: int
    standing: Standing = "missing"
    visit: Sample | None = None
    rows: tuple[Sample, ...] = ()
    slots: int = SLOTS

    def row(self, kind: str) -> Sample | None:
        """The row of this kind that confirms the visit, of the same place."""
        return _confirming(self.rows, self.visit, kind) if self.visit else None


@dataclass(frozen=True)
class Tally:
    """How many slots there are of each standing; by_day: the same of each day."""

    open: int = 0
    failed: int = 0
    unsure: int = 0
    walled: int = 0
    void: int = 0
    missing: int = 0
    by_day: Mapping[date, "Tally"] = field(default_factory=dict, hash=False)

    @property
    def valid(self) -> int:
        """Slots that say something of the site: an open door, or one that was shut."""
        return self.open + self.failed + self.unsure


def slots_of(samples: Iterable[Sample], as_of: date, days: int = DAYS, slots: int | None = None) -> tuple[Slot, ...]:
    """Every slot of the `days` days before `as_of`, in order, those without a sample too.

    Samples outside these days are left out. Those of a plan with another number of slots a day go where their slot begins.

    slots  into how many parts a day is divided; None: as fine as the finest plan by which a visit was made in these days.
    """
    first, groups = as_of - timedelta(days=days), defaultdict(list)
    seen = [each for each in samples if first <= each.day < as_of and 0 <= each.slot < each.slots]
    slots = slots or min(FINEST, max((each.slots for each in seen if each.kind == "visit"), default=SLOTS))
    for sample in sorted(seen, key=lambda sample: sample.at):
        groups[sample.day, sample.slot * slots // sample.slots].append(sample)
    keys = ((first + timedelta(days=n), slot) for n in range(days) for slot in range(slots))
    return tuple(_slot(*key, groups.get(key, ()), slots) for key in keys)


def tally(slots: Iterable[Slot]) -> Tally:
    """How many slots there are of each standing, in all and by day."""
    slots = tuple(slots)
    days: dict[date, Counter] = defaultdict(Counter)
    for slot in slots:
        days[slot.day][slot.standing] += 1
    return Tally(**Counter(slot.standing for slot in slots), by_day={day: Tally(**counts) for day, counts in days.items()})


def visits_over(slots: Iterable[Slot], family: int) -> tuple[Sample, ...]:
    """The visits over one address family that say something, one for each slot and place."""
    found: dict[tuple, Sample] = {}
    for slot in slots:
        for row in slot.rows:
            if row.kind == "visit" and row.family == family and row.state in ("open", "failed"):
                found.setdefault((slot.day, slot.slot, row.vantage), row)
    return tuple(found.values())


def family_of(samples: Iterable[Sample]) -> int:
    """The address family that decides: 6 where the site has no IPv4 address, else 4."""
    return 6 if {sample.family for sample in samples if sample.kind == "visit"} == {6} else 4


def vantages_of(slots: Iterable[Slot]) -> tuple[str, ...]:
    """The places from which visits were made, by name."""
    return tuple(sorted({row.vantage for slot in slots for row in slot.rows}))


def _slot(day: date, number: int, rows: Sequence[Sample], slots: int) -> Slot:
    places = dict.fromkeys(row.vantage for row in rows)
    said = [_seen_from([row for row in rows if row.vantage == place]) for place in places]
    standing, visit = _together(said)
    return Slot(day, number, standing, visit, tuple(rows), slots)


def _together(said: Sequence[tuple[Standing, Sample | None]]) -> tuple[Standing, Sample | None]:
    """What several places say of one slot: whoever got in is right, and all must have failed for a failure."""
    telling = [each for each in said if each[0] not in SILENT]
    agreed = bool(telling) and all(standing == "failed" for standing, _ in telling)
    for wanted in ("open", "unsure", "failed", "walled", "void"):
        if found := [visit for standing, visit in said if standing == wanted]:
            return ("unsure" if wanted == "failed" and not agreed else wanted), found[0]
    return "missing", None


def _seen_from(rows: Sequence[Sample]) -> tuple[Standing, Sample | None]:
    visits = [row for row in rows if row.kind == "visit"]
    visit = next((row for family in (4, 6) for row in visits if row.family == family), None)
    return ("missing", None) if visit is None else (_standing(visit, rows), visit)


def _standing(visit: Sample, rows: Sequence[Sample]) -> Standing:
    if visit.state in ("void", "open"):
        return visit.state
    again, browser = _confirming(rows, visit, "again"), _confirming(rows, visit, "browser")
    entered = browser is not None and browser.state == "open"
    if visit.state == "walled":
        return "open" if entered else "walled"
    if visit.reason is Reason.TLS and entered:
        return "open"  # browsers fetch a link of the chain that the server forgot, OpenSSL does not
    failed_again = again is not None and again.state == "failed"
    if visit.answered:  # a 503 that is gone after 40 s was a 503; one that programs get and browsers do not may be a ward
        return "unsure" if failed_again and entered else "failed"
    return "failed" if failed_again and not entered else "unsure"


def _confirming(rows: Iterable[Sample], visit: Sample, kind: str) -> Sample | None:
    """The first row of this kind by which the visit was repeated."""
    families = (0,) if kind == "browser" else (visit.family,)
    mine = _after(rows, visit)
    return next((row for row in mine if row.kind == kind and row.family in families), None)


def _after(rows: Iterable[Sample], visit: Sample) -> Iterator[Sample]:
    return (row for row in rows if row.vantage == visit.vantage and row.at >= visit.at)
