"""Workers that do not come to an end with a site are killed, with all that they started."""
import os
import signal
import threading
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Protocol

import psutil

from pytest_govsite.gather.offspring import kill_family
from pytest_govsite.patience import Patience

LOOK_SECONDS = 1.0
LEAVE_SECONDS = 8.0  # that workers have to close their browsers when a run is interrupted


class Scheduling(Protocol):
    """What is asked of distributing.SiteScheduling, from another thread."""

    def work_of(self) -> dict[object, tuple[str, float]]: ...

    def end(self, unit: str) -> None: ...


class Overdue:
    """Looks at the workers every second, in a thread of its own: xdist's loop waits for word from them.

    sites: the units that are sites; for others, tests of the user's own, there is no limit.
    """

    def __init__(self, scheduling: Scheduling, patience: Patience, sites: Collection[str]) -> None:
        self._scheduling = scheduling
        self._patience = patience
        self._sites = sites
        self._closed = threading.Event()
        threading.Thread(target=self._watch, name="govsite-overdue", daemon=True).start()

    def close(self) -> None:
        """Looks no more."""
        self._closed.set()

    def look(self) -> None:
        """Once. What is left of the site is given up when xdist hears that its worker is gone."""
        for worker, (unit, since) in self._scheduling.work_of().items():
            if unit in self._sites and self._patience.left(unit, since) <= 0:
                self._scheduling.end(unit)
                kill_family(pid_of(worker))

    def _watch(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            self.look()


def pid_of(worker) -> int:
    """xdist asks its gateway for that as soon as it is open, and keeps the answer."""
    return worker.gateway._rinfo().pid


def dismiss(workers: Collection[int]) -> None:
    """Asks workers, by their process ids, to end at once, and sees to it, in a thread, that they do."""
    processes = [process for pid in workers if (process := _process(pid))]
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(signal.SIGINT)
    threading.Thread(target=_see_off, args=(processes,), name="govsite-dismissing").start()


def _see_off(processes: Sequence[psutil.Process]) -> None:
    _, staying = psutil.wait_procs(processes, timeout=LEAVE_SECONDS)
    for process in staying:
        kill_family(process.pid)


def _process(pid: int) -> psutil.Process | None:
    """None when it is gone, or somebody else's who was given its number."""
    try:
        process = psutil.Process(pid)
        return process if process.ppid() == os.getpid() else None
    except psutil.Error:
        return None
