"""Real servers on loopback, on both families: polite and odd ones, name servers, the proxy of a user's network."""
import asyncio
import socket
import ssl
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import trustme

from pytest_govsite.gather.http import Fetcher
from pytest_govsite.gather.settings import Settings

V4, V6 = "127.0.0.1", "::1"
BOTH = (V4, V6)
SECONDS = 60


def run(coroutine):
    """Runs a test's coroutine under a deadline."""
    return asyncio.run(asyncio.wait_for(coroutine, SECONDS))


def settings(**more) -> Settings:
    """Settings of a test: short patience, a fixed day."""
    return Settings(**{"as_of": date(2026, 11, 20), "fetch_deadline": 5.0} | more)


@asynccontextmanager
async def fetching(way, cookies: bool = False, **more):
    """A Fetcher that is closed at the end."""
    fetcher = Fetcher(way, settings(**more), cookies)
    try:
        yield fetcher
    finally:
        await fetcher.close()


def free_port() -> int:
    """A port that is free on both families."""
    while True:
        with socket.socket(socket.AF_INET6) as six, socket.socket() as four:
            six.bind((V6, 0))
            port = six.getsockname()[1]
            try:
                four.bind((V4, port))
                return port
            except OSError:
                continue


@asynccontextmanager
async def listening(handler, hosts=BOTH, tls: ssl.SSLContext | None = None):
    """Calls handler(reader, writer) for each connection; yields the port, the same on all hosts."""
    port, tasks = free_port(), set()

    async def serve(reader, writer):
        tasks.add(asyncio.current_task())
        try:
            await handler(reader, writer)
        except (OSError, EOFError, asyncio.CancelledError):
            pass
        finally:
            tasks.discard(asyncio.current_task())
            writer.close()

    servers = [await asyncio.start_server(serve, host, port, ssl=tls, backlog=1024) for host in hosts]
    try:
        yield port
    finally:
        for server in servers:
            server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answer(body: bytes = b"<p>ok</p>", status: str = "200 OK", *headers: str, length: bool = True) -> bytes:
    """A whole HTTP answer."""
    lengths = [f"Content-Length: {len(body)}"] if length else []
    return "\r\n".join((f"HTTP/1.1 {status}", "Content-Type: text/html", *headers, *lengths, "", "")).encode() + body


@dataclass
class Seen:
    """What a server was asked: request lines with headers, and the hosts in SNI."""

    heads: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [head.split()[1] for head in self.heads]


@asynccontextmanager
async def site(pages, hosts=BOTH, tls: ssl.SSLContext | None = None):
    """A keep-alive HTTP server; yields (port, Seen).

    pages: path -> bytes, or an async function (writer, head) that gives the bytes, or None when it has said all itself.
    """
    seen = Seen()
    if tls:
        tls.sni_callback = lambda sock, name, context: seen.names.append(name)

    async def serve(reader, writer):
        while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
            seen.heads.append(head)
            page = pages.get(head.split()[1].split("?")[0], answer(b"no such page", "404 Not Found"))
            sent = await page(writer, head) if callable(page) else page
            if sent is None:
                return
            writer.write(sent.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if head.startswith("HEAD") else sent)
            await writer.drain()
            if "\r\nconnection: close" in head.lower():
                return

    async with listening(serve, hosts, tls) as port:
        yield port, seen


@contextmanager
def deaf():
    """A port where connections are never completed: its backlog is full. Yields the port."""
    with socket.socket() as server:
        server.bind((V4, 0))
        server.listen(0)
        fillers = [socket.socket() for _ in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(server.getsockname())
        try:
            yield server.getsockname()[1]
        finally:
            for filler in fillers:
                filler.close()


class Authority:
    """A certificate authority of a test."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def file(self, folder) -> str:
        """Its certificate as a PEM file."""
        path = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(path)
        return str(path)

    def self_signed(self, folder) -> ssl.SSLContext:
        """The TLS side of a server that signed for itself."""
        path = folder / "self.pem"
        path.write_bytes(self._ca.private_key_pem.bytes() + self._ca.cert_pem.bytes())
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(path)
        return context

    def server(self, *names: str, **more) -> ssl.SSLContext:
        """The TLS side of a server called so."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._ca.issue_cert(*names, **more).configure_cert(context)
        return context


@asynccontextmanager
async def names(zone, hosts=BOTH):
    """A name server, UDP and TCP; yields (port, list of the questions asked as (transport, name, kind)).

    zone: (name, kind) -> tuple of values | "servfail" | "silent" | "refused" | iterator of these. A name of the zone
    without that kind has no record; other names do not exist. More than 20 values are cut off over UDP.
    """
    port, asked = free_port(), []
    loop = asyncio.get_running_loop()

    class Datagrams(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, address):
            reply = _reply(zone, data, "udp", asked)
            if reply:
                self.transport.sendto(reply, address)

    async def stream(reader, writer):
        while True:
            data = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
            reply = _reply(zone, data, "tcp", asked)
            if not reply:
                return
            writer.write(len(reply).to_bytes(2, "big") + reply)

    datagrams = [(await loop.create_datagram_endpoint(Datagrams, (host, port)))[0] for host in hosts]
    servers = [await asyncio.start_server(stream, host, port) for host in hosts]
    try:
        yield port, asked
    finally:
        for one in (*datagrams, *servers):
            one.close()


def _reply(zone, data: bytes, transport: str, asked: list) -> bytes | None:
    query = dns.message.from_wire(data)
    name, kind = query.question[0].name.to_text(omit_final_dot=True), dns.rdatatype.to_text(query.question[0].rdtype)
    asked.append((transport, name, kind))
    found = zone.get((name, kind), ())
    found = next(found) if hasattr(found, "__next__") else found
    reply = dns.message.make_response(query)
    if found == "silent" or zone.get((name, "*")) == "silent":
        return None
    if found in ("servfail", "refused"):
        reply.set_rcode(dns.rcode.from_text(found))
    elif not any(known == name for known, _ in zone):
        reply.set_rcode(dns.rcode.NXDOMAIN)
    elif len(found) > 20 and transport == "udp":
        reply.flags |= dns.flags.TC
    elif found:
        reply.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", kind, *found))
    return reply.to_wire()


@asynccontextmanager
async def proxy(places, password: str = "", tls: ssl.SSLContext | None = None):
    """The proxy of a user's network. places: "host:port" -> loopback port, or a status it answers instead.

    It tunnels to port 443 only, as most do; yields (port, Seen).
    """
    seen = Seen()

    async def serve(reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        seen.heads.append(head)
        method, address, _ = head.split(None, 2)
        host = address if method == "CONNECT" else address.split("/")[2]
        place = places.get(host if ":" in host else f"{host}:80", 502)
        if password and f"Proxy-Authorization: {password}" not in head:
            place = 407
        if method == "CONNECT" and not host.endswith(":443"):
            place = 403
        if place < 600:
            writer.write(answer(b"", f"{place} No"))
            return
        await _forward(reader, writer, place, b"" if method == "CONNECT" else _to_origin(head))

    async with listening(serve, (V4,), tls) as port:
        yield port, seen


def _to_origin(head: str) -> bytes:
    method, address, rest = head.split(" ", 2)
    return f"{method} /{address.split('/', 3)[3]} {rest}".encode("latin-1")


async def _forward(reader, writer, port: int, head: bytes) -> None:
    there, to = await asyncio.open_connection(V4, port)
    if head:
        to.write(head)
    else:
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

    async def carry(source, sink):
        while chunk := await source.read(65536):
            sink.write(chunk)
            await sink.drain()
        sink.write_eof() if sink.can_write_eof() else sink.close()

    await asyncio.gather(carry(reader, to), carry(there, writer), return_exceptions=True)
