"""A name server of the towns' world: all their hosts live on loopback, every other name does not exist."""
import asyncio
import socket
from collections.abc import Set

import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

ADDRESSES = {"A": "127.0.0.1", "AAAA": "::1"}


class NameServer:
    """Answers over UDP on 127.0.0.1 and ::1. without_v6: hosts that have no AAAA."""

    def __init__(self, hosts: Set[str], without_v6: Set[str]) -> None:
        self._hosts = hosts
        self._without_v6 = without_v6
        self._known = {".".join(host.split(".")[at:]) for host in hosts for at in range(host.count(".") + 1)}
        self._transports: list[asyncio.DatagramTransport] = []
        self.port = 0

    async def start(self) -> None:
        """Starts in the running loop."""
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                lambda: _Wire(self._respond), local_addr=(address, self.port), family=family,
            )
            self.port = transport.get_extra_info("sockname")[1]
            self._transports.append(transport)

    def close(self) -> None:
        """Gives back the sockets."""
        for transport in self._transports:
            transport.close()

    def _respond(self, data: bytes) -> bytes:
        try:
            query = dns.message.from_wire(data)
        except dns.exception.DNSException:
            return b""
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        response = dns.message.make_response(query, recursion_available=True)
        response.flags |= dns.flags.AA
        if name not in self._known:
            response.set_rcode(dns.rcode.NXDOMAIN)
        elif values := self._values(name, kind):
            response.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *values))
        if not response.answer:
            response.authority.append(dns.rrset.from_text("cn.", 60, "IN", "SOA", "ns1.cn. admin.cn. 1 3600 600 86400 60"))
        return response.to_wire()

    def _values(self, name: str, kind: str) -> tuple[str, ...]:
        if kind == "NS" and f"ns1.{name}" in self._hosts:
            return f"ns1.{name}.", f"ns2.{name}."
        if name not in self._hosts or (kind == "AAAA" and name in self._without_v6):
            return ()
        return (ADDRESSES[kind],) if kind in ADDRESSES else ()


class _Wire(asyncio.DatagramProtocol):
    def __init__(self, respond) -> None:
        self._respond = respond

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple) -> None:
        if answer := self._respond(data):
            self._transport.sendto(answer, address)
