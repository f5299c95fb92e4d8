"""Lookups tell a faulty name from a silent name server."""
import asyncio

import pytest
from servers import V4, V6, free_port, names, run

from pytest_govsite.gather.dns import Answer, Resolver, read_hosts, read_nameserver

HOST = "www.a.gov.cn"
MANY = tuple(f"10.1.{n}.1" for n in range(60))
ZONE = {
    (HOST, "A"): ("1.2.4.8", "1.2.4.9"),
    (HOST, "AAAA"): ("2400:3200::1",),
    ("a.gov.cn", "NS"): ("ns1.a.gov.cn.", "ns2.a.gov.cn."),
    ("alias.gov.cn", "CNAME"): ("www.a.gov.cn.",),
    ("b.gov.cn", "A"): ("1.2.4.8",),
    ("broken.gov.cn", "A"): "servfail",
    ("four.gov.cn", "A"): ("1.2.4.8",),
    ("com.cn", "NS"): ("a.dns.cn.",),
    ("gov.cn", "NS"): ("a.dns.cn.",),
    ("town.com", "NS"): ("ns1.town.com.",),
    ("www.town.com.cn", "A"): ("1.2.4.8",),
    ("many.gov.cn", "A"): MANY,
    ("mute.gov.cn", "*"): "silent",
    ("refused.gov.cn", "A"): "refused",
    ("xn--vbt600b.xn--zfr164b", "A"): ("1.2.4.8",),
}

LOOKUPS = {
    "IPv4": (HOST, "A", Answer(("1.2.4.8", "1.2.4.9"))),
    "IPv6": (HOST, "AAAA", Answer(("2400:3200::1",))),
    "in capitals, with a final dot": ("WWW.a.gov.CN.", "AAAA", Answer(("2400:3200::1",))),
    "a Chinese name": ("宣汉.政务", "A", Answer(("1.2.4.8",))),
    "alias": ("alias.gov.cn", "CNAME", Answer((HOST,))),
    "no record of this kind": ("four.gov.cn", "AAAA", Answer(fault="no-record")),
    "no such name": ("nothing.gov.cn", "A", Answer(fault="no-name")),
    "a name DNS cannot ask for": ("a" * 70 + ".gov.cn", "A", Answer(fault="no-name")),
    "an empty label": ("a..gov.cn", "A", Answer(fault="no-name")),
    "the name server fails": ("broken.gov.cn", "A", Answer(fault="servfail")),
    "the name server refuses": ("refused.gov.cn", "A", Answer(fault="servfail")),
    "the name server is silent": ("mute.gov.cn", "A", Answer(fault="timeout")),
    "name servers of the zone": (HOST, "NS", Answer(("ns1.a.gov.cn", "ns2.a.gov.cn"))),
    "a zone is no public suffix": ("b.gov.cn", "NS", Answer(fault="no-record")),
    "nor is .com.cn": ("www.town.com.cn", "NS", Answer(fault="no-name")),
    "the zone below .com": ("www.town.com", "NS", Answer(("ns1.town.com",))),
    "the zone below .com, without www": ("town.com", "NS", Answer(("ns1.town.com",))),
}


def with_server(ask, zone=ZONE, host=V4, timeout=1.5, hosts=(V4, V6)):
    """Runs ask(resolver) against a name server on loopback; returns its result and the questions asked."""
    async def whole():
        async with names(zone, hosts) as (port, asked):
            return await ask(Resolver(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", timeout)), asked
    return run(whole())


@pytest.mark.parametrize("host, kind, answer", LOOKUPS.values(), ids=LOOKUPS)
def test_lookup(host, kind, answer):
    found, _ = with_server(lambda resolver: resolver.lookup(host, kind))
    assert (set(found.values), found.fault) == (set(answer.values), answer.fault)


@pytest.mark.parametrize("server", [V4, V6])
def test_name_server_on_either_family(server):
    found, _ = with_server(lambda resolver: resolver.lookup(HOST, "A"), host=server, hosts=(server,))
    assert len(found.values) == 2


def test_long_answers_come_over_tcp():
    found, asked = with_server(lambda resolver: resolver.lookup("many.gov.cn", "A"))
    assert len(found.values) == len(MANY)
    assert [transport for transport, *_ in asked] == ["udp", "tcp"]


def test_a_name_is_asked_once():
    async def twenty(resolver):
        return await asyncio.gather(*(resolver.lookup(HOST, "A") for _ in range(20)))
    found, asked = with_server(twenty)
    assert len(set(found)) == 1 and len(asked) == 1


@pytest.mark.parametrize("keep, questions", [(None, 1), (0, 3)], ids=["an inspection sees one answer", "nothing is kept"])
def test_how_long_an_answer_is_kept(keep, questions):
    async def whole():
        async with names(ZONE) as (port, asked):
            resolver = Resolver(f"{V4}:{port}", 1.5, keep=keep)
            for _ in range(3):
                await asyncio.gather(*(resolver.lookup(HOST, "A") for _ in range(4)))
            return asked
    assert len(run(whole())) == questions


def test_answers_that_are_too_old_do_not_pile_up(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.dns.MANY", 8)
    async def whole():
        async with names(ZONE) as (port, _):
            resolver = Resolver(f"{V4}:{port}", 1.5, keep=0)
            for number in range(100):
                await resolver.lookup(f"town{number}.gov.cn", "A")
            return len(resolver._kept)
    assert run(whole()) <= 8


def test_an_impatient_caller_takes_nothing_from_others():
    async def ask(resolver):
        patient = asyncio.ensure_future(resolver.lookup(HOST, "A"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(resolver.lookup(HOST, "A"), 0)
        return await patient
    found, _ = with_server(ask)
    assert found.values


def test_a_failing_name_server_gets_a_second_chance():
    zone = {(HOST, "A"): iter(["servfail", ("1.2.4.8",)])}
    found, asked = with_server(lambda resolver: resolver.lookup(HOST, "A"), zone)
    assert found.values == ("1.2.4.8",) and len(asked) == 2


ALIVE = {
    "answers for a well-known name": ({("gov.cn", "NS"): ("a.dns.cn.",)}, True),
    "says that no name exists": ({}, True),
    "says nothing": ({("gov.cn", "*"): "silent"}, False),
    "fails for everything": ({("gov.cn", "NS"): "servfail"}, False),
}


@pytest.mark.parametrize("zone, alive", ALIVE.values(), ids=ALIVE)
def test_is_our_name_server_alive(zone, alive):
    assert with_server(lambda resolver: resolver.is_alive(), zone, timeout=0.5)[0] is alive


def test_a_server_that_answered_is_alive_without_asking():
    async def ask(resolver):
        await resolver.lookup("nothing.gov.cn", "A")
        return await resolver.is_alive()
    alive, asked = with_server(ask, {("gov.cn", "*"): "silent"})
    assert alive and [name for _, name, _ in asked] == ["nothing.gov.cn"]


def test_nobody_listens():
    async def ask():
        resolver = Resolver(f"127.0.0.1:{free_port()}", timeout=0.5)
        answer = await resolver.lookup(HOST, "A")
        return answer.fault, await resolver.is_alive()
    assert run(ask()) == ("timeout", False)


SERVERS = {
    "127.0.0.1": ("127.0.0.1", 53), "127.0.0.1:5353": ("127.0.0.1", 5353), "::1": ("::1", 53), "[::1]": ("::1", 53),
    "[::1]:5353": ("::1", 5353), "2400:3200::1": ("2400:3200::1", 53),
}


@pytest.mark.parametrize("text, place", SERVERS.items(), ids=SERVERS)
def test_name_server(text, place):
    assert read_nameserver(text) == place


@pytest.mark.parametrize("text", ["dns.gov.cn", "1.2.3", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", "[::1", ""])
def test_wrong_name_server_is_refused(text):
    with pytest.raises(ValueError, match="--nameserver .*: expected ADDRESS"):
        read_nameserver(text)


def test_hosts_file_comes_before_dns(tmp_path):
    hosts = tmp_path / "hosts"
    lines = ("# ours", "", "10.0.0.1 www.a.gov.cn a  # two", "fd00::1\tWWW.A.gov.cn", "nonsense", "10.0.0.2 four.cn")
    hosts.write_text("\n".join(lines))
    resolver = Resolver(hosts=hosts)
    assert run(resolver.lookup(HOST, "A")) == Answer(("10.0.0.1",), local=True)
    assert run(resolver.lookup(HOST, "AAAA")) == Answer(("fd00::1",), local=True)
    assert run(resolver.lookup("four.cn", "AAAA")) == Answer(fault="no-record", local=True)
    assert read_hosts(tmp_path / "none") == {}


def test_hosts_file_says_nothing_where_the_user_names_a_server(tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_text(f"10.0.0.1 {HOST}\n")
    async def ask():
        async with names(ZONE) as (port, _):
            return await Resolver(f"127.0.0.1:{port}", hosts=hosts).lookup(HOST, "A")
    assert "10.0.0.1" not in run(ask()).values
