"""Ruling 7: windows of time."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_govsite.windows import back, inside, is_workday

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
