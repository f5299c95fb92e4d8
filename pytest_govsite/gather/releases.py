"""The data columns: their articles, what of them is drawn as a chart, and what programs can read."""
import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from pytest_govsite.gather.allowance import Allowance
from pytest_govsite.gather.articles import read_article
from pytest_govsite.gather.opening import Opened, open_page
from pytest_govsite.gather.scope import Scope, key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.columns import Article, Column, Columns, Listing
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.publications import Dataset, Releases
from pytest_govsite.reading.figures import (
    DATA_FILE, Offer, chart_in_title, has_pictures, is_platform, may_draw, read_chart, read_datasets, read_platforms,
)
from pytest_govsite.windows import back

CATEGORY = "数据发布"
LOOKED_AT = 24  # articles whose page is searched for charts and files
BATCH = 4
ENOUGH_FILES = 3
COLUMN_PAGES = 12
PLATFORMS = 3
BROWSED = 12


@dataclass
class _Finds:
    """What was found on the pages so far."""

    charted: list[tuple[Article, str]] = field(default_factory=list)
    pictured: list[Article] = field(default_factory=list)
    datasets: dict[str, Dataset] = field(default_factory=dict)

    def add(self, offers: Iterable[Offer], article: Article | None) -> None:
        for offer in offers:
            known = self.datasets.get(offer.url)
            if known is None or known.article is None:
                self.datasets[offer.url] = Dataset(offer.url, offer.text, offer.form, article)

    def take(self, others: "_Finds") -> None:
        """What was found on a further page, in the order of the pages, whichever came first."""
        self.charted += others.charted
        self.pictured += others.pictured
        for url, dataset in others.datasets.items():
            known = self.datasets.get(url)
            if known is None or known.article is None:
                self.datasets[url] = dataset


async def gather(session: Session) -> Releases | Missing:
    """The articles of all data columns, and what they offer."""
    columns = await session.evidence("columns")
    if isinstance(columns, Missing):
        return columns
    if columns.closed:
        return Releases((), Listing(), closed=columns.closed)
    found = _columns(columns)
    own = [column for column in found if column.kind != "outside" and not column.blank]
    articles = _articles(own)
    allowance, finds = Allowance(BROWSED), _Finds()
    platforms = await _search_columns(session, own, finds, allowance)
    platforms += [Offer(column.url, column.name, "platform") for column in found if column.kind == "outside"]
    opened = await _search_articles(session, articles, finds, allowance)
    listing = Listing(opened, next((column.listing.doubt for column in own if column.listing.doubt), _listless(own, opened)))
    offered = [await _try_platform(session, offer, allowance) for offer in _distinct(platforms)[:PLATFORMS]]
    return Releases(
        tuple(column.url for column in own), listing, tuple(finds.charted), tuple(finds.pictured),
        (*(dataset for dataset in offered if dataset), *finds.datasets.values()), _doubt(columns, found, own),
    )


def _columns(columns: Columns) -> list[Column]:
    """The columns of the category with all parts and all that hangs below without a category of its own."""
    heads = [column for column in columns.columns if column.category == CATEGORY]
    places = [column.path for column in heads]
    below = [
        column for column in columns.columns if not column.category and any(column.path[:len(place)] == place for place in places)
    ]
    parts = [part for head in heads for part in columns.parts(head)]
    return list({column.url: column for column in (*heads, *below, *parts)}.values())


def _doubt(columns: Columns, found: list[Column], own: list[Column]) -> Missing | None:
    gap = next((column.unread or column.doubt for column in own if column.unread or column.doubt), None)
    if found and not own and not any(column.blank for column in found):
        return Missing(Reason.UNCLEAR, "数据发布栏目在其他网站", found[0].url)
    return gap or columns.stopped


def _listless(columns: list[Column], articles: tuple[Article, ...]) -> Missing | None:
    """Data on a page without a list (a board of figures, a form) has no articles that could tell its age."""
    return Missing(Reason.UNCLEAR, "数据发布栏目没有信息列表", columns[0].url) if columns and not articles else None


def _articles(columns: list[Column]) -> list[Article]:
    """Each article once, an opened one before its unopened twin."""
    found: dict[str, Article] = {}
    for article in (article for column in columns for article in column.listing.articles):
        key = key_of(article.url)
        if key not in found or not found[key].opened:
            found[key] = article
    return list(found.values())


async def _search_columns(session: Session, columns: list[Column], finds: _Finds, allowance: Allowance) -> list[Offer]:
    """Files that the columns' own pages offer; links to platforms there and on the home page are handed back."""
    platforms = list(read_platforms(session.home.dom, session.home.final_url))
    seen = [column for column in columns if column.kind in ("list", "text", "channel")][:COLUMN_PAGES]
    pages = await asyncio.gather(*(open_page(session, column.url, allowance=allowance) for column in seen))
    rows = {key_of(article.url) for column in columns for article in column.listing.articles}
    for page in pages:
        if isinstance(page, Opened):
            finds.add((offer for offer in read_datasets(page.html, page.final_url) if key_of(offer.url) not in rows), None)
            platforms += read_platforms(page.html, page.final_url)
    return platforms


async def _search_articles(session: Session, articles: list[Article], finds: _Finds, allowance: Allowance) -> tuple[Article, ...]:
    """Looks at the pages of a year, likely charts first, until there is a chart of half a year and enough files."""
    as_of = session.settings.as_of
    year, half = back(as_of, "1y"), back(as_of, "6mo")
    recent = [article for article in articles if (_day(article) or as_of) >= year]
    queue = sorted(recent, key=lambda article: (not chart_in_title(article.title), -(_day(article) or as_of).toordinal()))[:LOOKED_AT]
    read: dict[str, Article] = {}
    while queue and not _has_enough(finds, half, as_of):
        batch, queue = queue[:BATCH], queue[BATCH:]
        for article, found in await asyncio.gather(*(_look(session, article, allowance) for article in batch)):
            read[article.url] = article
            finds.take(found)
    finds.pictured += [article for article in queue if (_day(article) or as_of) >= half and not _has_chart(finds, half, as_of)]
    return tuple(read.get(article.url, article) for article in articles)


def _day(article: Article) -> date | None:
    return article.day or article.hint


def _has_enough(finds: _Finds, half: date, as_of: date) -> bool:
    return _has_chart(finds, half, as_of) and sum(bool(one.article and one.article.day) for one in finds.datasets.values()) >= ENOUGH_FILES


def _has_chart(finds: _Finds, half: date, as_of: date) -> bool:
    return any(article.day and half <= article.day <= as_of for article, _ in finds.charted)


async def _look(session: Session, article: Article, allowance: Allowance) -> tuple[Article, _Finds]:
    """Reads one article: what it shows and offers. A mere file is dated by its list."""
    finds = _Finds()
    if form := DATA_FILE.search(article.url):
        finds.add([Offer(article.url, article.title[:100], form["form"].lower())], article)
        return article, finds
    article = await read_article(session, article)
    page = await open_page(session, article.url, lambda html, url: not may_draw(html), allowance)
    if isinstance(page, Missing):
        if page.reason not in (Reason.NOT_HTML, Reason.HTTP_ERROR):
            finds.pictured.append(article)
        return article, finds
    fact = chart_in_title(article.title) or read_chart(page.html)
    if fact:
        finds.charted.append((article, fact))
    elif has_pictures(page.html) or (may_draw(page.html) and (page.unsettled or page.failed)):
        finds.pictured.append(article)
    finds.add(read_datasets(page.html, page.final_url), article)
    return article, finds


async def _try_platform(session: Session, offer: Offer, allowance: Allowance) -> Dataset | None:
    """The platform, when it offers data; one that could not be reached stays open; else None."""
    dataset = Dataset(offer.url, offer.text[:100], "platform")
    page = await open_page(session, offer.url, lambda html, url: is_platform(html), allowance)
    if isinstance(page, Missing):
        own = Scope.of(session.site, session.home.final_url).owns(offer.url)
        return replace(dataset, unread=page if own else Missing(Reason.THIRD_PARTY, page.says, offer.url))
    if is_platform(page.html):
        return dataset
    return replace(dataset, unread=page.unsettled) if page.unsettled else None


def _distinct(offers: Iterable[Offer]) -> list[Offer]:
    return list({key_of(offer.url): offer for offer in offers}.values())
