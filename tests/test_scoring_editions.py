"""The real editions, scored: what their marks, caps, scalings and gates make of whole inspections."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_editions import ACCOUNT, AS_OF, FOUND_AT, verdict

from pytest_govsite import editions
from pytest_govsite.judging import applicable, planned
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.pricing import Tariff, worst
from pytest_govsite.rows import Row
from pytest_govsite.scoring import UNDECIDED, score

COUNTY = Site("xuanhan", "http://www.xuanhan.gov.cn/", kind="county-portal", region="511722")
CITY = Site("dazhou", "http://www.dazhou.gov.cn/", kind="city-portal")
PROVINCE = Site("jyt", "http://jyt.x.gov.cn/", kind="provincial-department")
ARCHIVE = replace(PROVINCE, id="dag", service_duty=False)
CITY_ARCHIVE = replace(ARCHIVE, id="dag2", kind="city-department")
MINISTRY = Site("moe", "http://www.moe.gov.cn/", kind="state-council-department")
STRANGER = Site("www.x.gov.cn", "http://www.x.gov.cn/")


def rows_of(table, subject, **changes):
    """A whole inspection: everything passed but for the changes, {"site_marks_1": ("deduct", "-1.2")}."""
    changes = {key.replace("_", "-")[::-1].replace("-", ".", 1)[::-1]: change for key, change in changes.items()}
    made = {
        rule.key: row_of(table, subject, item, rule, changes.pop(rule.key, None))
        for item, rule in planned(table, subject)
    }
    assert not changes, "no such rules"
    return made


def row_of(table, subject, item, rule, change=None):
    made = applicable(table, item, rule, subject)
    if made is None:
        made = change if isinstance(change, Verdict) else verdict(*(change or passing(item)))
    return replace(Row.of(subject, table, item, rule, made, AS_OF), found_at=FOUND_AT)


def passing(item):
    return {"veto": ("pass",), "deduction": ("pass", "0"), "bonus": ("unearned", "0")}[item.part]


def lost(points):
    return ("deduct", f"-{points}")


# edition, subject, changes -> verdict, bonus gate, total low and high
INSPECTIONS = {
    "gb2019-county-faultless": ("gb2019", COUNTY, {}, "合格", "yes", "100", "100"),
    "gb2019-six-marks-missing-cost-the-cap": ("gb2019", COUNTY, {"site_marks_1": lost("3")}, "合格", "yes", "97", "97"),
    "gb2019-eleven-dead-links-cost-one-point": ("gb2019", COUNTY, {"links_1": lost("2.2")}, "合格", "yes", "99", "99"),
    "gb2019-veto": ("gb2019", COUNTY, {"home_stale_1": ("veto",)}, "不合格", "yes", "100", "100"),
    "gb2019-search-unknown": ("gb2019", COUNTY, {"site_search_2": ("undetermined",)}, "合格", "yes", "96", "100"),
    "gb2019-the-bonus-of-four-is-capped": (
        "gb2019",
        COUNTY,
        {"data_release_1": ("award", "2"), "interp_forms_1": ("award", "3")},
        "合格",
        "yes",
        "105",
        "105",
    ),
    "ruling-11-gb2019-ministry": ("gb2019", MINISTRY, {"home_stale_1": ("undetermined",)}, "待定", "yes", "100", "100"),
    "ruling-11-gb2019-unknown-kind": ("gb2019", STRANGER, {}, "待定", "yes", "94", "100"),
    "sichuan-county-faultless": ("sichuan2021", COUNTY, {}, "合格", "yes", "120", "120"),
    "sichuan-the-sixth-missing-mark-costs-nothing": (
        "sichuan2021",
        COUNTY,
        {"site_marks_1": lost("1.2")},
        "合格",
        "yes",
        "119",
        "119",
    ),
    "sichuan-two-unlabelled-pages": (
        "sichuan2021",
        COUNTY,
        {"page_labels_1": lost("0.2")},
        "合格",
        "yes",
        "119.8",
        "119.8",
    ),
    "sichuan-archive-faultless-is-scaled": ("sichuan2021", ARCHIVE, {}, "合格", "yes", "120", "120"),
    "sichuan-archive-one-point-weighs-more": (
        "sichuan2021",
        ARCHIVE,
        {"ipv6_1": lost("1")},
        "合格",
        "yes",
        "118.74",
        "118.74",
    ),
    "sichuan-archive-exactly-72-passes": (
        "sichuan2021",
        ARCHIVE,
        {
            "interp_ratio_1": lost("6"),
            "interp_linkage_1": lost("6"),
            "message_open_1": lost("8"),
            "reply_1": lost("10"),
            "unified_login_1": lost("5"),
            "submit_1": lost("3"),
        },
        "合格",
        "no",
        "72",
        "72",
    ),
    "sichuan-archive-a-tenth-less-fails": (
        "sichuan2021",
        ARCHIVE,
        {
            "interp_ratio_1": lost("6"),
            "interp_linkage_1": lost("6"),
            "message_open_1": lost("8"),
            "reply_1": lost("10"),
            "unified_login_1": lost("5"),
            "submit_1": lost("3"),
            "links_2": lost("0.1"),
        },
        "不合格",
        "no",
        "71.87",
        "71.87",
    ),
    "sichuan-96-does-not-open-the-bonus": (
        "sichuan2021",
        COUNTY,
        {
            "message_open_1": lost("8"),
            "reply_1": lost("10"),
            "interp_ratio_1": lost("6"),
            "innovation_1": ("award", "3"),
        },
        "合格",
        "no",
        "96",
        "96",
    ),
    "sichuan-a-tenth-more-does": (
        "sichuan2021",
        COUNTY,
        {
            "message_open_1": lost("8"),
            "reply_1": lost("10"),
            "interp_ratio_1": lost("5.9"),
            "innovation_1": ("award", "3"),
        },
        "合格",
        "yes",
        "99.1",
        "99.1",
    ),
    "sichuan-account-not-updated": ("sichuan2021", ACCOUNT, {"nm_stale_1": ("veto",)}, "不合格", "yes", "120", "120"),
    "hunan-city-prints-no-pass-mark": ("hunan-city2021", CITY, {"find_error_2": lost("9")}, "合格", "yes", "95", "95"),
    "hunan-archive-is-scaled-from-80": (
        "hunan-dept2021",
        ARCHIVE,
        {"reply_1": lost("5")},
        "合格",
        "yes",
        "93.75",
        "93.75",
    ),
    "supervision-ministry-is-scaled-from-90": (
        "supervision2019",
        MINISTRY,
        {"domain_1": lost("9")},
        "合格",
        "yes",
        "90",
        "90",
    ),
    "supervision-province-is-not": (
        "supervision2019",
        replace(PROVINCE, kind="provincial-portal"),
        {"domain_1": lost("9")},
        "合格",
        "yes",
        "91",
        "91",
    ),
    "xuanhan-a-total-never-falls-below-0": (
        "xuanhan2022",
        COUNTY,
        {"county_notified_1": lost("125")},
        "合格",
        "no",
        "0",
        "0",
    ),
    "xuanhan-one-open-rule-may-take-all": (
        "xuanhan2022",
        COUNTY,
        {"county_timeliness_1": ("undetermined",)},
        "合格",
        "no",
        "0",
        "100",
    ),
}


@pytest.mark.parametrize(
    "id, subject, changes, expected, gate, low, high", [pytest.param(*case, id=id) for id, case in INSPECTIONS.items()]
)
def test_inspection(id, subject, changes, expected, gate, low, high):
    table = editions.load(id)
    card = score(table, subject, rows_of(table, subject, **changes).values()).to_json()
    assert (card["verdict"], card["bonus"]["open"], card["total"]) == (expected, gate, {"low": low, "high": high})
    assert card["deduction"]["full"] == str(table.full)


WHOLE = {
    "gb2019": 94,
    "sichuan2021": 99,
    "hunan-city2021": 88,
    "hunan-dept2021": 67,
    "supervision2019": 23,
    "xuanhan2022": 9,
}


@pytest.mark.parametrize("id, count", WHOLE.items())
def test_a_site_gets_every_rule(id, count):
    table = editions.load(id)
    assert score(table, COUNTY, rows_of(table, COUNTY).values()).coverage["rules"] == count


@pytest.mark.parametrize("id", editions.ids())
def test_nothing_judged_is_undecided_between_nothing_and_everything(id):
    table = editions.load(id)
    rows = [Row.planned(COUNTY, table, item, rule, AS_OF) for item, rule in planned(table, COUNTY)]
    card = score(table, COUNTY, rows)
    caps = sum(item.cap for item in table.items if item.part == "bonus")
    assert (card.verdict, card.coverage["trouble"]) == (UNDECIDED, len(rows))
    assert card.total.high == table.full + caps
    assert card.total.low <= table.full * Fraction(2, 10)


@pytest.mark.parametrize("id", editions.ids())
def test_every_rule_in_points_can_be_priced(id):
    for item, rule in planned(editions.load(id), COUNTY):
        if item.part != "veto":
            assert Tariff.of(item, rule, "county-portal").points > 0
            assert all(tier.points > 0 for tier in rule.tiers)


SUBJECTS = [COUNTY, CITY, PROVINCE, ARCHIVE, CITY_ARCHIVE, MINISTRY, STRANGER, ACCOUNT]
CHOICES = ["good", "good", "bad", "open", "outside"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_the_open_rows_turn_out_to_be_lies_between_low_and_high(data):
    """Also: low <= high, never below 0, caps respected, and a verdict once given stays."""
    table = editions.load(data.draw(st.sampled_from(editions.ids())))
    subject = data.draw(st.sampled_from(SUBJECTS))
    plan = list(planned(table, subject))
    if not plan:
        return
    chosen = data.draw(st.lists(st.sampled_from(CHOICES), min_size=len(plan), max_size=len(plan)))
    turned_out = data.draw(st.lists(st.sampled_from(["good", "bad"]), min_size=len(plan), max_size=len(plan)))
    before = scored(table, subject, plan, chosen)
    after = scored(
        table, subject, plan, [new if old in ("open", "outside") else old for old, new in zip(chosen, turned_out, strict=True)]
    )
    check_bounds(before)
    if subject.kind is None and subject.target == "website":
        return  # its kind rules stay open in both
    assert before.total.low <= after.total.low <= after.total.high <= before.total.high
    assert before.verdict in (after.verdict, UNDECIDED)


def scored(table, subject, plan, states):
    return score(
        table,
        subject,
        [row_of(table, subject, *pair, in_state(*pair, subject, state)) for pair, state in zip(plan, states, strict=True)],
    )


def in_state(item, rule, subject, state):
    if state in ("open", "outside"):
        return verdict("undetermined", blame=Blame.PERSON if state == "open" else Blame.WALL)
    if state == "good":
        best = Verdict(Outcome.AWARD, most(item, rule, subject)) if item.part == "bonus" else None
        return best or verdict(*passing(item))
    if item.part == "veto":
        return verdict("veto")
    return verdict("unearned", "0") if item.part == "bonus" else Verdict(Outcome.DEDUCT, -most(item, rule, subject))


def most(item, rule, subject):
    tariff = Tariff.of(item, rule, subject.kind)
    return worst(tariff) or 3 * tariff.highest


def check_bounds(card):
    for interval in (card.deduction, card.bonus, card.total):
        assert 0 <= interval.low <= interval.high
    assert card.total.low == card.deduction.low + card.bonus.low
    assert card.verdict in (card.settled, UNDECIDED)
    assert sum(count for name, count in card.coverage.items() if name != "rules") == card.coverage["rules"]
    for item in card.items:
        assert item.points.low <= item.points.high
        assert item.cap is None or max(abs(item.points.low), abs(item.points.high)) <= item.cap
