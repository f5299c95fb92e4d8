"""Canaries: what they say of our own network and of our clock, over both families."""
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from servers import V4, V6, Authority, answer, deaf, free_port, listening, names, run, settings, site

from pytest_govsite.gather.canaries import Canaries, Look, read_clock_off
from pytest_govsite.gather.control import HOSTS, VARIABLE, read_places

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


async def accept(reader, writer):
    await reader.read()


def look(*places, **more) -> Look:
    """One look at canaries; {open} answers HTTP on both families, {four} and {six} on one, {mute} accepts, {shut} refuses."""
    async def ask():
        async with AsyncExitStack() as stack:
            pages = {"/": answer(b"", "302 Found", "Location: /x")}
            ports = {"shut": free_port(), "mute": await stack.enter_async_context(listening(accept))}
            for name, hosts in {"open": (V4, V6), "four": (V4,), "six": (V6,)}.items():
                ports[name] = (await stack.enter_async_context(site(pages, hosts)))[0]
            canaries = Canaries([place.format(**ports) for place in places], settings(nameserver="127.0.0.1:9", **more))
            return await canaries.look()
    return run(ask())


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.control.PROBE_SECONDS", 1.0)


SAID = {
    "both families": (("127.0.0.1:{open}", "[::1]:{open}"), Look(2, 0, 1, 0), (False, False)),
    "a name of both": (("localhost:{open}",), Look(2, 0, 1, 0), (False, False)),
    "IPv6 is down": (("127.0.0.1:{open}", "[::1]:{shut}"), Look(2, 1, 1, 1), (False, True)),
    "a name that answers over IPv4 alone": (("localhost:{four}",), Look(2, 1, 1, 1), (False, True)),
    "IPv4 is down": (("127.0.0.1:{shut}", "[::1]:{open}"), Look(2, 1, 1, 0), (True, False)),
    "all is down": (("127.0.0.1:{shut}", "[::1]:{shut}"), Look(2, 2, 1, 1), (True, True)),
    "half is enough": (("127.0.0.1:{open}", "127.0.0.1:{shut}", "[::1]:{open}"), Look(3, 1, 1, 0), (False, False)),
    "less is not": (("127.0.0.1:{open}", "127.0.0.1:{shut}", "127.0.0.1:{deaf}"), Look(3, 2, 0, 0), (True, True)),
    "nobody to ask over IPv6": (("127.0.0.1:{open}",), Look(1, 0, 0, 0), (False, True)),
    "HTTP that answers": (("http://127.0.0.1:{open}",), Look(1, 0, 0, 0), (False, True)),
    "HTTP that accepts only": (("http://127.0.0.1:{mute}",), Look(1, 1, 0, 0), (True, True)),
    "a connection is enough where no scheme is named": (("127.0.0.1:{mute}",), Look(1, 0, 0, 0), (False, True)),
    "HTTPS that speaks no TLS": (("https://127.0.0.1:{open}",), Look(1, 1, 0, 0), (True, True)),
    "a name of nobody": (("a.gov.cn:{open}",), Look(2, 2, 1, 1), (True, True)),
}


@pytest.mark.parametrize("places, said, bad", SAID.values(), ids=SAID)
def test_what_canaries_say(places, said, bad):
    with deaf() as port:
        found = look(*(place.replace("{deaf}", str(port)) for place in places))
    assert (found.tried, found.failed, found.tried6, found.failed6) == (said.tried, said.failed, said.tried6, said.failed6)
    assert (found.is_bad(4), found.is_bad(6)) == bad


def test_a_name_without_an_address_of_a_family_is_not_asked_over_it():
    zone = {("a.gov.cn", "A"): (V4,), ("a.gov.cn", "AAAA"): ()}
    async def ask():
        async with names(zone) as (server, _), listening(accept) as port:
            return await Canaries([f"a.gov.cn:{port}"], settings(nameserver=f"127.0.0.1:{server}")).look()
    assert run(ask()) == Look(1, 0, 0, 0)


def test_a_verified_handshake_counts(tmp_path, monkeypatch):
    authority = Authority()
    monkeypatch.setenv("SSL_CERT_FILE", authority.file(tmp_path))
    async def ask(*names):
        async with site({"/": answer()}, tls=authority.server(*names)) as (port, _):
            return await Canaries([f"https://127.0.0.1:{port}"], settings(nameserver="127.0.0.1:9")).look()
    assert run(ask("127.0.0.1")) == Look(1, 0, 0, 0)
    assert run(ask("portal.example")) == Look(1, 1, 0, 0), "a captive portal has another name"


def dated(moment: datetime, *headers: str) -> bytes:
    return answer(b"", "200 OK", f"Date: {format_datetime(moment, usegmt=True)}", *headers)


HEADS = {
    "right": (dated(NOW), 0),
    "behind us": (dated(NOW - timedelta(hours=1)), 3600),
    "ahead of us": (dated(NOW + timedelta(minutes=10)), -600),
    "from a cache": (dated(NOW - timedelta(hours=1), "Age: 3600"), 0),
    "of an age that is none": (dated(NOW, "Age: old"), 0),
    "without a zone": (answer(b"", "200 OK", f"Date: {NOW:%a, %d %b %Y %H:%M:%S} -0000"), 0),
    "no date": (answer(), None),
    "nonsense": (answer(b"", "200 OK", "Date: yesterday"), None),
    "nothing": (b"", None),
    "no HTTP": (b"\xff\xfe\r\n\r\n", None),
}


@pytest.mark.parametrize("head, off", HEADS.values(), ids=HEADS)
def test_the_time_that_an_answer_tells(head, off):
    assert read_clock_off(head, NOW.timestamp()) == off


CLOCKS = {
    "right": ((0, 0, 0), 0),
    "one of three is wrong": ((0, 86400, 1), 0),
    "two that disagree": ((0, 86400), 0),
    "all say that ours is wrong": ((900, 901, 899), 900),
    "nobody tells": ((), None),
}


@pytest.mark.parametrize("behind, off", CLOCKS.values(), ids=CLOCKS)
def test_most_canaries_decide_how_far_our_clock_is_off(behind, off):
    async def ask():
        async with AsyncExitStack() as stack:
            places = []
            for seconds in behind:
                async def page(writer, head, seconds=seconds):
                    return dated(datetime.now(UTC) - timedelta(seconds=seconds))
                port, _ = await stack.enter_async_context(site({"/": page}))
                places.append(f"http://127.0.0.1:{port}")
            places = places or [f"127.0.0.1:{await stack.enter_async_context(listening(accept))}"]
            return (await Canaries(places, settings(nameserver="127.0.0.1:9")).look()).clock_off
    found = run(ask())
    assert found is None if off is None else abs(found - off) < 3


WRONG = ("127.0.0.1", "ftp://a.gov.cn", "https://", "[::1", "a.gov.cn:99999", "::1:443")


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_host_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="对照站点 .*应写成 HOST:PORT"):
        Canaries([text], settings())


def test_who_is_asked(monkeypatch):
    monkeypatch.setenv(VARIABLE, "127.0.0.1:1, https://a.gov.cn ,")
    assert [place.host for place in read_places()] == ["127.0.0.1", "a.gov.cn"]
    assert [place.port for place in read_places(["[::1]:2"])] == [2], "what is named stands above the environment"
    monkeypatch.delenv(VARIABLE)
    assert len(read_places([" "])) == len(HOSTS)
