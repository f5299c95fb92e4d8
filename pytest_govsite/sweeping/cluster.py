"""The machines: what they must have, how they are told to inspect, and to stop."""
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from pytest_govsite import __version__
from pytest_govsite.sweeping import inspecting
from pytest_govsite.sweeping.inspecting import Parcel

if TYPE_CHECKING:
    from distributed import Client, Future

RESOURCE = "browser"
WORKERS_SECONDS = 60  # that a cluster which has just been started may take until its first worker is there
SAME = ("dask", "distributed")  # on all machines: their protocol has no versions
WORKER = "dask worker {} --nworkers 2 --nthreads 1 --resources browser=1"


class ClusterError(ValueError):
    """One sentence for the person who starts the sweep."""


class Cluster:
    """Runs inspections on the workers of a Dask scheduler, see connecting.py."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._numbers = count()  # a site that is tried again is another task: Dask answers for a known one what it knows

    @property
    def dashboard(self) -> str:
        """Address of Dask's own pages."""
        return self._client.dashboard_link

    @property
    def is_connected(self) -> bool:
        """False when the scheduler is gone for good."""
        return self._client.status in ("running", "connecting")

    def slots(self) -> int:
        """How many inspections can run at once, as things are now."""
        with suppress(Exception):  # the scheduler is on its way out: is_connected will tell
            return sum(map(_slots_of, self._workers().values()))
        return 0

    def submit(self, parcel: Parcel, name: str) -> "Future":
        """Begins an inspection as soon as there is a slot. The future yields an inspecting.Result."""
        return self._client.submit(
            inspecting.inspect, parcel, key=f"{name}-{parcel['run']}-{next(self._numbers)}", resources={RESOURCE: 1}, pure=False,
        )

    def stop(self, run: str) -> None:
        """Ends the inspections of a run everywhere, soon; each still yields what it has found."""
        with suppress(Exception):  # whoever does not hear it loses its task a moment later
            self._client.run(inspecting.stop, run, on_error="ignore", wait=True)

    def cancel(self, futures: Iterable["Future"]) -> None:
        """Nobody wants these any more."""
        with suppress(Exception):
            self._client.cancel(list(futures), force=True)

    def check(self, kinds: frozenset[str]) -> None:
        """Waits for workers and looks whether they can do it. Raises ClusterError for what is in the way."""
        self._wait_for_workers()
        self._check_versions()
        for where, said in self._equipment(kinds).items():
            if isinstance(said, Exception):
                raise ClusterError(f"执行机 {where} 上没有装 pytest-govsite，或装的不能用：{_first_line(said)}") from said
            if said["version"] != __version__:
                raise ClusterError(f"执行机 {where} 上的 pytest-govsite 是 {said['version']}，本机是 {__version__}，请装成一样的")
            if said["lacks"]:
                raise ClusterError(f"执行机 {where}：{said['lacks']}")

    def _wait_for_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError as error:
            place = self._client.scheduler.address
            hint = f"请在各执行机上运行 {WORKER.format(place)}"
            raise ClusterError(f"调度器 {place} 等了 {WORKERS_SECONDS} 秒还没有执行机；{hint}") from error
        if not self.slots():
            raise ClusterError(f"没有一台执行机登记了浏览器名额：启动 dask worker 时请加 --resources {RESOURCE}=1")

    def _check_versions(self) -> None:
        found = self._client.get_versions(check=False)
        ours = found["client"]["packages"]
        for where, theirs in {"调度器": found["scheduler"], **found["workers"]}.items():
            for name in SAME:
                if theirs and (version := theirs["packages"].get(name)) != ours[name]:
                    raise ClusterError(f"版本不一致：{where} 的 {name} 是 {version}，本机是 {ours[name]}，请装成一样的")

    def _equipment(self, kinds: frozenset[str]) -> dict[str, dict | Exception]:
        try:
            return self._client.run(equipment, sorted(kinds), on_error="return")
        except Exception as error:  # a worker without our package cannot even read the question
            return {"": error}

    def _workers(self) -> dict[str, dict]:
        return self._client.scheduler_info(n_workers=-1)["workers"]


def equipment(kinds: Iterable[str]) -> dict[str, str]:
    """Asked of every worker: which version it has, and what it lacks, as a sentence."""
    from pytest_govsite import plugin

    return {"version": __version__, "lacks": plugin.pytest_govsite_unready(frozenset(kinds))}


def _slots_of(worker: dict) -> int:
    """Each inspection takes a thread as well, and waits in it."""
    return min(int(worker["resources"].get(RESOURCE, 0)), worker["nthreads"])


def _first_line(error: BaseException) -> str:
    return (str(error).strip().partition("\n")[0] or type(error).__name__)[:200]
