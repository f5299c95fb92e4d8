"""Follows an entrance in Chromium and reads what stands there, frames of other hosts included."""
import asyncio
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field, replace

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.gather.browser import quietly
from pytest_govsite.gather.opening import browser_fault
from pytest_govsite.gather.rendering import CAPTURE_SECONDS, Rendered, capture, capture_script, settle
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.login_page import LoginPage, read_login_page
from pytest_govsite.reading.logins import Entrance, squeezed

PRESS_SECONDS = 5
REACTION_SECONDS = 6
FRAMES = 6
# the first visible element of those words, else the first at all
FIND = """([tag, words]) => {
  const plain = (text) => (text || "").normalize("NFKC").replace(/[\\s/|、·&>»›!！:：,，。()（）\\[\\]【】<«‹-]+/g, "");
  const says = (one) => [one.innerText, one.value, one.title, one.alt, one.querySelector("img") && one.querySelector("img").alt];
  const found = [...document.querySelectorAll(tag)].filter((one) => says(one).some((text) => text && plain(text) === words));
  return found.find((one) => one.getClientRects().length) || found[0] || null;
}"""
PASSWORDS = "() => [...document.querySelectorAll('input[type=password]')].filter((one) => one.getClientRects().length).length"
MORE_PASSWORDS = f"(before) => ({PASSWORDS})() > before"


@dataclass(frozen=True)
class View:
    """One document that a visitor sees: the page, or a frame of another host in it."""

    url: str
    html: str = field(repr=False)


@dataclass(frozen=True)
class Stand:
    """Where an entrance led. url: of the page or frame with the form, of the page without one; unread: why nobody saw it."""

    url: str = ""
    page: LoginPage = LoginPage()
    views: tuple[View, ...] = field(default=(), repr=False)
    unread: Missing | None = None
    shot: str | None = None


async def look(session: Session, url: str) -> tuple[View, ...] | Missing:
    """What stands at an address, in Chromium."""
    async with session.rendered(url, first=True, looking=True) as (tab, seen):
        fault = await browser_fault(session, seen, url)
        return fault or await views_of(tab, seen)


async def follow(session: Session, url: str, take: bool = True) -> Stand:
    """Opens an address; with a picture of the login form, where there is one, unless `take` is off."""
    async with session.rendered(url, first=True, looking=True) as (tab, seen):
        if fault := await browser_fault(session, seen, url):
            return Stand(url, unread=fault)
        return await _stand(session, tab, take, seen)


async def press(session: Session, page: str, entrance: Entrance) -> Stand:
    """Clicks what has no address of its own, and sees what comes of it: another page, a window, a layer."""
    async with session.rendered(page, first=True) as (tab, seen):
        if fault := await browser_fault(session, seen, page):
            return Stand(page, unread=fault)
        try:
            return await _press(session, tab, entrance)
        except PlaywrightError as error:
            return Stand(page, unread=Missing(Reason.UNCLEAR, f"点击“{entrance.text}”没有成功：{type(error).__name__}", page))


async def views_of(tab: Tab, seen: Rendered | None = None) -> tuple[View, ...]:
    """The page and the frames in it; those of other hosts cannot be written in place. Frames come first.

    seen: the page, where it was read just now.
    """
    main = await capture(tab) if seen is None else {"url": seen.final_url, "html": seen.dom}
    found = [View(main["url"], main["html"])]
    for frame in tab.frames[1:FRAMES + 1]:
        if not frame.url.startswith("http"):
            continue
        try:
            seen = await asyncio.wait_for(frame.evaluate(capture_script()), CAPTURE_SECONDS)
        except (PlaywrightError, TimeoutError):
            continue  # it went away, or never came to rest; the page says without it what it says
        found.insert(-1, View(seen["url"], seen["html"]))
    return tuple(found)


def form_in(views: Iterable[View]) -> tuple[View, LoginPage] | None:
    """The document with a form to log in or to register with."""
    read = ((view, read_login_page(view.html, view.url)) for view in views)
    return next(((view, page) for view, page in read if page.purpose), None)


async def race(*waits: Awaitable, seconds: float) -> bool:
    """Waits until the first of these events came; False when none did in time."""
    waiting = tasks = {asyncio.ensure_future(wait) for wait in waits}
    came = False
    try:
        async with asyncio.timeout(seconds):
            while waiting and not came:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                came = any(not task.cancelled() and task.exception() is None for task in done)
    except TimeoutError:
        pass
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return came


async def _press(session: Session, tab: Tab, entrance: Entrance) -> Stand:
    target = (await tab.evaluate_handle(FIND, [entrance.tag, squeezed(entrance.text)])).as_element()
    if target is None:
        return Stand(tab.url, unread=Missing(Reason.UNCLEAR, f"没有找到“{entrance.text}”按钮", tab.url))
    opened: list[Tab] = []
    tab.on("popup", lambda window: opened.append(window))  # Playwright cannot wrap the method of a list
    before, fields = tab.url, await tab.evaluate(PASSWORDS)
    waits = (
        tab.wait_for_event("popup", timeout=REACTION_SECONDS * 1000),
        tab.wait_for_url(lambda url: url != before, timeout=REACTION_SECONDS * 1000, wait_until="commit"),
        tab.wait_for_function(MORE_PASSWORDS, arg=fields, timeout=REACTION_SECONDS * 1000),
    )
    came, _ = await asyncio.gather(race(*waits, seconds=REACTION_SECONDS), _click(target))
    if not came and tab.url == before and not opened:
        return Stand(before, unread=Missing(Reason.UNCLEAR, f"点击“{entrance.text}”后没有反应", before))
    return await _after(session, tab, opened)


async def _click(target) -> None:
    try:
        await target.click(timeout=PRESS_SECONDS * 1000, no_wait_after=True)
    except PlaywrightError:  # covered or not in sight: a script may still listen
        await target.dispatch_event("click")


async def _after(session: Session, tab: Tab, opened: list[Tab]) -> Stand:
    arrived = opened[0] if opened else tab
    try:
        await arrived.wait_for_load_state("domcontentloaded", timeout=session.settings.page_deadline * 1000)
        await settle(arrived)
        return await _stand(session, arrived, True)
    finally:
        for window in opened:
            await quietly(window.close())


async def _stand(session: Session, tab: Tab, take: bool, seen: Rendered | None = None) -> Stand:
    views = await views_of(tab, seen)
    found = form_in(views)
    if not found:
        return Stand(views[-1].url, LoginPage(), views)
    view, page = found
    shot = await session.album.take(tab, "page", view.url) if take else None
    return replace(Stand(view.url, page, views), shot=shot)
