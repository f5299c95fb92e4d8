"""Hands out the inspections of a plan and takes over what comes home, one after the other."""
import queue
import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from pytest_govsite.report.wording import plain
from pytest_govsite.sweeping.cluster import Cluster
from pytest_govsite.sweeping.homecoming import Home
from pytest_govsite.sweeping.inspecting import Result
from pytest_govsite.sweeping.parcels import Parcels
from pytest_govsite.sweeping.units import Unit, Waiting

if TYPE_CHECKING:
    from distributed import Future

LOOK_SECONDS = 1.0
PATIENCE_SECONDS = 300  # without any worker
LAST_SECONDS = 15  # for what was interrupted to come home
TRIES = 2  # of an inspection whose process dies by itself
LOST, GONE = "与调度器的连接中断，没有检查", f"{PATIENCE_SECONDS // 60} 分钟里没有一台执行机，没有检查"
CRASHED = "执行机在检查该网站时多次中途退出，未再检查"
OWN_ENDS = ("done", "lost", "orphan")  # of the inspection itself, or of its keeper: nobody ended it on purpose
FINISHED = (0, 1)  # pytest's exit status: the plan was carried out, whatever was found


class Sweep:
    """One run over a cluster.

    past_of  from a site id to what the history knows of it, as the bytes of a small history; None for nothing.
    say      prints one line for the user.
    """

    def __init__(
        self, cluster: Cluster, home: Home, parcels: Parcels, units: list[Unit], past_of: Callable[[str], bytes | None],
        say: Callable[[str], None],
    ) -> None:
        self._cluster = cluster
        self._home = home
        self._parcels = parcels
        self._waiting = Waiting(units)
        self._past_of = past_of
        self._say = say
        self._air: dict[str, tuple[Unit, "Future"]] = {}
        self._done: queue.SimpleQueue["Future"] = queue.SimpleQueue()
        self._tries: Counter[str] = Counter()
        self._first: dict[str, tuple[Unit, bytes]] = {}
        self._alone_since: float | None = None

    def run(self) -> None:
        """Until nothing is left to do. Ctrl-C: what is being inspected is ended, and what it had found is kept.

        Raises LedgerError or OSError for a disk that is full or gone.
        """
        try:
            while self._waiting or self._air:
                self._hand_out()
                self._take_one(LOOK_SECONDS)
        except KeyboardInterrupt:
            self._end_early()
            raise
        finally:
            self._cluster.stop(self._parcels.run)
            self._cluster.cancel(future for _, future in self._air.values())

    def _hand_out(self) -> None:
        """As many as there are slots, no more: a worker that joins late finds work, one that leaves takes little along."""
        slots = self._cluster.slots()
        self._notice(slots)
        while len(self._air) < slots and (unit := self._waiting.next([unit.door for unit, _ in self._air.values()])):
            future = self._cluster.submit(self._parcels.pack(unit, self._past_of(unit.name)), unit.name)
            self._air[future.key] = unit, future
            future.add_done_callback(self._done.put)

    def _notice(self, slots: int) -> None:
        """Gives all up when nobody is left who could do it."""
        now = time.monotonic()
        if slots:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = now
            self._say("现在没有可用的执行机，等待中")
        if not self._cluster.is_connected:
            self._give_all_up(LOST)
        elif self._alone_since is not None and now - self._alone_since > PATIENCE_SECONDS:
            self._give_all_up(GONE)

    def _give_all_up(self, reason: str) -> None:
        self._say(reason)
        self._cluster.cancel(future for _, future in self._air.values())
        for unit, _ in self._air.values():
            self._home.give_up(unit, reason)
        self._air.clear()
        while unit := self._waiting.next(()):
            self._home.give_up(unit, reason)

    def _take_one(self, seconds: float) -> None:
        """Waits for one that has come to its end, not longer than this."""
        try:
            future = self._done.get(timeout=seconds)
        except queue.Empty:
            return
        unit, _ = self._air.pop(future.key, (None, None))
        if unit is None:
            return
        if future.status == "finished":
            self._take(unit, future.result())
        elif future.status == "error":
            self._home.give_up(unit, _fault(future.exception()))
        else:  # cancelled, because scheduler or worker are on their way out
            self._try_again(unit, b"", LOST)

    def _take(self, unit: Unit, result: Result) -> None:
        reason = self._reason(result)
        if result["ending"] in OWN_ENDS and reason:
            self._try_again(unit, result["archive"], reason)
        else:
            self._home.take(unit, result["archive"], reason)

    def _try_again(self, unit: Unit, archive: bytes, reason: str) -> None:
        """Once more from the beginning; when that fails as well, the fuller of the two is kept."""
        self._tries[unit.name] += 1
        _, earlier = self._first.pop(unit.name, (unit, b""))
        archive = max(archive, earlier, key=len)
        if self._tries[unit.name] < TRIES:
            self._first[unit.name] = unit, archive
            self._waiting.put_back(unit)
        elif archive:
            self._home.take(unit, archive, reason)
        else:
            self._home.give_up(unit, reason)

    def _reason(self, result: Result) -> str | None:
        """Why rows are lacking; None when none are, or because the user wanted the end."""
        limits = {
            "time": f"超过单站时限 {self._parcels.seconds:.0f} 秒，检查进程已被结束",
            "memory": f"内存超过单站限额 {self._parcels.memory // 2**20} MB，检查进程已被结束",
            "stop": None,
        }
        if result["ending"] in limits:
            return limits[result["ending"]]
        if result["ending"] == "done" and result["status"] in FINISHED:
            return None
        last = next((line for line in reversed(result["says"].splitlines()) if line.strip()), "")
        return f"检查进程中途退出（退出码 {result['status']}，执行机 {plain(result['where'], 60)}）：{plain(last, 150) or '没有说明'}"

    def _end_early(self) -> None:
        """Whoever interrupts wants to go home: inspections are ended, and have some seconds to say what they found."""
        until = time.monotonic() + LAST_SECONDS
        self._cluster.stop(self._parcels.run)
        while self._air and (left := until - time.monotonic()) > 0:
            self._take_one(left)
        for unit, archive in self._first.values():
            self._home.take(unit, archive, None)


def _fault(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return CRASHED
    return f"执行机上出错，没有检查：{type(error).__name__}: {plain(str(error), 150)}"
