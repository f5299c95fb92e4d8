"""Politeness and patience: slots per host, and a deadline on everything that is awaited."""
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from pytest_govsite.model.missing import Missing, Reason

T = TypeVar("T")
ASK_SECONDS = 0.25

GiveWay = Callable[[], bool]


class Pace:
    """At most `per_host` holders of a slot for a host, `per_address` for an address; 0 sets no limit. In order."""

    def __init__(self, per_host: int = 4, per_address: int = 0) -> None:
        self._per_host = per_host
        self._per_address = per_address
        self._queues: dict[tuple[str, str], _Queue] = {}

    @asynccontextmanager
    async def slot(self, host: str, address: str = "", give_way: GiveWay | None = None) -> AsyncIterator[None]:
        """Waits for a slot and holds it. give_way: asked while others wait; ends what is held if idle, says whether."""
        async with self._held(("host", host), self._per_host, give_way):
            async with self._held(("address", address), self._per_address if address else 0, give_way):
                yield

    @asynccontextmanager
    async def _held(self, key: tuple[str, str], limit: int, give_way: GiveWay | None) -> AsyncIterator[None]:
        if not limit:
            yield
            return
        queue = self._queues.setdefault(key, _Queue(limit))
        queue.users += 1
        try:
            async with queue.held(give_way):
                yield
        finally:
            queue.users -= 1
            if not queue.users:
                del self._queues[key]


class _Queue:
    def __init__(self, limit: int) -> None:
        self.users = 0
        self._free = asyncio.Semaphore(limit)
        self._holders: list[GiveWay] = []

    @asynccontextmanager
    async def held(self, give_way: GiveWay | None) -> AsyncIterator[None]:
        await self._enter()
        if give_way:
            self._holders.append(give_way)
        try:
            yield
        finally:
            if give_way:
                self._holders.remove(give_way)
            self._free.release()

    async def _enter(self) -> None:
        if not self._free.locked():
            await self._free.acquire()  # nobody waits before us: taken at once, without a task of its own
            return
        entering = asyncio.ensure_future(self._free.acquire())
        try:
            while not (await asyncio.wait({entering}, timeout=ASK_SECONDS))[0]:
                next((True for give_way in self._holders if give_way()), False)
        except asyncio.CancelledError:
            if not entering.cancel() and not entering.cancelled():
                self._free.release()
            raise


async def within(
    seconds: float, awaitable: Awaitable[T], reason: Reason = Reason.DEADLINE, url: str = "",
) -> T | Missing:
    """The value of `awaitable`, or Missing after `seconds`. Does not wait for what ignores its cancellation.

    Whatever `awaitable` raises is raised.
    """
    task = asyncio.ensure_future(awaitable)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if done:
        return task.result()
    task.cancel()
    task.add_done_callback(_swallow)
    return Missing(reason, f"{seconds:g} 秒", url)


def _swallow(task: asyncio.Task) -> None:
    if not task.cancelled():
        task.exception()
