"""What the crawl costs: its pages per second, beside raw Chromium loads and plain aiohttp fetches of the same pages.

    python bench/crawl.py [rounds]

The demo site, without faults. Rounds alternate, so that a busy machine slows all three alike; the medians are compared.
All three ask at most as many pages at once: four plain fetches, two tabs. The crawl reads every page as well (links,
lists, breadcrumbs, dates) and opens in Chromium those whose HTML shows no list; the two others only load.
"""
import asyncio
import socket
import ssl
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import aiohttp
from aiohttp.abc import AbstractResolver

from pytest_govsite.demo import World
from pytest_govsite.gather import home
from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.control import Control
from pytest_govsite.gather.crawl import Crawl, Crawled
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.seen import Seen
from pytest_govsite.gather.session import TABS, Session
from pytest_govsite.gather.settings import Settings

AS_OF = date(2026, 11, 20)


class Loopback(AbstractResolver):
    """Every host lives on loopback, on the port that the demo has for the real one."""

    def __init__(self, nat: dict[int, int]) -> None:
        self._nat = nat

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[dict]:
        """As aiohttp wants it."""
        return [{"hostname": host, "host": "127.0.0.1", "port": self._nat[port], "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        """Holds nothing."""


async def crawl(world: World, browsers: Browsers, settings: Settings) -> tuple[float, Crawled]:
    """Seconds of one crawl, the home page opened before, and what it saw."""
    with tempfile.TemporaryDirectory() as folder:
        resolver, control = Resolver(settings.nameserver), Control()
        session = Session(world.site, settings, browsers, Path(folder), {"home": home.gather}, resolver, control)
        try:
            front = await session.evidence("home")
            began = time.perf_counter()
            seen = await Crawl(session, front.page.final_url).run()
            return time.perf_counter() - began, seen
        finally:
            await session.close()


async def load(world: World, browsers: Browsers, settings: Settings, urls: list[str]) -> float:
    """Seconds that Chromium needs to load the pages, two tabs at once, each tab used again."""
    resolver, control = Resolver(settings.nameserver), Control()
    with tempfile.TemporaryDirectory() as folder:
        session = Session(world.site, settings, browsers, Path(folder), {}, resolver, control)
        try:
            async with browsers.context("chromium", await session.proxy(), settings) as context:
                waiting, began = list(urls), time.perf_counter()

                async def work() -> None:
                    tab = await context.new_page()
                    while waiting:
                        await tab.goto(waiting.pop(), wait_until="load", timeout=30_000)

                await asyncio.gather(*(work() for _ in range(TABS)))
                return time.perf_counter() - began
        finally:
            await session.close()


async def fetch(world: World, settings: Settings, urls: list[str]) -> float:
    """Seconds that aiohttp needs to fetch the pages, four connections."""
    trust = ssl.create_default_context(cafile=world.ca_file)
    connector = aiohttp.TCPConnector(resolver=Loopback(world.nat), ssl=trust, limit_per_host=settings.connections_per_host)
    async with aiohttp.ClientSession(connector=connector) as client:
        async def get(url: str) -> None:
            async with client.get(url) as answer:
                await answer.read()

        began = time.perf_counter()
        await asyncio.gather(*map(get, urls))
        return time.perf_counter() - began


async def main(rounds: int) -> None:
    """Prints the medians and their ratios."""
    browsers = Browsers()
    rates: dict[str, list[float]] = {"crawl": [], "chromium": [], "aiohttp": []}
    with World(AS_OF, clean=True) as world:
        settings = Settings(AS_OF, nameserver=world.nameserver, nat=tuple(world.nat.items()), ca_file=world.ca_file)
        try:
            for _ in range(rounds):
                seconds, seen = await crawl(world, browsers, settings)
                urls = [page.final_url for page in seen.pages.values() if isinstance(page, Seen)]
                rates["crawl"].append(seen.fetched / seconds)
                rates["chromium"].append(len(urls) / await load(world, browsers, settings, urls))
                rates["aiohttp"].append(len(urls) / await fetch(world, settings, urls))
        finally:
            await browsers.close()
    ours, chromium, plain = map(statistics.median, rates.values())
    print(f"crawl {ours:.1f} pages/s ({seen.fetched} pages, {seen.rendered} of them in Chromium as well);", end=" ")
    print(f"raw Chromium {chromium:.1f}, ratio {ours / chromium:.2f}; plain aiohttp {plain:.1f}, ratio {ours / plain:.2f}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
