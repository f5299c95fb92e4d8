"""What a run costs: processor time by kind of process, and the memory of all of them together."""
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import psutil

EVERY_SECONDS = 2.0  # a look costs some 20 ms where 100 processes run
WEIGHED_EVERY = 8  # looks: the memory of a browser's process takes the system 4 ms to tell
KINDS = (  # what the name of the program holds; the first that fits
    ("Xvfb", ("Xvfb",)), ("webkit", ("WebKit", "MiniBrowser")), ("firefox", ("firefox",)), ("chromium", ("chrom",)),
    ("node", ("node",)), ("python", ("python",)),
)


@dataclass
class Cost:
    """seconds: wall; cpu: seconds of processor time by kind; memory: the most at one time, in bytes (PSS of all processes)."""

    seconds: float = 0.0
    cpu: Counter = field(default_factory=Counter)
    memory: int = 0
    processes: int = 0

    @property
    def total(self) -> float:
        """Seconds of processor time of all kinds."""
        return sum(self.cpu.values())

    def shares(self) -> str:
        """ours 41 %, chromium 38 %, …"""
        return ", ".join(f"{kind} {100 * seconds / max(self.total, 0.01):.0f} %" for kind, seconds in self.cpu.most_common())


class Meter:
    """Watches a process and all that descends from it while the `with` lasts. A child that outlived its parent counts on.

    pid  None: what this process starts from now on, without itself.

    Processes that live for less than two seconds may be missed.
    """

    def __init__(self, pid: int | None = None) -> None:
        self.cost = Cost()
        me = psutil.Process()
        self._strange = set() if pid else {me.pid, *(child.pid for child in me.children(recursive=True))}
        self._parents = {pid or me.pid}
        self._known: dict[int, psutil.Process] = {pid: psutil.Process(pid)} if pid else {}
        self._kinds: dict[int, str] = {}
        self._spent: dict[int, float] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._began = time.monotonic()

    def __enter__(self) -> "Meter":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._done.set()
        self._thread.join()
        self.cost.seconds = time.monotonic() - self._began
        for pid, seconds in self._spent.items():
            self.cost.cpu[self._kinds[pid]] += seconds

    def alive(self, kind: str = "") -> list[psutil.Process]:
        """The processes of a kind, or all."""
        return [process for pid, process in list(self._known.items()) if not kind or self._kinds.get(pid) == kind]

    def _watch(self) -> None:
        turn = 0
        while not self._done.is_set():
            self._look()
            if turn % WEIGHED_EVERY == 1:
                self._weigh()
            turn += 1
            self._done.wait(EVERY_SECONDS)
        self._look()

    def _look(self) -> None:
        """Finds new children by their parents, and reads the clock of every process."""
        for process in psutil.process_iter():
            if process.pid not in self._strange | self._known.keys() and _parent(process) in self._parents:
                self._known[process.pid] = process
                self._parents.add(process.pid)
        for pid, process in list(self._known.items()):
            try:
                times = process.cpu_times()
                self._kinds[pid] = _kind(process) or self._kinds.get(pid, "other")  # it may have become another program since
                self._spent[pid] = times.user + times.system
            except psutil.Error:
                self._kinds.setdefault(pid, "other")
                self._spent.setdefault(pid, 0.0)
                del self._known[pid]

    def _weigh(self) -> None:
        together = 0
        for process in list(self._known.values()):
            try:
                together += process.memory_full_info().pss
            except psutil.Error:
                continue
        self.cost.memory = max(self.cost.memory, together)
        self.cost.processes = max(self.cost.processes, len(self._known))


def _parent(process: psutil.Process) -> int:
    try:
        return process.ppid()
    except psutil.Error:
        return 0


def _kind(process: psutil.Process) -> str:
    try:
        program = " ".join(process.cmdline()[:1]) or process.name()
    except psutil.Error:  # it has ended, and its parent does not know yet
        return ""
    name = program.partition(" ")[0].rpartition("/")[2]  # Chromium's children write their whole command line into the first word
    return next((kind for kind, signs in KINDS if any(sign in name for sign in signs)), "other")
