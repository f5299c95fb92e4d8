"""To a Dask cluster that somebody runs, or to one of our own on this machine alone."""
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from pytest_govsite.sweeping import deaf
from pytest_govsite.sweeping.cluster import RESOURCE, Cluster, ClusterError

if TYPE_CHECKING:
    from distributed import Client, Security

EXTRA = "pip install 'pytest-govsite[sweep]'"
CONNECT_SECONDS = 20
PATIENCE_SECONDS = 2  # with Dask, which keeps that time itself where the other side answers at all
CRASHES = 2  # of workers over one inspection, then it is given up; a scheduler of other people counts as they told it
LOOPBACK = "127.0.0.1"
SILENT = logging.CRITICAL + 1  # what a user must know is said in our own words
LOGGERS = ("distributed", "tornado", "asyncio", "bokeh")


@dataclass(frozen=True)
class Tls:
    """Files (PEM) for a scheduler at tls://…: authority, own certificate, its key."""

    ca: Path
    cert: Path
    key: Path


@contextmanager
def remote(address: str, tls: Tls | None = None) -> Iterator[Cluster]:
    """The cluster of a scheduler tcp://… or tls://…. Raises ClusterError when it cannot be reached, or is none."""
    distributed = _dask()
    try:
        client = _in_time(lambda: distributed.Client(
            address, timeout=CONNECT_SECONDS, security=_security(distributed, tls), set_as_default=False,
        ))
    except Exception as error:  # what comes from a host that is no scheduler has no end
        raise ClusterError(f"连不上调度器 {address}：{_reason(error)}；它由 dask scheduler 启动，地址形如 tcp://主机:8786") from error
    with ExitStack() as stack:
        stack.callback(_quietly, client.close, timeout=CONNECT_SECONDS)
        yield Cluster(client)


@contextmanager
def local(workers: int) -> Iterator[Cluster]:
    """A cluster of so many processes on loopback, each inspecting one site at a time; gone at the end."""
    distributed = _dask()
    import dask

    with ExitStack() as stack:
        stack.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": CRASHES - 1}))
        with _ignoring(signal.SIGINT, signal.SIGHUP):  # so do the processes that are started now
            cluster = distributed.LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, host=LOOPBACK, dashboard_address=f"{LOOPBACK}:0",
                silence_logs=SILENT, memory_limit=0, resources={RESOURCE: 1}, preload=[deaf.__name__],
            )
        stack.callback(_quietly, cluster.close, timeout=CONNECT_SECONDS)
        client = distributed.Client(cluster, timeout=CONNECT_SECONDS, set_as_default=False)
        stack.callback(_quietly, client.close, timeout=CONNECT_SECONDS)
        yield Cluster(client)


def _dask() -> ModuleType:
    """The library, silenced. Raises ClusterError where it is not installed."""
    try:
        import distributed
    except ImportError as error:
        raise ClusterError(f"govsite sweep 要用 dask.distributed，这里没有装：请运行 {EXTRA}") from error
    for name in LOGGERS:
        logging.getLogger(name).setLevel(SILENT)
    return distributed


def _security(distributed: ModuleType, tls: Tls | None) -> "Security | None":
    if tls is None:
        return None
    return distributed.Security(
        tls_ca_file=str(tls.ca), tls_client_cert=str(tls.cert), tls_client_key=str(tls.key), require_encryption=True,
    )


def _in_time(connect: Callable[[], "Client"]) -> "Client":
    """Whoever takes the call and says nothing keeps Dask waiting for ever. Raises TimeoutError, or what `connect` raises."""
    found: Future = Future()

    def run() -> None:
        try:
            found.set_result(connect())
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return found.result(CONNECT_SECONDS + PATIENCE_SECONDS)


@contextmanager
def _ignoring(*signals: int) -> Iterator[None]:
    before = {number: signal.signal(number, signal.SIG_IGN) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _quietly(close, **kwargs) -> None:
    """Closes what may be gone already."""
    with suppress(Exception):
        close(**kwargs)


def _reason(error: BaseException) -> str:
    if isinstance(error, TimeoutError | OSError):
        return f"{CONNECT_SECONDS} 秒内没有应答"
    return (str(error).strip().partition("\n")[0] or type(error).__name__)[:200]
