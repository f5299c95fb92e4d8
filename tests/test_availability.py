"""Availability as tables: what a slot says, what a week adds up to, how likely an accident is, and the laws of the verdict."""
from dataclasses import replace
from datetime import UTC, date, timedelta
from fractions import Fraction
from math import comb

import evidence
import pytest
from evidence_week import AS_OF, LETTERS, moment, rows, samples, week
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_govsite import availability, checking, editions, judging
from pytest_govsite.availability import chance, failure_rate, health_of, slots_of, tail, tally
from pytest_govsite.model.availability import DAYS, SLOTS, Health, Round
from pytest_govsite.model.finding import Finding, Undetermined, Unseen
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome

CHECK = checking.discover(checking.folder())["unreachable-site"]
DAY = AS_OF - timedelta(days=1)


def one(*letters: str, family: int = 4) -> availability.Slot:
    """The slot that each of several places saw so."""
    seen = [row for n, letter in enumerate(letters) for row in samples([letter], DAY, family, vantage=f"地点{n}")]
    return next(slot for slot in slots_of(seen, AS_OF) if slot.day == DAY)


def verdict(spec: dict) -> str:
    """pass, veto, or the blame of what is undetermined."""
    try:
        said = CHECK.function(week(spec), evidence.site())
    except Undetermined as stop:
        return str(stop.blame)
    unseen = next((each.blame for each in said if isinstance(each, Unseen)), None)
    return str(unseen) if unseen else "veto" if any(isinstance(each, Finding) for each in said) else "pass"


STANDINGS = {"open": "oWi", "failed": "xabgt", "unsure": "rcsmvp", "walled": "w", "void": "n", "missing": "-"}
SEEN = [(letter, standing) for standing, letters in STANDINGS.items() for letter in letters]


def test_every_letter_has_its_standing():
    assert {letter for letter, _ in SEEN} == {*LETTERS}


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("letter, standing", SEEN)
def test_standing_of_a_slot(letter, standing, family):
    assert one(letter, family=family).standing == standing


TOGETHER = {
    "xo": "open", "ox": "open", "ro": "open", "wo": "open", "no": "open", "-o": "open",
    "xx": "failed", "x-": "failed", "-x": "failed", "xn": "failed", "nx": "failed", "xxx": "failed", "bxt": "failed",
    "xr": "unsure", "rx": "unsure", "xw": "unsure", "wx": "unsure", "r-": "unsure", "rw": "unsure", "xxw": "unsure",
    "w-": "walled", "nw": "walled", "n-": "void", "--": "missing",
}


@pytest.mark.parametrize("letters, standing", TOGETHER.items())
def test_several_places_together(letters, standing):
    assert one(*letters).standing == standing


def test_ipv4_counts_where_there_is_both():
    seen = [*samples(["x"], DAY), *samples(["o"], DAY, 6)]
    slot = slots_of(seen, AS_OF, 1)[0]
    assert (slot.standing, slot.visit.family, len(slot.rows)) == ("failed", 4, 4)


VISIT, AGAIN, BROWSER = rows(moment(DAY, 0), "x", 4, 0)
UNCONFIRMED = {
    "another place came again": replace(AGAIN, vantage="达州"),
    "over the other family": replace(AGAIN, family=6),
    "of another slot": replace(AGAIN, slot=1, at=moment(DAY, 1)),
    "before the visit": replace(AGAIN, at=VISIT.at - timedelta(minutes=5)),
}


@pytest.mark.parametrize("again", UNCONFIRMED.values(), ids=UNCONFIRMED)
def test_what_confirms_no_failure(again):
    assert slots_of([VISIT, again, BROWSER], AS_OF, 1)[0].standing == "unsure"
    assert slots_of([VISIT, AGAIN, BROWSER, again], AS_OF, 1)[0].standing == "failed"


def test_a_void_second_visit_of_a_void_round_proves_nothing():
    assert slots_of([VISIT, replace(AGAIN, state="void"), replace(BROWSER, state="void")], AS_OF, 1)[0].standing == "unsure"


PLACED = {
    "midnight in China": (replace(VISIT, at=moment(DAY, 0).astimezone(UTC)), 0),
    "another plan, twice as fine": (replace(VISIT, slots=48, slot=47), 23),
    "another plan, coarser": (replace(VISIT, slots=20, slot=19), 22),
    "no such slot": (replace(VISIT, slot=24), None),
    "a slot below zero": (replace(VISIT, slot=-1), None),
    "the day of the inspection": (replace(VISIT, at=moment(AS_OF, 0)), None),
    "the day before the first": (replace(VISIT, at=moment(DAY, 0) - timedelta(days=7)), None),
    "the first day": (replace(VISIT, at=moment(DAY, 0) - timedelta(days=6)), 0),
}


@pytest.mark.parametrize("sample, slot", PLACED.values(), ids=PLACED)
def test_where_a_sample_belongs(sample, slot):
    assert [each.slot for each in slots_of([sample], AS_OF, slots=SLOTS) if each.rows] == ([] if slot is None else [slot])


PLANS = {"none": ([], 24), "twenty a day": ([20], 20), "a run between": ([20, 24], 24), "every half hour": ([24, 48], 48), "odd": ([10**9], 288)}


@pytest.mark.parametrize("plans, slots", PLANS.values(), ids=PLANS)
def test_a_day_is_divided_as_finely_as_it_was_watched(plans, slots):
    assert len(slots_of([replace(VISIT, slots=plan) for plan in plans], AS_OF, 1)) == slots


def test_every_slot_is_there_in_order():
    slots = slots_of((), date(2024, 3, 3))
    assert [slot.day.isoformat() for slot in slots[::SLOTS]] == [
        "2024-02-25", "2024-02-26", "2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02",
    ]
    assert [slot.slot for slot in slots[:SLOTS]] == list(range(SLOTS)) and len(slots) == DAYS * SLOTS
    assert {slot.standing for slot in slots} == {"missing"}


def test_a_tally_adds_up():
    sums = tally(slots_of(week({"days": ["10o2x3r4w2n3-"]}).samples, AS_OF))
    first = sums.by_day[AS_OF - timedelta(days=7)]
    assert (first.open, first.failed, first.unsure, first.walled, first.void, first.missing, first.valid) == (10, 2, 3, 4, 2, 3, 15)
    assert (sums.open, sums.valid, len(sums.by_day)) == (154, 159, 7)


def a_round(tried: int, failed: int, tried6: int = 0, failed6: int = 0, void: str = "") -> Round:
    return Round("r", "成都", moment(DAY, 0), moment(DAY, 0), tried, failed, tried6, failed6, void)


HEALTH = {
    "none": ([], "4", Health()),
    "IPv4 alone counts": ([a_round(10, 3, 4, 2)], "46", Health(6, 1, 1)),
    "IPv6 for a site without IPv4": ([a_round(10, 3, 4, 2)], "6", Health(4, 2, 1)),
    "nobody visited": ([a_round(10, 3, 4, 2)], "", Health(6, 1, 1)),
    "void rounds are counted as such": ([a_round(10, 10, void="断网"), a_round(8, 0)], "4", Health(8, 0, 1, 1)),
}


@pytest.mark.parametrize("rounds, families, health", HEALTH.values(), ids=HEALTH)
def test_health_is_that_of_the_rounds_that_count(rounds, families, health):
    seen = [row for family in families for row in rows(moment(DAY, 0), "x", int(family), 0)]
    assert health_of(rounds, seen) == health


def brute(at_least: int, total: int, rate: Fraction) -> Fraction:
    return sum((comb(total, k) * rate**k * (1 - rate) ** (total - k) for k in range(max(at_least, 0), total + 1)), Fraction(0))


@given(st.integers(0, 40), st.integers(-2, 42), st.fractions(0, 1, max_denominator=2000))
def test_the_tail_is_exact(total, at_least, rate):
    assert tail(at_least, total, rate) == brute(at_least, total, rate)


def test_two_in_a_hundred_would_condemn_324_of_14000_healthy_sites():
    assert round(14_000 * tail(7, 140, Fraction(2, 100))) == 324


def test_a_bound_of_one_in_100000_leaves_a_seventh_of_a_site_a_week():
    assert availability.may_be_accident(7, 140, Health(1344, 27)) and not availability.may_be_accident(7, 140, Health(1344, 0))
    assert 14_000 * availability.chance(7, 140, Health(1344, 0)) < Fraction(14, 100)


RATES = {
    "nobody was asked": (Health(), Fraction(1, 2)),
    "never failed": (Health(1344, 0), Fraction(1, 1346)),
    "always failed": (Health(10, 10), Fraction(11, 12)),
    "more failures than probes": (Health(10, 12), Fraction(11, 12)),
}


@pytest.mark.parametrize("health, rate", RATES.values(), ids=RATES)
def test_our_own_rate_is_never_certain(health, rate):
    assert failure_rate(health) == rate


@pytest.mark.parametrize("rate", [Fraction(-1, 2), Fraction(3, 2)])
def test_no_probability(rate):
    with pytest.raises(ValueError, match="no probability"):
        tail(1, 2, rate)


@pytest.mark.timeout(10)
def test_a_long_watch_is_still_exact():
    likely = chance(100, 2000, Health(20_000, 399))
    assert 0 < likely < Fraction(1, 10**6) and chance(1000, 2000, Health(20_000, 0)) > 0


CHANGES = st.lists(st.tuples(st.integers(0, DAYS * SLOTS - 1), st.sampled_from("xxxrw-nbc")), max_size=45)


def days_with(changes) -> list[str]:
    letters = ["o"] * DAYS * SLOTS
    for at, letter in changes:
        letters[at] = letter
    return ["".join(letters[n : n + SLOTS]) for n in range(0, DAYS * SLOTS, SLOTS)]


def changed(days: list[str], at: int, letter: str) -> list[str]:
    text = "".join(days)
    text = text[:at] + letter + text[at + 1 :]
    return [text[n : n + SLOTS] for n in range(0, DAYS * SLOTS, SLOTS)]


law = settings(max_examples=60, deadline=None)


@law
@given(CHANGES, st.integers(0, DAYS * SLOTS - 1))
def test_one_more_open_visit_never_condemns(changes, at):
    days = days_with(changes)
    before, after = verdict({"days": days}), verdict({"days": changed(days, at, "o")})
    assert before != "pass" or after == "pass"


@law
@given(CHANGES, st.integers(0, DAYS * SLOTS - 1))
def test_one_more_failure_never_acquits(changes, at):
    days = days_with(changes)
    before, after = verdict({"days": days}), verdict({"days": changed(days, at, "x")})
    assert before != "veto" or after == "veto"


@law
@given(CHANGES, st.sampled_from("w-n"), st.integers(0, DAYS * SLOTS - 1))
def test_one_kind_of_no_data_is_as_good_as_another(changes, letter, at):
    days = days_with(changes)
    verdicts = {verdict({"days": changed(days, at, each)}) for each in "-" + letter}
    assert len(verdicts & {"pass", "veto"}) < 2 and (len(verdicts) == 1 or not verdicts & {"pass", "veto"})


@law
@given(CHANGES)
def test_the_verdict_is_plain_arithmetic(changes):
    days = days_with(changes)
    said, text = verdict({"days": days}), "".join(days)
    failed = text.count("x") + text.count("b")
    valid = len(text) - sum(text.count(letter) for letter in "w-n")
    enough = all(len(day) - sum(day.count(letter) for letter in "w-n") >= 20 for day in days)
    unsure = text.count("r") + text.count("c")
    expected = "veto" if failed * 20 >= valid else "vantage" if (failed + unsure) * 20 >= valid else "pass"
    assert said == expected if enough else said in ("history", "wall", "vantage")


@law
@given(CHANGES, st.integers(1, 50))
def test_nothing_is_condemned_while_we_fail_ourselves(changes, failed):
    """With one failure in five of our own, 5 to 25 of 168 are what a healthy site shows."""
    assert verdict({"days": days_with(changes), "canaries": (5 * failed, failed)}) != "veto"


@law
@given(CHANGES, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(changes, random):
    taken = [*week({"days": days_with(changes)}).samples]
    late = [replace(row, at=row.at + timedelta(minutes=30)) for row in taken]
    mixed = [*taken, *late]
    random.shuffle(mixed)
    assert [slot.standing for slot in slots_of(mixed, AS_OF)] == [slot.standing for slot in slots_of(taken, AS_OF)]


RULES = [
    (edition, item, rule) for edition in map(editions.load, editions.ids()) for item in edition.items for rule in item.rules
    if rule.check == CHECK.id
]
OUTCOMES = {
    "veto": ({"days": ["15o9x"]}, Outcome.VETO, None),
    "pass": ({"days": ["16o8x"]}, Outcome.PASS, None),
    "too few": ({"days": ["16o"]}, Outcome.UNDETERMINED, Blame.HISTORY),
    "our own side": ({"days": ["15o9x"], "canaries": (1344, 27)}, Outcome.UNDETERMINED, Blame.VANTAGE),
}


def test_three_tables_ask_for_it():
    assert [edition.id for edition, *_ in RULES] == ["gb2019", "hunan-city2021", "sichuan2021"]
    assert {(item.part, rule.kind, rule.window, rule.threshold) for _, item, rule in RULES} == {("veto", "threshold", "1w", 1)}


@pytest.mark.parametrize("edition, item, rule", RULES, ids=lambda value: getattr(value, "id", ""))
@pytest.mark.parametrize("spec, outcome, blame", OUTCOMES.values(), ids=OUTCOMES)
def test_one_finding_is_a_veto(edition, item, rule, spec, outcome, blame):
    site = evidence.site()
    try:
        seen = CHECK.function(week(spec), site, **dict(rule.with_))
        judged = judging.judge(item, rule, site, seen, AS_OF)
    except Undetermined as stop:
        judged = judging.judge_raised(stop)
    assert (judged.outcome, judged.blame, judged.points) == (outcome, blame, None)
