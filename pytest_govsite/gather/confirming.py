"""Chromium's look at sites whose plain visit failed: few at a time, and no browser stays when there is nothing to do."""
import asyncio
from collections.abc import Awaitable, Callable

from pytest_govsite.gather.browser import Browsers
from pytest_govsite.model.availability import Sample
from pytest_govsite.model.site import Site

LONGEST_WAIT = 300.0  # for a turn: where so many sites fail at once, the plain second visit must do
AT_ONCE = 3  # on two cores more are no faster, and each has some 15 s to show the page

Browse = Callable[[Site, Browsers], Awaitable[Sample]]


class Confirmer:
    """Opens sites in a browser that all rounds of the process share. browse: opens one in one of these browsers."""

    def __init__(self, browse: Browse, at_once: int = AT_ONCE) -> None:
        self._browse = browse
        self._few = asyncio.Semaphore(at_once)
        self._browsers = Browsers()
        self._users = 0

    async def __call__(self, site: Site) -> Sample | None:
        """The sample of kind "browser"; None when it was not its turn for long."""
        self._users += 1
        try:
            if not await self._is_its_turn():
                return None
            try:
                return await self._browse(site, self._browsers)
            finally:
                self._few.release()
        finally:
            self._users -= 1

    async def _is_its_turn(self) -> bool:
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                return await self._few.acquire()
        except TimeoutError:
            return False

    async def rest(self) -> None:
        """Ends the browser, unless somebody waits for it: the next site gets a new one."""
        if not self._users:
            await self.close()

    async def close(self) -> None:
        """Ends the browser and its driver."""
        used, self._browsers = self._browsers, Browsers()
        await used.close()
