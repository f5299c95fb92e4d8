"""What a row is called in Allure and under which headings it stands: the same live, for lost rows and from the ledger."""
from fractions import Fraction

from pytest_govsite.model.edition import Edition, Item, Rule
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Subject
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.report.wording import BLAMES
from pytest_govsite.rows import Row

NO_GROUP = "未分组"
CATEGORY = "tag"  # the label by which Allure 3 sorts results into categories; readers filter by tags, too
FAULTS = {Outcome.VETO: "单项否决", Outcome.DEDUCT: "扣分"}
OPEN = {
    Blame.PERSON: "待人工", Blame.HISTORY: "待记录或账号", Blame.ACCOUNT: "待记录或账号", Blame.VANTAGE: "外部原因",
    Blame.WALL: "外部原因", Blame.SITE: "站点原因", Blame.TOOL: "本方故障",
}
CATEGORIES = tuple(dict.fromkeys((*FAULTS.values(), *OPEN.values())))
STATUSES = {
    Outcome.PASS: "passed", Outcome.AWARD: "passed", Outcome.UNEARNED: "passed", Outcome.DEDUCT: "failed", Outcome.VETO: "failed",
    Outcome.NOT_APPLICABLE: "skipped",
}
BROKEN = frozenset({Blame.SITE, Blame.TOOL})


def category(row: Row) -> str | None:
    """The category of a row; None for one that nobody need look at."""
    return FAULTS.get(row.outcome) or OPEN.get(row.blame)


def status(row: Row) -> str:
    """Allure's status (CONTRACT section 1)."""
    return STATUSES.get(row.outcome) or ("broken" if row.blame in BROKEN else "skipped")


def words_of(category: str) -> str:
    """The pattern of a message that belongs to a category of open rows."""
    words = "|".join(BLAMES[blame] for blame, name in OPEN.items() if name == category)
    return rf"(Skipped: )?({words})[\s\S]*"


def title(key: str, rule: Rule | None) -> str:
    """The name of a result; the id alone where the table is not at hand."""
    return f"{key} {rule.summary}" if rule else key


def rule_labels(edition: Edition, item: Item, rule: Rule) -> dict[str, str]:
    """Behaviours are the headings of the table; severity is what is at stake."""
    return {
        "epic": item.level1, "feature": item.level2, "story": rule.summary, "severity": severity(edition, item, rule),
        "subSuite": edition.title,
    }


def subject_labels(subject: Subject) -> dict[str, str]:
    """Suites are group and site."""
    return {"parentSuite": subject.group or NO_GROUP, "suite": subject.title}


def severity(edition: Edition, item: Item, rule: Rule) -> str:
    """How much is at stake: a veto blocks, a bonus is a trifle, between them points in a hundred of the full mark."""
    if item.part == "veto":
        return "blocker"
    if item.part == "bonus":
        return "trivial"
    prices = [rule.points or Fraction(0), *(tier.points for tier in rule.tiers)]
    share = 100 * max(prices) / edition.full
    if share >= 5:
        return "critical"
    return "normal" if share >= 1 else "minor"
