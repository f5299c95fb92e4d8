"""What people do to a history, and what they are told: one Chinese sentence, nothing lost, no password."""
import os
import sqlite3
import stat
import sys
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from history_samples import DAY, FIRST, LAST, NOON, sample, write
from servers import free_port
from sqlalchemy import event

from pytest_govsite.history import HistoryError, open_history

NOBODY = 65534
PASSWORD = "p%40ss%3Aw%2Frd"


@contextmanager
def as_nobody():
    """Whom permissions mean: root may write everywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder():
    """A folder that everybody may look into; pytest's own are for their owner alone."""
    with tempfile.TemporaryDirectory(prefix="govsite-faults-") as home:
        Path(home).chmod(0o755)
        yield Path(home)


@pytest.fixture
def filled(folder):
    """A history with a visit."""
    place = folder / "h.sqlite3"
    with open_history(place) as history:
        write(history, sample())
    return place


def told(place, read_only=False) -> str:
    """The sentence of a history that cannot be opened, as nobody in particular."""
    with as_nobody(), pytest.raises(HistoryError) as caught, open_history(place, read_only):
        pytest.fail("it was opened")
    sentence = str(caught.value)
    assert sentence.startswith("历史库") and "\n" not in sentence and "Traceback" not in sentence
    return sentence


def everybodys(folder):
    """Permissions are not what is wrong here."""
    folder.chmod(0o777)
    for path in folder.iterdir():
        path.chmod(0o666)


def a_text(folder):
    (folder / "h.sqlite3").write_text("sites = []\n" * 1000)
    everybodys(folder)


def a_few_bytes(folder):
    (folder / "h.sqlite3").write_bytes(b"hello")
    everybodys(folder)


def another_program(folder):
    with sqlite3.connect(folder / "h.sqlite3") as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    everybodys(folder)


def a_folder(folder):
    (folder / "h.sqlite3").mkdir()


def a_file_in_the_way(folder):
    (folder / "h.sqlite3").write_text("")
    return folder / "h.sqlite3" / "below" / "h.sqlite3"


def an_unwritable_folder(folder):
    (folder / "locked").mkdir(mode=0o555)
    return folder / "locked" / "h.sqlite3"


def an_unwritable_parent(folder):
    (folder / "locked").mkdir(mode=0o555)
    return folder / "locked" / "below" / "h.sqlite3"


def a_closed_folder(folder):
    (folder / "closed").mkdir(mode=0o700)
    (folder / "closed" / "h.sqlite3").touch()
    if os.geteuid():
        (folder / "closed").chmod(0)
    return folder / "closed" / "h.sqlite3"


def a_read_only_file(folder):
    open_history(folder / "h.sqlite3").close()
    (folder / "h.sqlite3").chmod(0o444)


def half_overwritten(folder):
    with open_history(folder / "h.sqlite3") as history:
        for number in range(40):
            write(history, sample(at=NOON + timedelta(hours=number), detail=f"{number}" * 500))
    content = (folder / "h.sqlite3").read_bytes()
    (folder / "h.sqlite3").write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    everybodys(folder)


def another_scheme(folder):
    return "mysql://govsite:secret@db/govsite"


def an_at_in_the_password(folder):
    return "postgresql://govsite:sec@ret@db/govsite"


def a_port_that_is_none(folder):
    return "postgresql://govsite:secret@db:secret/govsite"


WRONG_PLACES = {
    a_text: "不是 SQLite 数据库",
    a_few_bytes: "不是 SQLite 数据库",
    another_program: "另一个程序的 SQLite 数据库",
    a_folder: "这是文件夹",
    a_file_in_the_way: "路径中有一段不是文件夹",
    an_unwritable_folder: "权限",
    an_unwritable_parent: "没有权限",
    a_closed_folder: "没有权限",
    a_read_only_file: "没有权限",
    half_overwritten: "文件已损坏",
    another_scheme: "应当是 SQLite 文件的路径，或 postgresql://",
    an_at_in_the_password: "密码中的特殊字符写成 %40",
    a_port_that_is_none: "地址读不懂",
}


@pytest.mark.parametrize(("wrong", "words"), WRONG_PLACES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_place_that_cannot_be(folder, wrong, words):
    place = wrong(folder) or folder / "h.sqlite3"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    sentence = told(place)
    assert words in sentence and "sec" not in sentence
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix == ".sqlite3"}
    assert after.items() <= before.items(), "what was there is left as it was"


@pytest.mark.parametrize("wrong", [a_text, another_program, a_folder, half_overwritten], ids=lambda wrong: wrong.__name__)
def test_a_reader_is_told_the_same(folder, wrong):
    place = wrong(folder) or folder / "h.sqlite3"
    assert WRONG_PLACES[wrong] in told(place, read_only=True)


def no_such_database(server):
    return server.url("absent")


def wrong_password(server):
    return server.url(password="p%40ss-wrong")


def no_password(server):
    return f"postgresql://govsite@127.0.0.1:{server.port}/postgres"


def wrong_user(server):
    return f"postgresql://stranger:p%40ss-wrong@127.0.0.1:{server.port}/postgres"


def nobody_listens(server):
    return f"postgresql://govsite:{PASSWORD}@127.0.0.1:{free_port()}/govsite"


def no_such_socket(server):
    return f"postgresql:///govsite?host=/no/such/folder&password={PASSWORD}"


UNREACHED = {
    no_such_database: "服务器上没有这个数据库，请先用 createdb 建好",
    wrong_password: "用户名或密码不对",
    no_password: "用户名或密码不对",
    wrong_user: "用户名或密码不对",
    nobody_listens: "连不上 PostgreSQL 服务器",
    no_such_socket: "连不上 PostgreSQL 服务器",
}


@pytest.mark.parametrize("read_only", [False, True], ids=["writing", "reading"])
@pytest.mark.parametrize(("wrong", "words"), UNREACHED.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_server_that_does_not_let_us_in(postgresql, wrong, words, read_only):
    sentence = told(wrong(postgresql), read_only)
    assert words in sentence and "ss%3A" not in sentence and "p@ss" not in sentence and "p%40ss" not in sentence


def test_the_place_is_shown_without_password(postgresql):
    with postgresql.database() as url, open_history(url) as history:
        assert history.place == f"postgresql://govsite@127.0.0.1:{postgresql.port}/{url.rpartition('/')[2]}"
        assert PASSWORD not in repr(history) + repr(vars(history))
    with postgresql.database() as url, open_history(url.replace("postgresql://", "postgres://")) as history:
        assert history.place.startswith("postgresql://govsite@")


def test_the_driver_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    sentence = told(f"postgresql://govsite:{PASSWORD}@127.0.0.1/govsite")
    assert "pip install 'pytest-govsite[postgresql]'" in sentence and PASSWORD not in sentence


def test_a_user_who_may_only_read(postgresql):
    """The tables cannot be made; those that are there can be read."""
    with postgresql.database() as url:
        name = url.rpartition("/")[2]
        reader = f"postgresql://reader_{name}:x@127.0.0.1:{postgresql.port}/{name}"
        postgresql.run(f"CREATE ROLE reader_{name} LOGIN PASSWORD 'x'")
        postgresql.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", name)
        assert "没有建表或读写的权限" in told(reader)
        with open_history(url) as history:
            write(history, sample())
        postgresql.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader_{name}", name)
        with open_history(reader) as history:
            assert len(history.samples("xuanhan", DAY, DAY)) == 1
            with pytest.raises(HistoryError, match="没有建表或读写的权限"):
                write(history, sample(at=NOON + timedelta(hours=1)))


def test_a_server_that_restarts_is_found_again(postgresql):
    with postgresql.database() as url, open_history(url) as history:
        write(history, sample())
        postgresql.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.rpartition('/')[2]}'")
        assert len(history.samples("xuanhan", DAY, DAY)) == 1
        with pytest.raises(HistoryError, match="连不上 PostgreSQL 服务器，或者中途断开"), history._database.writing() as session:
            postgresql.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.rpartition('/')[2]}'")
            session.number("词")
        assert write(history, sample(at=NOON + timedelta(hours=1))) == 1


def test_a_medium_that_cannot_be_written_is_read(filled):
    """A copy on a read-only disk: SQLite's own files beside it cannot be made there."""
    filled.chmod(0o444)
    filled.parent.chmod(0o555)
    try:
        assert "没有权限" in told(filled)
        with as_nobody(), open_history(filled, read_only=True) as history:
            assert len(history.samples("xuanhan", FIRST, LAST)) == 1
    finally:
        filled.parent.chmod(0o755)


def test_reading_changes_nothing(filled):
    before, modes = filled.read_bytes(), stat.S_IMODE(filled.stat().st_mode)
    with open_history(filled, read_only=True) as history:
        assert history.samples("xuanhan", DAY, DAY)
    assert filled.read_bytes() == before and stat.S_IMODE(filled.stat().st_mode) == modes


def test_a_file_that_is_full(filled):
    """As many pages as there are: as if the disk had no more."""
    with open_history(filled) as history:
        limit = {"pages": 0}

        @event.listens_for(history._database.engine, "begin")
        def bound(connection):
            pages = limit["pages"] or connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        with pytest.raises(HistoryError, match="磁盘已满；已经写入的记录完好"):
            for number in range(1, 400):
                write(history, sample(at=NOON + timedelta(hours=number), detail=f"{number}" * 400))
        kept = len(history.samples("xuanhan", FIRST, LAST))
        assert kept == len(history.rounds(FIRST, LAST)) and 0 < kept < 399
        limit["pages"] = 100_000
        for number in range(kept, kept + 40):
            assert write(history, sample(at=NOON + timedelta(hours=number), detail=f"{number}" * 400)) == 1
        assert len(history.samples("xuanhan", FIRST, LAST)) == kept + 40


def test_a_writer_that_never_ends_is_not_waited_for_without_end(filled, monkeypatch):
    from pytest_govsite.history import engines

    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.1)
    with open_history(filled) as history, sqlite3.connect(filled, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="另一个程序一直占用着它"):
            write(history, sample(at=NOON + timedelta(hours=1)))
        assert len(history.samples("xuanhan", DAY, DAY)) == 1
        other.execute("ROLLBACK")
        assert write(history, sample(at=NOON + timedelta(hours=1))) == 1
    other.close()


def test_a_migration_that_fails_leaves_nothing(history_place, monkeypatch):
    """Half a set of tables would be another program's the next time."""
    from pytest_govsite.history import migrating

    run = migrating._run

    def broken(connection):
        run(connection)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrating, "_run", broken)
    with pytest.raises(HistoryError, match="磁盘已满"):
        open_history(history_place)
    monkeypatch.undo()
    with open_history(history_place) as history:
        assert write(history, sample()) == 1
