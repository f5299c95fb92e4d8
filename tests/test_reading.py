"""The readers against their tables of habits: tests/cases/reading/<reader>.toml."""
import tomllib
from pathlib import Path

import pytest

from pytest_govsite.model.availability import Usual
from pytest_govsite.model.page import MARK_NAMES
from pytest_govsite.reading import dates, domains, error_pages, find_error, header, labels, links, marks, names, text, walls

FOLDER = Path(__file__).parent / "cases" / "reading"
TITLE = "云山县召开春季农业生产工作会议"
BODY = "近日，云山县召开会议，安排部署春季农业生产工作，强调要抓早抓细、落实责任，各乡镇要把农时放在心上，把政策送到田间地头，确保全年粮食稳产增产。"


def cases(reader: str):
    """The cases of a reader, by name."""
    table = tomllib.loads((FOLDER / f"{reader}.toml").read_text(encoding="utf-8"))["case"]
    assert len({case["name"] for case in table}) == len(table), f"{reader}: two cases of one name"
    return pytest.mark.parametrize("case", table, ids=[case["name"] for case in table])


@cases("labels")
def test_labels(case):
    found = labels.read_labels(case["html"], case.get("dom"))
    assert {name: labels.label(found, name) for name in case.get("want", {})} == case.get("want", {})
    assert labels.missing(found, case.get("absent", [])) == case.get("absent", [])
    assert [tag.name for tag in found if not tag.sent] == case.get("scripted", [])


def article(case) -> str:
    """The page of a case: T stands for its title, B for a paragraph."""
    title = case.get("title", TITLE)
    body = case["html"].replace(">T", f">{title}").replace(" T<", f" {title}<").replace("B", BODY)
    head = "" if case.get("untitled") else f'<meta name="ArticleTitle" content="{title}">'
    return f"<html><head>{head}</head><body>{body}</body></html>" if body else ""


@cases("dates")
def test_dates_and_sources(case):
    page = article(case)
    shown = dates.read_shown_date(page)
    assert ([shown.text, shown.iso or ""] if shown else None) == case.get("date")
    assert dates.read_source(page) == case.get("source", "")
    if shown:
        assert dates.has_printed_form(shown.text) == case.get("printed_form", True)


@cases("marks")
def test_marks(case):
    options = {name: tuple(case.get(name, ())) for name in ("blocked", "failed")}
    found = marks.read_marks(case["html"], base_url=case.get("url", "http://www.yunshan.gov.cn/a/1.html"), **options)
    for name in MARK_NAMES:
        mark, wanted = getattr(found, name), case.get(name)
        if wanted is not None:
            state, text = (wanted, None) if isinstance(wanted, str) else wanted
            assert mark.state == state, f"{name}: {mark}"
            said = mark.href[-len(text or ""):] if name == "party_mark" else mark.text
            assert text is None or said == text, f"{name}: {mark}"
            assert mark.why or state in ("shown", "absent"), f"{name}: {mark.state} says no why"


@cases("find_error")
def test_find_error(case):
    options = {name: tuple(case.get(name, ())) for name in ("blocked", "failed", "scripts")}
    url = case.get("url", "http://www.yunshan.gov.cn/a/1.html")
    entry = find_error.read_entry(case["html"], base_url=url, sent_html=case.get("sent", case["html"]), **options)
    assert (entry is None) == case.get("none", False)
    assert {name: getattr(entry, name) for name in case.get("want", {})} == case.get("want", {})


@cases("header")
def test_header(case):
    found = header.read_header(case["html"])
    assert [text for text in case.get("has", []) if text not in found.texts] == []
    assert [text for text in case.get("lacks", []) if text in found.texts] == []
    assert found.silent_logo == case.get("silent", False)


@cases("links")
def test_links(case):
    home = "http://www.yunshan.gov.cn"
    found = links.read_links(case["html"], f"{home}/zw/index.html")
    if "links" in case:
        assert [[one.url, one.text, one.form] for one in found] == case["links"]
    for kind, guessed in zip(("articles", "columns"), links.split_inner(found, home + "/"), strict=True):
        wanted = [address if address.startswith("http") else home + address for address in case.get(kind, [])]
        assert [one.url for one in guessed] == wanted, kind


@cases("walls")
def test_walls(case):
    answer = case["status"], case.get("headers", {}), case.get("body", "")
    assert walls.is_wall(*answer) == case.get("wall", False)
    assert walls.is_refusal(case["status"]) == case.get("refusal", False)


@cases("error_pages")
def test_error_pages(case):
    links = "".join(f"<li><a href='/{n}'>关于民生实事项目第{n}批的通知</a></li>" for n in range(30))
    html = case["html"].replace("WORDS", BODY * 3).replace("MANY", BODY * 15).replace("LINKS", links)
    said = error_pages.read_error_page(html, Usual(**case["usual"]) if "usual" in case else None)
    assert case["want"] in said if "want" in case else not said


@cases("domains")
def test_domains(case):
    found = domains.irregularities(case["host"], case.get("kind"), case.get("port"))
    for firm, wanted in ((True, case.get("firm")), (False, case.get("hint"))):
        says = [one.says for one in found if one.firm == firm]
        assert len(says) == (1 if wanted else 0) and all(wanted in text for text in says)


@cases("names")
def test_names(case):
    if "fits" in case:
        name, region, own = case["fits"]
        assert names.fits_region(name, region or None, own or None) == case.get("answer")
    elif "hint" in case:
        assert bool(names.domain_hint(*case["hint"])) == case["answer"]
    else:
        assert names.shows_name(*(tuple(texts) for texts in case["shown"])) == case["answer"]


@pytest.mark.parametrize("text, day", [
    ("2024-07-02 08:16", "2024-07-02"), ("20240702", "2024-07-02"), ("20240702081600", "2024-07-02"),
    ("2024年7月2日", "2024-07-02"), ("2024.09.30 09:24:36 GMT+08:00", "2024-09-30"),
    ("07-02", None), ("2024-02-30", None), ("1789529710870", None), ("", None),
])
def test_a_date_of_a_label(text, day):
    found = dates.parse_date(text)
    assert (found.isoformat() if found else None) == day


def test_a_foreign_code_is_firm_only_by_two_witnesses():
    found = labels.read_labels('<meta name="SiteIDCode" content="4500990001">')
    assert labels.foreign_code(found, None, "网站标识码：4100990001", "4100990001") == "4500990001"
    assert labels.foreign_code(found, "4100990001", "", "") == "4500990001"
    assert labels.foreign_code(found, None, "网站标识码：4100990001", "4500990001") == ""
    assert labels.foreign_code(found, None, "网站标识码：4100990001", "") == ""
    assert labels.foreign_code(found, "4500990001", "网站标识码：4100990001", "4100990001") == ""


def test_visible_text_is_what_a_visitor_reads():
    html = """<html><head><title> 云山县  人民政府 </title><style>p{}</style></head><body><p>春耕 <b>生产</b></p>
    <script>var a="脚本"</script><p hidden>藏</p><div style="color:red; display : none">也藏</div>
    <noscript>无脚本</noscript><!-- 注释 --><ul><li>甲<li>乙</ul></body></html>"""
    assert text.visible_text(html).split("\n") == ["春耕 生产", "甲", "乙"]
    assert text.title_of(html) == "云山县 人民政府"
    assert text.title_of("<p>无题</p>") == ""


def test_fingerprints_tell_sites_apart_and_survive_a_new_item():
    one = "".join(f"<p>{name}</p>" for name in ("政务公开", "政务服务", "互动交流", "走进云山", "云山要闻", "县长信箱", "乡镇动态"))
    other = "".join(f"<p>{name}</p>" for name in ("政务公开", "商城首页", "热销商品", "购物车", "优惠券", "我的订单", "配送说明"))
    same = set(text.fingerprint(one)) & set(text.fingerprint(one + "<p>新的一条 2024-01-01</p>"))
    assert same == set(text.fingerprint(one))
    assert len(set(text.fingerprint(one)) & set(text.fingerprint(other))) == 1


@pytest.mark.parametrize("one, two, low, high", [
    ("页面不存在，请返回首页，编号 18273", "页面不存在，请返回首页，编号 99120", 1, 1),
    ("页面不存在，请返回首页", "近日，云山县召开会议，安排部署春季农业生产", 0, 0.1),
    ("", "", 1, 1), ("", "页面不存在，请返回首页", 0, 0), ("甲乙", "甲乙", 1, 1),
])
def test_similar_texts(one, two, low, high):
    assert low <= walls.similar(one, two) <= high
    assert walls.similar(one, two) == walls.similar(two, one)


HOSTILE = {
    "deep": "<div>" * 20_000 + "主办：",
    "blank": "<p>" + " " * 200_000 + "</p>",
    "wide blanks": "<p>" + "\u3000" * 100_000,
    "comments": "<!--" * 20_000,
    "titles": "<title>" * 10_000,
    "attributes": "<a href='" * 20_000,
    "words": "<p>" + "公网安备 " * 20_000,
    "bodies": "<p>" + "人民政府、" * 20_000,
    "digits": "<p>" + "1" * 100_000,
    "dates": "<p>" + "2024-" * 30_000,
    "script": "<script>" + "//" * 50_000 + "</script>",
    "title": "<meta name=ArticleTitle content='" + "春" * 50_000 + "'><p>" + "春" * 50_000,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_pages_take_no_time(hostile):
    """A page may be made to hold up its reader."""
    url = "http://www.yunshan.gov.cn/"
    marks.read_marks(hostile, base_url=url)
    find_error.read_entry(hostile, base_url=url, sent_html=hostile)
    dates.read_shown_date(hostile), dates.read_source(hostile)
    assert header.read_header(hostile) is not None
    assert links.split_inner(links.read_links(hostile, url), url) is not None
    assert walls.is_wall(200, {}, hostile) in (True, False)
    assert isinstance(error_pages.read_error_page(hostile), str)
