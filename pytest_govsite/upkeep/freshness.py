"""Is a list up to date? The day on the article page decides; lists and addresses only say what an unread row may be."""
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from pytest_govsite.model.columns import Article, Listing
from pytest_govsite.model.missing import Blame, Reason

HISTORY = "列表上的信息都在检查日之后，看不到当时的样子"
LEADING = 3  # rows that lead on, before all of a list are taken to do so
NOTHING_READ = "页面上没有读出信息列表"


@dataclass(frozen=True)
class Fresh:
    """An article page that was seen shows a day inside the window."""

    article: Article


@dataclass(frozen=True)
class Stale:
    """Nothing lies in the window, firmly. `newest` is the latest up to the inspection, None when no row has a day."""

    newest: Article | None


@dataclass(frozen=True)
class Open:
    """Something may lie in the window; `at` is the page that keeps us from knowing."""

    reason: str
    blame: Blame
    at: str


State = Fresh | Stale | Open


def freshness(listings: Listing | Iterable[Listing], as_of: date, earliest: date) -> State:
    """The state of a list, or of some together, for the window from `earliest` to `as_of`, both days inside.

    Where no page was firmly read nothing is stale, however old the rows say they are.
    """
    listings = (listings,) if isinstance(listings, Listing) else tuple(listings)
    articles = [article for listing in listings for article in listing.articles]
    if fresh := [article for article in articles if article.day and earliest <= article.day <= as_of]:
        return Fresh(max(fresh, key=lambda article: article.day))
    known = [article for article in articles if (day := known_day(article)) and day <= as_of]
    told = [article for article in known if article.day] if any(map(_belies_its_list, known)) else known
    return next(_gaps(listings, as_of, earliest), None) or Stale(max(told, key=known_day, default=None))


def known_day(article: Article) -> date | None:
    """Its day, or while nobody could read that one the day that one would expect; None for a page that shows none."""
    return article.day or (None if _shows_none(article) else article.hint)


def _belies_its_list(article: Article) -> bool:
    """Its page shows an earlier day than the list: what the list says of others is worth little."""
    return bool(article.day and article.listed and article.day.isoformat() < article.listed)


def _gaps(listings: Iterable[Listing], as_of: date, earliest: date) -> Iterator[Open]:
    """All that keeps these lists from being stale."""
    if not any(_is_firm(article) for listing in listings for article in listing.articles):
        rows = [article for listing in listings for article in listing.articles]
        yield from map(_unread, sorted(rows, key=lambda article: article.opened, reverse=True)[:1])
    for listing in listings:
        if _is_directory(listing):
            continue
        yield from (_unread(article) for article in listing.articles if _may_be_news(article, as_of, earliest))
        if listing.doubt:
            yield Open(listing.doubt.says, listing.doubt.blame, listing.doubt.url)
        elif not listing.articles:
            yield Open(NOTHING_READ, Blame.SITE, "")
        elif (days := [day for each in listing.articles if (day := known_day(each))]) and min(days) > as_of:
            yield Open(HISTORY, Blame.HISTORY, listing.articles[0].url)


def _is_firm(article: Article) -> bool:
    """Its page was seen, and there is no doubt about what it shows."""
    return article.day is not None or _shows_none(article)


def _shows_none(article: Article) -> bool:
    return article.read and article.shown is None


def _leads_on(article: Article) -> bool:
    """A link without a day whose page is firmly no article: it leads to a list, or away."""
    return article.hint is None and article.unread is not None and article.unread.reason is Reason.NO_PAGES


def _is_directory(listing: Listing) -> bool:
    """A list of topics or columns: whatever was opened leads on, and what was not has no day either."""
    opened = [article for article in listing.articles if article.opened]
    leads = len(opened) >= LEADING and all(map(_leads_on, opened))
    return leads and all(article.hint is None for article in listing.articles)


def _may_be_news(article: Article, as_of: date, earliest: date) -> bool:
    """Its own day is not known, and nothing says that it lies outside the window."""
    if article.day or _shows_none(article) or _leads_on(article):
        return False
    hints = [date.fromisoformat(day) for day in (article.listed, article.in_url, article.labelled) if day]
    return not hints or any(earliest <= day <= as_of for day in hints)


def _unread(article: Article) -> Open:
    name = f"《{article.title}》"
    if article.unread:
        return Open(f"{name}打不开：{article.unread.says}", article.unread.blame, article.url)
    if article.read:
        return Open(f"{name}的日期“{article.shown.text}”不能认定是发布时间", Blame.SITE, article.url)
    if article.outside:
        return Open(f"{name}在别的网站上，没有打开", Blame.VANTAGE, article.url)
    return Open(f"{name}没有打开", Blame.TOOL, article.url)
