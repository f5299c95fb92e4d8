"""What became of the faults between two inspections, as a person reads it: in the terminal and as a table."""
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import Console

from pytest_govsite.commands.printing import point, say
from pytest_govsite.comparing import Comparison, Fault
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.wording import plain

PARTS = {"new": "新出现", "fixed": "已解决", "still": "仍然存在", "settled": "已豁免", "unclear": "未能判定"}
STYLES = {"new": "bold red", "fixed": "bold green", "unclear": "bold yellow"}
SHOWN = 10
LONGEST = 200


def parts_of(comparison: Comparison) -> dict[str, tuple[Fault, ...]]:
    """The faults of each part that has some, in the order in which they matter."""
    return {name: faults for name in PARTS if (faults := getattr(comparison, name))}


def show(console: Console, heading: str, comparison: Comparison, counted: Sequence[str] = ()) -> None:
    """Prints a heading, how many rules were compared, and the faults of each part; those of `counted` as a number only."""
    parts = parts_of(comparison)
    told = "，".join(f"{PARTS[name]} {len(faults)}" for name, faults in parts.items()) or "两次都没有发现问题"
    apart = f"，另有 {len(comparison.apart)} 条只有一次有，不比较" if comparison.apart else ""
    say(console, f"{heading}，规则 {comparison.rules} 条{apart}", "bold")
    listed = {name: faults for name, faults in parts.items() if name not in counted}
    if len(parts) != 1 or not listed:
        say(console, told)
    for name, faults in listed.items():
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
