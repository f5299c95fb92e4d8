"""What `govsite report` costs: time, size and number of files for 20,000 results, and how long Chromium needs to show them.

    python bench/report.py [sites]

Invents the judgements of 200 sites under sichuan2021 (99 rules each): one deduction in seven, a veto here and there, two thirds
of what a person must judge still open, one picture for each veto. Then the same results through Allure alone, as one file and
as many. Allure is the npm package `allure` (GOVSITE_ALLURE, PATH or .venv/peers). Seconds of the processor are told as
well: on a machine that others use, they lie less. A page is shown when its list of results can be searched.
"""
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random

import psutil
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from pytest_govsite import editions
from pytest_govsite.dossier import Dossier, Meta
from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.ledger import Ledger, write_scorecards
from pytest_govsite.model.edition import Edition, Item, Rule
from pytest_govsite.model.finding import Finding
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.report.allure3 import config, program, report, results, trend
from pytest_govsite.report.allure3.judged import Judged, by_id
from pytest_govsite.report.allure3.pictures import Album
from pytest_govsite.report.wording import sized
from pytest_govsite.rows import Row
from pytest_govsite.scoring import score

SITES, DAY, EDITION = 200, date(2026, 11, 20), "sichuan2021"
PEERS = Path(__file__).parents[1] / ".venv/peers"
PATIENCE = 600_000  # milliseconds
# share of the rules that a machine judges, up to which a rule ends so
SHARES = ((0.14, "deduct"), (0.15, "tool"), (0.19, "history"), (0.21, "vantage"), (0.25, "not-applicable"), (1, "pass"))


def sites(count: int) -> list[Site]:
    """The sites, in groups of twenty."""
    return [
        Site(f"county{n:04}", f"https://www.county{n:04}.gov.cn/", f"第{n}县人民政府", "county-portal", "511722", group=f"第{n // 20}市")
        for n in range(count)
    ]


def findings(site: Site, rule: Rule, count: int, shot: str | None = None) -> tuple[Finding, ...]:
    """So many faults."""
    return tuple(Finding(f"{site.url}a/{n}.html", f"thing {n}", f"第 {n} 处：{rule.summary}"[:60], shot) for n in range(count))


def verdict(site: Site, item: Item, rule: Rule, random: Random) -> Verdict:
    """How the rule may end."""
    draw = random.random()
    if rule.check == "attested":
        return Verdict(Outcome.UNDETERMINED, blame=Blame.PERSON, reason="待检查人员核定")
    if item.part == "veto":
        shot = f"sites/{site.id}/shots/veto.png"
        return Verdict(Outcome.VETO, findings=findings(site, rule, 3, shot)) if draw < 0.02 else Verdict(Outcome.PASS)
    if item.part == "bonus":
        return Verdict(Outcome.UNEARNED, Fraction(0))
    end = next(end for share, end in SHARES if draw < share)
    if end == "deduct":
        return Verdict(Outcome.DEDUCT, -(rule.points or Fraction(1)), findings=findings(site, rule, random.randint(1, 6)))
    if end in ("not-applicable", "pass"):
        return Verdict(Outcome(end), reason="无服务职能" if end == "not-applicable" else None)
    return Verdict(Outcome.UNDETERMINED, blame=Blame(end), reason="说明原因的一句话")


def inspect(folder: Path, count: int) -> Judged:
    """A results folder as a sweep leaves it."""
    edition, random, subjects = editions.load(EDITION), Random(1), sites(count)
    by_site = {site.id: [*_rows(site, edition, random)] for site in subjects}
    rows = [row for own in by_site.values() for row in own]
    with Ledger(folder) as ledger:
        ledger.plan(rows)
        cards = [score(edition, site, by_site[site.id]) for site in subjects]
        write_scorecards(folder, cards, by_site)
    for site in subjects:
        Dossier(folder).write_meta(Meta(site, DAY, 7, "bench"))
    for shot in {finding.shot for row in rows for finding in row.findings if finding.shot}:
        (folder / shot).parent.mkdir(exist_ok=True)
        Image.effect_noise((1280, 900), 20).convert("RGB").save(folder / shot)
    return Judged(folder, rows, [card.to_json() for card in cards], by_id(subjects), {edition.id: edition})


def _rows(site: Site, edition: Edition, random: Random) -> Iterator[Row]:
    for item in edition.items:
        for rule in item.rules:
            yield Row.of(site, edition, item, rule, verdict(site, item, rule, random), DAY, 0.5)


def timed(work: Callable[[], object]) -> tuple[str, object]:
    """What it took, ours and of the programs that it started, and what came of it."""
    began, used = time.perf_counter(), _processor()
    made = work()
    return f"{time.perf_counter() - began:.1f} s, {_processor() - used:.1f} s CPU", made


def _processor() -> float:
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def alone(judged: Judged, work: Path, single: bool) -> Path:
    """The same results through Allure as it is."""
    work.mkdir()
    (work / "results").mkdir()
    results.write(work / "results", judged, Album(judged.folder, work / "results", 0))
    told = config.of(judged, work / "out", None)
    told["plugins"]["awesome"]["options"]["singleFile"] = single
    (work / "allurerc.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    program.generate(allure(), work / "allurerc.json", work / "results")
    return work / "out" / report.INDEX


def allure() -> str:
    """The program."""
    return program.find(str(PEERS) if (PEERS / program.LOCAL).exists() else None)


def shown(page: Page, path: Path) -> str:
    """What it takes until the list of results can be searched, and what the page asked the network for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    began, used = time.perf_counter(), _browser()
    page.goto(path.as_uri(), wait_until="commit", timeout=PATIENCE)
    page.locator("#app input").first.wait_for(timeout=PATIENCE)
    seconds, processor = time.perf_counter() - began, _browser() - used
    called = {url.split("/")[2] for url in asked if url.startswith("http")}
    return f"shown after {seconds:.1f} s, {processor:.1f} s CPU; asked outside: {', '.join(called) or 'nobody'}"


def _browser() -> float:
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            total += sum(process.cpu_times()[:2])
        except psutil.Error:
            continue
    return total


def main() -> None:
    """Ours, then Allure alone."""
    count = int(sys.argv[1]) if sys.argv[1:] else SITES
    try:
        program_ = allure()
    except program.ReportError as error:
        sys.exit(f"left out: {error}")
    with tempfile.TemporaryDirectory(prefix="govsite-bench-") as place, sync_playwright() as driver:
        folder = Path(place)
        judged = inspect(folder / "results", count)
        print(f"{len(judged.rows):,} results of {count} sites, ledger {sized((folder / 'results/ledger.jsonl').stat().st_size)}")
        history = folder / "results" / trend.FILE
        took, built = timed(lambda: report.build(judged, folder / "ours", program_, history))
        print(f"govsite report: {took}; {len(os.listdir(folder / 'ours'))} files, {sized(built.size)}; history {sized(history.stat().st_size)}")
        browser = driver.chromium.launch(executable_path=find_chromium())
        print(f"  {shown(browser.new_page(), built.path)}", flush=True)
        took, single = timed(lambda: alone(judged, folder / "single", True))
        size = single.stat().st_size
        print(f"Allure alone, one file: {took}; {sized(size)}, {size / built.size:.1f} of ours", flush=True)
        print(f"  {shown(browser.new_page(), single)}", flush=True)
        took, multiple = timed(lambda: alone(judged, folder / "multiple", False))
        files = [path for path in multiple.parent.rglob("*") if path.is_file()]
        print(f"Allure alone, many files: {took}; {len(files):,} files, {sized(sum(path.stat().st_size for path in files))}; blank over file://")
        browser.close()


if __name__ == "__main__":
    main()
