"""Titles of lower sites, looked for by the site's own search."""
from pytest_govsite import Blame, Drawn, Finding, Search, Undetermined, Unseen, check


@check("subordinate-title")
def check_subordinate_title(search: Search, *, sample: int = 2):
    """The search finds an article of a lower site (a merit).

    Counts        each of the first `sample` drawn titles of lower sites that stands on the first page of results; titles
                  of the site itself where it has no lower sites.
    Excuses       none.
    Undetermined  a title that could not be tried; no title of a lower site.
    """
    if search.doubt:
        raise Undetermined(search.doubt.says, search.doubt.blame)
    if search.state != "works":
        return
    trials = search.tried("subordinate")[:sample]
    if not trials:
        raise Undetermined("没有下级网站的标题可试", Blame.PERSON)
    yield Drawn(search.seed, tuple(trial.target for trial in trials), search.of)
    for trial in trials:
        if trial.outcome == "found":
            says = f"{trial.place}的“{trial.wanted}”在搜索结果第一页：{trial.target}"
            yield Finding(search.at(trial), trial.wanted, says, trial.shot or search.shot)
        elif trial.outcome == "untried":
            why = trial.why
            yield Unseen(trial.target, why.says if why else "没有搜成", why.blame if why else Blame.PERSON)
