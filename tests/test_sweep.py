"""`govsite sweep` on real Dask clusters: a scheduler with workers on loopback, and one of its own."""
import os
import signal
import threading
from contextlib import suppress
from types import SimpleNamespace

import faked
import psutil
import pytest
import sweeps

from pytest_govsite import cli
from pytest_govsite.dossier import Dossier
from pytest_govsite.history import open_history
from pytest_govsite.sweeping import connecting
from pytest_govsite.sweeping.homecoming import INCOMING

pytest.importorskip("distributed", reason="the extra [sweep] is not installed")
pytestmark = pytest.mark.timeout(400)

# a rule for a person comes first: it is judged whatever happens to the site
TABLE = {
    "person": ("deduction", {"check": "attested"}), "fine": ("deduction", {}), "deadly": ("deduction", {"says": "kill once"}),
    "faulty": ("deduction", {"faults": 2}), "barred": ("veto", {"faults": 1}),
}
FOR_ACCOUNTS = {"account": ("deduction", {"check": "attested", "target": "new-media"})}
ALL = ("--sites=sites.toml", "own_checks", "--edition=table.toml", f"--as-of={faked.AS_OF}")
RESULTS = "govsite-results"


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    made = sweeps.Scene(tmp_path_factory.mktemp("scene"))
    made.table("table", **TABLE, **FOR_ACCOUNTS)
    (made.folder / "tmp").mkdir()
    made.environment["TMPDIR"] = str(made.folder / "tmp")
    return made


@pytest.fixture(scope="module")
def dask(scene):
    """A cluster of two workers behind TLS."""
    made = sweeps.Dask(scene.folder, scene.environment)
    made.workers = [made.add_worker(), made.add_worker()]
    yield made
    made.close()


@pytest.fixture(scope="module")
def started(scene):
    """Sweeps start in this process, which is cheaper."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(scene.folder)
        for name, value in scene.environment.items():
            patch.setenv(name, value)
        patch.setattr(connecting, "CONNECT_SECONDS", 90)  # a busy machine
        yield scene


@pytest.fixture
def here(started):
    return started


@pytest.fixture(scope="module")
def swept(started, dask):
    """Four sites, of which one kills its inspection once and one always does, and an account."""
    started.sites("alpha", "lethal", "beta", extra='\n[[account]]\nid = "wx"\nplatform = "微信"\nname = "甲"\nowner = "乙"\n')
    status = cli.main(["sweep", *ALL, *dask.arguments])
    return SimpleNamespace(status=status, rows=started.rows(), cards=started.cards(), folder=started.folder / RESULTS)


def by_rule(rows: dict, site: str) -> dict[str, dict]:
    return {row["rule"]: row for row in rows.values() if row["site"] == site}


def test_every_row_comes_home(swept):
    assert len(swept.rows) == 3 * len(TABLE | FOR_ACCOUNTS) + 1 and swept.status == 1
    for site in ("alpha", "beta"):
        found = by_rule(swept.rows, site)
        assert [found[f"{rule}.1"]["outcome"] for rule in TABLE] == ["undetermined", "pass", "pass", "deduct", "veto"]
        assert found["deadly.1"]["took"] >= 0 and found["person.1"]["blame"] == "person"
        assert swept.cards[site]["vetoes"] == ["barred.1"]
    assert {row["blame"] for row in by_rule(swept.rows, "wx").values()} == {"person"}


def test_what_a_killed_inspection_had_found_is_kept(swept):
    found = by_rule(swept.rows, "lethal")
    assert found.pop("person.1")["blame"] == "person"
    assert {row["blame"] for row in found.values()} == {"tool"}
    assert all("中途退出（退出码 -9" in row["reason"] for row in found.values())


def test_evidence_comes_home_and_is_of_this_run(swept):
    dossier = Dossier(swept.folder)
    assert {path.name for path in (swept.folder / "sites").iterdir()} == {"alpha", "beta", "lethal", "wx"}
    runs = {dossier.read_meta(site).run for site in ("alpha", "beta", "lethal", "wx")}
    assert len(runs) == 1
    assert dossier.load("alpha", "home").page.url == "http://alpha.gov.cn/"
    assert not (swept.folder / INCOMING).exists()


def test_it_is_remembered_as_one_run(swept, scene):
    run = Dossier(swept.folder).read_meta("alpha").run
    with open_history(scene.folder / faked.HISTORY, read_only=True) as history:
        kept = history.inspections()
        assert {(one.run, one.site) for one in kept} == {(run, site) for site in ("alpha", "beta", "lethal", "wx")}
        assert next(one for one in kept if one.site == "beta").scorecard == swept.cards["beta"]


def test_nothing_is_left_on_the_machines(swept, scene, dask):
    assert [path.name for path in (scene.folder / "tmp").glob("gs-*")] == []
    for worker in dask.workers:
        left = psutil.Process(worker.pid).children(recursive=True)
        assert [process.cmdline() for process in left if "keeper.py" in " ".join(process.cmdline())] == []


def test_resuming_a_finished_sweep_needs_no_machine(swept, here, capsys):
    arguments = ["--site=alpha", "--site=beta", "--resume", "--gate=veto", "--scheduler=tcp://127.0.0.1:1"]
    assert cli.main(["sweep", *ALL, *arguments]) == 1
    out = capsys.readouterr().out
    assert "alpha县人民政府" in out and here.rows() == swept.rows, "and nothing was written"


# what happens on the way


class Watcher(threading.Thread):
    """Acts each time that the site `endless` has been reached, in turn."""

    def __init__(self, scene: sweeps.Scene, *acts) -> None:
        super().__init__(daemon=True)
        self._pipe, self._acts = scene.folder / "reached", acts
        self.inspections: list[list[psutil.Process]] = []
        self.faults: list[BaseException] = []
        os.mkfifo(self._pipe)
        self.start()

    def run(self) -> None:
        try:
            for act in self._acts:
                if not self._pipe.read_text():  # see close
                    return
                act(self)
        except BaseException as fault:
            self.faults.append(fault)
            os.kill(os.getpid(), signal.SIGTERM)  # ends a sweep that would wait for ever
        finally:
            self._pipe.unlink()

    def note(self, parents: list[int]) -> psutil.Process:
        """Remembers the processes of the inspection; returns the parent that has it."""
        for pid in parents:
            if below := psutil.Process(pid).children(recursive=True):
                self.inspections.append(below)
                return psutil.Process(pid)
        raise AssertionError("nobody inspects")

    def close(self) -> None:
        """Lets the thread go, whatever it waits for."""
        while self.is_alive():
            with suppress(OSError):
                os.close(os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK))
            self.join(0.1)

    def left(self) -> list[psutil.Process]:
        _, alive = psutil.wait_procs([process for below in self.inspections for process in below], timeout=20)
        return alive


@pytest.fixture
def watch():
    watchers = []

    def start(*args) -> Watcher:
        watchers.append(Watcher(*args))
        return watchers[-1]

    yield start
    for watcher in watchers:
        watcher.close()


def test_a_killed_worker_and_an_end_before_time(here, dask, watch):
    """The worker that inspects dies: its inspection dies with it, another begins anew. Then the sweep is told to end."""
    here.sites("alpha", "endless")
    workers = dask.workers

    def kill(watcher):
        watcher.note([worker.pid for worker in workers]).kill()

    def end(watcher):
        watcher.note([worker.pid for worker in workers if worker.poll() is None])
        os.kill(os.getpid(), signal.SIGTERM)

    watcher = watch(here, kill, end)
    status = cli.main(["sweep", *ALL, "--site=endless", "--results=ended", *dask.arguments])
    watcher.join(60)
    assert watcher.faults == [] and status == 130
    found = by_rule(here.rows("ended"), "endless")
    found.pop("account.1")
    assert found.pop("person.1")["blame"] == "person", "what it had found is kept"
    assert {row["reason"] for row in found.values()} == {"not reached"} and len(found) == len(TABLE) - 1
    assert here.cards("ended").keys() == {"endless"} and (here.folder / "ended" / "overview.html").is_file()
    assert len(watcher.inspections) == 2 and watcher.left() == []


def test_ctrl_c_on_this_machine(scene, watch):
    """A cluster of its own: everything is gone within seconds, and what came home is there."""
    scene.sites("alpha", "endless", "omega")
    (scene.folder / "killed").touch()
    process = scene.start(*ALL, "--results=broken-off", "--workers=1", "--site=alpha", "--site=endless", "--site=omega")
    below = []

    def interrupt(watcher):
        below.extend(psutil.Process(process.pid).children(recursive=True))
        os.killpg(process.pid, signal.SIGINT)

    watcher = watch(scene, interrupt)
    out, _ = process.communicate(timeout=300)
    watcher.join(10)
    assert process.returncode == 130 and watcher.faults == [] and "Traceback" not in out, out
    rows = scene.rows("broken-off")
    assert {row["outcome"] for row in by_rule(rows, "alpha").values()} == {
        "undetermined", "pass", "deduct", "veto", "not-applicable",
    }
    assert {row["reason"] for row in by_rule(rows, "omega").values()} == {"not reached"}
    assert scene.cards("broken-off").keys() == {"alpha", "endless", "omega"}
    assert psutil.wait_procs(below, timeout=20)[1] == []
