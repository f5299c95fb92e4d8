"""An indicator table as the page needs it: its items and rules, and those that only rows and scorecards speak of."""
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from pytest_govsite.model.edition import Edition
from pytest_govsite.points import exact
from pytest_govsite.report.overview.texts import Texts
from pytest_govsite.rows import Row


class Table:
    """Items and rules of one edition in the order of the table.

    places  the number of each rule, by its id.
    """

    def __init__(self, id: str, edition: Edition | None) -> None:
        self._id = id
        self._edition = edition
        self._items: dict[str, tuple[str, str, str, str]] = {}  # part, level1, level2, cap
        self._rules: dict[str, tuple[str, str]] = {}  # item, summary
        self.places: dict[str, int] = {}
        for item in edition.items if edition else ():
            self._items[item.id] = item.part, item.level1, item.level2, _number(item.cap)
            for rule in item.rules:
                self._add_rule(rule.key, item.id, rule.summary)

    def meet(self, row: Row) -> None:
        """Takes up the rule of a row that the edition at hand does not have: it was another's, or nobody knows it."""
        if row.rule not in self.places:
            item = row.rule.rpartition(".")[0]
            self._items.setdefault(item, (row.part, row.level1, row.level2, ""))
            self._add_rule(row.rule, item, "")

    def pack(self, texts: Texts) -> dict[str, Any]:
        """The table as JSON."""
        items = {id: place for place, id in enumerate(self._items)}
        edition = self._edition
        return {
            "id": texts.of(self._id), "title": texts.of(edition.title if edition else self._id),
            "full": _number(edition and edition.full), "mark": _number(edition and edition.pass_mark),
            "gate": _number(edition and edition.bonus_gate), "bonus": _number(edition and edition.bonus_full),
            "items": [[texts.of(id), part, texts.of(one), texts.of(two), cap] for id, (part, one, two, cap) in self._items.items()],
            "rules": [[texts.of(key), items[item], texts.of(summary)] for key, (item, summary) in self._rules.items()],
        }

    def pack_items(self, scores: Iterable[Mapping[str, Any]]) -> Iterator[list[Any]]:
        """What the items of a scorecard cost and earn, without those that do neither: [item, low, high, its own cap]."""
        places = {id: place for place, id in enumerate(self._items)}
        for score in scores:
            place = places.get(score["item"])
            if place is not None:
                cap = score["cap"] or ""
                own = [] if cap == self._items[score["item"]][3] else [cap]
                if own or (score["low"], score["high"]) != ("0", "0"):
                    yield [place, score["low"], score["high"], *own]

    def _add_rule(self, key: str, item: str, summary: str) -> None:
        self.places[key] = len(self._rules)
        self._rules[key] = item, summary


def tables_of(cards: Iterable[tuple[str, Edition | None, Sequence[Row]]]) -> dict[str, Table]:
    """The tables of the cards by edition id."""
    tables: dict[str, Table] = {}
    for id, edition, rows in cards:
        table = tables.setdefault(id, Table(id, edition))
        for row in rows:
            table.meet(row)
    return tables


def _number(points: Fraction | None) -> str:
    return "" if points is None else exact(points)
