"""One connection of a browser: the SOCKS5 handshake (RFC 1928), then bytes in both directions."""
import asyncio
import ipaddress
import socket
import struct
import time
from collections.abc import Callable

from pytest_govsite.model.missing import Reason

VERSION, CONNECT = 5, 1
IPV4, NAME, IPV6 = 1, 3, 4
GRANTED, HOST_UNREACHABLE, COMMAND_UNKNOWN = 0, 4, 7
REPLIES = {Reason.PRIVATE_ADDRESS: 2, Reason.NO_IPV6_ROUTE: 3, Reason.REFUSED: 5, Reason.TIMEOUT: 6}

QUIET_SECONDS = 1.0  # a kept-alive connection this long after its last answer may be closed for one that waits
SLOW_SECONDS = 30.0  # for an answer: until then nobody who waits for a connection cuts this one off
CHUNK = 65536


class Relay:
    """Carries bytes between a browser and a site, with back-pressure and half-closed ends.

    granted     the browser was told that it may speak.
    sent, received  bytes to and from the site.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._from_browser, self._to_browser = reader, writer
        self._from_site: asyncio.StreamReader | None = None
        self._to_site: asyncio.StreamWriter | None = None
        self._answered = False
        self._left = False
        self._active = time.monotonic()
        self.granted = False
        self._on_fault: Callable[[Reason], None] = lambda reason: None
        self.sent = 0
        self.received = 0

    def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The other end is there."""
        self._from_site, self._to_site = reader, writer

    @property
    def is_joined(self) -> bool:
        """Whether the other end is there."""
        return self._to_site is not None

    @property
    def is_deserted(self) -> bool:
        """Whether the browser left before anything was carried."""
        return self._from_browser.at_eof()

    @property
    def peer(self) -> str:
        """Address of the other end."""
        return (self._to_site.get_extra_info("peername") or ("",))[0]

    def grant(self) -> None:
        """Tells the browser that it may speak."""
        self.granted = True
        self._to_browser.write(_reply(GRANTED))

    def refuse(self, reason: Reason) -> None:
        """Tells the browser that there is no connection. After it was granted only a 502 or a cut can say so."""
        if not self.granted:
            self._to_browser.write(_reply(REPLIES.get(reason, HOST_UNREACHABLE)))
        else:
            head = ("HTTP/1.1 502 Bad Gateway", f"X-Govsite-Reason: {reason}", "Content-Length: 0", "Connection: close")
            self._to_browser.write("\r\n".join((*head, "", "")).encode())

    async def first_words(self) -> bytes:
        """What the browser says first: the whole head when it speaks plain HTTP, else whatever has come."""
        words = await self._from_browser.read(CHUNK)
        while words[:1].isupper() and b"\r\n\r\n" not in words and len(words) < CHUNK:
            more = await self._from_browser.read(CHUNK)
            if not more:
                break
            words += more
        return words

    def say(self, words: bytes) -> None:
        """Sends words of our own to the site."""
        self._to_site.write(words)
        self.sent += len(words)

    async def run(self, on_fault: Callable[[Reason], None], most: int | None = None) -> None:
        """Carries until both ends are done. most: bytes that the browser may still send, None for as many as it likes.

        on_fault: told before the browser can notice that the site took a request and left without a word, or said none
        until others needed the connection.
        Raises OSError when an end breaks; the browser then sees a reset, as it would without us.
        """
        self._on_fault = on_fault
        ends = [asyncio.ensure_future(self._carry_up(most)), asyncio.ensure_future(self._carry_down())]
        try:
            await asyncio.gather(*ends)
        except OSError:
            _reset(self._to_browser)
            raise
        finally:
            for end in ends:
                end.cancel()
            self._to_site.close()

    def awaits(self, seconds: float) -> bool:
        """The site was asked, and has not answered for so long."""
        return bool(self.sent) and not self._answered and time.monotonic() - self._active >= seconds

    def give_way(self) -> bool:
        """Ends this connection when it is idle; one that waits for an answer does so as long as a visitor would."""
        waits = self.sent and not self._answered
        if not self.granted or time.monotonic() - self._active < (SLOW_SECONDS if waits else QUIET_SECONDS):
            return False
        if not self.received and self.sent:
            self._left = True
            self._on_fault(Reason.TIMEOUT)
        for writer in (self._to_browser, self._to_site):
            if writer:
                writer.transport.abort()
        return True

    async def _carry_up(self, most: int | None) -> None:
        left = CHUNK if most is None else most
        while left and (chunk := await self._hear(min(CHUNK, left))):
            left -= len(chunk) if most is not None else 0
            self._touch(answered=False)
            self.say(chunk)
            await self._to_site.drain()
        if most is not None and not self._left and await self._hear(1):
            raise ConnectionResetError  # a second request, which this connection cannot carry; browsers open another
        if most is None and self._to_site.can_write_eof():
            self._to_site.write_eof()

    async def _hear(self, most: int) -> bytes:
        try:
            chunk = await self._from_browser.read(most)
        except OSError:
            self._left = True
            raise
        self._left = not chunk
        return chunk

    async def _carry_down(self) -> None:
        try:
            while chunk := await self._from_site.read(CHUNK):
                self.received += len(chunk)
                self._touch(answered=True)
                self._to_browser.write(chunk)
                await self._to_browser.drain()
        except OSError:
            self._weigh_end()
            raise
        self._weigh_end()
        self._to_browser.write_eof()

    def _weigh_end(self) -> None:
        """The site has ended the connection."""
        if self.sent and not self.received and not self._left:
            self._on_fault(Reason.RESET)

    def _touch(self, answered: bool) -> None:
        self._answered = answered
        self._active = time.monotonic()


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, int]:
    """Host and port that a browser asks for. Raises ValueError for what is no SOCKS5 CONNECT, EOFError when it left."""
    version, methods = await reader.readexactly(2)
    if version != VERSION:
        raise ValueError("no SOCKS5")
    await reader.readexactly(methods)
    writer.write(bytes((VERSION, 0)))
    _, command, _, kind = await reader.readexactly(4)
    host = await _read_host(reader, kind)
    port = int.from_bytes(await reader.readexactly(2), "big")
    if command != CONNECT:
        writer.write(_reply(COMMAND_UNKNOWN))
        raise ValueError("no CONNECT")
    return host, port


async def _read_host(reader: asyncio.StreamReader, kind: int) -> str:
    if kind == NAME:
        return (await reader.readexactly((await reader.readexactly(1))[0])).decode("ascii").lower().rstrip(".")
    if kind not in (IPV4, IPV6):
        raise ValueError("unknown kind of address")
    return str(ipaddress.ip_address(await reader.readexactly(4 if kind == IPV4 else 16)))


def _reply(code: int) -> bytes:
    return bytes((VERSION, code, 0, IPV4)) + bytes(6)


def _reset(writer: asyncio.StreamWriter) -> None:
    # SO_LINGER with zero seconds makes the kernel send RST in place of FIN
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
