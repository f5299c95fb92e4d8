"""The summary: what stands in it, in which order, and that nothing of a site can disturb a terminal."""
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
import reported
from rich.cells import cell_len
from rich.console import Console

from pytest_govsite.model.finding import Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.outcomes import account
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.terminal import DETAILED_CARDS, summary
from pytest_govsite.report.wording import BLAMES, plain
from pytest_govsite.rows import NOT_REACHED
from pytest_govsite.scoring import Interval

RESULTS = Path("govsite-results")


def told(rows=reported.ROWS, *cards, width=100, colour=False) -> list[str]:
    """The lines of a summary."""
    lines: list[str] = []
    cards = cards or (reported.card("不合格", vetoes=("home-stale.1",)),)
    summary(lines.append, cards, rows, [reported.SITE], [reported.EDITION], RESULTS, width=width, colour=colour)
    return lines


def test_what_matters_most_comes_first():
    text = "\n".join(told())
    wanted = (
        "宣汉县人民政府（xuanhan）", "结论：不合格", "单项否决 1 项：home-stale.1", "合格线 72",
        "单项否决（1 条）", "首页最新一条信息的日期是 2026-10-28", "sites/xuanhan/shots/ab12.png",
        "扣分（2 条）", "-0.9", "栏目页缺少 ColumnName", "-0.4", "各条共 -1.3 分，该项最多扣 1 分",
        "加分（1 条）", "+2", "未到扣分或否决的程度（1 条）", "栏目最新信息 2026-03-01",
        "未能判定（2 条", "待检查人员核定 1 条", "本机没有 IPv6 出口：site-search.1",
        "已豁免（1 处", "豁免：栏目已停用（张某，至 2026-12-31）", "站名拼音不在域名中",
        "govsite-results/ledger.jsonl", "govsite-results/scorecards.json", "govsite-results/sites/xuanhan/",
    )
    places = [text.find(words) for words in wanted]
    assert -1 not in places, [words for words, place in zip(wanted, places, strict=True) if place < 0]
    assert places == sorted(places)


def test_the_same_fact_is_said_once_and_the_number_of_its_places_is_bounded():
    text = "\n".join(told())
    assert text.count("· 内容页缺少站点标签 SiteIDCode") == 1
    assert "http://www.xuanhan.gov.cn/a/5.html" in text
    assert "http://www.xuanhan.gov.cn/a/6.html" not in text
    assert "另有 2 处，见台账" in text
    assert "另有 1 处未能查看，只计入最低分" in text


REASONS = {
    "too low even at best": ("不合格", {"low": "10", "high": "71.9"}, "也只有 71.9 分，低于合格线 72 分"),
    "enough even at worst": ("合格", {"low": "72", "high": "90"}, "也有 72 分，达到合格线 72 分"),
    "nothing is open": ("合格", {"low": "90", "high": "90"}, "· 得 90 分，达到合格线 72 分"),
    "either is possible": ("待定", {"low": "60", "high": "90"}, "得分在 60 到 90 分之间，合格线 72 分"),
    "an open veto": ("待定", {"low": "80", "high": "90"}, "单项否决指标中还有 1 条未能判定"),
    "by vetoes alone": ("合格", {"by_points": False, "note": "本表没有印出及格分数，只按单项否决评定"}, "只按单项否决评定"),
}


@pytest.mark.parametrize("verdict, parts, words", REASONS.values(), ids=REASONS)
def test_verdict_says_why(verdict, parts, words):
    rows = [reported.waiting("home-stale.1", Blame.HISTORY, "监测不足 1 周")]
    lines = told(rows, reported.card(verdict, **parts))
    assert any(line.startswith("  · ") and words in line for line in lines)


def test_a_table_that_gives_no_points_shows_no_score():
    text = "\n".join(told((), reported.card("合格", by_points=False)))
    assert "得分：" not in text and "合格线" not in text


SHUT = {
    "no such name": (Blame.SITE, "域名不存在（www.xuanhan.gov.cn）", "打不开：域名不存在（www.xuanhan.gov.cn）"),
    "refused": (Blame.SITE, "服务器拒绝连接", "打不开：服务器拒绝连接"),
    "certificate": (Blame.SITE, "HTTPS 证书或加密协议有误（已过期）", "打不开：HTTPS 证书或加密协议有误（已过期）"),
    "blank": (Blame.SITE, "页面空白", "打不开：页面空白"),
    "our own network": (Blame.VANTAGE, "本机网络不通", "没能查看：本机网络不通"),
}


@pytest.mark.parametrize("blame, reason, sentence", SHUT.values(), ids=SHUT)
def test_a_site_that_cannot_be_opened_gets_one_plain_sentence(blame, reason, sentence):
    keys = [row.rule for row in reported.ROWS]
    rows = [reported.waiting(key, blame, reason) for key in keys[:5]]
    rows += [reported.waiting(key, Blame.PERSON, "待检查人员核定") for key in keys[5:]]
    text = "\n".join(told(rows, reported.card("待定")))
    assert text.count(reason) == 1 and sentence in text
    assert f"{BLAMES[blame]} 5 条，原因见结论" in text


def test_one_failing_rule_does_not_make_a_site_unopened():
    assert "打不开" not in "\n".join(told([*reported.ROWS, reported.waiting("site-search.2", Blame.SITE, "等待超时")]))


@pytest.mark.parametrize("blame", Blame)
def test_every_blame_is_told_in_plain_words(blame):
    rows = [reported.waiting("site-search.1", blame, "原因甲"), reported.waiting("site-search.2", blame, "原因乙")]
    text = "\n".join(told([reported.ROWS[2], *rows], reported.card("待定")))
    assert f"{BLAMES[blame]} 2 条" in text
    assert "原因甲：site-search.1" in text and "原因乙：site-search.2" in text


def test_rows_never_reached_are_told_in_chinese():
    text = "\n".join(told([reported.ROWS[2], reported.waiting("site-search.1", Blame.TOOL, NOT_REACHED.reason)]))
    assert "未轮到，检查提前结束：site-search.1" in text


INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
HOSTILE = {
    "colours": ("\x1b[31m红\x1b[0m", "红"),
    "title of the terminal": ("\x1b]0;pwned\x07好", "好"),
    "title without an end": ("好\x1b]0;pwned", "好"),
    "carriage return and bell": ("甲\r乙\a丙", "甲 乙丙"),
    "eight-bit control": ("甲\x9b31m乙", "甲31m乙"),
    "direction": ("甲\u202e乙\u2066丙", "甲乙丙"),
    "invisible": ("甲\u200b乙\ufeff丙", "甲乙丙"),
    "half surrogate": ("甲\ud800乙", "甲乙"),
    "markup of rich": ("[bold red]甲[/] :smile:", "[bold red]甲[/] :smile:"),
    "lines": ("甲\n\n\n乙\t丙", "甲 乙 丙"),
    "length": ("甲" * 10_000, "甲" * 199 + "…"),
}


@pytest.mark.parametrize("text, expected", HOSTILE.values(), ids=HOSTILE)
def test_text_of_a_site_is_cleaned(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE.values()], ids=HOSTILE)
def test_no_text_of_a_site_reaches_the_terminal_as_it_is(text):
    finding = Finding(f"http://x/{text}", text, text, shot=text)
    rows = [
        reported.row("page-labels.1", "deduct", "-0.1", findings=(finding,), notes=(Note(text, text),)),
        reported.row("page-labels.2", "deduct", "-0.3", findings=(replace(finding, exempt=text),)),
        reported.waiting("site-search.1", Blame.SITE, text or "x"),
    ]
    lines = told(rows, reported.card())
    assert not [line for line in lines if INVISIBLE.search(line)]
    assert sum(map(len, lines)) < 4_000


@pytest.mark.parametrize("width", [1, 40, 60, 80, 120, 400])
def test_lines_keep_within_the_terminal(width):
    lines = told(reported.ROWS, *[reported.card(site=f"s{n}", name="某某市某某区某某局" * 3) for n in range(3)], width=width)
    assert max(map(cell_len, lines)) <= max(40, min(width, 120))


def test_colour_only_where_the_terminal_wants_it():
    assert not any("\x1b" in line for line in told())
    assert any("\x1b[1;31m不合格" in line for line in told(colour=True))


def test_many_sites_end_in_one_table_and_only_vetoes_are_told_at_length():
    cards = [reported.card(site=f"s{n}", name=f"某县{n}") for n in range(DETAILED_CARDS)]
    cards.append(reported.card("不合格", site="s99", name="某县99", vetoes=("home-stale.1",)))
    text = "\n".join(told([replace(reported.ROWS[0], site="s99")], *cards))
    assert text.count("结论：") == 1 and "home-stale.1" in text
    assert all(re.search(rf"^{card.name} +table2026 +{card.verdict} +60～101.3", text, re.MULTILINE) for card in cards)
    assert "不合格 1，待定 20" in text
    assert "govsite-results/sites/<网站>/" in text


def test_points_are_rounded_for_print_only():
    third = Interval(Fraction(200, 3), Fraction(200, 3))
    assert any("66.67（合格线 72）" in line for line in told((), reported.card(total=third, deduction=third)))


FOLDED = {
    "between characters": ("一二三四五", 6, ["一二三", "四五"]),
    "a word stays whole": ("标签 SiteIDCode", 12, ["标签", "SiteIDCode"]),
    "a word may follow Chinese at once": ("缺SiteIDCode", 10, ["缺", "SiteIDCode"]),
    "a word longer than a line is cut": ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    "no closing mark at the start": ("一二三。四", 6, ["一二", "三。四"]),
    "no opening mark at the end": ("一二（三）", 6, ["一二", "（三）"]),
    "no space at the start or end": ("一二 三四", 4, ["一二", "三四"]),
    "own lines stay": ("一\n二", 10, ["一", "二"]),
    "a character wider than the line": ("一二", 1, ["一", "二"]),
}


@pytest.mark.parametrize("text, width, lines", FOLDED.values(), ids=FOLDED)
def test_chinese_folds_where_it_may(text, width, lines):
    assert [line.plain for line in Chinese(text).wrap(Console(), width)] == lines


def test_a_folded_line_keeps_its_colours():
    first, second = Chinese.assemble("一二", ("三四", "red")).wrap(Console(), 6)
    spans = [(span.start, span.end, span.style) for span in (*first.spans, *second.spans)]
    assert spans == [(2, 3, "red"), (0, 1, "red")]


def test_a_drawing_of_ours_is_no_screenshot():
    drawn = reported.row("home-stale.1", "veto", findings=(reported.fault(shot="sites/xuanhan/shots/week.svg"),))
    text = "\n".join(told([drawn, reported.ROWS[0]])) + account(drawn, reported.EDITION.rule(drawn.rule)[1])
    assert text.count("图示 sites/xuanhan/shots/week.svg") == 2 and f"截图 {reported.SHOT}" in text
