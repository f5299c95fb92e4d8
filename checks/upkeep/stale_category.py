"""Categories of columns without news."""
from datetime import date

from pytest_govsite import Blame, Columns, Finding, Undetermined, check, upkeep


@check("stale-category")
def check_stale_category(columns: Columns, as_of: date, *, category: str = "动态要闻", window: str = "2w"):
    """None of the columns of a category was updated within the window.

    Counts        once, when neither a column of the category nor any column below one is up to date.
    Excuses       one fresh column among many; columns below another name; a pinned old article on top; a closed site.
    Undetermined  an article that may be new could not be read, or its date cannot be attributed; a column of the category
                  could not be opened; no column of the category was found here, or only on other hosts; the search was
                  cut short before a fresh one was found.
    """
    upkeep.refuse_empty(columns)
    unit = upkeep.together(columns, category)
    if unit is None:
        gap = columns.stopped
        raise Undetermined(gap.says if gap else f"本网站上没有可看的{category}类栏目", gap.blame if gap else Blame.PERSON)
    names = "、".join(dict.fromkeys(head.title for head in unit.heads[:5]))
    for told in upkeep.tell(unit, as_of, window, why=f"{category}类栏目（{names}）"):
        rest = upkeep.rest(columns) if isinstance(told, Finding) else ()
        yield next(iter(rest), told)
