"""How many links inside the site open over IPv6 of those that open over IPv4, by level (二级链接、三级链接)."""
import asyncio
import random
import time
from collections.abc import Iterable

from pytest_govsite.gather.crawl import Crawled, walk
from pytest_govsite.gather.http import Response
from pytest_govsite.gather.scope import Scope, key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.evidence import Reach
from pytest_govsite.model.missing import Blame, Missing
from pytest_govsite.reading.links import ATTACHMENT, PICTURE, read_links
from pytest_govsite.reading.walls import is_refusal, is_wall

DRAWN = 20  # links of each level
AT_ONCE = 2
LEVEL_SECONDS = 30.0  # no further link of a level is begun after that
LINK_SECONDS = 8.0
PAUSE_SECONDS = 1.0  # before the second look: a passing fault is not the site's guilt
HEAD_OF_PAGE = 16_384  # bytes: whether it opens is all that is asked
BUSY = (429, 503)


async def gather_reaches(session: Session) -> tuple[Reach, ...]:
    """Level 2: own links of the home page; level 3: own links of the pages that the crawl opened. None without a home page."""
    home = await session.evidence("home")
    if isinstance(home, Missing):
        return ()
    front = session.home.final_url
    linked = (anchor.url for anchor in read_links(session.home.dom, front) if anchor.form == "link")
    second = _own(session, linked, {key_of(front)})
    levels = [await _reach(session, 2, second)]
    walked = await walk(session)
    if isinstance(walked, Crawled):
        deeper = (one.url for page in walked.opened for one in (*page.rows, *page.places))
        levels.append(await _reach(session, 3, _own(session, deeper, {key_of(front), *second})))
    return tuple(level for level in levels if level.tried)


def _own(session: Session, urls: Iterable[str], known: set[str]) -> dict[str, str]:
    """Pages of the site itself by key, each once, without those known already."""
    scope = Scope.of(session.site, session.home.final_url)
    found: dict[str, str] = {}
    for url in dict.fromkeys(urls):
        if scope.owns(url) and not ATTACHMENT.search(url) and not PICTURE.search(url) and key_of(url) not in known:
            found.setdefault(key_of(url), url)
    return found


async def _reach(session: Session, level: int, links: dict[str, str]) -> Reach:
    keys = random.Random(f"{session.seed}:ipv6:{level}").sample(sorted(links), min(DRAWN, len(links)))
    waiting, until = [links[key] for key in reversed(keys)], time.monotonic() + LEVEL_SECONDS
    facts: dict[str, str] = {}

    async def work() -> None:
        while waiting and time.monotonic() < until:
            url = waiting.pop()
            fact = await _try(session, url)
            if fact is not None:
                facts[url] = fact

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    failed = tuple(sorted((url, fact) for url, fact in facts.items() if fact))
    return Reach(level, len(links), len(facts), len(facts) - len(failed), failed)


async def _try(session: Session, url: str) -> str | None:
    """Empty when a link opens over both families, else what happened over IPv6; None when nothing can be told."""
    fact = await _compare(session, url)
    if not fact:
        return fact
    await asyncio.sleep(PAUSE_SECONDS)  # the spacing is the point: there is no event to wait for
    return await _compare(session, url)


async def _compare(session: Session, url: str) -> str | None:
    """IPv4 first: a link that does not open there is the business of the link rules."""
    return await _fault(session, url, 6) if await _fault(session, url, 4) == "" else None


async def _fault(session: Session, url: str, family: int) -> str | None:
    """Empty when a link opens over one family, else the fact; None for walls and for what is not the site's doing."""
    answer = await session.fetcher.fetch(url, family=family, method="HEAD", deadline=LINK_SECONDS)
    if isinstance(answer, Missing) or answer.status >= 400:
        answer = await session.fetcher.fetch(url, family=family, deadline=LINK_SECONDS, limit=HEAD_OF_PAGE)
    return _read_fault(answer)


def _read_fault(answer: Response | Missing) -> str | None:
    if isinstance(answer, Missing):
        return answer.says if answer.blame is Blame.SITE else None
    if is_wall(answer.status, answer.headers, answer.text) or is_refusal(answer.status) or answer.status in BUSY:
        return None
    return f"HTTP {answer.status}" if answer.status >= 400 else ""
