"""Which rows of two ledgers belong together: those of one site under one table."""
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pytest_govsite.commands.printing import WrongUse
from pytest_govsite.comparing import Comparison, compare
from pytest_govsite.ledger import LedgerError, read_rows, read_scorecards
from pytest_govsite.report.wording import plain
from pytest_govsite.rows import Row

FEW = 8
ONLY_OLD, ONLY_NEW = "只有前一份有", "只有后一份有"


class Inspections(NamedTuple):
    """A ledger by (site, edition), and the names of its sites as far as a scorecard beside it knows them."""

    rows: Mapping[tuple[str, str], Sequence[Row]]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Match:
    """What became of one site under one table. old, new: its rows in either ledger, empty where it is not in it."""

    site: str
    edition: str
    name: str
    old: Sequence[Row]
    new: Sequence[Row]
    comparison: Comparison

    @property
    def is_common(self) -> bool:
        """Do both ledgers have it?"""
        return bool(self.old and self.new)

    @property
    def is_backwards(self) -> bool:
        """Is the earlier one the later one?"""
        return bool(self.is_common and _day(self.old) > _day(self.new))

    @property
    def days(self) -> str:
        """2026-11-13 → 2026-11-20, or which ledger alone has it."""
        if not self.is_common:
            return ONLY_OLD if self.old else ONLY_NEW
        return f"{_day(self.old)} → {_day(self.new)}"


def read_inspections(path: Path) -> Inspections:
    """The rows of a ledger or of a results folder. Raises LedgerError when it is none."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in read_rows(path):
        found[row.site, row.edition].append(row)
    names: dict[str, str] = {}
    with suppress(LedgerError, KeyError, TypeError):  # names are an ornament: the ids say enough
        names = {card["site"]: str(card["name"]) for card in read_scorecards(path if path.is_dir() else path.parent)}
    return Inspections(found, names)


def match(old: Inspections, new: Inspections, sites: Collection[str] = ()) -> list[Match]:
    """Every site and table that one of them has, in the order of the ledger; only of these sites, if any are named.

    Raises WrongUse for a site that neither has, and when they have no site and table in common: nothing was compared
    then, and nobody must take that for "nothing is new".
    """
    keys = sorted(old.rows.keys() | new.rows.keys())
    _refuse_unknown(sites, list(dict.fromkeys(site for site, _ in keys)))
    chosen = [key for key in keys if not sites or key[0] in sites]
    if not any(key in old.rows and key in new.rows for key in chosen):
        raise WrongUse("两份台账没有同一网站、同一指标的记录，无从比较：请核对是否拿错了文件")
    names = {**old.names, **new.names}
    return [_match(key, names.get(key[0], ""), old.rows.get(key, ()), new.rows.get(key, ())) for key in chosen]


def _match(key: tuple[str, str], name: str, old: Sequence[Row], new: Sequence[Row]) -> Match:
    return Match(*key, name, old, new, compare(old, new))


def _refuse_unknown(sites: Collection[str], known: Sequence[str]) -> None:
    for site in sites:
        if site not in known:
            few = "、".join(plain(id, 60) for id in known[:FEW]) + (f" 等 {len(known)} 个" if len(known) > FEW else "")
            raise WrongUse(f"--site：两份台账里都没有网站 {plain(site, 60)}，有的是 {few}")


def _day(rows: Sequence[Row]) -> date:
    return max(row.as_of for row in rows)
