"""DNS lookups that tell a faulty name from a silent name server."""
import asyncio
import re
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import dns.asyncquery
import dns.asyncresolver
import dns.exception
import dns.message
import dns.nameserver
import dns.resolver

from pytest_govsite.gather.entries import ascii_host
from pytest_govsite.gather.guard import read_address

Kind = Literal["A", "AAAA", "NS", "CNAME"]
Fault = Literal["", "no-name", "no-record", "servfail", "timeout"]

TRY_SECONDS = 2.0
KEEP_SECONDS = 600.0  # one inspection sees one answer
MANY = 2000  # answers kept: then those that are too old are thrown away
KEEP_FAULT_SECONDS = 30.0
ALIVE_SECONDS = 10.0
PAUSE_SECONDS = 0.3
WELL_KNOWN = "gov.cn"
HOSTS = Path("/etc/hosts")
SUFFIX = re.compile(r"(?:gov|com|net|org|edu|ac|mil|[a-z]{2})\.cn")  # under these a domain has three labels
FAMILIES = {"A": socket.AF_INET, "AAAA": socket.AF_INET6}


@dataclass(frozen=True)
class Answer:
    """What a lookup gave.

    fault  "" | "no-name" | "no-record" | "servfail" (also refusals) | "timeout" (no name server answered).
    local  True when this machine's hosts file answered: the user put it there.
    """

    values: tuple[str, ...] = ()
    fault: Fault = ""
    local: bool = False


class Resolver:
    """Lookups of one process, each asked once and then remembered.

    nameserver  ADDRESS[:PORT], IPv6 with a port in brackets; None: the system's configuration, its hosts file first
                and its own resolver last.
    timeout     seconds for all tries of one lookup.
    keep        seconds for which an answer is remembered; None: an inspection's; 0: only whoever asks meanwhile shares it.

    place: address and port of that name server, None for the system's.
    Raises ValueError for a wrong nameserver.
    """

    def __init__(
        self, nameserver: str | None = None, timeout: float = 6.0, hosts: Path = HOSTS, keep: float | None = None,
    ) -> None:
        self._system = nameserver is None
        self._timeout = timeout
        self._keep = KEEP_SECONDS if keep is None else keep
        self._full = MANY
        self._hosts = read_hosts(hosts) if self._system else {}
        self.place = None if self._system else read_nameserver(nameserver)
        self._resolver = _resolver_at(*self.place) if self.place else _system_resolver()
        self._kept: dict[tuple[str, str], tuple[float, asyncio.Task]] = {}
        self._answered = self._silent = float("-inf")
        self._probe: asyncio.Task | None = None

    async def lookup(self, host: str, kind: Kind) -> Answer:
        """Records of a host. NS asks for the zone the host lies in: its own name first, then the parents'."""
        host = ascii_host(host)
        if host in self._hosts and kind in FAMILIES:
            values = tuple(value for value in self._hosts[host] if (":" in value) == (kind == "AAAA"))
            return Answer(values, "" if values else "no-record", local=True)
        ask = self._ask_zone if kind == "NS" else self._ask_all
        return await self._remembered((host, kind), lambda: ask(host, kind))

    async def is_alive(self) -> bool:
        """True when our name server answers at all: it did a moment ago, or knows a well-known name."""
        now = time.monotonic()
        if now - self._answered < ALIVE_SECONDS or now - self._silent < ALIVE_SECONDS:
            return self._answered > self._silent
        if self._probe is None or self._probe.done():
            self._probe = asyncio.ensure_future(self._ask(WELL_KNOWN, "NS", self._timeout / 2))
        if (await asyncio.shield(self._probe)).fault in ("servfail", "timeout"):
            self._silent = time.monotonic()
            if self._system:
                self._resolver = _system_resolver()  # the machine may have moved to another network since
        return self._answered > self._silent

    async def _remembered(self, key: tuple[str, str], ask: Callable[[], Awaitable[Answer]]) -> Answer:
        asked, task = self._kept.get(key, (0.0, None))
        if task is None or self._is_over(asked, task):
            self._tidy()
            task = asyncio.ensure_future(ask())
            self._kept[key] = (time.monotonic(), task)
        return await asyncio.shield(task)  # one impatient caller must not take the answer from the others

    def _tidy(self) -> None:
        if len(self._kept) >= self._full:
            self._kept = {key: kept for key, kept in self._kept.items() if not self._is_over(*kept)}
            self._full = max(MANY, 2 * len(self._kept))

    def _is_over(self, asked: float, task: asyncio.Task) -> bool:
        if not task.done():
            return False
        if task.cancelled() or task.exception():
            return True
        keep = min(KEEP_FAULT_SECONDS, self._keep) if task.result().fault in ("servfail", "timeout") else self._keep
        return time.monotonic() - asked > keep

    async def _ask_all(self, host: str, kind: Kind) -> Answer:
        answer = await self._ask(host, kind)
        if answer.fault == "servfail":
            await asyncio.sleep(PAUSE_SECONDS)  # a passing fault is common; there is no event to wait for
            answer = await self._ask(host, kind)
        if self._system and answer.fault in ("no-name", "servfail", "timeout"):
            return await self._ask_machine(host, kind) or answer
        return answer

    async def _ask_zone(self, host: str, kind: Kind) -> Answer:
        labels = host.split(".")
        answer = Answer(fault="no-record")
        domain = 3 if SUFFIX.fullmatch(".".join(labels[-2:])) else 2  # a zone is no public suffix
        for start in range(max(1, len(labels) - domain + 1)):
            answer = await self._ask(".".join(labels[start:]), kind)
            if answer.values or answer.fault == "timeout":
                break
        return answer

    async def _ask(self, host: str, kind: Kind, seconds: float | None = None) -> Answer:
        if self._resolver is None:
            return Answer(fault="timeout")
        try:
            found = await self._resolver.resolve(host, kind, search=False, lifetime=seconds or self._timeout)
        except dns.resolver.NXDOMAIN:
            return self._heard(Answer(fault="no-name"))
        except dns.resolver.NoAnswer:
            return self._heard(Answer(fault="no-record"))
        except dns.resolver.NoNameservers as error:
            return Answer(fault="servfail" if _has_response(error) else "timeout")
        except (dns.exception.Timeout, OSError):
            return Answer(fault="timeout")
        except (dns.exception.DNSException, UnicodeError):
            return Answer(fault="no-name")  # a name that DNS cannot even ask for: label too long, empty label
        return self._heard(Answer(tuple(record.to_text().rstrip(".") for record in found)))

    async def _ask_machine(self, host: str, kind: Kind) -> Answer | None:
        """The machine's own resolver knows more than DNS: scoped servers of a VPN, multicast names."""
        if kind not in FAMILIES:
            return None
        loop = asyncio.get_running_loop()
        try:
            # the final dot keeps search domains out: a wildcard there would make every dead name live
            asking = loop.getaddrinfo(f"{host}.", None, family=FAMILIES[kind], type=socket.SOCK_STREAM)
            found = await asyncio.wait_for(asking, self._timeout)
        except (OSError, UnicodeError, TimeoutError):
            return None
        return self._heard(Answer(tuple(dict.fromkeys(info[4][0] for info in found))))

    def _heard(self, answer: Answer) -> Answer:
        self._answered = time.monotonic()
        return answer


async def answers_at(address: str, port: int, host: str) -> bool:
    """True when the name server at an address answers a question about a host, over UDP; asked twice, packets get lost."""
    query = dns.message.make_query(host, "AAAA", flags=0)  # no recursion: it is asked what it knows itself
    for _ in range(2):
        try:
            await dns.asyncquery.udp(query, address, timeout=TRY_SECONDS, port=port, ignore_unexpected=True)
            return True
        except (dns.exception.DNSException, OSError):
            continue
    return False


def read_nameserver(text: str) -> tuple[str, int]:
    """ADDRESS[:PORT] -> (address, port). Raises ValueError with one sentence."""
    host, _, port = text.rpartition(":") if text.count(":") == 1 or "]:" in text else (text, "", "53")
    address = read_address(host)
    if address is None or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"--nameserver {text}: expected ADDRESS[:PORT], an IPv6 address with a port in brackets")
    return str(address), int(port)


def read_hosts(path: Path) -> dict[str, tuple[str, ...]]:
    """The hosts file: name -> addresses. Empty when there is none."""
    known: dict[str, tuple[str, ...]] = {}
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return known
    for line in lines:
        address, *names = line.split("#")[0].split() or [""]
        if read_address(address):
            for name in names:
                known[ascii_host(name)] = (*known.get(ascii_host(name), ()), address)
    return known


def _resolver_at(address: str, port: int) -> dns.asyncresolver.Resolver:
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = [dns.nameserver.Do53Nameserver(address, port)]
    resolver.timeout = TRY_SECONDS
    return resolver


def _system_resolver() -> dns.asyncresolver.Resolver | None:
    try:
        resolver = dns.asyncresolver.Resolver()
    except dns.resolver.NoResolverConfiguration:
        return None
    resolver.timeout = TRY_SECONDS
    return resolver


def _has_response(error: dns.resolver.NoNameservers) -> bool:
    """True when a name server did answer, if only with an error."""
    return any(response is not None for *_, response in error.kwargs.get("errors", ()))
