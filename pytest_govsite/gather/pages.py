"""From what was sent and rendered to a Page: applies the readers, asks old 找错 platforms, takes the pictures."""
import dataclasses

from playwright.async_api import Page as Tab

from pytest_govsite.gather.rendering import Rendered
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import Entry, Page, Role
from pytest_govsite.reading.article_page import ArticleRead, read_article_page
from pytest_govsite.reading.find_error import read_entry
from pytest_govsite.reading.header import read_header
from pytest_govsite.reading.labels import label, read_labels
from pytest_govsite.reading.marks import read_marks
from pytest_govsite.reading.names import shows_name

FAULTY = ("absent", "invalid", "blocked")


def read_sent(url: str, final_url: str, role: Role, status: int, html: str) -> Page:
    """A Page from the HTML as sent, without a browser: scripts have not run."""
    return _page(url, final_url, role, status, sent=html, dom=html)


def read_rendered(seen: Rendered, role: Role) -> Page:
    """A Page from what a visitor sees."""
    return _page(seen.url, seen.final_url, role, seen.status, sent=seen.sent, dom=seen.dom, title=seen.title,
                 blocked=seen.mixed, failed=tuple(seen.failed), scripts=seen.scripts)


def needs_browser(page: Page) -> bool:
    """Something a visitor should see is not in the HTML as sent: a script may still write it."""
    marks = any(mark.state != "shown" for _, mark in page.marks)
    if page.role == "article" and not (page.shown_date and page.shown_source):
        return True
    return marks or page.entry is None or not page.entry.shown or not page.header.texts or page.header.silent_logo


async def with_entry_tried(session: Session, page: Page) -> Page:
    """Asks the platform behind an unusual 找错 entry whether it answers (ruling 9)."""
    entry = page.entry
    if entry is None or entry.state != "unknown" or not entry.host:
        return page
    return dataclasses.replace(page, entry=await _tried(session, entry))


async def _tried(session: Session, entry: Entry) -> Entry:
    answer = await session.fetcher.fetch(entry.href or f"http://{entry.host}/")
    missing = isinstance(answer, Missing)
    gone = answer.reason is Reason.NO_NAME if missing else answer.status in (404, 410)
    if not gone and not missing:
        return dataclasses.replace(entry, state="answers")
    dead = gone and await session.sees_world()
    return dataclasses.replace(entry, state="dead" if dead else "unknown", why=answer.says if missing else f"HTTP {answer.status}")


async def with_shots(session: Session, tab: Tab | None, page: Page) -> Page:
    """Photographs the regions where a reader saw something amiss."""
    if tab is None:
        return page
    regions = []
    if any(mark.state in FAULTY for _, mark in page.marks) or page.entry is None or page.entry.state in ("dead", "blocked"):
        regions.append("footer")
    if not shows_name(page.header.texts, _names(session, page)):
        regions.append("header")
    shots = {region: await session.album.take(tab, region, page.url) for region in regions}
    return dataclasses.replace(page, shots={region: path for region, path in shots.items() if path})


def _names(session: Session, page: Page) -> tuple[str, ...]:
    return tuple(filter(None, (session.site.name, label(page.labels, "SiteName"))))


def _page(url, final_url, role, status, *, sent, dom, title="", blocked=(), failed=(), scripts=()) -> Page:
    read = read_article_page(dom, final_url) if role == "article" else ArticleRead()
    return Page(
        url=url, final_url=final_url, role=role, status=status, title=title,
        labels=read_labels(sent, dom),
        marks=read_marks(dom, base_url=final_url, blocked=blocked, failed=failed),
        entry=read_entry(dom, base_url=final_url, sent_html=sent, blocked=blocked, failed=failed, scripts=scripts),
        header=read_header(dom),
        shown_date=read.shown, shown_source=read.source, opening=read.opening, credit=read.credit, unclear=read.why,
    )
