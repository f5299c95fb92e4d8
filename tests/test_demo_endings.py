"""Inspections of the demo that do not end as meant: whatever dies, no row is lost, and nothing is left running."""
import json
import os
import signal
import time

import psutil
import pytest
from demo_runs import BRIEF, PAGES, SECONDS, SOME, Running, is_planted, name_of, whole

pytestmark = pytest.mark.timeout(480)


def test_a_dead_chromium_loses_no_row(tmp_path):
    running = Running(tmp_path / "results", "--site=demo", BRIEF, "-k", " or ".join(PAGES))
    browsers = running.wait_for(lambda: running.children("chrom"))
    for browser in browsers:
        browser.kill()
    assert running.end() == 1
    by_rule = whole(tmp_path / "results", words=PAGES)
    assert all(row["reason"] for row in by_rule.values() if row["outcome"] == "undetermined")
    faults = [row for row in by_rule.values() if row["part"] != "bonus"]
    guilty = {(row["rule"], finding["what"]) for row in faults for finding in row["findings"]}
    assert [pair for pair in guilty if not is_planted(*pair)] == []


def test_a_dead_worker_loses_no_row(tmp_path):
    running = Running(tmp_path / "results", "--site=demo", "-n", "2", *SOME)
    running.wait_for(lambda: running.children("chrom"))
    busy = [child for child in psutil.Process(running.process.pid).children() if any("chrom" in name_of(c) for c in child.children(recursive=True))]
    busy[0].send_signal(signal.SIGKILL)
    assert running.end() == 1
    by_rule = whole(tmp_path / "results")
    assert by_rule["links.1"]["outcome"] == "deduct"


@pytest.mark.parametrize("moment", ["early", "late"])
def test_ctrl_c_leaves_complete_files_and_no_process(tmp_path, moment):
    running = Running(tmp_path / "results", "--site=demo", *SOME)
    running.wait_for(lambda: running.children("chrom"))
    if moment == "late":
        running.wait_for(lambda: (tmp_path / "results/sites/demo/evidence/home.json").exists())
    running.remember()
    began = time.monotonic()
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(SECONDS) == 2
    assert time.monotonic() - began < 20
    psutil.wait_procs(running.left, timeout=5)
    assert running.left == []
    by_rule = whole(tmp_path / "results")
    assert any(row["reason"] == "not reached" for row in by_rule.values())
    assert json.loads((tmp_path / "results/scorecards.json").read_text("utf-8"))[0]["verdict"] == "待定"


def test_kill_9_leaves_the_whole_plan(tmp_path):
    running = Running(tmp_path / "results", "--site=demo", *SOME)
    running.wait_for(lambda: running.children("chrom"))
    running.remember()
    os.kill(running.process.pid, signal.SIGKILL)
    running.process.wait(10)
    whole(tmp_path / "results")
    psutil.wait_procs(running.left, timeout=10)
    assert running.left == [], "the driver and its browsers go when the process goes"
