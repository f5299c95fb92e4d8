"""While it runs: which site, which evidence is being gathered, how far it is."""
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest

from pytest_govsite.model.verdict import Outcome
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
        self._clock = clock
        self._lock = threading.Lock()
        self._tally = Tally()
        self._running: dict[str, dict[str, None]] = {}
        self._waiting: set[str] = set()
        self._last = clock()

    def expect(self, rows: Iterable[Row]) -> None:
        """Says what is to come."""
        self._tally.planned.update(row.site for row in rows)

    def event(self, site_id: str, kind: str, state: str, seconds: float) -> None:
        """Of a site: "taken" by a process; or its evidence: "start", "done", "missing", "waiting" for its address.

        A new site, what is missing and why a site waits are always said, once.
        """
        words = KINDS.get(kind, kind)
        with self._lock:
            if state == "waiting":
                self._wait(site_id)
            elif state == "taken":
                self._tally.take(site_id, self._clock())
                self._say(self._tally.told(self._clock()))
            elif state == "start":
                self._start(site_id, words)
            else:
                self._end(site_id, words, state, seconds)

    def row(self, row: Row) -> None:
        """A judged row: tells how far its site is, and when it is through."""
        with self._lock:
            site, planned = row.site, self._tally.planned[row.site]
            judged = self._tally.judge(row, self._clock())
            if judged == planned:
                sites = self._tally.told(self._clock()) if len(self._tally.planned) > 1 else ""
                self._say(f"{plain(site)}：{judged} 条规则全部有了结果{'；' * bool(sites)}{sites}", urgent=True)
            elif not self._running:  # the evidence is gathered in other processes: rows are all that is heard of them
                self._say(f"{plain(site)}：已有结果 {judged}{f'/{planned}' if planned else ''} 条")

    def close(self) -> None:
        """Nothing is said any more, whatever still comes in."""
        with self._lock:
            self._write_line = lambda text: None

    def _wait(self, site_id: str) -> None:
        if site_id not in self._waiting:
            self._waiting.add(site_id)
            self._say(f"{plain(site_id)}：同一地址上正在检查别的网站，依次等候", urgent=True)

    def _start(self, site_id: str, words: str) -> None:
        new = site_id not in self._running
        running = self._running.setdefault(site_id, {})
        running[words] = None
        self._tally.take(site_id, self._clock())
        self._say(f"{plain(site_id)}：正在查看 {'、'.join(running)}", urgent=new)

    def _end(self, site_id: str, words: str, state: str, seconds: float) -> None:
        running = self._running.setdefault(site_id, {})
        running.pop(words, None)
        rest = f"；正在查看 {'、'.join(running)}" if running else ""
        result = "完成" if state == "done" else "未取得"
        self._say(f"{plain(site_id)}：{words}{result}（{seconds:.1f} 秒）{rest}", urgent=state == "missing")

    def _say(self, text: str, urgent: bool = False) -> None:
        now = self._clock()
        if urgent or now - self._last >= self._pause:
            self._last = now
            self._write_line(text)


class Tally:
    """How many sites are done, in work and waiting. planned: how many rows each will have."""

    def __init__(self) -> None:
        self.planned: Counter[str] = Counter()
        self._judged: Counter[str] = Counter()
        self._taken: dict[str, float] = {}
        self._done: set[str] = set()
        self._vetoed: set[str] = set()

    def take(self, site: str, now: float) -> None:
        """A site is in work from now on, if it was not before."""
        self._taken.setdefault(site, now)

    def judge(self, row: Row, now: float) -> int:
        """Notes a row; how many of its site there are."""
        self.take(row.site, now)
        self._judged[row.site] += 1
        if row.outcome is Outcome.VETO:
            self._vetoed.add(row.site)
        if self._judged[row.site] == self.planned[row.site]:
            self._done.add(row.site)
        return self._judged[row.site]

    def told(self, now: float) -> str:
        """All in one line."""
        done, working = len(self._done), len(self._taken.keys() - self._done)
        waiting = len(self.planned) - done - working
        parts = [f"网站 {done}/{len(self.planned)}"]
        parts += [f"{words} {count}" for words, count in (("在查", working), ("待查", waiting), ("有否决", len(self._vetoed))) if count > 0]
        if done and done < len(self.planned):
            parts.append(f"约还需{roughly((len(self.planned) - done) * (now - min(self._taken.values())) / done)}")
        return "，".join(parts)


def roughly(seconds: float) -> str:
    """A time in round numbers: nobody knows it better."""
    if seconds < 100:
        return f" {max(10, round(seconds, -1)):.0f} 秒"
    minutes = seconds / 60
    return f" {minutes:.0f} 分钟" if minutes < 100 else f" {minutes / 60:.1f} 小时"


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
        with suppress(OSError, ValueError):  # the terminal has been closed
            stream.write(f"{'' if fresh else chr(10)}{text}\n")
            stream.flush()
        left_at, reporter.currentfspath = column, None  # as TerminalReporter.ensure_newline leaves it

    return write_line
