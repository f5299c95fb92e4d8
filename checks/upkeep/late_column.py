"""Columns and reporting units that have been silent beyond a local deadline."""
from datetime import date

from pytest_govsite import Blame, Columns, Finding, Site, Submissions, Unseen, check, upkeep, windows


@check("late-column")
def check_late_column(
    columns: Columns, submissions: Submissions, site: Site, as_of: date, calendar: windows.Calendar, *, deadlines: tuple = ()
):
    """A column, or a unit that has to report every week, has been silent for longer than its deadline.

    Counts        by the `deadlines` of the edition: each column of their categories (class column) whose newest item is
                  older than the deadline now; each unit registered in the sites file (class unit) from which nothing came
                  in the last four whole weeks.
    Excuses       holidays: workdays follow the State Council's schedule; several columns that are charged as one; columns
                  on other hosts; blank columns; a closed site.
    Undetermined  what may be new and could not be read; items of which nobody can tell whose they are; workdays of a year
                  whose holidays are not announced, close to the limit; no units in the sites file.
    """
    upkeep.refuse_empty(columns)
    periods = {category: deadline.window for deadline in deadlines for category in deadline.categories}
    for deadline in deadlines:
        for category in deadline.categories:
            for unit in upkeep.units(columns, category):
                window = upkeep.laxest(unit, deadline.window, periods, as_of)
                yield from upkeep.tell(unit, as_of, window, calendar, "column", why=_named(unit, deadline))
        if deadline.minimum:
            yield from _silent(submissions, site, deadline, calendar)
    yield from upkeep.rest(columns, "column")


def _named(unit, deadline):
    owner = unit.owner or deadline.who
    return f"{unit.title}{f'（责任单位：{owner}）' if owner else ''}超过期限“{deadline.summary}”"


def _silent(submissions, site, deadline, calendar):
    if not site.units:
        yield Unseen(site.url, upkeep.NO_UNITS, Blame.PERSON, "unit")
    for reporter in upkeep.reporters(submissions, site, deadline.minimum, calendar):
        if reporter.silent:
            since = submissions.weeks[upkeep.LONG_WEEKS - 1]
            says = f"{reporter.name}自 {since} 起连续四周没有报送信息，期限“{deadline.summary}”"
            yield Finding(site.url, reporter.name, says, class_="unit")
        elif reporter.silent is None:
            gap = submissions.doubt
            says = gap.says if gap else "有的稿件看不出来源"
            yield Unseen(site.url, f"{reporter.name}是否报送了信息无法判断：{says}", gap.blame if gap else Blame.PERSON, "unit")
