"""Links that lead nowhere, and links that only look so."""
from urllib.parse import quote

from aiohttp import web

from towns.plan import PROVINCE, Town

ABROAD = "www.linshi.gov.cn"  # a neighbour's site: it answers in every odd way
PARKED = "www.xqlyzx.cn"
MOVED = "www.jiuzhan.gov.cn"
REFUSED = "www.tingji.gov.cn"
KNOWN = (
    ABROAD, PARKED, MOVED, REFUSED, "www.gov.cn", "www.baidu.com", "bszs.conac.cn", "beian.miit.gov.cn", "www.beian.gov.cn", "zfwzgl.www.gov.cn",
    "pucha.kaipuyun.cn", f"www.{PROVINCE}", f"zwfw.{PROVINCE}", f"sso.{PROVINCE}", f"xf.{PROVINCE}",
)
HTML = "text/html; charset=utf-8"
FILE = b"%PDF-1.4 nothing\n" * 40
CHALLENGE = """<html><head><title></title></head><body><script>var _$aB=1;$_ts=window['$_ts'];document.cookie="FSSBBIl1UgzbN7N80S=1";location.reload();</script></body></html>"""
BLOCKED = "<html><head><title></title></head><body><script>var _$cD=2;</script></body></html>"

# by where they stand: (form, address); {domain}, {own} and {slug} are the town's
DEAD = {
    "home": (
        ("link", "{own}/zt/hmzl/index.html"), ("link", "{own}/files/2025/yssq.doc"), ("image", "{own}/images/zt_2025.jpg"),
        ("link", "http://www.{name}lyw.com.cn/"), ("link", "http://" + ABROAD + "/gone/{slug}.html"), ("link", "{own}/old/tj.jsp?id=3"),
        ("script", "{own}/zt/jsxc/index.html"),
    ),
    "column": (("link", "{own}/zt/lzjs/"), ("link", "http://tz.{name}old.com.cn/"), ("frame", "{own}/module/tq.html"), ("link", "http://" + ABROAD + "/gone2/{slug}.html")),
    "text": (("image", "{own}/images/map_old.gif"), ("link", "http://" + ABROAD + "/410/{slug}"), ("link", "{own}/zt/old/ppt.rar")),
    "article": (("link", "{own}/attach/2026/fj1.docx"), ("image", "{own}/attach/2026/W02026.jpg")),
}
FAULTS = {"home": "links:home", "column": "links:inner-column", "text": "links:inner-text", "article": "links:inner-article"}
SHAPES = {
    "link": '<p><a href="{url}" target="_blank">{text}</a></p>', "image": '<p><a href="/"><img src="{url}" width="200" height="60" alt="{text}"></a></p>',
    "frame": '<iframe src="{url}" width="200" height="60" title="{text}"></iframe>',
    "script": """<div id="late"></div><script>setTimeout(function () {{ document.getElementById("late").innerHTML = '<a href="{url}">{text}</a>'; }}, 300);</script>""",
}


def dead(town: Town, where: str) -> list[tuple[str, str]]:
    """(form, address) of what leads nowhere on pages of that kind."""
    if FAULTS[where] not in town.faults:
        return []
    names = {"own": f"http://{town.host}", "name": town.domain.split(".")[0], "slug": town.slug}
    return [(form, address.format(**names)) for form, address in DEAD[where]]


def planted(town: Town, where: str) -> str:
    """The same as HTML."""
    return "".join(SHAPES[form].format(url=url, text=f"资料下载之{n + 1}") for n, (form, url) in enumerate(dead(town, where)))


def traps(town: Town) -> str:
    """Links of a home page that are all in order, whatever a program meets there."""
    there = f"http://{ABROAD}"
    odd = (
        f"{there}/head404.html", f"{there}/head405.pdf", f"{there}/headclosed.zip", f"{there}/wall412/", f"{there}/wall521/", f"{there}/wall403/", f"{there}/need401/",
        f"{there}/first503/{town.slug}.html", f"{there}/slow.html", f"{there}/browsers-only/", f"{there}/moved/long.html", f"{there}/cookie/", f"{there}/says404.html",
        f"{there}/a b/报告 全文.html", "  /zt/kg.html \n", f"//{ABROAD}/relative/", f"http:\\\\{ABROAD}\\back\\", f"http://{PARKED}/", f"http://{MOVED}/deep/t2018_1.html",
        f"http://{REFUSED}/", "/first503/own.html", "/slow/own.html", "/down/hotlink.doc", "/user/login", "/redirect/to/home", "/search-tips/?a=1&amp;b=2", "?from=top",
        "/zt/中文路径/说明.html", f"http://{town.domain}/", "/big/video.mp4", "/head404/own.xls", f"{there}/ratelimited/{town.slug}", f"{there}/gbk?name=%B2%E2%CA%D4",
    )
    links = "".join(f'<li><a href="{href}" target="_blank">友情链接{n:02d}</a></li>' for n, href in enumerate(odd))
    harmless = f"""<a href="javascript:void(0);" onclick="alert(1)">打印</a> <a href="mailto:a@{town.domain}">邮箱</a> <a href="tel:08005550200">电话</a> <a name="x">无</a>
<a href="javascript:window.open('/no-such-window.html')">旧版</a> <a href="#">顶部</a> <a href="about:blank">空</a> <!-- <a href="/gone/in-comment.html">旧链接</a> <img src="/gone/c.jpg"> -->
<noscript><img src="/gone/counter.gif"></noscript><template><a href="/gone/template.html">模板</a></template><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<select onchange="location=this.value"><option value="/gone/option.html">旧站点</option></select><img src="/images/blank.gif" data-original="/images/real.jpg">
<img src="/gone/portrait.jpg" onerror="this.onerror=null;this.src='/images/blank.gif'">"""
    return f'<div class="links"><h4>友情链接</h4><ul>{links}</ul>{harmless}</div>'


def abroad(request: web.BaseRequest, times: int) -> web.Response | None:
    """What the neighbour's site answers; None: the connection is closed. times: how often this was asked before."""
    path = request.path
    if path.startswith("/head") and request.method == "HEAD":
        return {"/head404.html": page("", 404), "/head405.pdf": page("", 405)}.get(path)
    if path.startswith(("/gone", "/410")):
        return page("页面不存在", 410 if path.startswith("/410") else 404)
    if path.startswith(("/wall412", "/wall521")):
        return page(BLOCKED if "FSSB" in request.headers.get("cookie", "") else CHALLENGE, int(path[5:8]))
    if path.startswith(("/wall403", "/need401")):
        return page("Forbidden", int(path[5:8]))
    if path.startswith("/first503"):
        return page("服务繁忙", 503) if times == 0 else page("已恢复")
    if path.startswith("/ratelimited"):
        return page("Too Many Requests", 429)
    if path.startswith("/browsers-only"):
        return page("欢迎") if request.headers.get("upgrade-insecure-requests") else page("页面不存在", 404)
    if path.startswith("/moved"):
        return moved("/moved/short.html") if "long" in path else page("新地址")
    if path.startswith("/cookie"):
        return page("已登记") if "seen=1" in request.headers.get("cookie", "") else moved("/cookie/", cookie="seen=1; Path=/")
    if path == "/says404.html":
        return page("<h1>如何处理404错误页面不存在的问题</h1>" + "网站管理员培训材料。" * 60)
    if path.endswith((".pdf", ".zip")):
        return web.Response(body=FILE, content_type="application/octet-stream")
    return page("邻水县政府网站" + quote(path))


def other(host: str, request: web.BaseRequest) -> web.Response:
    """What further hosts of others answer."""
    if host == PARKED:
        return page("<h1>该域名正在出售</h1><p>This domain xqlyzx.cn is for sale 域名出售 联系QQ 10000</p>")
    if host == MOVED:
        return moved(f"http://www.{PROVINCE}/")
    return page(f"<h1>{host}</h1><p>本平台提供公共服务。</p>" * 3)


def page(text: str, status: int = 200) -> web.Response:
    """A small page."""
    return web.Response(body=f"<html><head><meta charset=utf-8><title>页面</title></head><body>{text}</body></html>".encode(), status=status, headers={"content-type": HTML})


def moved(there: str, cookie: str = "") -> web.Response:
    """A redirect."""
    return web.Response(status=302, headers={"location": there} | ({"set-cookie": cookie} if cookie else {}))
