"""The plugin from outside: what a user types, what pytest says, what lies in the results folder."""
import json
import re

import faked
import pytest
from faked import EVERY, INSPECT, cards, log, rows, run, run_apart

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(150)

SITE = "--site=alpha.gov.cn"
NAMES = [f"alpha.gov.cn/every/{name}.1" for name in EVERY]



def outcomes(result) -> dict[str, int]:
    found = result.parseoutcomes()
    return {word: found.get(word, 0) for word in ("passed", "failed", "skipped")}


# what a user sees and selects


def test_without_our_options_nothing_changes(project):
    project.makepyfile("def test_it(): pass")
    result = run(project, "--strict-markers", "-v")
    result.assert_outcomes(passed=1)
    assert "govsite" not in "\n".join(line for line in result.outlines if not line.startswith(("plugins:", "metadata:")))
    assert run(project, "--markers").stdout.str().count("@pytest.mark.veto") == 0
    assert not (project.path / "govsite-results").exists()


def test_items_are_named_by_site_edition_and_rule(project):
    result = run(project, *INSPECT, SITE, "--collect-only", "-q")
    ids = [line for line in result.outlines if "::" in line]
    assert [id.partition("::")[2] for id in ids] == NAMES
    assert {id.partition("::")[0] for id in ids} == {"own_checks/answer.py", "checks/attested.py"}
    assert not (project.path / "govsite-results").exists(), "a look at the list writes nothing"


@pytest.mark.parametrize(
    ("selection", "names"),
    {
        "-k with a rule": (["-k", "alpha.gov.cn/every/faulty.1"], {"faulty"}),
        "-k with words": (["-k", "fine or person"], {"fine", "person"}),
        "-m veto": (["-m", "veto"], {"barred", "open-door"}),
        "-m with a rule": (["-m", "rule(id='earned.1')"], {"earned"}),
        "-m with a site": (["-m", "site(id='alpha.gov.cn') and veto"], {"barred", "open-door"}),
        "-m with an edition": (["-m", "edition(id='every') and veto"], {"barred", "open-door"}),
        "--deselect": (["--deselect", "own_checks"], {"person"}),
    }.values(),
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_selection_makes_a_partial_plan(project, selection, names):
    run(project, *INSPECT, SITE, *selection)
    assert set(rows(project)) == {f"alpha.gov.cn/every/{name}.1" for name in names}
    assert cards(project)["alpha.gov.cn/every"]["partial"] is True


def test_a_node_id_selects_one_rule(project):
    run(project, SITE, "--edition=every.toml", "own_checks/answer.py::alpha.gov.cn/every/fine.1", "-k", "fine")
    assert set(rows(project)) == {"alpha.gov.cn/every/fine.1"}


def test_a_whole_plan_is_not_partial(project):
    run(project, *INSPECT, SITE)
    assert set(rows(project)) == set(NAMES)
    assert "partial" not in cards(project)["alpha.gov.cn/every"]


def test_the_header_says_what_runs(project):
    header = "\n".join(run(project, *INSPECT, SITE, "--sample-seed=7", "--collect-only").outlines)
    folder = str(project.path / "own_checks")
    for words in ("govsite 1.0.0", folder, "alpha.gov.cn", "every", faked.AS_OF, "抽样种子：7", "govsite-results"):
        assert words in header


def test_sites_stand_together_whatever_others_reorder(project):
    project.makeconftest(faked.CONFTEST + "\ndef pytest_collection_modifyitems(items): items.reverse()\n")
    result = run(project, *INSPECT, SITE, "--site=beta.gov.cn", "--collect-only", "-q")
    sites = [line.partition("::")[2].partition("/")[0] for line in result.outlines if "::" in line]
    assert sites == ["alpha.gov.cn"] * len(EVERY) + ["beta.gov.cn"] * len(EVERY)


def test_tests_of_a_project_run_beside_an_inspection(project):
    path = project.makepyfile("def test_mine(): pass")
    run(project, *INSPECT, SITE, path, "-k", "mine or fine").assert_outcomes(passed=2)


# outcomes

LETTERS = {
    "fine": ("pass", "PASSED"),
    "faulty": ("deduct", "FAILED"),
    "barred": ("veto", "FAILED"),
    "open-door": ("pass", "PASSED"),
    "earned": ("award", "PASSED"),
    "unearned": ("unearned", "PASSED"),
    "exempt": ("not-applicable", "SKIPPED"),
    "person": ("undetermined", "SKIPPED"),
    "history": ("undetermined", "SKIPPED"),
    "outside": ("undetermined", "OUTSIDE"),
    "walled": ("undetermined", "OUTSIDE"),
    "unclear": ("undetermined", "TROUBLE"),
    "broken": ("undetermined", "TROUBLE"),
}


def test_every_outcome_has_its_word(project):
    result = run(project, *INSPECT, SITE, "-v")
    found = rows(project)
    for name, (outcome, word) in LETTERS.items():
        assert found[f"alpha.gov.cn/every/{name}.1"]["outcome"] == outcome
        result.stdout.fnmatch_lines([f"*::alpha.gov.cn/every/{name}.1 {word}*"])
    assert outcomes(result) == {"passed": 4, "failed": 4, "skipped": 5}


def test_every_outcome_has_its_letter(project):
    letters = [line.split()[0] for line in run(project, *INSPECT, SITE, "-q").outlines if re.match(r"[.FsU]+ ", line)]
    assert "".join(letters) == ".FF...sssUUUU"


def test_a_failure_reads_like_a_sentence(project):
    result = run(project, *INSPECT, SITE, "--tb=short", "-k", "faulty")
    result.stdout.fnmatch_lines(["faulty.1*二级：faulty", "扣分 2 分", "  1. 第 0 处不对", "     http://alpha.gov.cn/"])
    assert "Traceback" not in result.stdout.str()


def test_junit_names_rule_and_points(project):
    run(project, *INSPECT, SITE, "--junitxml=junit.xml", "-k", "faulty")
    text = (project.path / "junit.xml").read_text(encoding="utf-8")
    assert '<property name="rule" value="faulty.1"' in text and '<property name="points" value="-2"' in text
    assert "govsite" not in text, "our own line is no property for people"


def test_allure_tells_broken_from_failed(project):
    run_apart(project, *INSPECT, SITE, "--alluredir=allure")
    results = [json.loads(path.read_text(encoding="utf-8")) for path in (project.path / "allure").glob("*-result.json")]
    status = {result["fullName"].rpartition("/")[2].removesuffix(".1"): result["status"] for result in results}
    expected = {"PASSED": "passed", "FAILED": "failed", "SKIPPED": "skipped", "OUTSIDE": "skipped", "TROUBLE": "broken"}
    assert status == {name: expected[word] for name, (_, word) in LETTERS.items()}
    severity = {label["value"] for result in results for label in result["labels"] if label["name"] == "severity"}
    assert "blocker" in severity


def test_evidence_that_is_missing_is_no_verdict(project):
    run(project, *INSPECT, "--site=down.gov.cn", "--site=nowhere.gov.cn", "-k", "faulty or fine or barred")
    found = rows(project)
    assert {row["outcome"] for row in found.values()} == {"undetermined"}
    assert {row["blame"] for name, row in found.items() if name.startswith("down")} == {"site"}
    assert {row["blame"] for name, row in found.items() if name.startswith("nowhere")} == {"vantage"}


# exit status

GATES = [
    # gate, items, site, exit status
    ("clean", "fine", "alpha", 0),
    ("clean", "fine or person or outside", "alpha", 0),
    ("clean", "faulty", "alpha", 1),
    ("clean", "barred", "alpha", 1),
    ("clean", "fine or broken", "alpha", 1),
    ("veto", "faulty", "alpha", 0),
    ("veto", "barred", "alpha", 1),
    ("veto", "fine", "nowhere", 1),
    ("clean", "person", "nowhere", 0),
    ("clean", "nothing-like-that", "alpha", 5),
]


@pytest.mark.parametrize(("gate", "items", "site", "status"), GATES)
def test_the_gate_makes_the_exit_status(project, gate, items, site, status):
    result = run(project, *INSPECT, f"--site={site}.gov.cn", f"--gate={gate}", "-k", items)
    assert result.ret == status


def test_the_gate_pass_asks_for_a_verdict(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch, every={"fine": ("deduction", {}), "faulty": ("deduction", {"faults": 2})})
    assert run(pytester, *INSPECT, SITE, "--gate=pass").ret == 0
    assert run(pytester, *INSPECT, SITE, "--gate=clean").ret == 1


def test_the_gate_new_knows_the_last_ledger(project):
    assert run(project, *INSPECT, SITE, "--gate=new", "--baseline=last", "-k", "faulty").ret == 4, "there is none yet"
    run(project, *INSPECT, SITE, "-k", "faulty")
    assert run(project, *INSPECT, SITE, "--gate=new", "--baseline=last", "-k", "faulty").ret == 0
    assert run(project, *INSPECT, SITE, "--gate=new", "--baseline=last", "-k", "faulty or barred").ret == 1
    copied = project.path / "old.jsonl"
    copied.write_bytes((project.path / "govsite-results" / "ledger.jsonl").read_bytes())
    assert run(project, *INSPECT, SITE, "--gate=new", f"--baseline={copied}", "-k", "barred").ret == 0


def test_a_failed_test_of_the_project_fails_the_run(project):
    path = project.makepyfile("def test_mine(): assert False")
    assert run(project, *INSPECT, SITE, path, "-k", "mine or fine").ret == 1


# wrong use

WRONG = {
    "unknown edition": (["--edition=gb1999"], "gb1999"),
    "unknown site": (["--site=nobody"], "nobody"),
    "wrong date": (["--as-of=20.11.2026"], "20.11.2026"),
    "future date": (["--as-of=2999-01-01"], "2999-01-01"),
    "wrong seed": (["--sample-seed=x"], "sample-seed"),
    "wrong resolve": (["--resolve=alpha.gov.cn"], "--resolve"),
    "wrong nameserver": (["--nameserver=not an address"], "not an address"),
    "unknown gate": (["--gate=half"], "half"),
    "new without baseline": (["--gate=new"], "--baseline"),
    "no such sites file": (["--sites=nowhere.toml"], "nowhere.toml"),
    "wrong sites file": (["--sites=wrong.toml"], "kind"),
    "unknown group": (["--sites=right.toml", "--site-group=北方"], "北方"),
    "group without file": (["--site-group=北方"], "--sites"),
    "foreign results": (["--results=."], "--results"),
    "results is a file": (["--results=wrong.toml"], "wrong.toml"),
    "no exemptions file": (["--exemptions=none.toml"], "none.toml"),
    "wrong exemptions": (["--exemptions=wrong.toml"], "wrong.toml"),
    "nothing stored": (["--rejudge=own_checks"], "own_checks"),
    "rejudge has its own date": (["--rejudge=own_checks", f"--as-of={faked.AS_OF}"], "--as-of"),
    "unknown check": (["--edition=stray.toml"], "no-such-check"),
    "unknown threshold": (["--edition=odd.toml"], "colour"),
}


@pytest.mark.parametrize(("arguments", "word"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_refused_with_a_sentence(project, arguments, word):
    (project.path / "right.toml").write_text(faked.site("alpha"), encoding="utf-8")
    (project.path / "wrong.toml").write_text(faked.site("alpha", kind="village"), encoding="utf-8")
    (project.path / "stray.toml").write_text(faked.edition("stray", {"x": ("deduction", {"check": "no-such-check"})}))
    (project.path / "odd.toml").write_text(faked.edition("odd", {"x": ("deduction", {"colour": "red"})}))
    given = {argument.partition("=")[0] for argument in arguments}
    asked = [] if given & {"--site", "--sites", "--site-group", "--rejudge"} else [SITE]
    edition = [] if "--edition" in given else ["--edition=every.toml"]
    result = run(project, *asked, *edition, *arguments, "own_checks")
    errors = [line for line in result.errlines if line.startswith("ERROR: ")]
    assert result.ret == 4
    assert word in "\n".join(result.errlines)
    assert len(errors) == 1 and "Traceback" not in result.stderr.str()
    assert not log(project, "gathered.log") and not list(project.path.rglob("ledger.jsonl"))


def test_a_machine_without_browser_says_so_and_writes_nothing(project):
    (project.path / "no-browser").touch()
    result = run(project, *INSPECT, SITE)
    assert result.ret == 4 and "没有浏览器" in result.stderr.str()
    assert not (project.path / "govsite-results").exists()


def test_rules_for_people_need_no_browser(project):
    (project.path / "no-browser").touch()
    assert run(project, *INSPECT, SITE, "-k", "person").ret == 0
    assert not log(project, "gathered.log"), "no collector was made"


# endings

THROWING = {
    "exception in the collector": ("silly", 1),
    "Ctrl-C": ("interrupted", 2),
}


@pytest.mark.parametrize(("host", "status"), THROWING.values(), ids=THROWING)
def test_the_ledger_is_complete_however_it_ends(project, host, status):
    result = run_apart(project, *INSPECT, SITE, f"--site={host}.gov.cn", "--site=omega.gov.cn")
    found = rows(project)
    assert len(found) == 3 * len(EVERY)
    assert found["alpha.gov.cn/every/faulty.1"]["outcome"] == "deduct"
    assert found[f"{host}.gov.cn/every/faulty.1"]["blame"] == "tool"
    assert result.ret == status
    assert ["close"] in [words[1:] for words in log(project, "gathered.log")]
    assert set(cards(project)) == {f"{site}.gov.cn/every" for site in ("alpha", host, "omega")}


def test_after_ctrl_c_the_rest_is_not_reached(project):
    run_apart(project, *INSPECT, "--site=interrupted.gov.cn", SITE)
    assert rows(project)["alpha.gov.cn/every/fine.1"]["reason"] == "not reached"


def test_an_internal_error_leaves_the_ledger_whole(project):
    hook = "\ndef pytest_runtest_logfinish(nodeid):\n    if 'open-door' in nodeid: raise RuntimeError('plugin')\n"
    project.makeconftest(faked.CONFTEST + hook)
    result = run(project, *INSPECT, SITE)
    found = rows(project)
    assert result.ret == 3
    assert found["alpha.gov.cn/every/faulty.1"]["outcome"] == "deduct"
    assert found["alpha.gov.cn/every/broken.1"]["reason"] == "not reached"
    assert set(cards(project)) == {"alpha.gov.cn/every"}


def test_x_stops_and_the_gate_is_not_met(project):
    result = run(project, *INSPECT, SITE, "-x", "--gate=veto", "-k", "not barred")
    assert result.ret == 1
    assert rows(project)["alpha.gov.cn/every/broken.1"]["reason"] == "not reached"


def test_another_plugin_may_end_an_item(project):
    hook = "\nimport pytest\ndef pytest_runtest_setup(item):\n    if 'fine' in item.name: pytest.fail('too slow')\n"
    project.makeconftest(faked.CONFTEST + hook)
    run(project, *INSPECT, SITE, "-k", "fine or faulty")
    row = rows(project)["alpha.gov.cn/every/fine.1"]
    assert (row["outcome"], row["blame"]) == ("undetermined", "tool") and "too slow" in row["reason"]


def test_a_time_limit_of_another_plugin_leaves_an_undetermined_row(project):
    run_apart(project, *INSPECT, "--site=silent.gov.cn", "--timeout=1", "-k", "faulty")
    row = rows(project)["silent.gov.cn/every/faulty.1"]
    assert (row["outcome"], row["blame"]) == ("undetermined", "tool") and "Timeout" in row["reason"]


def test_results_that_cannot_be_written_end_the_run_with_a_sentence(project):
    result = run_apart(project, *INSPECT, "--site=wiped.gov.cn", "-k", "faulty")
    text = result.stdout.str() + result.stderr.str()
    assert result.ret == 3 and "无法写入结果目录" in text and "Traceback" not in text
