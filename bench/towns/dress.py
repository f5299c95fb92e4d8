"""Head, menu, trail and foot of the nine makings, with what may be missing there."""
from html import escape

from towns import addresses, boxes
from towns.plan import PROVINCE, Channel, Town

TEXTS = ("走进{place}", "机构职能")
CSS = {  # menu, trail, foot, list
    "irs": ("nav", "BreadcrumbNav", "footer", "u-list"), "was5": ("menu", "dqwz", "bottom", "listbox"), "jsearch": ("main-nav", "currentpath", "foot", "news_list"),
    "jpaas": ("nav_ul", "position", "g-foot", "page-list"), "kaipuyun": ("header-nav", "location", "footerBox", "newsList"),
    "boda": ("wp-menu", "winstyle_dqwz", "bq", "winstyle1"), "php": ("navigation", "place", "footer", "d1 ico3"), "asp": ("tb_menu", "weizhi", "copyright", "tdlist"),
    "spa": ("el-menu", "el-breadcrumb", "page-footer", "el-list"),
}
SIGNS = {"irs": "&nbsp;&gt;&nbsp;", "jsearch": " >> ", "boda": "&gt;&gt;", "spa": " / "}
CONAC = "http://bszs.conac.cn/sitename?method=show&id=1A2B3C4D5E6F708090A0B0C0D0E0F0{n:02d}"
CSS_RULES = """<style>body{margin:0 auto;width:1100px;font:14px/1.8 sans-serif;color:#222}ul{margin:4px 0;padding-left:18px}
.top{background:#eef;padding:4px}.ad{display:none}.layer{display:none;border:1px solid #888;padding:8px}.main{min-height:300px}
.header + div li,.header + div ul{display:inline-block;margin-right:9px}
li span,li em.t{margin-left:12px;color:#888}.off{position:absolute;left:-9999px}iframe{border:1px solid #ccc}</style>"""


def page(town: Town, title: str, body: str, role: str, labels: dict[str, str] | None = None, trail: str = "") -> str:
    """A whole page. role: home, column, article or text."""
    head = f'<a href="/"><img src="/images/logo.png" alt="{town.shown_name}" width="300" height="60"></a>'
    if "name:hidden" in town.faults and role != "home":
        head = "<h2>政务服务 公开透明</h2>"
    top = '<div class="top"><a href="/user/login">登录</a> <a href="javascript:;">无障碍</a> <a href="#foot">页底</a> <a href="">长者模式</a></div>'
    search = boxes.entrance(town, role) if role == "home" or town.search.box != "icon" else ""
    charset = {"php": "gb2312"}.get(town.vendor, "utf-8")
    return f"""{'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">' if town.vendor in ("asp", "was5") else "<!DOCTYPE html>"}
<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>{escape(title)}{"" if role == "home" else "_" + town.shown_name}</title>
{metas(town, role, labels or {})}
{CSS_RULES}<link rel="stylesheet" href="/css/no-such-style.css"></head><body>
{top}<div class="header">{head}{search}</div>
<div class="{CSS[town.vendor][0]}">{menu(town)}</div>
{trail}
<div class="main">{body}</div>
{foot(town, role)}
{_blanking(town, role)}</body></html>"""


def metas(town: Town, role: str, labels: dict[str, str]) -> str:
    """The labels, in the spelling of the making."""
    tags = {"SiteName": town.shown_name, "SiteDomain": town.host, "SiteIDCode": town.code} | labels
    if "labels:columns" in town.faults and role == "column":
        tags = {key: value for key, value in tags.items() if key not in ("ColumnDescription", "ColumnKeywords")}
    lines = [_meta(town, key, value) for key, value in tags.items()]
    return "\n".join(lines)


def _meta(town: Town, name: str, content: str) -> str:
    content = escape(content)
    return {
        "asp": f"<META NAME={name} CONTENT='{content}'>", "boda": f'<meta content="{content}" name="{name}">',
        "php": f"<meta name='{name}' content='{content}' />", "irs": f'<meta name="{name}"content="{content}">',
        "jpaas": f'<meta name="{name}" content="{content}\n">', "was5": f'<meta name="{name.lower()}" content="{content}" />',
    }.get(town.vendor, f'<meta name="{name}" content="{content}"/>')


def menu(town: Town) -> str:
    """The menu: heads with the columns under them; standing pages and the platform of services at the end."""
    heads: dict[str, list[str]] = {}
    for channel in town.channels:
        heads.setdefault(channel.head, []).append(f'<li><a href="{addresses.listing(town, channel)}">{channel.name}</a></li>')
    heads["互动交流"] += ['<li><a href="/hd/xzxx.html">县长信箱</a></li>', '<li><a href="/hd/wszx.html">网上咨询</a></li>', f'<li><a href="http://xf.{PROVINCE}/">网上信访</a></li>']
    heads["政务公开"].append('<li><a href="/hd/ysqgk.html">依申请公开</a></li>')
    heads["走进"] = [f'<li><a href="{addresses.standing(n)}">{text.format(place=town.place)}</a></li>' for n, text in enumerate(TEXTS)]
    items = "".join(f'<li><a href="javascript:void(0)">{head}</a><ul>{"".join(under)}</ul></li>' for head, under in heads.items())
    return f'<ul><li><a href="/">首页</a></li>{items}<li><a href="http://zwfw.{PROVINCE}/{town.domain[:4]}/">网上办事大厅</a></li></ul>'


def trail(town: Town, channel: Channel, leaf: str = "") -> str:
    """您当前的位置."""
    here = f'<a href="{addresses.listing(town, channel)}">{channel.name}</a>'
    words = {"irs": "您当前的位置：", "boda": "您的位置:", "asp": "所在位置："}.get(town.vendor, "当前位置：")
    parts = ['<a href="/">首页</a>', f"<a>{channel.head}</a>", here, *([leaf] if leaf else [])]
    return f'<div class="{CSS[town.vendor][1]}">{words}{SIGNS.get(town.vendor, " &gt; ").join(parts)}</div>'


def foot(town: Town, role: str) -> str:
    """The bottom region: six marks and the entry 找错."""
    party = "" if f"mark:party:{role}" in town.faults else f'<a href="{CONAC.format(n=len(town.slug))}" target="_blank"><img src="/images/red.png" alt="党政机关" width="60" height="60"></a>'
    police = "" if f"mark:police:{role}" in town.faults else f'<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=519931020000{len(town.slug):02d}">川公网安备 519931020000{len(town.slug):02d}号</a>'
    icp = "" if f"mark:icp:{role}" in town.faults else '<a href="http://beian.miit.gov.cn/">蜀ICP备2099000020号-1</a>'
    words = f"主办单位：{town.name}办公室　联系电话：0800-5550200　网站标识码：{town.code}　{icp}　{police}"
    if town.vendor in ("jpaas", "asp"):
        words = '<script>document.write(' + repr(words).replace("</", "<\\/") + ')</script>'
    return f'<div class="{CSS[town.vendor][2]}" id="foot"><p>{party}{entry(town, role)}</p><p>{words}</p></div>'


def entry(town: Town, role: str) -> str:
    """我为政府网站找错, in old and new forms."""
    if f"entry:{'home' if role == 'home' else 'inside'}" in town.faults:
        return ""
    code = "5100009999" if "entry:foreign" in town.faults and role == "home" else town.code
    platform = "http://zfwzgl.www.gov.cn/exposure"
    return {
        "was5": f'<script id="_jiucuo_" sitecode={code} src="http://pucha.kaipuyun.cn/exposure/jiucuo.js"></script>',
        "boda": f'<a href="{platform}/jiucuo.html?site_code={code}&url=http%3A%2F%2F{town.host}%2F" target="_blank"><img src="/images/jiucuo.png"></a>',
        "php": f"""<img style="cursor:pointer" onclick="Link('{code}')" src="{platform}/images/jiucuo.png?v={code}"><script>function Link(code)
{{ window.open("{platform}/jiucuo.html?site_code=" + code + "&url=" + encodeURIComponent(location.href)); }}</script>""",
    }.get(town.vendor, f'<script id="_jiucuo_" sitecode="{code}" src="{platform}/jiucuo.js"></script>')


def _blanking(town: Town, role: str) -> str:
    """A page that one engine does not show."""
    hit = {"compat:firefox": role == "home", "compat:inner": role in ("column", "article")}
    if not any(fault in town.faults and here for fault, here in hit.items()):
        return ""
    return '<script>if (navigator.userAgent.indexOf("Firefox") > 0) { document.body.innerHTML = ""; }</script>'
