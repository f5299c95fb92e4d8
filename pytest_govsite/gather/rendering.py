"""Opens one page in a browser and says what was sent and what a visitor sees."""
import asyncio
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab
from playwright.async_api import Response as TabResponse
from playwright.async_api import TimeoutError as PlaywrightTimeout

from pytest_govsite.gather.browser_words import read_error
from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.http import decode
from pytest_govsite.gather.listening import Listener
from pytest_govsite.gather.unseen import late, unseen
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.walls import is_wall

QUIET_SECONDS = 4  # after load: how long late lists and footers may take
LOAD_SECONDS = 12  # slow pictures and third parties are not waited for longer
HOP_SECONDS = 5  # a page without text that is about to send the visitor on
CAPTURE_SECONDS = 15
LARGEST = 8 * 1024 * 1024


@dataclass
class Rendered:
    """A page as one engine showed it.

    sent: HTML of the last main document as the server sent it; dom: the rendered document, with `hidden` on what CSS
    hides and frames of the same site written in place. visible, all: characters of text without white space.
    mixed: addresses blocked as mixed content; failed: other sub-resources that did not load. scripts: texts of the
    functions that the page's own onclick attributes call.
    """

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    sent: str
    dom: str
    title: str
    visible: int
    all: int
    pictured: bool
    overflow: int
    redirects: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    failed: dict[str, Reason] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        """Nothing to see: a few characters and no picture."""
        return self.visible < 10 and not self.pictured

    @property
    def hidden(self) -> bool:
        """The text is there, but a visitor sees next to none of it."""
        return self.all >= 200 and self.visible < 60 and self.visible < self.all / 10 and not self.pictured


class Unreadable(PlaywrightError):
    """The page is open, and our own look at it failed: deeper than a stack holds, or its scripts took what ours need."""


async def render(tab: Tab, url: str, exit: Exit, deadline: float, patience: float = HOP_SECONDS) -> Rendered | Missing:
    """Opens `url` in the tab and waits until it is quiet. Never raises for what the page or the browser does.

    patience: seconds that a page without anything to see may take to send the visitor on.
    """
    heard = Listener(tab, exit)
    try:
        async with asyncio.timeout(deadline + QUIET_SECONDS + LOAD_SECONDS + CAPTURE_SECONDS):
            return await _open(tab, url, heard, deadline, patience)
    except (TimeoutError, PlaywrightTimeout):
        return await late(heard, url, deadline)
    except Unreadable as error:
        return Missing(Reason.CRASH, f"页面已打开，未能读取：{str(error).partition(chr(10))[0][:100]}", url)
    except PlaywrightError as error:
        return unseen(heard, url, error)
    finally:
        heard.leave()


async def _open(tab: Tab, url: str, heard: Listener, deadline: float, patience: float) -> Rendered | Missing:
    await tab.goto(url, wait_until="domcontentloaded", timeout=deadline * 1000)
    await settle(tab)
    await _pass_wall(tab, heard)
    seen = await _capture_after_hops(tab, patience)
    response = heard.documents[-1] if heard.documents else None
    if response is None:
        return Missing(Reason.NOT_HTML, "", url)
    headers = await response.all_headers()
    kind = headers.get("content-type", "text/html")
    if "html" not in kind and "xml" not in kind:
        return Missing(Reason.NOT_HTML, kind[:60], url)
    if len(seen["html"]) > LARGEST:
        return Missing(Reason.TOO_LARGE, f"{len(seen['html']) // 1048576} MB", url)
    # a script that goes back to nothing leaves a document behind whose end never comes
    sent = await _body(response, headers) if seen["url"].startswith("http") else ""
    return Rendered(
        url=url, final_url=seen["url"], status=response.status, headers=headers, sent=sent,
        dom=seen["html"], title=seen["title"][:300], visible=seen["visible"], all=seen["all"], pictured=seen["pictured"],
        overflow=seen["overflow"], redirects=tuple(dict.fromkeys(r.url for r in heard.documents)),
        errors=tuple(heard.errors), mixed=tuple(dict.fromkeys(heard.mixed)), failed=dict(heard.failed),
        scripts=tuple(seen["called"]),
    )


async def settle(tab: Tab) -> None:
    """Waits for load and then for a quiet network, each within its limit."""
    for state, seconds in (("load", LOAD_SECONDS), ("networkidle", QUIET_SECONDS)):
        try:
            await tab.wait_for_load_state(state, timeout=seconds * 1000)
        except PlaywrightTimeout:
            continue


async def _pass_wall(tab: Tab, heard: Listener) -> None:
    """An anti-bot wall lets a real browser through after a reload; two tries, then it stays a wall."""
    for _ in range(2):
        response = heard.documents[-1] if heard.documents else None
        if response is None or not is_wall(response.status, response.headers, ""):
            return
        await tab.reload(wait_until="domcontentloaded", timeout=LOAD_SECONDS * 1000)
        await settle(tab)


async def _capture_after_hops(tab: Tab, patience: float) -> dict:
    """Captures the page; one that shows nothing may still send the visitor on (script, timer, http-equiv refresh)."""
    seen = await capture(tab)
    for _ in range(3):
        if seen["visible"] >= 10 or seen["pictured"]:
            return seen
        before = tab.url
        try:
            await tab.wait_for_url(lambda url: url != before, timeout=patience * 1000, wait_until="domcontentloaded")
        except PlaywrightTimeout:
            return seen
        await settle(tab)
        seen = await capture(tab)
    return seen


async def capture(tab: Tab) -> dict:
    """What a visitor sees, see capture.js; a page that navigates meanwhile is captured again. Raises Unreadable, PlaywrightError."""
    for last in (False, False, True):
        try:
            return await asyncio.wait_for(tab.evaluate(capture_script()), CAPTURE_SECONDS)
        except PlaywrightError as error:
            left = "context was destroyed" in str(error)
            if not left and read_error(str(error)) is Reason.UNREACHABLE:
                raise Unreadable(str(error)) from error
            if last or not left:
                raise
            await settle(tab)
    raise AssertionError("the last try ends it")


async def _body(response: TabResponse, headers: dict[str, str]) -> str:
    try:
        return decode(await asyncio.wait_for(response.body(), CAPTURE_SECONDS), headers.get("content-type", ""))
    except (PlaywrightError, TimeoutError):
        return ""


@cache
def capture_script() -> str:
    """The function that a page runs to say what a visitor sees, for whatever drives the browser."""
    return files("pytest_govsite.gather").joinpath("capture.js").read_text(encoding="utf-8")
