"""The sentences of the verdict on a week, and the list of all visits that a challenged inspector hands over."""
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import PurePosixPath

from rich.cells import cell_len, set_cell_size

from pytest_govsite.availability import facts
from pytest_govsite.availability.chance import chance
from pytest_govsite.availability.counting import Slot, Tally, family_of, tally, vantages_of, visits_over
from pytest_govsite.model.availability import Health, Sample, Week
from pytest_govsite.model.missing import Blame
from pytest_govsite.reading.plain import plain

SHOWN = 12  # visits that a note names; all of them stand in the list beside the picture
DAYS_SHOWN = 7
REMEDIES = {
    Blame.HISTORY: "检查前须用 govsite watch --sites=网站清单 连续采样",
    Blame.WALL: "须请网站放行采样地址，或换一处采样后合并",
    Blame.VANTAGE: "须在网络稳定的机器上采样",
}
KINDS = {"visit": "首次", "again": "复访", "browser": "浏览器"}
HEADINGS = ("日期", "", "时段", "结论", "时间", "采样点", "方式", "", "结果", "用时", "分段用时", "HTTP", "字节", "地址", "内容摘要", "标题", "最终网址")
WIDEST = 60


def span(slots: Sequence[Slot]) -> str:
    """The days that were watched: 近7天（11月13日至11月19日）."""
    days = sorted({slot.day for slot in slots})
    return f"近{len(days)}天（{facts.day_of(days[0])}至{facts.day_of(days[-1])}）" if days else "近0天"


def counted(slots: Sequence[Slot]) -> str:
    """The numbers by which a week is judged."""
    sums = tally(slots)
    unsure = f"，另有 {sums.unsure} 次打不开未核实" if sums.unsure else ""
    return f"{span(slots)}有效访问 {sums.valid} 次，{sums.failed} 次打不开（{facts.share(sums.failed, sums.valid)}）{unsure}"


def measured(slots: Sequence[Slot], health: Health) -> str:
    """The numbers with those of our own side: what stands beside every verdict."""
    return "；".join(part for part in (counted(slots), healthy(health), accident(tally(slots), health)) if part)


def fault(slots: Sequence[Slot], health: Health, percent: int) -> str:
    """The finding: how many visits failed, why, and how sure that is."""
    said = (f"{counted(slots)}，达到 {percent}%", causes(slots), healthy(health), accident(tally(slots), health))
    return "；".join(part for part in said if part)


def causes(slots: Iterable[Slot]) -> str:
    """Why it did not open, the commonest cause first, and how often: 等待超时 7 次、服务器返回错误状态（HTTP 502） 2 次."""
    times = Counter(facts.cause(slot.visit) for slot in slots if slot.standing == "failed").most_common()
    rest = sum(count for _, count in times[3:])
    return "、".join(f"{words} {count} 次" for words, count in times[:3]) + (f"、其他 {rest} 次" if rest else "")


def healthy(health: Health) -> str:
    """How our own side was meanwhile."""
    void = f"，{health.void_rounds} 轮作废" if health.void_rounds else ""
    if not health.tried:
        return f"同期没有探测过对照网站，本机是否正常无从得知{void}"
    return f"同期探测对照网站 {health.tried} 次，失败 {health.failed} 次（{facts.share(health.failed, health.tried)}）{void}"


def accident(sums: Tally, health: Health) -> str:
    """The chance that a healthy site shows this; empty where nothing failed."""
    odds = facts.odds(chance(sums.failed, sums.valid, health))
    return f"正常的网站偶然如此的可能性{odds}" if sums.failed else ""


def too_likely(slots: Sequence[Slot], health: Health) -> str:
    """Why a share that is high enough condemns nobody: our own side fails too often."""
    return f"{measured(slots, health)}，高于十万分之一，不能认定是网站的故障"


def doubtful(slots: Sequence[Slot], health: Health) -> str:
    """Why failures that may be enough condemn nobody: they are not firm."""
    why = Counter(_doubt(slot) for slot in slots if slot.standing == "unsure")
    told = "、".join(f"{count} 次{words}" for words, count in why.items())
    return f"{counted(slots)}，其中 {told}，不能排除是线路原因；{healthy(health)}"


def _doubt(slot: Slot) -> str:
    again, browser = slot.row("again"), slot.row("browser")
    if browser and browser.state == "open":
        return "随后 Chromium 能打开"
    if again and again.state == "open":
        return "半分钟后又能打开"
    if again and again.state == "failed":
        return "各采样点结果不一"
    return "复访没有结果" if again else "没有复访"


def too_few(week: Week, slots: Sequence[Slot], per_day: int, blame: Blame) -> str:
    """How many of how many visits there are, which days are thin, and what would be right."""
    sums = tally(slots)
    thin = {day: each.valid for day, each in sums.by_day.items() if each.valid < per_day}
    shut = f"（{sums.failed + sums.unsure} 次打不开）" if sums.failed + sums.unsure else ""
    said = f"{span(slots)}有效访问 {sums.valid} 次{shut}，应每天 {per_day} 次、共 {per_day * len(sums.by_day)} 次"
    parts = (said, _thin(thin, len(sums.by_day)), _uncounted(sums), REMEDIES[blame], *_now(week))
    return "；".join(part for part in parts if part)


def _thin(thin: dict[date, int], days: int) -> str:
    if len(thin) == days and not any(thin.values()):
        return ""
    named = [f"{facts.day_of(day)}只有 {count} 次" for day, count in thin.items()]
    return "、".join(named[:DAYS_SHOWN]) + (f"，共 {len(named)} 天" if len(named) > DAYS_SHOWN else "")


def _uncounted(sums: Tally) -> str:
    parts = {"次被防护验证拦截": sums.walled, "次因本机网络或时钟不可靠作废": sums.void}
    told = "、".join(f"{count} {words}" for words, count in parts.items() if count)
    return f"另有 {told}，不计入" if told else ""


def failures(slots: Iterable[Slot], shown: int = SHOWN) -> str:
    """The visits that did not open, with their times, by what came of them; empty when all opened."""
    failed = [slot for slot in slots if slot.standing in ("failed", "unsure")]
    groups: dict[str, list[Slot]] = defaultdict(list)
    for slot in failed[:shown]:
        groups[f"{facts.fact(slot.visit)}，{facts.confirmed(slot)}"].append(slot)
    told = "；".join(f"{_times(group)} {words}" for words, group in groups.items())
    return told + (f"；另有 {len(failed) - shown} 次" if len(failed) > shown else "")


def _times(slots: Sequence[Slot]) -> str:
    """11月13日 03:12（15.00 秒）、04:07（15.00 秒）、11月14日 …"""
    told, day = [], None
    for slot in slots:
        told.append(f"{'' if slot.day == day else f'{facts.day_of(slot.day)} '}{facts.time_of(slot.visit)}（{facts.seconds(slot.visit)}）")
        day = slot.day
    return "、".join(told)


def beside(week: Week, slots: Sequence[Slot]) -> str:
    """What else the reader needs: IPv6, the places, this run's own visits, where picture and list are; may be empty."""
    return "；".join([*_over_ipv6(slots), *_places(slots), *_now(week), *_files(week)])


def _over_ipv6(slots: Sequence[Slot]) -> Iterator[str]:
    if family_of(row for slot in slots for row in slot.rows) == 6:
        yield "网站没有 IPv4 地址，按 IPv6 访问计"
    elif visits := visits_over(slots, 6):
        yield f"IPv6：{len(visits)} 次访问 {_opened(visits)} 次打开"


def _places(slots: Sequence[Slot]) -> Iterator[str]:
    names = vantages_of(slots)
    visits = [visit for family in (4, 6) for visit in visits_over(slots, family)]
    if len(names) > 1:
        mine = {name: [visit for visit in visits if visit.vantage == name] for name in names}
        yield "采样点：" + "、".join(f"{plain(name, 30)} {len(each)} 次访问 {_opened(each)} 次打开" for name, each in mine.items())


def _opened(visits: Iterable[Sample]) -> int:
    return sum(visit.state == "open" for visit in visits)


def _now(week: Week) -> Iterator[str]:
    told = [f"{facts.FAMILIES[row.family]} {facts.fact(row)}" for row in week.now if row.kind == "visit"]
    if told:  # no seconds: two runs with one seed say the same
        yield f"本次检查时的访问{'已记入历史' if week.round else '不记入历史'}（{'；'.join(told)}）"


def _files(week: Week) -> Iterator[str]:
    if week.chart:
        yield f"一周图示和全部访问清单见 {week.chart}、{PurePosixPath(week.chart).with_suffix('.txt').name}"


def listing(slots: Sequence[Slot]) -> str:
    """Every slot with all its rows, as a plain table: what a challenged inspector hands over."""
    sums = tally(slots)
    head = [counted(slots), "；".join(f"{words} {getattr(sums, name)}" for name, words in facts.STANDINGS.items()), ""]
    rows = [HEADINGS, *(row for slot in slots for row in _lines(slot))]
    return "\n".join((*head, *_aligned(rows))) + "\n"


def _lines(slot: Slot) -> Iterator[tuple[str, ...]]:
    key = (f"{slot.day}", facts.weekday(slot.day), facts.part_of_day(slot), facts.STANDINGS[slot.standing])
    for row in slot.rows:
        yield (*key, *_cells(row))
    if not slot.rows:
        yield (*key, *[""] * (len(HEADINGS) - len(key)))


def _cells(row: Sample) -> tuple[str, ...]:
    phases = " ".join(f"{words} {row.seconds[phase]:.2f}" for phase, words in facts.PHASES.items() if phase in row.seconds)
    cells = (
        facts.time_of(row, "%H:%M:%S"), row.vantage, facts.FAMILIES[row.family], KINDS[row.kind], facts.fact(row),
        facts.seconds(row, 2), phases, str(row.status or ""), str(row.bytes or ""), row.address, row.digest, row.title, row.url,
    )
    return tuple(plain(cell, 300) for cell in cells)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [min(WIDEST, max(map(cell_len, column))) for column in zip(*rows, strict=True)]
    return ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _padded(cell: str, width: int) -> str:
    return cell if cell_len(cell) >= width else set_cell_size(cell, width)
