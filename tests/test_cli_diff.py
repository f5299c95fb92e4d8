"""`govsite diff`: two ledgers side by side, as a person reads it, as it is taken away, and as a script asks it."""
import csv
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import reported
from openpyxl import load_workbook
from reported import card, fault, row, waiting

from pytest_govsite import cli
from pytest_govsite.ledger import JOURNAL
from pytest_govsite.model.missing import Blame
from pytest_govsite.rows import Row

DAYS = {"old": date(2026, 11, 13), "new": date(2026, 11, 20)}
RULE = "page-labels.1"
ODD = "<script>alert(1)</script>\x1b[2J\u202e|`=1+1`"


def labels(*numbers: int, **more) -> Row:
    """The rule of labels with the faults of these pages; without any it passed."""
    findings = tuple(map(fault, numbers))
    return row(RULE, "deduct" if numbers else "pass", "-0.1" if numbers else "0", findings=findings, **more)


def write(name: str, rows: Iterable[Row], cards=()) -> Path:
    """A results folder `old` or `new`, of the day that goes with it."""
    folder = Path(name)
    folder.mkdir()
    dated = [replace(one, as_of=DAYS[name]) for one in rows]
    (folder / "ledger.jsonl").write_text("".join(f"{one.to_line()}\n" for one in dated), encoding="utf-8")
    if cards:
        (folder / "scorecards.json").write_text(json.dumps([one.to_json() for one in cards]), encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def told(capsys, *arguments: str, status: int = 0) -> list[str]:
    """What the command prints; it complains of nothing."""
    assert cli.main(["diff", "old", "new", *arguments]) == status
    out, err = capsys.readouterr()
    assert err == ""
    return [line.rstrip() for line in out.splitlines()]


def parts(lines: list[str]) -> dict[str, list[str]]:
    """The pages of each part that is listed."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if line.endswith(" 处）"):
            mine = found.setdefault(line.partition("（")[0], [])
        elif line.startswith("    http"):
            mine.append(line.rpartition("/")[2].removesuffix(".html"))
    return found


# rows before, rows now, parts with the pages of their faults, exit status that is asked for
CASES = {
    "one came, one went, one stayed": ([labels(1, 2)], [labels(2, 3)], {"新出现": ["3"], "已解决": ["1"], "仍然存在": ["2"]}, 1),
    "mended": ([labels(1)], [labels()], {"已解决": ["1"]}, 0),
    "nothing at all": ([labels()], [labels()], {}, 0),
    "exempted": ([labels(1)], [row(RULE, "pass", "0", findings=(fault(1, exempt="停用"),))], {"已豁免": ["1"]}, 0),
    "nobody could look": ([waiting(RULE, Blame.WALL, "被拦截")], [labels(1)], {"未能判定": ["1"]}, 0),
}


@pytest.mark.parametrize("old, new, expected, status", CASES.values(), ids=CASES)
def test_one_site(capsys, old, new, expected, status):
    write("old", old)
    write("new", new)
    assert parts(told(capsys)) == parts(told(capsys, "--exit-status", status=status)) == expected


def test_the_heading_names_site_table_days_and_what_is_not_compared(capsys):
    write("old", [labels(1), row("page-labels.2", "pass", "0")])
    write("new", [labels(1)], [card()])
    assert told(capsys)[1] == "宣汉县人民政府（xuanhan） table2026：2026-11-13 → 2026-11-20，规则 1 条，另有 1 条只有一次有，不比较"


def test_many_sites_begin_with_a_table_of_all(capsys):
    write("old", [labels(1, 2), labels(1, site="yi"), labels(3, site="bing")])
    write("new", [labels(2), labels(1, 4, 5, site="yi"), labels(3, site="ding")], [card()])
    lines = told(capsys, "--exit-status", status=1)
    assert lines[0].split() == ["网站", "指标", "新出现", "已解决", "仍然存在", "已豁免", "未能判定", "规则", "不比较", "检查日期"]
    assert [line.split() for line in lines[1:5]] == [
        ["yi", "table2026", "2", "1", "1", "2026-11-13", "→", "2026-11-20"],
        ["宣汉县人民政府（xuanhan）", "table2026", "1", "1", "1", "2026-11-13", "→", "2026-11-20"],
        ["bing", "table2026", "0", "1", "只有前一份有"],
        ["ding", "table2026", "0", "1", "只有后一份有"],
    ]
    assert lines[5] == "共 4 个网站：新出现 2，已解决 1，仍然存在 2，已豁免 0，未能判定 0"
    assert parts(lines) == {"已解决": ["1"], "新出现": ["4", "5"]}, "what has not changed is a number"
    assert lines[-1].startswith("仍然存在的只给出数目")


def test_sites_without_a_change_stand_in_the_table_alone(capsys):
    sites = ("jia", "yi", "bing")
    write("old", [labels(1, site=site) for site in sites])
    write("new", [labels(1, site="jia"), labels(1, site="yi"), labels(site="bing")])
    assert [line.partition(" ")[0] for line in told(capsys) if "：2026" in line] == ["bing"]


def test_one_site_of_many_is_told_whole(capsys):
    write("old", [labels(1, 2), labels(1, site="yi")])
    write("new", [labels(2), labels(1, site="yi")])
    assert parts(told(capsys, "--site=xuanhan")) == {"已解决": ["1"], "仍然存在": ["2"]}


def test_two_tables_of_one_site_are_told_apart(capsys):
    write("old", [labels(1), replace(labels(1), edition="gb2019")])
    write("new", [labels(1), replace(labels(2), edition="gb2019")])
    assert parts(told(capsys, "--exit-status", status=1)) == {"新出现": ["2"], "已解决": ["1"]}


def test_the_wrong_order_is_noticed(capsys):
    write("old", [labels(1)])
    write("new", [labels(1)])
    assert cli.main(["diff", "new", "old"]) == 0
    assert "是否写反" in capsys.readouterr().out


def test_a_ledger_serves_as_well_as_its_folder_and_what_a_killed_run_left_counts(capsys):
    old, new = write("old", [labels(1)]), write("new", [waiting(RULE, Blame.TOOL, "not reached")])
    (new / JOURNAL).write_text(f"{replace(labels(), as_of=DAYS['new']).to_line()}\n", encoding="utf-8")
    assert cli.main(["diff", str(old / "ledger.jsonl"), str(new)]) == 0
    assert parts(capsys.readouterr().out.splitlines()) == {"已解决": ["1"]}


def test_what_a_site_wrote_is_harmless_in_the_terminal(capsys):
    write("old", [labels()])
    write("new", [replace(labels(2), site=ODD), row(RULE, "deduct", "-0.1", findings=(fault(1, ODD),))])
    out = "\n".join(told(capsys))
    assert "\x1b" not in out and "\u202e" not in out and "<script>" in out


WANTED = [
    ("新出现", "page-labels.1", "http://www.xuanhan.gov.cn/a/3.html"),
    ("已解决", "page-labels.1", "http://www.xuanhan.gov.cn/a/1.html"),
    ("仍然存在", "page-labels.1", "http://www.xuanhan.gov.cn/a/2.html"),
    ("不比较", "page-labels.2", ""),
]


def table(path: Path) -> list[tuple[str, ...]]:
    """Change, rule and page of each line of a file."""
    if path.suffix == ".csv":
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    else:
        headings, *lines = load_workbook(path).active.iter_rows(values_only=True)
        rows = [dict(zip(headings, line, strict=True)) for line in lines]
    return [(line["变化"], line["规则"], line["位置"] or "") for line in rows]


@pytest.mark.parametrize("name", ["变化.csv", "变化.xlsx"])
def test_every_fault_is_in_the_file(capsys, name):
    write("old", [labels(1, 2), row("page-labels.2", "pass", "0")])
    write("new", [labels(2, 3)])
    assert told(capsys, "--out", name)[-1] == f"已写入 {name}"
    assert table(Path(name)) == WANTED


def test_markdown_has_a_section_for_each_kind_of_change(capsys):
    write("old", [labels(1, 2)])
    write("new", [row(RULE, "deduct", "-0.2", findings=(fault(2), fault(3, ODD)))])
    told(capsys, "--out=变化.md")
    text = Path("变化.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## 新出现", "## 已解决", "## 仍然存在"]
    assert "\\<script\\>" in text and "<script" not in text.replace("\\<", "")


WRONG = {
    "no such folder": (["old", "nowhere"], "找不到台账 nowhere"),
    "no ledger": (["old", "text.txt"], "text.txt 第 1 行不是台账记录"),
    "an unknown site": (["old", "new", "--site=nobody"], "nobody，有的是 xuanhan"),
    "nothing in common": (["old", "other"], "无从比较"),
    "an ending that nobody writes": (["old", "new", "--out=a.pdf"], "扩展名应是 .csv、.xlsx、.md 之一"),
    "a folder that is not there": (["old", "new", "--out=no/a.csv"], "没有文件夹 no"),
}


@pytest.mark.parametrize("arguments, words", WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_in_a_sentence(capsys, arguments, words):
    write("old", [labels(1)])
    write("new", [labels(1)])
    Path("other").mkdir()
    Path("other", "ledger.jsonl").write_text(labels(site="other").to_line() + "\n", encoding="utf-8")
    Path("text.txt").write_text("x\n", encoding="utf-8")
    assert cli.main(["diff", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == "" and words in err and err.count("\n") == 1 and "Traceback" not in err


def test_the_table_of_the_reports_is_compared_with_itself(capsys):
    write("old", reported.ROWS)
    write("new", reported.ROWS)
    assert parts(told(capsys, "--exit-status")).keys() == {"仍然存在"}, "merits and exempted findings are no faults"
