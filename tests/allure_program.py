"""Where the npm package `allure` is, for tests that build a report."""
import os
import shutil
from pathlib import Path

import pytest

PEERS = Path(__file__).parents[1] / ".venv/peers"
PLACE = PEERS / "node_modules/.bin/allure"


def found() -> str:
    """The program; skips the test where it is not installed."""
    program = os.environ.get("GOVSITE_ALLURE") or (str(PLACE) if PLACE.exists() else None)
    if not program or not shutil.which(program):
        pytest.skip("the npm package allure@3 is not installed; where there is npm: make allure")
    return program
