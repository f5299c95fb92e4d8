"""Until when columns need news: by the sites file and by the tables of the site, the strictest first."""
from dataclasses import replace
from datetime import date

import evidence
import pytest

from pytest_govsite import deadlines, editions
from pytest_govsite.upkeep import Fresh, Open, Stale
from pytest_govsite.windows import Calendar, back

AS_OF = evidence.AS_OF
SITE = evidence.site()
SICHUAN, COUNTY = editions.load("sichuan2021"), editions.load("xuanhan2022")

LAST_DAYS = {
    "days": ("2026-11-06", "14d", "2026-11-20"),
    "weeks": ("2026-11-06", "2w", "2026-11-20"),
    "months": ("2026-05-20", "6mo", "2026-11-20"),
    "months from the end of a short one": ("2026-02-28", "6mo", "2026-08-31"),
    "months into a shorter one": ("2026-08-31", "6mo", "2027-02-28"),
    "a leap day": ("2024-02-29", "1y", "2025-02-28"),
    "workdays across the National Day": ("2026-09-25", "10wd", "2026-10-15"),
}


@pytest.mark.parametrize("newest, window, last", LAST_DAYS.values(), ids=LAST_DAYS)
def test_the_last_day_is_the_last_inside_the_window(newest, window, last):
    newest, last = date.fromisoformat(newest), date.fromisoformat(last)
    assert deadlines.last_day(newest, window) == last
    assert back(last, window) <= newest < back(date.fromordinal(last.toordinal() + 1), window)


def test_a_calendar_of_ones_own_moves_the_last_day():
    newest, off = date(2027, 3, 1), Calendar(frozenset({date(2027, 3, 3), date(2027, 3, 4)}), years=frozenset({2027}))
    assert (deadlines.last_day(newest, "2wd", off) - deadlines.last_day(newest, "2wd")).days == 4


def dues(spec, tables=(SICHUAN,), site=SITE, calendar=Calendar()):
    return deadlines.dues(evidence.columns(spec), site, tables, AS_OF, calendar)


def of(spec, name, **more):
    """The deadlines of the column of this name."""
    columns = evidence.columns(spec)
    column = next(column for column in columns.columns if column.name == name)
    return deadlines.concerning(dues(spec, **more), column)


def alone(**column):
    return {"only": [{"name": "政务动态", "category": "动态要闻"} | column]}


def test_a_rule_of_a_table_sets_the_deadline():
    first = of(alone(articles=["2026-11-10"]), "政务动态")[0]
    assert (first.window, first.last, first.days_left) == ("2w", date(2026, 11, 24), 4)
    assert "sichuan2021 column-stale.1" in first.sources and isinstance(first.state, Fresh)


def test_all_who_ask_are_named_and_the_most_urgent_comes_first():
    spec = alone(articles=["2026-11-10"], period="1w", registered=True)
    found = of(spec, "政务动态", tables=(SICHUAN, COUNTY))
    assert [due.window for due in found][0] == "1w" and {due.window for due in found} == {"1w", "2w", "10wd"}
    assert found[0].sources == ("登记",) and isinstance(found[0].state, Stale) and found[0].days_left == -3
    assert any("xuanhan2022 county-timeliness.1" in due.sources for due in found)


def test_a_laxer_period_does_not_take_the_table_s_deadline_away():
    found = of(alone(articles=["2026-11-01"], period="6mo", registered=True), "政务动态")
    assert found[0].window == "2w" and found[0].days_left == -5


def test_first_level_columns_count_with_those_below_them():
    spec = {"only": [
        {"name": "政策", "category": "政策文件", "kind": "channel", "path": ["政策"]},
        {"name": "规章", "category": "政策文件", "path": ["政策", "规章"], "articles": ["2024-01-02"]},
        {"name": "文件", "category": "政策文件", "path": ["政策", "文件"], "articles": ["2026-11-02"]},
    ]}
    first = of(spec, "规章")[0]
    assert isinstance(first.state, Fresh) and len(first.unit.members) == 3 and first.last == date(2027, 5, 2)


def test_a_column_that_may_be_new_is_open():
    first = of(alone(articles=[{"listed": "2026-11-19"}]), "政务动态")[0]
    assert isinstance(first.state, Open) and first.newest.listed == "2026-11-19" and first.days_left == 13


def test_a_list_that_shows_no_day_has_no_last_day():
    first = of(alone(articles=[{"day": ""}]), "政务动态")[0]
    assert isinstance(first.state, Stale) and first.last is None and first.days_left is None


def test_days_after_the_inspection_count_for_nothing():
    first = of(alone(articles=["2026-12-24", "2026-11-10"]), "政务动态")[0]
    assert first.last == date(2026, 11, 24)


def test_blank_columns_and_columns_elsewhere_have_none():
    spec = {"only": [
        {"name": "要闻", "category": "动态要闻", "blank": "正文区域没有内容", "period": "2w", "registered": True},
        {"name": "公告", "category": "通知公告", "kind": "outside"},
    ]}
    assert dues(spec) == ()


def test_a_table_that_exempts_the_site_sets_none():
    """gb2019 scores portals only; its vetoes hold for everybody."""
    spec, department = alone(articles=["2026-11-10"]), replace(SITE, kind="city-department")
    tables = (editions.load("gb2019"),)
    portal = {source for due in dues(spec, tables) for source in due.sources}
    assert {source for due in dues(spec, tables, department) for source in due.sources} < portal
    assert "gb2019 column-stale.1" in portal


def test_a_year_without_a_schedule_is_open_near_the_limit():
    """Nobody knows yet which days of 2027 are worked: what may be in time is not over."""
    columns = evidence.columns(alone(articles=["2027-01-29"], period="10wd", registered=True))
    due, = (d for d in deadlines.dues(columns, SITE, (), date(2027, 2, 16)) if d.sources == ("登记",))
    assert isinstance(due.state, Open) and "2027年" in due.state.reason


def test_the_windows_of_each_category_are_known():
    windows = deadlines.periods(SITE, (SICHUAN, COUNTY))
    assert ("2w", "sichuan2021 column-stale.1") in windows["动态要闻"]
    assert ("3mo", "xuanhan2022 county-timeliness.1") in windows["政策解读"]
