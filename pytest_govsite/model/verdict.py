"""The judgement of one rule on one site."""
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pytest_govsite.model.finding import Drawn, Finding, Note
from pytest_govsite.model.missing import Blame


class Outcome(StrEnum):
    """CONTRACT section 1."""

    PASS = "pass"
    DEDUCT = "deduct"
    VETO = "veto"
    AWARD = "award"
    UNEARNED = "unearned"
    NOT_APPLICABLE = "not-applicable"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Verdict:
    """Points are signed: negative when lost, positive when earned, None for vetoes and where nothing was judged."""

    outcome: Outcome
    points: Fraction | None = None
    blame: Blame | None = None
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    open: int = 0
    drawn: Drawn | None = None

    def __post_init__(self) -> None:
        needs_reason = self.outcome in (Outcome.UNDETERMINED, Outcome.NOT_APPLICABLE)
        if needs_reason and not self.reason:
            raise ValueError(f"{self.outcome} needs a reason")
        if (self.outcome is Outcome.UNDETERMINED) != (self.blame is not None):
            raise ValueError("blame belongs to undetermined, and only there")
