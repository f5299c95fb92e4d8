"""Inner pages, drawn by seed: fetched plainly first, opened in Chromium where a script may still write what is missing."""
import asyncio
import random
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter

from pytest_govsite.gather.crawl import Crawled, walk
from pytest_govsite.gather.linked import UNFILLED
from pytest_govsite.gather.pages import needs_browser, read_rendered, read_sent, with_entry_tried, with_shots
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.evidence import Draw, Sampled
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import Page, Role
from pytest_govsite.reading.addresses import bare_host, host_of, path_of
from pytest_govsite.reading.links import ATTACHMENT, PICTURE, read_links, split_inner
from pytest_govsite.reading.roles import read_role
from pytest_govsite.reading.walls import is_refusal, is_wall

DEPTH = 5  # the largest sample of inner pages that any edition draws
LOOKED_AT = 5  # candidates looked at per drawn page: links only guess what they lead to


async def gather(session: Session) -> Sampled | Missing:
    """Content pages and column pages of the whole site, as far as the crawl saw it, in one seeded order."""
    home = await session.evidence("home")
    if isinstance(home, Missing):
        return home
    url = home.page.final_url
    articles, columns = split_inner(read_links(session.home.dom, url), url)
    found = {"article": [one.url for one in articles], "column": [one.url for one in columns]}
    walked = await walk(session)
    if isinstance(walked, Crawled):
        found["article"] += [row.url for page in walked.opened for row in page.rows if may_be_page(walked, row.url)]
        found["column"] += [page.final_url for page in walked.opened if page.rows and not page.titled]
    drawn = await asyncio.gather(*(_draw(session, distinct(urls, url), role) for role, urls in found.items()))
    return Sampled(*drawn)


def may_be_page(walked: Crawled, url: str) -> bool:
    """An own address that is no file and no picture by its name."""
    return walked.atlas.scope.owns(url) and not ATTACHMENT.search(url) and not PICTURE.search(path_of(url))


def distinct(urls: Iterable[str], home: str) -> list[str]:
    """Each page once, without the home page, in a stable order; no places that a script would have filled."""
    by_key = {key_of(url): url for url in reversed(list(urls)) if not UNFILLED.search(url)}
    by_key.pop(key_of(home), None)
    return [by_key[key] for key in sorted(by_key)]


async def _draw(session: Session, candidates: list[str], role: Role) -> Draw:
    """Goes through the seeded order until DEPTH pages of the role are found; what cannot be opened stays drawn."""
    order = random.Random(f"{session.seed}:{role}").sample(candidates, len(candidates))
    waiting = deque(enumerate(order[:DEPTH * LOOKED_AT]))
    found: dict[str, tuple[int, Page | Missing]] = {}

    async def find_one() -> None:
        """As many look for a page as are wanted, so that no more is opened than the order asks for, whoever is slow."""
        while waiting:
            at, url = waiting.popleft()
            page = await _look(session, url, role)
            if page is None or _leads_home(session, page):
                continue
            known = found.get(_place(page))
            found[_place(page)] = min(known, (at, page), key=itemgetter(0)) if known else (at, page)
            if not known:
                return

    await asyncio.gather(*(find_one() for _ in range(DEPTH)))
    return Draw(session.seed, len(candidates), tuple(page for _, page in sorted(found.values(), key=itemgetter(0))))


def _place(page: Page | Missing) -> str:
    """Where a drawn address led: two links to one page are one page."""
    return key_of(page.final_url if isinstance(page, Page) else page.url)


def _leads_home(session: Session, page: Page | Missing) -> bool:
    """The address only leads back to the home page, which is no inner page."""
    return isinstance(page, Page) and key_of(page.final_url) == key_of(session.home.final_url)


async def _look(session: Session, url: str, role: Role) -> Page | Missing | None:
    """The page; a Missing when it cannot be opened; None when it is no page of that role."""
    answer = await session.fetcher.fetch(url)
    if isinstance(answer, Missing):
        if answer.reason is Reason.TLS:
            return await _by_browser(session, url, role)
        return replace(await session.weighed(answer), url=url)
    if is_wall(answer.status, answer.headers, answer.text):
        return await _by_browser(session, url, role)
    if is_refusal(answer.status):
        return Missing(Reason.WALL, f"HTTP {answer.status}", url)
    if answer.status != 200 or not _same_site(session, answer.final_url) or not answer.is_html:
        return None  # a dead or foreign link is the business of the link rules, not a page to draw
    if read_role(answer.text, answer.final_url) != role:
        return None
    page = read_sent(url, answer.final_url, role, answer.status, answer.text)
    if needs_browser(page):
        return await _by_browser(session, url, role)
    session.keep_dom(url, answer.text)
    session.shelf.pages.keep(url, answer.final_url, answer.text)
    return await with_entry_tried(session, page)


async def _by_browser(session: Session, url: str, role: Role) -> Page | Missing | None:
    async with session.rendered(url, looking=True) as (tab, seen):
        if isinstance(seen, Missing):
            return await session.weighed(seen)
        if is_wall(seen.status, seen.headers, seen.dom):
            return Missing(Reason.WALL, f"HTTP {seen.status}", url)
        if seen.status >= 400 or read_role(seen.dom, seen.final_url) != role:
            return None
        session.keep_dom(url, seen.dom)
        session.shelf.pages.keep(url, seen.final_url, seen.dom)
        page = await with_entry_tried(session, read_rendered(seen, role))
        return await with_shots(session, tab, page)


def _same_site(session: Session, url: str) -> bool:
    return bare_host(host_of(url)) == bare_host(host_of(session.home.final_url))
