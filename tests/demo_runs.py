"""Inspections of the embedded sites in processes of their own, as a user runs them."""
import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
from faked import SPARE

from pytest_govsite import editions
from pytest_govsite.demo import PLANTED

ROOT = Path(__file__).parents[1]
AS_OF = "2026-11-20"
SECONDS = 240
EDITION = "sichuan2021"
DRAW = (f"--as-of={AS_OF}", "--sample-seed=7")
BRIEF = "--govsite-crawl-pages=8"  # where columns are not what is tested
# where it is not what is found that counts, but that no row is lost: rules of several kinds of evidence
WORDS = ("page-labels", "site-marks", "domain-name", "find-error", "ipv6", "links")
SOME = (BRIEF, "-k", " or ".join(WORDS))
PAGES = WORDS[:4]  # what is judged by looking at pages: a third of the time


def command(results: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *SPARE, f"--results={results}", *arguments]


def run(results: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(command(results, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)


def rows(results: Path, site: str, edition: str = EDITION) -> list[dict]:
    lines = (results / "ledger.jsonl").read_text("utf-8").splitlines()
    return [row for row in map(json.loads, lines) if (row["site"], row["edition"]) == (site, edition)]


def planted(edition: str = EDITION) -> set[tuple[str, str]]:
    """(rule, what) of all findings that the faults in `demo` make where all engines are installed; what may be `*`."""
    return {pair for fault in PLANTED for pair in fault.findings(edition)}


def is_planted(rule: str, what: str, edition: str = EDITION) -> bool:
    return bool({(rule, what), (rule, "*")} & planted(edition))


def whole(results: Path, site: str = "demo", words: tuple[str, ...] = WORDS) -> dict[str, dict]:
    """All rows of the rules with these words, by default those in SOME, each once."""
    wanted = {rule.key for item in editions.load(EDITION).items for rule in item.rules if any(word in rule.key for word in words)}
    found = rows(results, site)
    by_rule = {row["rule"]: row for row in found}
    assert len(found) == len(by_rule) and by_rule.keys() == wanted
    return by_rule


class Running:
    """An inspection under way in a process of its own."""

    def __init__(self, results: Path, *arguments: str) -> None:
        self.results = results
        self.output = results.parent / "output.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(command(results, *DRAW, *arguments), cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)

    def children(self, name: str) -> list[psutil.Process]:
        found = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in found if name in name_of(child)]

    def wait_for(self, holds, seconds: float = 180):
        """Polls another process: there is no event to await across the border."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            if value := holds():
                return value
            time.sleep(0.05)
        raise AssertionError(f"never came: {self.output.read_text('utf-8', 'replace')[-2000:]}")

    def end(self) -> int:
        try:
            return self.process.wait(SECONDS)
        finally:
            for child in self.left:
                child.kill()

    @property
    def left(self) -> list[psutil.Process]:
        return [child for child in getattr(self, "descendants", []) if child.is_running() and child.status() != "zombie"]

    def remember(self) -> None:
        self.descendants = psutil.Process(self.process.pid).children(recursive=True)


def name_of(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline()) or process.name()
    except psutil.Error:
        return ""
