"""Columns (栏目) of a site, the articles in their lists, and what the two say of freshness."""
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pytest_govsite.model.missing import Missing
from pytest_govsite.model.page import ShownDate

CATEGORIES = (
    "概况信息", "机构职能", "领导信息", "动态要闻", "通知公告", "政策文件", "政策解读", "数据发布", "专题专栏", "年度报表",
    "办事服务", "咨询建言", "调查征集", "在线访谈", "互动交流", "专门渠道", "信息公开指南", "信息公开制度", "信息公开年报",
    "依申请公开", "信息公开平台",
)

ColumnKind = Literal["list", "channel", "text", "form", "outside", "unknown"]


@dataclass(frozen=True)
class Article:
    """One row of a list and, once it was opened, the page behind it. Days are YYYY-MM-DD, None where there is none.

    url      where the row leads; title as the list shows it, the whole one where it is cut.
    listed   day that the list shows for it; in_url: day that its address holds; labelled: day of its PubDate.
    opened   somebody went to see its page; unread says why that failed.
    shown    publication date a visitor reads on its page; None when the page shows none. Its iso is None when a date
             stands there that cannot be attributed.
    source   来源 as shown; outside: the page lives on another host.
    """

    url: str
    title: str
    listed: str | None = None
    in_url: str | None = None
    opened: bool = False
    unread: Missing | None = None
    shown: ShownDate | None = None
    labelled: str | None = None
    source: str = ""
    outside: bool = False

    @property
    def read(self) -> bool:
        """Its page was seen."""
        return self.opened and self.unread is None

    @property
    def day(self) -> date | None:
        """The day that decides: the one a visitor reads on the page (CONTRACT ruling 1)."""
        return date.fromisoformat(self.shown.iso) if self.read and self.shown and self.shown.iso else None

    @property
    def hint(self) -> date | None:
        """What list, address and label let one expect, the latest of them; they corroborate and never decide."""
        days = [day for day in (self.listed, self.in_url, self.labelled) if day]
        return date.fromisoformat(max(days)) if days else None


@dataclass(frozen=True)
class Listing:
    """The rows of a list in page order, those that may be the newest opened.

    doubt  why an article newer than all opened ones may exist although no row says so: undated rows left unopened, further
           pages unseen, a list that did not load. None: whoever trusts the hints of the rows has seen the newest.
    """

    articles: tuple[Article, ...] = ()
    doubt: Missing | None = None

    def newest(self, as_of: date) -> Article | None:
        """The opened article with the latest day up to as_of."""
        dated = [article for article in self.articles if article.day and article.day <= as_of]
        return max(dated, key=lambda article: article.day, default=None)


@dataclass(frozen=True)
class Column:
    """One column.

    path      names from the first level down, its own last; level: their number.
    category  one of CATEGORIES or empty; also: others that its ColumnType, name or place would give as well.
    folded    url of the column that it is a part of (a year, a department, a page of one list): counted there, empty else.
    kind      list; channel: only leads to other columns; text: a standing page; form: letters, surveys, searches;
              outside: another host's page; unknown: see `unread`.
    count     rows seen, on `pages` pages of the list (0: it does not say how many there are).
    blank     what a visitor sees instead of content ("暂无信息", or "正文区域没有内容"); empty when there is content.
    doubt     why it cannot be told whether it is blank.
    period, owner  from the sites file; registered: the sites file names it; assigned: it says its category, too.
    on_home   a link on the home page leads to it.
    shot      picture of the page, where something is amiss.
    """

    name: str
    url: str
    path: tuple[str, ...]
    category: str = ""
    also: tuple[str, ...] = ()
    folded: str = ""
    kind: ColumnKind = "list"
    listing: Listing = field(default_factory=Listing)
    count: int = 0
    pages: int = 0
    blank: str = ""
    doubt: Missing | None = None
    unread: Missing | None = None
    period: str | None = None
    owner: str | None = None
    registered: bool = False
    assigned: bool = False
    on_home: bool = False
    shot: str | None = None

    @property
    def level(self) -> int:
        return len(self.path)

    @property
    def title(self) -> str:
        """How findings call it: the names from the first level down."""
        return " > ".join(self.path) or self.name


@dataclass(frozen=True)
class Mention:
    """A link whose text names a category, wherever it leads: also other hosts, images by their alternative text."""

    category: str
    text: str
    url: str
    page: str


@dataclass(frozen=True)
class Columns:
    """The columns of a site.

    mentions  links that name a category, one per category, text and address.
    stopped   why the crawl ended before all was seen (its budget, a wall); None: nothing was left to see.
    fetched, rendered  pages fetched plainly, and opened in Chromium.
    closed    text of the closing notice that stands in place of the site.
    """

    columns: tuple[Column, ...]
    mentions: tuple[Mention, ...] = ()
    stopped: Missing | None = None
    fetched: int = 0
    rendered: int = 0
    closed: str = ""

    def of(self, category: str) -> tuple[Column, ...]:
        """The columns of a category, parts of other columns left out."""
        return tuple(column for column in self.columns if column.category == category and not column.folded)

    def parts(self, column: Column) -> tuple[Column, ...]:
        """The column and all that is folded into it, however deep."""
        family, found = {column.url}, [column]
        rest = [one for one in self.columns if one.folded]
        while more := [one for one in rest if one.folded in family and one not in found]:
            found += more
            family |= {one.url for one in more}
        return tuple(found)


@dataclass(frozen=True)
class Headlines:
    """The articles that the home page shows, opened until one is new.

    doorway  the home page only leads to columns: their articles decide.
    closed   text of the closing notice that stands in place of the site.
    """

    url: str
    listing: Listing
    doorway: bool = False
    closed: str = ""
    shot: str | None = None
