"""The yearly report of the website on its own home page."""
from datetime import date

from pytest_govsite import AnnualReports, Blame, Finding, NotApplicable, Note, Reason, Unseen, check, site_reports

KIND = "政府网站工作年度报表"


@check("missing-annual-report")
def check_missing_annual_report(annual_reports: AnnualReports, as_of: date):
    """The website's report on the previous year was not on the home page by 31 January.

    Counts        once: no report of that year, one published after 31 January, or one to which no link of the home page
                  leads, neither directly nor by the column that lists it. Until 31 January the report of the year before
                  is looked for.
    Excuses       a link to the column instead of the report; several copies, one of them in time and in its place; a page
                  without a date, or a file without a page, whose list shows a day in time.
    Undetermined  the site was not seen to its end; a link of the home page without words; a day that cannot be read.
    Source        国办函〔2018〕12号.
    """
    if annual_reports.closed:
        raise NotApplicable(f"网站已关停：{annual_reports.closed}")
    year = site_reports.year_due(as_of)
    judged = [_judge(report, annual_reports) for report in annual_reports.reports if report.year == year]
    worst = judged or [_unfound(annual_reports, year)]
    said = min(worst, key=lambda each: (each is not None, isinstance(each, Finding)))
    if said is not None:
        yield said
    others = sorted({report.year for report in annual_reports.reports if report.year != year})
    if others and not judged:
        yield Note(f"已找到的是以下年度的报表：{'、'.join(map(str, others))}", annual_reports.column)


def _judge(report, reports):
    """None when the report is in time and in its place; else what is wrong with it, or why nobody can say."""
    article, due, name = report.article, date(report.year + 1, 1, 31), f"{report.year}年度{KIND}"
    seen, firm = _day(article)
    if seen and firm and seen > due:
        return _firm(article.url, reports.doubt, f"{name}发布于 {seen}，晚于 {due}：{article.url}")
    if report.place == "inside":
        says = f"{name}没有在首页发布：首页没有通往它或其栏目的链接，只在站内找到 {article.url}"
        return _firm(reports.home, reports.door, says)
    if seen and seen <= due:
        return None
    gap = article.unread
    return Unseen(article.url, f"{name}的发布日期无法确认{f'：{gap.says}' if gap else ''}", gap.blame if gap else Blame.PERSON)


def _unfound(reports, year):
    doubt = reports.doubt or reports.door
    return _firm(reports.home, doubt, f"没有找到{year}年度{KIND}，应于 {year + 1}-01-31 前在首页发布")


def _firm(at, doubt, says):
    return Unseen(at, f"{says}；但{doubt.says}", doubt.blame) if doubt else Finding(at, KIND, says)


def _day(article):
    """The day of publication, and whether it is firm enough to accuse: on the page, or in the list of a mere file."""
    if article.day or article.shown:
        return article.day, True
    listed = article.listed or article.in_url
    is_file = article.unread is not None and article.unread.reason is Reason.NOT_HTML
    return (date.fromisoformat(listed) if listed else None), is_file
