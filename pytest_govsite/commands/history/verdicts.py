"""The verdicts of a site over time, the newest first."""
from collections.abc import Iterator, Sequence
from datetime import date

from rich.console import Console

from pytest_govsite.commands.printing import point, print_line, say
from pytest_govsite.history import Inspected
from pytest_govsite.model.availability import SHANGHAI
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.terminal import STYLES
from pytest_govsite.report.wording import plain

VETOES_SHOWN = 4
WIDEST_VERDICT = len("不合格")


def show(console: Console, inspections: Sequence[Inspected], last: int) -> None:
    """Prints under each table the `last` inspections: when, verdict, low to high, vetoes."""
    if not inspections:
        say(console, "还没有检查过", "dim")
    for edition, mine in by_edition(inspections).items():
        say(console, f"历次结论 {plain(edition, 40)}（检查过 {len(mine)} 次）", "bold")
        for each in mine[:last]:
            point(console, _line(each))
        if len(mine) > last:
            print_line(console, f"  另有更早的 {len(mine) - last} 次，--last={len(mine)} 全部列出", "dim")


def by_edition(inspections: Sequence[Inspected]) -> dict[str, list[Inspected]]:
    """The inspections under each table, in the same order."""
    found: dict[str, list[Inspected]] = {}
    for each in inspections:
        found.setdefault(each.edition, []).append(each)
    return found


def verdict_of(inspected: Inspected) -> str:
    """合格, 不合格 or 待定."""
    return plain(str(inspected.scorecard.get("verdict") or "没有结论"), 10)


def since(inspections: Sequence[Inspected]) -> date:
    """Since when the verdict of the newest of these has stood: the first day of its unbroken row. All of one table."""
    newest, first = verdict_of(inspections[0]), inspections[0].as_of
    for each in inspections:
        if verdict_of(each) != newest:
            break
        first = each.as_of
    return first


def settled(inspections: Sequence[Inspected]) -> list[Inspected]:
    """The complete ones among them, all when there is none: a verdict on part of the rules says little."""
    return [each for each in inspections if not each.partial] or list(inspections)


def _line(inspected: Inspected) -> Chinese:
    verdict = verdict_of(inspected)
    padding = "　" * (WIDEST_VERDICT - len(verdict))
    return Chinese.assemble(f"{inspected.as_of}  ", (verdict, STYLES.get(verdict, "")), padding, *_more(inspected))


def _more(inspected: Inspected) -> Iterator[str]:
    total = inspected.scorecard.get("total") or {}
    low, high = (plain(str(total.get(end, "")), 12) for end in ("low", "high"))
    if low or high:
        yield f"  {low}～{high} 分" if low != high else f"  {low} 分"
    if vetoes := [plain(str(key), 60) for key in inspected.scorecard.get("vetoes") or ()]:
        more = f" 等 {len(vetoes)} 项" if len(vetoes) > VETOES_SHOWN else ""
        yield f"  否决：{' '.join(vetoes[:VETOES_SHOWN])}{more}"
    at = inspected.at.astimezone(SHANGHAI)
    yield f"  {at:%H:%M} 检查" if at.date() == inspected.as_of else f"  {at:%Y-%m-%d %H:%M} 检查"
    if inspected.partial:
        yield "，只检查了部分指标"
