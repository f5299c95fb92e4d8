"""How names become addresses, and which addresses nobody may make us call."""
import pytest
from servers import names, run, settings

from pytest_govsite.gather import way as way_module
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.entries import Entry, ascii_host, read_entries, read_entry
from pytest_govsite.gather.guard import is_fake, is_loopback, is_private
from pytest_govsite.gather.way import Target, Unreached, Way
from pytest_govsite.model.missing import Blame, Reason
from pytest_govsite.model.site import Site

HOST = "www.a.gov.cn"
PUBLIC, PUBLIC_V6 = "1.2.4.8", "2400:3200::1"

ENTRIES = {
    "IPv4": ("www.a.gov.cn:443:10.1.2.3", Entry(HOST, 443, "10.1.2.3", 443, 4)),
    "IPv4 with port": ("www.a.gov.cn:443:10.1.2.3:8443", Entry(HOST, 443, "10.1.2.3", 8443, 4)),
    "IPv6": ("www.a.gov.cn:80:[fd00::3]", Entry(HOST, 80, "fd00::3", 80, 6)),
    "IPv6 with port": (" www.a.gov.cn:80:[fd00::3]:8080 ", Entry(HOST, 80, "fd00::3", 8080, 6)),
    "capitals and final dot": ("WWW.A.gov.cn.:80:10.1.2.3", Entry(HOST, 80, "10.1.2.3", 80, 4)),
    "Chinese name": ("宣汉.政务:80:10.1.2.3", Entry("xn--vbt600b.xn--zfr164b", 80, "10.1.2.3", 80, 4)),
}

WRONG_ENTRIES = {
    "no address": ("www.a.gov.cn:443", "expected HOST:PORT:ADDRESS"),
    "name for an address": ("www.a.gov.cn:443:other.gov.cn", "other.gov.cn is no IP address"),
    "IPv6 without brackets": ("www.a.gov.cn:443:fd00::3", "expected HOST:PORT:ADDRESS"),
    "IPv4 in brackets": ("www.a.gov.cn:443:[10.1.2.3]", "is no IP address"),
    "port too large": ("www.a.gov.cn:443:10.1.2.3:99999", "between 1 and 65535"),
    "port zero": ("www.a.gov.cn:0:10.1.2.3", "between 1 and 65535"),
    "address for a host": ("10.1.2.3:80:10.1.2.4", "name a host"),
    "a URL": ("https://www.a.gov.cn:443:10.1.2.3", "expected HOST:PORT:ADDRESS"),
    "empty": ("", "expected HOST:PORT:ADDRESS"),
}

PRIVATE = (
    "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fec0::1", "fd00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "no address",
)


@pytest.mark.parametrize("text, entry", ENTRIES.values(), ids=ENTRIES)
def test_entry(text, entry):
    assert read_entry(text) == entry


@pytest.mark.parametrize("text, why", WRONG_ENTRIES.values(), ids=WRONG_ENTRIES)
def test_wrong_entry_is_refused_in_one_sentence(text, why):
    with pytest.raises(ValueError, match=why) as error:
        read_entry(text)
    assert str(error.value).startswith("--resolve ") and "\n" not in str(error.value)


def test_one_entry_of_each_family_may_stand_together():
    entries = read_entries(["a.cn:80:10.1.2.3", "a.cn:80:[fd00::3]", "a.cn:80:10.1.2.3"])
    assert [entry.family for entry in entries["a.cn", 80]] == [4, 6]
    with pytest.raises(ValueError, match="a.cn:80 has an IPv4 entry already"):
        read_entries(["a.cn:80:10.1.2.3", "a.cn:80:10.1.2.4"])


def test_host_that_cannot_be_encoded_stays():
    assert ascii_host("有 空格.cn") == "有 空格.cn"


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address):
    assert is_private(address)


PUBLIC_ONES = (PUBLIC, PUBLIC_V6, "::ffff:1.2.4.8", "64:ff9b::102:408", "198.18.0.7", "198.19.255.1", "fc00::7")


@pytest.mark.parametrize("address", PUBLIC_ONES)
def test_public(address):
    assert not is_private(address)


def test_addresses_of_local_proxies_are_no_evidence():
    assert is_fake("198.18.0.7") and is_fake("fc00::7")
    assert not is_fake("198.20.0.1") and not is_fake("fd00::1") and not is_fake("name")


def test_loopback():
    assert all(map(is_loopback, ("127.0.0.1", "::1", "localhost", "a.localhost", "LOCALHOST.", "::ffff:127.0.0.1")))
    assert not any(map(is_loopback, ("10.0.0.1", "localhost.gov.cn", "2400:3200::1")))


def looked_up(zone, host=HOST, port=80, family=0, nameserver=True, **more):
    """What the way gives for a host of the zone: its targets, or the Unreached."""
    async def ask():
        async with names(zone) as (server, _):
            way = Way(nameserver=f"127.0.0.1:{server}" if nameserver else None, **more)
            try:
                return await way.addresses(host, port, family)
            except Unreached as error:
                return error
    return run(ask())


@pytest.fixture(autouse=True)
def ipv6_route(monkeypatch):
    """Names in these tests may have IPv6 addresses as if this machine had a way there."""
    monkeypatch.setattr(way_module, "has_ipv6_route", lambda: True)


TWO = {(HOST, "A"): (PUBLIC,), (HOST, "AAAA"): (PUBLIC_V6,)}


def test_both_families_ipv4_first():
    """What answers over IPv6 alone is judged by the rule on IPv6, and by no other."""
    assert looked_up(TWO) == (Target(PUBLIC, 80, 4), Target(PUBLIC_V6, 80, 6))


@pytest.mark.parametrize("family, address", [(4, PUBLIC), (6, PUBLIC_V6)])
def test_one_family(family, address):
    assert looked_up(TWO, family=family) == (Target(address, 80, family),)


def test_one_silent_family_does_not_hold_up_the_other():
    """Many name servers of offices drop the question for AAAA; browsers do not wait for it either (RFC 8305)."""
    assert looked_up({(HOST, "A"): (PUBLIC,), (HOST, "AAAA"): "silent"}) == (Target(PUBLIC, 80, 4),)


def test_no_way_to_ipv6_from_here(monkeypatch):
    monkeypatch.setattr(way_module, "has_ipv6_route", lambda: False)
    assert looked_up(TWO) == (Target(PUBLIC, 80, 4),)
    assert looked_up(TWO, family=6).reason is Reason.NO_IPV6_ROUTE
    assert looked_up({(HOST, "AAAA"): (PUBLIC_V6,)}).reason is Reason.NO_IPV6_ROUTE
    named = looked_up(TWO, family=6, resolve=[f"{HOST}:80:[{PUBLIC_V6}]"])
    assert named == (Target(PUBLIC_V6, 80, 6),), "what the user named is tried, whatever the routes say"


ALIVE = {("gov.cn", "NS"): ("a.dns.cn.",)}
FAULTS = {
    "no such name": ({}, 0, Reason.NO_NAME),
    "no address at all": ({(HOST, "NS"): ("ns.a.gov.cn.",)}, 0, Reason.NO_NAME),
    "no IPv6 address": ({(HOST, "A"): (PUBLIC,)}, 6, Reason.UNREACHABLE),
    "name server fails": (ALIVE | {(HOST, "A"): "servfail", (HOST, "AAAA"): "servfail"}, 0, Reason.DNS_FAILED),
    "name server refuses": (ALIVE | {(HOST, "A"): "refused", (HOST, "AAAA"): "refused"}, 0, Reason.DNS_FAILED),
    "name server fails for all": ({(HOST, "A"): "servfail", ("gov.cn", "NS"): "servfail"}, 4, Reason.RESOLVER_DOWN),
}


@pytest.mark.parametrize("zone, family, reason", FAULTS.values(), ids=FAULTS)
def test_dns_fault(zone, family, reason):
    assert looked_up(zone, family=family).reason is reason


def test_resolve_answers_alone_for_its_host_and_port():
    entries = [f"{HOST}:443:10.1.2.3", f"{HOST}:80:10.1.2.3:8080", f"{HOST}:80:[fd00::3]:8080"]
    assert looked_up(TWO, port=443, resolve=entries) == (Target("10.1.2.3", 443, 4),)
    assert looked_up(TWO, port=80, resolve=entries, family=6) == (Target("fd00::3", 8080, 6),)
    assert looked_up(TWO, port=8080, resolve=entries)[0].address == PUBLIC
    alone = looked_up(TWO, port=443, resolve=entries, family=6)
    assert alone.reason is Reason.UNREACHABLE
    assert alone.missing("u").blame is Blame.VANTAGE, "the user left it out, not the site"


LOOPBACK = {(HOST, "A"): ("127.0.0.1",), (HOST, "AAAA"): ("::1",)}
MIXED = {(HOST, "A"): (PUBLIC, "10.0.0.1")}
INTERNAL = {(HOST, "A"): ("10.0.0.1",)}

GUARDED = {
    "a name on loopback": (LOOPBACK, {}, False),
    "a name on an internal address": (INTERNAL, {}, False),
    "one public address hides an internal one": (MIXED, {}, False),
    "an address": ({}, {"host": "127.0.0.1"}, False),
    "an IPv6 address in brackets": ({}, {"host": "[::1]"}, False),
    "localhost, whatever DNS says": ({("localhost", "A"): (PUBLIC,)}, {"host": "localhost"}, False),
    "a mapped address": ({}, {"host": "[::ffff:10.0.0.1]"}, False),
    "the cloud's metadata": ({}, {"host": "169.254.169.254"}, False),
    "own host, the user chose the name server": (INTERNAL, {"own": [(HOST, 80)]}, True),
    "own host, another port": (INTERNAL, {"own": [(HOST, 8080)]}, False),
    "own host, named by its address": ({}, {"host": "127.0.0.1", "own": [("127.0.0.1", 80)]}, True),
    "trusted": (LOOPBACK, {"trusted": [HOST]}, True),
    "trusted is another": (LOOPBACK, {"trusted": ["b.gov.cn"]}, False),
    "the demo's name server": (LOOPBACK, {"nat": {80: 8080}.items()}, True),
    "the demo has no such port": (LOOPBACK, {"nat": {443: 8443}.items()}, False),
    "an address in the demo's world": ({}, {"host": "127.0.0.1", "nat": {80: 8080}.items()}, False),
    "made up by a local proxy": ({(HOST, "A"): ("198.18.0.9",)}, {}, True),
}


@pytest.mark.parametrize("zone, more, allowed", GUARDED.values(), ids=GUARDED)
def test_private_addresses_are_guarded(zone, more, allowed):
    found = looked_up(zone, **more)
    assert isinstance(found, tuple) if allowed else found.reason is Reason.PRIVATE_ADDRESS


def test_own_host_needs_the_users_word(tmp_path):
    """The site's own DNS is not the user: it may not send us into the user's network."""
    hosts = tmp_path / "hosts"
    hosts.write_text(f"10.0.0.1 {HOST} # staging\n")
    async def ask(resolver):
        try:
            return await Way(own=[(HOST, 80)], resolver=resolver).addresses(HOST, 80)
        except Unreached as error:
            return error.reason
    assert run(ask(Resolver(hosts=hosts))) == (Target("10.0.0.1", 80, 4),), "the hosts file is the user's word"
    async def by_dns():
        async with names(INTERNAL) as (server, _):
            return await ask(Resolver(f"127.0.0.1:{server}"))
    assert run(by_dns()) is Reason.PRIVATE_ADDRESS


def test_ports_of_the_demo():
    found = looked_up(LOOPBACK, port=443, nat={443: 8443, 80: 8080}.items())
    assert found == (Target("127.0.0.1", 8443, 4), Target("::1", 8443, 6))


def test_made_up_addresses_are_flagged():
    assert looked_up({(HOST, "A"): ("198.18.0.9",)})[0].fake


def test_way_of_a_site():
    theirs = (f"{HOST}:443:10.0.0.1", f"{HOST}:443:[fd00::1]", f"{HOST}:80:10.0.0.1")
    site = Site("a", "https://www.a.gov.cn/", resolve=theirs)
    way = Way.of(site, settings(resolve=(f"{HOST}:443:127.0.0.1:8443",)))
    assert way.named(HOST, 443) == (Target("127.0.0.1", 8443, 4),), "the command line replaces the sites file"
    assert way.named(HOST, 80) == (Target("10.0.0.1", 80, 4),)
    assert way.is_named("https://www.a.gov.cn/x") and not way.is_named("https://b.gov.cn/")


@pytest.mark.parametrize("url", ["http://127.0.0.1:81/", "http://[::1]/", "http://localhost/"])
def test_loopback_is_named(url):
    assert Way().is_named(url) and not Way().is_named("http://a.cn/")


def test_name_that_turned_out_to_be_loopback_is_named():
    async def ask():
        async with names(LOOPBACK) as (server, _):
            way = Way(nameserver=f"127.0.0.1:{server}", own=[(HOST, 80)])
            await way.addresses(HOST, 80)
            return way.is_named(f"http://{HOST}/")
    assert run(ask())


UPSTREAMS = {
    "by scheme": ({"HTTPS_PROXY": "http://p.cn:3128"}, "https", HOST, {}, "http://p.cn:3128"),
    "other scheme": ({"HTTPS_PROXY": "http://p.cn:3128"}, "http", HOST, {}, None),
    "lower case, no scheme": ({"http_proxy": "p.cn:3128"}, "http", HOST, {}, "http://p.cn:3128"),
    "by TLS": ({"HTTPS_PROXY": "https://p.cn"}, "https", HOST, {}, "https://p.cn:443"),
    "NO_PROXY": ({"HTTPS_PROXY": "p.cn:1", "NO_PROXY": "b.cn,.gov.cn"}, "https", HOST, {}, None),
    "NO_PROXY names others": ({"HTTPS_PROXY": "p.cn:1", "NO_PROXY": "b.cn"}, "https", HOST, {}, "http://p.cn:1"),
    "loopback": ({"HTTP_PROXY": "p.cn:1"}, "http", "127.0.0.1", {}, None),
    "--resolve": ({"HTTPS_PROXY": "p.cn:1"}, "https", HOST, {"resolve": [f"{HOST}:443:10.0.0.1"]}, None),
    "--nameserver": ({"HTTPS_PROXY": "p.cn:1"}, "https", HOST, {"nameserver": "127.0.0.1:53"}, None),
    "the demo": ({"HTTPS_PROXY": "p.cn:1"}, "https", HOST, {"nat": [(443, 8443)]}, None),
}


@pytest.fixture
def clean_environment(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize("environment, scheme, host, way, url", UPSTREAMS.values(), ids=UPSTREAMS)
def test_upstream(clean_environment, environment, scheme, host, way, url):
    for name, value in environment.items():
        clean_environment.setenv(name, value)
    upstream = Way(**way).upstream(scheme, host, 443 if scheme == "https" else 80)
    assert (upstream and upstream.url) == url


def test_upstream_password_is_never_in_its_url(clean_environment):
    clean_environment.setenv("HTTPS_PROXY", "http://user:p%40ss@p.cn:3128")
    upstream = Way().upstream("https", HOST, 443)
    assert upstream.authorization == "Basic dXNlcjpwQHNz" and "user" not in upstream.url


@pytest.mark.parametrize("value", ["socks5://p.cn:1080", "http://p.cn:port", "http://"])
def test_upstream_that_cannot_be_used_is_said_aloud(clean_environment, value):
    clean_environment.setenv("HTTPS_PROXY", value)
    with pytest.raises(Unreached, match="HTTPS_PROXY: "):
        Way().upstream("https", HOST, 443)
