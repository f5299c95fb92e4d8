"""What one whole inspection costs in processor time, by process; and that a second site costs less than the first.

    python bench/inspection.py [rounds]

The demo site and its twin without faults, served by a process of its own, one after the other by one collector: all evidence
that the tables gb2019 and sichuan2021 name, and no judging (that takes milliseconds). The first site pays for starting
Chromium, Firefox and their driver, which then serve all sites of a process. Seconds of the processor lie less than those of
the clock on a machine that others use; what a process spends in the last fifth of a second before its end is not counted.
"""
import multiprocessing
import os
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import date
from pathlib import Path

import psutil

from pytest_govsite import checking, editions
from pytest_govsite.demo import World
from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.site import Site

AS_OF = date(2026, 11, 20)
EDITIONS = ("gb2019", "sichuan2021")
EVERY_SECONDS = 0.2
KINDS = (
    (r"chrom.*--type=renderer", "Chromium: pages"), (r"chrom.*--type=gpu", "Chromium: drawing"), (r"chrom.*--type=", "Chromium: the rest"),
    (r"chrom", "Chromium: main process"), (r"firefox", "Firefox"), (r"WebKit|MiniBrowser", "WebKit"), (r"Xvfb", "Xvfb"),
    (r"playwright.*node|node.*playwright", "driver of Playwright"), (r".", "others"),
)


class Spent(threading.Thread):
    """Counts the processor's seconds of this process and of all that it starts, by kind of process, until it is stopped."""

    def __init__(self, besides: int) -> None:
        super().__init__(daemon=True)
        self._besides = besides
        self._over = threading.Event()
        self._now: dict[tuple[int, float], tuple[str, float]] = {}
        self._look()
        self._before = dict(self._now)

    def run(self) -> None:
        """Looks again and again: nobody tells what a process that has gone had spent."""
        while not self._over.wait(EVERY_SECONDS):
            self._look()

    def stop(self) -> Counter[str]:
        """Seconds by kind."""
        self._over.set()
        self.join()
        self._look()
        spent: Counter[str] = Counter()
        for key, (kind, seconds) in self._now.items():
            spent[kind] += seconds - self._before.get(key, (kind, 0.0))[1]
        return spent

    def _look(self) -> None:
        for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
            try:
                times = process.cpu_times()
                if process.pid != self._besides:
                    self._now[process.pid, process.create_time()] = self._kind(process), times.user + times.system
            except psutil.Error:
                continue  # it has gone

    @staticmethod
    def _kind(process: psutil.Process) -> str:
        if process.pid == os.getpid():
            return "ours"
        line = " ".join(process.cmdline())
        return next((kind for sign, kind in KINDS if re.search(sign, line)), "others")


def kinds() -> tuple[str, ...]:
    """The evidence that the rules of the two tables name."""
    checks = checking.discover(checking.folder())
    rules = [rule for name in EDITIONS for item in editions.load(name).items for rule in item.rules]
    return tuple(dict.fromkeys(kind for rule in rules for kind in checks[rule.check].evidence))


def serve(clean: bool, pipe) -> None:
    """The demo site until the other end of the pipe is closed."""
    with World(AS_OF, clean=clean) as world:
        pipe.send((world.nameserver, tuple(world.nat.items()), world.ca_file))
        try:
            pipe.recv()
        except EOFError:
            return


def inspect(collector: Collector, site: Site, besides: int) -> Counter[str]:
    """What all evidence of a site costs, by kind of process; "seconds" by the clock as well."""
    spent, wanted, began = Spent(besides), kinds(), time.perf_counter()
    spent.start()
    collector.ahead(site, wanted)
    for kind in wanted:
        collector.want(site, kind).result()
    collector.finish(site)
    seconds = time.perf_counter() - began
    return spent.stop() + Counter(seconds=seconds)


def look(round: int) -> None:
    """One round: two sites, one table."""
    context, costs = multiprocessing.get_context("spawn"), []
    with tempfile.TemporaryDirectory() as folder:
        worlds, settings = {}, {}
        collector = Collector(lambda site: settings[site.id], Path(folder))
        try:
            for clean in (False, True):
                ours, theirs = context.Pipe()
                worlds[clean] = context.Process(target=serve, args=(clean, theirs), daemon=True)
                worlds[clean].start()
                nameserver, nat, ca_file = ours.recv()
                site = World(AS_OF, clean=clean).site
                settings[site.id] = Settings(AS_OF, seed=7, nameserver=nameserver, nat=nat, ca_file=ca_file, history=f"{folder}/history.sqlite3")
                costs.append(inspect(collector, site, worlds[clean].pid))
                ours.send(None)
                worlds[clean].join()
        finally:
            collector.close()
            for world in worlds.values():
                world.kill()
    tell(round, *costs)


def tell(round: int, first: Counter[str], second: Counter[str]) -> None:
    """Both sites, the dearest first."""
    clock = first.pop("seconds"), second.pop("seconds")
    print(f"round {round}: {clock[0]:.1f} and {clock[1]:.1f} s by the clock; of the processor {first.total():.1f} and {second.total():.1f} s (demo, demo-clean):")
    for kind in sorted(first | second, key=lambda kind: -first[kind]):
        print(f"  {kind:24} {first[kind]:5.1f} {second[kind]:5.1f}   {first[kind] / first.total():4.0%} {second[kind] / second.total():4.0%}")


if __name__ == "__main__":
    for number in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
        look(number + 1)
