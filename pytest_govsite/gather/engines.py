"""The home page and inner pages in every mainstream browser engine that this machine has."""
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from playwright.async_api import Error as PlaywrightError

from pytest_govsite.gather.beside import Views, take_beside
from pytest_govsite.gather.browser import BrowserGone
from pytest_govsite.gather.compared import Sight, compared, confirmed
from pytest_govsite.gather.compared import look as look_by_chromium
from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.installed import WebKitGtk, find_webkit, find_webkit_gtk
from pytest_govsite.gather.listening import host_port
from pytest_govsite.gather.opening import browser_fault
from pytest_govsite.gather.rendering import Rendered, render
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.webkitgtk import FAULTS, GtkView, died, running
from pytest_govsite.model.evidence import EngineName, Engines, EngineView
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.marks import read_marks
from pytest_govsite.reading.text import visible_text
from pytest_govsite.reading.walls import similar

HOP_SECONDS = 1.5
OTHERS: tuple[EngineName, ...] = ("firefox", "webkit")
TEXT_MARKS = ("网站标识码", "ICP备案编号", "公安机关备案标识", "网站主办单位")

Look = Callable[[str, Rendered], Awaitable[Sight | Missing]]
Sights = dict[str, Sight | Missing]


async def gather(session: Session) -> Engines | Missing:
    """One view of each page per engine; an engine that is not installed is a Missing of its own, said aloud.

    Others than Chromium start while it opens the home page, when the machine has nothing else to do.
    """
    shown = await asyncio.gather(_by_chromium(session), *(_by_other(session, engine) for engine in OTHERS))
    if unseen := await _unseen(session):
        return unseen
    by_engine = dict(zip(("chromium", *OTHERS), shown, strict=True))
    pages = [{engine: sights[url] for engine, sights in by_engine.items()} for url in shown[0]]
    views = dict(zip(shown[0], [await asyncio.to_thread(_views, sights) for sights in pages], strict=True))
    beside = await take_beside(session, views)
    front = session.home.url
    return Engines(views.pop(front), views, beside.pop(front, None), beside)


async def _unseen(session: Session) -> Missing | None:
    """Why there is no home page that engines could be compared by."""
    home = await session.evidence("home")
    return home if isinstance(home, Missing) and (session.home is None or home.reason is not Reason.BLANK) else None


async def _by_chromium(session: Session) -> Sights:
    """The home page was opened already: the same tab is looked at, not loaded again, unless something is amiss."""
    if await _unseen(session):
        return {}
    shot = await session.album.take(session.home_tab, "page", session.home.url) if session.home_tab else None
    home = Sight(session.home, await session.browsers.version("chromium"), shot)
    again = await look_by_chromium(session, session.home.final_url) if home.amiss else home
    return {session.home.url: again, **await compared(session)}


async def _by_other(session: Session, engine: EngineName) -> Sights:
    """All pages in one engine, which is started once; after one that it cannot open, no further ones are asked of it."""
    sights: Sights = {}
    stopped: Missing | None = None
    try:
        async with _opened(session, engine) as look:
            async for url, chromium in _pages(session):
                stopped = stopped or await _look_twice(look, url, chromium, sights)
    except BrowserGone as gone:
        stopped = gone.missing
    except FAULTS as error:
        stopped = died(error, session.site.url)
    except PlaywrightError as error:
        stopped = Missing(Reason.BROWSER_DIED, f"{engine}：{str(error).splitlines()[0][:150]}", session.site.url)
    return {url: sights.get(url, stopped) for url in [url async for url, _ in _pages(session)]}


async def _pages(session: Session) -> AsyncIterator[tuple[str, Rendered]]:
    """All pages by address, as Chromium showed them. Others start with the home page while Chromium opens inner ones."""
    if await _unseen(session):
        return
    yield session.home.url, session.home
    for url, sight in (await compared(session)).items():
        yield url, sight.seen


async def _look_twice(look: Look, url: str, chromium: Rendered, sights: Sights) -> Missing | None:
    """Notes what an engine shows; returns why it shows nothing."""
    # where Chromium came to rest: it has waited for script redirects already
    sights[url] = await confirmed(lambda: look(url, chromium))
    return sights[url] if isinstance(sights[url], Missing) else None


def _opened(session: Session, engine: EngineName):
    """A running engine: yields what looks at a page, told how Chromium showed it. Raises BrowserGone or one of FAULTS."""
    gtk = find_webkit_gtk() if engine == "webkit" and not find_webkit() else None
    return _opened_gtk(session, gtk) if gtk else _opened_by_playwright(session, engine)


@asynccontextmanager
async def _opened_by_playwright(session: Session, engine: EngineName) -> AsyncIterator[Look]:
    async with session.browsers.context(engine, await session.proxy(), session.settings) as context:
        tab, version = await context.new_page(), await session.browsers.version(engine)

        async def look(url: str, chromium: Rendered) -> Sight | Missing:
            seen = await render(tab, chromium.final_url, session.exit, session.settings.page_deadline, HOP_SECONDS)
            if fault := await browser_fault(session, seen, url):
                return fault
            return Sight(seen, version, await session.album.take(tab, "page", url, engine))

        yield look


@asynccontextmanager
async def _opened_gtk(session: Session, programs: WebKitGtk) -> AsyncIterator[Look]:
    settings, way_out = session.settings, Exit(session.way, cut=True)
    try:
        starting = running(
            programs, await way_out.start(), trust_all=bool(settings.ca_file), deadline=settings.page_deadline,
        )
        browser = await asyncio.to_thread(starting.__enter__)

        async def look(url: str, chromium: Rendered) -> Sight | Missing:
            path = session.album.path("page", url, "webkit")
            view = await asyncio.to_thread(browser.look, chromium.final_url, session.album.folder / path)
            if isinstance(view, Missing):
                return replace(view, reason=way_out.failures.get(host_port(chromium.final_url), view.reason))
            seen = _by_gtk(view, chromium, way_out)
            return await browser_fault(session, seen, url) or Sight(seen, view.version, path.as_posix())

        try:
            yield look
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)
    finally:
        await way_out.close()


def _by_gtk(view: GtkView, chromium: Rendered, way_out: Exit) -> Rendered:
    """WebDriver tells neither script errors nor blocked addresses: blank and hidden pages it does tell."""
    seen = view.seen
    return replace(
        chromium, final_url=seen["url"], status=view.status or 200, headers={}, dom=seen["html"], title=seen["title"][:300],
        visible=seen["visible"], all=seen["all"], pictured=seen["pictured"], overflow=seen["overflow"], errors=(), mixed=(),
        failed={f"https://{place}/": reason for place, reason in way_out.failures.items()},
    )


def _views(sights: Sights) -> Views:
    """The views of one page, compared with Chromium's."""
    chromium = sights["chromium"]
    text = visible_text(chromium.seen.dom) if isinstance(chromium, Sight) else None
    return {engine: _view(engine, sight, text) for engine, sight in sights.items()}


def _view(engine: EngineName, sight: Sight | Missing, text: str | None) -> EngineView | Missing:
    if isinstance(sight, Missing):
        return sight
    seen, compares = sight.seen, text is not None and engine != "chromium"
    return EngineView(
        engine=engine, version=sight.version, text_length=seen.visible, blank=seen.blank, hidden=seen.hidden,
        errors=seen.errors, mixed=seen.mixed, footer_lost=bool(seen.mixed) and _has_no_footer(seen),
        width_overflow=seen.overflow, failed=tuple(sorted(seen.failed)), shot=sight.shot,
        sent_text_length=len("".join(visible_text(seen.sent).split())),
        alike=round(similar(text, visible_text(seen.dom)), 2) if compares else None,
    )


def _has_no_footer(seen: Rendered) -> bool:
    marks = dict(read_marks(seen.dom, base_url=seen.final_url, blocked=seen.mixed))
    return all(marks[name].state in ("absent", "blocked") for name in TEXT_MARKS)
