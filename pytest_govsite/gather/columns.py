"""The columns of a site: found by a crawl, their lists read, the articles opened that decide how fresh they are."""
import asyncio
import time
from collections import Counter
from collections.abc import Iterable

from pytest_govsite.gather.articles import open_newest
from pytest_govsite.gather.blanks import confirm_blank
from pytest_govsite.gather.crawl import Crawled
from pytest_govsite.gather.crawl import crawled as walk
from pytest_govsite.gather.inventory import Draft, complete, draft_columns
from pytest_govsite.gather.lists import articles_of, rows_of, settled
from pytest_govsite.gather.opening import opened
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.seen import Seen, named_category, read_page
from pytest_govsite.gather.session import Session
from pytest_govsite.model.columns import Column, Columns, Listing, Mention
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.links import Anchor, read_links, shape_of
from pytest_govsite.windows import back

LISTS_AT_ONCE = 8
BLANKS_AT_ONCE = 2
PICTURES, MOST_OLD = 15, 40
MOST_MENTIONS = 40  # of one category
SHORT_NAME, LONG_NAME = 8, 14  # characters of a column's name, where the address is an article's and where it is not
NEWS = "动态要闻"
# what the tables ask about may need many articles, the rest its newest
ASKED = frozenset({NEWS, "通知公告", "政策文件", "政策解读", "数据发布"})
MOST_ASKED, MOST_OTHER = 30, 6
READING_SHARE = 0.6  # of the crawl's seconds, on top of them: how long articles may be opened


async def gather(session: Session) -> Columns | Missing:
    """All columns that can be found within the crawl's limits."""
    home = await session.evidence("home")
    if isinstance(home, Missing):
        return home
    if home.closed:
        return Columns((), closed=home.closed)
    url = home.page.final_url
    anchors = read_links(session.home.dom, url)
    until = time.monotonic() + (1 + READING_SHARE) * session.settings.crawl_seconds
    crawled = await walk(session)
    if isinstance(crawled, Missing):
        return crawled
    drafts = draft_columns(crawled, session.site, frozenset(key_of(anchor.url) for anchor in anchors if anchor.form == "link"))
    await _confirm_blanks(session, crawled, drafts, until)
    drafts = complete(drafts, session.site)
    listings = await _read_lists(session, drafts, until)
    await _look_at_old(session, drafts, listings, until)
    return Columns(
        tuple(_column(draft, listings.get(id(draft))) for draft in drafts), _mentions(crawled, anchors, url),
        crawled.stopped, crawled.fetched, crawled.rendered,
    )


async def _confirm_blanks(session: Session, crawled: Crawled, drafts: list[Draft], until: float) -> None:
    slots = asyncio.Semaphore(BLANKS_AT_ONCE)
    pictured = 0

    async def confirm(draft: Draft) -> None:
        nonlocal pictured
        async with slots:
            if time.monotonic() > until:
                draft.blank, draft.doubt = "", draft.doubt or Missing(Reason.DEADLINE, "未及用浏览器复核", draft.url)
                return
            pictured += 1
            await confirm_blank(session, crawled, draft, pictured <= PICTURES)

    await asyncio.gather(*(confirm(draft) for draft in drafts if draft.blank))


async def _read_lists(session: Session, drafts: list[Draft], until: float) -> dict[int, Listing]:
    """The listings by draft, the columns that the tables ask about first."""
    slots = asyncio.Semaphore(LISTS_AT_ONCE)
    lists = sorted((draft for draft in drafts if draft.rows), key=lambda draft: draft.category not in ASKED)

    async def read(draft: Draft) -> tuple[int, Listing]:
        async with slots:
            return id(draft), await _read_list(session, draft, until)

    return dict(await asyncio.gather(*(read(draft) for draft in lists)))


async def _read_list(session: Session, draft: Draft, until: float) -> Listing:
    as_of = session.settings.as_of
    rows, doubt = await rows_of(session, draft.page)
    articles = articles_of(rows, draft.url, as_of)
    left = until - time.monotonic()
    late = Missing(Reason.DEADLINE, "未及打开内容页", draft.url)
    if left <= 0:
        return Listing(articles, late)
    most = MOST_ASKED if draft.category in ASKED else MOST_OTHER
    try:
        async with asyncio.timeout(left):
            listing = await open_newest(session, articles, as_of=as_of, reach=back(as_of, "6mo"), most=most, undated=most)
    except TimeoutError:
        return Listing(articles, late)
    return Listing(settled(listing.articles, rows), listing.doubt or doubt)


async def _look_at_old(session: Session, drafts: list[Draft], listings: dict[int, Listing], until: float) -> None:
    """Lists that show nothing new are looked at in Chromium: a script may have newer rows, and a finding wants a picture."""
    pictures = max(0, PICTURES - sum(bool(draft.shot) for draft in drafts))
    old = [draft for draft in drafts if id(draft) in listings and _is_old(draft, listings[id(draft)], session)]

    async def look(place: int, draft: Draft) -> None:
        if time.monotonic() > until:
            return
        async with session.rendered(draft.url) as (tab, seen):
            if isinstance(seen, Missing):
                return
            page = read_page(opened(seen, draft.url))
            if tab and place < pictures:
                draft.shot = await session.album.take(tab, "page", draft.url)
        known = {key_of(article.url) for article in listings[id(draft)].articles}
        if isinstance(page, Seen) and any(key_of(row.url) not in known for row in page.rows):
            draft.page = page
            listings[id(draft)] = await _read_list(session, draft, until)
            draft.shot = draft.shot if _is_old(draft, listings[id(draft)], session) else None

    await asyncio.gather(*(look(place, draft) for place, draft in enumerate(old[:MOST_OLD])))


def _is_old(draft: Draft, listing: Listing, session: Session) -> bool:
    """No opened article lies within the time that the column's category, or the sites file, gives it."""
    period = draft.registered.period if draft.registered else None
    if draft.folded or not (period or draft.category in ASKED):
        return False
    as_of = session.settings.as_of
    newest = listing.newest(as_of)
    return newest is None or newest.day < back(as_of, period or ("2w" if draft.category == NEWS else "6mo"))


def _column(draft: Draft, listing: Listing | None) -> Column:
    page, registered = draft.page, draft.registered
    return Column(
        name=draft.name[:200], url=draft.url, path=tuple(name[:200] for name in draft.path), category=draft.category,
        also=draft.categories[1:], folded=draft.folded, kind=draft.kind, listing=listing or Listing(),
        count=len(draft.rows), pages=page.paging.pages if isinstance(page, Seen) and draft.rows else 0,
        blank=draft.blank[:200], doubt=draft.doubt,
        unread=page if isinstance(page, Missing) and draft.kind == "unknown" else None,
        period=registered.period if registered else None, owner=registered.owner if registered else None,
        registered=registered is not None, assigned=bool(registered and registered.category), on_home=draft.on_home, shot=draft.shot,
    )


def _may_name(text: str, url: str) -> bool:
    """The words may be a column's name: headlines say all sorts of things."""
    return len(text) <= (SHORT_NAME if shape_of(url) == "article" else LONG_NAME)


def _mentions(crawled: Crawled, anchors: Iterable[Anchor], home: str) -> tuple[Mention, ...]:
    """Every link seen whose words name a category, each category, text and address once."""
    links = [(anchor.text, anchor.url, home) for anchor in anchors if anchor.form == "link"]
    spots = (*crawled.atlas.spots.values(), *crawled.atlas.outside.values())
    links += [(name, spot.url, home) for spot in spots if spot.on_home for name in spot.names]
    links += [(text, url, page.final_url) for page in crawled.opened for text, url in page.words]
    found: dict[tuple[str, str, str], Mention] = {}
    many: Counter[str] = Counter()
    for text, url, page in links:
        category = named_category(text) if _may_name(text, url) else None
        key = (category, text, key_of(url))
        if category and key not in found and many[category] < MOST_MENTIONS:
            many[category] += 1
            found[key] = Mention(category, text[:80], url, page)
    return tuple(found.values())
