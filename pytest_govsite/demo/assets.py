"""What pages are made of and lead to besides pages: scripts, styles, parts fetched late, pictures, files."""
from collections.abc import Iterator

from pytest_govsite.demo.attachments import TYPES, attachment
from pytest_govsite.demo.county import County
from pytest_govsite.demo.pages import as_script, render, static
from pytest_govsite.demo.pictures import SCENES, scene
from pytest_govsite.demo.resource import SCRIPT, SVG, Resource

LATE = 0.5  # seconds until a footer comes that a script fetches
SCRIPTS = ("home", "outlink", "search_box", "results", "paging", "jpage", "switch", "leaders", "gkmlpt", "echarts.demo")
STATIC = {"css/portal.css": "text/css; charset=utf-8"} | {f"js/{name}.js": SCRIPT for name in SCRIPTS}
TOWNS = (
    (60, 60, "清河镇"), (240, 40, "云岭镇"), (430, 60, "松柏乡"), (610, 110, "石桥镇"),
    (90, 240, "白鹤镇"), (270, 220, "桃源乡"), (450, 250, "双溪镇"), (630, 280, "金盆镇"),
)
PICTURES = {
    "shield": ("shield", {}),
    "portrait": ("portrait", {}),
    "map": ("map", {"towns": TOWNS}),
    "jiucuo": ("sign", {"first": "政府网站", "second": "找错", "colour": "#d9480f"}),
    "captcha": ("sign", {"first": "7 K", "second": "3 F", "colour": "#555"}),
    "search": ("search", {}),
    "topic1": ("banner", {"words": "优化营商环境", "left": "#b3121a", "right": "#e8893a"}),
    "topic2": ("banner", {"words": "乡村振兴进行时", "left": "#1f7a4d", "right": "#8fbf4d"}),
    "topic3": ("banner", {"words": "民意征集结果反馈", "left": "#1d4f91", "right": "#4d9fd6"}),
}

Entry = tuple[str, Resource]


def assets(county: County) -> Iterator[Entry]:
    """All of them, by path."""
    yield from _parts(county)
    yield from _pictures(county)
    yield from _files(county)


def _parts(county: County) -> Iterator[Entry]:
    # no charset in its header: the page that includes it has to know that it is GBK, and does
    yield "/js/footer.js", Resource("part/trs", lambda query: _written(county), "text/javascript", "gbk")
    yield "/inc/foot.htm", Resource("part/boda", lambda query: render("boda/footer.html", county=county), delay=LATE)
    yield "/inc/weather.html", Resource("frame", lambda query: render("inside/weather.html"))
    yield "/module/visitcount/visit.html", Resource("frame", "<html><body></body></html>")
    yield "/robots.txt", Resource("robots", "User-agent: *\nDisallow: /user/\n", "text/plain")
    yield from ((f"/{name}", Resource("static", static(name), type)) for name, type in STATIC.items())


def _written(county: County) -> str:
    return as_script(render("trs/footer.html", county=county))


def _pictures(county: County) -> Iterator[Entry]:
    for number in range(SCENES):
        yield f"/images/scene{number}.png", Resource("picture", _scene(number), "image/png")
    for name, (template, values) in (PICTURES | {"logo": ("logo", {"name": county.name})}).items():
        yield f"/images/{name}.svg", Resource("picture", _drawn(template, values), SVG)


def _scene(number: int):
    return lambda query: scene(number)


def _drawn(template: str, values: dict):
    return lambda query: render(f"pictures/{template}.svg", **values)


def _files(county: County) -> Iterator[Entry]:
    for article in county.articles:
        if article.file:
            download = f"/system/_content/download.jsp?wbfileid={article.number}"
            yield article.file, _file(article.kind, article.title)
            yield download, _file(article.kind, article.title, referred=True)
    for guide in county.guides:
        yield f"/files/form{guide['id']}.docx", _file("docx", f"{guide['name']}申请表")
        yield f"/files/sample{guide['id']}.pdf", _file("pdf", f"{guide['name']}样表")
    yield "/files/ysqgk.docx", _file("docx", "政府信息公开申请表")
    yield "/files/gtkj.pdf", _file("pdf", "示范县国土空间总体规划（公开稿）")


def _file(kind: str, title: str, referred: bool = False) -> Resource:
    return Resource("file", lambda query: attachment(kind, title), TYPES[kind], referred=referred)
