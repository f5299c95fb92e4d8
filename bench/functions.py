"""The rules of 功能设计 against invented sites with known faults: recall of what was planted, and false alarms.

usage: python bench/functions.py [--vendor V ...] [--profile P ...] [--seed N] [--rule R ...] [--engines] [--at-once N] [--keep DIR]

Nine makings of sites, each with another way to its search, in four profiles: clean (nothing may be found), faulty (a poor
search, dead links, labels, marks, logins), broken (the search is absent or dead, errors hide behind 200), walled (the
search keeps programs out: nothing may be found about it). The same seed gives the same sites. Printed for each rule:
planted, found, left open, missed, false; then every disagreement. Every row is in DIR/rows.jsonl.
"""
import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

from towns import logins
from towns.plan import PROFILES, VENDORS, Town, plan
from towns.serving import World
from towns.truth import RULES, Looked, Score, bad_draws, raised, stopped_by

from pytest_govsite.checking import Check, discover, folder
from pytest_govsite.editions import load
from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.finding import NotApplicable, Undetermined
from pytest_govsite.model.missing import Missing
from pytest_govsite.model.site import Site

AS_OF = date(2026, 11, 20)
EDITION = "sichuan2021"
SITE_SECONDS = 600
# what a rule asks while its edition still leaves it to a person
PROPOSED = {
    "site-search.1": ("unusable-search", {}), "site-search.2": ("unfindable-title", {"sample": 4}), "site-search.3": ("unclassified-results", {}),
    "smart-search.1": ("fuzzy-search", {}), "smart-search.2": ("serving-search", {}), "smart-search.3": ("subordinate-title", {"sample": 2}),
    "links.2": ("dead-link", {"pages": "other"}), "unified-login.1": ("separate-login", {}), "one-login.1": ("repeated-login", {}),
    "user-space.1": ("user-history", {}),
}


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when nothing innocent was accused and at least 0.95 of what was planted was found, else 1."""
    options = _parse(arguments)
    towns = [plan(vendor, profile, AS_OF, options.seed) for vendor in options.vendor for profile in options.profile]
    for town in towns:
        if town.account:
            name = "".join(letter if letter.isalnum() else "_" for letter in town.slug.upper())
            os.environ |= {f"GOVSITE_USER_{name}": logins.NAME, f"GOVSITE_PASSWORD_{name}": logins.PASSWORD}
    with tempfile.TemporaryDirectory() as scratch:
        results = Path(options.keep or scratch)
        results.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        looked, odd = asyncio.run(_inspect(towns, results, options))
        return _report(looked, odd, time.monotonic() - began)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="functions", description=__doc__.splitlines()[0])
    parser.add_argument("--vendor", nargs="+", choices=VENDORS, default=VENDORS)
    parser.add_argument("--profile", nargs="+", choices=PROFILES, default=PROFILES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rule", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--engines", action="store_true", help="open pages in Firefox and WebKit as well (compat.1)")
    parser.add_argument("--at-once", type=int, default=2, help="sites at a time")
    parser.add_argument("--keep", help="folder for the results, kept")
    return parser.parse_args(arguments)


async def _inspect(towns: list[Town], results: Path, options: argparse.Namespace) -> tuple[list[Looked], list[str]]:
    checks = _asked(options)
    async with World(towns) as world:
        settings = Settings(
            AS_OF, seed=options.seed, nameserver=world.nameserver, nat=((80, world.port),), resolve=world.resolve, engines="auto" if options.engines else ("chromium",),
        )
        times: dict[tuple[str, str], float] = {}
        collector = Collector(settings, results, lambda site, kind, state, seconds: times.update({(site, kind): seconds}))
        slots, looked, odd = asyncio.Semaphore(options.at_once), [], []

        async def one(town: Town) -> None:
            async with slots:
                rows = await _look_at(town, collector, checks)
                looked.extend(rows)
                odd.extend(bad_draws(town, rows[0].evidence))
                spent = " ".join(f"{kind} {seconds:.0f}" for (site, kind), seconds in times.items() if site == town.slug)
                print(f"{town.slug}: {sum(len(row.findings) for row in rows)} findings; seconds: {spent}", flush=True)
                _keep(results, rows)

        try:
            await asyncio.gather(*map(one, towns))
        finally:
            await asyncio.to_thread(collector.close)
    return looked, odd


def _asked(options: argparse.Namespace) -> dict[str, tuple[Check, dict]]:
    """rule -> (check, thresholds), as the edition says; those that it leaves to a person as proposed here."""
    known = discover(folder())
    asked = {rule.key: (rule.check, dict(rule.with_)) for item in load(EDITION).items for rule in item.rules}
    asked = {rule: asked[rule] if asked.get(rule, ("attested",))[0] != "attested" else PROPOSED[rule] for rule in options.rule}
    for rule, (name, _) in asked.items():
        if name not in known:
            print(f"{rule}: there is no check {name} yet")
    asked = {rule: (known[name], with_) for rule, (name, with_) in asked.items() if name in known}
    return asked if options.engines else {rule: pair for rule, pair in asked.items() if rule != "compat.1"}


async def _look_at(town: Town, collector: Collector, checks: dict[str, tuple[Check, dict]]) -> list[Looked]:
    site = Site(
        town.slug, town.url, town.name, "county-portal", code=town.code, editions=(EDITION,), below=((f"{town.place}教育局", f"http://{town.lower}/"),),
    )
    kinds = tuple(dict.fromkeys(kind for check, _ in checks.values() for kind in check.evidence))
    collector.ahead(site, kinds)
    evidence = {kind: await asyncio.wait_for(asyncio.wrap_future(collector.want(site, kind)), SITE_SECONDS) for kind in kinds}
    await asyncio.to_thread(collector.finish, site)
    return [_judge(town, site, rule, check, with_, evidence) for rule, (check, with_) in checks.items()]


def _judge(town: Town, site: Site, rule: str, check: Check, with_: dict, evidence: dict) -> Looked:
    if missing := check.stopped_by(evidence):
        return Looked(town, rule, stopped=stopped_by(missing), evidence=evidence)
    context = {"site": site, "as_of": AS_OF}
    given = {kind: evidence[kind] for kind in check.evidence} | {name: context[name] for name in check.context}
    try:
        return Looked(town, rule, check.function(**given, **{**check.thresholds, **with_}), evidence=evidence)
    except (Undetermined, NotApplicable) as error:
        return Looked(town, rule, stopped=raised(error), evidence=evidence)
    except Exception as error:  # a check that breaks is a result as well
        return Looked(town, rule, stopped=f"broke: {type(error).__name__}: {error}", evidence=evidence)


def _keep(results: Path, rows: list[Looked]) -> None:
    with (results / "rows.jsonl").open("a", encoding="utf-8") as file:
        for row in rows:
            line = {"site": row.town.slug, "rule": row.rule, "stopped": row.stopped, "observed": [repr(each) for each in row.observed]}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        values = {kind: repr(value) for kind, value in rows[0].evidence.items() if kind in ("search", "accounts") or isinstance(value, Missing)}
        file.write(json.dumps({"site": rows[0].town.slug, "evidence": values}, ensure_ascii=False) + "\n")


def _report(looked: list[Looked], odd: list[str], seconds: float) -> int:
    scores: dict[str, Score] = defaultdict(lambda: Score(""))
    for row in sorted(looked, key=lambda row: row.town.slug):
        score = scores.setdefault(row.rule, Score(row.rule))
        if not _silenced(row):
            score.add(row)
    print(f"\n{len({row.town.slug for row in looked})} sites in {seconds:.0f} s\n{'rule':20}{'sites':>6}{'planted':>8}{'found':>6}{'open':>6}{'missed':>7}{'false':>6}{'undecided':>10}")
    for score in scores.values():
        print(f"{score.rule:20}{score.towns:6}{score.known:8}{score.found:6}{len(score.left):6}{len(score.missed):7}{len(score.false):6}{len(score.undecided):10}")
    for words in ("false", "missed", "left", "undecided"):
        for score in scores.values():
            print(*(f"{words}: {score.rule}: {line}"[:400] for line in getattr(score, words)), sep="\n", end="\n" if getattr(score, words) else "")
    print(*(f"bad draw: {line}" for line in odd), sep="\n")
    known, found = sum(score.known for score in scores.values()), sum(score.found for score in scores.values())
    false = sum(len(score.false) for score in scores.values())
    print(f"planted {known}, found {found}" + (f" ({100 * found / known:.1f} %)" if known else "") + f", false {false}")
    return int(bool(false) or bool(odd) or 20 * found < 19 * known)


def _silenced(row: Looked) -> bool:
    """A site without a search has no more to answer for there."""
    return bool(row.town.search.dead) and row.rule in ("site-search.2", "site-search.3")


if __name__ == "__main__":
    sys.exit(main())
