"""What a page does after a key or a click: opens a window, goes elsewhere, asks its server, says something, or nothing."""
import asyncio
from collections.abc import Callable

from playwright.async_api import Dialog, Frame, Request
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.gather.browser import quietly
from pytest_govsite.gather.search_traffic import Traffic

NOTHING_SECONDS = 3.0  # a page that has not stirred by then does nothing
THEN_SECONDS = 2.5  # after a question to its server a page may still go elsewhere
ARRIVE_SECONDS = 20.0
ERROR_SECONDS = 1.5
BLANK_SECONDS = 4.0  # a window opened empty, before its address is set
DATA = ("xhr", "fetch", "script", "websocket")
MOST_WORDS = 200
MOST_WINDOWS, MANY = 4, 50


class Stir:
    """Listens to one tab from before a key is pressed. Used as a context; windows that were opened are closed at its end.

    dialogs  words of alerts, which are dismissed; errors: of scripts, since listening began.
    address  where it last went, or tried to; traffic: what was asked since the key was pressed.
    """

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.windows: list[Tab] = []
        self.address = ""
        self.traffic = Traffic(tab.context)
        self._going = self._arrived = self._asked = self._lost = False
        self._news = asyncio.Event()
        self._heard = {
            "popup": self._on_window, "dialog": self._on_dialog, "pageerror": self._on_error, "framenavigated": self._on_arrival,
            "requestfailed": self._on_failed,
        }

    async def __aenter__(self) -> "Stir":
        for name, listener in self._heard.items():
            self.tab.on(name, listener)
        self.tab.context.on("request", self._on_request)
        await self.traffic.__aenter__()
        return self

    async def __aexit__(self, *raised) -> None:
        for name, listener in self._heard.items():
            self.tab.remove_listener(name, listener)
        self.tab.context.remove_listener("request", self._on_request)
        await self.traffic.__aexit__(*raised)
        for window in self.windows:
            await quietly(window.close())

    def restart(self) -> None:
        """Forgets what stirred so far: the next key is another matter. Words and errors stay."""
        self._going = self._arrived = self._asked = self._lost = False
        self.traffic.restart()

    async def outcome(self) -> Tab | None:
        """The tab in which the answer shows, this one where the page stays and asks its server; None: nothing happened."""
        if not await self._until(lambda: self._going or self._asked or self._arrived or self.windows, NOTHING_SECONDS):
            return None
        if self._asked and not self._going:
            await self._until(lambda: self._going or self._arrived or self.windows, THEN_SECONDS)
        if self._going and not self.windows:
            await self._until(lambda: self._arrived or self._lost or self.windows, ARRIVE_SECONDS)
        if self._lost and not self._arrived and not self.windows:  # the error page of the browser is about to come
            await self._until(lambda: self._arrived or self.windows, ERROR_SECONDS)
        return await self._opened(self.windows[-1]) if self.windows else self.tab

    async def _opened(self, window: Tab) -> Tab:
        try:
            if window.url in ("", "about:blank"):
                await window.wait_for_url(lambda url: url not in ("", "about:blank"), timeout=BLANK_SECONDS * 1000, wait_until="commit")
            await window.wait_for_load_state("domcontentloaded", timeout=ARRIVE_SECONDS * 1000)
        except PlaywrightError:
            pass  # whoever reads it will see that there is nothing
        return window

    async def _until(self, holds: Callable[[], object], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return bool(holds())
        return True

    async def _on_window(self, window: Tab) -> None:
        if len(self.windows) >= MOST_WINDOWS:
            await quietly(window.close())
            return
        self.windows.append(window)
        window.on("dialog", self._on_dialog)
        self._news.set()

    async def _on_dialog(self, dialog: Dialog) -> None:
        if len(self.dialogs) < MANY:
            self.dialogs.append(" ".join(dialog.message.split())[:MOST_WORDS])
        self._news.set()
        await quietly(dialog.dismiss())

    def _on_error(self, error) -> None:
        if len(self.errors) < MANY:
            self.errors.append(" ".join(str(error).split())[:MOST_WORDS])

    def _on_request(self, request: Request) -> None:
        try:
            mine = request.frame.page == self.tab
        except PlaywrightError:  # of a window that is only about to open
            mine, self._going = False, self._going or request.is_navigation_request()
            self.address = request.url
        if mine and request.is_navigation_request() and request.frame == self.tab.main_frame:
            self._going, self.address = True, request.url
        elif mine and (request.resource_type in DATA or request.is_navigation_request()):
            self._asked = True
        self._news.set()

    def _on_arrival(self, frame: Frame) -> None:
        if frame == self.tab.main_frame:
            self._arrived = True
            self._news.set()

    def _on_failed(self, request: Request) -> None:
        if request.is_navigation_request():
            self._lost = True
            self._news.set()
