"""Which input is the search, what leads to one, what is typed, and where a query stands in an address."""
import tomllib
from pathlib import Path
from urllib.parse import quote

import pytest

from pytest_govsite.reading.search_address import holds, read_template
from pytest_govsite.reading.search_box import Box, Opener, Press, buttons, is_narrow, is_other, rank, rank_openers, read_boxes, read_openers
from pytest_govsite.reading.search_queries import (
    is_cut, is_plain, keyword_of, nonsense, part_of, query_of, squeezed, typo_of,
)

PAGE = "http://www.yunshan.gov.cn/"
CASES = tomllib.loads((Path(__file__).parent / "cases" / "reading" / "search_box.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_which_box_is_the_search(case):
    boxes = read_boxes(case["boxes"])
    assert [box.number for box in rank(boxes, PAGE)] == case["want"]
    assert [box.number for box in boxes if is_other(box, PAGE)] == case.get("other", [])
    assert [box.number for box in boxes if is_narrow(box, PAGE)] == case.get("narrow", [])


OPENERS = {
    # name: (opener, may it lead to the search of the site)
    "link": (Opener(0, "a", words="站内搜索", href="/search/", url=f"{PAGE}search/"), True),
    "link of one word": (Opener(0, "a", words="搜 索", href="/s", url=f"{PAGE}s"), True),
    "advanced": (Opener(0, "a", words="高级搜索", href="/s", url=f"{PAGE}s"), True),
    "in brackets": (Opener(0, "a", words="[智能检索]", href="/s", url=f"{PAGE}s"), True),
    "twice": (Opener(0, "a", words="搜索 搜索", href="/s", url=f"{PAGE}s"), True),
    "English": (Opener(0, "a", words="Search", href="/s", url=f"{PAGE}s"), True),
    "icon": (Opener(0, "img", signs="icon-search i/fdj.png", onclick="show()"), True),
    "icon by class": (Opener(0, "i", signs="iconfont icon-sousuo"), True),
    "hot words": (Opener(0, "a", words="热门搜索", href="/s", url=f"{PAGE}s"), False),
    "policies": (Opener(0, "a", words="政策检索", href="/s", url=f"{PAGE}s"), False),
    "research": (Opener(0, "a", signs="icon-research", href="/r", url=f"{PAGE}r"), False),
    "an engine of others": (Opener(0, "a", words="搜索", href="http://www.baidu.com/", url="http://www.baidu.com/"), False),
    "an article": (Opener(0, "a", words="搜救队出动", signs="search", href="/a", url=f"{PAGE}a"), False),
}


@pytest.mark.parametrize(("opener", "may"), OPENERS.values(), ids=OPENERS)
def test_what_leads_to_a_search(opener, may):
    assert bool(rank_openers([opener], PAGE)) == may


def test_openers_are_each_asked_once_words_first():
    icon = Opener(0, "i", signs="icon-search", x=10, y=10, width=20, height=20)
    around = Opener(1, "span", signs="search", x=10, y=10, width=20, height=20)
    link = Opener(2, "a", words="搜索", href="/s", url=f"{PAGE}s")
    assert rank_openers([icon, around, link], PAGE) == [link, icon]
    assert link.leads and not icon.leads and not Opener(0, "a", href="javascript:void(0)", url="javascript:void(0)").leads


BUTTONS = {
    # name: (what stands beside the box, numbers in the order of pressing)
    "submit": ([Press(0, "a", words="高级搜索", href="/adv"), Press(1, "input", type="submit", words="搜索")], [1]),
    "picture": ([Press(0, "img", signs="search.png", onclick="go()")], [0]),
    "hot words are links": ([Press(0, "a", words="公积金", href="/s?q=1"), Press(1, "a", words="搜索", href="javascript:go()")], [1]),
    "close and voice": ([Press(0, "button", words="×"), Press(1, "i", words="语音搜索"), Press(2, "button", words="检索")], [2]),
    "two": ([Press(0, "a", words="搜索", href="#", onclick="a()"), Press(1, "button", words="搜索")], [1, 0]),
    "none": ([Press(0, "a", words="首页", href="/")], []),
}


@pytest.mark.parametrize(("presses", "order"), BUTTONS.values(), ids=BUTTONS)
def test_which_button_sends_the_query(presses, order):
    assert [press.number for press in buttons(Box(0, presses=tuple(presses)))] == order


def test_what_a_page_says_of_its_boxes_is_bounded():
    boxes = read_boxes([{"number": n, "hint": "搜" * 9999, "evil": 1, "presses": [{"number": m} for m in range(999)]} for n in range(999)])
    assert len(boxes) == 40 and len(boxes[0].hint) == 2000 and len(boxes[0].presses) == 40
    assert len(read_openers([{"number": n} for n in range(999)])) == 40


TITLE = "关于印发《云山县春季农业生产实施方案》的通知"


def test_queries_of_a_title():
    assert query_of(TITLE) == "关于印发云山县春季农业生产实施方案的通知" and not is_plain(TITLE) and is_plain("云山县春耕")
    assert len(query_of("长" * 90)) == 40 and is_cut("云山县召开……") and is_cut("云山县召开...") and not is_cut("云山县召开")
    assert squeezed("《云山　县》１、2") == "云山县12"
    typo = typo_of(TITLE, "seed")
    assert typo != query_of(TITLE) and sum(a != b for a, b in zip(typo, query_of(TITLE), strict=False)) >= 1 and typo == typo_of(TITLE, "seed")
    assert len(typo_of("春耕备播", "seed")) in (3, 4)
    part = part_of(TITLE, [TITLE, "云山县春季农业工作"])
    assert part in TITLE and 4 <= len(part) <= 8 and not part.startswith("关于")
    assert part_of("云山县", []) == "" and part_of(TITLE, ["又" + query_of(TITLE)]) == ""
    assert keyword_of(["住房公积金提取申请"], "s") == "住房公积金提取" and keyword_of([], "s") in ("公积金", "身份证", "社保", "营业执照", "不动产登记")
    assert len(set(nonsense("a"))) == 5 and nonsense("a") != nonsense("b")


ADDRESSES = {
    "plain": ("http://a/s?q={}", lambda text: text),
    "escaped": ("http://a/s?q={}&x=1", quote),
    "small letters": ("http://a/s?q={}", lambda text: quote(text).lower()),
    "twice": ("http://a/s?q={}", lambda text: quote(quote(text))),
    "GBK": ("http://a/s?q={}", lambda text: quote(text, encoding="gbk")),
    "escape()": ("http://a/s?q={}", lambda text: "".join(f"%u{ord(c):04X}" for c in text)),
    "in the path": ("http://a/search/{}/1.html", quote),
    "after the hash": ("http://a/#/search?q={}", quote),
}


@pytest.mark.parametrize(("form", "encode"), ADDRESSES.values(), ids=ADDRESSES)
def test_where_the_query_stands_in_an_address(form, encode):
    address = form.format(encode("春耕生产"))
    assert holds(address, "春耕生产")
    assert read_template(address, "春耕生产").address("秋收").lower() == form.format(encode("秋收")).lower()


def test_an_address_without_the_query_or_with_two_is_no_template():
    assert read_template("http://a/s", "春耕") is None and not holds("http://a/s", "春耕")
    assert read_template(f"http://a/s?q={quote('春耕')}&w={quote('春耕')}", "春耕") is None


def test_a_page_may_say_anything():
    """Scripts of a page can change what it is asked with."""
    assert read_boxes("none") == read_boxes(None) == read_boxes([1, None, "x"]) == ()
    box = read_boxes([{"number": "7", "hint": 5, "y": float("nan"), "x": 1e300, "shown": "no", "presses": {"a": 1}, "fields": True}])[0]
    assert (box.number, box.hint, box.x, box.y, box.shown, box.presses) == (0, "", 0, 0, True, ()) and rank([box], PAGE) == []
