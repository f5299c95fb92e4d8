"""Sweeps of invented sites (see faked.py): a folder with sites, checks and a table, and a real Dask cluster on loopback."""
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import faked
import psutil
import trustme

ROOT = Path(__file__).parents[1]
SCENE = "GOVSITE_TEST_SCENE"
# what the inventions of faked.py write beside themselves is looked for in the scene, wherever they run
IN_SCENE = {
    f'"{name}"': f'os.environ["{SCENE}"] + "/{name}"' for name in ("reached", "killed", "calls.log", "gathered.log")
}


LETHAL = """
    def lethal(self):
        import signal
        os.kill(os.getpid(), signal.SIGKILL)

    def silly(self):"""


def in_scene(text: str) -> str:
    text = text.replace("\n    def silly(self):", LETHAL)
    for name, place in IN_SCENE.items():
        text = text.replace(name, place)
    return text


class Scene:
    """The folder from which a sweep is started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "plug").mkdir()
        (folder / "plug" / "invented.py").write_text(in_scene(faked.CONFTEST), encoding="utf-8")
        (folder / "own_checks").mkdir()
        (folder / "own_checks" / "answer.py").write_text(in_scene(faked.CHECK), encoding="utf-8")
        self.environment = {
            SCENE: str(folder), "PYTEST_PLUGINS": "invented", "GOVSITE_HISTORY": str(folder / faked.HISTORY),
            "PYTHONPATH": os.pathsep.join((str(folder / "plug"), str(ROOT))),
        }

    def table(self, name: str, **items) -> None:
        """Writes an edition, see faked.EVERY."""
        (self.folder / f"{name}.toml").write_text(faked.edition(name, items), encoding="utf-8")

    def sites(self, *names: str, extra: str = "", **more) -> None:
        """Writes the sites file; the first part of a name says how the site behaves."""
        each = (faked.site(name, **more) for name in names)
        (self.folder / "sites.toml").write_text("".join(each) + extra, encoding="utf-8")

    def start(self, *arguments: str, **kwargs) -> subprocess.Popen:
        """Starts `govsite sweep` here, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "pytest_govsite", "sweep", *arguments], cwd=self.folder, start_new_session=True,
            env=os.environ | self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kwargs,
        )

    def rows(self, results: str = "govsite-results") -> dict[str, dict]:
        """The ledger by `<site>/<edition>/<rule>`."""
        lines = (self.folder / results / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines]
        named = {"/".join((row["site"], row["edition"], row["rule"])): row for row in found}
        assert len(named) == len(found), "every row stands once"
        return named

    def cards(self, results: str = "govsite-results") -> dict[str, dict]:
        """The scorecards by site."""
        return {card["site"]: card for card in json.loads((self.folder / results / "scorecards.json").read_text("utf-8"))}


class Dask:
    """A scheduler behind TLS, and workers that can be killed.

    arguments  for `govsite sweep`: where it is, and how it is spoken to.
    """

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._environment = os.environ | environment
        self._stack = ExitStack()
        self._tls = _certificates(folder)
        self.address = f"tls://127.0.0.1:{_free_port()}"
        self.arguments = (f"--scheduler={self.address}", *(f"--tls-{name}={path}" for name, path in self._tls.items()))
        self._run("scheduler", "--host", self.address, "--no-dashboard")

    def add_worker(self, *words: str) -> subprocess.Popen:
        """Starts a worker of one slot; it is there some seconds later."""
        slot = words or ("--resources", "browser=1")
        return self._run("worker", self.address, "--nthreads=1", "--no-nanny", "--no-dashboard", "--memory-limit=0", *slot)

    def close(self) -> None:
        """Ends all of it."""
        self._stack.close()

    def _run(self, command: str, *words: str) -> subprocess.Popen:
        security = [f"--tls-{'ca-file' if name == 'ca' else name}={path}" for name, path in self._tls.items()]
        line = [sys.executable, "-m", "dask", command, *words, *security]
        return self._stack.enter_context(_process(line, self._folder, self._environment))


def _certificates(folder: Path) -> dict[str, Path]:
    authority = trustme.CA()
    own = authority.issue_cert("127.0.0.1")
    paths = {name: folder / f"{name}.pem" for name in ("ca", "cert", "key")}
    authority.cert_pem.write_to_path(paths["ca"])
    own.cert_chain_pems[0].write_to_path(paths["cert"])
    own.private_key_pem.write_to_path(paths["key"])
    return paths


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def _process(command: list[str], folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        for each in (process, *below):
            each.kill()
        process.wait()
