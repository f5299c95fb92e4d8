"""The pages around the content: head, menu, trail, side boxes and foot of six content systems."""
from html import escape

from estate import addresses
from estate.plan import TEXTS, Channel, Plan

CODE = "5199310001"
FOOT = """<div class="{css}">
<p><a href="https://bszs.conac.cn/sitename?method=show&id=1A2B3C4D5E6F708090A0B0C0D0E0F001" target="_blank"><img src="/red.png" alt="党政机关"></a>
<script id="_jiucuo_" sitecode="{code}" src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js"></script></p>
<p>主办单位：{place}人民政府办公室　联系电话：0800-5550200　网站标识码：{code}　蜀ICP备2099000020号　川公网安备 51993102000020号</p></div>"""
CSS = {
    "trs": ("nav", "ul-menu", "BreadcrumbNav", "footer"), "hanweb": ("main-nav", "nav_ul", "currentpath", "foot"),
    "kaipuyun": ("header-nav", "nav-list", "location", "footerBox"), "boda": ("navbox", "wp-menu", "winstyle_dqwz", "bq"),
    "gkmlpt": ("nav-wrap", "nav_list", "position", "g-footer"), "sichuan": ("menu", "menu-list", "curpos", "bottom"),
}


def page(plan: Plan, title: str, body: str, labels: dict[str, str] | None = None, trail: str = "", side: str = "") -> str:
    """A whole page."""
    tags = {"SiteName": f"{plan.place}人民政府", "SiteDomain": plan.host, "SiteIDCode": CODE} | (labels or {})
    metas = "\n".join(f'<meta name="{name}" content="{escape(content)}"/>' for name, content in tags.items())
    nav, _, _, foot = CSS[plan.vendor]
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{escape(title)}-{plan.place}人民政府</title>
{metas}
<script>function today() {{ var d = new Date(); document.getElementById("clock").innerText = "今天是" + d.getFullYear() + "年"; }}</script>
</head><body onload="today()">
<div class="top"><span id="clock"></span><a href="/login">登录</a> <a href="javascript:;">无障碍</a></div>
<div class="header"><a href="/"><img src="/logo.png" alt="{plan.place}人民政府"></a><h2>{plan.place}人民政府</h2>
<form action="/search" method="get"><input name="searchWord" placeholder="请输入关键词"><button>搜索</button></form></div>
<div class="{nav}">{menu(plan)}</div>
{trail}
<div class="main">{side}{body}</div>
{FOOT.format(css=foot, code=CODE, place=plan.place)}
</body></html>"""


def menu(plan: Plan) -> str:
    """The menu: heads with what hangs under them."""
    heads: dict[str, list[str]] = {}
    for channel in plan.channels:
        link = f'<a href="{addresses.listing(plan.vendor, channel)}">{channel.name}</a>'
        heads.setdefault(channel.head, []).append(f"<li>{link}</li>")
    texts = [f'<li><a href="{addresses.standing(n)}">{name.format(place=plan.place)}</a></li>' for n, name in enumerate(TEXTS)]
    heads["走进"] = texts
    target = "#" if plan.vendor in ("boda", "gkmlpt") else "javascript:void(0)"
    items = "".join(f'<li><a href="{target}">{head}</a><ul>{"".join(under)}</ul></li>' for head, under in heads.items())
    return f'<ul class="{CSS[plan.vendor][1]}"><li><a href="/">首页</a></li>{items}<li><a href="https://www.sczwfw.gov.cn/">办事服务</a></li></ul>'


def trail(plan: Plan, channel: Channel, leaf: str = "") -> str:
    """您当前的位置, as this system prints it."""
    here = f'<a href="{addresses.listing(plan.vendor, channel)}">{channel.name}</a>'
    sign = {"trs": "&nbsp;&gt;&nbsp;", "hanweb": " >> ", "boda": "&gt;&gt;", "gkmlpt": " / "}.get(plan.vendor, " > ")
    words = {"trs": "您当前的位置：", "hanweb": "当前位置：", "boda": "您的位置:", "gkmlpt": "", "sichuan": "所在位置："}.get(plan.vendor, "当前位置:")
    parts = [f'<a href="/">首页</a>', f"<a>{channel.head}</a>", here, *([leaf] if leaf else [])]
    return f'<div class="{CSS[plan.vendor][2]}">{words}{sign.join(parts)}</div>'


def side(plan: Plan) -> str:
    """A box that stands beside every list: what is read most."""
    channel = next(one for one in plan.channels if one.name == "要闻")
    rows = "".join(
        f'<li><a href="{addresses.article(plan.vendor, channel, story)}" title="{story.title}">{story.title[:12]}…</a></li>'
        for story in channel.stories[:5]
    )
    return f'<div class="side-hot"><h4>热点推荐</h4><ul>{rows}</ul></div>'
