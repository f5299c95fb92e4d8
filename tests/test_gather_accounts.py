"""Logins of invented sites in real Chromium: where the entrances lead, and how many account systems there are."""
import pytest
from login_towns import HD, HOST, OA, SSO, XF, ZWFW, Request, Visitor, login_form, moved, register_form, site

from pytest_govsite.model.accounts import Accounts

INTERACTIVE = ("互动交流", "咨询建言", "调查征集", "在线访谈")


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    visitor = Visitor(tmp_path_factory.mktemp("results"))
    yield visitor
    visitor.close()


def link(url: str, words: str = "登录") -> str:
    return f'<p>写信请先<a href="{url}">{words}</a></p>'


IDENTITY = {
    f"{SSO}/cas/login": login_form("某市统一身份认证平台", "/cas/register"), f"{SSO}/cas/register": register_form("某市统一身份认证平台用户注册"),
}
OWN = {"/user/login.html": login_form("某县人民政府网站用户登录", "/user/register.html"), "/user/register.html": register_form()}
MAILBOX = {f"{HD}/member/login.html": login_form("县长信箱登录", "/member/register.html"), f"{HD}/member/register.html": register_form("县长信箱用户注册")}
MAILBOX_LINK = link(f"http://{HD}/member/login.html")


def systems(accounts: Accounts, *categories: str) -> dict[str, tuple[str, ...]]:
    """The sections by system."""
    found = accounts.systems(categories)
    return {one.name: tuple(dict.fromkeys(login.section for login in one.logins)) for one in found}


def test_one_identity_of_another_host(visit):
    pages = site(hdjl=link(f"http://{SSO}/cas/login?service=a"), xzxx=link(f"http://{SSO}/cas/login?service=b"), bsfw=link(f"http://{SSO}/cas/login?service=c"))
    accounts, asked = visit(pages | IDENTITY)
    assert systems(accounts) == {SSO: ("互动交流", "县长信箱", "办事服务")}
    login = accounts.logins[0]
    assert (login.form, login.own, bool(login.unified), login.registers) == ("password", False, True, f"http://{SSO}/cas/register")
    assert accounts.systems()[0].registration.form == "password" and accounts.apart(INTERACTIVE) == () and not accounts.stopped
    assert (visit.folder / login.shot).stat().st_size > 1000 and not asked.sent()
    assert len([path for path in asked.of(SSO) if path == "/cas/login"]) == 1, "each address is opened once"


def test_two_hosts_that_hand_over_to_one_identity(visit):
    pages = site(hdjl=link("/user/login.html"), xzxx=MAILBOX_LINK) | IDENTITY
    pages |= {"/user/login.html": moved(f"http://{SSO}/cas/login?service=1"), f"{HD}/member/login.html": moved(f"http://{SSO}/cas/login?service=2")}
    accounts, _ = visit(pages)
    assert systems(accounts) == {SSO: ("互动交流", "县长信箱")}


def test_two_separate_systems(visit):
    accounts, _ = visit(site(hdjl=link("/user/login.html"), xzxx=MAILBOX_LINK) | OWN | MAILBOX)
    assert systems(accounts) == {HOST.removeprefix("www."): ("互动交流",), HD: ("县长信箱",)}
    apart = accounts.apart(INTERACTIVE)
    assert [one.registration.final_url for one in apart] == [f"http://{HOST}/user/register.html", f"http://{HD}/member/register.html"]


def test_a_second_form_whose_registration_is_the_first_systems(visit):
    mailbox = {f"{HD}/member/login.html": login_form("县长信箱登录", f"http://{HOST}/user/register.html")}
    accounts, _ = visit(site(hdjl=link("/user/login.html"), xzxx=MAILBOX_LINK) | OWN | mailbox)
    assert len(accounts.systems()) == 1 and accounts.apart(INTERACTIVE) == ()


def test_a_second_form_that_also_takes_the_identity(visit):
    mailbox = {f"{HD}/member/login.html": login_form("县长信箱登录", "/member/register.html", f'<a href="http://{SSO}/cas/login?service=x">统一身份认证登录</a>')}
    accounts, _ = visit(site(hdjl=link("/user/login.html"), xzxx=MAILBOX_LINK) | OWN | MAILBOX | mailbox | IDENTITY)
    assert len(accounts.systems()) == 2 and accounts.apart(INTERACTIVE) == ()


def test_the_platform_of_the_province(visit):
    zwfw = {f"{ZWFW}/": "<html><head><meta charset=utf-8><title>某省政务服务网</title></head><body><a href='/login'>登录</a></body></html>",
            f"{ZWFW}/login": login_form("某省政务服务网用户登录", "/reg")}
    accounts, _ = visit(site(hdjl=link("/user/login.html"), bsfw=link(f"http://{ZWFW}/login", "在线办理")) | OWN | zwfw)
    assert systems(accounts, *INTERACTIVE) == {HOST.removeprefix("www."): ("互动交流",)}
    assert accounts.systems(("办事服务",))[0].unified and accounts.apart((*INTERACTIVE, "办事服务", "依申请公开"))


def test_petitions_and_staff_are_not_counted(visit):
    petitions = {f"{XF}/login": login_form("网上信访用户登录", "/reg"), f"{OA}/login": login_form("办公系统")}
    body = link(f"http://{XF}/login", "网上信访登录") + link(f"http://{OA}/login", "OA登录") + link("/cms/login.html", "后台管理登录")
    accounts, asked = visit(site(hdjl=link("/user/login.html") + body, home='<a href="http://mail.town.gov.cn/">邮箱登录</a>') | OWN | petitions)
    assert {login.section for login in accounts.counted} == {"互动交流"} and len(accounts.systems()) == 1
    assert [login.text for login in accounts.logins if login.special] == ["网上信访登录"]
    assert not asked.of(XF) and not asked.of(OA) and "/cms/login.html" not in asked.of(HOST)


def test_a_login_in_a_frame_of_another_host(visit):
    frame = f'<iframe src="http://{HD}/member/login.html" width="400" height="300"></iframe>'
    accounts, _ = visit(site(xzxx=frame) | MAILBOX)
    assert systems(accounts) == {HD: ("县长信箱",)} and accounts.systems()[0].registration


SCRIPTED = {
    "another page": ("<a href='javascript:;' id='login' onclick=\"location.href='/user/' + 'login.html'\">登录</a>", f"http://{HOST}/user/login.html"),
    "a window": ("<button onclick=\"window.open('/user/' + 'login.html')\">用户登录</button>", f"http://{HOST}/user/login.html"),
    "a layer": (
        "<span class='login-btn' onclick=\"document.getElementById('layer').style.display='block'\">登录</span>"
        "<div id='layer' style='display:none'><form>用户名<input name=a>密码<input type=password name=b><button type=button>登录</button></form></div>",
        f"http://{HOST}/xzxx/",
    ),
}


@pytest.mark.parametrize(("body", "arrived"), SCRIPTED.values(), ids=SCRIPTED)
def test_what_only_a_script_opens(visit, body, arrived):
    accounts, _ = visit(site(xzxx=body) | OWN)
    assert [(login.section, login.kind, login.form, login.final_url) for login in accounts.logins][:1] == [("县长信箱", "login", "password", arrived)]


def test_the_same_layer_in_every_column_is_one_system(visit):
    accounts, _ = visit(site(hdjl=SCRIPTED["a layer"][0], xzxx=SCRIPTED["a layer"][0]) | OWN)
    assert systems(accounts) == {HOST.removeprefix("www."): ("互动交流", "县长信箱")}


def test_a_letter_that_asks_to_log_in(visit):
    gate = {"/write.html": moved("/user/login.html?back=1")}
    accounts, _ = visit(site(xzxx=link("/write.html", "我要写信"), hdjl=link("/free.html", "我要咨询")) | OWN | gate | {"/free.html": site()["/hdjl/"]})
    assert [(login.section, login.text, login.gate) for login in accounts.logins if login.kind == "login"] == [("县长信箱", "我要写信", True)]


def test_a_notice_before_the_form(visit):
    notice = {"/write.html": "<html><meta charset=utf-8><body><p>写信须先登录，请<a href='/user/login.html'>点击登录</a></p></body></html>"}
    accounts, _ = visit(site(xzxx=link("/write.html", "我要写信")) | OWN | notice)
    assert "县长信箱" in systems(accounts)[HOST.removeprefix("www.")] and len(systems(accounts)) == 1


def test_no_login_anywhere(visit):
    query = "<form>信件编号<input name=n>查询密码<input type=password name=p><button>查询</button></form>"
    accounts, _ = visit(site(xzxx=query, hdjl="<p>来信请寄县政府办公室。</p>"))
    assert accounts == Accounts()


def test_faults_of_entrances(visit):
    def fails(request: Request) -> bytes:
        return b"HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\noops"

    accounts, _ = visit(site(hdjl=link("/gone/login.html"), xzxx=link("/broken/login.html"), ysqgk=link("/bare/login.html")) | {
        "/broken/login.html": fails, "/bare/login.html": "<html><meta charset=utf-8><body><p>欢迎来到某县人民政府网站用户中心，请稍后再来。</p></body></html>"})
    assert {login.section: (str(login.unread.reason), login.unread.detail[:8]) for login in accounts.logins} == {
        "互动交流": ("http-error", "HTTP 404"), "县长信箱": ("http-error", "HTTP 500"), "依申请公开": ("unclear", "“登录”打开后没有"[:8]),
    }
    assert [str(gap.blame) for gap in accounts.gaps()] == ["site", "person"]


def test_what_stands_on_every_page_is_the_home_pages(visit):
    pages = {path: html.replace("<h1>", '<a href="/user/login.html">登录</a><h1>') if isinstance(html, str) else html for path, html in site(xzxx=MAILBOX_LINK).items()}
    accounts, _ = visit(pages | OWN | MAILBOX)
    assert systems(accounts) == {HOST.removeprefix("www."): ("首页",), HD: ("县长信箱",)}
    assert systems(accounts, *INTERACTIVE) == {HD: ("县长信箱",)}
