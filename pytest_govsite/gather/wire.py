"""One request and its answer: connections over a way out, phases timed, whatever goes wrong turned into a value."""
import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakSet

import aiohttp
from aiohttp import CookieJar
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from pytest_govsite.gather.charset import decode
from pytest_govsite.gather.dialling import SECOND_CHANCE, Reservation, reserve
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.trust import tls_detail, trust
from pytest_govsite.gather.tunnel import refusal
from pytest_govsite.gather.upstream import Upstream
from pytest_govsite.gather.way import SOCKET_FAMILIES, Target, Unreached, Way, reason_of
from pytest_govsite.model.missing import Missing, Reason

LONGEST_HEADER = 65536
LIKE_A_BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
}
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
    """Times the phases of one fetch and notes who answered.

    targets: where the hop under way may connect; address: where it did, or tried to first.
    limit: of the request under way; waited: seconds of it that we spent waiting for a slot of our own.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.limit: asyncio.Timeout | None = None
        self.waited = 0.0
        self.address = ""
        self.targets: tuple[Target, ...] = ()
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

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stands still while we wait for a slot of our own: that is not the server's time."""
        loop, began = asyncio.get_running_loop(), time.monotonic()
        left = self.limit.when() - loop.time()
        self.limit.reschedule(None)
        try:
            yield
        finally:
            gone = time.monotonic() - began
            self._last += gone
            self.waited += gone
            self.limit.reschedule(loop.time() + left)


CLOCK: ContextVar[Clock | None] = ContextVar("clock", default=None)
RESERVED: ContextVar[Reservation | None] = ContextVar("reserved", default=None)


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


def new_jar() -> CookieJar:
    """An empty one; hosts that are bare addresses may fill it, too."""
    return CookieJar(unsafe=True)


@dataclass
class Trip:
    """One fetch under way: what is left of its time, what it passed."""

    left: float
    jar: CookieJar = field(default_factory=new_jar)
    clock: Clock = field(default_factory=Clock)
    left_behind: list[str] = field(default_factory=list)
    seen: set[tuple] = field(default_factory=set)

    def cookies(self, url: URL) -> dict[str, str]:
        """What the address is sent along."""
        return {name: morsel.value for name, morsel in self.jar.filter_cookies(url).items()} if self.jar else {}


class Wire:
    """Sends requests, one by one, over any site's way.

    fresh     a new connection for each request, as many at once as the caller likes; otherwise connections are kept,
              at most connections_per_host of them for a host.
    believed  hosts whose certificate a browser has accepted: it fetches a missing link of the chain, OpenSSL does not.
    Raises ValueError for a CA file that is none.
    """

    def __init__(self, settings: Settings, fresh: bool = False) -> None:
        self._settings = settings
        self._trust = trust(settings.ca_file, _on_handshake)
        self._keeping = {"force_close": True, "limit": 0} if fresh else {"limit_per_host": settings.connections_per_host}
        self._wrapping = (_only_once,) if fresh else ()
        self._sessions: dict[int | str, aiohttp.ClientSession] = {}
        self.believed: set[str] = set()

    async def send(self, way: Way, ask: Ask, trip: Trip, url: URL, method: str) -> Response | Missing:
        """One request of a trip and its answer, redirects not followed, within what is left of the trip's time."""
        began, trip.clock.waited = time.monotonic(), 0.0
        trip.clock.restart()
        token = CLOCK.set(trip.clock)
        try:
            async with asyncio.timeout(trip.left) as trip.clock.limit:
                return await self._send(way, ask, trip, url, method)
        except TimeoutError:
            return Missing(Reason.TIMEOUT, f"{ask.deadline:g} 秒，停在{DOING[trip.clock.doing]}")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return missing_for(error)
        finally:
            CLOCK.reset(token)
            trip.clock.lap(trip.clock.doing)
            trip.left = max(0.0, trip.left - (time.monotonic() - began - trip.clock.waited))

    async def close(self) -> None:
        """Gives back all connections."""
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            await session.close()

    async def _send(self, way: Way, ask: Ask, trip: Trip, url: URL, method: str) -> Response:
        route = await way.route(url.scheme, url.raw_host, url.port, ask.family)
        upstream = route if isinstance(route, Upstream) else None
        trip.clock.targets = () if upstream else route
        trip.clock.address = "" if upstream else route[0].address
        trip.clock.lap("connect")
        headers = {"User-Agent": self._settings.agent, **LIKE_A_BROWSER, **ask.headers}
        sending = self._session(ask.family, upstream).request(
            method, url, cookies=trip.cookies(url) or None, allow_redirects=False, ssl=url.raw_host not in self.believed,
            **_proxied(upstream, url, headers),
        )
        async with sending as answer:
            trip.clock.lap("body")
            if upstream and answer.status == 407:
                raise refusal(answer.status)
            if answer.cookies:
                trip.jar.update_cookies(answer.cookies, url)
            body, truncated = await _read_body(answer, ask.limit)
            trip.clock.lap("body")
            return Response(
                url=str(ask.url), final_url=str(url), status=answer.status, headers=_plain(answer.headers), body=body,
                redirects=tuple(trip.left_behind), address=trip.clock.address,
                seconds=dict(trip.clock.seconds), truncated=truncated,
            )

    def _session(self, family: int, upstream: Upstream | None) -> aiohttp.ClientSession:
        key = "upstream" if upstream else family  # a kept connection must not serve another family
        if key not in self._sessions:
            options = {} if upstream else {
                "resolver": TargetResolver(), "family": SOCKET_FAMILIES.get(family, 0), "use_dns_cache": False,
                "happy_eyeballs_delay": SECOND_CHANCE,
            }
            self._sessions[key] = aiohttp.ClientSession(
                connector=Connector(ssl=self._trust, **self._keeping, **options), cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None), middlewares=self._wrapping, max_line_size=LONGEST_HEADER,
                max_field_size=LONGEST_HEADER,
            )
        return self._sessions[key]


class Broken(aiohttp.ClientError):
    """A connection that broke before an answer came; its cause says how."""


async def _only_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """After a broken connection aiohttp asks once more by itself: right for kept ones, a hidden second try for new ones."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise Broken from error


class TargetResolver(AbstractResolver):
    """Lets aiohttp connect where the way said; host name and SNI stay the site's, the port may be another."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """As aiohttp wants it: the targets of the hop under way."""
        return [
            ResolveResult(
                hostname=host, host=target.address, port=target.port, family=SOCKET_FAMILIES[target.family], proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for target in CLOCK.get().targets
        ]

    async def close(self) -> None:
        """Holds nothing."""


class Connector(aiohttp.TCPConnector):
    """Notes when a connection is there and who is at its other end: later aiohttp may have let it go.

    Every new one has a slot; a kept one that nobody uses is closed when others wait for its slot.
    """

    def __init__(self, **options) -> None:
        super().__init__(socket_factory=lambda info: RESERVED.get().socket(info), **options)
        self._idle: WeakSet = WeakSet()

    async def connect(self, *args, **kwargs):
        """As aiohttp's."""
        connection = await super().connect(*args, **kwargs)
        protocol = connection.protocol
        self._idle.discard(protocol)
        connection.add_callback(lambda: self._idle.add(protocol))
        clock, peer = CLOCK.get(), connection.transport and connection.transport.get_extra_info("peername")
        clock.lap("first_byte")
        if peer and clock.targets:  # else it is a proxy of the user's network that answers
            clock.address = peer[0]
        return connection

    async def _create_connection(self, *args):
        """As aiohttp's, which calls it when it has none to use again."""
        clock, made = CLOCK.get(), []
        while True:
            with clock.paused():
                reservation = await reserve(clock.targets, lambda: bool(made) and self._end_if_idle(made[0]))
            token = RESERVED.set(reservation)
            try:
                with reservation:
                    made.append(await super()._create_connection(*args))
                return made[0]
            except aiohttp.ClientConnectorError:
                if not reservation.full:
                    raise
                clock.targets = clock.targets[1:]  # the first does not answer, and for the others there was no room yet
            finally:
                RESERVED.reset(token)

    def _end_if_idle(self, protocol: aiohttp.client_proto.ResponseHandler) -> bool:
        if protocol not in self._idle or not protocol.is_connected():
            return False
        self._idle.discard(protocol)
        protocol.transport.abort()
        return True


def missing_for(error: Exception) -> Missing:
    """The Missing that a failed request stands for."""
    if isinstance(error, Broken):
        error = error.__cause__
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
    if clock := CLOCK.get():  # aiohttp times name and connection, not TLS apart
        clock.lap("tls")


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
