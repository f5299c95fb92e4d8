"""On which address each site lives: hosts of one address are not visited all at once."""
import asyncio
from collections.abc import Iterable

from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.upstream import Upstream
from pytest_govsite.gather.way import Target, Unreached, Way, place_of
from pytest_govsite.model.site import Site

AT_ONCE = 200


class Houses:
    """Looks addresses up for planning; with a resolver of its own, so that visits ask for names as if nobody had."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._resolver = Resolver(settings.nameserver)
        self._few = asyncio.Semaphore(AT_ONCE)
        self._known: dict[Site, str] = {}

    async def of(self, sites: Iterable[Site], seconds: float) -> dict[str, str]:
        """The address of each site by id; where none is found, the platform that the sites file names, or the host.

        seconds: for all of them; whoever is not found by then is looked up again the next time.
        """
        sites = tuple(sites)
        asked = {site: asyncio.ensure_future(self._find(site)) for site in sites if site not in self._known}
        try:
            if asked:
                await asyncio.wait(asked.values(), timeout=seconds)
        finally:
            for task in asked.values():
                task.cancel()
        self._known |= {site: task.result() for site, task in asked.items() if task.done() and not task.cancelled()}
        return {site.id: self._known.get(site) or site.platform or site.host for site in sites}

    def forget(self) -> None:
        """Addresses change: the next call looks them up anew."""
        self._known.clear()

    async def _find(self, site: Site) -> str:
        """Its address, empty when there is none."""
        host, port = place_of(site.url)
        try:
            async with self._few:
                way = Way.of(site, self._settings, self._resolver)
                found = await way.route(site.url.partition(":")[0].lower(), host, port)
        except Unreached:
            return ""
        return "" if isinstance(found, Upstream) else _lowest(found)


def _lowest(targets: tuple[Target, ...]) -> str:
    """The same whatever order a name server gives; IPv4 where there is one."""
    return min(targets, key=lambda target: (target.family, target.address)).address
