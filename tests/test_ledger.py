"""The ledger in every ending, and what it refuses."""

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from small_editions import AS_OF, DEPARTMENT, FOUND_AT, PORTAL, edition, found, item, row, rule, veto_rule

from pytest_govsite import ledger as ledgers
from pytest_govsite.ledger import (
    JOURNAL,
    LEDGER,
    SCORECARDS,
    Ledger,
    LedgerError,
    finding_keys,
    read_rows,
    write_scorecards,
)
from pytest_govsite.model.finding import Drawn, Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.rows import Row

TABLE = edition(
    item(veto_rule(), part="veto"),
    item(*[rule("flat", "1", n, "many") for n in (1, 2, 10)]),
    item(rule(points="0.1", item="many-pages", sample=5)),
)
OTHER = replace(TABLE, id="other")


def plan_for(subject=PORTAL, table=TABLE):
    return [Row.planned(subject, table, each, clause, AS_OF) for each in table.items for clause in each.rules]


def lines(folder):
    """The ledger as any other program reads it."""
    return [json.loads(line) for line in (folder / LEDGER).read_text(encoding="utf-8").splitlines()]


def finished(folder, subject=PORTAL, table=TABLE):
    """A whole earlier run."""
    with Ledger(folder) as ledger:
        ledger.plan(plan_for(subject, table))
        ledger.record(row(table, "v.1", "pass", subject=subject))


FULL_ROW = row(
    TABLE,
    "many-pages.1",
    "deduct",
    "-0.2",
    open=2,
    findings=(
        Finding("http://www.demo.gov.cn/a/1.html", "SiteIDCode", "内容页缺少站点标签", "sites/demo/shots/ab12.png"),
        Finding("http://x", "w", "s", amount=40, class_="home", exempt="误报（张某，至 2026-12-31）"),
    ),
    notes=(Note("提示", "http://y"), Note("见图", "http://y", "sites/demo/shots/week.svg")),
    drawn=Drawn(7, ("http://www.demo.gov.cn/a/1.html",), 31),
)


def test_a_row_as_the_contract_prints_it():
    first = FULL_ROW.findings[0]
    assert replace(FULL_ROW, took=0.84).to_json() == {
        "site": "demo", "edition": "tiny", "rule": "many-pages.1",
        "part": "deduction",
        "level1": "一级",
        "level2": "二级",
        "outcome": "deduct",
        "points": "-0.2",
        "blame": None,
        "reason": None,
        "findings": [
            {
                "at": "http://www.demo.gov.cn/a/1.html",
                "what": "SiteIDCode", "says": "内容页缺少站点标签",
                "shot": "sites/demo/shots/ab12.png",
                "key": first.key("many-pages.1"),
            },
            {
                "at": "http://x",
                "what": "w",
                "says": "s",
                "shot": None,
                "key": FULL_ROW.findings[1].key("many-pages.1"),
                "amount": 40,
                "class": "home",
                "exempt": "误报（张某，至 2026-12-31）",
            },
        ],
        "notes": [
            {"at": "http://y", "says": "提示"}, {"at": "http://y", "says": "见图", "shot": "sites/demo/shots/week.svg"},
        ],
        "open": 2,
        "sample": {"seed": 7, "drawn": ["http://www.demo.gov.cn/a/1.html"], "of": 31},
        "as_of": "2026-11-20",
        "found_at": "2026-11-20T09:31:07+08:00",
        "tool": FULL_ROW.tool,
        "schema": 1,
        "took": 0.84,
    }


@pytest.mark.parametrize(
    "original",
    [
        pytest.param(FULL_ROW, id="with everything"),
        pytest.param(row(TABLE, "v.1", "veto", findings=tuple(found(1))), id="veto"),
        pytest.param(
            row(TABLE, "many.1", "undetermined", blame=Blame.WALL, reason="被防护验证拦截"), id="undetermined"
        ),
        pytest.param(row(TABLE, "many.1", "not-applicable", reason="见 many.2"), id="not applicable"),
        pytest.param(replace(FULL_ROW, points=Fraction(1, 8)), id="eighths"),
    ],
)
def test_a_row_survives_its_line(original):
    line = original.to_line()
    assert ledgers.read_line(line) == original
    assert ledgers.read_line(line).to_line() == line


HOSTILE = 'a\nb\rc\u2028d\u2029e\x85f\x0bg"}\ud800\U0001f600'


def test_hostile_text_neither_breaks_a_line_nor_the_file(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.plan(plan_for())
        ledger.record(replace(FULL_ROW, findings=(Finding("http://x/" + HOSTILE, HOSTILE, HOSTILE),)))
    rows = {value["rule"]: value for value in lines(tmp_path)}
    assert len(rows) == 5
    kept = rows["many-pages.1"]["findings"][0]
    assert kept["says"] == HOSTILE.replace("\ud800", "\ufffd")
    assert read_rows(tmp_path)[0].findings[0].key("many-pages.1") == kept["key"]


def test_the_plan_is_on_disk_before_anything_else(tmp_path):
    ledger = Ledger(tmp_path / "new" / "results")
    ledger.plan(plan_for())
    on_disk = lines(ledger.folder)
    assert [value["rule"] for value in on_disk] == ["many-pages.1", "many.1", "many.2", "many.10", "v.1"]
    assert {(value["outcome"], value["blame"], value["reason"]) for value in on_disk} == {
        ("undetermined", "tool", "not reached")
    }
    ledger.close()


def test_closing_returns_the_rows_of_this_run_sorted(tmp_path):
    finished(tmp_path, DEPARTMENT)
    ledger = Ledger(tmp_path)
    ledger.plan(reversed(plan_for()))
    ledger.record(FULL_ROW)
    rows = ledger.close()
    assert [(each.site, each.rule) for each in rows] == [
        ("demo", rule) for rule in ("many-pages.1", "many.1", "many.2", "many.10", "v.1")
    ]
    assert rows[0] == FULL_ROW
    assert rows == ledger.close()
    assert [value["site"] for value in lines(tmp_path)] == ["demo"] * 5 + ["jyt"] * 5
    assert not (tmp_path / JOURNAL).exists()


def test_two_runs_with_the_same_verdicts_differ_in_time_only(tmp_path):
    for name in ("a", "b"):
        finished(tmp_path / name)
    first, second = ([value | {"found_at": "", "took": 0} for value in lines(tmp_path / name)] for name in ("a", "b"))
    assert first == second


def test_a_row_that_was_not_planned_is_refused(tmp_path):
    with Ledger(tmp_path) as ledger:
        ledger.plan(plan_for())
        with pytest.raises(KeyError, match="not planned"):
            ledger.record(row(OTHER, "v.1", "pass"))


def test_an_exception_in_mid_run_leaves_every_row(tmp_path):
    with pytest.raises(KeyboardInterrupt), Ledger(tmp_path) as ledger:
        ledger.plan(plan_for())
        ledger.record(FULL_ROW)
        raise KeyboardInterrupt
    assert [value["outcome"] for value in lines(tmp_path)] == ["deduct"] + ["undetermined"] * 4
    finished(tmp_path)


KILLED = """
import sys
sys.path[:0] = sys.argv[3:]
from test_ledger import AS_OF, PORTAL, edition, item, replace, row, rule
from pytest_govsite import ledger
from pytest_govsite.rows import Row

ledger.QUIET_SECONDS, ledger.WRITING_SHARE = float(sys.argv[2]), 0
table = edition(item(*[rule("flat", "1", n) for n in range(1, 101)]))
book = ledger.Ledger(sys.argv[1])
book.plan(Row.planned(PORTAL, table, table.items[0], clause, AS_OF) for clause in table.items[0].rules)
while True:
    for n in range(1, 101):
        book.record(row(table, f"x.{n}", "pass", "0"))
        print(n, flush=True)
"""


@pytest.mark.parametrize("quiet", ["0", "3600"], ids=["rewriting at every row", "journal only"])
@pytest.mark.parametrize("after", [1, 37, 150])
def test_kill_9_leaves_a_complete_ledger_and_loses_no_finished_row(tmp_path, after, quiet):
    here = Path(__file__).parent
    command = [sys.executable, "-c", KILLED, str(tmp_path), quiet, str(here), str(here.parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            printed = [int(child.stdout.readline()) for _ in range(after)]
        finally:
            child.send_signal(signal.SIGKILL)
    rules = [value["rule"] for value in lines(tmp_path)]
    assert rules == [f"x.{n}" for n in range(1, 101)]
    judged = {each.rule for each in read_rows(tmp_path) if each.outcome == "pass"}
    assert {f"x.{n}" for n in printed} <= judged
    recovered_by_the_next_run(tmp_path, judged)


def recovered_by_the_next_run(folder, judged):
    finished(folder, DEPARTMENT)
    after = lines(folder)
    assert {value["rule"] for value in after if value["site"] == "demo" and value["outcome"] == "pass"} == judged
    assert len(after) == 105


def test_a_torn_journal_line_is_dropped(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.plan(plan_for())
    line = FULL_ROW.to_line()
    (tmp_path / JOURNAL).write_text(line + "\n" + line[: len(line) // 2], encoding="utf-8")
    assert [each.outcome for each in read_rows(tmp_path)] == ["deduct"] + ["undetermined"] * 4
    ledger.close()


@pytest.mark.parametrize(
    "writes, expected",
    [
        pytest.param(1, ("pass", AS_OF), id="before the plan: the old run's verdict"),
        pytest.param(2, ("undetermined", date(2026, 11, 21)), id="after it: not reached"),
    ],
)
def test_a_kill_while_planning_mixes_no_old_verdict_into_the_new_plan(tmp_path, monkeypatch, writes, expected):
    with Ledger(tmp_path / "a") as ledger:
        ledger.plan(plan_for())
        ledger.record(row(TABLE, "v.1", "pass"))
        shutil.copytree(tmp_path / "a", tmp_path / "b")  # as kill -9 leaves it

    write, left = ledgers.replace_file, iter(range(writes - 1, -1, -1))

    def write_and_die(path, text):
        write(path, text)
        if next(left) == 0:
            raise KeyboardInterrupt

    monkeypatch.setattr(ledgers, "replace_file", write_and_die)
    new = [replace(planned, as_of=date(2026, 11, 21)) for planned in plan_for()]
    with pytest.raises(KeyboardInterrupt):
        Ledger(tmp_path / "b").plan(new)
    judged = [(each.outcome, each.as_of) for each in read_rows(tmp_path / "b") if each.rule == "v.1"]
    assert judged == [expected]


def test_ruling_15_only_the_sites_run_are_replaced(tmp_path):
    finished(tmp_path)
    finished(tmp_path, DEPARTMENT)
    before = (tmp_path / LEDGER).read_text(encoding="utf-8").splitlines()
    with Ledger(tmp_path) as ledger:
        ledger.plan(plan_for(PORTAL, OTHER))
    after = (tmp_path / LEDGER).read_text(encoding="utf-8").splitlines()
    assert [line for line in before if '"jyt"' in line] == [line for line in after if '"jyt"' in line]
    assert {(value["site"], value["edition"]) for value in lines(tmp_path)} == {("demo", "other"), ("jyt", "tiny")}


def test_what_is_to_be_kept_of_a_site_that_runs_again_stays(tmp_path):
    finished(tmp_path)
    with Ledger(tmp_path) as ledger:
        ledger.plan(plan_for(PORTAL, OTHER), keep={("demo", "tiny")})
    assert [(value["edition"], value["outcome"]) for value in lines(tmp_path) if value["rule"] == "v.1"] == [
        ("other", "undetermined"),
        ("tiny", "pass"),
    ]


FOREIGN = {
    "a folder with other files": {"notes.txt": "mine"},
    "a folder with another ledger.jsonl": {LEDGER: '{"account": "cash"}\n'},
    "a folder with an empty ledger.jsonl": {LEDGER: ""},
    "a ledger of a newer version": {LEDGER: FULL_ROW.to_line().replace('"schema": 1', '"schema": 2') + "\n"},
}


@pytest.mark.parametrize("files", FOREIGN.values(), ids=FOREIGN)
def test_ruling_15_a_folder_that_is_not_ours_is_refused_and_left_alone(tmp_path, files):
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match="不属于本工具") as caught:
        Ledger(tmp_path)
    assert "\n" not in str(caught.value) and str(tmp_path) in str(caught.value)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == files


def test_ruling_15_a_ledger_of_ours_is_known_without_its_marker(tmp_path):
    """Archives of build servers leave files out whose names begin with a dot."""
    finished(tmp_path)
    for path in tmp_path.glob(".*"):
        path.unlink()
    finished(tmp_path, DEPARTMENT)
    assert len(lines(tmp_path)) == 10


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "results").write_text("")
    with pytest.raises(LedgerError, match="不是文件夹"):
        Ledger(tmp_path / "results")


def test_a_damaged_ledger_is_refused_with_its_line(tmp_path):
    finished(tmp_path)
    with open(tmp_path / LEDGER, "a", encoding="utf-8") as file:
        file.write("{\n")
    ledger = Ledger(tmp_path)
    with pytest.raises(LedgerError, match="第 6 行"):
        ledger.plan(plan_for())
    ledger.close()


def test_two_runs_at_once_are_refused_and_a_closed_one_is_forgotten(tmp_path):
    with Ledger(tmp_path) as first:
        with pytest.raises(LedgerError, match="另一次检查"):
            Ledger(tmp_path)
        first.plan(plan_for())
    Ledger(tmp_path).close()


def test_keys_for_a_baseline(tmp_path):
    finished(tmp_path)
    with Ledger(tmp_path) as ledger:
        ledger.plan(plan_for())
        ledger.record(FULL_ROW)
    keys = {finding.key("many-pages.1") for finding in FULL_ROW.findings}
    assert finding_keys(read_rows(tmp_path)) == finding_keys(read_rows(tmp_path / LEDGER)) == keys


def test_a_baseline_that_is_not_there(tmp_path):
    with pytest.raises(LedgerError, match="找不到台账"):
        read_rows(tmp_path / "none.jsonl")


class Card(dict):
    to_json = dict.copy


def cards(*pairs, mark="new"):
    return [Card(site=site, edition=table, mark=mark) for site, table in pairs]


def stored(folder):
    return [tuple(card.values()) for card in json.loads((folder / SCORECARDS).read_text(encoding="utf-8"))]


def test_ruling_15_scorecards_of_other_sites_stay(tmp_path):
    write_scorecards(tmp_path, cards(("b", "x"), ("a", "y"), ("a", "x"), mark="old"), {"a", "b"})
    write_scorecards(tmp_path, cards(("a", "x")), {"a"})
    assert stored(tmp_path) == [("a", "x", "new"), ("b", "x", "old")]
    write_scorecards(tmp_path, cards(("b", "z")), {"b"}, keep={("b", "x")})
    assert stored(tmp_path) == [("a", "x", "new"), ("b", "x", "old"), ("b", "z", "new")]


def test_damaged_scorecards_are_refused(tmp_path):
    (tmp_path / SCORECARDS).write_text("[{", encoding="utf-8")
    with pytest.raises(LedgerError, match="已损坏"):
        write_scorecards(tmp_path, [], set())


def test_a_row_tells_the_time_in_shanghai_to_the_second():
    planned = plan_for()[0].found_at
    assert (planned.microsecond, planned.utcoffset()) == (0, FOUND_AT.utcoffset())
