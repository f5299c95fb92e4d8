"""Counts agreement between labels and readers, field by field."""
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from labelled import LabelledPage, Read, Reading
from list_fields import Items, ListField, list_fields

from pytest_govsite.reading import labels
from pytest_govsite.reading.dates import has_printed_form

UNLABELLED = object()  # the label leaves it open: not counted
EVERYWHERE = ("home", "column", "article")
SCRIPTS = {"inline": "script", "inline-script": "script", "data-setting": "attribute", "onclick": "img-onclick"}


@dataclass
class Tally:
    """One field in one version of the pages: how many values were labelled, found, found right, written by a script."""

    labelled: int = 0
    found: int = 0
    right: int = 0
    by_script: int = 0

    @property
    def precision(self) -> float | None:
        return self.right / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.right / self.labelled if self.labelled else None

    def to_json(self) -> dict:
        return asdict(self) | {"precision": self.precision, "recall": self.recall}


@dataclass(frozen=True)
class Disagreement:
    """A page where reader and label differ. `version`: rendered or sent; `reason`: why the reader is right anyway."""

    file: str
    field: str
    version: str
    expected: str | bool | None
    got: str | bool | None
    reason: str = ""

    @property
    def line(self) -> str:
        why = f"  -- {self.reason}" if self.reason else ""
        return f"{self.file}  {self.field} ({self.version}): labelled {self.expected!r}, got {self.got!r}{why}"


def same(expected: object, got: object) -> bool:
    """Equal but for blanks and the width of colons."""
    return _squeezed(expected) == _squeezed(got)


def same_certificate(expected: object, got: object) -> bool:
    """Addresses of the party mark's certificate with one id."""
    one, other = (re.search(r"id=(\w+)", str(value)) for value in (expected, got))
    return one[1].lower() == other[1].lower() if one and other else same(expected, got)


def same_form(expected: object, got: object) -> bool:
    """Labels tell scripts, links, clicks and attributes apart, not inline scripts from outer ones."""
    return SCRIPTS.get(str(expected), expected) == SCRIPTS.get(str(got), got)


def share_a_part(expected: object, got: object) -> bool:
    """Contacts: the label may join several, one that both name is enough."""
    wanted, found = ([_squeezed(part) for part in str(value).split("||")] for value in (expected, got))
    return any(part and one and (part in one or one in part) for part in wanted for one in found)


def _squeezed(value: object) -> str:
    return re.sub(r"\s+", "", str(value)).replace("：", ":")


@dataclass(frozen=True)
class Field:
    """One measured field: what the label says (None: nothing there), what a reading says, and when the two agree."""

    name: str
    expected: Callable[[LabelledPage], object]
    got: Callable[[Read], object]
    agree: Callable[[object, object], bool] = same
    kinds: tuple[str, ...] = EVERYWHERE


def fields() -> list[Field]:
    """All that is measured, in the order of the table; a later reader adds its fields here."""
    return [
        *(_tag("site_tags", name) for name in labels.SITE),
        *(_tag("column_tags", name) for name in labels.COLUMN),
        *(_tag("content_tags", name) for name in labels.CONTENT),
        _mark("party_mark", same_certificate), _mark("site_code"), _mark("icp"), _mark("police"), _mark("sponsor"),
        _mark("contact", share_a_part),
        _shown("shown_date", lambda read: read.shown_date and read.shown_date.text),
        _shown("shown_date_iso", lambda read: read.shown_date and read.shown_date.iso),
        _shown("shown_format_ok", lambda read: read.shown_date and has_printed_form(read.shown_date.text)),
        _shown("shown_source", lambda read: read.source or None),
        _entry("how", same_form), _entry("site_code"), _entry("host"),
    ]


def _tag(group: str, name: str) -> Field:
    def got(read: Read) -> object:
        return labels.label(read.labels, name) or None
    return Field(name, lambda page: page.label.get(group, {}).get(name), got)


def _shown(name: str, got: Callable[[Read], object]) -> Field:
    return Field(name, lambda page: page.label.get(name), got, kinds=("article",))


def _mark(name: str, agree: Callable[[object, object], bool] = same) -> Field:
    """The text of a mark, the address of the party mark; a sponsor only by the word that the labels ask for."""
    def got(read: Read) -> object:
        mark = getattr(read.marks, name)
        if name == "party_mark":
            return mark.href if "sitename" in mark.href else None
        return mark.text if mark.text and (name != "sponsor" or "主办" in mark.text) else None
    return Field(f"mark {name}", lambda page: page.label.get("marks_static", {}).get(name), got, agree)


def _entry(part: str, agree: Callable[[object, object], bool] = same) -> Field:
    """A part of the 找错 entry; a labelled entry without a host is one whose saved copy does not tell it."""
    def expected(page: LabelledPage) -> object:
        entry = page.label.get("find_error_entry") or {}
        return UNLABELLED if entry and part == "host" and not entry.get(part) else entry.get(part)

    def got(read: Read) -> object:
        return (getattr(read.entry, part) or None) if read.entry else None

    return Field(f"entry {part}", expected, got, agree)


@dataclass
class Scorebook:
    """Adds up pages. `reasons`: why the reader is right where the label says otherwise, by (host, field)."""

    reasons: dict[tuple[str, str], str] = field(default_factory=dict)
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    disagreements: list[Disagreement] = field(default_factory=list)
    unrendered: list[str] = field(default_factory=list)

    def add(self, page: LabelledPage, reading: Reading) -> None:
        """Counts one page, as rendered and as sent."""
        if reading.fault:
            self.unrendered.append(reading.fault)
        for one in fields():
            expected = one.expected(page)
            if page.kind not in one.kinds or expected is UNLABELLED:
                continue
            sent, rendered = one.got(reading.sent), one.got(reading.rendered)
            if expected is None and sent is None:
                self._tally(one, "rendered").by_script += rendered is not None
            else:
                self._count(page, one, "rendered", expected, rendered)
            self._count(page, one, "sent", expected, sent)
        for one in list_fields():
            if page.kind in one.kinds:
                self._count_items(page, one, "rendered", one.items(page, reading.rendered))
                self._count_items(page, one, "sent", one.items(page, reading.sent))

    def _count_items(self, page: LabelledPage, one: ListField, version: str, items: Items) -> None:
        """Each value counts by itself; those missed and those found wrongly are named."""
        tally, wanted, found = self._tally(one, version), Counter(items.wanted), Counter(items.found)
        tally.labelled += wanted.total()
        tally.found += found.total()
        tally.right += (wanted & found).total()
        reason = self.reasons.get((page.saved.host, one.name), "")
        for value in (wanted - found).elements():
            self.disagreements.append(Disagreement(page.name, one.name, version, value, None, reason))
        for value in (found - wanted).elements():
            self.disagreements.append(Disagreement(page.name, one.name, version, None, value, reason))

    def _tally(self, one: Field | ListField, version: str) -> Tally:
        return self.tallies.setdefault((one.name, version), Tally())

    def _count(self, page: LabelledPage, one: Field, version: str, expected: object, got: object) -> None:
        tally = self._tally(one, version)
        right = expected is not None and got is not None and one.agree(expected, got)
        tally.labelled += expected is not None
        tally.found += got is not None
        tally.right += right
        if not right and (expected is not None or got is not None):
            reason = self.reasons.get((page.saved.host, one.name), "")
            self.disagreements.append(Disagreement(page.name, one.name, version, expected, got, reason))

    def rows(self) -> list[tuple[str, Tally, Tally]]:
        """(field, rendered, as sent) in the order of the fields."""
        every = [*fields(), *list_fields()]
        return [(one.name, self._tally(one, "rendered"), self._tally(one, "sent")) for one in every]

    def to_json(self) -> dict:
        """Figures and disagreements for programs."""
        figures = {name: {"rendered": a.to_json(), "sent": b.to_json()} for name, a, b in self.rows()}
        named = [asdict(one) for one in self.disagreements]
        return {"fields": figures, "disagreements": named, "unrendered": self.unrendered}


def load_reasons(file: Path) -> dict[tuple[str, str], str]:
    """Explanations by (host, field) from a file of [[reason]] tables with host, field and why."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {(one["host"], one["field"]): one["why"] for one in table.get("reason", [])}
