"""Updates that came after a local deadline."""
from datetime import date

from pytest_govsite import Blame, Columns, Finding, Site, Submissions, Unseen, check, upkeep, windows


@check("belated-update")
def check_belated_update(
    columns: Columns, submissions: Submissions, site: Site, as_of: date, calendar: windows.Calendar, *,
    deadlines: tuple = (), window: str = "3mo",
):
    """A column was updated, but later than its deadline; or a unit fell short of its number of items in a week.

    Counts        by the `deadlines` of the edition: each silence of a column (class column) that was longer than the
                  deadline and ended within `window`; each unit of the sites file (class unit) once, with the whole weeks in
                  which it fell short.
    Excuses       items of another list of the same column in between; pinned old items; holidays; a unit that was silent
                  for four whole weeks is charged as silent; a closed site.
    Undetermined  silences whose two ends were only seen in a list, or in which an item without a date may lie; weeks with
                  items of which nobody can tell whose they are; no units in the sites file.
    """
    upkeep.refuse_empty(columns)
    since = windows.back(as_of, window)
    for deadline in deadlines:
        for category in deadline.categories:
            for unit in upkeep.units(columns, category):
                for silence in upkeep.silences(unit, as_of, since, deadline.window, calendar):
                    yield _late(unit, silence, deadline)
        if deadline.minimum:
            yield from _short(submissions, site, deadline, calendar)
    yield from upkeep.rest(columns, "column")


def _late(unit, silence, deadline):
    says = (
        f"{unit.title} 在 {silence.before} 之后到 {silence.after} 才更新（《{silence.article.title}》），"
        f"超过期限“{deadline.summary}”"
    )
    if silence.firm:
        return Finding(unit.url, f"{unit.title} {silence.after}", says, unit.shot, class_="column")
    return Unseen(unit.url, f"{says}；日期只见于列表，待检查人员核对", Blame.PERSON, "column")


def _short(submissions, site, deadline, calendar):
    if not site.units:
        yield Unseen(site.url, upkeep.NO_UNITS, Blame.PERSON, "unit")
    for reporter in upkeep.reporters(submissions, site, deadline.minimum, calendar):
        if reporter.silent is False and reporter.short:
            weeks = "、".join(f"{monday} 起的一周" for monday in reporter.short)
            says = f"{reporter.name}在 {weeks} 报送的信息不足 {deadline.minimum} 条，期限“{deadline.summary}”"
            yield Finding(site.url, reporter.name, says, class_="unit")
        elif reporter.silent is False and reporter.unclear:
            says = f"{reporter.name}在 {reporter.unclear[0]} 起的一周是否报送满 {deadline.minimum} 条无法判断"
            yield Unseen(site.url, says, submissions.doubt.blame if submissions.doubt else Blame.PERSON, "unit")
