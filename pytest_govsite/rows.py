"""A row of the ledger: a verdict that can leave its process (CONTRACT section 3)."""
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any, Self

from pytest_govsite import __version__
from pytest_govsite.model.edition import Edition, Item, Part, Rule
from pytest_govsite.model.finding import Drawn, Finding, Note, well_formed
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.site import Subject
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.points import exact

SCHEMA = 1
SHANGHAI = timezone(timedelta(hours=8))
NOT_REACHED = Verdict(Outcome.UNDETERMINED, blame=Blame.TOOL, reason="not reached")
LINE_BREAKS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}

RowKey = tuple[str, str, str]


@dataclass(frozen=True)
class Row:
    """One site x edition x rule. `rule` is the rule id; `points` as in Verdict; `drawn` is the `sample` of the JSON."""

    site: str
    edition: str
    rule: str
    part: Part
    level1: str
    level2: str
    outcome: Outcome
    as_of: date
    found_at: datetime
    points: Fraction | None = None
    blame: Blame | None = None
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    open: int = 0
    drawn: Drawn | None = None
    tool: str = __version__
    took: float = 0.0

    @classmethod
    def planned(cls, subject: Subject, edition: Edition, item: Item, rule: Rule, as_of: date) -> Self:
        """A row that nobody has judged yet: undetermined, tool, "not reached"."""
        return cls.of(subject, edition, item, rule, NOT_REACHED, as_of)

    @classmethod
    def of(
        cls,
        subject: Subject,
        edition: Edition,
        item: Item,
        rule: Rule,
        verdict: Verdict,
        as_of: date,
        took: float = 0.0,
    ) -> Self:
        """The row of a verdict reached now; `took` in seconds."""
        now = datetime.now(SHANGHAI).replace(microsecond=0)
        return cls(
            subject.id, edition.id, rule.key, item.part, item.level1, item.level2, verdict.outcome, as_of, now,
            verdict.points, verdict.blame, verdict.reason, verdict.findings, verdict.notes, verdict.open, verdict.drawn,
            took=round(took, 2),
        )

    @property
    def id(self) -> RowKey:
        """What makes the row unique: site, edition, rule."""
        return self.site, self.edition, self.rule

    def with_verdict(self, verdict: Verdict) -> Self:
        """The same row with another judgement."""
        return replace(
            self, outcome=verdict.outcome, points=verdict.points, blame=verdict.blame, reason=verdict.reason,
            findings=verdict.findings, notes=verdict.notes, open=verdict.open, drawn=verdict.drawn,
        )

    def to_json(self) -> dict[str, Any]:
        """The object of one line, in the order of the contract's example."""
        return {
            "site": self.site, "edition": self.edition, "rule": self.rule, "part": self.part,
            "level1": self.level1, "level2": self.level2, "outcome": self.outcome.value,
            "points": None if self.points is None else exact(self.points),
            "blame": self.blame and self.blame.value, "reason": self.reason,
            "findings": [_finding_to_json(finding, self.rule) for finding in self.findings],
            "notes": [_note_to_json(note) for note in self.notes], "open": self.open,
            "sample": self.drawn and {"seed": self.drawn.seed, "drawn": list(self.drawn.urls), "of": self.drawn.of},
            "as_of": self.as_of.isoformat(), "found_at": self.found_at.isoformat(timespec="seconds"),
            "tool": self.tool, "schema": SCHEMA, "took": self.took,
        }

    def to_line(self) -> str:
        """One line of text. Every character that some reader takes for a line's end is escaped."""
        return well_formed(json.dumps(self.to_json(), ensure_ascii=False)).translate(LINE_BREAKS)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """The row of such an object. ValueError when it is none of ours, or of a newer schema."""
        try:
            return cls._read(value)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not a row of the ledger: {error!r}") from error

    @classmethod
    def _read(cls, value: Mapping[str, Any]) -> Self:
        if value["schema"] != SCHEMA:
            raise ValueError(f"schema {value['schema']!r} of the ledger is not known, only {SCHEMA}")
        points, blame, sample = value["points"], value["blame"], value["sample"]
        return cls(
            value["site"], value["edition"], value["rule"], value["part"], value["level1"], value["level2"],
            Outcome(value["outcome"]), date.fromisoformat(value["as_of"]), datetime.fromisoformat(value["found_at"]),
            None if points is None else Fraction(points), blame and Blame(blame), value["reason"],
            tuple(_finding_from_json(finding) for finding in value["findings"]),
            tuple(Note(note["says"], note["at"], note.get("shot")) for note in value["notes"]), value["open"],
            sample and Drawn(sample["seed"], tuple(sample["drawn"]), sample["of"]), value["tool"], value["took"],
        )


def read_line(line: str) -> Row:
    """The row of one line of a ledger. ValueError when the line is no JSON or none of ours."""
    return Row.from_json(json.loads(line))


def sort_key(key: RowKey) -> tuple[str, str, str, int]:
    """The order of the ledger: site, edition, rule id, its number as a number."""
    site, edition, rule = key
    item, dot, number = rule.rpartition(".")
    return site, edition, item + dot, int(number)


def _note_to_json(note: Note) -> dict[str, Any]:
    return {"at": note.at, "says": note.says} | ({"shot": note.shot} if note.shot else {})


def _finding_to_json(finding: Finding, rule: str) -> dict[str, Any]:
    value = {
        "at": finding.at, "what": finding.what, "says": finding.says, "shot": finding.shot, "key": finding.key(rule)
    }
    extra = {"amount": finding.amount, "class": finding.class_, "exempt": finding.exempt}
    return value | {name: content for name, content in extra.items() if content is not None}


def _finding_from_json(value: Mapping[str, Any]) -> Finding:
    return Finding(
        value["at"], value["what"], value["says"], value["shot"],
        value.get("amount"), value.get("class"), value.get("exempt"),
    )
