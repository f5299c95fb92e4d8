"""What findings cost or earn under a rule of an edition. Magnitudes only: the sign belongs to the part of the table."""
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from pytest_govsite.model.edition import Combine, Item, Rule, Tier
from pytest_govsite.model.finding import Finding
from pytest_govsite.windows import back


class Unpriced(ValueError):
    """The edition names no price for a finding: check and edition do not fit together."""


@dataclass(frozen=True)
class Tariff:
    """A rule as it applies to one kind of site."""

    rule: Rule
    points: Fraction
    tiers: tuple[Tier, ...]

    @classmethod
    def of(cls, item: Item, rule: Rule, kind: str | None) -> "Tariff":
        """The tariff for a kind of site; for an unknown kind the dearest one, with every tier."""
        points = item.points_for(rule, kind)
        if kind is None:
            points = max((v.points for v in item.variants if v.rule == rule.n), default=points)
        tiers = tuple(tier for tier in rule.tiers if kind is None or not tier.kinds or kind in tier.kinds)
        return cls(rule, points or Fraction(0), tiers)

    @property
    def highest(self) -> Fraction:
        """The most that a single occurrence can cost."""
        return max((tier.points for tier in self.tiers), default=self.points)

    @property
    def by_count(self) -> bool:
        """The number of occurrences picks the tier."""
        return any(tier.at_least for tier in self.tiers)

    @property
    def needed(self) -> int:
        """How many occurrences it takes until something is lost or earned."""
        counts = [tier.at_least for tier in self.tiers if tier.at_least]
        return min(counts) if counts else self.rule.threshold

    @property
    def combine(self) -> Combine:
        """How occurrences come together. Unless the edition says: each for deductions per occurrence and for awards
        with a unit, else once."""
        each = self.rule.kind == "per-occurrence" or (self.rule.kind == "award" and self.rule.unit)
        return self.rule.combine or ("each" if each else "highest")


def price(tariff: Tariff, findings: Iterable[Finding], as_of: date, unseen: int = 0) -> Fraction:
    """Points for the findings, and for `unseen` units more, each taken as the dearest occurrence there can be.

    Exempted findings are free. A threshold below its number of occurrences is worth nothing; an award with a unit is
    bounded by its sample. Raises Unpriced for a finding whose class no tier names.
    """
    charged = [finding for finding in findings if not finding.exempt]
    count = len(charged) + unseen
    if tariff.by_count:
        return max((t.points for t in tariff.tiers if t.at_least and count >= t.at_least), default=Fraction(0))
    if count < tariff.rule.threshold:
        return Fraction(0)
    if tariff.combine == "each":
        return _each(tariff, charged, as_of, unseen)
    if tariff.combine == "add":
        return _add(tariff, charged, as_of, unseen)
    worths = [_worth(tariff, finding, as_of) for finding in charged]
    return max([*worths, *[tariff.highest] * bool(unseen)], default=Fraction(0))


def worst(tariff: Tariff) -> Fraction | None:
    """The most that a rule nobody could judge may cost or earn; None when the table sets no bound to it.

    CONTRACT section 3: sample x points. A rule that charges once has a sample of one.
    """
    if tariff.combine == "each" and not tariff.by_count:
        return tariff.rule.sample * tariff.highest if tariff.rule.sample else None
    if tariff.combine == "add":
        return sum((tier.points for tier in tariff.tiers), Fraction(0))
    return tariff.highest


def _each(tariff: Tariff, charged: Sequence[Finding], as_of: date, unseen: int) -> Fraction:
    prices = [(_worth(tariff, finding, as_of), finding.class_ or "") for finding in charged]
    bound = tariff.rule.sample if tariff.rule.kind == "award" else None
    sums: Counter[str] = Counter()
    for points, class_ in sorted(prices, reverse=True)[:bound]:
        sums[class_] += points
    subcaps = dict(tariff.rule.subcaps)
    seen = sum((min(points, subcaps.get(class_, points)) for class_, points in sums.items()), Fraction(0))
    room = unseen if bound is None else max(0, min(unseen, bound - len(charged)))
    return seen + room * tariff.highest


def _add(tariff: Tariff, charged: Sequence[Finding], as_of: date, unseen: int) -> Fraction:
    """Each tier once, however many findings fall into it."""
    hit = {tier for finding in charged for tier in _matching(tariff, finding, as_of)}
    left = sorted((tier.points for tier in tariff.tiers if tier not in hit), reverse=True)
    return sum((tier.points for tier in hit), Fraction(0)) + sum(left[:unseen], Fraction(0))


def _worth(tariff: Tariff, finding: Finding, as_of: date) -> Fraction:
    if not tariff.tiers:
        return tariff.points
    return max((tier.points for tier in _matching(tariff, finding, as_of)), default=Fraction(0))


def _matching(tariff: Tariff, finding: Finding, as_of: date) -> tuple[Tier, ...]:
    matching = tuple(tier for tier in tariff.tiers if _fits(tier, finding, as_of))
    if not matching and any(tier.class_ for tier in tariff.tiers):
        raise Unpriced(f"{tariff.rule.key} names no price for the class {finding.class_!r}")
    return matching


def _fits(tier: Tier, finding: Finding, as_of: date) -> bool:
    """A finding without an amount has no date at all: older than every window (the note to every update rule)."""
    if tier.class_ is not None and tier.class_ != finding.class_:
        return False
    if tier.over is None and tier.within is None:
        return True
    day = date.min if finding.amount is None else as_of - timedelta(days=finding.amount)
    if tier.over is not None:
        return day < back(as_of, tier.over)
    return day >= back(as_of, tier.within)
