"""Other ways to ask a run to end than Ctrl-C: a service manager's SIGTERM, a terminal that is closed."""
import os
import signal
import threading
import time
from collections.abc import Callable
from functools import partial

import pytest

from pytest_govsite.gather.offspring import kill_family
from pytest_govsite.overdue import LEAVE_SECONDS

ASKING = ("SIGTERM", "SIGHUP")
OF_WORKERS = ("SIGINT", "SIGTERM")
LOOK_SECONDS = 1.0


def end_like_ctrl_c(config: pytest.Config, worker: bool) -> None:
    """From now on these end the run as Ctrl-C does, with complete files; what the user ignores (nohup) stays ignored.

    worker: its terminal's Ctrl-C and its controller's may both come; the second must not disturb its ending.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    if not config.option.fulltrace:
        config.pluginmanager.register(Promptly(), "govsite-promptly")
    interrupt = _interrupt_once()
    for number in (getattr(signal, name) for name in (OF_WORKERS if worker else ASKING) if hasattr(signal, name)):
        before = signal.getsignal(number)
        if before in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, interrupt)
            config.add_cleanup(partial(signal.signal, number, before))


class Promptly:
    """Keeps pytest from putting a whole traceback into words, for seconds on a busy machine, before the files are closed."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo) -> None:
        excinfo.traceback = excinfo.traceback[-1:]


def end_with_parent() -> None:
    """A worker whose controller was killed works for nobody: it ends, with its browsers, whatever it is doing."""
    threading.Thread(target=_watch_parent, args=(os.getppid(),), name="govsite-orphan", daemon=True).start()


def _watch_parent(parent: int) -> None:
    # there is no portable event for the death of a parent; its pipe is xdist's to read
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(LEAVE_SECONDS)  # ours ends when the process does
    kill_family(os.getpid())


def _interrupt_once() -> Callable[..., None]:
    """The second one finds us at closing the files, and must not disturb that."""
    asked = False

    def interrupt(*_: object) -> None:
        nonlocal asked
        if not asked:
            asked = True
            raise KeyboardInterrupt

    return interrupt
