"""The shape of an edition file. Every `description` says, in Chinese, what would be right."""
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from pytest_govsite.model.edition import Combine, Part, RuleKind, Target
from pytest_govsite.model.site import SiteKind
from pytest_govsite.tomlfile import Table, Text

MARK = re.compile(r"[0-9]+(\.[0-9]+)?")
SPAN = re.compile(r"[1-9][0-9]{0,2}(d|w|mo|y|wd)")
PERIOD = re.compile(r"quarter|calendar-year|previous-year|by-[0-9]{2}-[0-9]{2}|now")


def _mark(text: str) -> Fraction:
    if not MARK.fullmatch(text):
        raise ValueError("不是一个小数")
    return Fraction(text)


def _price(text: str) -> Fraction:
    points = _mark(text)
    if not points:
        raise ValueError("分值不能为零")
    return points


def _span(text: str) -> str:
    if not SPAN.fullmatch(text):
        raise ValueError("看不懂的时间长度")
    return text


def _window(text: str) -> str:
    if not all(SPAN.fullmatch(part) or PERIOD.fullmatch(part) for part in text.split("+")):
        raise ValueError("看不懂的时间窗口")
    return text


def _distinct(values: list) -> list:
    if len(set(values)) < len(values):
        raise ValueError("有重复")
    return values


def _plain(value: object) -> object:
    if not isinstance(value, str | int):  # a bool is an int
        raise ValueError("既不是文字，也不是整数或真假")
    return value


KINDS = "网站类型的英文名，可多个，如 [\"city-portal\", \"county-portal\"]"
POINTS = "应当是加引号的正数，如 \"0.5\"，不写正负号"
SPANS = "应当是 \"2w\"、\"6mo\"、\"1y\"、\"5wd\"（工作日）一类"
WINDOWS = f"{SPANS}，几个并列用 + 连接；或者 quarter、calendar-year、previous-year、by-01-31、now"

Mark = Annotated[str, AfterValidator(_mark)]
Price = Annotated[str, AfterValidator(_price)]
Span = Annotated[str, AfterValidator(_span)]
Window = Annotated[str, AfterValidator(_window)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Count = Annotated[int, Field(ge=1)]
Kinds = Annotated[list[SiteKind], AfterValidator(_distinct)]
Threshold = Annotated[Any, AfterValidator(_plain)]


class TierForm(Table):
    """One price of a rule that has several."""

    points: Price = Field(description=POINTS)
    summary: Text = Field("", description="应当用一句话写明这一档")
    class_: Slug | None = Field(None, alias="class", description="应当是小写英文短名，如 \"home\"")
    over: Span | None = Field(None, description=SPANS)
    within: Span | None = Field(None, description=SPANS)
    at_least: Count | None = Field(None, description="应当是正整数，如 3")
    kinds: Kinds = Field([], description=KINDS)

    @model_validator(mode="after")
    def _one_selector(self) -> Self:
        chosen = [name for name in ("class_", "over", "within", "at_least") if getattr(self, name) is not None]
        if len(chosen) > 1 or not (chosen or self.kinds):
            raise ValueError("每档应当写明 class、over、within、at_least 之一（kinds 可以另加，也可以单用）")
        return self


class RuleForm(Table):
    """One numbered clause: [[item.rule]]."""

    n: Count = Field(description="应当是正整数，即这一条在表中的序号")
    summary: Text = Field(description="应当用自己的话写一句短文，数字一个不少")
    kind: RuleKind = Field(description="应当是 flat、per-occurrence、threshold 或 award")
    points: Price | None = Field(None, description=POINTS)
    tiers: list[TierForm] = Field([], description="应当是一列分档，如 [{ points = \"1\", class = \"home\" }]")
    combine: Combine | None = Field(None, description="应当是 each（逐处计）、highest（取最高一档）或 add（各档各计一次）")
    threshold: Count = Field(1, description="应当是正整数：出现几处才算")
    thresholds: dict[Slug, Count] = Field({}, description="应当是按 class 各出现几处才算，如 { blank = 5, overdue = 10 }")
    sample: Count | None = Field(None, description="应当是正整数：抽查几个")
    unit: Text | None = Field(None, description="应当是量词，如 \"处\"")
    window: Window | None = Field(None, description=WINDOWS)
    subcaps: dict[Slug, Price] = Field({}, description="应当是按 class 的上限，如 { field = \"5\" }")
    parent: Count | None = Field(None, description="应当是同一项里另一条的序号")
    check: Slug = Field(description="应当是检查的名字，如 \"dead-link\"；只能由人判定的写 \"attested\"")
    with_: dict[str, Threshold] = Field({}, alias="with", description="应当是检查的阈值，如 { sample = 5 }")

    @model_validator(mode="after")
    def _one_way_to_count(self) -> Self:
        if self.thresholds and (self.threshold > 1 or self.kind != "threshold"):
            raise ValueError("thresholds 只用于 kind = \"threshold\" 的条目，而且不与 threshold 同时写")
        return self

    @model_validator(mode="after")
    def _tiers_combine(self) -> Self:
        if bool(self.tiers) != bool(self.combine):
            raise ValueError("tiers 和 combine 应当同时写，或者都不写")
        selectors = [(tier.class_, tier.over, tier.within, tier.at_least, *tier.kinds) for tier in self.tiers]
        if len(set(selectors)) < len(selectors):
            raise ValueError("tiers 里有两档的条件相同，应当各不相同")
        return self


class VariantForm(Table):
    """Other points and cap for some kinds of site: [[item.variant]]."""

    kinds: Kinds = Field(description=KINDS)
    rule: Count = Field(description="应当是本项里一条的序号")
    points: Price = Field(description=POINTS)
    cap: Price = Field(description=POINTS)


class ItemForm(Table):
    """A printed row: [[item]]."""

    id: Slug = Field(description="应当是小写英文短名，如 \"page-labels\"")
    part: Part = Field(description="应当是 veto、deduction 或 bonus")
    target: Target = Field("website", description="应当是 website、new-media、website+new-media 或 supervision")
    level1: Text = Field(description="应当是表中的一级指标")
    level2: Text = Field(description="应当是表中的二级指标")
    cap: Price | None = Field(None, description=POINTS)
    service_only: bool = Field(False, description="应当是 true 或 false")
    not_for: Kinds = Field([], description=KINDS)
    rule: list[RuleForm] = Field(min_length=1, description="每项至少写一个 [[item.rule]]")
    variant: list[VariantForm] = Field([], description="应当写成 [[item.variant]]")

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*_numbers(self), *_prices(self)]
        if faults:
            raise ValueError("；".join(faults))
        return self


class ScalingForm(Table):
    """Who starts from fewer points: [[scaling]]."""

    full: Price = Field(description=POINTS)
    no_service: bool = Field(False, description="应当是 true 或 false")
    kinds: Kinds = Field([], description=KINDS)
    printed: bool = Field(True, description="应当是 true 或 false：表中是否印明")

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not (self.no_service or self.kinds):
            raise ValueError("应当写明适用于谁：no_service = true，或者 kinds")
        return self


class DiscrepancyForm(Table):
    """Where the printed table contradicts itself: [[discrepancy]]."""

    where: Text = Field(description="应当是项目或章节的短名")
    what: Text = Field(description="应当用一句话写明原表的不一致之处")


class DeadlineForm(Table):
    """A deadline that feeds a rule and makes no row of its own: [[deadline]]."""

    id: Slug = Field(description="应当是小写英文短名")
    summary: Text = Field(description="应当用自己的话写一句短文，数字一个不少")
    who: Text | None = Field(None, description="应当是责任单位")
    categories: list[Text] = Field([], description="应当是栏目类别，如 [\"通知公告\"]")
    window: Window | None = Field(None, description=WINDOWS)
    minimum: Count | None = Field(None, description="应当是正整数：至少几条")
    limit: Count | None = Field(None, description="应当是正整数：至多几次")


class HeadForm(Table):
    """The table as a whole: [edition]."""

    id: Slug = Field(description="应当与文件名（不含 .toml）相同")
    title: Text = Field(description="应当是指标表的名称")
    issuer: Text = Field(description="应当是印发单位")
    cite: Text = Field(description="应当是文件名称和文号")
    full: Price = Field(description=POINTS)
    bonus_full: Mark = Field("0", validate_default=True, description=POINTS)
    pass_mark: Mark | None = Field(None, description=POINTS)
    bonus_gate: Mark | None = Field(None, description=POINTS)
    portals_only: bool = Field(False, description="应当是 true 或 false：扣分和加分是否只评门户网站")


class EditionForm(Table):
    """The whole file."""

    edition: HeadForm = Field(description="应当有一个 [edition] 表")
    item: list[ItemForm] = Field(min_length=1, description="应当至少有一个 [[item]]")
    scaling: list[ScalingForm] = Field([], description="应当写成 [[scaling]]")
    discrepancy: list[DiscrepancyForm] = Field([], description="应当写成 [[discrepancy]]")
    deadline: list[DeadlineForm] = Field([], description="应当写成 [[deadline]]")


def _numbers(item: ItemForm) -> Iterator[str]:
    """Rules that stand twice, point nowhere or wait for each other."""
    rules = {rule.n: rule for rule in item.rule}
    if len(rules) < len(item.rule):
        yield "有两条的序号 n 相同，应当各不相同"
    for rule in item.rule:
        if rule.parent is not None and (rule.parent not in rules or rule.parent == rule.n):
            yield f"第 {rule.n} 条的 parent = {rule.parent} 不是本项里的另一条，应当是 {_listed(rules, rule.n)} 之一"
    for variant in item.variant:
        if variant.rule not in rules:
            yield f"variant 的 rule = {variant.rule} 不是本项的条目，应当是 {_listed(rules)} 之一"
    if _circular({n: rule.parent for n, rule in rules.items()}):
        yield "parent 绕成了圈，应当最终指向一条没有 parent 的"


def _prices(item: ItemForm) -> Iterator[str]:
    """Points where none belong, none where some belong, and points that no cap lets anybody lose."""
    for rule in item.rule:
        if item.part == "veto" and (rule.points or rule.tiers or item.cap):
            yield f"第 {rule.n} 条是单项否决，不应当写 points、tiers 或 cap"
        if item.part != "veto" and rule.thresholds:
            yield f"第 {rule.n} 条的 thresholds 只用于单项否决，应当删去"
        if item.part != "veto" and not rule.points:
            yield f"第 {rule.n} 条缺少 points，应当写明分值"
        if (item.part == "bonus") != (rule.kind == "award"):
            yield f"第 {rule.n} 条的 kind：加分项应当是 award，其余不应当是 award"
        dearest = max([rule.points or 0, *(tier.points for tier in rule.tiers)])
        if item.cap and dearest > item.cap:
            yield f"第 {rule.n} 条的分值超过本项的 cap，应当不超过"
    if any(variant.points > variant.cap for variant in item.variant):
        yield "variant 的 points 超过它的 cap，应当不超过"


def _listed(rules: dict[int, RuleForm], but: int | None = None) -> str:
    return "、".join(str(n) for n in rules if n != but)


def _circular(parents: dict[int, int | None]) -> bool:
    at = list(parents)
    for _ in parents:
        at = [parents.get(n) for n in at]
    return any(at)
