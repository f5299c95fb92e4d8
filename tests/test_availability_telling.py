"""What is said and drawn of a week: numbers as a clerk reads them, the picture, the list that an inspector hands over."""
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from evidence_week import AS_OF, week

from pytest_govsite.availability import chart, facts, slots_of, telling
from pytest_govsite.model.availability import Health
from pytest_govsite.model.missing import Blame, Reason

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "]]></title><script>alert(1)</script><image href='http://evil/x'/>&amp;\x00\x1b[31m\u202e\ud800" + "很" * 500

ODDS = {
    Fraction(1): "为 100%",
    Fraction(231, 10_000): "为 2.31%",
    Fraction(1, 1000): "为 0.1%",
    Fraction(1, 1001): "约 1/1001",
    Fraction(1, 12_345): "约 1/1.2万",
    Fraction(1, 1_234_567): "约 1/123万",
    Fraction(1, 48_600_000_000): "约 1/486亿",
    Fraction(1, 10**12): "约 1/10000亿",
    Fraction(1, 10**13): "不到 1/1万亿",
    Fraction(0): "不到 1/1万亿",
}


@pytest.mark.parametrize("chance, words", ODDS.items(), ids=ODDS.values())
def test_odds(chance, words):
    assert facts.odds(chance) == words


SHARES = {(7, 140): "5%", (8, 168): "4.76%", (9, 168): "5.36%", (0, 168): "0%", (27, 1344): "2.01%", (0, 0): "—"}


@pytest.mark.parametrize("numbers, words", SHARES.items(), ids=SHARES.values())
def test_shares(numbers, words):
    assert facts.share(*numbers) == words


TOO_FEW = {
    "nothing at all": ({"days": [""] * 7}, Blame.HISTORY, [
        "近7天（11月13日至11月19日）有效访问 0 次，应每天 20 次、共 140 次；检查前须用 govsite watch",
        "本次检查时的访问已记入历史（IPv4 打开）",
    ]),
    "one thin day is named": ({"days": ["24o", "16o3x"]}, Blame.HISTORY, ["有效访问 163 次（3 次打不开）", "；11月14日只有 19 次；"]),
    "several": ({"days": ["3o", "", "19o"]}, Blame.HISTORY, ["；11月13日只有 3 次、11月14日只有 0 次、11月15日只有 19 次；"]),
    "walls": ({"days": ["24w"]}, Blame.WALL, ["另有 24 次被防护验证拦截，不计入；须请网站放行"]),
    "our own side": ({"days": ["24n"]}, Blame.VANTAGE, ["另有 24 次因本机网络或时钟不可靠作废，不计入；须在网络稳定的机器上采样"]),
    "this run's visits that failed": ({"days": [""] * 7, "now": "xo"}, Blame.HISTORY, ["（IPv4 等待超时，停在建立连接；IPv6 打开）"]),
    "this run met a wall": ({"days": [""] * 7, "now": "w"}, Blame.HISTORY, ["（IPv4 被防护验证拦截）"]),
}


@pytest.mark.parametrize("spec, blame, words", TOO_FEW.values(), ids=TOO_FEW)
def test_too_few_visits(spec, blame, words):
    watched = week(spec)
    said = telling.too_few(watched, slots_of(watched.samples, AS_OF), 20, blame)
    assert [part for part in words if part not in said] == [] and len(said) <= 200


def test_many_thin_days_are_not_all_named():
    watched = week({"days": [""] * 6})
    said = telling.too_few(watched, slots_of(watched.samples, AS_OF, 30), 20, Blame.HISTORY)
    assert "共 29 天" in said and said.count("只有") == telling.DAYS_SHOWN


CAUSES = {
    "the commonest first": ("2x3t", "HTTPS 证书或加密协议有误 3 次、等待超时 2 次"),
    "with the status": ("2b", "服务器返回错误状态（HTTP 503） 2 次"),
    "unsure ones are none": ("2x3r", "等待超时 2 次"),
    "none": ("24o", ""),
}


@pytest.mark.parametrize("day, words", CAUSES.values(), ids=CAUSES)
def test_causes(day, words):
    assert telling.causes(slots_of(week({"days": [day]}).samples, AS_OF)) == words


HEALTHS = {
    "good": (Health(1344, 0, 168), "同期探测对照网站 1344 次，失败 0 次（0%）"),
    "bad at times": (Health(1344, 27, 160, 8), "同期探测对照网站 1344 次，失败 27 次（2.01%），8 轮作废"),
    "unknown": (Health(void_rounds=2), "同期没有探测过对照网站，本机是否正常无从得知，2 轮作废"),
}


@pytest.mark.parametrize("health, words", HEALTHS.values(), ids=HEALTHS)
def test_how_healthy_we_were(health, words):
    assert telling.healthy(health) == words


EVERYTHING = {"days": ["18oxr2w2n", "3o18x3-", "oooobbgptiWnn6o5-"], "ipv6": ["24o", "23ox"], "now": "ox"}


def drawn(spec: dict, heading: str = "宣汉县人民政府", subtitle: str = "", **changes) -> ElementTree.Element:
    rows = [replace(row, **changes) for row in week(spec).samples]
    text = chart.draw(slots_of(rows, AS_OF), heading, subtitle)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "") or subtitle, "nothing comes from outside"
    return ElementTree.fromstring(text)


def cells(picture: ElementTree.Element) -> list[str]:
    return [group.get("class") for group in picture.iter(f"{SVG}g") if group.find(f"{SVG}title") is not None]


def test_the_picture_has_a_cell_for_every_slot():
    slots = slots_of(week(EVERYTHING).samples, AS_OF)
    assert cells(drawn(EVERYTHING)) == [slot.standing for slot in slots]


def test_every_standing_has_a_sign_of_its_own_and_a_place_in_the_legend():
    """Colours are lost in print and on some eyes."""
    signs = {}
    for group in drawn(EVERYTHING).iter(f"{SVG}g"):
        shape = [(each.tag, each.get("d"), each.text) for each in group if each.tag not in (f"{SVG}title", f"{SVG}rect")]
        signs.setdefault(group.get("class"), set()).add(str(shape))
    assert {*signs} == {*facts.STANDINGS} and all(len(each) == 1 for each in signs.values())
    assert len(set.union(*signs.values())) == len(signs)


def test_the_picture_names_site_days_numbers():
    words = " ".join(drawn(EVERYTHING, subtitle="采样点 成都").itertext())
    wanted = ("宣汉县人民政府", "采样点 成都", "11月13日 周五", "11月19日 周四", "18/20 打开", "24/24 打开", "打不开 ", "11月13日 18:00 打不开：18:12 等待超时")
    assert [part for part in wanted if part not in words] == []


def test_no_text_of_a_site_gets_out_of_its_place():
    picture = drawn(EVERYTHING, HOSTILE, HOSTILE, detail=HOSTILE, vantage=HOSTILE, title=HOSTILE)
    assert {element.tag.removeprefix(SVG) for element in picture.iter()} == {"svg", "title", "desc", "style", "rect", "text", "g", "circle", "path"}
    assert max(len(text) for text in picture.itertext() if "font-family" not in text) <= chart.TOOLTIP


def test_a_week_of_nothing_can_be_drawn():
    assert cells(drawn({"days": [""] * 7})) == ["missing"] * 168
    assert cells(ElementTree.fromstring(chart.draw((), "空"))) == []


def test_other_parts_of_a_day_fill_the_same_width():
    rows = [replace(row, slots=48, slot=2 * row.slot) for row in week().samples]
    picture = ElementTree.fromstring(chart.draw(slots_of(rows, AS_OF), "细"))
    assert len(cells(picture)) == 7 * 48 and cells(picture)[:4] == ["open", "missing"] * 2


def test_the_list_has_every_row():
    watched = week(EVERYTHING)
    slots = slots_of(watched.samples, AS_OF)
    lines = telling.listing(slots).splitlines()
    empty = sum(not slot.rows for slot in slots)
    assert len(lines) == 4 + len(watched.samples) + empty
    assert lines[0] == telling.counted(slots) and lines[3].split()[:2] == ["日期", "时段"]
    failed = next(line for line in lines if "18:12:18" in line)
    wanted = ["2026-11-13", "周五", "18:00", "打不开", "18:12:18", "成都", "IPv4", "首次", "等待超时，停在建立连接", "15.00", "秒"]
    assert failed.split()[: len(wanted)] == wanted


@pytest.mark.parametrize("name", ["detail", "title", "url", "address", "vantage", "digest"])
def test_no_text_of_a_site_breaks_a_line_of_the_list(name):
    rows = [replace(row, **{name: f"甲\n乙\r\x1b[31m\u202e\ud800{'很' * 900}"}, reason=Reason.RESET) for row in week({"days": ["24x"]}).samples]
    text = telling.listing(slots_of(rows, AS_OF))
    assert len(text.splitlines()) == 4 + len(rows) and text.encode()
    assert not {"\x1b", "\u202e", "\r"} & {*text} and max(map(len, text.splitlines())) < 800
