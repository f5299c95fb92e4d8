"""The way out for browsers: a small SOCKS5 proxy on loopback.

It gives every engine what no switch of theirs can: --resolve with both families, --nameserver, one family on demand,
the proxy of the user's network, and no way to private addresses. It speaks SOCKS5 because that carries http, https and
WebSocket alike without touching a byte: connections stay alive end to end, a failed connection is an error and not a
page, and Firefox over BiDi sends https through it (an http:// proxy covers only plain http there, see
getProxyConfiguration in Playwright).

What it costs, by bench/way_out.py on two busy cores (41 requests, 330 KB a page): 0.97 to 1.04 of the pages per second
that Chromium makes with --host-resolver-rules when answers are instant, 0.90 to 1.04 when each takes 50 ms, and 7 to
10 ms of our own CPU a page.
"""
import asyncio
import re
from collections.abc import Callable
from functools import partial

from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.relay import Relay, read_request
from pytest_govsite.gather.tunnel import connect_through, connect_to, connect_upstream
from pytest_govsite.gather.upstream import Upstream
from pytest_govsite.gather.way import Unreached, Way
from pytest_govsite.model.missing import Missing, Reason

# What goes round a proxy unless told otherwise: WebRTC, which pages may point at any address (seen: UDP to loopback
# from Chromium, TCP from Firefox), and in Firefox every loopback address. Playwright tells Chromium (<-loopback>).
CHROMIUM_ARGS = ("--force-webrtc-ip-handling-policy=disable_non_proxied_udp",)
FIREFOX_PREFS = {
    "network.proxy.allow_hijacking_localhost": True, "media.peerconnection.enabled": False,
    "browser.newtab.preload": False, "dom.ipc.processPrelaunch.enabled": False,  # processes for tabs that nobody will open
}

SHAKE_SECONDS = 10.0
LIKE_A_BROWSER = 6  # connections to a host, over all tabs: as one visitor; 4 cost a fifth of the pages of a slow site
PLAIN_REQUEST = re.compile(
    rb"(?P<method>[A-Z]+) (?P<path>/\S*) HTTP/1\.[01]\r\n(?P<rest>.*?\r\n)\r\n(?P<body>.*)", re.DOTALL,
)
LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
HOP_HEADERS = re.compile(rb"^(?:proxy-)?connection:[^\n]*\n", re.IGNORECASE | re.MULTILINE)
UPGRADE = re.compile(rb"^upgrade:", re.IGNORECASE | re.MULTILINE)

OnBlocked = Callable[[str, int, Missing], None]


class Exit:
    """A loopback proxy for one site.

    on_blocked      told host, port and reason of every connection that could not be made.
    cut             a connection that cannot be made is granted and cut: WebKitGTK waits for ever after a refusal.
    failures        why, by "host:port", as of the last try.
    peers           the address last connected to, by "host:port"; unknown through a proxy of the user's network.
    received, sent  bytes from and to the sites.
    """

    def __init__(
        self, way: Way, family: int = 0, on_blocked: OnBlocked | None = None, pace: Pace | None = None, cut: bool = False,
    ) -> None:
        self._cut = cut
        self._way = way
        self._family = family
        self._on_blocked = on_blocked or (lambda host, port, missing: None)
        self._pace = pace or Pace(LIKE_A_BROWSER)
        self._server: asyncio.Server | None = None
        self._starting = asyncio.Lock()
        self._open: set[asyncio.Task] = set()
        self._relays: dict[Relay, str] = {}
        self.failures: dict[str, Reason] = {}
        self.peers: dict[str, str] = {}
        self.received = 0
        self.sent = 0

    async def start(self) -> str:
        """Listens on a free loopback port, once; returns the proxy's address for browsers."""
        async with self._starting:
            if self._server is None:
                self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=512)
        return f"socks5://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Stops listening and cuts what is open."""
        if self._server is None:
            return
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._open.add(task)
        try:
            async with asyncio.timeout(SHAKE_SECONDS):
                host, port = await read_request(reader, writer)
            await self._serve(Relay(reader, writer), host, port)
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.CancelledError):
            pass  # the browser left, spoke no SOCKS, an end broke, or we are closing: nobody is left to tell
        finally:
            self._open.discard(task)
            writer.close()

    async def _serve(self, relay: Relay, host: str, port: int) -> None:
        async with self._pace.slot(host, give_way=relay.give_way):
            if relay.is_deserted:
                return
            try:
                most = await self._connect(relay, host, port)
            except Unreached as error:
                self._note(host, port, error)
                if self._cut and not relay.granted:
                    relay.grant()
                else:
                    relay.refuse(error.reason)
                return
            await self._run(relay, f"{host}:{port}", most)

    async def _run(self, relay: Relay, place: str, most: int | None) -> None:
        self.failures.pop(place, None)
        self._relays[relay] = place
        try:
            await relay.run(partial(self.failures.__setitem__, place), most)
        finally:
            del self._relays[relay]
            self.received += relay.received
            self.sent += relay.sent

    def awaits(self, seconds: float) -> bool:
        """Some site has not answered for so long what a browser asked of it."""
        return any(relay.awaits(seconds) for relay in self._relays)

    def has_asked(self, place: str) -> bool:
        """Something was asked of "host:port" on a connection that is still open."""
        return any(relay.sent and place == its for relay, its in self._relays.items())

    async def _connect(self, relay: Relay, host: str, port: int) -> int | None:
        """Joins the relay to the site; returns how many bytes the browser may still send (None: any)."""
        route = await self._way.route("https" if port == 443 else "http", host, port, self._family)
        if not isinstance(route, Upstream):
            relay.join(*await connect_to(route, give_way=relay.give_way))
            self.peers[f"{host}:{port}"] = relay.peer
        elif port == 443:
            relay.join(*await connect_through(route, host, port))
        relay.grant()
        if relay.is_joined:
            return None
        return await self._connect_by_words(relay, route, host, port)

    async def _connect_by_words(self, relay: Relay, upstream: Upstream, host: str, port: int) -> int | None:
        """Many proxies tunnel to port 443 only: plain requests are put as proxies want them, others go by tunnel."""
        words = await relay.first_words()
        if not words:
            raise EOFError("opened in advance, never used")
        request = PLAIN_REQUEST.fullmatch(words)
        if not request or UPGRADE.search(request["rest"]):
            relay.join(*await connect_through(upstream, host, port))
            relay.say(words)
            return None
        relay.join(*await connect_upstream(upstream))
        relay.say(proxied(request, upstream, host, port))
        length = LENGTH.search(request["rest"])
        return max(0, int(length[1]) - len(request["body"])) if length else 0

    def _note(self, host: str, port: int, error: Unreached) -> None:
        self.failures[f"{host}:{port}"] = error.reason
        self._on_blocked(host, port, error.missing(f"{host}:{port}"))


def proxied(request: re.Match[bytes], upstream: Upstream, host: str, port: int) -> bytes:
    """A plain request as a proxy wants it: the whole address, its password, and no second request after this one."""
    place = f"[{host}]" if ":" in host else host
    address = f"http://{place}{'' if port == 80 else f':{port}'}".encode() + request["path"]
    headers = HOP_HEADERS.sub(b"", request["rest"])
    if upstream.authorization:
        headers += f"Proxy-Authorization: {upstream.authorization}\r\n".encode()
    first = request["method"] + b" " + address + b" HTTP/1.1\r\n"
    return first + headers + b"Connection: close\r\n\r\n" + request["body"]
