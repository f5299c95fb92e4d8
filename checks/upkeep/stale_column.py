"""Columns of news, notices and policy documents without news."""
from datetime import date

from pytest_govsite import Columns, check, upkeep


@check("stale-column")
def check_stale_column(columns: Columns, as_of: date, *, news: str = "2w", documents: str = "6mo"):
    """A column of news, notices or policy documents was not updated within its window.

    Counts        each column that is called news (动态要闻) and has a list of its own, older than `news`; each first-level
                  column of notices (通知公告) and of policy documents (政策文件) with all below it, older than `documents`.
                  Siblings below the first level are one column.
    Excuses       years, departments and pages of a list: they are parts of their column; the same column in the sections of
                  several bodies: they are one; a column that repeats the lists below it, or another column's; a pinned
                  old article on top; a name and a ColumnType that disagree: the longer window decides; columns on other
                  hosts; blank columns: another rule counts them; a closed site.
    Undetermined  columns with an article that may be new and could not be read, or whose date cannot be attributed;
                  columns that could not be opened; all that a search cut short did not see.

    The day that a visitor reads on the article page decides. A page that shows none counts as not updated.
    """
    upkeep.refuse_empty(columns)
    periods = {"动态要闻": news, "通知公告": documents, "政策文件": documents}
    for category, window in periods.items():
        for unit in upkeep.units(columns, category):
            laxer = upkeep.laxest(unit, window, periods, as_of)
            yield from upkeep.tell(unit, as_of, laxer)
            yield from upkeep.dispute(unit, as_of, window, laxer)
    yield from upkeep.rest(columns)
