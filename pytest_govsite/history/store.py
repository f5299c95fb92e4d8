"""The history as the rest of the program knows it; each method is one transaction, threads may share it."""
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from typing import Self

from pytest_govsite.history import inspections, locking, merging, rounds, samples, surveying, tidying
from pytest_govsite.history.database import Database
from pytest_govsite.history.nouns import Day, Inspected, Merged, Survey, Tidied
from pytest_govsite.model.availability import Round, Sample, Usual


class History:
    """Availability samples, past inspections and first-seen dates. Made by `open_history`; close it, or use `with`.

    Every method raises HistoryError when the database fails; nothing is half written then. What is written is there for
    good when the method returns. Texts are kept up to 2,000 characters, without NUL and half surrogates; times to the
    millisecond, and read back in China's zone.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Gives the connections back."""
        self._database.close()

    @property
    def place(self) -> str:
        """Path or URL for people, without password."""
        return self._database.place

    def write_round(self, round: Round, samples_: Iterable[Sample]) -> int:
        """Writes a round with its samples, all or nothing; how many samples were new.

        A second sample of the same vantage, site, day, slot, slots, family and kind is ignored. One without vantage or
        round gets those of this round.
        """
        return self.write_rounds([(round, samples_)])

    def write_rounds(self, taken: Iterable[tuple[Round, Iterable[Sample]]]) -> int:
        """Writes many rounds at once, as `write_round` does each: all of them or nothing."""
        taken = [(round, _named(round, samples_)) for round, samples_ in taken]
        with self._database.writing() as session:
            rounds.add_rounds(session, [round for round, _ in taken])
            return samples.add_samples(session, [sample for _, mine in taken for sample in mine])

    def samples(self, site: str, first: date, last: date) -> tuple[Sample, ...]:
        """All of these days, both included, by time: every vantage, kind and family."""
        with self._database.reading() as session:
            return samples.samples_of(session, site, first, last)

    def rounds(self, first: date, last: date, vantages: Collection[str] = ()) -> tuple[Round, ...]:
        """Those that began on these days, both included, by time; of these vantages only, when some are named."""
        with self._database.reading() as session:
            return rounds.rounds_of(session, first, last, vantages)

    def taken(self, day: date, vantage: str) -> frozenset[tuple[str, int]]:
        """Which (site, slot) have a row of kind visit."""
        with self._database.reading() as session:
            return samples.taken(session, day, vantage)

    def slots(self, day: date, vantage: str) -> dict[str, tuple[datetime, ...]]:
        """The saved plan: when each site is due, in order."""
        with self._database.reading() as session:
            return rounds.slots(session, day, vantage)

    def save_slots(self, day: date, vantage: str, plan: Mapping[str, Sequence[datetime]]) -> None:
        """Adds the sites that the day's plan lacks; never changes those it has."""
        with self._database.writing() as session:
            rounds.save_slots(session, day, vantage, plan)

    def usual(self, site: str, before: datetime, family: int = 4) -> Usual | None:
        """Median bytes and commonest title of the last 20 open visits before a time; None when there is none."""
        with self._database.reading() as session:
            return samples.usual(session, site, before, family)

    def record(self, inspected: Inspected) -> None:
        """Writes an inspection; one of the same run, site and edition is replaced."""
        with self._database.writing() as session:
            inspections.record(session, inspected)

    def inspections(
        self, site: str | None = None, edition: str | None = None, limit: int | None = None, rows: bool = True
    ) -> tuple[Inspected, ...]:
        """Newest first; of one site, of one edition, at most so many, when given. `rows`: with the rows of the ledgers."""
        with self._database.reading() as session:
            return inspections.inspections_of(session, site, edition, limit, rows=rows)

    def see(self, site: str, urls: Iterable[str], at: datetime) -> None:
        """Notes that these addresses were there at that time; the earliest time of each stays."""
        with self._database.writing() as session:
            inspections.see(session, site, urls, at)

    def first_seen(self, site: str) -> dict[str, datetime]:
        """When each address of the site was first seen."""
        with self._database.reading() as session:
            return inspections.first_seen(session, site)

    def merge(self, other: "History") -> Merged:
        """Takes over everything of the other history that is new here, all or nothing; plans are no one else's business."""
        with other._database.reading() as theirs, self._database.writing() as ours:
            return merging.merge(ours, theirs, other.place)

    def days(self, site: str, first: date, last: date) -> tuple[Day, ...]:
        """The days of a site, both included, by day, vantage and family; they outlive the samples."""
        with self._database.reading() as session:
            return tidying.days_of(session, site, first, last)

    def survey(self) -> Survey:
        """What there is: sites, reach, size, who is writing."""
        return surveying.survey(self._database)

    def tidy(self, today: date) -> Tidied:
        """Rolls up the days that are over; deletes visits and rounds older than 13 months, plans older than 14 days.

        Many short transactions, so that samplers need not wait; ended in between, the next call goes on.
        """
        limits, days, gone = tidying.Limits.on(today), 0, 0
        while rolled := self._alone(tidying.roll_up, limits):
            days += rolled
        with self._database.reading() as session:
            groups = tidying.some_sites(session)
        for sites in groups:
            gone += self._alone(tidying.delete_samples, sites, limits)
        return Tidied(days, gone, *self._alone(tidying.delete_rest, limits))

    def writing(self, vantage: str) -> AbstractContextManager[None]:
        """The sampler's lock: HistoryError when another process samples from this vantage. It dies with its process."""
        return locking.only_sampler(self._database, vantage)

    def _alone(self, work, *arguments):
        with self._database.writing(alone=True) as session:
            return work(session, *arguments)


def _named(round: Round, samples_: Iterable[Sample]) -> list[Sample]:
    return [
        sample if sample.vantage and sample.round
        else replace(sample, vantage=sample.vantage or round.vantage, round=sample.round or round.id)
        for sample in samples_
    ]
