"""False alarms and exemptions: findings that cost nothing because somebody signed for them, until a day."""
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from pytest_govsite.editions import ids
from pytest_govsite.editions import load as load_edition
from pytest_govsite.model.edition import Edition
from pytest_govsite.model.finding import Finding, normalised
from pytest_govsite.model.site import Subject, path_of
from pytest_govsite.tomlfile import Complaint, Document, Table, Text, read, refuse, similar, validate, values


class ExemptionError(ValueError):
    """An exemptions file that cannot be used: a line of plain Chinese for each fault."""


@dataclass(frozen=True)
class Exemption:
    """Findings of one site that somebody answers for: those of a rule (on one thing, if `what` says so), or one key."""

    site: str
    reason: str
    by: str
    until: date
    rule: str | None = None
    what: str | None = None
    key: str | None = None

    def covers(self, site: str, rule: str, finding: Finding) -> bool:
        """Is this finding of the site's rule exempted?"""
        if self.site != site or (self.key and self.key != finding.key(rule)) or (self.rule and self.rule != rule):
            return False
        return self.what is None or normalised(self.what) == normalised(finding.what) or self._names(finding.what)

    def _names(self, what: str) -> bool:
        """`what` is the path of a column, and this its name or the end of its path: 人事信息, 政务公开/人事信息."""
        wanted, path = path_of(self.what), path_of(what)
        return " > " in what and path[-len(wanted):] == wanted

    @property
    def words(self) -> str:
        """What the ledger says of it: reason, signer, last day."""
        return f"{self.reason}（{self.by}，至 {self.until.isoformat()}）"


def load(
    path: str | Path, subjects: Iterable[Subject], editions: Iterable[Edition], as_of: date
) -> tuple[Exemption, ...]:
    """The exemptions of a file, all of them in force at `as_of`.

    A rule is known when one of `editions`, or an edition that comes with the package, has it; a site when it is among
    `subjects`. Raises ExemptionError with every fault of the file.
    """
    document = read(Path(path), ExemptionError)
    form, complaints = validate(document, ExemptionsForm)
    sites = [subject.id for subject in subjects]
    complaints += [*_strangers(document, "site", sites, "sites.toml 里没有这个网站或账号")]
    complaints += [*_strangers(document, "rule", _rules(editions), "没有一份指标表有这一条")]
    complaints += [*_past(form, as_of)] if form else []
    refuse(document, complaints, ExemptionError)
    return tuple(Exemption(**dict(each)) for each in form.exempt)


def apply(exemptions: Sequence[Exemption], site: str, rule: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of a site's rule, `exempt` filled in those that somebody signed for."""
    return tuple(_signed(exemptions, site, rule, finding) for finding in findings)


def _signed(exemptions: Sequence[Exemption], site: str, rule: str, finding: Finding) -> Finding:
    found = next((each for each in exemptions if each.covers(site, rule, finding)), None)
    return replace(finding, exempt=found.words) if found else finding


def _day(value: object) -> object:
    """A day in quotes, as TOML's own date is one without."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("不是日期") from None


class ExemptForm(Table):
    """One signature: [[exempt]]."""

    site: Text = Field(description="应当是 sites.toml 里的 id，如 \"xuanhan\"")
    rule: Text | None = Field(None, description="应当是条目，如 \"column-stale.1\"")
    key: Text | None = Field(None, description="应当是台账里一条问题的 key")
    what: Text | None = Field(None, description="应当是台账里问题的 what，如栏目名")
    reason: Text = Field(description="应当写明理由，如 \"无人事变动\"")
    by: Text = Field(description="应当写明签字人，如 \"张某，县府办\"")
    until: Annotated[date, BeforeValidator(_day)] = Field(description="应当是最后一天，如 \"2026-12-31\"")

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not (self.rule or self.key):
            raise ValueError("没有写明豁免什么；应当写 rule（可以加 what），或者一条问题的 key")
        return self


class ExemptionsForm(Table):
    """The whole file."""

    exempt: list[ExemptForm] = Field([], description="每一条应当写成 [[exempt]]，下面一行一个键")


def _strangers(document: Document, key: str, known: Sequence[str], says: str) -> Iterator[Complaint]:
    for number, value in values(document, "exempt", key):
        if value.strip() and value.strip() not in known:
            yield ("exempt", number, key), f"{key} 的值 {value} 不对（{says}）{similar(value, known) or '；请核对'}"


def _rules(editions: Iterable[Edition]) -> tuple[str, ...]:
    every = [*editions, *map(load_edition, ids())]
    return tuple(dict.fromkeys(rule.key for edition in every for item in edition.items for rule in item.rules))


def _past(form: ExemptionsForm, as_of: date) -> Iterator[Complaint]:
    for number, each in enumerate(form.exempt):
        if each.until < as_of:
            says = f"until 的值 {each.until} 已经过了（检查日 {as_of}）；请重新签字并写新的日期，或者删去这一条"
            yield ("exempt", number, "until"), says
