"""The crawl against small sites on loopback, with real Chromium: what it opens, what it leaves alone, when it stops."""
import json
from functools import partial

import pytest
from servers import answer
from side_by_side import Row
from towns import AS_OF, HOST, MENU, WORDS, article, asked_for, by_name, day, news, page, rows, town

from pytest_govsite.model.columns import Columns
from pytest_govsite.model.missing import Blame, Reason

FETCHED_ROWS = json.dumps([{"url": f"/xhr/t20261118_{i}.html", "title": f"关于做好民生保障工作的第{i}号通知", "day": day(2 + i)} for i in range(6)])
BY_SCRIPT = page(
    '<div id="rows"></div><script>fetch("/rows.json").then(a => a.json()).then(all => { document.getElementById("rows").innerHTML = "<ul>"'
    ' + all.map(r => `<li><a href="${r.url}">${r.title}</a><span>${r.day}</span></li>`).join("") + "</ul>" })</script>',
    trail=(("通知公告", "/tzgg/"),),
)
XHR = {f"/xhr/t20261118_{i}.html": article(f"关于做好民生保障工作的第{i}号通知", f"发布时间：{day(2 + i)}") for i in range(6)}
LISTED = page(rows(*((url, f"关于做好民生保障工作的第{i}号通知", day(2 + i)) for i, url in enumerate(XHR))), trail=(("通知公告", "/tzgg/"),))


HOME_LINKS = rows(("/yw/t20261120_1000.html", "关于民生保障有关事项的情况之1", day(0)))


def refresh(url: str) -> str:
    """A page that only sends the visitor on."""
    return f'<html><head><meta http-equiv="refresh" content="0;url={url}"></head><body></body></html>'


HIDDEN_LISTS = {
    # name: what the column's address answers, where its list really is
    "list in the page": ({"/tzgg/": LISTED}, 0),
    "list by XHR": ({"/tzgg/": BY_SCRIPT, "/rows.json": answer(FETCHED_ROWS.encode())}, 1),
    "http-equiv refresh": ({"/tzgg/": refresh("/tzgg/list.html"), "/tzgg/list.html": LISTED}, 0),
    "plain script redirect": ({"/tzgg/": "<script>location.href='list.html'</script>", "/tzgg/list.html": LISTED}, 0),
    "redirect that depends": (
        {"/tzgg/": "<script>if (window.top == window) { location.replace('/tzgg/' + 'list.html') }</script>", "/tzgg/list.html": LISTED}, 1,
    ),
    "list in a frame": (
        {"/tzgg/": page('<iframe src="/tzgg/frame.html" width="700" height="600"></iframe>', trail=(("通知公告", "/tzgg/"),)), "/tzgg/frame.html": LISTED}, 1,
    ),
}


@pytest.fixture(scope="module")
def seen(inspect):
    """(Columns, addresses that were asked) of each case of the tables, seen side by side."""
    cases = {name: (town() | XHR | case[0], {}) for name, case in (HIDDEN_LISTS | TRAPS).items()}
    cases |= {name: (town() | XHR | LATE, changed) for name, (changed, _) in LIMITS.items()}
    cases |= {name: (town() | {"/": home}, {"crawl_pages": 40}) for name, home in HOSTILE.items()}
    with Row({name: partial(inspect.begin, pages, **changed) for name, (pages, changed) in cases.items()}) as row:
        yield row


@pytest.mark.parametrize("name", HIDDEN_LISTS)
def test_a_list_is_the_same_however_it_comes_to_the_page(seen, name):
    columns, _ = seen(name)
    rendered = HIDDEN_LISTS[name][1]
    column = by_name(columns)["通知公告"]
    assert (column.kind, column.count, column.category) == ("list", 6, "通知公告")
    assert column.listing.newest(column.listing.articles[0].day).shown.iso == day(2)
    assert (columns.rendered > 0) == bool(rendered) and columns.stopped is None


def filters(path: str, head: str) -> str:
    """A page whose side leads to ever new combinations of parameters."""
    number = len(path)
    links = "".join(f'<a href="/tzgg/?kind={number}&year={year}&sort=up">{year}年文件</a>' for year in range(2000, 2026))
    return page(f'<div class="filter">{links}</div>' + rows(("/tzgg/t20261117_1000.html", "关于民生保障有关事项的情况之1", day(3))))


def calendar(path: str, head: str) -> str:
    """A calendar that never ends."""
    links = "".join(f'<a href="/calendar/?date=2026-{month:02}-{n:02}">会议安排</a>' for month in range(1, 13) for n in range(1, 28))
    return page(f'<div class="side"><a href="{path}1/">会议安排</a>{links}</div>')


TRAPS = {
    # name: pages, prefix of what must not be asked often, how often at most
    "calendar": ({"/zjwx/": page('<p><a href="/calendar/">会议日历</a></p>'), "/calendar/": calendar}, "/calendar", 3),
    "endless parameters": ({"/tzgg/": filters}, "/tzgg/?", 4),
    "path that repeats itself": ({"*": lambda path, head: page(f'<p><a href="{path}zcjd/">政策解读</a></p>') if path.endswith("/zcjd/") else None,
                                  "/zjwx/": page('<p><a href="/zcjd/">政策解读</a></p>')}, "/zcjd/zcjd/zcjd", 0),
    "sorting and printing": ({"/tzgg/": LISTED.replace("</ul>", '</ul><a href="/tzgg/?sort=asc">按时间排序</a><a href="/print/?id=1">打印版</a>')}, "/print", 0),
    "further pages": ({"/tzgg/": LISTED + '<a href="/tzgg/index_1.html">下一页</a>', "/tzgg/index_1.html": LISTED + '<a href="/tzgg/index_2.html">下一页</a>'}, "/tzgg/index_", 0),
    "login and search": ({"/zjwx/": page('<p><a href="/login.jsp">用户登录</a><a href="/search/">站内搜索</a><a href="/en/">English</a></p>')}, "/login", 0),
}


@pytest.mark.parametrize("name", TRAPS)
def test_traps_do_not_eat_the_budget(seen, name):
    columns, asked = seen(name)
    _, prefix, most = TRAPS[name]
    assert len(asked_for(asked, prefix)) <= most, asked_for(asked, prefix)
    assert columns.fetched <= 12 and "要闻" in by_name(columns)


LATE = {"/tzgg/": BY_SCRIPT, "/rows.json": answer(FETCHED_ROWS.encode())}
LIMITS = {
    "pages": ({"crawl_pages": 3}, Reason.DEADLINE),
    "seconds": ({"crawl_seconds": 0.0}, Reason.DEADLINE),
    "Chromium": ({"rendered_pages": 0}, Reason.DEADLINE),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_crawl_that_ends_early_says_so(seen, name):
    columns, _ = seen(name)
    assert columns.stopped.reason is LIMITS[name][1], columns.stopped
    assert any(column.doubt or column.unread or column.listing.doubt for column in columns.columns)
    assert not any(column.blank for column in columns.columns)


HOSTILE = {
    "names without end": page(f'<p><a href="/a/">{"公告" * 50_000}</a></p>' + HOME_LINKS),
    "three thousand columns": page("<ul>" + "".join(f'<li><a href="/c{n}/">第{n}号公告栏</a></li>' for n in range(3_000)) + "</ul>" + HOME_LINKS),
    "nesting": page("<div>" * 20_000 + HOME_LINKS),
    "half surrogates and controls": page(f'<p><a href="/a\x00b/">公告\ud800栏\x07</a></p>'.encode("utf-8", "replace").decode() + HOME_LINKS),
    "addresses that are none": page('<p><a href="http://[::1/">公告栏</a><a href="http:///">通知</a><a href="//">公示</a></p>' + HOME_LINKS),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_cost_little(seen, name):
    columns, _ = seen(name)
    assert isinstance(columns, Columns), columns
    assert all(len(column.name) <= 200 for column in columns.columns) and len(columns.columns) <= 700


def test_sessions_in_addresses_are_one_page(inspect):
    menu = MENU | {"公告栏": "/tzgg/;jsessionid=ABC123", "告示": "/tzgg/index.html?PHPSESSID=77"}
    columns, asked = inspect(town() | {"/": page(HOME_LINKS, menu=menu)})
    assert [column.url for column in columns.columns if "/tzgg/" in column.url] == [f"http://{HOST}/tzgg/"]


def test_other_hosts_are_named_and_never_called(inspect):
    menu = MENU | {"部门动态": "http://other.town.gov.cn/bmdt/"}
    columns, asked = inspect(town() | {"/": page(HOME_LINKS, menu=menu)})
    outside = by_name(columns)["部门动态"]
    assert outside.kind == "outside" and outside.category == "动态要闻" and outside.on_home
    assert not asked_for(asked, "/bmdt/")


def walled(path: str, head: str) -> bytes:
    """What an anti-bot wall answers."""
    return answer(b"<script>$_ts=1</script>", "412 Precondition Failed", "Set-Cookie: FSSBBIl1UgzbN7N80S=x; path=/")


def test_a_wall_around_all_but_the_home_page_ends_the_crawl(inspect):
    menu = {f"第{n}栏目动态": f"/lm{n}/" for n in range(20)}
    columns, asked = inspect({"/": page(HOME_LINKS, menu=menu), "*": walled})
    assert columns.stopped.reason is Reason.WALL and columns.stopped.blame is Blame.WALL
    assert len(set(asked_for(asked, "/lm"))) <= 8
    assert not any(column.blank for column in columns.columns)


def test_a_wall_that_browsers_pass_is_passed(inspect):
    pages = town()

    def challenge(path: str, head: str) -> bytes | str | None:
        if path == "/" or "pass=1" in head:
            return pages.get(path)
        return answer(b"<script>document.cookie='pass=1;path=/'</script>", "521 Unknown")

    columns, _ = inspect({"*": challenge})
    assert columns.stopped is None and by_name(columns)["通知公告"].kind == "list" == by_name(columns)["要闻"].kind
    assert by_name(columns)["要闻"].listing.newest(AS_OF)


def test_a_server_that_asks_for_patience_gets_it(inspect, monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.crawl.BUSY_SECONDS", 0.1)
    busy = dict.fromkeys(("/tzgg/", "/zcwj/"), 2)

    def moody(path: str, head: str, pages=town()):
        if busy.get(path):
            busy[path] -= 1
            return answer(b"later", "429 Too Many Requests", "Retry-After: 1")
        return pages.get(path)

    columns, _ = inspect({"*": moody})
    assert columns.stopped is None and by_name(columns)["通知公告"].kind == "list" == by_name(columns)["政策文件"].kind


def test_a_server_that_always_asks_for_patience_is_left_alone(inspect, monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.crawl.BUSY_SECONDS", 0.1)
    menu = {f"第{n}栏目动态": f"/lm{n}/" for n in range(20)}
    columns, asked = inspect({"/": page(HOME_LINKS, menu=menu), "*": lambda path, head: answer(b"", "429 Too Many Requests") if "/lm" in path else None})
    assert columns.stopped.blame is Blame.WALL and "429" in columns.stopped.says
    assert len(set(asked_for(asked, "/lm"))) < 20


def test_the_same_site_gives_the_same_evidence(inspect):
    (first, second), _ = inspect.twice(town() | XHR | LATE)
    assert isinstance(first, Columns) and first == second


def test_a_site_map_leads_on(inspect):
    home = page(HOME_LINKS, menu={"要闻": "/yw/"}, foot='<a href="/map.html">网站地图</a>')
    every = page("".join(f'<dl><dt><a href="{url}">{name}</a></dt></dl>' for name, url in MENU.items()), menu={"要闻": "/yw/"})
    columns, _ = inspect(town() | {"/": home, "/map.html": every})
    assert {"通知公告", "政策文件"} <= set(by_name(columns)) and "网站地图" not in by_name(columns)


def test_depth_ends_the_walk(inspect):
    chain = {f"/d{n}/": page(f'<div class="side"><a href="/d{n + 1}/">第{n + 1}级通知公告</a></div><p>{WORDS}</p>') for n in range(1, 8)}
    pages = town() | chain | {"/": page(HOME_LINKS, menu=MENU | {"一级通知公告": "/d1/"})}
    _, asked = inspect(pages, crawl_depth=3)
    assert asked_for(asked, "/d3/") and not asked_for(asked, "/d4/")


def test_a_closed_site_has_no_columns(inspect):
    notice = "<html><meta charset=utf-8><body><p>本网站已于2026年6月30日关停，内容迁移至某市人民政府网站。</p></body></html>"
    columns, _ = inspect({"/": notice})
    assert columns.closed and columns.columns == ()


def test_news_of_the_home_page(inspect):
    headlines, asked = inspect(town(), "headlines")
    opened = [one for one in headlines.listing.articles if one.opened]
    assert [one.day.isoformat() for one in opened] == [day(0)] and headlines.listing.doubt is None and not headlines.shot
    old = town() | {"/": page(rows(*((f"/yw/t{n}.html", f"关于民生保障有关事项的情况之{n}", day(40 + n)) for n in range(5))))}
    old |= news("/yw/", 40, 41) | {f"/yw/t{n}.html": article("情况", f"发布时间：{day(40 + n)}") for n in range(5)}
    headlines, _ = inspect(old, "headlines")
    assert headlines.shot and headlines.listing.doubt is None and headlines.listing.newest(headlines.listing.articles[0].day)
