"""Which addresses a page may make us call (CONTRACT ruling 14). Pure."""
import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# What local proxies hand out in place of real answers: 198.18.0.0/15 is the benchmark network of RFC 2544 that nothing
# on the Internet uses; fc00::/18 is its IPv6 twin in the same tools. Connecting works, the address says nothing.
FAKE_NETWORKS = (ipaddress.ip_network("198.18.0.0/15"), ipaddress.ip_network("fc00::/18"))
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in the last 32 bits


def read_address(host: str) -> IPAddress | None:
    """The address that a host of a URL spells out, brackets and zone allowed; None for a name."""
    try:
        return ipaddress.ip_address(host[1:-1] if host.startswith("[") and host.endswith("]") else host)
    except ValueError:
        return None


def is_fake(address: str) -> bool:
    """True for an answer that a local proxy made up: good for connecting, worthless as evidence of DNS."""
    found = read_address(address)
    return found is not None and any(found in network for network in FAKE_NETWORKS)


def is_private(address: str) -> bool:
    """True for every address that is no public host's: private, loopback, link-local, multicast, reserved, embedded."""
    found = read_address(address)
    if found is None:
        return True
    inner = _embedded(found)
    if inner is not None:
        return is_private(str(inner))
    if is_fake(address):
        return False
    return not found.is_global or found.is_multicast or found.is_reserved or getattr(found, "is_site_local", False)


def is_loopback(host: str) -> bool:
    """True for this machine itself: ::1, 127.0.0.0/8, `localhost` and names below it (RFC 6761)."""
    found = read_address(host)
    if found is None:
        return host.rstrip(".").lower().split(".")[-1] == "localhost"
    inner = _embedded(found)
    return inner.is_loopback if inner is not None else found.is_loopback


def _embedded(address: IPAddress) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to: mapped, 6to4, NAT64."""
    if address.version == 4:
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
