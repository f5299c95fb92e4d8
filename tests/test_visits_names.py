"""Visits and names: which families are visited, whose fault it is when a name leads nowhere, the proxy in between."""
import pytest
from servers import V4, V6, names, proxy, run, settings, site
from visiting import HOME, HOST, town, visiting

from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.visits import Visitor
from pytest_govsite.gather.way import has_ipv6_route
from pytest_govsite.model.missing import Reason


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


A, AAAA = (HOST, "A"), (HOST, "AAAA")
ZONES = {  # zone, families to visit, state and reason over IPv4; the site listens on both
    "both": ({A: (V4,), AAAA: (V6,)}, (4, 6), "open", None),
    "IPv4 only": ({A: (V4,), AAAA: ()}, (4,), "open", None),
    "IPv6 only": ({A: (), AAAA: (V6,)}, (6,), "failed", Reason.UNREACHABLE),
    "no record": ({A: (), AAAA: ()}, (4,), "failed", Reason.NO_NAME),
    "NXDOMAIN": ({("other.cn", "A"): (V4,)}, (4,), "failed", Reason.NO_NAME),
    "SERVFAIL": ({A: "servfail", AAAA: "servfail"}, (4,), "failed", Reason.DNS_FAILED),
    "SERVFAIL for AAAA only": ({A: (V4,), AAAA: "servfail"}, (4,), "open", None),
    "SERVFAIL for A only": ({A: "servfail", AAAA: (V6,)}, (4, 6), "failed", Reason.DNS_FAILED),
    "silent about the site": ({A: "silent", AAAA: "silent"}, (4,), "failed", Reason.DNS_FAILED),
    "silent": ({A: "silent", AAAA: "silent", ("gov.cn", "NS"): "silent"}, (4,), "void", Reason.RESOLVER_DOWN),
}


@pytest.mark.parametrize("zone, families, state, reason", ZONES.values(), ids=ZONES)
def test_names(zone, families, state, reason):
    async def ask():
        async with site({"/": HOME}) as (port, _), names(zone) as (server, _):
            async with visiting(3.0, nameserver=f"127.0.0.1:{server}") as visitor:
                subject = town(f"http://{HOST}:{port}/")
                return await visitor.families(subject), await visitor.visit(subject, 4)
    found, visit = run(ask())
    assert (found, visit.state, visit.reason) == (families, state, reason), visit
    assert state == "open" or (list(visit.seconds) == ["resolve"] and visit.address == "" and visit.detail)


def test_resolver_that_refuses_is_ours():
    async def ask():
        async with visiting(1.0) as visitor:
            return await visitor.visit(town(), 4), visitor.is_named(town())
    found, named = run(ask())
    assert (found.state, found.reason, list(found.seconds), named) == ("void", Reason.RESOLVER_DOWN, ["resolve"], False)


def test_broken_ipv6_is_a_row_of_its_own():
    async def ask():
        async with site({"/": HOME}, (V4,)) as (port, _), names({A: (V4,), AAAA: (V6,)}) as (server, _):
            async with visiting(3.0, nameserver=f"127.0.0.1:{server}") as visitor:
                subject = town(f"http://{HOST}:{port}/")
                return [await visitor.visit(subject, family) for family in await visitor.families(subject)]
    four, six = run(ask())
    assert (four.state, six.state, six.reason, six.address) == ("open", "failed", Reason.REFUSED, V6)


def test_every_visit_asks_for_the_name_anew():
    async def ask():
        async with site({"/": HOME}) as (port, seen), names({A: (V4,), AAAA: ()}) as (server, asked):
            async with visiting(3.0, nameserver=f"127.0.0.1:{server}") as visitor:
                subject = town(f"http://{HOST}:{port}/")
                for _ in range(3):
                    await visitor.visit(subject, 4)
                return asked, visitor.is_named(subject)
    asked, named = run(ask())
    assert [name for _, name, _ in asked] == [HOST] * 3
    assert named, "a name server of the user's put it on this machine"


PLACES = {  # url, --resolve, families
    "IPv4 address": ("http://127.0.0.1/", (), (4,)),
    "IPv6 address": ("http://[::1]/", (), (6,)),
    "this machine": ("http://localhost/", (), (4, 6)),
    "--resolve, IPv4": (f"http://{HOST}/", (f"{HOST}:80:127.0.0.1",), (4,)),
    "--resolve, IPv6": (f"http://{HOST}/", (f"{HOST}:80:[::1]",), (6,)),
    "--resolve, both": (f"http://{HOST}/", (f"{HOST}:80:127.0.0.1", f"{HOST}:80:[::1]"), (4, 6)),
}


@pytest.mark.parametrize("url, resolve, families", PLACES.values(), ids=PLACES)
def test_families_of_what_the_user_named(url, resolve, families):
    async def ask():
        async with visiting() as visitor:
            subject = town(url, resolve=resolve)
            return await visitor.families(subject), visitor.is_named(subject)
    assert run(ask()) == (families, True)


@pytest.mark.parametrize("zone, with_route, without", [
    ({A: (V4,), AAAA: ("2400:3200::1",)}, (4, 6), (4,)),
    ({A: (), AAAA: ("2400:3200::1",)}, (6,), (6,)),
], ids=["both", "IPv6 only"])
def test_ipv6_is_left_out_where_this_machine_has_no_way_there(zone, with_route, without):
    """Unless the site has nothing else: then its visits are void, and the week says why."""
    async def ask():
        async with names(zone) as (server, _), visiting(3.0, nameserver=f"127.0.0.1:{server}") as visitor:
            return await visitor.families(town())
    assert run(ask()) == (with_route if has_ipv6_route() else without)


def test_private_address_of_the_sites_own_name_says_nothing():
    """It was not visited, and the name server may be one that knows the site from inside."""
    async def ask():
        async with names({A: ("192.168.7.7",)}) as (server, _):
            visitor = Visitor(settings(), Resolver(f"127.0.0.1:{server}", keep=0))
            return await visitor.visit(town(), 4)
    found = run(ask())
    assert (found.state, found.reason) == ("void", Reason.PRIVATE_ADDRESS)


def test_through_the_proxy_of_the_users_network(monkeypatch):
    async def ask():
        async with site({"/": HOME}) as (port, _), proxy({f"{HOST}:80": port}) as (number, _):
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{number}")
            async with visiting(5.0, nameserver=None) as visitor:
                return await visitor.families(town()), await visitor.visit(town(), 4), await visitor.visit(town(), 6)
    families, four, six = run(ask())
    assert (families, four.state, four.address) == ((4,), "open", "")
    assert (six.state, six.reason) == ("void", Reason.NO_IPV6_ROUTE)
