"""What is handed out as a whole, and in which order."""
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pytest_govsite.distributing import platform_of, spread
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.planning import Plan, Task

AT_ONE_DOOR = 2  # sites of one shared platform that are inspected at a time, whoever does it


@dataclass(frozen=True, eq=False)
class Unit:
    """Subjects that one inspection is about, and what is to be judged of them: one site, or all accounts together."""

    subjects: tuple[Subject, ...]
    tasks: tuple[Task, ...]

    @property
    def name(self) -> str:
        """The site's id; of accounts the first one's."""
        return self.subjects[0].id

    @property
    def sites(self) -> frozenset[str]:
        """The ids of all of them."""
        return frozenset(subject.id for subject in self.subjects)

    @property
    def door(self) -> str:
        """What it shares with others: the platform, as the sites file names it; else nothing but itself."""
        return getattr(self.subjects[0], "platform", None) or self.name

    @cached_property
    def by_name(self) -> dict[str, Task]:
        """The tasks by name."""
        return {task.name: task for task in self.tasks}


def units_of(plan: Plan) -> list[Unit]:
    """All of a plan, sites that may share a machine far from one another.

    Accounts have no pages: they go together, in one inspection that takes seconds.
    """
    tasks: dict[str, list[Task]] = {}
    for task in plan.tasks.values():
        tasks.setdefault(task.subject.id, []).append(task)
    alone = [(subject,) for subject in plan.subjects.values() if isinstance(subject, Site)]
    together = tuple(subject for subject in plan.subjects.values() if not isinstance(subject, Site))
    units = {subjects[0].id: _unit(subjects, tasks) for subjects in (*alone, *([together] if together else ()))}
    return [units[name] for name in spread(units, lambda name: _neighbourhood(units[name]))]


def _neighbourhood(unit: Unit) -> str:
    subject = unit.subjects[0]
    return platform_of(subject) if isinstance(subject, Site) else unit.name


def _unit(subjects: Sequence[Subject], tasks: dict[str, list[Task]]) -> Unit:
    return Unit(tuple(subjects), tuple(task for subject in subjects for task in tasks[subject.id]))


class Waiting:
    """Units that nobody inspects yet, in order; doors that are in use are passed over."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = list(units)

    def __len__(self) -> int:
        return len(self._units)

    def next(self, busy: Collection[str]) -> Unit | None:
        """Takes out the first whose door stands open. `busy`: the doors of the units at work, each as often as it is used."""
        doors = list(busy)
        free = (unit for unit in self._units if doors.count(unit.door) < AT_ONE_DOOR)
        if unit := next(free, None):
            self._units.remove(unit)
        return unit

    def put_back(self, unit: Unit) -> None:
        """It has to be inspected again, before all others."""
        self._units.insert(0, unit)
