"""`govsite report` as its readers meet it: built by the real Allure 3, opened in Chromium from a file, the network watched."""
import json
import os
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

import allure_program
import faked
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from pytest_govsite import editions
from pytest_govsite.cli import main
from pytest_govsite.dossier import Dossier, Meta
from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.ledger import Ledger, write_scorecards
from pytest_govsite.model.finding import Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.report.allure3 import trend
from pytest_govsite.report.allure3.results import place_of
from pytest_govsite.rows import NOT_REACHED, SHANGHAI, Row
from pytest_govsite.scoring import score

BAD = '</script><script>window.struck=1</script><img src=x onerror="window.struck=1"><img src="http://127.0.0.1:9/x">\u202e'
SHOT = "sites/alpha/shots/ab12.png"
ITEMS = {
    "barred": ("veto", {}), "open-door": ("veto", {}), "faulty": ("deduction", {}), "poor": ("deduction", {}),
    "fine": ("deduction", {}), "person": ("deduction", {}), "broken": ("deduction", {}), "outside": ("deduction", {}),
    "exempt": ("deduction", {}),
}
SITES = (
    Site("alpha", "http://alpha.gov.cn/", "甲县人民政府", "county-portal", group="达州市"),
    Site("bad", "http://bad.gov.cn/", f"乙县{BAD}", "county-portal", group=BAD),
)
SLOW = 100_000  # milliseconds: other tests may have the processors


def fault(page: str = "http://alpha.gov.cn/1.html", says: str = "第 1 处不对", **more) -> Finding:
    return Finding(page, "fault", says, **more)


VERDICTS = {
    "alpha": {
        "barred.1": Verdict(Outcome.VETO, findings=(fault(says="首页最新一条信息的日期是 2026-10-28", shot=SHOT),)),
        "faulty.1": Verdict(Outcome.DEDUCT, Fraction(-2), findings=(fault(), fault("http://alpha.gov.cn/2.html", "第 2 处不对"))),
        "person.1": Verdict(Outcome.UNDETERMINED, blame=Blame.PERSON, reason="待检查人员核定"),
        "broken.1": NOT_REACHED,
        "outside.1": Verdict(Outcome.UNDETERMINED, blame=Blame.VANTAGE, reason="本机没有 IPv6 出口"),
        "exempt.1": Verdict(Outcome.NOT_APPLICABLE, reason="不涉及本站"),
    },
    "bad": {
        "faulty.1": Verdict(
            Outcome.DEDUCT, Fraction(-1), findings=(fault("javascript:window.struck=1", BAD, exempt=BAD), fault("http://bad.gov.cn/", BAD)),
            notes=(Note(BAD, BAD),),
        ),
        "poor.1": Verdict(Outcome.UNDETERMINED, blame=Blame.SITE, reason=BAD),
    },
}
PASSED = Verdict(Outcome.PASS)


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    """An edition of the user's own."""
    path = tmp_path_factory.mktemp("editions") / "every.toml"
    path.write_text(faked.edition("every", ITEMS), encoding="utf-8")
    return path


def inspected(folder: Path, table: Path, verdicts: dict = VERDICTS, later: int = 0) -> Path:
    """The results folder of an inspection; a row that is not named passed. `later` in days."""
    edition = editions.load(str(table))
    day = datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI) + timedelta(days=later)
    rows = []
    for site in SITES:
        for item in edition.items:
            for rule in item.rules:
                verdict = verdicts.get(site.id, {}).get(rule.key, PASSED)
                row = Row.of(site, edition, item, rule, verdict, day.date(), 0.5).to_json()
                rows.append(Row.from_json(row | {"found_at": day.isoformat()}))
    with Ledger(folder) as ledger:
        ledger.plan(rows)
        write_scorecards(folder, [score(edition, site, rows) for site in SITES], {site.id for site in SITES})
    for site in SITES:
        Dossier(folder).write_meta(Meta(site, day.date(), 7, "1.0.0"))
    (folder / SHOT).parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (1200, 800), "white").save(folder / SHOT)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory, table) -> Path:
    """A results folder of which two reports were made: of this inspection, and of an earlier one where all was well."""
    folder = tmp_path_factory.mktemp("results") / "govsite-results"
    for verdicts, later in (({}, -7), (VERDICTS, 0)):
        inspected(folder, table, verdicts, later)
        assert main(["report", str(folder), f"--edition={table}", f"--allure={allure_program.found()}"]) == 0
    return folder


@pytest.fixture(scope="module")
def opened(folder):
    """The report in Chromium, opened as a file; with what it asked the network for."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium())
        tab = browser.new_page(viewport={"width": 1366, "height": 900})
        tab.set_default_timeout(SLOW)
        asked, errors = [], []
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("pageerror", lambda error: errors.append(str(error)))
        tab.goto((folder / "report/index.html").as_uri())
        tab.locator("#app input").first.wait_for()
        yield tab, asked, errors
        browser.close()


@pytest.fixture
def tab(opened):
    """The report at its front page."""
    tab, *_ = opened
    tab.evaluate("location.hash = ''")
    tab.locator("#front").wait_for()
    return tab


def outside(asked: list[str]) -> list[str]:
    return [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]


def section(tab, heading: str) -> str:
    return tab.locator("#front section", has_text=heading).inner_text()


ANSWERS = {
    "who is vetoed and why": ("被单项否决的网站", ("甲县人民政府", "barred.1", "首页最新一条信息的日期是 2026-10-28")),
    "who loses most": ("失分最多的网站", ("甲县人民政府", "乙县", "−2 分", "faulty.1")),
    "what fails most": ("出错最多的规则", ("faulty.1", "2 个网站", "barred.1")),
    "what awaits whom": ("还没有判定的", ("待检查人员核定", "未轮到，检查提前结束", "本机没有 IPv6 出口", "站点原因")),
}


@pytest.mark.parametrize("heading, words", ANSWERS.values(), ids=ANSWERS)
def test_the_front_page_answers(tab, heading, words):
    told = section(tab, heading)
    assert [word for word in words if word not in told] == []


def test_the_front_page_leads_to_the_result(tab):
    tab.locator("#front section", has_text="被单项否决的网站").locator("a").first.click()
    tab.get_by_text("alpha/every/barred.1").first.wait_for()
    assert not tab.locator("#front").is_visible()
    body = tab.inner_text("#app")
    for words in ("首页最新一条信息的日期是 2026-10-28", "规则 barred.1", "分类: 单项否决", "截图 1"):
        assert words in body
    tab.get_by_text("截图 1").first.click()
    picture = tab.locator("img[src^='blob:'], img[src^='data:image/webp']").first
    picture.wait_for()
    assert tab.evaluate("picture => picture.decode().then(() => picture.naturalWidth)", picture.element_handle()) == 960


def test_what_came_from_a_site_is_inert(tab, opened):
    errors = opened[2]
    link = tab.locator("#front section", has_text="失分最多的网站").locator("a", has_text="乙县")
    assert "<script>" in link.inner_text(), "shown as what it is"
    link.click()
    tab.get_by_text("bad/every/faulty.1").first.wait_for()
    described = tab.frame_locator("#app iframe")
    described.locator("li").nth(1).wait_for()
    assert "已豁免，不扣分：</script><script>" in described.locator("li").first.inner_text()
    assert described.locator("a[href='http://bad.gov.cn/']").count() == 1
    assert described.locator("a[href^='javascript'], script, img").count() == 0
    assert tab.evaluate("window.struck") is None and not errors and "\u202e" not in tab.inner_text("body")


def test_results_are_sorted_into_categories_and_into_groups_and_sites(tab):
    assert "达州市" in tab.inner_text("#app") and "甲县人民政府（不合格）" in tab.inner_text("#app")
    tab.get_by_text("分类").first.click()
    tab.get_by_text("本方故障").first.wait_for()
    told = tab.inner_text("#app")
    for name in ("单项否决", "扣分", "待人工", "外部原因", "站点原因", "本方故障"):
        assert name in told


def test_a_result_knows_its_past(tab, folder):
    fresh = next(line["point"] for line in reversed(trend.read(folder / trend.FILE)))
    assert len(trend.read(folder / trend.FILE)) == 2 and len(fresh["testResults"]) == 18
    tab.locator("#front section", has_text="被单项否决的网站").locator("a").first.click()
    tab.get_by_text("历史").first.click()
    tab.get_by_text("2026/11/13").or_(tab.get_by_text("2026年11月13日")).first.wait_for()


def test_the_same_ledger_has_one_place_in_the_history(folder, table, tmp_path, capsys):
    arguments = ["report", str(folder), f"--edition={table}", f"--out={tmp_path}", f"--allure={allure_program.found()}"]
    assert main(arguments) == 0
    assert len(trend.read(folder / trend.FILE)) == 2
    assert f"报告 {tmp_path / 'index.html'}（18 条结果" in capsys.readouterr().out
    assert os.path.relpath(folder / "overview.html", tmp_path) in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_rules_stand_on_a_page_of_their_own(folder):
    told = (folder / "report/rules.html").read_text(encoding="utf-8")
    assert 'id="every/barred.1"' in told and "Content-Security-Policy" in told


def test_nobody_outside_was_asked(opened):
    tab, asked, errors = opened
    tab.goto(f"{tab.url.partition('#')[0]}#charts")
    tab.get_by_text("本次各条规则").first.wait_for()
    assert outside(asked) == [] and errors == []
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    policy = tab.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert policy.startswith("default-src 'none'") and "unsafe-inline'" not in policy.partition("style-src")[0]


def test_without_allure_the_overview_is_written_and_a_sentence_says_how_to_get_it(tmp_path, table, monkeypatch, capsys):
    folder = inspected(tmp_path / "results", table)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("GOVSITE_ALLURE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert main(["report", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "npm install allure@3" in told and str(folder / "overview.html") in told
    assert (folder / "overview.html").is_file() and not (folder / "report").exists()


WRONG = {
    "no such folder": (["nowhere"], "没有结果目录 nowhere"),
    "no ledger": (["."], "找不到台账 ledger.jsonl"),
    "no such program": (["results", "--allure=nowhere"], "nowhere 不是 Allure 3"),
    "Allure 2": (["results", "--allure=./allure2"], "allure2 不是 Allure 3"),
    "Allure fails": (["results", "--allure=./failing"], "Allure 没有完成（退出状态 3）：out of order"),
    "Allure writes nothing": (["results", "--allure=./idle"], "Allure 没有写出报告"),
    "no such edition": (["results", "--edition=nowhere.toml"], "nowhere.toml"),
}
PROGRAMS = {
    "allure2": "echo 2.30.0",
    "failing": '[ "$1" = --version ] && echo 3.18.0 || { echo out of order; exit 3; }',
    "idle": "echo 3.18.0",
}


@pytest.mark.parametrize("arguments, words", WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_in_a_sentence(tmp_path, table, monkeypatch, capsys, arguments, words):
    monkeypatch.chdir(tmp_path)
    inspected(Path("results"), table)
    for name, script in PROGRAMS.items():
        Path(name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        Path(name).chmod(0o755)
    assert main(["report", *arguments]) == 2
    told = capsys.readouterr().err
    assert words in told and "Traceback" not in told
    assert not Path("results/report").exists() and not Path("results", trend.FILE).exists()


def test_a_ledger_of_an_unknown_edition_is_told_by_its_ids(tmp_path, table):
    """Its file is elsewhere: the report is complete all the same."""
    from pytest_govsite.commands.report import read
    from pytest_govsite.report.allure3.results import result

    judged = read(inspected(tmp_path / "results", table), [])
    assert not judged.editions and len(judged.rows) == 18
    told = next(row for row in judged.rows if row.id == ("alpha", "every", "barred.1"))
    value = result(told, judged, _Nothing())
    assert value["name"] == "barred.1" and value["status"] == "failed" and value["historyId"] == place_of(told, judged)
    assert json.dumps(value)


class _Nothing:
    def attachments(self, row: Row) -> tuple:
        return ()
