"""The summary at the end of a run: what a clerk reads first, in the order in which it matters."""
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table

from pytest_govsite.model.edition import Edition
from pytest_govsite.model.finding import Finding
from pytest_govsite.model.missing import AWAITING, Blame
from pytest_govsite.model.site import Subject
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.points import printed
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.wording import BLAMES, pictured, plain, why
from pytest_govsite.rows import NOT_REACHED, Row
from pytest_govsite.scoring import Scorecard

NARROWEST, ROOMY, WIDEST = 40, 80, 120
DETAILED_CARDS = 20  # beyond, details are for the ledger and only faulty sites are listed
FINDINGS_SHOWN, RULES_SHOWN, NOTES_SHOWN, REASONS_SHOWN = 5, 8, 10, 8
PRICE_WIDTH = 6
STYLES = {"合格": "bold green", "不合格": "bold red", "待定": "bold yellow"}

Write = Callable[[str], None]


def summary(
    write: Write, scorecards: Sequence[Scorecard], rows: Iterable[Row], subjects: Iterable[Subject],
    editions: Iterable[Edition], results_folder: Path, *, width: int = 100, colour: bool = False,
) -> None:
    """Writes the summary line by line.

    scorecards, rows   of this run, in any order; subjects and editions: those that they speak of.
    results_folder     where the evidence lies, as the user would name it.
    width, colour      of the terminal; any width will do.
    """
    told = {subject.id: subject for subject in subjects}
    tables = {edition.id: edition for edition in editions}
    grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.site, row.edition].append(row)
    parts: list[RenderableType] = []
    shown = [card for card in scorecards if len(scorecards) <= DETAILED_CARDS or card.vetoes]
    for card in shown[:DETAILED_CARDS]:
        parts += _card(card, grouped[card.site, card.edition], told.get(card.site), tables[card.edition])
    parts += [_overview(scorecards, width), *_whereabouts(results_folder, scorecards)]
    _print(write, parts, width, colour)


def _print(write: Write, parts: Sequence[RenderableType], width: int, colour: bool) -> None:
    paper = io.StringIO()
    console = Console(
        file=paper, width=max(NARROWEST, min(width, WIDEST)), force_terminal=colour, no_color=not colour,
        color_system="standard" if colour else None, highlight=False, markup=False, emoji=False, legacy_windows=False,
    )
    console.print(Group(*parts))
    for line in paper.getvalue().splitlines():
        write(line.rstrip())


def _card(card: Scorecard, rows: list[Row], subject: Subject | None, edition: Edition) -> Iterator[RenderableType]:
    name = f"{plain(subject.title, 60)}（{card.site}）" if subject and subject.title != card.site else plain(card.site)
    yield Chinese()
    yield Line(Chinese(f"{name} · {edition.id}", "bold"), align="left", style="dim")
    yield Chinese(f"{edition.title}　检查日期 {card.as_of}", "dim")
    yield Chinese.assemble("结论：", (card.verdict, STYLES[card.verdict]))
    shut = _unopened(rows)
    if shut:
        theirs = any(row.blame is Blame.SITE and why(row) == shut for row in rows)
        yield _point(Chinese(f"{'打不开' if theirs else '没能查看'}：{shut}", "red"))
    yield from (_point(reason) for reason in _reasons(card, rows, edition))
    yield from _marks(card, edition)
    yield from _section("单项否决", [row for row in rows if row.outcome is Outcome.VETO], edition)
    yield from _deductions(rows, edition)
    yield from _section("加分", [row for row in rows if row.outcome is Outcome.AWARD], edition)
    yield from _section("已见问题，未到扣分或否决的程度", _below_price(rows), edition)
    yield from _undetermined(rows, shut)
    yield from _exempted(rows)
    yield from _notes(rows)


def _reasons(card: Scorecard, rows: Sequence[Row], edition: Edition) -> Iterator[str]:
    """Why the verdict is what it is."""
    open_vetoes = [row for row in rows if row.part == "veto" and row.outcome is Outcome.UNDETERMINED]
    if card.vetoes:
        yield f"单项否决 {len(card.vetoes)} 项：{_few(card.vetoes)}"
    elif card.verdict == "待定" and open_vetoes:
        yield f"单项否决指标中还有 {len(open_vetoes)} 条未能判定"
    elif card.verdict == "合格" and any(item.part == "veto" for item in edition.items):
        yield "单项否决指标均未触发"
    if card.by_points and edition.pass_mark is not None and not card.vetoes:
        yield _against_mark(card, edition)
    if card.note:
        yield card.note


def _against_mark(card: Scorecard, edition: Edition) -> str:
    mark, low, high = printed(edition.pass_mark), printed(card.total.low), printed(card.total.high)
    certain = card.total.low == card.total.high
    if card.total.high < edition.pass_mark:
        return f"{'得 ' if certain else '未定各项全按最好算也只有 '}{high} 分，低于合格线 {mark} 分"
    if card.total.low >= edition.pass_mark:
        return f"{'得 ' if certain else '未定各项全按最差算也有 '}{low} 分，达到合格线 {mark} 分"
    return f"得分在 {low} 到 {high} 分之间，合格线 {mark} 分，要看未定各项"


def _marks(card: Scorecard, edition: Edition) -> Iterator[RenderableType]:
    """The score interval, with the marks that matter."""
    if not card.by_points:
        return
    yield Chinese("得分：" + ("有单项否决，仅供参考" if card.vetoes else ""))
    grid = _grid()
    grid.add_row("  扣分部分", f"{_interval(card.deduction)}（满分 {printed(card.full)}）")
    if edition.bonus_full:
        gate = {"yes": "已达到", "no": "未达到", "maybe": "能否达到待定"}[card.bonus_open]
        above = f"，扣分部分高于 {printed(edition.bonus_gate)} 才加，{gate}" if edition.bonus_gate is not None else ""
        grid.add_row("  加分部分", f"{_interval(card.bonus)}（满分 {printed(edition.bonus_full)}{above}）")
    mark = f"（合格线 {printed(edition.pass_mark)}）" if edition.pass_mark is not None else ""
    grid.add_row("  合计", f"{_interval(card.total)}{mark}")
    yield grid


def _deductions(rows: Sequence[Row], edition: Edition) -> Iterator[RenderableType]:
    lost = sorted((row for row in rows if row.outcome is Outcome.DEDUCT), key=lambda row: (row.points or 0, row.rule))
    yield from _section("扣分", lost, edition)
    cost: Counter = Counter()
    for row in lost:
        cost[edition.rule(row.rule)[0]] += row.points or 0
    for item, points in cost.items():
        if item.cap is not None and -points > item.cap:
            yield _point(f"{item.level2}（{item.id}）各条共 {printed(points)} 分，该项最多扣 {printed(item.cap)} 分")


def _below_price(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.outcome in (Outcome.PASS, Outcome.UNDETERMINED) and _live(row)]


def _section(title: str, rows: Sequence[Row], edition: Edition) -> Iterator[RenderableType]:
    """A list of rows with their findings."""
    if not rows:
        return
    yield Chinese()
    yield Chinese(f"{title}（{len(rows)} 条）", "bold")
    grid = _grid()
    for row in rows:
        grid.add_row(_price(row), Group(*_row(row, edition)))
    yield grid


def _row(row: Row, edition: Edition) -> Iterator[RenderableType]:
    yield Chinese.assemble((row.rule, "bold"), f" {row.level2}：{plain(edition.rule(row.rule)[1].summary)}")
    live = _live(row)
    facts: dict[str, list[Finding]] = defaultdict(list)
    for finding in live[:FINDINGS_SHOWN]:
        facts[plain(finding.says, 300)].append(finding)
    for says, findings in facts.items():
        yield _point(Chinese.assemble(says, *((f"\n{_where(finding)}", "dim") for finding in findings)), indent=0)
    if len(live) > FINDINGS_SHOWN:
        yield _point(f"另有 {len(live) - FINDINGS_SHOWN} 处，见台账", indent=0)
    if row.open:
        yield _point(f"另有 {row.open} 处未能查看，只计入最低分", indent=0)


def _where(finding: Finding) -> str:
    return plain(finding.at, 300) + (f"\n{pictured(finding.shot)}" if finding.shot else "")


def _undetermined(rows: Sequence[Row], shut: str) -> Iterator[RenderableType]:
    """What awaits whom: by blame, then by reason. What follows from a site that cannot be opened is only counted."""
    rows = [row for row in rows if row.outcome is Outcome.UNDETERMINED]
    if not rows:
        return
    yield Chinese()
    yield Chinese(f"未能判定（{len(rows)} 条，不扣分，也不算通过）", "bold")
    for blame in Blame:
        mine = [row for row in rows if row.blame is blame]
        if mine:
            rest = [row for row in mine if why(row) != shut]
            yield Chinese(f"{BLAMES[blame]} {len(mine)} 条{'' if rest == mine else '，原因见结论'}")
            yield from _by_reason(rest)


def _by_reason(rows: Sequence[Row]) -> Iterator[RenderableType]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[why(row)].append(row.rule)
    ordered = sorted(groups.items(), key=lambda group: -len(group[1]))
    for reason, rules in ordered[:REASONS_SHOWN]:
        # the heading already says it of rules that wait for an inspector
        yield _point(_few(rules) if reason == BLAMES[Blame.PERSON] else f"{reason}：{_few(rules)}")
    if len(ordered) > REASONS_SHOWN:
        yield _point(f"另有 {sum(len(rules) for _, rules in ordered[REASONS_SHOWN:])} 条，原因见台账")


def _unopened(rows: Sequence[Row]) -> str:
    """The one reason that keeps most of the rules from being judged; empty when the site could be looked at."""
    tried = [row for row in rows if row.outcome is not Outcome.NOT_APPLICABLE and row.blame not in AWAITING]
    reasons = Counter(why(row) for row in tried if row.blame and row.reason != NOT_REACHED.reason)
    reason, count = next(iter(reasons.most_common(1)), ("", 0))
    return reason if count > 1 and 2 * count > len(tried) else ""


def _exempted(rows: Sequence[Row]) -> Iterator[RenderableType]:
    pairs = [(row.rule, finding) for row in rows for finding in row.findings if finding.exempt]
    if pairs:
        yield Chinese()
        yield Chinese(f"已豁免（{len(pairs)} 处，不扣分）", "bold")
    for rule, finding in pairs:
        signed = f"豁免：{plain(finding.exempt or '')}"
        yield _point(Chinese.assemble(f"{rule} {plain(finding.says)}\n", (f"{plain(finding.at)}\n", "dim"), signed))


def _notes(rows: Sequence[Row]) -> Iterator[RenderableType]:
    places: dict[str, dict[str, None]] = defaultdict(dict)
    for note in (note for row in rows for note in row.notes):
        places[plain(note.says)][plain(note.at)] = None
    if places:
        yield Chinese()
        yield Chinese("提示（不扣分）", "bold")
    for says, at in list(places.items())[:NOTES_SHOWN]:
        yield _point(Chinese.assemble(says, (f"　{next(iter(at))}{f' 等 {len(at)} 处' if len(at) > 1 else ''}", "dim")))
    if len(places) > NOTES_SHOWN:
        yield _point(f"另有 {len(places) - NOTES_SHOWN} 条，见台账")


def _overview(scorecards: Sequence[Scorecard], width: int) -> RenderableType:
    """The verdicts once more, where a reader's eyes are when the run ends."""
    table = Table(title=Chinese("总览", "bold"), title_justify="left", box=None, pad_edge=False)
    table.add_column("网站", overflow="fold")
    headings = ("指标", "结论", "得分", "否决", "已判", "未定")
    for heading in headings if width >= ROOMY else headings[:3]:
        table.add_column(heading, no_wrap=True)
    for card in scorecards:
        judged, planned = card.coverage["judged"], card.coverage["rules"] - card.coverage["not_applicable"]
        cells = (
            card.edition, Chinese(card.verdict, STYLES[card.verdict]), _interval(card.total) if card.by_points else "—",
            str(len(card.vetoes)), str(judged), str(planned - judged),
        )
        table.add_row(Chinese(plain(card.name, 40)), *cells[: len(table.columns) - 1])
    verdicts = Counter(card.verdict for card in scorecards)
    total = "，".join(f"{words} {verdicts[words]}" for words in STYLES if verdicts[words])
    return Group(Chinese(), table, *([Chinese(total)] if len(scorecards) > 1 else []))


def _whereabouts(folder: Path, scorecards: Sequence[Scorecard]) -> Iterator[RenderableType]:
    sites = list(dict.fromkeys(card.site for card in scorecards))
    site = sites[0] if len(sites) == 1 else "<网站>"
    yield Chinese()
    yield Chinese(f"台账 {folder / 'ledger.jsonl'}")
    yield Chinese(f"评分 {folder / 'scorecards.json'}")
    yield Chinese(f"证据 {folder / 'sites' / site}/")


def _live(row: Row) -> tuple[Finding, ...]:
    return tuple(finding for finding in row.findings if not finding.exempt)


def _price(row: Row) -> Chinese:
    if not row.points:
        sign, style = ("✗", "bold red") if row.outcome is Outcome.VETO else ("·", "")
    else:
        sign, style = (f"+{printed(row.points)}", "green") if row.points > 0 else (printed(row.points), "red")
    return Chinese(sign.rjust(PRICE_WIDTH), style)


def _grid() -> Table:
    """A first column that keeps its width beside text that folds."""
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(no_wrap=True, min_width=PRICE_WIDTH)
    grid.add_column(overflow="fold")
    return grid


def _point(text: str | Chinese, indent: int = 2) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("·", Chinese(text) if isinstance(text, str) else text)
    return Padding(grid, (0, 0, 0, indent))


def _few(names: Sequence[str]) -> str:
    return " ".join(names[:RULES_SHOWN]) + (f" 等 {len(names)} 条" if len(names) > RULES_SHOWN else "")


def _interval(interval) -> str:
    low, high = printed(interval.low), printed(interval.high)
    return low if low == high else f"{low}～{high}"
