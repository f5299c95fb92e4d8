"""The week that the demo brings along: what befell the visits, and what the check makes of it, without any network."""
from datetime import date, timedelta

import pytest

from pytest_govsite import checking, editions
from pytest_govsite.availability import health_of, slots_of, tally
from pytest_govsite.demo import PLANTED, World
from pytest_govsite.demo.outages import SITE
from pytest_govsite.judging import judge, judge_raised
from pytest_govsite.model.availability import DAYS, SHANGHAI, Week
from pytest_govsite.model.finding import Undetermined

DAY = date(2026, 11, 20)
CHECK = checking.read_check(checking.folder() / "availability" / "unreachable_site.py").function

# what the world is told: standings of the 168 parts of the week, then outcome and blame
WEEKS = {
    "planted": ({}, {"open": 159, "failed": 9}, ("veto", None)),
    "clean": ({"clean": True}, {"open": 155, "failed": 5, "unsure": 3, "void": 4, "missing": 1}, ("pass", None)),
    "another fault": (
        {"faults": ["links.1"]}, {"open": 155, "failed": 5, "unsure": 3, "void": 4, "missing": 1}, ("pass", None),
    ),
    "by rule": ({"faults": ["availability.1"]}, {"open": 159, "failed": 9}, ("veto", None)),
    "busy": ({"faults": ["availability.1:busy"]}, {"open": 154, "failed": 14}, ("veto", None)),
    "short": ({"faults": ["week:short"]}, {"open": 72, "missing": 96}, ("undetermined", "history")),
    "walled": ({"faults": ["week:walled"]}, {"open": 96, "walled": 72}, ("undetermined", "wall")),
    "our own network": ({"faults": ["week:ours"]}, {"open": 120, "void": 48}, ("undetermined", "vantage")),
    "passing": ({"faults": ["week:passing"]}, {"open": 158, "unsure": 10}, ("undetermined", "vantage")),
}


def week_of(world: World) -> Week:
    samples = sorted((sample for _, mine in world.week for sample in mine), key=lambda sample: sample.at)
    return Week(DAY, tuple(samples), health_of(round for round, _ in world.week))


def verdict_on(world: World):
    item, rule = editions.load("sichuan2021").rule("availability.1")
    try:
        return judge(item, rule, world.site, CHECK(week_of(world), world.site), DAY)
    except Undetermined as error:
        return judge_raised(error)


@pytest.mark.parametrize("told, standings, verdict", WEEKS.values(), ids=WEEKS)
def test_a_week_is_judged_as_its_line_says(told, standings, verdict):
    world = World(DAY, **told)
    sums = tally(slots_of(week_of(world).samples, DAY))
    assert {name: getattr(sums, name) for name in standings} == standings and sum(standings.values()) == 24 * DAYS
    found = verdict_on(world)
    assert (found.outcome, found.blame) == verdict
    assert [finding.what for finding in found.findings] == ([SITE] if verdict[0] == "veto" else [])


def test_a_careless_judge_would_condemn_the_clean_twin():
    visits = [sample for sample in week_of(World(DAY, clean=True)).samples if sample.kind == "visit"]
    four = [visit for visit in visits if visit.family == 4]
    assert sum(visit.state == "failed" for visit in four) * 20 >= len(four)
    assert sum(visit.state == "failed" for visit in visits if visit.family == 6) * 20 >= len(four)
    assert max(visit.took for visit in four if visit.state == "open") > 14.5


def test_the_same_day_gives_the_same_week():
    assert World(DAY).week == World(DAY).week != World(DAY + timedelta(days=1)).week
    assert World(DAY).week != World(DAY, clean=True).week


def test_visits_lie_in_the_seven_days_each_in_its_own_hour():
    for world in (World(DAY), World(DAY, clean=True)):
        for round, samples in world.week:
            assert {sample.round for sample in samples} == {round.id} and {sample.site for sample in samples} == {world.site.id}
            assert all(round.began < sample.at < round.ended for sample in samples)
            assert all(sample.at.astimezone(SHANGHAI).hour == sample.slot for sample in samples)
            assert all(1 <= (DAY - sample.day).days <= DAYS for sample in samples)
    ids = [round.id for round, _ in World(DAY).week]
    assert len(set(ids)) == len(ids) == 24 * DAYS


def test_a_site_without_ipv6_is_not_visited_over_it():
    families = {
        clean: {sample.family for sample in week_of(World(DAY, clean=clean)).samples if sample.kind == "visit"}
        for clean in (False, True)
    }
    assert families == {False: {4}, True: {4, 6}} and "ipv6.1:no-aaaa" in {fault.id for fault in PLANTED}
