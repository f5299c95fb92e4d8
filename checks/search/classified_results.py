"""Search results in classes."""
from pytest_govsite import Blame, Finding, Search, Undetermined, check


@check("classified-results")
def check_classified_results(search: Search):
    """Search results are sorted into classes such as policies, services, news (a merit).

    Counts        once: result pages that offer at least two classes, as tabs, at the side or as headings.
    Excuses       none.
    Undetermined  no result page with results that could be read.
    """
    if search.doubt:
        raise Undetermined(search.doubt.says, search.doubt.blame)
    seen = [trial for trial in search.trials if trial.results and trial.results.hits]
    names = dict.fromkeys(name for trial in seen for name in trial.results.facets)
    if len(names) > 1:
        classed = max(seen, key=lambda trial: len(trial.results.facets))
        says = f"搜索“{classed.query}”等的结果分为：{'、'.join(classed.results.facets if len(classed.results.facets) > 1 else names)}"
        yield Finding(search.at(classed), "搜索结果分类", says, classed.shot or search.shot)
    elif search.state == "works" and not any(trial.results.readable for trial in seen):
        raise Undetermined("没有看到可辨认的搜索结果", Blame.PERSON)
