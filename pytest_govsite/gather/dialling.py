"""New TCP connections to sites: each in a slot for its address, which it gives back when its socket is closed."""
import asyncio
import errno
import socket
from collections.abc import Sequence

import aiohappyeyeballs

from pytest_govsite.gather.slots import CONNECTIONS, SLOTS, GiveWay, Slot, Slots, door_at
from pytest_govsite.gather.way import Target

SECOND_CHANCE = 0.25  # seconds until the other family is tried beside the first, RFC 8305 section 8


class SlottedSocket(socket.socket):
    """A socket that holds a slot as long as it is open."""

    slot: Slot | None = None

    def close(self) -> None:
        """As a socket's."""
        super().close()
        self._give_back()

    def __del__(self) -> None:
        self._give_back()  # nobody closed it

    def _give_back(self) -> None:
        if self.slot:
            self.slot.free()


class Reservation:
    """A slot for the first of some targets, for the connection about to be made; another target takes its own if it can.

    full: no slot was free for one of the others.
    """

    def __init__(self, slots: Slots | None, slot: Slot | None, give_way: GiveWay | None) -> None:
        self._slots = slots
        self._free = slot
        self._give_way = give_way
        self.full = False

    def socket(self, info: tuple) -> socket.socket:
        """What aiohappyeyeballs and aiohttp take as socket_factory. Raises OSError(EAGAIN) where there is no room."""
        family, kind, protocol, _, place = info
        slot, self._free = self._free, None
        if slot is None and self._slots:
            slot = self._slots.take_at_once(door_at(place[0], place[1]), CONNECTIONS)
            if slot is None:
                self.full = True
                raise BlockingIOError(errno.EAGAIN, "no slot for this address")
        made = SlottedSocket(family, kind, protocol)
        made.slot = slot
        if slot and self._give_way:
            slot.give_way = self._give_way
        return made

    def __enter__(self) -> "Reservation":
        return self

    def __exit__(self, *_: object) -> None:
        """What was not used is given back."""
        if self._free:
            self._free.free()


async def reserve(targets: Sequence[Target], give_way: GiveWay | None = None) -> Reservation:
    """Waits for a slot for the first of the targets; without any there is nothing to wait for. give_way: see Slot."""
    slots = SLOTS.get() if targets else None
    if slots is None:
        return Reservation(None, None, None)
    return Reservation(slots, await slots.take(door_at(targets[0].address, targets[0].port), CONNECTIONS), give_way)


async def dial(targets: Sequence[Target], seconds: float, give_way: GiveWay | None = None) -> socket.socket:
    """A connected socket to the first target that answers, the families racing. Raises OSError, TimeoutError.

    seconds: for connecting; waiting for a slot does not count.
    """
    while True:
        with await reserve(targets, give_way) as reservation:
            try:
                async with asyncio.timeout(seconds):
                    return await aiohappyeyeballs.start_connection(
                        [target.info for target in targets], happy_eyeballs_delay=SECOND_CHANCE,
                        socket_factory=reservation.socket,
                    )
            except OSError:
                if not reservation.full:
                    raise
        targets = targets[1:]  # the first does not answer, and for the others there was no room yet
