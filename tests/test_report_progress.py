"""Progress: which lines come when, and that they come through while pytest captures."""
from pathlib import Path

import pytest
import reported
from faked import SPARE

import pytest_govsite
from pytest_govsite.model.evidence import KINDS
from pytest_govsite.report import wording
from pytest_govsite.report.progress import PAUSE_LOG, Progress, roughly

pytest_plugins = ("pytester",)

HOME = str(Path(pytest_govsite.__file__).parents[1])


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lines():
    return []


@pytest.fixture
def progress(lines, clock):
    return Progress(lines.append, tty=False, clock=clock)


def test_it_tells_which_evidence_of_which_site_is_being_gathered(progress, lines, clock):
    progress.event("xuanhan", "home", "start", 0.0)
    clock.now += PAUSE_LOG
    progress.event("xuanhan", "links", "start", 0.0)
    clock.now += PAUSE_LOG
    progress.event("xuanhan", "home", "done", 2.14)
    assert lines == [
        "xuanhan：正在查看 首页", "xuanhan：正在查看 首页、链接", "xuanhan：首页完成（2.1 秒）；正在查看 链接",
    ]


def test_lines_come_at_a_bounded_rate(progress, lines, clock):
    for step in range(1000):
        clock.now = step * PAUSE_LOG / 100
        progress.event("a", "home", "start", 0.0)
        progress.event("a", "home", "done", 1.0)
    assert len(lines) == 10


def test_every_new_site_is_told_at_once(progress, lines):
    for site in ("a", "b"):
        progress.event(site, "home", "start", 0.0)
        progress.event(site, "links", "start", 0.0)
    assert lines == ["a：正在查看 首页", "b：正在查看 首页"]


def test_what_could_not_be_had_is_always_told(progress, lines):
    progress.event("a", "home", "start", 0.0)
    progress.event("a", "home", "missing", 15.0)
    assert lines[-1] == "a：首页未取得（15.0 秒）"


def test_it_tells_how_far_it_is(progress, lines, clock):
    others = [reported.row("home-stale.1", "pass", site="b")]
    progress.expect([*reported.ROWS, *others])
    clock.now += PAUSE_LOG
    for row in reported.ROWS:
        progress.row(row)
    progress.row(others[0])
    count = len(reported.ROWS)
    assert lines == [
        f"xuanhan：已有结果 1/{count} 条", f"xuanhan：{count} 条规则全部有了结果；网站 1/2，待查 1，有否决 1，约还需 10 秒",
        "b：1 条规则全部有了结果；网站 2/2，有否决 1",
    ]


def test_it_tells_how_far_the_sweep_is(progress, lines, clock):
    """Of evidence that other processes gather nothing is heard but which sites they have taken."""
    progress.expect([reported.row("home-stale.1", "pass", site=f"s{number}") for number in range(10)])
    clock.now += PAUSE_LOG
    for site in ("s0", "s1", "s2"):
        progress.event(site, "", "taken", 0.0)
    clock.now += 300
    progress.row(reported.row("home-stale.1", "veto", site="s0"))
    clock.now += 300
    progress.event("s3", "", "taken", 0.0)
    assert lines == [
        "网站 0/10，在查 1，待查 9", "s0：1 条规则全部有了结果；网站 1/10，在查 2，待查 7，有否决 1，约还需 45 分钟",
        "网站 1/10，在查 3，待查 6，有否决 1，约还需 90 分钟",
    ]


TIMES = {3: " 10 秒", 44: " 40 秒", 130: " 2 分钟", 5900: " 98 分钟", 9000: " 2.5 小时"}


@pytest.mark.parametrize(("seconds", "words"), TIMES.items())
def test_the_rest_in_round_numbers(seconds, words):
    assert roughly(seconds) == words


def test_why_a_site_waits_is_told_once(progress, lines):
    for _ in range(3):
        progress.event("a", "", "waiting", 0.0)
    assert lines == ["a：同一地址上正在检查别的网站，依次等候"]


def test_nothing_is_said_after_the_end(progress, lines):
    progress.close()
    progress.event("a", "home", "missing", 1.0)
    progress.row(reported.ROWS[0])
    assert lines == []


CONFTEST = """
import threading
from pytest_govsite.report.progress import line_writer

def pytest_configure(config):
    config.write_line = line_writer(config)
"""
TESTS = """
import threading

def test_quiet(): pass

def test_captured(request):
    print("swallowed")
    thread = threading.Thread(target=request.config.write_line, args=("甲：正在查看 首页",))
    thread.start()
    thread.join()

def test_after(): pass
"""


@pytest.mark.parametrize("arguments", [(), ("-v",), ("-s",)], ids=lambda each: " ".join(each) or "plain")
def test_a_line_comes_through_while_a_test_is_captured(pytester, monkeypatch, arguments):
    monkeypatch.setenv("PYTHONPATH", HOME)
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess(*SPARE, *arguments)
    result.assert_outcomes(passed=3)
    assert result.outlines.count("甲：正在查看 首页") == 1
    assert ("swallowed" in result.stdout.str()) == ("-s" in arguments)


def test_without_a_terminal_reporter_it_is_silent(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", HOME)
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    assert pytester.runpytest_subprocess(*SPARE, "-p", "no:terminal").ret == 0


def test_every_kind_of_evidence_has_a_name_for_people():
    assert wording.KINDS.keys() == KINDS.keys()
