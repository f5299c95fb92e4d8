"""Freshness as tables: what the rows of a list say, which columns are one unit, what stays open."""
from datetime import date

import evidence
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_govsite import upkeep
from pytest_govsite.model.columns import Columns
from pytest_govsite.model.finding import Finding, Note, Unseen
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.upkeep import Fresh, Open, Stale, freshness
from pytest_govsite.windows import back

AS_OF = evidence.AS_OF
TWO_WEEKS = back(AS_OF, "2w")


def table(cases):
    return [pytest.param(*case, id=id) for id, case in cases.items()]


LISTS = {
    "new": (["2026-11-18"], None, Fresh, "2026-11-18"),
    "the-day-of-the-inspection": (["2026-11-20"], None, Fresh, "2026-11-20"),
    "exactly-two-weeks": (["2026-11-06"], None, Fresh, "2026-11-06"),
    "a-day-more": (["2026-11-05"], None, Stale, "2026-11-05"),
    "a-pinned-old-row-on-top": (["2024-09-20", "2026-11-18"], None, Fresh, "2026-11-18"),
    "the-newest-of-the-new": (["2026-11-10", "2026-11-18"], None, Fresh, "2026-11-18"),
    "a-future-row-alone-on-top": (["2026-11-21", "2026-10-01"], None, Stale, "2026-10-01"),
    "nothing-but-the-future": (["2026-11-21"], None, Open, "history"),
    "a-page-without-a-date": ([{"day": "", "listed": "2026-11-18"}], None, Stale, None),
    "a-date-that-cannot-be-attributed": ([{"day": "?", "listed": "2026-11-18"}], None, Open, "site"),
    "such-a-date-and-no-hint": ([{"day": "?"}], None, Open, "site"),
    "such-a-date-of-an-old-row-alone": ([{"day": "?", "listed": "2026-10-01"}], None, Open, "site"),
    "such-a-date-of-an-old-row": (["2026-09-30", {"day": "?", "listed": "2026-10-01"}], None, Stale, "2026-10-01"),
    "an-unread-row-that-may-be-new": ([{"unread": "wall", "listed": "2026-11-18"}], None, Open, "wall"),
    "an-unread-old-row-alone": ([{"unread": "wall", "listed": "2026-10-01"}], None, Open, "wall"),
    "an-unread-old-row": (["2026-09-30", {"unread": "wall", "listed": "2026-10-01"}], None, Stale, "2026-10-01"),
    "an-unread-row-without-hint": (["2026-10-01", {"unread": "timeout"}], None, Open, "site"),
    "an-unread-row-beside-a-new-one": (["2026-11-18", {"unread": "timeout"}], None, Fresh, "2026-11-18"),
    "an-unopened-row-that-may-be-new": ([{"listed": "2026-11-18"}], None, Open, "tool"),
    "an-unopened-future-row": ([{"listed": "2026-11-25"}, "2026-10-01"], None, Stale, "2026-10-01"),
    "an-unopened-row-new-by-its-address": ([{"in_url": "2026-11-18", "listed": "2026-11-25"}, "2026-10-01"], None, Open, "tool"),
    "an-unopened-row-new-by-its-label": ([{"labelled": "2026-11-18", "listed": "2026-10-01"}], None, Open, "tool"),
    "an-unopened-row-elsewhere": ([{"listed": "2026-11-18", "outside": True}], None, Open, "vantage"),
    "the-page-decides-against-the-list": ([{"day": "2026-10-01", "listed": "2026-11-18"}], None, Stale, "2026-10-01"),
    "a-list-that-its-pages-belie": ([{"day": "2026-09-01", "listed": "2026-11-18"}, {"listed": "2026-11-04"}], None, Stale, "2026-09-01"),
    "the-page-decides-for-the-list": ([{"day": "2026-11-18", "listed": "2026-10-01"}], None, Fresh, "2026-11-18"),
    "more-pages": (["2026-10-01"], "timeout", Open, "site"),
    "more-pages-do-not-matter-when-one-is-new": (["2026-11-18"], "timeout", Fresh, "2026-11-18"),
    "a-row-that-leads-to-a-list": (["2026-10-01", {"unread": "no-pages"}], None, Stale, "2026-10-01"),
    "such-a-row-with-a-day": (["2026-10-01", {"unread": "no-pages", "listed": "2026-11-18"}], None, Open, "site"),
    "nothing-but-such-rows": ([{"unread": "no-pages"}] * 3, None, Open, "site"),
    "no-rows": ([], None, Open, "site"),
}


@pytest.mark.parametrize("rows, more, kind, told", table(LISTS))
def test_freshness(rows, more, kind, told):
    state = freshness(evidence.listing(rows, more), AS_OF, TWO_WEEKS)
    assert isinstance(state, kind)
    article = {Fresh: "article", Stale: "newest"}.get(kind)
    found = getattr(state, article) if article else None
    assert (str(upkeep.known_day(found)) if found else str(state.blame) if kind is Open else None) == told


def test_an_open_list_says_why_and_where():
    state = freshness(evidence.listing([{"day": "?", "title": "公示"}]), AS_OF, TWO_WEEKS)
    assert (state.reason, state.at) == ("《公示》的日期“?”不能认定是发布时间", f"{evidence.URL}1.html")


@pytest.mark.parametrize("others, kind", [([["2026-11-18"]], Fresh), ([["2026-01-01"]], Stale), ([[{}]], Open), ([], Stale)])
def test_several_lists_together(others, kind):
    lists = [evidence.listing(["2026-10-01"]), *map(evidence.listing, others)]
    assert isinstance(freshness(lists, AS_OF, TWO_WEEKS), kind)


DAYS = st.dates(date(2026, 9, 1), date(2026, 12, 31)).map(str)
ROWS = st.lists(
    st.fixed_dictionaries({}, optional={
        "day": st.one_of(DAYS, st.just(""), st.just("?")), "listed": DAYS, "in_url": DAYS, "unread": st.just("timeout"),
    }),
    min_size=1, max_size=6,
)


@given(ROWS, st.booleans())
def test_an_innocent_list_is_never_stale(rows, cut):
    """Whatever the rows that nobody read turn out to be: if one may be new, the list is not stale."""
    listing = evidence.listing(rows, "timeout" if cut else None)
    read = [article for article in listing.articles if article.read]
    surely_new = any(article.day and TWO_WEEKS <= article.day <= AS_OF for article in read)
    may_be_new = cut or any(
        not article.day and not (article.read and article.shown is None)
        and (not article.hint or TWO_WEEKS <= article.hint <= AS_OF) for article in listing.articles
    )
    state = freshness(listing, AS_OF, TWO_WEEKS)
    assert isinstance(state, Fresh) is surely_new
    assert not (isinstance(state, Stale) and may_be_new)


@given(ROWS, st.permutations(range(6)))
def test_the_order_of_rows_is_irrelevant(rows, order):
    turned = [rows[at] for at in order if at < len(rows)]
    states = [freshness(evidence.listing(each), AS_OF, TWO_WEEKS) for each in (rows, turned)]
    assert type(states[0]) is type(states[1])


@given(ROWS, st.integers(0, 60))
def test_a_longer_window_makes_nothing_stale(rows, days):
    listing = evidence.listing(rows)
    longer = date.fromordinal(TWO_WEEKS.toordinal() - days)
    if isinstance(freshness(listing, AS_OF, longer), Stale):
        assert isinstance(freshness(listing, AS_OF, TWO_WEEKS), Stale)


def news(name, *above, **more):
    return {"name": name, "path": [*above, name], "category": "动态要闻", "url": f"{evidence.URL}{'/'.join([*above, name])}/"} | more


def papers(name, *above, **more):
    return news(name, *above, **more) | {"category": "政策文件"}


WHOLE = f"{evidence.URL}部门动态/"
UNITS = {
    "each-column-of-news": ("动态要闻", [news("政务要闻"), news("部门动态")], [["政务要闻"], ["部门动态"]]),
    "a-department-is-part-of-its-column": (
        "动态要闻", [news("部门动态"), news("教育局", "部门动态", folded=WHOLE)], [["部门动态", "教育局"]],
    ),
    "so-is-a-year-of-a-department": (
        "动态要闻",
        [news("部门动态"), news("教育局", "部门动态", folded=WHOLE), news("2025", "教育局", folded=f"{evidence.URL}部门动态/教育局/")],
        [["部门动态", "教育局", "2025"]],
    ),
    "a-channel-without-a-list": ("动态要闻", [news("新闻中心", kind="channel"), news("图片新闻", "新闻中心")], [["图片新闻"]]),
    "a-channel-with-a-list-of-its-own": ("动态要闻", [news("新闻中心"), news("图片新闻", "新闻中心")], [["新闻中心"], ["图片新闻"]]),
    "a-name-that-does-not-say-news": ("动态要闻", [news("东乡街道", "新闻中心")], []),
    "two-addresses-of-one-place": ("动态要闻", [news("政务要闻"), news("政务要闻", url=f"{evidence.URL}old/")], [["政务要闻", "政务要闻"]]),
    "another-host": ("动态要闻", [news("政务要闻", kind="outside")], []),
    "a-column-that-is-gone": ("动态要闻", [news("政务要闻", kind="unknown", unread="http-error HTTP 404")], []),
    "a-column-that-did-not-open": ("动态要闻", [news("政务要闻", kind="unknown", unread="timeout")], [["政务要闻"]]),
    "a-blank-column": ("动态要闻", [news("政务要闻", blank="正文区域没有内容")], []),
    "the-topmost-with-all-below": (
        "政策文件", [papers("政策文件", kind="channel"), papers("政府令", "政策文件"), {"name": "附件", "path": ["政策文件", "政府令", "附件"]}],
        [["政策文件", "政府令", "附件"]],
    ),
    "siblings-below-the-first-level": ("政策文件", [papers("规章", "公开"), papers("规范性文件", "公开")], [["规章", "规范性文件"]]),
    "siblings-of-different-parents": ("政策文件", [papers("规章", "公开"), papers("规范性文件", "政策")], [["规章"], ["规范性文件"]]),
    "columns-of-the-first-level": ("政策文件", [papers("规章"), papers("规范性文件")], [["规章"], ["规范性文件"]]),
    "a-channel-with-nothing-below": ("政策文件", [papers("政策文件", kind="channel")], []),
    "forms-and-other-hosts-are-no-heads": ("政策文件", [papers("政策文件库", kind="form"), papers("法规库", kind="outside")], []),
}


@pytest.mark.parametrize("category, columns, expected", table(UNITS))
def test_units(category, columns, expected):
    found = upkeep.units(evidence.columns({"only": columns}), category)
    assert [[member.name for member in unit.members] for unit in found] == expected


SECTIONS = {
    "two-bodies": ([news("工作动态", "部门", "教育局"), news("工作动态", "部门", "公安局"), *map(news, "甲乙")], ["部门 > 各单位的动态要闻"]),
    "the-site-is-a-body-itself": (
        [news("工作动态", "市教育局"), news("图片新闻", "市教育局"), news("工作动态", "招考办")], ["市教育局 > 工作动态", "市教育局 > 图片新闻", "招考办 > 工作动态"],
    ),
    "a-registered-one-stands-for-itself": (
        [news("工作动态", "部门", "教育局", registered=True), news("工作动态", "部门", "公安局"), news("工作动态", "部门", "水利局"), *map(news, "甲乙丙")],
        ["部门 > 教育局 > 工作动态", "部门 > 各单位的动态要闻"],
    ),
    "halls-and-centres-are-no-bodies": (
        [news("图片新闻", "新闻中心"), news("工作动态", "服务大厅"), *map(news, "甲乙")], ["新闻中心 > 图片新闻", "服务大厅 > 工作动态"],
    ),
    "two-of-one-name-are-no-template": ([news("图片新闻", "新闻"), news("图片新闻", "要事")], ["新闻 > 图片新闻", "要事 > 图片新闻"]),
    "three-are": ([news("工作动态", "教育"), news("工作动态", "卫生"), news("工作动态", "交通")], ["各单位的动态要闻"]),
}


@pytest.mark.parametrize("columns, titles", table(SECTIONS))
def test_columns_that_every_department_has_are_one(columns, titles):
    assert [unit.title for unit in upkeep.units(evidence.columns({"only": columns}), "动态要闻")] == titles


TITLES = {
    "one": ([papers("政策文件")], "政策文件"),
    "below-the-first-level": ([papers("规章", "公开", "法定主动公开")], "公开 > 法定主动公开 > 规章"),
    "siblings": ([papers("规章", "公开"), papers("规范性文件", "公开")], "公开 > 规章、规范性文件"),
}


@pytest.mark.parametrize("columns, title", table(TITLES))
def test_units_are_called_by_their_columns(columns, title):
    assert [unit.title for unit in upkeep.units(evidence.columns({"only": columns}), "政策文件")] == [title]


CONTESTS = {
    "no-other": ({"name": "通知公告"}, ()),
    "its-column-type-says-something-else": ({"name": "东乡街道", "category": "动态要闻", "also": ["通知公告"]}, ("通知公告",)),
    "its-name-says-something-else": ({"name": "通知公告", "category": "动态要闻", "also": ["通知公告"]}, ("通知公告",)),
    "only-its-place-does": ({"name": "部门动态", "path": ["政策文件", "部门动态"], "category": "动态要闻", "also": ["政策文件"]}, ()),
    "its-name-and-its-place-do": (
        {"name": "规范性文件", "path": ["政策文件", "规范性文件"], "category": "动态要闻", "also": ["政策文件"]}, ("政策文件",),
    ),
}


@pytest.mark.parametrize("column, expected", table(CONTESTS))
def test_contested(column, expected):
    assert upkeep.contested(evidence.column(column)) == expected


def test_an_unread_column_makes_the_rest_one_page_a_budget_any_number():
    column = evidence.column({"name": "走基层", "kind": "unknown", "unread": "timeout"})
    page = Columns((column,), stopped=Missing(Reason.TIMEOUT, url=column.url))
    budget = Columns((column,), stopped=Missing(Reason.DEADLINE, "400页", evidence.URL))
    assert [unseen.several for each in (page, budget) for unseen in upkeep.rest(each)] == [False, True]


def test_a_finding_says_all_that_a_person_needs():
    columns = evidence.columns({"change": {"政务动态": {"articles": ["2026-11-01"], "shot": "shots/a.png"}}})
    unit, = upkeep.units(columns, "动态要闻")
    found, = upkeep.tell(unit, AS_OF, "2w")
    assert (found.at, found.what, found.shot, found.amount) == (f"{evidence.URL}政务动态/", "政务动态", "shots/a.png", 19)


def test_a_finding_from_a_list_alone_says_so():
    columns = evidence.columns({"change": {"政务动态": {"articles": [{"listed": "2026-11-01"}, "2026-10-20"]}}})
    found, = upkeep.tell(upkeep.units(columns, "动态要闻")[0], AS_OF, "2w")
    assert "最新的在列表上注明 2026-11-01：《关于放假的通知》" in found.says


PROVISIONAL = {
    "far-beyond": ("2027-01-20", Finding), "within-the-longest-holiday": ("2027-02-05", Unseen),
    "just-inside": ("2027-02-12", Note), "well-inside": ("2027-02-18", None),
}


@pytest.mark.parametrize("newest, kind", table(PROVISIONAL))
def test_workdays_of_a_year_that_is_not_announced(newest, kind):
    as_of = date(2027, 2, 19)
    unit, = upkeep.units(evidence.columns({"only": [news("政务要闻", articles=[newest])]}), "动态要闻")
    assert [type(told) for told in upkeep.tell(unit, as_of, "5wd")] == ([kind] if kind else [])
