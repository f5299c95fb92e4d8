"""Home pages without news."""
from datetime import date

from pytest_govsite import Columns, Finding, Headlines, Missing, Unseen, check, upkeep, windows


@check("stale-home")
def check_stale_home(headlines: Headlines, columns: Columns | Missing, as_of: date, *, window: str = "2w"):
    """The home page shows nothing that was published within the window.

    Counts        once, when no article that the home page links to shows a day in the window on its own page. A home page
                  that only leads to columns is judged by all that stands in the columns.
    Excuses       pinned old articles above newer ones; articles on other hosts: their date counts as well; a site that
                  shows a closing notice is closed.
    Undetermined  an article that may be new could not be read; a date stands on its page that cannot be attributed; the
                  columns behind a home page that only leads to them were not all seen.

    A page that shows no date between title and body counts as not updated, and days after the inspection count for nothing.
    """
    upkeep.refuse_closed(headlines.closed)
    lists = [headlines.listing]
    if headlines.doorway and isinstance(columns, Missing):
        yield Unseen(headlines.url, columns.says, columns.blame)
        return
    if headlines.doorway:
        lists = [each.listing for each in columns.columns if upkeep.has_list(each)] + lists * bool(lists[0].articles)
    state = upkeep.freshness(lists, as_of, windows.back(as_of, window))
    rest = list(upkeep.rest(columns)) if headlines.doorway and not isinstance(state, upkeep.Fresh) else []
    if isinstance(state, upkeep.Open):
        yield Unseen(state.at or headlines.url, state.reason, state.blame)
    elif isinstance(state, upkeep.Stale) and not rest:
        where = "首页只作栏目导航，各栏目" if headlines.doorway else "首页"
        says = f"{where}{windows.spoken(window)}内没有更新，{upkeep.newest_of(state, as_of)}"
        yield Finding(headlines.url, "首页", says, headlines.shot, upkeep.age(state, as_of))
    yield from rest
