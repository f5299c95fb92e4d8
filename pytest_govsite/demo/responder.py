"""The demo's name server: its own hosts live on loopback, every other name does not exist."""
import asyncio
import socket
import struct
from collections.abc import Iterable

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from pytest_govsite.demo.sockets import pair, port_of

TTL = 60
ADDRESSES = {"A": "127.0.0.1", "AAAA": "::1"}


class Zone:
    """What is known: `hosts` have addresses, the domain of `site` has name servers.

    Faults of the family dns:* and the missing AAAA are done here.
    """

    def __init__(self, hosts: Iterable[str], site: str, faults: frozenset[str]) -> None:
        self._site = site
        self._apex = site.removeprefix("www.")
        self._servers = tuple(f"{name}.{self._apex}" for name in ("ns1", "ns2"))
        self._hosts = frozenset(hosts) | set(self._servers)
        self._faults = faults
        self._old = self._servers if "trap:ns-without-ipv6" in faults else self._servers[1:]  # reached over IPv4 only
        if "dns:gone" in faults:
            self._hosts = frozenset(host for host in self._hosts if not host.endswith(self._apex))
        self._parents = {".".join(host.split(".")[at:]) for host in self._hosts for at in range(1, host.count(".") + 1)}

    def respond(self, query: dns.message.Message) -> dns.message.Message | None:
        """The response to a query, None for silence."""
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        if name == self._site and "dns:silent" in self._faults:
            return None
        response = dns.message.make_response(query, recursion_available=True)
        response.flags |= dns.flags.AA
        if name == self._site and "dns:servfail" in self._faults:
            response.set_rcode(dns.rcode.SERVFAIL)
        elif name not in self._hosts | self._parents:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif values := self._values(name, kind):
            response.answer.append(dns.rrset.from_text(question.name, TTL, "IN", kind, *values))
        if not response.answer:
            response.authority.append(self._start_of_authority(name))
        return response

    def _values(self, name: str, kind: str) -> tuple[str, ...]:
        if kind == "AAAA" and (name == self._site and "ipv6.1:no-aaaa" in self._faults or name in self._old):
            return ()
        if kind in ADDRESSES and name in self._hosts:
            return (ADDRESSES[kind],)
        return tuple(f"{server}." for server in self._servers) if kind == "NS" and name == self._apex else ()

    def _start_of_authority(self, name: str) -> dns.rrset.RRset:
        zone = self._apex if name.endswith(self._apex) else "."
        return dns.rrset.from_text(
            f"{zone.rstrip('.')}.", TTL, "IN", "SOA", f"ns1.{self._apex}. admin.{self._apex}. 1 3600 600 86400 60"
        )


class Responder:
    """Serves a Zone over UDP and TCP on both families."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._open: list[asyncio.BaseTransport | asyncio.Server] = []

    async def start(self) -> int:
        """Starts in the running loop; the port."""
        sockets = pair(socket.SOCK_DGRAM, socket.SOCK_STREAM)
        loop = asyncio.get_running_loop()
        for sock in sockets:
            if sock.type == socket.SOCK_DGRAM:
                transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self._wire), sock=sock)
                self._open.append(transport)
            else:
                self._open.append(await asyncio.start_server(self._stream, sock=sock))
        return port_of(sockets)

    def close(self) -> None:
        for server in self._open:
            server.close()

    def _wire(self, data: bytes) -> bytes:
        """Response on the wire, empty for silence and for what is no query."""
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return b""
        response = self._zone.respond(query) if query.question else None
        return response.to_wire() if response else b""

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            answer = self._wire(await reader.readexactly(length))
            if answer:
                writer.write(struct.pack("!H", len(answer)) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client went away
        finally:
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, respond) -> None:
        self._respond = respond

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple) -> None:
        if answer := self._respond(data):
            self._transport.sendto(answer, address)
