"""What the history knows of one site, as a small SQLite file that travels with its inspection."""
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pytest_govsite.history import open_history
from pytest_govsite.model.availability import DAYS, SHANGHAI, Round, Sample

if TYPE_CHECKING:
    from pytest_govsite.history import History

NAME = "history.sqlite3"
REACHES = (DAYS, 92, 400)  # days: a site that is seldom visited has its usual home page further back
FAMILIES = (4, 6)


class Pasts:
    """Takes the pasts of sites out of a history. Raises HistoryError when it cannot be read."""

    def __init__(self, place: str | None, as_of: date) -> None:
        self._history = open_history(place, read_only=True)
        self._as_of = as_of
        self._empty = _made(lambda history: None)

    def of(self, site_id: str) -> bytes:
        """A history of this site's visits and of the rounds in which they were made; an empty one when it has none."""
        now = datetime.now(SHANGHAI)
        usual = [self._history.usual(site_id, now, family) for family in FAMILIES]
        samples = self._samples(site_id, now, REACHES[0])
        if not samples and not any(usual):
            return self._empty  # it costs little, and to make its tables would take the inspection a second
        for days in REACHES:
            samples = self._samples(site_id, now, days)
            past = _made(lambda small, samples=samples: _fill(small, self._rounds(samples), samples), self._empty)
            if self._says_usual(past, site_id, now) == usual:
                break
        return past

    def close(self) -> None:
        """Gives the history back."""
        self._history.close()

    def _samples(self, site_id: str, now: datetime, days: int) -> tuple[Sample, ...]:
        return self._history.samples(site_id, self._as_of - timedelta(days=days), now.date())

    def _rounds(self, samples: Sequence[Sample]) -> tuple[Round, ...]:
        """Those of the week, by which its places are weighed, and of later visits."""
        last = max((sample.at.astimezone(SHANGHAI).date() for sample in samples), default=self._as_of)
        places = {sample.vantage for sample in samples}
        return self._history.rounds(self._as_of - timedelta(days=DAYS), max(last, self._as_of), places) if places else ()

    def _says_usual(self, past: bytes, site_id: str, now: datetime) -> list:
        found = []
        _made(lambda small: found.extend(small.usual(site_id, now, family) for family in FAMILIES), past)
        return found


def _made(work, start: bytes = b"") -> bytes:
    """The file of a history after some work on it."""
    with TemporaryDirectory(prefix="govsite-past-") as folder:
        place = Path(folder, NAME)
        if start:
            place.write_bytes(start)
        with open_history(place) as history:
            work(history)
        return place.read_bytes()


def _fill(history: "History", rounds: Sequence[Round], samples: Sequence[Sample]) -> None:
    """Samples keep the names of their rounds; one that is no more known is not made up for the week."""
    history.write_rounds([(round, ()) for round in rounds])
    if samples:
        long_ago = samples[0].at - timedelta(days=max(REACHES))
        history.write_round(Round("of-samples", samples[0].vantage, long_ago, long_ago), samples)
