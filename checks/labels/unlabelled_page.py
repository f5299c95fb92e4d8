"""The labels (<meta>) by which machines know a page."""
from pytest_govsite import Blame, Finding, Missing, Note, Sampled, Site, Undetermined, Unseen, check
from pytest_govsite import codes, dates, labels, names

REQUIRED = {"article": labels.SITE + labels.CONTENT, "column": labels.SITE + labels.COLUMN}


@check("unlabelled-page")
def check_unlabelled_page(sampled: Sampled, site: Site, *, pages: str = "article", sample: int = 5):
    """A drawn page lacks one of the labels that its kind must carry.

    Counts        each of the first `sample` drawn pages once; `pages` says which: article, column, or mixed for both in
                  turn. A label without content, or with a placeholder such as null, is missing, and so is a site code
                  that is firmly another site's.
    Excuses       any case of the name; labels that only a script writes; fewer pages than `sample`: all are looked at;
                  another name, domain or code than the site's where nothing firm says so; a PubDate that is no date.
    Undetermined  a page that could not be opened; no page of this kind on the site.
    Source        国办发〔2017〕47号, annex 网页设计规范: the labels marked 必选.
    """
    draw = {"article": sampled.articles, "column": sampled.columns, "mixed": sampled.mixed}[pages].cut(sample)
    if not draw.pages:
        raise Undetermined("没有找到可抽查的页面", Blame.SITE)
    yield from draw.drawn
    for page in draw.pages:
        if isinstance(page, Missing):
            yield Unseen(page.url, page.says, page.blame)
            continue
        foreign = _foreign_code(page, site)
        lacking = labels.missing(page.labels, REQUIRED[page.role])
        lacking += [f"SiteIDCode（现为别的网站的 {foreign}）"] if foreign else []
        if lacking:
            yield Finding(page.url, "页面标签", f"缺少标签：{'、'.join(lacking)}")
        yield from (Note(says, page.url) for says in (*_odd_forms(page), *_odd_names(page, site)))


def _foreign_code(page, site):
    entry_code = page.entry.site_code if page.entry else ""
    return labels.foreign_code(page.labels, site.code, page.marks.site_code.text, entry_code)


def _odd_forms(page):
    required = {name.lower(): name for name in REQUIRED[page.role]}
    present = [tag for tag in page.labels if tag.name.lower() in required and tag.content]
    if cased := [tag.name for tag in present if tag.name != required[tag.name.lower()]]:
        yield f"标签名大小写与规范不同：{'、'.join(cased)}"
    if scripted := [tag.name for tag in present if not tag.sent]:
        yield f"标签由脚本写入，只读网页源代码的检查工具看不到：{'、'.join(scripted)}"
    date = labels.label(page.labels, "PubDate")
    if page.role == "article" and date and not dates.parse_date(date):
        yield f"PubDate 不是日期：{date}"


def _odd_names(page, site):
    name, domain, code = (labels.label(page.labels, label) for label in labels.SITE)
    printed = codes.printed(page.marks.site_code.text)
    if name and site.name and names.fits_region(name, site.region, site.name) is False:
        yield f"SiteName 是“{name}”，不是本网站“{site.name}”"
    if domain and site.host.removeprefix("www.") not in domain.lower():
        yield f"SiteDomain 是“{domain}”，不是本网站 {site.host}"
    if code and printed and codes.printed(code) != printed and not _foreign_code(page, site):
        yield f"SiteIDCode 是 {code}，页面底部是 {printed}"
