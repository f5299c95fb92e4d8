"""Items on the portal by reporting unit, week by week, by the source (来源) that their pages show."""
import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import date

from pytest_govsite.gather.allowance import Allowance
from pytest_govsite.gather.articles import read_article
from pytest_govsite.gather.lists import articles_of
from pytest_govsite.gather.opening import Opened, open_page
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.columns import Article, Column, Columns
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.publications import Submissions
from pytest_govsite.reading.addresses import family, host_of
from pytest_govsite.reading.lists import main_rows
from pytest_govsite.reading.paging import read_paging
from pytest_govsite.reading.units import match
from pytest_govsite.weeks import day_of, monday_of, whole_weeks

# lists in which no unit's report ever stands
STANDING = frozenset({
    "概况信息", "机构职能", "领导信息", "年度报表", "信息公开指南", "信息公开制度", "信息公开年报", "依申请公开", "咨询建言", "调查征集", "专门渠道",
})
PAGES = 8  # of one list
MOST = 600  # articles opened
AT_ONCE = 4
BROWSED = 20
LONG = 10  # rows: a list without a pager that is longer may have one that only a script knows


async def gather(session: Session) -> Submissions | Missing:
    """How many items each registered unit has in each whole week."""
    columns = await session.evidence("columns")
    if isinstance(columns, Missing):
        return columns
    weeks = whole_weeks(session.settings.as_of)
    if columns.closed:
        return Submissions((), closed=columns.closed)
    if not session.site.units or not weeks:
        return Submissions(weeks)
    rows, doubt = await _rows(session, columns, weeks)
    recent = [(article, names) for article, names in rows if _may_be_of(article, weeks) and not _is_foreign(session, article)]
    if len(recent) > MOST:
        doubt = doubt or Missing(Reason.DEADLINE, f"近期信息有 {len(recent)} 条，只打开了 {MOST} 条", session.site.url)
    read = await _open(session, [article for article, _ in recent[:MOST]])
    named = [(article, names) for article, (_, names) in zip(read, recent, strict=False)]
    return _counted(session.site.units, weeks, named, doubt)


async def _rows(session: Session, columns: Columns, weeks: tuple[date, ...]) -> tuple[list[tuple[Article, set[str]]], Missing | None]:
    """Each article of the lists once, with the names of the columns that list it, and why there may be more."""
    lists = [column for column in columns.columns if column.listing.articles and column.category not in STANDING]
    slots, allowance = asyncio.Semaphore(AT_ONCE), Allowance(BROWSED)
    pages = await asyncio.gather(*(_whole_list(session, column, weeks[-1], slots, allowance) for column in lists))
    found: dict[str, tuple[Article, set[str]]] = {}
    for column, (articles, _) in zip(lists, pages, strict=True):
        for article in articles:
            known = found.get(key_of(article.url), (article, set()))
            found[key_of(article.url)] = (article if article.opened else known[0], known[1] | {*column.path})
    unseen = next((column.unread or column.doubt for column in columns.columns if column.kind == "unknown"), None)
    return list(found.values()), columns.stopped or unseen or next((gap for _, gap in pages if gap), None)


async def _whole_list(
    session: Session, column: Column, since: date, slots: asyncio.Semaphore, allowance: Allowance,
) -> tuple[list[Article], Missing | None]:
    """The list back to a day, further pages fetched where the first does not reach so far."""
    articles = list(column.listing.articles)
    if column.pages == 1 or _reaches(articles, since):
        return articles, None
    async with slots:
        first = await open_page(session, column.url, lambda html, url: bool(main_rows(html, url)), allowance)
        if isinstance(first, Missing):
            return articles, first
        later = read_paging(first.html, first.final_url).next
        for url in later[:PAGES]:
            page = await open_page(session, url, lambda html, at: bool(main_rows(html, at)), allowance)
            more = _listed(session, page)
            articles += more
            if not more or _reaches(more, since):
                return articles, page if isinstance(page, Missing) else None
    whole = not later and len(articles) < LONG
    return articles, None if whole else Missing(Reason.NOT_REACHED, f"列表“{column.title}”没有看到 {since}", column.url)


def _listed(session: Session, page: Opened | Missing) -> list[Article]:
    if isinstance(page, Missing):
        return []
    return list(articles_of(main_rows(page.html, page.final_url), page.final_url, session.settings.as_of))


def _reaches(articles: Iterable[Article], since: date) -> bool:
    """The last rows are older; pinned old rows at the top prove nothing."""
    days = [day for article in list(articles)[-3:] if (day := day_of(article))]
    return bool(days) and max(days) < since


def _may_be_of(article: Article, weeks: tuple[date, ...]) -> bool:
    day = day_of(article)
    return day is None or monday_of(day) in weeks


def _is_no_item(article: Article) -> bool:
    """A row without a day whose address is no content page leads to a column."""
    return article.hint is None and article.unread is not None and article.unread.reason in (Reason.UNCLEAR, Reason.NO_PAGES)


def _is_foreign(session: Session, article: Article) -> bool:
    """A page of another government: no unit of this one wrote it."""
    host = host_of(article.url)
    return host.endswith(".gov.cn") and family(host) != family(session.site.host)


async def _open(session: Session, articles: list[Article]) -> list[Article]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def read(article: Article) -> Article:
        async with slots:
            return article if article.opened else await read_article(session, article)

    return await asyncio.gather(*(read(article) for article in articles))


def _counted(
    units: tuple[str, ...], weeks: tuple[date, ...], articles: list[tuple[Article, set[str]]], doubt: Missing | None,
) -> Submissions:
    """Counts by the source shown, and by the column where one is called like the unit."""
    counts = {unit: Counter() for unit in units}
    unknown = []
    for article, names in articles:
        if not _may_be_of(article, weeks) or _is_no_item(article):
            continue
        owners = [unit for unit in units if match(article.source, unit) or any(match(name, unit) for name in names)]
        day = day_of(article)
        if not day or (not owners and not article.source):
            unknown.append(article)
        for unit in owners if day else ():
            counts[unit][monday_of(day)] += 1
    items = {unit: tuple(count[week] for week in weeks) for unit, count in counts.items()}
    return Submissions(weeks, items, tuple(unknown), doubt)
