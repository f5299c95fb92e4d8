"""Whole sites on several processes: a scheduler of our own for pytest-xdist, which loses nothing when a worker dies.

In that case loadscope and loadgroup of xdist 3.8 hang, or skip in silence (pytest-xdist issues 784, 1323, 1327, 1378);
and they hand out the next unit too late for sites to overlap within a worker.
"""
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pytest_govsite.model.site import Site, Subject
from pytest_govsite.overdue import Overdue, dismiss, pid_of
from pytest_govsite.patience import Patience
from pytest_govsite.planning import Plan

HELD = 3  # sites that one process has in hand: the one being judged, and those whose evidence is gathered meanwhile
CRASHES = 2  # of one site, then the rest of it is given up
RESTARTS = 4  # for each worker, as xdist allows by default, beside those that crashing sites may cost
GIVEN_UP = "检查该网站的进程两次中途退出，未再检查"
TIMED_OUT = "检查该网站超过时限，检查进程已终止"
STOPPED = (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR)
GRACE_SECONDS = 90  # beyond a site's own time: a worker that lives ends the site by itself


class SiteScheduling:
    """xdist's protocol of a scheduler (xdist/scheduler/protocol.py), with sites as units of work.

    unit_of   the unit that a node id belongs to.
    give_up   is told (worker, node ids, why) of what will never run.
    group_of  units of one group are not taken one after the other.
    on_take   is told of every unit that a worker takes in hand.
    """

    def __init__(
        self, config: pytest.Config, workers: int, unit_of: Callable[[str], str],
        give_up: Callable[[object, Sequence[str], str], None], group_of: Callable[[str], str] = str,
        on_take: Callable[[str], None] = lambda unit: None,
    ) -> None:
        self._config = config
        self._workers = workers
        self._unit_of = unit_of
        self._give_up = give_up
        self._group_of = group_of
        self._on_take = on_take
        self._since: dict[object, tuple[str, float]] = {}
        self._overdue: set[str] = set()
        self._collected: dict[object, list[str]] = {}
        self._collection: list[str] | None = None
        self._queue: dict[str, list[int]] = {}
        self._work: dict[object, dict[str, dict[int, None]]] = {}
        self._doomed: set[object] = set()
        self._crashes: Counter[str] = Counter()
        self._stillborn = 0

    @property
    def nodes(self) -> list:
        """The workers in use."""
        return list(self._work)

    @property
    def collection_is_completed(self) -> bool:
        """All workers of the start have said what they collected."""
        return len(self._collected) >= self._workers

    @property
    def tests_finished(self) -> bool:
        """Nothing waits, nothing runs."""
        return self.collection_is_completed and not self.has_pending

    @property
    def has_pending(self) -> bool:
        """Something waits or runs."""
        return bool(self._queue) or any(self._work.values())

    def add_node(self, node) -> None:
        """A worker has started."""
        self._work[node] = {}

    def add_node_collection(self, node, collection: Sequence[str]) -> None:
        """A worker says what it collected. One that came later and collected something else gets no work."""
        if self._collection is not None and list(collection) != self._collection:
            self._doomed.add(node)
        self._collected[node] = list(collection)

    def schedule(self) -> None:
        """Hands out work: at the start, and again whenever a worker has joined."""
        if self._collection is None:
            if not self._same_everywhere():
                return
            self._collection = next(iter(self._collected.values()))
            for index, nodeid in enumerate(self._collection):
                self._queue.setdefault(self._unit_of(nodeid), []).append(index)
            self._queue = {unit: self._queue[unit] for unit in spread(self._queue, self._group_of)}
        for _ in range(HELD):  # in turn, so that few sites spread over all workers
            for node in self.nodes:
                self._assign(node)
        for node in self.nodes:
            self._feed(node)

    def mark_test_complete(self, node, item_index: int, duration: float = 0) -> None:
        """A worker is through with an item."""
        unit = self._unit_of(self._collection[item_index])
        pending = self._work[node].get(unit, {})
        pending.pop(item_index, None)
        if not pending:
            self._work[node].pop(unit, None)
        self._feed(node)
        self._note_first(node)

    def mark_test_pending(self, item: str) -> None:
        """Another plugin wants a crashed item to be tried again."""
        self._queue.setdefault(self._unit_of(item), []).insert(0, self._collection.index(item))
        self._feed_all()

    def remove_pending_tests_from_node(self, node, indices: Sequence[int]) -> None:
        """The answer to xdist's `steal`, which this scheduler never sends."""

    def remove_node(self, node) -> str | None:
        """A worker is gone. Returns the item during which it died, None when it had nothing to do.

        What it had finished stays finished; the rest goes to another worker, or is given up at the site's second crash.
        KeyError, as the protocol wants it, for a worker that died before it was ready.
        """
        if node not in self._collected:
            self._count_stillborn()
        work = self._work.pop(node)
        self._since.pop(node, None)
        if not work:
            return None
        unit, pending = next(iter(work.items()))
        crashed, *rest = pending
        if unit in self._overdue:
            self._requeue(node, work, unit, pending, TIMED_OUT)
            return None
        self._crashes[unit] += 1
        again = self._crashes[unit] < CRASHES
        self._requeue(node, work, unit, [] if again else rest, GIVEN_UP, rest if again else [])
        return self._collection[crashed]

    def work_of(self) -> dict[object, tuple[str, float]]:
        """Which unit each worker is busy with, and since when by time.monotonic(). May be asked from another thread."""
        return dict(self._since)

    def end(self, unit: str) -> None:
        """This unit takes too long: when its worker has been killed, what is left of it is given up."""
        self._overdue.add(unit)

    def _requeue(
        self, node, work: dict[str, dict[int, None]], unit: str, lost: Iterable[int], why: str, rest: Sequence[int] = (),
    ) -> None:
        """Puts back what a dead worker had in hand, the rest of what it was at first; `lost` is given up."""
        left = ({unit: list(rest)} if rest else {}) | {name: list(work[name]) for name in work if name != unit}
        if lost:
            self._give_up(node, [self._collection[index] for index in lost], why)
        for name in left:
            left[name] += self._queue.pop(name, [])
        self._queue = left | self._queue
        self._feed_all()

    def _feed_all(self) -> None:
        for node in self.nodes:
            self._feed(node)

    def _feed(self, node) -> None:
        """Keeps a worker supplied. At the end of the queue it is told so, else it would sit on its last item."""
        while self._assign(node):
            pass
        if not self._queue and not node.shutting_down:
            node.shutdown()

    def _assign(self, node) -> bool:
        full = len(self._work[node]) >= HELD
        if not self._queue or full or node.shutting_down or node in self._doomed or node not in self._collected:
            return False
        unit = next(iter(self._queue))
        indices = self._queue.pop(unit)
        try:
            node.send_runtest_some(indices)
        except OSError:  # it died a moment ago; word of that is on its way
            self._queue = {unit: indices} | self._queue
            self._doomed.add(node)
            return False
        self._work[node].setdefault(unit, {}).update(dict.fromkeys(indices))
        self._note_first(node)
        self._on_take(unit)
        return True

    def _note_first(self, node) -> None:
        """Which unit a worker is at: the first that it was given and has not finished."""
        first = next(iter(self._work.get(node, ())), None)
        if first is None:
            self._since.pop(node, None)
        elif self._since.get(node, ("",))[0] != first:
            self._since[node] = first, time.monotonic()

    def _count_stillborn(self) -> None:
        self._stillborn += 1
        if self._stillborn > RESTARTS * self._workers:
            pytest.exit("检查进程一启动就退出，无法继续：请去掉 -n 再试，看它说什么", pytest.ExitCode.INTERNAL_ERROR)

    def _same_everywhere(self) -> bool:
        first, *others = self._collected.values()
        if all(other == first for other in others):
            return True
        odd = next(other for other in others if other != first)
        words = f"workers collected different items, e.g. {sorted(set(first) ^ set(odd))[:3] or 'in another order'}"
        report = pytest.CollectReport(nodeid="", outcome="failed", longrepr=words, result=[])
        self._config.hook.pytest_collectreport(report=report)
        for node in self.nodes:
            node.shutdown()
        return False


class Distributing:
    """Hooks of xdist's controller.

    word      what every worker must know beside the command line.
    on_event  is told (site id, "", "taken", 0.0) of every site that a worker takes in hand.
    """

    def __init__(self, config: pytest.Config, plan: Plan, word: dict, on_event: Callable[..., None]) -> None:
        self._on_event = on_event
        self._config = config
        self._plan = plan
        self._waits = TemporaryDirectory(prefix="govsite-waits-")
        self._word = word | {"waits": self._waits.name}
        self._overdue: Overdue | None = None
        self._nodes: list = []
        config.add_cleanup(self._waits.cleanup)
        if config.option.maxworkerrestart is None:
            workers = _workers(config)
            config.option.maxworkerrestart = str(CRASHES * len(plan.subjects) + RESTARTS * workers)

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config) -> SiteScheduling:
        scheduling = SiteScheduling(config, _workers(config), self._unit_of, self._give_up, self._group_of, self._taken)
        patience = Patience(self._plan.settings.site_deadline + GRACE_SECONDS, Path(self._waits.name))
        self._overdue = Overdue(scheduling, patience, self._plan.subjects)
        return scheduling

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node) -> None:
        self._nodes.append(node)
        node.workerinput["govsite"] = self._word

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self) -> None:
        """Workers are told before the files are closed, so that both happen at the same time."""
        self._dismiss()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> Iterator[None]:
        if self._overdue:
            self._overdue.close()
        if exitstatus in STOPPED:
            self._dismiss()
        return (yield)

    def _dismiss(self) -> None:
        nodes, self._nodes = self._nodes, []
        dismiss([pid_of(node) for node in nodes])

    def _unit_of(self, nodeid: str) -> str:
        task = self._plan.named(nodeid)
        return task.subject.id if task else nodeid.partition("::")[0]

    def _taken(self, unit: str) -> None:
        if unit in self._plan.subjects:
            self._on_event(unit, "", "taken", 0.0)

    def _group_of(self, unit: str) -> str:
        subject = self._plan.subjects.get(unit)
        return platform_of(subject) if isinstance(subject, Site) else unit

    def _give_up(self, node, nodeids: Sequence[str], why: str) -> None:
        for nodeid in nodeids:
            path = nodeid.partition("::")[0]
            report = pytest.TestReport(nodeid, (path, None, path), {}, "failed", why, when="???")
            report.node = node
            report.given_up = why
            self._config.hook.pytest_runtest_logreport(report=report)


def platform_of(site: Site) -> str:
    """What sites on one machine probably have in common: the platform that the user named, else the domain above theirs."""
    labels = site.host.removeprefix("www.").split(".")
    return site.platform or (site.host if labels[-1].isdecimal() else ".".join(labels[-3:]))


def spread(units: Iterable[str], group_of: Callable[[str], str]) -> list[str]:
    """The units in an order that spreads each group evenly over the whole; those that stand alone stay in theirs."""
    groups: dict[str, list[str]] = {}
    for unit in units:
        groups.setdefault(group_of(unit), []).append(unit)
    alone = [group[0] for group in groups.values() if len(group) == 1]
    lines = [alone, *(group for group in groups.values() if len(group) > 1)]
    places = {unit: (number + 0.5) / len(line) for line in lines for number, unit in enumerate(line)}
    return sorted(places, key=places.get)


def is_controller(config: pytest.Config) -> bool:
    """True in the process that hands out work and runs none."""
    distributes = config.getoption("dist", "no") != "no" and bool(config.getoption("tx", None))
    return distributes and not config.option.collectonly


def upcoming_here(session: pytest.Session, held: int = HELD) -> Callable[[pytest.Item], Iterable[Subject]]:
    """For a process that runs all items: the subjects that follow the one of an item."""
    subjects = _subjects(session.items)
    places = {subject.id: place for place, subject in enumerate(subjects)}
    return lambda item: subjects[places[item.task.subject.id] + 1 :][: held - 1]


def upcoming_on_worker(session: pytest.Session) -> Callable[[pytest.Item], Iterable[Subject]]:
    """For a worker: the subjects of the items in its queue. xdist shows the queue to no plugin, so we look for it."""
    plugins = session.config.pluginmanager.get_plugins()
    queue = next((plugin.torun for plugin in plugins if hasattr(getattr(plugin, "torun", None), "lock")), None)

    def waiting(item: pytest.Item) -> Iterable[Subject]:
        if queue is None:
            return ()
        with queue.lock() as numbers:
            items = [session.items[number] for number in numbers if isinstance(number, int)]
        return [subject for subject in _subjects(items) if subject is not item.task.subject]

    return waiting


def _subjects(items: Iterable[pytest.Item]) -> list[Subject]:
    return list({item.task.subject.id: item.task.subject for item in _ours(items)}.values())


def _ours(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    return (item for item in items if hasattr(item, "task"))


def _workers(config: pytest.Config) -> int:
    from xdist.workermanage import parse_tx_spec_config  # here, because xdist may be switched off (-p no:xdist)

    return len(parse_tx_spec_config(config))
