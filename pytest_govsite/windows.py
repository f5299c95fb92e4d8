"""Windows of time: how far back from the inspection date a day still counts.

Days are calendar days in Asia/Shanghai. Months clip to the calendar; workdays follow the State Council's holiday
schedule, make-up Saturdays and Sundays included.
"""
import calendar
import re
from datetime import date, timedelta
from typing import NamedTuple

import chinese_calendar

_FORM = re.compile(
    r"(?P<n>[1-9]\d{0,2})\s*"
    r"(?:(?P<wd>wd|workdays?)|(?P<mo>mo|months?)|(?P<d>d|days?)|(?P<w>w|weeks?)|(?P<y>y|years?))"
)


class Workday(NamedTuple):
    """Whether a day is worked. `provisional`: no schedule is published for its year, so only the weekday was asked."""

    worked: bool
    provisional: bool


def is_workday(day: date) -> Workday:
    """Is this day worked in mainland China? The schedule is that of the library chinesecalendar (2004 to 2026)."""
    try:
        return Workday(chinese_calendar.is_workday(day), False)
    except NotImplementedError:
        return Workday(day.weekday() < 5, True)


def back(as_of: date, window: str) -> date:
    """The earliest day inside a window that ends at `as_of`.

    `window` is a number and a unit: d, w, mo, y, wd (workdays), or the English words; "2w", "6mo", "10 workdays".
    Workdays exclude the first day: with 5wd, a message of the returned day answered on `as_of` is just in time.

    Raises ValueError for any other text.
    """
    form = _FORM.fullmatch(window.strip())
    if form is None:
        raise ValueError(f"no window of time: {window!r}; write 2w, 6mo, 1y, 10wd or 10 workdays")
    number, unit = int(form["n"]), form.lastgroup
    if unit == "wd":
        return _workdays_back(as_of, number)
    if unit in ("d", "w"):
        return as_of - timedelta(days=number * (7 if unit == "w" else 1))
    return _months_back(as_of, number * (12 if unit == "y" else 1))


def inside(day: date, as_of: date, window: str) -> bool:
    """Does the day lie in the window? Both ends are inside; days after `as_of` never are."""
    return back(as_of, window) <= day <= as_of


def _months_back(as_of: date, months: int) -> date:
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    month += 1
    return date(year, month, min(as_of.day, calendar.monthrange(year, month)[1]))


def _workdays_back(as_of: date, number: int) -> date:
    """The workday that has `number` workdays after it, up to and including `as_of`."""
    day = as_of
    while number or not is_workday(day).worked:
        number -= is_workday(day).worked
        day -= timedelta(days=1)
    return day
