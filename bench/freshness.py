"""The whole inspection against an estate of invented sites with known stale and blank columns.

usage: python bench/freshness.py [--vendor V ...] [--profile P ...] [--seed N] [--keep DIR]

Every site stands in the markup of one of six content systems. Printed: recall of stale and blank columns, vetoes that the
truth does not know, vetoes missed, rules left open; then every disagreement with its address.
"""
import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from estate.plan import PROFILES, VENDORS, Plan, plan
from estate.serving import Estate

AS_OF = date(2026, 11, 20)
EDITION = "gb2019"
RULES = ("home-stale", "column-stale", "overview", "org-functions", "leaders", "news", "policy-docs", "interpretation", "other-columns")
SITE = """[[site]]
id = "{slug}"
name = "{place}人民政府"
url = "http://{host}/"
kind = "county-portal"
editions = ["{edition}"]
resolve = ["{host}:80:127.0.0.1:{port}", "{host}:80:[::1]:{port}"]

"""


@dataclass
class Tally:
    """What was known and what was found of one kind."""

    known: int = 0
    found: int = 0
    odd: list[str] = field(default_factory=list)

    def add(self, plan: Plan, known: set[str], found: set[str], open: int) -> None:
        self.known += len(known)
        self.found += len(known & found)
        self.odd += [f"{plan.slug}: missed {name}" + (f" ({open} open)" if open else "") for name in sorted(known - found)]
        self.odd += [f"{plan.slug}: not so: {name}" for name in sorted(found - known)]

    @property
    def recall(self) -> str:
        return f"{self.found} of {self.known}" + (f" ({100 * self.found / self.known:.1f} %)" if self.known else "")


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when no innocent site was vetoed and recall is at least 0.95, else 1."""
    options = _parse(arguments)
    plans = [plan(vendor, profile, AS_OF, options.seed) for vendor in options.vendor for profile in options.profile]
    with tempfile.TemporaryDirectory() as scratch:
        results = Path(options.keep or scratch)
        began = time.monotonic()
        asyncio.run(_inspect(plans, results))
        rows = [json.loads(line) for line in (results / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
        return _report(plans, rows, time.monotonic() - began)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="freshness", description=__doc__.splitlines()[0])
    parser.add_argument("--vendor", nargs="+", choices=VENDORS, default=VENDORS)
    parser.add_argument("--profile", nargs="+", choices=PROFILES, default=PROFILES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="folder for the results, kept")
    return parser.parse_args(arguments)


async def _inspect(plans: list[Plan], results: Path) -> None:
    async with Estate(plans) as estate:
        sites = results / "sites.toml"
        results.mkdir(parents=True, exist_ok=True)
        sites.write_text("".join(
            SITE.format(slug=p.slug, place=p.place, host=p.host, edition=EDITION, port=estate.port) for p in plans
        ), encoding="utf-8")
        command = [sys.executable, "-m", "pytest", f"--sites={sites}", f"--results={results / 'govsite'}", f"--as-of={AS_OF}",
                   "-k", " or ".join(RULES), "-n", "2", "-p", "no:cacheprovider", "-q", "--nameserver=127.0.0.1:9"]
        run = await asyncio.create_subprocess_exec(
            *command, cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL,
            env=os.environ | {"GOVSITE_CONTROL": "127.0.0.1:9"},
        )
        await run.wait()
    (results / "govsite" / "ledger.jsonl").replace(results / "ledger.jsonl")


def _report(plans: list[Plan], rows: list[dict], seconds: float) -> int:
    stale, blank, vetoes = Tally(), Tally(), Tally()
    print(f"{len(plans)} sites in {seconds:.0f} s")
    for one in plans:
        own = {row["rule"]: row for row in rows if row["site"] == one.slug}
        stale.add(one, one.named("stale", owed=True), _names(own["column-stale.1"]), own["column-stale.1"]["open"])
        blank.add(one, one.named("blank"), _names(own["column-stale.3"]), own["column-stale.3"]["open"])
        vetoes.add(one, one.vetoes, {rule for rule, row in own.items() if row["outcome"] == "veto"}, 0)
    for words, tally in (("stale columns found", stale), ("blank columns found", blank), ("vetoes found", vetoes)):
        print(f"{words}: {tally.recall}")
        print(*(f"    {line}" for line in tally.odd), sep="\n")
    undecided = [row for row in rows if row["outcome"] == "undetermined"]
    print(f"undetermined: {len(undecided)} of {len(rows)} rows")
    for line in sorted({f"    {row['rule']}: {row['blame']}: {row['reason']}"[:160] for row in undecided}):
        print(line)
    false = [line for line in vetoes.odd if "not so" in line]
    enough = all(20 * tally.found >= 19 * tally.known for tally in (stale, blank))
    return int(bool(false) or not enough)


def _names(row: dict) -> set[str]:
    """The columns that findings name, by their own names."""
    return {finding["what"].split(" > ")[-1] for finding in row["findings"]}


if __name__ == "__main__":
    sys.exit(main())
