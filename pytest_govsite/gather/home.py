"""The home page: opened in Chromium as a visitor would, through every redirect, HTTP or script."""
import dataclasses
from urllib.parse import urlsplit

from pytest_govsite.gather.browser import quietly
from pytest_govsite.gather.http import Fetcher
from pytest_govsite.gather.pages import read_rendered, with_entry_tried, with_shots
from pytest_govsite.gather.rendering import Rendered
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.evidence import Home
from pytest_govsite.model.missing import RETRYABLE, Missing, Reason
from pytest_govsite.reading.links import read_links, split_inner
from pytest_govsite.reading.notices import read_closing_notice
from pytest_govsite.reading.walls import is_refusal, is_wall


async def gather(session: Session) -> Home | Missing:
    """The home page and how one gets there. Its tab stays open: links and engines look at it again."""
    seen = await front(session)
    if isinstance(seen, Missing):
        return seen
    session.keep_dom(seen.url, seen.dom)
    page = await with_entry_tried(session, read_rendered(seen, "home"))
    page = await with_shots(session, session.home_tab, page)
    redirects = tuple(dict.fromkeys((session.site.url, *seen.redirects, seen.final_url)))
    return Home(page, redirects, doorway=_is_doorway(seen), closed=read_closing_notice(seen.dom))


async def front(session: Session) -> Rendered | Missing:
    """The home page as Chromium shows it, for whoever need not wait for what is read off it and photographed."""
    return await session.once("front", lambda: _front(session))


def is_closed(front: Rendered) -> bool:
    """The home page says that the site was closed."""
    return bool(read_closing_notice(front.dom))


async def _front(session: Session) -> Rendered | Missing:
    if distrust := await distrusted(session.fetcher, session.settings, session.site.url):
        return distrust
    seen = await _open_twice(session)
    if isinstance(seen, Missing):
        return seen
    session.home = seen
    if not session.settings.ca_file:
        session.fetcher.believed.add(urlsplit(seen.final_url).hostname)
    return _fault(seen) or seen


async def distrusted(fetcher: Fetcher, settings: Settings, url: str) -> Missing | None:
    """With an authority of the user's own the browser trusts everything, so that the plain fetch has to look at TLS."""
    if not settings.ca_file:
        return None
    answer = await fetcher.fetch(url, method="HEAD")
    return answer if isinstance(answer, Missing) and answer.reason is Reason.TLS else None


async def _open_twice(session: Session) -> Rendered | Missing:
    """A passing fault is not the site's guilt: one more try for those that pass."""
    tab, seen = await session.render(session.site.url)
    if isinstance(seen, Missing) and seen.reason in RETRYABLE:
        await quietly(tab.close() if tab else None)
        tab, seen = await session.render(session.site.url)
    session.home_tab = tab
    return seen


def _fault(seen: Rendered) -> Missing | None:
    if is_wall(seen.status, seen.headers, seen.dom) or is_refusal(seen.status):
        return Missing(Reason.WALL, f"HTTP {seen.status}", seen.final_url)
    if seen.status >= 400:
        return Missing(Reason.HTTP_ERROR, f"HTTP {seen.status}", seen.final_url)
    if seen.blank and seen.failed and not seen.errors:
        return dataclasses.replace(Missing(Reason.BLANK, "", seen.final_url), detail="页面所需的资源从本机打不开")
    if seen.blank:
        return Missing(Reason.BLANK, "", seen.final_url)
    return None


def _is_doorway(seen: Rendered) -> bool:
    """Few links and no content page among them: the page only leads to columns."""
    anchors = read_links(seen.dom, seen.final_url)
    articles, _ = split_inner(anchors, seen.final_url)
    return not articles and len(anchors) < 40
