"""Kills workers and browsers at random: one in twenty sites has its worker killed, one in twenty a browser, by seed."""
import random
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import psutil

from pytest_govsite.ledger import JOURNAL, LEDGER
from sweeping.measuring import Meter

SHARE = 0.05
EVERY_SECONDS = 2.0
WORKER = "sys.stdin.readline()"  # how xdist (execnet) starts a worker
KINDS = ("worker", "browser")
ENGINES, BELOW = ("chrom", "firefox", "MiniBrowser"), (" --type=", " -contentproc")


class Disturber:
    """Kills while the `with` lasts.

    progress  how many rows are finished; rows: how many there will be.
    """

    def __init__(self, meter: Meter, progress: Callable[[], int], sites: int, rows: int, seed: int) -> None:
        self.killed: list[str] = []
        self._meter = meter
        self._progress = progress
        self._draw = random.Random(f"chaos:{seed}")
        count = max(1, round(SHARE * sites))
        moments = [(self._draw.uniform(0.02, 0.85) * rows, kind) for kind in KINDS for _ in range(count)]
        self._moments = sorted(moments)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Disturber":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while self._moments and not self._done.wait(EVERY_SECONDS):
            at, kind = self._moments[0]
            if self._progress() >= at and (victims := self._victims(kind)):
                self._moments.pop(0)
                victim = self._draw.choice(sorted(victims, key=lambda process: process.pid))
                self.killed.append(kind)
                try:
                    victim.send_signal(signal.SIGKILL)
                except psutil.Error:
                    continue

    def _victims(self, kind: str) -> list[psutil.Process]:
        return [process for process in self._meter.alive() if _kind_of(process) == kind]


def _kind_of(process: psutil.Process) -> str:
    """worker, browser (its first process, on which all others hang), or nothing of interest."""
    try:
        line = " ".join(process.cmdline())
    except psutil.Error:
        return ""
    if WORKER in line:
        return "worker"
    program = line.partition(" ")[0].rpartition("/")[2]
    engine = any(name in program for name in ENGINES)
    return "browser" if engine and not any(sign in line for sign in BELOW) else ""


def rows_done(results: Path) -> int:
    """How many rows of a run that is under way are finished: the ledger holds all, with `not reached` in the others."""
    done = 0
    for name in (LEDGER, JOURNAL):
        path = results / name
        if path.exists():
            text = path.read_bytes()
            done += text.count(b"\n") - text.count(b'"reason": "not reached"')
    return max(done, 0)
