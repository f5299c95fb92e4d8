"""A subordinate site (下级网站): a county office with a small home page of dated articles, which the portal's search knows."""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from pytest_govsite.demo.county import BELOW
from pytest_govsite.demo.pages import render
from pytest_govsite.demo.resource import Resource

NAME, URL = BELOW
HOST = urlsplit(URL).hostname
TITLES = (  # newest first: (title, age in days)
    ("关于开展冬季校园安全专项检查的通知", 1),
    ("关于公布义务教育学校课后服务项目清单的通知", 11),
    ("示范县教育局关于做好高中学业水平考试考务工作的通知", 26),
    ("关于评选县级书香校园的公告", 47),
    ("关于中小学秋季学期校历调整的通知", 78),
    ("示范县教育局关于核定民办幼儿园办园等级的公示", 120),
    ("关于举办全县中小学生科技节的通知", 190),
    ("关于组织乡村教师暑期研修的通知", 265),
)


@dataclass(frozen=True)
class Item:
    """One article of the subordinate site."""

    title: str
    day: date
    path: str

    @property
    def url(self) -> str:
        return URL.rstrip("/") + self.path


def items(as_of: date) -> tuple[Item, ...]:
    """Its articles, newest first."""
    days = [(title, as_of - timedelta(days=age)) for title, age in TITLES]
    return tuple(Item(title, day, f"/tzgg/{day:%Y%m}/t{day:%Y%m%d}_{number}.html") for number, (title, day) in enumerate(days, 101))


def pages(as_of: date) -> Iterator[tuple[str, Resource]]:
    """Its home page and its articles, by path."""
    found = items(as_of)
    yield "/", _page("below/home.html", items=found)
    yield from ((item.path, _page("below/article.html", item=item)) for item in found)


def _page(template: str, **values) -> Resource:
    return Resource(f"outside/{HOST}", lambda query: render(template, name=NAME, **values))
