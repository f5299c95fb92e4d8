"""Fabricated rows and scorecards, for the reports: one table, one site with something of everything."""
from datetime import date, datetime
from fractions import Fraction

from pytest_govsite.model.edition import Edition, Item, Rule
from pytest_govsite.model.finding import Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Site
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.rows import SHANGHAI, Row
from pytest_govsite.scoring import Interval, Scorecard

AS_OF = date(2026, 11, 20)
SITE = Site("xuanhan", "http://www.xuanhan.gov.cn/", "宣汉县人民政府", "county-portal", group="达州市")


def rule(item: str, n: int, summary: str, points: str | None = None, check: str = "attested") -> Rule:
    kind = "award" if points and item == "innovation" else "flat"
    return Rule(f"{item}.{n}", n, summary, kind, check, Fraction(points) if points else None)


EDITION = Edition(
    id="table2026", title="某省政府网站检查指标（2026年）", issuer="某省人民政府办公厅", cite="某省政府网站检查指标", full=Fraction(120),
    bonus_full=Fraction(30), pass_mark=Fraction(72), bonus_gate=Fraction(96),
    items=(
        Item("home-stale", "veto", "website", "单项否决", "首页不更新", None, (rule("home-stale", 1, "监测2周，首页无信息更新"),)),
        Item("column-stale", "veto", "website", "单项否决", "栏目不更新", None, (rule("column-stale", 1, "5个以上栏目未更新"),)),
        Item("page-labels", "deduction", "website", "功能设计", "页面标签", Fraction(1), (
            rule("page-labels", 1, "抽5个内容页，缺标签的每页扣0.1分", "0.1", "unlabelled-page"),
            rule("page-labels", 2, "抽5个栏目页，缺标签的每页扣0.3分", "0.3", "unlabelled-page"),
        )),
        Item("site-search", "deduction", "website", "功能设计", "搜索服务", Fraction(6), (
            rule("site-search", 1, "未提供搜索功能，扣5分", "5"),
            rule("site-search", 2, "搜索结果无法打开，扣3分", "3"),
        )),
        Item("innovation", "bonus", "website", "创新发展", "创新", Fraction(3), (rule("innovation", 1, "有创新做法，加2分", "2"),)),
    ),
)


def row(key: str, outcome: Outcome | str, points: str | None = None, site: str = SITE.id, **more) -> Row:
    item, _ = EDITION.rule(key)
    found_at = datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI)
    price = None if points is None else Fraction(points)
    place = (site, EDITION.id, key, item.part, item.level1, item.level2)
    return Row(*place, Outcome(outcome), AS_OF, found_at, price, **more)


def waiting(key: str, blame: Blame, reason: str, **more) -> Row:
    return row(key, "undetermined", blame=blame, reason=reason, **more)


def fault(number: int = 1, says: str = "内容页缺少站点标签 SiteIDCode", **more) -> Finding:
    return Finding(f"http://www.xuanhan.gov.cn/a/{number}.html", "SiteIDCode", says, **more)


def card(
    verdict: str = "待定", site: str = SITE.id, name: str = SITE.title, low: str = "60", high: str = "101.3", **more,
) -> Scorecard:
    points = Interval(Fraction(low), Fraction(high))
    known = {
        "site": site, "name": name, "edition": EDITION.id, "as_of": AS_OF, "verdict": verdict, "vetoes": (),
        "full": EDITION.full, "deduction": points, "bonus": Interval(Fraction(0), Fraction(2)), "bonus_open": "maybe",
        "total": points, "coverage": {"rules": 7, "judged": 4, "awaiting": 2, "trouble": 1, "not_applicable": 0},
        "items": (), "note": "", "by_points": True, "partial": False, "target": "website", "settled": verdict,
    }
    return Scorecard(**known | more)


SHOT = "sites/xuanhan/shots/ab12.png"
ROWS = (
    row("home-stale.1", "veto", findings=(Finding(SITE.url, "首页", "首页最新一条信息的日期是 2026-10-28", SHOT),)),
    row("column-stale.1", "pass", findings=(Finding(f"{SITE.url}tzgg/", "通知公告", "栏目最新信息 2026-03-01"),)),
    row("page-labels.1", "deduct", "-0.4", open=1, findings=(
        *(fault(n) for n in range(1, 8)), fault(9, exempt="栏目已停用（张某，至 2026-12-31）"),
    )),
    row("page-labels.2", "deduct", "-0.9", findings=(fault(20, "栏目页缺少 ColumnName"),)),
    waiting("site-search.1", Blame.VANTAGE, "本机没有 IPv6 出口", notes=(Note("站名拼音不在域名中", SITE.url),)),
    waiting("site-search.2", Blame.PERSON, "待检查人员核定"),
    row("innovation.1", "award", "2", findings=(Finding(SITE.url, "适老化", "首页有适老化版本"),)),
)
