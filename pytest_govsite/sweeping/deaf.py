"""Loaded into the workers of a local cluster (Dask's `preload`): Ctrl-C is for the sweep, which ends them in its own order."""
import signal


def dask_setup(worker: object) -> None:
    """Called by Dask in the worker's main thread."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
