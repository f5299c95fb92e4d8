"""Data that is shown as a picture."""
from datetime import date

from pytest_govsite import Blame, Finding, NotApplicable, Releases, Undetermined, Unseen, check, windows


@check("charted-data")
def check_charted_data(releases: Releases, as_of: date, *, window: str = "6mo"):
    """A release within the window shows data as chart or 图解 (a merit).

    Counts        once: the newest article of the data columns whose title announces a picture of data, or whose page draws
                  a chart.
    Excuses       none.
    Undetermined  no chart for certain, but a picture that may be one, an article that could not be read, or columns that
                  were not seen to their end.
    Source        国办秘函〔2019〕19号: 数据发布.
    """
    if releases.closed:
        raise NotApplicable(f"网站已关停：{releases.closed}")
    earliest = windows.back(as_of, window)
    charted = [(article, fact) for article, fact in releases.charted if article.day and earliest <= article.day <= as_of]
    if charted:
        article, fact = max(charted, key=lambda each: each[0].day)
        yield Finding(article.url, "图表图解", f"“{article.title}”（{article.day}）：{fact}")
        return
    candidates = [*(article for article, _ in releases.charted), *releases.pictured]
    maybe = next((article for article in candidates if _may_be_recent(article, earliest, as_of)), None)
    if maybe:
        gap = maybe.unread
        yield Unseen(maybe.url, gap.says if gap else "是否以图表图解展示数据须由人工辨认", gap.blame if gap else Blame.PERSON)
    elif gap := releases.doubt or releases.listing.doubt:
        if not releases.columns:
            raise Undetermined(gap.says, gap.blame)
        yield Unseen(releases.columns[0], gap.says, gap.blame)


def _may_be_recent(article, earliest, as_of):
    """Its page shows a day of the window, or nobody knows its day and nothing speaks against the window."""
    if article.read and (article.day or article.shown is None):
        return bool(article.day and earliest <= article.day <= as_of)
    return article.hint is None or earliest <= article.hint <= as_of
