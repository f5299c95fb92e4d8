"""Columns that are blank or should have been updated, counted apart."""
from datetime import date

from pytest_govsite import Columns, Site, check, upkeep, windows


@check("neglected-column")
def check_neglected_column(
    columns: Columns, site: Site, as_of: date, calendar: windows.Calendar, *, news: str = "2w", documents: str = "6mo"
):
    """A column is blank, or older than its deadline.

    Counts        each blank column (class blank) and each column past its deadline (class overdue), as blank-column and
                  overdue-column count them.
    Excuses       those of the two: years and departments; standing pages, forms and topics; columns on other hosts; a
                  closed site.
    Undetermined  what may be blank or new and could not be seen; lists to which nobody gave a period and which have had no
                  news for six months.
    """
    upkeep.refuse_empty(columns)
    periods = {"动态要闻": news, "通知公告": documents, "政策文件": documents, "政策解读": documents}
    yield from upkeep.blank(columns, site, class_="blank")
    yield from upkeep.overdue(columns, as_of, periods, calendar=calendar, class_="overdue")
