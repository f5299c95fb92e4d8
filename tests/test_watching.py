"""The watch over hours and days of an invented time: plans, restarts, clocks that are set, a history that fails."""
import asyncio
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from servers import run, settings
from stations import BAD, FINE, NOON, InventedCanaries, InventedVisitor, SteppedClock, invented

from pytest_govsite.availability.slots import slot_of, start_of
from pytest_govsite.gather.station import Station, Tools
from pytest_govsite.gather.voice import Voice
from pytest_govsite.gather.watching import Watch
from pytest_govsite.history import HistoryError, open_history
from pytest_govsite.model.missing import Reason

HOUR, DAY = 3600, 86400
SITES = [invented(number) for number in range(6)]
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def inline(monkeypatch):
    """An invented time cannot wait for threads."""
    async def to_thread(work, *arguments):
        return work(*arguments)
    monkeypatch.setattr(asyncio, "to_thread", to_thread)


@pytest.fixture
def history(tmp_path):
    with open_history(tmp_path / "history.sqlite3") as opened:
        yield opened


@pytest.fixture
def houses(monkeypatch):
    """Nobody is looked up: each site lives alone."""
    async def of(self, sites, seconds):
        return {site.id: f"10.0.0.{site.id}" for site in sites}
    monkeypatch.setattr("pytest_govsite.gather.houses.Houses.of", of)


@asynccontextmanager
async def watching(history, clock, sites=SITES, news=lambda: None, per_day=24, met=lambda *_: None, looks=(FINE,)):
    """A watch under way; yields what was told: rounds, and words."""
    told = SimpleNamespace(rounds=[], words=[], idle=[], next=None, visitor=InventedVisitor(clock, met))

    def tell(made, samples, following):
        told.rounds.append((made, samples))
        told.next = following

    station = Station(history, settings(vantage="here"), per_day, Tools(told.visitor, InventedCanaries(*looks), clock=clock))
    station.set_sites(sites)
    task = asyncio.ensure_future(Watch(station, news, Voice(tell, told.idle.append, told.words.append)).run())
    try:
        yield told
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await station.close()


def visits(history, first=TODAY, last=TODAY) -> dict[str, list[tuple]]:
    """(day, slot) of the visits that each site got, in order."""
    return {
        site.id: [(row.day, row.slot) for row in history.samples(site.id, first, last) if row.kind == "visit"] for site in SITES
    }


def parts(first: int, last: int, day=TODAY) -> list[tuple]:
    return [(day, slot) for slot in range(first, last + 1)]


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"{TODAY}T{clock}+08:00")


pytestmark = pytest.mark.usefixtures("houses")


def test_each_site_is_visited_once_in_each_part_at_its_time(history):
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(history, clock) as told:
            await clock.wait(5 * HOUR)
        return told
    told = run(watch())
    assert visits(history) == {site.id: parts(9, 13) for site in SITES}
    plan = history.slots(TODAY, "here")
    for site in SITES:
        for row in history.samples(site.id, TODAY, TODAY):
            assert 0 <= (row.at - plan[site.id][row.slot]).total_seconds() < 2, "as planned"
    assert len(told.rounds) > 10 and told.words == [] and told.next.date() == TODAY


def test_it_goes_on_over_midnight(history):
    async def watch():
        clock = SteppedClock(at("21:30:00"))
        async with watching(history, clock):
            await clock.wait(6 * HOUR)
    run(watch())
    tomorrow = TODAY + timedelta(days=1)
    for found in visits(history, TODAY, tomorrow).values():
        assert found[-6:] in (parts(22, 23) + parts(0, 3, tomorrow), parts(21, 23) + parts(0, 2, tomorrow), parts(22, 23) + parts(0, 2, tomorrow))
        assert [slot for day, slot in found if day == tomorrow][:3] == [0, 1, 2]


def test_a_restart_goes_on_with_the_same_plan_and_visits_nobody_twice(history):
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        for _ in range(6):
            async with watching(history, clock):
                await clock.wait(20 * 60)
        async with watching(history, clock) as told:
            await clock.wait(HOUR)
        return history.slots(TODAY, "here"), told
    plan, told = run(watch())
    assert {site: found[:2] for site, found in visits(history).items()} == {site.id: parts(9, 10) for site in SITES}
    assert history.slots(TODAY, "here") == plan


def test_a_part_that_passed_while_it_was_off_is_no_data(history):
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(history, clock):
            await clock.wait(2 * HOUR)
        await clock.wait(2 * HOUR)
        async with watching(history, clock):
            await clock.wait(2 * HOUR)
    run(watch())
    assert visits(history) == {site.id: parts(9, 10) + parts(13, 14) for site in SITES}


def test_what_fell_due_in_this_part_while_it_was_off_is_visited_at_once(history):
    async def watch():
        clock = SteppedClock(at("09:58:00"))
        async with watching(history, clock) as told:
            await clock.wait(30)
        return told
    told = run(watch())
    (made, samples), = told.rounds
    assert made.sites == len(SITES) and {row.slot for row in samples} == {9}


SET = {
    "forwards": (3 * HOUR, parts(9, 10) + parts(14, 15)),
    "backwards": (-HOUR, parts(9, 11)),
    "forwards by days": (2 * DAY, parts(9, 10) + parts(11, 12, TODAY + timedelta(days=2))),
}


@pytest.mark.parametrize("seconds, expected", SET.values(), ids=SET)
def test_a_clock_that_is_set_between_rounds(history, seconds, expected):
    """No part is visited twice, and none that passed is made up for."""
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(history, clock) as told:
            await clock.wait(2 * HOUR)
            clock.jump(seconds)
            await clock.wait(2 * HOUR)
        return told
    told = run(watch())
    assert visits(history, TODAY, TODAY + timedelta(days=3)) == {site.id: expected for site in SITES}
    assert [made.void for made, _ in told.rounds if made.void] == []


def test_a_network_that_is_down_for_a_while_blames_nobody(history):
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        down = lambda *_: Reason.TIMEOUT if clock.now() < at("10:00:00") else None
        look = lambda: BAD if clock.now() < at("10:00:00") else FINE
        async with watching(history, clock, met=down, looks=[look, *[look] * 5000]):
            await clock.wait(2 * HOUR)
    run(watch())
    states = {(row.slot, row.state, row.kind) for site in SITES for row in history.samples(site.id, TODAY, TODAY)}
    assert states == {(9, "void", "visit"), (10, "open", "visit")}


def test_the_list_of_sites_may_change_and_may_be_broken(history):
    lists = {at("10:00:00"): SITES[:3], at("11:00:00"): ValueError("sites.toml 第3行，看不懂"), at("12:00:00"): SITES}

    async def watch():
        clock = SteppedClock(at("09:00:00"))

        def news():
            due = next((when for when in lists if when <= clock.now()), None)
            found = lists.pop(due) if due else None
            if isinstance(found, ValueError):
                raise found
            return found

        async with watching(history, clock, news=news) as told:
            await clock.wait(4 * HOUR)
        return told
    told = run(watch())
    found = visits(history)
    assert [found[str(number)] for number in range(3)] == [parts(9, 12)] * 3
    assert [found[str(number)] for number in range(3, 6)] == [parts(9, 9) + parts(12, 12)] * 3
    assert told.words == [
        "网站清单有变动，现在采样 3 个网站", "网站清单改坏了，仍按原来的清单采样：sites.toml 第3行，看不懂", "网站清单有变动，现在采样 6 个网站",
    ]


class Failing:
    """A history that cannot be written, or not even read, between two times."""

    def __init__(self, history, clock, broken: tuple[str, ...]) -> None:
        self._history, self._clock, self._broken = history, clock, broken

    def __getattr__(self, name):
        if name in self._broken and at("10:00:00") <= self._clock.now() < at("11:30:00"):
            raise HistoryError("历史库 h.sqlite3：磁盘已满，写不进去")
        return getattr(self._history, name)


@pytest.mark.parametrize("broken", [("write_round",), ("write_round", "slots", "taken", "usual")], ids=["disk full", "database gone"])
def test_a_history_that_fails_costs_only_the_rounds_of_that_time(history, broken):
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(Failing(history, clock, broken), clock) as told:
            await clock.wait(4 * HOUR)
        return told
    told = run(watch())
    for found in visits(history).values():
        assert set(parts(9, 9) + parts(12, 12)) <= set(found) <= set(parts(9, 12))
    assert any(parts(11, 11)[0] in found for found in visits(history).values()), "it went on soon after"
    assert 2 <= len(told.words) <= 10 and all("磁盘已满" in words and "秒后再试" in words for words in told.words)


def test_a_crash_of_ours_costs_one_round(history, monkeypatch):
    crashed = []

    async def of(self, sites, seconds):
        if crashed or len(sites) > 1:
            return {site.id: "" for site in sites}
        crashed.append(sites)
        raise RuntimeError("boom")
    monkeypatch.setattr("pytest_govsite.gather.houses.Houses.of", of)

    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(history, clock) as told:
            await clock.wait(2 * HOUR)
        return told
    told = run(watch())
    assert len(told.words) == 1 and "本工具出错" in told.words[0] and "RuntimeError: boom" in told.words[0]
    assert sum(map(len, visits(history).values())) == 2 * len(SITES) - 1


def test_nobody_left_to_tell_ends_the_watch(history):
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(history, clock) as told:
            told.rounds = None
            await clock.wait(2 * HOUR)
    with pytest.raises(AttributeError):
        run(watch())


def test_housework_is_done_once_a_day(history, monkeypatch):
    days = []
    monkeypatch.setattr(type(history), "tidy", lambda self, today: days.append(today))
    async def watch():
        clock = SteppedClock(at("22:00:00"))
        async with watching(history, clock, sites=SITES[:1]):
            await clock.wait(10 * HOUR)
    run(watch())
    assert days == [TODAY, TODAY + timedelta(days=1)]


def test_a_round_that_does_not_count_starts_no_housework(history, monkeypatch):
    """By a clock that is years ahead all visits would be too old to keep."""
    days = []
    monkeypatch.setattr(type(history), "tidy", lambda self, today: days.append(today))
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(history, clock, sites=SITES[:1], looks=(BAD,)) as told:
            await clock.wait(3 * HOUR)
        return told
    assert {bool(made.void) for made, _ in run(watch()).rounds} == {True} and not days


def test_rounds_overlap_while_failures_are_confirmed(history):
    """Ten minutes with a visit every few seconds, a tenth of which fail: nobody waits for others' confirmation."""
    sites = [invented(number) for number in range(300)]
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        met = lambda site, *_: Reason.REFUSED if site.endswith("0") else None
        async with watching(history, clock, sites=sites, met=met) as told:
            await clock.wait(20 * 60)
        return told
    told = run(watch())
    plan = history.slots(TODAY, "here")
    late = [(row.at - plan[row.site][9]).total_seconds() for _, samples in told.rounds for row in samples if row.kind == "visit"]
    assert len(late) > 80 and max(late) < 5
    assert {made.void for made, _ in told.rounds} == {""}
    kinds = [row.kind for _, samples in told.rounds for row in samples if row.state == "failed"]
    assert kinds.count("again") == kinds.count("visit") > 5


def test_a_plan_of_more_parts_is_kept_by_those_who_have_it(history):
    """Whoever changes --per-day in the middle of a day changes the next one."""
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(history, clock, sites=SITES[:3], per_day=48):
            await clock.wait(HOUR)
        async with watching(history, clock, per_day=24):
            await clock.wait(HOUR)
    run(watch())
    rows = {site.id: history.samples(site.id, TODAY, TODAY) for site in SITES}
    assert [[(row.slots, row.slot) for row in rows[str(n)]] for n in range(3)] == [[(48, slot) for slot in range(18, 22)]] * 3
    assert [[(row.slots, row.slot) for row in rows[str(n)]] for n in range(3, 6)] == [[(24, 10)]] * 3
    assert all(slot_of(row.at, row.slots) == row.slot for found in rows.values() for row in found)


def test_a_site_that_was_down_all_day_is_no_sign_of_ours(history):
    """Three of seven are dead for good; from the second day on the other four are judged all the same."""
    sites = [invented(number) for number in range(7)]
    moment = start_of(TODAY) + timedelta(hours=9)
    async def watch():
        clock = SteppedClock(moment)
        met = lambda site, *_: Reason.REFUSED if site in "012" else None
        made = []
        tools = Tools(InventedVisitor(clock, met), InventedCanaries(FINE), clock=clock)
        station = Station(history, settings(vantage="here"), 24, tools)
        station.set_sites(sites)
        for _ in range(26):  # an hourly job that visits all at once
            await station.timetable.prepare(clock.now())
            made.append((await station.take(station.timetable.at_once(clock.now())))[0])
            await clock.wait(HOUR - (clock.now() - moment).total_seconds() % HOUR)
        return made
    made = run(watch())
    assert [bool(each.void) for each in made] == [True] * 20 + [False] * 6
    assert "7 个地址中有 3 个同时打不开" in made[0].void


def test_it_says_at_the_start_when_the_first_visit_is_due(history):
    async def watch():
        clock = SteppedClock(at("09:00:00"))
        async with watching(history, clock, sites=SITES[:1]) as told:
            await clock.wait(2 * HOUR)
        return told
    told = run(watch())
    assert told.idle == [history.slots(TODAY, "here")["0"][9]]
