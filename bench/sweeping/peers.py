"""What a user would pick instead, on one page of each site, and raw loads of the pages that were inspected.

All of them drive the Chromium that the inspection drives, two at once on two cores, and find the sites by its own mapping.
"""
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import playwright
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import async_playwright
from pytest_govsite.gather.installed import find_chromium

from sweeping.measuring import Cost, Meter
from sweeping.plots import ABROAD, FOREIGN, Plot

AT_ONCE = os.cpu_count() or 1
PAGE_SECONDS = 120
NODE = Path(playwright.__file__).parent / "driver" / "node"  # new enough for all of them, wherever Playwright is


def rules(plots: Iterable[Plot], port: int) -> str:
    """Chromium's mapping of the sites; every other name does not exist."""
    maps = [f"MAP {host}:80 {plot.places(port)[0][0]}:{port}" for plot in plots for host in plot.hosts]
    maps += [f"MAP {host}:80 {ABROAD[0]}:{port}" for host in FOREIGN]
    return ",".join([*maps, "MAP * ^NOTFOUND"])


def flags(plots: Sequence[Plot], port: int) -> list[str]:
    """The switches with which every peer starts Chromium."""
    return ["--no-sandbox", f"--host-resolver-rules={rules(plots, port)}"]


class Looked(NamedTuple):
    """What looking at pages cost, and on how many of them the tool came to a result."""

    cost: Cost
    pages: int


class Peers:
    """The npm tools under a folder. None of them is needed: what is not there is left out."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder / "node_modules"

    def command(self, name: str, script: str) -> list[str] | None:
        """How to run a tool; None when it is not installed."""
        path = self._bin / name / script
        return [str(NODE), str(path)] if path.exists() else None

    def lighthouse(self, plots: Sequence[Plot], port: int) -> Looked | None:
        """lighthouse on each home page, as many at once as there are cores."""
        command = self.command("lighthouse", "cli/index.js")
        return _measured(lambda: _in_turn(plots, lambda plot: _lighthouse(command, plot, port))) if command else None

    def pa11y(self, plots: Sequence[Plot], port: int) -> Looked | None:
        """pa11y-ci on each home page, as many runs at once as there are cores.

        Two pages at once in one run close each other's tab: "No target found for targetId" (4.1 with this Chromium).
        """
        command = self.command("pa11y-ci", "bin/pa11y-ci.js")
        shares = [plots[start::AT_ONCE] for start in range(AT_ONCE)]
        return _measured(lambda: _in_turn(shares, lambda share: _pa11y(command, share, port))) if command else None


def _measured(work: Callable[[], int]) -> Looked:
    with Meter() as meter:
        pages = work()
    return Looked(meter.cost, pages)


def _in_turn(jobs: Sequence, work: Callable[..., int]) -> int:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(work, jobs))


def _lighthouse(command: Sequence[str], plot: Plot, port: int) -> bool:
    """Did it come to a result?"""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        # the tool splits this text by itself, at spaces outside of quotes that stand after an equals sign
        switches = " ".join(flag.replace("=", '="', 1) + '"' if " " in flag else flag for flag in ["--headless=new", *flags([plot], port)])
        arguments = [plot.url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={switches}"]
        done = _run([*command, *arguments], folder)
        good = report.exists() and not json.loads(report.read_text("utf-8")).get("runtimeError")
        if not good:
            print(f"lighthouse failed on {plot.url}: {done.stderr.strip()[-200:]}", file=sys.stderr)
        return good


def _pa11y(command: Sequence[str], plots: Sequence[Plot], port: int) -> int:
    """How many pages it came to a result on."""
    with tempfile.TemporaryDirectory() as folder:
        launch = {"executablePath": str(find_chromium()), "args": flags(plots, port)}
        defaults = {"concurrency": 1, "timeout": PAGE_SECONDS * 1000, "chromeLaunchConfig": launch}
        config = Path(folder) / "pa11yci.json"
        config.write_text(json.dumps({"defaults": defaults, "urls": [plot.url for plot in plots]}), encoding="utf-8")
        done = _run([*command, "--json", f"--config={config}"], folder, PAGE_SECONDS * len(plots))
        seen = json.loads(done.stdout or "{}").get("results", {})
        failed = [url for url, found in seen.items() if any("message" in one and "code" not in one for one in found)]
        if len(seen) != len(plots) or failed:
            print(f"pa11y-ci: {len(seen)} of {len(plots)} pages, failed: {failed} {done.stderr.strip()[-200:]}", file=sys.stderr)
        return len(seen) - len(failed)


def _run(command: Sequence[str], folder: str, seconds: int = PAGE_SECONDS) -> subprocess.CompletedProcess:
    environment = os.environ | {"CHROME_PATH": str(find_chromium()), "HOME": folder}
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=folder, env=environment)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, -1, "", f"no end in {seconds} s")


def load(pages: Sequence[str], plots: Sequence[Plot], port: int) -> float:
    """Seconds that Chromium needs for these pages, a tab for each core, each tab used again."""
    return asyncio.run(_load(list(pages), flags(plots, port)))


async def _load(waiting: list[str], switches: list[str]) -> float:
    async with async_playwright() as engines:
        browser = await engines.chromium.launch(executable_path=find_chromium(), args=switches)
        context = await browser.new_context()
        tabs = [await context.new_page() for _ in range(AT_ONCE)]
        began = time.monotonic()
        await asyncio.gather(*(_work(tab, waiting) for tab in tabs))
        seconds = time.monotonic() - began
        await browser.close()
        return seconds


async def _work(tab, waiting: list[str]) -> None:
    while waiting:
        try:
            await tab.goto(waiting.pop(), wait_until="load", timeout=30_000)
        except PlaywrightError:  # a load as well
            continue
