"""Columns without content."""
from pytest_govsite import Columns, Site, check, upkeep


@check("blank-column")
def check_blank_column(columns: Columns, site: Site, *, charged: str = ""):
    """A column is blank.

    Counts        each column whose own area holds nothing, or only words such as 暂无信息 and 正在建设中.
    Excuses       years and departments of a column; the same column in the sections of several bodies: it counts once;
                  columns on other hosts; forms; columns that only lead to others; a column of a category named in
                  `charged`, where blank columns are all that the category has: another rule charges that; a page that is
                  gone is a dead link; a closed site.
    Undetermined  columns that could not be opened, or whose content only a script of another host brings; all that a
                  search cut short did not see.
    """
    upkeep.refuse_empty(columns)
    yield from upkeep.blank(columns, site, upkeep.split(charged))
