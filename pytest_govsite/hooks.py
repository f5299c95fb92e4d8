"""Hooks by which another plugin, or a test, takes part in an inspection."""
from collections.abc import Callable, Collection
from pathlib import Path

import pytest


@pytest.hookspec(firstresult=True)
def pytest_govsite_collector(settings: Callable, folder: Path, on_event: Callable) -> object | None:
    """Makes what gathers evidence in this process, see gather.collector.Collector and running.Gatherer.

    settings  from a site to its gather.settings.Settings; folder: the results folder;
    on_event  to be called as (site id, kind, "start" | "done" | "missing", seconds).
    """


@pytest.hookspec(firstresult=True)
def pytest_govsite_unready(kinds: Collection[str]) -> str | None:
    """What this machine lacks to gather these kinds of evidence, with the remedy, as one sentence; "" for nothing."""
