"""What lies in a results folder, site by site."""
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pytest_govsite.ledger import LEDGER, read_rows
from pytest_govsite.options import SHANGHAI
from pytest_govsite.rows import NOT_REACHED, Row
from pytest_govsite.storage import objects
from pytest_govsite.storage.contents import Stored, places, stored


@dataclass(frozen=True)
class Shelf:
    """The stored files of one site. day: when it was inspected; named: the pictures that rows name, None where no ledger tells."""

    place: Path
    day: date
    files: tuple[Stored, ...]
    named: frozenset[str] | None

    @property
    def site(self) -> str:
        return self.place.name

    def of(self, *kinds: str) -> list[Stored]:
        """The files of these kinds."""
        return [file for file in self.files if file.kind in kinds]

    def room(self, *kinds: str) -> int:
        """The bytes that these take."""
        return sum(file.room for file in self.of(*kinds))


def read_shelves(folder: Path) -> list[Shelf]:
    """All sites of the folder, by id. LedgerError when the ledger is damaged."""
    rows = _rows(folder)
    return [_shelf(place, rows.get(place.name, []), known=bool(rows)) for place in places(folder)]


def room_besides(folder: Path, shelves: Collection[Shelf]) -> int:
    """The bytes of all that is no site's: ledger, scorecards, reports, cache."""
    inside = {file.path for shelf in shelves for file in shelf.files}
    idle = sum(entry.stat(follow_symlinks=False).st_size for entry in objects.orphans(folder))
    return idle + sum(size for path, size in _walk(folder) if path not in inside and folder / objects.OBJECTS not in path.parents)


def _walk(folder: Path) -> Iterator[tuple[Path, int]]:
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                yield Path(root, name), os.lstat(os.path.join(root, name)).st_size
            except OSError:
                continue  # it has gone meanwhile


def _rows(folder: Path) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    if not (folder / LEDGER).is_file():
        return found
    for row in read_rows(folder):
        found.setdefault(row.site, []).append(row)
    return found


def _shelf(place: Path, rows: list[Row], known: bool) -> Shelf:
    reached = [row.found_at.astimezone(SHANGHAI).date() for row in rows if row.reason != NOT_REACHED.reason]
    shots = {one.shot for row in rows for one in (*row.findings, *row.notes) if one.shot}
    day = max(reached, default=None) or datetime.fromtimestamp(os.lstat(place).st_mtime, SHANGHAI).date()
    return Shelf(place, day, tuple(stored(place)), frozenset(shots) if known else None)
