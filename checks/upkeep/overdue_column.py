"""Columns that should have been updated."""
from datetime import date

from pytest_govsite import Columns, check, upkeep, windows


@check("overdue-column")
def check_overdue_column(
    columns: Columns, as_of: date, calendar: windows.Calendar, *, news: str = "2w", documents: str = "6mo", charged: str = ""
):
    """A column is older than its deadline.

    Counts        each column whose `period` in the sites file has passed; without one, each column of news older than
                  `news`, and each first-level column of notices, policy documents and interpretations older than
                  `documents`.
    Excuses       standing pages, archives, forms and topics without a period of their own; parts of a column; columns on
                  other hosts; blank columns; columns of a category in `charged` when the category as a whole is stale:
                  another rule charges that; holidays: workdays follow the State Council's schedule; a closed site.
    Undetermined  lists to which nobody gave a period and which have had no news for six months; what could not be read;
                  workdays of a year whose holidays are not announced, close to the limit.
    """
    upkeep.refuse_empty(columns)
    periods = {"动态要闻": news, "通知公告": documents, "政策文件": documents, "政策解读": documents}
    yield from upkeep.overdue(columns, as_of, periods, upkeep.split(charged), calendar)
