"""Finding columns and saying whether one is blank, against tables of habits: tests/cases/reading/<reader>.toml."""
import time
import tomllib
from pathlib import Path

import pytest

from pytest_govsite.model.columns import CATEGORIES
from pytest_govsite.reading import blankness, categories, frame, hollow, navigation, trail

FOLDER = Path(__file__).parent / "cases" / "reading"
HOST = "http://www.yunshan.gov.cn"


def table(reader: str):
    return tomllib.loads((FOLDER / f"{reader}.toml").read_text(encoding="utf-8"))


def cases(reader: str):
    """The cases of a reader, by name."""
    found = table(reader)["case"]
    assert len({case["name"] for case in found}) == len(found), f"{reader}: two cases of one name"
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


def rows(name: str):
    found = table("categories")[name]
    return pytest.mark.parametrize("row", found, ids=[" ".join(map(str, row)) for row in found])


@cases("navigation")
def test_navigation(case):
    html = case["html"]
    for number in range(9, 0, -1):
        html = html.replace(f">T{number}<", f">云山县召开第{number}次农业生产工作推进会议<")
    found = navigation.read_navigation(html, case.get("url", HOST + "/"))
    assert [f"{one.form} | {one.under} | {one.name} | {one.url.removeprefix(HOST)}" for one in found] == case["places"]


def test_the_site_map_is_known_by_its_name():
    assert navigation.is_site_map("网站地图") and navigation.is_site_map("站点导航") and not navigation.is_site_map("地图服务")


@cases("trail")
def test_trail(case):
    found = trail.read_trail(case["html"], HOST + "/zwgk/tzgg/index.html")
    assert [[name, url.removeprefix(HOST)] for name, url in found] == case["steps"]


@rows("named")
def test_categories_by_name(row):
    assert list(categories.category_of(row[0])) == row[1]
    assert set(row[1]) <= set(CATEGORIES)


@rows("typed")
def test_categories_by_column_type(row):
    assert list(categories.category_of(row[0], row[1])) == row[2]


@rows("placed")
def test_categories_by_place(row):
    assert list(categories.category_of(row[0], trail=row[1])) == row[2]


@rows("loosely")
def test_links_that_may_lead_to_a_category(row):
    assert (categories.loosely(row[0]) or "") == row[1]


def test_every_category_has_a_name_of_its_own():
    assert all(category in categories.category_of(category) for category in CATEGORIES)
    assert {category for category, *_ in categories.LOOSE_MEANINGS} == set(CATEGORIES)


def test_years():
    known = table("categories")
    assert all(categories.is_year(name) for name in known["years"])
    assert not any(categories.is_year(name) for name in known["no_years"])


SECTIONS = {
    "新闻中心": ("云山要闻", "部门动态", "乡镇动态", "图片新闻"), "互动交流": ("县长信箱", "民意征集", "在线访谈"), "走进云山": ("云山概况", "行政区划"),
    "政务公开": ("政策文件", "政策解读", "通知公告", "财政信息", "人事信息", "规划计划", "行政处罚", "招标公告"),
}
MENU = "".join(f"<li><a href='/{one}/'>{one}</a></li>" for section in SECTIONS for one in (section, *SECTIONS[section]))
FOOT = """<div class="footer"><a href="/map/">网站地图</a><p>主办单位：云山县人民政府办公室</p><p>蜀ICP备12345678号</p>
<a href="http://jyj.gov.cn">教育局</a><a href="http://mzj.gov.cn">民政局</a><a href="http://gaj.gov.cn">公安局</a></div>"""
HOT = "".join(f"<li><a href='/n/{i}.html'>云山县召开第{i}次全县农业生产工作会议</a><span>2024-05-0{i}</span></li>" for i in range(1, 7))


def page(section: str, column: str, body: str, bare: bool = False) -> str:
    """A page of the invented site."""
    menu = "".join(f"<li><a href='/{section}/{one}/'>{one}</a></li>" for one in SECTIONS.get(section, ()))
    steps = "" if section == column else f" &gt; <a href='./'>{column}</a>"
    around = "" if bare else f"""<div class="weizhi">当前位置：<a href="/">首页</a> &gt; <a href="/{section}/">{section}</a>{steps}</div>
    <div class="left"><h2>{section}</h2><ul>{menu}</ul></div>"""
    hot = "" if bare else f"<div class='right'><h3>热点新闻</h3><ul>{HOT}</ul></div>"
    return f"""<html><head><title>{column}-{section}-云山县人民政府</title></head><body><div class="header"><img src="/logo.png"><p>今天是2024年5月6日</p>
    <form><input name="q"><input type="submit"></form></div><div class="nav"><ul><li><a href="/">首页</a></li>{MENU}</ul></div>
    <div class="main">{around}<div class="con"><h1>{column}</h1>{body}</div>{hot}</div>{FOOT}</body></html>"""


def listed(column: str, of: str = "") -> str:
    rows = (f"<li><a href='t{i}.html'>关于{of or column}第{i}号事项的工作情况说明</a><span>2024-03-{i}</span></li>" for i in range(10, 25))
    return f"<ul>{''.join(rows)}</ul><div class='page'>共3页 <a href='index_1.html'>下一页</a></div>"


def site(blank: tuple[str, ...] = ()) -> list[str]:
    """All column pages of the invented site and some of its articles."""
    every = [(section, column) for section, columns in SECTIONS.items() for column in (section, *columns)]
    columns = [page(section, column, "<p>暂无信息</p>" if column in blank else listed(column)) for section, column in every]
    return columns + [page("新闻中心", "云山要闻", f"<p>{'第几段正文，' * (30 + i)}</p>") for i in range(30)]


FRAMES = {
    "a whole site": frame.Frame.of(site()), "many blank columns": frame.Frame.of(site(SECTIONS["政务公开"])),
    "two pages": frame.Frame.of(site()[:2]), "no page": frame.Frame.of([]),
}


@pytest.mark.parametrize("learnt", FRAMES.values(), ids=FRAMES)
@cases("blankness")
def test_blankness(case, learnt):
    column = case.get("column", "招标公告")
    html = page(case.get("section", "政务公开"), column, case["body"], case.get("bare", False))
    assert blankness.blank_words(blankness.own_content(html, learnt), column) == case.get("want", "")


@pytest.mark.parametrize("learnt", FRAMES.values(), ids=FRAMES)
def test_no_full_page_of_the_site_is_blank(learnt):
    for section, columns in SECTIONS.items():
        for column in columns:
            content = blankness.own_content(page(section, column, listed(column)), learnt)
            assert len(content.links) >= 15 and not blankness.blank_words(content, column)


def test_lists_that_several_columns_share_are_no_frame():
    """Year after year the same rows: a mistake of the site, but not a blank column."""
    years = [page("政务公开", f"{year}年", listed("预算")) for year in range(2015, 2024)]
    learnt = frame.Frame.of([*site()[:8], *years])
    assert not blankness.blank_words(blankness.own_content(years[0], learnt), "2015年")


def test_names_that_lead_to_the_parts_of_a_column_are_its_content():
    """Every leader's page shows the names of all; the page of the column shows nothing but them."""
    names = "".join(f"<li><a href='/ld/{i}.html'>{name}</a></li>" for i, name in enumerate(("张三", "李四", "王五", "赵六")))
    pages = [page("领导之窗", "领导之窗", f"<ul>{names}</ul><p>{who}，主持县政府全面工作。</p>") for who in ("张三", "李四", "王五", "赵六")]
    learnt = frame.Frame.of([*site(), *pages])
    assert not blankness.blank_words(blankness.own_content(page("领导之窗", "领导之窗", f"<ul>{names}</ul>"), learnt), "领导之窗")


def test_what_waits_for_a_script_is_told():
    content = blankness.own_content(page("政务公开", "招标公告", "<p>正在加载，请稍候…</p>"), FRAMES["a whole site"])
    assert content.waits == "正在加载，请稍候…" and not content.lines


def test_content_is_told_by_kind():
    body = "<p>申请表请填写完整。</p><a href='/a.doc'>申请表</a><img src='W02.jpg'><textarea name='t'></textarea><canvas></canvas><iframe src='//x.gov.cn/'></iframe>"
    content = blankness.own_content(page("政务公开", "招标公告", body), FRAMES["a whole site"])
    assert content.lines == ("申请表请填写完整。",) and content.links == (("申请表", "/a.doc"),) and content.pictures == ("<img W02.jpg",)
    assert content.forms == ("<textarea t",) and content.media == ("<canvas ",) and content.embedded and not content.menu


@pytest.mark.parametrize("words", [
    "暂无信息", "暂无数据！", "暂无相关内容", "没有找到相关信息", "抱歉，没有找到您要的内容", "该栏目暂无内容", "本栏目正在建设中，敬请期待！", "内容更新中", "资料整理中",
    "网站维护中", "无相关记录", "查无数据", "列表为空", "尚未发布信息", "No data", "此栏目暂无文章", "当前栏目下没有信息", "暂无公告", "暂无",
])
def test_words_for_nothing(words):
    assert hollow.says_nothing_here(words) and not hollow.is_filling("云山县" + words)


@pytest.mark.parametrize("words", [
    "本局暂无下属单位", "暂无规章", "无", "当前没有正在进行的调查", "没有共产党就没有新中国", "市场建设中心", "数据更新中心", "信息", "收费标准：无", "办公地址：云山大道1号", "",
])
def test_words_for_something(words):
    assert not hollow.says_nothing_here(words)


@pytest.mark.parametrize("words, filling", [
    ("共0条", True), ("第1页/共0页", True), ("首页上一页下一页尾页", True), ("2024-05-06 10:20", True), ("发布日期", True), ("【打印】", True), ("2", True),
    ("0818-5221234", False), ("(0818)5221234", False), ("共享经济", False), ("条例", False), ("12345热线", False), ("a@b.cn", False), ("数据", False), ("3000元", False),
])
def test_words_that_fill_a_page(words, filling):
    assert hollow.is_filling(words) == filling


HOSTILE = {
    "deep": "<div>" * 20_000 + "暂无信息", "links": "<a href='/a/'>政务公开</a>" * 20_000, "lists": "<ul><li>" * 5_000 + "<a href=/x/>新闻</a>",
    "blank": "<p>" + " " * 200_000, "trail": "<p>当前位置：" + "首页 > " * 20_000, "digits": "<p>" + "1" * 100_000, "words": "<p>" + "暂无信息" * 30_000,
    "texts": "<p>暂无</p>" * 10_000, "classes": f"<div class='{'nav ' * 20_000}'><a href='/a/'>公开</a></div>", "labels": "<b>当前位置</b>" * 10_000,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_pages_take_no_time(hostile):
    """A page may be made to hold up its reader."""
    navigation.read_navigation(hostile, HOST)
    trail.read_trail(hostile, HOST)
    learnt = frame.Frame.of([hostile])
    assert blankness.blank_words(blankness.own_content(hostile, learnt), "公开") is not None
    assert categories.category_of("公告" * 1000) == () and not categories.is_year("2024" * 1000)


@pytest.mark.timeout(60)
def test_a_frame_is_learnt_quickly():
    pages = [page("新闻中心", "云山要闻", listed(f"第{i}栏目") + "<p>春耕生产</p>" * 500) for i in range(100)]
    began = time.monotonic()
    assert frame.Frame.of(pages).pages == 100
    assert time.monotonic() - began < 20
