"""What a whole inspection of 功能设计 costs, beside raw Chromium loads of the pages that it had to render.

    python bench/function_design.py [rounds]

The demo site, under the table of Sichuan. A round gathers all evidence that the rules of 功能设计 name and judges nothing
(judging takes milliseconds); every page that any engine came to show is noted. Then one Chromium loads the same addresses,
one after the other in one tab, and waits for no more than `load`. Rounds alternate; the median ratio counts. An inspection
before the first round is not counted: in it the demo compiles its templates, which the raw loads would find done.
"""
import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from playwright.async_api import BrowserContext, Page
from playwright.async_api import Error as PlaywrightError
from selenium.webdriver import WebKitGTK

from pytest_govsite import checking, editions
from pytest_govsite.demo import World
from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.control import Control
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.settings import Settings

AS_OF = date(2026, 11, 20)
EDITION, LEVEL = "sichuan2021", "功能设计"


def kinds() -> tuple[str, ...]:
    """The evidence that the rules of 功能设计 name, the bonus part included."""
    checks = checking.discover(checking.folder())
    rules = [rule for item in editions.load(EDITION).items if item.level1 == LEVEL for rule in item.rules]
    return tuple(dict.fromkeys(kind for rule in rules for kind in checks[rule.check].evidence))


@contextmanager
def noting(shown: list[str]):
    """Notes every address that a tab of Playwright, or WebKitGTK, comes to show meanwhile."""
    make, get = Browsers._new_context, WebKitGTK.get

    def note(frame) -> None:
        if frame.parent_frame is None and frame.url.startswith("http"):
            shown.append(frame.url)

    def watch(tab: Page) -> None:
        tab.on("framenavigated", note)

    async def new_context(self, *arguments) -> BrowserContext:
        context = await make(self, *arguments)
        context.on("page", watch)
        return context

    def noted_get(self, url: str) -> None:
        shown.append(url)
        get(self, url)

    Browsers._new_context, WebKitGTK.get = new_context, noted_get
    try:
        yield
    finally:
        Browsers._new_context, WebKitGTK.get = make, get


def inspect(world: World, settings: Settings, wanted: tuple[str, ...]) -> tuple[float, list[str]]:
    """Seconds for all evidence of the site, from nothing, and the pages that it took to a browser."""
    shown: list[str] = []
    with tempfile.TemporaryDirectory() as folder, noting(shown):
        began = time.perf_counter()
        collector = Collector(settings, Path(folder))
        try:
            collector.ahead(world.site, wanted)
            for kind in wanted:
                collector.want(world.site, kind).result()
            return time.perf_counter() - began, shown
        finally:
            collector.close()


async def load(world: World, settings: Settings, urls: list[str]) -> float:
    """Seconds that Chromium needs to load the pages one after the other, from its start."""
    browsers = Browsers()
    with tempfile.TemporaryDirectory() as folder:
        session = Session(world.site, settings, browsers, Path(folder), {}, Resolver(settings.nameserver), Control())
        began = time.perf_counter()
        try:
            async with browsers.context("chromium", await session.proxy(), settings) as context:
                tab = await context.new_page()
                for url in urls:
                    try:
                        await tab.goto(url, wait_until="load", timeout=30_000)
                    except PlaywrightError:  # pages that answer with an error, or not at all, are loads too
                        continue
            return time.perf_counter() - began
        finally:
            await session.close()
            await browsers.close()


def main(rounds: int) -> None:
    """Prints each round and the median ratio."""
    ratios, wanted = [], kinds()
    with World(AS_OF) as world:
        settings = Settings(AS_OF, seed=7, nameserver=world.nameserver, nat=tuple(world.nat.items()), ca_file=world.ca_file)
        inspect(world, settings, wanted)
        for _ in range(rounds):
            ours, shown = inspect(world, settings, wanted)
            raw = asyncio.run(load(world, settings, shown))
            ratios.append(ours / raw)
            print(f"inspection {ours:.1f} s, {len(shown)} pages in browsers; raw loads of them {raw:.1f} s, ratio {ours / raw:.2f}")
    print(f"median ratio {statistics.median(ratios):.2f} (goal: at most 1.5)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
