"""The search of a site as a visitor finds it."""
from pytest_govsite import Finding, Search, Site, Undetermined, check

WHAT = "站内搜索"
SHOWN = 3


@check("unusable-search")
def check_unusable_search(search: Search, site: Site):
    """The site offers no search, or its search does not work.

    Counts        once: no box, no button and no link to a search on the home page and on two column pages that loaded
                  completely; or a search that firmly fails: error pages, or nothing found for titles and plain words alike.
    Excuses       a search on another host, in a new window, in a frame, behind an icon or a link; a search that finds some
                  titles and others not: another rule's.
    Undetermined  a captcha or an anti-bot wall before the results; pages that did not load; a box that a script draws or
                  that does nothing for us.
    """
    if search.doubt:
        raise Undetermined(search.doubt.says, search.doubt.blame)
    if search.state == "works":
        return
    why = f"：{search.why.says}" if search.why else ""
    says = f"没有找到站内搜索{why}" if search.state == "absent" else f"站内搜索不可用{why}{_tried(search)}"
    yield Finding(search.box.page if search.box else site.url, WHAT, says, search.shot)


def _tried(search):
    queries = list(dict.fromkeys(trial.query for trial in search.trials))
    return f"；试过的搜索词：{'、'.join(f'“{query}”' for query in queries[:SHOWN])}" if queries else ""
