"""Logins of invented sites in real Chromium: where the entrances lead, and how many account systems there are."""
from functools import partial

import pytest
from login_towns import HD, HOST, OA, SSO, XF, ZWFW, Visitor, login_form, moved, register_form, site
from servers import answer
from side_by_side import Row

from pytest_govsite.model.accounts import Accounts

INTERACTIVE = ("互动交流", "咨询建言", "调查征集", "在线访谈")


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


FRAME = f'<iframe src="http://{HD}/member/login.html" width="400" height="300"></iframe>'
LAYER = (
    "<span class='login-btn' onclick=\"document.getElementById('layer').style.display='block'\">登录</span>"
    "<div id='layer' style='display:none'><form>用户名<input name=a>密码<input type=password name=b><button type=button>登录</button></form></div>"
)
SCRIPTED = {
    # what stands in the column, where a click on it leads
    "another page": ("<a href='javascript:;' id='login' onclick=\"location.href='/user/' + 'login.html'\">登录</a>", "/user/login.html"),
    "a window": ("<button onclick=\"window.open('/user/' + 'login.html')\">用户登录</button>", "/user/login.html"),
    "a layer": (LAYER, "/xzxx/"),
}
TWO = site(hdjl=link("/user/login.html"), xzxx=MAILBOX_LINK) | OWN  # two blocks, each with a login of its own
SERVICES = {
    f"{ZWFW}/": "<html><head><meta charset=utf-8><title>某省政务服务网</title></head><body><a href='/login'>登录</a></body></html>",
    f"{ZWFW}/login": login_form("某省政务服务网用户登录", "/reg"),
}
PETITIONS = {f"{XF}/login": login_form("网上信访用户登录", "/reg"), f"{OA}/login": login_form("办公系统")}
QUERY = "<form>信件编号<input name=n>查询密码<input type=password name=p><button>查询</button></form>"
BARE = "<html><meta charset=utf-8><body><p>欢迎来到某县人民政府网站用户中心，请稍后再来。</p></body></html>"


def everywhere(pages: dict) -> dict:
    """The same pages with a login at the head of each."""
    return {path: html.replace("<h1>", '<a href="/user/login.html">登录</a><h1>') if isinstance(html, str) else html for path, html in pages.items()}


TOWNS = {
    "one identity": IDENTITY | site(
        hdjl=link(f"http://{SSO}/cas/login?service=a"), xzxx=link(f"http://{SSO}/cas/login?service=b"), bsfw=link(f"http://{SSO}/cas/login?service=c"),
    ),
    "handed over": TWO | IDENTITY | {
        "/user/login.html": moved(f"http://{SSO}/cas/login?service=1"), f"{HD}/member/login.html": moved(f"http://{SSO}/cas/login?service=2"),
    },
    "two systems": TWO | MAILBOX,
    "one registration": TWO | {f"{HD}/member/login.html": login_form("县长信箱登录", f"http://{HOST}/user/register.html")},
    "takes the identity": TWO | MAILBOX | IDENTITY | {
        f"{HD}/member/login.html": login_form("县长信箱登录", "/member/register.html", f'<a href="http://{SSO}/cas/login?service=x">统一身份认证登录</a>'),
    },
    "the province": site(hdjl=link("/user/login.html"), bsfw=link(f"http://{ZWFW}/login", "在线办理")) | OWN | SERVICES,
    "petitions and staff": OWN | PETITIONS | site(
        hdjl=link("/user/login.html") + link(f"http://{XF}/login", "网上信访登录") + link(f"http://{OA}/login", "OA登录") + link("/cms/login.html", "后台管理登录"),
        home='<a href="http://mail.town.gov.cn/">邮箱登录</a>',
    ),
    "a frame": site(xzxx=FRAME) | MAILBOX,
    **{way: site(xzxx=body) | OWN for way, (body, _) in SCRIPTED.items()},
    "the same layer": site(hdjl=LAYER, xzxx=LAYER) | OWN,
    "a letter": site(xzxx=link("/write.html", "我要写信"), hdjl=link("/free.html", "我要咨询")) | OWN | {
        "/write.html": moved("/user/login.html?back=1"), "/free.html": site()["/hdjl/"],
    },
    "a notice": site(xzxx=link("/write.html", "我要写信")) | OWN | {
        "/write.html": "<html><meta charset=utf-8><body><p>写信须先登录，请<a href='/user/login.html'>点击登录</a></p></body></html>",
    },
    "none": site(xzxx=QUERY, hdjl="<p>来信请寄县政府办公室。</p>"),
    "faults": site(hdjl=link("/gone/login.html"), xzxx=link("/broken/login.html"), ysqgk=link("/bare/login.html")) | {
        "/broken/login.html": answer(b"oops", "500 Oops"), "/bare/login.html": BARE,
    },
    "everywhere": everywhere(site(xzxx=MAILBOX_LINK)) | OWN | MAILBOX,
}


@pytest.fixture(scope="module")
def visitor(tmp_path_factory):
    visitor = Visitor(tmp_path_factory.mktemp("results"))
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def visit(visitor):
    """(Accounts, what was asked) of a town."""
    with Row({name: partial(visitor.begin, f"town-{number}", pages) for number, (name, pages) in enumerate(TOWNS.items())}) as row:
        yield row


def test_one_identity_of_another_host(visit, visitor):
    accounts, asked = visit("one identity")
    assert systems(accounts) == {SSO: ("互动交流", "县长信箱", "办事服务")}
    login = accounts.logins[0]
    assert (login.form, login.own, bool(login.unified), login.registers) == ("password", False, True, f"http://{SSO}/cas/register")
    assert accounts.systems()[0].registration.form == "password" and accounts.apart(INTERACTIVE) == () and not accounts.stopped
    assert (visitor.folder / login.shot).stat().st_size > 1000 and not asked.sent()
    assert len([path for path in asked.of(SSO) if path == "/cas/login"]) == 1, "each address is opened once"


def test_two_hosts_that_hand_over_to_one_identity(visit):
    accounts, _ = visit("handed over")
    assert systems(accounts) == {SSO: ("互动交流", "县长信箱")}


def test_two_separate_systems(visit):
    accounts, _ = visit("two systems")
    assert systems(accounts) == {HOST.removeprefix("www."): ("互动交流",), HD: ("县长信箱",)}
    apart = accounts.apart(INTERACTIVE)
    assert [one.registration.final_url for one in apart] == [f"http://{HOST}/user/register.html", f"http://{HD}/member/register.html"]


def test_a_second_form_whose_registration_is_the_first_systems(visit):
    accounts, _ = visit("one registration")
    assert len(accounts.systems()) == 1 and accounts.apart(INTERACTIVE) == ()


def test_a_second_form_that_also_takes_the_identity(visit):
    accounts, _ = visit("takes the identity")
    assert len(accounts.systems()) == 2 and accounts.apart(INTERACTIVE) == ()


def test_the_platform_of_the_province(visit):
    accounts, _ = visit("the province")
    assert systems(accounts, *INTERACTIVE) == {HOST.removeprefix("www."): ("互动交流",)}
    assert accounts.systems(("办事服务",))[0].unified and accounts.apart((*INTERACTIVE, "办事服务", "依申请公开"))


def test_petitions_and_staff_are_not_counted(visit):
    accounts, asked = visit("petitions and staff")
    assert {login.section for login in accounts.counted} == {"互动交流"} and len(accounts.systems()) == 1
    assert [login.text for login in accounts.logins if login.special] == ["网上信访登录"]
    assert not asked.of(XF) and not asked.of(OA) and "/cms/login.html" not in asked.of(HOST)


def test_a_login_in_a_frame_of_another_host(visit):
    accounts, _ = visit("a frame")
    assert systems(accounts) == {HD: ("县长信箱",)} and accounts.systems()[0].registration


@pytest.mark.parametrize("way", SCRIPTED)
def test_what_only_a_script_opens(visit, way):
    accounts, _ = visit(way)
    first = [(login.section, login.kind, login.form, login.final_url) for login in accounts.logins][:1]
    assert first == [("县长信箱", "login", "password", f"http://{HOST}{SCRIPTED[way][1]}")]


def test_the_same_layer_in_every_column_is_one_system(visit):
    accounts, _ = visit("the same layer")
    assert systems(accounts) == {HOST.removeprefix("www."): ("互动交流", "县长信箱")}


def test_a_letter_that_asks_to_log_in(visit):
    accounts, _ = visit("a letter")
    assert [(login.section, login.text, login.gate) for login in accounts.logins if login.kind == "login"] == [("县长信箱", "我要写信", True)]


def test_a_notice_before_the_form(visit):
    accounts, _ = visit("a notice")
    assert "县长信箱" in systems(accounts)[HOST.removeprefix("www.")] and len(systems(accounts)) == 1


def test_no_login_anywhere(visit):
    accounts, _ = visit("none")
    assert accounts == Accounts()


def test_faults_of_entrances(visit):
    accounts, _ = visit("faults")
    assert {login.section: (str(login.unread.reason), login.unread.detail[:8]) for login in accounts.logins} == {
        "互动交流": ("http-error", "HTTP 404"), "县长信箱": ("http-error", "HTTP 500"), "依申请公开": ("unclear", "“登录”打开后没有"[:8]),
    }
    assert [str(gap.blame) for gap in accounts.gaps()] == ["site", "person"]


def test_what_stands_on_every_page_is_the_home_pages(visit):
    accounts, _ = visit("everywhere")
    assert systems(accounts) == {HOST.removeprefix("www."): ("首页",), HD: ("县长信箱",)}
    assert systems(accounts, *INTERACTIVE) == {HD: ("县长信箱",)}
