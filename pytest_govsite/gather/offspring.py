"""Programs that we start ourselves, beside Playwright: each goes when we go, however that happens."""
import ctypes
import hashlib
import os
import shlex
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path

import psutil

from pytest_govsite.gather.board import make_safe

PR_SET_PDEATHSIG = 1  # prctl(2)
LINUX = sys.platform.startswith("linux")
SCRIPT = """#!/bin/sh
exec {python} -S -E -c 'import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9)
os.execv(sys.argv[1], sys.argv[1:])' {program} "$@"
"""
LIBC = ctypes.CDLL(None) if LINUX else None  # found now: between fork and exec nothing may be looked for


class Offspring:
    """The programs of one collector. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started: list[subprocess.Popen] = []
        self._ended = False

    def add(self, program: subprocess.Popen) -> None:
        """It was started. At once killed when the end has come meanwhile."""
        with self._lock:
            self._started = [one for one in self._started if one.poll() is None] + [program]
            if self._ended:
                kill_family(program.pid)

    def kill(self) -> None:
        """Kills them all, with what they started, and whatever comes later."""
        with self._lock:
            self._ended = True
            for program in self._started:
                if program.poll() is None:
                    kill_family(program.pid)


OFFSPRING: ContextVar[Offspring | None] = ContextVar("offspring", default=None)


def register(program: subprocess.Popen) -> subprocess.Popen:
    """Tells the collector on whose behalf we run, if there is one."""
    if family := OFFSPRING.get():
        family.add(program)
    return program


def die_with_parent() -> None:
    """For `preexec_fn`: the system kills the program when the thread that started it is gone, which no handler can miss."""
    if LINUX:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def mortal(program: Path, folder: Path) -> Path:
    """A script in this folder, our own, that becomes the program, and the system kills that with the process that starts it.

    The program itself where there is no such system, or files of that folder may not be run.
    """
    if not LINUX:
        return program
    script = SCRIPT.format(python=shlex.quote(sys.executable), program=shlex.quote(str(program)))
    path = folder / f"mortal-{hashlib.sha256(script.encode()).hexdigest()[:16]}"
    with suppress(OSError, ValueError):
        if not path.exists():
            make_safe(folder)
            fresh = path.with_name(f"{path.name}.{os.getpid()}")
            fresh.write_text(script, encoding="utf-8")
            fresh.chmod(0o700)
            fresh.replace(path)  # another process may run it at this moment
    return path if os.access(path, os.X_OK) else program


def kill_family(pid: int) -> None:
    """Kills a process and all its descendants: browsers are in process groups of their own, and would stay."""
    try:
        process = psutil.Process(pid)
        family = [*process.children(recursive=True), process]  # itself last: it may be ours
    except psutil.NoSuchProcess:
        return
    for one in family:
        try:
            one.kill()
        except psutil.Error:
            continue  # it has gone by itself
