"""What is new, fixed and still open between the two last inspections of a site that can be compared."""
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from rich.console import Console

from pytest_govsite.commands.history.remembered import Remembered
from pytest_govsite.commands.history.verdicts import by_edition
from pytest_govsite.commands.printing import point, say
from pytest_govsite.comparing import Comparison, Fault, compare
from pytest_govsite.history import Inspected
from pytest_govsite.model.site import Subject
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.wording import plain

PARTS = {"new": "新出现", "fixed": "已解决", "still": "仍然存在", "settled": "已豁免", "unclear": "未能判定"}
STYLES = {"new": "bold red", "fixed": "bold green", "unclear": "bold yellow"}
SHOWN = 10
LOOKED_BACK = 20  # inspections of some rules among which one with the same rules is looked for
LONGEST = 200


class Pair(NamedTuple):
    """Two inspections of a site under one table, with the rows of their ledgers."""

    old: Inspected
    new: Inspected


def show(console: Console, remembered: Remembered, subject: Subject, inspections: Sequence[Inspected]) -> None:
    """Prints the changes under each table that has two inspections."""
    for edition, mine in by_edition(inspections).items():
        if pair := comparable(mine, partial(remembered.history.inspections, subject.id, edition)):
            console.print()
            _print(console, edition, pair, compare(pair.old.rows, pair.new.rows))


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


def _print(console: Console, edition: str, pair: Pair, comparison: Comparison) -> None:
    parts = {name: faults for name in PARTS if (faults := getattr(comparison, name))}
    told = "，".join(f"{PARTS[name]} {len(faults)}" for name, faults in parts.items()) or "两次都没有发现问题"
    apart = f"，另有 {len(comparison.apart)} 条只有一次有，不比较" if comparison.apart else ""
    say(console, f"与上次相比 {plain(edition, 40)}：{pair.old.as_of} → {pair.new.as_of}，规则 {comparison.rules} 条{apart}", "bold")
    if len(parts) != 1:
        say(console, told)
    for name, faults in parts.items():
        say(console, f"{PARTS[name]}（{len(faults)} 处）", STYLES.get(name, ""))
        for line in _lines(faults):
            point(console, line)
        if len(faults) > SHOWN:
            point(console, f"另有 {len(faults) - SHOWN} 处")


def _lines(faults: Sequence[Fault]) -> Iterator[Chinese]:
    """What is the same of several pages, once."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for fault in faults[:SHOWN]:
        why = f"（{fault.why}）" if fault.why else ""
        says = f"{plain(fault.finding.says, LONGEST)}{why}"
        groups[plain(fault.row.rule, 60), says].append(plain(fault.finding.at, LONGEST))
    for (rule, says), pages in groups.items():
        yield Chinese.assemble((rule, "bold"), f" {says}", *((f"\n{page}", "dim") for page in pages))
