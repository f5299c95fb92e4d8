"""The control probe: is it the site that cannot be reached, or is it us? (CONTRACT ruling 13)"""
import asyncio
import os
import time
from dataclasses import dataclass

from pytest_govsite.gather.guard import is_fake
from pytest_govsite.gather.trust import trust
from pytest_govsite.gather.tunnel import open_tunnel
from pytest_govsite.gather.way import Unreached, Way, place_of

# Busy hosts of several operators, by name, and public name servers by address, which answer on 443 in both families.
# With https:// a verified handshake counts, not a mere connection: captive portals and sealed networks accept anything.
HOSTS = (
    "https://www.baidu.com", "https://www.qq.com", "https://www.aliyun.com",
    "https://223.5.5.5", "https://[2400:3200::1]", "https://1.12.12.12", "https://1.1.1.1", "https://[2606:4700:4700::1111]",
)
VARIABLE = "GOVSITE_CONTROL"  # other hosts, HOST:PORT or https://HOST[:PORT], separated by commas
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
    hosts = os.environ[VARIABLE].split(",") if os.environ.get(VARIABLE) else HOSTS
    places = [_read_place(host.strip()) for host in hosts if host.strip()]
    theirs = Way(trusted=[place.host for place in places], resolver=way.resolver)
    probes = [asyncio.ensure_future(_answers(theirs, place, family)) for place in places]
    try:
        for probe in asyncio.as_completed(probes):
            if await probe:
                return True
        return False
    finally:
        for probe in probes:
            probe.cancel()


@dataclass(frozen=True)
class Place:
    """One host of the probe. `tls`: only a handshake with a certificate of its name counts."""

    host: str
    port: int
    tls: bool


def _read_place(text: str) -> Place:
    tls = text.startswith("https://")
    return Place(*place_of(text if tls else f"//{text}"), tls)


async def _answers(way: Way, place: Place, family: int) -> bool:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            _, writer = await open_tunnel(way, place.host, place.port, family, PROBE_SECONDS)
            if place.tls:
                await writer.start_tls(trust(None, _ignored), server_hostname=place.host)
    except (Unreached, TimeoutError, OSError):
        return False
    peer = writer.get_extra_info("peername")
    writer.close()
    return not (peer and is_fake(peer[0]))  # a local proxy accepts anything: that proves nothing


def _ignored() -> None:
    """Handshakes of the probe are not timed."""
