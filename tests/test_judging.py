"""Observations to verdicts, as tables: rule, observations, expected outcome, points and open units."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_editions import (
    ACCOUNT,
    AS_OF,
    DEPARTMENT,
    NO_SERVICE,
    PORTAL,
    STRANGER,
    edition,
    found,
    item,
    rule,
    tier,
    unseen,
    verdict,
    veto_rule,
)

from pytest_govsite.judging import KIND_HINT, applicable, judge, judge_missing, judge_raised, planned, silenced
from pytest_govsite.model.edition import Variant
from pytest_govsite.model.finding import Drawn, Finding, NotApplicable, Note, Undetermined
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.site import Site
from pytest_govsite.pricing import Tariff, price, worst

PAGES = rule(points="0.1", sample=5)
FLAT = rule("flat", "1")
AT_LEAST_THREE = rule("threshold", "2", threshold=3)
STALE = rule("threshold", "2", tiers=(tier("1", over="1mo"), tier("2", over="3mo")), combine="highest")
BULLETINS = rule(points="4", tiers=(tier("4", class_="state"), tier("1", class_="province")), combine="each")
HALVES = rule("flat", "1", tiers=(tier("0.5", class_="accepted"), tier("0.5", class_="settled")), combine="add")
FIELDS = rule(points="1", subcaps=(("field", 5),))
CITY = rule(
    "flat",
    "6",
    combine="add",
    tiers=(
        tier("6", class_="none", kinds=("city-portal",)),
        tier("2", class_="apart", kinds=("city-portal",)),
        tier("6", class_="none", kinds=("provincial-department",)),
    ),
)
AWARD = rule("award", "2")
EACH_AWARD = rule("award", "0.5", unit="个", sample=2)
SIX_SURVEYS = rule("award", "2", threshold=6)
FRESH = rule("award", "2", tiers=(tier("2", within="3mo"), tier("1", within="6mo")), combine="highest")
TOPICS = rule("award", "2", tiers=(tier("2", at_least=3), tier("1", at_least=1)), combine="highest")
ANSWERS = rule("award", "5", tiers=(tier("3", class_="day"), tier("2", class_="robot")), combine="add")

DEDUCTIONS = {
    "nothing-found-is-a-pass": (PAGES, [], "pass", "0", 0),
    "each-page-costs": (PAGES, found(3), "deduct", "-0.3", 0),
    "ruling-5-one-of-three-seen-is-faulty-two-stay-open": (PAGES, found(1) + unseen(2), "deduct", "-0.1", 2),
    "ruling-5-no-fault-but-unseen-pages-is-no-pass": (PAGES, unseen(2), "undetermined", None, 2),
    "deductions-are-not-bounded-by-the-sample": (PAGES, found(7), "deduct", "-0.7", 0),
    "flat-costs-once": (FLAT, found(4), "deduct", "-1", 0),
    "flat-with-an-open-unit-and-no-fault": (FLAT, unseen(1), "undetermined", None, 1),
    "below-the-threshold-nothing-is-lost": (AT_LEAST_THREE, found(2), "pass", "0", 0),
    "at-the-threshold-the-points-go-once": (AT_LEAST_THREE, found(4), "deduct", "-2", 0),
    "open-units-that-cannot-reach-the-threshold-leave-a-pass": (AT_LEAST_THREE, found(1) + unseen(1), "pass", "0", 1),
    "open-units-that-may-reach-it-do-not": (AT_LEAST_THREE, found(2) + unseen(1), "undetermined", None, 1),
    "the-older-tier": (STALE, found(1, amount=100), "deduct", "-2", 0),
    "the-younger-tier": (STALE, found(1, amount=40), "deduct", "-1", 0),
    "ruling-3-the-edition-says-that-tiers-exclude-each-other": (STALE, found(2, amount=100), "deduct", "-2", 0),
    "exactly-a-month-old-is-not-over-a-month": (STALE, found(1, amount=31), "pass", "0", 0),
    "ruling-1-no-date-at-all-is-older-than-every-window": (STALE, found(1), "deduct", "-2", 0),
    "ruling-3-classes-priced-each": (
        BULLETINS,
        found(1, class_="state") + found(3, class_="province"),
        "deduct",
        "-7",
        0,
    ),
    "ruling-3-each-class-once": (HALVES, found(3, class_="accepted"), "deduct", "-0.5", 0),
    "ruling-3-classes-that-add": (HALVES, found(1, class_="accepted") + found(1, class_="settled"), "deduct", "-1", 0),
    "a-class-without-price-is-our-fault": (BULLETINS, found(1, class_="village"), "undetermined", None, 0),
    "a-sub-cap-bounds-its-class-only": (FIELDS, found(8, class_="field") + found(2, class_="reply"), "deduct", "-7", 0),
    "an-exempted-finding-costs-nothing": (
        PAGES,
        found(1) + found(1, exempt="误报（张某，至 2026-12-31）"),
        "deduct",
        "-0.1",
        0,
    ),
    "only-exempted-findings": (PAGES, found(2, exempt="误报（张某，至 2026-12-31）"), "pass", "0", 0),
}
BONUSES = {
    "nothing-found-is-unearned": (AWARD, [], "unearned", "0", 0),
    "an-award-is-positive": (AWARD, found(1), "award", "2", 0),
    "an-award-without-unit-counts-once": (AWARD, found(3), "award", "2", 0),
    "a-merit-that-could-not-be-seen": (AWARD, unseen(1), "undetermined", None, 1),
    "each-is-bounded-by-the-sample": (EACH_AWARD, found(3), "award", "1", 0),
    "ruling-5-one-earned-one-open": (EACH_AWARD, found(1) + unseen(1), "award", "0.5", 1),
    "five-surveys-of-six": (SIX_SURVEYS, found(5), "unearned", "0", 0),
    "six-surveys": (SIX_SURVEYS, found(6), "award", "2", 0),
    "five-surveys-and-one-unseen": (SIX_SURVEYS, found(5) + unseen(1), "undetermined", None, 1),
    "within-the-shorter-window": (FRESH, found(1, amount=30), "award", "2", 0),
    "within-the-longer-window-only": (FRESH, found(1, amount=150), "award", "1", 0),
    "in-no-window": (FRESH, found(1, amount=300), "unearned", "0", 0),
    "two-topics": (TOPICS, found(2), "award", "1", 0),
    "three-topics": (TOPICS, found(3), "award", "2", 0),
    "ruling-3-awards-that-add": (ANSWERS, found(1, class_="day") + found(1, class_="robot"), "award", "5", 0),
    "an-exempted-merit-earns-nothing": (AWARD, found(1, exempt="误报（张某，至 2026-12-31）"), "unearned", "0", 0),
}
CLAUSES = {
    "pages": PAGES,
    "flat": FLAT,
    "threshold": AT_LEAST_THREE,
    "stale": STALE,
    "bulletins": BULLETINS,
    "halves": HALVES,
    "fields": FIELDS,
    "award": AWARD,
    "each-award": EACH_AWARD,
    "surveys": SIX_SURVEYS,
    "fresh": FRESH,
    "topics": TOPICS,
}
CLASSES = ("state", "province", "accepted", "settled")
VETOES = {
    "ruling-5-four-of-five-stale-columns-pass": (5, found(4), "pass", 0),
    "ruling-5-five-stale-columns-veto": (5, found(5), "veto", 0),
    "ruling-5-four-firm-and-one-open-may-be-a-veto": (5, found(4) + unseen(1), "undetermined", 1),
    "ruling-5-three-firm-and-one-open-cannot": (5, found(3) + unseen(1), "pass", 1),
    "one-occurrence-is-enough-where-the-table-says-so": (1, found(1), "veto", 0),
    "a-firm-veto-needs-no-open-unit": (1, found(1) + unseen(3), "veto", 3),
    "nothing-found": (1, [], "pass", 0),
    "nothing-found-but-not-all-seen": (1, unseen(1), "undetermined", 1),
    "an-exempted-finding-makes-no-veto": (5, found(4) + found(1, exempt="已停办（张某，至 2026-12-31）"), "pass", 0),
}


def table(cases):
    return [pytest.param(*case, id=id) for id, case in cases.items()]


def judged(part, clause, observations, subject=PORTAL):
    return judge(item(clause, part=part), clause, subject, observations, AS_OF)


@pytest.mark.parametrize("clause, seen, outcome, points, left_open", table(DEDUCTIONS))
def test_deductions(clause, seen, outcome, points, left_open):
    made = judged("deduction", clause, seen)
    assert (made.outcome, made.points, made.open) == (outcome, points and Fraction(points), left_open)


@pytest.mark.parametrize("clause, seen, outcome, points, left_open", table(BONUSES))
def test_bonuses(clause, seen, outcome, points, left_open):
    made = judged("bonus", clause, seen)
    assert (made.outcome, made.points, made.open) == (outcome, points and Fraction(points), left_open)


@pytest.mark.parametrize("threshold, seen, outcome, left_open", table(VETOES))
def test_vetoes(threshold, seen, outcome, left_open):
    """A veto has no points, fired or not; its findings are listed in every case."""
    made = judged("veto", veto_rule(threshold), seen)
    assert (made.outcome, made.points, made.open) == (outcome, None, left_open)
    assert len(made.findings) + made.open == len(seen)


@pytest.mark.parametrize(
    "subject, points",
    [
        pytest.param(Site("c", "http://c", kind="city-portal"), "-8", id="a city may lose both tiers"),
        pytest.param(DEPARTMENT, "-6", id="a department has one tier only"),
    ],
)
def test_tiers_for_kinds_of_site(subject, points):
    classes = ["none", "apart"] if subject.kind == "city-portal" else ["none"]
    seen = [finding for class_ in classes for finding in found(1, class_=class_)]
    assert judged("deduction", CITY, seen, subject).points == Fraction(points)


def test_a_variant_has_its_own_points():
    variant = Variant(("provincial-department",), 1, points=2, cap=2)
    made = judge(item(FLAT, variants=(variant,)), FLAT, DEPARTMENT, found(1), AS_OF)
    assert made.points == -2


BLAMES = {
    "trouble-outweighs-all": ([Blame.PERSON, Blame.WALL, Blame.TOOL], Blame.TOOL),
    "outside-outweighs-awaiting": ([Blame.HISTORY, Blame.VANTAGE], Blame.VANTAGE),
    "awaiting-alone": ([Blame.PERSON, Blame.PERSON], Blame.PERSON),
}


@pytest.mark.parametrize("blames, worst", table(BLAMES))
def test_the_worst_blame_of_the_open_units_is_the_rules(blames, worst):
    seen = [one for blame in blames for one in unseen(1, blame, f"原因 {blame}")]
    made = judged("deduction", PAGES, seen)
    assert (made.blame, made.reason) == (worst, f"原因 {worst}（共 {len(blames)} 处未能查看）")


def test_a_single_open_unit_gives_its_reason_unchanged():
    assert judged("veto", veto_rule(), unseen(1, Blame.WALL, "被防护验证拦截")).reason == "被防护验证拦截"


def test_open_units_say_where_they_are():
    notes = judged("deduction", PAGES, [Note("提示"), *found(1), *unseen(1)]).notes
    assert notes == (Note("提示"), Note("未能查看：等待超时", "http://www.demo.gov.cn/u0.html"))


def test_two_draws_make_one_sample():
    seen = [Drawn(7, ("a", "b"), 31), Drawn(7, ("c",), 4)]
    assert judged("deduction", PAGES, seen).drawn == Drawn(7, ("a", "b", "c"), 35)


SERVICE = item(FLAT, service_only=True)
NEW_MEDIA = item(veto_rule(), part="veto", target="new-media", id="nm")
WEBSITE_VETO = item(veto_rule(), part="veto")
BOTH = item(FLAT, target="website+new-media")
SUPERVISION = item(FLAT, target="supervision")
NOT_FOR = item(FLAT, not_for=("provincial-department",))
VARIED = item(FLAT, variants=(Variant(("provincial-department",), 1, points=2, cap=2),))
BY_KIND = item(CITY)
PLAIN = item(FLAT)
ANY, PORTALS = edition(), edition(portals_only=True)

APPLICABLE = {
    "a-plain-rule": (ANY, PLAIN, PORTAL, None),
    "a-rule-on-new-media-for-a-site": (ANY, NEW_MEDIA, PORTAL, "按账号评定"),
    "a-rule-on-new-media-for-an-account": (ANY, NEW_MEDIA, ACCOUNT, None),
    "a-rule-on-both-for-a-site": (ANY, BOTH, PORTAL, None),
    "a-rule-on-both-for-an-account": (ANY, BOTH, ACCOUNT, None),
    "a-rule-on-websites-for-an-account": (ANY, PLAIN, ACCOUNT, "按网站评定"),
    "supervision-rules-are-judged-with-the-site": (ANY, SUPERVISION, PORTAL, None),
    "not-for-this-kind": (ANY, NOT_FOR, DEPARTMENT, "本表对省级部门网站不检查该项指标"),
    "not-for-another-kind": (ANY, NOT_FOR, PORTAL, None),
    "service-rule-with-service-duty": (ANY, SERVICE, DEPARTMENT, None),
    "service-rule-without-service-duty": (ANY, SERVICE, NO_SERVICE, "没有对外服务职能，不检查办事服务指标"),
    "no-tier-for-this-kind": (ANY, BY_KIND, PORTAL, "本条不涉及县级政府门户网站"),
    "a-tier-for-this-kind": (ANY, BY_KIND, DEPARTMENT, None),
    "ruling-11-gb2019-scores-county-portals": (PORTALS, PLAIN, PORTAL, None),
    "ruling-11-and-no-departments": (PORTALS, PLAIN, DEPARTMENT, "本表的扣分指标和加分指标只评政府门户网站"),
    "ruling-11-departments-keep-the-vetoes": (PORTALS, WEBSITE_VETO, DEPARTMENT, None),
}


@pytest.mark.parametrize("table_, printed, subject, reason", table(APPLICABLE))
def test_applicable(table_, printed, subject, reason):
    made = applicable(table_, printed, printed.rules[0], subject)
    assert (made and (made.outcome, made.reason)) == (reason and ("not-applicable", reason))


@pytest.mark.parametrize("printed", [NOT_FOR, VARIED, BY_KIND], ids=["not-for", "variants", "tiers"])
def test_ruling_11_an_unknown_kind_is_asked_for(printed):
    made = applicable(ANY, printed, printed.rules[0], STRANGER)
    assert (made.outcome, made.blame, made.reason) == ("undetermined", Blame.PERSON, KIND_HINT)
    assert "sites.toml" in made.reason and "kind" in made.reason


@pytest.mark.parametrize("printed", [PLAIN, SERVICE, WEBSITE_VETO], ids=["plain", "service", "veto"])
def test_ruling_11_other_rules_need_no_kind(printed):
    assert applicable(PORTALS, printed, printed.rules[0], STRANGER) is None


def test_a_site_gets_every_rule_an_account_those_on_new_media():
    table_ = edition(WEBSITE_VETO, NEW_MEDIA, BOTH, SUPERVISION)
    assert [each for each, _ in planned(table_, PORTAL)] == [WEBSITE_VETO, NEW_MEDIA, BOTH, SUPERVISION]
    assert [each for each, _ in planned(table_, ACCOUNT)] == [NEW_MEDIA, BOTH]


PARENT = rule("flat", "4", item="site-search")
SILENCED = {
    "ruling-4-a-parent-fault-silences": (verdict("deduct", "-4"), "见 site-search.1"),
    "ruling-4-so-does-its-veto": (verdict("veto"), "见 site-search.1"),
    "ruling-4-and-what-silenced-the-parent": (
        verdict("not-applicable", reason="见 service-catalog.1"),
        "见 service-catalog.1",
    ),
    "ruling-4-an-undetermined-parent-does-not": (verdict("undetermined"), None),
    "ruling-4-a-passed-parent-does-not": (verdict("pass", "0"), None),
    "ruling-4-a-parent-out-of-the-table-does-not": (verdict("not-applicable", reason="本表不检查"), None),
}


@pytest.mark.parametrize("parent, reason", table(SILENCED))
def test_silenced(parent, reason):
    made = silenced(parent, PARENT)
    assert (made and (made.outcome, made.reason)) == (reason and ("not-applicable", reason))


RAISED = {
    "on-purpose-not-applicable": (NotApplicable("没有外文版"), "not-applicable", None, "没有外文版"),
    "on-purpose-undetermined": (Undetermined("样本太少", Blame.HISTORY), "undetermined", Blame.HISTORY, "样本太少"),
    "our-crash": (KeyError("columns"), "undetermined", Blame.TOOL, "检查程序出错：KeyError: 'columns'"),
    "first-line-only": (ValueError("one\ntwo"), "undetermined", Blame.TOOL, "检查程序出错：ValueError: one"),
    "without-words": (ZeroDivisionError(), "undetermined", Blame.TOOL, "检查程序出错：ZeroDivisionError"),
    "bounded": (ValueError("x" * 10_000), "undetermined", Blame.TOOL, f"检查程序出错：ValueError: {'x' * 200}"),
}


@pytest.mark.parametrize("exception, outcome, blame, reason", table(RAISED))
def test_judge_raised(exception, outcome, blame, reason):
    made = judge_raised(exception)
    assert (made.outcome, made.blame, made.reason) == (outcome, blame, reason)


@pytest.mark.parametrize("reason", list(Reason))
def test_missing_evidence_is_undetermined_whatever_the_reason(reason):
    missing = Missing(reason, "细节")
    made = judge_missing(missing)
    assert (made.outcome, made.points, made.blame, made.reason) == ("undetermined", None, missing.blame, missing.says)


@given(st.sampled_from(list(CLAUSES)), st.data())
def test_the_order_of_findings_is_irrelevant_and_no_open_unit_makes_it_cheaper(name, data):
    clause = CLAUSES[name]
    classes = sorted({one.class_ for one in clause.tiers if one.class_} or CLASSES)
    finding = st.builds(
        Finding,
        at=st.just("http://x"),
        what=st.just("w"),
        says=st.just("s"),
        amount=st.none() | st.integers(0, 400),
        class_=st.sampled_from(classes),
        exempt=st.none() | st.just("误报"),
    )
    findings = data.draw(st.lists(finding, max_size=6))
    tariff = Tariff.of(item(clause), clause, "county-portal")
    firm = price(tariff, findings, AS_OF)
    assert price(tariff, data.draw(st.permutations(findings)), AS_OF) == firm
    prices = [price(tariff, findings, AS_OF, unseen) for unseen in range(4)]
    assert prices == sorted(prices) and prices[0] == firm
    assert clause.sample is None or len(findings) + 3 > clause.sample or prices[-1] <= worst(tariff)
