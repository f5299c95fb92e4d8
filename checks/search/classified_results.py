"""Search results in classes."""
from pytest_govsite import Blame, Finding, Search, Undetermined, check


@check("classified-results")
def check_classified_results(search: Search):
    """Search results are sorted into classes such as policies, services, news (a merit).

    Counts        once: a result page that offers at least two classes, as tabs, at the side or as headings.
    Excuses       none.
    Undetermined  no result page with results that could be read.
    """
    if search.doubt:
        raise Undetermined(search.doubt.says, search.doubt.blame)
    seen = [trial for trial in search.trials if trial.results and trial.results.hits]
    if classed := next((trial for trial in seen if trial.results.facets), None):
        says = f"搜索“{classed.query}”的结果分为：{'、'.join(classed.results.facets)}"
        yield Finding(search.at(classed), "搜索结果分类", says, classed.shot or search.shot)
    elif search.state == "works" and not any(trial.results.readable for trial in seen):
        raise Undetermined("没有看到可辨认的搜索结果", Blame.PERSON)
