"""`govsite history`: what is remembered of sites, as a person reads it and as it is taken away."""
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
import remembered
import reported
from history_samples import failed, round_, sample
from remembered import DAY, EDITION, FAILING, WHOLE, inspect, settle, told, visit
from rich.cells import cell_len
from rich.console import Console

from pytest_govsite import cli
from pytest_govsite.history import open_history
from pytest_govsite.model.availability import DAYS, SHANGHAI
from pytest_govsite.model.finding import Finding
from pytest_govsite.model.missing import Blame

BAD = ("4o2x6ob5oc5o", "24o", "10w14o", "3x21o", "20o2b2x", "3-21o", "o5b18o")  # a veto needs 20 valid ones a day


@pytest.fixture
def place(tmp_path, monkeypatch):
    return settle(tmp_path, monkeypatch)


def row_of(lines: list[str], name: str) -> list[str]:
    """The cells of the line that begins so."""
    return next(line for line in lines if line.startswith(name)).split()


def test_all_sites_at_a_glance(place, capsys):
    visit(place, {"jia": WHOLE, "yi": FAILING, "bing": BAD}, failing=2)
    inspect(place, site="jia", verdict="不合格", name="甲县人民政府")
    inspect(place, site="jia", days_ago=7, verdict="不合格")
    inspect(place, site="jia", days_ago=14, verdict="待定")
    inspect(place, site="jia", days_ago=1, edition="gb2019", partial=True)
    lines = told(capsys, "--as-of", DAY)
    assert lines[0].startswith("11月13日至11月19日") and "140 次有效访问" in lines[0]
    assert row_of(lines, "甲县人民政府（jia）")[1:] == ["7/7", "168", "0%", EDITION, "不合格", "2026-11-13", "起"]
    assert row_of(lines, "yi") == ["yi", "7/7", "168", "5.95%", "没有检查过"]
    assert row_of(lines, "bing") == ["bing", "6/7", "155", "9.68%", "1", "没有检查过"]
    assert any("gb2019 待定（部分指标） 2026-11-19 起" in line for line in lines)
    assert f"  · {remembered.PLACE}：采样 7 轮，作废 0 轮；对照网站探测 2016 次，失败 2 次（0.1%）" in lines
    assert lines[-1].startswith(f"历史库 {place}：") and lines[-1].endswith("网站 3 个，访问记录 2026-11-13 至 2026-11-19")


def test_sites_of_the_file_that_nobody_visits_are_seen(place, capsys):
    visit(place, {"jia": WHOLE})
    Path("mine.toml").write_text(
        '[[site]]\nid = "jia"\nname = "甲县"\nurl = "http://jia.gov.cn/"\n'
        '[[site]]\nid = "yi"\nname = "乙县"\nurl = "http://yi.gov.cn/"\ngroup = "东"\n', encoding="utf-8",
    )
    assert row_of(told(capsys, "--as-of", DAY, "--sites", "mine.toml"), "乙县（yi）")[1:4] == ["0/7", "0", "—"]
    east = told(capsys, "--as-of", DAY, "--sites=mine.toml", "--site-group=东")
    assert row_of(east, "乙县") and not [line for line in east if line.startswith("甲县")]
    assert row_of(told(capsys, "--as-of", DAY, "--site", "jia.gov.cn", "--sites", "mine.toml"), "甲县（jia）")


def test_void_rounds_are_told_with_the_reason(place, capsys):
    visit(place, {"jia": ("24n",)}, void="对照网站都打不开\x1b[2J")
    lines = told(capsys, "--as-of", DAY)
    assert "    · 作废 1 轮：对照网站都打不开" in lines
    assert any("采样 1 轮，作废 1 轮；对照网站探测 0 次，失败 0 次（—）" in line for line in lines)


WEEK = [
    "            0     3     6     9     12    15    18    21",
    "11-13 周五  . . . . X X . . . . . . X . . . . . ? . . . . .  有效 24 打不开 3",
    "11-14 周六  . . . . . . . . . . . . . . . . . . . . . . . .  有效 24",
    "11-15 周日  W W W W W W W W W W . . . . . . . . . . . . . .  有效 14",
    "11-16 周一  X X X . . . . . . . . . . . . . . . . . . . . .  有效 24 打不开 3",
    "11-17 周二  . . . . . . . . . . . . . . . . . . . . X X X X  有效 24 打不开 4",
    "11-18 周三  _ _ _ . . . . . . . . . . . . . . . . . . . . .  有效 21",
    "11-19 周四  . X X X X X . . . . . . . . . . . . . . . . . .  有效 24 打不开 5",
    ". 打开  X 打不开  ? 打不开但未核实  W 被防护拦截  _ 没有访问",
]


@pytest.mark.parametrize("colour", [False, True])
def test_the_week_is_a_grid_that_needs_no_colour(place, monkeypatch, capsys, colour):
    visit(place, {"xuanhan": BAD}, ipv6=("24o", "12o12x"))
    system = "standard" if colour else None
    options = {"width": 80, "force_terminal": colour, "color_system": system, "highlight": False, "markup": False}
    monkeypatch.setattr(cli, "Console", lambda **_: Console(**options))
    assert cli.main(["history", "--site", "xuanhan", "--as-of", DAY]) == 0
    out = capsys.readouterr().out
    assert ("\x1b[1;31mX" in out) == colour
    lines = [line.rstrip() for line in Console().render_str(out).plain.splitlines()] if colour else out.splitlines()
    if not colour:
        assert lines[1:10] == WEEK
        assert all(cell_len(line) <= 80 and line == line.rstrip() for line in lines)


JUDGED = {
    "a veto": (FAILING, "单项否决：近7天（11月13日至11月19日）有效访问 168 次，10 次打不开（5.95%）"),
    "a good week": (WHOLE, "未发现问题：近7天（11月13日至11月19日）有效访问 168 次，0 次打不开（0%）"),
    "a thin day": (("19o", *WHOLE[1:]), "未能判定：近7天（11月13日至11月19日）有效访问 163 次"),
    "failures that nobody confirmed": (("14o10s", *WHOLE[1:]), "未能判定：近7天"),
    "no visit in the week": ((), "未能判定：近7天（11月13日至11月19日）有效访问 0 次"),
}


@pytest.mark.parametrize("days, words", JUDGED.values(), ids=JUDGED)
def test_the_week_is_judged_in_the_words_of_an_inspection(place, capsys, days, words):
    visit(place, {"xuanhan": days})
    inspect(place)
    assert f"{EDITION} availability.1 {words}" in "".join(told(capsys, "--site=xuanhan", "--as-of", DAY))


def test_tables_that_say_the_same_are_named_together(place, capsys):
    visit(place, {"xuanhan": WHOLE})
    tables = ("--edition", EDITION, "--edition", "hunan-city2021")
    assert any(
        line.startswith(f"{EDITION} availability.1、hunan-city2021 availability.2 未发现问题：")
        for line in told(capsys, "--site=xuanhan", "--as-of", DAY, *tables)
    )


def test_without_a_rule_on_availability_the_usual_table_has_the_word(place, capsys):
    visit(place, {"xuanhan": WHOLE})
    lines = told(capsys, "--site=xuanhan", "--as-of", DAY, "--edition=supervision2019")
    assert any(line.startswith("gb2019 availability.1 未发现问题：") for line in lines)


def test_every_visit_that_failed_is_listed_with_what_others_saw(place, capsys):
    visit(place, {"xuanhan": ("xbcrg", "24o", "i", "wW")})
    lines = told(capsys, "--site=xuanhan", "--as-of", DAY)
    at = lines.index("没有打开的访问（6 次）")
    expected = [
        ("  · 11-13 00:12  X 15.0 秒  等待超时", "建立连接；", "复访仍打不开，Chromium 仍打不开"),
        ("  · 11-13 01:12  X 0.4 秒  服务器返回错误状态", "HTTP 503", "复访仍打不开，Chromium 仍打不开"),
        ("  · 11-13 02:12  ? 15.0 秒  等待超时", "建立连接；", "复访仍打不开，Chromium 打开"),
        ("  · 11-13 03:12  ? 15.0 秒  等待超时", "建立连接；", "复访打开，Chromium 仍打不开"),
        ("  · 11-13 04:12  X 0.4 秒  服务器返回错误状态", "HTTP 503", "复访打开，Chromium 打开"),
        ("  · 11-16 00:12  W 0.4 秒  被防护验证拦截", "；", "复访被防护拦截，Chromium 被防护拦截"),
    ]
    for line, (start, between, end) in zip(lines[at + 1:at + 7], expected, strict=True):
        assert line.startswith(start) and between in line and line.endswith(end)


FINER = {48: "（每格含 2 次，取其中最差的）", 96: "（每格含 4 次，取其中最差的）", 20: ""}


@pytest.mark.parametrize("slots, words", FINER.items())
def test_a_finer_plan_is_told_in_as_many_signs(place, capsys, slots, words):
    visit(place, {"xuanhan": ("",)})
    began = datetime.combine(remembered.FIRST, time(), SHANGHAI)
    times = [began + timedelta(days=number / slots, seconds=20) for number in range(slots)]
    rows = [sample("xuanhan", at, slot=number, slots=slots) for number, at in enumerate(times)]
    rows[-1] = failed("xuanhan", times[-1], slot=slots - 1, slots=slots)
    with open_history(place) as history:
        history.write_round(round_(began), rows)
    lines = told(capsys, "--site=xuanhan", "--as-of", DAY)
    signs = lines[2].split()[2:-2]
    assert signs == ["."] * (min(slots, 24) - 1) + ["?"] and lines[2].endswith(f"有效 {slots}")
    assert lines[9] == f". 打开  ? 打不开但未核实  _ 没有访问{words}"


def test_a_site_that_is_always_down_has_no_endless_list(place, capsys):
    visit(place, {"xuanhan": ("24x",) * DAYS})
    lines = told(capsys, "--site=xuanhan", "--as-of", DAY)
    assert sum(line.startswith("  · 11-") for line in lines) == 40
    assert "  · 另有 128 次；全部记录可用 --out=文件 导出" in lines


def test_the_day_itself_is_told_apart(place, capsys):
    visit(place, {"xuanhan": WHOLE})
    yesterday = (remembered.AS_OF - timedelta(days=1)).isoformat()
    lines = told(capsys, "--site=xuanhan", "--as-of", yesterday)
    assert "11月19日（检查当天，不计入）有效访问 24 次，打不开 0 次" in lines
    assert row_of(told(capsys, "--as-of", yesterday), "xuanhan") == ["xuanhan", "6/7", "144", "0%", "24", "没有检查过"]


def test_verdicts_over_time_the_newest_first(place, capsys):
    for days_ago in range(0, 35, 7):
        inspect(place, days_ago=days_ago, verdict="不合格" if days_ago < 14 else "待定", vetoes=("home-stale.1",))
    inspect(place, days_ago=3, partial=True)
    lines = told(capsys, "--site=xuanhan", "--as-of", DAY, "--last", "3")
    at = lines.index(f"历次结论 {EDITION}（检查过 6 次）")
    assert lines[at + 1:at + 5] == [
        "  · 2026-11-20  不合格  60～101.3 分  否决：home-stale.1  09:30 检查",
        "  · 2026-11-17  待定　  60～101.3 分  09:30 检查，只检查了部分指标",
        "  · 2026-11-13  不合格  60～101.3 分  否决：home-stale.1  09:30 检查",
        "  另有更早的 3 次，--last=6 全部列出",
    ]


def test_the_embedded_site_has_verdicts_and_no_visits(place, capsys):
    inspect(place, site="demo")
    lines = told(capsys, "--site=demo", "--as-of", DAY)
    assert "不存入历史库" in lines[1] and any("检查过 1 次" in line for line in lines)
    assert "availability.1" not in "".join(lines)


def changed(lines: list[str]) -> dict[str, list[str]]:
    """The faults of each part by rule and page."""
    start = next(number for number, line in enumerate(lines) if line.startswith("与上次相比"))
    parts: dict[str, list[str]] = {}
    for line in lines[start + 1:]:
        if line.endswith(" 处）"):
            mine = parts.setdefault(line.partition("（")[0], [])
        elif line.startswith("  · "):
            rule = line.split()[1]
        elif line.startswith("    "):
            mine.append(f"{rule} {line.strip().removeprefix('http://www.xuanhan.gov.cn/')}")
    return parts


def labels(*numbers: int):
    return reported.row("page-labels.1", "deduct", "-0.1", findings=tuple(map(reported.fault, numbers)))


SEARCHED = reported.row("site-search.1", "deduct", "-5", findings=(Finding("http://www.xuanhan.gov.cn/", "搜索", "没有搜索"),))
NOT_SEARCHED = reported.waiting("site-search.1", Blame.VANTAGE, "本机没有 IPv6 出口")

CHANGES = {
    "new, fixed, still there": (
        [labels(1, 2)], [labels(2, 3)], {},
        {"新出现": ["page-labels.1 a/3.html"], "已解决": ["page-labels.1 a/1.html"], "仍然存在": ["page-labels.1 a/2.html"]},
    ),
    "a rule that was undetermined is neither": ([SEARCHED, labels(1)], [NOT_SEARCHED, labels(1)], {}, {
        "仍然存在": ["page-labels.1 a/1.html"], "未能判定": ["site-search.1 "],
    }),
    "nothing": ([labels()], [labels()], {}, {}),
    "part of the rules is compared with the same rules": (
        [SEARCHED, labels(1)], [labels(2)], {"partial": True},
        {"新出现": ["page-labels.1 a/2.html"], "已解决": ["page-labels.1 a/1.html"]},
    ),
}


@pytest.mark.parametrize("old, new, more, expected", CHANGES.values(), ids=CHANGES)
def test_what_is_new_and_what_is_fixed(place, capsys, old, new, more, expected):
    inspect(place, old, days_ago=7)
    inspect(place, new, **more)
    assert changed(told(capsys, "--site=xuanhan", "--as-of", DAY)) == expected


PARTNERS = {
    "complete with complete": ([(0, False), (7, False)], "2026-11-13 → 2026-11-20"),
    "past those of some rules": ([(0, False), (1, True), (7, False)], "2026-11-13 → 2026-11-20"),
    "of some rules with the last one": ([(0, True), (1, True), (7, False)], "2026-11-19 → 2026-11-20"),
    "complete, and never before": ([(0, False), (7, True)], ""),
    "the first one": ([(0, False)], ""),
}


@pytest.mark.parametrize("runs, words", PARTNERS.values(), ids=PARTNERS)
def test_which_two_inspections_are_compared(place, capsys, runs, words):
    for days_ago, partial in runs:
        inspect(place, [labels(1)] if partial else [labels(1), SEARCHED], days_ago=days_ago, partial=partial)
    found = [line for line in told(capsys, "--site=xuanhan", "--as-of", DAY) if line.startswith("与上次相比")]
    assert [words in line for line in found] == ([True] if words else [])


def test_a_partial_one_with_other_rules_is_compared_with_none(place, capsys):
    inspect(place, [SEARCHED], days_ago=7, partial=True)
    inspect(place, [labels(1)], partial=True)
    assert not [line for line in told(capsys, "--site=xuanhan", "--as-of", DAY) if line.startswith("与上次相比")]
