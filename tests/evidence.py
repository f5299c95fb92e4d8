"""Evidence in compact form: a faultless site, of which a case names only what is different.

A string in place of evidence (or of a page, a visit, an engine) is the reason why it is missing: home = "timeout".
"""
from dataclasses import replace
from datetime import date

from pytest_govsite.model.evidence import (
    Addresses, Draw, Engines, EngineView, Families, Home, Link, Links, Sampled, Visit,
)
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import Entry, Header, Label, Mark, Marks, Page, ShownDate
from pytest_govsite.model.site import Site

NAME = "宣汉县人民政府"
CODE = "5117220001"
URL = "http://www.xuanhan.gov.cn/"
AS_OF = date(2026, 11, 20)

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
VISIT = Visit(URL, URL, 200, NAME, "10.1.2.3", 50_000, ("宣汉", "政务", "公开", "服务", "互动"))


def build(kind: str, spec):
    """The evidence or context of this kind; raises KeyError, TypeError or ValueError for a slip in the case."""
    return MAKERS[kind](spec)


def site(spec=None) -> Site:
    """An empty text is what the sites file does not say."""
    said = {name: value or None for name, value in (spec or {}).items()}
    return replace(Site("xuanhan", URL, NAME, "county-portal", "511722", code=CODE), **said)


def page(spec=None, role="home", url=URL) -> Page | Missing:
    if isinstance(spec, str):
        return Missing(Reason(spec), url=url)
    spec = dict(spec or {})
    return Page(
        url=(url := spec.pop("url", url)), final_url=spec.pop("final_url", url), role=role, status=200,
        title=spec.pop("title", NAME), labels=_labels(spec.pop("labels", {}), LABELS[role]),
        marks=_marks(spec.pop("marks", {})), entry=_entry(spec.pop("entry", {})),
        header=_header(spec.pop("header", {})),
        shown_date=ShownDate("2026-11-18", "2026-11-18") if role == "article" else None, **spec,
    )


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
    spec = {name: tuple(v) if isinstance(v, list) else v for name, v in (spec or {}).items()}
    return replace(Addresses("www.xuanhan.gov.cn", ("10.1.2.3",), ("fd00::3",)), **spec)


def families(spec=None) -> Families:
    spec = spec or {}
    return Families(_visit(spec.get("ipv4", {})), tuple(_visit(visit) for visit in spec.get("ipv6", [{}])))


def _visit(spec) -> Visit | Missing:
    if isinstance(spec, str):
        return Missing(Reason(spec), url=URL)
    return replace(VISIT, **{name: tuple(v) if isinstance(v, list) else v for name, v in spec.items()})


def links(spec=None) -> Links:
    """`ok` good links on the home page and as many on other pages, and those of `links`."""
    spec = spec or {}
    good = [(depth, f"{URL}{depth}/{n}") for depth in (1, 2) for n in range(spec.get("ok", 10))]
    made = [Link(url, URL, "公告", "link", depth, "ok") for depth, url in good]
    odd = Link(f"{URL}odd", URL, "公告", "link", 1, "ok")
    return Links((*made, *(replace(odd, **change) for change in spec.get("links", []))))


def engines(spec=None) -> Engines:
    return Engines({name: _view(name, (spec or {}).get(name, {})) for name in ("chromium", "firefox", "webkit")})


def _view(name, spec) -> EngineView | Missing:
    if isinstance(spec, str):
        return Missing(Reason(spec), url=URL)
    spec = {field: tuple(v) if isinstance(v, list) else v for field, v in spec.items()}
    return EngineView(**({"engine": name, "version": "128", "text_length": 3000, "sent_text_length": 2800} | spec))


def _or_missing(make):
    return lambda spec=None: Missing(Reason(spec), url=URL) if isinstance(spec, str) else make(spec)


MAKERS = {
    "site": site, "as_of": lambda spec=None: spec or AS_OF,
    **{make.__name__: _or_missing(make) for make in (home, sampled, addresses, families, links, engines)},
}
