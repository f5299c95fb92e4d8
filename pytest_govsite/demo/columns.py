"""One list of the invented site, and one content page: their settings, their days, and their addresses by content system."""
from dataclasses import dataclass
from datetime import date, timedelta

# more than one item a day and column, and more columns than there are; the day can be told from the number
NUMBERS_OF_A_DAY = 4096
NUMBERS_OF_A_COLUMN = 64
FIRST_DAY = 735000


@dataclass(frozen=True)
class Column:
    """One list of articles, with the settings of its content file.

    under     names of the columns above it, from the first level down.
    style     the content system that runs it: trs, hanweb, boda, kaipuyun, gkmlpt; `id` is its number or folder there.
    newest    age in days of its newest article, `every`: days between two; gap: further days before the second; late:
              days since anything was put into it at all.
    yearly    published each year on that MM-DD; years_ago: its articles are of that many years ago; opened: MM-DD of this
              year when a topic opened, nothing in it is older.
    units     pairs (name in titles, name as source) of those who report to it, twice a week each but for the silent ones,
              and the slow ones, who report once.
    away      address of its articles, where they live on another host; elsewhere: titles of further ones that do.
    ahead     titles of items for which the list shows a day still to come; pinned: of old ones that stand on top.
    arrives   how the rows come to a visitor, see listing.py; once: status of the very first answer.
    blank     what a visitor sees when there are no articles, see inside/blank.html.
    shows     what an article page shows of its day: the day, or the day that it was "written", or "none".
    old_shown days by which the shown day is older than the one of list, address and PubDate; label_age: days by which
              PubDate alone is.
    at_home   the home page leads to it.
    period, owner, category  as the register of columns has them; no period: it is not meant to have news.
    """

    name: str
    id: str
    style: str
    type: str
    keywords: str
    unit: str
    titles: tuple[str, ...]
    body: tuple[str, ...]
    under: tuple[str, ...] = ()
    address: str = ""
    newest: int = 0
    every: float = 1.0
    gap: int = 0
    late: int = 0
    yearly: str = ""
    years_ago: int = 0
    opened: str = ""
    units: tuple[tuple[str, str], ...] = ()
    silent: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()
    page: str = ""
    away: str = ""
    elsewhere: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    attach: str = ""
    dates: str = ""
    arrives: str = ""
    charset: str = ""
    blank: str = ""
    shows: str = ""
    label_age: int = 0
    old_shown: int = 0
    at_home: bool = True
    once: int = 0
    period: str | None = None
    owner: str | None = None
    category: str | None = None
    pictures: bool = False
    survey: bool = False
    document: bool = False
    explains: bool = False
    chart: bool = False

    @property
    def path(self) -> str:
        """Address of the list, in the manner of the content system that runs it."""
        paths = {
            "trs": f"/{self.id}/",
            "hanweb": f"/col/col{self.id}/index.html",
            "boda": f"/{self.page}.htm",
            "kaipuyun": f"/c{self.id}/list.shtml",
            "gkmlpt": f"/gkmlpt/{self.id}/index.html",
        }
        return self.address or paths[self.style]

    def page_path(self, number: int) -> str:
        """Address of a further page of the list, from 2 on."""
        paths = {"trs": f"{self.path}index_{number - 1}.html", "boda": f"/{self.page}/{number}.htm"}
        return paths.get(self.style, f"{self.path}?page={number}")

    def article_path(self, day: date, number: int) -> str:
        """Address of one article, likewise."""
        if self.away:
            return self.away.format(y=day.year, m=day.month, n=number)
        paths = {
            "trs": f"/{self.id}/{day:%Y%m}/t{day:%Y%m%d}_{number}.html",
            "hanweb": f"/art/{day.year}/{day.month}/{day.day}/art_{self.id}_{number}.html",
            "boda": f"/info/{self.id}/{number}.htm",
            "kaipuyun": f"/c{self.id}/c{number}/content.shtml",
            "gkmlpt": f"/gkmlpt/content/7/{number // 1000}/post_{number}.html",
        }
        return paths[self.style]

    def day_of(self, index: int, as_of: date) -> date:
        """Publication day of the item at a position."""
        if self.yearly:
            return _yearly(*map(int, self.yearly.split("-")), index, as_of)
        if self.years_ago:
            return date(as_of.year - self.years_ago, 11, 20) - timedelta(days=self.newest + round(index * self.every))
        age = self.late + self.newest + round(index * self.every) + (self.gap if index else 0)
        day = as_of - timedelta(days=age)
        if not self.opened:
            return day
        opened = self.opened_on(as_of)
        return opened if index == len(self.titles) - 1 else max(day, opened)

    def opened_on(self, as_of: date) -> date:
        """The day this year when a topic opened."""
        month, day = map(int, self.opened.split("-"))
        return min(as_of, date(as_of.year, month, day))


def _yearly(month: int, day: int, index: int, as_of: date) -> date:
    latest = as_of.year if (as_of.month, as_of.day) >= (month, day) else as_of.year - 1
    return date(latest - index, month, day)


@dataclass(frozen=True)
class Article:
    """One content page. `path` is an absolute address for items that live on another host.

    day     the one that address, list and PubDate have; shown: the one that its page shows.
    source  who published it; pinned: it stands above newer ones.
    """

    column: Column
    number: int
    title: str
    day: date
    path: str
    body: tuple[str, ...]
    index: int
    source: str
    pinned: bool = False
    listed: date | None = None

    @property
    def shown(self) -> date:
        return self.day - timedelta(days=self.column.old_shown)

    @property
    def in_list(self) -> date:
        return self.listed or self.day

    @property
    def time(self) -> str:
        return f"{self.shown} {self._clock}"

    @property
    def pubdate(self) -> str:
        return f"{self.day - timedelta(days=self.column.label_age)} {self._clock}"

    @property
    def written(self) -> date:
        """The document's own day: it is made some days before it is published."""
        return self.day - timedelta(days=9)

    @property
    def _clock(self) -> str:
        minutes = self.number // NUMBERS_OF_A_COLUMN * 37 + self.number % NUMBERS_OF_A_COLUMN
        return f"{9 + minutes // 60 % 8:02d}:{minutes % 60:02d}"

    @property
    def kind(self) -> str:
        """Kind of its attachment: columns name one or several that take turns."""
        kinds = self.column.attach.split()
        return kinds[self.index % len(kinds)] if kinds and not self.pinned else ""

    @property
    def file(self) -> str:
        """Path of the attachment, empty when there is none."""
        return f"/files/{self.day:%Y%m}/P0{self.day:%Y%m%d}{self.number}.{self.kind}" if self.kind else ""

    @property
    def months(self) -> list[str]:
        """The six months before it, for charts."""
        return [f"{(self.day.month - back - 1) % 12 + 1}月" for back in range(6, 0, -1)]

    @property
    def picture(self) -> str:
        return f"/images/scene{self.index % 4}.png" if self.column.pictures or self.index % 5 == 0 else ""


def number_of(day: date, place: int, sequence: int) -> int:
    """Number of an article: by day, by the place of its column, by its turn on that day."""
    return (day.toordinal() - FIRST_DAY) * NUMBERS_OF_A_DAY + place * NUMBERS_OF_A_COLUMN + sequence


def day_of_number(number: int) -> date:
    """The day that a number is of."""
    return date.fromordinal(FIRST_DAY + number // NUMBERS_OF_A_DAY)
