"""Inner pages that are read for their links beside those of the crawl, which opens lists: attachments and pictures stand in articles."""
import asyncio
import random
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from itertools import zip_longest

from pytest_govsite.gather.crawl import Crawled
from pytest_govsite.gather.kept import Document
from pytest_govsite.gather.linked import UNFILLED
from pytest_govsite.gather.opening import Opened, fetch_page
from pytest_govsite.gather.sampled import may_be_page
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.evidence import Sampled
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import Page

MOST = 20  # content pages beside those that are drawn for other rules
SECONDS = 40.0
AT_ONCE = 4
WALLS = 3  # pages kept from us before the rest is left alone


async def sampled_pages(session: Session, walked: Crawled | Missing, until: float) -> list[Document]:
    """The drawn inner pages as they were read. until: by time.monotonic()."""
    if isinstance(walked, Missing):
        return []
    sampled: object = None
    with suppress(TimeoutError):
        async with asyncio.timeout(until - time.monotonic()):
            sampled = await session.evidence("sampled")
    drawn = (*sampled.articles.pages, *sampled.columns.pages) if isinstance(sampled, Sampled) else ()
    kept = (session.shelf.pages.get(page.url) for page in drawn if isinstance(page, Page))
    return [page for page in kept if page and walked.atlas.scope.owns(page.final_url)]


async def content_pages(session: Session, walked: Crawled | Missing, until: float) -> list[Document]:
    """Some content pages of all lists, by seed, that the crawl has not opened. until: by time.monotonic()."""
    if isinstance(walked, Missing):
        return []
    urls = [url for url in draw(session.seed, _lists(walked)) if key_of(url) not in walked.pages]
    pages = await _opened(session, urls, min(until, time.monotonic() + SECONDS))
    return [page for page in pages if walked.atlas.scope.owns(page.final_url)]


def merged(sampled: list[Document], contents: list[Document]) -> list[Document]:
    """Each page once, as the sample has seen it: that may have been in Chromium."""
    known = {key_of(page.url) for page in sampled}
    return [*sampled, *(page for page in contents if key_of(page.url) not in known)]


def _lists(walked: Crawled) -> Iterable[list[str]]:
    """The content pages that each list of the site leads to."""
    for page in walked.opened:
        yield [row.url for row in page.rows if may_be_page(walked, row.url) and not UNFILLED.search(row.url)]


def draw(seed: int, lists: Iterable[list[str]]) -> list[str]:
    """MOST addresses by seed, each once; every list has its turn."""
    chance = random.Random(f"{seed}:linking pages")
    mixed = sorted(sorted(set(urls)) for urls in lists if urls)
    turns = zip_longest(*(chance.sample(urls, len(urls)) for urls in chance.sample(mixed, len(mixed))))
    return list({key_of(url): url for turn in turns for url in turn if url}.values())[:MOST]


async def _opened(session: Session, urls: list[str], until: float) -> list[Document]:
    """The pages that answer plainly; what does not is tried as a link."""
    waiting, found, walls = deque(urls), {}, 0

    async def work() -> None:
        nonlocal walls
        while waiting and walls < WALLS and time.monotonic() < until:
            url = waiting.popleft()
            page = await _fetched(session, url)
            if isinstance(page, Document):
                found[url] = page
            walls = walls + 1 if isinstance(page, Missing) and page.reason is Reason.WALL else 0

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return [found[url] for url in urls if url in found]


async def _fetched(session: Session, url: str) -> Document | Missing:
    page = await fetch_page(session, url)
    return Document.of(url, page.final_url, page.html) if isinstance(page, Opened) else page
