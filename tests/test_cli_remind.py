"""`govsite remind`: what is late or soon will be, for those who have to do something about it."""
import csv
import io
from dataclasses import replace
from pathlib import Path

import evidence
import looked_at
import pytest
from looked_at import Invented, columns, store
from openpyxl import load_workbook

from pytest_govsite import cli
from pytest_govsite.gather import collector
from pytest_govsite.model.columns import Columns
from pytest_govsite.model.missing import Missing, Reason

STORED = ("--from", "results", "--sites", "sites.toml")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A sites file beside the results of an inspection that saw one of its two sites."""
    monkeypatch.chdir(tmp_path)
    Path("sites.toml").write_text(looked_at.SITES, encoding="utf-8")
    store(tmp_path / "results", jia=columns())
    return tmp_path


def rows(*arguments) -> list[dict[str, str]]:
    assert cli.main(["remind", *arguments, "--out", "out.csv"]) == 0
    return list(csv.DictReader(io.StringIO(Path("out.csv").read_bytes().decode("utf-8-sig"))))


def told(*arguments) -> list[tuple[str, str, str]]:
    return [(row["负责"], row["栏目"], row["状态"]) for row in rows(*arguments)]


def test_what_is_late_or_soon_will_be_by_owner():
    assert told(*STORED, "--site", "jia") == [
        ("办公室", "公告栏", "已超期"), ("宣传科", "要闻", "将超期"), ("", "公开 > 部门文件", "空白"),
    ]


def test_a_site_that_was_not_seen_is_listed_with_the_reason():
    found = [row for row in rows(*STORED) if row["网站"] == "乙县人民政府"]
    assert [(row["状态"], row["说明"]) for row in found] == [("没有看到", "存档中没有这项证据（columns）")]


WITHIN = {"3": [], "4": ["要闻"], "7": ["要闻"], "0": []}


@pytest.mark.parametrize("days, soon", WITHIN.items())
def test_how_far_ahead_is_the_user_s_choice(days, soon):
    assert [name for _, name, state in told(*STORED, "--site=jia", "--within", days) if state == "将超期"] == soon


def test_the_last_day_itself_is_no_delay(folder):
    store(folder / "results", jia=columns(looked_at.SOON | {"articles": ["2026-11-06"]}))
    row, = rows("--from", "results", "--within=0")
    assert (row["状态"], row["剩余天数"], row["说明"]) == ("将超期", "0", "今天是最后一天")


CHARGED = {
    "siblings that one rule takes together are one row": (
        [
            {"name": "县级文件", "category": "政策文件", "path": ["公开", "县级文件"], "articles": ["2026-01-02"], "owner": "甲科"},
            {"name": "上级文件", "category": "政策文件", "path": ["公开", "上级文件"], "articles": ["2025-01-02"], "owner": "乙科"},
        ],
        [("甲科、乙科", "公开 > 县级文件、上级文件", "已超期")],
    ),
    "old siblings of a fresh one are none": (
        [
            {"name": "县级文件", "category": "政策文件", "path": ["公开", "县级文件"], "articles": ["2026-11-02"]},
            {"name": "上级文件", "category": "政策文件", "path": ["公开", "上级文件"], "articles": ["2025-01-02"]},
        ],
        [],
    ),
    "columns of one category that are all late are not told a second time together": (
        [looked_at.SOON | {"articles": ["2026-10-01"]}, looked_at.SOON | {"name": "政务动态", "articles": ["2026-10-02"]}],
        [("宣传科", "要闻", "已超期"), ("宣传科", "政务动态", "已超期")],
    ),
    "what may be new and is likely to be is no reason to trouble anybody": (
        [looked_at.SOON | {"articles": [{"listed": "2026-11-19"}]}], [],
    ),
    "what may be new by a list that is near its end is": (
        [looked_at.SOON | {"articles": [{"listed": "2026-11-09"}]}], [("宣传科", "要闻", "待定")],
    ),
    "a list without any day": ([looked_at.SOON | {"articles": [{"day": ""}]}], [("宣传科", "要闻", "已超期")]),
    "nothing to remind of": ([looked_at.SOON | {"articles": ["2026-11-20"]}, looked_at.STANDING], []),
    "a period of its own": (
        [looked_at.FORGOTTEN | {"period": "1y", "owner": "园区办", "registered": True}], [("园区办", "园区", "已超期")],
    ),
    "a blank column with a period": (
        [{"name": "园区", "blank": "正文区域没有内容", "period": "1y", "registered": True}], [("", "园区", "空白")],
    ),
    "a blank column that nobody expects news in": ([{"name": "园区", "blank": "正文区域没有内容"}], []),
}


@pytest.mark.parametrize("specs, expected", CHARGED.values(), ids=CHARGED)
def test_whom_to_remind(folder, specs, expected):
    store(folder / "results", jia=columns(*specs))
    assert told("--from", "results", "--within", "5") == expected


def test_all_who_set_a_deadline_are_named(folder):
    store(folder / "results", jia=columns(looked_at.OLD | {"period": "1mo", "registered": True}))
    row, = rows("--from", "results", "--edition=sichuan2021", "--edition=xuanhan2022")
    assert row["更新期限"] in ("1个月", "3个月", "6个月") and row["状态"] == "已超期"
    for words in ("登记", "sichuan2021 column-stale.1", "xuanhan2022 county-timeliness.1"):
        assert words in row["依据"]


def test_the_terminal_has_a_part_for_each_owner(capsys):
    assert cli.main(["remind", *STORED]) == 0
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line and not line.startswith(" ")] == [
        "办公室（1）", "宣传科（1）", "（没有登记负责单位）（2）",
        "检查日期 2026-11-20　网站 2 个　已超期 1，空白 1，将超期 1，没有看到 1",
    ]


def test_markdown_has_a_section_for_each_owner():
    assert cli.main(["remind", *STORED, "--out", "out.md"]) == 0
    lines = Path("out.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("#")] == [
        "# 栏目更新提醒（7 天内）", "## 办公室", "## 宣传科", "## （没有登记负责单位）",
    ]


def test_a_workbook_has_all_in_one_sheet():
    assert cli.main(["remind", *STORED, "--out", "out.xlsx"]) == 0
    head, *found = load_workbook("out.xlsx").active.iter_rows(values_only=True)
    assert head[:3] == ("负责", "网站", "栏目") and len(found) == 4


def test_nothing_to_remind_of_is_said(folder, capsys):
    store(folder / "results", jia=columns(looked_at.STANDING))
    assert cli.main(["remind", "--from", "results"]) == 0
    assert "没有超期的栏目，7 天内也没有要到期的" in capsys.readouterr().out


def test_sites_are_looked_at_some_at_once_and_none_is_left_out(monkeypatch):
    cut = replace(columns(looked_at.SOON), stopped=Missing(Reason.DEADLINE, "240 秒"))
    looked = Invented(jia=cut, yi=Missing(Reason.TIMEOUT))
    monkeypatch.setattr(collector, "Collector", looked)
    monkeypatch.setattr("pytest_govsite.plugin.pytest_govsite_unready", lambda kinds: "")
    found = told("--sites", "sites.toml", "--as-of", evidence.AS_OF.isoformat())
    assert found == [("宣传科", "要闻", "将超期"), ("", "", "没有看到"), ("", "", "没有看完")]
    assert looked.asked == [("want", "jia"), ("want", "yi"), ("finish", "jia"), ("finish", "yi"), ("close", "")]


def test_a_closed_site_needs_no_news(folder):
    store(folder / "results", jia=Columns((), closed="本网站已迁移"))
    assert told("--from", "results") == []


@pytest.mark.parametrize("days", ["-1", "一周", "1.5", "99999", ""])
def test_days_that_are_none_are_refused(days, capsys):
    assert cli.main(["remind", *STORED, f"--within={days}"]) == 2
    assert "--within" in capsys.readouterr().err


@pytest.mark.timeout(300)
def test_what_a_short_look_at_the_embedded_site_leaves_open_is_not_called_late():
    """With a real browser. (That nobody is reminded of this faultless site after a whole look: test_demo.py.)"""
    found = told("--site", "demo-clean", "--as-of", evidence.AS_OF.isoformat(), "--within", "0", "--govsite-crawl-pages=8")
    assert {state for *_, state in found} == {"待定", "没有看完"}
    assert ("县财政局", "政府信息公开 > 财政信息", "待定") in found
