"""Readers of particular columns against their tables: leaders, the yearly report of the website, charts and data sets."""
import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import evidence
import pytest

from pytest_govsite import weeks
from pytest_govsite.reading import figures, leaders, site_reports
from pytest_govsite.windows import Calendar

FOLDER = Path(__file__).parent / "cases" / "reading"
URL = "http://www.yunshan.gov.cn/ldzc/"


def cases(reader: str):
    """The cases of a reader, by name."""
    table = tomllib.loads((FOLDER / f"{reader}.toml").read_text(encoding="utf-8"))["case"]
    return pytest.mark.parametrize("case", table, ids=[case["name"] for case in table])


@cases("leaders")
def test_leaders(case):
    roster = leaders.read_leaders(f"<html><body>{case['html']}</body></html>", URL)
    assert [brief(entry) for entry in roster.entries] == case["people"]
    assert [entry.name for entry in roster.entries if not entry.complete] == case.get("lacking", [])
    assert [text for text, _ in roster.groups] == case.get("groups", [])


def brief(entry) -> str:
    marks = {"l": entry.words.resume, "d": entry.words.duty, "p": entry.photo, "+": entry.pages, "~": entry.moving}
    return f"{entry.name} {entry.post} {''.join(mark for mark, there in marks.items() if there)}"


TITLES = [
    # title                                           column            report  year
    ("云山县政府网站工作年度报表（2025年度）", "", True, 2025),
    ("2025年政府网站工作年度报表", "", True, 2025),
    ("政府网站工作年度报表公示", "", True, None),
    ("云山县人民政府门户网站2025年度网站年报", "", True, 2025),
    ("政府网站监管年度报表（2025年度）", "", True, 2025),
    ("2025年政府网站建设工作年度报告", "", True, 2025),
    ("2025年度报表", "网站年度报表", True, 2025),
    ("2025年年报", "网站年报", True, 2025),
    ("2025年度报表", "统计数据", False, 2025),
    ("云山县2025年政府信息公开工作年度报告", "", False, 2025),
    ("云山县2025年政府信息公开工作年度报告", "网站年报", False, 2025),
    ("云山县人民政府网站信息公开工作年度报告（2025年）", "", False, 2025),
    ("关于做好2025年政府网站工作年度报表填报工作的通知", "", False, 2025),
    ("2025年法治政府建设年度报告", "", False, 2025),
    ("部门决算公开报表", "年度报表", False, None),
]


@pytest.mark.parametrize(("title", "column", "is_report", "year"), TITLES, ids=[f"{row[0]} in {row[1] or 'any column'}" for row in TITLES])
def test_titles_of_the_yearly_report(title, column, is_report, year):
    assert site_reports.is_site_report(title, column) is is_report
    assert site_reports.reported_year(title) == year


def test_a_report_without_a_year_is_about_the_year_before_its_publication():
    assert site_reports.reported_year("政府网站工作年度报表公示", date(2026, 1, 15)) == 2025


PROMISES = {
    "网站年度报表": True, "政府网站工作年度报表": True, "网站年报": True, "年度报表": True, "年报年表": True, "网站 工作年度报表": True,
    "信息公开年报": False, "政府信息公开年报": False, "统计年报": False, "年报": False,
}


@pytest.mark.parametrize(("text", "promises"), PROMISES.items())
def test_links_that_promise_the_yearly_report(text, promises):
    assert site_reports.names_site_reports(text) is promises


@pytest.mark.parametrize(("day", "year"), [("2026-01-01", 2024), ("2026-01-31", 2024), ("2026-02-01", 2025), ("2026-12-31", 2025)])
def test_the_year_whose_report_is_due(day, year):
    assert site_reports.year_due(date.fromisoformat(day)) == year


@cases("figures")
def test_figures(case):
    page = f"<html><body>{case['html']}</body></html>"
    assert figures.read_chart(page) == case.get("chart", "")
    assert figures.may_draw(page) == case.get("may_draw", False)
    assert figures.has_pictures(page) == case.get("pictures", False)
    assert [f"{offer.form} {offer.text}" for offer in figures.read_datasets(page, URL)] == case.get("datasets", [])
    assert [offer.text for offer in figures.read_platforms(page, URL)] == case.get("platforms", [])
    assert figures.is_platform(page) == case.get("is_platform", False)


CHARTS = {"图解：云山县前三季度经济运行": "图解", "一图读懂2026年10月居民消费价格": "一图", "数读云山": "数读", "云山县主要经济指标完成情况": ""}


@pytest.mark.parametrize(("title", "word"), CHARTS.items())
def test_titles_that_announce_a_chart(title, word):
    assert figures.chart_in_title(title) == (f"标题含“{word}”" if word else "")


def test_weeks_are_whole_and_without_holidays():
    """National Day of 2025 took 1 to 8 October: two days of the week of 29 September were left, three of the next."""
    assert weeks.whole_weeks(date(2026, 11, 20)) == tuple(date(2026, *day) for day in ((11, 9), (11, 2), (10, 26), (10, 19)))
    assert weeks.whole_weeks(date(2026, 11, 22))[0] == date(2026, 11, 9), "a Sunday is not over yet"
    assert weeks.whole_weeks(date(2026, 11, 23))[0] == date(2026, 11, 16)
    assert weeks.whole_weeks(date(2025, 10, 20)) == tuple(date(2025, *day) for day in ((10, 13), (10, 6), (9, 22), (9, 15)))


LATER = "2026-11-03"
SUBMITTED = [
    # name                                       evidence                                                          short        open
    ("enough in every week", {}, [], []),
    ("one item in one week", {"items": {"县教育局": [2, 1, 2, 2]}}, ["2026-11-02"], []),
    ("nothing at all", {"items": {"县教育局": [0, 0, 0, 0]}}, ["2026-11-09", "2026-11-02", "2026-10-26", "2026-10-19"], []),
    ("an unknown item of that week", {"items": {"县教育局": [2, 1, 2, 2]}, "unknown": [LATER]}, [], ["2026-11-02"]),
    ("an unknown item of another week", {"items": {"县教育局": [1, 2, 2, 2]}, "unknown": [LATER]}, ["2026-11-09"], []),
    ("one unknown item does not make two", {"items": {"县教育局": [2, 0, 2, 2]}, "unknown": [LATER]}, ["2026-11-02"], []),
    ("an unknown item of an unknown day", {"items": {"县教育局": [2, 1, 2, 1]}, "unknown": [{}]}, [], ["2026-11-02", "2026-10-19"]),
    ("lists that were not seen to their end", {"items": {"县教育局": [2, 1, 2, 2]}, "doubt": "deadline"}, [], ["2026-11-02"]),
]


@pytest.mark.parametrize(("spec", "short", "open"), [row[1:] for row in SUBMITTED], ids=[row[0] for row in SUBMITTED])
def test_short_weeks(spec, short, open):
    submissions = evidence.build("submissions", spec)
    assert [str(week) for week in weeks.short_weeks(submissions, "县教育局")] == short
    assert [str(week) for week in weeks.open_weeks(submissions, "县教育局")] == open
    assert weeks.short_weeks(submissions, "没有登记的单位") == ()


def test_a_week_that_the_users_calendar_takes_away_counts_for_nothing():
    off = frozenset(date(2026, 11, day) for day in range(2, 7))
    submissions = evidence.build("submissions", {"items": {"县教育局": [2, 0, 2, 2]}})
    assert weeks.short_weeks(submissions, "县教育局") == (date(2026, 11, 2),)
    assert weeks.short_weeks(submissions, "县教育局", calendar=Calendar(holidays=off)) == ()


def test_a_week_of_an_unannounced_holiday_is_open():
    """The Spring Festival of 2028 may take it away; an ordinary week of that year is certain."""
    submissions = replace(evidence.build("submissions", None), weeks=(date(2028, 3, 6), date(2028, 1, 24)), items={"县教育局": (0, 0)})
    assert weeks.short_weeks(submissions, "县教育局") == (date(2028, 3, 6),)
    assert weeks.open_weeks(submissions, "县教育局") == (date(2028, 1, 24),)
