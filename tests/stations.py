"""Places to sample from, for tests: a clock that nobody waits for and that may jump, invented visits and canaries; real processes."""
import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from queue import Empty, Queue

import servers

from pytest_govsite.availability.slots import start_of
from pytest_govsite.gather.canaries import Look
from pytest_govsite.gather.clock import MachineClock
from pytest_govsite.gather.rounds import Due
from pytest_govsite.history import open_history
from pytest_govsite.model.availability import SHANGHAI, Sample
from pytest_govsite.model.missing import BLAME, Blame, Reason
from pytest_govsite.model.site import Site

NOON = datetime.fromisoformat("2026-11-20T12:10:00+08:00")
SETTLED = 50  # turns of the loop after which whatever can go on has gone on
FINE, BAD, BAD6 = Look(6, 0, 3, 0), Look(6, 6, 3, 3), Look(6, 3, 3, 3)
STATES = {Blame.SITE: "failed", Blame.WALL: "walled"}


class SteppedClock(MachineClock):
    """Goes on to the next time for which somebody waits, when nothing else is left to do; `jump` sets the time of day."""

    def __init__(self, start: datetime = NOON) -> None:
        self._start, self._ticks, self.jumped = start, 0.0, timedelta()
        self._waiting: list[tuple[float, int, asyncio.Future]] = []
        self._numbers, self._armed = count(), False

    def ticks(self) -> float:
        return self._ticks

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._ticks) + self.jumped

    def jump(self, seconds: float) -> None:
        self.jumped += timedelta(seconds=seconds)

    async def wait(self, seconds, until=None) -> bool:
        over = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (self._ticks + max(0.0, seconds), next(self._numbers), over))
        self._arm()
        if until is None:
            await over
            return False
        other = asyncio.ensure_future(until)
        try:
            return other in (await asyncio.wait({other, over}, return_when=asyncio.FIRST_COMPLETED))[0]
        finally:
            other.cancel()
            over.cancel()

    def _arm(self) -> None:
        if not self._armed:
            self._armed = True
            asyncio.get_running_loop().call_soon(self._settle, SETTLED)

    def _settle(self, turns: int) -> None:
        if turns:
            asyncio.get_running_loop().call_soon(self._settle, turns - 1)
            return
        self._armed = False
        while self._waiting and self._waiting[0][2].done():
            heappop(self._waiting)
        if self._waiting:
            at, _, over = heappop(self._waiting)
            self._ticks = max(self._ticks, at)
            over.set_result(None)
            self._arm()


class InventedVisitor:
    """Meets what a test says: met(site id, family, how often it was visited before) -> None for open, or a Reason.

    addresses  by site; named: ids of sites that the user named himself; families: by site, else IPv4 alone.
    """

    def __init__(self, clock, met: Callable[[str, int, int], Reason | None] = lambda *_: None, **more) -> None:
        self.clock, self.met = clock, met
        self.addresses, self.named, self.family = (more.get(name, {}) for name in ("addresses", "named", "families"))
        self.asked: list[tuple[str, int]] = []
        self.closed = False

    async def families(self, site: Site) -> tuple[int, ...]:
        return self.family.get(site.id, (4,))

    def is_named(self, site: Site) -> bool:
        return site.id in self.named

    async def visit(self, site: Site, family: int, usual=None) -> Sample:
        at, times = self.clock.now(), self.asked.count((site.id, family))
        self.asked.append((site.id, family))
        await asyncio.sleep(0)
        reason = self.met(site.id, family, times)
        state = STATES.get(BLAME[reason], "void") if reason else "open"
        return Sample(site.id, at, family, "visit", state, reason=reason, address=self.addresses.get(site.id, f"10.0.0.{site.id}"))

    async def close(self) -> None:
        self.closed = True


class InventedCanaries:
    """Says one look after the other, the last one for ever; a callable among them is called when its turn comes."""

    def __init__(self, *looks, chosen: bool = False) -> None:
        self._looks, self.looked, self.chosen = list(looks), 0, chosen

    async def look(self) -> Look:
        self.looked += 1
        said = self._looks.pop(0) if len(self._looks) > 1 else self._looks[0]
        return said() if callable(said) else said


def chromium(clock, reason: Reason | None = None):
    """A browser that opens every site, or meets this."""
    opened: list[str] = []

    async def browse(site: Site) -> Sample:
        opened.append(site.id)
        state = STATES.get(BLAME[reason], "void") if reason else "open"
        return Sample(site.id, clock.now(), 0, "browser", state, reason=reason)

    browse.opened = opened
    return browse


def invented(number: int | str) -> Site:
    """A site of this number."""
    return Site(id=str(number), url=f"http://www.s{number}.gov.cn/")


def due(clock, *numbers, group: str = "") -> list[Due]:
    """These sites, now."""
    return [replace(Due.now(invented(number), clock.now()), group=group) for number in numbers]


@contextmanager
def served(pages):
    """A web server on loopback while a test runs other processes; yields (port, what it was asked), see servers.site."""
    ready, stop = Future(), Future()

    async def serve():
        async with servers.site(pages) as found:
            ready.set_result(found)
            await asyncio.wrap_future(stop)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    try:
        yield ready.result(20)
    finally:
        stop.set_result(None)
        thread.join(20)


class Process:
    """`govsite` as a user runs it; its lines as they come."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        command = [sys.executable, "-m", "pytest_govsite", *arguments]
        around = {"GOVSITE_CONTROL": "127.0.0.1:9", "PYTHONPATH": str(Path(__file__).parents[1])}
        self.popen = subprocess.Popen(
            command, cwd=folder, env=os.environ | around | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.said: list[str] = []

    def _read(self) -> None:
        for line in self.popen.stdout:
            self._lines.put(line)

    def until(self, words: str, seconds: float = 90) -> str:
        """The first line from now on with these words."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self._lines.get(timeout=max(0.1, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"nobody said {words!r} but {''.join(self.said)}") from None
            self.said.append(line)
            if words in line:
                return line

    def end(self, number: int = signal.SIGTERM, seconds: float = 60) -> int:
        """Sends a signal and waits: the status."""
        self.popen.send_signal(number)
        return self.finish(seconds)

    def finish(self, seconds: float = 120) -> int:
        """Waits for its end: the status."""
        status = self.popen.wait(seconds)
        while not self._lines.empty():
            self.said.append(self._lines.get())
        return status


def plan_soon(place: Path, vantage: str, *ids: str, after: float = 1.0) -> datetime:
    """Saves a plan in which these sites are due in a moment, in a part of the day that has just begun; gives the time.

    The history keeps what plan it is given: more parts of a day than any user may ask for.
    """
    due = datetime.now(SHANGHAI) + timedelta(seconds=after)
    midnight = start_of(due.date())
    begun = (due - midnight).total_seconds() - max(after, 0.0)
    slots = min(range(200, 500), key=lambda slots: begun * slots % 86400 / slots)
    offset = timedelta(seconds=begun % (86400 / slots) + max(after, 0.0))
    times = [midnight + timedelta(seconds=slot * 86400 / slots) + offset for slot in range(slots)]
    with open_history(place) as history:
        history.save_slots(due.date(), vantage, dict.fromkeys(ids, [at for at in times if at.date() == due.date()]))
    return due
