"""Histories of older and newer versions of this program: brought up to date in place, or refused."""
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from history_samples import DAY, FIRST, LAST, at_version, cut, day_of_visits, failed, inspected, looking_inside, sample, write
from sqlalchemy import insert, text, update

from pytest_govsite.history import HistoryError, open_history
from pytest_govsite.history.migrating import KNOWN, SCRIPTS, VERSION
from pytest_govsite.history.schema import HEAD, METADATA, SAMPLES, VERSION_TABLE, WORDS


def old_rows(connection, *samples) -> None:
    """Writes them as version 1 did, without a mark."""
    from pytest_govsite.history import samples as room
    from pytest_govsite.history.words import Memory, Session

    numbers = Session(connection, Memory()).numbers(room._words(samples))
    connection.execute(insert(SAMPLES), [room._to_row(each, numbers) for each in samples])


def test_a_history_of_the_first_version_is_brought_up_to_date(history_place):
    old = [*day_of_visits("a", DAY, slots=3), failed("b")]
    old = [replace(each, round="old") for each in old]
    at_version(history_place, "1")
    database = open_database_as_it_is(history_place)
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        old_rows(connection, *old)
    database.close()
    with pytest.raises(HistoryError, match="旧版本"):
        open_history(history_place, read_only=True)
    with open_history(history_place) as history:
        assert history.samples("a", FIRST, LAST) == tuple(map(cut, old[:3])) and history.samples("b", DAY, DAY) == (cut(old[3]),)
        assert history.tidy(DAY + timedelta(days=1)).days == 2, "days of before are rolled up as well"
        history.record(inspected())
        assert history.inspections() and write(history, old[0]) == 0


def open_database_as_it_is(place):
    """Without bringing it up to date."""
    from pytest_govsite.history.database import _postgresql, _sqlite

    return _postgresql(place, False) if "://" in str(place) else _sqlite(place, False)


def test_migrations_make_the_tables_that_the_code_uses(history_place):
    open_history(history_place).close()
    scripts = ScriptDirectory(str(SCRIPTS))
    assert scripts.get_current_head() == HEAD == KNOWN[-1]
    assert {script.revision for script in scripts.walk_revisions()} == set(KNOWN)
    with looking_inside(history_place) as connection:
        options = {"compare_type": True, "version_table": VERSION_TABLE}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []
        for table in METADATA.sorted_tables:
            inspected_key = connection.dialect.get_pk_constraint(connection, table.name)["constrained_columns"]
            assert inspected_key == [column.name for column in table.primary_key], table.name
        if connection.dialect.name == "sqlite":
            made = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all())
            assert {name for name, sql in made.items() if "WITHOUT ROWID" in sql} >= {"govsite_samples", "govsite_days"}


def test_a_history_of_a_newer_version_is_refused(history_place):
    with open_history(history_place) as history:
        write(history, sample())
    with looking_inside(history_place) as connection:
        connection.execute(update(VERSION).values(version_num="77"))
    for read_only in (True, False):
        with pytest.raises(HistoryError, match="更新版本.*第 77 版.*请升级") as caught:
            open_history(history_place, read_only=read_only)
        assert "\n" not in str(caught.value)


def test_a_reason_that_only_a_newer_program_knows_reads_as_none(history_place):
    """The visit still counts, and its detail is there."""
    with open_history(history_place) as history:
        write(history, failed())
    with looking_inside(history_place) as connection:
        connection.execute(update(WORDS).values(text="brand-new").where(WORDS.c.text == "timeout"))
    with open_history(history_place) as history:
        assert history.samples("xuanhan", DAY, DAY) == (cut(failed(reason=None)),)


def test_a_ledger_that_only_a_newer_program_knows_is_told(history_place, monkeypatch):
    from pytest_govsite import rows

    with open_history(history_place) as history:
        monkeypatch.setattr(rows, "SCHEMA", 99)
        history.record(inspected())
        monkeypatch.undo()
        with pytest.raises(HistoryError, match="demo 的检查结果.*更新版本.*请升级"):
            history.inspections("demo")
