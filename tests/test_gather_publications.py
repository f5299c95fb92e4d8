"""What becomes of leaders, yearly reports, data and submissions, on sites that are tables of pages."""
import asyncio
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import evidence
import pytest

from pytest_govsite.gather import annual_reports, leaders, releases, submissions
from pytest_govsite.gather.opening import Opened
from pytest_govsite.model.columns import Article
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import ShownDate

AS_OF = date(2026, 11, 20)
HOME = evidence.URL
LIFE = "<p>男，汉族，1975年3月生，大学学历，1997年7月参加工作。</p>"


class Pages:
    """A site as a table of pages; a Reason in place of HTML is why one cannot be had."""

    def __init__(self, pages, columns, home="", units=()):
        self.pages = {f"{HOME}{path}": html for path, html in pages.items()}
        self.site = evidence.site({"units": list(units)})
        self.settings = SimpleNamespace(as_of=AS_OF)
        self.home = SimpleNamespace(dom=f"<body>{home}</body>", final_url=HOME, failed={}, sent="", status=200, url=HOME)
        self.columns = evidence.build("columns", columns)
        self.doorway = "引导" in home
        self.opened = []

    async def evidence(self, kind):
        return self.columns if kind == "columns" else evidence.build("home", {"doorway": self.doorway})

    def keep_dom(self, url, dom):
        """Nothing is kept."""

    async def open_page(self, session, url, enough=None, allowance=None):
        self.opened.append(url.removeprefix(HOME))
        html = self.pages.get(url, Reason.HTTP_ERROR)
        if isinstance(html, Reason):
            return Missing(html, "", url)
        return Opened(url, url, 200, f"<html><body>{html}</body></html>", html)

    async def read_article(self, session, article: Article) -> Article:
        page = await self.open_page(session, article.url)
        if isinstance(page, Missing):
            return replace(article, opened=True, unread=page)
        title, day, source = (page.sent.split("|") + ["", "", ""])[:3]
        shown = ShownDate(day, day) if day else None
        return replace(article, opened=True, title=article.title or title, shown=shown, source=source)

    def gather(self, module, monkeypatch):
        for name in ("open_page", "read_article"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, getattr(self, name))
        return asyncio.run(module.gather(self))


LEADING = {"only": [{"name": "领导之窗", "category": "领导信息", "kind": "text", "url": f"{HOME}ldzc/"}]}
LEADERS = [
    # name, pages, expected: name -> what is lacking and known ("+" complete, "-" lacking, "?" open)
    ("all on the list", {"ldzc/": f"<div><h4>县长 林语晴</h4>{LIFE}</div><div><h4>副县长 高知远</h4>{LIFE}</div>"}, "林语晴+ 高知远+"),
    ("life on pages of their own", {
        "ldzc/": '<p>县长：<a href="1/">林语晴</a></p><p>副县长：<a href="2/">高知远</a> <a href="3/">舒小禾</a></p>',
        "ldzc/1/": f"<h2>林语晴</h2>{LIFE}", "ldzc/2/": "<h2>高知远 副县长</h2><p>电话：12345</p>", "ldzc/3/": "<p>负责教育、卫生健康等工作。</p>",
    }, "林语晴+ 高知远- 舒小禾+"),
    ("an own page that cannot be opened", {
        "ldzc/": '<p>县长：<a href="1/">林语晴</a></p><p>副县长：<a href="2/">高知远</a></p>', "ldzc/1/": LIFE, "ldzc/2/": Reason.TIMEOUT,
    }, "林语晴+ 高知远?"),
    ("tabs of the own page", {
        "ldzc/": '<p>县长：<a href="1/">林语晴</a></p>',
        "ldzc/1/": '<h2>林语晴</h2><a href="hd.html">领导活动</a><a href="jl.html">个人简历</a>', "ldzc/1/jl.html": LIFE,
    }, "林语晴+"),
    ("an own page that is a picture", {
        "ldzc/": '<p>县长：<a href="1/">林语晴</a></p>',
        "ldzc/1/": '<h2>林语晴</h2><div class="TRS_Editor"><img width="800" src="jl.jpg"></div>',
    }, "林语晴?"),
    ("groups on pages of their own", {
        "ldzc/": '<a href="zf/">县政府领导</a><a href="rd/">县人大领导</a>', "ldzc/zf/": f"<p>县长 林语晴</p>{LIFE}", "ldzc/rd/": "<p>主任 钱牧德</p>",
    }, "林语晴+ 钱牧德-"),
    ("a group that cannot be opened", {
        "ldzc/": '<a href="zf/">县政府领导</a><p>主任 钱牧德</p>', "ldzc/zf/": Reason.WALL,
    }, "钱牧德?"),
    ("a paper on the division of work", {
        "ldzc/": '<p>县长 林语晴</p><p>副县长 高知远</p><a href="fg.html">领导分工</a>',
        "ldzc/fg.html": "<p>林语晴同志：主持县政府全面工作。</p><p>高知远同志：负责财政、统计工作。</p>",
    }, "林语晴+ 高知远+"),
    ("a script shows more", {"ldzc/": '<a href="javascript:show(1)">县长 林语晴</a><a href="javascript:show(2)">副县长 高知远</a>'}, "林语晴? 高知远?"),
    ("nothing is said of anybody", {"ldzc/": "<p>县长 林语晴</p><p>副县长 高知远</p>"}, "林语晴? 高知远?"),
    ("former leaders", {
        "ldzc/": f'<p>县长 林语晴</p>{LIFE}<a href="lr/">历任领导</a>', "ldzc/lr/": "<p>县长 王五</p>",
    }, "林语晴+"),
    ("a page on another host", {"ldzc/": '<p>县长：<a href="http://other.gov.cn/1">林语晴</a></p>'}, "林语晴?"),
    ("names in a menu are nobody", {"ldzc/": f'<ul><li><a href="a/">金融</a></li><li><a href="b/">左权</a></li></ul><h4>县长 林语晴</h4>{LIFE}'}, "林语晴+"),
    ("somebody in another form than the rest", {
        "ldzc/": f"<div><h4>县长 林语晴</h4>{LIFE}</div><div><h4>副县长 高知远</h4>{LIFE}</div><table><tr><td>办公室主任 王五</td></tr></table>",
    }, "林语晴+ 高知远+ 王五?"),
    ("the post on the own page only", {
        "ldzc/": '<ul><li><a href="1/">林语晴</a></li><li><a href="2/">高知远</a></li></ul>',
        "ldzc/1/": f"<h2>林语晴</h2><p>职务：县委副书记、县长</p>{LIFE}", "ldzc/2/": f"<h2>高知远</h2>{LIFE}",
    }, "林语晴+ 高知远-"),
]


@pytest.mark.parametrize(("pages", "expected"), [row[1:] for row in LEADERS], ids=[row[0] for row in LEADERS])
def test_leaders(monkeypatch, pages, expected):
    found = Pages(pages, LEADING).gather(leaders, monkeypatch)
    assert " ".join(f"{one.name}{state(one)}" for one in found.people) == expected


def state(leader) -> str:
    if leader.post and (leader.resume or leader.duty):
        return "+"
    return "?" if leader.unread else "-"


def test_nobody_to_be_told_is_a_doubt(monkeypatch):
    for columns, reason in (({"only": []}, Reason.UNCLEAR), ({"only": [], "stopped": "deadline"}, Reason.DEADLINE)):
        found = Pages({}, columns).gather(leaders, monkeypatch)
        assert (found.people, found.doubt.reason) == ((), reason)
    elsewhere = {"only": [LEADING["only"][0] | {"kind": "outside"}]}
    assert Pages({}, elsewhere).gather(leaders, monkeypatch).doubt.reason is Reason.UNCLEAR
    assert Pages({"ldzc/": Reason.TIMEOUT}, LEADING).gather(leaders, monkeypatch).doubt.reason is Reason.TIMEOUT


NAME = "云山县政府网站工作年度报表（2025年度）"
FILED = {"title": NAME, "listed": "2026-01-15", "url": f"{HOME}nb/1.html"}
REPORTING = {"only": [{"name": "网站年度报表", "category": "年度报表", "url": f"{HOME}nb/", "articles": [FILED]}]}
REPORT = {"nb/1.html": f"{NAME}|2026-01-15"}
ROWS = f'<ul class="list"><li><a href="/nb/1.html">{NAME}</a><span>2026-01-15</span></li></ul>'
REPORTS = [
    # name                                              home page, pages, columns, expected: place and day, doubts
    ("a link to the column", '<a href="/nb/">网站年度报表</a>', REPORT, REPORTING, "home 2026-01-15"),
    ("a link to the report", f'<a href="/nb/1.html">{NAME}</a>', REPORT, REPORTING, "home 2026-01-15"),
    ("a picture with words to the column", '<a href="/nb/"><img src="a.png" alt="网站年报"></a>', REPORT, REPORTING, "home 2026-01-15"),
    ("a picture without words to the column", '<a href="/nb/"><img src="a.png"></a>', REPORT, REPORTING, "home 2026-01-15"),
    ("a picture without words to a page that lists it", '<a href="/zt/"><img src="a.png"></a>', REPORT | {"zt/": ROWS * 1}, REPORTING, "home 2026-01-15"),
    ("a picture without words to something else", '<a href="/zt/"><img src="a.png"></a>', REPORT | {"zt/": "<p>专题</p>"}, REPORTING, "inside 2026-01-15"),
    ("a picture without words that leads nowhere", '<a href="/zt/"><img src="a.png"></a>', REPORT, REPORTING, "inside 2026-01-15"),
    ("a picture without words that cannot be opened", '<a href="/zt/"><img src="a.png"></a>', REPORT | {"zt/": Reason.WALL}, REPORTING, "inside 2026-01-15 door"),
    ("only inside", "<p>首页</p>", REPORT, REPORTING, "inside 2026-01-15"),
    ("only inside, and the home page is a doorway", "<p>引导页</p>", REPORT, REPORTING, "inside 2026-01-15 door"),
    ("a link to a list that the crawl did not see", '<a href="/zz/">政府网站工作年度报表</a>', REPORT | {"zz/": ROWS}, {"only": []}, "home 2026-01-15"),
    ("a link to the only report", '<a href="/nb/1.html">政府网站工作年度报表</a>', REPORT, {"only": []}, "home 2026-01-15"),
    ("a link that cannot be opened", '<a href="/zz/">政府网站工作年度报表</a>', {"zz/": Reason.TIMEOUT}, {"only": []}, "doubt"),
    ("nothing at all", "<p>首页</p>", {}, {"only": []}, ""),
    ("nothing, but not all was seen", "<p>首页</p>", {}, {"only": [], "stopped": "deadline"}, "doubt"),
    ("the column is elsewhere", "<p>首页</p>", {}, {"only": [{"name": "网站年报", "category": "年度报表", "kind": "outside", "url": "http://x.gov.cn/"}]}, "doubt"),
    ("among the notices", '<a href="/tz/">通知公告</a>', REPORT, {"only": [{"name": "通知公告", "url": f"{HOME}tz/", "articles": [FILED], "on_home": True}]}, "home 2026-01-15"),
    ("a disclosure report is none", '<a href="/nb/">信息公开年报</a>', {}, {"only": [{"name": "信息公开年报", "articles": [FILED | {"title": "2025年政府信息公开工作年度报告"}]}]}, ""),
    ("a page that cannot be opened", '<a href="/nb/">网站年度报表</a>', {"nb/1.html": Reason.TIMEOUT}, REPORTING, "home unread"),
]


@pytest.mark.parametrize(("home", "pages", "columns", "expected"), [row[1:] for row in REPORTS], ids=[row[0] for row in REPORTS])
def test_annual_reports(monkeypatch, home, pages, columns, expected):
    found = Pages(pages, columns, home).gather(annual_reports, monkeypatch)
    words = [f"{one.place} {one.article.day or ('unread' if one.article.unread else '')}" for one in found.reports if one.year == 2025]
    words += [name for name in ("doubt", "door") if getattr(found, name)]
    assert " ".join(words) == expected


DATA = {"only": [{"name": "统计数据", "category": "数据发布", "url": f"{HOME}sj/", "articles": [
    {"title": "前三季度经济运行情况", "listed": "2026-10-20", "url": f"{HOME}sj/1.html"},
    {"title": "上半年经济运行情况", "listed": "2026-07-20", "url": f"{HOME}sj/2.html"},
    {"title": "2024年统计公报", "listed": "2025-03-01", "url": f"{HOME}sj/3.html"},
]}]}
PLAIN = {"sj/": "", "sj/1.html": "前三季度经济运行情况|2026-10-20", "sj/2.html": "上半年经济运行情况|2026-07-20"}
FILE, CANVAS = '<a href="a.xls">附表</a>', '<canvas width="600" height="400"></canvas>'
RELEASES = [
    # name                          pages, columns, home, expected: facts
    ("words alone", {}, DATA, "", ""),
    ("a drawn chart", {"sj/1.html": f"前三季度|2026-10-20||{CANVAS}"}, DATA, "", "1.html:页面中有 canvas 图表"),
    ("a picture that may be a chart", {"sj/2.html": '上半年|2026-07-20||<div class="TRS_Editor"><img src="a.jpg"></div>'}, DATA, "", "2.html?"),
    ("an article that cannot be opened", {"sj/2.html": Reason.WALL}, DATA, "", "2.html?"),
    ("files of two articles", {"sj/1.html": f"前三季度|2026-10-20||{FILE}", "sj/2.html": '上半年|2026-07-20||<a href="b.csv">附表</a>'}, DATA, "", "xls@2026-10-20 csv@2026-07-20"),
    ("a platform on another host", {}, DATA, '<a href="https://data.dazhou.gov.cn/">数据开放</a>', "platform?"),
    ("a platform of its own", {"open/": "数据集 120 个，接口 30 个，下载"}, DATA, '<a href="/open/">数据开放平台</a>', "platform"),
    ("a column that is called platform and is none", {"open/": "暂无"}, DATA, '<a href="/open/">数据开放</a>', ""),
    ("no data column", {}, {"only": []}, "", ""),
    ("a data column elsewhere", {}, {"only": [DATA["only"][0] | {"kind": "outside", "articles": [], "url": "http://tjj.x.gov.cn/"}]}, "", "platform? doubt"),
]


@pytest.mark.parametrize(("pages", "columns", "home", "expected"), [row[1:] for row in RELEASES], ids=[row[0] for row in RELEASES])
def test_releases(monkeypatch, pages, columns, home, expected):
    found = Pages(PLAIN | pages, columns, home).gather(releases, monkeypatch)
    words = [f"{article.url.rpartition('/')[2]}:{fact}" for article, fact in found.charted]
    words += [f"{article.url.rpartition('/')[2]}?" for article in found.pictured]
    words += [f"{one.form}{f'@{one.article.day}' if one.article else ''}{'?' if one.unread else ''}" for one in found.datasets]
    assert " ".join([*words, *(["doubt"] if found.doubt else [])]) == expected


def listed(title, day, number, **more):
    return {"title": title, "listed": day, "url": f"{HOME}d/{number}.html"} | more


UNITS = ("县教育局", "东乡街道")
ITEMS = [
    # rows, pages, expected counts of 县教育局 by week from the newest, unknown, doubt
    ("by the source shown", [listed("a", "2026-11-10", 1), listed("b", "2026-11-12", 2), listed("c", "2026-11-02", 3)],
     {"d/1.html": "a|2026-11-10|县教育局", "d/2.html": "b|2026-11-12|宣汉县教育局", "d/3.html": "c|2026-11-02|县林业局"}, (2, 0, 0, 0), 0, False),
    ("the day on the page decides", [listed("a", "2026-11-10", 1)], {"d/1.html": "a|2026-11-05|县教育局"}, (0, 1, 0, 0), 0, False),
    ("a page that cannot be read", [listed("a", "2026-11-10", 1)], {"d/1.html": Reason.TIMEOUT}, (0, 0, 0, 0), 1, False),
    ("a page without a source", [listed("a", "2026-11-10", 1)], {"d/1.html": "a|2026-11-10|"}, (0, 0, 0, 0), 1, False),
    ("before and after the weeks", [listed("a", "2026-11-17", 1), listed("b", "2026-09-01", 2)], {}, (0, 0, 0, 0), 0, False),
    ("a page of another government", [listed("a", "2026-11-10", 1, url="https://www.gov.cn/1.html")], {}, (0, 0, 0, 0), 0, False),
]


@pytest.mark.parametrize(("rows", "pages", "counts", "unknown", "doubt"), [row[1:] for row in ITEMS], ids=[row[0] for row in ITEMS])
def test_submissions(monkeypatch, rows, pages, counts, unknown, doubt):
    columns = {"only": [{"name": "部门动态", "category": "动态要闻", "pages": 1, "articles": rows}]}
    found = Pages(pages, columns, units=UNITS).gather(submissions, monkeypatch)
    assert found.weeks == evidence.WEEKS
    assert (found.items["县教育局"], len(found.unknown), bool(found.doubt)) == (counts, unknown, doubt)


def rows(*days):
    found = "".join(f'<li><a href="/d/{n}.html">关于开展第{n}次检查的信息</a><span>{day}</span></li>' for n, day in enumerate(days, 1))
    return f'<ul class="list">{found}</ul>'


PAGED = [
    # name, days of the column's rows, its pages, doubt
    ("the list reaches back", ["2026-11-10", "2026-09-01", "2026-08-31", "2026-08-30"], {}, False),
    ("a short list without a pager is whole", ["2026-11-10", "2026-11-03"], {"d/": rows("2026-11-10", "2026-11-03")}, False),
    ("a long list without a pager may have one", ["2026-11-10"] * 12, {"d/": rows(*["2026-11-10"] * 12)}, True),
    ("the next page reaches back", ["2026-11-10"] * 12, {
        "d/": rows(*["2026-11-10"] * 12) + '<div class="page"><a href="/d/index_1.html">下一页</a></div>',
        "d/index_1.html": rows("2026-10-01", "2026-09-01", "2026-08-31", "2026-08-30"),
    }, False),
    ("the next page cannot be opened", ["2026-11-10"] * 12, {
        "d/": rows(*["2026-11-10"] * 12) + '<div class="page"><a href="/d/index_1.html">下一页</a></div>', "d/index_1.html": Reason.WALL,
    }, True),
]


@pytest.mark.parametrize(("days", "pages", "doubt"), [row[1:] for row in PAGED], ids=[row[0] for row in PAGED])
def test_lists_are_read_back_to_the_first_week(monkeypatch, days, pages, doubt):
    articles = [listed(f"第{n}条", day, n) for n, day in enumerate(days, 1)]
    columns = {"only": [{"name": "部门动态", "category": "动态要闻", "url": f"{HOME}d/", "articles": articles}]}
    found = Pages(pages, columns, units=UNITS).gather(submissions, monkeypatch)
    assert bool(found.doubt) is doubt


def test_nobody_reports_where_no_unit_is_registered(monkeypatch):
    site = Pages({}, {"only": []})
    assert site.gather(submissions, monkeypatch).items == {} and not site.opened


@pytest.mark.parametrize("module", [leaders, annual_reports, releases, submissions], ids=lambda module: module.__name__)
def test_a_closed_site_is_closed(monkeypatch, module):
    found = Pages({}, {"only": [], "closed": "本网站已整合迁移"}, units=UNITS).gather(module, monkeypatch)
    assert found.closed == "本网站已整合迁移"
