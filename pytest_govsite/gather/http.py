"""Plain HTTP: one address fetched over the way out, redirects followed by ourselves so that every hop is guarded."""
import asyncio
import re
import socket
import time
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from pytest_govsite.gather.charset import decode
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.trust import tls_detail, trust
from pytest_govsite.gather.tunnel import SECOND_CHANCE, refusal
from pytest_govsite.gather.upstream import Upstream
from pytest_govsite.gather.way import SOCKET_FAMILIES, Unreached, Way, reason_of
from pytest_govsite.model.missing import Missing, Reason

__all__ = ["Fetcher", "Response", "decode"]

LARGEST = 5 * 2**20
LONGEST_HEADER = 65536
MOST_HOPS = 10
REDIRECTS = (301, 302, 303, 307, 308)
BUSY = (429, 503)
LONGEST_REST = 5.0  # seconds: what a Retry-After may cost us
AGAIN = (Reason.RESET, Reason.REFUSED)  # names are asked again by the resolver, a timeout has used up its deadline
PAUSE_SECONDS = 0.5
LIKE_A_BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
}
HOST = re.compile(r"[\w.:%-]+", re.ASCII)
DOING = {"resolve": "解析域名", "connect": "建立连接", "tls": "TLS 握手", "first_byte": "等待应答", "body": "接收正文"}


@dataclass(frozen=True)
class Response:
    """What a server answered.

    url        as asked; final_url: where redirects led; redirects: the addresses left behind, if any, in order.
    headers    names in lower case, repeated ones joined by a comma.
    body       at most the limit, decompressed; truncated: there was more.
    address    the IP address that answered; empty through a proxy of the user's network.
    seconds    by phase, over all hops: resolve, connect, tls, first_byte, body.
    """

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    body: bytes = b""
    redirects: tuple[str, ...] = ()
    address: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    truncated: bool = False

    @cached_property
    def text(self) -> str:
        """The body as text, by BOM, header, meta tag or guess."""
        return decode(self.body, self.headers.get("content-type", ""))

    @property
    def is_html(self) -> bool:
        """By its Content-Type; by its first bytes when it has none."""
        kind = self.headers.get("content-type", "").lower()
        return "html" in kind if kind else self.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


class Clock:
    """Times the phases of one fetch and notes who answered."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.address = ""
        self.restart()

    def restart(self) -> None:
        """A new hop begins."""
        self.doing = "resolve"
        self._last = time.monotonic()

    def lap(self, then: str) -> None:
        """The running phase ends, another begins."""
        now = time.monotonic()
        self.seconds[self.doing] = round(self.seconds.get(self.doing, 0.0) + now - self._last, 4)
        self.doing, self._last = then, now


CLOCK: ContextVar[Clock | None] = ContextVar("clock", default=None)


@dataclass(frozen=True)
class Ask:
    """One fetch as the caller wants it."""

    url: URL
    method: str
    family: int
    limit: int
    headers: dict[str, str]
    follow: bool
    deadline: float


@dataclass
class Trip:
    """One fetch under way: what is left of its time, what it passed."""

    left: float
    jar: aiohttp.CookieJar
    clock: Clock = field(default_factory=Clock)
    left_behind: list[str] = field(default_factory=list)
    seen: set[tuple] = field(default_factory=set)


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
        self._jar: aiohttp.CookieJar | None = None
        self._trust = trust(settings.ca_file, _on_handshake)
        self._sessions: dict[int | str, aiohttp.ClientSession] = {}
        self.believed: set[str] = set()

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
        answer = await self._follow(ask, trip)
        if isinstance(answer, Missing) and answer.reason in AGAIN and trip.left > PAUSE_SECONDS:
            await asyncio.sleep(PAUSE_SECONDS)  # the spacing is the point: there is no event to wait for
            answer = await self._follow(ask, Trip(trip.left - PAUSE_SECONDS, trip.jar))
        return replace(answer, url=url) if isinstance(answer, Response) else answer

    async def close(self) -> None:
        """Gives back all connections."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def _follow(self, ask: Ask, trip: Trip) -> Response | Missing:
        url, method = ask.url, ask.method
        while True:
            answer = await self._hop(ask, trip, url, method)
            if isinstance(answer, Missing):
                detail = f"跳转到 {url.host}：{answer.detail}" if trip.left_behind else answer.detail
                return replace(answer, detail=detail, url=str(url))
            if not ask.follow or answer.status not in REDIRECTS:
                return answer
            location = answer.headers.get("location", "")
            if not location:
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

    async def _hop(self, ask: Ask, trip: Trip, url: URL, method: str) -> Response | Missing:
        """One request and its answer, in one of our slots for that host."""
        cookies = {name: morsel.value for name, morsel in trip.jar.filter_cookies(url).items()}
        place = (method, url, tuple(sorted(cookies.items())))
        if place in trip.seen:
            return Missing(Reason.REDIRECT_LOOP, f"又回到 {url}")
        trip.seen.add(place)
        async with self.pace.slot(url.raw_host):
            answer = await self._patiently(ask, trip, url, method, cookies)
            rest = _rest(answer, trip.left) if method in ("GET", "HEAD") else None
            if rest is not None:
                await asyncio.sleep(rest)  # the server asked for it; our slot stays taken, so that others rest, too
                trip.left -= rest
                answer = await self._patiently(ask, trip, url, method, cookies)
        return answer

    async def _patiently(
        self, ask: Ask, trip: Trip, url: URL, method: str, cookies: dict[str, str],
    ) -> Response | Missing:
        began = time.monotonic()
        trip.clock.restart()
        token = CLOCK.set(trip.clock)
        try:
            async with asyncio.timeout(trip.left):
                return await self._send(ask, trip, url, method, cookies)
        except TimeoutError:
            return Missing(Reason.TIMEOUT, f"{ask.deadline:g} 秒，停在{DOING[trip.clock.doing]}")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return missing_for(error)
        finally:
            CLOCK.reset(token)
            trip.left = max(0.0, trip.left - (time.monotonic() - began))

    async def _send(self, ask: Ask, trip: Trip, url: URL, method: str, cookies: dict[str, str]) -> Response:
        route = await self._way.route(url.scheme, url.raw_host, url.port, ask.family)
        trip.clock.lap("connect")
        upstream = route if isinstance(route, Upstream) else None
        headers = {"User-Agent": self._settings.agent, **LIKE_A_BROWSER, **ask.headers}
        sending = self._session(ask.family, upstream).request(
            method, url, cookies=cookies, allow_redirects=False, ssl=url.raw_host not in self.believed,
            **_proxied(upstream, url, headers),
        )
        async with sending as answer:
            trip.clock.lap("body")
            if upstream and answer.status == 407:
                raise refusal(answer.status)
            trip.jar.update_cookies(answer.cookies, url)
            body, truncated = await _read_body(answer, ask.limit)
            trip.clock.lap("body")
            return Response(
                url=str(ask.url), final_url=str(url), status=answer.status, headers=_plain(answer.headers), body=body,
                redirects=tuple(trip.left_behind), address="" if upstream else trip.clock.address,
                seconds=dict(trip.clock.seconds), truncated=truncated,
            )

    def _session(self, family: int, upstream: Upstream | None) -> aiohttp.ClientSession:
        key = "upstream" if upstream else family
        if key not in self._sessions:
            options = {} if upstream else {
                "resolver": WayResolver(self._way), "family": SOCKET_FAMILIES.get(family, 0), "use_dns_cache": False,
                "happy_eyeballs_delay": SECOND_CHANCE,
            }
            connector = Connector(ssl=self._trust, limit_per_host=self._settings.connections_per_host, **options)
            self._sessions[key] = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=None),
                trace_configs=[_tracing()], max_line_size=LONGEST_HEADER, max_field_size=LONGEST_HEADER,
            )
        return self._sessions[key]

    def _jar_for_trip(self) -> aiohttp.CookieJar:
        if not self._cookies:
            return aiohttp.CookieJar(unsafe=True)
        self._jar = self._jar or aiohttp.CookieJar(unsafe=True)
        return self._jar


class WayResolver(AbstractResolver):
    """Lets aiohttp connect where the way says; host name and SNI stay the site's, the port may be another."""

    def __init__(self, way: Way) -> None:
        self._way = way

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """As aiohttp wants it. Raises Unreached."""
        number = next((number for number, known in SOCKET_FAMILIES.items() if known == family), 0)
        return [
            ResolveResult(
                hostname=host, host=target.address, port=target.port, family=SOCKET_FAMILIES[target.family], proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for target in await self._way.addresses(host, port, number)
        ]

    async def close(self) -> None:
        """Holds nothing."""


class Connector(aiohttp.TCPConnector):
    """Notes who is at the other end; by the time the answer is read, aiohttp may have let the connection go."""

    async def connect(self, *args, **kwargs):
        """As aiohttp's."""
        connection = await super().connect(*args, **kwargs)
        clock, peer = CLOCK.get(), connection.transport and connection.transport.get_extra_info("peername")
        if clock and peer:
            clock.address = peer[0]
        return connection


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


def missing_for(error: Exception) -> Missing:
    """The Missing that a failed request stands for."""
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return refusal(error.status).missing("")
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return Missing(Reason.PROXY_FAILED, f"{error.host}:{error.port}")
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Missing(Reason.TLS, tls_detail(error.certificate_error))
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return Missing(Reason.TLS, tls_detail(error.os_error))
    if isinstance(error, aiohttp.ClientConnectorError):
        error = error.os_error
    if isinstance(error, Unreached):
        return error.missing("")
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return Missing(Reason.RESET, "没有应答就断开了")
    if isinstance(error, aiohttp.ClientPayloadError):
        return Missing(Reason.RESET, "正文没有传完")
    if isinstance(error, OSError):
        return Missing(reason_of(error))
    return Missing(Reason.HTTP_ERROR, "应答不合 HTTP 格式")


def _on_handshake() -> None:
    if clock := CLOCK.get():
        clock.lap("tls")


def _tracing() -> aiohttp.TraceConfig:
    async def connected(*_) -> None:
        if clock := CLOCK.get():
            clock.lap("first_byte")

    config = aiohttp.TraceConfig()
    config.on_connection_create_end.append(connected)
    config.on_connection_reuseconn.append(connected)
    return config


def _proxied(upstream: Upstream | None, url: URL, headers: dict[str, str]) -> dict:
    """Where the headers and the proxy's password go: into the request itself, or into the one for a tunnel."""
    if not upstream:
        return {"headers": headers}
    password = {"Proxy-Authorization": upstream.authorization} if upstream.authorization else {}
    if url.scheme == "https":
        return {"headers": headers, "proxy": upstream.url, "proxy_headers": password}
    return {"headers": headers | password, "proxy": upstream.url}


async def _read_body(answer: aiohttp.ClientResponse, limit: int) -> tuple[bytes, bool]:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > limit:
            answer.close()
            return bytes(body[:limit]), True
    return bytes(body), False


def _plain(headers) -> dict[str, str]:
    plain: dict[str, str] = {}
    for name, value in headers.items():
        plain[name.lower()] = f"{plain[name.lower()]}, {value}" if name.lower() in plain else value
    return plain


def _rest(answer: Response | Missing, left: float) -> float | None:
    """Seconds to rest before a busy server is asked once more; None: it is not."""
    if isinstance(answer, Missing) or answer.status not in BUSY:
        return None
    wanted = answer.headers.get("retry-after", "")
    rest = max(PAUSE_SECONDS, float(wanted)) if wanted.isdigit() else PAUSE_SECONDS
    return rest if rest <= LONGEST_REST and rest < left else None
