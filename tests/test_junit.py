"""JUnit XML as CI servers read it: every rule once, with its properties, under a name that no path is part of."""
import os
import re
import signal
import xml.etree.ElementTree as ET

import faked
import pytest
from faked import EVERY, INSPECT, rows, run, run_apart

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(150)

SITE = "--site=alpha.gov.cn"
JUNIT = "--junit-xml=junit.xml"
PROPERTIES = {"rule", "site", "edition", "outcome", "points", "blame"}

# The schema of Jenkins' xUnit plugin (junit-10.xsd), which pytest's xunit2 follows, in what pytest writes of it; the two
# exceptions are pytest's own: <error> (the schema says <errors>) and <properties> in a test case.
# element: (attributes it must have, attributes it may have, elements it may hold)
SCHEMA = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"}, {"time", "skipped", "timestamp", "hostname", "id", "package"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": ({"name"}, {"time", "classname", "group"}, {"properties", "skipped", "error", "failure", "system-out", "system-err"}),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
}
TIME = re.compile(r"\d*\.\d{3}")


def check(element: ET.Element) -> None:
    """Raises when the element, or one below it, is not as the schema says."""
    must, may, below = SCHEMA[element.tag]
    assert must <= element.attrib.keys() <= must | may, element.attrib
    assert TIME.fullmatch(element.get("time", "0.000"))
    for child in element:
        assert child.tag in below, f"<{child.tag}> in <{element.tag}>"
        check(child)


def cases(project) -> dict[str, ET.Element]:
    """The test cases by name, of a file that keeps to the schema and counts right."""
    root = ET.parse(project.path / "junit.xml").getroot()
    check(root)
    suite = root[0]
    found = [element for element in suite if element.tag == "testcase"]
    named = {case.get("name"): case for case in found}
    assert len(named) == len(found) == int(suite.get("tests")), "every rule stands once"
    for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert len(suite.findall(f"testcase/{tag}")) == int(suite.get(count))
    return named


def properties(case: ET.Element) -> dict[str, str]:
    found = [(each.get("name"), each.get("value")) for each in case.findall("properties/property")]
    assert len(dict(found)) == len(found), "each property stands once"
    return dict(found)


def expected(row: dict) -> dict[str, str]:
    return {name: row[name] or "" for name in PROPERTIES}


def state(case: ET.Element) -> str:
    return next((child.tag for child in case if child.tag != "properties"), "passed")


STATES = {
    "fine": "passed", "faulty": "failure", "barred": "failure", "open-door": "passed", "earned": "passed", "unearned": "passed",
    "exempt": "skipped", "person": "skipped", "history": "skipped", "outside": "skipped", "walled": "skipped", "unclear": "failure",
    "broken": "failure",
}


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["one process", "two workers"])
def test_every_rule_stands_once_with_its_properties(project, workers):
    (run_apart if workers else run)(project, *INSPECT, SITE, "--site=beta.gov.cn", JUNIT, *workers)
    found, ledger = cases(project), rows(project)
    assert found.keys() == ledger.keys() and len(found) == 2 * len(EVERY)
    for name, case in found.items():
        assert properties(case) == expected(ledger[name])
        assert case.get("classname") == f"{ledger[name]['site']}.every.一级.二级"
        assert state(case) == STATES[name.split("/")[2].removesuffix(".1")]


def test_a_failure_tells_the_finding(project):
    run(project, *INSPECT, SITE, JUNIT, "-k", "faulty")
    failure = cases(project)["alpha.gov.cn/every/faulty.1"].find("failure")
    for words in (failure.get("message"), failure.text):
        assert words.startswith("faulty.1　二级：faulty\n扣分 2 分\n  1. 第 0 处不对\n     http://alpha.gov.cn/")


HOSTILE = "]]><x a='\"'>&amp; \x00\x08\x1b[2J\ufffe\ud800 \u202e\u2028<![CDATA["


def test_what_a_site_wrote_stays_text(project):
    check = faked.CHECK.replace('f"第 {number} 处不对"', f"{HOSTILE!r} + '长' * 9000")
    (project.path / "own_checks" / "answer.py").write_text(check, encoding="utf-8")
    run(project, *INSPECT, SITE, JUNIT, "-k", "faulty")
    case = cases(project)["alpha.gov.cn/every/faulty.1"]
    assert len(case) == 2 and "]]><x a='\"'>&amp; " in case.find("failure").text
    assert len(case.find("failure").get("message")) < 1000


def test_a_time_limit_of_another_plugin_is_a_row_as_well(project):
    hook = "\ndef pytest_runtest_call(item):\n    if 'fine' in item.name: raise RuntimeError('time is up')\n"
    project.makeconftest(faked.CONFTEST + hook)
    run(project, *INSPECT, SITE, JUNIT, "-k", "fine or person")
    told = properties(cases(project)["alpha.gov.cn/every/fine.1"])
    assert (told["outcome"], told["blame"], told["points"]) == ("undetermined", "tool", "")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_killed_worker_leaves_every_rule_in_the_file(pytester, monkeypatch):
    deadly = {"before": ("deduction", {"faults": 1}), "deadly": ("deduction", {"says": "kill"}), "worse": ("deduction", {"says": "kill"})}
    faked.set_up(pytester, monkeypatch, every=deadly | {"after": ("deduction", {}), "person": ("deduction", {"check": "attested"})})
    run_apart(pytester, *INSPECT, SITE, JUNIT, "-n1")
    found, ledger = cases(pytester), rows(pytester)
    assert found.keys() == ledger.keys() and len(found) == 5
    for name, case in found.items():
        assert properties(case) == expected(ledger[name])
        assert case.get("classname") == "alpha.gov.cn.every.一级.二级"
    told = {name.split("/")[2]: case.find("error").get("message") for name, case in found.items() if case.find("error") is not None}
    died, given_up = "工具原因：检查进程中途退出", "工具原因：检查该网站的进程两次中途退出，未再检查"
    assert told == {"deadly.1": died, "worse.1": died, "after.1": given_up, "person.1": given_up}


def test_what_was_never_reached_is_in_the_file(project):
    run_apart(project, *INSPECT, SITE, "--site=interrupted.gov.cn", JUNIT, "-k", "fine or person")
    found, ledger = cases(project), rows(project)
    assert found.keys() == ledger.keys() and len(found) == 4
    lost = found["interrupted.gov.cn/every/person.1"]
    assert lost.find("failure").get("message") == "工具原因：未轮到，检查提前结束"
    assert properties(lost) == expected(ledger["interrupted.gov.cn/every/person.1"])


def test_tests_of_a_project_keep_their_own_names(project):
    path = project.makepyfile(mine="def test_mine(record_property): record_property('a', 1)")
    run(project, *INSPECT, SITE, path, JUNIT, "-k", "mine or fine")
    mine = cases(project)["test_mine"]
    assert mine.get("classname") == "mine" and properties(mine) == {"a": "1"}


def test_a_list_of_items_writes_no_case(project):
    run(project, *INSPECT, SITE, JUNIT, "--collect-only")
    assert cases(project) == {} and not os.path.exists(project.path / "govsite-results")
