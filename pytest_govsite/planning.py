"""The plan of a run: who is inspected under which edition. What a user got wrong is found here, before all else."""
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pytest

from pytest_govsite import checking, demo, editions, exemptions, holidays, options, sites
from pytest_govsite.checking import Check
from pytest_govsite.dossier import Dossier, Meta
from pytest_govsite.gather.board import shared_board, usual_folder
from pytest_govsite.gather.control import read_places
from pytest_govsite.gather.entries import read_entries
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.way import Way
from pytest_govsite.judging import applicable, planned
from pytest_govsite.ledger import LEDGER, read_rows, read_scorecards
from pytest_govsite.model.edition import Edition, Item, Rule
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.options import DEMOS, Request
from pytest_govsite.rows import Row
from pytest_govsite.windows import PUBLISHED, Calendar

DEFAULT_EDITION = "gb2019"
BESIDE_CRAWL_SECONDS = 360  # for all other evidence of a site
SHARE_OF_CRAWL = 0.4  # of a site's time, where the user named no other


@dataclass(frozen=True, slots=True)
class Task:
    """One rule of one edition to be judged for one subject, by one check."""

    subject: Subject
    edition: Edition
    item: Item
    rule: Rule
    check: Check
    as_of: date

    @property
    def name(self) -> str:
        """How pytest calls it: `<site>/<edition>/<rule>`."""
        return f"{self.subject.id}/{self.edition.id}/{self.rule.key}"

    @property
    def needs(self) -> tuple[str, ...]:
        """Kinds of evidence that have to be gathered; none for an account, or when the edition exempts the site."""
        exempt = applicable(self.edition, self.item, self.rule, self.subject) or not isinstance(self.subject, Site)
        return () if exempt else self.check.evidence

    @property
    def parent(self) -> str | None:
        """Name of the task whose fault silences this one (ruling 4)."""
        return f"{self.subject.id}/{self.edition.id}/{self.item.id}.{self.rule.parent}" if self.rule.parent else None


@dataclass(frozen=True)
class Plan:
    """All tasks of a run by name, in the order in which they are judged: site by site, as the editions print them.

    checks  by the file that holds them.
    pairs   subject and edition of every scorecard, also of those that an earlier run finished.
    kept    the rows of that earlier run (--resume): they stay as they are.
    calendar  holidays and make-up days for windows of workdays.
    """

    request: Request
    settings: Settings
    checks: Mapping[Path, Check]
    pairs: tuple[tuple[Subject, Edition], ...]
    tasks: Mapping[str, Task]
    as_of: Mapping[str, date]
    seeds: Mapping[str, int]
    exemptions: tuple = ()
    kept: tuple[Row, ...] = ()
    calendar: Calendar = PUBLISHED

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        """Who is inspected now, by id, in order."""
        return {task.subject.id: task.subject for task in self.tasks.values()}

    @cached_property
    def by_check(self) -> dict[str, list[Task]]:
        """The tasks of each check."""
        found: dict[str, list[Task]] = {}
        for task in self.tasks.values():
            found.setdefault(task.check.id, []).append(task)
        return found

    @cached_property
    def finished(self) -> frozenset[tuple[str, str]]:
        """Site and edition of what is kept."""
        return frozenset((row.site, row.edition) for row in self.kept)

    def named(self, nodeid: str) -> Task | None:
        """The task behind a node id of pytest; None for a test that is none of ours."""
        return self.tasks.get(nodeid.partition("::")[2])


def draw_plan(request: Request, files: Iterable[Path]) -> Plan:
    """Reads sites, editions, exemptions and the checks in these files, and says what is to be done.

    Raises pytest.UsageError with what is wrong, where, and what would be right.
    """
    try:
        return _plan(request, read_checks(files))
    except (ImportError, ValueError) as error:  # the errors of sites, editions, exemptions and ledger are ValueErrors
        raise pytest.UsageError(str(error)) from error


def _plan(request: Request, files: Mapping[Path, Check]) -> Plan:
    checks = {check.id: check for check in files.values()}
    settings = settings_of(request)
    metas = _stored(request)
    file = sites.load(request.sites_file) if request.sites_file else None
    subjects = [meta.subject for meta in metas.values()] if metas else list(subjects_of(request, file, settings.as_of))
    as_of = {subject.id: metas[subject.id].as_of if metas else settings.as_of for subject in subjects}
    seeds = {subject.id: metas[subject.id].seed if metas else settings.seed_for(subject.id) for subject in subjects}
    pairs = tuple((subject, editions.load(name)) for subject in subjects for name in edition_names(request, subject))
    kept = tuple(_finished(request, as_of)) if request.resume else ()
    done = {(row.site, row.edition) for row in kept} | request.finished
    tasks = [
        _task(subject, edition, item, rule, checks, as_of[subject.id])
        for subject, edition in pairs if (subject.id, edition.id) not in done
        for item, rule in planned(edition, subject)
    ]
    known = [*subjects, *(file.subjects if file else ())]
    allowed = _exemptions(request, known, [edition for _, edition in pairs], max(as_of.values()))
    named = {task.name: task for task in tasks}
    calendar = calendar_of(request)
    return Plan(request, settings, files, pairs, named, as_of, seeds, allowed, kept, calendar)


def settings_of(request: Request) -> Settings:
    """How sites are to be looked at. Raises ValueError for a value that cannot be used."""
    chosen = {"crawl_pages": request.crawl_pages, "crawl_seconds": request.crawl_seconds, "vantage": request.vantage}
    settings = Settings(
        as_of=request.as_of or options.today(), seed=request.seed, resolve=request.resolve,
        nameserver=request.nameserver, contact=request.contact, ca_file=request.ca_file, history=request.history,
        **{name: value for name, value in chosen.items() if value},
    )
    settings = replace(settings, **_times(request, settings))
    shared_board(usual_folder())  # refuses a folder that others could have laid out
    Way(settings.resolve, settings.nameserver)  # refuses what cannot be an entry or a name server
    read_places(settings.canaries)  # as well as hosts that GOVSITE_CONTROL names wrongly
    return settings


def _times(request: Request, usual: Settings) -> dict[str, float]:
    """Seconds for a site, and for the search for its columns, which ends by itself before the whole is cut off."""
    crawl = request.crawl_seconds or usual.crawl_seconds
    whole = request.site_seconds or max(usual.site_deadline, crawl + BESIDE_CRAWL_SECONDS * bool(request.crawl_seconds))
    return {"site_deadline": float(whole), "crawl_seconds": request.crawl_seconds or min(crawl, whole * SHARE_OF_CRAWL)}


def calendar_of(request: Request) -> Calendar:
    """By which days workdays are counted. Raises ValueError for a file of holidays that is wrong."""
    return holidays.load(request.calendar) if request.calendar else PUBLISHED


def read_checks(files: Iterable[Path]) -> dict[Path, Check]:
    """The check in each file. ImportError for a file without one, or an id that stands twice."""
    found: dict[Path, Check] = {}
    ids: dict[str, Path] = {}
    for path in files:
        check = checking.read_check(path)
        if check.id in ids:
            raise ImportError(f"{path}：检查 {check.id} 在 {ids[check.id]} 里已经有了，请换一个名字")
        found[path], ids[check.id] = check, path
    return found


def subjects_of(request: Request, file: sites.SitesFile | None, day: date) -> Iterator[Subject]:
    """Who is to be inspected, each once, in order. Raises ValueError for a name, or a group, of nobody."""
    everybody = file.subjects if file and not request.sites else ()
    chosen = everybody or [_named(text, file, day) for text in request.sites]
    groups = sorted({subject.group for subject in chosen if subject.group})
    chosen = [subject for subject in chosen if request.group in (None, subject.group)]
    if request.group and not chosen:
        raise ValueError(f"--site-group：没有 {request.group!r} 这一组，现有 {'、'.join(groups) or '（都没有分组）'}")
    if not chosen:
        raise ValueError(f"{request.sites_file} 里一个网站也没有")
    for subject in {subject.id: subject for subject in chosen}.values():
        read_entries(getattr(subject, "resolve", ()))
        yield subject


def _named(text: str, file: sites.SitesFile | None, day: date) -> Subject:
    if text in DEMOS:
        return demo.World(day, clean=DEMOS[text]).site
    return sites.named(text, file)


def _stored(request: Request) -> dict[str, Meta]:
    """The dossiers to be judged again; none when this is no --rejudge."""
    if not request.rejudge:
        return {}
    metas = {meta.subject.id: meta for meta in Dossier(request.rejudge).metas()}
    if not metas:
        raise ValueError(f"--rejudge：{request.rejudge} 里没有存档的证据")
    if unknown := [text for text in request.sites if text not in metas]:
        raise ValueError(f"--rejudge：存档里没有 {'、'.join(unknown)}，有的是 {'、'.join(metas)}")
    return {id: metas[id] for id in request.sites} or metas


def edition_names(request: Request, subject: Subject) -> tuple[str, ...]:
    """Under which tables the subject is judged."""
    return tuple(dict.fromkeys(request.editions or subject.editions or (DEFAULT_EDITION,)))


def _task(subject: Subject, edition: Edition, item: Item, rule: Rule, checks: Mapping[str, Check], as_of: date) -> Task:
    if rule.check not in checks:
        raise ValueError(f"指标表 {edition.id} 的 {rule.key} 要用检查 {rule.check}，可是没有这个检查")
    if unknown := dict(rule.with_).keys() - checks[rule.check].thresholds.keys():
        raise ValueError(f"指标表 {edition.id} 的 {rule.key}：检查 {rule.check} 没有参数 {'、'.join(sorted(unknown))}")
    return Task(subject, edition, item, rule, checks[rule.check], as_of)


def _finished(request: Request, as_of: Mapping[str, date]) -> Iterator[Row]:
    """The rows that need not be found again: of a whole scorecard of the same date, with no row spoilt by us."""
    if not (request.results / LEDGER).is_file():
        return
    cards = read_scorecards(request.results)
    whole = {
        (card["site"], card["edition"]) for card in cards
        if card["as_of"] == str(as_of.get(card["site"])) and not card.get("partial")
    }
    rows = [row for row in read_rows(request.results) if (row.site, row.edition) in whole]
    spoilt = {(row.site, row.edition) for row in rows if row.blame is Blame.TOOL}
    yield from (row for row in rows if (row.site, row.edition) not in spoilt)


def _exemptions(request: Request, subjects: list[Subject], tables: list[Edition], as_of: date) -> tuple:
    """The file may speak of every site of the sites file, whatever this run is about."""
    if not request.exemptions:
        return ()
    file = sites.load(request.sites_file) if request.sites_file else None
    known = {subject.id: subject for subject in (*(file.subjects if file else ()), *subjects)}
    used = {edition.id: edition for edition in tables}
    return exemptions.load(request.exemptions, tuple(known.values()), tuple(used.values()), as_of)
