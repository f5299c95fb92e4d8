"""What of a day's plan is to be visited now, and when the next visit is due."""
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from pytest_govsite.availability.slots import slot_of

Plan = Mapping[str, Sequence[datetime]]
Taken = Collection[tuple[str, int]]


class Turn(NamedTuple):
    """A visit that is due: when, to which site, for which part of the day, of how many."""

    at: datetime
    site: str
    slot: int
    slots: int


def due_by(plan: Plan, now: datetime, until: datetime, taken: Taken) -> list[Turn]:
    """What falls due until a time, the earliest first: parts of the day that are not over yet and have no visit.

    taken  pairs (site, slot) that have one.
    """
    return sorted(turn for site, times in plan.items() for turn in _turns(site, times, now, until) if turn[1:3] not in taken)


def _turns(site: str, times: Sequence[datetime], now: datetime, until: datetime) -> Iterator[Turn]:
    current = slot_of(now, len(times)) if times else 0
    for slot in range(current, bisect_right(times, until)):
        yield Turn(times[slot], site, slot, len(times))


def next_due(plan: Plan, after: datetime) -> datetime | None:
    """When the next visit is due that is not due yet; None when there is none left in this plan."""
    coming = (bisect_right(times, after) for times in plan.values())
    return min((times[at] for times, at in zip(plan.values(), coming, strict=True) if at < len(times)), default=None)
