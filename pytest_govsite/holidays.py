"""A file of holidays and make-up workdays, for years that the library chinesecalendar does not know yet.

    years = [2027]                                       # whose whole schedule stands here
    holidays = [2027-01-01, "2027-02-05/2027-02-11"]     # single days, or the first and the last of several
    workdays = [2027-02-20]                              # Saturdays and Sundays that are worked
"""
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from pytest_govsite.tomlfile import Complaint, Table, read, refuse, validate
from pytest_govsite.windows import Calendar

LONGEST = timedelta(days=31)


class HolidaysError(ValueError):
    """A file of holidays that is not there, or is wrong: a line of plain Chinese for each fault."""


def load(path: str | Path) -> Calendar:
    """The calendar that a file describes. Raises HolidaysError."""
    document = read(Path(path), HolidaysError)
    form, complaints = validate(document, HolidaysForm)
    if form:
        complaints += [*_both(form), *_undescribed(form)]
    refuse(document, complaints, HolidaysError)
    return Calendar(frozenset(_flat(form.holidays)), frozenset(_flat(form.workdays)), frozenset(form.years))


def _days(value: object) -> tuple[date, ...]:
    """The days of one entry: a date, the text of one, or "first/last"."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return (value,)
    first, _, last = str(value).partition("/")
    try:
        start, end = date.fromisoformat(first.strip()), date.fromisoformat((last or first).strip())
    except ValueError:
        raise ValueError("不是日期") from None
    if not start <= end <= start + LONGEST:
        raise ValueError("起止日期前后颠倒，或者长过一个月")
    return tuple(start + timedelta(days=n) for n in range((end - start).days + 1))


DAYS = "应当是一列日期，如 [2027-01-01, \"2027-02-05/2027-02-11\"]，后者是从哪天到哪天"

Days = Annotated[Any, AfterValidator(_days)]
Year = Annotated[int, Field(ge=2004, le=2100)]


class HolidaysForm(Table):
    """The whole file."""

    years: list[Year] = Field([], description="应当是一列年份，如 [2027]：这些年的节假日和调休上班已经全部写在这里")
    holidays: list[Days] = Field([], description=DAYS)
    workdays: list[Days] = Field([], description=DAYS)


def _flat(entries: Iterable[tuple[date, ...]]) -> Iterator[date]:
    return (day for days in entries for day in days)


def _both(form: HolidaysForm) -> Iterator[Complaint]:
    for day in sorted({*_flat(form.holidays)} & {*_flat(form.workdays)}):
        yield ("workdays",), f"{day} 既写成放假又写成上班，请删去一处"


def _undescribed(form: HolidaysForm) -> Iterator[Complaint]:
    """A year without a single holiday was not described: taking it for certain would be a guess."""
    for year in sorted({*form.years} - {day.year for day in _flat(form.holidays)}):
        yield ("years",), f"years 里有 {year}，holidays 里却没有这一年的放假日期；应当把全年的安排写全"
