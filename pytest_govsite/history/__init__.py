"""The history: availability samples, past inspections, first-seen dates; SQLite by default, PostgreSQL by URL.

`open_history()` gives a `History`. Importing this package does not import SQLAlchemy (a second of everybody's pytest
start): that happens when a history is opened, or when the class `History` is asked for.
"""
from typing import TYPE_CHECKING

from pytest_govsite.history.nouns import Day, HistoryError, Inspected, Merged, Survey, Tidied
from pytest_govsite.history.opening import default_place, open_history

if TYPE_CHECKING:
    from pytest_govsite.history.store import History

__all__ = [
    "Day", "History", "HistoryError", "Inspected", "Merged", "Survey", "Tidied", "default_place", "open_history",
]


def __getattr__(name: str) -> object:
    if name != "History":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pytest_govsite.history.store import History

    return History
