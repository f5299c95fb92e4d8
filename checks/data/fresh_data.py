"""Data that is released again and again."""
from datetime import date, timedelta

from pytest_govsite import Finding, NotApplicable, Releases, Undetermined, Unseen, check, upkeep, windows


@check("fresh-data")
def check_fresh_data(releases: Releases, as_of: date, *, window: str = "6mo"):
    """The data column has a release within the window (a merit).

    Counts        once: the newest release, with its age in days, by the date that its page shows.
    Excuses       none.
    Undetermined  no release is new for certain, and one that could not be read may be; the column could not be seen.
    Source        国办秘函〔2019〕19号: 数据发布.
    """
    if releases.closed:
        raise NotApplicable(f"网站已关停：{releases.closed}")
    if not releases.columns:
        if releases.doubt:
            raise Undetermined(releases.doubt.says, releases.doubt.blame)
        return
    state = upkeep.freshness(releases.listing, as_of, windows.back(as_of, window))
    if isinstance(state, upkeep.Open):
        yield Unseen(state.at or releases.columns[0], state.reason, state.blame)
    elif isinstance(state, upkeep.Fresh):
        newest = state.article
        says = f"数据发布栏目最新一条发布于 {newest.day}：“{newest.title}”"
        yield Finding(newest.url, "数据发布", says, amount=(as_of - newest.day).days)
        newer = upkeep.freshness(releases.listing, as_of, newest.day + timedelta(days=1))
        if isinstance(newer, upkeep.Open):
            yield Unseen(newer.at or releases.columns[0], newer.reason, newer.blame)
    if releases.doubt and not isinstance(state, upkeep.Fresh):
        yield Unseen(releases.columns[0], releases.doubt.says, releases.doubt.blame)
