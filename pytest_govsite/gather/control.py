"""The control probe: is it the site that cannot be reached, or is it us? (CONTRACT ruling 13)"""
import asyncio
import os
import time

from pytest_govsite.gather.guard import is_fake
from pytest_govsite.gather.tunnel import open_tunnel
from pytest_govsite.gather.way import Unreached, Way, place_of

# Busy hosts of several operators, by name and by the addresses of public name servers that answer on 443 in both families.
HOSTS = (
    "www.baidu.com:443", "www.qq.com:443", "www.aliyun.com:443", "223.5.5.5:443", "[2400:3200::1]:443", "1.12.12.12:443",
    "1.1.1.1:443", "[2606:4700:4700::1111]:443",
)
VARIABLE = "GOVSITE_CONTROL"  # other hosts, HOST:PORT separated by commas
PROBE_SECONDS = 3.0
KEEP_SECONDS = 60.0


class Control:
    """Remembers for a minute what the probe found, for all sites of one process."""

    def __init__(self) -> None:
        self._asked: dict[int, tuple[float, asyncio.Task]] = {}

    async def network_works(self, way: Way, family: int = 0) -> bool:
        """As `network_works`, asked at most once a minute."""
        asked, task = self._asked.get(family, (float("-inf"), None))
        if task is None or time.monotonic() - asked > KEEP_SECONDS:
            task = asyncio.ensure_future(network_works(way, family))
            self._asked[family] = (time.monotonic(), task)
        return await asyncio.shield(task)


async def network_works(way: Way, family: int = 0) -> bool:
    """True when any well-known host accepts a connection, over that family alone when it is 4 or 6.

    Asked only after a site could not be reached, and never for what the user named himself (`way.is_named`).
    """
    places = [place_of(f"//{host.strip()}") for host in os.environ.get(VARIABLE, ",".join(HOSTS)).split(",") if host.strip()]
    theirs = Way(trusted=[host for host, _ in places], resolver=way.resolver)
    probes = [asyncio.ensure_future(_answers(theirs, host, port, family)) for host, port in places]
    try:
        for probe in asyncio.as_completed(probes):
            if await probe:
                return True
        return False
    finally:
        for probe in probes:
            probe.cancel()


async def _answers(way: Way, host: str, port: int, family: int) -> bool:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            _, writer = await open_tunnel(way, host, port, family, PROBE_SECONDS)
    except (Unreached, TimeoutError):
        return False
    peer = writer.get_extra_info("peername")
    writer.close()
    return not (peer and is_fake(peer[0]))  # a local proxy accepts anything: that proves nothing
