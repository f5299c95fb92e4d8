"""The tabs of one site: few at once, those that others wait for first, and used again where a page was only looked at."""
import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import CDPSession
from playwright.async_api import Page as Tab

from pytest_govsite.gather.browser import quietly
from pytest_govsite.gather.rendering import Rendered
from pytest_govsite.model.finding import normalised
from pytest_govsite.model.missing import Missing, Reason

EMPTY = "about:blank"
MOST_PAGES = 20  # shown in one tab: what leaks in it goes with it
CLEAR_SECONDS = 3.0
REST_SECONDS = 0.5  # nobody has taken the tab by then: its page need not go on
# what it still waits for would hold connections of the site, which the next page needs
FORGET = "() => { window.stop(); try { sessionStorage.clear() } catch {} window.name = '' }"


class Turns:
    """At most so many at once. `first` goes before those who wait, but never takes all turns: nobody waits for ever."""

    def __init__(self, most: int, spared: int) -> None:
        self._free = most
        self._firsts = most - spared
        self._waiting: tuple[deque[asyncio.Future], deque[asyncio.Future]] = deque(), deque()

    @asynccontextmanager
    async def turn(self, first: bool):
        """Waits for a turn and holds it."""
        await self._enter(first)
        try:
            yield
        finally:
            self._leave(first)

    async def _enter(self, first: bool) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting[first].append(turn)
        self._call()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(first)
            raise

    def _leave(self, first: bool) -> None:
        self._free += 1
        self._firsts += first
        self._call()

    def _call(self) -> None:
        """Whoever is next. A turn that was given up while waiting is passed over."""
        for line in self._waiting:
            while line and line[0].done():
                line.popleft()
        while self._free and (line := self._next()):
            turn = line.popleft()
            if not turn.done():
                self._free -= 1
                self._firsts -= line is self._waiting[True]
                turn.set_result(None)

    def _next(self) -> deque[asyncio.Future] | None:
        """The line whose turn it is; the last of the spared turns go to whoever is in a hurry when nobody else waits."""
        others, firsts = self._waiting
        return firsts if firsts and (self._firsts > 0 or not others) else others or None


class Tabs:
    """Gives tabs out. open_tab: opens a new one, raises BrowserGone.

    A tab that is used again costs a fifth less processor time than a new one and opens at once; a third less where it goes
    from page to page without an empty one between. Nothing of the page before is left in it but what the whole context
    shares, cookies above all: its session storage and its name are gone. What it showed last is still behind it: see `lent`.
    """

    def __init__(self, most: int, spared: int, open_tab: Callable[[], Awaitable[Tab]]) -> None:
        self._turns = Turns(most, spared)
        self._open_tab = open_tab
        self._idle: list[Kept] = []

    @asynccontextmanager
    async def tab(self, first: bool = False, looking: bool = False):
        """An empty tab. looking: nothing is clicked or typed, and no listener stays: it may be used again."""
        async with self.lent(first, looking) as (tab, _):
            yield tab

    @asynccontextmanager
    async def lent(self, first: bool = False, looking: bool = False, url: str = ""):
        """The same for one page, by its address: yields (tab, address that it shows still), EMPTY where it shows nothing.

        A script that goes back ends there.
        """
        async with self._turns.turn(first):
            kept = await self._take(url) or Kept(await self._open_tab())
            try:
                yield kept.tab, kept.tab.url
                if looking and await kept.is_clean():
                    kept.resting = asyncio.ensure_future(self._rest(kept))
                    self._idle.append(kept)
                    kept = None
            finally:
                await quietly(kept.tab.close() if kept else None)

    def close(self) -> None:
        """Nobody wants a tab any more; they go with their context."""
        for kept in self._idle:
            kept.resting.cancel()
        self._idle.clear()

    async def _take(self, url: str) -> "Kept | None":
        while self._idle:
            kept = self._idle.pop()
            try:
                usable = await kept.wakes() and kept.is_alive and (kept.may_go_to(url) or await kept.is_emptied())
            except asyncio.CancelledError:
                await quietly(kept.tab.close())
                raise
            if usable:
                return kept
            await quietly(kept.tab.close())
        return None

    async def _rest(self, kept: "Kept") -> bool:
        """Empties a tab that nobody takes; False where that does not work."""
        await asyncio.sleep(REST_SECONDS)
        kept.is_going = True
        emptied = await kept.is_emptied()
        if not emptied:
            await quietly(kept.tab.close())
        return emptied


@dataclass(eq=False)
class Kept:
    """A tab with what it takes to use it again.

    shown    how many pages; speaking: to the browser about this tab.
    resting  waits for a while and then empties the tab; is_going: it has begun to.
    """

    tab: Tab
    shown: int = 0
    speaking: CDPSession | None = None
    resting: asyncio.Task | None = None
    is_going: bool = False

    @property
    def is_alive(self) -> bool:
        """Neither the tab nor its browser has gone."""
        browser = self.tab.context.browser
        return not self.tab.is_closed() and browser is not None and browser.is_connected()

    def may_go_to(self, url: str) -> bool:
        """From where it is. Within one page there is nothing to load, and without an address nobody knows."""
        here = self.tab.url.partition("#")[0]
        return here == EMPTY or bool(url) and here != url.partition("#")[0]

    async def wakes(self) -> bool:
        """The end of its rest; False where the tab could not be emptied. What has begun is waited for: two ways at once fail."""
        if self.is_going:
            self.is_going = False
            return await asyncio.shield(self.resting)
        self.resting.cancel()
        return True

    async def is_clean(self) -> bool:
        """What the page left in the tab is gone; False where that does not work: a page that hangs, a tab that crashed."""
        self.shown += 1
        if self.shown >= MOST_PAGES or not self.is_alive:
            return False
        try:
            async with asyncio.timeout(CLEAR_SECONDS):
                await asyncio.gather(*(frame.evaluate(FORGET) for frame in self.tab.frames))
                self.speaking = self.speaking or await self.tab.context.new_cdp_session(self.tab)
                await self.speaking.send("Page.resetNavigationHistory")
        except Exception:  # a dead driver raises nothing better
            return False
        return True

    async def is_emptied(self) -> bool:
        """It shows nothing any more; False where that does not work."""
        try:
            async with asyncio.timeout(CLEAR_SECONDS):
                await self.tab.goto(EMPTY, wait_until="load")  # once committed only, the frame often is not the active one yet
                await self.speaking.send("Page.resetNavigationHistory")
        except Exception:  # a dead driver raises nothing better
            return False
        return True


def may_have_gone_back(seen: Rendered | Missing, before: str) -> bool:
    """The page sent the visitor back to what the tab showed before; in a new one it would have sent him to nothing.

    That also interrupts a page while it opens, of which the browser says no more than that it was given up.
    """
    if before == EMPTY:
        return False
    if isinstance(seen, Missing):
        return seen.reason is Reason.NOT_HTML
    return normalised(seen.final_url) == normalised(before)
