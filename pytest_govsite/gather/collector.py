"""One event loop in one thread per process; the only bridge between synchronous judging and asynchronous looking."""
import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from pathlib import Path

from playwright.async_api import Error as PlaywrightError

from pytest_govsite.gather import (
    accounts, addresses, annual_reports, columns, engines, families, headlines, home, leaders, links, releases, sampled, search,
    submissions, week,
)
from pytest_govsite.gather.board import shared_board, usual_folder
from pytest_govsite.gather.browser import BrowserGone, Browsers
from pytest_govsite.gather.control import Control
from pytest_govsite.gather.cutting import CutOff, answers_in, cut_off
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.offspring import OFFSPRING, Offspring
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.session import Gatherer, Session
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.slots import SLOTS, Slots
from pytest_govsite.gather.staying import Stay, door_of
from pytest_govsite.model.evidence import Evidence
from pytest_govsite.model.missing import NETWORK_FAULTS, Missing, Reason
from pytest_govsite.model.site import Site
from pytest_govsite.reading.masking_evidence import masked_evidence

GATHERERS: dict[str, Gatherer] = {
    "home": home.gather,
    "sampled": sampled.gather,
    "addresses": addresses.gather,
    "families": families.gather,
    "links": links.gather,
    "engines": engines.gather,
    "columns": columns.gather,
    "headlines": headlines.gather,
    "leaders": leaders.gather,
    "annual_reports": annual_reports.gather,
    "releases": releases.gather,
    "submissions": submissions.gather,
    "search": search.gather,
    "accounts": accounts.gather,
    "week": week.gather,
}

CLOSE_SECONDS = 30
STUCK_SECONDS = 60.0  # without a turn for anything else: a reader that never comes to an end
ANSWER_SECONDS = 5.0  # at the end nobody waits longer for it

OnEvent = Callable[[str, str, str, float], None]


class Collector:
    """Gathers evidence on request. Never raises for what a site, a network or a browser does: it yields Missing.

    settings  for all sites, or a function from a site to its settings (the demo has its own network).
    folder    the results folder, for pictures and documents.
    on_event  called as (site id, kind, "start" | "done" | "missing", seconds), from the collector's thread; with "waiting",
              again and again, while a site waits for others that live at its address.
    stuck_seconds  after which one that holds everybody up is cut off.
    Raises ValueError when the folder of the slots that all processes share cannot be used.
    """

    def __init__(
        self, settings: Settings | Callable[[Site], Settings], folder: Path, on_event: OnEvent | None = None,
        stuck_seconds: float = STUCK_SECONDS,
    ) -> None:
        self._settings_of = settings if callable(settings) else lambda site: settings
        self._folder = Path(folder)
        self._on_event = on_event or (lambda *event: None)
        self._stuck_seconds = stuck_seconds
        self._sessions: dict[str, Session] = {}
        self._stays: dict[str, Stay] = {}
        self._endings: set[asyncio.Task] = set()
        self._slots = Slots(shared_board(usual_folder()))
        self._wanted: dict[tuple[str, str], Future] = {}
        self._browsers = Browsers()
        self._offspring = Offspring()
        self._control = Control()
        self._others = Pace()
        self._resolvers: dict[str | None, Resolver] = {}
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._closing, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="govsite-collector", daemon=True)
        self._thread.start()
        threading.Thread(target=self._watch, name="govsite-watch", daemon=True).start()

    def want(self, site: Site, kind: str) -> Future:
        """A future of the evidence, or of the Missing that stands for it. Gathered once, shared by all who ask."""
        with self._lock:
            key = (site.id, kind)
            if key not in self._wanted:
                self._wanted[key] = asyncio.run_coroutine_threadsafe(self._gather(site, kind), self._loop)
            return self._wanted[key]

    def ahead(self, site: Site, kinds: tuple[str, ...]) -> None:
        """Starts gathering what will be wanted soon, so that sites overlap."""
        for kind in kinds:
            self.want(site, kind)

    def finish(self, site: Site) -> None:
        """Gives back all that is held for the site, its evidence too: what is wanted later is gathered again."""
        with self._lock:
            self._wanted = {key: wanted for key, wanted in self._wanted.items() if key[0] != site.id}
        asyncio.run_coroutine_threadsafe(self._finish(site.id), self._loop).result(CLOSE_SECONDS)

    def close(self) -> None:
        """Ends everything: no browser, no driver process and no thread is left."""
        if self._closing.is_set():
            return
        self._closing.set()
        try:
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(CLOSE_SECONDS)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runs = True
        try:
            while runs:
                with suppress(CutOff):  # which ends this only where it comes between two tasks
                    self._loop.run_forever()
                    runs = False
            self._loop.close()
        finally:
            self._ended.set()

    def _watch(self) -> None:
        """Cuts off whatever keeps the loop from its other work."""
        while not self._ended.wait(1.0):
            if not answers_in(self._loop, lambda: ANSWER_SECONDS if self._closing.is_set() else self._stuck_seconds):
                cut_off(self._thread)

    async def _gather(self, site: Site, kind: str) -> Evidence | Missing:
        began = time.monotonic()
        self._on_event(site.id, kind, "start", 0.0)
        value = masked_evidence(await self._attempt(site, kind))
        state = "missing" if isinstance(value, Missing) else "done"
        self._on_event(site.id, kind, state, time.monotonic() - began)
        return value

    async def _attempt(self, site: Site, kind: str) -> Evidence | Missing:
        if self._is_over(site):
            return self._too_late(site, kind)
        try:
            session = self._session(site)
            async with self._stay(session).visit():
                return await self._weigh(session, await session.evidence(kind))
        except (TimeoutError, CutOff):
            return self._too_late(site, kind)
        except asyncio.CancelledError:
            return self._too_late(site, kind) if self._is_over(site) else Missing(Reason.NOT_REACHED, kind, site.url)
        except BrowserGone as gone:
            return gone.missing
        except PlaywrightError as error:  # a tab, a context or the driver went away in the middle of something
            return Missing(Reason.BROWSER_DIED, str(error).partition("\n")[0][:150], site.url)
        except Exception as error:  # a crash of ours is a value too: the rules that need this evidence say so
            return Missing(Reason.CRASH, f"{kind}：{type(error).__name__}: {error}"[:200], site.url)

    async def _weigh(self, session: Session, value: Evidence | Missing) -> Evidence | Missing:
        """Asks the control probe before the site is blamed for what our own network may have done."""
        if not isinstance(value, Missing) or value.reason not in NETWORK_FAULTS or session.way.is_named(session.site.url):
            return value
        if await self._control.network_works(session.way):
            return value
        return Missing(Reason.NO_NETWORK, f"{value.says}；对照站点也打不开", value.url)

    def _stay(self, session: Session) -> Stay:
        """The embedded sites live in a network of their own, where nobody needs our restraint."""
        site, settings = session.site, session.settings
        slots = None if settings.nat else self._slots
        SLOTS.set(slots)
        OFFSPRING.set(self._offspring)
        if site.id not in self._stays:
            waiting = partial(self._on_event, site.id, "", "waiting", 0.0)
            self._stays[site.id] = Stay(slots, partial(door_of, site, session.way), settings.site_deadline, waiting)
        return self._stays[site.id]

    def _is_over(self, site: Site) -> bool:
        return site.id in self._stays and self._stays[site.id].is_over

    def _too_late(self, site: Site, kind: str) -> Missing:
        """Ends whatever is still under way on a site whose time is over."""
        if self._is_over(site) and (session := self._sessions.pop(site.id, None)):
            ending = asyncio.ensure_future(session.close())
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
        return Missing(Reason.DEADLINE, f"{kind}：{self._settings_of(site).site_deadline:.0f} 秒", site.url)

    def _session(self, site: Site) -> Session:
        if site.id not in self._sessions:
            settings = self._settings_of(site)
            if settings.nameserver not in self._resolvers:
                self._resolvers[settings.nameserver] = Resolver(settings.nameserver)
            resolver = self._resolvers[settings.nameserver]
            self._sessions[site.id] = Session(
                site, settings, self._browsers, self._folder, GATHERERS, resolver, self._control, self._others,
            )
        return self._sessions[site.id]

    async def _finish(self, site_id: str) -> None:
        self._stays.pop(site_id, None)
        session = self._sessions.pop(site_id, None)
        if session:
            await session.close()

    async def _close(self) -> None:
        if self._sessions:  # we are interrupted: nobody waits for what browsers are doing
            self._offspring.kill()
            self._browsers.kill()
        closing = (self._finish(site_id) for site_id in tuple(self._sessions))
        await asyncio.gather(*closing, *self._endings, return_exceptions=True)
        await self._browsers.close()
        self._offspring.kill()
        self._slots.close()
