"""The control probe: is it the site, or is it us?"""
import pytest
from servers import V4, V6, deaf, free_port, listening, names, run

from pytest_govsite.gather.control import VARIABLE, Control, network_works
from pytest_govsite.gather.way import Way


async def accept(reader, writer):
    await reader.read()


def probed(monkeypatch, hosts, family=0, way=None):
    monkeypatch.setenv(VARIABLE, hosts)
    return network_works(way or Way(nameserver="127.0.0.1:9"), family)


ANSWERS = {
    "IPv4": ("127.0.0.1:{open}", 0, True),
    "IPv6": ("[::1]:{open}", 0, True),
    "nobody": ("127.0.0.1:{shut},[::1]:{shut}", 0, False),
    "one of many": ("127.0.0.1:{shut}, [::1]:{open} ,", 0, True),
    "IPv6 asked, IPv4 there": ("127.0.0.1:{open},[::1]:{shut}", 6, False),
    "IPv6 asked and there": ("127.0.0.1:{shut},[::1]:{open}", 6, True),
    "names without a name server": ("a.gov.cn:{open}", 0, False),
}


@pytest.mark.parametrize("hosts, family, works", ANSWERS.values(), ids=ANSWERS)
def test_probe(monkeypatch, hosts, family, works):
    monkeypatch.setattr("pytest_govsite.gather.control.PROBE_SECONDS", 0.5)
    async def ask():
        async with listening(accept) as port:
            return await probed(monkeypatch, hosts.format(open=port, shut=free_port()), family)
    assert run(ask()) is works


def test_by_name(monkeypatch):
    zone = {("a.gov.cn", "A"): (V4,), ("a.gov.cn", "AAAA"): (V6,)}
    async def ask():
        async with names(zone) as (server, _), listening(accept) as port:
            return await probed(monkeypatch, f"a.gov.cn:{port}", way=Way(nameserver=f"127.0.0.1:{server}"))
    assert run(ask())


def test_gives_up_in_time(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.control.PROBE_SECONDS", 0.3)
    with deaf() as port:
        assert run(probed(monkeypatch, f"127.0.0.1:{port}")) is False


def test_made_up_addresses_prove_nothing(monkeypatch):
    """A local proxy accepts every connection; here its address answers on loopback."""
    monkeypatch.setattr("pytest_govsite.gather.control.is_fake", lambda address: address == V4)
    async def ask(hosts):
        async with listening(accept) as port:
            return await probed(monkeypatch, hosts.format(port))
    assert run(ask("127.0.0.1:{}")) is False
    assert run(ask("[::1]:{}")) is True


def test_asked_once_a_minute(monkeypatch):
    reached = []
    async def count(reader, writer):
        reached.append(1)
    async def ask():
        async with listening(count) as port:
            monkeypatch.setenv(VARIABLE, f"127.0.0.1:{port}")
            control, way = Control(), Way(nameserver="127.0.0.1:9")
            return [await control.network_works(way) for _ in range(5)]
    assert run(ask()) == [True] * 5 and len(reached) == 1
