"""Times and durations as whole numbers: milliseconds of UTC since 1970, days since 1970 of China's calendar."""
from datetime import UTC, date, datetime, timedelta

from pytest_govsite.model.availability import SHANGHAI

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DAY = EPOCH.date().toordinal()
MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970; what is finer is cut off, so that a visit stays on its day."""
    return (at - EPOCH) // MILLISECOND


def to_time(ms: int) -> datetime:
    """The time in China."""
    return (EPOCH + timedelta(milliseconds=ms)).astimezone(SHANGHAI)


def to_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - FIRST_DAY


def to_day(number: int) -> date:
    """The day of such a number."""
    return date.fromordinal(number + FIRST_DAY)


def month_of(number: int) -> int:
    """The month of a day, counted through the years."""
    day = to_day(number)
    return day.year * 12 + day.month - 1


def day_of(at: datetime) -> int:
    """The day in China, as a number."""
    return to_number(at.astimezone(SHANGHAI).date())
