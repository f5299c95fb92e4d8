"""What keeps an inspection in bounds: real processes, ended from outside, whatever they do."""
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest

from pytest_govsite.sweeping import keeper

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform != "linux", reason="orphans can be adopted on Linux only (prctl)"),
]
FAMILY = '''
    import os, subprocess, sys
    sleeping = [sys.executable, "-c", "import time; time.sleep(600)"]
    children = [subprocess.Popen(sleeping), subprocess.Popen(sleeping, start_new_session=True)]
    if not os.fork():  # its parent dies, it leaves the group: an orphan, as a browser may be
        if not os.fork():
            os.setsid()
            os.execv(sys.executable, sleeping)
        os._exit(0)
    os.wait()
'''
READY = '''
    open("reached", "w").write("reached")
'''
WAIT = '''
    import time
    time.sleep(600)
'''
GREEDY = '''
    hoard = b"x" * (300 * 2**20)
'''


class Kept:
    """A keeper at work. `folder` holds what its task may write; a named pipe there tells that the task is under way."""

    def __init__(self, folder: Path, script: str, seconds: float = 100, memory: int = 2**31) -> None:
        self.folder = folder
        os.mkfifo(folder / "reached")
        command = [sys.executable, "-c", textwrap.dedent(script)]
        task = keeper.Task(command, str(folder), "output.txt", seconds, memory)
        self.process = subprocess.Popen(
            [sys.executable, "-P", keeper.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
        )
        self.process.stdin.write(json.dumps(vars(task)).encode() + b"\n")

    def wait_until_reached(self) -> None:
        assert (self.folder / "reached").read_text() == "reached"
        self.below = psutil.Process(self.process.pid).children(recursive=True)

    def told(self) -> dict:
        """What the keeper said at its end."""
        return json.loads(self.process.stdout.read())

    def left(self) -> list[psutil.Process]:
        """Processes of the task that are still there."""
        _, alive = psutil.wait_procs(self.below, timeout=10)
        return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def keep(tmp_path):
    kept = []

    def start(*args, **kwargs) -> Kept:
        folder = tmp_path / "folder"
        folder.mkdir()
        kept.append(Kept(folder, *args, **kwargs))
        return kept[0]

    yield start
    for each in kept:
        each.process.kill()
        with each.process:
            pass


def test_an_end_of_its_own(keep):
    kept = keep("import sys; print('words'); sys.exit(3)")
    told = kept.told()
    assert (told["ending"], told["status"]) == ("done", 3) and 0 < told["seconds"] < 60
    assert (kept.folder / "output.txt").read_text() == "words\n"


def test_what_an_inspection_leaves_behind_is_ended(keep):
    kept = keep(FAMILY + READY)
    kept.wait_until_reached()
    assert kept.told()["ending"] == "done" and kept.left() == []


ENDINGS = {
    "it takes too long": ({"seconds": 8}, lambda kept: None, "time"),
    "it takes too much memory": ({"memory": 250 * 2**20}, lambda kept: None, "memory"),
    "nobody wants it any more": ({}, lambda kept: kept.process.stdin.write(b"stop\n"), "stop"),
    "the keeper is asked to go": ({}, lambda kept: kept.process.send_signal(signal.SIGTERM), "stop"),
    "its starter has died": ({}, lambda kept: kept.process.stdin.close(), "orphan"),
}


@pytest.mark.parametrize(("limits", "act", "ending"), ENDINGS.values(), ids=ENDINGS)
def test_it_is_ended_with_all_its_family(keep, limits, act, ending):
    kept = keep(FAMILY + READY + (GREEDY if "memory" in limits else "") + WAIT, **limits)
    kept.wait_until_reached()
    assert len(kept.below) == 4, "the task, two children, and an orphan that the keeper adopted"
    act(kept)
    told = kept.told()
    assert told["ending"] == ending and told["status"] == -signal.SIGKILL
    assert kept.left() == []
    assert kept.folder.exists() == (ending != "orphan"), "nobody else would remove the folder of a dead starter"


def test_a_killed_keeper_takes_the_inspection_along(keep):
    kept = keep(READY + WAIT)
    kept.wait_until_reached()
    kept.process.kill()
    assert kept.left() == []
