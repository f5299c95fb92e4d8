"""The whole inspection of the demo, as a user runs it: what it finds and what it leaves."""
import json
from datetime import date
from pathlib import Path

import pytest
from demo_runs import AS_OF, DRAW, EDITION, is_planted, planted, rows, run

from pytest_govsite import cli
from pytest_govsite.demo import PLANTED, World
from pytest_govsite.gather.installed import find_engines

pytestmark = pytest.mark.timeout(480)

UPKEEP = {
    "home-stale.1", "column-stale.1", "column-stale.2", "column-stale.3", "overview.1", "org-functions.1", "leaders.1", "leaders.2",
    "news.1", "news.2", "policy-docs.1", "policy-docs.2", "interpretation.1", "interpretation.2", "other-columns.1", "other-columns.2",
}
OTHER_EDITIONS = ("gb2019", "hunan-city2021", "hunan-dept2021", "xuanhan2022")
VETOES = {EDITION: ["availability.1"], "gb2019": ["availability.1"], "hunan-city2021": ["availability.2"]}  # the planted outage
OTHER_UPKEEP = UPKEEP | {
    "availability.1", "availability.2",
    "column-stale.4", "home-stale.2", "home-stale.3", "columns-open.1", "topics.1", "topics.2", "annual-report.1", "policy-docs.4",
    "county-timeliness.1", "county-timeliness.2",
}
ATTESTED = {"hunan-dept2021": {"policy-docs.2"}}  # whether documents are explained: there a person judges


def timeless(row: dict) -> dict:
    return {key: value for key, value in row.items() if key not in ("found_at", "took")}


@pytest.fixture(scope="module")
def inspected(tmp_path_factory):
    """Both twins under all editions, in one run on two workers."""
    results = tmp_path_factory.mktemp("both")
    editions = (f"--edition={edition}" for edition in (EDITION, *OTHER_EDITIONS))
    done = run(results, *DRAW, "--site=demo", "--site=demo-clean", *editions, "-n", "2")
    assert done.returncode == 1, done.stdout + done.stderr
    return results, done


@pytest.fixture(scope="module")
def world():
    return World(date.fromisoformat(AS_OF))


def found(results: Path, site: str, edition: str = EDITION) -> list[tuple[dict, dict]]:
    """Findings that are faults: what a rule of the bonus part finds is a merit."""
    faults = [row for row in rows(results, site, edition) if row["part"] != "bonus"]
    return [(row, finding) for row in faults for finding in row["findings"]]


def test_every_finding_is_a_planted_fault(inspected):
    assert [(row["rule"], finding) for row, finding in found(inspected[0], "demo") if not is_planted(row["rule"], finding["what"])] == []


def test_every_planted_fault_is_found(inspected):
    seen = {(row["rule"], finding["what"]) for row, finding in found(inspected[0], "demo")}
    seen |= {(rule, "*") for rule, _ in seen}
    absent = {name for name, program in find_engines().items() if program is None}
    assert {(rule, what) for rule, what in planted() if what not in absent} <= seen


def test_a_title_that_the_search_does_not_know_is_missed_exactly_where_it_was_drawn(inspected, world):
    """The services are not indexed: each drawn one is a fault, and no article is."""
    row = next(row for row in rows(inspected[0], "demo") if row["rule"] == "site-search.2")
    services = {guide["name"] for guide in world.county.guides}
    drawn = [url for url in row["sample"]["drawn"] if "/bszn/" in url]
    assert drawn and {finding["what"] for finding in row["findings"]} <= services
    assert len(row["findings"]) == len(drawn) and row["open"] == 0


def test_a_merit_is_withheld_where_a_fault_says_so(inspected):
    outcome = {site: {row["rule"]: row["outcome"] for row in rows(inspected[0], site)} for site in ("demo", "demo-clean")}
    withheld = {fault.rule for fault in PLANTED if not fault.what}
    merits = ("data-release.1", "data-release.2", "data-release.3", "smart-search.1", "smart-search.2", "smart-search.3")
    for rule in merits:
        assert outcome["demo-clean"][rule] == "award"
        assert outcome["demo"][rule] == ("unearned" if rule in withheld else "award")


def test_a_fault_of_one_page_is_found_on_exactly_the_drawn_pages_that_have_it(inspected, world):
    by_rule = {row["rule"]: row for row in rows(inspected[0], "demo")}
    for rule in {fault.rule for fault in PLANTED if fault.drawn} - {"site-search.2"}:  # found on the page of results
        faults = [fault for fault in PLANTED if fault.rule == rule and fault.drawn]
        row = by_rule[rule]
        due = {
            url for url in row["sample"]["drawn"]
            if any(fault.explains(rule, fault.what, world.kind_of(url)) for fault in faults)
        }
        assert {finding["at"] for finding in row["findings"]} == due, rule


def test_the_clean_twin_has_no_finding_and_no_trouble(inspected):
    assert found(inspected[0], "demo-clean") == []
    assert [row for row in rows(inspected[0], "demo-clean") if row["blame"] in ("tool", "site")] == []
    missing = [name for name, program in find_engines().items() if program is None]
    judged = {row["rule"] for row in rows(inspected[0], "demo-clean") if row["outcome"] == "pass"}
    assert len(judged) >= (28 if not missing else 27) and "availability.1" in judged
    open_ones = {row["rule"] for row in rows(inspected[0], "demo-clean") if row["outcome"] == "undetermined"}
    assert not UPKEEP & open_ones, "the register leaves no question of freshness open"


def test_findings_that_can_be_seen_carry_a_picture(inspected):
    for row, finding in found(inspected[0], "demo"):
        if row["rule"].split(".")[0] in ("site-marks", "find-error-entry", "links", "compat", "domain-name", "availability"):
            assert (inspected[0] / finding["shot"]).stat().st_size > 500, (row["rule"], finding)


def test_the_verdict_is_told_in_chinese(inspected):
    said = inspected[1].stdout
    for words in ("结论", "单项否决", "168 次，9 次打不开", "扣分", "待检查人员核定", "公安机关备案标识", "ledger.jsonl"):
        assert words in said
    assert "Traceback" not in said


def test_ledger_and_scorecards_agree(inspected):
    results = inspected[0]
    every = json.loads((results / "scorecards.json").read_text("utf-8"))
    assert len(every) == 2 * (1 + len(OTHER_EDITIONS))
    assert {card["edition"]: card["vetoes"] for card in every if card["vetoes"]} == VETOES
    cards = {card["site"]: card for card in every if card["edition"] == EDITION}
    assert set(cards) == {"demo", "demo-clean"}
    for site, card in cards.items():
        assert card["coverage"]["rules"] == len(rows(results, site)) == 99
        assert float(card["deduction"]["low"]) <= float(card["deduction"]["high"])
    assert cards["demo"]["verdict"] == "不合格" and cards["demo-clean"]["vetoes"] == []
    assert cards["demo-clean"]["verdict"] == "待定"


def test_the_same_seed_gives_the_same_rows(inspected, tmp_path):
    """Of the rules that draw, and of the week; the whole ledger would only take longer."""
    done = run(tmp_path, *DRAW, "--site=demo", "-k", "availability or page-labels or site-marks or site-search or find-error-entry or smart-search")
    assert done.returncode == 1, done.stdout
    drawn = list(map(timeless, rows(tmp_path, "demo")))
    assert len(drawn) > 8
    assert drawn == [row for row in map(timeless, rows(inspected[0], "demo")) if row["rule"] in {each["rule"] for each in drawn}]


def test_stored_evidence_is_judged_again_without_a_browser(inspected, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    done = run(tmp_path, f"--rejudge={inspected[0]}", "--site=demo", "--edition=sichuan2021", "--edition=hunan-city2021")
    assert done.returncode == 1, done.stdout + done.stderr
    again = list(map(timeless, rows(tmp_path, "demo")))
    assert again == list(map(timeless, rows(inspected[0], "demo")))
    hunan = {row["rule"]: row for row in rows(tmp_path, "demo", "hunan-city2021")}
    assert hunan["site-marks.1"]["points"] == "-1" and hunan["ipv6.1"]["points"] == "-1"


def test_nobody_is_reminded_of_the_clean_twin(inspected, capsys):
    """All of its columns are found, and none is late, blank or doubtful."""
    assert cli.main(["remind", "--from", str(inspected[0]), "--site", "demo-clean", "--within", "0"]) == 0
    out, = capsys.readouterr().out.splitlines()
    assert out == "检查日期 2026-11-20　网站 1 个　没有超期的栏目，0 天内也没有要到期的"


@pytest.mark.parametrize("edition", OTHER_EDITIONS)
def test_other_editions_find_the_same_faults_of_upkeep(inspected, edition):
    seen = {(row["rule"], finding["what"]) for row, finding in found(inspected[0], "demo", edition) if row["rule"] in OTHER_UPKEEP}
    rules = {row["rule"] for row in rows(inspected[0], "demo", edition)}
    assert seen == {(rule, what) for rule, what in planted(edition) if rule in OTHER_UPKEEP & rules}


@pytest.mark.parametrize("edition", OTHER_EDITIONS)
def test_the_clean_twin_is_clean_under_every_edition(inspected, edition):
    assert found(inspected[0], "demo-clean", edition) == []
    ours = rows(inspected[0], "demo-clean", edition)
    assert [row for row in ours if row["blame"] in ("tool", "site")] == []
    machine = OTHER_UPKEEP - ATTESTED.get(edition, set())
    assert [row for row in ours if row["rule"] in machine and row["outcome"] == "undetermined"] == []
