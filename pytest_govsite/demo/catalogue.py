"""Every page of the site: path -> Resource. To add one: an entry in content/pages.toml, or a line here."""
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from pytest_govsite.demo import search
from pytest_govsite.demo.assets import assets
from pytest_govsite.demo.county import Article, Column, County
from pytest_govsite.demo.pages import render
from pytest_govsite.demo.resource import HTML, Resource
from pytest_govsite.demo.traps import LINKS, TRAPS

NO_CHARSET = "text/html"
# header of pages by style: one content system names no charset there and leaves it to the page
HEADERS = {"trs": HTML, "hanweb": NO_CHARSET, "boda": HTML}
MAILBOX = {"name": "县长信箱", "path": "/hdjl/xzxx/"}
SERVICES = {"name": "政务服务", "path": "/zwfw/"}
SENT = {"name": "提交结果", "path": "/"}
SENT_TO = ("/hdjl/xzxx/submit.html", "/hdjl/yjzj_submit.html", "/zfxxgk/ysqgk_submit.htm")

Entry = tuple[str, Resource]


def catalogue(county: County) -> dict[str, Resource]:
    """All addresses of the site. Texts are made when they are asked for."""
    makers = (_fixed, _columns, _standing, _articles, _cases, assets)
    return {path: resource for make in makers for path, resource in make(county)}


def missing(county: County) -> Resource:
    """What the site answers for an address it does not have."""
    return Resource("notfound", render("trs/notfound.html"), status=404)


def _page(county: County, kind: str, template: str, title: str, crumb: dict, **values) -> Resource:
    """A page in one of the three frames; kind ends with the frame's name."""
    style = template.partition("/")[0]
    return Resource(
        kind, lambda query: render(template, county=county, title=title, crumb=crumb, **values), HEADERS[style],
    )


def _fixed(county: County) -> Iterator[Entry]:
    home = {"county": county, "lists": county.lists, "traps": LINKS} | _menus(county)
    yield "/", Resource("home", lambda query: render("home.html", **home))
    yield "/index.html", Resource("index", lambda query: render("home.html", **home))
    index = search.index_of(county)
    yield "/search/s", Resource("search", lambda query: _results(county, index, query), NO_CHARSET)
    yield from ((trap.url, trap.answer) for trap in TRAPS if trap.url.startswith("/") and trap.answer)
    yield from ((path, _page(county, "answer", "hanweb/answer.html", "提交成功", SENT)) for path in SENT_TO)


def _results(county: County, index: tuple[search.Hit, ...], query: Mapping[str, str]) -> str:
    return render("hanweb/search.html", county=county, **search.answer(county, index, query))


def _columns(county: County) -> Iterator[Entry]:
    for column in county.columns:
        yield column.path, _page(
            county, f"column/{column.style}", f"{column.style}/column.html", column.name, _crumb(column),
            column=column, items=county.lists[column.name],
        )


def _standing(county: County) -> Iterator[Entry]:
    for page in county.pages:
        style, charset = page["style"], page.get("charset")
        made = _page(
            county, f"column/{style}", f"{style}/page.html", page["name"], page,
            page=page, yesterday=_yesterday(county), charset=(charset or "utf-8").upper(),
        )
        yield page["path"], replace(made, type=f"text/html; charset={charset}", charset=charset) if charset else made


def _articles(county: County) -> Iterator[Entry]:
    for article in county.articles:
        style = article.column.style
        newer, older = _neighbours(county, article)
        yield article.path, _page(
            county, f"article/{style}", f"{style}/article.html", article.title, _crumb(article.column),
            item=article, newer=newer, older=older,
        )


def _cases(county: County) -> Iterator[Entry]:
    """Guides to services, and messages of the public."""
    for guide in county.guides:
        basis = county.lists["政策文件"][guide["basis"]]
        yield guide["path"], _page(
            county, "article/boda", "boda/guide.html", guide["name"], SERVICES,
            guide=guide, basis=basis, yesterday=_yesterday(county),
        )
    for letter in county.letters:
        yield letter["path"], _page(
            county, "article/hanweb", "hanweb/letter.html", letter["title"], MAILBOX, letter=letter,
        )


def _neighbours(county: County, article: Article) -> tuple[Article | None, Article | None]:
    items = (None, *county.lists[article.column.name], None)
    at = items.index(article)
    return items[at - 1], items[at + 1]


def _crumb(column: Column) -> dict:
    return {"name": column.name, "path": column.path}


def _yesterday(county: County) -> str:
    return str(county.as_of - timedelta(days=1))


def _menus(county: County) -> dict:
    """Drop-down menus and quick links of the home page."""
    places = {place["name"]: place["path"] for place in (*map(_crumb, county.columns), *county.pages)}

    def listed(*names: str) -> list[tuple[str, str]]:
        return [(name.removeprefix("政府信息").removeprefix("网站工作"), places[name]) for name in names]

    return {
        "menus": {
            "政务动态": listed("政务要闻", "部门动态", "乡镇动态", "图片新闻", "国务院信息"),
            "政府信息公开": listed("政策文件", "政策解读", "通知公告", "公示信息", "人事信息", "财政信息"),
            "互动交流": listed("县长信箱", "意见征集", "结果反馈"),
        },
        "disclosure": listed(
            "政府信息公开指南", "政府信息公开制度", "政府信息公开年报", "依申请公开",
            "领导之窗", "机构职能", "网站工作年度报表", "财政信息",
        ),
    }
