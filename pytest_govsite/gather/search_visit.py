"""One search as a visitor makes it: opens the page, types, presses Enter or the button, and sees what comes."""
import asyncio
from dataclasses import dataclass, replace

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.gather.browser import BrowserGone
from pytest_govsite.gather.rendering import Rendered, render
from pytest_govsite.gather.search_answer import ASK_SECONDS, BUSY, Answer, Ask, read_answer
from pytest_govsite.gather.search_page import CLICK_SECONDS, Place, Survey, changed, press, survey, watched
from pytest_govsite.gather.search_stir import Stir
from pytest_govsite.gather.search_traffic import Traffic
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.search_box import Box, Opener, buttons
from pytest_govsite.reading.walls import is_refusal, is_wall

OPEN_SECONDS = 2.0  # a layer that opens
ENTER = 0  # the first way to send a query; then the buttons, the likeliest first


@dataclass(frozen=True)
class Entrance:
    """Where a visitor searches.

    page    address of the page with the box; opener: what has to be clicked there before the box shows.
    linked  only a link leads from the home page to that page; broken: scripts that the server does not have.
    """

    page: str
    box: Box
    opener: Opener | None = None
    linked: bool = False
    broken: tuple[str, ...] = ()

    @property
    def acts(self) -> range:
        """The ways to send a query: Enter, then each button."""
        return range(1 + len(buttons(self.box)))


async def visit(session: Session, entrance: Entrance, act: int, ask: Ask) -> Answer:
    """One query as a visitor. Never raises for what the page does."""
    try:
        async with asyncio.timeout(2 * ASK_SECONDS), session.rendered(entrance.page, first=True) as (tab, seen):
            if fault := await fault_of(session, seen, entrance.page):
                return Answer(ask, "wall" if fault.reason is Reason.WALL else "lost", entrance.page, missing=fault)
            async with Stir(tab) as stir:
                return await _search(session, tab, stir, entrance, act, ask, seen.errors)
    except TimeoutError:
        return Answer(ask, "lost", entrance.page, missing=Missing(Reason.TIMEOUT, "搜索", entrance.page))
    except PlaywrightError as error:
        return Answer(ask, "lost", missing=Missing(Reason.BROWSER_DIED, str(error).partition("\n")[0][:150], entrance.page))


async def ask_directly(session: Session, address: str, ask: Ask) -> Answer:
    """The same query by the address of its results, where the address shows the query."""
    try:
        async with session.tab(first=True, looking=True) as tab, Traffic(tab.context) as traffic:
            seen = await render(tab, address, session.exit, session.settings.page_deadline)
            if isinstance(seen, Missing):
                return Answer(ask, "lost", address, missing=await session.weighed(seen))
            return await read_answer(session, tab, ask, traffic)
    except BrowserGone as gone:
        return Answer(ask, "lost", address, missing=gone.missing)


async def fault_of(session: Session, seen: Rendered | Missing, url: str) -> Missing | None:
    """Why the page with the box could not be opened; None when it could."""
    if isinstance(seen, Missing):
        return replace(await session.weighed(seen), url=url)
    if is_wall(seen.status, seen.headers, seen.dom) or is_refusal(seen.status) or seen.status == 429:
        return Missing(Reason.WALL, f"HTTP {seen.status}", url)
    return Missing(Reason.HTTP_ERROR, f"HTTP {seen.status}", url) if seen.status >= 400 else None


async def _search(
    session: Session, tab: Tab, stir: Stir, entrance: Entrance, act: int, ask: Ask, errors_before: tuple[str, ...],
) -> Answer:
    found, place = await find_place(tab, entrance)
    if place is None or not await _type(place, ask.query):
        return Answer(ask, "unclear", tab.url, missing=Missing(Reason.UNCLEAR, "搜索框无法输入", tab.url))
    before = {*errors_before, *stir.errors}
    stir.restart()
    await _send(place, act)
    where = await stir.outcome()
    errors = (*(error for error in stir.errors if error not in before), *found.broken)
    if where is None:
        return replace(_nothing(ask, tab.url, stir), errors=errors)
    answer = await read_answer(session, where, ask, stir.traffic, address=stir.address)
    if answer.kind == "unclear" and where is tab and _is_same_page(tab.url, entrance.page):
        return replace(_nothing(ask, tab.url, stir), errors=errors)
    return replace(answer, window=where is not tab, errors=errors)


async def find_place(tab: Tab, entrance: Entrance) -> tuple[Survey, Place | None]:
    """The box of the entrance on the page just opened, its layer opened if it has one; None when it is not there."""
    found = await survey(tab)
    if entrance.opener and await open_layer(tab, found, entrance.opener):
        found = await survey(tab)
    same = (place for place in found.shown if place.box.sign == entrance.box.sign)
    return found, next(same, None) or next(iter(found.shown), None)


async def open_layer(tab: Tab, found: Survey, opener: Opener) -> bool:
    """Clicks an icon that opens a layer and waits for it; False when the icon is not there."""
    same = ((frame, one) for frame, one in found.openers if (one.words, one.signs) == (opener.words, opener.signs))
    frame, one = next(same, (None, opener))
    known = await watched(tab)
    if frame is None or not await press(frame, f'[data-govsite-opener="{one.number}"]'):
        return False
    await changed(tab, known, OPEN_SECONDS)
    return True


async def _type(place: Place, query: str) -> bool:
    """As a visitor: a click into the box, away with what stands there, the query, one more key; False when it does not take it."""
    field = place.locate()
    try:
        await field.click(timeout=CLICK_SECONDS * 1000)
    except PlaywrightError:
        await field.focus(timeout=CLICK_SECONDS * 1000)
    try:
        await field.fill(query, timeout=CLICK_SECONDS * 1000)
        await field.press("End", timeout=CLICK_SECONDS * 1000)
        return query.startswith((await field.input_value()).strip()[:8] or "\n")
    except PlaywrightError:
        return False


async def _send(place: Place, act: int) -> None:
    pressed = buttons(place.box)
    if act == ENTER:
        await place.locate().press("Enter", timeout=CLICK_SECONDS * 1000, no_wait_after=True)
    elif act <= len(pressed):
        await press(place.frame, f'[data-govsite-press="{place.box.number}-{pressed[act - 1].number}"]')


def _nothing(ask: Ask, url: str, stir: Stir) -> Answer:
    """The page did not go anywhere; what it said in an alert may tell why."""
    said = "；".join(stir.dialogs)
    if BUSY.search(said):
        return Answer(ask, "busy", url, missing=Missing(Reason.WALL, f"网站限制搜索频率：“{said}”", url))
    words = f"，页面提示“{said[:60]}”" if said else ""
    return Answer(ask, "unclear" if said else "nothing", url, missing=Missing(Reason.UNCLEAR, f"输入后没有反应{words}", url))


def _is_same_page(url: str, page: str) -> bool:
    """The page of the box is still there."""
    return url.partition("#")[0].rstrip("?") == page.partition("#")[0].rstrip("?")
