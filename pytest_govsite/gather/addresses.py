"""What DNS says of the site's host."""
import asyncio
from urllib.parse import urlsplit

from pytest_govsite.gather.guard import is_fake
from pytest_govsite.gather.session import Session
from pytest_govsite.model.evidence import Addresses
from pytest_govsite.model.missing import Missing, Reason


async def gather(session: Session) -> Addresses | Missing:
    """A, AAAA and the name servers; where --resolve names the host, what it names."""
    parts = urlsplit(session.site.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    named = session.way.named(host, port)
    if named:
        return Addresses(host, ipv4=_of(named, 4), ipv6=_of(named, 6), resolved=True, fault="" if _of(named, 6) else "no-record")
    ipv4, ipv6, servers = await asyncio.gather(*(session.way.resolver.lookup(host, kind) for kind in ("A", "AAAA", "NS")))
    if "timeout" in (ipv4.fault, ipv6.fault) and not await session.way.resolver.is_alive():
        return Missing(Reason.RESOLVER_DOWN, host, session.site.url)
    if ipv4.fault == "no-name" and ipv6.fault == "no-name":
        return Missing(Reason.NO_NAME, host, session.site.url)
    if ipv6.fault in ("servfail", "timeout"):
        return Missing(Reason.DNS_FAILED, f"{host} AAAA {ipv6.fault}", session.site.url)
    if any(map(is_fake, (*ipv4.values, *ipv6.values))) or (not ipv6.values and session.way.upstream(parts.scheme, host, port)):
        return Missing(Reason.DNS_REWRITTEN, host, session.site.url)
    return Addresses(host, tuple(ipv4.values), tuple(ipv6.values), fault=ipv6.fault, nameservers=tuple(sorted(servers.values)))


def _of(targets, family: int) -> tuple[str, ...]:
    return tuple(target.address for target in targets if target.family == family)
