"""Between pytest and the books: which reports are rows, when the plan is written, what the run's exit status is."""
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from pytest_govsite import outcomes
from pytest_govsite.books import Books, Duties
from pytest_govsite.ledger import LedgerError
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.planning import Plan
from pytest_govsite.remembering import Remembering
from pytest_govsite.report.progress import Progress
from pytest_govsite.rows import Row, read_line
from pytest_govsite.running import PROPERTY

PHASES = ("setup", "call", "teardown")  # any other: xdist's word for a worker that died while it ran the item
DIED = "检查进程中途退出"
OPEN_ENDS = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class Bookkeeping:
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
        self._finish = finish
        self._told: set[str] = set()
        self._foreign_failure = False
        duties = Duties(self._unready, watch, self._lost)
        self.books = Books(plan, duties, memory, config.invocation_params.dir)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[object]:
        option = session.config.option
        broken = session.testsfailed and not option.continue_on_collection_errors
        if session.items and not broken and not option.collectonly:
            self._open([item.nodeid for item in session.items])
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        self._open(ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        task = self._plan.named(report.nodeid)
        if task is None:
            self._foreign_failure |= report.failed
            return
        row = row_of(report)
        if row:
            self._told.add(task.name)
        elif report.when not in PHASES:
            died = Verdict(Outcome.UNDETERMINED, blame=Blame.TOOL, reason=getattr(report, "given_up", DIED))
            row = Row.of(task.subject, task.edition, task.item, task.rule, died, task.as_of)
        if row:
            with _plain_end():
                self.books.record(task, row)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        if row := row_of(report):
            return outcomes.status(row)
        lost = report.when not in PHASES and self._plan.named(report.nodeid)
        return outcomes.TROUBLE_STATUS if lost else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Every ending comes here: the end of the list, an exception, -x, Ctrl-C."""
        with _plain_end():
            self.books.close()
        if self.books.scorecards:
            session.exitstatus = self._exit_status(session)

    def pytest_report_header(self) -> list[str]:
        return self.books.head()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminal = self._config.get_terminal_writer()
        self.books.tell(terminalreporter.write_line, terminal.fullwidth, terminal.hasmarkup)

    def _open(self, nodeids: Sequence[str]) -> None:
        self.books.open([task for nodeid in nodeids if (task := self._plan.named(nodeid))])

    def _unready(self, kinds: frozenset[str]) -> str:
        return self._config.hook.pytest_govsite_unready(kinds=kinds) or ""

    def _lost(self, rows: Sequence[Row]) -> None:
        self._finish([row for row in rows if "/".join(row.id) not in self._told])

    def _exit_status(self, session: pytest.Session) -> int:
        """0 or 1 by the gate, where the run came to its own end; an interrupted or stopped run keeps pytest's word."""
        empty = session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and not self._plan.tasks
        if session.exitstatus not in OPEN_ENDS and not empty:
            return session.exitstatus
        stopped = session.shouldstop or session.shouldfail or self._foreign_failure
        return pytest.ExitCode.OK if self.books.met() and not stopped else pytest.ExitCode.TESTS_FAILED


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
