"""What a visit costs: visits per second of one process, beside plain GETs of aiohttp with fresh connections; and its memory.

    python bench/visits.py [visits [rounds]] [--json FILE]

One server on loopback (bench/visit_server.py, a process of its own) sends a home page of 7.6 KB to SITES sites, each under a
name of its own. AT_ONCE visits are under way at a time. Rounds of visits and of plain GETs (aiohttp, no title, no reading, no
phases) alternate, so that a busy machine slows both alike; the medians are compared. CPU is this process's alone, which a
busy machine changes least. Then the visits (100,000 by default) are made in one go, and the memory is told at the start, in
the middle and at the end.

The goal: 390 visits a second, a hundred times what 14,000 sites 24 times a day need; memory that does not grow.
"""
import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import aiohttp
import psutil

from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.visits import Visitor
from pytest_govsite.model.site import Site

SERVER = Path(__file__).with_name("visit_server.py")
SITES = 5000
AT_ONCE = 50
A_ROUND = 3000

One = Callable[[int], Awaitable[None]]


@contextmanager
def serving():
    """The server's port."""
    with subprocess.Popen([sys.executable, SERVER], stdout=subprocess.PIPE, text=True) as server:
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


async def many(one: One, count: int) -> tuple[float, float]:
    """Makes one after the other, AT_ONCE at a time: how many a second, milliseconds of CPU for each."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await one(number)

    began, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return count / (time.perf_counter() - began), (time.process_time() - worked) * 1000 / count


def visiting(visitor: Visitor, port: int) -> One:
    """A visit by number; anything but an open page ends the measurement."""
    sites = [
        Site(id=f"s{number}", url=f"http://www.s{number}.gov.cn/", resolve=(f"www.s{number}.gov.cn:80:127.0.0.1:{port}",))
        for number in range(SITES)
    ]

    async def visit(number: int) -> None:
        sample = await visitor.visit(sites[number % SITES], 4)
        if sample.state != "open":
            raise SystemExit(f"not open: {sample}")

    return visit


async def compare(visit: One, port: int, rounds: int) -> dict[str, float]:
    """The medians of both, alternating."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True, limit=0)) as session:
        async def get(number: int) -> None:
            async with session.get(f"http://127.0.0.1:{port}/") as answer:
                await answer.read()

        found = [(await many(get, A_ROUND), await many(visit, A_ROUND)) for _ in range(rounds)]
    (plain, plain_cpu), (ours, ours_cpu) = (map(statistics.median, zip(*column, strict=True)) for column in zip(*found, strict=True))
    print(f"aiohttp {plain:.0f} GETs/s, visits {ours:.0f}/s, ratio {ours / plain:.2f};", end=" ")
    print(f"CPU {plain_cpu:.2f} and {ours_cpu:.2f} ms each: a core alone would make {1000 / ours_cpu:.0f} visits/s")
    return {"gets_per_second": plain, "visits_per_second": ours, "get_cpu_ms": plain_cpu, "visit_cpu_ms": ours_cpu}


async def remember(visit: One, visits: int) -> dict[str, float]:
    """Memory at the start, in the middle and at the end of many visits."""
    process = psutil.Process()
    await many(visit, SITES)  # so that every site has been seen once
    sizes, rates = [process.memory_info().rss / 2**20], []
    for _ in range(2):
        rates.append((await many(visit, visits // 2))[0])
        sizes.append(process.memory_info().rss / 2**20)
    print(f"{visits} visits, {' and '.join(f'{rate:.0f}' for rate in rates)}/s; memory {', '.join(f'{size:.1f}' for size in sizes)} MB")
    return {"visits": visits, "start_mb": sizes[0], "middle_mb": sizes[1], "end_mb": sizes[2]}


async def main() -> None:
    """Both measurements."""
    parser = argparse.ArgumentParser()
    parser.add_argument("visits", type=int, nargs="?", default=100_000)
    parser.add_argument("rounds", type=int, nargs="?", default=5)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    visitor = Visitor(Settings(as_of=date(2026, 11, 20)))
    with serving() as port:
        visit = visiting(visitor, port)
        found = await compare(visit, port, chosen.rounds) | await remember(visit, chosen.visits)
    await visitor.close()
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    asyncio.run(main())
