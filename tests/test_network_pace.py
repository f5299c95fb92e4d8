"""Slots per host and address, and a deadline on everything awaited."""
import asyncio

import pytest
from servers import run

from pytest_govsite.gather.pace import Pace, within
from pytest_govsite.model.missing import Missing, Reason


async def most_at_once(pace, places) -> int:
    now, most = 0, 0
    async def hold(place):
        nonlocal now, most
        async with pace.slot(*place):
            now += 1
            most = max(most, now)
            for _ in range(5):
                await asyncio.sleep(0)
            now -= 1
    await asyncio.gather(*map(hold, places))
    return most


LIMITS = {
    "one host": (Pace(2), [("a",)] * 9, 2),
    "each host for itself": (Pace(2), [("a",), ("b",)] * 9, 4),
    "hosts on one address": (Pace(2, 3), [("a", "1.2.4.8"), ("b", "1.2.4.8"), ("c", "1.2.4.8")] * 3, 3),
    "address unknown": (Pace(2, 3), [("a", ""), ("b", "")] * 3, 4),
    "no limit": (Pace(0), [("a",)] * 9, 9),
}


@pytest.mark.parametrize("pace, places, most", LIMITS.values(), ids=LIMITS)
def test_slots(pace, places, most):
    assert run(most_at_once(pace, places)) == most


def test_first_come_first_served():
    order = []
    async def whole():
        pace = Pace(1)
        async def hold(n):
            async with pace.slot("a"):
                order.append(n)
                await asyncio.sleep(0)
        await asyncio.gather(*(hold(n) for n in range(10)))
    run(whole())
    assert order == list(range(10))


def test_an_idle_holder_gives_way():
    async def whole():
        pace, idle = Pace(1), asyncio.Event()
        async def holder():
            async with pace.slot("a", give_way=lambda: idle.set() or True):
                await idle.wait()
        holding = asyncio.ensure_future(holder())
        await asyncio.sleep(0)
        async with pace.slot("a"):
            await holding
            return idle.is_set()
    assert run(whole())


def test_a_busy_holder_keeps_its_slot():
    async def whole():
        pace, asked = Pace(1), asyncio.Event()
        async def waiter():
            async with pace.slot("a"):
                return "in"
        async with pace.slot("a", give_way=lambda: bool(asked.set())):
            waiting = asyncio.ensure_future(waiter())
            await asked.wait()
            assert not waiting.done()
        return await waiting
    assert run(whole()) == "in"


def test_who_gives_up_waiting_leaves_no_trace():
    async def whole():
        pace = Pace(1)
        async with pace.slot("a"):
            for _ in range(3):
                waiting = asyncio.ensure_future(pace.slot("a").__aenter__())
                await asyncio.sleep(0)
                waiting.cancel()
                await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(1), pace.slot("a"):
            return "in"
    assert run(whole()) == "in"


def test_value_in_time():
    async def value():
        return 7
    assert run(within(5, value())) == 7


def test_too_late():
    found = run(within(0.01, asyncio.Event().wait(), url="http://a.cn/"))
    assert found == Missing(Reason.DEADLINE, "0.01 秒", "http://a.cn/")
    assert run(within(0.01, asyncio.Event().wait(), Reason.BROWSER_DIED)).reason is Reason.BROWSER_DIED


def test_what_ignores_its_cancellation_is_left_behind():
    """Calls to a dead browser have been seen never to settle, not even when cancelled."""
    async def stubborn(release):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await release.wait()
    async def whole():
        release = asyncio.Event()
        try:
            async with asyncio.timeout(5):
                return await within(0.05, stubborn(release))
        finally:
            release.set()
    assert run(whole()).reason is Reason.DEADLINE


def test_errors_of_the_awaited_are_raised():
    async def broken():
        raise KeyError("x")
    with pytest.raises(KeyError):
        run(within(5, broken()))


def test_cancelling_the_wait_cancels_the_awaited():
    async def whole():
        ended = asyncio.Event()
        async def awaited():
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
        waiting = asyncio.ensure_future(within(60, awaited()))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait_for(ended.wait(), 5)
        return waiting.cancelled() or waiting.done()
    assert run(whole())
