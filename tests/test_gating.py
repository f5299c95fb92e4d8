"""The four gates as a table: rows in, met or not."""

import pytest
from small_editions import ACCOUNT, PORTAL, edition, found, item, row, rule, veto_rule

from pytest_govsite.gating import GATES, gate, unseen_sites
from pytest_govsite.model.missing import Blame
from pytest_govsite.scoring import score

TABLE = edition(
    item(veto_rule(), part="veto"),
    item(rule("flat", "41", item="big"), cap="41"),
    item(rule("flat", "1", item="home"), cap="1"),
    item(rule("award", "1", item="merit"), part="bonus", cap="1"),
)
GOOD = {"v.1": ("pass",), "big.1": ("pass", "0"), "home.1": ("pass", "0"), "merit.1": ("unearned", "0")}
FAULT, MERIT = found(1), found(1)
KNOWN = FAULT[0].key("home.1")


def open_(blame):
    return ("undetermined", None, {"blame": blame, "reason": "原因"})


AWAITING = open_(Blame.PERSON)
OUTSIDE = open_(Blame.VANTAGE)
TROUBLE = open_(Blame.TOOL)
ALL = {"clean", "pass", "veto", "new"}

MET = {
    "faultless": ({}, ALL),
    "a veto": ({"v.1": ("veto", None, {"findings": tuple(FAULT)})}, set()),
    "a deduction": ({"home.1": ("deduct", "-1", {"findings": tuple(FAULT)})}, {"pass", "veto"}),
    "a deduction known to the baseline": (
        {"home.1": ("deduct", "-1", {"findings": tuple(FAULT)}), "baseline": {KNOWN}},
        {"pass", "veto", "new"},
    ),
    "an exempted finding": ({"home.1": ("pass", "0", {"findings": tuple(found(1, exempt="误报"))})}, ALL),
    "a fault below the threshold of its rule": ({"v.1": ("pass", None, {"findings": tuple(FAULT)})}, ALL - {"new"}),
    "a merit is no fault": ({"merit.1": ("award", "1", {"findings": tuple(MERIT)})}, ALL),
    "points below the pass mark": ({"big.1": ("deduct", "-41")}, {"veto", "new"}),
    "awaiting a person": ({"home.1": AWAITING}, ALL),
    "awaiting history on a veto": ({"v.1": open_(Blame.HISTORY)}, ALL),
    "awaiting an account where much is at stake": ({"big.1": open_(Blame.ACCOUNT)}, ALL),
    "awaiting a bonus": ({"merit.1": AWAITING}, ALL),
    "outside, little at stake": ({"home.1": OUTSIDE}, ALL),
    "outside, the pass mark at stake": ({"big.1": OUTSIDE}, ALL - {"pass"}),
    "outside on a veto": ({"v.1": open_(Blame.WALL)}, ALL - {"pass"}),
    "trouble, little at stake": ({"home.1": TROUBLE}, ALL - {"clean"}),
    "trouble, the pass mark at stake": ({"big.1": TROUBLE}, {"veto", "new"}),
    "trouble on a veto": ({"v.1": open_(Blame.SITE)}, {"veto", "new"}),
    "everything awaits": (dict.fromkeys(GOOD, AWAITING), ALL),
    "everything in trouble": (dict.fromkeys(GOOD, TROUBLE), set()),
    "everything outside": (dict.fromkeys(GOOD, OUTSIDE), set()),
    "a dead site of which only a rule of its address is judged": (
        dict.fromkeys(GOOD, OUTSIDE) | {"big.1": ("pass", "0")},
        {"clean", "veto", "new"},
    ),
    "the same, when the rules of the home page are named": (
        dict.fromkeys(GOOD, OUTSIDE) | {"big.1": ("pass", "0"), "home_rules": {("tiny", "home.1"), ("tiny", "v.1")}},
        set(),
    ),
    "open units count at their worst": (
        {"big.1": ("undetermined", None, {"blame": Blame.WALL, "reason": "原因", "open": 1})},
        ALL - {"pass"},
    ),
}


def inspect(changes, subject=PORTAL, table=TABLE, partial=False):
    verdicts = GOOD | {key: change for key, change in changes.items() if key in GOOD}
    rows = []
    for key, change in verdicts.items():
        more = change[-1] if isinstance(change[-1], dict) else {}
        rows.append(row(table, key, *[part for part in change if part is not more], subject=subject, **more))
    return [score(table, subject, rows, partial=partial)], rows


@pytest.mark.parametrize("name", GATES)
@pytest.mark.parametrize("changes, met", [pytest.param(*case, id=id) for id, case in MET.items()])
def test_gate(changes, met, name):
    cards, rows = inspect(changes)
    assert gate(name, cards, rows, changes.get("baseline", set()), changes.get("home_rules")) is (name in met)


def test_one_bad_site_among_good_ones_is_enough():
    good, bad = inspect({}), inspect({"big.1": ("deduct", "-41", {"findings": tuple(FAULT)})})
    cards, rows = good[0] + bad[0], good[1] + bad[1]
    assert [gate(name, cards, rows, set()) for name in GATES] == [False, False, True, False]


def test_an_account_has_no_home_page():
    media = edition(item(veto_rule(), part="veto", target="new-media"))
    rows = [row(media, "v.1", *OUTSIDE[:2], subject=ACCOUNT, **OUTSIDE[2])]
    cards = [score(media, ACCOUNT, rows)]
    assert unseen_sites(cards, rows) == frozenset()
    assert gate("clean", cards, rows) is True


def test_ruling_12_a_partial_plan_never_meets_pass():
    cards, rows = inspect({}, partial=True)
    assert [gate(name, cards, rows, set()) for name in GATES] == [True, False, True, True]


def test_home_rules_that_were_not_selected_say_nothing():
    cards, rows = inspect({})
    assert unseen_sites(cards, rows, {("tiny", "elsewhere.1")}) == frozenset()


@pytest.mark.parametrize("name, baseline, words", [("new", None, "baseline"), ("strict", (), "clean, pass, veto, new")])
def test_what_cannot_be_answered_is_refused(name, baseline, words):
    with pytest.raises(ValueError, match=words):
        gate(name, *inspect({}), baseline)
