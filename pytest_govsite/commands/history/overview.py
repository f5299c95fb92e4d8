"""All sites at a glance, and how healthy the places are from which they are visited."""
from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from pytest_govsite import availability
from pytest_govsite.availability import facts, slots_of, tally
from pytest_govsite.commands.history.remembered import Remembered
from pytest_govsite.commands.history.site import named
from pytest_govsite.commands.history.verdicts import by_edition, settled, since, verdict_of
from pytest_govsite.commands.printing import point, print_line, say, table
from pytest_govsite.history import Inspected
from pytest_govsite.model.availability import DAYS, Round
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.terminal import STYLES
from pytest_govsite.report.wording import plain, sized

PER_DAY = 20  # CONTRACT ruling 10


def show(console: Console, remembered: Remembered) -> None:
    """Prints a line for each site, then our own side and the store."""
    subjects = remembered.subjects()
    inspections: dict[str, list[Inspected]] = {}
    for each in remembered.history.inspections(rows=False):
        inspections.setdefault(each.site, []).append(each)
    first, last = remembered.days
    wanted = f"每个网站应有 {PER_DAY * DAYS} 次有效访问（每天 {PER_DAY} 次）"
    say(console, f"{facts.day_of(first)}至{facts.day_of(last)}（检查日期 {remembered.as_of} 之前 {DAYS} 天），{wanted}", "bold")
    console.print(_table(remembered, subjects, inspections))
    console.print()
    _print_health(console, remembered.history.rounds(first, remembered.as_of))
    _print_store(console, remembered)


def _table(remembered: Remembered, subjects: Sequence[Subject], inspections: dict[str, list[Inspected]]) -> Table:
    made = table(("网站", f"满{PER_DAY}次", "有效", "打不开", "未核实", "当天", "最近结论"))
    for column in made.columns[1:6]:
        column.no_wrap = True
    for subject in subjects:
        verdicts = Chinese("\n").join([*_verdicts(inspections.get(subject.id, ()))] or [Chinese("没有检查过", "dim")])
        made.add_row(Chinese(named(subject)), *_week(remembered, subject), verdicts)
    return made


def _week(remembered: Remembered, subject: Subject) -> Iterator[Chinese]:
    """Days with enough visits, visits that count, share that failed, failures that are not firm, visits on the day itself."""
    if not isinstance(subject, Site):  # an account of new media has no home page
        yield from map(Chinese, ("—",) * 5)
        return
    samples = remembered.samples(subject, today=True)
    sums = tally(slots_of(samples, remembered.as_of))
    today = tally(slots_of(samples, remembered.as_of + timedelta(days=1), days=1))
    enough = sum(day.valid >= PER_DAY for day in sums.by_day.values())
    yield Chinese(f"{enough}/{DAYS}", "" if enough == DAYS else "yellow")
    yield Chinese(str(sums.valid))
    yield Chinese(facts.share(sums.failed, sums.valid), "red" if sums.failed * 20 >= sums.valid > 0 else "")
    yield Chinese(str(sums.unsure or ""))
    yield Chinese(str(today.valid or ""))


def _verdicts(inspections: Sequence[Inspected]) -> Iterator[Chinese]:
    """The last verdict under each table, and since when it has been the same."""
    for edition, mine in by_edition(inspections).items():
        mine = settled(mine)
        verdict = verdict_of(mine[0])
        partial = "（部分指标）" if mine[0].partial else ""
        yield Chinese.assemble(
            f"{plain(edition, 30)} ", (verdict, STYLES.get(verdict, "")), f"{partial} {since(mine)} 起",
        )


def _print_health(console: Console, rounds: Sequence[Round]) -> None:
    """Our own side, by the place from which sites are visited."""
    say(console, "本方情况", "bold")
    places = sorted({round.vantage for round in rounds})
    for place in places:
        mine = [round for round in rounds if round.vantage == place]
        health = availability.health_of(mine)
        point(
            console, f"{plain(place, 40)}：采样 {len(mine)} 轮，作废 {health.void_rounds} 轮；对照网站探测 {health.tried} 次，"
            f"失败 {health.failed} 次（{facts.share(health.failed, health.tried)}）",
        )
        for why, count in _voids(mine):
            point(console, f"作废 {count} 轮：{plain(why, 120)}", indent=4)
    if not places:
        point(console, "这几天没有采样")


def _voids(rounds: Sequence[Round]) -> list[tuple[str, int]]:
    reasons = [round.void for round in rounds if round.void]
    return sorted(((why, reasons.count(why)) for why in dict.fromkeys(reasons)), key=lambda each: -each[1])[:3]


def _print_store(console: Console, remembered: Remembered) -> None:
    survey = remembered.survey
    reach = f"，访问记录 {survey.first} 至 {survey.last}" if survey.first else ""
    print_line(console, f"历史库 {remembered.place}：{sized(survey.size)}，网站 {len(survey.sites)} 个{reach}")
    if survey.samplers:
        print_line(console, f"正在采样：{'、'.join(plain(name, 40) for name in survey.samplers)}")

