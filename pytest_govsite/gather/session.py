"""All that the gatherers of one site share: its way out, its tabs, its pictures, and the evidence gathered so far."""
import asyncio
import gzip
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from playwright.async_api import BrowserContext
from playwright.async_api import Page as Tab

from pytest_govsite.gather.allowance import Allowance
from pytest_govsite.gather.browser import BrowserGone, Browsers, quietly
from pytest_govsite.gather.control import Control
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.http import Fetcher
from pytest_govsite.gather.kept import Documents
from pytest_govsite.gather.known_links import KnownLinks
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.rendering import Rendered, render
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.shots import Album, name_of
from pytest_govsite.gather.softness import Softness
from pytest_govsite.gather.tabs import Tabs, may_have_gone_back
from pytest_govsite.gather.way import Way
from pytest_govsite.model.evidence import Evidence
from pytest_govsite.model.missing import NETWORK_FAULTS, Blame, Missing, Reason
from pytest_govsite.model.site import Site
from pytest_govsite.reading.masking_pages import masked_page
from pytest_govsite.storage import objects

TAB_SECONDS = 20
TABS = 6  # at once on one site: polite, and more gains nothing on two cores
SPARED = 2  # of them: not for those in a hurry

T = TypeVar("T")
Gatherer = Callable[["Session"], Awaitable[Evidence | Missing]]


@dataclass
class Shelf:
    """What was learnt from the pages of a site, so that nothing is read or tried twice.

    readings  articles by address; pages: inner pages that were opened to be read, by address.
    dateless  by template of articles: how often Chromium showed no date either; dated: templates whose date a script writes.
    refusals  by host: how often Chromium was refused as well.
    softness  how the site answers for pages that it does not have; None: not asked yet.
    """

    readings: dict[str, asyncio.Task] = field(default_factory=dict)
    dateless: Counter[str] = field(default_factory=Counter)
    dated: set[str] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)
    softness: Softness | None = None
    pages: Documents = field(default_factory=Documents)
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def lock(self, name: str) -> asyncio.Lock:
        """One at a time for each name."""
        return self._locks.setdefault(name, asyncio.Lock())


class Session:
    """One site while its evidence is gathered. `evidence(kind)` gathers each kind once, whoever asks first.

    others   the slots for hosts of others, which all sites of a process share; neighbours: the Fetcher that takes them.
    """

    def __init__(
        self, site: Site, settings: Settings, browsers: Browsers, folder: Path, gatherers: dict[str, Gatherer],
        resolver: Resolver, control: Control, others: Pace | None = None,
    ) -> None:
        self.site = site
        self.settings = settings
        self.way = Way.of(site, settings, resolver)
        self.fetcher = Fetcher(self.way, settings)
        self.neighbours = Fetcher(self.way, settings, pace=others)
        self.known_links = KnownLinks(folder, settings)
        self.exit = Exit(self.way)
        self.browsers = browsers
        self.control = control
        self.album = Album(folder, site.id)
        self.seed = settings.seed_for(site.id)
        self.home_tab: Tab | None = None
        self.home: Rendered | None = None
        self.browsing = Allowance(settings.rendered_pages)
        self.shelf = Shelf()
        self._folder = folder
        self._gatherers = gatherers
        self._tasks: dict[str, asyncio.Task] = {}
        self._shared: dict[str, asyncio.Task] = {}
        self._stack = AsyncExitStack()
        self._context: asyncio.Task | None = None
        self._outside: asyncio.Future[bool] | None = None
        self._tabs = Tabs(TABS, SPARED, self._new_tab)

    async def evidence(self, kind: str) -> Evidence | Missing:
        """The evidence of this kind, gathered at the first call."""
        if kind not in self._tasks:
            self._tasks[kind] = asyncio.ensure_future(self._gatherers[kind](self))
        return await asyncio.shield(self._tasks[kind])

    async def once(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """What several gatherers share and is no evidence of its own: made at the first call."""
        if name not in self._shared:
            self._shared[name] = asyncio.ensure_future(make())
        return await asyncio.shield(self._shared[name])

    async def render(self, url: str) -> tuple[Tab | None, Rendered | Missing]:
        """Opens a page in a new tab of this site's context; the caller closes the tab."""
        try:
            tab = await self._new_tab()
        except BrowserGone as gone:
            return None, gone.missing
        return tab, await render(tab, url, self.exit, self.settings.page_deadline)

    async def _new_tab(self) -> Tab:
        """Raises BrowserGone. A browser that died meanwhile is replaced, once."""
        context = await self._shared_context()
        try:
            return await asyncio.wait_for(context.new_page(), TAB_SECONDS)
        except Exception:  # a dead driver raises nothing better
            await self.browsers.discard(context)
            if self._context and self._context.done() and self._context.result() is context:
                self._context = None
        context = await self._shared_context()
        try:
            return await asyncio.wait_for(context.new_page(), TAB_SECONDS)
        except Exception as error:
            raise BrowserGone(Missing(Reason.BROWSER_DIED, str(error).partition("\n")[0][:150])) from error

    def tab(self, first: bool = False, looking: bool = False) -> AbstractAsyncContextManager[Tab]:
        """An empty tab that is given back at the end, few at once. Raises BrowserGone.

        first: others wait for what is looked at, so that it goes before what waits; looking: see Tabs.tab.
        """
        return self._tabs.tab(first, looking)

    @asynccontextmanager
    async def rendered(self, url: str, *, first: bool = False, looking: bool = False):
        """A page in a tab that is given back at the end: yields (tab, Rendered | Missing). first, looking: as for `tab`."""
        async with AsyncExitStack() as stack:
            try:
                tab, seen = await self._shown(stack, url, first, looking)
            except BrowserGone as gone:
                tab, seen = None, gone.missing
            yield tab, seen

    async def _shown(self, stack: AsyncExitStack, url: str, first: bool, looking: bool) -> tuple[Tab, Rendered | Missing]:
        """In a tab that may have shown others before; in a new one where that, or a browser's death, may be why it is not seen."""
        tab, before = await stack.enter_async_context(self._tabs.lent(first, looking, url))
        seen = await render(tab, url, self.exit, self.settings.page_deadline)
        died = isinstance(seen, Missing) and seen.reason is Reason.BROWSER_DIED
        if not (died or may_have_gone_back(seen, before)):
            if isinstance(seen, Missing) and seen.reason is Reason.TIMEOUT:
                await quietly(tab.close())  # it may hang: nothing can be cleared in it for the next page
            return tab, seen
        tab, seen = await self.render(url)
        if tab is None:
            raise BrowserGone(seen)
        stack.push_async_callback(quietly, tab.close())
        return tab, seen

    def keep_dom(self, url: str, dom: str) -> None:
        """Stores the rendered document, masked and compressed, for whoever is challenged on a finding."""
        path = Path("sites", self.site.id, "dom", f"{name_of(url)}.html.gz")
        objects.put(self._folder, path, gzip.compress(masked_page(dom).encode("utf-8", "replace"), compresslevel=6, mtime=0))

    async def sees_world(self) -> bool:
        """Can hosts of others be called dead from here?

        Not where the well-known ones are out of reach too, or something else answers in their place (captive portals).
        """
        if self._outside is None:
            demo = bool(self.settings.nat)  # its name server knows all there is
            self._outside = asyncio.ensure_future(asyncio.sleep(0, True) if demo else self.control.network_works(self.way))
        return await asyncio.shield(self._outside)

    async def weighed(self, missing: Missing) -> Missing:
        """A fault of the network is not the site's where well-known hosts are out of reach, too."""
        if missing.reason not in NETWORK_FAULTS or missing.blame is not Blame.SITE or self.way.is_named(missing.url):
            return missing
        if await self.sees_world():
            return missing
        return replace(missing, reason=Reason.NO_NETWORK, detail=missing.says)

    async def proxy(self) -> str:
        """Address of this site's way out, for browsers."""
        return await self.exit.start()

    async def close(self) -> None:
        """Cancels what is under way and gives back tabs, sockets and contexts."""
        tasks = [*self._tasks.values(), *self._shared.values(), *self.shelf.readings.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tabs.close()
        if self._context:
            await asyncio.gather(self._context, return_exceptions=True)
        await self._stack.aclose()
        await self.fetcher.close()
        await self.neighbours.close()
        await self.exit.close()

    async def _shared_context(self) -> BrowserContext:
        if self._context is None:
            self._context = asyncio.ensure_future(self._open_context())
        return await asyncio.shield(self._context)

    async def _open_context(self) -> BrowserContext:
        proxy = await self.proxy()
        return await self._stack.enter_async_context(self.browsers.context("chromium", proxy, self.settings))
