"""Fixtures that several test files share, and the order of the files.

Inspections in a clone (`pytest --site=…`) load this file as well: what only tests need is imported by the fixtures.
"""
import gc
import os
import tempfile

import pytest

# whole files go to workers in this order: what takes a minute begins first, so that no worker is left alone with it at the end;
# what waits stands beside what computes
LONG = (
    "test_gather_search.py", "test_sampler.py", "test_wheel.py", "test_demo.py", "test_distributing.py", "test_demo_upkeep.py",
    "test_demo_endings.py", "test_gather.py", "test_sweep.py", "test_sweep_endings.py", "test_docs_ci.py", "test_crawl.py",
    "test_gather_accounts.py", "test_gather_engines.py", "test_gather_links.py", "test_history_processes.py",
)
# of these, what `make slow` runs and `make test` leaves out: every kind of search and login, deadlines that really pass, whole
# inspections of the demo and its twin, one for each fault of upkeep, ends of whole runs and sweeps, an installed wheel
SLOW = (
    "test_gather_search.py", "test_sampler.py", "test_wheel.py", "test_distributing.py", "test_demo_endings.py", "test_sweep.py",
    "test_sweep_endings.py", "test_docs_ci.py", "test_history_processes.py", "test_demo_upkeep.py", "test_gather_accounts.py",
    "test_demo.py", "test_gather.py",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: in a file that takes a minute; `make slow` runs these, `make test` all others")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of long files first, all others as they were. Slow ones are marked before -m is looked at."""
    order = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path.name, len(LONG)))
    for item in items:
        if item.path.name in SLOW:
            item.add_marker("slow")


def pytest_collection_finish() -> None:
    """What ten thousand tests are made of is there until the end: the collector of garbage need not look through it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def own_history():
    """No test writes into the history of whoever runs the tests; each process of a run has one of its own.

    A fixture, for inspections in a clone must keep the history of their user and run none of these tests.
    """
    with tempfile.TemporaryDirectory(prefix="govsite-history-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOVSITE_HISTORY", os.path.join(folder, "history.sqlite3"))
        yield


@pytest.fixture
def project(pytester, monkeypatch):
    """A folder with checks of its own, a table of every outcome and an invented collector, see faked.py."""
    import faked

    faked.set_up(pytester, monkeypatch)
    return pytester


@pytest.fixture(scope="module")
def inspect(tmp_path_factory):
    """Inspects invented sites on loopback, see towns.py."""
    import towns

    inspector = towns.Inspector(tmp_path_factory.mktemp("results"))
    yield inspector
    inspector.close()


@pytest.fixture(scope="session")
def postgresql():
    """A real PostgreSQL server, see databases.py."""
    import databases

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
