"""The estate of `make bench`: who stands in it, that it is served in the tempers it promises, and what its meter sees.

bench/ has modules of the same names as tests/: it is asked in a process of its own, once, and tells what it saw as JSON.
"""
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pytest_govsite import sites

pytestmark = pytest.mark.timeout(120)

BENCH = Path(__file__).parents[1] / "bench"
ASKING = '''
import http.client, json, os, subprocess, sys, time
from pathlib import Path
from types import SimpleNamespace
import sweep
from sweeping import disturbing, measuring, peers, plots


def ask(address, port, host, path="/", seconds=1.5):
    connection = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return [answer.status, answer.read().decode("utf-8", "replace")]
    except OSError as error:
        return [type(error).__name__, ""]
    finally:
        connection.close()


def served():
    every = {}
    for plot in plots.plots(48, 1):
        every.setdefault(plot.temper, plot)
    with sweep._served(48, 1) as port:
        for temper, plot in every.items():
            for address, at in plot.places(port):
                entry = next(plot.resolve(port)).rpartition(":")[2]
                began = time.monotonic()
                status, text = ask(address, at if temper != "refused" else int(entry), plot.made.host)
                yield [temper, ":" in address, status, plot.made.place in text, "https://" in text, time.monotonic() - began]
        flaky = every["flaky"]
        statuses = [ask(*flaky.places(port)[0], flaky.made.host)[0] for _ in range(15)]
        yield ["flaky cuts", statuses.count(200), len(statuses)]
        yield ["abroad", ask(plots.ABROAD[0], port, "www.gov.cn")[0]]
        yield ["pages", [page for page in sweep._pages_asked(port)]]


def measured():
    busy = "import time; kept = b'x' * 60_000_000; end = time.process_time() + 1.5\\nwhile time.process_time() < end: pass\\ntime.sleep(1.5)"
    with measuring.Meter() as meter:
        subprocess.run([sys.executable, "-c", busy])
    return {"cpu": dict(meter.cost.cpu), "memory": meter.cost.memory, "seconds": meter.cost.seconds}


def victims():
    lines = {
        "worker": ["/venv/bin/python", "-u", "-c", "import sys;exec(eval(sys.stdin.readline()))"],
        "a browser": ["/usr/lib/chromium/chromium-headless-shell", "--headless"],
        "its child": ["/usr/lib/chromium/chromium-headless-shell --type=renderer --headless"],
        "firefox": ["/usr/bin/firefox-esr", "--headless"],
        "its content": ["/usr/lib/firefox-esr/firefox-esr", "-contentproc", "1"],
        "the driver": ["/x/python3.11/playwright/driver/node", "cli.js"],
    }
    return {
        name: [measuring._kind(SimpleNamespace(cmdline=lambda: line)), disturbing._kind_of(SimpleNamespace(cmdline=lambda: line))]
        for name, line in lines.items()
    }


def progress():
    folder = Path(sys.argv[1])
    (folder / "ledger.jsonl").write_text('{"reason": "not reached"}\\n{"reason": null}\\n{"reason": "not reached"}\\n')
    (folder / "ledger.journal").write_text('{"reason": null}\\n')
    return disturbing.rows_done(folder)


first, again = plots.plots(200, 1), plots.plots(200, 1)
print(json.dumps({
    "same": [plot.config(20000) for plot in first] == [plot.config(20000) for plot in again],
    "config": "".join(plot.config(20000) for plot in first),
    "tempers": [plot.temper for plot in first], "platforms": [plot.platform for plot in first],
    "hosts": [host for plot in first for host in plot.hosts], "places": [[list(place) for place in plot.places(20000)] for plot in first],
    "made": sorted({plot.made.slug for plot in first}),
    "served": list(served()), "measured": measured(), "victims": victims(), "progress": progress(),
    "peers": peers.Peers(Path("nowhere")).lighthouse(first, 1),
}))
'''


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("sweeping")
    command = [sys.executable, "-c", ASKING, str(folder)]
    done = subprocess.run(command, cwd=BENCH, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_two_hundred_sites_two_platforms_of_forty(told):
    assert Counter(told["platforms"]) == {"": 120, "platform-a.cn": 40, "platform-b.cn": 40}
    tempers = Counter(told["tempers"])
    assert tempers["quick"] >= 150 and tempers["slow"] >= 15 and tempers["flaky"] >= 5
    assert min(tempers[name] for name in ("refused", "failing", "silent")) >= 5
    assert len(told["made"]) >= 60, "different markups"


def test_every_site_has_names_and_addresses_of_its_own(told):
    assert len(set(told["hosts"])) == len(told["hosts"])
    addresses = Counter(place[0][0] for place in told["places"])
    assert addresses.pop("127.0.0.2") == addresses.pop("127.0.0.3") == 40 and set(addresses.values()) == {1}
    assert len({tuple(place[1]) for place in told["places"]}) == 122


def test_the_same_seed_gives_a_sites_file_that_is_right(told, tmp_path):
    assert told["same"]
    (tmp_path / "sites.toml").write_text(told["config"], encoding="utf-8")
    assert len(sites.load(tmp_path / "sites.toml").subjects) == 200


ANSWERS = {"quick": 200, "slow": 200, "flaky": 200, "failing": 500, "refused": "ConnectionRefusedError", "silent": "TimeoutError"}


def test_each_temper_is_what_it_says_over_both_families(told):
    looks = [look for look in told["served"] if look[0] in ANSWERS]
    assert {(temper, over_v6) for temper, over_v6, *_ in looks} == {(temper, family) for temper in ANSWERS for family in (False, True)}
    for temper, _, status, is_itself, tells_https, seconds in looks:
        assert status == ANSWERS[temper] and is_itself == (status == 200) and not tells_https
        assert (seconds > 0.5) >= (temper in ("slow", "silent"))


def test_a_flaky_site_cuts_a_connection_now_and_then(told):
    (_, good, tried), = (look for look in told["served"] if look[0] == "flaky cuts")
    assert 0 < tried - good <= 2


def test_what_sites_link_to_is_there_and_what_was_asked_is_known(told):
    assert ["abroad", 200] in told["served"]
    (_, pages), = (look for look in told["served"] if look[0] == "pages")
    assert len(pages) == 3, "the home pages that were shown, once each: of the quick, the slow and the flaky one"


def test_the_meter_sees_what_a_child_costs_and_not_itself(told):
    cost = told["measured"]
    assert 1.0 <= cost["cpu"]["python"] <= 3.0 and cost["memory"] >= 60_000_000


def test_workers_and_whole_browsers_are_known_by_their_command_lines(told):
    assert told["victims"] == {
        "worker": ["python", "worker"], "a browser": ["chromium", "browser"], "its child": ["chromium", ""],
        "firefox": ["firefox", "browser"], "its content": ["firefox", ""], "the driver": ["node", ""],
    }


def test_progress_is_what_is_no_longer_planned_only(told):
    assert told["progress"] == 2


def test_a_peer_that_is_not_installed_is_left_out(told):
    assert told["peers"] is None
