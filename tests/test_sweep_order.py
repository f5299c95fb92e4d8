"""Who is inspected next, and what is done about whatever goes wrong elsewhere; the cluster is pretended."""
from types import SimpleNamespace

import pytest

from pytest_govsite.model.site import Account, Site
from pytest_govsite.sweeping import sweep as sweeping
from pytest_govsite.sweeping.sweep import CRASHED, GONE, LOST, TRIES, Sweep
from pytest_govsite.sweeping.units import AT_ONE_DOOR, Unit, Waiting, units_of


class Future:
    """What the sweep sees of Dask's."""

    def __init__(self, name: str, number: int) -> None:
        self.key, self.name, self.status = f"{name}-{number}", name, "pending"

    def add_done_callback(self, done) -> None:
        self._done = done

    def result(self):
        return self.value

    def exception(self):
        return self.value

    def end(self, status: str, value=None) -> None:
        self.status, self.value = status, value
        self._done(self)


class KilledWorker(Exception):
    """Dask's word for a task that took too many workers along."""


def ended(ending="done", status=0, archive=b"archive", says="the last words\n") -> tuple:
    result = {"ending": ending, "status": status, "says": says, "seconds": 1.0, "where": "there", "archive": archive}
    return "finished", result


class Cluster:
    """`script`: what comes of each site's inspections in turn; a callable is called, None never ends."""

    def __init__(self, script: dict, slots=2) -> None:
        self.script = {name: list(ends) for name, ends in script.items()}
        self._slots = slots
        self.is_connected = True
        self.at_work: dict[str, Future] = {}
        self.log: list[set[str]] = []
        self.most = 0

    def slots(self) -> int:
        for name, future in tuple(self.at_work.items()):
            step = self.script[name].pop(0) if self.script[name] else None
            if step is not None:
                del self.at_work[name]
                future.end(*(step() if callable(step) else step))
        return self._slots

    def submit(self, parcel, name):
        self.at_work[name] = future = Future(name, len(self.log))
        self.log.append({*self.at_work})
        self.most = max(self.most, len(self.at_work))
        return future

    def stop(self, run):
        self.stopped = run
        for future in self.at_work.values():
            future.end(*ended("stop", -9, b"what it had"))
        self.at_work = {}

    def cancel(self, futures):
        self.cancelled = [future.name for future in futures]


class Home:
    """What was taken over, in order: name, archive, reason."""

    def __init__(self) -> None:
        self.log = []

    def take(self, unit, archive, reason):
        self.log.append((unit.name, archive, reason))

    def give_up(self, unit, reason):
        self.log.append((unit.name, None, reason))


def unit(name: str, platform=None) -> Unit:
    return Unit((Site(name, f"http://{name}.gov.cn/", platform=platform),), ())


PARCELS = SimpleNamespace(pack=lambda unit, past: past, run="r", seconds=600.0, memory=2**30)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(sweeping, "LOOK_SECONDS", 0)


def carry_out(cluster: Cluster, *units: Unit) -> Home:
    home, said = Home(), []
    Sweep(cluster, home, PARCELS, list(units), lambda name: None, said.append).run()
    return home


def in_one(words: str, reason: str | None) -> bool:
    return reason is not None and words in reason


ENDINGS = {
    "it judged everything": ([ended()], [(b"archive", None)]),
    "it found faults": ([ended(status=1)], [(b"archive", None)]),
    "it took too long": ([ended("time", -9)], [(b"archive", "超过单站时限 600 秒")]),
    "it took too much memory": ([ended("memory", -9)], [(b"archive", "内存超过单站限额 1024 MB")]),
    "it crashed once": ([ended(status=-9, archive=b"part"), ended()], [(b"archive", None)]),
    "it crashed twice": ([ended(status=-9, archive=b"long part"), ended(status=3, archive=b"part")], [(b"long part", "中途退出（退出码 3，执行机 there）：the last words")]),
    "its keeper was killed twice": ([ended("lost", -9, b"a")] * 2, [(b"a", "中途退出")]),
    "its worker said nothing": ([ended(status=2, says="")] * 2, [(b"archive", "没有说明")]),
    "its workers died": ([("error", KilledWorker("site", "there"))], [(None, CRASHED)]),
    "its worker made a mistake": ([("error", OSError("no space left"))], [(None, "OSError: no space left")]),
    "it was cancelled once": ([("cancelled",), ended()], [(b"archive", None)]),
    "it was cancelled again and again": ([("cancelled",)] * TRIES, [(None, LOST)]),
}


@pytest.mark.parametrize(("steps", "taken"), ENDINGS.values(), ids=ENDINGS)
def test_every_ending(steps, taken):
    log = carry_out(Cluster({"a": steps}), unit("a")).log
    assert [(name, archive) for name, archive, _ in log] == [("a", archive) for archive, _ in taken]
    for (_, _, reason), (_, words) in zip(log, taken, strict=True):
        assert reason is None if words is None else in_one(words, reason)


def test_no_more_than_there_are_slots():
    names = "abcdefg"
    cluster = Cluster({name: [ended()] for name in names}, slots=3)
    home = carry_out(cluster, *map(unit, names))
    assert sorted(name for name, *_ in home.log) == list(names) and cluster.most == 3


def test_a_crashed_site_is_tried_again_before_others():
    cluster = Cluster({"a": [ended(status=-9), ended()], "b": [ended()]}, slots=1)
    assert [name for name, *_ in carry_out(cluster, unit("a"), unit("b")).log] == ["a", "b"]


def test_sites_of_one_platform_are_not_visited_all_at_once():
    names = [f"p{n}" for n in range(6)]
    cluster = Cluster({name: [ended()] for name in (*names, "x")}, slots=5)
    carry_out(cluster, *(unit(name, "shared") for name in names), unit("x"))
    assert max(len(at_work & {*names}) for at_work in cluster.log) == AT_ONE_DOOR
    assert {"p0", "p1", "x"} in cluster.log, "the one that shares nothing did not wait for them"


def test_without_any_worker_everything_is_given_up_at_last(monkeypatch):
    monkeypatch.setattr(sweeping, "PATIENCE_SECONDS", -1)
    home = carry_out(Cluster({}, slots=0), unit("a"), unit("b"))
    assert home.log == [("a", None, GONE), ("b", None, GONE)]


def test_without_scheduler_everything_is_given_up():
    def lose():
        cluster.is_connected = False
        return "cancelled", None

    cluster = Cluster({"a": [lose]}, slots=1)
    assert carry_out(cluster, unit("a"), unit("b")).log == [("a", None, LOST), ("b", None, LOST)]


def test_ctrl_c_keeps_what_was_found():
    def interrupt():
        raise KeyboardInterrupt

    cluster = Cluster({"a": [ended(status=-9, archive=b"first part")], "b": [interrupt], "c": []}, slots=2)
    home = Home()
    with pytest.raises(KeyboardInterrupt):
        Sweep(cluster, home, PARCELS, [unit("a"), unit("b"), unit("c")], lambda name: None, print).run()
    assert cluster.stopped == "r"
    assert ("a", b"what it had", None) in home.log or ("a", b"first part", None) in home.log
    assert all(reason is None for *_, reason in home.log), "rows that are lacking were simply not reached"


# units


def test_sites_go_alone_and_accounts_together():
    subjects = [Site("a", "http://a.gov.cn/"), Account("x", "微信", "甲", "乙"), Account("y", "微博", "甲", "乙")]
    tasks = {f"{subject.id}/{n}": SimpleNamespace(subject=subject, name=f"{subject.id}/{n}") for subject in subjects for n in (1, 2)}
    plan = SimpleNamespace(tasks=tasks, subjects={subject.id: subject for subject in subjects})
    assert [sorted(each.by_name) for each in units_of(plan)] == [["a/1", "a/2"], ["x/1", "x/2", "y/1", "y/2"]]


def test_sites_that_may_share_a_machine_stand_apart():
    hosts = {"a1": "a1.x.gov.cn", "a2": "a2.x.gov.cn", "b": "www.b.gov.cn", "c": "www.c.gov.cn"}
    subjects = [Site(id, f"http://{host}/") for id, host in hosts.items()]
    tasks = {subject.id: SimpleNamespace(subject=subject, name=subject.id) for subject in subjects}
    names = [each.name for each in units_of(SimpleNamespace(tasks=tasks, subjects={site.id: site for site in subjects}))]
    assert abs(names.index("a1") - names.index("a2")) > 1 and sorted(names) == sorted(hosts)


def test_a_door_in_use_is_passed_over():
    waiting = Waiting([unit("p1", "p"), unit("p2", "p"), unit("x")])
    assert waiting.next(["p"] * AT_ONE_DOOR).name == "x"
    assert waiting.next(["p"]).name == "p1" and waiting.next(["p"] * AT_ONE_DOOR) is None and len(waiting) == 1
