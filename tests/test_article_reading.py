"""Content pages, read: tests/cases/reading/articles.toml, article_page.toml and units.toml."""
import tomllib
from pathlib import Path

import pytest

from pytest_govsite.reading import dates, units
from pytest_govsite.reading.article_page import read_article_page
from pytest_govsite.reading.days import find_days

FOLDER = Path(__file__).parent / "cases" / "reading"
PARTS = tomllib.loads((FOLDER / "articles.toml").read_text(encoding="utf-8"))
BODY = "近日，云山县召开会议，安排部署秋季农业生产工作，强调要抓早抓细、落实责任，各乡镇要把农时放在心上，把政策送到田间地头，确保全年粮食稳产增产。"


def cases(reader: str):
    """The cases of a reader, by name."""
    table = tomllib.loads((FOLDER / f"{reader}.toml").read_text(encoding="utf-8"))["case"]
    assert len({case["name"] for case in table}) == len(table), f"{reader}: two cases of one name"
    return pytest.mark.parametrize("case", table, ids=[case["name"] for case in table])


def pages(byline: dict, number: int):
    """The line of particulars in every skeleton, with texts and titles in turn: (names of the parts, html)."""
    for place, skeleton in enumerate(PARTS["skeleton"]):
        body = PARTS["body"][(place + number) % len(PARTS["body"])]
        title = PARTS["titles"][(place + number // 2) % len(PARTS["titles"])]
        html = skeleton["html"].replace("{title}", title).replace("{byline}", byline["html"])
        yield f"{skeleton['name']} / {body['name']}", html.replace("{body}", body["html"])


def each_byline():
    table = list(enumerate(PARTS["byline"]))
    return pytest.mark.parametrize("number, byline", table, ids=[byline["name"] for _, byline in table])


@each_byline()
def test_the_line_of_particulars_decides(number, byline):
    wrong = {}
    for name, html in pages(byline, number):
        shown = dates.read_shown_date(html)
        seen = [shown.text, shown.iso or ""] if shown else None, dates.read_source(html)
        if seen != (byline.get("date"), byline.get("source", "")):
            wrong[name] = seen
    assert wrong == {}


@each_byline()
def test_a_page_read_as_a_whole_never_says_more(number, byline):
    """Where nothing is between title and text, the whole page may leave the date open, but never gives a day."""
    for name, html in pages(byline, number):
        read = read_article_page(html, "http://www.yunshan.gov.cn/zw/dt/1.html")
        shown = dates.read_shown_date(html)
        if read.is_article or shown:
            assert (read.shown == shown) if shown else (read.shown is None or read.shown.iso is None), name
        assert read.source == byline.get("source", ""), name


@cases("article_page")
def test_article_pages(case):
    html = case["html"].replace("B", BODY)
    known = {name: case[name] for name in ("listed", "title") if name in case}
    read = read_article_page(html, case.get("url", "http://www.yunshan.gov.cn/zw/1.html"), **known)
    assert ([read.shown.text, read.shown.iso or ""] if read.shown else None) == case.get("date")
    assert read.why == case.get("why", "")
    assert read.is_article == (not read.why)
    assert {name: getattr(read, name) for name in case.get("want", {})} == case.get("want", {})


@cases("units")
def test_units(case):
    if "name_of" in case:
        assert units.unit_name(case["name_of"]) == case["is"]
    for unit, answer in case.get("units", {}).items():
        assert units.match(case["source"], unit) == answer, unit


@pytest.mark.parametrize("text, found", [
    ("2026-09-16 10:20", ["2026-09-16"]), ("２０２６年９月１６日", ["2026-09-16"]), ("二〇二六年十月二十一日", ["2026-10-21"]),
    ("二○二六年十二月三十一日", ["2026-12-31"]), ("September 16th, 2026", ["2026-09-16"]), ("16 Sep 2026", ["2026-09-16"]),
    ("2026 09/16 10:20:35", ["2026-09-16"]), ("2026-09-16至2026-09-23", ["2026-09-16", "2026-09-23"]), ("2026年2月30日", [None]),
    ("20260916", ["2026-09-16"]), ("3天前", [None]), ("", []), ("云府发〔2026〕9号", [None]),
])
def test_days_in_a_text(text, found):
    assert [day.iso for day in find_days(text)] == found


HOSTILE = {
    "lines of dates": "<h1>云山县召开秋季农业生产工作会议</h1>" + "<p>2024-01-02</p>" * 20_000,
    "one line of dates": "<h1>云山县召开秋季农业生产工作会议</h1><p>" + "<span>2024-01-02</span>" * 20_000,
    "labels": "<h1>云山县召开秋季农业生产工作会议</h1><p>" + "发布时间：" * 100_000,
    "letters apart": "<h1>云山县召开秋季农业生产工作会议</h1><p>来" + " " * 300_000 + "源" + "\u3000" * 100_000 + "：",
    "titles": "<meta name=ArticleTitle content='云山县召开秋季农业生产工作会议甲'>" + "<p>云山县召开秋季农业生产工作会义乙丙</p>" * 10_000,
    "empty boxes": "<h1>云山县召开秋季农业生产工作会议</h1>" + "<div class=content-text><img></div>" * 10_000,
    "headings in headings": "<div class=tit>" * 2_000 + "<b class=title>云山县召开秋季农业生产</b>" * 5_000,
    "brackets": "<h1>云山县召开秋季农业生产工作会议</h1><p>" + "（" * 300_000,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_pages_take_no_time(hostile):
    """A page may be made to hold up its reader."""
    read_article_page(hostile, "http://www.yunshan.gov.cn/")
    units.match(hostile, "县教育局")
