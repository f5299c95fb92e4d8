"""Judging the entry 我为政府网站找错: three checks share it, because the tables price the home page and the others apart."""
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs

from pytest_govsite.model.finding import Finding, Note, Unseen, normalised
from pytest_govsite.model.missing import Blame, Missing
from pytest_govsite.model.page import Entry, Page
from pytest_govsite.model.site import Site
from pytest_govsite.reading import codes, labels

NAME = "我为政府网站找错"
STANDARD_HOST = "zfwzgl.www.gov.cn"


def observe(pages: Iterable[Page | Missing], site: Site) -> Iterator[Finding | Note | Unseen]:
    """At most one Finding a page: the entry is absent, firmly dead, blocked, or firmly another site's.

    An old or unusual form that answers is fine, with a Note, told once for all pages that share it.
    What cannot be told from here is Unseen.
    """
    told = set()
    for page in pages:
        for observation in _observe(page, site):
            if isinstance(observation, Note) and observation.says in told:
                continue
            told.add(getattr(observation, "says", ""))
            yield observation


def _observe(page: Page | Missing, site: Site) -> Iterator[Finding | Note | Unseen]:
    if isinstance(page, Missing):
        yield Unseen(page.url, page.says, page.blame)
        return
    fault = _fault(page, site)
    if fault:
        yield Finding(page.url, NAME, fault, page.shots.get("footer"))
    elif page.entry.state == "unknown":
        blame = Blame.VANTAGE if page.entry.host else Blame.PERSON
        yield Unseen(page.url, f"“{NAME}”入口能否使用无法判断：{page.entry.why or '平台从本机打不开'}", blame)
    elif not page.entry.shown:
        yield Unseen(page.url, f"“{NAME}”入口在页面代码中，但没有显示出来，待检查人员核定", Blame.PERSON)
    else:
        yield from _notes(page, page.entry)


def _fault(page: Page, site: Site) -> str:
    entry = page.entry
    if entry is None:
        return f"页面底部没有“{NAME}”入口"
    own = codes.firm(site.code, page.marks.site_code.text, labels.label(page.labels, "SiteIDCode"))
    carried = codes.printed(entry.site_code)
    if own and carried and carried != own:
        return f"“{NAME}”入口用的是别的网站的标识码 {carried}，本网站是 {own}"
    if entry.state == "dead":
        return f"“{NAME}”入口指向的平台 {entry.host} 已打不开" + (f"：{entry.why}" if entry.why else "")
    if entry.state == "blocked":
        return f"“{NAME}”入口用 http 引入，在 https 页面上被浏览器拦截，访问者看不到"
    return ""


def _notes(page: Page, entry: Entry) -> Iterator[Note]:
    if entry.state == "answers":
        yield Note(f"“{NAME}”入口用的是 {entry.host or '旧平台'}，还能打开，建议换用 {STANDARD_HOST}", page.url)
    fixed = parse_qs(entry.href.partition("?")[2]).get("url", [""])[0]
    if fixed and normalised(fixed) not in (normalised(page.url), normalised(page.final_url)):
        yield Note(f"“{NAME}”入口里的网址写死为 {fixed}，网民在本页找错会记到别的页面上", page.url)
