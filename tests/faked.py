"""An inspection without browser and network: a check that answers as its rule tells it to, a table of such rules, and a
collector that invents evidence. The first label of a host says how its site behaves.

`set_up(pytester)` makes the folder of such a project; `run` and `run_apart` start pytest in it.
"""
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

# pytester forgets what a run imports: without these lines every run imports all of it again
import alembic.command  # noqa: F401
import alembic.context  # noqa: F401
import pytest_govsite.activation  # noqa: F401
import pytest_govsite.history.database  # noqa: F401
import pytest_govsite.history.store  # noqa: F401
import pytest_govsite.reading.names  # noqa: F401
from pytest_govsite.history import open_history

ROOT = Path(__file__).parents[1]
AS_OF = "2026-11-20"
HISTORY = "history.sqlite3"

CHECK = '''
import os, signal
from pathlib import Path
from pytest_govsite import Blame, Finding, Home, NotApplicable, Undetermined, check


def is_first():
    try:
        Path("killed").touch(exist_ok=False)  # of two workers that come here at once only one makes it
    except FileExistsError:
        return False
    return True


@check("answer")
def check_answer(home: Home, *, says: str = "", faults: int = 0, blame: str = "person"):
    """What the rule asks for happens."""
    with open("calls.log", "a") as log:
        print(home.page.url, faults, says, file=log)
    if says == "kill" or says == "kill once" and is_first():
        os.kill(os.getpid(), signal.SIGKILL)
    if says == "not-applicable":
        raise NotApplicable("不涉及本站")
    if says == "undetermined":
        raise Undetermined("说不清楚", Blame(blame))
    if says == "crash":
        raise ZeroDivisionError("division by zero")
    for number in range(faults):
        yield Finding(home.page.url, f"fault {number}", f"第 {number} 处不对")
'''

# name of the item: part, what the check is told
EVERY = {
    "fine": ("deduction", {}),
    "faulty": ("deduction", {"faults": 2}),
    "barred": ("veto", {"faults": 1}),
    "open-door": ("veto", {}),
    "earned": ("bonus", {"faults": 1}),
    "unearned": ("bonus", {}),
    "exempt": ("deduction", {"says": "not-applicable"}),
    "person": ("deduction", {"check": "attested"}),
    "history": ("deduction", {"says": "undetermined", "blame": "history"}),
    "outside": ("deduction", {"says": "undetermined", "blame": "vantage"}),
    "walled": ("deduction", {"says": "undetermined", "blame": "wall"}),
    "unclear": ("deduction", {"says": "undetermined", "blame": "site"}),
    "broken": ("deduction", {"says": "crash"}),
}

CONFTEST = '''
import os, shutil
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from pytest_govsite import Article, Headlines, Home, Listing, Missing, Reason
from pytest_govsite.model.availability import SHANGHAI, Round, Sample, Week
from pytest_govsite.model.page import Header, Mark, Marks, Page


class Invented:
    """A collector that sees what the name of the host says."""

    def __init__(self, settings, on_event):
        self.settings, self.on_event = settings, on_event

    def note(self, *words):
        with open("gathered.log", "a") as log:
            print(os.getpid(), *words, file=log)

    def want(self, site, kind):
        self.note("want", site.id, kind)
        future, behaviour = Future(), site.host.partition(".")[0]
        if behaviour == "silent":
            return future
        if hasattr(self, behaviour):
            future.set_result(getattr(self, behaviour)())
        else:
            future.set_result(self.views.get(kind, Invented.home)(self, site))
        self.on_event(site.id, kind, "done", 0.1)
        return future

    def home(self, site):
        page = Page(site.url, site.url, "home", 200, "首页", (), Marks(*[Mark("shown")] * 6), None, Header())
        return Home(page)

    def week(self, site):
        now = datetime.now(SHANGHAI)
        visits = [Sample(site.id, now, family, "visit", "open", now.hour, vantage="here", round="r") for family in (4, 6)]
        return Week(self.settings(site).as_of, now=tuple(visits), round=Round("r", "here", now, now, sites=1))

    def headlines(self, site):
        return Headlines(site.url, Listing(tuple(Article(f"{site.url}{n}.html", "稿件") for n in (1, 2))))

    views = {"week": week, "headlines": headlines}

    def down(self):
        return Missing(Reason.TIMEOUT)

    def nowhere(self):
        return Missing(Reason.NO_NETWORK)

    def interrupted(self):
        raise KeyboardInterrupt

    def wiped(self):
        shutil.rmtree("govsite-results")
        Path("govsite-results").touch()
        return Missing(Reason.TIMEOUT)

    def endless(self):
        with open("reached", "w") as pipe:  # a named pipe, on which the test waits
            pipe.write("reached")
        Future().result()

    def silly(self):
        raise RuntimeError("the collector is broken")

    def ahead(self, site, kinds):
        self.note("ahead", site.id, *kinds)

    def finish(self, site):
        self.note("finish", site.id)

    def close(self):
        self.note("close")


def pytest_govsite_collector(settings, folder, on_event):
    return Invented(settings, on_event)


def pytest_govsite_unready(kinds):
    return "没有浏览器" if Path("no-browser").exists() else ""
'''


def site(id: str, region: str = "511722", **more) -> str:
    """The entry of a county portal in a sites file."""
    known = {"id": id, "name": f"{id}县人民政府", "url": f"http://{id}.gov.cn/", "kind": "county-portal", "region": region}
    return "[[site]]\n" + "".join(f'{key} = "{value}"\n' for key, value in (known | more).items())


def set_up(pytester, monkeypatch, **editions) -> None:
    """The folder: own_checks/, an edition for each keyword (else `every`), and the invented collector."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("GOVSITE_HISTORY", str(pytester.path / HISTORY))
    folder = pytester.mkdir("own_checks")
    (folder / "answer.py").write_text(CHECK, encoding="utf-8")
    pytester.makeconftest(CONFTEST)
    for name, items in (editions or {"every": EVERY}).items():
        (pytester.path / f"{name}.toml").write_text(edition(name, items), encoding="utf-8")


def edition(name: str, items: dict) -> str:
    """The TOML of an edition with one item of one rule for each entry."""
    head = f'[edition]\nid = "{name}"\ntitle = "试验表"\nissuer = "试验室"\ncite = "试验表"\n'
    head += 'full = "100"\nbonus_full = "10"\npass_mark = "60"\n'
    return head + "".join(_item(id, *item) for id, item in items.items())


def _item(id: str, part: str, told: dict) -> str:
    told = dict(told)
    check, target = told.pop("check", "answer"), told.pop("target", "website")
    kind = {"veto": "threshold", "bonus": "award", "deduction": "per-occurrence"}[part]
    points = "" if part == "veto" else 'points = "1"\n'
    thresholds = ", ".join(f"{name} = {json.dumps(value)}" for name, value in told.items())
    return (
        f'\n[[item]]\nid = "{id}"\npart = "{part}"\ntarget = "{target}"\nlevel1 = "一级"\nlevel2 = "二级"\n'
        f'[[item.rule]]\nn = 1\nsummary = "{id}"\nkind = "{kind}"\n{points}check = "{check}"\n'
        f"with = {{ {thresholds} }}\n"
    )


# plugins that no test here is about, and that take as long to load as ours: Hypothesis' at the end of every run
SPARE = ("-p", "no:hypothesispytest", "-p", "no:playwright", "-p", "no:html")
# what tests here speak of is named: to look through everything that is installed takes a fifth of a run
ALONE = ("--disable-plugin-autoload", "-p", "xdist.plugin", "-p", "pytest_timeout", "-p", "allure_pytest.plugin")
PLUGIN = ("-p", "pytest_govsite.plugin", "-p", "no:cacheprovider", *SPARE, *ALONE)
INSPECT = (f"--as-of={AS_OF}", "--edition=every.toml", "own_checks")


def run(pytester, *arguments):
    """Runs pytest with the plugin in this process (where pytest-playwright cannot be twice)."""
    return pytester.runpytest_inprocess(*PLUGIN, *arguments)


def run_apart(pytester, *arguments, timeout=100):
    """Runs pytest with the plugin in a process of its own."""
    lay_out_history(pytester)
    return pytester.runpytest_subprocess(*PLUGIN, *arguments, timeout=timeout)


def start(pytester, *arguments) -> subprocess.Popen:
    """Starts pytest with the plugin in a process group of its own and waits until it has come to the site `endless`."""
    os.mkfifo(pytester.path / "reached")
    lay_out_history(pytester)
    command = [sys.executable, "-m", "pytest", *PLUGIN, *arguments]
    process = subprocess.Popen(command, cwd=pytester.path, start_new_session=True, stdout=subprocess.DEVNULL)
    assert (pytester.path / "reached").read_text() == "reached"
    return process


def lay_out_history(pytester) -> None:
    """An empty history, where there is none: to make its tables takes another process half a second."""
    place = pytester.path / HISTORY
    if not place.exists():
        place.write_bytes(_empty_history())


@cache
def _empty_history() -> bytes:
    with tempfile.TemporaryDirectory(prefix="govsite-empty-") as folder:
        open_history(Path(folder, HISTORY)).close()
        return Path(folder, HISTORY).read_bytes()


def rows(pytester, results="govsite-results") -> dict[str, dict]:
    """The rows of the ledger by `<site>/<edition>/<rule>`."""
    lines = (pytester.path / results / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    named = {"/".join((row["site"], row["edition"], row["rule"])): row for row in found}
    assert len(named) == len(found), "every row stands once"
    return named


def cards(pytester, results="govsite-results") -> dict[str, dict]:
    """The scorecards by `<site>/<edition>`."""
    text = (pytester.path / results / "scorecards.json").read_text(encoding="utf-8")
    return {f"{card['site']}/{card['edition']}": card for card in json.loads(text)}


def log(pytester, name: str) -> list[list[str]]:
    """The lines of a log that the fakes wrote, in words."""
    path = pytester.path / name
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
