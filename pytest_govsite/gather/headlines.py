"""The articles that the home page shows, opened until one is new."""
from datetime import timedelta

from pytest_govsite.gather.articles import NEAR_DAYS, open_newest
from pytest_govsite.gather.lists import articles_of, settled
from pytest_govsite.gather.opening import learn_softness
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.columns import Headlines, Listing
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.links import read_links, split_inner
from pytest_govsite.reading.lists import Row, day_in_url, read_blocks

MOST = 80  # articles opened, where none of them is new
MOST_UNDATED = 60  # of them without any date beside their link


async def gather(session: Session) -> Headlines | Missing:
    """The articles of the home page, closed tabs and other hosts included."""
    home = await session.evidence("home")
    if isinstance(home, Missing):
        return home
    url = home.page.final_url
    if home.closed:
        return Headlines(url, Listing(), home.doorway, home.closed)
    await learn_softness(session, url)
    listing = await _listing(session, rows_at_home(session.home.dom, url), url)
    return Headlines(url, listing, home.doorway, shot=await _shot(session, listing))


async def _listing(session: Session, rows: tuple[Row, ...], url: str) -> Listing:
    as_of = session.settings.as_of
    if not rows:
        return Listing((), Missing(Reason.NO_PAGES, "首页上没有找到文章", url))
    near = as_of - timedelta(days=NEAR_DAYS)
    articles = articles_of(rows, url, as_of)
    listing = await open_newest(session, articles, as_of=as_of, reach=near, near=near, most=MOST, undated=MOST_UNDATED)
    return Listing(settled(listing.articles, rows), listing.doubt)


def rows_at_home(dom: str, url: str) -> tuple[Row, ...]:
    """Every article that the home page links to, those in lists first; each once."""
    listed = [row for block in read_blocks(dom, url) for row in block.rows]
    loose, _ = split_inner(read_links(dom, url), url)
    rows = [*listed, *(Row(one.url, one.text[:200], None, "", day_in_url(one.url), False, False) for one in loose)]
    once: dict[str, Row] = {}
    for row in rows:
        known = once.setdefault(key_of(row.url), row)
        if row.listed and not known.listed:
            once[key_of(row.url)] = row
    return tuple(once.values())


async def _shot(session: Session, listing: Listing) -> str | None:
    """A picture of the home page where nothing new was found."""
    as_of = session.settings.as_of
    newest = listing.newest(as_of)
    if (newest and newest.day >= as_of - timedelta(days=NEAR_DAYS)) or session.home_tab is None:
        return None
    return await session.album.take(session.home_tab, "page", session.home.url)
