"""One query and what the site answered: read off the tab in which the answer shows."""
import asyncio
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.gather.rendering import settle
from pytest_govsite.gather.search_page import captured, changed
from pytest_govsite.gather.session import Session
from pytest_govsite.model.finding import normalised
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.search import Purpose, Results
from pytest_govsite.reading.addresses import family, host_of
from pytest_govsite.reading.results import error_words, find, is_captcha, read_results
from pytest_govsite.reading.text import visible_text
from pytest_govsite.reading.walls import is_refusal, is_wall

Kind = Literal["results", "wall", "busy", "fault", "lost", "unclear", "nothing"]

ASK_SECONDS = 45.0  # one query, page of the box and all waiting included
RELOAD_SECONDS = 15.0
GONE = (404, 410)
FIRM = (Reason.NO_NAME, Reason.REFUSED)  # of an address that never answers; all else may pass
BUSY = re.compile(r"(?:操作|搜索|查询|检索|访问|请求|提交)[^。]{0,8}(?:频繁|过快|太快)|频繁(?:操作|搜索|查询|访问)|间隔[^。]{0,10}\d+\s*秒|\d+\s*秒(?:后|内|以后)[^。]{0,8}(?:再|只能|重新|一次)")
SHORT_PAGE = 1500
STATUS = "() => performance.getEntriesByType('navigation')[0]?.responseStatus || 0"


@dataclass(frozen=True)
class Ask:
    """One query. wanted, target, place: title and address of what should be found, and where that title stands."""

    purpose: Purpose
    query: str
    wanted: str = ""
    target: str = ""
    place: str = ""


@dataclass(frozen=True)
class Answer:
    """What came of one query.

    kind     results: a result page that can be read; wall: a captcha or a wall; busy: asked for patience; fault: an error page;
             lost: no page came; unclear: a page of which nobody can say what it shows; nothing: the page did not stir.
    missing  why there are no results; by: how the wanted page was found; window: a new window opened.
    errors   of scripts when the key was pressed.
    """

    ask: Ask
    kind: Kind
    url: str = ""
    results: Results | None = None
    by: str = ""
    missing: Missing | None = None
    shot: str | None = None
    window: bool = False
    errors: tuple[str, ...] = field(default=())

    @property
    def is_firm(self) -> bool:
        """A fault that does not pass by itself: said so twice, it is the site's."""
        return self.kind == "fault" and self.missing is not None and self.missing.blame is Blame.SITE


async def read_answer(session: Session, tab: Tab, ask: Ask, status: int = 0, address: str = "") -> Answer:
    """Reads the answer to a query off its tab. Never raises for what the page does.

    status: of a page that was opened by its address; else the page says it, and is photographed in any case.
    address: where the tab was sent, which an error page of the browser does not tell.
    """
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await _read(session, tab, ask, status, address)
    except TimeoutError:
        return Answer(ask, "lost", tab.url, missing=Missing(Reason.TIMEOUT, "结果页", tab.url))
    except PlaywrightError as error:
        return Answer(ask, "lost", missing=Missing(Reason.BROWSER_DIED, str(error).partition("\n")[0][:150]))


async def _read(session: Session, tab: Tab, ask: Ask, status: int, address: str) -> Answer:
    directly = bool(status)
    await settle(tab)
    html, status = await captured(tab), status or await _status(tab)
    if tab.url.startswith("chrome-error:") or tab.url in ("", "about:blank"):
        return await _lost(session, ask, address)
    if is_wall(status, {}, html):
        await tab.reload(wait_until="domcontentloaded", timeout=RELOAD_SECONDS * 1000)
        await settle(tab)
        html, status = await captured(tab), await _status(tab)
    answer = _judged(session, ask, tab.url, status, html)
    if answer.kind == "unclear" and await changed(tab):
        answer = _judged(session, ask, tab.url, status, await captured(tab))
    if answer.kind == "fault" and not await _is_ours(session, tab.url):
        answer = replace(answer, missing=replace(answer.missing, blamed=Blame.VANTAGE))
    if answer.by and directly:
        return answer
    return replace(answer, shot=await session.album.take(tab, "page", f"{session.site.url}#search:{ask.query}"))


async def _status(tab: Tab) -> int:
    """The status with which the document came; 0 where the browser does not say."""
    status = await tab.evaluate(STATUS)
    return status if isinstance(status, int) else 0


async def _lost(session: Session, ask: Ask, address: str) -> Answer:
    """No page came: the way out knows why, and the control probe on whose account."""
    reason = session.exit.failures.get(_place(address), Reason.UNREACHABLE)
    missing = await session.weighed(Missing(reason, f"搜索结果页 {host_of(address)}", address))
    firm = missing.reason in FIRM and missing.blame is Blame.SITE and await _is_ours(session, address)
    return Answer(ask, "fault" if firm else "lost", address, missing=missing)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


async def _is_ours(session: Session, url: str) -> bool:
    """What fails is the site's own, or a host of others that could be reached from here."""
    own = family(host_of(session.home.final_url if session.home else session.site.url))
    return family(host_of(url)) == own or await session.sees_world()


def _judged(session: Session, ask: Ask, url: str, status: int, html: str) -> Answer:
    """What the page shows, by status and words."""
    results = read_results(html, url, ask.query)
    if session.home and is_echo(results, session.home.dom, session.home.final_url):
        return Answer(ask, "unclear", url, missing=Missing(Reason.UNCLEAR, "搜索后显示的仍是首页", url))
    by = find(results, ask.wanted, ask.target, html) if ask.wanted else ""
    answer = Answer(ask, "unclear", url, results, by, Missing(Reason.UNCLEAR, "结果页无法辨认", url))
    if by or (results.readable and results.hits and status < 400):
        return replace(answer, kind="results", missing=None)
    if is_wall(status, {}, html) or is_refusal(status) or status == 429:
        return replace(answer, kind="wall", missing=Missing(Reason.WALL, f"搜索结果页 HTTP {status}", url))
    if status in GONE or status >= 500:
        return replace(answer, kind="fault", missing=Missing(Reason.HTTP_ERROR, f"搜索结果页 HTTP {status}", url))
    if is_busy(html):
        return replace(answer, kind="busy", missing=Missing(Reason.WALL, "网站限制搜索频率", url))
    if is_captcha(html):
        return replace(answer, kind="wall", missing=Missing(Reason.WALL, "搜索要求输入验证码", url))
    if words := error_words(html):
        return replace(answer, kind="fault", missing=Missing(Reason.HTTP_ERROR, f"搜索结果页显示“{words[:40]}”", url))
    return replace(answer, kind="results", missing=None) if results.readable and status < 400 else answer


def is_echo(results: Results, home: str, url: str) -> bool:
    """What looks like results are the lists of the home page: it was sent again, or never left."""
    known = hits_of_home(home, url)
    found = {normalised(hit.url) for hit in results.hits}
    shared = found & known
    return bool(shared) and not results.empty and len(shared) > 0.8 * len(found) and len(shared) >= 0.5 * len(known)


@lru_cache(maxsize=4)
def hits_of_home(home: str, url: str) -> frozenset[str]:
    """What the home page lists, read as if it were results."""
    return frozenset(normalised(hit.url) for hit in read_results(home, url, "").hits)


def is_busy(html: str) -> bool:
    """The site asks for patience between two searches."""
    text = visible_text(html)
    return len(text) < SHORT_PAGE and bool(BUSY.search(text))
