"""Opens one page: fetched plainly first, in Chromium where the plain answer is not what a visitor sees."""
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from pytest_govsite.gather.allowance import Allowance
from pytest_govsite.gather.http import Response
from pytest_govsite.gather.rendering import Rendered
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.softness import Softness, probe
from pytest_govsite.model.finding import normalised
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.addresses import bare_host, family, host_of, path_of
from pytest_govsite.reading.bottom import COUNTER_FILE, HOSTED_ELSEWHERE
from pytest_govsite.reading.refresh import read_refresh
from pytest_govsite.reading.walls import is_refusal, is_wall

MOST_HOPS = 3  # pages that only send the visitor on, one after the other
REFUSALS = 3  # of one host that Chromium got as well: from then on they are believed
DECORATION = re.compile(r"\.(?:css|png|jpe?g|gif|svg|ico|webp|bmp|woff2?|ttf|eot|mp[34]|swf)$", re.IGNORECASE)
LIBRARY = re.compile(r"jquery|vue|axios|react|angular|layui|juicer|template|zepto|require", re.IGNORECASE)

Enough = Callable[[str, str], bool]


@dataclass(frozen=True)
class Opened:
    """A page that was opened.

    url, final_url  as asked, as reached.
    html        what a visitor gets: the rendered document when `by_browser`, else as the server sent it.
    sent        as the server sent it.
    failed      scripts and data of the page that did not load, so that something may be missing in it.
    unsettled   why Chromium did not look at it although the plain answer was not enough; None: what is there is all.
    """

    url: str
    final_url: str
    status: int
    html: str
    sent: str
    by_browser: bool = False
    failed: tuple[str, ...] = ()
    unsettled: Missing | None = None


def always(html: str, url: str) -> bool:
    """Whatever the server sent is enough."""
    return True


async def open_page(
    session: Session, url: str, enough: Enough = always, allowance: Allowance | None = None,
) -> Opened | Missing:
    """The page as a visitor gets it. Chromium looks where a wall, a certificate chain or `enough` asks for it.

    `enough` sees the plain HTML and its address. Errors (404...) are Missing, files and pictures Missing(NOT_HTML).
    allowance: what the use of Chromium is counted against; the session's own for all who do not say.
    """
    plain = await fetch_page(session, url)
    if isinstance(plain, Opened) and enough(plain.html, plain.final_url):
        return plain
    if isinstance(plain, Missing) and not may_pass(session, plain):
        return plain
    return await browse_page(session, url, plain, allowance)


def may_pass(session: Session, missing: Missing) -> bool:
    """Chromium may get what the plain fetch did not: it passes walls, fetches missing links of certificate chains, and
    keeps the cookies that some servers send visitors in circles for.
    """
    if missing.reason in (Reason.TLS, Reason.REDIRECT_LOOP):
        return True
    return missing.reason is Reason.WALL and not is_busy(missing) and session.shelf.refusals[host_of(missing.url)] < REFUSALS


def is_busy(missing: Missing) -> bool:
    """The server asked for patience, and still did after a pause."""
    return missing.detail.startswith(("HTTP 429", "HTTP 503"))


async def fetch_page(session: Session, url: str) -> Opened | Missing:
    """The page by plain HTTP, pages that only send the visitor on followed."""
    asked, passed = url, {normalised(url)}
    for _ in range(MOST_HOPS):
        answer = await session.fetcher.fetch(asked)
        if fault := await _fault(session, answer, url):
            return fault
        if _is_soft_error(session, answer):
            return Missing(Reason.HTTP_ERROR, "软404：返回的是“页面不存在”，状态码却是 200", url)
        onward = read_refresh(answer.text, answer.final_url)
        if not onward or normalised(onward) in passed:
            break
        asked = onward
        passed.add(normalised(onward))
    return Opened(url, answer.final_url, answer.status, answer.text, answer.text)


def _is_soft_error(session: Session, answer: Response) -> bool:
    softness, front = session.shelf.softness, session.home.final_url if session.home else session.site.url
    own = bare_host(host_of(answer.url)) == bare_host(host_of(front))
    return own and softness is not None and softness.is_soft_error(answer)


async def learn_softness(session: Session, home: str) -> None:
    """How the site answers for pages that it does not have; asked once."""
    async with session.shelf.lock("softness"):
        if session.shelf.softness is None:
            front = await session.fetcher.fetch(home)
            origin = urljoin(home, "/").rstrip("/")
            known = isinstance(front, Response)
            session.shelf.softness = await probe(session.fetcher, origin, session.seed, front) if known else Softness()


async def _fault(session: Session, answer: Response | Missing, url: str) -> Missing | None:
    """Why an answer is no page to read; None when it is one."""
    if isinstance(answer, Missing):
        return replace(await session.weighed(answer), url=url)
    if is_wall(answer.status, answer.headers, answer.text if answer.is_html else "") or is_refusal(answer.status):
        return Missing(Reason.WALL, f"HTTP {answer.status}", url)
    if answer.status == 429:
        return Missing(Reason.WALL, "HTTP 429，访问过于频繁", url)
    if answer.status >= 400:
        return Missing(Reason.HTTP_ERROR, f"HTTP {answer.status}", url)
    if not answer.is_html:
        return Missing(Reason.NOT_HTML, answer.headers.get("content-type", "")[:60], url)
    return None


async def browse_page(
    session: Session, url: str, plain: Opened | Missing, allowance: Allowance | None = None,
) -> Opened | Missing:
    """The page in Chromium. Where that cannot be had: the plain one, with the reason in `unsettled`."""
    allowance = allowance or session.browsing
    if not allowance.take():
        spent = Missing(Reason.DEADLINE, f"用浏览器打开的页面已达 {allowance.most} 个的上限", url)
        return replace(plain, unsettled=spent) if isinstance(plain, Opened) else plain
    async with session.rendered(url, looking=True) as (_, seen):
        fault = await browser_fault(session, seen, url)
    if fault and fault.reason is Reason.WALL:
        session.shelf.refusals[host_of(url)] += 1
    if fault:
        return replace(plain, unsettled=fault) if isinstance(plain, Opened) and fault.reason is not Reason.HTTP_ERROR else fault
    return opened(seen, url)


def opened(seen: Rendered, url: str) -> Opened:
    """A page that Chromium showed."""
    lost = tuple(sorted(address for address in seen.failed if _matters(address, seen.final_url)))
    return Opened(url, seen.final_url, seen.status, seen.dom, seen.sent, by_browser=True, failed=lost)


async def browser_fault(session: Session, seen: Rendered | Missing, url: str) -> Missing | None:
    """Why a page that Chromium opened is none to read; None when it is one."""
    if isinstance(seen, Missing):
        return replace(await session.weighed(seen), url=url)
    if is_wall(seen.status, seen.headers, seen.dom) or is_refusal(seen.status):
        return Missing(Reason.WALL, f"HTTP {seen.status}", url)
    if seen.status >= 400:
        return Missing(Reason.HTTP_ERROR, f"HTTP {seen.status}", url)
    return None


def _matters(address: str, page: str) -> bool:
    """A file that may have brought content: no picture, no style, no counter, no mark that others host."""
    host, path = host_of(address), path_of(address)
    if DECORATION.search(path) or COUNTER_FILE.search(path):
        return False
    if any(host == other or host.endswith(f".{other}") for other in HOSTED_ELSEWHERE):
        return False
    return family(host) == family(host_of(page)) or bool(LIBRARY.search(path))
