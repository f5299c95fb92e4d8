"""New, fixed, still open: two inspections side by side, by the identity of each fault."""
from dataclasses import replace

import pytest
from reported import fault, row, waiting

from pytest_govsite.comparing import Comparison, compare
from pytest_govsite.model.finding import Drawn, Finding
from pytest_govsite.model.missing import Blame
from pytest_govsite.rows import Row

RULE = "page-labels.1"
PASSED = row(RULE, "pass", "0")
WAITING = waiting(RULE, Blame.SITE, "没有找到可抽查的页面")


def found(*findings: Finding | int, **more) -> Row:
    """The row of a rule whose faults are these; a number is the fault of that page."""
    return row(RULE, "deduct", "-0.1", findings=tuple(fault(f) if isinstance(f, int) else f for f in findings), **more)


def drew(*numbers: int, of: int = 40) -> Drawn:
    return Drawn(7, tuple(fault(number).at for number in numbers), of)


def told(comparison: Comparison) -> dict[str, list[str]]:
    """The faults of each part that has some, by number of page, with what is said of them."""
    parts = {name: getattr(comparison, name) for name in ("new", "fixed", "still", "settled", "unclear")}
    return {
        name: [f"{fault.finding.at.rpartition('/')[2].removesuffix('.html')}{fault.why}" for fault in faults]
        for name, faults in parts.items() if faults
    }


exempted = fault(1, exempt="栏目已停用（张某，至 2026-12-31）")

CASES = {
    "the same fault": (found(1), found(1), {"still": ["1"]}),
    "in other words, on the same page": (found(fault(1, "缺标签")), found(fault(1, "缺少两个标签")), {"still": ["1"]}),
    "one came, one went, one stayed": (found(1, 2), found(2, 3), {"new": ["3"], "fixed": ["1"], "still": ["2"]}),
    "none before": (PASSED, found(1), {"new": ["1"]}),
    "none now": (found(1), PASSED, {"fixed": ["1"]}),
    "nothing at all": (PASSED, PASSED, {}),
    "undetermined now is not fixed": (found(1), WAITING, {"unclear": ["1这次未能判定"]}),
    "undetermined before is not new": (WAITING, found(1), {"unclear": ["1上次未能判定"]}),
    "undetermined twice": (WAITING, WAITING, {}),
    "undetermined, and yet it was seen again": (found(1), replace(WAITING, findings=(fault(1),)), {"still": ["1"]}),
    "a rule that does not concern the site any more": (found(1), row(RULE, "not-applicable"), {"unclear": ["1这次不适用"]}),
    "silenced by its parent before": (row(RULE, "not-applicable"), found(1), {"unclear": ["1上次不适用"]}),
    "not all was seen now": (found(1), row(RULE, "pass", "0", open=2), {"unclear": ["1这次没能看全"]}),
    "not all was seen before": (row(RULE, "pass", "0", open=1), found(1), {"unclear": ["1上次没能看全"]}),
    "another page was drawn": (
        found(1, drawn=drew(1, 2)), found(3, drawn=drew(2, 3)), {"unclear": ["3上次没有抽到", "1这次没有抽到"]},
    ),
    "the page was drawn again": (found(1, drawn=drew(1, 2)), found(2, drawn=drew(1, 2)), {"fixed": ["1"], "new": ["2"]}),
    "the page was drawn again among others": (found(1, drawn=drew(1)), row(RULE, "pass", "0", drawn=drew(1, 5)), {"fixed": ["1"]}),
    "the same was drawn, and the fault names another address": (
        found(fault(9), drawn=drew(1, 2)), row(RULE, "pass", "0", drawn=drew(1, 2, 3)), {"fixed": ["9"]},
    ),
    "the sample is all that there is": (found(1, drawn=drew(1, 2)), row(RULE, "pass", "0", drawn=drew(2, of=1)), {"fixed": ["1"]}),
    "an address that only looks different": (
        found(replace(fault(1), at="https://www.xuanhan.gov.cn:443/a/1.html#top")), found(1), {"still": ["1"]},
    ),
    "exempted meanwhile": (found(1), found(exempted), {"settled": ["1"]}),
    "exempted both times": (found(exempted), found(exempted), {}),
    "exempted before, and gone": (found(exempted), PASSED, {}),
    "new, and exempted at once": (PASSED, found(exempted), {}),
    "no longer exempted": (found(exempted), found(1), {"still": ["1"]}),
    "found twice, once exempted": (PASSED, found(fault(1), exempted), {"new": ["1"]}),
    "a veto that came": (PASSED, row(RULE, "veto", findings=(fault(4),)), {"new": ["4"]}),
}


@pytest.mark.parametrize("old, new, expected", CASES.values(), ids=CASES)
def test_what_became_of_the_faults(old, new, expected):
    comparison = compare([old], [new])
    assert told(comparison) == expected
    assert (comparison.rules, comparison.apart) == (1, ())


def test_only_rules_that_both_have_are_compared():
    other = row("page-labels.2", "deduct", "-0.3", findings=(fault(9),))
    comparison = compare([found(1), other], [found(1)])
    assert told(comparison) == {"still": ["1"]}
    assert (comparison.rules, comparison.apart) == (1, (other.id,))


def test_merits_are_no_faults():
    merit = row("innovation.1", "award", "2", findings=(fault(1),))
    assert compare([], [merit]) == compare([merit], []) == Comparison()


def test_sites_are_told_apart_and_come_in_the_order_of_the_ledger():
    """As `govsite diff` compares two ledgers of many sites."""
    sites = ("yi", "jia")
    old = [replace(found(1), site=site) for site in sites] + [replace(found(2), rule="page-labels.2", site="yi")]
    new = [replace(found(1, 3), site="jia"), replace(PASSED, site="yi"), replace(found(2), rule="page-labels.2", site="yi")]
    comparison = compare(old, new)
    assert [(fault.row.site, fault.row.rule, fault.finding.at[-6:]) for fault in comparison.still] == [
        ("jia", "page-labels.1", "1.html"), ("yi", "page-labels.2", "2.html"),
    ]
    assert told(comparison) == {"new": ["3"], "fixed": ["1"], "still": ["1", "2"]}
    assert [each.key for each in comparison.new] == [fault(3).key(RULE)]
