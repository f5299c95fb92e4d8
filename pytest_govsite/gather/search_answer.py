"""One query and what the site answered: read off the tab in which the answer shows."""
import asyncio
import re
import time
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.gather.rendering import settle
from pytest_govsite.gather.search_page import captured, changed, watched
from pytest_govsite.gather.search_traffic import GONE, Exchange, Told, Traffic, told_by
from pytest_govsite.gather.session import Session
from pytest_govsite.model.finding import normalised
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.search import Purpose, Results
from pytest_govsite.reading.addresses import family, host_of
from pytest_govsite.reading.results import error_words, find, is_captcha, read_results, trouble_words, waiting_words
from pytest_govsite.reading.text import visible_text
from pytest_govsite.reading.walls import is_refusal, is_wall

Kind = Literal["results", "wall", "busy", "fault", "lost", "unclear", "nothing"]

ASK_SECONDS = 45.0  # one query, page of the box and all waiting included
RELOAD_SECONDS = 15.0
CHANGE_SECONDS = 5.0  # a page that shows nothing of use may still fetch its results
STABLE_SECONDS = 1.5  # what shows at first may be no more than the frame of what comes
LATE_SECONDS = 12.0  # in all, where the page says that results are on their way
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


async def read_answer(session: Session, tab: Tab, ask: Ask, traffic: Traffic, address: str = "") -> Answer:
    """Reads the answer to a query off its tab. Never raises for what the page does.

    traffic: what the tab asked since the query was sent.
    address: where the tab was sent, which an error page of the browser does not tell.
    """
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await _read(session, tab, ask, traffic, address)
    except TimeoutError:
        return Answer(ask, "lost", tab.url, missing=Missing(Reason.TIMEOUT, "结果页", tab.url))
    except PlaywrightError as error:
        return Answer(ask, "lost", missing=Missing(Reason.BROWSER_DIED, str(error).partition("\n")[0][:150]))


async def _read(session: Session, tab: Tab, ask: Ask, traffic: Traffic, address: str) -> Answer:
    await settle(tab)
    if tab.url.startswith("chrome-error:") or tab.url in ("", "about:blank") or traffic.is_cut_off(tab):
        return await _lost(session, ask, address or tab.url)
    answer = await _at_rest(session, tab, ask, traffic)
    if answer.kind == "wall" and answer.missing.url == answer.url:  # the page itself: a browser passes some walls at the second time
        traffic.restart()
        await tab.reload(wait_until="domcontentloaded", timeout=RELOAD_SECONDS * 1000)
        await settle(tab)
        answer = await _at_rest(session, tab, ask, traffic)
    if answer.kind == "fault" and not await _is_ours(session, answer.missing.url):
        answer = replace(answer, missing=replace(answer.missing, blamed=Blame.VANTAGE))
    return replace(answer, shot=await session.album.take(tab, "page", f"{session.site.url}#search:{ask.query}"))


async def _at_rest(session: Session, tab: Tab, ask: Ask, traffic: Traffic) -> Answer:
    """Reads the page again whenever it has changed, until it has an answer and has come to rest."""
    began = since = time.monotonic()
    before = None
    while True:
        known, is_open = await watched(tab), traffic.is_open(tab)
        html, status = await captured(tab), await _status(tab)
        answer = _judged(session, ask, tab.url, status, html)
        if status < 400 and not _shows_hits(answer):
            answer = _told(answer, told_by(exchanges := await traffic.exchanges(tab, ask.query)), exchanges, html)
        now, is_late = time.monotonic(), is_open or bool(waiting_words(html))
        if before is None or (answer.kind, answer.results) != (before.kind, before.results):
            since = now
        left = min(_patience(answer, is_open, is_late) - (now - since), LATE_SECONDS - (now - began))
        if left <= 0:
            return _unfinished(answer) if is_late else answer
        before = answer
        await (traffic.rest(tab, left) if is_open else changed(tab, known, left))


def _shows_hits(answer: Answer) -> bool:
    return bool(answer.by) or answer.kind == "results" and bool(answer.results.hits)


def _patience(answer: Answer, is_open: bool, is_late: bool) -> float:
    """How long a page that shows this may still change: answers are on their way, or it says that they are."""
    if answer.by:
        return STABLE_SECONDS if is_open else 0.0
    if answer.kind in ("wall", "busy"):
        return 0.0
    if _shows_hits(answer):
        return CHANGE_SECONDS if is_late else STABLE_SECONDS
    if is_late:
        return LATE_SECONDS
    return CHANGE_SECONDS if answer.kind == "unclear" else STABLE_SECONDS


def _told(answer: Answer, told: tuple[Told, Exchange] | None, exchanges: list[Exchange], html: str) -> Answer:
    """A page without results, by what the servers said to its scripts: they know why."""
    if not told or answer.kind in ("wall", "busy"):
        return answer
    kind, one = told
    words = f"结果页的检索接口 HTTP {one.status}：{urlsplit(one.url).path[:80]}"
    if kind == "wall":
        return replace(answer, kind="wall", missing=Missing(Reason.WALL, words, one.url))
    if kind == "busy":
        return replace(answer, kind="busy", missing=Missing(Reason.WALL, f"网站限制搜索频率，{words}", one.url))
    if kind == "lost":
        return replace(answer, kind="unclear", missing=Missing(Reason.UNCLEAR, "结果页的检索接口没有应答", answer.url))
    return answer if answer.kind == "fault" else _failed(answer, words, one, exchanges, html)


def _failed(answer: Answer, words: str, one: Exchange, exchanges: list[Exchange], html: str) -> Answer:
    """All requests of the search failed: firm where the page says so, or where its scripts got nothing else either."""
    said = trouble_words(html) or waiting_words(html)
    if said or not any(other.is_answered for other in exchanges):
        shown = f"，页面显示“{said[:40]}”" if said else ""
        return replace(answer, kind="fault", missing=Missing(Reason.HTTP_ERROR, words + shown, one.url))
    return replace(answer, kind="unclear", missing=Missing(Reason.UNCLEAR, words, answer.url))


def _unfinished(answer: Answer) -> Answer:
    """"Nothing found" is not believed of a page that is still at it."""
    if answer.kind != "results" or _shows_hits(answer):
        return answer
    return replace(answer, kind="unclear", missing=Missing(Reason.UNCLEAR, "结果页一直在加载", answer.url))


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
    if is_wall(status, {}, html) or is_refusal(status):
        return replace(answer, kind="wall", missing=Missing(Reason.WALL, f"搜索结果页 HTTP {status}", url))
    if status == 429:
        return replace(answer, kind="busy", missing=Missing(Reason.WALL, "网站限制搜索频率，搜索结果页 HTTP 429", url))
    if (status in GONE or status >= 500) and results.readable and results.hits:
        return answer  # some applications send every page with such a status
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
