"""The one writer of a run: plan on disk, rows as they come, scorecards, history, summary, gate.

It knows nothing of where rows come from: pytest's reports (bookkeeping.py), or inspections elsewhere (sweeping/).
"""
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from pytest_govsite import __version__, checking
from pytest_govsite.baseline import baseline_keys
from pytest_govsite.gating import gate
from pytest_govsite.housekeeping import Housekeeping
from pytest_govsite.ledger import Ledger, LedgerError, write_scorecards
from pytest_govsite.planning import Plan, Task
from pytest_govsite.remembering import Remembering
from pytest_govsite.report.progress import Progress
from pytest_govsite.report.terminal import summary
from pytest_govsite.rows import Row
from pytest_govsite.scoring import Scorecard, score

SHOWN = 6


@dataclass(frozen=True)
class Duties:
    """What those who share the books' news ask for.

    unready  what this machine lacks to gather kinds of evidence, as one sentence; "" for nothing.
    watch    makes the Progress that hears of every row, once the terminal is ready.
    finish   what further reporters do at the end, under the ledger's lock, with all rows of the run.
    """

    unready: Callable[[frozenset[str]], str]
    watch: Callable[[], Progress]
    finish: Callable[[Sequence[Row]], None]


class Books:
    """Plan, ledger, scorecards and gate of one run; the run's only writer.

    memory  what takes the run over into the history.
    here    the folder in which the user stands: results are named relative to it.

    Raises pytest.UsageError when the baseline cannot be read.
    """

    def __init__(self, plan: Plan, duties: Duties, memory: Remembering, here: Path) -> None:
        self._plan = plan
        self._duties = duties
        self._memory = memory
        self._here = here
        self._progress: Progress | None = None
        self._house = Housekeeping(plan)
        self._baseline = baseline_keys(plan)
        self._ledger: Ledger | None = None
        self._planned: frozenset[str] = frozenset()
        self._judged: set[str] = set()
        self._awaited: Counter[str] = Counter()
        self._overview = ""
        self.scorecards: list[Scorecard] = []
        self.rows: list[Row] = []

    def open(self, tasks: Sequence[Task]) -> None:
        """Puts the plan of these tasks on disk, before the first site is opened. Once; nothing for no tasks.

        Raises pytest.UsageError when this machine lacks what the plan needs, or the results folder is none of ours.
        """
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
        self._progress = self._duties.watch()
        self._progress.expect(planned)

    def event(self, site_id: str, kind: str, state: str, seconds: float) -> None:
        """Word from a collector, from any thread."""
        if self._progress:
            self._progress.event(site_id, kind, state, seconds)

    def record(self, task: Task, row: Row) -> None:
        """Takes over a finished row. The first word on a rule is the last: a crash later changes nothing.

        Raises LedgerError or OSError for a disk that is full or gone.
        """
        if self._ledger is None or task.name not in self._planned or task.name in self._judged:
            return
        self._judged.add(task.name)
        self._ledger.record(row)
        self._house.row(row)
        self._progress.row(row)
        self._awaited[row.site] -= 1
        if not self._awaited[row.site]:
            self._memory.site(task.subject)
            self._house.site(row.site)

    def close(self) -> None:
        """Every ending comes here: scorecards, ledger and history as far as the run came. Safe to repeat.

        Raises LedgerError or OSError for a disk that is full or gone.
        """
        if self._progress:
            self._progress.close()
        if self._ledger:
            self._close()
        elif not self._plan.tasks:  # --resume found everything finished
            self._score(self._plan.kept)

    def met(self) -> bool:
        """Is the gate met by what was found?"""
        home = {(task.edition.id, task.rule.key) for task in self._plan.tasks.values() if "home" in task.check.evidence}
        return gate(self._plan.request.gate, self.scorecards, self.rows, self._baseline, home or None)

    def head(self) -> list[str]:
        """Who is inspected, by what, when: lines to stand above the run."""
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
            f"govsite 检查日期：{_few(list(days))}；抽样种子：{_few(list(seeds))}；结果目录：{self.shown_results}",
        ]

    def tell(self, write: Callable[[str], None], width: int, colour: bool) -> None:
        """Writes the summary line by line; nothing while there is no scorecard."""
        if not self.scorecards:
            return
        subjects, editions = zip(*self._plan.pairs, strict=True)
        summary(
            write, self.scorecards, self.rows, subjects, editions, self.shown_results, width=width, colour=colour,
        )
        if self._overview:
            write(self._overview)
        if self._memory.trouble:
            write(f"本次检查没有记入历史，结论不受影响：{self._memory.trouble}")
        if self._house.line:
            write(self._house.line)

    @cached_property
    def shown_results(self) -> Path:
        """The results folder, as the user would name it."""
        results = self._plan.request.results
        return results.relative_to(self._here) if results.is_relative_to(self._here) else results

    def _refuse_unready(self, tasks: Iterable[Task]) -> None:
        kinds = frozenset(kind for task in tasks for kind in task.needs)
        if kinds and not self._plan.request.rejudge:
            if lack := self._duties.unready(kinds):
                raise pytest.UsageError(lack)

    def _close(self) -> None:
        """Scorecards first, under the ledger's lock, then the ledger for good."""
        rows = self._ledger.rows
        try:
            self._score((*rows, *self._plan.kept))
            write_scorecards(self._ledger.folder, self.scorecards, {row.site for row in rows}, self._plan.finished)
            self._house.close()  # before the reporters, who show what is there
            self._overview = self._write_overview(self._ledger.folder)
            self._duties.finish(rows)
        finally:
            self._ledger.close()
        self._memory.close(rows, self.scorecards)

    def _write_overview(self, folder: Path) -> str:
        """What the summary says of the page. It sums up what stands in other files: without it the run is as good."""
        from pytest_govsite.report import overview  # with all that draws pages: no start has to wait for it

        subjects, editions = zip(*self._plan.pairs, strict=True)
        try:
            overview.write(folder, subjects, editions, seconds=overview.SECONDS_AT_THE_END)
        except (LedgerError, OSError) as error:
            return f"总览页没有写成，结论不受影响：{error}"
        return f"总览 {self.shown_results / overview.OVERVIEW}"

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


def _few(names: list[str]) -> str:
    return "、".join(names[:SHOWN]) + (f" 等 {len(names)} 个" if len(names) > SHOWN else "")
