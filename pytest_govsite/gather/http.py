"""Plain HTTP: one address fetched over the way out, redirects followed by ourselves so that every hop is guarded."""
import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from yarl import URL

from pytest_govsite.gather.charset import decode
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.way import Way
from pytest_govsite.gather.wire import LIKE_A_BROWSER, Ask, CookieJar, Response, Trip, Wire, new_jar
from pytest_govsite.model.missing import Missing, Reason

__all__ = ["LIKE_A_BROWSER", "Fetcher", "Response", "decode"]

LARGEST = 5 * 2**20
MOST_HOPS = 10
REDIRECTS = (301, 302, 303, 307, 308)
BUSY = (429, 503)
LONGEST_REST = 5.0  # seconds: what a Retry-After may cost us
AGAIN = (Reason.RESET, Reason.REFUSED)  # names are asked again by the resolver, a timeout has used up its deadline
PAUSE_SECONDS = 0.5
HOST = re.compile(r"[\w.:%-]+", re.ASCII)

Hop = Callable[[Ask, Trip, URL, str], Awaitable[Response | Missing]]


class Fetcher:
    """Fetches over one site's way. Never raises for what a network or a server does.

    cookies   keep them from one fetch to the next; otherwise they live as long as one chain of redirects.
    pace      who may ask a host at once; shared with whoever else asks the same hosts.
    believed  hosts whose certificate a browser has accepted: it fetches a missing link of the chain, OpenSSL does not.
    Raises ValueError for a CA file that is none.
    """

    def __init__(self, way: Way, settings: Settings, cookies: bool = False, pace: Pace | None = None) -> None:
        self._way = way
        self._settings = settings
        self.pace = pace or Pace(settings.connections_per_host)
        self._cookies = cookies
        self._jar: CookieJar | None = None
        self._wire = Wire(settings)
        self.believed = self._wire.believed

    async def fetch(
        self, url: str, *, family: int = 0, method: str = "GET", deadline: float | None = None, limit: int = LARGEST,
        headers: dict[str, str] | None = None, follow: bool = True,
    ) -> Response | Missing:
        """Asks for an address and follows its redirects; a reset or refused connection gets a second chance.

        deadline: seconds for everything but waiting for our own slots. follow=False: a redirect is the answer.
        """
        deadline = deadline or self._settings.fetch_deadline
        try:
            ask = Ask(read_url(url), method, family, limit, headers or {}, follow, deadline)
        except ValueError:
            return Missing(Reason.NO_NAME, "网址写法有误", url)
        trip = Trip(deadline, self._jar_for_trip())
        answer = await follow_redirects(self._hop, ask, trip)
        if isinstance(answer, Missing) and answer.reason in AGAIN and trip.left > PAUSE_SECONDS:
            await asyncio.sleep(PAUSE_SECONDS)  # the spacing is the point: there is no event to wait for
            answer = await follow_redirects(self._hop, ask, Trip(trip.left - PAUSE_SECONDS, trip.jar))
        return replace(answer, url=url) if isinstance(answer, Response) else answer

    async def close(self) -> None:
        """Gives back all connections."""
        await self._wire.close()

    def _jar_for_trip(self) -> CookieJar:
        if not self._cookies:
            return new_jar()
        self._jar = new_jar() if self._jar is None else self._jar
        return self._jar

    async def _hop(self, ask: Ask, trip: Trip, url: URL, method: str) -> Response | Missing:
        """One request and its answer, in one of our slots for that host."""
        async with self.pace.slot(url.raw_host):
            answer = await self._wire.send(self._way, ask, trip, url, method)
            rest = _rest(answer, trip.left) if method in ("GET", "HEAD") else None
            if rest is not None:
                await asyncio.sleep(rest)  # the server asked for it; our slot stays taken, so that others rest, too
                trip.left -= rest
                answer = await self._wire.send(self._way, ask, trip, url, method)
        return answer


async def follow_redirects(hop: Hop, ask: Ask, trip: Trip) -> Response | Missing:
    """Takes one hop after the other until something else than a redirect answers; a loop ends it, too."""
    url, method = ask.url, ask.method
    while True:
        place = (method, url, tuple(sorted(trip.cookies(url).items())))
        if place in trip.seen:
            answer = Missing(Reason.REDIRECT_LOOP, f"又回到 {url}")
        else:
            trip.seen.add(place)
            answer = await hop(ask, trip, url, method)
        if isinstance(answer, Missing):
            detail = f"跳转到 {url.host}：{answer.detail}" if trip.left_behind else answer.detail
            return replace(answer, detail=detail, url=str(url))
        location = answer.headers.get("location", "")
        if not ask.follow or answer.status not in REDIRECTS or not location:
            return answer
        trip.left_behind.append(str(url))
        if len(trip.left_behind) > MOST_HOPS:
            return Missing(Reason.REDIRECT_LOOP, f"超过 {MOST_HOPS} 次，最后到 {url.host}", str(url))
        try:
            url = next_url(url, location)
        except ValueError:
            return Missing(Reason.HTTP_ERROR, f"HTTP {answer.status} 跳转到无法访问的网址：{location[:80]}", str(url))
        if method == "POST" and answer.status in (301, 302, 303):
            method = "GET"


def read_url(text: str) -> URL:
    """An address as it goes over the wire. Raises ValueError for what is no http(s) address."""
    url = URL(text.strip()).with_fragment(None)
    if url.scheme not in ("http", "https") or not HOST.fullmatch(url.raw_host or "") or not url.port:
        raise ValueError(f"no http address: {text}")
    return url


def next_url(url: URL, location: str) -> URL:
    """Where a Location header leads; its raw bytes may be in any character set. Raises ValueError."""
    raw = location.strip().encode("utf-8", "surrogateescape")
    text = "".join(chr(byte) if byte < 128 else f"%{byte:02X}" for byte in raw).replace("\\", "/")
    there = URL(text)
    if there.scheme and not there.raw_host:
        raise ValueError(f"leads nowhere: {location}")
    return read_url(str(url.join(there)))


def _rest(answer: Response | Missing, left: float) -> float | None:
    """Seconds to rest before a busy server is asked once more; None: it is not."""
    if isinstance(answer, Missing) or answer.status not in BUSY:
        return None
    wanted = answer.headers.get("retry-after", "")
    rest = max(PAUSE_SECONDS, float(wanted)) if wanted.isdigit() else PAUSE_SECONDS
    return rest if rest <= LONGEST_REST and rest < left else None
