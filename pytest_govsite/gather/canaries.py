"""Canaries: well-known hosts of several operators that tell how healthy our own network, and our clock, is."""
import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from pytest_govsite.gather import control
from pytest_govsite.gather.control import Place, read_places, reach
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.guard import is_loopback, read_address
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.tunnel import Streams
from pytest_govsite.gather.way import KINDS, Unreached, Way

FAMILIES = (4, 6)
ANSWER = b"HTTP/"


@dataclass(frozen=True)
class Look:
    """What the canaries said at one time.

    tried, failed  probes, one for each host and address family that it has; those over IPv6 among them: tried6, failed6.
    clock_off      seconds by which our clock is ahead of theirs; None when none told the time.
    """

    tried: int = 0
    failed: int = 0
    tried6: int = 0
    failed6: int = 0
    clock_off: float | None = None

    def is_bad(self, family: int) -> bool:
        """Fewer than half answered over this family, or there was none to ask: failures over it say nothing of sites."""
        tried, failed = self.probes(family)
        return 2 * (tried - failed) < tried or not tried

    def probes(self, family: int) -> tuple[int, int]:
        """How many were tried over one family, and how many of these failed."""
        return (self.tried6, self.failed6) if family == 6 else (self.tried - self.tried6, self.failed - self.failed6)


@dataclass(frozen=True)
class _Probe:
    family: int
    answered: bool
    clock_off: float | None = None


class Canaries:
    """Looks at the canaries, over both families.

    places    HOST:PORT or http(s)://HOST[:PORT]; none: those of GOVSITE_CONTROL, else the usual ones.
    resolver  what asks for their names; None: one of its own.
    chosen: the user named them himself, so that they tell of his own network even where only sites of it are visited.
    Raises ValueError with one sentence for what is no host.
    """

    def __init__(self, places: Iterable[str], settings: Settings, resolver: Resolver | None = None) -> None:
        places = tuple(places)
        self.places = read_places(places)
        self.chosen = bool(places)
        self._agent = settings.agent
        self._resolver = resolver or Resolver(settings.nameserver)

    async def look(self) -> Look:
        """One look, within some seconds. Never raises for what a network does."""
        way = Way(trusted=[place.host for place in self.places], resolver=self._resolver)
        asked = [self._probe(way, place, family) for place in self.places for family in FAMILIES]
        return _seen([probe for probe in await asyncio.gather(*asked) if probe])

    async def _probe(self, way: Way, place: Place, family: int) -> _Probe | None:
        """None for a host that has no address of that family: it was not asked."""
        try:
            async with asyncio.timeout(control.PROBE_SECONDS):
                if not await _lives_on(way, place, family):
                    return None
                streams = await reach(way, place, family)
        except (Unreached, TimeoutError, OSError):
            return _Probe(family, False)
        try:
            return await self._heard(streams, place, family)
        finally:
            streams[1].close()

    async def _heard(self, streams: Streams, place: Place, family: int) -> _Probe:
        """Over plain HTTP an answer counts, over HTTPS the handshake did; both tell the time."""
        if not place.scheme:
            return _Probe(family, True)
        head = b""
        with suppress(TimeoutError, OSError, EOFError, asyncio.LimitOverrunError):
            async with asyncio.timeout(control.PROBE_SECONDS):
                head = await _head(streams, place, self._agent)
        return _Probe(family, place.scheme == "https" or head.startswith(ANSWER), read_clock_off(head, time.time()))


async def _lives_on(way: Way, place: Place, family: int) -> bool:
    if address := read_address(place.host):
        return address.version == family
    return is_loopback(place.host) or (await way.resolver.lookup(place.host, KINDS[family])).fault != "no-record"


async def _head(streams: Streams, place: Place, agent: str) -> bytes:
    reader, writer = streams
    host = f"[{place.host}]" if ":" in place.host else place.host
    writer.write(f"HEAD / HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: */*\r\nConnection: close\r\n\r\n".encode())
    return await reader.readuntil(b"\r\n\r\n")


def read_clock_off(head: bytes, now: float) -> float | None:
    """Seconds by which `now` (since 1970) is ahead of an HTTP answer's time; None for an answer without one.

    A cache tells the time at which it took the page, and how old that is (RFC 9111, section 4.2.3).
    """
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines()[1:])
    fields = {name.strip().lower(): value.strip() for name, _, value in lines}
    try:
        told = parsedate_to_datetime(fields["date"])
    except (KeyError, ValueError):
        return None
    told = told if told.tzinfo else told.replace(tzinfo=UTC)
    age = fields.get("age", "")
    return now - told.timestamp() - (int(age) if age.isascii() and age.isdecimal() else 0)


def _seen(probes: Sequence[_Probe]) -> Look:
    over6 = [probe for probe in probes if probe.family == 6]
    return Look(
        tried=len(probes), failed=_failed(probes), tried6=len(over6), failed6=_failed(over6),
        clock_off=_middle([probe.clock_off for probe in probes if probe.clock_off is not None]),
    )


def _failed(probes: Sequence[_Probe]) -> int:
    return sum(not probe.answered for probe in probes)


def _middle(offs: Sequence[float]) -> float | None:
    """What most of them say; of two that disagree the smaller: one host with a wrong clock is no fault of ours."""
    return sorted(offs, key=abs)[(len(offs) - 1) // 2] if offs else None
