"""A visitor of the demo's world who needs none of our gatherers: plain sockets, its name server, its authority."""
import http.client
import re
import socket
import ssl
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urljoin, urlsplit

import dns.message
import dns.query
import dns.rdatatype

LOOPBACK = {4: "127.0.0.1", 6: "::1"}
SECONDS = 10
AT_ONCE = 8


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        said = f"{self.headers.get('content-type', '')} {self.body[:1000].decode('ascii', 'ignore')}"
        return self.body.decode("gbk" if re.search(r"charset=.?gb", said, re.IGNORECASE) else "utf-8")

    @property
    def location(self) -> str:
        return urljoin(self.url, self.headers["location"]) if "location" in self.headers else ""


def visit(world, url: str, family: int = 4, method: str = "GET", **headers: str) -> Answer:
    """One request, redirects not followed. Raises OSError as sockets and TLS do."""
    parts = urlsplit(url)
    port = world.nat[443 if parts.scheme == "https" else 80]
    sock = socket.create_connection((LOOPBACK[family], port), timeout=SECONDS)
    if parts.scheme == "https":
        try:
            sock = _trusting(world.ca_file).wrap_socket(sock, server_hostname=parts.hostname)
        except OSError:
            sock.close()
            raise
    connection = http.client.HTTPConnection(parts.hostname)
    connection.sock = sock
    path = quote(parts.path or "/", safe="/%") + (f"?{quote(parts.query, safe='=&%')}" if parts.query else "")
    try:
        connection.request(method, path, headers={"Host": parts.netloc} | headers)
        response = connection.getresponse()
        return Answer(
            url, response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        )
    finally:
        connection.close()


@cache
def _trusting(ca_file: str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=ca_file)


def together(look: Callable, things: Iterable) -> dict:
    """What `look` gives for each, some at once: a world answers from a thread of this process, and each answer waits for its turn."""
    things = list(things)
    with ThreadPoolExecutor(AT_ONCE) as looking:
        return dict(zip(things, looking.map(look, things), strict=True))


def follow(world, url: str, **how) -> Answer:
    """The same with redirects followed, ten at most."""
    answer = visit(world, url, **how)
    for _ in range(10):
        if not answer.location:
            break
        answer = visit(world, answer.location, **how)
    return answer


def ask(
    world, name: str, kind: str = "A", family: int = 4, over=dns.query.udp, seconds: float = SECONDS
) -> dns.message.Message:
    """What the world's name server says. Raises dns.exception.Timeout when it is silent."""
    port = int(world.nameserver.rpartition(":")[2])
    return over(
        dns.message.make_query(name, dns.rdatatype.from_text(kind)), LOOPBACK[family], port=port, timeout=seconds
    )


def records(message: dns.message.Message) -> list[str]:
    """The values of the answer."""
    return sorted(record.to_text() for rrset in message.answer for record in rrset)
