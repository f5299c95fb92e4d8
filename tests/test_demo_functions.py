"""What a visitor does on the demo: searches in every way that it is built, logs in once, follows a link. Served pages, then Chromium."""
import json
from contextlib import contextmanager
from datetime import date
from functools import partial
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

import pytest
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.demo import World, below
from pytest_govsite.demo.county import CODE, HOST
from pytest_govsite.demo.faults import chosen
from pytest_govsite.demo.functions import INNER
from pytest_govsite.demo.search import TABS
from pytest_govsite.gather.installed import find_chromium
from visitors import ask, follow, records, together, visit

DAY = date(2026, 11, 20)
HOME = f"https://{HOST}/"
RESULT = ".jsearch-result-title"


@pytest.fixture(scope="module")
def world():
    with World(DAY, clean=True) as world:
        yield world


def tree(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


def test_search_finds_every_title_on_its_first_page(world):
    county = world.county
    titles = {a.title: a.path for a in county.articles} | {g["name"]: g["path"] for g in county.guides}
    titles |= {one.title: one.url for one in below.items(DAY)}
    for title, page in together(partial(results, world), titles).items():
        path = titles[title]
        assert urljoin(HOME, path) in [hit_of(node) for node in page.css("#jsearch-result-items a")], title
        assert page.css_first("#jsearch-result-items em") and [node.text() for node in page.css(".tabs a")] == list(TABS)


def results(world, word: str) -> LexborHTMLParser:
    """What the script of the result page draws."""
    text = visit(world, urljoin(HOME, f"/search/info?siteCode={CODE}&searchWord={quote(word)}")).text
    return tree(json.loads(text)["result"])


def hit_of(node) -> str:
    """Where a wrapped link leads."""
    return parse_qs(urlsplit(node.attributes["href"]).query)["url"][0]


def test_a_wrapped_result_leads_to_its_page_and_to_nobody_else(world):
    for title, url in ((GUIDE_NAME, urljoin(HOME, "/zwfw/bszn/104.htm")), (below.items(DAY)[2].title, below.items(DAY)[2].url)):
        link = urljoin(HOME, results(world, title).css_first("#jsearch-result-items a").attributes["href"])
        assert visit(world, link).location == url and title in visit(world, url).text
    assert visit(world, urljoin(HOME, "/search/link.do?url=https%3A%2F%2Fwww.python.org%2F")).location == HOME


def test_results_of_any_kind_of_page_say_the_same(world):
    """Drawn by a script, written into the page, in a frame, on another host: one search."""
    hits = {"info": results(world, GUIDE_NAME).css(".jsearch-result-title")}
    hits["frame"] = tree(visit(world, urljoin(HOME, f"/search/inner.html?searchWord={quote(GUIDE_NAME)}")).text).css(".jsearch-result-title")
    with World(DAY, faults=["trap:layer"]) as other:
        for base in (HOME, "https://so.demo.gov.cn/"):
            answer = visit(other, f"{base}search/s?searchWord={quote(GUIDE_NAME)}")
            hits[base] = tree(answer.text).css(".jsearch-result-title")
    texts = {name: [node.text() for node in nodes] for name, nodes in hits.items()}
    assert all(texts.values()) and len(set(map(tuple, texts.values()))) == 1


GUIDE_NAME = "校车使用许可"
SEARCHES = {
    "by class": ("公交&column=互动交流", 1),
    "in other words": ("城区公交路线调整", 1),
    "a service": ("校车使用许可", 1),
    "nothing": ("", 0),
    "nonsense": ("魑魅魍魉", 0),
    "markup": ("<script>alert(1)</script>", 0),
    "a pattern": ("(.*", 0),
}


@pytest.mark.parametrize("word, least", SEARCHES.values(), ids=SEARCHES)
def test_search_of_any_word(world, word, least):
    text = visit(world, urljoin(HOME, f"/search/inner.html?searchWord={word}")).text
    assert len(tree(text).css(".jsearch-result-box")) >= least and "<script>alert" not in text
    assert ("没有找到" in text) == (word in ("魑魅魍魉", "(.*", "<script>alert(1)</script>"))


def found_by(world, word: str) -> list[str]:
    """Addresses of the results for a word."""
    return [hit_of(node) for node in results(world, word).css(f"{RESULT} a")]


def test_the_subordinate_site_stands_for_itself(world):
    assert world.site.below == ((below.NAME, below.URL),)
    rows = tree(visit(world, below.URL).text).css("li")
    assert len(rows) == 8 and all(str(one.day) in row.text() for one, row in zip(below.items(DAY), rows, strict=True))
    assert str(below.items(DAY)[0].day) in visit(world, below.items(DAY)[0].url).text


NEWS, OLD_NEWS, LOWER = "全县安全生产工作会议召开", "关于行政执法主体和人员信息的公示", "关于评选县级书香校园的公告"
# fault -> words that find their page, words that do not
SPOILT = {
    "site-search.1:empty-index": ((), (NEWS, "校车使用许可", LOWER)),
    "site-search.2:services": ((NEWS, OLD_NEWS, LOWER), ("校车使用许可", "城镇供水报装")),
    "site-search.2:index": (("校车使用许可", OLD_NEWS, LOWER), (NEWS, "关于县级河长湖长名单调整的公示")),
    "site-search.3:plain": ((NEWS, "校车使用许可", LOWER), ()),
    "smart-search.1:exact": ((NEWS, "校车使用许可", LOWER), ("安全生产工作会议", "全县安全生产工作会议召升", "公交")),
    "smart-search.2:no-card": ((NEWS, "校车使用许可", LOWER, "校车"), ()),
    "smart-search.3:own": ((NEWS, "校车使用许可"), (LOWER,)),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_search_finds_what_it_still_knows(fault):
    found, absent = SPOILT[fault]
    with World(DAY, faults=[fault]) as spoilt:
        assert all(found_by(spoilt, word) for word in found)
        assert not any(found_by(spoilt, word) for word in absent)
        page = results(spoilt, "校车使用许可")
        assert bool(page.css(".tabs a")) == (fault != "site-search.3:plain")
        assert bool(page.css(".card")) == (fault not in ("smart-search.2:no-card", "site-search.2:services", "site-search.1:empty-index"))


# fault -> status and words of the result page
BROKEN = {
    "site-search.1:dead-404": (404, "404"),
    "site-search.1:dead-500": (500, "系统异常"),
    "site-search.1:error-page": (200, "系统异常"),
    "site:search-wall": (412, "安全验证"),
    "site:search-captcha": (200, "请输入验证码"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_search_is_broken_behind_a_whole_home_page(fault):
    status, words = BROKEN[fault]
    with World(DAY, faults=[fault]) as broken:
        answer = visit(broken, urljoin(HOME, "/search/s?searchWord=通知"))
        assert answer.status == status and words in answer.text
        assert 'name="searchWord"' in visit(broken, HOME).text


def test_without_search_no_page_has_a_box():
    with World(DAY, faults=["site-search.1:absent"]) as bare:
        for path in ("/", "/zwyw/", "/col/col16/index.html", "/sjfb.htm", "/c102425/list.shtml"):
            assert "searchWord" not in visit(bare, urljoin(HOME, path)).text and "search_box.js" not in visit(bare, urljoin(HOME, path)).text


@pytest.mark.parametrize("variant", INNER)
def test_dead_links_of_inner_pages_stand_there_and_not_at_home(variant):
    places = {"gone": "/hdjl/", "attachment": "/zwfw/bszn/101.htm", "image": "/zwyw/", "no-host": "/hdjl/", "soft-404": "/sjfb.htm"}
    with World(DAY, faults=[f"links.2:{variant}"]) as world:
        path, url = places[variant], INNER[variant]
        assert url in visit(world, urljoin(HOME, path)).text and url not in visit(world, HOME).text
        if variant == "no-host":
            assert not records(ask(world, urlsplit(url).hostname))
        else:
            assert follow(world, url).status == (200 if variant == "soft-404" else 404)


# block -> page whose login leads to the unified identity
ENTRANCES = {"互动交流": "/hdjl/", "县长信箱": "/hdjl/xzxx/", "我要写信": "/hdjl/xzxx/write.html", "政务服务": "/zwfw/", "依申请公开": "/col/col34/index.html"}


@pytest.mark.parametrize("path", ENTRANCES.values(), ids=ENTRANCES)
def test_every_block_leads_to_one_identity(world, path):
    for link in entrances(world, path):
        reached = follow(world, link)
        assert urlsplit(reached.url).hostname == "sso.shili.gov.cn" and "统一身份认证" in reached.text


def entrances(world, path: str) -> list[str]:
    links = tree(visit(world, urljoin(HOME, path)).text).css(".hint a")
    found = [urljoin(HOME, node.attributes["href"]) for node in links if node.text().startswith(("登录", "注册"))]
    assert len(found) == 2
    return found


def test_two_systems_each_have_a_form_and_a_registration():
    with World(DAY, faults=["unified-login.1:two"]) as world:
        reached = {urlsplit(link).hostname: follow(world, link).text for path in ENTRANCES.values() for link in entrances(world, path)}
        assert set(reached) == {HOST, "wlwz.demo.gov.cn"}
        for host, path in ((HOST, "/user/login.html"), ("wlwz.demo.gov.cn", "/member/login.html")):
            page = tree(visit(world, f"https://{host}{path}").text)
            register = urljoin(f"https://{host}{path}", page.css_first("form a").attributes["href"])
            assert page.css_first("input[type=password]") and "统一" not in page.body.text()
            assert "注册" in visit(world, register).text


OTHERS = {
    "petitions": "https://xf.shili.gov.cn/login.html",
    "their registration": "https://xf.shili.gov.cn/register.html",
    "staff": f"{HOME}cms/login.html",
    "mail": "https://mail.demo.gov.cn/",
}


@pytest.mark.parametrize("url", OTHERS.values(), ids=OTHERS)
def test_other_logins_are_not_the_users(world, url):
    assert tree(visit(world, url).text).css_first("input[type=password]")


def test_only_the_right_password_gives_a_ticket(world):
    name, password = world.account
    form = urljoin("https://sso.shili.gov.cn/", "/cas/login?" + urlencode({"service": f"{HOME}user/back.html?from=hdjl"}))
    wrong = visit(world, f"{form}&username={name}&password=falsch")
    right = visit(world, f"{form}&{urlencode({'username': name, 'password': password})}")
    assert wrong.status == 200 and "用户名或密码错误" in wrong.text and "set-cookie" not in wrong.headers
    assert right.status == 302 and "ticket=" in right.location and "HttpOnly" in right.headers["set-cookie"]
    assert visit(world, urljoin(HOME, "/user/")).location.endswith("/user/login.html")


def test_other_ways_are_chosen_like_faults_and_are_none():
    assert chosen(["trap:post"]) == {"trap:post"}
    with World(DAY, faults=["trap:ipv6-links", "trap:ns-without-ipv6"]) as world:
        inner = urljoin(HOME, "/col/col16/index.html")
        assert [visit(world, url, family).status for url in (HOME, inner) for family in (4, 6)] == [200, 200, 200, 404]
        assert not records(ask(world, "ns1.demo.gov.cn", "AAAA")) and records(ask(world, HOST, "AAAA"))


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as driver:
        yield driver.chromium


@contextmanager
def browsing(chromium, world):
    rules = f"MAP *:443 127.0.0.1:{world.nat[443]},MAP *:80 127.0.0.1:{world.nat[80]}"
    browser = chromium.launch(executable_path=find_chromium(), args=[f"--host-resolver-rules={rules}"])
    tab = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 900}).new_page()
    tab.set_default_timeout(10_000)
    tab.goto(HOME, wait_until="networkidle", timeout=20_000)
    yield tab
    browser.close()


def test_the_box_complains_about_quotes_and_opens_a_window(world, chromium):
    said = []
    with browsing(chromium, world) as tab:
        tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
        assert tab.input_value("#searchWord") == "请输入关键词" and not tab.locator("input[type=text] >> nth=0").is_visible()
        tab.click(".search button")
        tab.fill("#searchWord", "it's")
        tab.press("#searchWord", "Enter")
        tab.fill("#searchWord", GUIDE_NAME)
        with tab.expect_popup() as opened:
            tab.press("#searchWord", "Enter")
        assert GUIDE_NAME in opened.value.inner_text(RESULT) and opened.value.locator(".card").is_visible()
        with opened.value.expect_popup() as article:
            opened.value.click(f"{RESULT} a")
        article.value.wait_for_load_state()
        assert article.value.url.endswith("/zwfw/bszn/104.htm")
    assert said == ["请输入关键词", "关键词含有非法字符，请重新输入"]


def by_picture(tab):
    tab.fill("#searchWord", GUIDE_NAME)
    tab.click(".search input[type=image]")
    return tab.frame_locator("iframe[title=results]")


def by_window(tab):
    tab.fill("#searchWord", GUIDE_NAME)
    with tab.expect_popup() as opened:
        tab.press("#searchWord", "Enter")
    return opened.value


def by_icon(tab):
    tab.click(".search-icon")
    tab.fill("#searchWord", GUIDE_NAME)
    tab.press("#searchWord", "Enter")
    return tab


def by_link(tab):
    with tab.expect_popup() as opened:
        tab.click(".search-icon")
    opened.value.fill(".wide [name=searchWord]", GUIDE_NAME)
    opened.value.press(".wide [name=searchWord]", "Enter")
    return opened.value


def by_frame(tab):
    tab.frame_locator(".search-frame").locator("[name=searchWord]").fill(GUIDE_NAME)
    with tab.expect_popup() as opened:
        tab.frame_locator(".search-frame").locator("button").click()
    opened.value.wait_for_url("https://so.demo.gov.cn/**")
    return opened.value


BY_HAND = {"trap:post": by_picture, "trap:window": by_window, "trap:layer": by_icon, "trap:link": by_link, "trap:host": by_frame}


@pytest.mark.parametrize("way", BY_HAND)
def test_every_way_to_search_ends_at_the_same_result(chromium, way):
    with World(DAY, faults=[way]) as world, browsing(chromium, world) as tab:
        assert GUIDE_NAME in BY_HAND[way](tab).locator(RESULT).inner_text(timeout=10_000)


def log_in(world, tab) -> None:
    tab.goto(urljoin(HOME, "/hdjl/xzxx/"))
    tab.click("#user a >> nth=0")
    for name, value in zip(("username", "password"), world.account, strict=True):
        tab.fill(f"[name={name}]", value)
    tab.click("button")
    tab.wait_for_url(urljoin(HOME, "/hdjl/xzxx/"))


# fault -> blocks that do not know who has logged in
FORGETFUL = {"": set(), "one-login.1:forgets": {"/col/col34/index.html"}}


@pytest.mark.parametrize("fault", FORGETFUL)
def test_who_logs_in_once_is_known_everywhere_but_where_a_fault_says_so(chromium, fault):
    with World(DAY, faults=[fault] if fault else []) as world, browsing(chromium, world) as tab:
        log_in(world, tab)
        strange = set()
        for path in ("/", "/hdjl/", "/zwfw/", "/col/col34/index.html"):
            tab.goto(urljoin(HOME, path), wait_until="networkidle")
            if world.account[0] not in tab.inner_text("#user"):
                strange.add(path)
                tab.click("#user a >> nth=0")
                assert tab.locator("input[type=password]").is_visible()
        assert strange == FORGETFUL[fault]


@pytest.mark.parametrize("fault", ["", "user-space.1:no-history"])
def test_the_users_own_page_lists_what_the_user_did(chromium, fault):
    with World(DAY, faults=[fault] if fault else []) as world, browsing(chromium, world) as tab:
        log_in(world, tab)
        tab.click("#user a >> nth=0")
        tab.wait_for_url(urljoin(HOME, "/user/"))
        assert ("我的办件（1）" in tab.inner_text("body")) == (not fault)
