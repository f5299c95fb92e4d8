"""Code of ours that must not take long: cut short in the main thread by the alarm clock of the process."""
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TooLong(BaseException):
    """It did. No Exception, lest what runs takes it for a fault of its own."""


@contextmanager
def cut_short(seconds: float) -> Iterator[None]:
    """Raises TooLong in the block after so many seconds, where the system has such a clock and nobody else uses it.

    A regular expression is cut short as well: it looks for signals now and then, in the main thread.
    """
    if not _is_free():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _is_free() -> bool:
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        return False
    return signal.getsignal(signal.SIGALRM) is signal.SIG_DFL and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def _ring(*_: object) -> None:
    if sys.gettrace() is None:  # a person at a debugger takes his time
        raise TooLong
