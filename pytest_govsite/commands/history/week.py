"""A site's week in the terminal: a sign for each slot, the counts, the judgement, every visit that failed."""
from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.console import Console

from pytest_govsite.availability import Slot, facts, slots_of, tally, telling, vantages_of
from pytest_govsite.commands.history.judged import judged
from pytest_govsite.commands.history.remembered import Remembered
from pytest_govsite.commands.printing import point, print_line, say
from pytest_govsite.model.availability import Week
from pytest_govsite.model.site import Site
from pytest_govsite.options import DEMOS
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.wording import plain

# one column wide in every terminal: what is "ambiguous" in Unicode takes two in some Chinese ones (UAX #11)
SIGNS = {"open": ".", "failed": "X", "unsure": "?", "walled": "W", "void": "-", "missing": "_"}
STYLES = {"failed": "bold red", "unsure": "yellow", "walled": "yellow", "void": "dim", "missing": "dim"}
WORST_FIRST = ("failed", "unsure", "walled", "void", "missing", "open")
WIDEST = 24  # signs of a day; a sign stands for several slots where there are more
EVERY = 3    # signs from one hour above them to the next
SHOWN = 40
DATE_WIDTH = len("11-13 周五") + 2  # two of its characters are two columns wide


def show(console: Console, remembered: Remembered, site: Site, editions: Sequence[str]) -> None:
    """Prints the seven days before the day asked for."""
    if site.id in DEMOS:
        say(console, "演示网站的访问记录由演示自带，不存入历史库", "dim")
        return
    week = remembered.week(site)
    slots = slots_of(week.samples, week.as_of)
    if week.samples:
        _print_grid(console, slots)
    for line in _told(week, slots, site, editions):
        say(console, line)
    if today := _today(remembered, site):
        say(console, today, "dim")
    _print_failures(console, slots)


def _print_grid(console: Console, slots: Sequence[Slot]) -> None:
    """A row for each day, a sign for each slot, how many count."""
    columns = min(WIDEST, slots[0].slots)
    hours = "".join(f"{column * 24 // columns:<{2 * EVERY}}" for column in range(0, columns, EVERY))
    print_line(console, f"{'':{DATE_WIDTH}}  {hours}".rstrip(), "dim")
    for day, sums in tally(slots).by_day.items():
        mine = [slot for slot in slots if slot.day == day]
        signs = [part for column in range(columns) for part in _sign(mine, column, columns)]
        counts = f" 有效 {sums.valid:>2}" + (f" 打不开 {sums.failed}" if sums.failed else "")
        console.print(Chinese.assemble(f"{day:%m-%d} {facts.weekday(day)}  ", *signs, counts), soft_wrap=True)
    used = {slot.standing for slot in slots}
    legend = "  ".join(f"{sign} {facts.STANDINGS[name]}" for name, sign in SIGNS.items() if name in used)
    merged = f"（每格含 {slots[0].slots / columns:g} 次，取其中最差的）" if slots[0].slots > columns else ""
    print_line(console, f"{legend}{merged}", "dim")


def _sign(day: Sequence[Slot], column: int, columns: int) -> Iterator[tuple[str, str]]:
    """The worst of the slots that begin in this part of the day."""
    standings = {slot.standing for slot in day if slot.slot * columns // slot.slots == column}
    worst = next(name for name in WORST_FIRST if name in standings)
    yield SIGNS[worst], STYLES.get(worst, "")
    yield " ", ""


def _told(week: Week, slots: Sequence[Slot], site: Site, editions: Sequence[str]) -> Iterator[str]:
    """The judgement under each table, the same words once; then what stands beside it."""
    for says, rules in judged(week, site, editions).items():
        yield f"{'、'.join(rules)} {says}"
    if week.samples and (beside := telling.beside(week, slots)):
        yield beside


def _today(remembered: Remembered, site: Site) -> str:
    """The day itself is no part of the week, but a sampler that has just begun has nothing else to show."""
    day = remembered.as_of
    sums = tally(slots_of(remembered.history.samples(site.id, day, day), day + timedelta(days=1), days=1))
    if not sums.valid + sums.walled + sums.void:
        return ""
    return f"{facts.day_of(day)}（检查当天，不计入）有效访问 {sums.valid} 次，打不开 {sums.failed + sums.unsure} 次"


def _print_failures(console: Console, slots: Sequence[Slot]) -> None:
    shut = [slot for slot in slots if slot.standing in ("failed", "unsure", "walled")]
    several = len(vantages_of(slots)) > 1
    if not shut:
        return
    say(console, f"没有打开的访问（{len(shut)} 次）", "bold")
    for slot in shut[:SHOWN]:
        visit = slot.visit
        when = f"{visit.day:%m-%d} {facts.time_of(visit)}  {SIGNS[slot.standing]} {facts.seconds(visit)}"
        places = f"（{_shut_for(slot)}）" if several else ""
        point(console, f"{when}  {facts.fact(visit)}；{facts.confirmed(slot)}{places}")
    if len(shut) > SHOWN:
        point(console, f"另有 {len(shut) - SHOWN} 次；全部记录可用 --out=文件 导出")


def _shut_for(slot: Slot) -> str:
    """The places from which nobody got in."""
    names = {row.vantage for row in slot.rows if row.kind == "visit" and row.state in ("failed", "walled")}
    return "、".join(plain(name, 40) for name in sorted(names))
