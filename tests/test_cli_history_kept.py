"""`govsite history merge`, `tidy` and `--out`, what is refused, and what the doctor says of a history."""
import csv
import io
from datetime import date
from pathlib import Path

import databases
import pytest
import remembered
import reported
from history_samples import at_version
from openpyxl import load_workbook
from remembered import DAY, EDITION, FAILING, WHOLE, inspect, settle, told, visit

from pytest_govsite import cli
from pytest_govsite.history import open_history
from pytest_govsite.model.availability import DAYS, SLOTS
from pytest_govsite.model.finding import Finding


@pytest.fixture
def place(tmp_path, monkeypatch):
    return settle(tmp_path, monkeypatch)


def test_a_second_vantage_is_merged_and_clears_what_only_one_saw(place, capsys, history_place):
    """A file, and the URL of a database."""
    visit(place, {"xuanhan": FAILING})
    inspect(place)
    visit(history_place, {"xuanhan": WHOLE, "yi": WHOLE}, vantage="重庆")
    words = "".join(told(capsys, "merge", str(history_place)))
    assert words.endswith(f" 并入 {place}：新增 访问记录 336 条，采样轮次 7 条") and databases.PASSWORD not in words
    assert "没有新内容" in told(capsys, "merge", str(history_place))[0]
    lines = told(capsys, "--site=xuanhan", "--as-of", DAY)
    assert f"{EDITION} availability.1 未发现问题：" in "".join(lines)
    assert "采样点：成都 168 次访问 158 次打开、重庆 168 次访问 168 次打开" in "".join(lines)
    assert "yi" in "".join(told(capsys, "--as-of", DAY))


def test_of_several_vantages_each_failure_names_its_own(place, capsys, tmp_path):
    visit(place, {"xuanhan": ("x",)})
    visit(place, {"xuanhan": ("-x",)}, vantage="重庆")
    lines = told(capsys, "--site=xuanhan", "--as-of", DAY)
    assert [line[-4:] for line in lines if line.startswith("  · 11-13")] == ["（成都）", "（重庆）"]


def test_tidying_tells_what_it_did(place, capsys, monkeypatch):
    visit(place, {"xuanhan": WHOLE})
    monkeypatch.setattr("pytest_govsite.options.today", lambda: date(2026, 11, 20))
    assert told(capsys, "tidy") == [f"历史库 {place}：汇总 7 个网站日；没有要删除的"]
    monkeypatch.setattr("pytest_govsite.options.today", lambda: date(2028, 1, 1))
    assert told(capsys, "tidy") == [
        f"历史库 {place}：没有要汇总的；删除 超过 13 个月的访问记录 168 条，采样轮次 7 条"
    ]


def exported(*arguments, out="out.csv") -> list[dict[str, str]]:
    assert cli.main(["history", "--as-of", DAY, *arguments, "--out", out]) == 0
    return list(csv.DictReader(io.StringIO(Path(out).read_bytes().decode("utf-8-sig"))))


def test_every_visit_of_the_week_can_be_taken_away(place, capsys):
    visit(place, {"xuanhan": ("20oxb2-",)}, ipv6=("24o",))
    rows = exported("--site=xuanhan")
    assert len({(row["日期"], row["时段"]) for row in rows}) == DAYS * SLOTS, "slots without a visit stand there as well"
    assert "已写入 out.csv：访问记录 50 条" in capsys.readouterr().out
    down = [row for row in rows if row["该时段结论"] == "打不开" and row["地址族"] != "IPv6"]
    assert [(row["时间（北京）"], row["方式"], row["结果"], row["建立连接（毫秒）"]) for row in down[:3]] == [
        ("2026-11-13 20:12:20", "首次访问", "打不开", "14980"), ("2026-11-13 20:13:00", "复访", "打不开", "14980"),
        ("2026-11-13 20:13:20", "浏览器", "打不开", "14980"),
    ]
    assert (down[3]["HTTP状态"], down[3]["经过"]) == ("503", "服务器返回错误状态（HTTP 503）")
    assert (rows[0]["用时（毫秒）"], rows[0]["采样点"], rows[0]["内容摘要"]) == ("770", "成都", "0123456789abcdef")
    empty = [row for row in rows if row["该时段结论"] == "没有访问"]
    assert len(empty) == 6 * SLOTS and not any(empty[0][name] for name in ("时间（北京）", "结果", "标题"))


def test_the_table_is_a_workbook_too(place):
    visit(place, {"jia": WHOLE, "yi": WHOLE})
    assert cli.main(["history", "--as-of", DAY, "--site=jia", "--site=yi", "--csv", "out.xlsx"]) == 0
    head, *rows = load_workbook("out.xlsx").active.iter_rows(values_only=True)
    assert len(rows) == 2 * DAYS * SLOTS and head[:2] == ("网站", "日期")
    assert rows[0][head.index("用时（毫秒）")] == 770 and rows[0][1].date() == remembered.FIRST


def test_a_site_s_words_are_no_formulas_and_no_escapes(place, capsys):
    evil = "=1+\x1b[2J\x0b首页"
    visit(place, {"xuanhan": ("xob",)}, title=evil, detail=evil, url=evil, vantage=f"{evil}甲")
    hostile = reported.row("page-labels.1", "deduct", "-1", findings=(Finding(f"{evil}\n二", evil, f"{evil}\n三"),))
    inspect(place, [], days_ago=7, name=evil)
    inspect(place, [hostile], name=f"{evil}\x1b]0;x\x07甲县", verdict="\x1b[31m合格", vetoes=("\x1b[5m.1",))
    for row in exported("--site=xuanhan"):
        assert not any(value.startswith("=") or "\x1b" in value for value in row.values())
    for arguments in (["--site=xuanhan"], []):
        assert cli.main(["history", "--as-of", DAY, *arguments]) == 0
        out = capsys.readouterr().out
        assert "\x1b" not in out and "\x0b" not in out and "=1+ 首页" in out


WRONG = {
    "no such subcommand": (["merg", "x"], "没有 history merg 这个子命令，可用的是 merge、tidy"),
    "a site without --site": (["xuanhan"], "--site=xuanhan"),
    "a site that is not remembered": (["--site", "nobody.gov.cn"], "里没有网站 nobody.gov.cn，有的是 xuanhan"),
    "no site at all": (["--site", "nobody"], "没有网站 nobody"),
    "a table that is none": (["--edition", "sichuan2012"], "是不是想写 sichuan2021"),
    "a day to come": (["--as-of", "2999-01-01"], "不能是将来"),
    "no number": (["--site=xuanhan", "--last", "all"], "--last：'all' 应是正整数"),
    "none of them": (["--site=xuanhan", "--last", "0"], "--last"),
    "merging nothing": (["merge"], "要写明并入哪个历史库"),
    "merging two": (["merge", "a", "b"], "要写明并入哪个历史库"),
    "merging what is not there": (["merge", "nowhere.sqlite3"], "找不到历史库 nowhere.sqlite3"),
    "merging what is no history": (["merge", "text.txt"], "不是 SQLite 数据库"),
    "merging what is empty": (["merge", "empty.sqlite3"], "里没有历史记录"),
    "merging with itself": (["merge", "../history.sqlite3"], "就是本机正在用的历史库"),
    "merging a folder": (["merge", "."], "找不到历史库"),
    "a URL of nobody": (["merge", "mysql://x/y"], "mysql://"),
    "tidying one site": (["tidy", "xuanhan"], "后面不要写别的"),
    "tidying and exporting": (["tidy", "--site=xuanhan"], "不能同时用 --site"),
    "exporting all": (["--out", "x.csv"], "--out 要和 --site 一起用"),
    "another ending": (["--site=xuanhan", "--out", "x.pdf"], "扩展名"),
    "no such folder": (["--site=xuanhan", "--out", "nowhere/x.csv"], "没有文件夹"),
    "no such group": (["--site-group=东", "--sites=mine.toml"], "没有 '东' 这一组"),
    "no sites file": (["--sites=nowhere.toml"], "找不到"),
    "no history here": (["--history", "nowhere/x.sqlite3"], "还没有记录"),
    "tidying no history": (["tidy", "--history", "nowhere/x.sqlite3"], "还不存在"),
    "another program's file": (["--history", "text.txt"], "不是 SQLite 数据库"),
}


@pytest.mark.parametrize("arguments, words", WRONG.values(), ids=WRONG)
def test_wrong_use_is_one_sentence_and_changes_nothing(place, capsys, arguments, words):
    visit(place, {"xuanhan": WHOLE})
    Path("text.txt").write_text("not a database, but long enough to be read as the head of one: " * 20)
    Path("empty.sqlite3").touch()
    Path("mine.toml").write_text('[[site]]\nid = "jia"\nurl = "http://jia.gov.cn/"\n', encoding="utf-8")
    before = {path.name for path in Path().iterdir()}
    assert cli.main(["history", *arguments]) == 2
    out, err = capsys.readouterr()
    assert words in err and err.startswith("govsite: ") and "Traceback" not in err and out == ""
    assert len(err.splitlines()) == 1 and {path.name for path in Path().iterdir()} == before


def test_passwords_are_never_told(place, capsys):
    url = "postgresql://clerk:geheim@127.0.0.1:9/govsite"
    for arguments in (["--history", url], ["merge", url], ["tidy", "--history", url]):
        assert cli.main(["history", *arguments]) == 2
        out, err = capsys.readouterr()
        assert "连不上" in err and "geheim" not in err + out


def test_a_history_of_an_older_version_is_brought_up_to_date(place, capsys):
    at_version(place, "1")
    assert cli.main(["doctor", "history"]) == 1
    assert "govsite history" in capsys.readouterr().out
    assert cli.main(["history"]) == 2
    assert "还没有记录" in capsys.readouterr().err
    assert cli.main(["doctor", "history"]) == 0


def test_who_is_writing_is_told(place, capsys):
    visit(place, {"xuanhan": WHOLE})
    with open_history(place) as history, history.writing(remembered.PLACE):
        assert told(capsys, "--as-of", DAY)[-1] == f"正在采样：{remembered.PLACE}"


def test_the_doctor_looks_and_makes_nothing(place, capsys, monkeypatch):
    assert cli.main(["doctor", "history"]) == 0
    assert f"历史库：还没有，第一次采样或检查时建在 {place}" in capsys.readouterr().out
    assert not place.exists() and [path.name for path in place.parent.iterdir()] == ["here"]
    visit(place, {"xuanhan": WHOLE})
    assert cli.main(["doctor", "history"]) == 0
    out = capsys.readouterr().out
    assert f"历史库：{place}，第 " in out and "网站 1 个，访问记录 2026-11-13 至 2026-11-19" in out and "现在没有" in out
    with open_history(place) as history, history.writing(remembered.PLACE):
        assert cli.main(["doctor", "history"]) == 0
    assert f"采样点 {remembered.PLACE} 正在采样" in capsys.readouterr().out
    monkeypatch.setenv("GOVSITE_HISTORY", "postgresql://clerk:geheim@127.0.0.1:9/govsite")
    assert cli.main(["doctor", "history"]) == 1
    out = capsys.readouterr().out
    assert "连不上" in out and "GOVSITE_HISTORY" in out and "geheim" not in out


def test_the_doctor_sees_a_damaged_history(place, capsys):
    place.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert cli.main(["doctor", "history"]) == 1
    assert "✗ 历史库" in capsys.readouterr().out
