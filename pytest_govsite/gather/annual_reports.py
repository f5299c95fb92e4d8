"""The yearly reports about the website: in its columns, behind links of the home page, behind pictures without words."""
import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pytest_govsite.gather.allowance import Allowance
from pytest_govsite.gather.articles import read_article
from pytest_govsite.gather.lists import articles_of
from pytest_govsite.gather.opening import Opened, open_page, opened
from pytest_govsite.gather.scope import Scope, key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.columns import Article, Column, Columns
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.publications import AnnualReports, Report
from pytest_govsite.reading.links import ATTACHMENT, Anchor, read_links
from pytest_govsite.reading.lists import main_rows
from pytest_govsite.reading.site_reports import is_site_report, names_site_reports, reported_year, year_due

CATEGORY = "年度报表"
FOLLOWED = 6  # links that promise reports and lead to no known column
SILENT = 8  # pictures without words that are followed
READ = 12  # reports whose page is opened
BROWSED = 8


@dataclass
class _Search:
    """What was found so far: articles by key, the keys of pages that list reports, and why there may be more."""

    session: Session
    columns: Columns
    anchors: tuple[Anchor, ...]
    allowance: Allowance = field(default_factory=lambda: Allowance(BROWSED))
    articles: dict[str, Article] = field(default_factory=dict)
    at_home: set[str] = field(default_factory=set)
    lists: dict[str, set[str]] = field(default_factory=dict)
    column: str = ""
    doubt: Missing | None = None
    door: Missing | None = None

    @property
    def home(self) -> str:
        return self.session.home.final_url

    def note(self, article: Article, list_: str, at_home: bool) -> None:
        """A report, the page that lists it, and whether the home page leads to either."""
        key = key_of(article.url)
        self.articles.setdefault(key, article)
        self.lists.setdefault(key_of(list_), set()).add(key)
        if at_home:
            self.at_home.add(key)


async def gather(session: Session) -> AnnualReports | Missing:
    """All yearly reports of the website that can be found, those of the year that is due opened."""
    columns = await session.evidence("columns")
    if isinstance(columns, Missing):
        return columns
    if columns.closed:
        return AnnualReports(session.site.url, closed=columns.closed)
    home = session.home.final_url
    search = _Search(session, columns, read_links(session.home.dom, home), doubt=columns.stopped)
    _search_columns(search)
    await _follow_promises(search)
    reports = await _read(search)
    due = year_due(session.settings.as_of)
    if not any(report.year == due and report.place == "home" for report in reports):
        await _follow_silent(search)
        reports = tuple(replace(report, place=_place(search, report.article)) for report in reports)
    return AnnualReports(home, reports, search.column, search.doubt, search.door)


def _search_columns(search: _Search) -> None:
    linked = {key_of(anchor.url) for anchor in search.anchors}
    for column in search.columns.columns:
        named = column.category == CATEGORY or names_site_reports(column.name)
        at_home = column.on_home or key_of(column.url) in linked
        if named:
            search.column = search.column or column.url
            search.doubt = search.doubt or _gap(column)
        for article in column.listing.articles:
            if is_site_report(article.title, column.name if named else ""):
                search.note(article, column.url, at_home or key_of(article.url) in linked)


def _gap(column: Column) -> Missing | None:
    """Why a column of reports may list one that was not seen."""
    if column.kind == "outside":
        return Missing(Reason.UNCLEAR, "年度报表栏目在其他网站", column.url)
    unseen = Missing(Reason.NOT_REACHED, f"列表共 {column.pages} 页，只看了第一页", column.url) if column.pages > 1 else None
    return column.unread or column.doubt or unseen


async def _follow_promises(search: _Search) -> None:
    """Links whose words promise reports: to a report itself, to a list of them, to the only one there is."""
    anchors = [anchor for anchor in search.anchors if anchor.form in ("link", "attachment")]
    for anchor in anchors:
        if is_site_report(anchor.text) and reported_year(anchor.text):
            search.note(Article(anchor.url, anchor.text[:200]), search.home, at_home=True)
    read = {key_of(column.url) for column in search.columns.columns if column.listing.articles}
    promised = {key_of(anchor.url): (anchor.url, True) for anchor in anchors if names_site_reports(anchor.text)}
    named = [column for column in search.columns.columns if column.category == CATEGORY and column.kind in ("text", "outside")]
    others = [(mention.url, False) for mention in search.columns.mentions if mention.category == CATEGORY]
    for url, at_home in (*((column.url, column.on_home) for column in named), *others):
        promised.setdefault(key_of(url), (url, at_home))
    unread = [promise for key, promise in promised.items() if key not in read and key not in search.articles]
    await asyncio.gather(*(_follow(search, url, at_home) for url, at_home in unread[:FOLLOWED]))


async def _follow(search: _Search, url: str, at_home: bool) -> None:
    if ATTACHMENT.search(url):
        search.note(Article(url, CATEGORY), url, at_home)
        return
    page = await open_page(search.session, url, _lists_something, search.allowance)
    if isinstance(page, Missing):
        search.doubt = search.doubt or page
        return
    rows = articles_of(main_rows(page.html, page.final_url), page.final_url, search.session.settings.as_of)
    reports = [row for row in rows if is_site_report(row.title, CATEGORY)]
    for article in reports or ([] if rows else [Article(page.final_url, "")]):
        search.note(article, page.final_url, at_home)
    search.column = search.column or page.final_url
    search.doubt = search.doubt or page.unsettled


def _lists_something(html: str, url: str) -> bool:
    return bool(main_rows(html, url)) or len(html) > 20_000


async def _read(search: _Search) -> tuple[Report, ...]:
    """The reports by year; those that may be the one that is due are opened."""
    due = year_due(search.session.settings.as_of)
    likely = sorted(search.articles.values(), key=lambda article: reported_year(article.title) not in (due, None))
    wanted = [article for article in likely[:READ] if reported_year(article.title) in (due, None)]
    read = await asyncio.gather(*(read_article(search.session, article) for article in wanted))
    fresh = {key_of(article.url): article for article in read}
    reports = []
    for key, article in search.articles.items():
        article = fresh.get(key, article)
        year = reported_year(article.title, article.day or article.hint)
        if year and (article.title == CATEGORY or is_site_report(article.title, CATEGORY)):
            reports.append(Report(year, article, _place(search, article)))
        elif not year and key in search.at_home:
            search.doubt = search.doubt or Missing(Reason.UNCLEAR, "无法确认是哪一年度的报表", article.url)
    return tuple(sorted(reports, key=lambda report: -report.year))


def _place(search: _Search, article: Article) -> str:
    return "home" if key_of(article.url) in search.at_home else "inside"


async def _follow_silent(search: _Search) -> None:
    """Pictures of the home page that say nothing may lead to the report: they are followed to see."""
    lost = opened(search.session.home, search.home).failed
    if (await search.session.evidence("home")).doorway:
        search.door = Missing(Reason.UNCLEAR, "首页只是引导页", search.home)
    if lost:
        search.door = Missing(Reason.HTTP_ERROR, f"首页所需的文件没有加载：{lost[0]}"[:200], search.home)
    scope = Scope.of(search.session.site, search.home)
    silent = _distinct(anchor.url for anchor in search.anchors if anchor.form == "link" and not anchor.text and scope.owns(anchor.url))
    pages = await asyncio.gather(*(open_page(search.session, url, allowance=Allowance(0)) for url in silent[:SILENT]))
    for url, page in zip(silent, pages, strict=False):
        _look_behind(search, url, page)
    if len(silent) > SILENT:
        search.door = search.door or Missing(Reason.UNCLEAR, f"首页有 {len(silent)} 个没有文字的图片链接", search.home)


def _look_behind(search: _Search, url: str, page: Opened | Missing) -> None:
    if isinstance(page, Missing):
        if page.reason is not Reason.HTTP_ERROR:
            search.door = search.door or Missing(Reason.UNCLEAR, f"首页没有文字的图片链接未能打开：{url}", search.home)
        return
    keys = {key_of(url), key_of(page.final_url)}
    rows = {key_of(row.url) for row in main_rows(page.html, page.final_url)}
    search.at_home |= (keys | rows) & search.articles.keys()
    for key in keys:
        search.at_home |= search.lists.get(key, set())


def _distinct(urls: Iterable[str]) -> list[str]:
    return list({key_of(url): url for url in urls}.values())
