"""The reader of result pages against its tables: tests/cases/reading/results_*.toml."""
import pytest
from test_reading import HOSTILE, cases

from pytest_govsite.reading import results, results_match

QUERY = "云山县召开春季农业生产工作会议"
URL = "http://www.yunshan.gov.cn/search?word=1"
HEADER = """<html><head><title>搜索结果 - 云山县人民政府</title></head><body><div class="header"><a href="/">首页</a><ul class="nav"><li><a href="/zwgk/">政务公开</a></li>
<li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li><li><a href="/sj/">政府数据</a></li></ul><form><input name="q"><button>搜索</button></form>
<div>热搜词：<a href="/search?word=a">公积金提取</a> <a href="/search?word=b">社保卡补办</a></div></div><div class="position">您的位置：<a href="/">首页</a> &gt; 站内搜索</div>"""
SIDE = """<div class="side"><h3>最新信息</h3><ul><li><a href="/a/9.html">云山县人民政府办公室关于放假安排的通知</a><span>2026-03-30</span></li>
<li><a href="/a/8.html">云山县第三批公示名单的公告</a><span>2026-03-29</span></li></ul><h3>热门搜索</h3><ul><li><a href="/search?word=c">高龄补贴申请条件</a></li></ul></div>"""
RESULTS = """<div class="results"><div class="one"><a href="/1/1.html">全县Q工作推进会</a><p>全县Q工作推进会日前在县城召开，有关部门负责人参加。</p><i>2026-03-24</i></div>
<div class="one"><a href="/1/2.html">全县Q工作座谈会</a><p>全县Q工作座谈会日前在县城召开，企业代表参加了会议。</p><i>2026-03-23</i></div></div>"""
FOOTER = """<div class="footer"><a href="/sitemap.html">网站地图</a><a href="/about.html">关于我们</a><p>主办：云山县人民政府办公室　蜀ICP备05000000号　网站标识码：5117220001</p></div></body></html>"""


def page(case) -> str:
    """The page of a case within the frame of a site."""
    body = case["html"].replace("word=Q", f"word={QUERY}").replace("Q&", f"{QUERY}&")
    return body if case.get("alone") else HEADER + body + SIDE + FOOTER


def said(case, name, found):
    """What a case states of a result page, in the form in which it states it."""
    values = {
        "hits": [hit.title for hit in found.hits], "urls": [hit.url for hit in found.hits],
        "days": [hit.day for hit in found.hits], "summaries": [hit.summary for hit in found.hits],
        "total": "none" if found.total is None else found.total, "facets": list(found.facets), "readable": found.readable,
        "empty": case.get("empty") if case.get("empty", "") in found.empty and found.empty else found.empty,
        "card": [part for part in case.get("card", []) if part in found.card] or [found.card][:bool(found.card)],
    }
    return values[name]


@cases("results_vendors")
def test_results(case):
    html, query = page(case), case.get("query", QUERY)
    found = results.read_results(html, case.get("url", URL), query)
    wanted = {"empty": "", "readable": True, "card": []} | {name: case[name] for name in case if name not in ("name", "html", "url", "query", "find", "alone")}
    assert {name: said(case, name, found) for name in wanted} == wanted
    for title, target, answer in case.get("find", []):
        assert results.find(found, title, target) == results.find(found, title, target, html) == answer
    assert not results.is_captcha(html)
    assert found.empty or not found.hits or not results.error_words(html)


@cases("results_words")
def test_words(case):
    html = HEADER + f"<div class='main'><p>{case['name']}</p></div>" + SIDE + FOOTER
    found = results.read_results(html, URL, "春耕")
    said = ["none"] if found.empty and found.readable else []
    said += ["error"] if results.error_words(html) else []
    said += ["captcha"] if results.is_captcha(html) else []
    assert said == ([case["says"]] if case["says"] else [])
    assert not found.hits


@cases("results_rest")
def test_words_of_a_page_without_an_answer(case):
    html = HEADER + f"<div class='main'><p>{case['name']}</p></div>" + SIDE + FOOTER
    said = ["waiting"] if results.waiting_words(html) else []
    said += ["trouble"] if results.trouble_words(html) else []
    assert said == ([case["says"]] if case["says"] else [])


@cases("results_titles")
def test_titles(case):
    assert results_match.same_title(case["shown"], case["wanted"]) == case["same"]


@cases("results_addresses")
def test_addresses(case):
    found = results.read_results("", URL, "")
    assert results_match.same_address(case["one"], case["other"]) == results_match.same_address(case["other"], case["one"]) == case["same"]
    assert results.find(found, "甲", case["other"], f'<p><a href="{case["one"]}">另一条标题</a></p>') == ("address" if case["same"] else "")


@cases("results_classes")
def test_classes_and_cards(case):
    query = case.get("query", QUERY)
    html = page({"html": case["html"] + RESULTS.replace("Q", query)})
    found = results.read_results(html, URL.replace("1", query), query)
    assert len(found.hits) >= 2 and found.readable
    if "facets" in case:
        assert list(found.facets) == case["facets"]
    if "card" in case:
        assert [part for part in case["card"] if part in found.card] == case["card"] and bool(found.card) == bool(case["card"])


CROWDED = HOSTILE | {
    "links": "<li><a href=/show?id=1>云山县召开春季农业生产会议</a><i>2026-03-01</i></li>" * 10_000,
    "nested links": "<div><a href=/1.html>云山县召开春季</a>" * 2500,
    "marks": "<p>" + "<em>云山</em>x" * 20_000,
    "classes": "<ul>" + "<li>政策文件</li>" * 20_000,
    "none": "<p>" + ("没有" + "搜索" * 25 + "</p><p>") * 3000,
    "acts": "<a>在线办理</a>" * 10_000,
    "wrapped": "<a href='/link.do?url=" + "%2568" * 3000 + "'>云山县召开春季农业</a>",
}


@pytest.mark.parametrize("hostile", CROWDED.values(), ids=CROWDED)
@pytest.mark.timeout(20)
def test_hostile_result_pages_take_no_time(hostile):
    found = results.read_results(hostile, URL, QUERY)
    assert results.find(found, QUERY, "http://www.yunshan.gov.cn/9.html", hostile) == ""
    assert all(isinstance(words(hostile), str) for words in (results.error_words, results.waiting_words, results.trouble_words))
    assert results.is_captcha(hostile) in (True, False)
