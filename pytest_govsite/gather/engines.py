"""The home page in every mainstream browser engine that this machine has."""
import asyncio
import dataclasses

from playwright.async_api import Error as PlaywrightError

from pytest_govsite.gather.browser import BrowserGone
from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.installed import WebKitGtk, find_webkit, find_webkit_gtk
from pytest_govsite.gather.rendering import Rendered, render
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.webkitgtk import GtkView, look
from pytest_govsite.model.evidence import EngineName, Engines, EngineView
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.marks import read_marks
from pytest_govsite.reading.text import visible_text

HOP_SECONDS = 1.5
OTHERS: tuple[EngineName, ...] = ("firefox", "webkit")
TEXT_MARKS = ("网站标识码", "ICP备案编号", "公安机关备案标识", "网站主办单位")


async def gather(session: Session) -> Engines | Missing:
    """One view per engine; an engine that is not installed is a Missing of its own, said aloud."""
    await session.evidence("home")
    if session.home is None:
        return await session.evidence("home")
    gtk = None if find_webkit() else find_webkit_gtk()
    webkit = _webkit_gtk(session, gtk) if gtk else _other(session, "webkit")
    chromium, *others = await asyncio.gather(_chromium(session), _other(session, "firefox"), webkit)
    return Engines({"chromium": chromium, **dict(zip(OTHERS, others, strict=True))})


async def _chromium(session: Session) -> EngineView:
    """The home page was opened in Chromium already: the same tab is looked at, not loaded again."""
    shot = await session.album.take(session.home_tab, "page", session.home.url) if session.home_tab else None
    return _view("chromium", await session.browsers.version("chromium"), session.home, shot)


async def _other(session: Session, engine: EngineName) -> EngineView | Missing:
    try:
        proxy = await session.proxy()
        async with session.browsers.context(engine, proxy, session.settings) as context:
            tab = await context.new_page()
            # Chromium has waited for script redirects already: this is where it came to rest
            seen = await render(tab, session.home.final_url, session.exit, session.settings.page_deadline, HOP_SECONDS)
            if isinstance(seen, Missing):
                return seen
            shot = await session.album.take(tab, "page", session.home.url, engine)
            return _view(engine, await session.browsers.version(engine), seen, shot)
    except BrowserGone as gone:
        return gone.missing
    except PlaywrightError as error:
        return Missing(Reason.BROWSER_DIED, f"{engine}：{str(error).splitlines()[0][:150]}", session.site.url)


async def _webkit_gtk(session: Session, programs: WebKitGtk) -> EngineView | Missing:
    settings, path = session.settings, session.album.path("page", session.home.url, "webkit")
    way_out = Exit(session.way, cut=True)
    try:
        view = await asyncio.to_thread(
            look, programs, session.home.final_url, await way_out.start(), session.album.folder / path,
            trust_all=bool(settings.ca_file), deadline=settings.page_deadline,
        )
    finally:
        await way_out.close()
    return view if isinstance(view, Missing) else _gtk_view(session, view, path.as_posix())


def _gtk_view(session: Session, view: GtkView, shot: str) -> EngineView:
    """WebDriver tells neither script errors nor blocked addresses: blank and hidden pages it does tell."""
    seen = dataclasses.replace(
        session.home, dom=view.seen["html"], visible=view.seen["visible"], all=view.seen["all"],
        pictured=view.seen["pictured"], overflow=view.seen["overflow"], errors=(),
    )
    return _view("webkit", view.version, seen, shot)


def _view(engine: EngineName, version: str, seen: Rendered, shot: str | None) -> EngineView:
    return EngineView(
        engine=engine, version=version, text_length=seen.visible, blank=seen.blank, hidden=seen.hidden,
        errors=seen.errors, mixed=seen.mixed, footer_lost=bool(seen.mixed) and _has_no_footer(seen),
        width_overflow=seen.overflow, failed=tuple(sorted(seen.failed)), shot=shot,
        sent_text_length=len("".join(visible_text(seen.sent).split())),
    )


def _has_no_footer(seen: Rendered) -> bool:
    marks = dict(read_marks(seen.dom, base_url=seen.final_url, blocked=seen.mixed))
    return all(marks[name].state in ("absent", "blocked") for name in TEXT_MARKS)
