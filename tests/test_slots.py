"""The parts of a day and the plan of its visits: laws that hold for every list of sites."""
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_govsite.availability.dues import due_by, next_due
from pytest_govsite.availability.slots import plan_day, slot_of, start_of
from pytest_govsite.model.availability import SHANGHAI

DAY = date(2026, 11, 20)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
PARTS = st.integers(20, 288)
SITES = st.dictionaries(st.text(min_size=1, max_size=8), st.sampled_from(["10.0.0.1", "10.0.0.2", "fd00::1", ""]), max_size=60)


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}+08:00")


PLACES = {
    "the first moment": (at("00:00:00"), 24, 0),
    "the last moment": (at("23:59:59.999999"), 24, 23),
    "the end of a part": (at("14:59:59.999999"), 24, 14),
    "the start of a part": (at("15:00:00"), 24, 15),
    "another zone": (datetime(2026, 11, 19, 16, 0, tzinfo=UTC), 24, 0),
    "short parts": (at("00:05:00"), 288, 1),
    "parts that are no whole seconds": (at("23:59:59"), 23, 22),
}


@pytest.mark.parametrize("moment, slots, slot", PLACES.values(), ids=PLACES)
def test_a_time_lies_in_a_part_of_its_day_in_china(moment, slots, slot):
    assert slot_of(moment, slots) == slot


@given(DAYS, SITES, PARTS, st.integers())
@settings(max_examples=60, deadline=None)
def test_each_site_is_due_once_in_each_part_and_never_close_to_its_last_time(day, sites, slots, seed):
    plan = plan_day(day, sites, slots, seed)
    part = 86400 / slots
    assert plan.keys() == sites.keys()
    for times in plan.values():
        assert [slot_of(due, slots) for due in times] == list(range(slots))
        assert {due.astimezone(SHANGHAI).date() for due in times} == {day}
        gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
        assert min(gaps) >= part / 4 - 1, "due times stand on whole seconds"
        assert all(part * 0.2 <= part - (due - start_of(day)).total_seconds() % part for due in times), "room for a visit that is late"


@given(SITES, st.integers())
@settings(max_examples=30, deadline=None)
def test_the_same_seed_gives_the_same_plan_and_other_groups_no_other(sites, seed):
    plan = plan_day(DAY, sites, seed=seed)
    assert plan_day(DAY, dict(reversed(sites.items())), seed=seed) == plan
    own = {site: group for site, group in sites.items() if group == "10.0.0.1"}
    assert plan_day(DAY, own, seed=seed).items() <= plan.items()


@given(st.integers(2, 45), st.integers())
@settings(max_examples=40, deadline=None)
def test_hosts_on_one_address_are_a_minute_apart_where_there_is_room(members, seed):
    plan = plan_day(DAY, {f"s{number}": "10.0.0.1" for number in range(members)}, seed=seed)
    for slot in range(24):
        times = sorted(times[slot] for times in plan.values())
        assert min(later - earlier for earlier, later in pairwise(times)) >= timedelta(seconds=60)


def test_many_hosts_on_one_address_are_spread_evenly():
    plan = plan_day(DAY, {f"s{number}": "10.0.0.1" for number in range(400)})
    minutes = [(times[9].hour, times[9].minute) for times in plan.values()]
    assert max(map(minutes.count, minutes)) <= 11, "400 in 45 minutes are 9 a minute"


def test_times_are_no_regular_ones():
    times = plan_day(DAY, {"s": "10.0.0.1"})["s"]
    assert len({(due.minute, due.second) for due in times}) > 20
    others = plan_day(DAY + timedelta(days=1), {"s": "10.0.0.1"})["s"]
    assert [due.time() for due in others] != [due.time() for due in times]


def test_all_sites_of_the_country_are_planned_in_a_moment():
    sites = {f"s{number}": f"10.0.{number // 40 // 250}.{number // 40 % 250}" for number in range(14_000)}
    began = time.process_time()
    assert len(plan_day(DAY, sites)) == 14_000
    assert time.process_time() - began < 3


PLAN = {"jia": (at("01:10:00"), at("13:20:00")), "yi": (at("02:00:00"), at("14:00:00"))}  # two parts a day
DUE = {
    "nothing yet": ("01:00:00", "01:05:00", set(), []),
    "one, late": ("01:30:00", "01:31:00", set(), [("jia", 0)]),
    "one, about to be": ("01:09:30", "01:10:30", set(), [("jia", 0)]),
    "by time": ("02:30:00", "02:31:00", set(), [("jia", 0), ("yi", 0)]),
    "taken": ("02:30:00", "02:31:00", {("jia", 0)}, [("yi", 0)]),
    "a part that has passed is no data": ("12:00:00", "12:01:00", set(), []),
    "only the part that it is": ("13:30:00", "13:31:00", set(), [("jia", 1)]),
    "both sides of a border": ("11:59:50", "13:30:00", {("jia", 0)}, [("yi", 0), ("jia", 1)]),
}


@pytest.mark.parametrize("now, until, taken, turns", DUE.values(), ids=DUE)
def test_what_is_due(now, until, taken, turns):
    found = due_by(PLAN, at(now), at(until), taken)
    assert [(turn.site, turn.slot) for turn in found] == turns
    assert all(turn.slots == 2 for turn in found)


NEXT = {"before all": ("00:00:00", "01:10:00"), "between": ("02:00:00", "13:20:00"), "after all": ("14:00:00", None)}


@pytest.mark.parametrize("after, due", NEXT.values(), ids=NEXT)
def test_the_next_visit(after, due):
    assert next_due(PLAN, at(after)) == (due and at(due))
