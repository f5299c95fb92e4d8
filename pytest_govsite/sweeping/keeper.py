"""Keeps one inspection: starts it in a process group of its own, watches time and memory, ends all of it from outside.

A program: `python keeper.py`, with one line of JSON on its standard input, see `Task`. It ends what it started when the
line "stop" follows; also when the input ends: then whoever started it is dead, and the folder is removed as well. It prints
one line of JSON: {"ending": "done" | "time" | "memory" | "stop" | "orphan", "status": exit status, "seconds": …}.

On Linux orphans below it become its children: a browser that left the process group is found all the same.
"""
import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil

TICK_SECONDS = 0.2
WEIGHING_SECONDS = 1.0
ENDING_SECONDS = 10
SUBREAPER, DEATH_SIGNAL = 36, 1  # PR_SET_CHILD_SUBREAPER and PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True)
class Task:
    """What is run in which folder; its output goes to the file `output` there.

    Limits: seconds of wall clock, bytes of memory of all its processes together. Time counts from the last change in the
    folder `waits`, too: there the inspection says that it waits for its turn, see patience.py.
    """

    command: list[str]
    folder: str
    output: str
    seconds: float
    memory: int
    waits: str = ""


class Ended(Exception):
    """The inspection must end now; carries the word for it."""


def main() -> None:
    """Runs until the inspection has come to its end, whichever that is."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _on_signal)
    task = Task(**json.loads(_line()))
    _control(SUBREAPER, 1)
    began = time.monotonic()
    process = _start(task)
    try:
        ending = _watch(process, task, began)
    except Ended as end:
        ending = str(end)
    _end_all(process)
    if ending == "orphan":
        shutil.rmtree(task.folder, ignore_errors=True)
    with suppress(BrokenPipeError):
        print(json.dumps({"ending": ending, "status": process.returncode, "seconds": time.monotonic() - began}), flush=True)


def _on_signal(*_) -> None:
    raise Ended("stop")


def _line() -> bytes:
    """The first line of the input, and not a byte more: select() must see what follows."""
    line = b""
    while not line.endswith(b"\n") and (byte := os.read(0, 1)):
        line += byte
    return line


def _start(task: Task) -> subprocess.Popen:
    with open(os.path.join(task.folder, task.output), "wb") as output:
        return subprocess.Popen(
            task.command, cwd=task.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=_die_with_parent,
        )


def _die_with_parent() -> None:
    _control(DEATH_SIGNAL, signal.SIGKILL)


def _control(what: int, value: int) -> None:
    """prctl(2); other systems have no such thing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(what, int(value), 0, 0, 0)


def _watch(process: subprocess.Popen, task: Task, began: float) -> str:
    """Waits for the end that the inspection comes to by itself. Raises Ended for any other."""
    weighed = began
    while process.poll() is None:
        now = time.monotonic()
        if now - began > task.seconds and now - _waited(task) > task.seconds:
            return "time"
        if now - weighed > WEIGHING_SECONDS:
            weighed = now
            if _weigh(task.memory) > task.memory:
                return "memory"
        if select.select([0], [], [], TICK_SECONDS)[0]:
            raise Ended("stop" if os.read(0, 100) else "orphan")
    return "done"


def _waited(task: Task) -> float:
    """When it last said that it waits, by time.monotonic(); long ago, when it never did."""
    said = os.scandir(task.waits) if task.waits else ()
    return max((entry.stat().st_mtime for entry in said), default=float("-inf"))


def _weigh(limit: int) -> int:
    """Bytes of memory of all processes below. What they share is divided among them only where that may matter: it costs."""
    below = psutil.Process().children(recursive=True)
    resident = sum(_size(process, "memory_info", "rss") for process in below)
    if resident <= limit or sys.platform != "linux":
        return resident
    return sum(_size(process, "memory_full_info", "pss") for process in below)


def _size(process: psutil.Process, method: str, name: str) -> int:
    try:
        return getattr(getattr(process, method)(), name)
    except psutil.AccessDenied:  # a browser's sandbox hides what its processes share
        return process.memory_info().rss
    except psutil.Error:  # it has just ended
        return 0


def _end_all(process: subprocess.Popen) -> None:
    """Kills the inspection, then whatever is left below, until nothing is."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    until = time.monotonic() + ENDING_SECONDS
    while (left := psutil.Process().children(recursive=True)) and time.monotonic() < until:
        for each in left:
            with suppress(psutil.Error):
                each.kill()
        psutil.wait_procs(left, timeout=1)


if __name__ == "__main__":
    main()
