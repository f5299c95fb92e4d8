"""While it runs: which site, which evidence is being gathered, how far it is."""
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from pytest_govsite.report.wording import KINDS, plain
from pytest_govsite.rows import Row

PAUSE_TTY = 0.3
PAUSE_LOG = 2.0  # a log of 800 sites stays readable


class Progress:
    """Whole lines, at a bounded rate, from any thread.

    write_line  prints one line, see `line_writer`.
    tty         a person is watching: lines may come faster.
    """

    def __init__(
        self, write_line: Callable[[str], None], tty: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._write_line = write_line
        self._pause = PAUSE_TTY if tty else PAUSE_LOG
        self._planned: Counter[str] = Counter()
        self._clock = clock
        self._lock = threading.Lock()
        self._running: dict[str, dict[str, None]] = {}
        self._judged: dict[str, int] = {}
        self._finished: set[str] = set()
        self._last = clock()

    def expect(self, rows: Iterable[Row]) -> None:
        """Says what is to come."""
        self._planned.update(row.site for row in rows)

    def event(self, site_id: str, kind: str, state: str, seconds: float) -> None:
        """Evidence of a site: state "start", "done" or "missing". A new site and what is missing are always said."""
        words = KINDS.get(kind, kind)
        with self._lock:
            new = site_id not in self._running
            running = self._running.setdefault(site_id, {})
            if state == "start":
                running[words] = None
                self._say(f"{plain(site_id)}：正在查看 {'、'.join(running)}", urgent=new)
                return
            running.pop(words, None)
            rest = f"；正在查看 {'、'.join(running)}" if running else ""
            result = "完成" if state == "done" else "未取得"
            self._say(f"{plain(site_id)}：{words}{result}（{seconds:.1f} 秒）{rest}", urgent=state == "missing")

    def row(self, row: Row) -> None:
        """A judged row: tells how far its site is, and when it is through."""
        with self._lock:
            site, planned = row.site, self._planned[row.site]
            self._judged[site] = judged = self._judged.get(site, 0) + 1
            if judged == planned:
                self._finished.add(site)
                self._say(f"{plain(site)}：{judged} 条规则全部有了结果{self._sites()}", urgent=True)
            elif not self._running:  # the evidence is gathered in other processes: rows are all that is heard of them
                self._say(f"{plain(site)}：已有结果 {judged}{f'/{planned}' if planned else ''} 条")

    def close(self) -> None:
        """Nothing is said any more, whatever still comes in."""
        with self._lock:
            self._write_line = lambda text: None

    def _sites(self) -> str:
        return f"；网站 {len(self._finished)}/{len(self._planned)}" if len(self._planned) > 1 else ""

    def _say(self, text: str, urgent: bool = False) -> None:
        now = self._clock()
        if urgent or now - self._last >= self._pause:
            self._last = now
            self._write_line(text)


def line_writer(config: pytest.Config) -> Callable[[str], None]:
    """Writes lines between those of pytest's terminal reporter, also while the output of a test is being captured.

    Capturing redirects the terminal's file descriptor, and may not be suspended from another thread; a duplicate of the
    descriptor, taken while nothing is captured (pytest_configure), is not touched by it.
    """
    try:
        stream = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding=sys.stdout.encoding, errors="replace")
    except (OSError, ValueError):  # a terminal that is no file, as in tests of plugins
        stream = sys.stdout
    else:
        config.add_cleanup(stream.close)
    left_at = 0

    def write_line(text: str) -> None:
        nonlocal left_at
        reporter = config.pluginmanager.get_plugin("terminalreporter")  # comes later than pytest_configure
        if reporter is None:
            return
        column = config.get_terminal_writer().width_of_current_line
        fresh = reporter.currentfspath is None and column in (0, left_at)
        stream.write(f"{'' if fresh else chr(10)}{text}\n")
        stream.flush()
        left_at, reporter.currentfspath = column, None  # as TerminalReporter.ensure_newline leaves it

    return write_line
