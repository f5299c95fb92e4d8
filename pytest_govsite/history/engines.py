"""Connections to the two databases: how SQLite is told to lose nothing, how PostgreSQL is reached."""
import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from pytest_govsite.history.nouns import HistoryError

BUSY_SECONDS = 60.0     # how long one writer waits for another; a merge may take that long
CONNECT_SECONDS = 10
POOL = {"poolclass": QueuePool, "pool_size": 4, "max_overflow": 28}
KEEPALIVES = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
FORM = "postgresql://用户:密码@主机:端口/库名"
EXTRA = "pip install 'pytest-govsite[postgresql]'"


def sqlite_engine(connect: Callable[[], sqlite3.Connection]) -> Engine:
    """An engine over such connections. A transaction that will write takes its turn at once (execution option `writes`)."""
    engine = create_engine("sqlite://", creator=connect, **POOL)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # the driver's own BEGIN comes late and only for some statements; deferred, two writers would meet half way
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def sqlite_connection(place: Path, mode: str) -> sqlite3.Connection:
    """A connection to a file; mode is rwc (makes it), ro, or immutable (a disk that nobody writes)."""
    query = "immutable=1" if mode == "immutable" else f"mode={mode}"
    connection = sqlite3.connect(
        f"{place.absolute().as_uri()}?{query}", uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")   # in WAL mode: a commit that was answered survives a power cut, too
    connection.execute("PRAGMA cache_size = -65536")  # 64 MB: the youngest page of each site stays in memory
    return connection


def memory_connection(name: str) -> sqlite3.Connection:
    """A connection to a database in memory that those of the same name share."""
    return sqlite3.connect(
        f"file:{name}?mode=memory&cache=shared", uri=True, isolation_level=None, check_same_thread=False
    )


def postgresql_url(place: str) -> URL:
    """The URL as the driver psycopg 3 takes it. Raises HistoryError for what is no such URL."""
    scheme = place.partition("://")[0]
    if scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise HistoryError(f"历史库的地址以 {scheme}:// 开头，读不懂；应当是 SQLite 文件的路径，或 {FORM}")
    try:
        url = make_url(place).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        url = None
    if url is None or "@" in (url.host or ""):  # what is shown of it might be half a password
        raise HistoryError(f"历史库的 PostgreSQL 地址读不懂；应当是 {FORM}，密码中的特殊字符写成 %40 这样的形式")
    return url


def postgresql_engine(url: URL, read_only: bool) -> Engine:
    """An engine for that server; no connection is made yet. Raises HistoryError when the driver is not installed."""
    arguments = {"connect_timeout": CONNECT_SECONDS, "application_name": "govsite", **KEEPALIVES}
    if read_only:
        arguments["options"] = "-c default_transaction_read_only=on"
    try:
        return create_engine(url, connect_args=arguments, pool_pre_ping=True, **POOL)
    except ImportError as error:
        raise HistoryError(f"历史库 {shown(url)}：要用 PostgreSQL，请先安装驱动：{EXTRA}") from error


def shown(url: URL) -> str:
    """The URL for people: no password, wherever it stood, and no further options."""
    host = url.host or url.query.get("host") or ""
    return str(URL.create("postgresql", username=url.username, host=host or None, port=url.port, database=url.database))
