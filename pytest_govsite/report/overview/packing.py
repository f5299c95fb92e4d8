"""The facts as the page's JSON: every text stands in it once, and lists end where nothing follows.

web/data.js reads it. `texts[0]` is empty; a text is its number in `texts`, everything else counts from 0, and 0 for
"none" counts from 1.
"""
from datetime import datetime
from fractions import Fraction
from typing import Any

from pytest_govsite import __version__
from pytest_govsite.model.finding import Drawn, Finding, Note
from pytest_govsite.model.missing import AWAITING, OUTSIDE, Blame
from pytest_govsite.model.site import KIND_NAMES, Site
from pytest_govsite.points import exact, printed
from pytest_govsite.report.overview.facts import Card, Facts
from pytest_govsite.report.overview.pictures import Pictures
from pytest_govsite.report.overview.table import Table, tables_of
from pytest_govsite.report.overview.texts import Texts
from pytest_govsite.report.wording import BLAMES, OUTCOMES, why
from pytest_govsite.rows import SHANGHAI, Row

FINDINGS_SHOWN = 400  # of one rule; the ledger has them all
OUTCOME_PLACES = {outcome: place for place, outcome in enumerate(OUTCOMES)}
BLAME_PLACES = {blame: place for place, blame in enumerate(BLAMES, 1)}
COUNTS = ("rules", "judged", "awaiting", "trouble", "outside", "not_applicable")


def pack(facts: Facts, pictures: Pictures) -> dict[str, Any]:
    """Everything that the page shows as JSON values, its texts cleaned and bounded."""
    return _Packing(facts, pictures).whole()


class _Packing:
    def __init__(self, facts: Facts, pictures: Pictures) -> None:
        self._cards = facts.cards
        self._pictures = pictures
        self._texts = Texts()
        self._tables = tables_of((card.score["edition"], card.edition, card.rows) for card in facts.cards)
        self._samples: dict[Drawn, int] = {}

    def whole(self) -> dict[str, Any]:
        first = {card.score["site"]: card for card in reversed(self._cards)}
        sites = {id: place for place, id in enumerate(sorted(first))}
        tables = {id: place for place, id in enumerate(self._tables)}
        return {
            "written": datetime.now(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            "tools": sorted({row.tool for card in self._cards for row in card.rows[:1]} | {__version__}),
            "outcomes": [[outcome.value, words] for outcome, words in OUTCOMES.items()],
            "blames": [[blame.value, words, _standing(blame)] for blame, words in BLAMES.items()],
            "editions": [table.pack(self._texts) for table in self._tables.values()],
            "sites": [self._site(first[id]) for id in sites],
            "cards": [
                {"site": sites[card.score["site"]], "edition": tables[card.score["edition"]], **self._card(card)}
                for card in self._cards
            ],
            "samples": [[drawn.seed, drawn.of, [self._address(url) for url in drawn.urls]] for drawn in self._samples],
            "pictures": self._pictures.pack(),
            "bare": self._pictures.unembedded,
            "texts": self._texts.all,
        }

    def _site(self, card: Card) -> dict[str, Any]:
        subject, text = card.subject, self._texts.of
        kind = KIND_NAMES.get(subject.kind, "") if isinstance(subject, Site) else "政务新媒体账号" if subject else ""
        return {
            "id": text(card.score["site"]), "name": text(subject.title if subject else card.score["name"]),
            "url": self._address(subject.url or "") if subject else 0,
            "group": text(subject.group or "") if subject else 0, "kind": text(kind), "dropped": text(card.dropped),
        }

    def _card(self, card: Card) -> dict[str, Any]:
        score, table = card.score, self._tables[card.score["edition"]]
        moments = [row.found_at for row in card.rows]
        found = [min(moments), max(moments)] if moments else []
        return {
            "asOf": self._texts.of(score["as_of"]), "verdict": self._texts.of(score["verdict"]),
            "note": self._texts.of(score.get("note", "")), "partial": bool(score.get("partial")), "byPoints": card.by_points,
            "found": [f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" for moment in found],
            "vetoes": [table.places[key] for key in score["vetoes"] if key in table.places],
            "coverage": [int(score["coverage"].get(name, 0)) for name in COUNTS],
            "marks": _marks(score), "items": list(table.pack_items(score["items"])),
            "rows": [self._row(row, table) for row in card.rows],
        }

    def _row(self, row: Row, table: Table) -> list[Any]:
        return _cut([
            table.places[row.rule], OUTCOME_PLACES[row.outcome], "" if row.points is None else exact(row.points),
            BLAME_PLACES.get(row.blame, 0), self._texts.of(why(row)), row.open, self._sample(row.drawn),
            [self._finding(finding) for finding in row.findings[:FINDINGS_SHOWN]], [self._note(note) for note in row.notes],
            max(0, len(row.findings) - FINDINGS_SHOWN),
        ])

    def _finding(self, finding: Finding) -> list[Any]:
        text = self._texts.of
        return _cut([
            self._address(finding.at), text(finding.what), text(finding.says), self._pictures.place(finding.shot),
            text(finding.exempt or ""),
        ])

    def _note(self, note: Note) -> list[Any]:
        return _cut([self._address(note.at), self._texts.of(note.says), self._pictures.place(note.shot)])

    def _sample(self, drawn: Drawn | None) -> int:
        return self._samples.setdefault(drawn, len(self._samples) + 1) if drawn else 0

    def _address(self, url: str) -> int:
        return self._texts.address(url)


def _cut(values: list[Any]) -> list[Any]:
    """The list without what is empty at its end: most rows say little, and there are tens of thousands."""
    while values and not values[-1] and values[-1] is not False:
        values.pop()
    return values


def _marks(score: dict[str, Any]) -> dict[str, Any]:
    """The points of a scorecard, as text; nothing where nobody scored."""
    names = (("total", ("low", "high")), ("deduction", ("low", "high", "full")), ("bonus", ("low", "high", "open")))
    marks = {part: [str(score[part][name]) for name in fields] for part, fields in names if part in score}
    if "deduction" not in score:
        return marks
    return marks | {"lost": printed(Fraction(score["deduction"]["full"]) - Fraction(score["deduction"]["high"]))}


def _standing(blame: Blame) -> str:
    return "awaiting" if blame in AWAITING else "outside" if blame in OUTSIDE else "trouble"
