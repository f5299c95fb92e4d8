"""Faults of what a visitor does on the site (功能设计): searching, following links, logging in. One line each, see faults.py."""
from pytest_govsite.demo.content import Change, identified, searched, unindexed
from pytest_govsite.demo.county import HOST
from pytest_govsite.demo.fault import Fault
from pytest_govsite.demo.planting import beside, without

BASE = f"https://{HOST}"

# what findings call the thing
SEARCH, CLASSES, LOGINS, ONE_LOGIN, FOUND = "站内搜索", "搜索结果分类", "统一登录", "一号登录", "*"

FIREFOX_EMPTIES = """<script>
if (navigator.userAgent.indexOf("Firefox") > -1) {
    document.body.innerHTML = "";
    oldLayout.init(document.all.wrapper);
}
</script>"""
INNER = {
    "gone": "https://www.shili.gov.cn/zt/2021/index.html",
    "attachment": f"{BASE}/files/202401/W020240105417.doc",
    "image": f"{BASE}/images/qrcode_2023.png",
    "no-host": "http://fzgg.demo.gov.cn/tzgg/",
    "soft-404": f"{BASE}/ztzl/2022/fzgh.html",
}


def _dead(way: str, why: str) -> Fault:
    return Fault(f"site-search.1:{way}", SEARCH, "home", why)


def _unfound(variant: str, why: str, change: Change, planted: bool = False) -> Fault:
    return Fault(f"site-search.2:{variant}", FOUND, "search", why, content=change, planted=planted, drawn=True)


def _unearned(rule: str, variant: str, why: str, change: Change, planted: bool = False) -> Fault:
    return Fault(f"{rule}:{variant}", "", "search", why, content=change, planted=planted)


def _inner(variant: str, on: str, html: str, why: str, planted: bool = False) -> Fault:
    """The same dead address on every page of a kind: it counts once."""
    url = INNER[variant]
    plant = beside("further", html.format(url=url))
    return Fault(f"links.2:{variant}", url, on, why, on, plant, planted=planted, also=("hunan-city2021/links.1",))


FUNCTION_FAULTS = (
    Fault("site-search.1:absent", SEARCH, "home", "全站都没有搜索框", "*", without("search", "other-search")),
    _dead("dead-404", "搜索结果页答 404"),
    _dead("dead-500", "搜索结果页答 500"),
    _dead("error-page", "搜索结果页写着“系统异常”，状态码却是 200"),
    Fault(
        "site-search.1:empty-index", SEARCH, "home", "索引是空的，什么也搜不到", content=unindexed("news", "services", "below"),
    ),
    _unfound("services", "索引里没有办事服务", unindexed("services"), planted=True),
    _unfound("index", "索引一年多没有更新，近一年的信息都搜不到", searched(age=400)),
    Fault("site-search.3:plain", CLASSES, "search", "搜索结果不分类", content=searched(classes=False), planted=True),
    _unearned("smart-search.1", "exact", "只认完整标题，换一个字就搜不到", searched(fuzzy=False)),
    _unearned("smart-search.2", "no-card", "搜索结果里不直接提供服务", searched(cards=False), planted=True),
    _unearned("smart-search.3", "own", "搜不到下级网站的内容", unindexed("below")),

    _inner("gone", "column/hanweb", '<p class="file">相关专题：<a href="{url}">2021年政务公开专题</a></p>', "栏目页上的外部链接返回 404", True),
    _inner("attachment", "article/boda", '<p class="file">附件：<a href="{url}">政策问答手册.doc</a></p>', "正文的附件丢失", True),
    _inner("image", "column/trs", '<p class="centre"><img src="{url}" alt="扫码查看" width="90" height="90"></p>', "栏目页上的图片丢失"),
    _inner("no-host", "column/hanweb", '<p class="file">原文：<a href="{url}">县发展和改革局旧网站</a></p>', "链接的域名不存在"),
    _inner("soft-404", "column/boda", '<p class="file"><a href="{url}">2022年发展规划专题</a></p>', "页面不存在，服务器却答 200"),

    Fault(
        "unified-login.1:two", LOGINS, "*", "县长信箱另有一套账号，各注册各的", content=identified(unified=False), planted=True,
        also=(f"one-login.1={ONE_LOGIN}",),
    ),
    Fault("one-login.1:forgets", ONE_LOGIN, "*", "登录以后，依申请公开仍要再登录一次", content=identified(forgets="ysqgk")),
    Fault("user-space.1:no-history", "", "*", "用户中心没有咨询、办事的记录", content=identified(history=False)),

    Fault(
        "compat.1:inner", "firefox", "article/*", "脚本在 Firefox 里清空正文页", "article/*", beside("body", FIREFOX_EMPTIES),
        engine="firefox",
    ),
)
