"""From the rows that a page lists to the articles that they stand for."""
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pytest_govsite.gather.opening import open_page
from pytest_govsite.gather.seen import Seen, read_page
from pytest_govsite.gather.session import Session
from pytest_govsite.model.columns import Article
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.addresses import bare_host, host_of
from pytest_govsite.reading.lists import Row, main_rows

MOST_ROWS = 60
FIRST_ROWS = 40  # by place; the others by day
RISING = 4  # dated rows, each later than the one before, that make a list with its newest at the end
MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")


async def rows_of(session: Session, page: Seen) -> tuple[tuple[Row, ...], Missing | None]:
    """The rows among which the newest must be, and the doubt that remains.

    A list that begins with its oldest rows has the newest on its last page.
    """
    if not is_rising(page.rows) or not page.paging.next:
        return page.rows, None
    last = page.paging.next[-1]
    unseen = Missing(Reason.NOT_REACHED, "列表从旧到新排列，最后一页未看到", page.url)
    if page.paging.pages > len(page.paging.next) + 1:
        return page.rows, unseen
    opened = await open_page(session, last, lambda html, url: bool(main_rows(html, url)))
    further = read_page(opened)
    if not isinstance(further, Seen) or not further.rows:
        return page.rows, unseen
    known = {row.url for row in page.rows}
    return (*page.rows, *(row for row in further.rows if row.url not in known)), None


def is_rising(rows: Sequence[Row]) -> bool:
    """The oldest rows come first."""
    days = [day for row in rows if (day := row.listed or row.in_url)]
    steps = list(zip(days, days[1:], strict=False))
    return len(days) >= RISING and days[0] < days[-1] and all(before <= after for before, after in steps)


def articles_of(rows: Iterable[Row], page: str, as_of: date) -> tuple[Article, ...]:
    """The articles of a list, none opened yet; what a list has too much of is left out, never its latest rows.

    A day without a year is taken for the latest one up to as_of that it may mean: it only says what to open. The
    document's own day (成文日期) says nothing of publication.
    """
    host = bare_host(host_of(page))
    articles = [_article(row, host, as_of) for row in rows]
    if len(articles) <= MOST_ROWS:
        return tuple(articles)
    rest = sorted(articles[FIRST_ROWS:], key=lambda article: article.hint or date.min, reverse=True)
    kept = {id(article) for article in (*articles[:FIRST_ROWS], *rest[:MOST_ROWS - FIRST_ROWS])}
    return tuple(article for article in articles if id(article) in kept)


def _article(row: Row, host: str, as_of: date) -> Article:
    listed = latest_of(row.written, as_of) if row.yearless and not row.listed else row.listed
    return Article(
        row.url, row.title[:200], listed=None if row.own else listed, in_url=row.in_url,
        outside=bare_host(host_of(row.url)) != host,
    )


def latest_of(written: str, as_of: date) -> str | None:
    """The latest day up to as_of that a day without a year may mean."""
    found = MONTH_DAY.search(written)
    for year in range(as_of.year, as_of.year - 5, -1) if found else ():
        try:
            day = date(year, int(found[1]), int(found[2]))
        except ValueError:  # 29 February, or none of the calendar
            continue
        if day <= as_of:
            return day.isoformat()
    return None


def settled(articles: Iterable[Article], rows: Iterable[Row]) -> tuple[Article, ...]:
    """The opened articles with the year that their page gives to a day without one; where it gives none, no day."""
    yearless = {row.url: row.written for row in rows if row.yearless and not row.listed}
    return tuple(_settle(article, yearless.get(article.url, "")) for article in articles)


def _settle(article: Article, written: str) -> Article:
    found = MONTH_DAY.search(written)
    if not found or not article.read:
        return article
    agrees = article.day and (article.day.month, article.day.day) == (int(found[1]), int(found[2]))
    return replace(article, listed=article.day.isoformat() if agrees else None)
