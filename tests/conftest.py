"""Fixtures that several test files share."""
import faked
import pytest


@pytest.fixture
def project(pytester, monkeypatch):
    """A folder with checks of its own, a table of every outcome and an invented collector, see faked.py."""
    faked.set_up(pytester, monkeypatch)
    return pytester
