"""What a run leaves in the history: the visits that it made, which articles it saw, its ledgers."""
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pytest_govsite.dossier import Dossier
from pytest_govsite.history import HistoryError, Inspected, open_history
from pytest_govsite.model.availability import Week
from pytest_govsite.model.columns import Columns, Headlines
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.options import DEMOS, SHANGHAI
from pytest_govsite.planning import Plan
from pytest_govsite.rows import NOT_REACHED, Row
from pytest_govsite.scoring import Scorecard

if TYPE_CHECKING:
    from pytest_govsite.history import History


class Remembering:
    """The one writer's way into the history. What cannot be written is told once, in `trouble`, and costs nothing else.

    run  names this run, as the dossiers do.
    """

    def __init__(self, plan: Plan, run: str) -> None:
        self._plan = plan
        self._run = run
        self._dossier = Dossier(plan.request.results)
        self._history: "History | None" = None
        self._seen: set[str] = set()
        self.trouble = ""

    def site(self, subject: Subject) -> None:
        """Takes over what this run gathered of a real site, once; nothing while that is not on disk."""
        if subject.id in self._seen or not self._is_looked_at(subject):
            return
        week = self._dossier.load(subject.id, "week")
        if isinstance(week, Week) and week.round:
            self._write(lambda history: history.write_round(week.round, week.now))
            self._seen.add(subject.id)
        if urls := tuple(self._articles(subject)):
            self._write(lambda history: history.see(subject.id, urls, _now()))

    def close(self, rows: Iterable[Row], scorecards: Sequence[Scorecard]) -> None:
        """Takes over the ledgers of this run, and what is left of the sites, at its end."""
        for subject in self._plan.subjects.values():
            self.site(subject)
        grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            grouped[row.site, row.edition].append(row)
        for card in scorecards:
            own = grouped.get((card.site, card.edition), ())
            if any(_is_reached(row) for row in own):
                self._write(lambda history, card=card, own=own: history.record(self._inspected(card, own)))
        if self._history:
            self._history.close()

    def _is_looked_at(self, subject: Subject) -> bool:
        """Not an embedded one, nor one that is only judged again; and its dossier is of this run."""
        if not isinstance(subject, Site) or subject.id in DEMOS or self._plan.request.rejudge:
            return False
        meta = self._dossier.read_meta(subject.id)
        return bool(meta and meta.run == self._run)

    def _articles(self, subject: Subject) -> Iterator[str]:
        headlines, columns = (self._dossier.load(subject.id, kind) for kind in ("headlines", "columns"))
        listings = [headlines.listing] if isinstance(headlines, Headlines) else []
        listings += [column.listing for column in columns.columns] if isinstance(columns, Columns) else []
        yield from dict.fromkeys(article.url for listing in listings for article in listing.articles)

    def _inspected(self, card: Scorecard, rows: Sequence[Row]) -> Inspected:
        """An inspection that ended early is as partial as one of some rules: faults that it lacks may be there."""
        partial = card.partial or not all(map(_is_reached, rows))
        return Inspected(self._run, card.site, card.edition, card.as_of, _now(), partial, card.to_json(), tuple(rows))

    def _write(self, write: Callable[["History"], object]) -> None:
        if self.trouble:
            return
        try:
            self._history = self._history or open_history(self._plan.request.history)
            write(self._history)
        except HistoryError as error:
            self.trouble = str(error)


def _is_reached(row: Row) -> bool:
    return row.reason != NOT_REACHED.reason


def _now() -> datetime:
    return datetime.now(SHANGHAI)
