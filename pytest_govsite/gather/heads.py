"""HEAD after HEAD over few kept connections: the quick first look at many addresses.

It believes nothing but a plain good answer. Whatever else happens (redirects, errors, walls, broken connections, servers that
send a body after HEAD) is left to Fetcher, which looks again from the start. Nothing is created for each address: a
connection takes the next one from the queue when an answer is complete.
"""
import asyncio
import re
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pytest_govsite.gather.dialling import dial
from pytest_govsite.gather.http import LIKE_A_BROWSER, read_url
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.trust import trust
from pytest_govsite.gather.upstream import DEFAULT_PORTS, Upstream
from pytest_govsite.gather.way import Way
from pytest_govsite.reading.walls import WALL_COOKIE

BURST_SECONDS = 2.0  # a connection keeps its slot for so long, then whoever waits has a turn
CONNECT_SECONDS = 6.0
LONGEST_HEAD = 65536
FEW = 8  # addresses of one host for which a further connection is worth while
FAILURES = 2  # connections in a row that brought nothing
ALL_LINES = 64  # over all hosts
FINE = frozenset({200, 203, 204, 205, 206})
COOKIE = re.compile(rb"^set-cookie:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
CLOSES = re.compile(rb"\r\nconnection:[^\r\n]*close")
PLAIN = re.compile(r"(https?)://([a-z0-9.-]+)(?::(\d{1,5}))?(/[\w/.~!$&'()*+,;=:@%?-]*)?", re.ASCII)

Place = tuple[str, str, int]
OnFault = Callable[[str, int], None]
Asked = tuple[str, bytes]  # the address, and what stands for it in the request


async def ask_heads(
    way: Way, settings: Settings, pace: Pace, urls: Iterable[str], until: float, on_fault: OnFault = lambda url, status: None,
) -> dict[str, int]:
    """The status by address, of those that answered; no walls among them.

    Each host is asked over a few connections, in slots of `pace`. until: time.monotonic() of the end; on_fault: told at
    once of every address whose status is none of FINE.
    """
    places: dict[Place, deque[Asked]] = {}
    for url in urls:
        if found := _read(url):
            places.setdefault(found[0], deque()).append((url, found[1]))
    statuses: dict[str, int] = {}
    lines = asyncio.Semaphore(max(ALL_LINES, settings.connections_per_host))
    works = []
    for place, queue in places.items():
        work = _Work(way, settings, pace, place, queue, statuses, until, lines, on_fault)
        works += [work.run() for _ in range(min(settings.connections_per_host, 1 + len(queue) // FEW))]
    await asyncio.gather(*works)
    return statuses


def _read(url: str) -> tuple[Place, bytes] | None:
    found = PLAIN.fullmatch(url)
    if found and "/." not in url:
        scheme, host, port, path = found.groups()
        return (scheme, host, int(port or DEFAULT_PORTS[scheme])), (path or "/").encode()
    try:
        asked = read_url(url)
        return (asked.scheme, asked.raw_host, asked.port), asked.raw_path_qs.encode("ascii")
    except (ValueError, UnicodeEncodeError):
        return None


@dataclass
class _Work:
    """The addresses of one host and port, shared by its connections."""

    way: Way
    settings: Settings
    pace: Pace
    place: Place
    queue: deque[Asked]
    statuses: dict[str, int]
    until: float
    lines: asyncio.Semaphore
    on_fault: OnFault

    async def run(self) -> None:
        """One connection, and another when the server closes it; given up when one brings nothing."""
        line: Line | None = None
        failures = 0
        while self.queue and failures < FAILURES and time.monotonic() < self.until:
            async with self.lines, self.pace.slot(self.place[1]):
                try:
                    line = line if line and line.is_open else await self._connect()
                except (OSError, TimeoutError, ValueError):
                    break
                if line is None:
                    break
                failures = 0 if await line.take(self.queue, self.statuses) else failures + 1
        if line:
            line.close()

    async def _connect(self) -> "Line | None":
        """None where a proxy of the user's network stands between. Raises OSError, TimeoutError, ValueError."""
        scheme, host, port = self.place
        async with asyncio.timeout(CONNECT_SECONDS):
            route = await self.way.route(scheme, host, port)
        if isinstance(route, Upstream):
            return None
        line = Line(self._head(), self.settings.fetch_deadline, self.on_fault)
        sock = await dial(route, CONNECT_SECONDS, line.give_way)
        secure = {"ssl": trust(self.settings.ca_file, _untimed), "server_hostname": host} if scheme == "https" else {}
        async with asyncio.timeout(CONNECT_SECONDS):
            await asyncio.get_running_loop().create_connection(lambda: line, sock=sock, **secure)
        return line

    def _head(self) -> bytes:
        scheme, host, port = self.place
        host = f"[{host}]" if ":" in host else host
        place = host if port == DEFAULT_PORTS[scheme] else f"{host}:{port}"
        headers = {"Host": place, "User-Agent": self.settings.agent, **LIKE_A_BROWSER, "Accept-Encoding": "gzip, deflate"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f" HTTP/1.1\r\n{lines}\r\n".encode("ascii")


class Line(asyncio.Protocol):
    """One kept connection. head: the request after its path; patience: seconds for one answer."""

    def __init__(self, head: bytes, patience: float, on_fault: OnFault) -> None:
        self._on_fault = on_fault
        self._head = head
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._ended: asyncio.Future[None] | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._asked = ""
        self._part = b""

    @property
    def is_open(self) -> bool:
        """It may be asked again."""
        return self._transport is not None and not self._transport.is_closing()

    async def take(self, queue: deque[Asked], statuses: dict[str, int]) -> int:
        """Asks for addresses of the queue until it is empty, the turn is over or the connection ends; how many answered."""
        self._queue, self._statuses, self._answers = queue, statuses, 0
        self._ended = self._loop.create_future()
        self._turn_ends = self._loop.time() + BURST_SECONDS
        self._watch = self._loop.call_later(self._patience, self._look_at_clock)
        try:
            self._ask_next()
            await self._ended
        finally:
            self._asked = ""
            self._watch.cancel()
        return self._answers

    def give_way(self) -> bool:
        """Gives the connection back when nothing is being asked over it; says whether."""
        if self._asked or not self.is_open:
            return False
        self.close()
        return True

    def close(self) -> None:
        """Gives the connection back."""
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As asyncio calls it."""
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """As asyncio calls it: what was asked last stays unanswered."""
        self._end()

    def data_received(self, data: bytes) -> None:
        """One whole head is an answer; anything else spoils the connection, since nobody knows what belongs to what."""
        data = self._part + data if self._part else data
        end = data.find(b"\r\n\r\n")
        if end < 0 and len(data) < LONGEST_HEAD:
            self._part = data
            return
        self._part = b""
        status = data[9:12]
        if end + 4 == len(data) and self._asked and data[:7] == b"HTTP/1." and status.isdigit() and status >= b"200":
            self._note(int(status), data)
        else:
            self.close()

    def _note(self, status: int, head: bytes) -> None:
        small = head.lower()
        wall = b"\r\nset-cookie:" in small and any(WALL_COOKIE.search(found.decode("latin-1")) for found in COOKIE.findall(head))
        if not wall:
            self._statuses[self._asked] = status
            if status not in FINE:
                self._on_fault(self._asked, status)
        self._answers += 1
        if small[:8] == b"http/1.0" or (b"\r\nconnection:" in small and CLOSES.search(small)):
            self.close()
        else:
            self._ask_next()

    def _ask_next(self) -> None:
        now = self._loop.time()
        if not self._queue or now >= self._turn_ends or not self.is_open:
            self._end()
            return
        self._asked, path = self._queue.popleft()
        self._since = now
        self._transport.write(b"HEAD " + path + self._head)

    def _look_at_clock(self) -> None:
        left = self._since + self._patience - self._loop.time()
        if left <= 0:
            self.close()
        else:
            self._watch = self._loop.call_later(left, self._look_at_clock)

    def _end(self) -> None:
        if self._ended and not self._ended.done():
            self._ended.set_result(None)


def _untimed() -> None:
    """Handshakes are not timed here."""
