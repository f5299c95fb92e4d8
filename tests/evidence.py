"""Evidence in compact form: a faultless site, of which a case names only what is different.

A string in place of evidence (or of a page, a visit, an engine) is the reason why it is missing: home = "timeout".
"""
from dataclasses import replace
from datetime import date

import evidence_functions
import evidence_week

from pytest_govsite.model.columns import CATEGORIES, Article, Column, Columns, Headlines, Listing, Mention
from pytest_govsite.model.edition import Deadline
from pytest_govsite.model.evidence import (
    Addresses, Draw, Engines, EngineView, Families, Home, Link, Links, NameServer, Reach, Sampled, Visit,
)
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import Entry, Header, Label, Mark, Marks, Page, ShownDate
from pytest_govsite.model.publications import (
    AnnualReports, Dataset, Leader, Leaders, Releases, Report, Submissions,
)
from pytest_govsite.model.site import Registered, Site
from pytest_govsite.windows import Calendar

NAME = "宣汉县人民政府"
CODE = "5117220001"
URL = "http://www.xuanhan.gov.cn/"
AS_OF = date(2026, 11, 20)
UNITS = ("县教育局", "东乡街道")

MARKS = {
    "party_mark": "党政机关", "site_code": f"网站标识码：{CODE}", "icp": "蜀ICP备09005132号",
    "police": "川公网安备 51172202000101号", "sponsor": f"主办单位：{NAME}办公室", "contact": "联系电话：0818-5223300",
}
SITE_LABELS = {"SiteName": NAME, "SiteDomain": "www.xuanhan.gov.cn", "SiteIDCode": CODE}
LABELS = {
    "home": SITE_LABELS,
    "article": SITE_LABELS | {"ArticleTitle": "关于放假的通知", "PubDate": "2026-11-18 09:30", "ContentSource": "县府办"},
    "column": SITE_LABELS | {
        "ColumnName": "政务动态", "ColumnDescription": "本县政务动态", "ColumnKeywords": "政务,动态", "ColumnType": "工作动态",
    },
}
ENTRY = Entry("script", "zfwzgl.www.gov.cn", CODE, state="standard")
FRESH = "2026-11-18"
COLUMNS = {  # a faultless site, by name; what is not said follows from the name
    "县情概况": {"category": "概况信息", "kind": "text"},
    "机构职能": {"kind": "text"},
    "领导之窗": {"category": "领导信息", "kind": "text"},
    "政务动态": {"category": "动态要闻"},
    "通知公告": {},
    "政策文件": {},
    "政策解读": {},
    "统计数据": {"category": "数据发布"},
    "专题专栏": {"kind": "channel"},
    "政务公开示范": {"path": ["专题专栏", "政务公开示范"], "category": "专题专栏", "articles": [FRESH, "2026-02-03"]},
    "优化营商环境": {"path": ["专题专栏", "优化营商环境"], "category": "专题专栏", "articles": [FRESH, "2026-05-06"]},
    "网站年度报表": {"category": "年度报表", "articles": ["2026-01-15"]},
    "办事服务": {"kind": "channel"},
    "县长信箱": {"category": "咨询建言", "kind": "form"},
    "调查征集": {},
    "在线访谈": {},
    "互动交流": {"kind": "channel"},
    "信息公开指南": {"kind": "text"},
    "信息公开制度": {"kind": "text"},
    "信息公开年报": {"articles": ["2026-01-20"]},
    "依申请公开": {"kind": "form"},
    "信息公开平台": {"kind": "channel"},
}
WEEKS = (date(2026, 11, 9), date(2026, 11, 2), date(2026, 10, 26), date(2026, 10, 19))
VISIT = Visit(URL, URL, 200, NAME, "10.1.2.3", 50_000, ("宣汉", "政务", "公开", "服务", "互动"))


def build(kind: str, spec):
    """The evidence or context of this kind; raises KeyError, TypeError or ValueError for a slip in the case."""
    return MAKERS[kind](spec)


def site(spec=None) -> Site:
    """An empty text is what the sites file does not say."""
    said = {name: tuple(value) if isinstance(value, list) else value or None for name, value in (spec or {}).items()}
    if "columns" in said:
        said["columns"] = tuple(Registered(**each) for each in said["columns"])
    return replace(Site("xuanhan", URL, NAME, "county-portal", "511722", code=CODE, units=UNITS), **said)


def page(spec=None, role="home", url=URL) -> Page | Missing:
    if isinstance(spec, str):
        return Missing(Reason(spec), url=url)
    spec = dict(spec or {})
    if role == "article":
        spec = {"shown_source": "宣汉县人民政府办公室"} | spec
    return Page(
        url=(url := spec.pop("url", url)), final_url=spec.pop("final_url", url), role=role, status=200,
        title=spec.pop("title", NAME), labels=_labels(spec.pop("labels", {}), LABELS[role]),
        marks=_marks(spec.pop("marks", {})), entry=_entry(spec.pop("entry", {})),
        header=_header(spec.pop("header", {})),
        shown_date=_shown(spec.pop("shown_date", "2026-11-18")) if role == "article" else None, **spec,
    )


def _shown(spec) -> ShownDate | None:
    """A text is the day as shown, in the printed form; a list its words and its day, empty when it is none for sure; false: none."""
    words, day = (spec, spec) if isinstance(spec, str) else spec or ("", "")
    return ShownDate(words, day or None) if words else None


def _labels(changes, defaults) -> tuple[Label, ...]:
    """A text replaces the content, false takes the label out, a table replaces name or sent."""
    made = []
    for name, content in (defaults | changes).items():
        if isinstance(content, dict):
            made.append(Label(**({"name": name, "content": defaults.get(name, "")} | content)))
        elif content is not False:
            made.append(Label(name, content))
    return tuple(made)


def _marks(changes) -> Marks:
    """A text is the state of the mark, a table holds its fields."""
    made = {}
    for name, text in MARKS.items():
        change = changes.get(name, {})
        made[name] = Mark(change) if isinstance(change, str) else Mark(**({"state": "shown", "text": text} | change))
    return Marks(**made)


def _entry(changes) -> Entry | None:
    return None if changes == "none" else replace(ENTRY, **changes)


def _header(changes) -> Header:
    return Header(**({"texts": (NAME,)} | {name: tuple(v) if name == "texts" else v for name, v in changes.items()}))


def home(spec=None) -> Home:
    spec = dict(spec or {})
    rest = {name: spec.pop(name) for name in ("doorway", "closed") if name in spec}
    return Home(page(spec), **rest)


def sampled(spec=None) -> Sampled:
    spec = spec or {}
    return Sampled(_draw(spec.get("articles", [{}, {}]), "article"), _draw(spec.get("columns", [{}, {}]), "column"))


def _draw(specs, role) -> Draw:
    return Draw(7, len(specs), tuple(page(spec, role, f"{URL}{role}/{n}.html") for n, spec in enumerate(specs, 1)))


def addresses(spec=None) -> Addresses:
    """Two name servers that answer over IPv6; `servers` replaces them, each saying what is different."""
    spec = dict(spec or {})
    plain = {"ipv4": ["10.1.2.4"], "ipv6": ["fd00::4"], "over_ipv6": True}
    servers = [plain | {"name": f"ns{n}.xuanhan.gov.cn"} | each for n, each in enumerate(spec.pop("servers", [{}, {}]), 1)]
    made = tuple(NameServer(**{name: _frozen(value) for name, value in each.items() if value != "none"}) for each in servers)
    spec = {name: _frozen(value) for name, value in spec.items()}
    return replace(Addresses("www.xuanhan.gov.cn", ("10.1.2.3",), ("fd00::3",), servers=made), **spec)


def families(spec=None) -> Families:
    """Five visits over each family, all well; `ipv6` replaces them all, `again` those after the first over IPv4."""
    spec = spec or {}
    sixes = tuple(_visit(visit) for visit in spec.get("ipv6", [{}] * 5))
    again = tuple(_visit(visit) for visit in spec.get("again", [spec.get("ipv4", {})] * (len(sixes) - 1)))
    reaches = tuple(Reach(level, 90, tried, works) for level, tried, works in spec.get("reaches", [(2, 20, 20), (3, 20, 20)]))
    return Families(_visit(spec.get("ipv4", {})), sixes, again, reaches, spec.get("alike", 1.0))


def _visit(spec) -> Visit | Missing:
    if isinstance(spec, str):
        return Missing(Reason(spec), url=URL)
    return replace(VISIT, **{name: tuple(v) if isinstance(v, list) else v for name, v in spec.items()})


def links(spec=None) -> Links:
    """`ok` good links on the home page and as many on other pages, and those of `links`."""
    spec = spec or {}
    ok = spec.get("ok", 10)
    stopped = Missing(Reason(spec["stopped"]), "其他页面") if "stopped" in spec else None
    good = [(depth, f"{URL}{depth}/{n}") for depth in (1, 2) for n in range(ok)]
    made = [Link(url, URL, "公告", "link", depth, "ok") for depth, url in good]
    odd = Link(f"{URL}odd", URL, "公告", "link", 1, "ok", confirmed=True)
    told = tuple(replace(odd, **change) for change in spec.get("links", []))
    return Links((*made, *told), spec.get("pages", int(ok > 0)), stopped, spec.get("of", 0))


def engines(spec=None) -> Engines:
    """The home page and one inner page in three engines; `inner` says what is different there, "none" that there is no such page."""
    spec = dict(spec or {})
    inner = spec.pop("inner", {})
    return Engines(
        _views(spec), {} if inner == "none" else {f"{URL}inner.html": _views(inner)},
        beside="beside.png", beside_inner={f"{URL}inner.html": "inner.png"},
    )


def _views(spec) -> dict[str, EngineView | Missing]:
    return {name: _view(name, spec.get(name, {})) for name in ("chromium", "firefox", "webkit")}


def _view(name, spec) -> EngineView | Missing:
    if isinstance(spec, str):
        return Missing(Reason(spec), url=URL)
    spec = {field: tuple(v) if isinstance(v, list) else v for field, v in spec.items()}
    return EngineView(**({"engine": name, "version": "128", "text_length": 3000, "sent_text_length": 2800} | spec))


def columns(spec=None) -> Columns:
    """The faultless columns without those named in `without`, with what `change` says of some, and those of `more`.

    `only` replaces them all.
    """
    spec = dict(spec or {})
    without, change, more = spec.pop("without", []), spec.pop("change", {}), spec.pop("more", [])
    unknown = {*without, *change} - {*COLUMNS}
    assert not unknown, f"no such columns: {unknown}"
    plain = [{"name": name} | said | change.get(name, {}) for name, said in COLUMNS.items() if name not in without]
    made = tuple(column(each) for each in spec.pop("only", [*plain, *more]))
    mentions = tuple(Mention(**{"page": URL, "url": f"{URL}m/"} | each) for each in spec.pop("mentions", []))
    return Columns(made, mentions, _missing(spec.pop("stopped", None)), **spec)


def column(spec) -> Column:
    """A column with one fresh article, unless `articles` (see `article`) says otherwise; `more`: why there may be others."""
    spec = {name: _frozen(value) for name, value in spec.items()}
    name, kind = spec.get("name", "栏目"), spec.get("kind", "list")
    rows = spec.pop("articles", (FRESH,) if kind == "list" and not {"blank", "unread", "doubt"} & {*spec} else ())
    url = spec.pop("url", f"{URL}{name}/")
    listed = listing(rows, spec.pop("more", None), url)
    gaps = {gap: _missing(spec.pop(gap), url) for gap in ("doubt", "unread") if gap in spec}
    category = {"category": name} if name in CATEGORIES else {}
    return Column(**{"name": name, "url": url, "path": (name,), "count": len(rows), "listing": listed} | category | spec | gaps)


def listing(rows, more=None, url=URL) -> Listing:
    return Listing(tuple(article(row, f"{url}{n}.html") for n, row in enumerate(rows, 1)), _missing(more, url))


def article(spec, url=URL) -> Article:
    """A text is the day on its list and on its page, which was read; of a table, `day` is the day on the page: empty
    when it shows none, "?" when one stands there that cannot be attributed, left out when nobody opened the page.
    """
    spec = {"day": spec, "listed": spec} if isinstance(spec, str) else dict(spec)
    day = spec.pop("day", None)
    if "unread" in spec:
        spec |= {"opened": True, "unread": _missing(spec["unread"], url)}
    if day is not None:
        spec |= {"opened": True, "shown": ShownDate(day, None if day == "?" else day) if day else None}
    return Article(**{"url": url, "title": "关于放假的通知"} | spec)


def headlines(spec=None) -> Headlines:
    spec = dict(spec or {})
    return Headlines(URL, listing(spec.pop("articles", [FRESH]), spec.pop("more", None)), **spec)


def leaders(spec=None) -> Leaders:
    """Two leaders with all that belongs to them; `people` replaces them, each saying what is different."""
    spec = dict(spec or {})
    people = tuple(_leader(n, each) for n, each in enumerate(spec.pop("people", [{}, {}]), 1))
    return Leaders(**{"url": f"{URL}ld/", "people": people} | _gaps(spec))


def _leader(n, spec) -> Leader:
    url = f"{URL}ld/{n}.html"
    plain = {"name": f"张{'一二三四五六七八九'[n - 1]}", "post": "县委副书记、县长", "resume": "男，汉族，1975年3月生，1997年7月参加工作",
             "duty": "主持县政府全面工作", "photo": True, "url": url}
    return Leader(**plain | spec | ({"unread": _missing(spec["unread"], url)} if "unread" in spec else {}))


def annual_reports(spec=None) -> AnnualReports:
    """Last year's report, in time and on the home page; `reports` replaces it, each saying what is different."""
    spec = dict(spec or {})
    made = tuple(_report(each) for each in spec.pop("reports", [{}]))
    return AnnualReports(**{"home": URL, "reports": made, "column": f"{URL}网站年度报表/"} | _gaps(spec))


def _report(spec) -> Report:
    plain = {"year": 2025, "article": "2026-01-15", "place": "home"} | spec
    return Report(**plain | {"article": article(plain["article"], f"{URL}nb/{plain['year']}.html")})


def releases(spec=None) -> Releases:
    """Fresh data, once as a chart and once to download."""
    spec = dict(spec or {})
    listed = listing(spec.pop("articles", [FRESH]), spec.pop("more", None), f"{URL}sj/")
    chart = {"day": FRESH, "listed": FRESH, "title": "一图读懂前三季度经济运行"}
    charted = tuple((article(each, f"{URL}sj/t{n}.html"), "标题含“一图读懂”") for n, each in enumerate(spec.pop("charted", [chart])))
    dataset = {"url": f"{URL}sj/1.xlsx", "text": "数据下载", "form": "xlsx"}
    datasets = tuple(_dataset(dataset | each) for each in spec.pop("datasets", [{"article": FRESH}]))
    return Releases(**{"columns": (f"{URL}统计数据/",), "listing": listed, "charted": charted, "datasets": datasets} | _gaps(spec))


def _dataset(spec) -> Dataset:
    made = {"article": article(spec["article"], f"{URL}sj/1.html")} if "article" in spec else {}
    return Dataset(**spec | made | ({"unread": _missing(spec["unread"])} if "unread" in spec else {}))


def submissions(spec=None) -> Submissions:
    """The units of the site file with two items in each of four weeks; `items` changes single units."""
    spec = dict(spec or {})
    items = {unit: (2,) * len(WEEKS) for unit in UNITS}
    items |= {unit: tuple(numbers) for unit, numbers in spec.pop("items", {}).items()}
    unknown = tuple(article(each, f"{URL}u{n}.html") for n, each in enumerate(spec.pop("unknown", []), 1))
    return Submissions(**{"weeks": WEEKS, "items": items, "unknown": unknown} | _gaps(spec))


def _gaps(spec) -> dict:
    return {name: _missing(value) if name in ("doubt", "door") else _frozen(value) for name, value in spec.items()}


def _missing(spec, url=URL) -> Missing | None:
    """A reason, and after a blank whatever detail: "wall 滑块"."""
    reason, _, detail = (spec or "").partition(" ")
    return Missing(Reason(reason), detail, url) if reason else None


def _frozen(value):
    return tuple(value) if isinstance(value, list) else value


def calendar(spec=None) -> Calendar:
    """Holidays, workdays and described years beyond the published ones."""
    return Calendar(**{name: frozenset(value) for name, value in (spec or {}).items()})


def thresholds(spec) -> dict:
    """The thresholds of a rule, as an edition hands them to its check."""
    return {name: tuple(map(_deadline, value)) if name == "deadlines" else value for name, value in spec.items()}


def _deadline(spec) -> Deadline:
    return Deadline(**{name: _frozen(value) for name, value in spec.items()})


def _or_missing(make):
    return lambda spec=None: Missing(Reason(spec), url=URL) if isinstance(spec, str) else make(spec)


MAKERS = {
    "site": site, "as_of": lambda spec=None: spec or AS_OF, "calendar": calendar,
    **{make.__name__: _or_missing(make) for make in (
        home, sampled, addresses, families, links, engines, columns, headlines, leaders, annual_reports, releases, submissions,
    )},
    "accounts": _or_missing(evidence_functions.accounts),
    "search": _or_missing(evidence_functions.search),
    "week": _or_missing(evidence_week.week),
}
