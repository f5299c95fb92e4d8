"""Stand-ins for all hosts that the pages refer to, so that nothing leaves the machine."""
from urllib.parse import urlsplit

from pytest_govsite.demo.county import HOST
from pytest_govsite.demo.pages import render
from pytest_govsite.demo.pictures import SVG, sign
from pytest_govsite.demo.resource import Resource
from pytest_govsite.demo.traps import PLACE, TRAPS

SCRIPT = "application/javascript; charset=utf-8"
SHOWS_LATE = 0.4  # seconds: third-party marks come after the page

# written for the demo after what such scripts leave in real pages
FIND_ERROR = """(function () {
    var here = document.currentScript || document.getElementById("_jiucuo_");
    var code = here.getAttribute("sitecode");
    window.Link = function (code) {
        window.open("https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=" + code + "&url=" + encodeURIComponent(location.href));
    };
    var span = document.getElementById("_span_jiucuo");
    if (!span) {
        span = document.createElement("span");
        span.id = "_span_jiucuo";
        here.parentNode.insertBefore(span, here);
    }
    span.innerHTML = "<img onclick=\\"Link('" + code + "')\\" style='cursor:pointer' src='https://zfwzgl.www.gov.cn/exposure/images/jiucuo.png?v=" + code + "'>";
})();"""
PARTY_MARK = """(function () {
    var span = document.getElementById("_ideConac");
    span.innerHTML = "<a href='//bszs.conac.cn/sitename?method=show&id=0DEM0000000000000000000000000001' target='_blank'>" +
        "<img id='imgConac' vspace='0' hspace='0' border='0' src='//dcs.conac.cn/image/red.png'></a>";
})();"""

NAMES = {
    "www.gov.cn": "中国政府网", "www.sc.gov.cn": "四川省人民政府", "www.shili.gov.cn": "示例市人民政府",
    "bszs.conac.cn": "党政机关网站标识", "beian.miit.gov.cn": "ICP备案管理", "beian.mps.gov.cn": "公安备案",
    "www.beian.gov.cn": "公安备案（旧）", "zfwzgl.www.gov.cn": "我为政府网站找错平台", "pucha.kaipuyun.cn": "找错平台（旧）",
    "dcs.conac.cn": "标识脚本",
}
WORDS = "您所访问的是一个替身页面。"
OVER_HTTP = frozenset({"pucha.kaipuyun.cn", "www.beian.gov.cn", "gjj.shili.gov.cn"})  # answer on port 80 themselves; the others send to https


def outside(host: str, path: str) -> Resource | None:
    """What a stand-in answers; None when it has no such address."""
    if host not in hosts():
        return None
    kind = f"outside/{host}"
    known = _FIXED.get((host, path)) or _trapped(host, path)
    if known:
        return known
    if path == "/" or path.startswith(("/exposure/jiucuo.html", "/sitename", "/yaowen/", "/portal/")):
        return Resource(kind, _page(host))
    return None


def hosts() -> frozenset[str]:
    """All stand-ins."""
    return frozenset(NAMES) | {urlsplit(trap.url).hostname for trap in TRAPS if trap.url.startswith("http")} - {HOST}


def _trapped(host: str, path: str) -> Resource | None:
    for trap in TRAPS:
        parts = urlsplit(trap.url)
        if trap.answer and (parts.hostname, parts.path) == (host, path):
            return _filled(trap.answer, host, trap.text)
    return None


def _filled(answer: Resource, host: str, title: str) -> Resource:
    return Resource(**{**vars(answer), "body": _page(host, title)})


def _page(host: str, title: str = "") -> str:
    return render(PLACE, title=title or NAMES.get(host, host), words=WORDS, host=host)


_FIXED = {
    ("zfwzgl.www.gov.cn", "/exposure/jiucuo.js"): Resource("outside/find-error", FIND_ERROR, SCRIPT, delay=SHOWS_LATE),
    ("zfwzgl.www.gov.cn", "/exposure/images/jiucuo.png"): Resource("outside/find-error-picture", sign("政府网站", "找错", "#d9480f"), SVG),
    ("pucha.kaipuyun.cn", "/exposure/jiucuo.js"): Resource("outside/find-error", FIND_ERROR, SCRIPT),
    ("dcs.conac.cn", "/js/99/000/0000/60000018/CA990000000600000180001.js"): Resource("outside/party-mark", PARTY_MARK, SCRIPT),
    ("dcs.conac.cn", "/image/red.png"): Resource("outside/picture", sign("党政", "机关", "#c8161d"), SVG),
    ("dcs.conac.cn", "/image/blue.png"): Resource("outside/picture", sign("事业", "单位", "#1f5fb0"), SVG),
    ("dcs.conac.cn", "/image/red_error.png"): Resource("outside/picture", sign("标识", "无效", "#777777"), SVG),
}
