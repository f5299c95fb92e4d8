"""The one writer of a run: plan on disk, rows from reports, scorecards, summary, exit status."""
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pytest

from pytest_govsite import __version__, checking, outcomes
from pytest_govsite.baseline import baseline_keys
from pytest_govsite.gating import gate
from pytest_govsite.ledger import Ledger, LedgerError, write_scorecards
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.planning import Plan, Task
from pytest_govsite.remembering import Remembering
from pytest_govsite.report.progress import Progress
from pytest_govsite.report.terminal import summary
from pytest_govsite.rows import Row, read_line
from pytest_govsite.running import PROPERTY
from pytest_govsite.scoring import Scorecard, score

SHOWN = 6
PHASES = ("setup", "call", "teardown")  # any other: xdist's word for a worker that died while it ran the item
DIED = "检查进程中途退出"
OPEN_ENDS = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class Books:
    """Hooks of the process that writes: the controller under xdist, else the only one.

    watch   makes the Progress that hears of every row, once pytest's terminal is ready.
    finish  what further reporters do at the end, with the rows that no item reported.
    memory  what takes the run over into the history.
    """

    def __init__(
        self, config: pytest.Config, plan: Plan, watch: Callable[[], Progress], finish: Callable[[Sequence[Row]], None],
        memory: Remembering,
    ) -> None:
        self._config = config
        self._plan = plan
        self._watch = watch
        self._finish = finish
        self._progress: Progress | None = None
        self._memory = memory
        self._baseline = baseline_keys(plan)
        self._ledger: Ledger | None = None
        self._planned: frozenset[str] = frozenset()
        self._judged: set[str] = set()
        self._awaited: Counter[str] = Counter()
        self._told: set[str] = set()
        self._foreign_failure = False
        self.scorecards: list[Scorecard] = []
        self.rows: list[Row] = []

    def open(self, nodeids: Collection[str]) -> None:
        """Puts the plan of the collected items on disk, before the first site is opened.

        Raises pytest.UsageError when this machine lacks what the plan needs, or the results folder is none of ours.
        """
        tasks = [task for nodeid in nodeids if (task := self._plan.named(nodeid))]
        if self._ledger or not tasks:
            return
        self._refuse_unready(tasks)
        planned = [Row.planned(task.subject, task.edition, task.item, task.rule, task.as_of) for task in tasks]
        try:
            self._ledger = Ledger(self._plan.request.results)
            self._ledger.plan(planned, self._plan.finished)
        except LedgerError as error:
            raise pytest.UsageError(str(error)) from error
        self._planned = frozenset(task.name for task in tasks)
        self._awaited = Counter(task.subject.id for task in tasks)
        self._progress = self._watch()
        self._progress.expect(planned)

    def event(self, site_id: str, kind: str, state: str, seconds: float) -> None:
        """Word from the collector of this process, from its thread."""
        if self._progress:
            self._progress.event(site_id, kind, state, seconds)

    def record(self, task: Task, row: Row) -> None:
        """Takes over a finished row. The first word on a rule is the last: a crash later changes nothing."""
        if self._ledger is None or task.name not in self._planned or task.name in self._judged:
            return
        self._judged.add(task.name)
        with _plain_end():
            self._ledger.record(row)
        self._progress.row(row)
        self._awaited[row.site] -= 1
        if not self._awaited[row.site]:
            self._memory.site(task.subject)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[object]:
        option = session.config.option
        broken = session.testsfailed and not option.continue_on_collection_errors
        if session.items and not broken and not option.collectonly:
            self.open([item.nodeid for item in session.items])
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        self.open(ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        task = self._plan.named(report.nodeid)
        if task is None:
            self._foreign_failure |= report.failed
        elif row := row_of(report):
            self._told.add(task.name)
            self.record(task, row)
        elif report.when not in PHASES:
            died = Verdict(Outcome.UNDETERMINED, blame=Blame.TOOL, reason=getattr(report, "given_up", DIED))
            self.record(task, Row.of(task.subject, task.edition, task.item, task.rule, died, task.as_of))

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        if row := row_of(report):
            return outcomes.status(row)
        lost = report.when not in PHASES and self._plan.named(report.nodeid)
        return outcomes.TROUBLE_STATUS if lost else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Every ending comes here: the end of the list, an exception, -x, Ctrl-C."""
        if self._progress:
            self._progress.close()
        if self._ledger:
            with _plain_end():
                self._close()
        elif not self._plan.tasks:  # --resume found everything finished
            self._score(self._plan.kept)
        if self.scorecards:
            session.exitstatus = self._exit_status(session)

    def pytest_report_header(self) -> list[str]:
        files = self._plan.checks
        ours = checking.folder()
        others = sorted({path.parent for path in files if not path.is_relative_to(ours)})
        places = "、".join(map(str, (ours, *others)))
        editions = dict.fromkeys(edition.id for _, edition in self._plan.pairs)
        seeds = dict.fromkeys(map(str, self._plan.seeds.values()))
        days = dict.fromkeys(map(str, self._plan.as_of.values()))
        return [
            f"govsite {__version__}：检查 {len(files)} 项，取自 {places}",
            f"govsite 对象：{_few(list(self._plan.as_of))}；指标：{_few(list(editions))}；规则 {len(self._plan.tasks)} 条",
            f"govsite 检查日期：{_few(list(days))}；抽样种子：{_few(list(seeds))}；结果目录：{self._shown_results}",
        ]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.scorecards:
            subjects, editions = zip(*self._plan.pairs, strict=True)
            terminal = self._config.get_terminal_writer()
            summary(
                terminalreporter.write_line, self.scorecards, self.rows, subjects, editions, self._shown_results,
                width=terminal.fullwidth, colour=terminal.hasmarkup,
            )
            if self._memory.trouble:
                terminalreporter.write_line(f"本次检查没有记入历史，结论不受影响：{self._memory.trouble}")

    @cached_property
    def _shown_results(self) -> Path:
        results, here = self._plan.request.results, self._config.invocation_params.dir
        return results.relative_to(here) if results.is_relative_to(here) else results

    def _refuse_unready(self, tasks: Sequence[Task]) -> None:
        kinds = frozenset(kind for task in tasks for kind in task.needs)
        if kinds and not self._plan.request.rejudge:
            if lack := self._config.hook.pytest_govsite_unready(kinds=kinds):
                raise pytest.UsageError(lack)

    def _close(self) -> None:
        """Scorecards first, under the ledger's lock, then the ledger for good."""
        rows = self._ledger.rows
        try:
            self._score((*rows, *self._plan.kept))
            write_scorecards(self._ledger.folder, self.scorecards, {row.site for row in rows}, self._plan.finished)
            self._finish([row for row in rows if "/".join(row.id) not in self._told])
        finally:
            self._ledger.close()
        self._memory.close(rows, self.scorecards)

    def _score(self, rows: Sequence[Row]) -> None:
        grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            grouped[row.site, row.edition].append(row)
        left_out = {name.rpartition("/")[0] for name in self._plan.tasks.keys() - self._planned}
        self.rows = list(rows)
        self.scorecards = [
            score(edition, subject, own, partial=f"{subject.id}/{edition.id}" in left_out)
            for subject, edition in self._plan.pairs if (own := grouped.get((subject.id, edition.id)))
        ]

    def _exit_status(self, session: pytest.Session) -> int:
        """0 or 1 by the gate, where the run came to its own end; an interrupted or stopped run keeps pytest's word."""
        empty = session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and not self._plan.tasks
        if session.exitstatus not in OPEN_ENDS and not empty:
            return session.exitstatus
        stopped = session.shouldstop or session.shouldfail or self._foreign_failure
        home = {(task.edition.id, task.rule.key) for task in self._plan.tasks.values() if "home" in task.check.evidence}
        met = gate(self._plan.request.gate, self.scorecards, self.rows, self._baseline, home or None)
        return pytest.ExitCode.OK if met and not stopped else pytest.ExitCode.TESTS_FAILED


def row_of(report: pytest.TestReport) -> Row | None:
    """The row that a report carries; None for a report without one."""
    line = next((value for name, value in getattr(report, "user_properties", ()) if name == PROPERTY), None)
    return read_line(line) if line else None


@contextmanager
def _plain_end() -> Iterator[None]:
    """A disk that is full or gone ends the run with a sentence, not with a traceback."""
    try:
        yield
    except (LedgerError, OSError) as error:
        pytest.exit(str(error), pytest.ExitCode.INTERNAL_ERROR)


def _few(names: list[str]) -> str:
    return "、".join(names[:SHOWN]) + (f" 等 {len(names)} 个" if len(names) > SHOWN else "")
