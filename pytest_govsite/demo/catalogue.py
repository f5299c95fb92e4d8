"""Everything the site itself answers: path -> Resource. To add a page: a line in content/pages.toml, or one here."""
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial
from importlib.resources import files

from pytest_govsite.demo import search
from pytest_govsite.demo.attachments import TYPES, attachment
from pytest_govsite.demo.county import Article, Column, County
from pytest_govsite.demo.pages import as_script, render
from pytest_govsite.demo.pictures import PORTRAIT, SHIELD, SVG, banner, logo, scene, sign
from pytest_govsite.demo.resource import HTML, Resource
from pytest_govsite.demo.traps import LINKS, TRAPS

LATE = 0.5  # seconds until a footer comes that a script fetches
NO_CHARSET = "text/html"
# header of pages by style: one content system names no charset there and leaves it to the page
HEADERS = {"trs": HTML, "hanweb": NO_CHARSET, "boda": HTML}
SAID_THANKS = ("/hdjl/xzxx/submit.html", "/hdjl/yjzj_submit.html", "/zfxxgk/ysqgk_submit.htm")


def catalogue(county: County) -> dict[str, Resource]:
    """All addresses of the site. Texts are made when they are asked for."""
    return {
        **dict(_single(county)), **dict(_columns(county)), **dict(_articles(county)), **dict(_files(county)), **dict(_pictures(county)),
    }


def missing(county: County) -> Resource:
    """What the site answers for an address it does not have."""
    return Resource("notfound", _text(county, "trs/notfound.html"), status=404)


def _text(county: County, template: str, **values) -> Callable[[Mapping[str, str]], str]:
    return lambda query: render(template, county=county, lists=county.lists, **values)


def _single(county: County) -> Iterator[tuple[str, Resource]]:
    home = Resource("home", _text(county, "home.html", traps=LINKS, menus=_menus(county), disclosure=_disclosure(county)))
    yield "/", home
    yield "/index.html", home
    yield "/search/s", Resource("search", _searching(county), NO_CHARSET)
    yield "/js/footer.js", Resource("part/trs", lambda query: as_script(render("trs/footer.html", county=county)), "application/javascript", charset="gbk")
    yield "/inc/foot.htm", Resource("part/boda", _text(county, "boda/footer.html"), delay=LATE)
    yield "/inc/weather.html", Resource("frame", _text(county, "inside/weather.html"))
    yield "/module/visitcount/visit.html", Resource("frame", "<html><body></body></html>")
    yield "/robots.txt", Resource("robots", "User-agent: *\nDisallow: /user/\n", "text/plain")
    for name, type in (("css/portal.css", "text/css"), ("js/home.js", "application/javascript"), ("js/outlink.js", "application/javascript")):
        yield f"/{name}", Resource("static", files("pytest_govsite.demo").joinpath("static", name).read_bytes(), f"{type}; charset=utf-8")
    yield from ((trap.url, trap.answer) for trap in TRAPS if trap.url.startswith("/") and trap.answer)
    for path in SAID_THANKS:
        crumb = {"name": "提交结果", "path": path}
        yield path, Resource("answer", _text(county, "hanweb/answer.html", title="提交成功", words="提交成功，查询码为 20260118，请妥善保存。", crumb=crumb), NO_CHARSET)


def _columns(county: County) -> Iterator[tuple[str, Resource]]:
    for column in county.columns:
        text = _text(county, f"{column.style}/column.html", column=column, items=county.lists[column.name], title=column.name, crumb=_crumb(column))
        yield column.path, Resource(f"column/{column.style}", text, HEADERS[column.style])
    for page in county.pages:
        charset = page.get("charset", "utf-8")
        text = _text(
            county, f"{page['style']}/page.html", page=page, title=page["name"], crumb=page, charset=charset.upper(), yesterday=_yesterday(county),
        )
        header = f"text/html; charset={charset}" if "charset" in page else HEADERS[page["style"]]
        yield page["path"], Resource(f"column/{page['style']}", text, header, charset)


def _articles(county: County) -> Iterator[tuple[str, Resource]]:
    for article in county.articles:
        items = county.lists[article.column.name]
        at = items.index(article)
        text = _text(
            county, f"{article.column.style}/article.html", item=article, title=article.title, crumb=_crumb(article.column),
            newer=items[at - 1] if at else None, older=items[at + 1] if at + 1 < len(items) else None,
        )
        yield article.path, Resource(f"article/{article.column.style}", text, HEADERS[article.column.style])
    for guide in county.guides:
        basis = county.lists["政策文件"][guide["basis"]]
        crumb = {"name": "政务服务", "path": "/zwfw/"}
        yield guide["path"], Resource("article/boda", _text(county, "boda/guide.html", guide=guide, basis=basis, title=guide["name"], crumb=crumb, yesterday=_yesterday(county)))
    for letter in county.letters:
        crumb = {"name": "县长信箱", "path": "/hdjl/xzxx/"}
        yield letter["path"], Resource("article/hanweb", _text(county, "hanweb/letter.html", letter=letter, title=letter["title"], crumb=crumb), NO_CHARSET)


def _files(county: County) -> Iterator[tuple[str, Resource]]:
    for article in county.articles:
        if article.file:
            yield article.file, _file(article.column.attach, article.title)
            if article.column.style == "boda":
                yield _download(article), _file(article.column.attach, article.title, referred=True)
    for guide in county.guides:
        yield f"/files/form{guide['id']}.docx", _file("docx", f"{guide['name']}申请表")
        yield f"/files/sample{guide['id']}.pdf", _file("pdf", f"{guide['name']}样表")
    yield "/files/ysqgk.docx", _file("docx", "政府信息公开申请表")


def _download(article: Article) -> str:
    return f"/system/_content/download.jsp?wbfileid={article.number}"


def _file(kind: str, title: str, referred: bool = False) -> Resource:
    return Resource("file", attachment(kind, title), TYPES[kind], referred=referred)


def _pictures(county: County) -> Iterator[tuple[str, Resource]]:
    for number in range(4):
        yield f"/images/scene{number}.png", Resource("picture", scene(number), "image/png")
    drawn = {
        "logo": logo(county.name), "shield": SHIELD, "portrait": PORTRAIT, "jiucuo": sign("政府网站", "找错", "#d9480f"),
        "topic1": banner("优化营商环境", "#b3121a", "#e8893a"), "topic2": banner("乡村振兴进行时", "#1f7a4d", "#8fbf4d"),
        "topic3": banner("民意征集结果反馈", "#1d4f91", "#4d9fd6"),
    }
    yield from ((f"/images/{name}.svg", Resource("picture", text, SVG)) for name, text in drawn.items())


def _searching(county: County) -> Callable[[Mapping[str, str]], str]:
    index = partial(search.index_of, county)
    return lambda query: render("hanweb/search.html", county=county, **search.answer(county, index(), query))


def _crumb(column: Column) -> dict:
    return {"name": column.name, "path": column.path}


def _yesterday(county: County) -> str:
    return str(county.as_of - timedelta(days=1))


def _menus(county: County) -> dict[str, list[tuple[str, str]]]:
    """Drop-down menus of the home page."""
    def listed(*names: str) -> list[tuple[str, str]]:
        return [(name, county.column(name).path) for name in names]

    return {
        "政务动态": listed("政务要闻", "部门动态", "乡镇动态", "图片新闻", "国务院信息"),
        "政府信息公开": listed("政策文件", "政策解读", "通知公告", "公示信息", "人事信息", "财政信息"),
        "互动交流": [("县长信箱", "/hdjl/xzxx/"), *listed("意见征集", "结果反馈")],
    }


def _disclosure(county: County) -> list[tuple[str, str]]:
    names = ("政府信息公开指南", "政府信息公开制度", "政府信息公开年报", "依申请公开", "领导之窗", "机构职能")
    paths = {page["name"]: page["path"] for page in county.pages}
    return [*((name.removeprefix("政府信息"), paths[name]) for name in names), ("年度报表", county.column("网站工作年度报表").path), ("财政信息", county.column("财政信息").path)]
