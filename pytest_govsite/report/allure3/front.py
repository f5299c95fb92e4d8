"""What the report answers before anybody clicks: who is vetoed and why, who loses most, what fails most, what awaits whom."""
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.points import printed
from pytest_govsite.report.allure3.judged import Judged
from pytest_govsite.report.allure3.results import place_of
from pytest_govsite.report.allure3.rules import environment
from pytest_govsite.report.wording import BLAMES, plain, why
from pytest_govsite.rows import Row

SHOWN = 10
REASONS = 3
VERDICTS = ("合格", "不合格", "待定")


@dataclass(frozen=True)
class Line:
    """One line of a list. `place`: id of the result that it leads to; `share`: 0 to 100, drawn as a bar."""

    name: str
    says: str
    place: str = ""
    beside: str = ""
    share: int = 0


@dataclass(frozen=True)
class List:
    """The first lines of a list, how many there are of what, and how many are left out."""

    lines: Sequence[Line]
    total: int
    of: str
    left: int = 0


def page(judged: Judged, overview: str, remarks: Iterable[str] = ()) -> str:
    """HTML that stands before Allure's own. `overview`: where overview.html lies, as seen from the report; "" without."""
    verdicts = Counter(card["verdict"] for card in judged.cards)
    return environment().get_template("front.html").render(
        days=judged.days, tool=judged.rows[0].tool, editions=[judged.table(id) for id in judged.tables],
        sites=len({row.site for row in judged.rows}), rows=len(judged.rows),
        verdicts=[(each, verdicts[each]) for each in VERDICTS], overview=overview, remarks=list(remarks),
        vetoed=vetoed(judged), losing=losing(judged), failing=failing(judged), waiting=waiting(judged),
    )


def vetoed(judged: Judged) -> List:
    """Sites under a veto, and what it is for."""
    fired: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in judged.rows:
        if row.outcome is Outcome.VETO:
            fired[row.site, row.edition].append(row)
    ordered = sorted(fired.items(), key=lambda each: (-len(each[1]), each[0]))
    lines = [
        Line(judged.site(site), "；".join(_because(row) for row in rows), place_of(rows[0], judged), _beside(judged, site, edition))
        for (site, edition), rows in ordered[:SHOWN]
    ]
    return List(lines, len(ordered), "个", len(ordered) - len(lines))


def _because(row: Row) -> str:
    live = [finding for finding in row.findings if not finding.exempt]
    fact = f"：{plain(live[0].says, 80)}" if live else ""
    return f"{row.level2}（{row.rule}）{fact}{f' 等 {len(live)} 处' if len(live) > 1 else ''}"


def losing(judged: Judged) -> List:
    """Sites by the points that are lost for sure."""
    lost = []
    for card in judged.cards:
        part = card["deduction"]
        full, low, high = (Fraction(part[name]) for name in ("full", "low", "high"))
        if high < full:
            lost.append((full - high, full - low, card))
    lost.sort(key=lambda each: (-each[0], -each[1], each[2]["site"], each[2]["edition"]))
    worst = _dearest(judged.rows)
    lines = []
    for sure, most, card in lost[:SHOWN]:
        row = worst.get((card["site"], card["edition"]))
        points = _lost(sure) + (f"（最多 {_lost(most)}）" if most > sure else "")
        cause = f"　最多的一条：{row.level2}（{row.rule}）{_lost(-row.points)}" if row else ""
        beside = _beside(judged, card["site"], card["edition"])
        share = round(100 * sure / lost[0][0])
        lines.append(Line(judged.site(card["site"]), points + cause, place_of(row, judged) if row else "", beside, share))
    return List(lines, len(lost), "个", len(lost) - len(lines))


def _dearest(rows: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """The row that costs most, of each site and edition."""
    worst: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row.site, row.edition)
        if row.outcome is Outcome.DEDUCT and (key not in worst or (row.points or 0) < (worst[key].points or 0)):
            worst[key] = row
    return worst


def failing(judged: Judged) -> List:
    """Rules by the number of sites that break them."""
    broken: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in judged.rows:
        if row.outcome in (Outcome.DEDUCT, Outcome.VETO):
            broken[row.edition, row.rule].append(row)
    ordered = sorted(broken.items(), key=lambda each: (-len(each[1]), each[0]))
    lines = []
    for (edition, rule), rows in ordered[:SHOWN]:
        known = judged.rule_of(edition, rule)
        cost = -sum((row.points or Fraction(0) for row in rows), Fraction(0))
        says = f"{len(rows)} 个网站" + (f"，共 {_lost(cost)}" if cost else "")
        name = f"{rule} {known[2].summary}" if known else f"{rule} {rows[0].level2}"
        share = round(100 * len(rows) / len(ordered[0][1]))
        lines.append(Line(plain(name, 120), says, place_of(rows[0], judged), _table(judged, edition), share))
    return List(lines, len(ordered), "条", len(ordered) - len(lines))


def waiting(judged: Judged) -> List:
    """What is not judged, by whom it waits for."""
    lines = []
    total = 0
    for blame in Blame:
        rows = [row for row in judged.rows if row.blame is blame]
        total += len(rows)
        if rows:
            reasons = Counter(why(row) for row in rows)
            told = [f"{reason}（{count} 条）" for reason, count in reasons.most_common(REASONS) if reason != BLAMES[blame]]
            rest = f" 等 {len(reasons)} 种原因" if len(reasons) > REASONS else ""
            sites = len({row.site for row in rows})
            says = f"{len(rows)} 条，涉及 {sites} 个网站" + ("：" + "；".join(told) + rest if told else _rules(rows))
            lines.append(Line(BLAMES[blame], says, place_of(rows[0], judged)))
    return List(lines, total, "条")


def _lost(points: Fraction) -> str:
    return f"−{printed(points)} 分"


def _rules(rows: Sequence[Row]) -> str:
    names = list(dict.fromkeys(row.level2 for row in rows if row.level2.strip("—")))
    return f"：{'、'.join(names[:8])}{f' 等 {len(names)} 项' if len(names) > 8 else ''}"


def _beside(judged: Judged, site: str, edition: str) -> str:
    return "　".join(filter(None, (judged.group(site), _table(judged, edition))))


def _table(judged: Judged, edition: str) -> str:
    return judged.table(edition) if judged.several_editions else ""
