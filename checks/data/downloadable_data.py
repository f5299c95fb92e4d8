"""Data that programs can read."""
from datetime import date

from pytest_govsite import Blame, Finding, NotApplicable, Releases, Undetermined, Unseen, check, windows


@check("downloadable-data")
def check_downloadable_data(releases: Releases, as_of: date, *, window: str = "", least: int = 1):
    """Data sets can be downloaded or had by an interface, and are renewed (a merit).

    Counts        once: a platform of open data, on whatever host, or at least `least` files of data (xls, csv, json, xml,
                  or packed) on pages of the data columns; with a `window` only files whose page was published in it.
    Excuses       none.
    Undetermined  too few for certain, but enough with those whose page or date could not be read; columns that were not
                  seen to their end.
    Source        国办秘函〔2019〕19号: 数据发布.
    """
    if releases.closed:
        raise NotApplicable(f"网站已关停：{releases.closed}")
    states = [(dataset, _counts(dataset, as_of, window)) for dataset in releases.datasets]
    firm = [dataset for dataset, counts in states if counts]
    maybe = [dataset for dataset, counts in states if counts is None]
    if platform := next((dataset for dataset in firm if dataset.form == "platform"), None):
        yield Finding(platform.url, "数据下载", f"设有数据开放平台“{platform.text}”：{platform.url}")
    elif len(firm) >= least:
        words = "、".join(f"{dataset.text or dataset.url}（{dataset.form}）" for dataset in firm[:3])
        yield Finding(firm[0].url, "数据下载", f"可下载的数据文件 {len(firm)} 个：{words}")
    elif maybe and (len(firm) + len(maybe) >= least or any(dataset.form == "platform" for dataset in maybe)):
        gap = next((dataset.unread for dataset in maybe if dataset.unread), None)
        yield Unseen(maybe[0].url, gap.says if gap else "数据文件的更新日期无法确认", gap.blame if gap else Blame.PERSON)
    elif gap := releases.doubt or releases.listing.doubt:
        if not releases.columns:
            raise Undetermined(gap.says, gap.blame)
        yield Unseen(releases.columns[0], gap.says, gap.blame)


def _counts(dataset, as_of, window):
    """True or False; None when nobody can say."""
    if dataset.unread:
        return None
    if dataset.form == "platform" or not window:
        return True
    if dataset.article is None or (dataset.article.day is None and not dataset.article.read):
        return None
    day = dataset.article.day
    return windows.inside(day, as_of, window) if day else None if dataset.article.shown else False
