"""Accounts of the site's users: the city's unified identity, the user's own page, and logins that are none of the site's.

Nothing is remembered here: whoever has logged in carries a cookie that only the right password gives.
"""
import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from pytest_govsite.demo.county import ACCOUNT, HOST, County
from pytest_govsite.demo.pages import render
from pytest_govsite.demo.resource import SCRIPT, Resource

SSO, MAILBOX, PETITIONS, MAIL = "sso.shili.gov.cn", "wlwz.demo.gov.cn", "xf.shili.gov.cn", "mail.demo.gov.cn"
HOSTS = frozenset({SSO, MAILBOX, PETITIONS, MAIL})
BLOCKS = {"hdjl": "/hdjl/", "xzxx": "/hdjl/xzxx/", "zwfw": "/zwfw/", "ysqgk": "/col/col34/index.html"}
MINE = "/user/"
TICKET = "ST-20260118-demo"
CAS, KNOWN = "CASTGC=TGT-demo", "SFUSER=known"  # cookies of the identity and of the site
LISTS = {
    "我的咨询": ("关于公交线路调整的咨询（已答复）", "关于老旧小区加装电梯的建议（办理中）"),
    "我的办件": ("创业担保贷款申请（已办结）",),
}

# host and path -> title of the login, address of its registration
OTHER_FORMS = {
    (MAILBOX, "/member/login.html"): ("县长信箱写信人登录", "/member/register.html"),
    (MAILBOX, "/member/register.html"): ("县长信箱写信人注册", ""),
    (PETITIONS, "/login.html"): ("网上信访用户登录", "/register.html"),
    (PETITIONS, "/register.html"): ("网上信访用户注册", ""),
    (MAIL, "/"): ("工作人员邮箱登录", ""),
}

Said = Mapping[str, str]


def answer(county: County, host: str, path: str, query: Said, cookies: Said) -> Resource | None:
    """What an address of an account system answers; None when it is none. `query` holds what a form sent, too."""
    if host == SSO:
        return _identity(path, query, _carries(cookies, CAS))
    if host == county.host and path.startswith(MINE):
        return _own(county, path, query, _carries(cookies, KNOWN))
    if host == county.host and path == "/cms/login.html":
        return _form("内容管理平台登录（仅限工作人员）", "")
    return _form(*OTHER_FORMS[host, path]) if (host, path) in OTHER_FORMS else None


def _identity(path: str, query: Said, known: bool) -> Resource | None:
    """The city's unified identity: whoever it knows goes back with a ticket."""
    title, service = "示例市统一身份认证平台", query.get("service") or f"https://{HOST}/"
    if path == "/cas/register":
        return _form("示例市统一身份认证平台用户注册", "")
    if path not in ("/cas/login", "/"):
        return None
    right = _is_account(query)
    if not right and not (known and "renew" not in query):
        return _form(title, "/cas/register", wrong="username" in query, words="一次登录，全市政务服务平台和政府网站通用。", service=service)
    return _moved(f"{service}{'&' if '?' in service else '?'}ticket={TICKET}", CAS)


def _own(county: County, path: str, query: Said, known: bool) -> Resource | None:
    block = query.get("from", "")
    identity = county.content.identity
    knows = known and not (block and block == identity.forgets)
    if path == "/user/state.js":
        return Resource("script", _state(knows), SCRIPT)
    if path == "/user/login.html":
        return _moved(BLOCKS.get(block, MINE)) if knows else _entrance(county, query, renew=known)
    if path == "/user/back.html" and query.get("ticket") == TICKET:
        return _moved(BLOCKS.get(block, MINE), KNOWN)
    if path == "/user/logout.html":
        return _moved("/", "SFUSER=")
    if path == "/user/register.html" and not identity.unified:
        return _form("注册示范县人民政府网站用户", "")
    if path in (MINE, "/user/index.html"):
        return _mine(county) if known else _moved("/user/login.html")
    return None


def _entrance(county: County, query: Said, renew: bool) -> Resource:
    """Where the site's own login link leads: to the city, or to a form of its own."""
    block = query.get("from", "")
    if not county.content.identity.unified:
        return _moved(BLOCKS.get(block, MINE), KNOWN) if _is_account(query) else _form(
            "示范县人民政府网站用户登录", "/user/register.html", wrong="username" in query,
        )
    back = f"{county.base}/user/back.html?from={quote(block)}"
    again = {"renew": "true"} if renew else {}
    if query.get("register"):
        return _moved(f"https://{SSO}/cas/register")
    return _moved(f"https://{SSO}/cas/login?{urlencode({'service': back} | again)}")


def _state(knows: bool) -> str:
    """Tells a page who is looking at it."""
    shown = f"您好，{ACCOUNT[0]}　<a href='{MINE}'>用户中心</a>　<a href='/user/logout.html'>退出</a>"
    return f"document.getElementById('user').innerHTML = {json.dumps(shown)};" if knows else ""


def _mine(county: County) -> Resource:
    lists = LISTS if county.content.identity.history else {}
    return Resource("user", render("user/mine.html", county=county, title="用户中心", trail=[("用户中心", MINE)], name=ACCOUNT[0], lists=lists))


def _form(title: str, register: str, wrong: bool = False, words: str = "", service: str = "") -> Resource:
    page = render("user/form.html", title=title, register=register, wrong=wrong, words=words, service=service, new="注册" in title)
    return Resource("login", page)


def _is_account(query: Said) -> bool:
    return (query.get("username"), query.get("password")) == ACCOUNT


def _carries(cookies: Said, cookie: str) -> bool:
    name, _, value = cookie.partition("=")
    return cookies.get(name) == value


def _moved(to: str, cookie: str = "") -> Resource:
    return Resource("login", status=302, location=to, cookie=_cookie(cookie) if cookie else "")


def _cookie(pair: str) -> str:
    return f"{pair}; Path=/; HttpOnly"
