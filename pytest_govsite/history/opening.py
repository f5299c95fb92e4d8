"""Where the history is, and how it is opened."""
import os
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    from pytest_govsite.history.store import History

VARIABLE = "GOVSITE_HISTORY"


def default_place() -> Path:
    """The SQLite file in the user's data folder; nobody has to name it."""
    return platformdirs.user_data_path("govsite", appauthor=False) / "history.sqlite3"


def open_history(place: str | Path | None = None, read_only: bool = False) -> "History":
    """The history at a path or a URL postgresql://…; None: where GOVSITE_HISTORY says, else the default place.

    Makes folders, file and tables, brings those of an older version up to date. `read_only` creates nothing: what is
    not there yet reads as an empty history.

    Raises HistoryError when it is out of reach, no history of ours, or made by a newer version.
    """
    from pytest_govsite.history.database import open_database
    from pytest_govsite.history.store import History

    return History(open_database(place or os.environ.get(VARIABLE) or default_place(), read_only))
