"""The history that a command reads, and the names by which users call what is in it."""
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self

from pytest_govsite import availability, editions, options, planning, sites
from pytest_govsite.commands.printing import WrongUse
from pytest_govsite.history import HistoryError, Inspected, Survey, open_history
from pytest_govsite.model.availability import DAYS, Sample, Week
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.options import Request
from pytest_govsite.report.wording import plain

if TYPE_CHECKING:
    from pytest_govsite.history import History

FEW = 8


@dataclass(frozen=True)
class Remembered:
    """An open history with all that the user said about what to show of it.

    file    the sites file, for the names of sites; whole: all sites of the file are meant, known to the history or not.
    tables  ids of the tables that were asked for; none: all.
    """

    history: "History"
    request: Request
    file: sites.SitesFile | None
    whole: bool
    tables: frozenset[str]
    as_of: date

    @classmethod
    @contextmanager
    def open(cls, request: Request, whole: bool = False) -> Iterator[Self]:
        """Opens the history for reading.

        Raises ValueError when there is none, or nothing in it; for a wrong sites file, or a table that does not exist.
        """
        file = sites.load(request.sites_file) if request.sites_file else None
        tables = frozenset(editions.load(name).id for name in request.editions)
        with _reading(request.history) as history:
            remembered = cls(history, request, file, whole, tables, request.as_of or options.today())
            if not remembered.survey.sites:
                raise WrongUse(
                    f"历史库 {history.place} 里还没有记录：govsite sample --sites=网站清单 采样，或用 pytest --site=… 检查之后才有"
                )
            yield remembered

    @cached_property
    def survey(self) -> Survey:
        """What the history holds."""
        return self.history.survey()

    @property
    def place(self) -> str:
        """Where the history is, without password."""
        return self.history.place

    def subjects(self) -> list[Subject]:
        """Those named with --site; else those of the sites file or group that was named; else all that the history knows.

        Raises ValueError for a name of nobody.
        """
        if self.request.sites:
            return list({subject.id: subject for subject in map(self._named, self.request.sites)}.values())
        known = self._in_file()
        if self.request.group:
            chosen = [subject for subject in known.values() if subject.group == self.request.group]
            if not chosen:
                raise WrongUse(f"--site-group：没有 {self.request.group!r} 这一组")
            return chosen
        if self.whole:
            return [subject for subject in known.values() if isinstance(subject, Site) or subject.id in self.survey.sites]
        return [known.get(id) or self._unlisted(id) for id in self.survey.sites]

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last of the seven days before the day asked for."""
        return self.as_of - timedelta(days=DAYS), self.as_of - timedelta(days=1)

    def samples(self, subject: Subject, today: bool = False) -> tuple[Sample, ...]:
        """All visits to a site on these days; `today`: and on the day asked for."""
        first, last = self.days
        return self.history.samples(subject.id, first, self.as_of if today else last)

    def week(self, subject: Subject) -> Week:
        """The week of a site, with the health of the places from which it was visited."""
        samples = self.samples(subject)
        vantages = {sample.vantage for sample in samples}
        rounds = self.history.rounds(*self.days, vantages) if vantages else ()
        return Week(self.as_of, samples, availability.health_of(rounds, samples), kept=self.place)

    def inspections(self, subject: Subject) -> list[Inspected]:
        """Those under the tables that were asked for, newest first, without the rows of their ledgers."""
        known = self.history.inspections(subject.id, rows=False)
        return [each for each in known if not self.tables or each.edition in self.tables]

    def editions(self, subject: Subject, inspections: Sequence[Inspected]) -> tuple[str, ...]:
        """The tables by which to judge: those asked for, the site's own, those of its inspections, else the usual one."""
        names = self.request.editions or subject.editions or dict.fromkeys(each.edition for each in inspections)
        return tuple(names) or (planning.DEFAULT_EDITION,)

    def _named(self, text: str) -> Subject:
        known = self._in_file()
        subject = known.get(text) or (self._unlisted(text) if text in self.survey.sites else sites.named(text, self.file))
        if subject.id not in self.survey.sites:
            few = "、".join(plain(id, 60) for id in self.survey.sites[:FEW])
            more = f" 等 {len(self.survey.sites)} 个" if len(self.survey.sites) > FEW else ""
            raise WrongUse(f"历史库 {self.place} 里没有网站 {plain(subject.id, 60)}，有的是 {few}{more}")
        return subject

    def _in_file(self) -> dict[str, Subject]:
        return {subject.id: subject for subject in self.file.subjects} if self.file else {}

    def _unlisted(self, id: str) -> Site:
        """A site that no sites file describes: what its last inspection called it."""
        last = self.history.inspections(id, limit=1, rows=False)
        return Site(id, f"http://{id}/", str(last[0].scorecard.get("name") or "") if last else "")


@contextmanager
def _reading(place: str | None) -> Iterator["History"]:
    """The history, untouched; one of an older version is brought up to date first."""
    try:
        history = open_history(place, read_only=True)
    except HistoryError:
        history = open_history(place)  # says what is wrong, when it was not the version
    with history:
        yield history
