"""The control probe: is it the site that cannot be reached, or is it us? (CONTRACT ruling 13)"""
import asyncio
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from pytest_govsite.gather.guard import is_fake
from pytest_govsite.gather.trust import trust
from pytest_govsite.gather.tunnel import Streams, open_tunnel
from pytest_govsite.gather.way import Unreached, Way, place_of
from pytest_govsite.model.missing import Reason

# Busy hosts of several operators, by name, and public name servers by address, which answer on 443 in both families.
# With https:// a verified handshake counts, not a mere connection: captive portals and sealed networks accept anything.
HOSTS = (
    "https://www.baidu.com", "https://www.qq.com", "https://www.aliyun.com",
    "https://223.5.5.5", "https://[2400:3200::1]", "https://1.12.12.12", "https://1.1.1.1", "https://[2606:4700:4700::1111]",
)
VARIABLE = "GOVSITE_CONTROL"  # other hosts, HOST:PORT or http(s)://HOST[:PORT], separated by commas
SHAPE = "HOST:PORT、https://HOST[:PORT] 或 http://HOST[:PORT]"
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
    places = read_places()
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
    """One well-known host. scheme: https, where only a handshake with a certificate of its name counts; http; or none."""

    host: str
    port: int
    scheme: str = ""


def read_places(texts: Iterable[str] = ()) -> tuple[Place, ...]:
    """The hosts that are named; where none is, those of GOVSITE_CONTROL, else the usual ones.

    Raises ValueError with one sentence for what is no host.
    """
    named = [text for text in map(str.strip, texts) if text]
    said = [text for text in map(str.strip, os.environ.get(VARIABLE, "").split(",")) if text]
    return tuple(map(_read_place, named or said or HOSTS))


def _read_place(text: str) -> Place:
    scheme = urlsplit(text).scheme if "://" in text else ""
    try:
        host, port = place_of(text if scheme else f"//{text}")
    except ValueError:
        host, port = "", 0
    if not host or not port or scheme not in ("", "http", "https"):
        raise ValueError(f"对照站点 {text}：应写成 {SHAPE}，IPv6 地址加方括号")
    return Place(host, port, scheme)


async def _answers(way: Way, place: Place, family: int) -> bool:
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            _, writer = await reach(way, place, family)
    except (Unreached, TimeoutError, OSError):
        return False
    writer.close()
    return True


async def reach(way: Way, place: Place, family: int) -> Streams:
    """A connection to a host, with its handshake where that counts. Raises OSError; Unreached is one, TLS faults are."""
    reader, writer = await open_tunnel(way, place.host, place.port, family, PROBE_SECONDS)
    try:
        peer = writer.get_extra_info("peername")
        if peer and is_fake(peer[0]):  # a local proxy accepts anything: that proves nothing
            raise Unreached(Reason.DNS_REWRITTEN, peer[0])
        if place.scheme == "https":
            await writer.start_tls(trust(None, _ignored), server_hostname=place.host)
    except BaseException:
        writer.close()
        raise
    return reader, writer


def _ignored() -> None:
    """Handshakes of the probe are not timed."""
