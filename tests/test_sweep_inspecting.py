"""On the machine that inspects: a script stands in for pytest, everything around it is real."""
import io
import os
import tempfile
import threading
import zipfile
import zlib
from pathlib import Path

import pytest

from pytest_govsite.sweeping import inspecting

pytestmark = pytest.mark.timeout(120)
WORDS = '''
import os, pathlib, sys, time
pathlib.Path("results").mkdir()
pathlib.Path("results/ledger.jsonl").write_text("row\\n")
print(sys.argv[1:], pathlib.Path("sites.toml").read_text(), os.environ.get("PYTEST_ADDOPTS"), os.environ["GOVSITE_PASSWORD_A"])
pathlib.Path(os.environ["TMPDIR"], "rubbish").touch()
'''
HANG = 'open(os.environ["REACHED"], "w").write("reached")\ntime.sleep(600)\n'
CASES = {
    "it ends by itself": ("sys.exit(1)", {}, None, "done", 1),
    "it crashes": ("os.kill(os.getpid(), 9)", {}, None, "done", -9),
    "it takes too long": ("time.sleep(600)", {"seconds": 2}, None, "time", -9),
    "it takes long, but waited": (
        "time.sleep(4)\npath = os.path.join(os.environ['GOVSITE_WAITS'], 'a')\nopen(path, 'w').close()\n"
        "os.utime(path, (time.monotonic() + 3,) * 2)\ntime.sleep(1.5)\nsys.exit(1)", {"seconds": 5}, None, "done", 1,
    ),
    "the sweep is stopped": (HANG, {}, inspecting.stop, "stop", -9),
}


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A worker's environment, its temporary folder, and a pipe that tells when the script has come far enough."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    os.mkfifo(tmp_path / "reached")
    monkeypatch.setenv("REACHED", str(tmp_path / "reached"))
    monkeypatch.setenv("PYTEST_ADDOPTS", "-n4")
    monkeypatch.setenv("GOVSITE_PASSWORD_A", "of this worker")
    yield tmp_path
    inspecting._stopped.clear()


@pytest.mark.parametrize(("script", "limits", "act", "ending", "status"), CASES.values(), ids=CASES)
def test_what_came_of_it(world, monkeypatch, script, limits, act, ending, status):
    monkeypatch.setattr(inspecting, "COMMAND", ("-c", WORDS + script))
    files = {"sites.toml": zlib.compress(b"[[site]]")}
    parcel = {"run": "r", "arguments": ["--govsite-site=a"], "files": files, "seconds": 60.0, "memory": 2**30} | limits
    if act:
        threading.Thread(target=lambda: (Path(world, "reached").read_text(), act("r"))).start()
    result = inspecting.inspect(parcel)
    assert (result["ending"], result["status"]) == (ending, status) and result["where"]
    with zipfile.ZipFile(io.BytesIO(result["archive"])) as archive:
        assert archive.namelist() == ["ledger.jsonl"], "what was there by then has come home"
    if ending == "done" and status == 1:
        assert result["says"] == "['--govsite-site=a'] [[site]] None of this worker\n"
    assert list(Path(world, "tmp").glob("gs-*")) == [], "nothing is left on the machine"


def test_a_keeper_that_is_killed_is_told(world, monkeypatch):
    monkeypatch.setattr(inspecting, "COMMAND", ("-c", WORDS + "os.kill(os.getppid(), 9)\ntime.sleep(600)"))
    files = {"sites.toml": zlib.compress(b"")}
    result = inspecting.inspect({"run": "r", "arguments": [], "files": files, "seconds": 60.0, "memory": 2**30})
    assert result["ending"] == "lost" and result["archive"]


def test_where_the_configuration_of_others_lies_does_not_matter(world):
    """A pytest.ini above the temporary folder is anybody's."""
    assert "-c" in inspecting.COMMAND and "--rootdir=." in inspecting.COMMAND
    assert (world / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    files = {"sites.toml": zlib.compress(b"")}
    parcel = {"run": "r", "arguments": ["--version"], "files": files, "seconds": 60.0, "memory": 2**30}
    result = inspecting.inspect(parcel)
    assert result["status"] == 0 and result["says"].startswith("pytest "), result["says"]
