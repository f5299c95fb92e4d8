"""Stand-ins for all hosts that the pages refer to, so that nothing leaves the machine."""
import re
from dataclasses import replace
from urllib.parse import urlsplit

from pytest_govsite.demo.columns import day_of_number
from pytest_govsite.demo.county import HOST
from pytest_govsite.demo.pages import render, static
from pytest_govsite.demo.resource import SCRIPT, SVG, Resource
from pytest_govsite.demo.traps import TRAPS

PARTY_MARK = "/js/99/000/0000/60000018/CA990000000600000180001.js"
LATE = 0.4  # seconds: third-party marks come after the page

NAMES = {
    "www.gov.cn": "中国政府网",
    "www.sc.gov.cn": "四川省人民政府",
    "www.shili.gov.cn": "示例市人民政府",
    "bszs.conac.cn": "党政机关网站标识",
    "beian.miit.gov.cn": "ICP备案管理",
    "beian.mps.gov.cn": "公安备案",
    "www.beian.gov.cn": "公安备案（旧）",
    "zfwzgl.www.gov.cn": "我为政府网站找错平台",
    "pucha.kaipuyun.cn": "找错平台（旧）",
    "dcs.conac.cn": "标识脚本",
    "www.baidu.com": "百度",
    "www.qita-shangye.com": "某公司首页",
}
WORDS = "您所访问的是一个替身页面。"
# these answer on port 80 themselves; the others send to https
OVER_HTTP = frozenset({"pucha.kaipuyun.cn", "www.beian.gov.cn", "gjj.shili.gov.cn"})


def outside(host: str, path: str) -> Resource | None:
    """What a stand-in answers; None when it has no such address."""
    if host not in hosts():
        return None
    kind = f"outside/{host}"
    known = _FIXED.get((host, path)) or _trapped(host, path)
    if known:
        return known
    if number := re.search(r"/content_(\d{6,})\.htm$", path):
        return Resource(kind, render("outside/article.html", title="国务院信息转载示例", place=NAMES.get(host, host),
                                     words=WORDS, day=day_of_number(int(number[1]))))
    if path == "/" or path.startswith(("/exposure/jiucuo.html", "/sitename", "/portal/", "/s/")):
        return Resource(kind, _page(host))
    return None


def hosts() -> frozenset[str]:
    """All stand-ins."""
    return frozenset(NAMES) | {urlsplit(trap.url).hostname for trap in TRAPS} - {HOST, None}


def _trapped(host: str, path: str) -> Resource | None:
    for trap in TRAPS:
        parts = urlsplit(trap.url)
        if trap.answer and (parts.hostname, parts.path) == (host, path):
            return replace(trap.answer, body=trap.answer.body or _page(host, trap.text))
    return None


def _page(host: str, title: str = "") -> str:
    return render("outside/place.html", title=title or NAMES.get(host, host), words=WORDS, host=host)


def _sign(first: str, second: str, colour: str) -> Resource:
    return Resource(
        "outside/picture", lambda query: render("pictures/sign.svg", first=first, second=second, colour=colour), SVG
    )


def _script(name: str, delay: float = 0.0) -> Resource:
    return Resource(f"outside/{name}", static(f"js/outside/{name}.js"), SCRIPT, delay=delay)


_FIXED = {
    ("zfwzgl.www.gov.cn", "/exposure/jiucuo.js"): _script("find_error", LATE),
    ("pucha.kaipuyun.cn", "/exposure/jiucuo.js"): _script("find_error"),
    ("dcs.conac.cn", PARTY_MARK): _script("party_mark"),
    ("zfwzgl.www.gov.cn", "/exposure/images/jiucuo.png"): _sign("政府网站", "找错", "#d9480f"),
    ("dcs.conac.cn", "/image/red.png"): _sign("党政", "机关", "#c8161d"),
    ("dcs.conac.cn", "/image/blue.png"): _sign("事业", "单位", "#1f5fb0"),
    ("dcs.conac.cn", "/image/red_error.png"): _sign("标识", "无效", "#777777"),
}
