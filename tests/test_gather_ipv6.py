"""How far a site is reached over IPv6: real sockets on both families, a real name server, small invented sites."""
import asyncio

import pytest
from servers import V4, V6, answer, free_port, listening, names, run
from towns import AS_OF, HOST, SECONDS, page, town

from pytest_govsite.gather import families as tries
from pytest_govsite.gather import reaches
from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.dns import Resolver, answers_at
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.way import Unreached, Way
from pytest_govsite.model.evidence import NameServer
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.site import Site

TOWN = "town.gov.cn"
NS = tuple(f"ns{n}.{TOWN}" for n in (1, 2, 3))
ZONE = {
    (HOST, "A"): (V4,), (HOST, "AAAA"): (V6,), (TOWN, "A"): (V4,), (TOWN, "NS"): tuple(f"{name}." for name in NS), ("gov.cn", "NS"): ("a.dns.cn.",),
    (NS[0], "A"): (V4,), (NS[0], "AAAA"): (V6,), (NS[1], "A"): (V4,), (NS[2], "AAAA"): ("fd00::53",),
}
WHOLE = town()


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    settings = {}
    collector = Collector(lambda site: settings[site.id], tmp_path_factory.mktemp("results"))
    collector.known = settings
    yield collector
    collector.close()


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """What is spaced is spaced by less."""
    monkeypatch.setattr(tries, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(reaches, "PAUSE_SECONDS", 0.05)


def gathered(collector, kind: str, over_ipv6=lambda path: None, over_ipv4=lambda path: None, zone=ZONE, hosts=(V4, V6)):
    """(evidence, connections over IPv6 as lists of paths) of the town; over_…: what answers a path in place of the page."""
    connections = []

    async def serve(reader, writer):
        six = ":" in writer.get_extra_info("sockname")[0]
        asked = []
        if six:
            connections.append(asked)
        while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
            path = head.split()[1].split("?")[0]
            asked.append(path)
            text = WHOLE.get(path)
            sent = (over_ipv6 if six else over_ipv4)(path) or (answer(text.encode()) if text else answer(b"", "404 Not Found"))
            writer.write(sent.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if head.startswith("HEAD") else sent)
            await writer.drain()
            if "\r\nconnection: close" in head.lower():
                return

    async def whole():
        async with listening(serve, hosts) as port, names(zone) as (dns, _):
            site = Site(f"town-{len(collector.known)}", f"http://{HOST}/")
            collector.known[site.id] = Settings(
                AS_OF, nameserver=f"{V4}:{dns}", nat=((80, port),), fetch_deadline=3.0, crawl_pages=8, rendered_pages=0,
            )
            try:
                return await asyncio.wait_for(asyncio.wrap_future(collector.want(site, kind)), SECONDS)
            finally:
                await asyncio.to_thread(collector.finish, site)

    return asyncio.run(whole()), connections


def failing(*folders: str, status: str = "404 Not Found", times: int = 99):
    """Answers with a status below these folders, so many times each path."""
    left = {}

    def respond(path: str):
        left.setdefault(path, times)
        if not path.startswith(folders) or not left[path]:
            return None
        left[path] -= 1
        return answer(b"sorry", status)
    return respond


def by_level(families) -> dict[int, tuple]:
    return {one.level: (one.tried, one.works, {path.removeprefix(f"http://{HOST}") for path, _ in one.failed}) for one in families.reaches}


def test_a_site_that_is_whole_over_both(collector):
    families, connections = gathered(collector, "families")
    assert len(families.opened6) == len(families.ipv6) == len(families.opened4) == 5
    assert families.alike == 1.0 and 0 < families.slowdown < 100
    second, third = families.reaches
    assert (second.level, third.level) == (2, 3) and second.of >= second.tried > 0 and third.of >= third.tried > 0
    assert all(one.works == one.tried and not one.failed for one in families.reaches)
    assert connections.count(["/"]) >= 5, "every try makes a connection of its own"


def test_links_inside_that_ipv6_does_not_reach(collector):
    families, _ = gathered(collector, "families", failing("/tzgg/t", "/zjwx/"))
    second, third = by_level(families)[2], by_level(families)[3]
    assert second == (second[0], second[0] - 1, {"/zjwx/"})
    assert third[1] < third[0] and all(path.startswith("/tzgg/t") for path in third[2])
    assert {fact for one in families.reaches for _, fact in one.failed} == {"HTTP 404"}


UNTOLD = {
    "a link that does not open over IPv4 either": (failing("/tzgg/"), failing("/tzgg/")),
    "a wall over IPv6": (failing("/tzgg/", status="412 Precondition Failed"), lambda path: None),
    "busy": (failing("/tzgg/", status="429 Too Many Requests"), lambda path: None),
}


@pytest.mark.parametrize(("six", "four"), UNTOLD.values(), ids=UNTOLD)
def test_links_that_tell_nothing_are_not_counted(collector, six, four):
    families, _ = gathered(collector, "families", six, four)
    assert all(works == tried > 0 for tried, works, _ in by_level(families).values())


def test_a_passing_fault_of_a_link_is_forgiven(collector):
    families, _ = gathered(collector, "families", failing("/tzgg/", "/yw/", status="500 Oops", times=2))  # HEAD and GET
    assert all(works == tried for tried, works, _ in by_level(families).values())


@pytest.mark.parametrize("status", ["503 Service Unavailable", "500 Oops"])
def test_every_try_is_made_and_told(collector, status):
    """The first success does not end it, nor does a failure."""
    turns = iter([False, True, True, False] * 25)
    families, _ = gathered(collector, "families", lambda path: answer(b"", status) if path == "/" and next(turns) else None)
    assert len(families.ipv6) == len(families.opened4) == 5
    assert 0 < len(families.opened6) < 5 or status[:3] == "503"  # a busy server is asked once more


def test_other_words_over_ipv6(collector):
    families, _ = gathered(collector, "families", lambda path: answer(page("<p>另一套系统，尚在建设之中。</p>", menu={}).encode()) if path == "/" else None)
    assert families.alike < 0.7


def test_nobody_listens_over_ipv6(collector):
    families, _ = gathered(collector, "families", hosts=(V4,))
    assert [visit.reason for visit in families.ipv6] == [Reason.REFUSED] * 5
    assert families.reaches == () and families.alike is None and len(families.opened4) == 5


def test_without_an_address_it_is_tried_once(collector):
    families, _ = gathered(collector, "families", zone={key: value for key, value in ZONE.items() if key != (HOST, "AAAA")})
    assert len(families.ipv6) == 1 and isinstance(families.ipv6[0], Missing) and families.reaches == ()


def test_slow_tries_are_not_repeated_for_ever(collector, monkeypatch):
    monkeypatch.setattr(tries, "LONGEST_SECONDS", 0.0)
    families, _ = gathered(collector, "families")
    assert len(families.ipv6) == tries.LEAST


def test_name_servers_one_by_one(collector):
    addresses, _ = gathered(collector, "addresses")
    assert addresses.nameservers == NS
    assert addresses.servers == (
        NameServer(NS[0], (V4,), (V6,), True),
        NameServer(NS[1], (V4,), (), None, "没有 AAAA 记录"),
        NameServer(NS[2], (), ("fd00::53",), None, "指向内网地址，未访问（fd00::53）"),
    )


def test_a_zone_without_name_servers_of_its_own(collector):
    addresses, _ = gathered(collector, "addresses", zone={key: value for key, value in ZONE.items() if key != (TOWN, "NS")})
    assert addresses.nameservers == addresses.servers == ()


def test_does_a_name_server_answer(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.dns.TRY_SECONDS", 0.3)
    async def ask():
        async with names({(HOST, "A"): (V4,)}) as (port, asked):
            return await answers_at(V6, port, HOST), await answers_at(V6, free_port(), HOST), len(asked)
    assert run(ask()) == (True, False, 1)


def test_a_name_server_whose_first_answer_is_lost_is_asked_again(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.dns.TRY_SECONDS", 0.3)
    async def ask():
        async with names({(HOST, "AAAA"): iter(["silent", (V6,)])}) as (port, asked):
            return await answers_at(V6, port, HOST), len(asked)
    assert run(ask()) == (True, 2)


DEMO = {"nameserver": "127.0.0.1:5353", "nat": ((80, 8080),)}
PLACES = {
    "the demo's": (DEMO, True, "::1", ("::1", 5353)),
    "anybody's": ({}, True, "2400:3200::1", ("2400:3200::1", 53)),
    "beside a name server that the user chose": ({"nameserver": "127.0.0.1:5353"}, True, "2400:3200::1", ("2400:3200::1", 53)),
    "inside": ({}, True, "fd00::53", Reason.PRIVATE_ADDRESS),
    "inside, as the demo's": (DEMO, True, "fe80::1", Reason.PRIVATE_ADDRESS),
    "this machine": ({}, True, "::1", Reason.PRIVATE_ADDRESS),
    "no way there from here": ({}, False, "2400:3200::1", Reason.NO_IPV6_ROUTE),
}


@pytest.mark.parametrize(("way", "route", "address", "place"), PLACES.values(), ids=PLACES)
def test_where_a_name_server_is_asked(monkeypatch, way, route, address, place):
    monkeypatch.setattr("pytest_govsite.gather.way.has_ipv6_route", lambda: route)
    way = Way(**{"resolver": Resolver(way.get("nameserver", "127.0.0.1:9"))} | way)
    try:
        assert way.name_server_at(address) == place
    except Unreached as error:
        assert error.reason == place
