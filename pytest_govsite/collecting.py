"""From check files to pytest items: one item for every rule, edition and subject that a check serves."""
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pytest_govsite import checking
from pytest_govsite.planning import Plan, Task

MARKERS = (
    "veto: rules that fail a site at once",
    "rule(id): the rule of the official table, as in -m \"rule(id='page-labels.1')\"",
    "edition(id): the edition that the rule belongs to",
    "site(id): the inspected site or account",
)
PREFIX = "checks"

Marks = Callable[[Task], Iterable[pytest.MarkDecorator]]


class RuleItem(pytest.Item):
    """One rule judged for one subject. What judging does is set by whoever runs it, see running.py."""

    def __init__(self, *, task: Task, **kwargs) -> None:
        super().__init__(**kwargs)
        self.task = task
        self.function = task.check.function  # Allure takes its docstring as the description

    def runtest(self) -> None:
        self.config.pluginmanager.get_plugin("govsite-running").perform(self)

    def repr_failure(self, excinfo, style=None):
        return getattr(excinfo.value, "says", None) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        # with spaces, because pytest's terminal writes the dots of a node's own name as "::"
        return self.path, None, self.name.replace("/", " ")


class ChecksFolder(pytest.Collector):
    """Our own checks, wherever they are installed.

    Given to pytest as a path, every folder above it would be collected as well and its conftest.py loaded: also the one
    of our own clone, which may only be loaded as the first of a run.
    """

    def collect(self) -> Iterator["CheckFile"]:
        for path in own_files():
            yield CheckFile.from_parent(self, path=path, nodeid=_stable_id(path))


class CheckFile(pytest.File):
    """A file of checks/: yields an item for every task of its check."""

    def collect(self) -> Iterator[RuleItem]:
        collecting: Collecting = self.config.pluginmanager.get_plugin("govsite-collecting")
        for task in collecting.plan.by_check.get(collecting.plan.checks[self.path].id, ()):
            item = RuleItem.from_parent(self, name=task.name, task=task)
            for mark in (*_marks(task), *collecting.further_marks(task)):
                item.add_marker(mark)
            yield item


class LeftAlone(pytest.File):
    """A check file in the eyes of pytest's own collector of modules: nothing to import, nothing to find."""

    def collect(self) -> tuple:
        return ()


class Collecting:
    """Hooks that turn the plan into items.

    further_marks  what other reporters want on an item (labels and severity of Allure).
    whole_folder   all our checks are collected, whatever paths the user typed.
    """

    def __init__(self, plan: Plan, further_marks: Marks, whole_folder: bool) -> None:
        self.plan = plan
        self.further_marks = further_marks
        self._whole_folder = whole_folder
        self._order = {name: number for number, name in enumerate(plan.tasks)}

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[pytest.CollectReport]:
        report = yield
        if self._whole_folder and isinstance(collector, pytest.Session) and report.passed:
            folder = checking.folder()
            report.result.append(ChecksFolder.from_parent(collector, name=PREFIX, path=folder, nodeid=PREFIX))
        return report

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> CheckFile | None:
        if file_path in self.plan.checks:
            return CheckFile.from_parent(parent, path=file_path, nodeid=_stable_id(file_path))
        return None

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> LeftAlone | None:
        return LeftAlone.from_parent(parent, path=module_path) if module_path in self.plan.checks else None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        """Whatever others reorder or leave out: at the end whole sites stand together, in the order of the plan."""
        result = yield
        items.sort(key=lambda item: self._order[item.task.name] if isinstance(item, RuleItem) else -1)
        return result


@dataclass(frozen=True)
class Choice:
    """Which check files a run reads, and whether all of ours are collected."""

    files: tuple[Path, ...]
    whole_folder: bool


def choose(config: pytest.Config) -> Choice:
    """Reads what the user typed as paths, and keeps pytest from collecting anything when he typed none.

    Paths within our checks are a selection that the user made. Other paths are collected beside all of ours, and the
    checks that they hold join ours.
    """
    typed = [_place(config, argument) for argument in config.args]
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args, config.args_source, typed = [], pytest.Config.ArgsSource.ARGS, []
    ours = checking.folder()
    selected = any(place.is_relative_to(ours) for place in typed)
    theirs = {path for place in typed if not place.is_relative_to(ours) for path in check_files(place)}
    return Choice((*own_files(), *sorted(theirs)), whole_folder=not selected)


def own_files() -> list[Path]:
    """The files of our own checks, sorted."""
    return sorted(checking.folder().rglob("*.py"))


def _place(config: pytest.Config, argument: str) -> Path:
    # no symbolic link is followed: pytest hands us the paths as they were typed
    return Path(os.path.abspath(config.invocation_params.dir / argument.partition("::")[0]))


def check_files(place: Path) -> Iterator[Path]:
    """Files that declare a check. Others, a project's own tests, are never imported to find out."""
    candidates = place.rglob("*.py") if place.is_dir() else [place] if place.suffix == ".py" else []
    for path in candidates:
        text = path.read_text(encoding="utf-8", errors="replace")
        if "\n@check(" in text and "from pytest_govsite import" in text:
            yield path


def _stable_id(path: Path) -> str | None:
    """`checks/…` wherever pytest runs, so that histories of reports hold; None leaves a user's own file to pytest."""
    ours = checking.folder()
    return f"{PREFIX}/{path.relative_to(ours).as_posix()}" if path.is_relative_to(ours) else None


def _marks(task: Task) -> Iterator[pytest.MarkDecorator]:
    yield from (_mark("site", task.subject.id), _mark("edition", task.edition.id), _mark("rule", task.rule.key))
    if task.item.part == "veto":
        yield pytest.mark.veto


@cache
def _mark(name: str, id: str) -> pytest.MarkDecorator:
    return getattr(pytest.mark, name)(id=id)
