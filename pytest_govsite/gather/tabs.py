"""The tabs of one site: few at once, those that others wait for first, and used again where a page was only looked at."""
import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.gather.browser import quietly

EMPTY = "about:blank"
MOST_PAGES = 20  # shown in one tab: what leaks in it goes with it
CLEAR_SECONDS = 3.0
FORGET = "() => { try { sessionStorage.clear() } catch {} window.name = '' }"


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

    A tab that is used again costs a fifth less processor time than a new one, and none of the sixth of a second in which
    it opens. Nothing of the page before is left in it but what the whole context shares, cookies above all: its session storage,
    its name and its history are gone, for scripts go back in it.
    """

    def __init__(self, most: int, spared: int, open_tab: Callable[[], Awaitable[Tab]]) -> None:
        self._turns = Turns(most, spared)
        self._open_tab = open_tab
        self._idle: list[Kept] = []

    @asynccontextmanager
    async def tab(self, first: bool = False, looking: bool = False):
        """An empty tab. looking: nothing is clicked or typed, and no listener stays: it may be used again."""
        async with self._turns.turn(first):
            kept = self._take() or Kept(await self._open_tab())
            try:
                yield kept.tab
                if looking and await kept.is_emptied():
                    self._idle.append(kept)
                    kept = None
            finally:
                await quietly(kept.tab.close() if kept else None)

    def _take(self) -> "Kept | None":
        while self._idle:
            kept = self._idle.pop()
            if kept.is_alive:
                return kept
        return None


@dataclass
class Kept:
    """A tab with what it takes to use it again. shown: how many pages; speaking: to the browser about this tab."""

    tab: Tab
    shown: int = 0
    speaking: CDPSession | None = None

    @property
    def is_alive(self) -> bool:
        """Neither the tab nor its browser has gone."""
        browser = self.tab.context.browser
        return not self.tab.is_closed() and browser is not None and browser.is_connected()

    async def is_emptied(self) -> bool:
        """False where that does not work: a page that hangs, a tab that crashed."""
        self.shown += 1
        if self.shown >= MOST_PAGES or not self.is_alive:
            return False
        try:
            async with asyncio.timeout(CLEAR_SECONDS):
                await asyncio.gather(*(frame.evaluate(FORGET) for frame in self.tab.frames))
                await self.tab.goto(EMPTY, wait_until="commit")
                self.speaking = self.speaking or await self.tab.context.new_cdp_session(self.tab)
                await self.speaking.send("Page.resetNavigationHistory")
        except (PlaywrightError, TimeoutError):
            return False
        return True
