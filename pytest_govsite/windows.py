"""Windows of time: how far back from the inspection date a day still counts.

Days are calendar days in Asia/Shanghai. Months clip to the calendar; workdays follow the State Council's holiday
schedule, make-up Saturdays and Sundays included. For a year whose schedule nobody has announced yet weekdays are counted,
and whoever asks is told so.
"""
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import chinese_calendar

_FORM = re.compile(
    r"(?P<n>[1-9]\d{0,2})\s*"
    r"(?:(?P<wd>wd|workdays?)|(?P<mo>mo|months?)|(?P<d>d|days?)|(?P<w>w|weeks?)|(?P<y>y|years?))"
)


SPOKEN = {"d": "天", "w": "周", "mo": "个月", "y": "年", "wd": "个工作日"}
LONGEST_HOLIDAY = timedelta(days=9)  # Spring Festival or National Day with the weekends around it


class Workday(NamedTuple):
    """Whether a day is worked. `provisional`: no schedule is published for its year, so only the weekday was asked."""

    worked: bool
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Holidays and make-up workdays that the library chinesecalendar (2004 to 2026) does not know.

    holidays, workdays  single days; what they say comes before what the library says.
    years               years of which they hold the whole schedule: the other days go by the weekday and are certain.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def workday(self, day: date) -> Workday:
        """Is this day worked in mainland China?"""
        if day in self.workdays or day in self.holidays:
            return Workday(day in self.workdays, False)
        if day.year in self.years:
            return Workday(day.weekday() < 5, False)
        try:
            return Workday(chinese_calendar.is_workday(day), False)
        except NotImplementedError:
            return Workday(day.weekday() < 5, True)


PUBLISHED = Calendar()


class Reach(NamedTuple):
    """How far back a window reaches.

    earliest     the first day inside.
    surely       the day before which nothing can be inside, wherever the holidays of an unpublished year will lie.
    provisional  the year whose schedule is not published, so that weekdays were counted; None when all is certain, and
                 `surely` is then the same as `earliest`.
    """

    earliest: date
    surely: date
    provisional: int | None = None

    @property
    def says(self) -> str:
        """The reservation in one sentence; empty when there is none."""
        return f"{self.provisional}年的节假日安排未公布，按周一至周五推算" if self.provisional else ""


def is_workday(day: date) -> Workday:
    """Is this day worked in mainland China, as far as is published?"""
    return PUBLISHED.workday(day)


def back(as_of: date, window: str, calendar: Calendar = PUBLISHED) -> date:
    """The earliest day inside a window that ends at `as_of`.

    `window` is a number and a unit: d, w, mo, y, wd (workdays), or the English words; "2w", "6mo", "10 workdays".
    Workdays exclude the first day: with 5wd, a message of the returned day answered on `as_of` is just in time.

    Raises ValueError for any other text.
    """
    return reach(as_of, window, calendar).earliest


def reach(as_of: date, window: str, calendar: Calendar = PUBLISHED) -> Reach:
    """The same with its reservation, for those who must not take a guess for a fact. Raises ValueError as `back` does."""
    number, unit = _parsed(window)
    if unit == "wd":
        return _workdays_back(as_of, number, calendar)
    if unit in ("d", "w"):
        first = as_of - timedelta(days=number * (7 if unit == "w" else 1))
    else:
        first = _months_back(as_of, number * (12 if unit == "y" else 1))
    return Reach(first, first)


def spoken(window: str) -> str:
    """The window as a Chinese reader says it: 2周, 6个月, 10个工作日. Raises ValueError as `back` does."""
    number, unit = _parsed(window)
    return f"{number}{SPOKEN[unit]}"


def inside(day: date, as_of: date, window: str) -> bool:
    """Does the day lie in the window? Both ends are inside; days after `as_of` never are."""
    return back(as_of, window) <= day <= as_of


def _parsed(window: str) -> tuple[int, str]:
    form = _FORM.fullmatch(window.strip())
    if form is None:
        raise ValueError(f"no window of time: {window!r}; write 2w, 6mo, 1y, 10wd or 10 workdays")
    return int(form["n"]), form.lastgroup


def _months_back(as_of: date, months: int) -> date:
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    month += 1
    return date(year, month, min(as_of.day, monthrange(year, month)[1]))


def _workdays_back(as_of: date, number: int, calendar: Calendar) -> Reach:
    """The workday that has `number` workdays after it, up to and including `as_of`."""
    day, provisional = as_of, None
    while True:
        worked, guessed = calendar.workday(day)
        provisional = provisional or (day.year if guessed else None)
        if worked and not number:
            return Reach(day, day - LONGEST_HOLIDAY if provisional else day, provisional)
        number -= worked
        day -= timedelta(days=1)
