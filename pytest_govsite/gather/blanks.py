"""Columns that seem to have no content are looked at once more in Chromium, as a visitor would, and photographed."""
from pytest_govsite.gather.crawl import Crawled
from pytest_govsite.gather.inventory import Draft
from pytest_govsite.gather.opening import browser_fault, opened
from pytest_govsite.gather.seen import Seen, read_page
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.blankness import blank_words


async def confirm_blank(session: Session, crawled: Crawled, draft: Draft, pictured: bool) -> None:
    """Settles whether a column is blank: `blank` stays where a second look shows nothing either, else `doubt` says why not.

    pictured: a picture of the page is taken when it is.
    """
    if draft.doubt:
        draft.blank = ""
        return
    async with session.rendered(draft.url) as (tab, seen):
        fault = await browser_fault(session, seen, draft.url)
        if fault:
            draft.blank, draft.doubt = "", fault
            return
        page = opened(seen, draft.url)
        again = read_page(page)
        if isinstance(again, Missing):
            draft.blank, draft.doubt = "", again
            return
        _weigh(draft, crawled, again)
        if draft.blank and pictured and tab:
            draft.shot = await session.album.take(tab, "page", draft.url)


def _weigh(draft: Draft, crawled: Crawled, again: Seen) -> None:
    """What the second look says: rows after all, a file that did not load, or nothing again."""
    words = "" if again.rows else blank_words(crawled.content(again), draft.name)
    draft.page = again
    if words and again.failed:
        draft.blank = ""
        draft.doubt = Missing(Reason.HTTP_ERROR, f"页面所需的文件没有加载：{again.failed[0]}"[:200], draft.url)
        return
    draft.blank = words
    if not words and not again.rows:
        draft.kind = "text"
