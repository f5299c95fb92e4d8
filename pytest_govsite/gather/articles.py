"""Goes to see articles: the date on their own page is the one that decides."""
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pytest_govsite.gather.opening import Opened, browse_page, open_page
from pytest_govsite.gather.scope import template_of
from pytest_govsite.gather.session import Session, Shelf
from pytest_govsite.model.columns import Article, Listing
from pytest_govsite.model.finding import normalised
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.reading.addresses import bare_host, host_of
from pytest_govsite.reading.article_page import ArticleRead, read_article_page
from pytest_govsite.reading.links import ATTACHMENT, PICTURE

LOOKS = 3  # articles of one template that Chromium is asked about before "shows no date" is believed
SURE = 5  # templates of that kind: where no script of the site writes dates, one article speaks for each further template
MOST = 20  # articles opened of one list
AT_ONCE = 4
TOP = 8  # rows without any date, from the top, that are opened
AHEAD = 4  # rows of the future that are opened
NEAR_DAYS = 14  # the strictest window of any edition
LEADS_ON = ("列表页", "转向其他地址的页面")  # a link to more, not an article
LATE_DAYS = 3  # a page may be published that much after the day in its list


async def read_article(session: Session, article: Article) -> Article:
    """The article with what its page shows: opened, and either read or `unread`. Each page is opened once."""
    key = normalised(article.url)
    if key not in session.shelf.readings:
        session.shelf.readings[key] = asyncio.ensure_future(_read(session, article))
    read = await asyncio.shield(session.shelf.readings[key])
    if isinstance(read, Missing):
        return replace(article, opened=True, unread=read)
    return replace(
        article, opened=True, unread=None, title=_whole(article.title, read.title), shown=read.shown, labelled=read.labelled,
        source=read.source[:200],
    )


def _whole(title: str, on_page: str) -> str:
    """The title of the list, or the page's own where the list cuts it."""
    begin = title.rstrip(".…· ")
    cut = begin != title and on_page.startswith(begin)
    return (on_page if cut or not title else title)[:200]


async def _read(session: Session, article: Article) -> ArticleRead | Missing:
    try:
        return await _look(session, article)
    except Exception as error:  # a page that breaks a reader must not cost the others
        return Missing(Reason.CRASH, f"{type(error).__name__}: {error}"[:150], article.url)


async def _look(session: Session, article: Article) -> ArticleRead | Missing:
    address = article.url.partition("?")[0]
    if ATTACHMENT.search(address) or PICTURE.search(address):
        return Missing(Reason.NOT_HTML, "是文件，没有发布页面", article.url)
    page = await open_page(session, article.url)
    if isinstance(page, Missing):
        return page
    read = _read_page(page, article)
    if read.shown is None and not page.by_browser:
        page = await _look_again(session, page, article)
        read = _read_page(page, article)
    session.shelf.pages.keep(article.url, page.final_url, page.html)
    return read if read.shown is not None else _dateless(page, read, article)


def _read_page(page: Opened, article: Article) -> ArticleRead:
    return read_article_page(page.html, page.final_url, article.listed, article.title)


async def _look_again(session: Session, page: Opened, article: Article) -> Opened:
    """The page in Chromium: a script may write its date. A few pages speak for their template."""
    template = template_of(page.final_url)
    async with session.shelf.lock(template):
        if session.shelf.dateless[template] >= _looks(session.shelf) and template not in session.shelf.dated:
            return page
        seen = await browse_page(session, page.url, page)
        if isinstance(seen, Missing):
            return replace(page, unsettled=seen)
        if seen.by_browser and _read_page(seen, article).shown:
            session.shelf.dated.add(template)
        elif seen.by_browser:
            session.shelf.dateless[template] += 1
        return seen


def _looks(shelf: Shelf) -> int:
    sure = not shelf.dated and sum(looks >= LOOKS for looks in shelf.dateless.values()) >= SURE
    return 1 if sure else LOOKS


def _dateless(page: Opened, read: ArticleRead, article: Article) -> ArticleRead | Missing:
    """A page without a date: that is what it shows, unless something kept us from seeing all of it."""
    if page.unsettled:
        return page.unsettled
    if page.failed:
        return Missing(Reason.HTTP_ERROR, f"页面所需的文件没有加载：{page.failed[0]}"[:200], page.url)
    if read.is_article:
        return read
    led_away = not article.outside and bare_host(host_of(page.final_url)) != bare_host(host_of(article.url))
    elsewhere = read.why in LEADS_ON or led_away
    return Missing(Reason.NO_PAGES if elsewhere else Reason.UNCLEAR, f"不是内容页：{read.why}", page.url)


async def open_newest(
    session: Session, rows: Sequence[Article], *, as_of: date, reach: date, near: date | None = None, most: int = MOST,
    undated: int = TOP,
) -> Listing:
    """The rows with those opened that decide how fresh the list is.

    Rows are opened by hint, the latest first, and undated ones by place, until one was published on or after `near`
    (two weeks before as_of) or no unopened row may lie between `reach` and as_of. At most `most` are opened, `undated`
    of them from the top without any date to go by.
    """
    near = near or as_of - timedelta(days=NEAR_DAYS)
    articles = list(rows)
    while batch := next_rows(articles, as_of=as_of, reach=reach, near=near, most=most, undated=undated):
        seen = await asyncio.gather(*(read_article(session, articles[place]) for place in batch))
        for place, article in zip(batch, seen, strict=True):
            articles[place] = article
    return Listing(tuple(articles), doubt_of(articles, as_of=as_of, reach=reach, near=near))


def next_rows(
    articles: Sequence[Article], *, as_of: date, reach: date, near: date, most: int = MOST, undated: int = TOP,
) -> list[int]:
    """Places of the rows to open next; none when what was opened decides, or enough were opened."""
    opened = [article for article in articles if article.opened]
    if len(opened) >= most or _newest(opened, as_of) >= near:
        return []
    rows = _open_rows(articles, as_of, reach if _newest(opened, as_of) < reach else near, undated)
    if not opened and not rows:
        rows = _by_hint(articles, lambda hint: hint <= as_of)[:1]
    if not rows and _run_late(opened):
        rows = [*_by_hint(articles, lambda hint: hint <= as_of)[:AHEAD], *_closed(articles)[:AHEAD]]
        rows = rows if len(opened) < 3 * AHEAD else []
    return list(dict.fromkeys(rows))[:min(AT_ONCE if opened else 1, most - len(opened))]


def _newest(articles: Sequence[Article], as_of: date) -> date:
    return max((article.day for article in articles if article.day and article.day <= as_of), default=date.min)


def _open_rows(articles: Sequence[Article], as_of: date, since: date, most_undated: int) -> list[int]:
    """Rows that may have been published since that day: by their hint; among the first without one; of the future."""
    dated = _by_hint(articles, lambda hint: since <= hint <= as_of)
    undated = [place for place, article in enumerate(articles) if _told(article) is None][:most_undated]
    future = [place for place, article in enumerate(articles) if article.hint and article.hint > as_of][:AHEAD]
    return [place for place in (*dated, *undated, *future) if not articles[place].opened]


def _by_hint(articles: Sequence[Article], holds) -> list[int]:
    places = [place for place in _closed(articles) if articles[place].hint and holds(articles[place].hint)]
    return sorted(places, key=lambda place: articles[place].hint, reverse=True)


def _closed(articles: Sequence[Article]) -> list[int]:
    return [place for place, article in enumerate(articles) if not article.opened]


def _run_late(opened: Sequence[Article]) -> int:
    """The most days that a page was published after what list and address said: the rows then say little."""
    days = [(article.day - _told(article)).days for article in opened if article.day and _told(article)]
    return max((late for late in days if late > LATE_DAYS), default=0)


def _told(article: Article) -> date | None:
    """What list and address said before the page was opened."""
    return replace(article, labelled=None).hint


def doubt_of(articles: Sequence[Article], *, as_of: date, reach: date, near: date) -> Missing | None:
    """Why a newer article may exist although no row says so; None when one is new, or when the rows can be trusted."""
    if _newest([article for article in articles if article.opened], as_of) >= near:
        return None
    closed = [article for article in articles if not article.opened]
    undated = sum(article.hint is None for article in closed)
    if undated:
        return Missing(Reason.NOT_REACHED, f"还有 {undated} 条没有日期的信息未打开")
    late = _run_late([article for article in articles if article.opened])
    if late and any(article.hint + timedelta(days=late) >= reach for article in closed if article.hint <= as_of):
        return Missing(Reason.NOT_REACHED, "列表日期与内容页发布日期不一致，未打开的信息可能更新")
    hints = [article.hint for article in articles if article.hint]
    if hints and min(hints) > as_of and as_of < today():
        return Missing(Reason.NOT_REACHED, f"列表没有追溯到 {as_of}", blamed=Blame.HISTORY)
    return None


def today() -> date:
    """The day it is where the sites are."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()
