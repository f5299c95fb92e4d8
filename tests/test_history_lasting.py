"""What the years do to a history: days rolled up, old visits deleted, two histories made one; and how it is searched."""
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from history_samples import (
    DAY, FIRST, HERE, LAST, NOON, THERE, count, day_of_visits, failed, inspected, looking_inside, round_, sample, write,
)
from sqlalchemy import event, insert, select

from pytest_govsite.history import Day, Merged, Tidied, open_history
from pytest_govsite.history.database import open_database
from pytest_govsite.history.schema import DAYS, SAMPLES, UNROLLED, WORDS
from pytest_govsite.model.availability import SHANGHAI

HOUR, ONE_DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def history(history_place):
    with open_history(history_place) as history:
        yield history


def seconds(total):
    return {"connect": total / 2, "body": total / 2}


DAYS_AND_VISITS = {
    "nothing": ([], []),
    "open ones are timed": (
        [sample(at=NOON + n * HOUR, seconds=seconds(took)) for n, took in enumerate((0.5, 4, 1))],
        [Day(DAY, HERE, 4, 3, 3, 0, 0, 0, median=1000, slowest=4000)],
    ),
    "each state is counted": (
        [
            sample(seconds=seconds(2)), failed(at=NOON + HOUR), failed(at=NOON + 2 * HOUR),
            failed(at=NOON + 3 * HOUR, state="walled"), failed(at=NOON + 4 * HOUR, state="void"),
        ],
        [Day(DAY, HERE, 4, 5, 1, 2, 1, 1, median=2000, slowest=2000)],
    ),
    "never open": ([failed()], [Day(DAY, HERE, 4, 1, 0, 1, 0, 0)]),
    "second visits and Chromium's are no visits": (
        [failed(), failed(kind="again"), sample(kind="browser", family=0)], [Day(DAY, HERE, 4, 1, 0, 1, 0, 0)],
    ),
    "families, vantages and days apart": (
        [failed(), failed(family=6), failed(vantage=THERE), failed(at=NOON - 24 * HOUR)],
        [Day(DAY - ONE_DAY, HERE, 4, 1, 0, 1, 0, 0)]
        + [Day(DAY, vantage, family, 1, 0, 1, 0, 0) for vantage, family in ((THERE, 4), (HERE, 4), (HERE, 6))],
    ),
}


@pytest.mark.parametrize(("visits", "expected"), DAYS_AND_VISITS.values(), ids=DAYS_AND_VISITS)
def test_days_are_the_same_before_and_after_they_are_rolled_up(history, visits, expected):
    write(history, *visits, sample("another"))
    assert list(history.days("xuanhan", FIRST, LAST)) == sorted(expected, key=lambda day: (day.day, day.vantage, day.family))
    history.tidy(DAY + ONE_DAY)
    assert list(history.days("xuanhan", FIRST, LAST)) == sorted(expected, key=lambda day: (day.day, day.vantage, day.family))


def test_a_day_is_rolled_up_when_it_is_over(history_place):
    with open_history(history_place) as history:
        write(history, sample(), sample(at=NOON + 24 * HOUR))
        assert history.tidy(DAY) == Tidied() and count(history_place, DAYS) == 0
        assert history.tidy(DAY + ONE_DAY) == Tidied(days=1) and count(history_place, DAYS) == 1
        assert history.tidy(DAY + ONE_DAY) == Tidied()
        assert history.tidy(DAY + 2 * ONE_DAY) == Tidied(days=1) and count(history_place, UNROLLED) == 0
        assert len(history.samples("xuanhan", FIRST, LAST)) == 2


def test_visits_that_come_late_are_counted(history):
    """A second vantage is merged when the day is long over."""
    write(history, sample())
    history.tidy(DAY + ONE_DAY)
    write(history, failed(at=NOON + HOUR), sample(vantage=THERE))
    found = [(day.vantage, day.visits, day.failed) for day in history.days("xuanhan", DAY, DAY)]
    assert sorted(found) == sorted([(HERE, 2, 1), (THERE, 1, 0)])
    assert history.tidy(DAY + ONE_DAY) == Tidied(days=1)
    assert [(day.vantage, day.visits, day.failed) for day in history.days("xuanhan", DAY, DAY)] == found


THIRTEEN_MONTHS = {
    "an ordinary day": (date(2027, 6, 15), date(2026, 5, 15)),
    "the end of a month clips": (date(2027, 3, 31), date(2026, 2, 28)),
    "of a leap year, too": (date(2029, 3, 31), date(2028, 2, 29)),
    "across a year": (date(2027, 1, 1), date(2025, 12, 1)),
}


@pytest.mark.parametrize(("today", "kept"), THIRTEEN_MONTHS.values(), ids=THIRTEEN_MONTHS)
def test_visits_go_after_thirteen_months_and_their_days_stay(history, today, kept):
    for day in (kept - ONE_DAY, kept):
        for each in day_of_visits("a", day, slots=3):
            write(history, each)
    tidied = history.tidy(today)
    assert tidied == Tidied(days=2, samples=3, rounds=3)
    assert {each.day for each in history.samples("a", FIRST, LAST)} == {kept}
    assert {each.began.astimezone(SHANGHAI).date() for each in history.rounds(FIRST, LAST)} == {kept}
    assert [(day.day, day.visits) for day in history.days("a", FIRST, LAST)] == [(kept - ONE_DAY, 3), (kept, 3)]
    assert history.tidy(today) == Tidied()


def test_nothing_goes_that_is_not_in_the_roll_up(history_place):
    """Visits that arrive between the rolling up and the deleting wait for the next time."""
    with open_history(history_place) as history:
        write(history, sample(), sample("b"))
        history.tidy(DAY + ONE_DAY)
        with looking_inside(history_place) as connection:
            site = connection.execute(select(SAMPLES.c.site).limit(1)).scalar()
            connection.execute(insert(UNROLLED).values(site=site, day=(DAY - date(1970, 1, 1)).days))
        database = open_database(history_place, read_only=False)
        from pytest_govsite.history import tidying

        limits = tidying.Limits.on(DAY + timedelta(days=500))
        with database.writing(alone=True) as session:
            assert sum(tidying.delete_samples(session, sites, limits) for sites in tidying.some_sites(session)) == 1
        database.close()
        assert history.tidy(DAY + timedelta(days=500)) == Tidied(days=1, samples=1, rounds=1)


def test_visits_older_than_their_deleted_day_change_nothing(history):
    """The roll-up has counted what is gone: the late ones alone would falsify it."""
    write(history, *day_of_visits("a", DAY, slots=3))
    history.tidy(DAY + timedelta(days=500))
    before = history.days("a", FIRST, LAST)
    assert write(history, failed("a", NOON, slot=0, slots=1)) == 1
    assert history.tidy(DAY + timedelta(days=500)) == Tidied(days=1, samples=1, rounds=1)
    assert history.days("a", FIRST, LAST) == before and before[0].visits == 3


def test_words_that_only_old_visits_used_go_with_them(history_place):
    """A site that puts a session into its address would fill the disk otherwise."""
    with open_history(history_place) as history:
        for each in day_of_visits("a", DAY):
            write(history, replace(each, url=f"http://a/;jsessionid={each.slot}", round="old"))
        write(history, sample("a", NOON + timedelta(days=420), title="新标题"), sample("b", NOON, title="宣汉县人民政府"))
        before = count(history_place, WORDS)
        history.tidy(DAY + timedelta(days=470))
        assert before - count(history_place, WORDS) >= 24 + 1
        kept, = history.samples("a", FIRST, LAST)
        assert kept.title == "新标题" and kept.address == "10.1.2.3" and history.days("b", DAY, DAY)
        write(history, sample("a", NOON + timedelta(days=421)))
        assert history.samples("a", FIRST, LAST)[1].title == "宣汉县人民政府"


def test_plans_go_after_fourteen_days(history):
    days = [DAY - timedelta(days=back) for back in (0, 14, 15, 400)]
    for day in days:
        history.save_slots(day, HERE, {"a": [NOON], "b": [NOON]})
    assert history.tidy(DAY) == Tidied(plans=4)
    assert [bool(history.slots(day, HERE)) for day in days] == [True, True, False, False]


def test_inspections_and_first_sights_stay(history):
    history.record(inspected())
    history.see("a", ["http://a/1"], NOON)
    history.tidy(DAY + timedelta(days=5000))
    assert history.inspections() == (inspected(),) and history.first_seen("a") == {"http://a/1": NOON}


def fill(history, vantage, hour, run):
    """A history of its own: some of it the same as the others'."""
    at = NOON + hour * HOUR
    write(history, sample("a", at, vantage=vantage), failed("a", at, vantage=vantage, kind="again"), sample("b", NOON, vantage=HERE))
    history.save_slots(DAY, vantage, {"a": [at]})
    history.see("a", ["http://a/1", f"http://a/{vantage}"], at)
    history.record(inspected(run, at))
    history.record(inspected("the same", NOON - 2 * HOUR))


@pytest.mark.parametrize("inwards", [True, False], ids=["a file into it", "it into a file"])
def test_two_histories_become_one(history, tmp_path, inwards):
    with open_history(tmp_path / "second.sqlite3") as second:
        fill(history, HERE, 0, "run 1")
        fill(second, THERE, -1, "run 2")
        write(second, *[sample("c", NOON + n * HOUR, vantage=f"外地{n}", title=f"标题{n}") for n in range(5)])
        second.tidy(DAY + ONE_DAY)
        into, other = (history, second) if inwards else (second, history)
        theirs = {site: other.samples(site, FIRST, LAST) for site in "abc"}
        merged = into.merge(other)
        assert merged == (Merged(7, 6, 1, 2, 7) if inwards else Merged(2, 0, 1, 1, 0))
        for site, samples in theirs.items():
            assert set(samples) <= set(into.samples(site, FIRST, LAST))
        assert len(into.samples("a", FIRST, LAST)) == 4 and len(into.rounds(FIRST, LAST)) == 7
        assert [each.run for each in into.inspections()] == ["run 1", "run 2", "the same"]
        assert into.first_seen("a") == {"http://a/1": NOON - HOUR, f"http://a/{THERE}": NOON - HOUR, f"http://a/{HERE}": NOON}
        assert {day.vantage for day in into.days("a", FIRST, LAST)} == {HERE, THERE}
        assert into.merge(other) == into.merge(into) == Merged()
        assert {site: other.samples(site, FIRST, LAST) for site in "abc"} == theirs


def test_a_long_history_is_merged_part_by_part(history, tmp_path, monkeypatch):
    from pytest_govsite.history import merging

    monkeypatch.setattr(merging, "AT_ONCE", 5)
    with open_history(tmp_path / "second.sqlite3") as second:
        for site in ("a", "b"):
            write(second, *day_of_visits(site, DAY, THERE))
        second.see("a", [f"http://a/{n}" for n in range(12)], NOON)
        assert history.merge(second) == Merged(samples=48, rounds=24, first_seen=12)
        assert second.merge(history) == Merged()
        for site in ("a", "b"):
            assert history.samples(site, DAY, DAY) == second.samples(site, DAY, DAY) and len(second.samples(site, DAY, DAY)) == 24


def test_a_merge_that_fails_leaves_nothing(history, tmp_path, monkeypatch):
    from pytest_govsite.history import merging

    with open_history(tmp_path / "second.sqlite3") as second:
        fill(second, THERE, 0, "run")
        monkeypatch.setitem(merging.WORDS_OF, merging.INSPECTIONS, (("no such column",), ()))
        with pytest.raises(KeyError):
            history.merge(second)
        assert history.samples("a", FIRST, LAST) == history.rounds(FIRST, LAST) == ()
        monkeypatch.undo()
        assert history.merge(second).samples == 3


def test_days_that_are_only_rolled_up_are_merged(history, tmp_path):
    with open_history(tmp_path / "old.sqlite3") as old:
        write(old, *day_of_visits("a", DAY, slots=3))
        old.tidy(DAY + timedelta(days=500))
        assert history.merge(old) == Merged(days=1)
        assert history.days("a", FIRST, LAST) == old.days("a", FIRST, LAST) != ()


ASKED = {
    "a week": lambda history: history.samples("b", DAY - 7 * ONE_DAY, DAY),
    "the usual look": lambda history: history.usual("b", NOON),
    "days": lambda history: history.days("b", DAY - 7 * ONE_DAY, DAY),
    "what is taken": lambda history: history.taken(DAY, HERE),
    "the plan": lambda history: history.slots(DAY, HERE),
    "rounds": lambda history: history.rounds(DAY, DAY),
    "housework": lambda history: history.tidy(DAY + ONE_DAY),
    "old visits deleted": lambda history: history.tidy(DAY + 500 * ONE_DAY),
    "a round written": lambda history: write(history, sample("c")),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_nothing_searches_the_whole_store(tmp_path, ask):
    """However large it is: by the key, or step by step from one site to the next. SQLite tells its plan beforehand."""
    plans = []

    def explain(connection, cursor, statement, parameters, context, many):
        if statement.startswith(("SELECT", "WITH", "DELETE")) and not many:
            details = connection.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plans.extend(row[3] for row in details)

    with open_history(tmp_path / "h.sqlite3") as history:
        write(history, *day_of_visits("a", DAY), *day_of_visits("b", DAY))
        history.save_slots(DAY, HERE, {"a": [NOON]})
        event.listen(history._database.engine, "before_cursor_execute", explain)
        ask(history)
    assert plans and not [plan for plan in plans if plan.startswith(("SCAN govsite_samples", "SCAN govsite_rounds", "SCAN govsite_plans"))]


def test_a_naive_time_is_refused(history):
    """Nobody could say which day it lies in."""
    with pytest.raises(TypeError):
        history.see("a", ["http://a/"], datetime(2026, 11, 20))
    assert history.first_seen("a") == {}


def test_rounds_of_midnight_belong_to_the_day_they_began(history):
    history.write_round(round_(NOON + 12 * HOUR - timedelta(seconds=30)), [])
    assert len(history.rounds(DAY, DAY)) == 1 and not history.rounds(DAY + ONE_DAY, DAY + ONE_DAY)
