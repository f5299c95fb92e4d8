"""When which site is to be visited: plans that outlive the process, one for each day."""
import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from pytest_govsite.availability.dues import Turn, due_by, next_due
from pytest_govsite.availability.slots import plan_day, slot_of, start_of
from pytest_govsite.gather.houses import Houses
from pytest_govsite.model.availability import SHANGHAI
from pytest_govsite.model.site import Site

if TYPE_CHECKING:
    from pytest_govsite.history import History

LOOK_UP_SECONDS = 90.0
AHEAD = timedelta(minutes=15)  # before midnight: the next day's plan is there when it begins


@dataclass
class _Day:
    """A plan by site, and what of it is done or under way: pairs (site, slot)."""

    plan: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    taken: set[tuple[str, int]] = field(default_factory=set)
    complete: bool = False


class Timetable:
    """The plans of today and, before midnight, of tomorrow, as the history keeps them. All times count in China.

    A visit whose part of the day has passed is not made up for: no data. Raises HistoryError as the history does.
    """

    def __init__(self, history: "History", vantage: str, per_day: int, houses: Houses) -> None:
        self._history = history
        self._vantage = vantage
        self._per_day = per_day
        self._houses = houses
        self._sites: tuple[Site, ...] = ()
        self._days: dict[date, _Day] = {}

    def set_sites(self, sites: Iterable[Site]) -> None:
        """These are to be visited from now on; what others there were no longer."""
        self._sites = tuple(sites)
        for day in self._days.values():
            day.complete = False

    async def prepare(self, now: datetime) -> None:
        """Reads the plans that are needed now, and makes what they lack."""
        wanted = {_day_of(now), _day_of(now + AHEAD)}
        self._days = {day: self._days.get(day) or _Day() for day in sorted(wanted)}
        for day, known in self._days.items():
            if not known.complete:
                await self._fill(day, known)

    def due(self, now: datetime, until: datetime) -> list[Turn]:
        """What falls due until a time of the same day and is not taken, the earliest first."""
        day = self._days[_day_of(now)]
        midnight = start_of(_day_of(now) + timedelta(days=1))
        return due_by(day.plan, now, min(until, midnight - timedelta(seconds=1)), day.taken)

    def at_once(self, now: datetime) -> list[Turn]:
        """Every site whose part of the day is not taken, planned for this moment."""
        day = self._days[_day_of(now)]
        turns = [Turn(now, site, slot_of(now, len(times)), len(times)) for site, times in day.plan.items()]
        return [turn for turn in turns if (turn.site, turn.slot) not in day.taken]

    def is_untouched(self, now: datetime) -> bool:
        """Nothing was visited yet on this day."""
        return not self._days[_day_of(now)].taken

    def take(self, turns: Sequence[Turn]) -> None:
        """These are under way."""
        for turn in turns:
            if day := self._days.get(_day_of(turn.at)):
                day.taken.add((turn.site, turn.slot))

    def next(self, now: datetime) -> datetime | None:
        """When the next visit is due, as far as plans are made."""
        times = (next_due(day.plan, now) for day in self._days.values())
        return min((at for at in times if at), default=None)

    async def _fill(self, day: date, known: _Day) -> None:
        plan = await asyncio.to_thread(self._history.slots, day, self._vantage)
        if new := [site for site in self._sites if not plan.get(site.id)]:
            houses = await self._houses.of(new, LOOK_UP_SECONDS)
            added = await asyncio.to_thread(plan_day, day, houses, self._per_day, self._vantage)
            await asyncio.to_thread(self._history.save_slots, day, self._vantage, added)
            plan |= added
        known.taken |= await asyncio.to_thread(self._history.taken, day, self._vantage)
        known.plan = {site.id: plan[site.id] for site in self._sites}
        known.complete = True


def _day_of(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
