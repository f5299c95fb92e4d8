"""Vetoes that count classes apart, and searches that were cut short: how many there are, firmly and at most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_editions import AS_OF, PORTAL, found, item, rule, tier, unseen, veto_rule

from pytest_govsite.judging import judge
from pytest_govsite.model.finding import Finding, Unseen
from pytest_govsite.model.missing import Blame

NEGLECTED = rule("threshold", None, item="v", thresholds=(("blank", 5), ("overdue", 10)))
BY_COUNT = rule("award", "2", tiers=(tier("2", at_least=3), tier("1", at_least=1)), combine="highest")
SEVERAL = Unseen("http://www.demo.gov.cn/", "其余栏目没有看完", Blame.TOOL, several=True)
BY_CLASS = {
    "nothing-found": ([], "pass", None),
    "five-blank": (found(5, class_="blank"), "veto", None),
    "five-overdue-are-not-ten": (found(5, class_="overdue"), "pass", None),
    "ten-overdue": (found(10, class_="overdue"), "veto", None),
    "four-blank-and-nine-overdue-are-neither": (
        found(4, class_="blank") + found(9, class_="overdue"), "pass", None,
    ),
    "a-fifth-may-be-blank": (
        found(4, class_="blank") + [Unseen("u", "未能打开", Blame.SITE, "blank")], "undetermined", Blame.SITE,
    ),
    "a-tenth-may-be-overdue-a-person-knows": (
        found(9, class_="overdue") + [Unseen("u", "不知期限", Blame.PERSON, "overdue")], "undetermined", Blame.PERSON,
    ),
    "what-may-be-overdue-may-not-be-blank": (
        found(4, class_="blank") + [Unseen("u", "不知期限", Blame.PERSON, "overdue")], "pass", None,
    ),
    "only-the-open-units-that-may-decide-give-the-reason": (
        found(4, class_="blank")
        + [Unseen("u", "未能打开", Blame.PERSON, "blank"), Unseen("v", "超时", Blame.SITE, "overdue")],
        "undetermined", Blame.PERSON,
    ),
    "an-open-unit-without-a-class-may-be-of-any": (found(4, class_="blank") + unseen(1), "undetermined", Blame.SITE),
    "a-search-cut-short-may-have-missed-any-number": ([SEVERAL], "undetermined", Blame.TOOL),
    "a-firm-veto-needs-no-rest": (found(5, class_="blank") + [SEVERAL], "veto", None),
    "an-exempted-finding-makes-no-veto": (
        found(4, class_="blank") + found(1, class_="blank", exempt="已停办（张某，至 2026-12-31）"), "pass", None,
    ),
    "a-class-without-a-number-is-our-fault": (found(1, class_="stale"), "undetermined", Blame.TOOL),
}
CUT_SHORT = {
    "ruling-5-four-firm-and-the-rest-unseen": (veto_rule(5), "veto", found(4) + [SEVERAL], "undetermined"),
    "none-firm-and-the-rest-unseen-is-no-silent-pass": (veto_rule(5), "veto", [SEVERAL], "undetermined"),
    "five-firm-and-the-rest-unseen": (veto_rule(5), "veto", found(5) + [SEVERAL], "veto"),
    "each-costs-and-one-is-firm": (rule(points="0.1", sample=5), "deduction", found(1) + [SEVERAL], "deduct"),
    "each-costs-and-none-is-firm": (rule(points="0.1", sample=5), "deduction", [SEVERAL], "undetermined"),
    "a-deduction-from-three-on": (rule("threshold", "2", threshold=3), "deduction", [SEVERAL], "undetermined"),
    "an-award-from-six-on": (rule("award", "2", threshold=6), "bonus", [SEVERAL], "undetermined"),
    "an-award-by-count": (BY_COUNT, "bonus", [SEVERAL], "undetermined"),
}


def table(cases):
    return [pytest.param(*case, id=id) for id, case in cases.items()]


def judged(part, clause, observations):
    return judge(item(clause, part=part), clause, PORTAL, observations, AS_OF)


@pytest.mark.parametrize("seen, outcome, blame", table(BY_CLASS))
def test_vetoes_that_count_classes_apart(seen, outcome, blame):
    made = judged("veto", NEGLECTED, seen)
    assert (made.outcome, made.blame) == (outcome, blame)


@pytest.mark.parametrize("clause, part, seen, outcome", table(CUT_SHORT))
def test_a_search_cut_short_stands_for_any_number(clause, part, seen, outcome):
    assert judged(part, clause, seen).outcome == outcome


@given(
    st.lists(st.sampled_from(["blank", "overdue"]), max_size=14),
    st.lists(st.sampled_from(["blank", "overdue", None]), max_size=6),
)
def test_vetoes_by_class_are_exact(firm, open_ones):
    """Fired when a class has its number; undetermined when it may; the order is irrelevant."""
    seen = [Finding("a", f"w{n}", "s", class_=class_) for n, class_ in enumerate(firm)]
    seen += [Unseen("u", "未能打开", Blame.SITE, class_) for class_ in open_ones]
    limits = dict(NEGLECTED.thresholds)
    fired = any(firm.count(class_) >= number for class_, number in limits.items())
    possible = any(firm.count(c) + open_ones.count(c) + open_ones.count(None) >= number for c, number in limits.items())
    expected = "veto" if fired else "undetermined" if possible else "pass"
    assert judged("veto", NEGLECTED, seen).outcome == judged("veto", NEGLECTED, seen[::-1]).outcome == expected
