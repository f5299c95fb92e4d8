"""What makes exit status 1: the four gates of CONTRACT section 2."""
from collections.abc import Collection, Iterable, Sequence

from pytest_govsite.model.missing import AWAITING, TROUBLE
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.rows import Row
from pytest_govsite.scoring import JUDGED, PASSED, Scorecard

GATES = ("clean", "pass", "veto", "new")


def gate(
    name: str,
    scorecards: Iterable[Scorecard],
    rows: Iterable[Row],
    baseline_keys: Collection[str] | None = None,
    home_rules: Collection[tuple[str, str]] | None = None,
) -> bool:
    """Is the gate met?

    `baseline_keys`: finding keys of the baseline, needed by `new`. `home_rules`: see `unseen_sites`.
    Raises ValueError for an unknown gate, or `new` without baseline.
    """
    scorecards, rows = tuple(scorecards), tuple(rows)
    if unseen_sites(scorecards, rows, home_rules):
        return False
    if name == "clean":
        return not any(_is_unclean(row) for row in rows)
    if name == "pass":
        return all(card.settled == PASSED for card in scorecards)
    if name == "veto":
        return not any(row.outcome is Outcome.VETO for row in rows)
    if name != "new":
        raise ValueError(f"no gate {name!r}; there are {', '.join(GATES)}")
    if baseline_keys is None:
        raise ValueError("the gate new needs a baseline")
    return fault_keys(rows) <= frozenset(baseline_keys)


def unseen_sites(
    scorecards: Sequence[Scorecard], rows: Sequence[Row], home_rules: Collection[tuple[str, str]] | None = None
) -> frozenset[str]:
    """Sites whose home page could not be judged at all: they meet no gate.

    `home_rules` are the (edition, rule id) whose check reads the home page; where a site has no row of them, or nobody
    names them, all its rows stand for the home page. A site is unseen when none of these rows was judged and it is not
    only people, history or accounts that are waited for. Accounts have no home page.
    """
    sites = {card.site for card in scorecards if card.target == "website"}
    return frozenset(site for site in sites if _is_unseen([row for row in rows if row.site == site], home_rules))


def fault_keys(rows: Iterable[Row]) -> frozenset[str]:
    """Identities of the faults found: merits are none, exempted findings are settled."""
    return frozenset(
        finding.key(row.rule)
        for row in rows
        if row.part != "bonus"
        for finding in row.findings
        if not finding.exempt
    )


def _is_unclean(row: Row) -> bool:
    in_trouble = row.outcome is Outcome.UNDETERMINED and row.blame in TROUBLE
    return in_trouble or row.outcome in (Outcome.VETO, Outcome.DEDUCT)


def _is_unseen(rows: Sequence[Row], home_rules: Collection[tuple[str, str]] | None) -> bool:
    rows = [row for row in rows if (row.edition, row.rule) in (home_rules or ())] or rows
    if any(row.outcome in JUDGED for row in rows):
        return False
    return any(row.outcome is Outcome.UNDETERMINED and row.blame not in AWAITING for row in rows)
