"""Opens one page in a browser and says what was sent and what a visitor sees."""
import asyncio
import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab
from playwright.async_api import Request
from playwright.async_api import Response as TabResponse
from playwright.async_api import TimeoutError as PlaywrightTimeout

from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.http import decode
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.reading.walls import is_wall

QUIET_SECONDS = 4  # after load: how long late lists and footers may take
LOAD_SECONDS = 12  # slow pictures and third parties are not waited for longer
HOP_SECONDS = 5  # a page without text that is about to send the visitor on
CAPTURE_SECONDS = 15
SILENT_SECONDS = 5  # whoever has not answered for so long is why a page is late
MANY = 50  # of errors, failures: more convince nobody
NOT_FOR_US = (401, 403, 412, 429, 521)  # what a page needs may exist, and be kept from robots
LARGEST = 8 * 1024 * 1024

_ERRORS = {
    "ERR_NAME_NOT_RESOLVED": Reason.NO_NAME, "ERR_CONNECTION_REFUSED": Reason.REFUSED, "ERR_CONNECTION_RESET": Reason.RESET,
    "ERR_EMPTY_RESPONSE": Reason.RESET, "ERR_CONNECTION_CLOSED": Reason.RESET, "ERR_TIMED_OUT": Reason.TIMEOUT,
    "ERR_CONNECTION_TIMED_OUT": Reason.TIMEOUT, "ERR_TOO_MANY_REDIRECTS": Reason.REDIRECT_LOOP, "ERR_CERT": Reason.TLS,
    "ERR_SSL": Reason.TLS, "NS_ERROR_UNKNOWN_HOST": Reason.NO_NAME, "NS_ERROR_REDIRECT_LOOP": Reason.REDIRECT_LOOP,
    "NS_ERROR_NET_RESET": Reason.RESET, "NS_ERROR_NET_EMPTY_RESPONSE": Reason.RESET, "NS_ERROR_NET_INTERRUPT": Reason.RESET,
    "NS_ERROR_CONNECTION_REFUSED": Reason.REFUSED, "NS_ERROR_NET_TIMEOUT": Reason.TIMEOUT,
    "SEC_ERROR": Reason.TLS, "SSL_ERROR": Reason.TLS, "MOZILLA_PKIX": Reason.TLS,
    "ERR_INSUFFICIENT_RESOURCES": Reason.BROWSER_DIED, "ERR_OUT_OF_MEMORY": Reason.BROWSER_DIED,
    "ERR_NETWORK_CHANGED": Reason.NO_NETWORK, "ERR_INTERNET_DISCONNECTED": Reason.NO_NETWORK,
    "closed": Reason.BROWSER_DIED, "crash": Reason.BROWSER_DIED,
}
_ADDRESS = re.compile(r"https?://\S*")
# the browser gave a page up, which no server can make it do before it has answered
_GIVEN_UP = ("ERR_ABORTED", "NS_BINDING_ABORTED", "interrupted by another navigation", "Download is starting")


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


class Watch:
    """Listens to one tab while a page loads. What a page before may still get or fail to get does not count."""

    def __init__(self, tab: Tab, exit: Exit) -> None:
        self._exit = exit
        self.documents: list[TabResponse] = []
        self.errors: list[str] = []
        self.mixed: list[str] = []
        self.failed: dict[str, Reason] = {}
        self._main = tab.main_frame
        self._was_used = tab.url.startswith("http")
        self._tab = tab
        self._crashed = False
        self._heard = {
            "response": self._on_response, "requestfailed": self._on_failed, "pageerror": self._on_error, "crash": self._on_crash,
        }
        for name, listener in self._heard.items():
            tab.on(name, listener)

    def leave(self) -> None:
        """Listens no longer: the tab may show other pages."""
        for name, listener in self._heard.items():
            self._tab.remove_listener(name, listener)

    def _on_response(self, response: TabResponse) -> None:
        if self._is_main(response.request):
            self.documents.append(response)
        elif self._has_begun and (response.status >= 500 or response.status in NOT_FOR_US) and len(self.failed) < MANY:
            self.failed[response.url] = Reason.WALL if response.status in NOT_FOR_US else Reason.HTTP_ERROR

    @property
    def _has_begun(self) -> bool:
        """The page's own document has answered, or there was no page before."""
        return bool(self.documents) or not self._was_used

    def _is_main(self, request: Request) -> bool:
        return request.is_navigation_request() and request.frame == self._main

    def _on_failed(self, request: Request) -> None:
        if not self._has_begun and not self._is_main(request):
            return
        failure = request.failure or ""
        if failure == "mixed-content":
            self.mixed.append(request.url)
        elif failure not in ("net::ERR_ABORTED", "NS_BINDING_ABORTED") and len(self.failed) < MANY:
            self.failed[request.url] = self.reason(request.url, failure)

    def _on_error(self, error) -> None:
        if not self._has_begun:
            return
        text = str(error).splitlines()[0][:300] if str(error) else ""
        if "mixed active content" in text:
            self.mixed.append(text.split("“")[-1].rstrip("”"))
        elif len(self.errors) < MANY:
            self.errors.append(text)

    def _on_crash(self, _: Tab) -> None:
        self._crashed = True

    async def late(self, url: str, deadline: float) -> Missing:
        """The page is not there in time: the site's fault where it was asked and is silent or gave half a page, else this machine's."""
        place, words = _host_port(url), f"{deadline:.0f} 秒内未打开"
        if self._crashed or place in self._exit.failures:
            return Missing(self.reason(url, ""), words, url)
        silent = self._exit.awaits(SILENT_SECONDS)
        if silent or not (await self._has_all() if self.documents else not self._exit.has_asked(place)):
            return Missing(Reason.TIMEOUT, words, url)
        return Missing(Reason.TIMEOUT, f"{words}，{'网站已应答' if self.documents else '本机未及询问'}", url, Blame.TOOL)

    async def _has_all(self) -> bool:
        """The document came whole. A browser that does not even say so is kept busy by the page's own scripts."""
        try:
            await asyncio.wait_for(self.documents[-1].body(), SILENT_SECONDS)
        except (TimeoutError, PlaywrightError):
            return False
        return True

    def missing(self, url: str, error: PlaywrightError) -> Missing:
        """Why the page is not seen."""
        if not any(sign in _without_addresses(str(error)) for sign in _GIVEN_UP):
            return Missing(self.reason(url, str(error)), urlsplit(url).hostname or "", url)
        if self.documents:  # something to be saved, or nothing to be shown (204)
            return Missing(Reason.NOT_HTML, f"HTTP {self.documents[-1].status}", url)
        return Missing(Reason.BROWSER_DIED, str(error).partition("\n")[0][:150], url)

    def reason(self, url: str, failure: str) -> Reason:
        """Why an address did not load: the way out knows better than the browser behind it, unless that has gone."""
        read = Reason.BROWSER_DIED if self._crashed else _read_error(failure)
        return read if read is Reason.BROWSER_DIED else self._exit.failures.get(_host_port(url)) or read


async def render(tab: Tab, url: str, exit: Exit, deadline: float, patience: float = HOP_SECONDS) -> Rendered | Missing:
    """Opens `url` in the tab and waits until it is quiet. Never raises for what the page or the browser does.

    patience: seconds that a page without anything to see may take to send the visitor on.
    """
    watch = Watch(tab, exit)
    try:
        async with asyncio.timeout(deadline + QUIET_SECONDS + LOAD_SECONDS + CAPTURE_SECONDS):
            return await _open(tab, url, watch, deadline, patience)
    except (TimeoutError, PlaywrightTimeout):
        return await watch.late(url, deadline)
    except PlaywrightError as error:
        return watch.missing(url, error)
    finally:
        watch.leave()


async def _open(tab: Tab, url: str, watch: Watch, deadline: float, patience: float) -> Rendered | Missing:
    await tab.goto(url, wait_until="domcontentloaded", timeout=deadline * 1000)
    await settle(tab)
    await _pass_wall(tab, watch)
    seen = await _capture_after_hops(tab, patience)
    response = watch.documents[-1] if watch.documents else None
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
        overflow=seen["overflow"], redirects=tuple(dict.fromkeys(r.url for r in watch.documents)),
        errors=tuple(watch.errors), mixed=tuple(dict.fromkeys(watch.mixed)), failed=dict(watch.failed),
        scripts=tuple(seen["called"]),
    )


async def settle(tab: Tab) -> None:
    """Waits for load and then for a quiet network, each within its limit."""
    for state, seconds in (("load", LOAD_SECONDS), ("networkidle", QUIET_SECONDS)):
        try:
            await tab.wait_for_load_state(state, timeout=seconds * 1000)
        except PlaywrightTimeout:
            continue


async def _pass_wall(tab: Tab, watch: Watch) -> None:
    """An anti-bot wall lets a real browser through after a reload; two tries, then it stays a wall."""
    for _ in range(2):
        response = watch.documents[-1] if watch.documents else None
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
    """What a visitor sees, see capture.js; a page that navigates meanwhile is captured again."""
    for attempt in range(3):
        try:
            return await asyncio.wait_for(tab.evaluate(capture_script()), CAPTURE_SECONDS)
        except PlaywrightError as error:
            if attempt == 2 or "context was destroyed" not in str(error):
                raise
            await settle(tab)
    raise PlaywrightError("the page never came to rest")


async def _body(response: TabResponse, headers: dict[str, str]) -> str:
    try:
        return decode(await asyncio.wait_for(response.body(), CAPTURE_SECONDS), headers.get("content-type", ""))
    except (PlaywrightError, TimeoutError):
        return ""


@cache
def capture_script() -> str:
    """The function that a page runs to say what a visitor sees, for whatever drives the browser."""
    return files("pytest_govsite.gather").joinpath("capture.js").read_text(encoding="utf-8")


def _read_error(text: str) -> Reason:
    said = _without_addresses(text)
    return next((reason for sign, reason in _ERRORS.items() if sign in said), Reason.UNREACHABLE)


def _without_addresses(text: str) -> str:
    """What a browser says, without the pages that it names: one may be called closed.html."""
    return _ADDRESS.sub("", text)


def _host_port(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
