"""Two inspections side by side: which faults are new, fixed, still there, and of which nobody can say."""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pytest_govsite.model.finding import Finding, normalised
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.rows import Row, RowKey, sort_key
from pytest_govsite.scoring import JUDGED


@dataclass(frozen=True)
class Fault:
    """A fault of one of the two inspections.

    row  where it stands: the newer inspection's for all but `fixed`, and `unclear` ones that only the older one has.
    why  of an `unclear` one: what keeps the two from being compared, in Chinese.
    """

    row: Row
    finding: Finding
    why: str = ""

    @property
    def key(self) -> str:
        """Its identity over time."""
        return self.finding.key(self.row.rule)


@dataclass(frozen=True)
class Comparison:
    """What became of the faults between two inspections. Merits are no faults, see gating.fault_keys.

    new      the older one looked there as well and did not have them.
    fixed    the newer one looked there again and has them no more.
    still    in both.
    settled  charged in the older one, exempted in the newer one.
    unclear  only one has them, and the other could not judge the rule, did not see all of it, or drew other pages.
    rules    how many rows both have: only these are compared. apart: rules that only one of them has.
    """

    new: tuple[Fault, ...] = ()
    fixed: tuple[Fault, ...] = ()
    still: tuple[Fault, ...] = ()
    settled: tuple[Fault, ...] = ()
    unclear: tuple[Fault, ...] = ()
    rules: int = 0
    apart: tuple[RowKey, ...] = ()


def compare(old: Iterable[Row], new: Iterable[Row]) -> Comparison:
    """What became of the faults of `old` in `new`: rows of any number of sites and editions, matched by `Row.id`.

    Everything comes in the order of the ledger; within a row, of its findings.
    """
    before, after = ({row.id: row for row in rows if row.part != "bonus"} for rows in (old, new))
    both = sorted(before.keys() & after.keys(), key=sort_key)
    parts: dict[str, list[Fault]] = {name: [] for name in ("new", "fixed", "still", "settled", "unclear")}
    for id in both:
        for name, fault in _of_rule(before[id], after[id]):
            parts[name].append(fault)
    apart = tuple(sorted(before.keys() ^ after.keys(), key=sort_key))
    return Comparison(**{name: tuple(faults) for name, faults in parts.items()}, rules=len(both), apart=apart)


def _of_rule(old: Row, new: Row) -> Iterable[tuple[str, Fault]]:
    """Each fault of one rule with the name of the part to which it belongs."""
    was, now = _by_key(old), _by_key(new)
    for key, finding in now.items():
        if key in was:
            settled = finding.exempt and not was[key].exempt
            if settled or not finding.exempt:
                yield "settled" if settled else "still", Fault(new, finding)
        elif not finding.exempt:
            why = _unseen(finding, new, old, "上次")
            yield "unclear" if why else "new", Fault(new, finding, why)
    for key, finding in was.items():
        if key not in now and not finding.exempt:
            why = _unseen(finding, old, new, "这次")
            yield ("unclear", Fault(old, finding, why)) if why else ("fixed", Fault(old, finding))


def _by_key(row: Row) -> Mapping[str, Finding]:
    """The findings by identity; of two with the same one, that which is charged."""
    return {finding.key(row.rule): finding for finding in sorted(row.findings, key=lambda each: not each.exempt)}


def _unseen(finding: Finding, there: Row, here: Row, when: str) -> str:
    """Why it says nothing that `here` lacks a fault which is in `there`; empty when it says that the fault is not."""
    if here.outcome is Outcome.UNDETERMINED:
        return f"{when}未能判定"
    if here.outcome not in JUDGED:
        return f"{when}不适用"
    if here.open:
        return f"{when}没能看全"
    return "" if _drew_it(finding, there, here) else f"{when}没有抽到"


def _drew_it(finding: Finding, there: Row, here: Row) -> bool:
    """Did the sample of `here` hold what the fault was found on? One that holds all that there is, always does."""
    if here.drawn is None or len(here.drawn.urls) >= here.drawn.of:
        return True
    seen = {normalised(url) for url in here.drawn.urls}
    if normalised(finding.at) in seen:
        return True
    return there.drawn is not None and {normalised(url) for url in there.drawn.urls} <= seen
