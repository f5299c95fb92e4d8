"""A World: the demo site, everything that its pages refer to, and the name server that knows them, on loopback."""
import asyncio
import contextlib
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from datetime import date
from functools import cached_property
from urllib.parse import urlsplit

from pytest_govsite.demo import register
from pytest_govsite.demo.county import ACCOUNT, BELOW, HOST, IRREGULAR_HOST, County
from pytest_govsite.demo.faults import PLANTED, changes, chosen, incidents
from pytest_govsite.demo.monitoring import Kept, monitored
from pytest_govsite.model.site import Site

START_SECONDS = 20
STOP_SECONDS = 10


class World:
    """Serves the demo from a thread of its own.

    as_of   the day the site believes in: its news are of the last days before it.
    clean   the twin without faults; else the planted ones.
    faults  instead: exactly these, by id or by rule id, see faults.py.

    After start(): `nameserver` ("127.0.0.1:port", also on ::1 with that port); `nat` (real port -> loopback port,
    the same on both families); `ca_file` (PEM of the authority behind all certificates). `site` is there before, and
    `account`: name and password of a user of the site; and `week`: the rounds of the seven days before as_of, each with its visits.
    Also a context manager. Raises ValueError for an unknown fault.
    """

    def __init__(self, as_of: date, clean: bool = False, faults: Iterable[str] | None = None) -> None:
        wanted = faults if faults is not None else () if clean else (fault.id for fault in PLANTED)
        self.faults = chosen(wanted)
        host = IRREGULAR_HOST if "domain-name.1:structure" in self.faults else HOST
        self.county = County(as_of, host, changes=changes(self.faults))
        self.site = _site("demo-clean" if clean else "demo", self.county)
        self.account = ACCOUNT
        self.nameserver = ""
        self.nat: dict[int, int] = {}
        self.ca_file = ""
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "World":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts serving; returns when all ports are open. Raises OSError when they cannot be had."""
        ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(ready)), name="govsite-demo", daemon=True
        )
        self._thread.start()
        self._loop, self._over = ready.result(START_SECONDS)

    def stop(self) -> None:
        """Stops serving and takes the files away. Does nothing when it does not serve."""
        if self._thread and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(STOP_SECONDS)
        self._thread = None

    def kind_of(self, url: str) -> str:
        """Kind of page at an address of the site (home, column/trs, article/boda...), empty when there is none."""
        parts = urlsplit(url)
        return self._kinds.get(parts.path or "/", "") if parts.hostname == self.county.host else ""

    @cached_property
    def week(self) -> Kept:
        """What a sampler kept of the week before."""
        families = (4,) if "ipv6.1:no-aaaa" in self.faults else (4, 6)
        title = f"{self.county.name}门户网站"
        return monitored(self.site.id, title, self.county.as_of, families, incidents(self.faults))

    @cached_property
    def _kinds(self) -> dict[str, str]:
        # the servers' libraries are loaded only by those who serve: this package is imported with the plugin
        from pytest_govsite.demo.catalogue import catalogue

        return {path: resource.kind for path, resource in catalogue(self.county).items()}

    async def _serve(self, ready: Future) -> None:
        from pytest_govsite.demo.serving import serve

        over = asyncio.Event()
        try:
            async with contextlib.AsyncExitStack() as stack:
                opened = await serve(self.county, self.faults, stack)
                self.nameserver, self.nat, self.ca_file = opened.nameserver, opened.nat, opened.ca_file
                ready.set_result((asyncio.get_running_loop(), over))
                await over.wait()
        except Exception as error:
            if ready.done():
                raise
            ready.set_exception(error)


def _site(id: str, county: County) -> Site:
    """The site as a sites file would name it, with its register of columns and of those who report to it."""
    return Site(
        id, f"{county.base}/", county.name, "county-portal", county.region, ("sichuan2021",), code=county.code,
        columns=register.columns(county), units=register.units(county), below=(BELOW,),
    )
