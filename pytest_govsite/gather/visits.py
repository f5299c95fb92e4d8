"""A visit: the home page asked for once as a visitor does, over one family and fresh connections, within 15 seconds.

No second try, no rest: what happened is what counts (CONTRACT ruling 10). The time runs from the lookup of the name to
the last byte, over all redirects; waiting for a slot of our own and reading the page do not count.
"""
import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from yarl import URL

from pytest_govsite.availability.slots import slot_of
from pytest_govsite.gather.charset import decode
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.http import follow_redirects, read_url
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.way import Unreached, Way
from pytest_govsite.gather.wire import Ask, Response, Trip, Wire
from pytest_govsite.model.availability import SHANGHAI, Sample, State, Usual
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.site import Site
from pytest_govsite.reading.error_pages import read_error_page
from pytest_govsite.reading.plain import plain
from pytest_govsite.reading.refresh import read_refresh
from pytest_govsite.reading.text import title_of
from pytest_govsite.reading.walls import is_refusal, is_wall, speaks_of_refusal

OPEN_SECONDS = 15.0  # CONTRACT ruling 10, after the tables' "15秒内打不开"
NAME_SECONDS = 10.0  # of them for a lookup: what glibc waits, two tries of five seconds (resolv.conf(5))
LARGEST = 20 * 2**20  # a home page that sends more has shown that it is open
LOOKED_AT = 2**18  # bytes of a page that are read: title, refresh, walls and errors stand in front
MOST_REFRESHES = 3
MOST_WAYS = 4096
LONGEST_TITLE, LONGEST_DETAIL, LONGEST_URL = 120, 200, 500
STATES: dict[Blame, State] = {Blame.SITE: "failed", Blame.WALL: "walled"}


@dataclass
class _Journey(Trip):
    """A trip that knows when it really began."""

    at: datetime | None = None


class Visitor:
    """Visits many sites, at most one at a time on a host. Never raises for what a network or a server does.

    resolver  what asks for names; None: one of its own that remembers nothing, so that every visit asks anew.
    deadline  seconds for a whole visit.
    Raises ValueError for a CA file, a name server or a --resolve entry that is none.
    """

    def __init__(self, settings: Settings, resolver: Resolver | None = None, deadline: float = OPEN_SECONDS) -> None:
        self._settings = settings
        self._deadline = deadline
        self._resolver = resolver or Resolver(settings.nameserver, timeout=min(NAME_SECONDS, deadline), keep=0)
        self._wire = Wire(settings, fresh=True)
        self._pace = Pace(1)
        self._ways: dict[str, tuple[Site, Way]] = {}

    async def visit(self, site: Site, family: int, usual: Usual | None = None) -> Sample:
        """One visit over IPv4 or IPv6, kind "visit", for the slot of its time; vantage and round are the caller's.

        usual: how the home page looked before.
        """
        trip = _Journey(self._deadline)
        try:
            answer = await self._arrive(site, family, trip)
            if isinstance(answer, Missing):
                return _sample(site, family, trip, await self._weighed(site, family, trip, answer))
            html = readable(answer)
            return _answered(_sample(site, family, trip, _fault(answer, html, usual)), site, answer, html)
        except Exception as error:  # a crash of ours is a value too: it says nothing about the site
            return _sample(site, family, trip, Missing(Reason.CRASH, f"{type(error).__name__}: {error}"))

    async def families(self, site: Site) -> tuple[int, ...]:
        """The families over which the site is to be visited: those in which it has addresses, IPv6 only where we do, too.

        One of them always: a site without any address is visited over IPv4, which then says so.
        """
        way, url = self._way(site), read_url(site.url)
        four, six = await asyncio.gather(*(self._obstacle(way, url, family) for family in (4, 6)))
        if six is None:
            return (6,) if four is Reason.UNREACHABLE else (4, 6)
        return (6,) if four is Reason.UNREACHABLE and six is not Reason.UNREACHABLE else (4,)

    def is_named(self, site: Site) -> bool:
        """The user named its address himself, or it lives on this machine: the control probe has no say (ruling 13)."""
        return self._way(site).is_named(site.url)

    async def close(self) -> None:
        """Gives back all connections."""
        await self._wire.close()

    async def _arrive(self, site: Site, family: int, trip: _Journey) -> Response | Missing:
        """Where redirects and pages that send everybody on lead."""
        hop = partial(self._hop, self._way(site))
        ask = Ask(read_url(site.url), "GET", family, LARGEST, {}, True, self._deadline)
        for _ in range(MOST_REFRESHES):
            answer = await follow_redirects(hop, ask, trip)
            onward = _onward(answer, trip)
            if not onward:
                return answer
            trip.left_behind.append(answer.final_url)
            ask = replace(ask, url=onward)
        return await follow_redirects(hop, ask, trip)

    async def _hop(self, way: Way, ask: Ask, trip: _Journey, url: URL, method: str) -> Response | Missing:
        async with self._pace.slot(url.raw_host):
            trip.at = trip.at or datetime.now(SHANGHAI)
            return await self._wire.send(way, ask, trip, url, method)

    async def _weighed(self, site: Site, family: int, trip: _Journey, missing: Missing) -> Missing:
        """Puts right whose fault it is that no address was found."""
        if trip.clock.doing != "resolve":
            return missing
        way = self._way(site)
        if missing.reason is Reason.TIMEOUT:  # what asks for names had no time to say why it is silent
            down = not await way.resolver.is_alive()
            return replace(missing, reason=Reason.RESOLVER_DOWN if down else Reason.DNS_FAILED)
        if trip.left_behind:
            return missing
        if missing.reason is Reason.PRIVATE_ADDRESS:  # not visited, so that nothing is known: our name server's view
            return replace(missing, blamed=Blame.VANTAGE)
        if missing.reason is Reason.UNREACHABLE and missing.blame is Blame.SITE and family == 4:
            other = await self._obstacle(way, read_url(site.url), 6)
            return replace(missing, reason=Reason.NO_NAME) if other is Reason.UNREACHABLE else missing
        return missing

    async def _obstacle(self, way: Way, url: URL, family: int) -> Reason | None:
        """Why no address of a family is known; UNREACHABLE: it has none. None when there is one."""
        try:
            async with asyncio.timeout(self._deadline):
                await way.route(url.scheme, url.raw_host, url.port, family)
        except Unreached as error:
            return error.reason
        except TimeoutError:
            return Reason.TIMEOUT
        return None

    def _way(self, site: Site) -> Way:
        known, way = self._ways.get(site.id, (None, None))
        if known == site:
            return way
        if len(self._ways) >= MOST_WAYS:
            del self._ways[next(iter(self._ways))]
        way = Way.of(site, self._settings, self._resolver)
        self._ways[site.id] = site, way
        return way


def fault_of(status: int, headers: Mapping[str, str], html: str, usual: Usual | None = None) -> Missing | None:
    """Why a whole answer is no open home page; None when it is one."""
    if status == 429 or is_refusal(status) or is_wall(status, headers, html):
        return Missing(Reason.WALL, f"HTTP {status}")
    if status >= 400:
        return Missing(Reason.HTTP_ERROR, f"HTTP {status}")
    said = read_error_page(html, usual)
    return Missing(Reason.WALL if speaks_of_refusal(said) else Reason.ERROR_PAGE, said) if said else None


def state_of(fault: Missing | None) -> State:
    """What a visit with this fault counts as."""
    return STATES.get(fault.blame, "void") if fault else "open"


def readable(answer: Response) -> str:
    """The front of the body as text."""
    return decode(answer.body[:LOOKED_AT], answer.headers.get("content-type", ""))


def _fault(answer: Response, html: str, usual: Usual | None) -> Missing | None:
    if answer.status < 400 and answer.body.strip() and not answer.is_html:
        return Missing(Reason.NOT_HTML, answer.headers.get("content-type", ""))
    return fault_of(answer.status, answer.headers, html, usual)


def _onward(answer: Response | Missing, trip: Trip) -> URL | None:
    """Where a page sends everybody by itself; None when it stays, is no page, or leads back to where we were."""
    if isinstance(answer, Missing) or answer.status >= 400 or not answer.is_html:
        return None
    html = readable(answer)
    target = read_refresh(html, answer.final_url)
    if not target or is_wall(answer.status, answer.headers, html):
        return None
    try:
        url = read_url(target)
    except ValueError:
        return None
    return None if any(url == seen for _, seen, _ in trip.seen) else url


def _sample(site: Site, family: int, trip: _Journey, fault: Missing | None) -> Sample:
    """A visit that ended so, whatever was answered. The phase in which it ended stands last."""
    at = trip.at or datetime.now(SHANGHAI)
    seconds = dict(trip.clock.seconds)
    ended = {trip.clock.doing: seconds.pop(trip.clock.doing)} if trip.clock.doing in seconds else {}
    return Sample(
        site=site.id, at=at, family=family, kind="visit", state=state_of(fault), slot=slot_of(at),
        reason=fault.reason if fault else None, detail=plain(fault.detail, LONGEST_DETAIL) if fault else "",
        address=trip.clock.address, seconds=seconds | ended,
    )


def _answered(sample: Sample, site: Site, answer: Response, html: str) -> Sample:
    """A sample with what the answer says of itself."""
    there = plain(answer.final_url, LONGEST_URL)
    return replace(
        sample, answered=True, status=answer.status, url="" if there == str(read_url(site.url)) else there,
        title=plain(title_of(html), LONGEST_TITLE), bytes=len(answer.body), digest=hashlib.sha256(answer.body).hexdigest()[:16],
    )
