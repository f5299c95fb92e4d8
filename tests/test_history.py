"""What a history keeps and gives back: one contract for SQLite and for a real PostgreSQL server."""
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date, datetime, timedelta

import pytest
from history_samples import (
    DAY, FIRST, HERE, LAST, NOON, TABLE, THERE, cut, failed, inspected, round_, sample, write,
)
from small_editions import row

from pytest_govsite.history import HistoryError, default_place, open_history
from pytest_govsite.model.availability import SHANGHAI, Sample, Usual
from pytest_govsite.model.finding import Finding
from pytest_govsite.model.missing import Reason

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def history(history_place):
    with open_history(history_place) as history:
        yield history


ROUND_TRIPS = {
    "every field": sample(),
    "as little as there can be": Sample("a", NOON, 4, "visit", "open", vantage=HERE, round="r"),
    "IPv6": sample(family=6, address="fd00::3"),
    "the browser's": failed(kind="browser", family=0, reason=Reason.BROWSER_DIED, state="void"),
    "a wall": failed(kind="again", state="walled", reason=Reason.WALL, answered=True, status=412),
    "a digest that is a negative number": sample(digest="ffeeddccbbaa9988"),
    "another number of slots": sample(slot=95, slots=96),
    "a time of another zone": sample(at=datetime.fromisoformat("2026-11-20T03:59:59.999999+00:00")),
    "fractions of milliseconds": sample(seconds={"resolve": 0.0004, "body": 14.9996}),
    "a phase of its own": sample(seconds={"resolve": 0.5, "load": 2.25}),
    "no phase at all": failed(seconds={}),
}


@pytest.mark.parametrize("kept", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_a_sample_comes_back_as_it_went_in(history, kept):
    assert write(history, kept) == 1
    assert history.samples(kept.site, FIRST, LAST) == (cut(kept),)


def test_the_round_trips_fill_every_field():
    default = ROUND_TRIPS["as little as there can be"]
    for field in fields(Sample):
        if field.name not in ("site", "at", "vantage", "round"):
            assert any(getattr(each, field.name) != getattr(default, field.name) for each in ROUND_TRIPS.values()), field.name


HOSTILE = {
    "NUL": ("标\0题", "标\ufffd题"),
    "half of a surrogate pair": ("\ud83d首页", "\ufffd首页"),
    "both halves in the wrong order": ("\udc00\ud800", "\ufffd\ufffd"),
    "beyond the basic plane": ("𠮷😀", "𠮷😀"),
    "endless": ("长" * 100_000, "长" * 2000),
    "quotes and percent signs": ("'; DROP TABLE \"x\" -- %s %(a)s :b ?", "'; DROP TABLE \"x\" -- %s %(a)s :b ?"),
    "lines": ("一\r\n二\u2028三\x85", "一\r\n二\u2028三\x85"),
}


@pytest.mark.parametrize(("text", "kept"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_cleaned_and_kept(history, text, kept):
    names = ("detail", "url", "address", "title", "vantage", "site", "round")
    hostile = replace(failed(), **dict.fromkeys(names, text))
    assert history.write_round(replace(round_(), id=text, vantage=text, void=text), [hostile]) == 1
    assert history.write_round(round_(), [hostile]) == 0
    assert history.samples(text, DAY, DAY) == (replace(cut(hostile), **dict.fromkeys(names, kept)),)
    assert history.samples(kept, DAY, DAY) == history.samples(text, DAY, DAY)
    stored, = history.rounds(DAY, DAY, [text])
    assert (stored.id, stored.vantage, stored.void) == (kept, kept, kept)
    history.see(text, [text, kept], NOON)
    assert history.first_seen(text) == {kept: NOON}


SAME = {
    "the very same": ({}, 0),
    "a later visit of the same slot": ({"at": NOON + 20 * MINUTE, "state": "failed", "status": 500}, 0),
    "the same round": ({"round": "another"}, 0),
    "another vantage": ({"vantage": THERE}, 1),
    "another site": ({"site": "dazhou"}, 1),
    "the same slot of the next day": ({"at": NOON + 24 * HOUR, "slot": 12}, 1),
    "another slot": ({"slot": 13}, 1),
    "a day cut differently": ({"slots": 48}, 1),
    "the other family": ({"family": 6}, 1),
    "the plain second visit": ({"kind": "again"}, 1),
    "Chromium's": ({"kind": "browser", "family": 0}, 1),
}


@pytest.mark.parametrize(("change", "new"), SAME.values(), ids=SAME)
def test_a_slot_counts_once(history, change, new):
    first, second = sample(), sample(**change)
    assert write(history, first) == 1
    assert write(history, second) == new
    kept = {each for site in {first.site, second.site} for each in history.samples(site, FIRST, LAST)}
    assert kept == {cut(first), *([cut(second)] if new else [])}


def test_a_round_names_its_samples(history):
    """Whoever made a sample need not know where and in which round."""
    bare = sample(vantage="", round="")
    assert history.write_round(round_(vantage=THERE), [bare, replace(bare, family=6), bare]) == 2
    assert {(each.vantage, each.round) for each in history.samples("xuanhan", DAY, DAY)} == {(THERE, round_(vantage=THERE).id)}


def test_many_rounds_at_once(history):
    """All of them or none."""
    rounds = [(round_(at), [sample(at=at, round="")]) for at in (NOON, NOON + HOUR)]
    assert history.write_rounds(rounds) == 2 and history.write_rounds(rounds) == 0
    with pytest.raises(ValueError):
        history.write_rounds([(round_(NOON + 2 * HOUR), [sample(at=NOON + 2 * HOUR)]), (round_(NOON + 3 * HOUR), [sample(kind="no such")])])
    assert len(history.samples("xuanhan", DAY, DAY)) == len(history.rounds(DAY, DAY)) == 2


@pytest.mark.parametrize("as_of", [date(2026, 12, 3), date(2027, 1, 4), date(2028, 3, 1), date(2027, 3, 1)])
def test_a_week_across_the_end_of_a_month_or_a_year(history, as_of):
    """Days are China's: the last moment of one and the first of the next lie in two."""
    days = [as_of - timedelta(days=back) for back in range(9)]
    for day in days:
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        write(history, sample(at=midnight), sample(at=midnight + 24 * HOUR - timedelta(milliseconds=1), slot=23), sample("x", midnight))
    week = history.samples("xuanhan", days[7], days[1])
    assert [(each.day, each.slot) for each in week] == [(day, slot) for day in days[7:0:-1] for slot in (0, 23)]
    assert {each.began.astimezone(SHANGHAI).date() for each in history.rounds(days[7], days[1])} == set(days[1:8])


def test_several_vantages_stand_side_by_side(history):
    two = [sample(vantage=HERE), failed(vantage=THERE, at=NOON + MINUTE)]
    write(history, *two)
    assert history.samples("xuanhan", DAY, DAY) == tuple(map(cut, two))
    assert history.taken(DAY, HERE) == history.taken(DAY, THERE) == {("xuanhan", 12)}
    assert [each.vantage for each in history.rounds(DAY, DAY)] == [HERE, THERE]
    assert [each.vantage for each in history.rounds(DAY, DAY, [THERE, "nobody"])] == [THERE]
    assert history.rounds(DAY, DAY, ["nobody"]) == ()


def test_a_round_comes_back_as_it_went_in(history):
    kept = round_(tried=12, failed=3, tried6=5, failed6=2, void="本机时钟走快了 7 秒", sites=800, down=17)
    history.write_round(kept, [])
    history.write_round(replace(kept, void=""), [])
    assert history.rounds(DAY, DAY) == (kept,)
    assert history.rounds(DAY - timedelta(days=1), DAY - timedelta(days=1)) == ()


def test_taken_slots_are_those_of_planned_visits(history):
    write(history, sample(), sample("b", NOON + HOUR), failed(kind="again", slot=14), sample("c", kind="browser", family=0))
    write(history, sample("a", NOON - 24 * HOUR), sample("b", NOON + 12 * HOUR))
    assert history.taken(DAY, HERE) == {("xuanhan", 12), ("b", 13)}
    assert history.taken(DAY + timedelta(days=7), HERE) == history.taken(DAY, "nobody") == frozenset()


def test_the_plan_of_a_day_is_kept_and_only_added_to(history_place):
    due = tuple(NOON + hours * HOUR for hours in (-11.9, 0, 11.99))
    with open_history(history_place) as history:
        assert history.slots(DAY, HERE) == {}
        history.save_slots(DAY, HERE, {"a": due[::-1], "b": due[:1]})
        history.save_slots(DAY, HERE, {"b": due, "c": ()})
        history.save_slots(DAY, THERE, {"a": due[2:]})
    with open_history(history_place) as history:
        assert history.slots(DAY, HERE) == {"a": due, "b": due[:1], "c": ()}
        assert history.slots(DAY, THERE) == {"a": due[2:]}
        assert history.slots(DAY + timedelta(days=1), HERE) == {}


def open_visits(*titles_and_sizes, **more):
    return [
        sample(at=NOON - 240 * HOUR + number * HOUR, title=title, bytes=size, **more)
        for number, (title, size) in enumerate(titles_and_sizes)
    ]


USUAL = {
    "nothing yet": ([], None),
    "one visit": (open_visits(("首页", 500)), Usual("首页", 500)),
    "the middle size, the commonest title": (open_visits(("首页", 1), ("首页", 900), ("维护", 20)), Usual("首页", 20)),
    "the last twenty": (open_visits(*[("旧", 1)] * 30, *[("新", 5)] * 20), Usual("新", 5)),
    "failures and walls do not count": ([failed(title="502", bytes=9), failed(state="walled", slot=13)], None),
    "nor does the other family": (open_visits(("首页", 500), family=6), None),
    "nor what came later": ([sample(at=NOON + HOUR)], None),
    "nor the second visit": ([sample(kind="again")], None),
}


@pytest.mark.parametrize(("visits", "expected"), USUAL.values(), ids=USUAL)
def test_how_a_page_usually_looks(history, visits, expected):
    write(history, *visits, sample("b", NOON - HOUR, title="别的站"))
    assert history.usual("xuanhan", NOON + MINUTE) == expected
    assert history.usual("nobody", NOON) is None


def test_the_other_family_has_its_own_look(history):
    write(history, *open_visits(("首页", 500), family=6))
    assert history.usual("xuanhan", NOON, 6) == Usual("首页", 500)


def faults(*says):
    return tuple(Finding("http://www.demo.gov.cn/", "栏目", text, shot="sites/demo/1.png") for text in says)


INSPECTED = {
    "a whole one": inspected(),
    "part of it, without rows": inspected(partial=True, rows=(), scorecard={}),
    "Chinese, hostile, nested": inspected(
        scorecard={"name": "宣汉\0县\ud800", "total": {"low": None, "items": [1, True, "88.5"]}},
        rows=(row(TABLE, "many.10", "deduct", "-1", findings=faults("两周\0未更新", "线\u2028行")),),
    ),
}


@pytest.mark.parametrize("kept", INSPECTED.values(), ids=INSPECTED)
def test_an_inspection_comes_back_as_it_went_in(history, kept):
    history.record(kept)
    assert history.inspections() == (kept,)


def test_inspections_newest_first(history):
    times = [NOON - 48 * HOUR, NOON, NOON - 24 * HOUR]
    runs = [inspected(f"run {number}", at) for number, at in enumerate(times)]
    runs += [inspected("run 1", NOON - HOUR, edition="other"), inspected("run 1", NOON - 2 * HOUR, site="b")]
    for each in runs:
        history.record(each)
    ordered = sorted(runs, key=lambda each: each.at, reverse=True)
    assert history.inspections() == tuple(ordered)
    assert history.inspections(limit=2) == tuple(ordered[:2])
    assert history.inspections("demo", TABLE.id) == (runs[1], runs[2], runs[0])
    assert history.inspections("b") == (runs[4],) and history.inspections(edition="other") == (runs[3],)
    assert history.inspections("nobody") == history.inspections("demo", limit=0) == ()


def test_the_same_run_recorded_again_replaces(history):
    history.record(inspected(partial=True))
    history.record(inspected())
    assert history.inspections() == (inspected(),)


def test_the_earliest_sight_stays(history):
    history.see("a", ["http://a/1", "http://a/2", "http://a/1"], NOON)
    history.see("a", ["http://a/2", "http://a/3"], NOON - HOUR)
    history.see("a", iter(["http://a/1", "http://a/2"]), NOON + HOUR)
    history.see("b", ["http://a/1"], NOON + HOUR)
    history.see("a", [], NOON)
    assert history.first_seen("a") == {"http://a/1": NOON, "http://a/2": NOON - HOUR, "http://a/3": NOON - HOUR}
    assert history.first_seen("b") == {"http://a/1": NOON + HOUR} and history.first_seen("c") == {}


def test_closed_and_opened_again(history_place):
    with open_history(history_place) as history:
        write(history, sample())
    with open_history(str(history_place)) as history:
        write(history, sample(at=NOON + HOUR))
        assert len(history.samples("xuanhan", DAY, DAY)) == 2
    with open_history(history_place, read_only=True) as history:
        assert len(history.samples("xuanhan", DAY, DAY)) == 2
        with pytest.raises(HistoryError, match="只读"):
            write(history, sample(at=NOON + 2 * HOUR))


def test_what_is_not_there_reads_as_empty(history_place):
    with open_history(history_place, read_only=True) as history:
        assert history.samples("a", FIRST, LAST) == history.inspections() == history.rounds(FIRST, LAST) == ()
        assert history.first_seen("a") == history.slots(DAY, HERE) == {} and history.usual("a", NOON) is None
        with pytest.raises(HistoryError, match="只读"):
            history.see("a", ["http://a/"], NOON)
    if "://" not in str(history_place):
        assert not history_place.parent.exists()


def test_the_place_comes_from_the_environment(tmp_path, monkeypatch):
    named, given = tmp_path / "环境 100%" / "h?#.sqlite3", tmp_path / "given.sqlite3"
    monkeypatch.setenv("GOVSITE_HISTORY", str(named))
    with open_history() as history:
        assert history.place == str(named) and named.exists()
        write(history, sample())
    with open_history(given) as history:
        assert history.place == str(given)
    monkeypatch.setenv("GOVSITE_HISTORY", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_place().name == "history.sqlite3" and tmp_path in default_place().parents
    with open_history() as history:
        assert history.place == str(default_place())


def test_a_home_folder_may_be_abbreviated(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with open_history("~/h.sqlite3"):
        assert (tmp_path / "h.sqlite3").exists()


def test_every_pytest_run_goes_without_sqlalchemy():
    """The plugin is loaded in everybody's runs; the database library alone would cost them a second."""
    source = "import sys, pytest_govsite.plugin, pytest_govsite.history as h; h.open_history, h.HistoryError; print([*sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True).stdout
    assert "'pytest_govsite.history.opening'" in loaded
    assert not [name for name in ("sqlalchemy", "alembic", "psycopg", "sqlite3") if f"'{name}'" in loaded]
