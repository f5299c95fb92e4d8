"""Brings a history's tables to the version this program knows, whoever else does so at the same moment."""
from contextlib import nullcontext
from pathlib import Path
from threading import Lock

from filelock import FileLock
from sqlalchemy import Connection, Engine, MetaData, Table, Text, Column, inspect, select, text

from pytest_govsite.history.nouns import HistoryError
from pytest_govsite.history.schema import APPLICATION_ID, HEAD, VERSION_TABLE

KNOWN = ("1", "2")
VERSION = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))
MIGRATORS_TURN = 7311_0500_0002  # an advisory lock of PostgreSQL
SCRIPTS = Path(__file__).parent / "migrations"

_one_at_a_time = Lock()  # Alembic keeps the running migration in a global


def version_of(engine: Engine, place: str, file: Path | None) -> str | None:
    """The version of the tables; None when there are none yet. HistoryError when they are another program's, or too new."""
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        version = connection.execute(select(VERSION)).scalar() if VERSION_TABLE in tables else None
    if file and tables and version is None:
        raise HistoryError(f"历史库 {place}：这是另一个程序的 SQLite 数据库，请换一个路径")
    if version not in (None, *KNOWN):
        raise HistoryError(
            f"历史库 {place}：由更新版本的 govsite 写成（第 {version} 版，本机只认得第 {HEAD} 版），请升级 pytest-govsite"
        )
    return version


def upgrade(engine: Engine, place: str, file: Path | None, version: str | None, read_only: bool) -> None:
    """Makes the tables, or brings those of an older version up to date, all or nothing; what is up to date is left alone."""
    if version == HEAD:
        return
    if read_only:
        raise HistoryError(f"历史库 {place}：是旧版本写成的（第 {version} 版），请先用 govsite history 打开一次，它会自动升级")
    # not every lock of a new SQLite file waits its turn (the change to WAL does not), so a file of ours makes it
    turn = FileLock(f"{file}.lock", timeout=600) if file else nullcontext()
    with _one_at_a_time, turn:
        if file:
            _prepare_file(engine)
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            if not file:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATORS_TURN})
            _run(connection)


def _prepare_file(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")  # readers and the one writer do not wait for each other
        cursor.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        cursor.close()
    finally:
        connection.close()


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, "head")
