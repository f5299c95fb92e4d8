"""An estate of invented sites, swept: how many sites an hour, at what cost, beside what a user would pick instead.

usage: python bench/sweep.py [--sites N] [--workers N ...] [--chaos N] [--peer-sites N] [--pages N] [--peers DIR] [--keep DIR]

Sites in fifteen makings, some slow, some broken, a fifth of them on one platform and a fifth on another, are served by
processes of their own. Printed: sites an hour and the most memory for each number of workers; how much of the processors
Chromium uses; pages beside raw Playwright loads of the same pages; pa11y-ci and lighthouse on one page of each site; rows
in trouble; and what a run does in which one worker and one browser in twenty sites are killed. Linux only: every address
of 127.0.0.0/8 must be one's own. Absolute figures are the machine's; the ratios count.
"""
import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple
from urllib.request import Request, urlopen

from sweeping.disturbing import Disturber, rows_done
from sweeping.measuring import Cost, Meter
from sweeping.peers import AT_ONCE, Peers, load
from sweeping.plots import AS_OF, EDITION, Plot, abroad, plots
from sweeping.serving import CONTROL, control_port

ROOT = Path(__file__).parents[1]
PARTS = 2  # processes that serve
FIRST_PORT = 20_000
TROUBLE_GOAL = 0.005
SHOWN = 40


@dataclass(frozen=True)
class Swept:
    """What one run over the estate came to."""

    workers: int
    planned: int
    cost: Cost
    pages: list[str]
    rows: dict[tuple[str, str], dict]
    cards: dict[str, dict]

    @property
    def rate(self) -> float:
        """Sites an hour."""
        return 3600 * len(self.cards) / self.cost.seconds

    @property
    def trouble(self) -> list[dict]:
        """Rows in which our side or our network kept us from a judgement."""
        return [row for row in self.rows.values() if row["blame"] in ("tool", "vantage")]


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when no row was lost, trouble is rare and verdicts held under chaos, else 1."""
    options = _parse(arguments)
    every = plots(options.sites, options.seed)
    with ExitStack() as stack:
        folder = Path(options.keep or stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        port = stack.enter_context(_served(options.sites, options.seed))
        runs = [_sweep(every, port, folder, workers, options) for workers in options.workers]
        good = _tell_runs(runs)
        _tell_peers(every, port, runs, options)
        if options.chaos:
            good &= _tell_chaos(runs[0], _sweep(every, port, folder, options.chaos, options, disturbed=True))
    return int(not good)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sweep", description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8], help="numbers of workers, one run for each")
    parser.add_argument("--chaos", type=int, default=2, help="workers of the run in which processes are killed; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peer-sites", type=int, default=20, help="home pages that the peers look at")
    parser.add_argument("--pages", type=int, default=400, help="pages that are loaded raw")
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv" / "peers", help="where npm put the peers")
    parser.add_argument("--keep", help="folder for the results, kept")
    parser.add_argument("more", nargs="*", help="further options of pytest, after --")
    return parser.parse_args(arguments)


@contextmanager
def _served(sites: int, seed: int) -> Iterator[int]:
    """Serves the estate; gives the port at which it begins."""
    port = _free_port(sites)
    command = [sys.executable, "-m", "sweeping.serving", str(sites), str(seed), str(port)]
    parts = [
        subprocess.Popen([*command, str(part), str(PARTS)], stdout=subprocess.PIPE, cwd=Path(__file__).parent) for part in range(PARTS)
    ]
    try:
        for part in parts:
            assert part.stdout.readline() == b"ready\n", "the estate cannot be served"
        yield port
    finally:
        for part in parts:
            part.kill()
            part.wait()


def _free_port(sites: int) -> int:
    """The first port of as many free ones as the estate takes over IPv6."""
    for port in range(FIRST_PORT, 60_000, 1000):
        try:
            for at in (port, port + 1, port + 10, port + 10 + sites):
                with socket.create_server(("::1", at), family=socket.AF_INET6):
                    pass
            return port
        except OSError:
            continue
    raise SystemExit("no free ports")


def _sweep(every: Sequence[Plot], port: int, folder: Path, workers: int, options: argparse.Namespace, disturbed: bool = False) -> Swept:
    """One run of pytest over all sites, measured, with processes killed in it if it is to be disturbed."""
    name = f"{'chaos' if disturbed else 'n'}{workers}"
    results = folder / name
    (folder / f"{name}.toml").write_text("".join(plot.config(port) for plot in every), encoding="utf-8")
    command = [
        sys.executable, "-m", "pytest", f"--sites={folder / name}.toml", f"--results={results}", f"--as-of={AS_OF}", "--sample-seed=1",
        f"-n{workers}", "-p", "no:cacheprovider", "-q", "--nameserver=127.0.0.1:9", *(f"--resolve={entry}" for entry in abroad(port)),
        *options.more,
    ]
    own = {"GOVSITE_CONTROL": "127.0.0.1:9", "GOVSITE_HISTORY": str(folder / f"{name}.sqlite3"), "GOVSITE_SLOTS": str(folder / f"{name}-slots")}
    planned = len(every) * _rules(options)
    with open(folder / f"{name}.log", "wb") as log:
        run = subprocess.Popen(command, cwd=ROOT, env=os.environ | own, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        with Meter(run.pid) as meter, ExitStack() as stack:
            if disturbed:
                chaos = stack.enter_context(Disturber(meter, lambda: rows_done(results), len(every), planned, options.seed))
            stack.callback(_end, run)
            run.wait()
    if disturbed:
        print(f"killed: {dict(Counter(chaos.killed))}")
    return _read(Swept(workers, planned, meter.cost, _pages_asked(port), {}, {}), results)


def _end(run: subprocess.Popen) -> None:
    """Ctrl-C ends the run as well, which is no child of the terminal."""
    if run.poll() is None:
        os.killpg(run.pid, signal.SIGINT)
        run.wait()


def _rules(options: argparse.Namespace) -> int:
    """How many rules of each site a run judges, a selection among the further options included."""
    chosen = [sys.executable, "-m", "pytest", "--site=demo", f"--edition={EDITION}", "--collect-only", "-qq", "-p", "no:cacheprovider"]
    done = subprocess.run([*chosen, *options.more], cwd=ROOT, capture_output=True, text=True)
    return sum(int(line.rpartition(": ")[2]) for line in done.stdout.splitlines() if line.startswith("checks/"))


def _read(swept: Swept, results: Path) -> Swept:
    lines = (results / "ledger.jsonl").read_text("utf-8").splitlines()
    rows = {(row["site"], row["rule"]): row for row in map(json.loads, lines)}
    cards = {card["site"]: card for card in json.loads((results / "scorecards.json").read_text("utf-8"))}
    return replace(swept, rows=rows, cards=cards)


def _pages_asked(port: int) -> list[str]:
    """Every HTML page for which the sites themselves were asked since this was last called."""
    asked: dict[str, list[str]] = {}
    for part in range(PARTS):
        with urlopen(Request(f"http://127.0.0.1:{control_port(port, part)}/asked", headers={"Host": CONTROL})) as answer:
            asked |= json.load(answer)
    return [f"http://{host}{path}" for host, paths in sorted(asked.items()) for path in paths]


def _tell_runs(runs: Sequence[Swept]) -> bool:
    cores = os.cpu_count() or 1
    for run in runs:
        cost, busy = run.cost, run.cost.cpu["chromium"] / run.cost.seconds
        print(
            f"-n {run.workers}: {len(run.cards)} sites in {cost.seconds:.0f} s, {run.rate:.0f} sites an hour "
            f"({run.rate / runs[0].rate:.2f} of -n {runs[0].workers}); {cost.total / len(run.cards):.1f} CPU seconds a site ({cost.shares()}); "
            f"at most {cost.memory / 1e9:.2f} GB in {cost.processes} processes; "
            f"Chromium uses {busy:.2f} of {cores} cores, idle {100 * (1 - busy / cores):.0f} % of the time", flush=True,
        )
        print(f"  outcomes: {dict(Counter(row['outcome'] for row in run.rows.values()))}")
        print(f"  verdicts: {dict(Counter(card['verdict'] for card in run.cards.values()))}")
        _tell_trouble(run)
        if run is not runs[0]:
            print(f"  beside -n {runs[0].workers}: {_differ(runs[0], run)}")
    short = [run for run in runs if len(run.rows) != run.planned]
    for run in short:
        print(f"-n {run.workers}: {len(run.rows)} rows, planned {run.planned}")
    return not short and all(len(run.trouble) <= TROUBLE_GOAL * len(run.rows) for run in runs)


def _tell_trouble(run: Swept) -> None:
    share = 100 * len(run.trouble) / len(run.rows)
    print(f"  trouble (tool or vantage): {len(run.trouble)} of {len(run.rows)} rows, {share:.2f} % (goal: at most {100 * TROUBLE_GOAL} %)")
    for words, count in Counter(f"{row['blame']}: {row['rule']}: {row['reason']}"[:140] for row in run.trouble).most_common(12):
        print(f"    {count} x {words}")


def _tell_peers(every: Sequence[Plot], port: int, runs: Sequence[Swept], options: argparse.Namespace) -> None:
    """Beside the run with as many workers as there are cores, else the last one."""
    ours = next((run for run in runs if run.workers == AT_ONCE), runs[-1])
    draw = random.Random(options.seed)
    whole = [plot for plot in every if plot.is_whole]
    _tell_loads(whole, port, ours, draw, options.pages)
    chosen = draw.sample(whole, min(options.peer_sites, len(whole)))
    peers = Peers(options.peers)
    for name, look in (("lighthouse", peers.lighthouse), ("pa11y-ci", peers.pa11y)) if chosen else ():
        looked = look(chosen, port)
        if looked is None or not looked.pages:
            print(f"{name} {'came to no result' if looked else f'is not installed under {options.peers}'}")
            continue
        rate, spent = 3600 * looked.pages / looked.cost.seconds, looked.cost.total / looked.pages
        print(
            f"{name}, one page a site: {rate:.0f} sites an hour, {spent:.1f} CPU seconds a site; a whole inspection of ours takes "
            f"{rate / ours.rate:.2f} of its time and {ours.cost.total / len(ours.cards) / spent:.2f} of its CPU "
            f"(goal beside lighthouse: at most 1)", flush=True,
        )


def _tell_loads(whole: Sequence[Plot], port: int, ours: Swept, draw: random.Random, most: int) -> None:
    hosts = {host for plot in whole for host in plot.hosts if plot.temper == "quick"}
    quick = [page for page in ours.pages if page.split("/")[2] in hosts]
    sample = draw.sample(quick, min(most, len(quick)))
    if sample:
        raw, inspected = len(sample) / load(sample, whole, port), len(ours.pages) / ours.cost.seconds
        print(f"inspected {inspected:.1f} pages/s ({len(ours.pages)} pages); raw Playwright {raw:.1f} pages/s, ratio {inspected / raw:.2f}", flush=True)


def _tell_chaos(calm: Swept, chaos: Swept) -> bool:
    difference = _differ(calm, chaos)
    print(f"chaos at -n {chaos.workers}: {chaos.rate:.0f} sites an hour ({chaos.rate / calm.rate:.2f} of -n {calm.workers}); {difference}")
    for site, rule in difference.rows[:SHOWN]:
        was, now = (run.rows[site, rule] for run in (calm, chaos))
        print(f"    {site} {rule}: {was['outcome']} -> {now['outcome']} {now['blame'] or ''} {(now['reason'] or '')[:80]}")
    for site in difference.verdicts[:SHOWN]:
        print(f"    verdict of {site}: {calm.cards[site]['verdict']} -> {chaos.cards.get(site, {}).get('verdict')}")
    _tell_trouble(chaos)
    return not difference.lost and not difference.verdicts


class Difference(NamedTuple):
    """Between two runs: rows that one of them lacks, rows with another outcome, sites with another verdict, or other vetoes."""

    lost: list[tuple[str, str]]
    rows: list[tuple[str, str]]
    verdicts: list[str]
    vetoes: list[str]

    def __str__(self) -> str:
        return (
            f"rows lost {len(self.lost)}, rows judged otherwise {len(self.rows)}, verdicts that turned {len(self.verdicts)}, "
            f"sites with other vetoes {len(self.vetoes)}"
        )


def _differ(one: Swept, other: Swept) -> Difference:
    both = sorted(one.rows.keys() & other.rows.keys())
    cards = [(site, card, other.cards.get(site, {})) for site, card in one.cards.items()]
    return Difference(
        sorted(one.rows.keys() ^ other.rows.keys()), [key for key in both if one.rows[key]["outcome"] != other.rows[key]["outcome"]],
        [site for site, card, now in cards if card["verdict"] != now.get("verdict")],
        [site for site, card, now in cards if card["vetoes"] != now.get("vetoes")],
    )


if __name__ == "__main__":
    sys.exit(main())
