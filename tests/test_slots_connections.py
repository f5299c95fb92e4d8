"""Slots at real connections and sites: never more than so many to an address, and waiting costs nobody his answer."""
import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest
import servers
from servers import answer, listening, run

from pytest_govsite.gather.board import Board
from pytest_govsite.gather.dialling import dial
from pytest_govsite.gather.http import Fetcher, Response
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.slots import CONNECTIONS, SITES, SLOTS, Slots, door_at
from pytest_govsite.gather.staying import SITES_PER_PROCESSOR, Stay
from pytest_govsite.gather.way import Target, Unreached, Way
from pytest_govsite.model.missing import Reason

pytestmark = pytest.mark.timeout(120)
posix = pytest.mark.skipif(os.name != "posix", reason="this system has no fcntl: each process keeps the bounds for itself")
ROOT = Path(__file__).parents[1]


@pytest.fixture
def slots():
    return Slots(Board())


# real connections

@asynccontextmanager
async def counting(hold: float = 0.0):
    """A server that counts its connections; yields (port, {"now", "most", "all"})."""
    seen = {"now": 0, "most": 0, "all": 0}

    async def serve(reader, writer):
        seen["now"] += 1
        seen["all"] += 1
        seen["most"] = max(seen["most"], seen["now"])
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(hold)
                writer.write(answer())
        finally:
            seen["now"] -= 1

    async with listening(serve, (servers.V4,)) as port:
        yield port, seen


CLIENT = """
import asyncio, sys
from datetime import date
from pathlib import Path
from pytest_govsite.gather.board import shared_board
from pytest_govsite.gather.heads import ask_heads
from pytest_govsite.gather.http import Fetcher
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.slots import SLOTS, Slots
from pytest_govsite.gather.tunnel import connect_to
from pytest_govsite.gather.way import Way
from pytest_govsite.model.missing import Missing

async def main(folder, port):
    SLOTS.set(Slots(shared_board(Path(folder))))
    hosts = [f"h{number}.gov.cn" for number in range(6)]
    way = Way([f"{host}:80:127.0.0.1:{port}" for host in hosts], "127.0.0.1:9")
    settings = Settings(date(2026, 11, 20), fetch_deadline=5.0)
    fetcher = Fetcher(way, settings)
    urls = [f"http://{host}/{number}" for host in hosts for number in range(5)]

    async def bare():
        reader, writer = await connect_to(await way.route("http", hosts[0], 80))
        writer.write(b"GET / HTTP/1.1\\r\\n\\r\\n")
        await reader.readuntil(b"\\r\\n\\r\\n")
        writer.close()

    answers = await asyncio.gather(*map(fetcher.fetch, urls))
    await asyncio.gather(*(bare() for _ in range(10)))
    heads = await ask_heads(way, settings, Pace(4), urls, asyncio.get_running_loop().time() + 60)
    await fetcher.close()
    print(sum(isinstance(answer, Missing) for answer in answers), len(heads))

asyncio.run(main(*sys.argv[1:]))
"""


@posix
def test_several_processes_never_have_more_than_so_many_connections_to_an_address(tmp_path):
    """Six hosts on one address, asked by four processes in every way at once; waiting costs nobody his answer."""
    async def whole():
        async with counting(0.02) as (port, seen):
            command = [sys.executable, "-c", CLIENT, str(tmp_path / "slots"), str(port)]
            processes = [
                await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(4)
            ]
            said = await asyncio.gather(*(process.communicate() for process in processes))
            return [out.decode().split() for out, _ in said], seen

    said, seen = run(whole())
    assert [missing for missing, _ in said] == ["0"] * 4
    assert seen["most"] == CONNECTIONS, "as many as are allowed, and not one more"


def test_waiting_for_a_slot_is_not_the_time_of_the_server(slots):
    async def whole():
        async with counting() as (port, _):
            SLOTS.set(slots)
            way = Way([f"a.gov.cn:80:127.0.0.1:{port}"], "127.0.0.1:9")
            fetcher = Fetcher(way, Settings(date(2026, 11, 20), fetch_deadline=1.0))
            held = [await slots.take(door_at("127.0.0.1", port), CONNECTIONS) for _ in range(CONNECTIONS)]
            asking = asyncio.ensure_future(fetcher.fetch("http://a.gov.cn/"))
            await asyncio.sleep(1.5)  # longer than its deadline
            held[0].free()
            found = await asking
            await fetcher.close()
            return found

    found = run(whole())
    assert isinstance(found, Response) and sum(found.seconds.values()) < 1.0


def test_a_kept_connection_that_nobody_uses_gives_way(slots):
    async def whole():
        async with counting() as (port, seen):
            SLOTS.set(slots)
            way = Way([f"a.gov.cn:80:127.0.0.1:{port}"], "127.0.0.1:9")
            fetcher = Fetcher(way, Settings(date(2026, 11, 20), fetch_deadline=5.0))
            await fetcher.fetch("http://a.gov.cn/")
            others = [await slots.take(door_at("127.0.0.1", port), CONNECTIONS) for _ in range(CONNECTIONS)]
            others[0].free()
            again = await fetcher.fetch("http://a.gov.cn/")
            await fetcher.close()
            return seen["all"], again

    connections, again = run(whole())
    assert connections == 2 and isinstance(again, Response)


def test_the_second_address_waits_for_a_slot_of_its_own(slots):
    """The first does not answer, and the second has no room yet: that is no fault of the site."""
    async def whole():
        async with counting() as (port, _):
            SLOTS.set(slots)
            closed = servers.free_port()
            held = [await slots.take(door_at("127.0.0.1", port), CONNECTIONS) for _ in range(CONNECTIONS)]
            dialling = asyncio.ensure_future(dial([Target("127.0.0.1", closed, 4), Target("127.0.0.1", port, 4)], 5))
            await asyncio.sleep(0.2)
            waits = not dialling.done()
            held[0].free()
            sock = await dialling
            sock.close()
            return waits

    assert run(whole())


def test_a_refused_connection_gives_its_slot_back(slots):
    async def whole():
        SLOTS.set(slots)
        closed = servers.free_port()
        for _ in range(CONNECTIONS + 1):
            with pytest.raises(ConnectionRefusedError):
                await dial([Target("127.0.0.1", closed, 4)], 5)
        return [slots.take_at_once(door_at("127.0.0.1", closed), CONNECTIONS) for _ in range(CONNECTIONS)]

    assert all(run(whole()))


# the stay of a site

def stay(slots, door="1.2.4.8", seconds=60.0, waited=None):
    async def find():
        if door is None:
            raise Unreached(Reason.NO_NAME)
        return door

    return Stay(slots, find, seconds, (lambda: waited.append(1)) if waited is not None else lambda: None)


def test_only_so_many_sites_of_an_address_at_once(slots):
    async def whole():
        waited, inside = [], []

        async def inspect():
            async with stay(slots, waited=waited).visit():
                inside.append(1)
                now = len(inside)
                await asyncio.sleep(0.05)
                inside.pop()
            return now

        return await asyncio.gather(*(inspect() for _ in range(5))), waited

    inside, waited = run(whole())
    assert max(inside) == SITES and waited, "and who waits says so"


def test_a_machine_has_seats_for_so_many_sites_of_all_addresses(slots, monkeypatch):
    """More at once are slower each, until pages are late that would have been in time."""
    monkeypatch.setattr("pytest_govsite.gather.staying.processors", lambda: 2)

    async def whole():
        inside, most, waited = 0, [], []

        async def inspect(number):
            nonlocal inside
            async with stay(slots, f"1.2.4.{number}", waited=waited).visit():
                inside += 1
                most.append(inside)
                await asyncio.sleep(0.05)
                inside -= 1

        await asyncio.gather(*(inspect(number) for number in range(15)))
        return max(most), len(most), bool(waited)

    assert run(whole()) == (2 * SITES_PER_PROCESSOR, 15, True)


def test_who_gives_up_waiting_for_a_seat_of_the_machine_keeps_none_at_the_address(slots, monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.staying.SITES_PER_PROCESSOR", 1)
    monkeypatch.setattr("pytest_govsite.gather.staying.processors", lambda: 1)

    async def whole():
        async with stay(slots, "1.2.4.1").visit():
            waiting = asyncio.ensure_future(stay(slots, "1.2.4.2").visit().__aenter__())
            await asyncio.sleep(0.3)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            return [slots.take_at_once("sites at 1.2.4.2", SITES) is not None for _ in range(SITES)]

    assert run(whole()) == [True] * SITES


def test_all_gatherers_of_a_site_share_its_seat_and_give_it_back_together(slots):
    async def whole():
        one, other, third = stay(slots), stay(slots), stay(slots)
        async with one.visit(), one.visit(), other.visit():
            async with one.visit():
                waiting = asyncio.ensure_future(third.visit().__aenter__())
            await asyncio.sleep(0.05)
            outside = not waiting.done()
        async with asyncio.timeout(2):
            await waiting
        return outside

    assert run(whole())


def test_a_site_without_an_address_waits_for_nobody(slots):
    async def whole():
        async with stay(slots, None).visit(), stay(slots, None).visit(), stay(slots, None).visit():
            return True

    assert run(whole())


def test_the_clock_runs_while_something_is_gathered_and_not_while_the_site_waits(slots):
    async def whole():
        loop = asyncio.get_running_loop()
        first, second, third = stay(slots), stay(slots), stay(slots, seconds=1.0)
        async with first.visit(), second.visit():
            waiting = asyncio.ensure_future(third.visit().__aenter__())
            await asyncio.sleep(1.2)  # longer than its time
        await waiting
        third._inside -= 1
        third._leave()
        await asyncio.sleep(1.1)  # evidence that waits to be judged
        assert not third.is_over
        began = loop.time()
        with pytest.raises(TimeoutError):
            async with third.visit():
                await asyncio.sleep(30)
        return loop.time() - began, third.is_over

    seconds, over = run(whole())
    assert seconds < 10 and over
