"""Allure results, as allure-pytest itself writes them from our marks, and those that we write for lost rows."""
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from unittest import mock

import pytest
import reported
from allure_commons import model2
from faked import SPARE

import pytest_govsite
from pytest_govsite import outcomes
from pytest_govsite.model.edition import Edition, Item, Rule, Tier
from pytest_govsite.model.finding import Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.report import allure, executor, labels
from pytest_govsite.report.wording import BLAMES
from pytest_govsite.rows import NOT_REACHED

HOME = [str(Path(pytest_govsite.__file__).parents[1]), str(Path(__file__).parent)]
KEY = "page-labels.1"
PICTURE = b"\x89PNG\r\n\x1a\n"
CONFTEST = """
from pathlib import Path
import pytest
import reported
from pytest_govsite.report import allure

ROWS = {row.rule: row for row in reported.ROWS}

def pytest_configure(config):
    allure.register(config)

class One(pytest.Item):
    def runtest(self):
        row = ROWS[self.name.rpartition("/")[2]]
        allure.attach(row, Path("results"))
        if row.blame:
            pytest.skip(row.reason)

class Checks(pytest.File):
    def collect(self):
        for key, row in ROWS.items():
            item = One.from_parent(self, name=f"{row.site}/{row.edition}/{key}")
            table, rule = reported.EDITION.rule(key)
            for mark in allure.marks_for(reported.EDITION, table, rule, reported.SITE, "What it counts."):
                item.add_marker(mark)
            yield item

def pytest_collect_file(file_path, parent):
    return Checks.from_parent(parent, path=file_path) if file_path.suffix == ".check" else None
"""


def results(folder: Path) -> dict[str, dict]:
    """Results by the rule that they are of."""
    read = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*-result.json")]
    return {result["fullName"].rpartition("/")[2]: result for result in read}


def labels_of(result: dict) -> dict[str, str]:
    return {label["name"]: label["value"] for label in result["labels"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The results of a run of all fabricated rows."""
    place = tmp_path_factory.mktemp("run")
    (place / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (place / "demo.check").touch()
    shot = place / "results/sites/xuanhan/shots/ab12.png"
    shot.parent.mkdir(parents=True)
    shot.write_bytes(PICTURE)
    command = [sys.executable, "-m", "pytest", *SPARE, "-p", "no:cacheprovider", "--alluredir=allure", "--strict-markers"]
    done = subprocess.run(
        command, cwd=place, env=os.environ | {"PYTHONPATH": os.pathsep.join(HOME)}, capture_output=True, text=True, timeout=100,
    )
    assert f"{len(reported.ROWS) - 2} passed, 2 skipped" in done.stdout, done.stdout + done.stderr
    return place / "allure"


def test_results_carry_what_the_table_says(folder):
    result = results(folder)[KEY]
    assert result["name"] == "page-labels.1 抽5个内容页，缺标签的每页扣0.1分"
    wanted = {
        "epic": "功能设计", "feature": "页面标签", "story": "抽5个内容页，缺标签的每页扣0.1分", "severity": "minor",
        "parentSuite": "达州市", "suite": "宣汉县人民政府", "subSuite": "某省政府网站检查指标（2026年）", "tag": "扣分",
    }
    assert labels_of(result).items() >= wanted.items()
    assert not {allure.TITLE, allure.BLAME} & labels_of(result).keys()
    assert result["description"].startswith("抽5个内容页") and "What it counts." in result["description"]
    pages = [f"http://www.xuanhan.gov.cn/a/{number}.html" for number in range(1, 1 + allure.PAGES)]
    links = [(reported.SITE.url, reported.SITE.title), *((page, page) for page in pages)]
    assert sorted((each["url"], each["name"]) for each in result["links"]) == sorted(links)


def test_only_findings_are_attached_with_their_pictures(folder):
    found = results(folder)
    assert [each["name"] for each in found["home-stale.1"]["attachments"]] == ["发现（1 处）", "截图 1"]
    assert (folder / found["home-stale.1"]["attachments"][1]["source"]).read_bytes() == PICTURE
    assert "attachments" not in found["site-search.1"]


def test_notes_stand_beside_the_result_and_make_no_file(folder):
    noted = results(folder)["site-search.1"]
    told = [(each["name"], each["value"], each["excluded"]) for each in noted["parameters"]]
    assert told == [("提示 1", "站名拼音不在域名中", True)], "a note that changes makes no other test of it"
    assert "parameters" not in results(folder)[KEY]


def test_what_is_skipped_says_why_and_names_no_line_of_ours(folder):
    assert results(folder)["site-search.1"]["statusDetails"] == {"message": "Skipped: 本机条件所限：本机没有 IPv6 出口"}


def test_lost_rows_join_the_history_of_the_rows_that_were_written(folder, tmp_path):
    docs = {"unlabelled-page": "What it counts."}
    allure.write_lost(tmp_path, reported.ROWS, [reported.SITE], [reported.EDITION], docs)
    written, lost = results(folder), results(tmp_path)
    assert written.keys() == lost.keys() == {row.rule for row in reported.ROWS}
    for key in written:
        for name in ("historyId", "testCaseId", "fullName", "name", "titlePath"):
            assert lost[key][name] == written[key][name], name
        assert lost[key]["links"] == [each for each in written[key]["links"] if each["url"] == reported.SITE.url]
        assert labels_of(lost[key]).keys() | {"package"} == labels_of(written[key]).keys()
    assert lost[KEY]["description"] == written[KEY]["description"]
    assert {result["status"] for result in lost.values()} == {"broken"}


REASONS = {
    "never reached": (Blame.TOOL, NOT_REACHED.reason, "工具原因：未轮到，检查提前结束"),
    "worker died": (Blame.TOOL, "检查进程中途退出", "工具原因：检查进程中途退出"),
    "said once": (Blame.PERSON, "待检查人员核定", "待检查人员核定"),
}


@pytest.mark.parametrize("blame, reason, message", REASONS.values(), ids=REASONS)
def test_lost_rows_say_why(tmp_path, blame, reason, message):
    allure.write_lost(tmp_path, [reported.waiting(KEY, blame, reason)], [reported.SITE], [reported.EDITION])
    assert results(tmp_path)[KEY]["statusDetails"] == {"message": message}


def edition_of(part: str, points: str | None, full: str, tiers: tuple[str, ...] = ()) -> tuple[Edition, Item, Rule]:
    prices = tuple(Tier(Fraction(each), at_least=number) for number, each in enumerate(tiers, 1))
    rule = Rule("a.1", 1, "某条", "flat", "attested", Fraction(points) if points else None, prices)
    item = Item("a", part, "website", "一级", "二级", None, (rule,))
    return Edition("e", "某表", "某机关", "某表", Fraction(full), (item,)), item, rule


SEVERITIES = {
    "veto": ("veto", None, "100", (), "blocker"),
    "five in a hundred": ("deduction", "5", "100", (), "critical"),
    "six in 120": ("deduction", "6", "120", (), "critical"),
    "five in 120": ("deduction", "5", "120", (), "normal"),
    "one": ("deduction", "1", "100", (), "normal"),
    "less than one": ("deduction", "0.5", "100", (), "minor"),
    "the highest tier counts": ("deduction", None, "100", ("1", "5"), "critical"),
    "bonus": ("bonus", "5", "100", (), "trivial"),
}


@pytest.mark.parametrize("part, points, full, tiers, severity", SEVERITIES.values(), ids=SEVERITIES)
def test_severity_goes_by_what_is_at_stake(part, points, full, tiers, severity):
    assert labels.severity(*edition_of(part, points, full, tiers)) == severity


WEEK = "sites/xuanhan/shots/week.svg"
PICTURED = {
    "of a finding": ({"findings": (reported.fault(shot=WEEK),)}, ["发现（1 处）", "图示 1 image/svg+xml", "清单 1 text/plain"]),
    "of a note": ({"notes": (Note("近7天有效访问 168 次", shot=WEEK),)}, ["图示 1 image/svg+xml", "清单 1 text/plain"]),
    "of both, attached once": (
        {"findings": (reported.fault(shot=WEEK),), "notes": (Note("见图", shot=WEEK),)},
        ["发现（1 处）", "图示 1 image/svg+xml", "清单 1 text/plain"],
    ),
    "a screenshot has no list": ({"findings": (reported.fault(shot=reported.SHOT),)}, ["发现（1 处）", "截图 1 image/png"]),
    "a drawing without a list": ({"notes": (Note("见图", shot="sites/xuanhan/shots/bare.svg"),)}, ["图示 1 image/svg+xml"]),
    "gone": ({"notes": (Note("见图", shot="sites/xuanhan/shots/gone.svg"),)}, []),
}


@pytest.mark.parametrize("more, names", PICTURED.values(), ids=PICTURED)
def test_drawings_are_attached_with_their_lists(tmp_path, monkeypatch, more, names):
    attached = []
    attach = mock.Mock(side_effect=lambda body, name, **_: attached.append(name))
    attach.file = lambda path, name, attachment_type: attached.append(f"{name} {attachment_type.mime_type}")
    monkeypatch.setattr(allure.allure, "attach", attach)
    for shot in (WEEK, "sites/xuanhan/shots/week.txt", "sites/xuanhan/shots/bare.svg", reported.SHOT):
        (tmp_path / shot).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / shot).write_bytes(PICTURE)
    (tmp_path / reported.SHOT).with_suffix(".txt").write_text("nobody's", encoding="utf-8")
    allure.attach(reported.row(KEY, "pass", **more), tmp_path)
    assert attached == names


def test_text_of_a_site_cannot_become_markup(tmp_path, monkeypatch):
    attached = []
    monkeypatch.setattr(allure.allure, "attach", lambda body, **more: attached.append(body))
    bad = "<script src=//x></script><img src=x onerror=alert(1)>\x1b[31m\u202e"
    allure.attach(reported.row(KEY, "deduct", "-0.1", findings=(Finding(bad, bad, bad, exempt=bad),)), tmp_path)
    assert len(re.findall(r"<(?!/?(?:!doctype|meta|style|table|tr|td)\b)", attached[0])) == 0
    assert "\x1b" not in attached[0] and "\u202e" not in attached[0]


def test_the_run_as_a_whole(tmp_path, monkeypatch):
    for variable in [sign for sign, *_ in executor.CI]:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GITLAB_CI", "true")
    monkeypatch.setenv("CI_PIPELINE_ID", "17")
    monkeypatch.setenv("CI_PIPELINE_URL", "https://ci.example/17")
    allure.write_environment(tmp_path, reported.AS_OF, ["sichuan2021"], 3, 7)
    facts = (tmp_path / "environment.properties").read_bytes().decode("ascii").splitlines()
    assert {"as-of=2026-11-20", "editions=sichuan2021", "sites=3", "seed=7"} <= set(facts)
    told = json.loads((tmp_path / "executor.json").read_text(encoding="utf-8"))
    assert told == {
        "name": "GitLab CI", "type": "gitlab", "buildName": "GitLab CI 17", "buildUrl": "https://ci.example/17",
    }


CATEGORIES = {
    "veto": (reported.ROWS[0], "failed", "单项否决"),
    "deduction": (reported.ROWS[2], "failed", "扣分"),
    "person": (reported.waiting(KEY, Blame.PERSON, "待检查人员核定"), "skipped", "待人工"),
    "history": (reported.waiting(KEY, Blame.HISTORY, "近7天有效访问不足 140 次"), "skipped", "待记录或账号"),
    "account": (reported.waiting(KEY, Blame.ACCOUNT, "没有测试账号"), "skipped", "待记录或账号"),
    "vantage": (reported.waiting(KEY, Blame.VANTAGE, "本机没有 IPv6 出口"), "skipped", "外部原因"),
    "wall": (reported.waiting(KEY, Blame.WALL, "被防护验证拦截"), "skipped", "外部原因"),
    "site": (reported.waiting(KEY, Blame.SITE, "等待超时"), "broken", "站点原因"),
    "tool": (reported.waiting(KEY, Blame.TOOL, "本工具出错"), "broken", "本方故障"),
    "exempt by the table": (reported.row(KEY, "not-applicable", reason="按账号评定"), "skipped", None),
}


@pytest.mark.parametrize("row, status, name", CATEGORIES.values(), ids=CATEGORIES)
def test_categories_sort_by_the_messages_of_our_tests(tmp_path, row, status, name):
    with pytest.raises(BaseException) as raised:
        outcomes.express(row, reported.EDITION.rule(row.rule)[1])
    given = [model2.Label(allure.TITLE, "title"), *([model2.Label(allure.BLAME, BLAMES[row.blame])] if row.blame else [])]
    result = model2.TestResult(labels=given, fullName="x#a/b/c", statusDetails=model2.StatusDetails(message=raised.exconly()))
    allure.Identities().report_result(result)
    allure.write_environment(tmp_path, reported.AS_OF, [], 0, None)
    fitting = [
        category["name"] for category in json.loads((tmp_path / "categories.json").read_text(encoding="utf-8"))
        if status in category["matchedStatuses"] and re.fullmatch(category["messageRegex"], result.statusDetails.message)
    ]
    assert fitting == ([name] if name else [])
    assert labels.category(row) == name and labels.status(row) == status


def test_what_another_plugin_ended_counts_as_our_failure(tmp_path):
    allure.write_environment(tmp_path, reported.AS_OF, [], 0, None)
    categories = json.loads((tmp_path / "categories.json").read_text(encoding="utf-8"))
    broken = [each["name"] for each in categories if "broken" in each["matchedStatuses"] and re.fullmatch(each["messageRegex"], "x")]
    assert broken == ["本方故障"]
