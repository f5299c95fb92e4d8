"""What hosts of others have answered to any site of a sweep: one small file beside the results, shared by all processes.

Every site of a city links to the same hundred addresses. A verdict is kept for some hours and for the same network only
(--resolve, --nameserver and the like); a file that cannot be read or written costs nothing but the trying.
"""
import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.tried import Tried

NAME = Path("cache", "links.sqlite3")
HOURS = 3.0
WAIT_SECONDS = 2.0  # for another process that writes
FIRM = ("ok", "wall", "dead")
TABLE = """CREATE TABLE IF NOT EXISTS links (
    world TEXT, url TEXT, at REAL, state TEXT, why TEXT, final_url TEXT, odd TEXT, confirmed INTEGER, PRIMARY KEY (world, url)
)"""
AT_ONCE = 500  # addresses in one question


class KnownLinks:
    """Verdicts by address. `folder`: the results folder. Its calls block for milliseconds: use a thread."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._path = Path(folder) / NAME
        self._world = _world(settings)

    def read(self, urls: Iterable[str]) -> dict[str, Tried]:
        """What is known of these addresses, from no longer ago than HOURS."""
        try:
            return self._read(list(urls)) if self._path.exists() else {}
        except sqlite3.Error as error:
            self._give_up(error)
            return {}

    def write(self, found: dict[str, Tried]) -> None:
        """Keeps what is firm of it."""
        firm = {url: tried for url, tried in found.items() if tried.state in FIRM}
        try:
            if firm:
                self._write(firm)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def _read(self, urls: list[str]) -> dict[str, Tried]:
        known: dict[str, Tried] = {}
        since = time.time() - HOURS * 3600
        with closing(self._open()) as database:
            for start in range(0, len(urls), AT_ONCE):
                some = urls[start: start + AT_ONCE]
                marks = ",".join("?" * len(some))
                rows = database.execute(
                    "SELECT url, state, why, final_url, odd, confirmed FROM links"
                    f" WHERE world = ? AND at > ? AND url IN ({marks})", (self._world, since, *some),
                )
                known |= {url: Tried(*rest, bool(confirmed)) for url, *rest, confirmed in rows if rest[0] in FIRM}
        return known

    def _write(self, firm: dict[str, Tried]) -> None:
        self._make()
        now = time.time()
        rows = [
            (self._world, url, now, tried.state, tried.why, tried.final_url, tried.odd, int(tried.confirmed))
            for url, tried in firm.items()
        ]
        with closing(self._open()) as database, database:
            database.execute("DELETE FROM links WHERE at < ?", (now - HOURS * 3600,))
            database.executemany("INSERT OR REPLACE INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _open(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=WAIT_SECONDS)
        database.execute("PRAGMA synchronous = OFF")  # a cache: what a power cut takes is asked again
        return database

    def _make(self) -> None:
        """Puts the file there whole: two who turn one file into WAL at once would lock each other out."""
        if self._path.exists():
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._path.parent) as folder:
            made = Path(folder, self._path.name)
            with closing(sqlite3.connect(made)) as database, database:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute(TABLE)
            with suppress(FileExistsError):
                os.link(made, self._path)

    def _give_up(self, error: Exception) -> None:
        """A file that is none of ours, or broken, is thrown away; one that is busy is left alone."""
        broken = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
        if broken or "no such table" in str(error):
            for end in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)


def _world(settings: Settings) -> str:
    """What the answers depend on beside the address: the day, how names are resolved, what certificates are believed."""
    parts = (settings.as_of, settings.resolve, settings.nameserver, settings.nat, settings.trusted, settings.ca_file, settings.agent)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
