"""What the check says of a week, under each table, by the rule's own thresholds: the words of an inspection."""
from collections.abc import Iterator, Sequence

from pytest_govsite import checking, editions, planning
from pytest_govsite.judging import applicable, judge, judge_raised
from pytest_govsite.model.availability import Week
from pytest_govsite.model.edition import Edition, Item, Rule
from pytest_govsite.model.site import Site
from pytest_govsite.model.verdict import Verdict
from pytest_govsite.report.wording import OUTCOMES, plain

CHECK, FILE = "unreachable-site", "availability/unreachable_site.py"
LONGEST = 600


def judged(week: Week, site: Site, names: Sequence[str]) -> dict[str, list[str]]:
    """From what is said of the week to the rules under which it is; by the usual table, when none of these has the rule.

    names  ids or files of editions; those that are not there any more are left out.
    """
    rules = list(_rules(names)) or list(_rules([planning.DEFAULT_EDITION]))
    told: dict[str, list[str]] = {}
    for edition, item, rule in rules:
        verdict = _verdict(week, site, edition, item, rule)
        told.setdefault(f"{OUTCOMES[verdict.outcome]}：{_says(verdict)}", []).append(f"{edition.id} {rule.key}")
    return told


def _rules(names: Sequence[str]) -> Iterator[tuple[Edition, Item, Rule]]:
    for name in names:
        try:
            edition = editions.load(name)
        except ValueError:  # a table of one's own, and the file is gone
            continue
        yield from ((edition, item, rule) for item in edition.items for rule in item.rules if rule.check == CHECK)


def _verdict(week: Week, site: Site, edition: Edition, item: Item, rule: Rule) -> Verdict:
    if exempt := applicable(edition, item, rule, site):
        return exempt
    check = checking.read_check(checking.folder() / FILE)
    try:
        observed = check.function(week=week, site=site, **{**check.thresholds, **dict(rule.with_)})
    except Exception as error:  # noqa: BLE001 - as an inspection takes it: a verdict that says so
        return judge_raised(error)
    return judge(item, rule, site, observed, week.as_of)


def _says(verdict: Verdict) -> str:
    """The one sentence with the numbers."""
    facts = (*(finding.says for finding in verdict.findings), verdict.reason, *(note.says for note in verdict.notes))
    return plain(next(filter(None, facts), ""), LONGEST)
