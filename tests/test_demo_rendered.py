"""The demo as a visitor's browser shows it: scripts run, nothing is missing, the bottom of every page is complete."""
from datetime import date
from urllib.parse import urljoin

import pytest
from playwright.sync_api import sync_playwright

from pytest_govsite.demo import World
from pytest_govsite.demo.county import CODE, HOST, NAME
from pytest_govsite.gather.installed import find_chromium

DAY = date(2026, 11, 20)
HOME = f"https://{HOST}/"
PAGES = {
    "home": "/",
    "news list": "/zwyw/",
    "pictures": "/tpxw/",
    "notices": "/col/col16/index.html",
    "policies": "/zfxxgk/zcwj.htm",
    "news": "",  # its address changes with the day
    "a guide": "/zwfw/bszn/101.htm",
    "mailbox": "/hdjl/xzxx/",
    "GBK": "/gywm/lxwm.html",
    "search": "/search/s?searchWord=公交",
    "from an interface": "/gkmlpt/5812/index.html",
    "another system": "/c102424/list.shtml",
    "topics": "/ztzl/",
}
ENTRY = "#_span_jiucuo img, a[href*='jiucuo.html'] img"
PARTY_MARK = "a[href*='bszs.conac.cn'] img"


@pytest.fixture(scope="module")
def world():
    with World(DAY, clean=True) as world:
        yield world


@pytest.fixture(scope="module")
def tab(world):
    rules = f"MAP *:443 127.0.0.1:{world.nat[443]},MAP *:80 127.0.0.1:{world.nat[80]}"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=[f"--host-resolver-rules={rules}"])
        yield browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 900}).new_page()
        browser.close()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_pages_are_whole(world, tab, path):
    amiss = []
    tab.on("requestfailed", lambda request: amiss.append(request.url))
    tab.on("response", lambda response: response.status >= 400 and amiss.append(response.url))
    tab.on("pageerror", lambda error: amiss.append(str(error)))
    tab.goto(urljoin(HOME, path or world.county.lists["政务要闻"][0].path), wait_until="networkidle", timeout=20_000)
    text = tab.inner_text("body")
    assert not amiss
    for words in (CODE, "公网安备", "ICP备", "主办", "0800-5550100"):
        assert words in text, f"{words} does not show"
    assert tab.locator(ENTRY).first.is_visible() and tab.locator(PARTY_MARK).first.is_visible()
    assert NAME in tab.title() and tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


# path -> what only a script, a frame or a detour shows
DRAWN = {
    "records of a data store": ("/col/col17/index.html", "2026-11-16"),
    "an interface": ("/gkmlpt/5813/index.html", "2026-11-13"),
    "leaders": ("/zfxxgk/ldzc/", "钱牧德"),
    "pager": ("/bmdt/", "尾页"),
    "refresh": ("/zwdt/", "您当前的位置"),
    "redirect by script": ("/zfxxgk/", "法定主动公开内容"),
    "GBK that no header names": ("/bmxx/", "寒潮天气便民提示"),
}


@pytest.mark.parametrize("path, words", DRAWN.values(), ids=DRAWN)
def test_scripts_bring_what_the_page_does_not_hold(tab, path, words):
    tab.goto(urljoin(HOME, path), wait_until="networkidle", timeout=20_000)
    tab.wait_for_function("words => document.body.innerText.includes(words)", arg=words, timeout=10_000)


def test_charts_are_drawn(world, tab):
    tab.goto(urljoin(HOME, world.county.lists["数据发布"][0].path), wait_until="networkidle", timeout=20_000)
    assert tab.locator("#chart canvas").bounding_box()["width"] > 300


def test_tabs_of_the_home_page_turn(tab):
    tab.goto(HOME, wait_until="networkidle", timeout=20_000)
    lists = tab.locator("ul.tab")
    assert lists.nth(0).is_visible() and lists.nth(1).is_hidden()
    tab.hover("#tabs b >> nth=1", timeout=5_000)
    assert lists.nth(0).is_hidden() and lists.nth(1).is_visible()


def test_search_is_used_from_the_home_page(tab):
    tab.goto(HOME, wait_until="networkidle", timeout=20_000)
    tab.fill("#searchWord", "校车使用许可")
    with tab.expect_popup(timeout=10_000) as opened:
        tab.click(".search button", timeout=5_000)
    opened.value.wait_for_selector(".jsearch-result-box", timeout=10_000)
    assert "为您找到相关结果" in opened.value.inner_text("body") and opened.value.locator("em").count()
