"""From an item to its verdict, in the process that inspects the site."""
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pytest

from pytest_govsite import __version__, exemptions, outcomes
from pytest_govsite.checking import Check
from pytest_govsite.collecting import RuleItem
from pytest_govsite.dossier import Dossier, Meta
from pytest_govsite.embedded import Worlds
from pytest_govsite.gather.settings import Settings
from pytest_govsite.judging import applicable, judge, judge_missing, judge_raised, silenced
from pytest_govsite.model.evidence import Evidence
from pytest_govsite.model.finding import Finding, Observation, Undetermined
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.patience import Patience
from pytest_govsite.planning import Plan, Task
from pytest_govsite.report import junit
from pytest_govsite.rows import Row
from pytest_govsite.shortening import TooLong, cut_short

PROPERTY = "govsite"
PUBLICATIONS = ("leaders", "annual_reports", "releases", "submissions")  # read from the columns; not every edition asks
WHOLE = "columns"  # gathered where more than some rules were asked for
WEEK = "week"  # for every later judgement under another table (CONTRACT ruling 6): begun early, for an outage takes two minutes
GRACE_SECONDS = 30  # the collector keeps its own deadline; this one is for a collector that died
CHECK_SECONDS = 60  # checks reckon, they wait for nobody


class Gatherer(Protocol):
    """What hands out evidence: gather.collector.Collector, dossier.Archive, or a test's own."""

    def want(self, site: Site, kind: str) -> Future: ...

    def ahead(self, site: Site, kinds: tuple[str, ...]) -> None: ...

    def finish(self, site: Site) -> None: ...

    def close(self) -> None: ...


Upcoming = Callable[[RuleItem], Iterable[Subject]]
MakeGatherer = Callable[[Callable[[Site], Settings], Path], Gatherer]


@dataclass
class Desk:
    """What is known of one subject while it is judged. `resumed`: another process gathered for it in this run."""

    subject: Subject
    resumed: bool = False
    evidence: dict[str, Evidence | Missing] = field(default_factory=dict)
    observed: dict[tuple, tuple[Observation, ...] | Exception] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)


class Inspection:
    """Judges the tasks of a plan in this process.

    make_gatherer  makes the collector, when the first piece of evidence is wanted and not before.
    run            names this run, see Dossier.begin.
    patience       knows how long a site may keep us; None: as the plan says.
    """

    def __init__(self, plan: Plan, make_gatherer: MakeGatherer, run: str, patience: Patience | None = None) -> None:
        self._plan = plan
        self._patience = patience or Patience(plan.settings.site_deadline)
        self._make_gatherer = make_gatherer
        self._run = run
        self._gatherer: Gatherer | None = None
        self._dossier = Dossier(plan.request.results)
        self._desks: dict[str, Desk] = {}
        self._worlds = Worlds()
        self._needs: Mapping[str, tuple[str, ...]] = {}

    def expect(self, tasks: Iterable[Task]) -> None:
        """Says what this process may have to judge: only evidence for that is gathered ahead."""
        needs: dict[str, dict[str, None]] = {}
        for task in tasks:
            needs.setdefault(task.subject.id, {}).update(dict.fromkeys(task.needs))
        for kinds in needs.values():
            kinds |= {WEEK: None} if WHOLE in kinds else {}
        self._needs = {site: tuple(kinds) for site, kinds in needs.items()}

    def ahead(self, subjects: Iterable[Subject]) -> None:
        """Starts on the subjects that come next."""
        for subject in subjects:
            with suppress(Exception):  # whatever is wrong there is told when its turn comes
                self._desk(subject)

    def verdict(self, task: Task) -> Verdict:
        """The verdict on one task. Errors of ours and of a check are verdicts too (undetermined, tool)."""
        try:
            desk = self._desk(task.subject)
            if task.name not in desk.verdicts:
                desk.verdicts[task.name] = self._judge(desk, task)
            return desk.verdicts[task.name]
        except Exception as error:
            return judge_raised(error)

    def leave(self, subject: Subject) -> None:
        """Gives back what is held for a subject, whose last task is done."""
        with suppress(Exception):  # the verdicts are out: what else could have been stored is no reason to stop
            self._complete(subject)
        self._desks.pop(subject.id, None)
        if self._gatherer:
            with suppress(Exception):  # what cannot be given back now is given back at the end
                self._gatherer.finish(subject)
        self._worlds.close(subject.id)

    def _complete(self, subject: Subject) -> None:
        """Stores what other editions ask for as well, so that the evidence can be judged again under any of them.

        Not where only some rules were asked for, and what a crawl has made cheap: no page is opened twice.
        """
        desk = self._desks.get(subject.id)
        if desk and WHOLE in desk.evidence and not self._plan.request.rejudge:
            for kind in (*PUBLICATIONS, WEEK):
                self._evidence(desk, kind)

    def close(self) -> None:
        """Ends everything that runs for this inspection. The verdicts are out: no failure here may change them."""
        if self._gatherer:
            with suppress(Exception):
                self._gatherer.close()
        self._worlds.close_all()

    def _desk(self, subject: Subject) -> Desk:
        if subject.id not in self._desks:
            desk = self._open(subject)
            self._desks[subject.id] = desk
            kinds = tuple(kind for kind in self._needs.get(subject.id, ()) if not self._recall(desk, kind))
            if kinds:
                self._collector().ahead(subject, kinds)
        return self._desks[subject.id]

    def _open(self, subject: Subject) -> Desk:
        if archive := self._plan.request.rejudge:
            self._dossier.copy_from(Dossier(archive), subject.id)
            return Desk(subject)
        meta = Meta(subject, self._plan.as_of[subject.id], self._plan.seeds[subject.id], __version__, self._run)
        fresh = self._dossier.begin(meta)
        if self._needs.get(subject.id):
            self._worlds.open(subject, meta.as_of)
        return Desk(subject, resumed=not fresh)

    def _judge(self, desk: Desk, task: Task) -> Verdict:
        settled = applicable(task.edition, task.item, task.rule, task.subject) or self._silenced(task)
        if settled:
            return settled
        if task.check.evidence and not isinstance(task.subject, Site):
            raise Undetermined("新媒体账号没有网页证据，须由检查人员核定", Blame.PERSON)
        values = {kind: self._evidence(desk, kind) for kind in task.check.evidence}
        if missing := task.check.stopped_by(values):
            return judge_missing(missing)
        seen = self._exempted(task, self._observe(desk, task, values))
        return judge(task.item, task.rule, task.subject, seen, task.as_of)

    def _silenced(self, task: Task) -> Verdict | None:
        parent = self._plan.tasks.get(task.parent) if task.parent else None
        return silenced(self.verdict(parent), parent.rule) if parent else None

    def _observe(self, desk: Desk, task: Task, values: Mapping[str, object]) -> tuple[Observation, ...]:
        """Calls the check, once for all rules that ask the same of it."""
        thresholds = {**task.check.thresholds, **dict(task.rule.with_)}
        key = task.check.id, repr(sorted(thresholds.items()))
        if key not in desk.observed:
            desk.observed[key] = _call(task.check, {**values, **self._context(task)}, thresholds)
        if isinstance(desk.observed[key], Exception):
            raise desk.observed[key]
        return desk.observed[key]

    def _context(self, task: Task) -> dict[str, object]:
        context = {"site": task.subject, "as_of": task.as_of, "calendar": self._plan.calendar}
        return {name: context[name] for name in task.check.context}

    def _exempted(self, task: Task, observed: tuple[Observation, ...]) -> tuple[Observation, ...]:
        findings = [each for each in observed if isinstance(each, Finding)]
        others = [each for each in observed if not isinstance(each, Finding)]
        return *exemptions.apply(self._plan.exemptions, task.subject.id, task.rule.key, findings), *others

    def _evidence(self, desk: Desk, kind: str) -> Evidence | Missing:
        if kind not in desk.evidence and not self._recall(desk, kind):
            desk.evidence[kind] = value = self._gather(desk.subject, kind)
            if not self._plan.request.rejudge:
                self._dossier.store(desk.subject.id, kind, value)
        return desk.evidence[kind]

    def _recall(self, desk: Desk, kind: str) -> bool:
        """Takes what another process of this run gathered before it died; what it could not get is tried again."""
        value = self._dossier.load(desk.subject.id, kind) if desk.resumed else None
        if value is None or isinstance(value, Missing):
            return False
        desk.evidence[kind] = value
        return True

    def _gather(self, subject: Subject, kind: str) -> Evidence | Missing:
        began = time.monotonic()
        wanted = self._collector().want(subject, kind)
        while (left := self._patience.left(subject.id, began) + GRACE_SECONDS) > 0:
            try:
                return wanted.result(left)
            except TimeoutError:
                if wanted.done():
                    break
                continue  # it may have waited for its turn meanwhile
            except CancelledError:
                return Missing(Reason.NOT_REACHED, kind)
        return Missing(Reason.DEADLINE, kind)

    def _collector(self) -> Gatherer:
        if self._gatherer is None:
            self._gatherer = self._make_gatherer(self._settings, self._plan.request.results)
        return self._gatherer

    def _settings(self, site: Site) -> Settings:
        return self._worlds.settings(site, self._plan.settings)


def _call(check: Check, values: Mapping[str, object], thresholds: Mapping[str, object]) -> tuple | Exception:
    try:
        with cut_short(CHECK_SECONDS):
            return check.function(**values, **thresholds)
    except TooLong:
        return Undetermined(f"检查 {check.id} 运行超过 {CHECK_SECONDS} 秒，已中止", Blame.TOOL)
    except Exception as error:
        return error


class Running:
    """Hooks of the process that runs items: each ends with its row, as one JSON line among its report's properties.

    upcoming_in  from the collected session to a function that tells which subjects follow an item's own here.
    attach       what further reporters want to do with a finished row, while its test is running.
    """

    def __init__(
        self, inspection: Inspection, upcoming_in: Callable[[pytest.Session], Upcoming], attach: Callable[[Row], None],
    ) -> None:
        self._inspection = inspection
        self._upcoming_in = upcoming_in
        self._attach = attach
        self._upcoming: Upcoming = lambda item: ()
        self._rows: dict[RuleItem, Row] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._inspection.expect(item.task for item in session.items if isinstance(item, RuleItem))
        self._upcoming = self._upcoming_in(session)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        result = yield
        if isinstance(item, RuleItem):
            self._rows.pop(item, None)
            if not isinstance(nextitem, RuleItem) or nextitem.task.subject is not item.task.subject:
                self._inspection.leave(item.task.subject)
        return result

    def perform(self, item: RuleItem) -> None:
        """Judges the item and raises what pytest is to report."""
        began = time.monotonic()
        self._inspection.ahead((item.task.subject, *self._upcoming(item)))
        verdict = self._inspection.verdict(item.task)
        self._rows[item] = row = _row(item.task, verdict, time.monotonic() - began)
        self._attach(row)
        outcomes.express(row, item.task.rule)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
        report = yield
        # on one phase only, and never on teardown: properties ride on every later phase and would count twice
        if isinstance(item, RuleItem) and (report.when == "call" or report.when == "setup" and not report.passed):
            row = self._rows.get(item) or _row(item.task, _stopped(call))
            told = junit.properties(row)
            item.user_properties += told  # for the teardown, whose properties pytest writes
            report.user_properties += [*told, (PROPERTY, row.to_line())]
        return report

    def pytest_sessionfinish(self) -> None:
        self._inspection.close()


def _row(task: Task, verdict: Verdict, took: float = 0.0) -> Row:
    return Row.of(task.subject, task.edition, task.item, task.rule, verdict, task.as_of, took)


def _stopped(call: pytest.CallInfo) -> Verdict:
    """Something other than judging ended the item: a time limit, a mark or a hook of another plugin."""
    words = str(call.excinfo.value).strip().partition("\n")[0] if call.excinfo else ""
    return Verdict(Outcome.UNDETERMINED, blame=Blame.TOOL, reason=f"被其他插件中止：{words or '没有说明'}"[:200])
