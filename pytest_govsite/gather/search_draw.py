"""Which titles are searched for: drawn by seed from the lists of the site, each confirmed on its own page."""
import asyncio
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pytest_govsite.gather.articles import read_article
from pytest_govsite.gather.crawl import Crawled
from pytest_govsite.gather.opening import always, fetch_page, open_page
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.search_answer import Ask
from pytest_govsite.gather.seen import Seen
from pytest_govsite.gather.session import Session
from pytest_govsite.model.columns import Article
from pytest_govsite.model.finding import normalised
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.addresses import bare_host, host_of
from pytest_govsite.reading.article_page import ArticleRead
from pytest_govsite.reading.categories import category_of
from pytest_govsite.reading.links import ATTACHMENT, PICTURE, read_links
from pytest_govsite.reading.lists import Row, read_blocks
from pytest_govsite.reading.search_queries import is_cut, is_plain, query_of, squeezed
from pytest_govsite.reading.text import title_of, visible_text

DEPTH = 4  # the largest sample of any edition
SUBORDINATE = 2
OLDEST_DAYS, YOUNGEST_DAYS = 365, 7  # a search index may lag behind by a week
SHORTEST, LONGEST = 8, 40
SHORTEST_SERVICE = 6
ENOUGH = 12  # titles without special characters that make the others dispensable
LOOKED_AT = 4  # candidates opened per drawn title
SERVICE = re.compile(r"(?:办理|申请|申领|申报|登记|审批|核发|许可|备案|补办|补领|换领|换证|认定|确认|转移|变更|注销|报销|提取|缴存|查询|核准|年检|注册|发放)(?:指南)?$")


@dataclass(frozen=True)
class Drawn:
    """What is searched for. of: number of candidates; known: all titles seen, for what must be in one of them alone."""

    asks: tuple[Ask, ...] = ()
    own: tuple[Ask, ...] = ()
    services: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    of: int = 0


@dataclass(frozen=True)
class Candidate:
    """A row that may be drawn."""

    title: str
    url: str
    listed: str | None
    in_url: str | None
    place: str


async def draw(session: Session, walked: Crawled | Missing) -> Drawn:
    """Titles of articles and services of the site, half and half where it has services; further own titles."""
    if isinstance(walked, Missing):
        return Drawn()
    on_home = [row for block in read_blocks(session.home.dom, session.home.final_url) for row in block.rows]
    services = services_of(walked)
    offered = {key_of(one.url) for one in services}
    titles = [one for one in candidates(walked, on_home, session.settings.as_of) if key_of(one.url) not in offered]
    order = _shuffled(session, "search", titles)
    found_services = await _take(session, _shuffled(session, "services", services), DEPTH // 2, _is_service)
    found = await _take(session, order, DEPTH - len(found_services) + SUBORDINATE, _is_article)
    first, spare = found[:DEPTH - len(found_services)], found[DEPTH - len(found_services):]
    asks = [_ask("title", one) for one in first] + [_ask("service", one) for one in found_services]
    return Drawn(
        tuple(_alternating(asks)), tuple(_ask("subordinate", one, session.site.title) for one in spare),
        tuple(one.title for one in services), tuple(row.title for row in (*on_home, *(row for page in walked.opened for row in page.rows))),
        len(titles) + len(services),
    )


def _ask(purpose, one: Candidate, place: str = "") -> Ask:
    return Ask(purpose, query_of(one.title), one.title, one.url, place or one.place)


def _alternating(asks: list[Ask]) -> list[Ask]:
    """A title, a service, a title...: a smaller sample still has both."""
    kinds = [[ask for ask in asks if ask.purpose == purpose] for purpose in ("title", "service")]
    longest = max(map(len, kinds))
    return [kind[at] for at in range(longest) for kind in kinds if at < len(kind)]


def _shuffled(session: Session, name: str, found: Sequence[Candidate]) -> list[Candidate]:
    order = random.Random(f"{session.seed}:{name}").sample(list(found), len(found))
    return order


def candidates(walked: Crawled, on_home: Sequence[Row], as_of: date) -> list[Candidate]:
    """Own articles of the last twelve months but for a week, whose whole title is unique on the site, in a stable order."""
    rows = [*((row, _place_of(page)) for page in walked.opened for row in page.rows), *((row, "首页") for row in on_home)]
    urls = Counter(title for title, _ in {(squeezed(row.title), key_of(row.url)) for row, _ in rows})
    found: dict[str, Candidate] = {}
    for row, place in rows:
        if urls[squeezed(row.title)] == 1 and walked.atlas.scope.owns(row.url) and is_drawable(row, as_of):
            found.setdefault(key_of(row.url), Candidate(row.title, row.url, row.listed, row.in_url, place))
    ordered = [found[key] for key in sorted(found)]
    plain = [one for one in ordered if is_plain(one.title)]
    return plain if len(plain) >= ENOUGH else ordered


def is_drawable(row: Row, as_of: date) -> bool:
    """By its list: a content page of the window with a whole title of usual length."""
    day = row.listed or row.in_url
    if not day or row.own or row.yearless or is_cut(row.title) or _is_file(row.url):
        return False
    return in_window(date.fromisoformat(day), as_of) and SHORTEST <= len(squeezed(row.title)) and len(row.title) <= LONGEST


def in_window(day: date | None, as_of: date) -> bool:
    """Published in the last twelve months, and a week ago at least."""
    return day is not None and as_of - timedelta(days=OLDEST_DAYS) <= day <= as_of - timedelta(days=YOUNGEST_DAYS)


def _is_file(url: str) -> bool:
    address = url.partition("?")[0]
    return bool(ATTACHMENT.search(address) or PICTURE.search(address))


def _place_of(page: Seen) -> str:
    return page.column_name or (page.trail[-1][0] if page.trail else "") or page.title[:40]


def services_of(walked: Crawled) -> list[Candidate]:
    """Services of the site's own pages: rows and links that name one, in columns of services."""
    found: dict[str, Candidate] = {}
    for key, spot in walked.atlas.spots.items():
        page = walked.pages.get(key)
        if isinstance(page, Seen) and "办事服务" in category_of(spot.name, page.column_type, (name for name, _ in page.trail))[:1]:
            for title, url in _named(page):
                if walked.atlas.scope.owns(url) and not _is_file(url) and key_of(url) != page.key:
                    found.setdefault(key_of(url), Candidate(title, url, None, None, _place_of(page)))
    once = Counter(squeezed(one.title) for one in found.values())
    return [found[key] for key in sorted(found) if once[squeezed(found[key].title)] == 1]


def _named(page: Seen) -> Iterable[tuple[str, str]]:
    links = [(anchor.text, anchor.url) for anchor in read_links(page.html, page.final_url) if anchor.form == "link"]
    for title, url in ((" ".join(text.split()), url) for text, url in (*((row.title, row.url) for row in page.rows), *links)):
        if SERVICE.search(title) and SHORTEST_SERVICE <= len(squeezed(title)) <= LONGEST and not is_cut(title) and is_plain(title):
            yield title, url


async def _take(session: Session, order: list[Candidate], most: int, confirm) -> list[Candidate]:
    """The first of the order whose own page confirms them."""
    found: list[Candidate] = []
    looked_at = 0
    while order and len(found) < most and looked_at < LOOKED_AT * most:
        batch, order = order[:most - len(found)], order[most - len(found):]
        looked_at += len(batch)
        told = await asyncio.gather(*(confirm(session, one) for one in batch))
        found += [one for one, holds in zip(batch, told, strict=True) if holds]
    return found


async def _is_article(session: Session, one: Candidate) -> bool:
    """Its page exists, bears this very title, and shows a day in the window."""
    read = await read_article(session, Article(one.url, one.title, one.listed, one.in_url))
    return read.read and in_window(read.day, session.settings.as_of) and _bears(session, one)


def _bears(session: Session, one: Candidate) -> bool:
    known = session.shelf.readings[normalised(one.url)].result()
    return isinstance(known, ArticleRead) and squeezed(known.title) == squeezed(one.title)


async def _is_service(session: Session, one: Candidate) -> bool:
    page = await open_page(session, one.url, always)
    if isinstance(page, Missing) or bare_host(host_of(page.final_url)) != bare_host(host_of(one.url)):
        return False
    title = squeezed(one.title)
    return title in squeezed(title_of(page.html)) or title in squeezed(visible_text(page.html))


async def draw_below(session: Session, drawn: Drawn) -> list[Ask | Missing]:
    """Titles of lower sites; of the site itself where it has none."""
    below = session.site.below
    if not below:
        return list(drawn.own)
    chosen = random.Random(f"{session.seed}:below").sample(below, min(SUBORDINATE, len(below)))
    each = await asyncio.gather(*(_draw_from(session, name, url, SUBORDINATE // len(chosen)) for name, url in chosen))
    return [ask for asks in each for ask in asks]


async def _draw_from(session: Session, name: str, url: str, most: int) -> list[Ask | Missing]:
    """Dated articles that the home page of a lower site lists."""
    page = await fetch_page(session, url)
    if isinstance(page, Missing):
        return [page]
    host, as_of = bare_host(host_of(page.final_url)), session.settings.as_of
    rows = {row.url: row for block in read_blocks(page.html, page.final_url) for row in block.rows}
    titles = Counter(squeezed(row.title) for row in rows.values())
    usable = [row for row in rows.values() if bare_host(host_of(row.url)) == host and is_drawable(row, as_of) and titles[squeezed(row.title)] == 1]
    listed = [Candidate(row.title, row.url, row.listed, row.in_url, name) for row in sorted(usable, key=lambda row: row.url)]
    found = await _take(session, _shuffled(session, f"below:{url}", listed), most, _is_article)
    nothing = Missing(Reason.NO_PAGES, f"{name}首页没有可用的信息标题", url)
    return [_ask("subordinate", one) for one in found] or [nothing]
