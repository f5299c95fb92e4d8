"""Published titles, looked for by the site's own search."""
from datetime import date

from pytest_govsite import Blame, Drawn, Finding, Search, Undetermined, Unseen, check

SHOWN = 3


@check("unfindable-title")
def check_unfindable_title(search: Search, as_of: date, *, sample: int = 4):
    """The title of a published article or service is not found on the first page of results.

    Counts        each of the first `sample` drawn titles, of articles published 7 days to 12 months ago and of services,
                  that its own exact title does not bring up.
    Excuses       a title shown cut with dots, with other punctuation or with labels around it; the article under another
                  address or another title; fewer titles than `sample`: all are tried.
    Undetermined  a search that could not be tried or a result page that could not be read; no title to try.
    """
    if search.state != "works":
        gap = search.doubt or search.why
        raise Undetermined(gap.says if gap else "站内搜索不可用", gap.blame if gap else Blame.SITE)
    trials = search.tried("title", "service")[:sample]
    if not trials:
        raise Undetermined("没有找到可用来测试搜索的标题", Blame.PERSON)
    yield Drawn(search.seed, tuple(trial.target for trial in trials), search.of)
    for trial in trials:
        if trial.outcome == "absent":
            yield Finding(search.at(trial), trial.wanted, f"{_asked(trial, as_of)}，{_answered(trial.results)}", trial.shot)
        elif trial.outcome == "untried":
            why = trial.why
            says = f"标题“{trial.wanted}”没有搜成：{why.says}" if why else f"标题“{trial.wanted}”没有搜成"
            yield Unseen(trial.target, says, why.blame if why else Blame.PERSON)


def _asked(trial, as_of):
    kind = "服务" if trial.purpose == "service" else "信息"
    place = f"（{trial.place}）" if trial.place else ""
    return f"{as_of} 搜索“{trial.query}”，结果第一页没有这条已发布的{kind}“{trial.wanted}”{place} {trial.target}"


def _answered(results):
    """What the first page showed instead."""
    if results is None or not results.hits:
        return f"页面显示“{results.empty}”" if results and results.empty else "没有结果"
    count = f"网站称共 {results.total} 条，" if results.total is not None else ""
    titles = "、".join(f"“{hit.title}”" for hit in results.hits[:SHOWN])
    return f"{count}第一页 {len(results.hits)} 条是{titles}{'等' if len(results.hits) > SHOWN else ''}"
