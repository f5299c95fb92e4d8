"""From lists to days: what the pages behind the rows of a column make of its freshness, through the whole gathering."""
from datetime import timedelta
from functools import partial

import pytest
from servers import answer
from side_by_side import Row
from towns import AS_OF, WORDS, article, asked_for, by_name, day, page, rows, town

from pytest_govsite.upkeep.freshness import Fresh, Open, Stale, freshness

HALF_YEAR = AS_OF - timedelta(days=184)
NAME = "关于做好民生保障有关工作的第{}号通知"


def column(*ages: int | str, **more) -> dict:
    """The column 通知公告 with rows of these ages; a text stands for a day as the list writes it. Further pages by address."""
    listed = [(f"/tzgg/{n}.html", NAME.format(n), day(age) if isinstance(age, int) else age) for n, age in enumerate(ages)]
    return {"/tzgg/": page(rows(*listed), trail=(("通知公告", "/tzgg/"),))} | {f"/tzgg/{n}.html": what for n, what in more.pop("pages", {}).items()} | more


def shows(age: int | None, n: int = 0) -> str:
    """An article whose page shows a day of that age, or none."""
    return article(NAME.format(n), f"发布时间：{day(age)}" if age is not None else "来源：县政府办")


def by_script(age: int, n: int = 0) -> str:
    """An article whose day only a script writes."""
    return article(NAME.format(n), f"<script>document.write('发布时间：' + '{day(age)}')</script>")


GONE = answer("页面不存在".encode(), "404 Not Found")
ELSEWHERE = rows(("http://other.town.gov.cn/a/1.html", NAME.format(1), day(3)), ("http://other.town.gov.cn/a/2.html", NAME.format(2), day(30)))
OF_THE_DAY = {n: shows(age, n) for n, age in enumerate((3, 30, 300))}

CASES = {
    # name: pages, what the column is within half a year
    "new": (column(3, 30, 300, pages=OF_THE_DAY), Fresh),
    "a day that only a script writes": (column(3, 30, pages={0: by_script(3), 1: by_script(30, 1)}), Fresh),
    "old": (column(300, 400, pages={0: shows(300), 1: shows(400, 1)}), Stale),
    "pinned old ones above a new one": (column(900, 800, 3, pages={0: shows(900), 1: shows(800, 1), 2: shows(3, 2)}), Fresh),
    "new by the list, old by the page": (column(3, 300, pages={0: shows(300), 1: shows(300, 1)}), Stale),
    "old by the list, new by the page": (column(300, 310, pages={0: shows(3), 1: shows(5, 1)}), Fresh),
    "pages without any day are not updated": (column(3, 30, 60, pages={n: shows(None, n) for n in range(3)}), Stale),
    "only the newest cannot be read": (column(3, 300, pages={0: GONE, 1: shows(300, 1)}), Open),
    "the newest cannot be read, the next is new": (column(3, 30, pages={0: GONE, 1: shows(30, 1)}), Fresh),
    "a file": ({"/tzgg/": page(rows(("/tzgg/a.pdf", NAME.format(1), day(3))), trail=(("通知公告", "/tzgg/"),))}, Open),
    "no days in the list, old pages": (column("", "", "", pages={n: shows(300 + n, n) for n in range(3)}), Stale),
    "no days in the list, a new page in the middle": (column("", "", "", pages={0: shows(300), 1: shows(3, 1), 2: shows(400, 2)}), Fresh),
    "days without a year, this year's": (column("[11-17]", "[10-21]", pages={0: shows(3), 1: shows(30, 1)}), Fresh),
    "days without a year, another year's": (column("[11-17]", "[10-21]", pages={0: shows(3 + 365), 1: shows(30 + 365, 1)}), Stale),
    "from the future alone": (column(-30, -40, pages={0: shows(-30), 1: shows(-40, 1)}), Open),
    "one from the future above old ones": (column(-30, 300, pages={0: shows(-30), 1: shows(300, 1)}), Stale),
    "a slip of the year above": (column(-360, 300, pages={0: shows(5), 1: shows(300, 1)}), Fresh),
    "articles of other hosts, which answer": ({"/tzgg/": page(ELSEWHERE), "/a/1.html": shows(3, 1), "/a/2.html": shows(30, 2)}, Fresh),
    "articles of other hosts, which do not": ({"/tzgg/": page(ELSEWHERE)}, Open),
    "a page that is a list itself": (column(3, pages={0: page(rows(*((f"/x/{n}.html", NAME.format(n), day(500 + n)) for n in range(8))))}), Open),
    "the day stands at the foot of the page": (column(3, pages={0: page(f"<h2>{NAME.format(0)}</h2><div id='zoom'><p>{WORDS * 4}</p></div><p>发布时间：{day(3)}</p>", NAME.format(0))}), Open),
}


@pytest.fixture(scope="module")
def seen(inspect):
    """(Columns, addresses that were asked) of each case, seen side by side."""
    with Row({name: partial(inspect.begin, town() | pages) for name, (pages, _) in CASES.items()}) as row:
        yield row


@pytest.mark.parametrize("name", CASES)
def test_what_the_pages_make_of_a_list(seen, name):
    listing = by_name(seen(name)[0])["通知公告"].listing
    assert isinstance(freshness(listing, AS_OF, HALF_YEAR), CASES[name][1]), listing


def test_no_article_is_opened_twice_and_few_when_the_first_decides(inspect):
    pages = town() | column(3, 4, 5, 6, 7, pages={n: shows(3 + n, n) for n in range(5)}) | {"/gsgg/": column(3, 4, 5)["/tzgg/"]}
    columns, asked = inspect(pages)
    assert asked_for(asked, "/tzgg/0.html") == ["/tzgg/0.html"] and not asked_for(asked, "/tzgg/1.html")
    assert by_name(columns)["通知公告"].count == 5


def test_a_template_without_days_costs_chromium_a_few_looks(inspect):
    pages = town() | column(*range(3, 15), pages={n: shows(None, n) for n in range(12)})
    columns, asked = inspect(pages)
    opened = [one for one in by_name(columns)["通知公告"].listing.articles if one.opened]
    assert len(opened) == 12 and len(asked_for(asked, "/tzgg/")) <= 12 + 6


CUT = column(3, pages={0: article("关于做好2026年冬季全县民生保障有关工作任务分工的通知", f"发布时间：{day(3)}　来源：县发改局")})
CUT["/tzgg/"] = page('<ul><li><a href="/tzgg/0.html">关于做好2026年冬季全县民生保障…</a><span>' + day(3) + "</span></li></ul>")


def test_what_an_article_tells(inspect):
    first = by_name(inspect(town() | CUT)[0])["通知公告"].listing.articles[0]
    assert (first.title, first.source, first.listed) == ("关于做好2026年冬季全县民生保障有关工作任务分工的通知", "县发改局", day(3))
