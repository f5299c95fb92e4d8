"""Many visits at once, few of them to one address."""
import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pytest_govsite.gather.clock import MachineClock
from pytest_govsite.gather.guard import is_loopback
from pytest_govsite.gather.pace import Pace

AT_ONCE = 256  # sites; well below the 1,024 files that a process may open where nobody raised that
PER_ADDRESS = 2
REST_SECONDS = 0.5  # that a slot for an address stays taken while others wait for it


class Crowd:
    """Gives turns to visit a site; shared by all rounds of a process."""

    def __init__(
        self, clock: MachineClock | None = None, at_once: int = AT_ONCE, per_address: int = PER_ADDRESS,
        rest: float = REST_SECONDS,
    ) -> None:
        self._clock = clock or MachineClock()
        self._at_once = asyncio.Semaphore(at_once)
        self._pace = Pace(per_host=0, per_address=per_address)
        self._per_address = per_address
        self._rest = rest
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncIterator[None]:
        """Waits for a turn at an address, and for one at all; an unknown address, or one of this machine, has no limit."""
        address = "" if is_loopback(address) else address
        self._users[address] += 1
        try:
            async with self._pace.slot("", address):
                async with self._at_once:
                    yield
                if address and self._users[address] > self._per_address:
                    await self._clock.wait(self._rest)
        finally:
            self._users[address] -= 1
            if not self._users[address]:
                del self._users[address]
