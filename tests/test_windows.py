"""Ruling 7: windows of time."""

import pickle
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_govsite import holidays
from pytest_govsite.windows import Calendar, back, inside, is_workday, reach, spoken

BACK = {
    "ruling-7-two-weeks-are-14-days": ("2026-11-20", "2w", "2026-11-06"),
    "ruling-7-31-august-less-6-months-is-the-end-of-february": ("2026-08-31", "6mo", "2026-02-28"),
    "ruling-7-31-august-less-6-months-in-a-leap-year": ("2024-08-31", "6mo", "2024-02-29"),
    "ruling-7-leap-day-less-a-year": ("2024-02-29", "1y", "2023-02-28"),
    "months-go-by-the-calendar-not-by-30-days": ("2026-03-15", "1mo", "2026-02-15"),
    "months-cross-the-year": ("2026-01-31", "2mo", "2025-11-30"),
    "days": ("2026-03-01", "1d", "2026-02-28"),
    "ruling-7-five-workdays-exclude-the-first-day": ("2026-11-20", "5wd", "2026-11-13"),
    "workdays-from-a-saturday-count-back-from-friday": ("2026-11-21", "5wd", "2026-11-13"),
    "workdays-from-a-sunday": ("2026-11-22", "1wd", "2026-11-19"),
    "workdays-skip-the-national-day-holiday": ("2026-10-08", "1wd", "2026-09-30"),
    "workdays-count-a-make-up-saturday": ("2026-10-12", "2wd", "2026-10-09"),
    "ten-workdays-without-a-holiday-are-two-weeks": ("2026-11-20", "10wd", "2026-11-06"),
    "after-the-published-schedule-weekdays-count": ("2027-11-19", "5wd", "2027-11-12"),
    "english-words": ("2026-11-20", "10 workdays", "2026-11-06"),
    "english-singular": ("2026-11-20", "1 workday", "2026-11-19"),
    "english-weeks": ("2026-11-20", "2 weeks", "2026-11-06"),
    "english-month": ("2026-11-20", "1 month", "2026-10-20"),
    "english-years": ("2026-11-20", "2 years", "2024-11-20"),
}
INSIDE = {
    "ruling-7-exactly-14-days-before-is-inside": ("2026-11-06", "2w", True),
    "ruling-7-15-days-before-is-outside": ("2026-11-05", "2w", False),
    "the-inspection-day-is-inside": ("2026-11-20", "2w", True),
    "ruling-7-a-day-after-as-of-is-ignored": ("2026-11-21", "2w", False),
    "exactly-6-months-before-is-inside": ("2026-05-20", "6mo", True),
    "a-day-more-than-6-months-is-outside": ("2026-05-19", "6mo", False),
    "ruling-7-answered-on-the-fifth-workday-is-in-time": ("2026-11-13", "5wd", True),
    "answered-on-the-sixth-workday-is-late": ("2026-11-12", "5wd", False),
    "a-message-of-the-weekend-counts-from-monday": ("2026-11-14", "5wd", True),
}
WORKDAYS = {
    "a-weekday": ("2026-11-20", (True, False)),
    "a-saturday": ("2026-11-21", (False, False)),
    "a-holiday-on-a-thursday": ("2026-10-01", (False, False)),
    "a-make-up-saturday": ("2026-10-10", (True, False)),
    "the-first-year-of-the-schedule": ("2004-01-01", (False, False)),
    "a-weekday-beyond-the-schedule-is-provisional": ("2003-01-01", (True, True)),
    "a-sunday-beyond-the-schedule-is-provisional": ("2003-01-05", (False, True)),
}
WRONG = ["", "2", "w", "0w", "-2w", "2.5mo", "3-6mo", "quarter", "上一年度", "2weekss", "1000y", "2w 3d"]


def table(cases):
    return [pytest.param(*case, id=id) for id, case in cases.items()]


@pytest.mark.parametrize("as_of, window, expected", table(BACK))
def test_back(as_of, window, expected):
    assert back(date.fromisoformat(as_of), window) == date.fromisoformat(expected)


@pytest.mark.parametrize("day, window, expected", table(INSIDE))
def test_inside(day, window, expected):
    assert inside(date.fromisoformat(day), date(2026, 11, 20), window) is expected


@pytest.mark.parametrize("day, expected", table(WORKDAYS))
def test_is_workday(day, expected):
    assert is_workday(date.fromisoformat(day)) == expected


@pytest.mark.parametrize("window", WRONG, ids=repr)
def test_what_is_no_window_is_refused(window):
    with pytest.raises(ValueError, match="no window of time"):
        back(date(2026, 11, 20), window)


@given(st.dates(date(2005, 1, 1), date(2030, 12, 31)), st.integers(1, 30))
def test_a_workday_window_holds_that_many_workdays(as_of, number):
    first = back(as_of, f"{number}wd")
    days = [first + timedelta(days=n) for n in range((as_of - first).days + 1)]
    assert sum(is_workday(day).worked for day in days[1:]) == number
    assert is_workday(first).worked


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(1, 60))
def test_a_month_window_keeps_the_day_or_clips_it(as_of, months):
    first = back(as_of, f"{months}mo")
    assert (as_of.year - first.year) * 12 + as_of.month - first.month == months
    assert first.day == as_of.day or (first + timedelta(days=1)).day == 1


NEW_YEAR = Calendar(
    holidays=frozenset(date(2027, 2, day) for day in range(8, 13)), workdays=frozenset({date(2027, 2, 20)}),
    years=frozenset({2027}),
)
ONE_MORE = Calendar(holidays=frozenset({date(2026, 11, 19)}))
REACHES = {
    "all-published": ("2026-11-20", "10wd", Calendar(), "2026-11-06", "2026-11-06", None),
    "calendar-days-are-never-in-doubt": ("2027-11-20", "2w", Calendar(), "2027-11-06", "2027-11-06", None),
    "nor-are-months": ("2027-11-20", "6mo", Calendar(), "2027-05-20", "2027-05-20", None),
    "not-announced-yet": ("2027-02-19", "5wd", Calendar(), "2027-02-12", "2027-02-03", 2027),
    "across-the-new-year": ("2027-01-05", "5wd", Calendar(), "2026-12-29", "2026-12-20", 2027),
    "configured-in-full": ("2027-02-19", "5wd", NEW_YEAR, "2027-02-05", "2027-02-05", None),
    "a-configured-make-up-saturday": ("2027-02-22", "1wd", NEW_YEAR, "2027-02-20", "2027-02-20", None),
    "configuration-comes-before-the-published": ("2026-11-20", "1wd", ONE_MORE, "2026-11-18", "2026-11-18", None),
    "other-years-of-such-a-file-stay-provisional": ("2028-02-18", "1wd", NEW_YEAR, "2028-02-17", "2028-02-08", 2028),
}
SPOKEN = {"2w": "2周", "6mo": "6个月", "10wd": "10个工作日", "1y": "1年", "3 days": "3天"}


@pytest.mark.parametrize("as_of, window, calendar, earliest, surely, provisional", table(REACHES))
def test_reach(as_of, window, calendar, earliest, surely, provisional):
    found = reach(date.fromisoformat(as_of), window, calendar)
    assert (str(found.earliest), str(found.surely), found.provisional) == (earliest, surely, provisional)
    assert back(date.fromisoformat(as_of), window, calendar) == found.earliest
    assert found.says == (f"{provisional}年的节假日安排未公布，按周一至周五推算" if provisional else "")


@pytest.mark.parametrize("window, words", SPOKEN.items())
def test_spoken(window, words):
    assert spoken(window) == words


@given(st.dates(date(2026, 1, 1), date(2032, 12, 31)), st.sampled_from(["1d", "2w", "6mo", "1y", "5wd", "10wd"]))
def test_what_is_certain_reaches_no_less_far(as_of, window):
    found = reach(as_of, window)
    assert found.surely <= found.earliest <= as_of
    assert (found.surely == found.earliest) is (found.provisional is None)


def test_a_calendar_goes_to_other_processes():
    assert pickle.loads(pickle.dumps(NEW_YEAR)) == NEW_YEAR


FILE = """
years = [2027]
holidays = [2027-01-01, "2027-02-08/2027-02-12"]
workdays = ["2027-02-20"]
"""
WRONG_FILES = {
    "no date": ("2027-01-01", '"2027-02-30"', ["第3行", "holidays", "不是日期", "2027-02-05/2027-02-11"]),
    "a time of day": ("2027-01-01", "2027-01-01T08:00:00", ["第3行", "不是日期"]),
    "back to front": ("2027-02-08/2027-02-12", "2027-02-12/2027-02-08", ["前后颠倒"]),
    "half a year": ("2027-02-12", "2027-08-12", ["长过一个月"]),
    "both": ('"2027-02-20"', '"2027-02-09"', ["第4行", "2027-02-09 既写成放假又写成上班"]),
    "a year without holidays": ("[2027]", "[2027, 2028]", ["第2行", "years 里有 2028", "写全"]),
    "no year": ("[2027]", '["2027"]', ["第2行", "years"]),
    "unknown key": ("holidays", "holiday", ["第3行", "是不是想写 holidays"]),
}


def test_a_file_of_holidays(tmp_path):
    path = tmp_path / "holidays.toml"
    path.write_text(FILE, encoding="utf-8")
    found = holidays.load(path)
    assert found == Calendar(NEW_YEAR.holidays | {date(2027, 1, 1)}, NEW_YEAR.workdays, NEW_YEAR.years)


@pytest.mark.parametrize("old, new, words", table(WRONG_FILES))
def test_a_wrong_file_of_holidays_is_refused(tmp_path, old, new, words):
    path = tmp_path / "holidays.toml"
    assert old in FILE
    path.write_text(FILE.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(holidays.HolidaysError) as refusal:
        holidays.load(path)
    assert not [word for word in ["holidays.toml", *words] if word not in str(refusal.value)], str(refusal.value)
