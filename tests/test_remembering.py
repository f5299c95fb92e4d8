"""What a run leaves in the history, and what the next one does with it."""
import os
import shutil
import signal
import subprocess
import sys
from datetime import date, datetime, timedelta

import faked
import pytest
from faked import INSPECT, cards, rows, run, run_apart

from pytest_govsite.history import open_history
from pytest_govsite.model.availability import SHANGHAI

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(150)

ALPHA, BETA = "alpha.gov.cn", "beta.gov.cn"
SITE = f"--site={ALPHA}"
NEW = ("--gate=new", "--baseline=last")
LOOK = '''
from pytest_govsite import Headlines, check
from pytest_govsite.model.availability import Week


@check("look")
def check_look(week: Week, headlines: Headlines):
    """Needs what the history keeps."""
    return iter(())
'''
EVERY = {"look": ("veto", {"check": "look"}), "faulty": ("deduction", {"faults": 2})}
FAULTIER = EVERY | {"faulty": ("deduction", {"faults": 3})}


@pytest.fixture
def project(pytester, monkeypatch):
    """A project whose checks need what the history keeps, and a history of its own."""
    faked.set_up(pytester, monkeypatch, every=EVERY)
    (pytester.path / "own_checks" / "look.py").write_text(LOOK, encoding="utf-8")
    return pytester


def history(project, place=faked.HISTORY):
    return open_history(project.path / place, read_only=True)


def visits(project, site=ALPHA, place=faked.HISTORY):
    today = datetime.now(SHANGHAI).date()
    with history(project, place) as known:
        return known.samples(site, today - timedelta(days=1), today)


def inspections(project, *which, place=faked.HISTORY):
    with history(project, place) as known:
        return known.inspections(*which)


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["one process", "two workers"])
def test_a_run_is_remembered(project, workers):
    began = datetime.now(SHANGHAI)
    result = run_apart(project, *INSPECT, SITE, f"--site={BETA}", *workers)
    assert result.ret == 1 and "历史" not in result.stdout.str()
    for site in (ALPHA, BETA):
        assert [(sample.family, sample.kind, sample.state) for sample in visits(project, site)] == [
            (4, "visit", "open"), (6, "visit", "open"),
        ]
        kept, = inspections(project, site)
        assert (kept.edition, kept.as_of, kept.partial) == ("every", date.fromisoformat(faked.AS_OF), False)
        assert kept.scorecard == cards(project)[f"{site}/every"]
        assert {row.rule: row.to_json() for row in kept.rows} == {
            row["rule"]: row for row in rows(project).values() if row["site"] == site
        }
        with history(project) as known:
            seen = known.first_seen(site)
        assert set(seen) == {f"http://{site}/{n}.html" for n in (1, 2)}
        assert all(began - timedelta(seconds=1) <= at <= datetime.now(SHANGHAI) for at in (*seen.values(), kept.at))


def test_the_history_may_be_elsewhere(project):
    project.makeini("[pytest]\ngovsite_history = from-ini.sqlite3\n")
    run(project, *INSPECT, SITE)
    run(project, *INSPECT, SITE, "--history=typed.sqlite3")
    assert [len(inspections(project, place=place)) for place in ("from-ini.sqlite3", "typed.sqlite3")] == [1, 1]
    assert not (project.path / faked.HISTORY).exists()


def test_a_server_remembers_as_well_as_a_file(project, history_place, monkeypatch):
    """Its address comes from the environment: it may hold a password."""
    monkeypatch.setenv("GOVSITE_HISTORY", str(history_place))
    assert run(project, *INSPECT, SITE).ret == 1
    assert run(project, *INSPECT, SITE, "--results=other", *NEW).ret == 0
    with open_history(read_only=True) as known:
        assert len(known.inspections(ALPHA)) == 2 and len(known.first_seen(ALPHA)) == 2
    assert not (project.path / faked.HISTORY).exists()


PARTIAL = {
    "some rules": (("-k", "faulty"), {"faulty.1"}),
    "stopped early": (("-x",), {"look.1", "faulty.1"}),
}


@pytest.mark.parametrize("arguments, rules", PARTIAL.values(), ids=PARTIAL)
def test_what_is_not_whole_is_partial(pytester, monkeypatch, arguments, rules):
    faked.set_up(pytester, monkeypatch, every={"faulty": ("deduction", {"faults": 2}), "look": ("veto", {"check": "look"})})
    (pytester.path / "own_checks" / "look.py").write_text(LOOK, encoding="utf-8")
    run(pytester, *INSPECT, SITE, *arguments)
    kept, = inspections(pytester)
    assert kept.partial and {row.rule for row in kept.rows} == rules


def test_judging_again_makes_no_visits(project):
    run(project, *INSPECT, SITE)
    (project.path / faked.HISTORY).unlink()
    run(project, "--rejudge=govsite-results", "--results=again", "--edition=every.toml", "own_checks")
    assert visits(project) == () and len(inspections(project)) == 1
    with history(project) as known:
        assert known.first_seen(ALPHA) == {}


def test_an_embedded_site_leaves_its_ledger_alone(project):
    run(project, *INSPECT, "--site=demo-clean")
    assert visits(project, "demo-clean") == () and len(inspections(project, "demo-clean")) == 1


def test_an_inspection_in_a_clone_reaches_the_history_of_the_user(tmp_path):
    """The tests of the clone, which pytest reads as well, have a history of their own."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--site=demo-clean", "-k", "attested", f"--results={tmp_path / 'r'}"]
    place = tmp_path / faked.HISTORY
    done = subprocess.run(command, cwd=faked.ROOT, env=os.environ | {"GOVSITE_HISTORY": str(place)}, capture_output=True, timeout=100)
    assert done.returncode == 0, done.stdout
    with open_history(place, read_only=True) as known:
        assert [one.site for one in known.inspections()] == ["demo-clean"]


def test_what_an_earlier_run_finished_is_not_remembered_again(project):
    run(project, *INSPECT, SITE)
    run(project, *INSPECT, SITE, f"--site={BETA}", "--resume")
    assert [len(inspections(project, site)) for site in (ALPHA, BETA)] == [1, 1]


# what cannot be written

HARMED = {
    "no database": lambda path: path.write_text("这不是数据库" * 200),
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("harm", HARMED.values(), ids=HARMED)
def test_a_history_that_cannot_be_written_costs_one_sentence(project, harm):
    whole = run(project, *INSPECT, SITE, "--results=whole")
    harm(project.path / "broken.sqlite3")
    result = run(project, *INSPECT, SITE, "--history=broken.sqlite3")
    told = [line for line in result.outlines if "历史" in line]
    assert len(told) == 1 and "broken.sqlite3" in told[0]
    assert result.ret == whole.ret == 1 and "Traceback" not in result.stdout.str()
    again, before = rows(project), rows(project, "whole")
    assert {name: row["outcome"] for name, row in again.items()} == {name: row["outcome"] for name, row in before.items()}
    assert cards(project).keys() == cards(project, "whole").keys()


# endings


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL and no process groups")
@pytest.mark.parametrize(("blow", "kept"), [(signal.SIGINT, [False]), (signal.SIGKILL, [])], ids=["Ctrl-C", "kill -9"])
def test_an_end_halfway_leaves_whole_things(project, blow, kept):
    """The visits of the site that was through, its ledger only where somebody could still write it; nothing half done."""
    process = faked.start(project, *INSPECT, SITE, "--site=endless.gov.cn")
    os.killpg(process.pid, blow)
    process.wait(60)
    assert len(visits(project)) == 2 and visits(project, "endless.gov.cn") == ()
    assert [one.partial for one in inspections(project, ALPHA)] == kept
    assert inspections(project, "endless.gov.cn") == ()


# compared with what was before


def faultier(project):
    """The arguments by which the same table finds one fault more; tables are read once, so that this is a file of its own."""
    (project.mkdir("newer") / "every.toml").write_text(faked.edition("every", FAULTIER), encoding="utf-8")
    return [argument.replace("every.toml", "newer/every.toml") for argument in INSPECT]


def test_the_gate_new_compares_with_the_last_complete_inspection(project):
    """Whatever the results folder holds: the history decides."""
    run(project, *INSPECT, SITE)
    run(project, *INSPECT, SITE, "--results=some", "-k", "look")
    assert run(project, *INSPECT, SITE, "--results=some", *NEW).ret == 0, "what is partial is no baseline"
    more = faultier(project)
    assert run(project, *more, SITE, "--results=some", *NEW).ret == 1
    assert run(project, *more, SITE, "--results=other", *NEW).ret == 0, "by now it is known"


def test_a_site_that_the_history_lacks_is_compared_with_the_ledger(project):
    run(project, *INSPECT, SITE, f"--site={BETA}")
    shutil.move(project.path / faked.HISTORY, project.path / "aside")
    run(project, *INSPECT, SITE, "--results=other")
    assert run(project, *INSPECT, SITE, f"--site={BETA}", *NEW).ret == 0
    assert run(project, *faultier(project), f"--site={BETA}", *NEW).ret == 1


def test_without_any_baseline_nothing_is_inspected(project):
    result = run(project, *INSPECT, SITE, *NEW)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --baseline：历史库 *history.sqlite3 里没有*"])
    assert not (project.path / "govsite-results").exists() and not (project.path / faked.HISTORY).exists()


def test_a_baseline_that_cannot_be_read_is_refused(project):
    HARMED["no database"](project.path / faked.HISTORY)
    result = run(project, *INSPECT, SITE, *NEW)
    assert result.ret == pytest.ExitCode.USAGE_ERROR and "Traceback" not in result.stderr.str()
    result.stderr.fnmatch_lines(["ERROR: --baseline：*history.sqlite3*"])
