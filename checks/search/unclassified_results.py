"""Search results without classes."""
from datetime import date

from pytest_govsite import Blame, Finding, Search, Undetermined, check

FEW = 3


@check("unclassified-results")
def check_unclassified_results(search: Search, as_of: date):
    """Search results are not sorted into classes such as policies, services, news.

    Counts        once: none of the result pages that show results has classes, as tabs, at the side or as headings.
    Excuses       classes shown on some result pages only.
    Undetermined  no result page with results that could be read; fewer than three results in all, for which classes may
                  not be shown.
    """
    if search.state != "works":
        gap = search.doubt or search.why
        raise Undetermined(gap.says if gap else "站内搜索不可用", gap.blame if gap else Blame.SITE)
    seen = [trial for trial in search.trials if trial.results and trial.results.readable and trial.results.hits]
    if any(trial.results and trial.results.facets for trial in search.trials):
        return
    if sum(len(trial.results.hits) for trial in seen) < FEW:
        raise Undetermined("看到的搜索结果太少，有无分类须由人工辨认", Blame.PERSON)
    fullest = max(seen, key=lambda trial: len(trial.results.hits))
    says = f"{as_of} 搜索“{fullest.query}”等 {len(seen)} 次，结果都只有一个列表，没有按政策文件、办事指南等分类"
    yield Finding(search.at(fullest), "搜索结果分类", says, fullest.shot or search.shot)
