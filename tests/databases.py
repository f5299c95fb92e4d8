"""A real PostgreSQL server of the tests' own: the distribution's programs, a temporary folder, a loopback port."""
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import servers

USER, PASSWORD = "govsite", "p@ss:w/rd"
QUICK = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "", "max_connections": "100", "log_min_messages": "fatal",
}
ABSENT = (
    "PostgreSQL is not installed (no initdb in PATH or /usr/lib/postgresql/*/bin): the history is tested with SQLite "
    "only; the distribution's package is called postgresql"
)


@dataclass(frozen=True)
class Server:
    """A running server; port on 127.0.0.1."""

    port: int

    def url(self, database: str = "postgres", password: str = "p%40ss%3Aw%2Frd") -> str:
        """How users write it."""
        return f"postgresql://{USER}:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple]:
        """Runs one statement as the superuser; its rows."""
        import psycopg  # conftest.py imports this file: only who needs a server needs the driver

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self) -> Iterator[str]:
        """A new, empty database; its URL."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.run(f"CREATE DATABASE {name}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


def programs() -> Path | None:
    """The folder with initdb and pg_ctl; None when they are not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    return next((folder for folder in folders if (folder / "initdb").exists()), Path(found).parent if found else None)


@contextmanager
def server(**settings: str) -> Iterator[Server]:
    """Starts a server with these settings beside QUICK, and stops it at the end. Skips the test when there is none."""
    folder = programs()
    if folder is None:
        pytest.skip(ABSENT)
    user = _plain_user()
    with tempfile.TemporaryDirectory(prefix="govsite-postgresql-") as home:
        data = Path(home, "data")
        _make(folder, data, user)
        try:
            yield Server(_start(folder, data, user, QUICK | settings))
        finally:
            _call(folder / "pg_ctl", "stop", "-D", data, "-m", "immediate", user=user, check=False)


def _make(folder: Path, data: Path, user: str | None) -> None:
    password = data.with_name("password")
    password.write_text(PASSWORD)
    if user:
        for path in (data.parent, password):
            shutil.chown(path, user)
    _call(
        folder / "initdb", "-D", data, "-U", USER, f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8",
        "--locale=C", "--no-sync", user=user,
    )


def _start(folder: Path, data: Path, user: str | None, settings: dict[str, str]) -> int:
    """The port; another one, should somebody have been quicker."""
    for attempt in range(3):
        port = servers.free_port()
        options = " ".join(f"-c {name}='{value}'" for name, value in (settings | {"port": str(port)}).items())
        start = ("start", "-D", data, "-w", "-t", "60", "-l", data / "log", "-o", options)
        done = _call(folder / "pg_ctl", *start, user=user, check=attempt == 2)
        if done.returncode == 0:
            return port
    raise AssertionError("unreachable")


def _plain_user() -> str | None:
    """initdb refuses to run as root."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _call(*command, user: str | None, check: bool = True) -> subprocess.CompletedProcess:
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    done = subprocess.run(
        [*map(str, command)], user=user, env=env, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=120,
    )
    if check and done.returncode:
        raise AssertionError(f"{command[0]} failed:\n{done.stdout}")
    return done
