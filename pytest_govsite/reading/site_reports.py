"""The yearly report about the website (政府网站工作年度报表), told from the many other yearly reports by its title."""
import re
from datetime import date

YEAR = re.compile(r"(?<!\d)(?P<year>20[12]\d)(?!\d)(?:\s*年度?)?")
FORM = re.compile(r"报表|年表")
REPORT = re.compile(r"年报|年度(?:工作)?(?:总结)?报告|工作年度报告")
SITE = re.compile(r"网站|门户")
OTHER = re.compile(r"信息公开|法治|依法行政|决算|预算|财政|财务|质量|执法|统计|审计|环境|社会责任|建议提案|普查|检查|抽查|监测|整改|填报|培训|关于做好|办理|安全")
ERRAND = re.compile(r"关于(?:认真|切实)?(?:做好|报送|上报|开展|填报|填写|组织)|培训|检查|抽查")
COLUMN = re.compile(r"(?:网站|门户).{0,8}(?:年度|工作)*(?:报表|年报|年表)|^(?:年度报表|年报年表|工作年度报表)")


def is_site_report(title: str, column: str = "") -> bool:
    """The title is that of a yearly report about the website.

    A 报表 of a 网站 always is; 年报 and 年度报告 of a 网站 are, where nothing speaks of disclosure (政府信息公开工作年度报告) or
    other matters. In a column that is named for these reports a title without 网站 will do.
    """
    text = re.sub(r"\s", "", title)
    if SITE.search(text) and FORM.search(text):
        return not ERRAND.search(text)
    if OTHER.search(text):
        return False
    if SITE.search(text) and REPORT.search(text):
        return True
    return names_site_reports(column) and bool(FORM.search(text) or REPORT.search(text))


def names_site_reports(text: str) -> bool:
    """A link or a column of this name promises the reports: 网站年度报表, 政府网站工作年度报表, 网站年报, 年度报表."""
    return bool(COLUMN.search(re.sub(r"\s", "", text))) and not re.search(r"信息公开(?!.*网站)", text)


def reported_year(title: str, published: date | None = None) -> int | None:
    """The year that a report is about: as its title says, else the one before its publication; None when neither tells."""
    years = {int(found["year"]) for found in YEAR.finditer(title)}
    if len(years) == 1:
        return years.pop()
    return published.year - 1 if published else None


def year_due(as_of: date) -> int:
    """The year whose report must be out: the last one from February on, in January still the one before it."""
    return as_of.year - (1 if (as_of.month, as_of.day) > (1, 31) else 2)
