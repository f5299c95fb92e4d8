"""The editions: one TOML file is one issuer's table in one year."""
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path

from pytest_govsite.editions import form as forms
from pytest_govsite.model.columns import CATEGORIES
from pytest_govsite.model.edition import Deadline, Edition, Item, Rule, Scaling, Tier, Variant
from pytest_govsite.tomlfile import Complaint, Document, read, refuse, similar, twice, validate

FOLDER = Path(__file__).parent


class EditionError(ValueError):
    """An edition that is not there, or a wrong file: a line of plain Chinese for each fault."""


def ids() -> tuple[str, ...]:
    """The ids of all editions that come with the package."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def load(name: str | Path) -> Edition:
    """The edition of this id, or of this file when the name ends in .toml. Raises EditionError."""
    if str(name).endswith(".toml"):
        return _load(Path(name).resolve())
    if name not in ids():
        known = "、".join(ids())
        raise EditionError(f"没有指标表 {name}{similar(name, ids()) or '；'}现有：{known}，也可以写一个 .toml 文件的路径")
    return _load(FOLDER / f"{name}.toml")


@functools.cache
def _load(path: Path) -> Edition:
    document = read(path, EditionError)
    form, complaints = validate(document, forms.EditionForm)
    complaints += _repeated(document)
    if form:
        complaints += [*_misnamed(document, form), *_known_deadlines(form)]
    refuse(document, complaints, EditionError)
    return _edition(form)


def _repeated(document: Document) -> Iterable[Complaint]:
    yield from twice(document, "item", "id")
    yield from twice(document, "deadline", "id")


def _misnamed(document: Document, form: forms.EditionForm) -> Iterable[Complaint]:
    if form.edition.id != document.path.stem:
        yield ("edition", "id"), f"id 是 {form.edition.id}，文件名却是 {document.path.name}；两者应当相同"


def _edition(form: forms.EditionForm) -> Edition:
    deadlines = {each.id: _deadline(each) for each in form.deadline}
    return Edition(
        **dict(form.edition),
        items=tuple(_item(each, deadlines) for each in form.item),
        scalings=tuple(map(_scaling, form.scaling)),
        discrepancies=tuple((each.where, each.what) for each in form.discrepancy),
        deadlines=tuple(deadlines.values()),
    )


def _item(form: forms.ItemForm, deadlines: Mapping[str, Deadline]) -> Item:
    parts = dict(form)
    rules, variants = parts.pop("rule"), parts.pop("variant")
    return Item(
        **parts | {"not_for": tuple(form.not_for)},
        rules=tuple(_rule(form.id, rule, deadlines) for rule in rules),
        variants=tuple(map(_variant, variants)),
    )


def _rule(item: str, form: forms.RuleForm, deadlines: Mapping[str, Deadline]) -> Rule:
    named = {"deadlines": tuple(deadlines[name] for name in names)} if (names := _names(form)) else {}
    changed = {
        "key": f"{item}.{form.n}",
        "tiers": tuple(map(_tier, form.tiers)),
        "subcaps": tuple(form.subcaps.items()),
        "thresholds": tuple(form.thresholds.items()),
        "with_": tuple((form.with_ | named).items()),
    }
    return Rule(**dict(form) | changed)


def _tier(form: forms.TierForm) -> Tier:
    return Tier(**dict(form) | {"kinds": tuple(form.kinds)})


def _variant(form: forms.VariantForm) -> Variant:
    return Variant(**dict(form) | {"kinds": tuple(form.kinds)})


def _scaling(form: forms.ScalingForm) -> Scaling:
    return Scaling(**dict(form) | {"kinds": tuple(form.kinds)})


def _deadline(form: forms.DeadlineForm) -> Deadline:
    return Deadline(**dict(form) | {"categories": tuple(form.categories)})


def _known_deadlines(form: forms.EditionForm) -> Iterable[Complaint]:
    """Complaints about rules that name a deadline which is not there, or one that says nothing about columns or units."""
    known = {each.id: each for each in form.deadline}
    for number, item in enumerate(form.item):
        for at, rule in enumerate(item.rule):
            for name in _names(rule):
                place = ("item", number, "rule", at, "with")
                if name not in known:
                    hint = similar(name, known) or "；"
                    yield place, f"deadlines 里的 {name} 不在本表的 [[deadline]] 之中{hint}现有：{'、'.join(known)}"
                elif unknown := [each for each in known[name].categories if each not in CATEGORIES]:
                    yield place, f"期限 {name} 的 categories 里有{'、'.join(unknown)}；应当是 {'、'.join(CATEGORIES)} 之一"


def _names(rule: forms.RuleForm) -> tuple[str, ...]:
    """The ids of the deadlines that a rule refers to."""
    return tuple(part.strip() for part in str(rule.with_.get("deadlines") or "").split(",") if part.strip())
