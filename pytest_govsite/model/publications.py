"""What particular columns hold: leaders, the yearly report of the website, released data, items by reporting unit."""
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pytest_govsite.model.columns import Article, Listing
from pytest_govsite.model.missing import Missing


@dataclass(frozen=True)
class Leader:
    """One entry of the leaders' column: what a visitor finds there, on the list and on the leader's own page.

    resume: words about the person's life; duty: words about the division of work. Both bounded to 200 characters.
    url: the leader's own page, empty where there is none.
    unread: why what is not here may still be on the site: the own page could not be seen, or speaks by pictures.
    """

    name: str
    post: str = ""
    resume: str = ""
    duty: str = ""
    photo: bool = False
    url: str = ""
    unread: Missing | None = None


@dataclass(frozen=True)
class Leaders:
    """The leaders' column. `doubt`: why its entries could not be told from one another, or there may be more."""

    url: str
    people: tuple[Leader, ...] = ()
    doubt: Missing | None = None
    closed: str = ""


@dataclass(frozen=True)
class Report:
    """One 政府网站工作年度报表 (never the 政府信息公开工作年度报告), of the year that it reports on.

    place: "home" when a link on the home page leads to it or to a column that lists it, else "inside".
    """

    year: int
    article: Article
    place: Literal["home", "inside"]


@dataclass(frozen=True)
class AnnualReports:
    """All yearly reports of the website that were found.

    column  the column that lists them, empty where there is none.
    doubt   where more of them may hide; door: why the home page may lead to them although no link of it says so.
    """

    home: str
    reports: tuple[Report, ...] = ()
    column: str = ""
    doubt: Missing | None = None
    door: Missing | None = None
    closed: str = ""


@dataclass(frozen=True)
class Dataset:
    """A file, an interface or a platform that offers data.

    text, form  the words of the link, and the format: xlsx, csv, json..., or platform.
    article     the page that offers it and by which it is dated; None where that is the column itself.
    unread      why it is not certain that data is there.
    """

    url: str
    text: str
    form: str
    article: Article | None = None
    unread: Missing | None = None


@dataclass(frozen=True)
class Releases:
    """The data column (数据发布).

    listing   all articles of the columns, those that decide opened.
    charted   articles that show data as chart or 图解, with the fact ("页面中有 canvas 图表", "标题含“图解”").
    pictured  articles with pictures that may be charts, which only a person can tell, or that could not be looked at.
    doubt     why there may be more than was seen.
    """

    columns: tuple[str, ...]
    listing: Listing
    charted: tuple[tuple[Article, str], ...] = ()
    pictured: tuple[Article, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    doubt: Missing | None = None
    closed: str = ""


@dataclass(frozen=True)
class Submissions:
    """Items on the portal by reporting unit (来源) in whole weeks before the inspection.

    weeks   Mondays of complete weeks, newest first; items: unit -> number of items in each of those weeks.
    unknown articles of those weeks whose unit could not be read: any of them may be anybody's.
    """

    weeks: tuple[date, ...]
    items: dict[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    unknown: tuple[Article, ...] = ()
    doubt: Missing | None = None
    closed: str = ""
