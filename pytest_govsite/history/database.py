"""One history's database: opened, checked, brought up to date; transactions for reading and for writing."""
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Engine, text

from pytest_govsite.history import engines
from pytest_govsite.history.faults import plain_errors
from pytest_govsite.history.migrating import upgrade, version_of
from pytest_govsite.history.nouns import HistoryError
from pytest_govsite.history.schema import METADATA
from pytest_govsite.history.words import Memory, Session

WRITERS_TURN = 7311_0500_0001  # advisory locks of PostgreSQL are numbers that programs agree on
PATIENCE_SECONDS = 10


class Database:
    """An engine and what this process knows of its words.

    place      for people, without password. file: that of SQLite, None for PostgreSQL.
    """

    def __init__(self, engine: Engine, place: str, file: Path | None = None, read_only: bool = False) -> None:
        self.engine, self.place, self.file, self.read_only = engine, place, file, read_only
        self.memory = Memory()
        self.anchor: sqlite3.Connection | None = None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one moment of the history. Raises HistoryError."""
        with plain_errors(self.place), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield Session(connection, self.memory)

    @contextmanager
    def writing(self, alone: bool = False) -> Iterator[Session]:
        """A transaction that is committed at the end, or never was; `alone`: no other writes meanwhile. Raises HistoryError."""
        if self.read_only:
            raise HistoryError(f"历史库 {self.place}：打开时说好只读，不能写")
        with plain_errors(self.place):
            with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                    _take_turn(connection, alone)
                session = Session(connection, self.memory)
                yield session
            self.memory.learn(session.learned)

    def close(self) -> None:
        """Gives all connections back."""
        self.engine.dispose()
        if self.anchor:
            self.anchor.close()


def _take_turn(connection: Connection, alone: bool) -> None:
    if alone:  # whoever waits for this turn holds up those that come after: a long merge must not stop the samplers
        connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_SECONDS}s'"))
    turn = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
    connection.execute(text(f"SELECT {turn}(:key)"), {"key": WRITERS_TURN})


def open_database(place: str | Path, read_only: bool) -> Database:
    """The database of a history, up to date. Raises HistoryError, see opening.py."""
    if "://" in str(place):
        database = _postgresql(str(place), read_only)
    else:
        database = _sqlite(Path(place).expanduser(), read_only)
    try:
        with plain_errors(database.place):
            return _ready(database)
    except BaseException:
        database.close()
        raise


def _ready(database: Database) -> Database:
    version = version_of(database.engine, database.place, database.file)
    if database.read_only and version is None:
        database.close()
        return _empty(database.place)
    upgrade(database.engine, database.place, database.file, version, database.read_only)
    return database


def _postgresql(place: str, read_only: bool) -> Database:
    url = engines.postgresql_url(place)
    return Database(engines.postgresql_engine(url, read_only), engines.shown(url), None, read_only)


def _sqlite(file: Path, read_only: bool) -> Database:
    place = str(file)
    with plain_errors(place):
        if file.is_dir():
            raise HistoryError(f"历史库 {place}：这是文件夹，应当是文件，例如 {file / 'history.sqlite3'}")
        if read_only and not file.exists():
            return _empty(place)
        if not read_only:
            file.parent.mkdir(parents=True, exist_ok=True)
            if file.exists() and not _may_write(file):  # SQLite itself would tell at the first visit
                raise PermissionError(errno.EACCES, "read-only")
        mode = _reading_mode(file) if read_only else "rwc"
    return Database(engines.sqlite_engine(partial(engines.sqlite_connection, file, mode)), place, file, read_only)


def _reading_mode(file: Path) -> str:
    """A reader writes, too: into the two files beside, of which there are none when nobody writes."""
    alone = not file.with_name(f"{file.name}-wal").exists() and not file.with_name(f"{file.name}-shm").exists()
    return "immutable" if alone and not _may_write(file.parent) else "ro"


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _empty(place: str) -> Database:
    """What a history that is not there reads as: tables in memory, without a row."""
    connect = partial(engines.memory_connection, f"govsite-{uuid4().hex}")
    database = Database(engines.sqlite_engine(connect), place, None, read_only=True)
    database.anchor = connect()  # the tables live as long as one connection does
    METADATA.create_all(database.engine)
    return database
