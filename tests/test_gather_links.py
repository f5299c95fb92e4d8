"""Links of all pages, tried on loopback with real Chromium: what is dead, what only looks so, what is asked and how often."""
import asyncio
import socket
import time
from collections import Counter
from functools import partial

import pytest
from servers import answer, listening, settings
from side_by_side import Row
from towns import HOST, WORDS, article, asked_for, page, rows

from pytest_govsite.gather import links as gatherer
from pytest_govsite.gather import linking_pages, second_look
from pytest_govsite.gather.browser import BrowserGone
from pytest_govsite.gather.heads import ask_heads
from pytest_govsite.gather.http import Fetcher
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.trying import Trying
from pytest_govsite.gather.way import Way
from pytest_govsite.model.evidence import Links
from pytest_govsite.model.missing import Missing, Reason

OTHER, STRANGER = "http://other.town.gov.cn", "http://www.stranger.com"
GONE = answer("页面不存在".encode(), "404 Not Found")
FINE = answer(article("关于民生保障的通知", "发布时间：2026-11-10").encode())
FILE = answer(b"PK\x03\x04", "200 OK", "Content-Disposition: attachment; filename=a.zip")
SALE = answer("<title>stranger.com</title><p>该域名正在出售，有意者请联系</p>".encode())
RICH = answer(page(f"<h2>便民服务指南</h2><p>{WORDS * 9}</p>").encode(), "404 Not Found")
EMPTY_PAGE_404 = answer(b"", "404 Not Found")


@pytest.fixture(scope="module", autouse=True)
def world():
    """The well-known hosts of the control probe can be reached: faults of others are theirs."""
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVSITE_CONTROL", f"127.0.0.1:{server.getsockname()[1]}")
        yield


def unless(sign: str, otherwise: bytes, fine: bytes = FINE):
    """Good for requests whose head has the sign."""
    return lambda path, head: fine if sign in head.lower() else otherwise


def after(*first: bytes):
    """These answers first, then a good one."""
    waiting = list(first)
    return lambda path, head: waiting.pop(0) if waiting else FINE


BROWSER = "upgrade-insecure-requests"
CASES = [
    # name                                    address                  what it answers                                state      said
    ("fine", "/ok.html", FINE, "ok", ""),
    ("gone", "/gone.html", GONE, "dead", "HTTP 404"),
    ("gone for good", "/410.html", answer(b"", "410 Gone"), "dead", "HTTP 410"),
    ("gone without a word", "/empty.html", EMPTY_PAGE_404, "dead", "HTTP 404"),
    ("HEAD refused", "/head.html", lambda path, head: answer(b"", "405 No") if head.startswith("HEAD") else FINE, "ok", ""),
    ("HEAD says 404", "/head404.html", lambda path, head: GONE if head.startswith("HEAD") else FINE, "ok", ""),
    ("for browsers only", "/browsers.html", unless(BROWSER, GONE), "ok", "浏览器能打开"),
    ("a file for browsers only", "/browsers.zip", unless(BROWSER, GONE, FILE), "ok", "浏览器能打开"),
    ("for visitors of the page only", "/referer.doc", unless("referer: http", GONE, FILE), "ok", ""),
    ("first busy, then there", "/503-once.html", after(answer(b"", "503 Busy")), "ok", ""),
    ("twice gone, then there", "/404-once.html", after(GONE, GONE), "ok", ""),
    ("busy for ever", "/503.html", answer(b"", "503 Busy"), "unknown", "HTTP 503"),
    ("broken", "/500.html", answer(b"", "500 Error"), "dead", "HTTP 500"),
    ("a lost file", "/lost.zip", GONE, "dead", "HTTP 404"),
    ("a lost picture", "/lost.png", GONE, "dead", "HTTP 404"),
    ("a whole page that calls itself missing", "/rich.html", RICH, "unknown", "但页面上有内容"),
    ("a login", "/login.html", answer(b"", "401 No"), "wall", "HTTP 401"),
    ("a challenge", "/wall.html", answer(b"", "412 No"), "wall", "HTTP 412"),
    ("a challenge with status 200", "/wall200.html", answer(b"<p></p>", "200 OK", "Set-Cookie: FSSBBIl1UgzbN7N80S=x; path=/"), "wall", ""),
    ("round and round", "/loop.html", answer(b"", "302 Found", "Location: /loop.html"), "dead", "跳转不止"),
    ("a detour", "/detour.html", answer(b"", "302 Found", "Location: /ok.html"), "ok", ""),
    ("a detour to nothing", "/detour404.html", answer(b"", "302 Found", "Location: /gone2.html"), "dead", "HTTP 404"),
    ("with a blank", "/a%20b.html", FINE, "ok", ""),
    ("gone elsewhere", f"{OTHER}/x.html", GONE, "dead", "HTTP 404"),
    ("broken elsewhere, or between us", f"{OTHER}/502.html", answer(b"", "502 Bad"), "unknown", "HTTP 502"),
    ("to a stranger's front page", "/astray.html", answer(b"", "302 Found", f"Location: {STRANGER}/"), "ok", ""),
    ("for sale", f"{STRANGER}/deep/sale.html", SALE, "ok", ""),
]
COLUMNS = {"要闻": "/inner/", "通知公告": "/tzgg/", "政策文件": "/zcwj/"}


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3] if url.startswith("http") else url


def linking(*urls: str) -> str:
    """A page with these links and pictures."""
    written = (f'<img src="{url}">' if url.endswith(".png") else f'<li><a href="{url.replace("%20", " ")}">{url}</a></li>' for url in urls)
    return page(f"<h2>常用链接</h2><ul>{''.join(written)}</ul><p>{WORDS * 4}</p>", menu=COLUMNS)


def by_url(links: Links, depth: int = 1) -> dict:
    assert isinstance(links, Links), links
    return {link.url.removeprefix(f"http://{HOST}"): link for link in links.within(depth)}


SOFT = page(f"<h2>出错了</h2><p>您访问的页面不存在或已被删除</p><p>{WORDS}</p><div id='foot'></div>", foot="""<script>
document.getElementById("foot").innerHTML = "<p>蜀ICP备2099000020号-1　川公网安备51993102000001号</p>".repeat(20)</script>""")
SHELL = page(f"<div id='app'><p>正在加载，请稍候</p></div><p>{WORDS}</p>", foot="""<script>
document.getElementById("app").innerHTML = location.pathname == "/real.html" ? "<p>办事大厅常见问题解答，欢迎来电咨询。</p>".repeat(30) : "出错了"</script>""")
PICTURE = answer(b"\x89PNG\r\n\x1a\n", "200 OK", "Content-Type: image/png")
FURTHER = dict.fromkeys(("/yw/", "/zjwx/"), FINE)
FINE_COLUMNS = dict.fromkeys(COLUMNS.values(), FINE)
INNER = ["/gone.html", "/inner-gone.html", "/inner-ok.html", "/{{item.url}}", "/%7B%7Burl%7D%7D.html"]
LOST = [f"/files/{number}.doc" for number in range(12)]
THERE = [f"/files/{number}.doc" for number in (0, 1, 2, 4, 6, 8, 10, 11)]
BODY = article("关于民生保障的通知", "发布时间：2026-11-10　来源：县政府办").replace("</p></div>", "</p><a href='/lost.docx'>附件</a><img src='/lost.jpg'></div>", 1)
LISTED = [(f"/tzgg/t20261110_{number}.html", f"关于民生保障有关事项的通知之{number}", "2026-11-10") for number in range(40)]
FRAME = "<html><body><a href='more.html'>天气</a><img src='sun.png'><img src='lost.png'><img src='covered.png' onerror='this.remove()'><iframe src='deep/in.html'></iframe></body></html>"
IN_FRAME = {"/module/weather/more.html": FINE, "/module/weather/sun.png": PICTURE, "/module/weather/deep/in.html": FINE}


class Noted:
    """A page, or a file, that notes how it was asked for: (method, address, whether it was a browser)."""

    def __init__(self, answered) -> None:
        self.answered = answered
        self.requests: list[tuple[str, str, bool]] = []

    def __call__(self, path: str, head: str):
        self.requests.append((head.split()[0], path, BROWSER in head.lower()))
        return self.answered


LIST_PAGE, LOST_FILES = Noted(linking(*INNER)), Noted(GONE)
SITES = {
    # name: pages, changed settings
    "all cases": (
        {path_of(url): given for _, url, given, *_ in CASES} | FURTHER | {
            "/": linking(*(url for _, url, *_ in CASES)), "/inner/": linking(*INNER), "/inner-ok.html": FINE,
            "/zcwj/": linking("/inner-lost.png", "/inner-gone.html"), "/tzgg/": LIST_PAGE,
        }, {"crawl_seconds": 30.0},
    ),
    "all lost alike": ({"/": linking(*LOST)} | dict.fromkeys(LOST, LOST_FILES) | FINE_COLUMNS, {}),
    "not all lost": ({"/": linking(*LOST)} | dict.fromkeys(THERE, unless(BROWSER, GONE, FILE)), {}),
    "no links": ({"/": f"<html><body><h1>某县人民政府</h1><p>{WORDS * 5}</p></body></html>"}, {}),
    "errors by script": (FINE_COLUMNS | {"/there.png": PICTURE, "*": SOFT, "/": linking("/lost.html", "/lost.zip", "/lost.png", "/there.png", "/tzgg/")}, {}),
    "a shell": (FINE_COLUMNS | {"/": linking("/real.html", "/lost.html"), "*": SHELL}, {}),
    "content pages": (
        dict.fromkeys((url for url, *_ in LISTED), BODY) | FINE_COLUMNS | FURTHER | {"/tzgg/": page(rows(*LISTED)), "/": linking()}, {"seed": 3},
    ),
    "a frame": (
        {"/": linking().replace("</h2>", "</h2><iframe src='/module/weather/' width='300' height='200'></iframe>", 1), "/module/weather/": FRAME}
        | IN_FRAME | FINE_COLUMNS | FURTHER, {},
    ),
}


@pytest.fixture(scope="module")
def seen(inspect):
    """(Links, addresses that were asked) of each of SITES, seen side by side."""
    with Row({name: partial(inspect.begin, pages, "links", **changed) for name, (pages, changed) in SITES.items()}) as row:
        yield row


@pytest.fixture(scope="module")
def tried(seen):
    """All cases as links of one home page, and two inner pages with links of their own."""
    return seen("all cases")


@pytest.mark.parametrize(("url", "state", "said"), [(row[1], *row[3:]) for row in CASES], ids=[row[0] for row in CASES])
def test_what_became_of_a_link(tried, url, state, said):
    link = by_url(tried[0])[url]
    assert (link.state, said in link.why) == (state, True), link
    assert link.confirmed == (state == "dead"), link


def test_pages_in_templates_are_no_links(tried):
    assert not [path for path in tried[1] if "%7B" in path or "{" in path]


def test_inner_pages_add_what_the_home_page_lacks(tried):
    inner = by_url(tried[0], depth=2)
    dead = {url: (link.places, link.page.removeprefix(f"http://{HOST}")) for url, link in inner.items() if link.state == "dead"}
    assert dead == {"/inner-gone.html": (3, "/inner/"), "/inner-lost.png": (1, "/zcwj/")}
    assert "/gone.html" not in inner and inner["/inner-ok.html"].state == "ok"
    assert tried[0].pages > 2 and tried[0].stopped is None and tried[0].of == len(inner)


def test_what_the_crawl_opened_is_not_asked_again(tried):
    methods = [method for method, *_ in LIST_PAGE.requests]
    assert tried and methods and "HEAD" not in methods


def test_dead_links_are_photographed_where_they_stand(tried, inspect):
    for depth, url in ((1, "/gone.html"), (1, "/lost.png"), (2, "/inner-gone.html"), (2, "/inner-lost.png")):
        assert (inspect.folder / by_url(tried[0], depth)[url].shot).stat().st_size > 1000


def test_odd_links_open_and_are_told(tried):
    odd = {url: link.odd for url, link in by_url(tried[0]).items() if link.odd}
    assert set(odd) == {"/astray.html", f"{STRANGER}/deep/sale.html"}
    assert "另一家网站的首页" in odd["/astray.html"] and "出售" in odd[f"{STRANGER}/deep/sale.html"]


def test_a_few_looks_of_chromium_stand_for_all_alike(seen):
    found = by_url(seen("all lost alike")[0])
    looked = {path for _, path, by_browser in LOST_FILES.requests if by_browser}
    assert {found[url].state for url in LOST} == {"dead"}
    assert looked == {url for url in LOST if found[url].confirmed} and len(looked) == second_look.ALIKE


def test_one_that_chromium_opens_makes_it_look_at_all(seen):
    found = by_url(seen("not all lost")[0])
    assert {url for url in LOST if found[url].state == "ok"} == set(THERE)
    assert all(found[url].confirmed for url in set(LOST) - set(THERE))


def test_a_home_page_without_links_has_none(seen):
    assert seen("no links")[0] == Links((), pages=0, stopped=None, of=0)


def test_an_error_page_with_a_good_status_is_compared_as_scripts_leave_it(seen):
    """Its foot is written by script: as sent and as rendered it reads unlike itself."""
    found = by_url(seen("errors by script")[0])
    assert {url: found[url].state for url in ("/lost.html", "/lost.zip", "/lost.png", "/there.png", "/tzgg/")} == {
        "/lost.html": "dead", "/lost.zip": "dead", "/lost.png": "dead", "/there.png": "ok", "/tzgg/": "ok",
    }
    assert all(found[url].confirmed and "软404" in found[url].why for url in ("/lost.html", "/lost.zip", "/lost.png"))


def test_pages_that_scripts_draw_into_one_shell_are_no_errors(seen):
    """Plain HTTP gets the same text for every address; Chromium sees which of them are there."""
    found = by_url(seen("a shell")[0])
    assert (found["/real.html"].state, found["/lost.html"].state) == ("ok", "dead")


def test_content_pages_are_read_for_their_links(seen):
    """The crawl opens lists; attachments and pictures stand in what they list."""
    links, asked = seen("content pages")
    inner = by_url(links, 2)
    assert {url for url, link in inner.items() if link.state == "dead"} == {"/lost.docx", "/lost.jpg"}
    assert linking_pages.MOST <= inner["/lost.docx"].places <= linking_pages.MOST + 10 and inner["/lost.docx"].text == "附件"
    read = {path for path in asked_for(asked, "/tzgg/t")}
    assert len(read) == 40, "the rest is tried as links"


def test_addresses_in_a_frame_are_relative_to_it(seen):
    """The frame is written into the page that has it."""
    found = by_url(seen("a frame")[0])
    assert {url for url, link in found.items() if link.state != "ok"} == {"/module/weather/lost.png"}
    assert IN_FRAME.keys() < found.keys()


def test_what_chromium_could_not_try_stays_open(inspect, monkeypatch):
    def gone(self, **how):
        raise BrowserGone(Missing(Reason.BROWSER_DIED))

    monkeypatch.setattr(Session, "tab", gone)
    found = by_url(inspect({"/": linking("/gone.html")}, "links")[0])
    assert found["/gone.html"].state == "unknown" and "浏览器未能复核" in found["/gone.html"].why


def test_looks_are_bounded(inspect, monkeypatch):
    monkeypatch.setattr(second_look, "MOST", 2)
    found = by_url(inspect({"/": linking("/1.html", "/2.html", "/3.html")} | dict.fromkeys(COLUMNS.values(), FINE), "links")[0])
    assert Counter(found[url].state for url in ("/1.html", "/2.html", "/3.html")) == {"dead": 2, "unknown": 1}


def test_hosts_of_others_are_asked_once_for_all_sites(inspect):
    pages = {"/": linking(f"{OTHER}/gone-once.html", f"{OTHER}/ok-once.html", "/own.html"), "/ok-once.html": FINE, "/own.html": FINE}
    (one, two), asked = inspect.twice(pages, "links")
    for links in (one, two):
        assert {url: link.state for url, link in by_url(links).items() if "once" in url} == {
            f"{OTHER}/gone-once.html": "dead", f"{OTHER}/ok-once.html": "ok",
        }
        assert by_url(links)[f"{OTHER}/gone-once.html"].confirmed
    assert len(asked_for(asked, "/ok-once.html")) == 1
    assert len(asked_for(asked, "/own.html")) >= 2, "what a site says of itself is not shared"


def test_time_is_bounded(inspect, monkeypatch):
    monkeypatch.setattr(gatherer, "LOOK_SECONDS", 0.0)
    inner = [f"/inner/{number}.doc" for number in range(20)]
    links, _ = inspect({"/": linking("/ok.html"), "/inner/": linking(*inner), "*": FINE}, "links")
    assert by_url(links)["/ok.html"].state in ("ok", "unknown")
    assert links.stopped.reason is Reason.DEADLINE and not [url for url in by_url(links, 2) if url in inner]


def test_very_many_links_are_drawn_by_seed(inspect, monkeypatch):
    monkeypatch.setattr(gatherer, "MOST", 6)
    inner = [f"/inner/{number}.doc" for number in range(20)]
    pages = {"/": linking(), "/inner/": linking(*inner), "*": FILE}
    (one, two), _ = inspect.twice(pages, "links", seed=7)
    assert sorted(by_url(one, 2)) == sorted(by_url(two, 2)) and len(by_url(one, 2)) == 6
    assert one.of >= 20 and one.stopped is None


def test_a_certificate_chain_that_a_browser_completes_is_no_fault(inspect, monkeypatch):
    """Plain HTTP cannot verify it and says unknown; Chromium has the last word."""
    async def fails(self, link, head):
        return Missing(Reason.TLS, "证书链不全", link.url)

    monkeypatch.setattr(Trying, "_ask", fails)
    monkeypatch.setattr("pytest_govsite.gather.trying.ask_heads", nothing_said)
    found = by_url(inspect({"/": linking("/chain.html", "/worse.html"), "/chain.html": FINE}, "links")[0])
    assert found["/chain.html"].state == "ok" and "浏览器能打开" in found["/chain.html"].why
    assert found["/worse.html"].state == "unknown", "plain HTTP never said that it is dead"


async def nothing_said(*given) -> dict:
    return {}


def test_sites_of_one_process_share_their_slots_for_hosts_of_others(inspect):
    """Four at once for a host, however many sites ask it."""
    now, most = [0], []

    async def run():
        async def serve(reader, writer):
            while head := await reader.readuntil(b"\r\n\r\n"):
                now[0] += 1
                most.append(now[0])
                await asyncio.sleep(0.05)  # an answer that takes its time
                now[0] -= 1
                writer.write(answer(b""))

        async with listening(serve) as port:
            pace, way = Pace(), Way([f"other.gov.cn:80:127.0.0.1:{port}"], "127.0.0.1:9")
            fetchers = [Fetcher(way, settings(), pace=pace) for _ in range(3)]
            urls = [f"http://other.gov.cn/{number}" for number in range(30)]
            quick = (ask_heads(way, settings(), fetcher.pace, urls, time.monotonic() + 20) for fetcher in fetchers)
            slow = (fetcher.fetch(f"http://other.gov.cn/slow{number}") for number, fetcher in enumerate(fetchers))
            await asyncio.gather(*quick, *slow)
            for fetcher in fetchers:
                await fetcher.close()

    asyncio.run(run())
    assert max(most) <= 4 and len(most) == 93


def test_every_list_has_its_turn_among_content_pages():
    lists = [[f"http://{HOST}/{name}/{number}.html" for number in range(length)] for name, length in (("a", 50), ("b", 2), ("c", 50))]
    drawn = linking_pages.draw(7, lists)
    assert Counter(url.split("/")[3] for url in drawn) == {"a": 9, "b": 2, "c": 9}
    assert drawn == linking_pages.draw(7, lists[::-1]) and drawn != linking_pages.draw(8, lists)
