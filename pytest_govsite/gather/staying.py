"""How long one site is inspected, and when: its seat among the sites of its address, and its time."""
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pytest_govsite.gather.slots import SITES, Slot, Slots, door_at
from pytest_govsite.gather.upstream import Upstream
from pytest_govsite.gather.way import Unreached, Way, place_of
from pytest_govsite.model.site import Site

FIND_SECONDS = 30.0  # for the address; the way has deadlines of its own


class Stay:
    """Lets the gatherers of one site in once the site has a seat at its address, and out when its time is over.

    find_door  where the site lives; None when that is unknown, then nobody waits.
    seconds    for all evidence of the site together. The clock runs while anything is gathered, and not while the site
               waits for its seat or for its turn to be judged.
    on_wait    called again and again while it waits for its seat.
    """

    def __init__(
        self, slots: Slots | None, find_door: Callable, seconds: float, on_wait: Callable[[], None] = lambda: None,
    ) -> None:
        self._slots = slots
        self._find_door = find_door
        self._on_wait = on_wait
        self._left = seconds
        self._until: float | None = None
        self._seat: Slot | None = None
        self._door: str | None = None
        self._inside = 0
        self._entering = asyncio.Lock()

    @property
    def is_over(self) -> bool:
        """Nothing more is gathered."""
        return (self._left if self._until is None else self._until - asyncio.get_running_loop().time()) <= 0

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[None]:
        """Waits for the seat, and holds it. Raises TimeoutError at the end of the time."""
        self._inside += 1
        try:
            async with self._entering:
                await self._enter()
            async with asyncio.timeout_at(self._until):
                yield
        finally:
            self._inside -= 1
            self._leave()

    async def _enter(self) -> None:
        """The first of them takes the seat."""
        if self._until is None:
            if self._slots and (door := await self._where()):
                self._seat = await self._slots.take(f"sites at {door}", SITES, self._on_wait)
            self._until = asyncio.get_running_loop().time() + self._left

    def _leave(self) -> None:
        """The last of them gives the seat to another site: evidence that waits to be judged needs none."""
        if self._inside:
            return
        if self._until is not None:
            self._left = self._until - asyncio.get_running_loop().time()
            self._until = None
        if self._seat:
            self._seat.free()
            self._seat = None

    async def _where(self) -> str | None:
        if self._door is None:
            try:
                async with asyncio.timeout(FIND_SECONDS):
                    self._door = await self._find_door()
            except (Unreached, TimeoutError):
                self._door = ""  # whoever visits the site will find out why
        return self._door


async def door_of(site: Site, way: Way) -> str:
    """What stands for the address of a site; its host, where the proxy of the user's network hides the address.

    Raises Unreached.
    """
    host, port = place_of(site.url)
    route = await way.route("https" if site.url.startswith("https:") else "http", host, port)
    if isinstance(route, Upstream):
        return host
    return min(door_at(target.address, target.port) for target in route if target.family == route[0].family)
