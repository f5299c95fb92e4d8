"""Which rows of a list are opened, and when what was opened decides: pure decisions as tables."""
from datetime import date, timedelta

import pytest

from pytest_govsite.gather.articles import doubt_of, next_rows, today
from pytest_govsite.gather.lists import articles_of, is_rising, latest_of, settled
from pytest_govsite.model.columns import Article
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import ShownDate
from pytest_govsite.reading.lists import Row

AS_OF = date(2026, 11, 20)
WINDOWS = {"as_of": AS_OF, "reach": date(2026, 5, 20), "near": AS_OF - timedelta(days=14)}
UNREAD = Missing(Reason.TIMEOUT)


def ago(days: int | None) -> str | None:
    return None if days is None else (AS_OF - timedelta(days=days)).isoformat()


def row(listed: int | None) -> Article:
    """A row that was not opened; its day as an age."""
    return Article(f"http://a.gov.cn/{listed}", "通知", listed=ago(listed))


def seen(listed: int | None, shown: int | None) -> Article:
    """A row whose page shows a day of that age, or none."""
    return Article("http://a.gov.cn/x", "通知", ago(listed), opened=True, shown=None if shown is None else ShownDate("x", ago(shown)))


NEXT = {
    # name: the list, places opened next
    "the latest day first, wherever it stands": ([row(700), row(9), row(2), row(3)], [2]),
    "new: nothing more": ([seen(2, 2), row(3), row(None)], []),
    "not as new as its list says: those that may be": ([seen(2, 30), row(3), row(9), row(60), row(400)], [1, 2]),
    "old as its list says: nothing more": ([seen(60, 60), row(70), row(80)], []),
    "very old: one is opened to be sure": ([row(900), row(1000)], [0]),
    "very old and confirmed": ([seen(900, 900), row(1000)], []),
    "shows no day: all that the half year may hold": ([seen(20, None), row(30), row(60), row(150), row(400)], [1, 2, 3]),
    "cannot be read: the next": ([Article("u", "t", ago(2), opened=True, unread=UNREAD), row(3), row(200)], [1]),
    "no days at all: from the top": ([row(None), row(None), row(None)], [0]),
    "undated after an old one": ([seen(60, 60), row(None), row(None)], [1, 2]),
    "the future comes last": ([row(-40), row(60)], [1]),
    "the future may be a slip": ([row(-40), seen(60, 60)], [0]),
    "pages later than their list: the next by day and place": ([seen(200, 100), row(210), row(220)], [1, 2]),
    "an empty list": ([], []),
}


@pytest.mark.parametrize(("articles", "places"), NEXT.values(), ids=NEXT)
def test_what_is_opened_next(articles, places):
    assert next_rows(articles, **WINDOWS) == places


def test_there_is_a_most_of_everything():
    undated = [seen(None, None) for _ in range(8)] + [row(None) for _ in range(10)]
    assert next_rows(undated, **WINDOWS) == []
    assert next_rows([seen(3, None)] * 20 + [row(3)] * 5, **WINDOWS) == []
    assert len(next_rows([seen(3, None)] * 19 + [row(3)] * 5, **WINDOWS)) == 1


DOUBTS = {
    # name: the list, the reason of the doubt
    "new": ([seen(2, 2), row(None)], None),
    "old, all dated": ([seen(60, 60), row(70)], None),
    "undated rows left": ([seen(60, 60), row(None)], Reason.NOT_REACHED),
    "pages later than their list, and rows left that may be": ([seen(400, 100), row(410)], Reason.NOT_REACHED),
    "pages a little later than their list": ([seen(60, 58), row(70)], None),
}


@pytest.mark.parametrize(("articles", "reason"), DOUBTS.values(), ids=DOUBTS)
def test_when_a_newer_one_may_exist(articles, reason):
    doubt = doubt_of(articles, **WINDOWS)
    assert (doubt and doubt.reason) == reason


def test_a_list_that_does_not_reach_back_is_for_the_history():
    past = today() - timedelta(days=400)
    windows = {"as_of": past, "near": past - timedelta(days=14), "reach": past - timedelta(days=180)}
    later = [Article("u", "t", listed=(past + timedelta(days=n)).isoformat()) for n in (30, 20, 10)]
    assert doubt_of(later, **windows).blame == "history"


def listed(written: str = "", iso: str | None = None, url: str = "http://a.gov.cn/1.html", **more) -> Row:
    return Row(url, "通知", iso, written, None, False, more.pop("yearless", False), **more)


def test_a_day_without_a_year_is_the_latest_that_it_may_be():
    assert latest_of("[11-18]", AS_OF) == "2026-11-18" and latest_of("12月3日", AS_OF) == "2025-12-03"
    assert latest_of("02-29", AS_OF) == "2024-02-29" and latest_of("13-40", AS_OF) is None and latest_of("", AS_OF) is None


def test_the_page_gives_the_year():
    rows = [listed("11-18", yearless=True), listed("03-02", url="http://a.gov.cn/2.html", yearless=True)]
    first, second = articles_of(rows, "http://www.a.gov.cn/", AS_OF)
    assert (first.listed, second.listed, first.outside) == ("2026-11-18", "2026-03-02", False)
    opened = [Article(one.url, one.title, one.listed, opened=True, shown=ShownDate("x", day)) for one, day in ((first, "2024-11-18"), (second, "2026-04-01"))]
    assert [one.listed for one in settled(opened, rows)] == ["2024-11-18", None]


def test_the_documents_own_day_says_nothing_of_publication():
    assert articles_of([listed("2019-03-01", "2019-03-01", own=True)], "http://a.gov.cn/", AS_OF)[0].listed is None


def test_a_long_list_keeps_its_latest_rows():
    rows = [listed(iso=ago(1000 - n), url=f"http://a.gov.cn/{n}.html") for n in range(200)]
    kept = articles_of(rows, "http://a.gov.cn/", AS_OF)
    assert len(kept) == 60 and kept[-1].url.endswith("/199.html") and kept[0].url.endswith("/0.html")


RISING = {
    "falling": ((5, 6, 7, 8), False),
    "rising": ((900, 800, 700, 600), True),
    "all the same": ((5, 5, 5, 5), False),
    "pinned old ones first": ((900, 800, 700, 2, 3, 4), False),
    "too few to tell": ((900, 800), False),
}


@pytest.mark.parametrize(("ages", "rising"), RISING.values(), ids=RISING)
def test_lists_that_begin_with_their_oldest(ages, rising):
    assert is_rising([listed(iso=ago(age)) for age in ages]) is rising
