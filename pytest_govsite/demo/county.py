"""The invented county: its columns, articles, guides, letters and people, dated back from the inspection date."""
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from importlib.resources import files

HOST = "www.demo.gov.cn"
IRREGULAR_HOST = "www.demo-county.com.cn"
NAME = "示范县人民政府"
REGION = "519921"  # Sichuan by its first two digits; no city or county has the rest
CODE = f"{REGION}0003"
ICP = "蜀ICP备2099000018号"
POLICE = "51992102000018"
PHONE = "0800-5550100"  # nobody has this area code
ADDRESS = "示范县文明路1号"


@dataclass(frozen=True)
class Article:
    """One content page. `path` is an absolute address for items that live on another host."""

    column: "Column"
    number: int
    title: str
    day: date
    path: str
    body: tuple[str, ...]
    index: int
    pinned: bool = False

    @property
    def time(self) -> str:
        return f"{self.day:%Y-%m-%d} {9 + self.number % 8:02d}:{self.number % 60:02d}"

    @property
    def file(self) -> str:
        """Path of the attachment, empty when there is none."""
        kind = self.column.attach
        return f"/files/{self.day:%Y%m}/P0{self.day:%Y%m%d}{self.number}.{kind}" if kind and not self.pinned else ""

    @property
    def picture(self) -> str:
        return f"/images/scene{self.index % 4}.png" if self.column.pictures or self.index % 5 == 0 else ""


@dataclass(frozen=True)
class Column:
    """One list of articles, with the settings of its content file."""

    name: str
    id: str
    style: str
    type: str
    keywords: str
    unit: str
    titles: tuple[str, ...]
    body: tuple[str, ...]
    newest: int = 0
    every: float = 1.0
    page: str = ""
    away: str = ""
    attach: str = ""
    pinned: str = ""
    dates: str = ""
    yearly: str = ""
    pictures: bool = False
    survey: bool = False
    document: bool = False
    explains: bool = False
    chart: bool = False

    @property
    def path(self) -> str:
        """Address of the list, in the manner of the content system that runs it."""
        paths = {"trs": f"/{self.id}/", "hanweb": f"/col/col{self.id}/index.html", "boda": f"/{self.page}.htm"}
        return paths[self.style]

    def article_path(self, day: date, number: int) -> str:
        """Address of one article, likewise."""
        if self.away:
            return self.away.format(y=day.year, m=day.month, n=number)
        paths = {
            "trs": f"/{self.id}/{day:%Y%m}/t{day:%Y%m%d}_{number}.html",
            "hanweb": f"/art/{day.year}/{day.month}/{day.day}/art_{self.id}_{number}.html",
            "boda": f"/info/{self.id}/{number}.htm",
        }
        return paths[self.style]

    def day_of(self, index: int, as_of: date) -> date:
        """Publication day of the item at a position."""
        if not self.yearly:
            return as_of - timedelta(days=self.newest + round(index * self.every))
        month, day = map(int, self.yearly.split("-"))
        latest = as_of.year if (as_of.month, as_of.day) >= (month, day) else as_of.year - 1
        return date(latest - index, month, day)


@dataclass(frozen=True)
class County:
    """All content of the site, as of a day. Same day, same content."""

    as_of: date
    host: str = HOST
    name: str = NAME
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
    def columns(self) -> tuple[Column, ...]:
        return tuple(_column(row) for name in ("news", "notices", "policy") for row in _content(name)["column"])

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.columns if column.name == name)

    @cached_property
    def lists(self) -> dict[str, tuple[Article, ...]]:
        """Articles by the name of their column, in the order the list shows them."""
        return {column.name: self._articles(place, column) for place, column in enumerate(self.columns)}

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles that live on this site."""
        return tuple(article for column in self.columns if not column.away for article in self.lists[column.name])

    def _articles(self, place: int, column: Column) -> tuple[Article, ...]:
        days = [column.day_of(index, self.as_of) for index in range(len(column.titles))]
        dated = zip(column.titles, days, strict=True)
        articles = [self._article(place, column, index, title, day) for index, (title, day) in enumerate(dated)]
        if column.pinned:
            long_ago = self.as_of - timedelta(days=700)
            articles.insert(0, self._article(place, column, len(articles), column.pinned, long_ago, pinned=True))
        return tuple(articles)

    def _article(self, place: int, column: Column, index: int, title: str, day: date, pinned: bool = False) -> Article:
        number = (day.toordinal() - 735000) * 20 + place
        last_month = day.replace(day=1) - timedelta(days=1)
        title = title.format(y=day.year, py=day.year - 1, pm=f"{last_month.year}年{last_month.month}月")
        body = tuple(text.format(title=title.strip("《》")) for text in column.body)
        return Article(column, number, title, day, column.article_path(day, number), body, index, pinned)

    def explanation_of(self, document: Article) -> Article | None:
        """What explains a policy document."""
        explained = self.lists["政策解读"]
        return explained[document.index] if document.index < len(explained) else None

    def document_of(self, explanation: Article) -> Article:
        """The policy document that an article explains."""
        return self.lists["政策文件"][explanation.index]

    @cached_property
    def pages(self) -> tuple[dict, ...]:
        return tuple(_content("pages")["page"])

    @cached_property
    def leaders(self) -> tuple[dict, ...]:
        return tuple(_content("people")["leader"])

    @cached_property
    def offices(self) -> tuple[dict, ...]:
        return tuple(_content("people")["office"])

    @cached_property
    def guides(self) -> tuple[dict, ...]:
        return tuple(guide | {"path": f"/zwfw/bszn/{guide['id']}.htm"} for guide in _content("guides")["guide"])

    @cached_property
    def letters(self) -> tuple[dict, ...]:
        return tuple(self._letter(index, row) for index, row in enumerate(_content("letters")["letter"]))

    def _letter(self, index: int, row: dict) -> dict:
        asked = self.as_of - timedelta(days=row["age"])
        replied = _workdays_after(asked, row["took"])
        return row | {"path": f"/hdjl/xzxx/show_{index + 1}.html", "asked": asked, "replied": replied}


def _workdays_after(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _column(row: dict) -> Column:
    return Column(**row | {"titles": tuple(row["titles"]), "body": tuple(row["body"])})


def _content(name: str) -> dict:
    return tomllib.loads((files("pytest_govsite.demo") / "content" / f"{name}.toml").read_text(encoding="utf-8"))
