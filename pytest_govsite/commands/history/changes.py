"""What is new, fixed and still open between the two last inspections of a site that can be compared."""
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from rich.console import Console

from pytest_govsite.commands import changed
from pytest_govsite.commands.history.remembered import Remembered
from pytest_govsite.commands.history.verdicts import by_edition
from pytest_govsite.comparing import compare
from pytest_govsite.history import Inspected
from pytest_govsite.model.site import Subject
from pytest_govsite.report.wording import plain

LOOKED_BACK = 20  # inspections of some rules among which one with the same rules is looked for


class Pair(NamedTuple):
    """Two inspections of a site under one table, with the rows of their ledgers."""

    old: Inspected
    new: Inspected


def show(console: Console, remembered: Remembered, subject: Subject, inspections: Sequence[Inspected]) -> None:
    """Prints the changes under each table that has two inspections."""
    for edition, mine in by_edition(inspections).items():
        if pair := comparable(mine, partial(remembered.history.inspections, subject.id, edition)):
            console.print()
            heading = f"与上次相比 {plain(edition, 40)}：{pair.old.as_of} → {pair.new.as_of}"
            changed.show(console, heading, compare(pair.old.rows, pair.new.rows))


def comparable(inspections: Sequence[Inspected], ledgers: Callable[[int], Sequence[Inspected]]) -> Pair | None:
    """The newest inspection and the newest earlier one with which it can be compared; None when there is none.

    A complete one is compared with a complete one, one of some rules with one that has all of these.

    inspections  newest first, of one site and table. ledgers: gives the first so many of them with their rows.
    """
    new, *earlier = inspections
    if new.partial:
        whole = ledgers(LOOKED_BACK)
        return next((Pair(old, whole[0]) for old in whole[1:] if _rules(whole[0]) <= _rules(old)), None)
    place = next((place for place, old in enumerate(earlier, 1) if not old.partial), None)
    if place is None:
        return None
    whole = ledgers(place + 1)
    return Pair(whole[place], whole[0])


def _rules(inspected: Inspected) -> set[str]:
    return {row.rule for row in inspected.rows}
