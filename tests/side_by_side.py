"""Invented sites gathered side by side, a few at once as in a real run: one collector, one browser, and waiting overlaps."""
import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future

from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.evidence import Evidence
from pytest_govsite.model.missing import Missing
from pytest_govsite.model.site import Site

SECONDS = 200
AHEAD = 16  # sites that are begun before they are asked for


class SideBySide:
    """One collector for many sites, `at_once` of them together. Their servers have a loop of their own."""

    def __init__(self, folder, at_once: int) -> None:
        self.folder = folder
        self._settings: dict[str, Settings] = {}
        self._collector = Collector(lambda site: self._settings[site.id], folder)
        self._slots = asyncio.Semaphore(at_once)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def submit(self, look: Callable, *args) -> Future:
        """A future of `await look(*args)`, which serves a site and sees it."""
        return asyncio.run_coroutine_threadsafe(self._in_turn(look, *args), self._loop)

    async def _in_turn(self, look: Callable, *args):
        async with self._slots:
            return await look(*args)

    async def see(self, site: Site, kind: str, settings: Settings) -> Evidence | Missing:
        """Gathers one kind of evidence about a site that is being served."""
        self._settings[site.id] = settings
        try:
            return await asyncio.wait_for(asyncio.wrap_future(self._collector.want(site, kind)), SECONDS)
        finally:
            await asyncio.to_thread(self._collector.finish, site)

    def close(self) -> None:
        """Ends browser and threads."""
        self._collector.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        self._loop.close()


class Row:
    """Sites by name, in the order in which they will be asked for: those that follow are begun ahead."""

    def __init__(self, begin: dict[str, Callable[[], Future]]) -> None:
        self._begin = begin
        self._begun: dict[str, Future] = {}

    def __call__(self, name: str):
        """What was seen of this site."""
        names = list(self._begin)
        at = names.index(name)
        for each in names[at:at + AHEAD]:
            if each not in self._begun:
                self._begun[each] = self._begin[each]()
        return self._begun[name].result(SECONDS)

    def __enter__(self) -> "Row":
        return self

    def __exit__(self, *error) -> None:
        """Ends what was begun and never asked for."""
        for begun in self._begun.values():
            begun.cancel()
