"""`govsite columns`: the inventory of a site, as a person reads it and as it is taken away."""
import csv
import io
from dataclasses import replace
from datetime import datetime
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

AS_OF = evidence.AS_OF.isoformat()


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder with a sites file beside the results of an inspection."""
    monkeypatch.chdir(tmp_path)
    Path("sites.toml").write_text(looked_at.SITES, encoding="utf-8")
    store(tmp_path / "results", jia=columns())
    return tmp_path


@pytest.fixture
def seen(monkeypatch):
    """What a collector sees instead of the network."""

    def see(**views) -> Invented:
        made = Invented(**views)
        monkeypatch.setattr(collector, "Collector", made)
        monkeypatch.setattr("pytest_govsite.plugin.pytest_govsite_unready", lambda kinds: "")
        return made

    return see


def exported(*arguments, out="out.csv") -> list[dict[str, str]]:
    """The rows that the command writes."""
    assert cli.main(["columns", *arguments, "--out", out]) == 0
    return list(csv.DictReader(io.StringIO(Path(out).read_bytes().decode("utf-8-sig"))))


STATES = {
    "公告栏": ("已超期", "6个月内没有更新，最新的是 2026-04-01"),
    "要闻": ("正常", ""),
    "部门文件": ("空白", "暂无信息"),
    "视频": ("待定", "等待超时"),
    "园区": ("待定", "period"),
    "简介": ("正常", ""),
    "招商网": ("不判断", "在其他网站上"),
}


def test_every_column_stands_with_all_that_is_known_of_it():
    rows = {row["栏目"]: row for row in exported("--from", "results")}
    assert {name: row["状态"] for name, row in rows.items()} == {name: state for name, (state, _) in STATES.items()}
    assert [name for name, (_, why) in STATES.items() if why not in rows[name]["说明"]] == []
    news = {key: value for key, value in rows["要闻"].items() if key not in ("依据", "说明")}
    assert news == {
        "网站": "甲县人民政府", "栏目": "要闻", "路径": "要闻", "级别": "1", "类别": "动态要闻", "最新日期": "2026-11-10", "读自": "页面、列表",
        "条数": "1", "空白": "否", "更新期限": "2周", "截止日": "2026-11-24", "剩余天数": "4", "负责": "宣传科", "状态": "正常",
        "网址": "http://www.xuanhan.gov.cn/要闻/",
    }
    assert rows["部门文件"]["路径"] == "公开 > 部门文件" and rows["部门文件"]["空白"] == "是" and rows["部门文件"]["级别"] == "2"
    assert rows["视频"]["空白"] == "不清楚" and rows["公告栏"]["剩余天数"] == "-50"
    assert "sichuan2021 column-stale.1" in rows["要闻"]["依据"]


READ_IN = {
    "the page and all others": (
        dict.fromkeys(("day", "listed", "labelled", "in_url"), "2026-11-10"), "2026-11-10", "页面、列表、meta、网址",
    ),
    "the page alone": ({"day": "2026-11-10", "listed": "2026-11-12"}, "2026-11-10", "页面"),
    "the list, where nobody opened the page": ({"listed": "2026-11-12"}, "2026-11-12", "列表"),
    "the address": ({"in_url": "2026-11-12", "listed": "2026-11-02"}, "2026-11-12", "网址"),
    "nowhere": ({"day": ""}, "", ""),
}


@pytest.mark.parametrize("article, day, places", READ_IN.values(), ids=READ_IN)
def test_it_is_said_where_the_newest_day_was_read(folder, article, day, places):
    store(folder / "results", jia=columns({"name": "要闻", "category": "动态要闻", "articles": [article]}))
    row, = exported("--from", "results")
    assert (row["最新日期"], row["读自"]) == (day, places)


def test_the_terminal_shows_names_by_level_and_reasons(capsys):
    assert cli.main(["columns", "--from", "results"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("甲县人民政府（jia）　检查日期 2026-11-20")
    at = next(number for number, line in enumerate(lines) if line.startswith("公告栏"))
    assert "超 50 天" in lines[at] and "办公室" in lines[at] and lines[at].endswith("已超期")
    assert lines[at + 1].strip() == "http://www.xuanhan.gov.cn/公告栏/" and "6个月内没有更新" in lines[at + 2]
    assert any(line.startswith("  部门文件") for line in lines)
    assert lines[-1] == "栏目 7 个：正常 2，待定 2，已超期 1，空白 1，不判断 1"


def test_columns_stand_below_those_they_belong_to(folder, capsys):
    paths = (["公开", "文件", "县级"], ["新闻"], ["公开", "指南"], ["公开", "文件"], ["新闻", "要闻"])
    store(folder / "results", jia=columns(*({"name": path[-1], "path": path, "kind": "text"} for path in paths)))
    rows = exported("--from", "results")
    assert [row["路径"] for row in rows] == ["公开 > 文件", "公开 > 文件 > 县级", "公开 > 指南", "新闻", "新闻 > 要闻"]
    lines = [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:] if "http" not in line]
    assert lines[:6] == ["公开", "文件", "县级", "指南", "新闻", "要闻"], "a level that is no column is named as well"


def test_a_workbook_can_be_read_back():
    exported("--from", "results")
    assert cli.main(["columns", "--from", "results", "--out", "out.xlsx"]) == 0
    head, *rows = load_workbook("out.xlsx").active.iter_rows(values_only=True)
    news = dict(zip(head, next(row for row in rows if row[1] == "要闻"), strict=True))
    assert (news["最新日期"], news["剩余天数"], news["级别"]) == (datetime(2026, 11, 10), 4, 1)


def test_a_site_s_words_are_no_formulas_and_no_escapes(folder, capsys):
    store(folder / "results", jia=columns({"name": "=1+\x1b[2J\x0b闻", "category": "动态要闻", "articles": ["2026-11-18"]}))
    row, = exported("--from", "results")
    assert row["栏目"] == "'=1+ 闻" and "\x1b" not in capsys.readouterr().out


def test_the_sites_file_of_today_counts_for_stored_evidence(folder):
    """A register that was imported after the inspection."""
    more = '[[site.column]]\nname = "园区"\nperiod = "1mo"\nowner = "园区办"\n'
    more += '[[site.column]]\nname = "新/专栏"\nperiod = "1w"\n'
    Path("sites.toml").write_text(looked_at.SITES.replace('group = "东"\n', f'group = "东"\n{more}'), encoding="utf-8")
    rows = {row["栏目"]: row for row in exported("--from", "results", "--site", "jia")}
    assert (rows["园区"]["负责"], rows["园区"]["更新期限"], rows["园区"]["状态"]) == ("园区办", "1个月", "已超期")
    assert "登记" in rows["园区"]["依据"]
    assert rows["专栏"]["状态"] == "待定" and "sites.toml 登记的栏目" in rows["专栏"]["说明"]


def test_a_closed_site_and_a_search_cut_short_are_told(folder, capsys):
    cut = replace(columns(looked_at.SOON), stopped=Missing(Reason.DEADLINE, "240 秒"))
    store(folder / "results", jia=cut, yi=Columns((), closed="本网站已迁移"))
    rows = exported("--from", "results")
    assert [(row["栏目"], row["说明"]) for row in rows if row["网站"] == "乙县人民政府"] == [("", "网站已关停：本网站已迁移")]
    assert "栏目没有看完：超出本工具的时限（240 秒）" in capsys.readouterr().out


def test_looking_uses_what_the_user_decided(seen, folder):
    looked = seen(jia=columns())
    arguments = ("--site", "jia.gov.cn", "--as-of", AS_OF, "--govsite-crawl-pages", "50", "--govsite-crawl-seconds=900",
                 "--resolve", "jia.gov.cn:80:10.0.0.1", "--govsite-contact", "a@b.cn", "--nameserver=10.0.0.2")
    assert len(exported(*arguments)) == 7
    settings = looked.settings["jia"]
    assert (settings.crawl_pages, settings.crawl_seconds, settings.contact) == (50, 900, "a@b.cn")
    assert settings.resolve == ("jia.gov.cn:80:10.0.0.1",) and settings.nameserver == "10.0.0.2"
    assert settings.site_deadline > 900, "the search must not be cut off by the deadline of the whole site"
    assert looked.asked == [("want", "jia"), ("finish", "jia"), ("close", "")]
    assert sorted(path.name for path in folder.iterdir()) == ["out.csv", "results", "sites.toml"], "nothing else"


def test_other_tables_set_other_deadlines(seen):
    seen(jia=columns(looked_at.OLD))
    row, = exported("--site=jia", f"--as-of={AS_OF}", "--edition=xuanhan2022")
    assert row["更新期限"] == "3个月" and "xuanhan2022 county-timeliness.1" in row["依据"]


def test_the_embedded_site_is_served_while_it_is_looked_at(seen):
    looked = seen(demo=columns())
    assert exported("--site", "demo", "--as-of", AS_OF)
    assert looked.settings["demo"].nameserver.startswith("127.0.0.1:") and looked.settings["demo"].nat


def test_a_site_that_cannot_be_seen_is_status_1(seen, capsys):
    seen(jia=Missing(Reason.TIMEOUT))
    assert cli.main(["columns", "--site", "jia", "--as-of", AS_OF, "--out", "out.csv"]) == 1
    assert "没有看到栏目：等待超时" in capsys.readouterr().out
    assert "甲县人民政府" in Path("out.csv").read_text(encoding="utf-8-sig")


WRONG = {
    "no site": ([], "请用 --site 写明网站"),
    "unknown site": (["--site", "bing"], "没有网站 bing"),
    "an account": (["--site", "weibo"], "政务新媒体账号"),
    "unknown group": (["--sites", "sites.toml", "--site-group", "南"], "没有 '南' 这一组"),
    "no sites file": (["--sites", "nowhere.toml"], "--sites：找不到"),
    "unknown edition": (["--site", "jia", "--edition", "sichuan2012"], "是不是想写 sichuan2021"),
    "another ending": (["--from", "results", "--out", "out.pdf"], "扩展名"),
    "no such folder": (["--from", "results", "--out", "nowhere/out.csv"], "没有文件夹"),
    "no results": (["--from", "nowhere"], "没有存档的证据"),
    "a site that is not stored": (["--from", "results", "--site", "yi"], "存档里没有 yi，有的是 jia"),
    "a day with stored evidence": (["--from", "results", "--as-of", AS_OF], "不能同时用 --as-of"),
    "a day to come": (["--site", "jia", "--as-of", "2999-01-01"], "不能是将来"),
    "a budget of nothing": (["--site", "jia", "--govsite-crawl-pages", "0"], "--govsite-crawl-pages：'0' 应是正整数"),
    "a calendar that is not there": (["--site", "jia", "--govsite-calendar", "x.toml"], "找不到"),
    "a calendar that is wrong": (["--site", "jia", "--govsite-calendar", "sites.toml"], "sites.toml"),
    "a resolve that is none": (["--site", "jia", "--resolve", "jia.gov.cn"], "jia.gov.cn"),
}


@pytest.mark.parametrize("arguments, words", WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_before_any_work(seen, capsys, arguments, words):
    looked = seen(jia=columns())
    assert cli.main(["columns", *arguments]) == 2
    out, err = capsys.readouterr()
    assert words in err and err.startswith("govsite: ") and "Traceback" not in err and out == "" and not looked.asked


def test_without_a_browser_nothing_is_begun(seen, monkeypatch, capsys):
    looked = seen(jia=columns())
    monkeypatch.setattr("pytest_govsite.plugin.pytest_govsite_unready", lambda kinds: "本机没有可用的 Chromium")
    assert cli.main(["columns", "--site", "jia"]) == 2
    assert "Chromium" in capsys.readouterr().err and not looked.asked


def test_ctrl_c_ends_everything(seen, monkeypatch, capsys):
    looked = seen(jia=columns())
    monkeypatch.setattr(looked, "want", lambda site, kind: (_ for _ in ()).throw(KeyboardInterrupt))
    assert cli.main(["columns", "--site", "jia", "--as-of", AS_OF]) == 130
    assert looked.asked == [("close", "")] and "已中止" in capsys.readouterr().err
