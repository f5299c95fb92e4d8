"""The way out for browsers, spoken to over real sockets."""
import asyncio
import socket
import struct
from contextlib import asynccontextmanager

import pytest
from servers import BOTH, V4, V6, answer, deaf, free_port, listening, names, run, site

from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.way import Way
from pytest_govsite.model.missing import Reason

HOST = "www.a.gov.cn"
GET = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()


def way_to(port: int, hosts=BOTH, real=80) -> Way:
    """Leads the name to a loopback port; every other name is asked of nobody."""
    entries = [f"{HOST}:{real}:{f'[{host}]' if ':' in host else host}:{port}" for host in hosts]
    return Way(entries, nameserver="127.0.0.1:9", resolver=Resolver("127.0.0.1:9", timeout=0.4))


@asynccontextmanager
async def open_exit(way: Way, **more):
    """A way out that is closed at the end."""
    ours = Exit(way, **more)
    await ours.start()
    try:
        yield ours
    finally:
        await ours.close()


async def call(ours: Exit, host: str = HOST, port: int = 80, command: int = 1):
    """Asks as a browser does: the reply code, and the streams."""
    reader, writer = await asyncio.open_connection(V4, int((await ours.start()).rsplit(":", 1)[1]))
    writer.write(bytes((5, 1, 0)))
    assert await reader.readexactly(2) == bytes((5, 0))
    try:
        address = socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
        kind = bytes((4 if ":" in host else 1,))
    except OSError:
        kind, address = bytes((3, len(host))), host.encode()
    writer.write(bytes((5, command, 0)) + kind + address + port.to_bytes(2, "big"))
    return (await reader.readexactly(10))[1], reader, writer


async def say(ours: Exit, words: bytes = GET, **where) -> bytes:
    """What comes back for one request, up to the end of the connection."""
    code, reader, writer = await call(ours, **where)
    assert code == 0
    writer.write(words)
    writer.write_eof()
    found = await reader.read()
    writer.close()
    return found


FAMILIES = [(BOTH, 0, V4), (BOTH, 4, V4), (BOTH, 6, V6), ((V4,), 0, V4), ((V6,), 0, V6)]


@pytest.mark.parametrize("hosts, family, address", FAMILIES)
def test_carries_to_the_family_wanted(hosts, family, address):
    async def ask():
        async with site({"/": answer()}, hosts) as (port, seen), open_exit(way_to(port), family=family) as ours:
            found = await say(ours)
            return found, ours.peers, ours.failures, seen.heads
    found, peers, failures, heads = run(ask())
    assert found == answer() and peers == {f"{HOST}:80": address} and not failures
    assert heads == [GET.decode()], "not a byte is touched"


def test_several_requests_on_one_connection():
    async def ask():
        async with site({"/": answer()}) as (port, _), open_exit(way_to(port)) as ours:
            _, reader, writer = await call(ours)
            for _ in range(3):
                writer.write(GET)
                assert await reader.readexactly(len(answer())) == answer()
            writer.close()
    run(ask())


def test_large_bodies_in_both_directions():
    """More than all buffers together hold, read late: back-pressure, and nothing lost."""
    size = 20_000_000
    async def echo(reader, writer):
        while chunk := await reader.read(65536):
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
    async def ask():
        async with listening(echo) as port, open_exit(way_to(port)) as ours:
            _, reader, writer = await call(ours)
            async def send():
                for start in range(0, size, 100_000):
                    writer.write(bytes([start // 100_000 % 256]) * 100_000)
                    await writer.drain()
                writer.write_eof()
            sending = asyncio.ensure_future(send())
            await asyncio.sleep(0.05)
            found = await reader.read()
            await sending
            return len(found), found[150_000], ours
    length, byte, ours = run(ask())
    assert (length, byte) == (size, 1)
    assert (ours.sent, ours.received) == (size, size)


def test_one_end_may_close_first():
    async def count(reader, writer):
        words = await reader.read()
        writer.write(f"{len(words)} bytes".encode())
        await writer.drain()
    async def ask():
        async with listening(count) as port, open_exit(way_to(port)) as ours:
            return await say(ours, b"x" * 1000)
    assert run(ask()) == b"1000 bytes"


def failing(resolve_port, host=HOST, port=80, way=None, **more):
    """Reply code and noted reason of a connection that cannot be made."""
    async def ask():
        blocked = []
        ours_way = way or way_to(resolve_port)
        async with open_exit(ours_way, on_blocked=lambda *what: blocked.append(what), **more) as ours:
            code, _, writer = await call(ours, host, port)
            writer.close()
            return code, ours.failures[f"{host}:{port}"], blocked
    code, reason, [(place, number, missing)] = run(ask())
    assert (place, number, missing.reason) == (host, port, reason)
    return code, reason


FAILURES = {
    "refused": ({}, 5, Reason.REFUSED),
    "an address inside": ({"host": "10.0.0.1"}, 2, Reason.PRIVATE_ADDRESS),
    "loopback": ({"host": V4, "port": 6379}, 2, Reason.PRIVATE_ADDRESS),
    "IPv6 loopback": ({"host": V6}, 2, Reason.PRIVATE_ADDRESS),
    "localhost": ({"host": "localhost"}, 2, Reason.PRIVATE_ADDRESS),
    "another port of a named host": ({"port": 81}, 4, Reason.RESOLVER_DOWN),
}


@pytest.mark.parametrize("where, code, reason", FAILURES.values(), ids=FAILURES)
def test_failure_is_told_and_noted(where, code, reason):
    assert failing(free_port(), **where) == (code, reason)


def test_names_that_lead_inside_or_nowhere():
    async def ask():
        zone = {("in.gov.cn", "A"): (V4,), ("in.gov.cn", "AAAA"): (V6,)}
        async with names(zone) as (server, _), open_exit(Way(nameserver=f"127.0.0.1:{server}")) as ours:
            codes = [(await call(ours, host))[0] for host in ("in.gov.cn", "no.gov.cn")]
            return codes, ours.failures
    codes, failures = run(ask())
    assert failures == {"in.gov.cn:80": Reason.PRIVATE_ADDRESS, "no.gov.cn:80": Reason.NO_NAME} and codes == [2, 4]


def test_connection_never_completed(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.tunnel.connect_to.__defaults__", (0.3, None))
    with deaf() as port:
        assert failing(port, way=way_to(port, (V4,))) == (6, Reason.TIMEOUT)


def test_success_takes_an_old_failure_back():
    async def ask():
        port = free_port()
        async with open_exit(way_to(port, (V4,))) as ours:
            first = (await call(ours))[0]
            noted = dict(ours.failures)
            server = await asyncio.start_server(lambda reader, writer: writer.close(), V4, port)
            second = (await call(ours))[0]
            server.close()
            return first, noted, second, ours.failures
    first, noted, second, failures = run(ask())
    assert (first, second, noted) == (5, 0, {f"{HOST}:80": Reason.REFUSED}) and not failures


async def break_off(reader, writer):
    await reader.read(10)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def leave(reader, writer):
    await reader.readuntil(b"\r\n\r\n")


@pytest.mark.parametrize("handler", [break_off, leave])
def test_no_answer_is_a_reset(handler):
    async def ask():
        async with listening(handler) as port, open_exit(way_to(port)) as ours:
            _, reader, writer = await call(ours)
            writer.write(GET)
            try:
                found = await reader.read()
            except ConnectionResetError:
                found = b""
            writer.close()
            await ours.close()
            return found, ours.failures
    assert run(ask()) == (b"", {f"{HOST}:80": Reason.RESET})


def test_a_browser_that_leaves_accuses_nobody():
    async def hold(reader, writer):
        await reader.read()
    async def ask():
        async with listening(hold) as port, open_exit(way_to(port)) as ours:
            _, _, writer = await call(ours)
            writer.write(GET)
            await writer.drain()
            writer.transport.abort()
            async with asyncio.timeout(5):
                while not ours.sent:
                    await asyncio.sleep(0)
            return ours.failures
    assert run(ask()) == {}


NO_SOCKS = {
    "plain HTTP": b"GET http://a.cn/ HTTP/1.1\r\n\r\n",
    "SOCKS4": b"\4\1\0\x50\1\2\3\4\0",
    "nothing": b"",
    "half a word": b"\5",
    "unknown address": b"\5\1\0\5\1\0\x09\0\0",
    "BIND": b"\5\1\0\5\2\0\1\1\2\4\x08\0\x50",
    "no ASCII": b"\5\1\0\5\1\0\3\2\xe6\x94\0\x50",
}


@pytest.mark.parametrize("words", NO_SOCKS.values(), ids=NO_SOCKS)
def test_whoever_speaks_no_socks_is_hung_up_on(words):
    async def ask():
        async with open_exit(way_to(9)) as ours:
            reader, writer = await asyncio.open_connection(V4, int((await ours.start()).rsplit(":", 1)[1]))
            writer.write(words)
            writer.write_eof()
            return await reader.read(), ours.failures
    found, failures = run(ask())
    assert found[:2] in (b"", b"\5\0") and not failures


def test_one_address_however_often_started():
    async def ask():
        async with open_exit(way_to(9)) as ours:
            return len({*await asyncio.gather(*(ours.start() for _ in range(5)))})
    assert run(ask()) == 1


def test_closing_cuts_what_is_open():
    async def hold(reader, writer):
        await reader.read()
    async def ask():
        async with listening(hold) as port:
            async with open_exit(way_to(port)) as ours:
                _, reader, writer = await call(ours)
                address = await ours.start()
            assert await reader.read() == b""
            writer.close()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(V4, int(address.rsplit(":", 1)[1]))
    run(ask())


def test_a_host_gets_a_few_connections_at_once():
    now, most = set(), []
    async def hold(reader, writer):
        now.add(writer)
        most.append(len(now))
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.01)
        writer.write(answer())
        now.discard(writer)
    async def ask():
        async with listening(hold) as port, open_exit(way_to(port), pace=Pace(3)) as ours:
            return await asyncio.gather(*(say(ours) for _ in range(20)))
    assert run(ask()) == [answer()] * 20
    assert max(most) == 3


def test_idle_connections_make_room(monkeypatch):
    """Browsers keep connections open; a limit without this would lock the next one out."""
    monkeypatch.setattr("pytest_govsite.gather.relay.QUIET_SECONDS", 0.1)
    async def ask():
        async with site({"/": answer()}) as (port, _), open_exit(way_to(port), pace=Pace(1)) as ours:
            _, kept, writer = await call(ours)
            writer.write(GET)
            await kept.readexactly(len(answer()))
            found = await say(ours)
            writer.close()
            return found
    assert run(ask()) == answer()


def test_connections_opened_in_advance_make_room(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.relay.QUIET_SECONDS", 0.1)
    async def ask():
        async with site({"/": answer()}) as (port, _), open_exit(way_to(port), pace=Pace(1)) as ours:
            _, _, writer = await call(ours)
            found = await say(ours)
            writer.close()
            return found
    assert run(ask()) == answer()


def test_a_waiting_request_is_not_idle(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.relay.QUIET_SECONDS", 0.1)
    async def slowly(writer, head):
        await asyncio.sleep(0.8)
        return answer()
    async def ask():
        async with site({"/": slowly}) as (port, _), open_exit(way_to(port), pace=Pace(1)) as ours:
            return await asyncio.gather(say(ours), say(ours))
    assert run(ask()) == [answer()] * 2


def test_a_request_that_is_never_answered_makes_room_in_the_end_and_was_too_slow(monkeypatch):
    """The site was silent for as long as a visitor waits; it did not cut anything."""
    monkeypatch.setattr("pytest_govsite.gather.relay.SLOW_SECONDS", 0.5)
    async def never(writer, head):
        await asyncio.sleep(60)
    noted = []
    class Noting(dict):
        def __setitem__(self, place, reason):
            noted.append((place, reason))
    async def ask():
        pages = {"/": never, "/next": answer()}
        async with site(pages) as (port, _), open_exit(way_to(port), pace=Pace(1)) as ours:
            ours.failures = Noting()
            _, _, writer = await call(ours)
            writer.write(GET)
            _, reader, other = await call(ours)
            other.write(GET.replace(b"/ ", b"/next "))
            found = await reader.readexactly(len(answer()))
            writer.close()
            other.close()
            return found
    assert (run(ask()), noted) == (answer(), [(f"{HOST}:80", Reason.TIMEOUT)])


def test_thousands_of_connections_leave_nothing_behind():
    async def hello(reader, writer):
        await reader.read(5)
        writer.write(b"hello")
    async def ask():
        async with listening(hello, (V4,)) as port, open_exit(way_to(port, (V4,)), pace=Pace(50)) as ours:
            gate, before = asyncio.Semaphore(100), asyncio.all_tasks()
            async def one():
                async with gate:
                    return await say(ours, b"x")
            found = await asyncio.gather(*(one() for _ in range(3000)))
            pause = asyncio.ensure_future(asyncio.sleep(0))
            _, left = await asyncio.wait({*(asyncio.all_tasks() - before), pause}, timeout=5)
            return set(found), ours.received, len(left)
    assert run(ask()) == ({b"hello"}, 15000, 0)
