"""How long one site is inspected, and when: its seats among the sites of its address and of this machine, and its time."""
import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pytest_govsite.gather.slots import SITES, Slot, Slots, door_at
from pytest_govsite.gather.upstream import Upstream
from pytest_govsite.gather.way import Unreached, Way, place_of
from pytest_govsite.model.site import Site
from pytest_govsite.processors import processors

FIND_SECONDS = 30.0  # for the address; the way has deadlines of its own
# inspected at once on a machine, for each of its processors: with twice as many pages are not open in time, which would be
# taken for the sites' fault (bench/sweep.py on two processors: 6 sites 1.2 times as fast as 3, 12 sites 1.3 times, with pages lost)
SITES_PER_PROCESSOR = 3


class Stay:
    """Lets the gatherers of one site in once the site has its seats, and out when its time is over.

    find_door  where the site lives; None when that is unknown, then it waits for a seat of the machine only.
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
        self._seats: list[Slot] = []
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
        """The first of them takes the seats: the one at the address first, for who has both waits for nobody."""
        if self._until is None:
            if self._slots:
                await self._sit()
            self._until = asyncio.get_running_loop().time() + self._left

    async def _sit(self) -> None:
        try:
            if door := await self._where():
                self._seats.append(await self._slots.take(f"sites at {door}", SITES, self._on_wait))
            room = SITES_PER_PROCESSOR * processors()
            self._seats.append(await self._slots.take("sites on this machine", room, self._on_wait))
        except BaseException:  # cancelled between the two: whoever comes next takes both
            self._stand_up()
            raise

    def _stand_up(self) -> None:
        while self._seats:
            self._seats.pop().free()

    def _leave(self) -> None:
        """The last of them gives the seats to another site: evidence that waits to be judged needs none."""
        if self._inside:
            return
        if self._until is not None:
            self._left = self._until - asyncio.get_running_loop().time()
            self._until = None
        self._stand_up()

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
