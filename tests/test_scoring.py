"""Rows to scorecards. Each case names an edition of a few rules, the rows under it and what the scorecard must say."""

from fractions import Fraction

import pytest
from small_editions import (
    ACCOUNT,
    DEPARTMENT,
    NO_SERVICE,
    PORTAL,
    STRANGER,
    edition,
    found,
    item,
    row,
    rule,
    tier,
    veto_rule,
)

from pytest_govsite.model.edition import Scaling, Variant
from pytest_govsite.model.missing import Blame
from pytest_govsite.points import printed
from pytest_govsite.scoring import score

VETO = item(veto_rule(), part="veto")
TABLE = edition(
    VETO,
    item(rule("flat", "30", item="flat"), cap="30"),
    item(rule(points="0.1", item="pages", sample=5), rule("flat", "1", 2, "pages"), cap="1"),
    item(rule(points="2", item="links"), cap="6"),
    item(rule("award", "4", item="merit"), rule("award", "1", 2, "merit", unit="个", sample=3), part="bonus", cap="5"),
)
GOOD = {
    "v.1": ("pass",),
    "flat.1": ("pass", "0"),
    "pages.1": ("pass", "0"),
    "pages.2": ("pass", "0"),
    "links.1": ("pass", "0"),
    "merit.1": ("unearned", "0"),
    "merit.2": ("unearned", "0"),
}
OPEN = ("undetermined",)
N_A = ("not-applicable",)


def card_of(table=TABLE, subject=PORTAL, partial=False, **changes):
    """The scorecard of a faultless subject, but for the rows that the case changes: {"flat_1": ("deduct", "-30")}."""
    rows = GOOD if table is TABLE else {clause.key: passing(each) for each in table.items for clause in each.rules}
    rows = rows | {key.replace("_", "."): change for key, change in changes.items()}
    return score(
        table, subject, [as_row(table, key, change, subject) for key, change in rows.items() if change], partial=partial
    )


def as_row(table, key, change, subject):
    more = change[-1] if isinstance(change[-1], dict) else {}
    return row(table, key, *[part for part in change if part is not more], subject=subject, **more)


def passing(each):
    return {"veto": ("pass",), "deduction": ("pass", "0"), "bonus": ("unearned", "0")}[each.part]


def case(id, low, high, **changes):
    return pytest.param(changes, (low, high), id=id)


def params(cases):
    return [pytest.param(*one, id=id) for id, one in cases.items()]


@pytest.mark.parametrize(
    "changes, expected",
    [
        case("faultless", "100", "100"),
        case("a deduction", "70", "70", flat_1=("deduct", "-30")),
        case("not-applicable costs nothing", "100", "100", flat_1=N_A),
        case("undetermined: sample x points", "99.5", "100", pages_1=OPEN),
        case("undetermined, flat: its points once", "99", "100", pages_2=OPEN),
        case("undetermined without a sample: the item's cap", "94", "100", links_1=OPEN),
        case("all of an item undetermined: no more than its cap", "99", "100", pages_1=OPEN, pages_2=OPEN),
        case("deductions beyond the cap", "94", "94", links_1=("deduct", "-20")),
        case(
            "what is lost already limits what may still be lost", "99", "99.2", pages_1=OPEN, pages_2=("deduct", "-0.8")
        ),
        case(
            "ruling-5 open units cost more at worst",
            "99.7",
            "99.9",
            pages_1=("deduct", "-0.1", {"findings": tuple(found(1)), "open": 2}),
        ),
        case(
            "ruling-5 open units never cost more than the cap",
            "94",
            "96",
            links_1=("deduct", "-4", {"findings": tuple(found(2)), "open": 9}),
        ),
        case("ruling-5 none of the seen units is faulty", "99.8", "100", pages_1=("undetermined", None, {"open": 2})),
        case(
            "ruling-5 a flat rule that costs already costs no more",
            "70",
            "70",
            flat_1=("deduct", "-30", {"findings": tuple(found(1)), "open": 3}),
        ),
        case("a rule without a row counts as undetermined", "70", "100", flat_1=None),
    ],
)
def test_the_interval_of_the_deduction_part(changes, expected):
    card = card_of(**changes).to_json()
    assert card["deduction"] == {"full": "100", "low": expected[0], "high": expected[1]}


VERDICTS = {
    "everything passed": ({}, "合格"),
    "a veto": ({"v_1": ("veto",)}, "不合格"),
    "a veto that is still possible": ({"v_1": OPEN}, "待定"),
    "a veto rule that does not apply": ({"v_1": N_A}, "合格"),
    "a veto rule without a row": ({"v_1": None}, "待定"),
    "exactly the pass mark passes": ({"flat_1": ("deduct", "-40")}, "合格"),
    "below the pass mark": ({"flat_1": ("deduct", "-40.001")}, "不合格"),
    "a veto possible, but the points fail already": ({"flat_1": ("deduct", "-41"), "v_1": OPEN}, "不合格"),
    "the pass mark inside the interval": ({"flat_1": ("deduct", "-39.5"), "pages_2": OPEN}, "待定"),
    "the whole interval passes": ({"flat_1": ("deduct", "-39"), "pages_2": OPEN}, "合格"),
    "an open bonus does not matter": ({"merit_1": OPEN}, "合格"),
}
STEEP = edition(
    VETO,
    item(rule("flat", "50", item="flat"), cap="50"),
    item(rule("flat", "1", item="pages", n=2), cap="1"),
    item(rule("award", "4", item="merit"), part="bonus", cap="5"),
)


@pytest.mark.parametrize("changes, expected", params(VERDICTS))
def test_verdict(changes, expected):
    assert card_of(STEEP, **changes).verdict == expected


def test_ruling_5_awaiting_alone_is_undecided_and_costs_the_low_only():
    card = card_of(flat_1=OPEN, pages_1=OPEN, v_1=OPEN)
    assert (card.verdict, printed(card.total.low), printed(card.total.high)) == ("待定", "69.5", "100")


GATES = {
    "exactly the gate is shut": ({"flat_1": ("deduct", "-20")}, "no", ("0", "0"), ("80", "80")),
    "strictly above it opens": ({"flat_1": ("deduct", "-19.999")}, "yes", ("4", "4"), ("84", "84")),
    "a gate inside the interval": ({"flat_1": OPEN}, "maybe", ("0", "4"), ("70", "104")),
    "high exactly at the gate": ({"flat_1": ("deduct", "-20"), "pages_2": OPEN}, "no", ("0", "0"), ("79", "80")),
    "open bonus rows": ({"merit_2": OPEN}, "yes", ("4", "5"), ("104", "105")),
    "a bonus beyond its cap": ({"merit_2": ("award", "3")}, "yes", ("5", "5"), ("105", "105")),
    "ruling-5 a bonus with an open unit": (
        {"merit_1": ("unearned", "0"), "merit_2": ("award", "1", {"findings": tuple(found(1)), "open": 1})},
        "yes",
        ("1", "2"),
        ("101", "102"),
    ),
}


@pytest.mark.parametrize("changes, gate, bonus, total", params(GATES))
def test_bonus_gate(changes, gate, bonus, total):
    card = card_of(**{"merit_1": ("award", "4")} | changes).to_json()
    assert card["bonus"] == {"low": bonus[0], "high": bonus[1], "open": gate}
    assert card["total"] == {"low": total[0], "high": total[1]}


def test_without_a_printed_gate_every_bonus_counts():
    card = card_of(edition(*TABLE.items, bonus_gate=None), flat_1=("deduct", "-90"), merit_1=("award", "4"))
    assert (card.bonus_open, card.total.low) == ("yes", 74)


def test_without_a_bonus_part_there_is_nothing_to_open():
    assert card_of(edition(VETO)).to_json()["bonus"] == {"low": "0", "high": "0", "open": "no"}


UNCAPPED = edition(
    item(rule(points="10", item="late"), rule(points="5", n=2, item="late")),
    item(rule(points="20", item="wrong")),
    item(rule("flat", "5", item="small")),
    pass_mark=None,
    bonus_gate=None,
)


@pytest.mark.parametrize(
    "changes, low, high, items",
    [
        pytest.param(
            {"late_1": OPEN}, "0", "100", [("-100", "0"), ("0", "0"), ("0", "0")], id="it may take all that is left"
        ),
        pytest.param(
            {"late_1": OPEN, "wrong_1": ("deduct", "-40"), "small_1": OPEN},
            "0",
            "60",
            [("-55", "0"), ("-40", "-40"), ("-5", "0")],
            id="and no more than the others leave",
        ),
        pytest.param(
            {"late_1": ("deduct", "-90"), "wrong_1": ("deduct", "-40")},
            "0",
            "0",
            [("-90", "-90"), ("-40", "-40"), ("0", "0")],
            id="a total never falls below 0",
        ),
    ],
)
def test_items_without_a_cap(changes, low, high, items):
    card = card_of(UNCAPPED, **changes).to_json()
    assert card["total"] == {"low": low, "high": high}
    assert [(each["low"], each["high"]) for each in card["items"]] == items
    assert {each["cap"] for each in card["items"]} == {None}


def scaled_table(*kinds):
    scaling = Scaling(Fraction(95), no_service=True, kinds=kinds)
    service = item(rule("flat", "25", item="service"), cap="25", service_only=True)
    return edition(
        VETO,
        service,
        item(rule("flat", "10", item="flat"), cap="10"),
        full="120",
        pass_mark="72",
        bonus_gate="96",
        scalings=(scaling,),
    )


def test_a_body_without_service_duty_is_scaled_to_the_full_mark():
    card = card_of(scaled_table(), NO_SERVICE, service_1=N_A, flat_1=("deduct", "-10"))
    assert card.total.low == Fraction(85 * 120, 95)
    assert card.to_json()["deduction"] == {"full": "120", "low": "107.37", "high": "107.37"}
    assert card.to_json()["items"][1] == {"item": "flat", "cap": "10", "low": "-10", "high": "-10"}
    assert "note" not in card.to_json()


def test_a_body_with_service_duty_is_not_scaled():
    assert card_of(scaled_table(), DEPARTMENT, flat_1=("deduct", "-10")).total.low == 110


def test_a_kind_without_a_scaling_rule_keeps_the_full_mark_and_says_so():
    card = card_of(scaled_table("city-department"), NO_SERVICE, service_1=N_A, flat_1=("deduct", "-10"))
    assert card.total.low == 110
    assert "没有规定" in card.note


MARK_AT_A_THIRD = edition(
    VETO, item(rule("flat", "40", item="flat"), cap="40"), scalings=(Scaling(Fraction(75), True),)
)


@pytest.mark.parametrize(
    "lost, verdict_, shown",
    [
        pytest.param("30", "合格", "60", id="45 of 75 is exactly 60"),
        pytest.param("30.001", "不合格", "60", id="a hair below is printed as 60 and fails all the same"),
    ],
)
def test_marks_are_compared_unrounded(lost, verdict_, shown):
    card = card_of(MARK_AT_A_THIRD, NO_SERVICE, flat_1=("deduct", f"-{lost}"))
    assert (card.verdict, card.to_json()["total"]["high"]) == (verdict_, shown)


BY_VETOES = {
    "no pass mark": (edition(VETO, pass_mark=None), PORTAL, "没有印出及格分数"),
    "ruling-11 a department under gb2019": (edition(VETO, portals_only=True), DEPARTMENT, "只给政府门户网站评分"),
    "an account": (edition(item(veto_rule(), part="veto", target="new-media")), ACCOUNT, "账号"),
}


@pytest.mark.parametrize("outcome, expected", [("pass", "合格"), ("veto", "不合格"), ("undetermined", "待定")])
@pytest.mark.parametrize("table, subject, words", params(BY_VETOES))
def test_verdict_by_vetoes_alone(table, subject, words, outcome, expected):
    points = [item(rule("flat", "100", item="flat"), cap="100", target=table.items[0].target)]
    table = edition(*table.items, *points, pass_mark=table.pass_mark, portals_only=table.portals_only)
    card = card_of(table, subject, v_1=(outcome,), flat_1=("deduct", "-100"))
    assert (card.verdict, card.by_points) == (expected, False)
    assert words in card.to_json()["note"]


def test_a_table_without_vetoes_and_pass_mark_says_what_its_verdict_is_worth():
    card = card_of(UNCAPPED)
    assert card.verdict == "合格" and "没有单项否决" in card.note


def test_nothing_judged_is_never_a_pass():
    assert card_of(UNCAPPED, late_1=OPEN, late_2=OPEN, wrong_1=OPEN, small_1=N_A).verdict == "待定"


@pytest.mark.parametrize("veto, expected", [("pass", "待定"), ("veto", "不合格")])
def test_ruling_11_an_unknown_kind_is_not_scored_where_only_portals_are(veto, expected):
    table = edition(*TABLE.items, portals_only=True)
    card = card_of(table, STRANGER, v_1=(veto,))
    assert (card.verdict, card.by_points) == (expected, False)
    assert "sites.toml" in card.note


def test_ruling_11_an_unknown_kind_is_scored_where_all_are():
    assert card_of(TABLE, STRANGER).verdict == "合格"


def test_an_unknown_kind_counts_the_dearest_variant_and_both_scalings():
    variant = Variant(("city-portal",), 1, points=Fraction(4), cap=Fraction(4))
    table = edition(
        item(rule("flat", "2"), cap="2", variants=(variant,)), scalings=(Scaling(Fraction(50), kinds=("city-portal",)),)
    )
    card = card_of(table, STRANGER, x_1=OPEN)
    assert (card.total.low, card.total.high) == (Fraction(46 * 100, 50), 100)
    assert card.to_json()["items"] == [{"item": "x", "cap": "4", "low": "-4", "high": "0"}]


@pytest.mark.parametrize("veto, expected", [("pass", "待定"), ("undetermined", "待定"), ("veto", "不合格")])
def test_ruling_12_a_partial_plan_is_undecided_unless_a_veto_fired(veto, expected):
    card = card_of(partial=True, v_1=(veto,), flat_1=None, links_1=None)
    assert (card.verdict, card.to_json()["partial"]) == (expected, True)
    assert "partial" in card.to_json()["note"]


def test_ruling_12_a_partial_plan_is_undecided_however_low():
    assert card_of(STEEP, partial=True, flat_1=("deduct", "-50")).verdict == "待定"


def test_coverage_counts_every_row_once():
    card = card_of(
        v_1=("veto",),
        flat_1=("undetermined", None, {"blame": Blame.HISTORY}),
        pages_1=("undetermined", None, {"blame": Blame.WALL}),
        pages_2=("undetermined", None, {"blame": Blame.TOOL}),
        links_1=N_A,
        merit_1=("award", "4"),
    )
    assert card.coverage == {"rules": 7, "judged": 3, "awaiting": 1, "trouble": 1, "outside": 1, "not_applicable": 1}


def test_the_whole_object():
    card = card_of(v_1=("veto",), pages_1=("deduct", "-0.2", {"findings": tuple(found(2)), "open": 1}))
    assert card.to_json() == {
        "site": "demo",
        "name": "示范县人民政府",
        "edition": "tiny",
        "as_of": "2026-11-20",
        "verdict": "不合格",
        "vetoes": ["v.1"],
        "deduction": {"full": "100", "low": "99.7", "high": "99.8"},
        "bonus": {"low": "0", "high": "0", "open": "yes"},
        "total": {"low": "99.7", "high": "99.8"},
        "coverage": {"rules": 7, "judged": 7, "awaiting": 0, "trouble": 0, "outside": 0, "not_applicable": 0},
        "items": [
            {"item": "flat", "cap": "30", "low": "0", "high": "0"},
            {"item": "pages", "cap": "1", "low": "-0.3", "high": "-0.2"},
            {"item": "links", "cap": "6", "low": "0", "high": "0"},
            {"item": "merit", "cap": "5", "low": "0", "high": "0"},
        ],
    }


def test_rows_of_others_do_not_count():
    other = row(TABLE, "v.1", "veto", subject=DEPARTMENT)
    own = [as_row(TABLE, key, change, PORTAL) for key, change in GOOD.items()]
    assert score(TABLE, PORTAL, [other, *own]).vetoes == ()
    with pytest.raises(ValueError, match="no rows of demo"):
        score(TABLE, PORTAL, [other])


TIERED = edition(
    item(
        rule(points="4", item="t", combine="each", sample=3, tiers=(tier("4", class_="a"), tier("1", class_="b"))),
        cap="99",
    )
)


@pytest.mark.parametrize(
    "change, low",
    [
        pytest.param(OPEN, "88", id="undetermined: the dearest tier for the whole sample"),
        pytest.param(
            ("deduct", "-1", {"findings": tuple(found(1, class_="b")), "open": 2}),
            "91",
            id="open units: the dearest tier",
        ),
    ],
)
def test_tiers_at_their_worst(change, low):
    assert card_of(TIERED, t_1=change).to_json()["total"]["low"] == low


def test_thresholds_of_any_kind_do_no_harm():
    """The `with` of a rule may hold lists."""
    table = edition(item(rule("flat", "2", with_=(("kinds", ["a"]),)), cap="2"))
    assert card_of(table, x_1=("deduct", "-2")).total.low == 98
