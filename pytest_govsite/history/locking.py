"""One sampler at a time for a history and a vantage; the lock dies with its process."""
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import text

from pytest_govsite.history.database import Database
from pytest_govsite.history.faults import plain_errors
from pytest_govsite.history.nouns import HistoryError
from pytest_govsite.history.words import digest_of


@contextmanager
def only_sampler(database: Database, vantage: str) -> Iterator[None]:
    """Keeps other samplers of this vantage out. Raises HistoryError when one is at work."""
    if database.read_only:
        raise HistoryError(f"历史库 {database.place}：打开时说好只读，不能写")
    lock = _file_lock(database.file, vantage) if database.file else _server_lock(database, vantage)
    with lock as taken:
        if not taken:
            raise HistoryError(f"历史库 {database.place}：另一个采样进程正以采样点“{vantage}”的名义写入，同时只能有一个；本次未开始")
        yield


@contextmanager
def _file_lock(file: Path, vantage: str) -> Iterator[bool]:
    """The system lets go of it when the process ends, however it ends."""
    name = digest_of(vantage).to_bytes(8, "big", signed=True).hex()
    lock = FileLock(file.with_name(f"{file.name}.{name}.lock"), thread_local=False)
    try:
        yield _acquired(lock, str(file))
    finally:
        lock.release()


def _acquired(lock: FileLock, place: str) -> bool:
    with plain_errors(place):
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return False
    return True


@contextmanager
def _server_lock(database: Database, vantage: str) -> Iterator[bool]:
    """The server lets go of it when the connection ends, as it does with the process."""
    with plain_errors(database.place):
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with plain_errors(database.place):
            connection.execute(text("SET tcp_keepalives_idle = 30"))  # a machine that vanished is given up soon
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": digest_of(vantage)}).scalar()
        yield taken
    finally:
        connection.invalidate()  # closes it: back in the pool it would keep the lock
        connection.close()
