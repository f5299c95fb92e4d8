"""The demo's clean twin: served like a real site, complete, dated, and full of traps that are no faults."""
import re
import socket
import time
from datetime import date, timedelta
from functools import partial
from urllib.parse import urljoin, urlsplit

import dns.query
import dns.rcode
import pytest
from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.demo import TRAPS, World, __main__
from pytest_govsite.demo.attachments import attachment
from pytest_govsite.demo.catalogue import catalogue
from pytest_govsite.demo.county import CODE, HOST, NAME, County
from pytest_govsite.demo.register import units
from pytest_govsite.windows import inside
from visitors import ask, follow, records, together, visit

DAY = date(2026, 11, 20)
HOME = f"https://{HOST}/"


@pytest.fixture(scope="module")
def world():
    with World(DAY, clean=True) as world:
        yield world


def tree(text: str) -> LexborHTMLParser:
    return LexborHTMLParser(text)


def test_a_world_starts_and_stops_quickly():
    """Every test that needs a site starts one."""
    with World(DAY):
        pass  # loads the servers' libraries
    began = time.perf_counter()
    with World(DAY) as one, World(DAY, clean=True) as other:
        assert time.perf_counter() - began < 1.0
        assert not set(one.nat.values()) & set(other.nat.values()) and one.nameserver != other.nameserver
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", one.nat[443]), timeout=5)


def test_site_is_a_county_portal_of_its_own(world):
    site = world.site
    assert (site.id, site.url, site.name, site.kind) == ("demo-clean", HOME, NAME, "county-portal")
    assert site.editions == ("sichuan2021",) and site.code == CODE and CODE.startswith(site.region) and len(CODE) == 10
    assert World(DAY).site.id == "demo"


@pytest.mark.parametrize("family", [4, 6])
def test_both_families_serve_the_same_site_on_the_same_port(world, family):
    answer = visit(world, HOME, family)
    assert answer.status == 200 and answer.text == visit(world, HOME).text
    assert visit(world, f"http://{HOST}/zwyw/", family).location == f"https://{HOST}/zwyw/"


NAMES = {
    "the site's IPv4": (HOST, "A", "NOERROR", ["127.0.0.1"]),
    "the site's IPv6": (HOST, "AAAA", "NOERROR", ["::1"]),
    "upper case": ("WWW.Demo.gov.CN", "A", "NOERROR", ["127.0.0.1"]),
    "without www": ("demo.gov.cn", "A", "NOERROR", ["127.0.0.1"]),
    "name servers": ("demo.gov.cn", "NS", "NOERROR", ["ns1.demo.gov.cn.", "ns2.demo.gov.cn."]),
    "address of a name server": ("ns1.demo.gov.cn", "AAAA", "NOERROR", ["::1"]),
    "a name server without IPv6": ("ns2.demo.gov.cn", "AAAA", "NOERROR", []),
    "a site below": ("jyj.demo.gov.cn", "AAAA", "NOERROR", ["::1"]),
    "no such kind": (HOST, "MX", "NOERROR", []),
    "national platform": ("zfwzgl.www.gov.cn", "A", "NOERROR", ["127.0.0.1"]),
    "party mark": ("dcs.conac.cn", "AAAA", "NOERROR", ["::1"]),
    "a name above known ones": ("gov.cn", "A", "NOERROR", []),
    "no such host": ("old.demo.gov.cn", "A", "NXDOMAIN", []),
    "the rest of the world": ("www.python.org", "A", "NXDOMAIN", []),
}


@pytest.mark.parametrize(
    "over, family", [(dns.query.udp, 4), (dns.query.udp, 6), (dns.query.tcp, 4), (dns.query.tcp, 6)]
)
@pytest.mark.parametrize("name, kind, code, values", NAMES.values(), ids=NAMES)
def test_name_server(world, name, kind, code, values, over, family):
    message = ask(world, name, kind, family, over)
    assert (dns.rcode.to_text(message.rcode()), records(message)) == (code, values)


AS_A_BROWSER = {"Referer": HOME, "Sec-Fetch-Mode": "navigate"}


def test_every_link_of_every_page_leads_somewhere(world):
    """Hermetic and whole: what the pages refer to is answered here; nothing is dead but what a trap makes look so."""
    excused = {trap.url: trap.answer.status for trap in TRAPS if trap.answer and trap.answer.status >= 400}
    impatient = {trap.url for trap in TRAPS if trap.answer and trap.answer.once}
    pages = {
        path
        for path, found in catalogue(world.county).items()
        if found.kind.startswith(("home", "column", "article", "search"))
    }
    targets = {urljoin(world.site.url, path) for path in pages}
    for page, answer in together(partial(visit, world), targets).items():
        targets |= set(addresses_in(answer.text, page))
    names = {urlsplit(url).hostname for url in targets}
    assert {name: records(ask(world, name)) for name in names} == dict.fromkeys(names, ["127.0.0.1"]), "somebody answers for each"
    together(partial(visit, world), impatient & targets)
    reached = together(partial(follow, world, **AS_A_BROWSER), targets)
    assert {url: answer.status for url, answer in reached.items()} == dict.fromkeys(targets, 200) | {
        url: status for url, status in excused.items() if url in targets
    }
    assert len(targets) > 200


def addresses_in(html: str, page: str):
    base = tree(html).css_first("base[href]")
    page = urljoin(page, base.attributes["href"]) if base else page
    for node in tree(html).css("[href]:not(base), [src], form[action], option[value]"):
        attributes = node.attributes
        value = (
            attributes.get("href") or attributes.get("src") or attributes.get("action") or attributes.get("value") or ""
        ).strip()
        if value and not value.startswith(("#", "javascript:", "mailto:")) and (node.tag != "option" or "//" in value):
            yield urljoin(page, value).partition("#")[0]


def test_home_page_has_what_a_portal_has(world):
    page = tree(visit(world, HOME).text)
    links = {urljoin(HOME, node.attributes["href"].strip()).partition("#")[0] for node in page.css("a[href]")}
    assert 60 <= len(links) <= 130
    for words in (
        "政务要闻",
        "通知公告",
        "政策文件",
        "政策解读",
        "政府信息公开",
        "政务服务",
        "互动交流",
        "数据发布",
        "专题专栏",
        "友情链接",
    ):
        assert words in page.body.text()
    assert (
        page.css_first("iframe")
        and page.css_first("ul.tab[style*=none] a")
        and page.css_first("form input[name=searchWord]")
    )


DAYS = {
    "an ordinary day": DAY,
    "a Monday": date(2026, 11, 23),
    "new year": date(2027, 1, 1),
    "leap day": date(2028, 2, 29),
    "end of a month": date(2026, 3, 31),
    "the day of the yearly report": date(2026, 1, 15),
    "Spring Festival": date(2026, 2, 20),
    "the first workday after it": date(2026, 2, 24),
}


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_content_is_dated_back_from_the_inspection_date(day):
    county = County(day)
    for column in county.columns:
        items = [item for item in county.lists[column.name] if not item.pinned]
        assert items == sorted(items, key=lambda item: item.in_list, reverse=True)
        assert column.ahead or all(item.day <= day for item in items)
    assert all(letter["asked"] < letter["replied"] <= day for letter in county.letters)
    assert len({article.path for article in county.articles}) == len(county.articles)


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_no_column_is_beyond_its_period(day):
    """What the register expects, the articles' own pages show; half of the time is left at least."""
    county = County(day)
    for column in county.columns:
        shown = [item.shown for item in county.lists[column.name] if item.path.startswith("/") or column.away]
        newest = max(one for one in shown if one <= day)
        if column.period:
            assert inside(newest, day, column.period), f"{column.name} is stale"
        if column.period == "2w":
            assert newest >= day - timedelta(days=5), f"{column.name} is stale for those who count ten workdays"
    assert county.lists["网站工作年度报表"][0].day >= day - timedelta(days=366)
    old = {column.name for column in county.columns if not column.period}
    assert old == {
        "县教育局", "县农业农村局", "网上信访", "法规规章", f"{day.year - 1}年", f"{day.year - 2}年",
        f"{day.year - 3}年防汛抗旱专题（已结束）",
    }


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_everybody_reports_twice_in_every_complete_week(day):
    county = County(day)
    monday = day - timedelta(days=day.weekday())
    items = [item for name in ("部门动态", "乡镇动态") for item in county.lists[name]]
    for unit in units(county):
        days = [item.shown for item in items if unit in item.source and unit in item.title]
        for week in range(1, 5):
            begin = monday - timedelta(weeks=week)
            assert len([one for one in days if begin <= one < begin + timedelta(weeks=1)]) >= 2, (unit, begin)


@pytest.mark.parametrize("day", DAYS.values(), ids=DAYS)
def test_two_topics_opened_this_year(day):
    county = County(day)
    topics = [column for column in county.columns if column.opened]
    assert len(topics) == 2
    for topic in topics:
        days = [item.shown for item in county.lists[topic.name]]
        assert min(days) == topic.opened_on(day) and min(days).year == day.year and max(days) <= day


def test_articles_show_their_title_and_day(world):
    pages = together(lambda article: visit(world, urljoin(HOME, article.path)), world.county.articles)
    for article, page in pages.items():
        text = tree(page.text).css_first(".article").text()
        assert article.title in text and str(article.shown) in text and article.source in text


LABELS = {"trs": "ColumnName", "hanweb": "columnname", "boda": "ColumnName"}


@pytest.mark.parametrize("style", LABELS)
def test_three_content_systems_write_labels_their_own_way(world, style):
    column = next(column for column in world.county.columns if column.style == style)
    answer = visit(world, urljoin(HOME, column.path))
    names = {node.attributes["name"]: node.attributes["content"] for node in tree(answer.text).css("meta[name]")}
    assert names[LABELS[style]] == column.name
    assert ("charset" in answer.headers["content-type"]) == (
        style != "hanweb"
    ), "one system leaves the charset to the page"


def test_one_page_is_gbk(world):
    answer = visit(world, urljoin(HOME, "/gywm/lxwm.html"))
    assert answer.headers["content-type"] == "text/html; charset=gbk"
    assert "联系我们" in answer.body.decode("gbk") and 'charset=GBK"' in answer.text


def test_footers_come_in_four_ways(world):
    """As sent, only one of the four page styles shows its marks without a script."""
    code = f"网站标识码：{CODE}"
    home, column, hanweb, boda = (
        visit(world, urljoin(HOME, path)).text for path in ("/", "/zwyw/", "/col/col16/index.html", "/sjfb.htm")
    )
    assert home.count("公网安备") == 2 and "%3Cspan id='_ideConac'" in home
    assert code not in column and code in visit(world, urljoin(HOME, "/js/footer.js")).body.decode("gbk")
    assert code in hanweb and "_jiucuo_" not in hanweb
    assert CODE in visit(world, urljoin(HOME, "/inc/foot.htm")).text and "公网安备" not in boda


def test_missing_pages_are_missing(world):
    answer = visit(world, urljoin(HOME, "/nothing/here.html"))
    assert answer.status == 404 and "页面不存在" in answer.text


TRAP_ANSWERS = {trap.why: trap for trap in TRAPS if trap.answer}


@pytest.mark.parametrize("trap", TRAP_ANSWERS.values(), ids=TRAP_ANSWERS)
def test_traps_answer_as_described(trap):
    with World(DAY, clean=True) as world:
        url = urljoin(HOME, trap.url)
        if trap.answer.once:
            assert visit(world, url, method="HEAD").status == trap.answer.once
        if trap.answer.browsers:
            assert visit(world, url).status == 404
        began = time.perf_counter()
        answer = visit(world, url, **AS_A_BROWSER)
        assert answer.status == trap.answer.status and time.perf_counter() - began >= trap.answer.delay
        assert visit(world, url, method="HEAD", **AS_A_BROWSER).status == (trap.answer.head or trap.answer.status)


def test_attachments_want_a_referer_and_are_real_files(world):
    article = world.county.lists["政策文件"][0]
    url = urljoin(HOME, f"/system/_content/download.jsp?urltype=news&wbfileid={article.number}")
    assert (
        visit(world, url).headers["content-type"].startswith("text/html")
    ), "without a Referer comes a page that asks for a code"
    assert visit(world, url, Referer=HOME).body == attachment("pdf", article.title)


FILES = {"pdf": b"%PDF-1.4", "docx": b"PK\x03\x04", "xls": b"\x09\x00\x04\x00", "doc": b"<html>"}


@pytest.mark.parametrize("kind", FILES)
def test_files_begin_as_their_kind_does(kind):
    assert attachment(kind, "申请表").startswith(FILES[kind]) and attachment(kind, "申请表") == attachment(
        kind, "申请表"
    )


def test_forms_accept_what_is_sent(world):
    page = tree(visit(world, urljoin(HOME, "/hdjl/xzxx/write.html")).text)
    action = urljoin(HOME, page.css_first("form.form").attributes["action"])
    assert "提交成功" in visit(world, action, method="POST").text


GUIDE = (
    "事项名称",
    "设定依据",
    "申请条件",
    "办理材料",
    "办理地点",
    "办理机构",
    "收费标准",
    "办理时间",
    "联系电话",
    "办理流程",
)


def test_guides_have_all_ten_elements(world):
    for guide in world.county.guides:
        page = tree(visit(world, urljoin(HOME, guide["path"])).text)
        assert set(GUIDE) <= {node.text() for node in page.css("table.guide > tbody > tr > th, table.guide > tr > th")}


def test_looking_at_it_without_its_name_server_stays_at_home(world):
    """Somebody's browser must not fetch from the real hosts that the pages name."""
    base = f"http://localhost:{world.nat[80]}"
    for path in ("/", "/zwyw/", "/js/footer.js", "/sjfb.htm", "/_hosts/zfwzgl.www.gov.cn/exposure/jiucuo.js"):
        answer = visit(world, f"{base}{path}")
        text = answer.body.decode("gbk" if path.endswith("footer.js") else "utf-8")
        text = re.sub(r"<!DOCTYPE[^>]*>|xmlns=.\S+|<!--<script.*?-->", "", text)
        assert answer.status == 200 and not re.search(r"[\"'(=\s](?:https?:)?//[a-z0-9-]+\.[a-z]", text)
    assert visit(world, f"{base}/_hosts/www.gov.cn/").status == 200
    assert visit(world, f"{base}/_hosts/www.python.org/").status == 404


def test_command_says_where_to_look(world, capsys):
    text = __main__.describe(world)
    assert f"http://localhost:{world.nat[80]}/" in text and world.nameserver in text and world.ca_file in text
    with pytest.raises(SystemExit) as ended:
        __main__.main(["--fault=no-such-fault"])
    assert ended.value.code == 2 and "no such fault: no-such-fault" in capsys.readouterr().err
