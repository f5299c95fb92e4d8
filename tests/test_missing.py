"""The law of missing evidence, for every check and every kind of evidence it names: it never becomes a pass."""
from fractions import Fraction

import evidence
import pytest

from pytest_govsite import checking, editions, judging
from pytest_govsite.model.edition import Item, Rule
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.verdict import Outcome, Verdict

CHECKS = checking.discover(checking.folder())
# evidence that a check needs at some sites only, with what such a site looks like
NEEDED_WHEN = {("stale-home", "columns"): {"headlines": {"doorway": True, "articles": []}}}
REASONS = (Reason.TIMEOUT, Reason.NO_NETWORK, Reason.WALL, Reason.CRASH, Reason.NOT_STORED)


def uses() -> dict[str, tuple[checking.Check, dict]]:
    """Every check with its own thresholds, and with those of every edition's rule that names it."""
    found = {id: (check, {}) for id, check in CHECKS.items()}
    for id in editions.ids():
        for item in editions.load(id).items:
            found |= {f"{id}/{rule.key}": (CHECKS[rule.check], dict(rule.with_)) for rule in item.rules if rule.with_}
    return found


# checks that look for a merit: a site in which nothing is amiss earns it
MERITS = {
    rule.check for id in editions.ids() for item in editions.load(id).items if item.part == "bonus" for rule in item.rules
}
PAIRS = [
    pytest.param(check, thresholds, kind, id=f"{use} without {kind}")
    for use, (check, thresholds) in uses().items() for kind in check.evidence
]


def verdict_of(check: checking.Check, thresholds: dict, values: dict) -> Verdict:
    """What becomes of these values under a rule that prices each occurrence."""
    if missing := check.stopped_by(values):
        return judging.judge_missing(missing)
    part, kind = ("bonus", "award") if check.id in MERITS else ("deduction", "per-occurrence")
    rule = Rule("item.1", 1, "", kind, check.id, Fraction(1))
    item = Item("item", part, "website", "", "", None, (rule,))
    try:
        seen = check.function(**values, **thresholds)
    except Exception as raised:
        return judging.judge_raised(raised)
    return judging.judge(item, rule, evidence.site(), seen, evidence.AS_OF)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("check, thresholds, kind", PAIRS)
def test_missing_evidence_leaves_the_rule_undetermined(check, thresholds, kind, reason):
    site = NEEDED_WHEN.get((check.id, kind), {})
    values = {name: evidence.build(name, site.get(name)) for name in (*check.evidence, *check.context)}
    missing = Missing(reason, url=evidence.URL)
    verdict = verdict_of(check, thresholds, values | {kind: missing})
    assert (verdict.outcome, verdict.blame, verdict.points) == (Outcome.UNDETERMINED, missing.blame, None)


@pytest.mark.parametrize("check", [check for check in CHECKS.values() if check.evidence], ids=lambda check: check.id)
def test_the_same_evidence_in_full_is_a_pass(check):
    """Else the test above would prove nothing."""
    values = {name: evidence.build(name, None) for name in (*check.evidence, *check.context)}
    assert verdict_of(check, {}, values).outcome is (Outcome.AWARD if check.id in MERITS else Outcome.PASS)
