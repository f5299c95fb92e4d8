"""Puts an inspection together: which hooks work in which process."""
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from pytest_govsite import collecting, distributing, ending, planning
from pytest_govsite.bookkeeping import Bookkeeping, row_of
from pytest_govsite.books import Books
from pytest_govsite.dossier import Archive
from pytest_govsite.options import Request
from pytest_govsite.patience import FOLDER, Patience
from pytest_govsite.planning import Plan, Task
from pytest_govsite.remembering import Remembering
from pytest_govsite.report.junit import JUnit
from pytest_govsite.report.progress import Progress, line_writer
from pytest_govsite.rows import Row
from pytest_govsite.running import Gatherer, Inspection, Running

SELENIUM = "ignore:setting remote_server_addr:DeprecationWarning"  # its own call, in every session
QUIET = ("tbstyle", "auto", "no"), ("reportchars", "fE", "")


def activate(config: pytest.Config, request: Request) -> None:
    """Registers what this process does: collecting everywhere, writing in one, judging in the workers or in that one.

    Raises pytest.UsageError for whatever a user can have got wrong.
    """
    word = getattr(config, "workerinput", {}).get("govsite")
    choice = collecting.choose(config)
    plan = planning.draw_plan(_as_told(request, word), choice.files)
    for line in collecting.MARKERS:
        config.addinivalue_line("markers", line)
    config.addinivalue_line("filterwarnings", SELENIUM)
    collector = collecting.Collecting(plan, _further_marks(config), choice.whole_folder)
    config.pluginmanager.register(collector, "govsite-collecting")
    run = word["run"] if word else uuid4().hex
    books = None if word else _keep_books(config, plan, run)
    if not config.option.collectonly:
        ending.end_like_ctrl_c(config, worker=bool(word))
    if word:
        ending.end_with_parent()
    if books and distributing.is_controller(config):
        controller = distributing.Distributing(config, plan, _word(plan, run), books.event)
        config.pluginmanager.register(controller, "govsite-distributing")
        return
    upcoming = distributing.upcoming_on_worker if word else distributing.upcoming_here
    waits = word["waits"] if word else os.environ.get(FOLDER)
    patience = Patience(plan.settings.site_deadline, Path(waits) if waits else None)
    inspection = Inspection(plan, _gatherer_maker(config, request, patience, books), run, patience)
    config.pluginmanager.register(Running(inspection, upcoming, _attach(config, request)), "govsite-running")


def _word(plan: Plan, run: str) -> dict:
    """What every worker must know beside the command line, lest midnight or a fuller ledger give it another plan."""
    as_of = None if plan.request.rejudge else plan.settings.as_of.isoformat()
    return {"run": run, "as_of": as_of, "finished": sorted(map(list, plan.finished))}


def _as_told(request: Request, word: dict | None) -> Request:
    if word is None:
        return request
    as_of = word["as_of"] and date.fromisoformat(word["as_of"])
    return replace(request, as_of=as_of, resume=False, finished=frozenset(map(tuple, word["finished"])))


def _keep_books(config: pytest.Config, plan: Plan, run: str) -> Books:
    for option, usual, ours in QUIET:  # our summary stands in place of pytest's lists, unless the user asks for them
        if getattr(config.option, option, None) == usual:
            setattr(config.option, option, ours)
    keeping = Bookkeeping(config, plan, _watch(config), _finish(config, plan), Remembering(plan, run))
    config.pluginmanager.register(keeping, "govsite-books")
    return keeping.books


def _watch(config: pytest.Config) -> Callable[[], Progress]:
    def watch() -> Progress:
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is None or config.option.verbose < 0:
            return Progress(lambda text: None, tty=False)
        if config.option.verbose == 0:
            reporter.showfspath = False  # names of check files between our lines tell the user nothing
        return Progress(line_writer(config), reporter.isatty)

    return watch


def _gatherer_maker(
    config: pytest.Config, request: Request, patience: Patience, books: Books | None,
) -> Callable[..., Gatherer]:
    def on_event(*event: object) -> None:
        patience.hear(*event)
        if books:
            books.event(*event)

    def make(settings: Callable, folder: Path) -> Gatherer:
        if request.rejudge:
            return Archive(request.rejudge)
        return config.hook.pytest_govsite_collector(settings=settings, folder=folder, on_event=on_event)

    return make


def _alluredir(config: pytest.Config) -> Path | None:
    """Where Allure's results go; None when nobody wants them."""
    folder = config.getoption("allure_report_dir", None)
    return Path(folder).absolute() if folder and not config.option.collectonly else None


def _further_marks(config: pytest.Config) -> Callable[[Task], Iterable[pytest.MarkDecorator]]:
    if not _alluredir(config):
        return lambda task: ()
    from pytest_govsite.report import allure

    return lambda task: allure.marks_for(task.edition, task.item, task.rule, task.subject, task.check.doc)


def _attach(config: pytest.Config, request: Request) -> Callable[[Row], None]:
    if not _alluredir(config):
        return lambda row: None
    from pytest_govsite.report import allure

    allure.register(config)
    return lambda row: allure.attach(row, request.results)


def _finish(config: pytest.Config, plan: Plan) -> Callable[[Sequence[Row]], None]:
    """What reporters do at the end, with the rows that no item reported."""
    ends = [end for end in (_allure_end(config, plan), _junit_end(config)) if end]

    def finish(lost: Sequence[Row]) -> None:
        for end in ends:
            end(lost)

    return finish


def _junit_end(config: pytest.Config) -> Callable[[Sequence[Row]], None] | None:
    if not config.getoption("xmlpath", None) or config.option.collectonly:
        return None
    junit = JUnit(config, row_of)
    config.pluginmanager.register(junit, "govsite-junit")
    return junit.finish


def _allure_end(config: pytest.Config, plan: Plan) -> Callable[[Sequence[Row]], None] | None:
    folder = _alluredir(config)
    if not folder:
        return None
    from pytest_govsite.report import allure

    def finish(lost: Sequence[Row]) -> None:
        tables = {edition.id: edition for _, edition in plan.pairs}
        docs = {check.id: check.doc for check in plan.checks.values()}
        allure.write_lost(folder, lost, plan.subjects.values(), tables.values(), docs)
        allure.write_environment(folder, max(plan.as_of.values()), tables, len(plan.as_of), plan.request.seed)

    return finish
