"""Where a visitor can search: a box on the home page, in a layer that an icon opens, on a page that a link leads to."""
import asyncio
from dataclasses import dataclass, replace

from playwright.async_api import Page as Tab

from pytest_govsite.gather.crawl import Crawled
from pytest_govsite.gather.rendering import Rendered, settle
from pytest_govsite.gather.search_page import OUTLINE, Place, Survey, changed, survey, watched
from pytest_govsite.gather.search_stir import Stir
from pytest_govsite.gather.search_visit import Entrance, fault_of, open_layer
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.addresses import family, host_of
from pytest_govsite.reading.search_box import Opener

MOST_BOXES = 2  # tried before a search is called dead
MOST_OPENERS = 3
COLUMN_PAGES = 2
PAUSE_SECONDS = 3.0
LATE_SECONDS = 3.0  # a box that a script draws late


@dataclass(frozen=True)
class Look:
    """What a look for the search found.

    entrances  boxes that may be the search, the likeliest first.
    doubt      why "there is none" is not firm; dead: the only link to a search leads to an error page.
    lost       why the page could not be looked at; shot: of the page, the box outlined.
    """

    entrances: tuple[Entrance, ...] = ()
    doubt: str = ""
    dead: Missing | None = None
    lost: Missing | None = None
    shot: str | None = None


async def look_at_home(session: Session) -> Look:
    """The home page, and where its links and icons lead."""
    look, openers = await _look_at(session, session.home.final_url)
    if look.entrances or look.lost:
        return look
    led = [one for one in openers if one.leads][:MOST_OPENERS]
    for opener in led:
        further = await _follow(session, opener)
        further = await _look_by_click(session, opener) or further if further.dead else further
        if further.entrances:
            return replace(further, shot=look.shot)
        look = replace(look, dead=look.dead or further.dead, doubt=look.doubt or further.doubt)
    return look


async def _look_by_click(session: Session, opener: Opener) -> Look | None:
    """A link to a page that is not there may still open a layer by script; None when it does not."""
    async with session.rendered(session.home.final_url) as (tab, seen):
        if isinstance(seen, Missing):
            return Look(doubt=seen.says)
        found = await survey(tab)
        same = tuple((frame, replace(one, href="")) for frame, one in found.openers if one.leads == opener.leads)
        look = await _open_layers(session, tab, replace(found, openers=same), Look())
        return look if look.entrances else None


async def look_at_columns(session: Session, walked: Crawled | Missing, before: Look) -> Look:
    """Some pages below the home page may show the box that it lacks; with none there either, "none" is firm."""
    pages = column_pages(walked)
    for url in pages:
        look, _ = await _look_at(session, url)
        if look.entrances:
            return look
        if look.lost or look.doubt:
            before = replace(before, doubt=before.doubt or look.doubt or look.lost.says)
    return before if len(pages) == COLUMN_PAGES else replace(before, doubt=before.doubt or "没有可查看的栏目页")


def column_pages(walked: Crawled | Missing) -> list[str]:
    """Pages of the site below its home page, of different columns."""
    if isinstance(walked, Missing):
        return []
    own = [page for page in walked.opened if walked.atlas.scope.owns(page.final_url) and page.key != walked.atlas.home]
    return [page.final_url for page in own[::max(1, len(own) // COLUMN_PAGES)]][:COLUMN_PAGES]


async def _look_at(session: Session, url: str) -> tuple[Look, tuple[Opener, ...]]:
    """One page: the boxes it shows, else those that its icons open; and what else may lead to a search."""
    async with session.rendered(url) as (tab, seen):
        if fault := await fault_of(session, seen, url):
            return Look(lost=fault), ()
        known, found = await watched(tab), await survey(tab)
        if not found.shown and not found.openers and await changed(tab, known, LATE_SECONDS):
            found = await survey(tab)
        look = await _described(session, tab, found, url)
        if not look.entrances:
            look = await _open_layers(session, tab, found, replace(look, doubt=look.doubt or _unloaded(seen)))
        return look, tuple(one for _, one in found.openers)


def _unloaded(seen: Rendered) -> str:
    """What went wrong while the page loaded may have cost it its search."""
    lost = next((url for url in seen.failed if family(host_of(url)) == family(host_of(seen.final_url))), "")
    if lost or seen.errors:
        return f"页面的部分文件没有加载：{lost}" if lost else f"页面脚本出错：{seen.errors[0][:80]}"
    return ""


async def _described(session: Session, tab: Tab, found: Survey, url: str, linked: bool = False) -> Look:
    places = found.shown[:MOST_BOXES]
    entrances = tuple(Entrance(url, place.box, linked=linked, broken=found.broken) for place in places)
    return Look(entrances, _doubt(found), shot=await photograph(session, tab, places[0] if places else None))


def _doubt(found: Survey) -> str:
    return "；".join((*found.doubts, *(f"脚本没有加载：{one}" for one in found.broken)))[:200]


async def photograph(session: Session, tab: Tab, place: Place | None) -> str | None:
    """The page as it stands, the box outlined."""
    if place:
        try:
            await place.locate().evaluate(OUTLINE, timeout=2000)
        except Exception:
            pass  # the picture shows the page all the same
    return await session.album.take(tab, "page", f"{tab.url}#search-box")


async def _open_layers(session: Session, tab: Tab, found: Survey, look: Look) -> Look:
    """Clicks icons that lead nowhere by themselves: a layer with a box may open, or another page."""
    for _, opener in [pair for pair in found.openers if not pair[1].leads][:MOST_OPENERS]:
        page = tab.url
        async with Stir(tab) as stir:
            if not await open_layer(tab, found, opener):
                continue
            where = stir.windows[-1] if stir.windows else tab
            await settle(where)
            opened = await survey(where)
            if opened.shown:
                apart = where is not tab or where.url.partition("#")[0] != page.partition("#")[0]
                further = await _described(session, where, opened, where.url if apart else page, linked=apart)
                clicked = None if apart else opener
                return replace(further, entrances=tuple(replace(one, opener=clicked) for one in further.entrances))
            if where is tab and tab.url != page:
                return replace(look, doubt=look.doubt or f"点击“{opener.words or '搜索图标'}”后的页面没有搜索框")
    return replace(look, doubt=look.doubt or _unopened(found))


def _unopened(found: Survey) -> str:
    if any(not place.box.shown for place in found.ranked):
        return "页面里有隐藏的搜索框，未能打开"
    return "页面里有搜索图标，点击后没有出现搜索框" if any(not one.leads for _, one in found.openers) else ""


async def _follow(session: Session, opener: Opener) -> Look:
    """The page that a link leads to; an error page is looked at twice before it is believed."""
    words = opener.words or "搜索图标"
    for attempt in range(2):
        async with session.rendered(opener.leads) as (tab, seen):
            fault = await fault_of(session, seen, opener.leads)
            if not fault:
                look = await _described(session, tab, await survey(tab), tab.url, linked=True)
                return look if look.entrances else replace(look, doubt=f"链接“{words}”指向的页面没有认出搜索框")
        if not await _is_dead(session, fault):
            return Look(doubt=f"链接“{words}”指向的页面未能打开：{fault.says}")
        if not attempt:
            await asyncio.sleep(PAUSE_SECONDS)  # the pause is the point, there is no event to wait for
    return Look(dead=replace(fault, detail=f"链接“{words}”指向的搜索页 {fault.detail}"))


async def _is_dead(session: Session, fault: Missing) -> bool:
    """An answer that says there is no such page; of a host of others only where those can be judged from here."""
    if fault.reason is not Reason.HTTP_ERROR or not (fault.detail.startswith(("HTTP 404", "HTTP 410", "HTTP 5"))):
        return False
    return family(host_of(fault.url)) == family(session.site.host) or await session.sees_world()

