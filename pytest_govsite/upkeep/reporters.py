"""Units that have to send in items every week: who was silent for long, and who fell short."""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pytest_govsite.model.publications import Submissions
from pytest_govsite.model.site import Site
from pytest_govsite.weeks import open_weeks, short_weeks
from pytest_govsite.windows import Calendar

LONG_WEEKS = 4
NO_UNITS = "没有登记每周应报送信息的单位：请在 sites.toml 的该网站下填写 units"


@dataclass(frozen=True)
class Reporter:
    """One unit. silent: nothing for four whole weeks, firmly; None: nobody can say. short, unclear: Mondays of weeks."""

    name: str
    silent: bool | None
    short: tuple[date, ...]
    unclear: tuple[date, ...]


def reporters(submissions: Submissions, site: Site, minimum: int, calendar: Calendar) -> Iterator[Reporter]:
    """All units that the sites file names."""
    for name in site.units:
        short = short_weeks(submissions, name, minimum, calendar)
        unclear = open_weeks(submissions, name, minimum, calendar)
        if name not in submissions.items:
            unclear = submissions.weeks
        yield Reporter(name, _silent(submissions, name, calendar), short, unclear)


def _silent(submissions: Submissions, name: str, calendar: Calendar) -> bool | None:
    last = set(submissions.weeks[:LONG_WEEKS])
    if len(last) < LONG_WEEKS:
        return False
    empty = {*short_weeks(submissions, name, 1, calendar)}
    if last <= empty:
        return True
    maybe = empty | {*open_weeks(submissions, name, 1, calendar)} if name in submissions.items else last
    return None if last <= maybe else False
