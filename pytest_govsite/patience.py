"""How long a site may keep the process that inspects it: its time, and whatever it waited for its turn at its address.

Waiting is told again and again while it lasts. Among workers the word goes by a file for each site, whose time of change
is when it was last said, by the clock that all processes of a machine share.
"""
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

WAITING = "waiting"
FOLDER = "GOVSITE_WAITS"  # environment variable: where an inspection without controller says it, for whoever may end it
SAY_SECONDS = 1.0


class Patience:
    """seconds: that a site may take once it waits no more. folder: where other processes write or read of its waiting."""

    def __init__(self, seconds: float, folder: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._folder = folder
        self._clock = clock
        self._last: dict[str, float] = {}

    def hear(self, site_id: str, kind: str, state: str, seconds: float) -> None:
        """An event of the collector, in its thread; all but waiting is passed over."""
        now = self._clock()
        if state == WAITING and now - self._last.get(site_id, float("-inf")) >= SAY_SECONDS:
            self._last[site_id] = now
            self._say(site_id, now)

    def left(self, site_id: str, began: float) -> float:
        """Seconds that a site may go on which this process, or another, began to inspect at `began`."""
        waited = max(self._last.get(site_id, began), self._heard(site_id))
        return max(began, waited) + self.seconds - self._clock()

    def _say(self, site_id: str, now: float) -> None:
        if self._folder:
            with suppress(OSError):  # the controller has gone, and nobody reads it
                (self._folder / site_id).touch()
                os.utime(self._folder / site_id, (now, now))

    def _heard(self, site_id: str) -> float:
        try:
            return (self._folder / site_id).stat().st_mtime if self._folder else float("-inf")
        except OSError:
            return float("-inf")
