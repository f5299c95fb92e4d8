"""What DNS says of the site's host, and of the name servers behind it."""
import asyncio
from urllib.parse import urlsplit

from pytest_govsite.gather.dns import answers_at
from pytest_govsite.gather.guard import is_fake, is_loopback
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.way import Unreached
from pytest_govsite.model.evidence import Addresses, NameServer
from pytest_govsite.model.missing import Missing, Reason

MOST_SERVERS = 8


async def gather(session: Session) -> Addresses | Missing:
    """A, AAAA and the name servers; where --resolve names the host, what it names."""
    parts = urlsplit(session.site.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    named = session.way.named(host, port)
    if named:
        return Addresses(host, ipv4=_of(named, 4), ipv6=_of(named, 6), resolved=True, fault="" if _of(named, 6) else "no-record")
    ipv4, ipv6, found = await asyncio.gather(*(session.way.resolver.lookup(host, kind) for kind in ("A", "AAAA", "NS")))
    if "timeout" in (ipv4.fault, ipv6.fault) and not await session.way.resolver.is_alive():
        return Missing(Reason.RESOLVER_DOWN, host, session.site.url)
    if ipv4.fault == "no-name" and ipv6.fault == "no-name":
        return Missing(Reason.NO_NAME, host, session.site.url)
    if ipv6.fault in ("servfail", "timeout"):
        return Missing(Reason.DNS_FAILED, f"{host} AAAA {ipv6.fault}", session.site.url)
    if any(map(is_fake, (*ipv4.values, *ipv6.values))) or (not ipv6.values and session.way.upstream(parts.scheme, host, port)):
        return Missing(Reason.DNS_REWRITTEN, host, session.site.url)
    names = tuple(sorted(found.values))
    servers = await asyncio.gather(*(_look_at(session, name, host) for name in names[:MOST_SERVERS]))
    return Addresses(host, tuple(ipv4.values), tuple(ipv6.values), fault=ipv6.fault, nameservers=names, servers=tuple(servers))


def _of(targets, family: int) -> tuple[str, ...]:
    return tuple(target.address for target in targets if target.family == family)


async def _look_at(session: Session, name: str, host: str) -> NameServer:
    """The addresses of one name server, and whether it answers a question about the site's host over IPv6."""
    ipv4, ipv6 = await asyncio.gather(*(session.way.resolver.lookup(name, kind) for kind in ("A", "AAAA")))
    if not ipv6.values:
        silent = ipv6.fault in ("servfail", "timeout")
        return NameServer(name, ipv4.values, why="AAAA 记录查询没有结果" if silent else "没有 AAAA 记录")
    over_ipv6, why = await _ask(session, ipv6.values[0], host)
    return NameServer(name, ipv4.values, ipv6.values, over_ipv6, why)


async def _ask(session: Session, address: str, host: str) -> tuple[bool | None, str]:
    """(did it answer, why not); None: that cannot be told from here."""
    if is_fake(address):
        return None, Missing(Reason.DNS_REWRITTEN).says
    try:
        place = session.way.name_server_at(address)
    except Unreached as error:
        return None, error.missing("").says
    if await answers_at(*place, host):
        return True, ""
    if is_loopback(address) or await session.control.network_works(session.way, family=6):
        return False, "用 IPv6 询问没有应答"
    return None, "用 IPv6 询问没有应答；对照站点用 IPv6 也打不开"
