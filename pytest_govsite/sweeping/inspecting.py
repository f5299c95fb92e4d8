"""On the machine that inspects: what a Dask worker does with a parcel."""
import json
import os
import platform
import select
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import TypedDict

import pytest_govsite
from pytest_govsite import patience
from pytest_govsite.gather.board import FOLDER, usual_folder
from pytest_govsite.sweeping import baggage, keeper

OUTPUT = "output.txt"
RESULTS = "results"
WAITS = "w"
TEMPORARY = "t"  # what an inspection that is killed leaves behind in temporary folders goes with it
LAST_WORDS = 2000
TICK_SECONDS = 0.2
LAST_SECONDS = 30  # of a keeper that was told to stop
# no configuration file above the temporary folder may have a say
CONFIGURATION = "[pytest]\n"
COMMAND = ("-m", "pytest", "-p", "pytest_govsite.plugin", "-p", "no:cacheprovider", "-c", "pytest.ini", "--rootdir=.", "-q")

_stopped: set[str] = set()


class Parcel(TypedDict):
    """What one inspection needs. Plain values only, so that every version of everything can read it.

    run        names the sweep.
    arguments  for pytest; files among them are named relative to the folder in which it runs.
    files      by such a name, compressed with zlib.
    seconds, memory  hard limits: wall clock, bytes of all processes of the inspection together.
    """

    run: str
    arguments: list[str]
    files: dict[str, bytes]
    seconds: float
    memory: int


class Result(TypedDict):
    """What came of it.

    ending   "done", or why it was ended: "time", "memory", "stop", "orphan"; "lost" when its keeper died.
    status   pytest's exit status, negative for the number of the signal that ended it.
    says     the end of what it printed. seconds: wall clock. where: name of the machine.
    archive  see baggage.pack.
    """

    ending: str
    status: int
    says: str
    seconds: float
    where: str
    archive: bytes


def inspect(parcel: Parcel) -> Result:
    """Inspects what a parcel names, in processes of its own; none of them is left when this returns."""
    folder = Path(tempfile.mkdtemp(prefix="gs-"))
    try:
        _lay_out(parcel["files"], folder)
        told = _keep(parcel, folder, _cancelled())
        says = _tail(folder / OUTPUT)
        return {**told, "says": says, "where": platform.node(), "archive": baggage.pack(folder / RESULTS)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def stop(run: str) -> None:
    """Ends the inspections of a sweep on this worker, soon; each still sends home what it has found."""
    _stopped.add(run)


def _lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    (folder / "pytest.ini").write_text(CONFIGURATION, encoding="utf-8")
    (folder / TEMPORARY).mkdir()
    (folder / WAITS).mkdir()
    for name, content in files.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(zlib.decompress(content))


def _keep(parcel: Parcel, folder: Path, cancelled: Callable[[], bool]) -> dict:
    """Waits for the keeper, which waits for the inspection; tells it when nobody wants the result any more."""
    task = keeper.Task(
        [sys.executable, *COMMAND, *parcel["arguments"]], str(folder), OUTPUT, parcel["seconds"], parcel["memory"],
        str(folder / WAITS),
    )
    command = [sys.executable, "-P", keeper.__file__]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment(folder), start_new_session=True, bufsize=0,
    ) as process:
        process.stdin.write(json.dumps(vars(task)).encode() + b"\n")
        while not select.select([process.stdout], [], [], TICK_SECONDS)[0]:
            if parcel["run"] in _stopped or cancelled():
                return _dismiss(process)
        return _report(process)


def _dismiss(process: subprocess.Popen) -> dict:
    process.stdin.write(b"stop\n")
    select.select([process.stdout], [], [], LAST_SECONDS)
    return _report(process)


def _report(process: subprocess.Popen) -> dict:
    """The keeper's own words; it may have been killed."""
    try:
        return json.loads(process.stdout.read())
    except ValueError:
        return {"ending": "lost", "status": process.wait(), "seconds": 0.0}


def _environment(folder: Path) -> dict[str, str]:
    """The worker's own, with its secrets of test accounts; nothing that would make pytest run otherwise than we say."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    places = [str(Path(pytest_govsite.__file__).parents[1]), environment.get("PYTHONPATH")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, places))
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # of what else is installed nothing is needed, and it takes seconds
    environment[FOLDER] = str(usual_folder())  # slots are shared by all inspections of the machine
    environment[patience.FOLDER] = str(folder / WAITS)
    environment["TMPDIR"] = str(folder / TEMPORARY)
    return environment


def _tail(path: Path) -> str:
    try:
        return path.read_bytes()[-LAST_WORDS:].decode(errors="replace")
    except OSError:
        return ""


def _cancelled() -> Callable[[], bool]:
    """Tells whether Dask has given up the task of this thread; never, outside of Dask."""
    if "distributed" not in sys.modules:
        return lambda: False
    from distributed import get_worker

    try:
        worker = get_worker()
        key = worker.get_current_task()
    except ValueError:  # called outside of a task
        return lambda: False
    return lambda: key not in worker.state.tasks or worker.state.tasks[key].state == "cancelled"
