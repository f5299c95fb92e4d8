"""From the rows of one subject under one edition to its scorecard (CONTRACT section 3).

`low` takes every open question at its worst, `high` at its best. All arithmetic is exact; only text is rounded.
"""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from pytest_govsite.judging import planned
from pytest_govsite.model.edition import Edition, Item, Part, Rule
from pytest_govsite.model.missing import AWAITING, OUTSIDE, TROUBLE
from pytest_govsite.model.site import DEPARTMENTS, Subject
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.points import exact, printed
from pytest_govsite.pricing import Tariff, price, worst
from pytest_govsite.rows import Row

PASSED, FAILED, UNDECIDED = "合格", "不合格", "待定"
JUDGED = frozenset(Outcome) - {Outcome.NOT_APPLICABLE, Outcome.UNDETERMINED}

Gate = Literal["yes", "no", "maybe"]
Rows = Mapping[str, Row]


@dataclass(frozen=True)
class Interval:
    """Between the worst and the best that the open questions allow."""

    low: Fraction
    high: Fraction

    def to_json(self) -> dict[str, str]:
        return {"low": printed(self.low), "high": printed(self.high)}


@dataclass(frozen=True)
class ItemScore:
    """What one item costs (negative) or earns (positive), within its cap. `low` is the worse for the site."""

    item: str
    part: Part
    cap: Fraction | None
    points: Interval

    def to_json(self) -> dict[str, str | None]:
        return {"item": self.item, "cap": None if self.cap is None else exact(self.cap), **self.points.to_json()}


@dataclass(frozen=True)
class Scorecard:
    """One subject under one edition.

    vetoes          rule ids of the vetoes that fired.
    bonus           what counts of the bonus part: nothing while the gate is shut.
    by_points       False when the verdict comes from the vetoes alone; `note` says why.
    settled         the verdict when rows in trouble or outside count at their worst, awaiting rows at their best: for
                    the gate `pass`.
    """

    site: str
    name: str
    edition: str
    as_of: date
    verdict: str
    vetoes: tuple[str, ...]
    full: Fraction
    deduction: Interval
    bonus: Interval
    bonus_open: Gate
    total: Interval
    coverage: Mapping[str, int]
    items: tuple[ItemScore, ...]
    note: str
    by_points: bool
    partial: bool
    target: str
    settled: str

    def to_json(self) -> dict[str, Any]:
        """One object of scorecards.json; `note` and `partial` only where there is something to say."""
        value = {
            "site": self.site, "name": self.name, "edition": self.edition, "as_of": self.as_of.isoformat(),
            "verdict": self.verdict, "vetoes": list(self.vetoes),
            "deduction": {"full": exact(self.full), **self.deduction.to_json()},
            "bonus": {**self.bonus.to_json(), "open": self.bonus_open}, "total": self.total.to_json(),
            "coverage": dict(self.coverage), "items": [item.to_json() for item in self.items],
        }
        return value | ({"note": self.note} if self.note else {}) | ({"partial": True} if self.partial else {})


def score(edition: Edition, subject: Subject, rows: Iterable[Row], *, partial: bool = False) -> Scorecard:
    """The scorecard. Rows of other subjects and editions are ignored; a rule without a row counts as undetermined.

    `partial`: only some rules were asked for (ruling 12). Raises ValueError when there is no row at all.
    """
    own = {row.rule: row for row in rows if (row.site, row.edition) == (subject.id, edition.id)}
    if not own:
        raise ValueError(f"no rows of {subject.id} under {edition.id}")
    totals = _total(edition, subject, own)
    settled = _settle(edition, subject, own)
    return Scorecard(
        subject.id, subject.title, edition.id, max(row.as_of for row in own.values()),
        _verdict(edition, subject, own, totals.total, partial),
        tuple(rule.key for rule, row in _veto_rows(edition, subject, own) if row and row.outcome is Outcome.VETO),
        edition.full, totals.deduction, totals.bonus, totals.bonus_open, totals.total, count_coverage(own.values()),
        totals.items, _note(edition, subject, partial), counts_points(edition, subject), partial, subject.target,
        _verdict(edition, subject, settled, _total(edition, subject, settled).total, partial),
    )


@dataclass(frozen=True)
class _Totals:
    items: tuple[ItemScore, ...]
    deduction: Interval
    bonus: Interval
    bonus_open: Gate
    total: Interval


def _total(edition: Edition, subject: Subject, rows: Rows) -> _Totals:
    items = _item_scores(edition, subject, rows)
    deduction = _scaled(edition, subject, _sum(items, "deduction"))
    gate = _gate(edition, deduction)
    earned = _sum(items, "bonus")
    bonus = Interval(earned.low if gate == "yes" else Fraction(0), Fraction(0) if gate == "no" else earned.high)
    return _Totals(items, deduction, bonus, gate, Interval(deduction.low + bonus.low, deduction.high + bonus.high))


def _item_scores(edition: Edition, subject: Subject, rows: Rows) -> tuple[ItemScore, ...]:
    """Every item in points, in the order of the table. An item without bound may take all that the others leave."""
    items = {item.id: item for item, _ in planned(edition, subject) if item.part != "veto"}
    ranges = {id: _item_range(item, subject, rows) for id, item in items.items()}
    left = {"deduction": _starts(edition, subject)[0], "bonus": edition.bonus_full}
    for id, (_, most) in ranges.items():
        left[items[id].part] -= most or 0
    return tuple(
        _item_score(item, subject, *ranges[id], max(Fraction(0), left[item.part])) for id, item in items.items()
    )


def _item_score(item: Item, subject: Subject, sure: Fraction, most: Fraction | None, left: Fraction) -> ItemScore:
    most = max(sure, left) if most is None else most
    points = Interval(sure, most) if item.part == "bonus" else Interval(-most, -sure)
    return ItemScore(item.id, item.part, _cap(item, subject.kind), points)


def _item_range(item: Item, subject: Subject, rows: Rows) -> tuple[Fraction, Fraction | None]:
    """What the item costs or earns for sure, and at most; None: nothing bounds it."""
    sures, mosts = zip(*(_rule_range(item, rule, subject.kind, rows.get(rule.key)) for rule in item.rules), strict=True)
    cap = _cap(item, subject.kind)
    sure, most = sum(sures, Fraction(0)), None if None in mosts else sum(mosts, Fraction(0))
    if cap is None:
        return sure, most
    return min(sure, cap), cap if most is None else min(most, cap)


def _rule_range(item: Item, rule: Rule, kind: str | None, row: Row | None) -> tuple[Fraction, Fraction | None]:
    tariff = Tariff.of(item, rule, kind)
    if row is None or (row.outcome is Outcome.UNDETERMINED and not row.open):
        return Fraction(0), worst(tariff)
    if row.outcome not in (Outcome.DEDUCT, Outcome.AWARD, Outcome.UNDETERMINED):
        return Fraction(0), Fraction(0)
    sure = abs(row.points or Fraction(0))
    more = price(tariff, row.findings, row.as_of, row.open) - price(tariff, row.findings, row.as_of)
    return sure, sure + more


def _cap(item: Item, kind: str | None) -> Fraction | None:
    """The item's cap; for an unknown kind the largest it may have."""
    caps = [item.cap_for(kind), *(variant.cap for variant in item.variants if kind is None)]
    return None if None in caps else max(caps)


def _sum(items: Sequence[ItemScore], part: Part) -> Interval:
    points = [item.points for item in items if item.part == part]
    return Interval(sum((p.low for p in points), Fraction(0)), sum((p.high for p in points), Fraction(0)))


def _scaled(edition: Edition, subject: Subject, losses: Interval) -> Interval:
    """The deduction part: start less losses, never below 0, scaled to the full mark."""
    starts = _starts(edition, subject)
    lows = [max(Fraction(0), start + losses.low) * edition.full / start for start in starts]
    highs = [max(Fraction(0), start + losses.high) * edition.full / start for start in starts]
    return Interval(min(lows), max(highs))


def _starts(edition: Edition, subject: Subject) -> tuple[Fraction, ...]:
    """The mark the deduction part starts from; both there may be, when only the kind could tell and is unknown."""
    for scaling in edition.scalings:
        if subject.target != "website" or (scaling.no_service and subject.service_duty):
            continue
        if scaling.kinds and subject.kind is None:
            return edition.full, scaling.full
        if not scaling.kinds or subject.kind in scaling.kinds:
            return (scaling.full,)
    return (edition.full,)


def _gate(edition: Edition, deduction: Interval) -> Gate:
    """Is the bonus part open? The deduction part must lie strictly above the gate; without a printed gate it is."""
    if not any(item.part == "bonus" for item in edition.items):
        return "no"
    if edition.bonus_gate is None or deduction.low > edition.bonus_gate:
        return "yes"
    return "maybe" if deduction.high > edition.bonus_gate else "no"


def _verdict(edition: Edition, subject: Subject, rows: Rows, total: Interval, partial: bool) -> str:
    vetoes = [row and row.outcome for _, row in _veto_rows(edition, subject, rows)]
    if Outcome.VETO in vetoes:
        return FAILED
    if partial or _kind_missing(edition, subject) or not any(row.outcome in JUDGED for row in rows.values()):
        return UNDECIDED
    by_points = counts_points(edition, subject)
    if by_points and total.high < edition.pass_mark:
        return FAILED
    open_veto = None in vetoes or Outcome.UNDETERMINED in vetoes
    return UNDECIDED if open_veto or (by_points and total.low < edition.pass_mark) else PASSED


def _veto_rows(edition: Edition, subject: Subject, rows: Rows) -> list[tuple[Rule, Row | None]]:
    return [(rule, rows.get(rule.key)) for item, rule in planned(edition, subject) if item.part == "veto"]


def counts_points(edition: Edition, subject: Subject) -> bool:
    """Does the table give this subject a verdict by points, or by vetoes alone?"""
    if subject.target != "website" or edition.pass_mark is None:
        return False
    return not edition.portals_only or (subject.kind is not None and subject.kind not in DEPARTMENTS)


def _kind_missing(edition: Edition, subject: Subject) -> bool:
    """Only portals are scored and nobody said whether this is one (ruling 11)."""
    return subject.target == "website" and edition.portals_only and subject.kind is None


def _settle(edition: Edition, subject: Subject, rows: Rows) -> Rows:
    """The rows as the gate `pass` counts them: awaiting at their best, a veto in trouble or outside as fired."""
    settled = dict(rows)
    for item, rule in planned(edition, subject):
        row = rows.get(rule.key)
        if row and row.outcome is Outcome.UNDETERMINED:
            if row.blame in AWAITING:
                settled[rule.key] = row.with_verdict(_best(item, rule, subject))
            elif item.part == "veto":
                settled[rule.key] = row.with_verdict(Verdict(Outcome.VETO))
    return settled


def _best(item: Item, rule: Rule, subject: Subject) -> Verdict:
    if item.part != "bonus":
        return Verdict(Outcome.PASS, None if item.part == "veto" else Fraction(0))
    return Verdict(Outcome.AWARD, worst(Tariff.of(item, rule, subject.kind)) or item.cap or Fraction(0))


def count_coverage(rows: Iterable[Row]) -> dict[str, int]:
    """How many rules there are and how many of them were judged, as `coverage` of a scorecard."""
    rows = list(rows)
    undetermined = [row.blame for row in rows if row.outcome is Outcome.UNDETERMINED]
    return {
        "rules": len(rows), "judged": sum(row.outcome in JUDGED for row in rows),
        "awaiting": sum(blame in AWAITING for blame in undetermined),
        "trouble": sum(blame in TROUBLE for blame in undetermined),
        "outside": sum(blame in OUTSIDE for blame in undetermined),
        "not_applicable": sum(row.outcome is Outcome.NOT_APPLICABLE for row in rows),
    }


def _note(edition: Edition, subject: Subject, partial: bool) -> str:
    """What the reader must know to take the verdict rightly."""
    notes = [
        (partial, "只检查了部分指标（partial），未见否决不等于合格"),
        (subject.target == "new-media", "政务新媒体账号只按单项否决评定，分数仅供参考"),
        (_kind_missing(edition, subject), "网站类型未知，不能按分数评定：请在 sites.toml 中登记该网站并填写 kind"),
        (edition.portals_only and subject.kind in DEPARTMENTS, "本表只给政府门户网站评分，部门网站只按单项否决评定"),
        (edition.pass_mark is None, "本表没有印出及格分数，只按单项否决评定"),
        (all(item.part != "veto" for item in edition.items), "本表没有单项否决，合格只表示没有被否决"),
        (_unscaled(edition, subject), f"本表没有规定这类无服务职能的单位如何折算，按满分 {exact(edition.full)} 起扣"),
    ]
    return "；".join(note for applies, note in notes if applies)


def _unscaled(edition: Edition, subject: Subject) -> bool:
    serves = any(item.service_only and item.part == "deduction" for item in edition.items)
    return serves and not subject.service_duty and _starts(edition, subject) == (edition.full,)
