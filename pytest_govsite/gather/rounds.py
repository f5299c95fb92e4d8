"""A round: many sites visited from here, those that failed visited again, and what that is worth by the vantage gate."""
import asyncio
import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from pytest_govsite.availability.slots import slot_of
from pytest_govsite.gather import voiding
from pytest_govsite.gather.canaries import Canaries
from pytest_govsite.gather.clock import MachineClock
from pytest_govsite.gather.crowd import Crowd
from pytest_govsite.gather.gate import Gate, totals
from pytest_govsite.gather.visits import Visitor
from pytest_govsite.model.availability import SHANGHAI, SLOTS, Round, Sample, Usual, VisitKind
from pytest_govsite.model.missing import Reason
from pytest_govsite.model.site import Site

AGAIN_SECONDS = (30.0, 60.0)  # a passing fault is gone by then; drawn by site and slot
LONGEST_WAIT = 120.0  # for a due time that lies ahead; the clock may have been set meanwhile
DOUBTFUL = ("failed", "walled")

Browse = Callable[[Site], Awaitable[Sample | None]]
Down = Callable[[Collection[str]], Awaitable[Collection[str]]]
Usuals = Mapping[tuple[str, int], Usual | None]


@dataclass(frozen=True)
class Due:
    """A site that is to be visited: when, for which part of the day; group: the address it lives on, empty when unknown."""

    site: Site
    at: datetime
    slot: int
    slots: int = SLOTS
    group: str = ""

    @classmethod
    def now(cls, site: Site, at: datetime) -> "Due":
        """An unplanned visit stands for the part of the day in which it is made."""
        return cls(site, at, slot_of(at))


async def take_round(
    due: Sequence[Due], visitor: Visitor, canaries: Canaries | None, browse: Browse | None, vantage: str, *,
    usual: Usuals | None = None, share: int = voiding.SHARE, down: Down | None = None, clock: MachineClock | None = None,
    crowd: Crowd | None = None,
) -> tuple[Round, tuple[Sample, ...]]:
    """Visits each site over each of its families at its time, and says what that is worth.

    canaries  have no say about a site that the user named himself (ruling 13), and are not asked when there is no other;
              those that he named himself are asked all the same, for they tell how healthy his own network is.
    browse    opens a site in Chromium, when its visit failed or met a wall, or gives None; None: nobody does.
    usual     how home pages looked before, by site and family.
    share     percent of all addresses that may fail together. down: of the sites that failed, those of which that is no news.

    Never raises for what networks, servers and browsers do. A clock that canaries call wrong: nothing is visited.
    """
    clock = clock or MachineClock()
    chosen = canaries is not None and canaries.chosen
    concerned = not all(visitor.is_named(one.site) for one in due)
    async with Gate(canaries if concerned or chosen else None, clock) as gate:
        under_way = _UnderWay(visitor, gate, browse, usual or {}, clock, crowd or Crowd(clock))
        rows = await under_way.visit_all(due) if not gate.clock_fault else ()
    named = {one.site.id for one in due if visitor.is_named(one.site)}
    why = await voiding.fault_of(rows, gate, named, {one.site.id: one.group for one in due}, share, down)
    id = f"{gate.began:%Y%m%d%H%M%S}-{uuid.uuid4().hex[:12]}"
    judged = tuple(replace(row, vantage=vantage, round=id) for row in voiding.weigh(rows, gate, named, why))
    concerned = any(one.site.id not in named for one in due)
    return _round(id, vantage, gate, why, rows, concerned or chosen), judged


def _round(id: str, vantage: str, gate: Gate, why: str, rows: Sequence[Sample], told: bool) -> Round:
    """told: what canaries said concerned somebody."""
    ended = gate.began + timedelta(seconds=gate.elapsed)
    visited = voiding.counting(rows)
    return Round(
        id=id, vantage=vantage, began=gate.began, ended=ended, void=why, sites=len(visited),
        down=sum(row.state == "failed" for row in visited), **(totals(gate.looks) if told else {}),
    )


class _UnderWay:
    """One round while it is made."""

    def __init__(
        self, visitor: Visitor, gate: Gate, browse: Browse | None, usual: Usuals, clock: MachineClock, crowd: Crowd,
    ) -> None:
        self._visitor = visitor
        self._gate = gate
        self._browse = browse
        self._usual = usual
        self._clock = clock
        self._crowd = crowd

    async def visit_all(self, due: Sequence[Due]) -> tuple[Sample, ...]:
        """All samples, site by site. One that began outside the part of the day for which it was made is left out."""
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(self._call_at(one)) for one in due]
        return tuple(
            row for one, call in zip(due, calls, strict=True) for row in call.result()
            if _is_within(row, one)
        )

    async def _call_at(self, due: Due) -> list[Sample]:
        ahead = (due.at - self._clock.now()).total_seconds()
        if ahead > 0:
            await self._clock.wait(min(ahead, LONGEST_WAIT))
        async with self._crowd.turn(due.group):
            families = await self._families(due.site)
            rows = list(await asyncio.gather(*(self._visit(due, family) for family in families)))
        return rows + (await self._confirm(due, rows[0]) if rows[0].state in DOUBTFUL else [])

    async def _families(self, site: Site) -> tuple[int, ...]:
        try:
            return await self._visitor.families(site)
        except Exception:  # a crash of ours, which the visit meets as well and then tells
            return (4,)

    async def _visit(self, due: Due, family: int, kind: VisitKind = "visit") -> Sample:
        began = self._clock.now()
        try:
            seen = await self._visitor.visit(due.site, family, self._usual.get((due.site.id, family)))
        except Exception as error:  # a crash of ours must not take the round from all others
            seen = _crashed(due, began, family, error)
        return replace(seen, kind=kind, slot=due.slot, slots=due.slots)

    async def _confirm(self, due: Due, first: Sample) -> list[Sample]:
        """The same once more after a while, and in Chromium; not where nothing of this round counts any more."""
        wait = Random(f"{due.site.id}\n{first.day}\n{due.slot}").uniform(*AGAIN_SECONDS)
        if self._is_vain(due, first.family) or await self._clock.wait(wait, self._vain(due)):
            return []
        async with self._crowd.turn(due.group):
            rows = [await self._visit(due, first.family, "again")]
        if self._browse and not self._is_vain(due, first.family):
            rows += await self._open(due, self._browse)
        return rows

    async def _open(self, due: Due, browse: Browse) -> list[Sample]:
        began = self._clock.now()
        try:
            seen = await browse(due.site)
        except Exception as error:  # as above
            seen = _crashed(due, began, 0, error)
        return [replace(seen, kind="browser", slot=due.slot, slots=due.slots)] if seen else []

    def _is_vain(self, due: Due, family: int) -> bool:
        fault = "" if self._visitor.is_named(due.site) else self._gate.fault(family)
        return bool(self._gate.clock_fault or fault)

    async def _vain(self, due: Due) -> None:
        """Ends when nothing of this site counts any more."""
        await self._gate.shut.wait()
        if not self._is_vain(due, 4):
            await asyncio.get_running_loop().create_future()  # canaries have no say here: for ever


def _is_within(row: Sample, due: Due) -> bool:
    """It began in the part of the day, and on the day, for which it was to be made."""
    return row.day == due.at.astimezone(SHANGHAI).date() and slot_of(row.at, due.slots) == due.slot


def _crashed(due: Due, at: datetime, family: int, error: Exception) -> Sample:
    detail = f"{type(error).__name__}: {error}"[:200]
    return Sample(due.site.id, at, family, "visit", "void", reason=Reason.CRASH, detail=detail)
