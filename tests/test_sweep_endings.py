"""Sweeps that do not end as meant: time limits, signals, killed processes. No row is lost, nothing is left running."""
import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import date

import faked
import psutil
import pytest
from faked import INSPECT, cards, rows, run_apart

from pytest_govsite.gather import collector as collecting
from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.offspring import Offspring, die_with_parent
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.evidence import Home
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import Header, Mark, Marks, Page
from pytest_govsite.model.site import Site
from pytest_govsite.options import Request
from pytest_govsite.patience import Patience
from pytest_govsite.planning import settings_of
from pytest_govsite.shortening import TooLong, cut_short

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(300)
posix = pytest.mark.skipif(os.name != "posix", reason="this system has no such signals")
linux = pytest.mark.skipif(not os.path.exists("/proc"), reason="only Linux ends programs with the process that started them")

ALPHA, BETA, ENDLESS = (f"--site={name}.gov.cn" for name in ("alpha", "beta", "endless"))

# what never comes to an end, and in a way that no alarm reaches
HANG = '''
import signal, time
from pytest_govsite import Finding, Home, check


@check("hang")
def check_hang(home: Home, *, deaf: bool = False):
    """It never comes to an end, on one site."""
    if "hanging" in home.page.url:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM} if deaf else set())
        while True:
            time.sleep(600 if deaf else 0.01)
    yield from ()
'''
QUICKLY = """
from pytest_govsite import distributing, overdue, running
distributing.GRACE_SECONDS = 0
overdue.LOOK_SECONDS = 0.2
running.CHECK_SECONDS = {seconds}
"""


def set_up(pytester, monkeypatch, deaf: bool, seconds: float):
    hang = ("deduction", {"check": "hang", "deaf": deaf})
    items = {"before": ("deduction", {"faults": 1}), "hang": hang, "after": ("deduction", {"faults": 2})}
    faked.set_up(pytester, monkeypatch, every=items)
    (pytester.path / "own_checks" / "hang.py").write_text(HANG, encoding="utf-8")
    conftest = pytester.path / "conftest.py"
    conftest.write_text(QUICKLY.format(seconds=seconds) + conftest.read_text(encoding="utf-8"), encoding="utf-8")


def reasons(found: dict, site: str) -> list[str | None]:
    return [found[f"{site}.gov.cn/every/{rule}.1"]["reason"] for rule in ("before", "hang", "after")]


@posix
def test_a_worker_that_hangs_is_killed_and_the_sweep_goes_on(pytester, monkeypatch):
    set_up(pytester, monkeypatch, deaf=True, seconds=600)
    options = ("--govsite-site-seconds=15", "--alluredir=allure", "-n2")
    result = run_apart(pytester, *INSPECT, "--site=hanging.gov.cn", ALPHA, BETA, "--site=gamma.gov.cn", "--site=delta.gov.cn", *options, timeout=240)
    found = rows(pytester)
    assert len(found) == 15 and result.ret == 1
    assert found["hanging.gov.cn/every/before.1"]["outcome"] == "deduct", "what was found stays"
    assert all("超过时限" in reason for reason in reasons(found, "hanging")[1:])
    assert {found[f"hanging.gov.cn/every/{rule}.1"]["blame"] for rule in ("hang", "after")} == {"tool"}
    assert [reasons(found, site) for site in ("alpha", "beta", "gamma", "delta")] == [[None] * 3] * 4
    assert len(list((pytester.path / "allure").glob("*-result.json"))) == 15, "lost rows reach Allure, too"


@posix
def test_a_check_that_hangs_is_cut_short_where_one_process_does_all(pytester, monkeypatch):
    set_up(pytester, monkeypatch, deaf=False, seconds=1)
    run_apart(pytester, *INSPECT, "--site=hanging.gov.cn", ALPHA)
    found = rows(pytester)
    assert reasons(found, "alpha") == [None] * 3 and reasons(found, "hanging")[::2] == [None] * 2
    assert "已中止" in found["hanging.gov.cn/every/hang.1"]["reason"]
    assert found["hanging.gov.cn/every/hang.1"]["blame"] == "tool"


@posix
@pytest.mark.timeout(60, method="thread")
def test_a_regular_expression_is_cut_short():
    with pytest.raises(TooLong), cut_short(0.3):
        re.fullmatch(r"(a+)+b", "a" * 64)


@posix
@pytest.mark.timeout(60, method="thread")
def test_an_alarm_clock_that_somebody_else_uses_is_left_alone():
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    try:
        with cut_short(0.05):
            assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    finally:
        signal.signal(signal.SIGALRM, before)


# signals

ASKED = {"Ctrl-C": signal.SIGINT, "SIGTERM": signal.SIGTERM, "hang-up": getattr(signal, "SIGHUP", None)}


@posix
@pytest.mark.parametrize(("way", "everybody", "workers"), [
    ("SIGTERM", False, "-n0"), ("hang-up", True, "-n0"), ("Ctrl-C", False, "-n4"), ("SIGTERM", True, "-n2"),
])
def test_a_run_that_is_asked_to_end_ends_in_seconds_with_complete_files(pytester, monkeypatch, way, everybody, workers):
    faked.set_up(pytester, monkeypatch)
    process = faked.start(pytester, *INSPECT, ALPHA, ENDLESS, "--site=omega.gov.cn", workers)
    family = psutil.Process(process.pid).children(recursive=True)
    (os.killpg if everybody else os.kill)(process.pid, ASKED[way])
    assert process.wait(100) == 2
    _, left = psutil.wait_procs(family, timeout=20)
    assert left == []
    found = rows(pytester)
    assert len(found) == 3 * len(faked.EVERY)
    assert found["endless.gov.cn/every/faulty.1"]["reason"] == "not reached"
    assert set(cards(pytester)) == {f"{site}.gov.cn/every" for site in ("alpha", "endless", "omega")}


@posix
def test_workers_end_when_their_controller_is_killed(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch)
    process = faked.start(pytester, *INSPECT, ALPHA, ENDLESS, "-n2")
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait(10)
    _, left = psutil.wait_procs(family, timeout=60)
    assert left == [] and len(rows(pytester)) == 2 * len(faked.EVERY)


# the time of a site

PAGE = Page("http://a.cn/", "http://a.cn/", "home", 200, "首页", (), Marks(*[Mark("shown")] * 6), None, Header())


def busy(session):
    """A reader that never comes to an end, in the only thread that gathers."""
    while True:
        pass


async def endless(session):
    await asyncio.Event().wait()


async def looping(session):
    busy(session)


async def quick(session):
    return Home(PAGE)


@pytest.fixture
def gathering(tmp_path, monkeypatch):
    """A collector of three kinds of evidence that need no browser, at an address that nobody is asked."""
    monkeypatch.setenv("GOVSITE_SLOTS", str(tmp_path / "slots"))
    for name, gatherer in (("home", quick), ("links", endless), ("search", looping), ("columns", endless)):
        monkeypatch.setitem(collecting.GATHERERS, name, gatherer)
    short, long = (Settings(date(2026, 11, 20), site_deadline=seconds, nameserver="127.0.0.1:9") for seconds in (1.0, 200.0))
    made = Collector(lambda site: short if site == at(1) else long, tmp_path, stuck_seconds=3.0)
    yield made
    made.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "govsite-collector" and thread.is_alive()]


def at(number: int) -> Site:
    return Site(f"s{number}", f"http://127.0.0.{number}/")


def test_all_evidence_of_a_site_shares_its_time(gathering):
    late = [gathering.want(at(1), kind) for kind in ("links", "columns")]
    found = [one.result(100) for one in late]
    assert [one.reason for one in found] == [Reason.DEADLINE] * 2
    later = gathering.want(at(1), "home").result(100)
    assert isinstance(later, Missing) and later.reason is Reason.DEADLINE, "its time is over"
    assert isinstance(gathering.want(at(2), "home").result(100), Home), "the next site has a time of its own"


def test_a_reader_that_never_ends_is_cut_off_and_the_others_go_on(gathering):
    stuck, other = gathering.want(at(2), "search"), gathering.want(at(3), "home")
    found = stuck.result(100)
    assert isinstance(found, Missing) and found.blame == "tool"
    assert isinstance(other.result(100), Home)


def test_closing_does_not_wait_for_a_reader_that_never_ends(tmp_path, monkeypatch):
    monkeypatch.setenv("GOVSITE_SLOTS", str(tmp_path / "slots"))
    monkeypatch.setitem(collecting.GATHERERS, "search", looping)
    made = Collector(Settings(date(2026, 11, 20), nameserver="127.0.0.1:9"), tmp_path, stuck_seconds=600)
    wanted = made.want(at(1), "search")
    began = time.monotonic()
    made.close()
    assert time.monotonic() - began < 100 and wanted.done()


TIMES = {  # what is asked for: seconds of a site, of a crawl; what they are then
    "nothing": (None, None, 600, 240),
    "a short time": (120, None, 120, 48),
    "a long time": (3000, None, 3000, 240),
    "a long search": (None, 900, 1260, 900),
    "both": (1000, 900, 1000, 900),
}


@pytest.mark.parametrize(("site", "crawl", "whole", "search"), TIMES.values(), ids=TIMES)
def test_the_time_of_a_site_and_of_the_search_in_it(site, crawl, whole, search):
    settings = settings_of(Request(site_seconds=site, crawl_seconds=crawl))
    assert (settings.site_deadline, settings.crawl_seconds) == (whole, search)


# patience and offspring

def test_patience_with_a_site_that_waits_for_its_turn(tmp_path):
    now = 100.0
    worker, controller = (Patience(60, tmp_path, lambda: now) for _ in range(2))
    now = 150.0
    assert controller.left("a", 100.0) == 10
    worker.hear("a", "", "waiting", 0.0)
    worker.hear("b", "home", "done", 1.0)
    assert controller.left("a", 100.0) == worker.left("a", 100.0) == 60
    assert controller.left("b", 100.0) == 10


CHILD = """
import subprocess, sys, time
from pytest_govsite.gather.offspring import die_with_parent
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], preexec_fn=die_with_parent)
print(child.pid, flush=True)
time.sleep(600)
"""


@linux
def test_a_program_of_ours_goes_when_we_are_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True, cwd=faked.ROOT)
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    _, left = psutil.wait_procs([child], timeout=5)
    assert left == []


ENGINES = """
import asyncio
from datetime import date
from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.installed import find_chromium, find_firefox, find_webkit_gtk
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.webkitgtk import running

async def main():
    browsers, settings = Browsers(), Settings(date(2026, 11, 20))
    for name in ["chromium"] * bool(find_chromium()) + ["firefox"] * bool(find_firefox()):
        context = browsers.context(name, "socks5://127.0.0.1:9", settings)
        await (await context.__aenter__()).new_page()
    if gtk := find_webkit_gtk():
        webkit = running(gtk, "socks5://127.0.0.1:9", trust_all=False, deadline=5)
        await asyncio.to_thread(webkit.__enter__)
    print("ready", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
KILLED = {"the process": os.kill, "its whole group": getattr(os, "killpg", None)}


@linux
@pytest.mark.parametrize("kill", KILLED.values(), ids=KILLED)
def test_no_browser_no_driver_and_no_screen_outlives_a_killed_process(kill, monkeypatch):
    """Of every engine that this machine has. In a group that is killed the driver has no time to end its browsers."""
    monkeypatch.setenv("PYTHONPATH", str(faked.ROOT))
    process = subprocess.Popen([sys.executable, "-c", ENGINES], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout.readline() == "ready\n"
    family = psutil.Process(process.pid).children(recursive=True)
    kill(process.pid, signal.SIGKILL)
    process.wait(10)
    _, left = psutil.wait_procs(family, timeout=60)
    assert left == []


def test_programs_end_with_their_collector():
    family = Offspring()
    sleeping = [sys.executable, "-c", "import time; time.sleep(600)"]
    first = subprocess.Popen(sleeping, preexec_fn=die_with_parent)
    family.add(first)
    family.kill()
    late = subprocess.Popen(sleeping)
    family.add(late)
    assert first.wait(10) and late.wait(10), "also the one that came too late"
