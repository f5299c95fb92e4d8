"""Entrances, login pages and the user's own page, against tables of habits: tests/cases/reading/<reader>.toml."""
import tomllib
from pathlib import Path

import pytest

from pytest_govsite.reading import login_page, logins, user_page

FOLDER = Path(__file__).parent / "cases" / "reading"
HOST = "http://www.yunshan.gov.cn"


def cases(reader: str):
    """The cases of a reader, by name."""
    found = tomllib.loads((FOLDER / f"{reader}.toml").read_text(encoding="utf-8"))["case"]
    assert len({case["name"] for case in found}) == len(found), f"{reader}: two cases of one name"
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


@cases("logins")
def test_entrances(case):
    found = logins.read_entrances(f"<html><body>{case['html']}</body></html>", f"{HOST}/hdjl/index.html")
    assert [f"{'! ' if one.special else ''}{one.kind} | {one.text} | {one.url.removeprefix(HOST)}" for one in found] == case["entrances"]


@cases("login_page")
def test_login_page(case):
    url = case.get("url", f"{HOST}/user/login.html")
    found = login_page.read_login_page(f"<html><body>{case['html']}</body></html>", url)
    assert found == login_page.LoginPage(**case.get("want", {}))
    if "system" in case:
        assert login_page.system_of(url, found.unified if found.identity else "") == case["system"]


@pytest.mark.parametrize("html, known", [
    ("您好，<b>张三</b> <a href='/logout'>退出</a>", True), ("<a>安全退出</a>", True), ("<button>退出登录</button>", True), ("<span>[注销]</span>", True),
    ("<a hidden>退出</a>", False), ("<a href='/login'>登录</a>", False), ("<a>营业执照注销</a>", False), ("<p>您好，欢迎访问</p>", False),
])
def test_whoever_may_log_out_is_known(html, known):
    assert login_page.knows_visitor(html) is known


@pytest.mark.parametrize("html, words", [
    ("<p>用户名或密码错误，请重试</p>", "用户名或密码错误"), ("<div>账号已锁定</div>", "账号已锁定"), ("<p hidden>密码错误</p>", ""), ("<p>欢迎登录</p>", ""),
])
def test_words_that_turn_away(html, words):
    assert login_page.refusal_in(html) == words


OWN_PAGES = {
    "lists with their entries": ("<h4>我的咨询（2）</h4><ul><li>公交线路调整</li><li>加装电梯的建议</li></ul><h4>我的办件</h4><ul><li>暂无记录</li></ul>",
                                 {"我的咨询": 2, "我的办件": 0}),
    "lists elsewhere": ("<a href='/my/xj'>我的信件</a><a href='/my/bj'>我的办件 (3)</a><a href='/my/pw'>修改密码</a>", {"我的信件": 0, "我的办件": 0}),
    "a table": ("<div>咨询记录</div><table><tr><th>标题</th></tr><tr><td>关于公积金</td></tr></table>", {"咨询记录": 1}),
    "a heading without a list before the next": ("<h4>我的咨询</h4><p>-</p><h4>最新公告</h4><ul><li>关于放假的通知</li></ul>", {"我的咨询": 0}),
    "nothing of the kind": ("<h4>账号信息</h4><ul><li>手机已认证</li></ul><a href='/x'>我的收藏</a>", {}),
}


@pytest.mark.parametrize(("html", "lists"), OWN_PAGES.values(), ids=OWN_PAGES)
def test_lists_of_a_user(html, lists):
    assert {one.name: len(one.entries) for one in user_page.lists_of(html, f"{HOST}/user/")} == lists


def test_entries_of_a_list():
    table = "<table><tr><th>标题</th><th>提交时间</th></tr><tr><td>关于公积金的咨询</td><td>2026-03-04</td></tr><tr><td>关于社保</td><td>2026年5月6日</td></tr></table>"
    assert len(user_page.read_entries(f"{table}<ul><li>上次登录时间：2026-11-20</li><li>今天是2026年11月20日</li></ul>")) == 2
    assert user_page.read_entries("<p>暂无数据</p>") == ()


def test_the_way_to_the_page_of_a_user():
    html = "<a href='/user/'>用户中心</a><a href='/zwfw/'>政务服务中心</a><a href='/user/'>个人中心</a>"
    assert user_page.centres(html, HOST) == (f"{HOST}/user/",)


HOSTILE = {
    "deep": "<div>" * 20_000 + "登录", "fields": "<input type=password>" * 5_000 + "登录", "words": "<a href=x>" + "登录注册" * 20_000,
    "links": "<a href=/login>登录</a>" * 20_000, "spans": "<span class=login>登录" * 5_000, "lists": "<h4>我的咨询</h4><ul><li>" * 3_000,
    "who": "<a>" + "用户会员个人" * 10_000 + "</a>",
}


@pytest.mark.parametrize("html", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_pages_take_no_time(html):
    logins.read_entrances(html, HOST)
    login_page.read_login_page(html, HOST)
    login_page.knows_visitor(html), login_page.refusal_in(html)
    user_page.lists_of(html, HOST), user_page.read_entries(html)
