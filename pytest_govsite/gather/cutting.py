"""Code that never comes to an end, in a thread that others wait for: found, and cut off."""
import asyncio
import ctypes
import threading
import time
from collections.abc import Callable

LOOK_SECONDS = 0.5


class CutOff(BaseException):
    """Raised in the middle of whatever ran too long. No Exception, lest a reader take it for a fault of the page."""


def answers_in(loop: asyncio.AbstractEventLoop, seconds: Callable[[], float]) -> bool:
    """Whether the loop, which runs in another thread, comes round to something else in time. seconds: may change meanwhile."""
    turn, began = threading.Event(), time.monotonic()
    try:
        loop.call_soon_threadsafe(turn.set)
    except RuntimeError:  # it is closed: nothing keeps it
        return True
    while not turn.wait(LOOK_SECONDS):
        if time.monotonic() - began > seconds():
            return False
    return True


def cut_off(thread: threading.Thread) -> None:
    """Raises CutOff in a thread, at the next step of its Python code.

    What never comes back to Python, as a regular expression may, holds the whole process up, and us: only another process
    can end that.
    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(CutOff))
