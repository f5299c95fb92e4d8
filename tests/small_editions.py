"""Editions of a few lines, and rows under them: a test names only what it is about."""

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from pytest_govsite.model.edition import Edition, Item, Rule, Tier
from pytest_govsite.model.finding import Finding, Unseen
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Account, Site
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.rows import SHANGHAI, Row

AS_OF = date(2026, 11, 20)
FOUND_AT = datetime(2026, 11, 20, 9, 31, 7, tzinfo=SHANGHAI)
PORTAL = Site("demo", "http://www.demo.gov.cn/", "示范县人民政府", "county-portal", "511722")
DEPARTMENT = Site("jyt", "http://jyt.demo.gov.cn/", "示范省教育厅", "provincial-department", "510000")
NO_SERVICE = Site(
    "dag", "http://dag.demo.gov.cn/", "示范省档案局", "provincial-department", "510000", service_duty=False
)
STRANGER = Site("www.x.gov.cn", "http://www.x.gov.cn/")
ACCOUNT = Account("weibo", "新浪微博", "示范发布", "县融媒体中心")


def tier(points, **selector):
    return Tier(Fraction(points), **selector)


def rule(kind="per-occurrence", points="1", n=1, item="x", **more):
    """A rule of item `item`; tiers as made by `tier`."""
    return Rule(f"{item}.{n}", n, "", kind, "x", None if points is None else Fraction(points), **more)


def veto_rule(threshold=1, n=1, item="v"):
    return rule("threshold", None, n, item, threshold=threshold)


def item(*rules, part="deduction", cap=None, target="website", id=None, **more):
    """An item of these rules; its id is theirs."""
    id = id or rules[0].key.rpartition(".")[0]
    return Item(id, part, target, "一级", "二级", None if cap is None else Fraction(cap), rules, **more)


def edition(*items, full="100", pass_mark="60", bonus_gate="80", **more):
    marks = [None if mark is None else Fraction(mark) for mark in (pass_mark, bonus_gate)]
    return Edition("tiny", "小表", "某办", "某文", Fraction(full), items, Fraction(30), *marks, **more)


def found(count=1, **more):
    """So many findings on different pages."""
    return [Finding(f"http://www.demo.gov.cn/{n}.html", "栏目", "两周未更新", **more) for n in range(count)]


def unseen(count=1, blame=Blame.SITE, reason="等待超时"):
    return [Unseen(f"http://www.demo.gov.cn/u{n}.html", reason, blame) for n in range(count)]


def verdict(outcome, points=None, **more):
    """A verdict in short: "deduct" with "-0.2", "undetermined" with a blame."""
    if outcome == "undetermined":
        more = {"blame": Blame.PERSON, "reason": "待人工认定"} | more
    if outcome == "not-applicable":
        more = {"reason": "本表不检查"} | more
    return Verdict(Outcome(outcome), None if points is None else Fraction(points), **more)


def row(table, key, outcome, points=None, subject=PORTAL, **more):
    """The row of a rule with this verdict."""
    found_item, found_rule = table.rule(key)
    made = Row.of(subject, table, found_item, found_rule, verdict(outcome, points, **more), AS_OF)
    return replace(made, found_at=FOUND_AT)
