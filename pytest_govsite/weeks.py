"""Whole weeks before an inspection, and how many items each reporting unit has on the portal in them."""
from datetime import date, timedelta

from pytest_govsite.model.columns import Article
from pytest_govsite.model.publications import Submissions
from pytest_govsite.windows import PUBLISHED, Calendar

BACK = 35  # days: far enough for a habit, near enough for lists to reach
FEWEST = 3  # days worked, else a holiday leaves no week to speak of
LONG_HOLIDAYS = (1, 2, 10)  # months that may take away a whole week once their schedule is announced


def whole_weeks(as_of: date, calendar: Calendar = PUBLISHED) -> tuple[date, ...]:
    """The Mondays of the weeks that ended in the last 35 days before `as_of`, newest first; weeks of holidays left out."""
    monday = as_of - timedelta(days=as_of.weekday() + 7)
    mondays = [monday - timedelta(weeks=n) for n in range(BACK // 7)]
    return tuple(day for day in mondays if as_of - day <= timedelta(days=BACK) and _is_worked(day, calendar))


def short_weeks(
    submissions: Submissions, unit: str, minimum: int = 2, calendar: Calendar = PUBLISHED,
) -> tuple[date, ...]:
    """Mondays of the weeks in which the unit firmly had fewer items than `minimum`."""
    if submissions.doubt:
        return ()
    return tuple(
        week for week, count in _counts(submissions, unit, calendar)
        if count + _unknown(submissions, week) < minimum and not _may_be_holidays(week, calendar)
    )


def open_weeks(
    submissions: Submissions, unit: str, minimum: int = 2, calendar: Calendar = PUBLISHED,
) -> tuple[date, ...]:
    """Mondays of the weeks of which nobody can say whether the unit had enough."""
    short = short_weeks(submissions, unit, minimum, calendar)
    return tuple(week for week, count in _counts(submissions, unit, calendar) if count < minimum and week not in short)


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def day_of(article: Article) -> date | None:
    """The day by which an item counts: the one on its page, else what list and address say."""
    return article.day or article.hint


def _counts(submissions: Submissions, unit: str, calendar: Calendar) -> list[tuple[date, int]]:
    """By week, those of holidays left out; nothing for a unit that the evidence does not know."""
    counts = zip(submissions.weeks, submissions.items.get(unit, ()), strict=False)
    return [(week, count) for week, count in counts if _is_worked(week, calendar)]


def _unknown(submissions: Submissions, week: date) -> int:
    """Items that may be anybody's and may be of this week."""
    days = [day_of(article) for article in submissions.unknown]
    return sum(1 for day in days if day is None or monday_of(day) == week)


def _is_worked(monday: date, calendar: Calendar) -> bool:
    return sum(day.worked for day in _days(monday, calendar)) >= FEWEST


def _may_be_holidays(monday: date, calendar: Calendar) -> bool:
    """Nobody has announced yet whether this week is worked."""
    return monday.month in LONG_HOLIDAYS and any(day.provisional for day in _days(monday, calendar))


def _days(monday: date, calendar: Calendar) -> list:
    return [calendar.workday(monday + timedelta(days=n)) for n in range(7)]
