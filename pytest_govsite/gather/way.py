"""The way out: how the hosts of one site become addresses, and which addresses may be called."""
import asyncio
import errno
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from pytest_govsite.gather.dns import Answer, Resolver
from pytest_govsite.gather.entries import Entry, ascii_host, read_entries
from pytest_govsite.gather.guard import is_fake, is_loopback, is_private, read_address
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.upstream import DEFAULT_PORTS, Upstream, upstream_for
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.site import Site

LATER = 0.5  # seconds that one family's addresses wait for the other's: many name servers drop the question for AAAA
SOMEWHERE_V6 = ("2400:3200::1", 53)  # a public resolver; nothing is sent to it
KINDS = {4: "A", 6: "AAAA"}
SOCKET_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}
REASONS = {
    errno.ECONNREFUSED: Reason.REFUSED,
    errno.ECONNRESET: Reason.RESET,
    errno.EPIPE: Reason.RESET,
    errno.ECONNABORTED: Reason.RESET,
    errno.ETIMEDOUT: Reason.TIMEOUT,
    errno.EHOSTUNREACH: Reason.UNREACHABLE,
    # our own machine knows no way, has no address or forbids it: the site has no part in it
    **dict.fromkeys((errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EPERM, errno.EACCES), Reason.NO_NETWORK),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM), Reason.CRASH),  # it has no more to give
}


@dataclass(frozen=True)
class Target:
    """Where to connect for a host and port. `fake`: a local proxy made the address up, so it is no evidence of DNS."""

    address: str
    port: int
    family: int
    fake: bool = False

    @property
    def info(self) -> tuple:
        """As getaddrinfo gives it."""
        return SOCKET_FAMILIES[self.family], socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (self.address, self.port)


class Unreached(OSError):
    """A host that could not be reached; carries the Missing that says why."""

    def __init__(self, reason: Reason, detail: str = "", blamed: Blame | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.blamed = blamed

    def missing(self, url: str) -> Missing:
        """The same as a value."""
        return Missing(self.reason, self.detail, url, self.blamed)


class Way:
    """How names become addresses for one site.

    resolve     --resolve entries: they alone answer for their host and port.
    nameserver  the server that the user named for everything else; resolver: what asks it, shared between sites.
    nat         real port -> loopback port, for loopback addresses that the name server gives (the demo's world).
    trusted     hosts that may live on private addresses, on any port.
    own         (host, port) pairs of the inspected site itself.

    Raises ValueError for a wrong entry.
    """

    def __init__(
        self, resolve: Iterable[str] = (), nameserver: str | None = None, nat: Iterable[tuple[int, int]] = (),
        trusted: Iterable[str] = (), own: Iterable[tuple[str, int]] = (), resolver: Resolver | None = None,
    ) -> None:
        self._entries = read_entries(resolve)
        self._chosen = nameserver is not None
        self._nat = dict(nat)
        self._trusted = frozenset(map(ascii_host, trusted))
        self._own = frozenset(own)
        self._at_home: set[tuple[str, int]] = set()
        self.resolver = resolver or Resolver(nameserver)

    @classmethod
    def of(cls, site: Site, settings: Settings, resolver: Resolver | None = None) -> "Way":
        """The way to one site. Entries of the command line replace the sites file's for the same host and port."""
        ours = read_entries(settings.resolve)
        theirs = tuple(text for text in site.resolve if not ours.keys() & read_entries([text]).keys())
        entries = (*settings.resolve, *theirs)
        return cls(entries, settings.nameserver, settings.nat, settings.trusted, own_places(site), resolver)

    def named(self, host: str, port: int) -> tuple[Target, ...]:
        """Where --resolve says that this host and port live, IPv4 first; empty when it says nothing."""
        entries = self._entries.get((ascii_host(host), port), ())
        return tuple(_target_of(entry) for entry in sorted(entries, key=lambda entry: entry.family))

    def is_named(self, url: str) -> bool:
        """True for what the user named himself, or what lives on loopback: the control probe has no say there."""
        host, port = place_of(url)
        local = is_loopback(host) or host in self._trusted or bool(self._nat)
        return local or bool(self.named(host, port)) or (host, port) in self._at_home

    def upstream(self, scheme: str, host: str, port: int) -> Upstream | None:
        """The proxy of the user's network that leads to a target, None when it is called directly.

        --resolve and --nameserver say where a host lives, a proxy would decide that again: what they answer is called
        directly. Raises Unreached when the environment names a proxy that we cannot use.
        """
        host = ascii_host(host)
        direct = self._chosen or self._nat or is_loopback(host) or self.named(host, port)
        try:
            return None if direct else upstream_for(scheme, host, port)
        except ValueError as error:
            raise Unreached(Reason.PROXY_FAILED, str(error)) from error

    async def addresses(self, host: str, port: int, family: int = 0) -> tuple[Target, ...]:
        """Where to connect, best first. family: 4 or 6 for that one alone, 0 for both. Raises Unreached.

        IPv4 comes first, other than in RFC 8305: a site whose IPv6 is broken, or is another site, fails the one rule on
        IPv6, and must not be judged by what answers there on all others.
        """
        host = ascii_host(host.strip("[]"))
        if named := self.named(host, port):
            none = Unreached(Reason.UNREACHABLE, f"--resolve 没有 IPv{family} 地址", Blame.VANTAGE)
            return _of_family(named, family, none)
        if spelled := _spelled_out(host, port):
            self._refuse_private(host, port, spelled, local=False)
            return _of_family(spelled, family, Unreached(Reason.UNREACHABLE, f"{host} 不是 IPv{family} 地址"))
        return _routed(await self._looked_up(host, port, family))

    def name_server_at(self, address: str) -> tuple[str, int]:
        """Address and port at which to ask the name server that lives at an IPv6 address. Raises Unreached.

        One on loopback is the demo's: its own answers in place of all.
        """
        if is_loopback(address) and self._nat and self.resolver.place:
            return address, self.resolver.place[1]
        if is_private(address):
            raise Unreached(Reason.PRIVATE_ADDRESS, address)
        if not has_ipv6_route():
            raise Unreached(Reason.NO_IPV6_ROUTE)
        return address, 53

    async def route(self, scheme: str, host: str, port: int, family: int = 0) -> Upstream | tuple[Target, ...]:
        """What to call for a host: the proxy of the user's network, or the host's own addresses. Raises Unreached."""
        upstream = self.upstream(scheme, host, port)
        if upstream is None or read_address(host):
            targets = await self.addresses(host, port, family)
            return upstream or targets
        if family == 6:
            raise Unreached(Reason.NO_IPV6_ROUTE, "经上级代理，无法单独验证")
        return upstream

    async def _looked_up(self, host: str, port: int, family: int) -> tuple[Target, ...]:
        answers = await self._answers(host, [KINDS[family]] if family else ["A", "AAAA"])
        targets = tuple(
            self._through_nat(Target(value, port, 6 if ":" in value else 4, is_fake(value)))
            for answer in answers for value in answer.values
        )
        if not targets:
            raise await self._fault(host, answers, family)
        at_home = all(is_loopback(target.address) for target in targets)
        if not (at_home and port in self._nat):  # the demo's own name server put it there
            self._refuse_private(host, port, targets, local=all(answer.local for answer in answers))
        if at_home:
            self._at_home.add((host, port))
        return targets

    async def _answers(self, host: str, kinds: list[str]) -> list[Answer]:
        asking = [asyncio.ensure_future(self.resolver.lookup(host, kind)) for kind in kinds]
        try:
            done, _ = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
            enough = any(one.result().values for one in done)
            await asyncio.wait(asking, timeout=LATER if enough else None)
            return [one.result() for one in asking if one.done()]
        finally:
            for one in asking:
                one.cancel()

    def _through_nat(self, target: Target) -> Target:
        port = self._nat.get(target.port)
        return Target(target.address, port, target.family) if port and is_loopback(target.address) else target

    def _refuse_private(self, host: str, port: int, targets: tuple[Target, ...], local: bool) -> None:
        """Raises Unreached when a page would lead us to a private address that the user did not name."""
        if not any(is_private(target.address) for target in targets) or host in self._trusted:
            return
        # the user named the inspected site himself: by its address, by a name server, in the hosts file of this machine
        if (host, port) in self._own and (self._chosen or local or read_address(host) or is_loopback(host)):
            return
        raise Unreached(Reason.PRIVATE_ADDRESS, f"{host} → {targets[0].address}；如确需检查，请用 --resolve 指明")

    async def _fault(self, host: str, answers: list[Answer], family: int) -> Unreached:
        faults = {answer.fault for answer in answers}
        if faults & {"servfail", "timeout"}:
            if not await self.resolver.is_alive():
                return Unreached(Reason.RESOLVER_DOWN, host)
            return Unreached(Reason.DNS_FAILED, f"{host}：{'服务失败' if 'servfail' in faults else '无应答'}")
        if faults == {"no-record"} and family:
            return Unreached(Reason.UNREACHABLE, f"{host} 没有 IPv{family} 地址")
        return Unreached(Reason.NO_NAME, f"{host} 没有地址记录" if "no-record" in faults else host)


def reason_of(error: OSError) -> Reason:
    """Why a socket failed."""
    if isinstance(error, Unreached):
        return error.reason
    # several addresses failed in several ways: asyncio and aiohappyeyeballs keep the numbers only in the text
    numbers = [error.errno] if error.errno else map(int, re.findall(r"\[Errno (\d+)\]", str(error)))
    known = [REASONS[number] for number in numbers if number in REASONS]
    return known[-1] if known else Reason.RESET if isinstance(error, ConnectionError) else Reason.UNREACHABLE


def has_ipv6_route() -> bool:
    """True when packets for the IPv6 Internet would leave from a public address of this machine. Sends nothing."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect(SOMEWHERE_V6)
            return not is_private(probe.getsockname()[0])
    except OSError:
        return False


def own_places(site: Site) -> frozenset[tuple[str, int]]:
    """Hosts and ports of the inspected site: its address, with and without www, and its aliases."""
    host, port = place_of(site.url)
    bare = host.removeprefix("www.")
    hosts = {host, *map(ascii_host, site.aliases)} | ({bare, f"www.{bare}"} if not read_address(host) else set())
    return frozenset((name, number) for name in hosts for number in {port, *DEFAULT_PORTS.values()})


def place_of(url: str) -> tuple[str, int]:
    """Host and port of an address. Raises ValueError for a port that is none."""
    parts = urlsplit(url)
    return ascii_host(parts.hostname or ""), parts.port or DEFAULT_PORTS.get(parts.scheme, 0)


def _target_of(entry: Entry) -> Target:
    return Target(entry.address, entry.to_port, entry.family)


def _spelled_out(host: str, port: int) -> tuple[Target, ...]:
    """Targets of a host that needs no lookup: an address, or `localhost`, which is never asked of DNS (RFC 6761)."""
    if address := read_address(host):
        return (Target(str(address), port, address.version, is_fake(host)),)
    return (Target("127.0.0.1", port, 4), Target("::1", port, 6)) if is_loopback(host) else ()


def _of_family(targets: tuple[Target, ...], family: int, none: Unreached) -> tuple[Target, ...]:
    found = tuple(target for target in targets if family in (0, target.family))
    if not found:
        raise none
    return found


def _routed(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Leaves out IPv6 where this machine has no way there."""
    outside = [target for target in targets if target.family == 6 and not is_private(target.address)]
    if not outside or has_ipv6_route():
        return targets
    rest = tuple(target for target in targets if target not in outside)
    if not rest:
        raise Unreached(Reason.NO_IPV6_ROUTE, outside[0].address)
    return rest
