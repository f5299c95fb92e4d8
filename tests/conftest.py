"""Fixtures that several test files share."""
import os
import tempfile

import databases
import faked
import pytest
import towns


@pytest.fixture(scope="session", autouse=True)
def own_history():
    """No test writes into the history of whoever runs the tests; each process of a run has one of its own.

    A fixture, for inspections in a clone (`pytest --site=…`) load this file as well and have none of its tests.
    """
    with tempfile.TemporaryDirectory(prefix="govsite-history-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVSITE_HISTORY", os.path.join(folder, "history.sqlite3"))
        yield


@pytest.fixture
def project(pytester, monkeypatch):
    """A folder with checks of its own, a table of every outcome and an invented collector, see faked.py."""
    faked.set_up(pytester, monkeypatch)
    return pytester


@pytest.fixture(scope="module")
def inspect(tmp_path_factory):
    """Inspects invented sites on loopback, see towns.py."""
    inspector = towns.Inspector(tmp_path_factory.mktemp("results"))
    yield inspector
    inspector.close()


@pytest.fixture(scope="session")
def postgresql():
    """A real PostgreSQL server, see databases.py."""
    with databases.server() as server:
        yield server


@pytest.fixture(params=("sqlite", "postgresql"))
def history_place(request, tmp_path):
    """Where a new history goes: a path, or the URL of an empty database; a test that asks for it runs on both."""
    if request.param == "sqlite":
        yield tmp_path / "history" / "history.sqlite3"
    else:
        with request.getfixturevalue("postgresql").database() as url:
            yield url
