"""At most so many at once, over all processes of this machine: connections to an address, and sites that live there.

Whoever has to wait draws a number and is served in order: the number is the time, and a lock on it keeps the place in the
queue, so that a process that dies leaves the queue as well. One number for a process, which lets its own in in order.
"""
import asyncio
import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar

from pytest_govsite.gather.board import Board
from pytest_govsite.gather.guard import is_loopback
from pytest_govsite.gather.pace import GiveWay

CONNECTIONS = 12  # to one address: two visitors' browsers
SITES = 2  # of one address inspected at once, so that each has its share of the connections in time
LOOK_SECONDS = 0.1  # between two looks whether it is our turn: no process tells another that it leaves
ASK_SECONDS = 0.25  # between two looks whether other processes wait for what is held here

# where doors lie on the board: two million of them, each with its places and then its queue, in hundredths of a millisecond
DOORS, STRIDE, PLACES = 1 << 21, 1 << 41, 64
TICK_NS = 10_000

SLOTS: ContextVar["Slots | None"] = ContextVar("slots", default=None)  # of the site under inspection; None: no bounds


def door_at(address: str, port: int) -> str:
    """What stands for an address: on loopback each port is a machine of its own."""
    return f"{address} {port}" if is_loopback(address) else address


class Slot:
    """One place behind a door. Whoever holds it is asked to leave (`give_way`) when others wait and it is idle."""

    def __init__(self, door: "_Door", place: int) -> None:
        self._door = door
        self._place = place
        self.give_way: GiveWay = lambda: False

    def free(self) -> None:
        """Gives it back, once, from any thread."""
        self._door.release(self, self._place)


class Slots:
    """The places that one event loop takes on a board which it shares with others."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._doors: dict[str, _Door] = {}
        self._asking: asyncio.TimerHandle | None = None

    async def take(self, name: str, limit: int, on_wait: Callable[[], None] = lambda: None) -> Slot:
        """Waits in the queue at a door for one of its places. on_wait: called again and again meanwhile."""
        door = self._door(name, limit)
        door.users += 1
        try:
            slot = door.enter_at_once() or await door.enter(on_wait)
        finally:
            door.users -= 1
        self._ask_from_now_on()
        return slot

    def take_at_once(self, name: str, limit: int) -> Slot | None:
        """A place, if one is free and nobody waits for it."""
        return self._door(name, limit).enter_at_once()

    def close(self) -> None:
        """Gives everything back."""
        if self._asking:
            self._asking.cancel()
            self._asking = None
        for door in tuple(self._doors.values()):
            for slot in tuple(door.held):
                slot.free()
        self._doors.clear()

    def _door(self, name: str, limit: int) -> "_Door":
        if name not in self._doors:
            self._doors = {known: door for known, door in self._doors.items() if door.held or door.users}
            self._doors[name] = _Door(self._board, name, limit)
        return self._doors[name]

    def _ask_from_now_on(self) -> None:
        """While anything is held here, looks whether another process waits for it."""
        if self._asking is None:
            self._asking = asyncio.get_running_loop().call_later(ASK_SECONDS, self._ask)

    def _ask(self) -> None:
        self._asking = None
        held = [door for door in self._doors.values() if door.held]
        for door in held:
            if door.is_awaited():
                door.ask_idle()
        if held:
            self._ask_from_now_on()


class _Door:
    """One door as one loop sees it. users: who is about to enter; held: what was taken here, in order."""

    def __init__(self, board: Board, name: str, limit: int) -> None:
        digest = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
        self._board = board
        self._places = range(start := digest % DOORS * STRIDE, start + min(limit, PLACES))
        self._queue = start + PLACES, start + STRIDE
        self._number: int | None = None
        self._waiting: deque[asyncio.Event] = deque()
        self._thread = threading.get_ident()
        self.users = 0
        self.held: dict[Slot, None] = {}

    def enter_at_once(self) -> Slot | None:
        """None when there is no room, or somebody waits."""
        return None if self._waiting or self._board.is_taken(*self._queue) else self._take()

    async def enter(self, on_wait: Callable[[], None]) -> Slot:
        """Waits for its turn."""
        turn = asyncio.Event()
        self._waiting.append(turn)
        try:
            while not (slot := self._enter_in_turn(turn)):
                on_wait()
                self.ask_idle()
                turn.clear()
                try:
                    await asyncio.wait_for(turn.wait(), LOOK_SECONDS)
                except TimeoutError:
                    continue
            return slot
        finally:
            if turn is self._first:
                self._leave_queue()
            self._waiting.remove(turn)
            self._call()

    def release(self, slot: Slot, place: int) -> None:
        """Whoever waits here is called, unless another thread gives it back: then it looks by itself."""
        if self.held.pop(slot, slot) is None:
            self._board.free(place)
            if threading.get_ident() == self._thread:
                self._call()

    def is_awaited(self) -> bool:
        """Somebody waits, here or in another process."""
        return bool(self._waiting) or self._board.is_taken(*self._queue)

    def ask_idle(self) -> None:
        """Lets one of those held here leave that is idle."""
        next((True for slot in tuple(self.held) if slot.give_way()), False)

    @property
    def _first(self) -> asyncio.Event | None:
        return self._waiting[0] if self._waiting else None

    def _enter_in_turn(self, turn: asyncio.Event) -> Slot | None:
        if turn is not self._first:
            return None
        if self._number is None:
            self._number = self._draw()
        start, _ = self._queue
        return None if self._board.is_taken(start, self._number) else self._take()

    def _draw(self) -> int:
        """A number of our own: later than all that were drawn before, by the clock that all processes share."""
        start, end = self._queue
        tick = time.monotonic_ns() // TICK_NS
        while not self._board.take(start + tick % (end - start)):
            tick += 1
        return start + tick % (end - start)

    def _leave_queue(self) -> None:
        """The next of ours draws a number of its own: other processes have their turn in between."""
        if self._number is not None:
            self._board.free(self._number)
            self._number = None

    def _take(self) -> Slot | None:
        for place in self._places:
            if self._board.take(place):
                slot = Slot(self, place)
                self.held[slot] = None
                return slot
        return None

    def _call(self) -> None:
        if first := self._first:
            first.set()
