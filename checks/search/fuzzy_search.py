"""A search that understands what is not quite the title."""
from pytest_govsite import Blame, Finding, Search, Undetermined, check

FEW = 5
HOW = {"typo": "有一个字不同", "part": "其中一段"}


@check("fuzzy-search")
def check_fuzzy_search(search: Search, *, accurate: bool = False):
    """The search finds an article by a part of its title, or by the title with a slip in it (a merit).

    Counts        once: a spoilt or partial title brings up its article on the first page, while signs that no site has
                  bring up nothing, or few results and not that article; with `accurate` all exact titles that were tried
                  must be found as well.
    Excuses       none.
    Undetermined  the control could not be read, or brings up results as well: the engine may answer anything; none of the
                  spoilt titles was found and one could not be tried.
    """
    if search.doubt:
        raise Undetermined(search.doubt.says, search.doubt.blame)
    if search.state != "works":
        return
    trials = search.tried("typo", "part")
    found = next((trial for trial in trials if trial.outcome == "found"), None)
    exact = search.tried("title", "service")
    if accurate and any(trial.outcome == "absent" for trial in exact):
        return
    if found is None:
        _refuse_untried(trials)
        return
    if accurate and not any(trial.outcome == "found" for trial in exact):
        raise Undetermined("没有一个完整标题搜索成功，结果是否准确无从判断", Blame.PERSON)
    control = next(iter(search.tried("nonsense")), None)
    if control is None or not _tells_apart(control.results, found.wanted):
        raise Undetermined("对照词也有结果或没有搜成，是否真能模糊搜索须由人工辨认", Blame.PERSON)
    says = f"用“{found.query}”（{HOW[found.purpose]}）搜到“{found.wanted}”；对照词“{control.query}”没有这样的结果"
    yield Finding(search.at(found), "模糊搜索", says, found.shot or search.shot)


def _refuse_untried(trials):
    untried = next((trial for trial in trials if trial.outcome == "untried"), None)
    if untried or not trials:
        why = untried.why if untried else None
        raise Undetermined(why.says if why else "模糊搜索没有试成", why.blame if why else Blame.PERSON)


def _tells_apart(control, wanted):
    """The control found nothing, or little and not the article."""
    if control is None or not control.readable:
        return False
    few = len(control.hits) <= FEW and (control.total or 0) <= FEW
    return few and wanted not in [hit.title for hit in control.hits]
