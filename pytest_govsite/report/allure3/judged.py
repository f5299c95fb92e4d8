"""What a report tells of: the rows and scorecards of a results folder, and what is known of their sites and tables."""
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pytest_govsite.model.edition import Edition, Item, Rule
from pytest_govsite.model.site import Subject
from pytest_govsite.report.labels import NO_GROUP
from pytest_govsite.report.wording import plain
from pytest_govsite.rows import Row

NAME_LENGTH = 60


@dataclass(frozen=True)
class Judged:
    """A results folder as it was read.

    cards     objects of scorecards.json.
    subjects  by id, those whose evidence is still there; editions by id, those that are at hand. What is in neither is
              told by its ids.
    docs      documentation by check id.
    """

    folder: Path
    rows: Sequence[Row]
    cards: Sequence[Mapping]
    subjects: Mapping[str, Subject] = field(default_factory=dict)
    editions: Mapping[str, Edition] = field(default_factory=dict)
    docs: Mapping[str, str] = field(default_factory=dict)

    def site(self, id: str) -> str:
        """The name of a site."""
        subject = self.subjects.get(id)
        return plain(subject.title if subject else self._names.get(id) or id, NAME_LENGTH)

    def group(self, id: str) -> str:
        """The group of a site."""
        subject = self.subjects.get(id)
        return plain(subject.group or NO_GROUP, NAME_LENGTH) if subject else NO_GROUP

    def table(self, id: str) -> str:
        """The title of an edition."""
        return self.editions[id].title if id in self.editions else plain(id)

    def rule(self, row: Row) -> tuple[Edition, Item, Rule] | None:
        """Where a row stands in its table; None when the table is not at hand, or no longer has the rule."""
        return self.rule_of(row.edition, row.rule)

    def rule_of(self, edition: str, rule: str) -> tuple[Edition, Item, Rule] | None:
        """The same by ids."""
        return self._rules.get((edition, rule))

    def card(self, site: str, edition: str) -> Mapping | None:
        """The scorecard of a site under an edition, if there is one."""
        return self._cards.get((site, edition))

    @cached_property
    def tables(self) -> list[str]:
        """Ids of the editions that the rows speak of."""
        return sorted({row.edition for row in self.rows})

    @property
    def several_editions(self) -> bool:
        """Whether it must be said which table a row belongs to."""
        return len(self.tables) > 1

    @cached_property
    def days(self) -> str:
        """The day of inspection, or the first and the last."""
        days = sorted({row.as_of for row in self.rows})
        return "—".join(map(str, dict.fromkeys((days[0], days[-1]))))

    @cached_property
    def _rules(self) -> dict[tuple[str, str], tuple[Edition, Item, Rule]]:
        return {
            (edition.id, rule.key): (edition, item, rule)
            for edition in self.editions.values() for item in edition.items for rule in item.rules
        }

    @cached_property
    def _cards(self) -> dict[tuple[str, str], Mapping]:
        return {(card["site"], card["edition"]): card for card in self.cards}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {card["site"]: card.get("name", "") for card in self.cards}


def by_id(things: Iterable) -> dict:
    """Subjects or editions by their ids."""
    return {thing.id: thing for thing in things}
