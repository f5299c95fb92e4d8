"""Every page of the site: path -> Resource. To add one: an entry in content/pages.toml, or a line here."""
import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from pytest_govsite.demo import search
from pytest_govsite.demo.assets import assets
from pytest_govsite.demo.content import read
from pytest_govsite.demo.county import Article, County, Place
from pytest_govsite.demo.listing import HEADERS, lists
from pytest_govsite.demo.pages import render
from pytest_govsite.demo.resource import HTML, JSON, Resource
from pytest_govsite.demo.traps import LINKS, TRAPS

SENT_TO = ("/hdjl/xzxx/submit.html", "/hdjl/yjzj_submit.html", "/zfxxgk/ysqgk_submit.htm")
LEADERS = "/zfxxgk/ldzc/"

Entry = tuple[str, Resource]


def catalogue(county: County) -> dict[str, Resource]:
    """All addresses of the site. Texts are made when they are asked for."""
    makers = (_fixed, search.pages, lists, _standing, _people, _articles, _cases, assets)
    return {path: resource for make in makers for path, resource in make(county)}


def missing(county: County) -> Resource:
    """What the site answers for an address it does not have."""
    return Resource("notfound", render("trs/notfound.html"), status=404)


def _page(county: County, kind: str, template: str, title: str, trail: list[Place], **values) -> Resource:
    """A page in one of the frames; kind ends with the frame's name."""
    type = HEADERS.get(template.partition("/")[0], HTML)
    return Resource(kind, lambda query: render(template, county=county, title=title, trail=trail, **values), type)


def _fixed(county: County) -> Iterator[Entry]:
    home = {"county": county, "lists": county.lists, "traps": LINKS} | _menus(county)
    yield "/", Resource("home", lambda query: render(county.content.home, **home))
    yield "/index.html", Resource("index", lambda query: render(county.content.home, **home))
    yield from ((f"/{trap.url.lstrip('/')}", trap.answer) for trap in TRAPS if trap.answer and not urlsplit(trap.url).hostname)
    sent = _page(county, "answer", "hanweb/answer.html", "提交成功", [("提交结果", "/")])
    yield from ((path, sent) for path in SENT_TO)
    for detour in read("pages")["detour"]:
        yield detour["path"], Resource("detour", lambda query, how=detour: render("trs/detour.html", **how))


def _standing(county: County) -> Iterator[Entry]:
    for page in county.pages:
        charset = page.get("charset")
        made = _standing_page(county, page, county.trail(page["name"], tuple(page.get("under", ()))))
        yield page["path"], replace(made, type=f"text/html; charset={charset}", charset=charset) if charset else made


def _standing_page(county: County, page: dict, trail: list[Place], **values) -> Resource:
    style, charset = page["style"], page.get("charset", "utf-8").upper()
    return _page(
        county, f"column/{style}", f"{style}/page.html", page["name"], trail,
        page=page, yesterday=county.yesterday, charset=charset, **values,
    )


def _people(county: County) -> Iterator[Entry]:
    """The leaders: data that a script draws, and a page of each."""
    if not any(page["path"] == LEADERS for page in county.pages):
        return
    people = [leader | {"path": f"{LEADERS}{leader['id']}.html"} for leader in county.leaders]
    shown = [{key: one[key] for key in ("name", "post", "photo", "path")} for one in people]
    yield f"{LEADERS}leaders.json", Resource("data", json.dumps(shown, ensure_ascii=False), JSON)
    for one in people:
        page = {"style": "trs", "template": "leader.html", "type": "负责人信息", "keywords": one["post"]}
        trail = [*county.trail("领导之窗", ("政府信息公开",)), (one["name"], one["path"])]
        yield one["path"], _standing_page(county, page | {"name": one["name"]}, trail, leader=one)


def _articles(county: County) -> Iterator[Entry]:
    for article in county.articles:
        style = article.column.style
        newer, older = _neighbours(county, article)
        yield article.path, _page(
            county, f"article/{style}", f"{style}/article.html", article.title,
            county.trail(article.column.name, article.column.under), item=article, newer=newer, older=older,
        )


def _cases(county: County) -> Iterator[Entry]:
    """Guides to services, and messages of the public."""
    for guide in county.guides:
        basis = next(iter(county.items("政策文件", 1, guide["basis"])), None)
        yield guide["path"], _page(
            county, "article/boda", "boda/guide.html", guide["name"], county.links("政务服务"),
            guide=guide, basis=basis, yesterday=county.yesterday,
        )
    for letter in county.letters:
        yield letter["path"], _page(
            county, "article/hanweb", "hanweb/letter.html", letter["title"],
            county.links("互动交流", "县长信箱"), letter=letter,
        )


def _neighbours(county: County, article: Article) -> tuple[Article | None, Article | None]:
    items = (None, *county.lists[article.column.name], None)
    at = items.index(article)
    return items[at - 1], items[at + 1]


def _menus(county: County) -> dict:
    """Drop-down menus and quick links of the home page."""

    def listed(*names: str) -> list[Place]:
        return [(name.removeprefix("政府信息").removeprefix("网站工作"), path) for name, path in county.links(*names)]

    reports = [column.name for column in county.columns if column.yearly and column.at_home]
    return {
        "menus": {
            "政务动态": listed("政务要闻", "领导活动", "部门动态", "乡镇动态", "图片新闻", "党建动态", "媒体看示范", "国务院信息", "政府会议"),
            "政府信息公开": listed("政策文件", "政策解读", "通知公告", "公示信息", "人事信息", "财政信息", "招考录用"),
            "互动交流": listed("县长信箱", "意见征集", "结果反馈"),
        },
        "disclosure": listed(
            "政府信息公开指南", "政府信息公开制度", *reports, "依申请公开", "领导之窗", "机构职能", "财政信息",
        ),
        "reports": "网站工作年度报表" in reports,
    }
