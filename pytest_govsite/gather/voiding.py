"""Which visits of a round say nothing of the sites, and why: the judgement of the vantage gate."""
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from pytest_govsite.gather.gate import Gate
from pytest_govsite.model.availability import Sample
from pytest_govsite.model.missing import BLAME, Blame

SHARE = 30  # percent of all addresses: as many do not fail in the same minutes, unless the fault is on our side
LEAST_GROUPS = 5  # fewer addresses do not make a share

Down = Callable[[Collection[str]], Awaitable[Collection[str]]]


def counting(rows: Iterable[Sample]) -> tuple[Sample, ...]:
    """The visit of each site that counts for its part of the day: over IPv4, where it has that."""
    found: dict[str, Sample] = {}
    for row in sorted(rows, key=lambda row: row.family):
        if row.kind == "visit":
            found.setdefault(row.site, row)
    return tuple(found.values())


async def fault_of(
    rows: Sequence[Sample], gate: Gate, named: Collection[str], groups: Mapping[str, str], share: int, down: Down | None,
) -> str:
    """Why a round counts for nothing, in Chinese; empty when it counts.

    named   ids of the sites of which only the clocks have anything to say. groups: addresses by site, where none answered.
    down    picks, from ids of sites that failed, those that have been out of order for long: they are no sign of ours.
    """
    if gate.clock_fault:
        return gate.clock_fault
    concerned = [row for row in counting(rows) if row.site not in named]
    if not concerned:
        return ""
    if fault := gate.fault(4):
        return fault
    told = [row for row in concerned if row.state != "void"]
    if down and _together(told, groups, share):
        old = await down([row.site for row in told if row.state == "failed"])
        told = [row for row in told if row.site not in old]
    return _together(told, groups, share)


def _together(visits: Sequence[Sample], groups: Mapping[str, str], share: int) -> str:
    """That too many addresses failed in the same minutes; sites on one address fail together for reasons of their own."""
    houses: dict[str, list[bool]] = defaultdict(list)
    for visit in visits:
        houses[visit.address or groups.get(visit.site) or visit.site].append(visit.state == "failed")
    down = sum(2 * sum(failed) >= len(failed) for failed in houses.values())
    if len(houses) < LEAST_GROUPS or down * 100 <= share * len(houses):
        return ""
    return f"{len(houses)} 个地址中有 {down} 个同时打不开，超过 {share}%"


def weigh(rows: Iterable[Sample], gate: Gate, named: Collection[str], why: str) -> Iterable[Sample]:
    """The samples as they count. why: what fault_of says of the round."""
    for row in rows:
        fault = why if gate.clock_fault or row.site not in named else ""
        if not fault and row.site not in named:
            fault = gate.fault(row.family)
        yield _voided(row, fault) if fault and row.state != "void" else row


def _voided(row: Sample, fault: str) -> Sample:
    """The reason stays: it says what was met."""
    return replace(row, state="void", detail=f"{fault}；{row.detail}" if row.detail else fault)


def was_down(row: Sample) -> bool:
    """A visit that found the site out of order, whatever it counted for afterwards."""
    return row.state == "failed" or row.state == "void" and row.reason is not None and BLAME[row.reason] is Blame.SITE
