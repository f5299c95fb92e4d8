"""`--resolve` entries: HOST:PORT:ADDRESS[:PORT], like curl's. Pure."""
import re
from collections.abc import Iterable
from dataclasses import dataclass

import idna

from pytest_govsite.gather.guard import read_address

SHAPE = re.compile(r"(?P<host>[^:\[\]\s]+):(?P<port>\d+):(?P<address>\[[^\]]*\]|[^:\[\]]+)(?::(?P<to>\d+))?")
WANTED = "HOST:PORT:ADDRESS[:PORT], an IPv6 address in brackets"


@dataclass(frozen=True)
class Entry:
    """The host on this port lives at this address, on `to_port` there."""

    host: str
    port: int
    address: str
    to_port: int
    family: int


def read_entry(text: str) -> Entry:
    """One entry. Raises ValueError with one sentence that says what is wrong."""
    found = SHAPE.fullmatch(text.strip())
    if not found:
        raise ValueError(f"--resolve {text}: expected {WANTED}")
    address = read_address(found["address"])
    if address is None or (address.version == 6) != found["address"].startswith("["):
        raise ValueError(f"--resolve {text}: {found['address']} is no IP address; expected {WANTED}")
    if read_address(found["host"]):
        raise ValueError(f"--resolve {text}: {found['host']} is an address already; name a host")
    ports = [int(found["port"]), int(found["to"] or found["port"])]
    if not all(0 < port < 65536 for port in ports):
        raise ValueError(f"--resolve {text}: a port lies between 1 and 65535")
    return Entry(ascii_host(found["host"]), ports[0], str(address), ports[1], address.version)


def read_entries(texts: Iterable[str]) -> dict[tuple[str, int], tuple[Entry, ...]]:
    """All entries by (host, port). Raises ValueError when two of them give one host and port the same family."""
    known: dict[tuple[str, int], tuple[Entry, ...]] = {}
    for text in texts:
        entry = read_entry(text)
        others = known.get((entry.host, entry.port), ())
        if entry in others:
            continue
        if any(other.family == entry.family for other in others):
            place = f"{entry.host}:{entry.port}"
            raise ValueError(f"--resolve {text}: {place} has an IPv{entry.family} entry already; one of each family")
        known[entry.host, entry.port] = (*others, entry)
    return known


def ascii_host(host: str) -> str:
    """A host as DNS wants it: lower case, no final dot, Chinese names as A-labels. What cannot be encoded stays."""
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        return host
