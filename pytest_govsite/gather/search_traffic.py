"""What a tab asks its servers after a query was sent: whether answers are still to come, and what the search's own request got."""
import asyncio
import json
import re
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Request, Response
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.reading.addresses import family, host_of
from pytest_govsite.reading.search_address import holds
from pytest_govsite.reading.walls import is_refusal, is_wall

DATA = ("xhr", "fetch", "script")
CARRIERS = (*DATA, "document")  # what may bring results
MOST = 1000  # requests remembered: a page that sends more is made to hold us up
LONGEST_BODY = 20_000
BODY_SECONDS = 3
GONE = (404, 410)
# requests that hold the query and are not the search itself
SIDE = re.compile(
    r"sugg|auto_?complet|associat|lenovo|think|prompt|(?:^|[/_.-])tips?|hot|recommend|relat|history|keyword_?rank|(?:^|[/_.-])(?:logs?|count|stat|stats|statistics?|track|collect"
    r"|click|monitor|report|visit|hits?|pv|access|record|save|add)(?:$|[/_.-])", re.IGNORECASE,
)

Told = Literal["wall", "busy", "lost", "fault"]


@dataclass(frozen=True)
class Exchange:
    """A request that carries data, and its answer. status: 0 when none came from a server.

    mine: it holds the query; own: it went to the body of the page; script: it was asked for as a script; walled: a wall answered;
    dropped: the page itself did not wait for it.
    """

    url: str
    status: int = 0
    mine: bool = False
    own: bool = True
    walled: bool = False
    script: bool = False
    dropped: bool = False

    @property
    def is_answered(self) -> bool:
        """Data came, of whatever kind."""
        return self.status // 100 == 2 and not self.script

    @property
    def told(self) -> Told | None:
        """What keeps its results away, as far as the status tells."""
        if self.status == 429:
            return "busy"
        if self.walled or is_refusal(self.status):
            return "wall"
        if not self.status:
            return "lost"
        return "fault" if self.status in GONE or self.status >= 500 else None


class Traffic:
    """Listens to all tabs of a context, windows that open included. Used as a context."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._open: OrderedDict[Request, None] = OrderedDict()
        self._answers: OrderedDict[Request, Response | None] = OrderedDict()
        self._news = asyncio.Event()
        self._heard = {
            "request": self._on_request, "response": self._on_response, "requestfinished": self._on_end, "requestfailed": self._on_end,
        }

    async def __aenter__(self) -> "Traffic":
        for name, listener in self._heard.items():
            self._context.on(name, listener)
        return self

    async def __aexit__(self, *raised) -> None:
        for name, listener in self._heard.items():
            self._context.remove_listener(name, listener)

    def restart(self) -> None:
        """Forgets what was asked so far: what follows is another matter."""
        self._open.clear()
        self._answers.clear()

    def is_open(self, tab: Tab) -> bool:
        """Something that may bring results was asked and is not there yet."""
        return any(_is_of(request, tab) and _may_bring(request, tab) for request in self._open)

    async def rest(self, tab: Tab, seconds: float) -> None:
        """Waits until nothing is open, within a limit."""
        try:
            async with asyncio.timeout(seconds):
                while self.is_open(tab):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pass  # whoever asked looks again

    def is_cut_off(self, tab: Tab) -> bool:
        """The page of the tab came from our own way out, which says so that the network failed."""
        pages = [answer for request, answer in self._answers.items() if answer and request.resource_type == "document" and _is_of(request, tab)]
        return bool(pages) and "x-govsite-reason" in pages[-1].headers

    async def exchanges(self, tab: Tab, query: str) -> list[Exchange]:
        """What the scripts of the tab asked, in order, with what came; what is still open is left out."""
        asked = [(request, answer) for request, answer in self._answers.items() if request.resource_type in DATA and _is_of(request, tab)]
        return [await _read(request, answer, query) for request, answer in asked]

    def _on_request(self, request: Request) -> None:
        if request.resource_type in CARRIERS:
            _keep(self._open, request, None)
        self._news.set()

    def _on_response(self, response: Response) -> None:
        _keep(self._answers, response.request, response)
        self._news.set()

    def _on_end(self, request: Request) -> None:
        self._open.pop(request, None)
        if request not in self._answers:
            _keep(self._answers, request, None)
        self._news.set()


def _keep(known: OrderedDict, request: Request, value: Response | None) -> None:
    known[request] = value
    if len(known) > MOST:
        known.popitem(last=False)


def _is_of(request: Request, tab: Tab) -> bool:
    try:
        return request.frame.page == tab
    except PlaywrightError:  # of a window that is only about to open
        return False


def _may_bring(request: Request, tab: Tab) -> bool:
    """Scripts of others count visits."""
    return request.resource_type != "script" or family(host_of(request.url)) == family(host_of(tab.url))


async def _read(request: Request, answer: Response | None, query: str) -> Exchange:
    headers = answer.headers if answer else {}
    status = answer.status if answer and "x-govsite-reason" not in headers else 0
    body = await _body(answer) if status >= 400 else ""
    script = request.resource_type == "script"
    return Exchange(
        request.url, status, is_query(request.url, "" if script else _sent(request), query),
        family(host_of(request.url)) == family(host_of(request.frame.page.url)), bool(status) and is_wall(status, headers, body),
        script, not status and "ABORTED" in (request.failure or ""),
    )


async def _body(answer: Response) -> str:
    try:
        return (await asyncio.wait_for(answer.body(), BODY_SECONDS))[:LONGEST_BODY].decode("utf-8", "replace")
    except (PlaywrightError, TimeoutError):
        return ""


def _sent(request: Request) -> str:
    return (request.post_data_buffer or b"")[:LONGEST_BODY].decode("utf-8", "replace")


def is_query(url: str, sent: str, query: str) -> bool:
    """The request puts the query to a search: its address or its body holds it, and its path is not that of something beside."""
    if SIDE.search(urlsplit(url).path):
        return False
    escaped = json.dumps(query)[1:-1].lower()
    return holds(url, query) or bool(sent) and (holds(sent, query) or escaped in sent.lower())


def told_by(exchanges: list[Exchange]) -> tuple[Told, Exchange] | None:
    """What the servers said to the search's own requests: a wall, a plea for patience, nothing, or that all of them failed.

    None where one of them was answered. Where none is known as the search's own, only a wall has a word.
    """
    mine = [one for one in exchanges if one.mine and one.status // 100 != 3 and not one.dropped]
    if not mine:
        mine, kinds = [one for one in exchanges if one.own and one.told in ("wall", "busy") and not one.script], ("wall", "busy")
    else:
        kinds = ("wall", "busy", "lost", "fault")
    if any(one.told is None for one in mine):
        return None
    return next(((kind, one) for kind in kinds for one in mine if one.told == kind), None)
