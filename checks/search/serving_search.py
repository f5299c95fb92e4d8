"""A search that serves."""
from pytest_govsite import Blame, Finding, Search, Undetermined, check


@check("serving-search")
def check_serving_search(search: Search):
    """A search for a service offers the service itself: how to apply, and where (a merit).

    Counts        once: a block on a result page that names the service and lets a visitor apply or read the guide, in
                  answer to a word or a title of services.
    Excuses       none.
    Undetermined  no search for a service could be tried.
    """
    if search.doubt:
        raise Undetermined(search.doubt.says, search.doubt.blame)
    if search.state != "works":
        return
    trials = [trial for trial in search.tried("keyword", "service") if trial.results]
    if serving := next((trial for trial in trials if trial.results.card), None):
        says = f"搜索“{serving.query}”直接给出服务：{serving.results.card}"
        yield Finding(search.at(serving), "搜索即服务", says, serving.shot or search.shot)
    elif not any(trial.results.readable for trial in trials):
        why = next((trial.why for trial in search.tried("keyword", "service") if trial.why), None)
        raise Undetermined(why.says if why else "没有试成服务类搜索", why.blame if why else Blame.PERSON)
