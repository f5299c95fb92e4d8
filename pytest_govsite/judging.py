"""From what a check observed to the verdict on one rule.

Evidence that is missing never becomes a pass and never costs points: it leaves a rule undetermined, or units open.
"""
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction

from pytest_govsite.model.edition import Edition, Item, Rule
from pytest_govsite.model.finding import Drawn, Finding, NotApplicable, Note, Observation, Undetermined, Unseen
from pytest_govsite.model.missing import AWAITING, OUTSIDE, TROUBLE, Blame, Missing
from pytest_govsite.model.site import DEPARTMENTS, KIND_NAMES, Subject
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.pricing import Tariff, Unpriced, price

WORDS_LIMIT = 200
KIND_HINT = "网站类型未知，本条的标准因类型而异：请在 sites.toml 中登记该网站并填写 kind（例如 county-portal）"


def planned(edition: Edition, subject: Subject) -> Iterator[tuple[Item, Rule]]:
    """The rules that make rows for a subject, in the order of the table.

    A site gets all of them (CONTRACT section 4: those on new media as not-applicable), an account those on new media.
    """
    for item in edition.items:
        if subject.target == "website" or "new-media" in item.target:
            yield from ((item, rule) for rule in item.rules)


def applicable(edition: Edition, item: Item, rule: Rule, subject: Subject) -> Verdict | None:
    """Why a rule is not judged for this subject at all, before any evidence is asked for; None: judge it."""
    reason = _exemption(edition, item, rule, subject)
    if reason:
        return _not_applicable(reason)
    if subject.target == "website" and subject.kind is None and _needs_kind(item, rule):
        return _undetermined(KIND_HINT, Blame.PERSON)
    return None


def judge(item: Item, rule: Rule, subject: Subject, observations: Iterable[Observation], as_of: date) -> Verdict:
    """The verdict on what a check observed.

    A finding to which the edition gives no price, or a wrong window in a tier, leaves the rule undetermined (tool).
    """
    seen = _Observed(tuple(observations))
    try:
        return _veto(rule, seen) if item.part == "veto" else _points(item, rule, subject, seen, as_of)
    except ValueError as error:
        return judge_raised(error)


def judge_missing(missing: Missing) -> Verdict:
    """The verdict when evidence that a check needs could not be had."""
    return _undetermined(missing.says, missing.blame)


def judge_raised(exception: BaseException) -> Verdict:
    """The verdict when a check raised: on purpose (NotApplicable, Undetermined), or because it is broken."""
    if isinstance(exception, NotApplicable):
        return _not_applicable(str(exception))
    if isinstance(exception, Undetermined):
        return _undetermined(str(exception), exception.blame)
    words = "".join(str(exception).strip().splitlines()[:1])[:WORDS_LIMIT]
    name = type(exception).__name__
    return _undetermined(f"检查程序出错：{name}: {words}" if words else f"检查程序出错：{name}", Blame.TOOL)


def silenced(parent_verdict: Verdict, parent_rule: Rule) -> Verdict | None:
    """The verdict on a child whose parent's fault says it all (ruling 4); None: judge the child.

    A parent that is itself silenced hands on the same reference. An undetermined parent silences nobody.
    """
    if parent_verdict.outcome in (Outcome.DEDUCT, Outcome.VETO):
        return _not_applicable(f"见 {parent_rule.key}")
    reason = parent_verdict.reason or ""
    if parent_verdict.outcome is Outcome.NOT_APPLICABLE and reason.startswith("见 "):
        return _not_applicable(reason)
    return None


class _Observed:
    """Observations sorted by what they are."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self.findings = tuple(o for o in observations if isinstance(o, Finding))
        self.charged = tuple(finding for finding in self.findings if not finding.exempt)
        self.unseen = tuple(o for o in observations if isinstance(o, Unseen))
        self.notes = tuple(o for o in observations if isinstance(o, Note)) + _open_notes(self.unseen)
        self.drawn = _joined(tuple(o for o in observations if isinstance(o, Drawn)))

    def verdict(self, outcome: Outcome, points: Fraction | None) -> Verdict:
        return Verdict(
            outcome, points, findings=self.findings, notes=self.notes, open=len(self.unseen), drawn=self.drawn
        )

    def room(self, threshold: int) -> int:
        """How many findings more there may be; a search that was cut short may have missed any number."""
        return max(len(self.unseen), threshold if any(unit.several for unit in self.unseen) else 0)

    def of(self, class_: str) -> "_Observed":
        """What there is of one class; an open unit without a class may be of any."""
        findings = tuple(finding for finding in self.findings if finding.class_ == class_)
        return _Observed(findings + tuple(unit for unit in self.unseen if unit.class_ in (None, class_)))

    def undetermined(self, because: Sequence[Unseen] = ()) -> Verdict:
        """Nothing can be said, `because` of these open units; all of them unless some are named."""
        open_ones = because or self.unseen
        worst = min(open_ones, key=lambda unit: _gravity(unit.blame))
        reason = worst.reason if len(open_ones) == 1 else f"{worst.reason}（共 {len(open_ones)} 处未能查看）"
        return Verdict(
            Outcome.UNDETERMINED, None, worst.blame, reason, self.findings, self.notes, len(self.unseen), self.drawn
        )


def _veto(rule: Rule, seen: _Observed) -> Verdict:
    counts = [(seen.of(class_), number) for class_, number in rule.thresholds] or [(seen, rule.threshold)]
    if rule.thresholds and (stray := {finding.class_ for finding in seen.charged} - dict(rule.thresholds).keys()):
        raise Unpriced(f"{rule.key} names no threshold for the classes {stray}")
    if any(len(part.charged) >= number for part, number in counts):
        return seen.verdict(Outcome.VETO, None)
    if reach := [part for part, number in counts if len(part.charged) + part.room(number) >= number]:
        return seen.undetermined([unit for unit in seen.unseen if any(unit in part.unseen for part in reach)])
    return seen.verdict(Outcome.PASS, None)


def _points(item: Item, rule: Rule, subject: Subject, seen: _Observed, as_of: date) -> Verdict:
    tariff = Tariff.of(item, rule, subject.kind)
    firm = price(tariff, seen.findings, as_of)
    if firm:
        return seen.verdict(*((Outcome.AWARD, firm) if item.part == "bonus" else (Outcome.DEDUCT, -firm)))
    if price(tariff, seen.findings, as_of, seen.room(tariff.needed)):
        return seen.undetermined()
    return seen.verdict(Outcome.UNEARNED if item.part == "bonus" else Outcome.PASS, Fraction(0))


def _exemption(edition: Edition, item: Item, rule: Rule, subject: Subject) -> str | None:
    """The clause that takes a subject out of a rule. An unknown kind is taken out of nothing."""
    if subject.target == "new-media":
        return None if "new-media" in item.target else "按网站评定"
    if item.target == "new-media":
        return "按账号评定"
    kinds = {kind for tier in rule.tiers for kind in tier.kinds}
    name = KIND_NAMES.get(subject.kind, "")
    if subject.kind in item.not_for:
        return f"本表对{name}不检查该项指标"
    if item.part != "veto" and edition.portals_only and subject.kind in DEPARTMENTS:
        return "本表的扣分指标和加分指标只评政府门户网站"
    if item.service_only and not subject.service_duty:
        return "没有对外服务职能，不检查办事服务指标"
    if name and kinds and subject.kind not in kinds and all(tier.kinds for tier in rule.tiers):
        return f"本条不涉及{name}"
    return None


def _needs_kind(item: Item, rule: Rule) -> bool:
    return bool(item.not_for or item.variants or any(tier.kinds for tier in rule.tiers))


def _gravity(blame: Blame) -> int:
    return next(rank for rank, blames in enumerate((TROUBLE, OUTSIDE, AWAITING)) if blame in blames)


def _open_notes(unseen: Sequence[Unseen]) -> tuple[Note, ...]:
    return tuple(Note(f"未能查看：{unit.reason}", unit.at) for unit in unseen)


def _joined(drawn: Sequence[Drawn]) -> Drawn | None:
    """One sample for the ledger, when a check drew more than one list."""
    if not drawn:
        return None
    return Drawn(drawn[0].seed, tuple(url for draw in drawn for url in draw.urls), sum(draw.of for draw in drawn))


def _not_applicable(reason: str) -> Verdict:
    return Verdict(Outcome.NOT_APPLICABLE, reason=reason)


def _undetermined(reason: str, blame: Blame) -> Verdict:
    return Verdict(Outcome.UNDETERMINED, blame=blame, reason=reason)
