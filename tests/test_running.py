"""What is looked at, how often, and judging again: --rejudge, --resume, exemptions."""
import faked
import pytest
from faked import EVERY, INSPECT, cards, log, rows, run, run_apart

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(150)

SITE = "--site=alpha.gov.cn"



def test_equal_questions_are_asked_once(pytester, monkeypatch):
    two, three = {"faults": 2}, {"faults": 3}
    items = {"faulty": ("deduction", two), "again": ("veto", two), "other": ("deduction", three)}
    faked.set_up(pytester, monkeypatch, every=items, second=items)
    run(pytester, *INSPECT, "--edition=second.toml", SITE)
    assert len(rows(pytester)) == 6
    assert [words[1] for words in log(pytester, "calls.log")] == ["2", "3"]
    assert [words[1:] for words in log(pytester, "gathered.log")].count(["want", "alpha.gov.cn", "home"]) == 1


def test_the_next_sites_are_gathered_ahead(project):
    run(project, *INSPECT, *(f"--site={name}.gov.cn" for name in ("a", "b", "c", "d")))
    events = [words[1:3] for words in log(project, "gathered.log")]
    order = [["ahead", "c.gov.cn"], ["finish", "a.gov.cn"], ["ahead", "d.gov.cn"]]
    assert [event for event in events if event in order] == order
    assert [event for event in events if event[0] == "finish"] == [["finish", f"{name}.gov.cn"] for name in "abcd"]


def test_a_parent_fault_silences_its_children(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch)
    text = faked.edition("every", {"search": ("deduction", {"faults": 1})})
    child = '[[item.rule]]\nn = 2\nsummary = "子"\nkind = "flat"\npoints = "1"\nparent = 1\ncheck = "answer"\n'
    (pytester.path / "every.toml").write_text(f"{text}{child}with = {{ faults = 3 }}\n", encoding="utf-8")
    run(pytester, *INSPECT, SITE, "-k", "search.2")
    row = rows(pytester)["alpha.gov.cn/every/search.2"]
    assert (row["outcome"], row["reason"]) == ("not-applicable", "见 search.1")


HOLIDAY = """
from datetime import date
from pytest_govsite import NotApplicable, check


@check("holiday")
def check_holiday(calendar):
    raise NotApplicable(str(calendar.workday(date(2027, 2, 20))))
"""


CALENDARS = {
    "none": ([], "worked=False, provisional=True"),
    "a file": (["--govsite-calendar=days.toml"], "worked=True, provisional=False"),
}


@pytest.mark.parametrize("options, expected", CALENDARS.values(), ids=CALENDARS)
def test_a_check_gets_the_calendar_that_the_user_configured(pytester, monkeypatch, options, expected):
    faked.set_up(pytester, monkeypatch, every={"days": ("deduction", {"check": "holiday"})})
    (pytester.path / "own_checks" / "holiday.py").write_text(HOLIDAY, encoding="utf-8")
    (pytester.path / "days.toml").write_text("workdays = [2027-02-20]", encoding="utf-8")
    run(pytester, *INSPECT, SITE, *options)
    assert expected in rows(pytester)["alpha.gov.cn/every/days.1"]["reason"]


def test_a_wrong_calendar_stops_the_run_before_it_begins(project):
    (project.path / "days.toml").write_text('workdays = ["tomorrow"]', encoding="utf-8")
    result = run(project, *INSPECT, SITE, "--govsite-calendar=days.toml")
    assert result.ret == 4
    result.stderr.fnmatch_lines(["*days.toml 第1行*不是日期*"])


SITES = faked.site("alpha", group="南方") + faked.site("beta", "511723", group="北方") + """
[[account]]
id = "weibo"
platform = "新浪微博"
name = "甲县发布"
owner = "甲县融媒体中心"
group = "北方"
"""
EXEMPT = """
[[exempt]]
site = "alpha"
rule = "faulty.1"
what = "fault 0"
reason = "误报"
by = "张某"
until = "2099-12-31"
[[exempt]]
site = "beta"
rule = "faulty.1"
reason = "误报"
by = "张某"
until = "2099-12-31"
"""


def test_an_exempted_finding_costs_nothing(project):
    """The file may speak of sites that are not run today."""
    (project.path / "sites.toml").write_text(SITES, encoding="utf-8")
    (project.path / "exemptions.toml").write_text(EXEMPT, encoding="utf-8")
    run(project, *INSPECT, "--site=alpha", "-k", "faulty")
    row = rows(project)["alpha/every/faulty.1"]
    assert row["points"] == "-1" and [bool(finding.get("exempt")) for finding in row["findings"]] == [True, False]


CHOSEN = {
    "all": (["--sites=sites.toml"], {"alpha", "beta", "weibo"}),
    "a group": (["--sites=sites.toml", "--site-group=北方"], {"beta", "weibo"}),
    "an id of the file": (["--site=beta"], {"beta"}),
    "a host of the file": (["--site=www.alpha.gov.cn"], {"alpha"}),
    "one twice": (["--site=alpha", "--site=http://alpha.gov.cn/"], {"alpha"}),
    "a stranger beside the file": (["--site=alpha", "--site=gamma.gov.cn"], {"alpha", "gamma.gov.cn"}),
}


@pytest.mark.parametrize(("arguments", "expected"), CHOSEN.values(), ids=CHOSEN)
def test_who_is_inspected(project, arguments, expected):
    (project.path / "sites.toml").write_text(SITES, encoding="utf-8")
    items = EVERY | {"people": ("veto", {"check": "attested", "target": "website+new-media"})}
    (project.path / "every.toml").write_text(faked.edition("every", items), encoding="utf-8")
    run(project, *INSPECT, *arguments, "-k", "fine or people")
    assert {row["site"] for row in rows(project).values()} == expected


def test_an_account_has_rules_of_its_own(project):
    (project.path / "sites.toml").write_text(SITES, encoding="utf-8")
    items = {"both": ("veto", {"target": "website+new-media", "faults": 1}), "page": ("veto", {"faults": 1})}
    (project.path / "every.toml").write_text(faked.edition("every", items), encoding="utf-8")
    run(project, *INSPECT, "--site=weibo")
    assert {name: row["blame"] for name, row in rows(project).items()} == {"weibo/every/both.1": "person"}
    assert not log(project, "gathered.log")


AGAIN = ("found_at", "took")


def without_times(found):
    return {name: {key: value for key, value in row.items() if key not in AGAIN} for name, row in found.items()}


def test_two_runs_give_the_same_ledger(project):
    run(project, *INSPECT, SITE, "--sample-seed=3")
    first = without_times(rows(project))
    run(project, *INSPECT, SITE, "--sample-seed=3", "--results=other")
    assert without_times(rows(project, "other")) == first


def test_rejudge_needs_no_collector(project):
    run(project, *INSPECT, SITE)
    first = without_times(rows(project))
    (project.path / "gathered.log").unlink()
    result = run(project, "--rejudge=govsite-results", "--results=again", "--edition=every.toml", "own_checks")
    assert result.ret == 1
    assert without_times(rows(project, "again")) == first
    assert not log(project, "gathered.log")
    assert (project.path / "again" / "sites" / "alpha.gov.cn" / "evidence" / "home.json").is_file()


def test_rejudge_under_another_table(project):
    run(project, *INSPECT, SITE, "--site=beta.gov.cn", "-k", "fine")
    table = faked.edition("newer", {"strict": ("veto", {"faults": 4})})
    (project.path / "newer.toml").write_text(table, encoding="utf-8")
    run(project, "--rejudge=govsite-results", "--site=beta.gov.cn", "--edition=newer.toml", "own_checks")
    found = rows(project)
    assert found["beta.gov.cn/newer/strict.1"]["outcome"] == "veto"
    assert found["alpha.gov.cn/every/fine.1"]["outcome"] == "pass", "sites that were not run stay"


def test_evidence_that_was_never_stored_is_undetermined(project):
    run(project, *INSPECT, SITE, "-k", "person")
    run(project, "--rejudge=govsite-results", "--edition=every.toml", "own_checks", "-k", "faulty")
    row = rows(project)["alpha.gov.cn/every/faulty.1"]
    assert (row["outcome"], row["blame"]) == ("undetermined", "tool")


def test_resume_does_only_what_is_left(pytester, monkeypatch):
    items = {"faulty": ("deduction", {"faults": 2}), "person": ("deduction", {"check": "attested"})}
    faked.set_up(pytester, monkeypatch, every=items)
    run_apart(pytester, *INSPECT, SITE, "--site=interrupted.gov.cn", "--site=omega.gov.cn")
    (pytester.path / "gathered.log").unlink()
    run(pytester, *INSPECT, SITE, "--site=omega.gov.cn", "--resume")
    assert {words[2] for words in log(pytester, "gathered.log") if words[1] == "want"} == {"omega.gov.cn"}
    found = rows(pytester)
    assert {found[f"{site}.gov.cn/every/faulty.1"]["outcome"] for site in ("alpha", "omega")} == {"deduct"}
    assert {"alpha.gov.cn/every", "omega.gov.cn/every"} <= set(cards(pytester))


def test_resume_with_nothing_left_keeps_the_gate(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch, every={"faulty": ("deduction", {"faults": 2})})
    assert run(pytester, *INSPECT, SITE).ret == 1
    assert run(pytester, *INSPECT, SITE, "--resume").ret == 1
    assert run(pytester, *INSPECT, SITE, "--resume", "--gate=veto").ret == 0
    assert run(pytester, *INSPECT, SITE, "--resume", "--as-of=2026-11-19").ret == 1, "another day is another inspection"
    assert [words[1:3] for words in log(pytester, "gathered.log")].count(["want", "alpha.gov.cn"]) == 2


