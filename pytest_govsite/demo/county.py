"""The invented county: its columns, articles, guides, letters and people, dated back from the inspection date."""
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from pytest_govsite.demo.columns import Article, Column, number_of
from pytest_govsite.demo.content import Change, Content, content, read
from pytest_govsite.demo.weekly import reports

HOST = "www.demo.gov.cn"
IRREGULAR_HOST = "www.demo-county.com.cn"
NAME = "示范县人民政府"
REGION = "519921"  # Sichuan by its first two digits; no city or county has the rest
CODE = f"{REGION}0003"
ICP = "蜀ICP备2099000018号"
POLICE = "51992102000018"
PHONE = "0800-5550100"  # nobody has this area code
ADDRESS = "示范县文明路1号"
PINNED_AGES = (700, 520, 340)  # days; a row above may be older than the next
BELOW = ("示范县教育局", "https://jyj.demo.gov.cn/")  # the subordinate site (下级网站)
ACCOUNT = ("yanshi-zhanghao", "Yanshi-2026!mima")  # name and password of a user of the site
WECHAT = "https://mp.weixin.qq.com/s/demo-{number}"

Place = tuple[str, str]  # name and path


@dataclass(frozen=True)
class County:
    """All content of the site, as of a day. Same day and same changes, same content."""

    as_of: date
    host: str = HOST
    name: str = NAME
    changes: tuple[Change, ...] = ()
    code: str = field(default=CODE, init=False)
    region: str = field(default=REGION, init=False)
    icp: str = field(default=ICP, init=False)
    police: str = field(default=POLICE, init=False)
    phone: str = field(default=PHONE, init=False)
    address: str = field(default=ADDRESS, init=False)

    @property
    def base(self) -> str:
        return f"https://{self.host}"

    @cached_property
    def content(self) -> Content:
        return content(self.as_of, self.changes)

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.content.columns

    @property
    def pages(self) -> tuple[dict, ...]:
        return self.content.pages

    @property
    def leaders(self) -> tuple[dict, ...]:
        return self.content.leaders

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.columns if column.name == name)

    @cached_property
    def lists(self) -> dict[str, tuple[Article, ...]]:
        """Articles by the name of their column, in the order the list shows them."""
        return {column.name: self._articles(place, column) for place, column in enumerate(self.columns)}

    def items(self, name: str, count: int, first: int = 0) -> tuple[Article, ...]:
        """Some articles of a column, for the home page; none when there is no such column."""
        return self.lists.get(name, ())[first:first + count]

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles that live on this site."""
        return tuple(one for column in self.columns for one in self.lists[column.name] if one.path.startswith("/"))

    def _articles(self, place: int, column: Column) -> tuple[Article, ...]:
        turns = Counter()
        articles = []
        for index, (title, day, more) in enumerate(_rows(column, self.as_of)):
            number = number_of(day, place, turns[day])
            turns[day] += 1
            articles.append(_article(column, number, title, day, index, more))
        pinned, rest = [one for one in articles if one.pinned], [one for one in articles if not one.pinned]
        return (*pinned, *sorted(rest, key=lambda article: article.in_list, reverse=True))

    def explanation_of(self, document: Article) -> Article | None:
        """What explains a policy document."""
        explained = self.lists.get("政策解读", ()) if document.column.name == "政策文件" else ()
        return explained[document.index] if document.index < len(explained) else None

    def document_of(self, explanation: Article) -> Article | None:
        """The policy document that an article explains."""
        documents = self.lists.get("政策文件", ())
        return documents[explanation.index] if documents else None

    @cached_property
    def places(self) -> dict[str, str]:
        """Name -> path of everything that has a place in the navigation."""
        named = [*self.content.pages, *self.content.sections]
        return {column.name: column.path for column in self.columns} | {one["name"]: one["path"] for one in named}

    def links(self, *names: str) -> list[Place]:
        """Those of the places named that the site has."""
        return [(name, self.places[name]) for name in names if name in self.places]

    @property
    def sections(self) -> list[Place]:
        """The first level of the navigation."""
        return [(one["name"], one["path"]) for one in self.content.sections]

    def trail(self, name: str, under: tuple[str, ...]) -> list[Place]:
        """The way down to a place, itself last, as pages show it above their content."""
        return self.links(*under, name)

    def below(self, *under: str) -> list[Place]:
        """The places directly under a path of names."""
        columns = [(column.name, column.path) for column in self.columns if column.under == under]
        pages = [(one["name"], one["path"]) for one in self.pages if tuple(one.get("under", ())) == under]
        return [*columns, *pages]

    @property
    def yesterday(self) -> date:
        """When standing pages were last looked after."""
        return self.as_of - timedelta(days=1 + self.content.late)

    @cached_property
    def offices(self) -> tuple[dict, ...]:
        return tuple(read("people")["office"])

    @cached_property
    def guides(self) -> tuple[dict, ...]:
        return tuple(guide | {"path": f"/zwfw/bszn/{guide['id']}.htm"} for guide in read("guides")["guide"])

    @cached_property
    def letters(self) -> tuple[dict, ...]:
        return tuple(self._letter(index, row) for index, row in enumerate(read("letters")["letter"]))

    def _letter(self, index: int, row: dict) -> dict:
        asked = self.as_of - timedelta(days=row["age"] + self.content.late)
        replied = _workdays_after(asked, row["took"])
        return row | {"path": f"/hdjl/xzxx/show_{index + 1}.html", "asked": asked, "replied": replied}


def _rows(column: Column, as_of: date) -> Iterator[tuple[str, date, dict]]:
    """(title, day, what else) of the articles of a column: those of its titles first, from the newest."""
    if column.units:
        yield from ((title, day, {"source": source}) for title, day, source in reports(column, as_of))
    else:
        yield from ((title, column.day_of(index, as_of), {}) for index, title in enumerate(column.titles))
    for title, age in zip(column.pinned, PINNED_AGES, strict=False):
        yield title, as_of - timedelta(days=age), {"pinned": True}
    last = as_of - timedelta(days=column.late)
    for index, title in enumerate(column.elsewhere):
        yield title, last - timedelta(days=index), {"path": WECHAT.format(number=index + 1)}
    for index, title in enumerate(column.ahead):
        planned = as_of + timedelta(days=3 + 6 * index)
        # the list names the planned day; one page does so, too
        yield title, planned if index == 0 else last - timedelta(days=index), {"listed": planned}


def _article(column: Column, number: int, title: str, day: date, index: int, more: dict) -> Article:
    last_month = day.replace(day=1) - timedelta(days=1)
    title = title.format(y=day.year, py=day.year - 1, pm=f"{last_month.year}年{last_month.month}月")
    body = tuple(text.format(title=title.strip("《》"), deadline=day + timedelta(days=20)) for text in column.body)
    usual = {"source": column.unit, "path": column.article_path(day, number)}
    return Article(column=column, number=number, title=title, day=day, body=body, index=index, **usual | more)


def _workdays_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
