"""What a content page shows beside its title: when it was published, and where it comes from."""
from pytest_govsite import Blame, Finding, Missing, Note, Sampled, Site, Undetermined, Unseen, check
from pytest_govsite import dates, labels, reposts


@check("irregular-byline")
def check_irregular_byline(sampled: Sampled, site: Site, *, sample: int = 5):
    """A drawn content page does not show its publication date as YYYY-MM-DD, or does not say where a repost comes from.

    Counts        of each of the first `sample` drawn content pages, the date once and the source once: no publication
                  date is shown, or it has another form; no source is shown on a page that firmly was written elsewhere
                  (its text begins like an agency's or a newspaper's report, or its label ContentSource names a medium of
                  elsewhere, a central body, or a body of another place).
    Excuses       a time of day in any form, or none; a date of the printed form that stands elsewhere or is not labelled;
                  a source that only the text names; a page that the site wrote itself; a page whose writer is not firmly
                  another: that is a note; fewer pages than `sample`: all are looked at.
    Undetermined  a page that could not be opened; one whose title or text was not recognised and that shows no date; a
                  date of another form that may not be the publication's; no content page on the site.
    Source        国办发〔2017〕47号, annex 网页设计规范, for the form of the date.
    """
    draw = sampled.articles.cut(sample)
    if not draw.pages:
        raise Undetermined("没有找到可抽查的内容页", Blame.SITE)
    yield from draw.drawn
    for page in draw.pages:
        if isinstance(page, Missing):
            yield from (Unseen(page.url, page.says, page.blame) for _ in ("发布时间", "信息来源"))
        else:
            yield from (*_date(page), *_source(page, site))


def _date(page):
    shown = page.shown_date
    if shown is None:
        yield _undated(page)
    elif dates.has_printed_form(shown.text):
        return
    elif shown.iso is None:
        yield Unseen(page.url, f"页面上的“{shown.text}”是不是发布时间，需要人工确认", Blame.PERSON)
    else:
        says = f"发布时间显示为“{shown.text}”，不是 YYYY-MM-DD 的格式（应为 {shown.iso}）"
        yield Finding(page.url, "发布时间", says, page.shots.get("page"), class_="date")


def _undated(page):
    if page.unclear:
        return Unseen(page.url, f"没有读到发布时间（{page.unclear}），需要人工确认", Blame.PERSON)
    return Finding(page.url, "发布时间", "标题与正文之间没有显示发布时间", page.shots.get("page"), class_="date")


def _source(page, site):
    if page.shown_source or page.credit:
        return
    label = labels.label(page.labels, "ContentSource")
    origin = reposts.origin_of(label, page.opening, (site.name or "", labels.label(page.labels, "SiteName")))
    if origin and origin.firm and page.unclear:
        yield Unseen(page.url, f"没有读到信息来源（{page.unclear}），需要人工确认", Blame.PERSON)
    elif origin and origin.firm:
        says = f"转载的信息没有标注来源（出自“{origin.who}”）"
        yield Finding(page.url, "信息来源", says, page.shots.get("page"), class_="source")
    elif origin:
        yield Note(f"没有显示信息来源，标签 ContentSource 是“{origin.who}”；如果是转载，应当标注来源", page.url)
