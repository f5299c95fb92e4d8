"""An official indicator table as data."""
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Part = Literal["veto", "deduction", "bonus"]
Target = Literal["website", "new-media", "website+new-media", "supervision"]
RuleKind = Literal["flat", "per-occurrence", "threshold", "award"]
Combine = Literal["each", "highest", "add"]


@dataclass(frozen=True)
class Tier:
    """One price of a rule that has several.

    Exactly one selector: `class_` (the finding's class), `over` / `within` (a window such as 1mo that the finding's
    age in days exceeds / does not exceed), `at_least` (number of findings). `kinds` narrows the tier to kinds of site and
    may stand beside a selector or alone.
    """

    points: Fraction
    class_: str | None = None
    over: str | None = None
    within: str | None = None
    at_least: int | None = None
    kinds: tuple[str, ...] = ()
    summary: str = ""


@dataclass(frozen=True)
class Rule:
    """One numbered clause. `key` is its public id, `<item>.<n>`.

    threshold  how many findings make it fire; thresholds: how many of one class, whichever class reaches its number first.
    window     what the table prints: 2w, 6mo, 1y, 5wd, several joined by +; quarter, calendar-year, previous-year,
               by-01-31.
    subcaps    the most that findings of one class cost together.
    parent     n of the rule of the same item whose fault leaves nothing to judge here.
    with_      thresholds of the check; `deadlines` holds those of the edition that the rule names.
    """

    key: str
    n: int
    summary: str
    kind: RuleKind
    check: str
    points: Fraction | None = None
    tiers: tuple[Tier, ...] = ()
    combine: Combine | None = None
    threshold: int = 1
    thresholds: tuple[tuple[str, int], ...] = ()
    sample: int | None = None
    unit: str | None = None
    window: str | None = None
    subcaps: tuple[tuple[str, Fraction], ...] = ()
    parent: int | None = None
    with_: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Deadline:
    """A deadline that feeds a rule and makes no row of its own.

    who      the bodies in charge; categories: of columns that it concerns.
    window   how long there may be no news; minimum: how many items each such span must bring; limit: how often at most.
    """

    id: str
    summary: str
    who: str | None = None
    categories: tuple[str, ...] = ()
    window: str | None = None
    minimum: int | None = None
    limit: int | None = None

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True)
class Variant:
    """Other points and cap for some kinds of site."""

    kinds: tuple[str, ...]
    rule: int
    points: Fraction
    cap: Fraction


@dataclass(frozen=True)
class Item:
    """A printed row of the table."""

    id: str
    part: Part
    target: Target
    level1: str
    level2: str
    cap: Fraction | None
    rules: tuple[Rule, ...]
    service_only: bool = False
    not_for: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()

    def cap_for(self, kind: str | None) -> Fraction | None:
        """The cap for a kind of site."""
        return next((v.cap for v in self.variants if kind in v.kinds), self.cap)

    def points_for(self, rule: Rule, kind: str | None) -> Fraction | None:
        """The points of a rule for a kind of site."""
        return next((v.points for v in self.variants if kind in v.kinds and v.rule == rule.n), rule.points)


@dataclass(frozen=True)
class Scaling:
    """The deduction part starts from `full` and is scaled to the edition's full mark.

    Applies to bodies without service duty (`no_service`), or to some `kinds` of site.
    """

    full: Fraction
    no_service: bool = False
    kinds: tuple[str, ...] = ()
    printed: bool = True


@dataclass(frozen=True)
class Edition:
    """One issuer's table in one year. Marks are None where the table prints none."""

    id: str
    title: str
    issuer: str
    cite: str
    full: Fraction
    items: tuple[Item, ...]
    bonus_full: Fraction = Fraction(0)
    pass_mark: Fraction | None = None
    bonus_gate: Fraction | None = None
    portals_only: bool = False
    scalings: tuple[Scaling, ...] = ()
    discrepancies: tuple[tuple[str, str], ...] = ()
    deadlines: tuple[Deadline, ...] = ()

    def rule(self, key: str) -> tuple[Item, Rule]:
        """The item and rule of a rule id; KeyError if the edition has none such."""
        for item in self.items:
            for rule in item.rules:
                if rule.key == key:
                    return item, rule
        raise KeyError(key)
