"""A round: visits, their confirmation, and what the vantage gate makes of them."""
import pytest
from servers import run
from stations import BAD, BAD6, FINE, NOON, InventedCanaries, InventedVisitor, SteppedClock, chromium, due, invented

from pytest_govsite.gather.canaries import Look
from pytest_govsite.gather.crowd import Crowd
from pytest_govsite.gather.rounds import Due, take_round
from pytest_govsite.model.availability import SHANGHAI
from pytest_govsite.model.missing import Reason

TEN = range(10)
REFUSED, TLS, WALL, DOWN, STATUS = Reason.REFUSED, Reason.TLS, Reason.WALL, Reason.RESOLVER_DOWN, Reason.HTTP_ERROR


def only(*numbers, reason=REFUSED):
    """These sites are out of order."""
    down = {str(number) for number in numbers}
    return lambda site, family, times: reason if site in down else None


def once(*numbers, reason=REFUSED):
    """These sites are out of order at the first visit."""
    down = {str(number) for number in numbers}
    return lambda site, family, times: reason if site in down and not times else None


def taken(met, *looks, numbers=TEN, clock=None, browser=None, start=None, **more):
    """(round, samples, visitor) of a round of these sites."""
    clock = clock or SteppedClock()
    visitor = InventedVisitor(clock, met, **more)
    canaries = InventedCanaries(*looks or (FINE,))
    async def take():
        browse = chromium(clock, browser) if browser is not False else None
        return await take_round(start or due(clock, *numbers), visitor, canaries, browse, "here", clock=clock)
    made, samples = run(take())
    return made, samples, visitor


def kept(samples) -> dict[str, list[tuple]]:
    """Of each site that is not simply open: kind, family and state of its rows."""
    rows: dict[str, list[tuple]] = {}
    for row in samples:
        rows.setdefault(row.site, []).append((row.kind, row.family, row.state))
    return {site: found for site, found in rows.items() if found != [("visit", 4, "open")]}


FAILED = [("visit", 4, "failed"), ("again", 4, "failed"), ("browser", 0, "failed")]
COUNTED = {
    "all open": (only(), None, {}),
    "one fails, and goes on failing": (only(3), REFUSED, {"3": FAILED}),
    "one fails in a moment": (once(3), None, {"3": [("visit", 4, "failed"), ("again", 4, "open"), ("browser", 0, "open")]}),
    "one that browsers open": (only(3, reason=TLS), None, {"3": [*FAILED[:2], ("browser", 0, "open")]}),
    "a wall": (only(3, reason=WALL), WALL, {"3": [("visit", 4, "walled"), ("again", 4, "walled"), ("browser", 0, "walled")]}),
    "no browser here": (only(3), False, {"3": FAILED[:2]}),
    "three of ten are no sign of ours": (only(1, 2, 3), REFUSED, dict.fromkeys("123", FAILED)),
    "our own resolver at one site": (only(3, reason=DOWN), None, {"3": [("visit", 4, "void")]}),
    "a crash of ours": (lambda site, *_: 1 / 0 if site == "3" else None, None, {"3": [("visit", 4, "void")]}),
}


@pytest.mark.parametrize("met, browser, rows", COUNTED.values(), ids=COUNTED)
def test_a_round_that_counts(met, browser, rows):
    made, samples, _ = taken(met, browser=browser)
    assert kept(samples) == rows
    assert (made.void, made.sites, made.down) == ("", 10, sum(found[0][2] == "failed" for found in rows.values()))
    assert made.tried >= 12 and made.failed == 0 and made.tried6 == made.tried / 2
    assert {(row.vantage, row.round, row.slot, row.slots) for row in samples} == {("here", made.id, 12, 24)}


VOID = {
    "our own network is down": (only(*TEN), (BAD,), "对照站点用 IPv4 访问，3 个中有 3 个没有应答"),
    "it was down before": (only(), (BAD, FINE), "对照站点"),
    "it went down after": (only(), (FINE, BAD), "对照站点"),
    "too many fail together": (only(1, 2, 3, 4), (FINE,), "10 个地址中有 4 个同时打不开，超过 30%"),
    "our clock is wrong for certain": (only(), (FINE, Look(6, 0, 3, 0, clock_off=-900)), "本机时钟比对照站点慢 900 秒"),
}


@pytest.mark.parametrize("met, looks, why", VOID.values(), ids=VOID)
def test_a_round_that_counts_for_nothing(met, looks, why):
    made, samples, _ = taken(met, *looks)
    assert made.void.startswith(why)
    assert {row.state for row in samples} == {"void"} and len({row.site for row in samples}) == 10
    assert all(row.detail.startswith(why) for row in samples)
    assert made.down == sum(row.kind == "visit" and row.reason is REFUSED for row in samples), "what was met is kept"


def test_nothing_is_visited_by_a_clock_that_is_wrong():
    """Nobody knows for which part of which day such a visit stands: rows of other days must not be taken by it."""
    made, samples, visitor = taken(only(), Look(6, 0, 3, 0, clock_off=86400))
    assert "本机时钟比对照站点快 86400 秒" in made.void
    assert (samples, visitor.asked, made.sites) == ((), [], 0)


def test_a_network_that_fails_meanwhile_is_seen_while_a_failure_waits_to_be_confirmed():
    made, samples, visitor = taken(only(3), FINE, BAD)
    assert made.void and kept(samples) == {str(n): [("visit", 4, "void")] for n in TEN}
    assert visitor.asked.count(("3", 4)) == 1, "not visited again in vain"
    assert (made.ended - made.began).total_seconds() < 30, "ended as soon as it was known"


def test_canaries_are_asked_before_during_and_after():
    clock, canaries = SteppedClock(), InventedCanaries(FINE)
    visitor = InventedVisitor(clock, only(3))
    made, _ = run(take_round(due(clock, *TEN), visitor, canaries, None, "here", clock=clock))
    took = (made.ended - made.began).total_seconds()
    assert 30 <= took < 61 and canaries.looked == 2 + took // 20, "every 20 seconds in between"
    assert made.tried == 6 * canaries.looked


def test_confirmation_comes_after_half_a_minute_and_before_a_whole_one():
    _, samples, _ = taken(only(1, 2, 3))
    waits = [second.at - first.at for first, second in zip(samples, samples[1:], strict=False) if second.kind == "again"]
    assert len(waits) == 3 == len(set(waits)) and all(30 <= wait.total_seconds() <= 60 for wait in waits)


IPV6 = {"3": (4, 6), "4": (6,)}
OVER_IPV6 = {
    "IPv6 of a site is down": (lambda site, family, _: REFUSED if family == 6 and site == "3" else None, FINE, {
        "3": [("visit", 4, "open"), ("visit", 6, "failed")], "4": [("visit", 6, "open")],
    }),
    "the site has IPv6 alone": (lambda site, family, _: REFUSED if family == 6 else None, FINE, {
        "3": [("visit", 4, "open"), ("visit", 6, "failed")],
        "4": [("visit", 6, "failed"), ("again", 6, "failed"), ("browser", 0, "failed")],
    }),
    "our IPv6 is down": (lambda site, family, _: REFUSED if family == 6 else None, BAD6, {
        "3": [("visit", 4, "open"), ("visit", 6, "void")], "4": [("visit", 6, "void")],
    }),
}


@pytest.mark.parametrize("met, said, rows", OVER_IPV6.values(), ids=OVER_IPV6)
def test_the_families_are_told_apart(met, said, rows):
    made, samples, _ = taken(met, said, families=IPV6, browser=REFUSED)
    assert kept(samples) == rows and made.void == ""


def test_a_shared_platform_that_is_down_is_one_fault():
    """40 sites on one address, 9 elsewhere."""
    platform = [str(number) for number in range(100, 140)]
    addresses = dict.fromkeys(platform, "10.9.9.9")
    made, samples, _ = taken(only(*platform), numbers=[*platform, *range(9)], addresses=addresses, browser=REFUSED)
    assert made.void == "" and kept(samples) == dict.fromkeys(platform, FAILED)
    assert (made.sites, made.down) == (49, 40)


def test_a_platform_whose_name_does_not_resolve_is_one_address_as_well():
    numbers, clock = range(40), SteppedClock()
    start = due(clock, *numbers, group="10.9.9.9") + due(clock, *range(50, 59))
    made, _, _ = taken(only(*numbers), start=start, clock=clock, addresses={str(n): "" for n in numbers})
    assert made.void == ""


def test_few_addresses_make_no_share():
    made, samples, _ = taken(only(0, 1, 2, 3), numbers=range(4), browser=REFUSED)
    assert made.void == "" and kept(samples) == dict.fromkeys("0123", FAILED)


@pytest.mark.parametrize("known, void", [((), True), (("1",), True), (("1", "2", "3", "4"), False)])
def test_sites_long_out_of_order_are_no_sign_of_ours(known, void):
    """Four of ten for ever: without this nothing of the other six would ever count."""
    clock = SteppedClock()
    async def down(ids):
        assert sorted(ids) == ["1", "2", "3", "4"]
        return known
    async def take():
        visitor = InventedVisitor(clock, only(1, 2, 3, 4))
        return await take_round(due(clock, *TEN), visitor, InventedCanaries(FINE), None, "here", clock=clock, down=down)
    made, _ = run(take())
    assert bool(made.void) is void


JUMPS = {"forwards": 3, "backwards": -3, "by an hour": 3600, "by two days": -2 * 86400}


@pytest.mark.parametrize("seconds", JUMPS.values(), ids=JUMPS)
def test_a_clock_that_is_set_during_a_round(seconds):
    clock = SteppedClock()
    def met(site, family, times):
        if site == "5":
            clock.jump(seconds)
    made, samples, _ = taken(met, clock=clock, named={str(number) for number in TEN})
    assert made.void == f"本机时钟在这一轮当中跳了 {seconds:+d} 秒"
    assert samples and {row.state for row in samples} == {"void"}, "also of what the user named himself"
    assert {(row.day, row.slot) for row in samples} == {(NOON.date(), 12)}, "no row of another part of a day"
    assert abs((made.ended - made.began).total_seconds()) < 30


def test_a_clock_that_is_adjusted_a_little_matters_to_nobody():
    clock = SteppedClock()
    made, samples, _ = taken(lambda site, *_: clock.jump(1) if site == "5" else None, clock=clock)
    assert made.void == "" and {row.state for row in samples} == {"open"}


def test_canaries_have_no_say_about_what_the_user_named():
    named = {str(number) for number in TEN}
    made, samples, _ = taken(only(*TEN), BAD, named=named, browser=REFUSED)
    assert made.void == "" and made.tried == 0 and kept(samples) == dict.fromkeys(named, FAILED)


@pytest.mark.parametrize("look, failed", [(FINE, 0), (BAD, 6)])
def test_canaries_that_the_user_named_tell_of_his_network_but_void_nothing(look, failed):
    """A staging system inside, with hosts of the inside as canaries."""
    clock, canaries = SteppedClock(), InventedCanaries(look, chosen=True)
    visitor = InventedVisitor(clock, only(1), named={"1", "2"})
    made, samples = run(take_round(due(clock, 1, 2), visitor, canaries, None, "here", clock=clock))
    assert made.void == "" and (made.tried, made.failed) == (6 * canaries.looked, failed * canaries.looked)
    assert kept(samples) == {"1": FAILED[:2]}


def test_among_others_named_sites_keep_what_was_met():
    made, samples, _ = taken(only(*TEN), BAD, named={"7"}, browser=REFUSED)
    assert made.void and made.tried > 0
    assert kept(samples)["7"] == FAILED
    assert {row.state for row in samples if row.site != "7"} == {"void"}


def test_a_host_is_known_to_be_at_home_only_when_it_was_looked_up():
    """As with --nameserver: what canaries said meanwhile concerned nobody."""
    clock, named = SteppedClock(), {}
    made, samples, _ = taken(lambda site, *_: named.setdefault(site), BAD, clock=clock, named=named)
    assert made.void == "" and made.tried == 0 and {row.state for row in samples} == {"open"}


def test_visits_wait_for_their_times():
    clock = SteppedClock()
    start = [Due(one.site, NOON.replace(second=second), 12) for one, second in zip(due(clock, 1, 2, 3), (0, 20, 40), strict=True)]
    _, samples, _ = taken(only(), clock=clock, start=start)
    assert [round((row.at - NOON).total_seconds() / 20) for row in samples] == [0, 1, 2]


def test_a_visit_that_comes_too_late_is_no_data():
    clock = SteppedClock(start=NOON.replace(minute=59, second=50))
    start = [Due(one.site, clock.now().replace(minute=59, second=59, hour=11), 11) for one in due(clock, 1)]
    _, samples, visitor = taken(only(), clock=clock, start=start)
    assert visitor.asked and samples == ()


def test_a_confirmation_of_the_next_part_of_the_day_is_left_out():
    clock = SteppedClock(start=NOON.replace(minute=59, second=50))
    _, samples, _ = taken(only(1), numbers=[1], clock=clock)
    assert [row.kind for row in samples] == ["visit"]


def test_few_visits_at_once_to_one_address():
    busy, most = {}, {}
    async def visit(crowd, clock, address):
        async with crowd.turn(address):
            busy[address] = busy.get(address, 0) + 1
            most[address] = max(most.get(address, 0), busy[address])
            await clock.wait(1)
            busy[address] -= 1
    async def visit_all():
        import asyncio
        clock = SteppedClock()
        crowd = Crowd(clock, at_once=20)
        addresses = ["10.0.0.1"] * 12 + ["127.0.0.1"] * 12 + [""] * 6
        await asyncio.gather(*(visit(crowd, clock, address) for address in addresses))
        return crowd
    crowd = run(visit_all())
    assert most["10.0.0.1"] == 2 and most["127.0.0.1"] > 6
    assert not +crowd._users, "nothing is remembered of whom nobody visits"


def test_an_unplanned_visit_stands_for_the_part_of_its_time():
    one = Due.now(invented(1), NOON)
    assert (one.slot, one.slots, one.at.astimezone(SHANGHAI)) == (12, 24, NOON)


def test_a_status_is_confirmed_as_any_fault():
    _, samples, _ = taken(only(3, reason=STATUS), browser=STATUS)
    assert kept(samples) == {"3": FAILED}
