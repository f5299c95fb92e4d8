"""Fixtures that several test files share."""
import faked
import pytest
import towns


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
