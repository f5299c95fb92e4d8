"""Slots that all processes of a machine share: bounds, order, what a dead process held, and what may wait for whom."""
import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from servers import run

from pytest_govsite.gather.board import FILE, FOLDER, Board, make_safe, shared_board, usual_folder
from pytest_govsite.gather.slots import CONNECTIONS, Slots, door_at

pytestmark = pytest.mark.timeout(120)
posix = pytest.mark.skipif(os.name != "posix", reason="this system has no fcntl: each process keeps the bounds for itself")
ROOT = Path(__file__).parents[1]


@pytest.fixture
def slots():
    return Slots(Board())


# doors and folders

DOORS = {
    "an address": (("1.2.4.8", 443), ("1.2.4.8", 80), True),
    "two addresses": (("1.2.4.8", 443), ("1.2.4.9", 443), False),
    "IPv6": (("2400:3200::1", 443), ("2400:3200::1", 80), True),
    "two ports of this machine": (("127.0.0.1", 8001), ("127.0.0.1", 8002), False),
    "one port of this machine": (("::1", 8001), ("::1", 8001), True),
}


@pytest.mark.parametrize(("one", "other", "same"), DOORS.values(), ids=DOORS)
def test_which_connections_count_together(one, other, same):
    assert (door_at(*one) == door_at(*other)) is same


def linked(folder):
    (folder / "elsewhere").mkdir(mode=0o700)
    (folder / "slots").symlink_to(folder / "elsewhere")


def open_to_all(folder):
    (folder / "slots").mkdir()
    (folder / "slots").chmod(0o777)


FOLDERS = {
    "a link": (linked, "不是文件夹"),
    "a file": (lambda folder: (folder / "slots").touch(), "不是文件夹"),
    "open to others": (open_to_all, "别人可以写入"),
    "no place for it": (lambda folder: folder.chmod(0o500) if os.getuid() else (folder / "slots").symlink_to("slots"), "不"),
}


@posix
@pytest.mark.parametrize(("lay_out", "fault"), FOLDERS.values(), ids=FOLDERS)
def test_a_folder_that_somebody_else_may_have_laid_out_is_refused(tmp_path, lay_out, fault):
    lay_out(tmp_path)
    with pytest.raises(ValueError, match=fault):
        make_safe(tmp_path / "slots")


@posix
def test_a_file_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "slots").mkdir(mode=0o700)
    (tmp_path / "slots" / FILE).symlink_to(tmp_path / "theirs")
    with pytest.raises(ValueError, match=FOLDER):
        shared_board(tmp_path / "slots")
    assert not (tmp_path / "theirs").exists()


@posix
def test_the_folder_is_our_own(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path / "mine"))
    shared_board(usual_folder())
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o700 and (tmp_path / "mine" / FILE).stat().st_size == 0
    monkeypatch.delenv(FOLDER)
    assert usual_folder().name == f"govsite-slots-{os.getuid()}"


# one process

def test_no_more_than_the_limit_and_in_order(slots):
    entered, inside = [], []

    async def hold(number):
        slot = await slots.take("door", 2)
        entered.append(number)
        inside.append(len(entered))
        await asyncio.sleep(0.01)
        entered.remove(number)
        slot.free()
        return number

    async def whole():
        return [await one for one in asyncio.as_completed([asyncio.ensure_future(hold(n)) for n in range(9)])]

    assert sorted(run(whole())) == list(range(9)) and max(inside) == 2


def test_first_come_first_served(slots):
    async def whole():
        order, first = [], await slots.take("door", 1)

        async def hold(number):
            slot = await slots.take("door", 1)
            order.append(number)
            slot.free()

        waiting = [asyncio.ensure_future(hold(number)) for number in range(20)]
        await asyncio.sleep(0)
        first.free()
        await asyncio.gather(*waiting)
        return order

    assert run(whole()) == list(range(20))


def test_nobody_slips_past_those_who_wait(slots):
    async def whole():
        held = await slots.take("door", 1)
        waiting = asyncio.ensure_future(slots.take("door", 1))
        await asyncio.sleep(0)
        held.free()
        early = slots.take_at_once("door", 1)
        return early, await waiting

    early, slot = run(whole())
    assert early is None and slot is not None


def test_a_slot_is_given_back_once(slots):
    async def whole():
        first, second = await slots.take("door", 2), await slots.take("door", 2)
        first.free()
        first.free()
        third = slots.take_at_once("door", 2)
        return third, slots.take_at_once("door", 2), second

    third, fourth, _ = run(whole())
    assert third and fourth is None


def test_who_gives_up_waiting_leaves_no_trace(slots):
    async def whole():
        held = await slots.take("door", 1)
        for _ in range(3):
            waiting = asyncio.ensure_future(slots.take("door", 1))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        held.free()
        return slots.take_at_once("door", 1)

    assert run(whole())


def test_an_idle_holder_gives_way(slots):
    async def whole():
        held = await slots.take("door", 1)
        held.give_way = lambda: held.free() or True
        async with asyncio.timeout(1):
            return await slots.take("door", 1)

    assert run(whole())


def test_a_slot_costs_next_to_nothing(slots):
    async def whole():
        began = time.process_time()
        for _ in range(1000):
            (await slots.take("door", CONNECTIONS)).free()
        return time.process_time() - began

    assert run(whole()) < 0.5, "a millisecond each would be felt"


# several processes

PROCESS = """
import asyncio, json, sys, time
from pathlib import Path
from pytest_govsite.gather.board import shared_board
from pytest_govsite.gather.slots import Slots

async def main(folder, limit, times, seconds):
    slots, held = Slots(shared_board(Path(folder))), []
    for _ in range(int(times)):
        slot = await slots.take("door", int(limit))
        print("in", time.monotonic(), flush=True)
        await asyncio.sleep(float(seconds))
        print("out", time.monotonic(), flush=True)
        slot.free()

asyncio.run(main(*sys.argv[1:]))
"""


def start(*arguments) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", PROCESS, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def most_inside(texts) -> int:
    moments = sorted((float(line.split()[1]), line.startswith("in")) for text in texts for line in text.splitlines())
    inside = [0]
    for _, came in moments:
        inside.append(inside[-1] + (1 if came else -1))
    return max(inside)


@posix
def test_processes_share_a_door(tmp_path):
    processes = [start(tmp_path / "slots", 2, 3, 0.05) for _ in range(4)]
    texts = [process.communicate(timeout=30)[0] for process in processes]
    assert [text.count("in") for text in texts] == [3] * 4, "nobody is left outside"
    assert most_inside(texts) == 2


@posix
def test_a_dead_process_leaves_its_slot_and_its_place_in_the_queue(tmp_path):
    holder = start(tmp_path / "slots", 1, 1, 600)
    assert holder.stdout.readline().startswith("in")
    waiter = start(tmp_path / "slots", 1, 1, 600)
    heir = start(tmp_path / "slots", 1, 1, 0)
    board = shared_board(tmp_path / "slots")
    run(queued(board, 2))
    for process in (waiter, holder):
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert heir.communicate(timeout=10)[0].startswith("in")


async def queued(board, many):
    """Comes back when so many processes wait at the door. There is no event across processes to wait for."""
    slots = Slots(board)
    start, end = slots._door("door", 1)._queue
    numbers = 0
    while numbers < many:
        await asyncio.sleep(0.02)
        numbers = count(board, start, end)


def count(board, start, end) -> int:
    """How many places are taken by others, found by halving."""
    if not board.is_taken(start, end):
        return 0
    middle = (start + end) // 2
    return 1 if end - start == 1 else count(board, start, middle) + count(board, middle, end)


@posix
def test_another_process_is_let_in_where_somebody_is_idle(tmp_path):
    async def whole():
        slots = Slots(shared_board(tmp_path / "slots"))
        held = await slots.take("door", 1)
        left = asyncio.Event()
        held.give_way = lambda: held.free() or bool(left.set()) or True
        process = start(tmp_path / "slots", 1, 1, 0)
        async with asyncio.timeout(20):
            await left.wait()
        text, _ = await asyncio.to_thread(process.communicate)
        return text

    assert run(whole()).startswith("in")
