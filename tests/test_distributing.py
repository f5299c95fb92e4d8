"""Several processes: the scheduler alone with pretended workers, then real workers that die."""
import os
import signal
from types import SimpleNamespace

import faked
import pytest
from faked import INSPECT, cards, log, rows, run_apart

from pytest_govsite.distributing import GIVEN_UP, HELD, RESTARTS, SiteScheduling, platform_of, spread
from pytest_govsite.ledger import read_rows
from pytest_govsite.model.site import Site

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(200)
posix = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL and no process groups")


class Worker:
    """What the scheduler sees of a worker."""

    def __init__(self, deaf=False):
        self.sent: list[int] = []
        self.shutting_down = False
        self._deaf = deaf

    def send_runtest_some(self, indices):
        if self._deaf:
            raise OSError("cannot send")
        self.sent += indices

    def shutdown(self):
        self.shutting_down = True


class Scene:
    """A scheduler with workers that have collected `sites` sites of as many items as there are letters in `rules`."""

    def __init__(self, sites: int, *workers: Worker, rules="ab", odd=()):
        self.items = [f"x.py::s{site}/e/{rule}" for site in range(sites) for rule in rules]
        self.told: list[str] = []
        hook = SimpleNamespace(pytest_collectreport=lambda report: self.told.append(report.longrepr))
        self.scheduling = SiteScheduling(
            SimpleNamespace(hook=hook), len(workers), lambda nodeid: nodeid.split("::")[1][:2],
            lambda node, nodeids, why: self.told.extend(nodeids),
        )
        for worker in workers:
            self.collect(worker, [] if worker in odd else self.items)
        self.scheduling.schedule()

    def collect(self, worker, items):
        self.scheduling.add_node(worker)
        self.scheduling.add_node_collection(worker, items)

    def join(self) -> Worker:
        """A worker in the place of a dead one."""
        self.collect(worker := Worker(), self.items)
        self.scheduling.schedule()
        return worker

    def finish(self, worker, count=1000):
        """The worker runs what it was sent, or the first `count` of it."""
        for _ in range(count):
            if worker.sent:
                self.scheduling.mark_test_complete(worker, worker.sent.pop(0))


def test_sites_go_to_workers_in_turn_and_whole():
    first, second = Worker(), Worker()
    Scene(3, first, second)
    assert (first.sent, second.sent) == ([0, 1, 4, 5], [2, 3])
    assert first.shutting_down and second.shutting_down, "nothing more will come: nobody sits on a last item"


def test_a_worker_holds_a_few_sites_ahead():
    scene = Scene(HELD + 2, worker := Worker())
    assert len(worker.sent) == 2 * HELD and not worker.shutting_down
    scene.finish(worker, 2)
    assert len(worker.sent) == 2 * HELD, "the next site came as soon as one was done"
    scene.finish(worker)
    assert worker.shutting_down and scene.scheduling.tests_finished


def test_more_workers_than_sites():
    busy, idle = Worker(), Worker()
    Scene(1, busy, idle)
    assert busy.sent == [0, 1] and idle.sent == [] and idle.shutting_down


def test_what_a_dead_worker_left_goes_to_its_successor():
    scene = Scene(3, worker := Worker())
    scene.finish(worker, 1)
    assert scene.scheduling.remove_node(worker) == scene.items[1], "the item during which it died is not tried again"
    assert not scene.scheduling.tests_finished
    heir = scene.join()
    assert heir.sent == [2, 3, 4, 5]
    scene.finish(heir)
    assert scene.scheduling.tests_finished and scene.told == []


def test_what_a_dead_worker_left_goes_to_a_living_one_with_room():
    dying, living = Worker(), Worker()
    scene = Scene(2 * HELD + 1, dying, living)
    scene.scheduling.remove_node(dying)
    scene.finish(living)
    assert scene.scheduling.tests_finished


def test_the_second_crash_on_a_site_gives_the_rest_of_it_up():
    scene = Scene(2, worker := Worker(), rules="abcd")
    assert scene.scheduling.remove_node(worker) == "x.py::s0/e/a"
    second = scene.join()
    assert second.sent == [1, 2, 3, 4, 5, 6, 7]
    assert scene.scheduling.remove_node(second) == "x.py::s0/e/b"
    assert scene.told == ["x.py::s0/e/c", "x.py::s0/e/d"]
    assert scene.join().sent == [4, 5, 6, 7]


def test_a_site_that_takes_too_long_is_given_up_at_once():
    scene = Scene(2, worker := Worker(), rules="abcd")
    scene.finish(worker, 1)
    assert scene.scheduling.work_of()[worker][0] == "s0"
    scene.scheduling.end("s0")
    assert scene.scheduling.remove_node(worker) is None, "its item is given up with the others"
    assert scene.told == ["x.py::s0/e/b", "x.py::s0/e/c", "x.py::s0/e/d"]
    assert scene.join().sent == [4, 5, 6, 7]


def test_the_time_of_a_site_begins_when_the_one_before_is_done():
    scene = Scene(2, worker := Worker())
    first = scene.scheduling.work_of()[worker]
    scene.finish(worker, 1)
    assert scene.scheduling.work_of()[worker] == first
    scene.finish(worker, 1)
    unit, since = scene.scheduling.work_of()[worker]
    assert unit == "s1" and since > first[1]
    scene.finish(worker)
    assert scene.scheduling.work_of() == {}


PLATFORMS = {
    "nobody shares": ("abcd", {}, "abcd"),
    "all share": ("abcd", dict.fromkeys("abcd", "p"), "abcd"),
    "two groups": (
        ["p1", "p2", "q1", "q2", "a"], {"p1": "p", "p2": "p", "q1": "q", "q2": "q"}, ["p1", "q1", "a", "p2", "q2"],
    ),
    "few among many": (["p1", "p2", *"abcdefgh"], {"p1": "p", "p2": "p"}, [*"ab", "p1", *"cdef", "p2", *"gh"]),
}


@pytest.mark.parametrize(("units", "groups", "expected"), PLATFORMS.values(), ids=PLATFORMS)
def test_sites_of_one_platform_are_spread_apart(units, groups, expected):
    assert spread(units, lambda unit: groups.get(unit, unit)) == list(expected)


HOSTS = {
    "http://www.xuanhan.gov.cn/": "xuanhan.gov.cn", "http://jyj.dazhou.gov.cn/": "dazhou.gov.cn", "http://127.0.0.1:80/": "127.0.0.1",
    "http://a.b.dazhou.gov.cn/": "dazhou.gov.cn",
}


@pytest.mark.parametrize(("url", "expected"), HOSTS.items())
def test_what_is_probably_one_platform(url, expected):
    assert platform_of(Site("a", url)) == expected
    assert platform_of(Site("a", url, platform="集约化平台")) == "集约化平台"


def test_a_worker_that_ends_in_peace_leaves_nothing():
    scene = Scene(1, worker := Worker())
    scene.finish(worker)
    assert scene.scheduling.remove_node(worker) is None
    assert scene.scheduling.tests_finished


def test_a_worker_that_hears_no_more_gets_nothing():
    deaf, living = Worker(deaf=True), Worker()
    scene = Scene(2, deaf, living)
    assert sorted(living.sent) == [0, 1, 2, 3]
    assert scene.scheduling.remove_node(deaf) is None


def test_workers_that_collected_different_items_get_nothing():
    one, other = Worker(), Worker()
    scene = Scene(2, one, other, odd=[other])
    assert one.sent == other.sent == [] and one.shutting_down and other.shutting_down
    assert "different items" in scene.told[0]


def test_a_late_worker_that_collected_something_else_gets_nothing():
    scene = Scene(1, worker := Worker())
    scene.scheduling.remove_node(worker)
    scene.items = scene.items[:1]
    assert scene.join().sent == []


def test_an_item_may_be_tried_again():
    scene = Scene(1, worker := Worker())
    scene.scheduling.remove_node(worker)
    scene.scheduling.mark_test_pending(scene.items[0])
    assert scene.join().sent == [0, 1]


def test_workers_that_die_before_they_begin_end_the_run():
    scene = Scene(1, Worker())
    for _ in range(RESTARTS):
        with pytest.raises(KeyError):
            scene.scheduling.remove_node(Worker())
    with pytest.raises(pytest.exit.Exception, match="一启动就退出"):
        scene.scheduling.remove_node(Worker())


# real workers

ALPHA, BETA, GAMMA = (f"--site={name}.gov.cn" for name in ("alpha", "beta", "gamma"))


def test_two_workers_write_one_ledger(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch)
    result = run_apart(pytester, *INSPECT, ALPHA, BETA, GAMMA, "-n2")
    found = rows(pytester)
    assert len(found) == 3 * len(faked.EVERY)
    assert not [row for row in found.values() if row["reason"] == "not reached"]
    assert result.ret == 1 and set(cards(pytester)) == {f"{site}.gov.cn/every" for site in ("alpha", "beta", "gamma")}
    events = log(pytester, "gathered.log")
    wanted = {words[2]: words[0] for words in events if words[1] == "want"}
    assert len(set(wanted.values())) == 2, "both worked"
    assert [words[1:3] for words in events].count(["want", "alpha.gov.cn"]) == 1
    holder = wanted["alpha.gov.cn"]
    order = [["ahead", "gamma.gov.cn"], ["finish", "alpha.gov.cn"]]
    mine = [words[1:3] for words in events if words[0] == holder]
    assert [event for event in mine if event in order] == order, "sites overlap within a worker"


@posix
def test_a_killed_worker_loses_one_row(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch, every={
        "before": ("deduction", {"faults": 1}), "deadly": ("deduction", {"says": "kill once"}),
        "after": ("deduction", {"faults": 2}), "person": ("deduction", {"check": "attested"}),
    })
    result = run_apart(pytester, *INSPECT, ALPHA, BETA, GAMMA, "-n2", "--alluredir=allure")
    found = rows(pytester)
    lost = {name: row for name, row in found.items() if row["blame"] == "tool"}
    assert len(found) == 12 and len(lost) == 1 and result.ret == 1
    (name, row), = lost.items()
    assert name.endswith("/every/deadly.1") and "中途退出" in row["reason"]
    site = name.partition("/")[0]
    wanted = [words for words in log(pytester, "gathered.log") if words[1:3] == ["want", site]]
    assert len(wanted) == 1, "what the dead worker had gathered was not gathered again"
    assert len(list((pytester.path / "allure").glob("*-result.json"))) == 12


@posix
@pytest.mark.parametrize("workers", [1, 2])
def test_a_site_that_always_kills_its_worker_is_given_up(pytester, monkeypatch, workers):
    kill = ("deduction", {"says": "kill"})
    deadly = {"before": ("deduction", {"faults": 1}), "one": kill, "two": kill, "three": kill}
    deadly |= {"person": ("deduction", {"check": "attested"})}
    faked.set_up(pytester, monkeypatch, every={"fine": ("deduction", {})}, deadly=deadly)
    three = [faked.site(*each) for each in (("alpha", "511722"), ("killer", "511723"), ("omega", "511724"))]
    (pytester.path / "sites.toml").write_text("".join(three), encoding="utf-8")
    tables = ("--site=alpha", "--site=omega", "--site=killer", "--edition=every.toml", "--edition=deadly.toml")
    chosen = (f"--as-of={faked.AS_OF}", "own_checks", *tables, "-k", "fine or killer")
    result = run_apart(pytester, *chosen, f"-n{workers}")
    found = rows(pytester)
    assert {name: row["outcome"] for name, row in found.items() if "/every/" in name} == {
        f"{site}/every/fine.1": "pass" for site in ("alpha", "killer", "omega")
    }
    killer = {name.split("/")[2]: row for name, row in found.items() if "/deadly/" in name}
    assert killer["before.1"]["outcome"] == "deduct"
    assert "中途退出" in killer["one.1"]["reason"] and "中途退出" in killer["two.1"]["reason"]
    assert killer["three.1"]["reason"] == killer["person.1"]["reason"] == GIVEN_UP
    assert {row["blame"] for name, row in killer.items() if name != "before.1"} == {"tool"}
    assert result.ret == 1


def test_an_interrupted_worker_ends_the_run(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch)
    result = run_apart(pytester, *INSPECT, "--site=interrupted.gov.cn", ALPHA, "-n1")
    found = rows(pytester)
    assert result.ret == 2 and len(found) == 2 * len(faked.EVERY)
    assert {row["blame"] for row in found.values()} == {"tool"}


@posix
@pytest.mark.parametrize("workers", ["-n0", "-n2"])
def test_ctrl_c_leaves_a_complete_ledger(pytester, monkeypatch, workers):
    faked.set_up(pytester, monkeypatch)
    process = faked.start(pytester, *INSPECT, ALPHA, "--site=endless.gov.cn", "--site=omega.gov.cn", workers)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(60) == 2
    found = rows(pytester)
    assert len(found) == 3 * len(faked.EVERY)
    assert found["endless.gov.cn/every/faulty.1"]["reason"] == "not reached"
    assert set(cards(pytester)) == {f"{site}.gov.cn/every" for site in ("alpha", "endless", "omega")}


@posix
def test_kill_9_leaves_a_complete_ledger(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch)
    process = faked.start(pytester, *INSPECT, ALPHA, "--site=endless.gov.cn")
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    assert len(rows(pytester)) == 2 * len(faked.EVERY), "the file itself is complete"
    found = {(row.site, row.rule): row for row in read_rows(pytester.path / "govsite-results")}
    assert found["alpha.gov.cn", "faulty.1"].outcome == "deduct", "and what had been found is not lost"
    assert found["endless.gov.cn", "faulty.1"].reason == "not reached"


def test_wrong_use_is_refused_before_workers_start(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch)
    result = run_apart(pytester, "--site=alpha.gov.cn", "--edition=gb1999", "own_checks", "-n2")
    assert result.ret == 4 and "gb1999" in result.stderr.str()
    assert "workers" not in result.stdout.str()


def test_a_machine_without_browser_says_so_with_workers_too(pytester, monkeypatch):
    faked.set_up(pytester, monkeypatch)
    (pytester.path / "no-browser").touch()
    result = run_apart(pytester, *INSPECT, ALPHA, "-n2")
    assert result.ret == 4 and "没有浏览器" in result.stderr.str()
    assert not (pytester.path / "govsite-results").exists()
