"""What a results folder says, joined: each scorecard with its rows, its site and its table."""
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_govsite import editions as tables
from pytest_govsite.judging import planned
from pytest_govsite.ledger import read_rows, read_scorecards
from pytest_govsite.model.edition import Edition
from pytest_govsite.model.site import KIND_NAMES, Account, Site, Subject
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.report.wording import sized
from pytest_govsite.rows import Row
from pytest_govsite.scoring import FAILED, count_coverage, counts_points, score

UNSCORED = "未评分"
META, DROPPED = "site.json", "dropped.json"
LONGEST_FILE = 2_000_000  # bytes; a site file with thousands of columns stays below

Key = tuple[str, str]


@dataclass(frozen=True)
class Card:
    """One subject under one edition.

    score      as an object of scorecards.json; without `total` where nobody scored it and nobody can.
    rows       those of the ledger, in its order.
    by_points  False when the table gives no verdict by points here.
    dropped    what was thrown away of its evidence, as a sentence; empty when nothing was.
    """

    score: Mapping[str, Any]
    rows: tuple[Row, ...]
    subject: Subject | None
    edition: Edition | None
    by_points: bool
    dropped: str

    @property
    def key(self) -> Key:
        return self.score["site"], self.score["edition"]


@dataclass(frozen=True)
class Facts:
    """All cards of a folder, by site and edition."""

    cards: tuple[Card, ...]


def read_facts(folder: Path, subjects: Iterable[Subject] = (), editions: Iterable[Edition] = ()) -> Facts:
    """All that the folder holds; what the caller knows comes before what the folder or the package say.

    Raises LedgerError when there is no ledger or a damaged one.
    """
    rows: dict[Key, list[Row]] = defaultdict(list)
    for row in read_rows(folder):
        rows[row.site, row.edition].append(row)
    scores = {(card["site"], card["edition"]): card for card in read_scorecards(folder)}
    known = _Known(folder, subjects, editions)
    return Facts(tuple(_card(key, scores.get(key), tuple(rows[key]), known) for key in sorted(rows.keys() | scores.keys())))


class _Known:
    """Subjects and editions, each looked for once."""

    def __init__(self, folder: Path, subjects: Iterable[Subject], editions: Iterable[Edition]) -> None:
        self._sites = folder / "sites"
        self._subjects: dict[str, Subject | None] = {subject.id: subject for subject in subjects}
        self._editions: dict[str, Edition | None] = {edition.id: edition for edition in editions}
        self._dropped: dict[str, str] = {}

    def subject(self, id: str) -> Subject | None:
        if id not in self._subjects:
            self._subjects[id] = _subject(id, _read(self._sites, id, META))
        return self._subjects[id]

    def edition(self, id: str) -> Edition | None:
        if id not in self._editions:
            self._editions[id] = tables.load(id) if id in tables.ids() else None
        return self._editions[id]

    def dropped(self, id: str) -> str:
        if id not in self._dropped:
            self._dropped[id] = _dropped(_read(self._sites, id, DROPPED))
        return self._dropped[id]


def _card(key: Key, stored: Mapping[str, Any] | None, rows: tuple[Row, ...], known: _Known) -> Card:
    subject, edition = known.subject(key[0]), known.edition(key[1])
    counts = count_coverage(rows)
    if stored is None or (rows and stored.get("coverage") != counts):  # a killed run left rows that nobody has scored
        stored = _scored(key, rows, subject, edition, counts)
    by_points = not edition or not subject or counts_points(edition, subject)
    return Card(stored, rows, subject, edition, by_points, known.dropped(key[0]))


def _scored(
    key: Key, rows: Sequence[Row], subject: Subject | None, edition: Edition | None, counts: Mapping[str, int],
) -> Mapping[str, Any]:
    if subject and edition:
        partial = len(rows) < sum(1 for _ in planned(edition, subject))
        return score(edition, subject, rows, partial=partial).to_json()
    vetoes = [row.rule for row in rows if row.outcome is Outcome.VETO]
    return {
        "site": key[0], "name": subject.title if subject else key[0], "edition": key[1],
        "as_of": max(row.as_of for row in rows).isoformat(), "verdict": FAILED if vetoes else UNSCORED,
        "vetoes": vetoes, "coverage": counts, "items": [],
    }


def _read(sites: Path, id: str, name: str) -> Any:
    """A JSON file in the folder of a site; None when there is none, or none that can be used."""
    if not id or id in (".", "..") or set(id) & set("/\\\0"):
        return None
    try:
        with open(sites / id / name, "rb") as file:
            return json.loads(file.read(LONGEST_FILE))
    except (OSError, ValueError, RecursionError):
        return None


def _subject(id: str, meta: Any) -> Subject | None:
    told = meta.get("subject") if isinstance(meta, dict) else None
    if not isinstance(told, dict):
        return None
    texts = {name: value for name, value in told.items() if isinstance(value, str)}
    if meta.get("target") == Account.target:
        return Account(id, texts.get("platform", ""), texts.get("name", id), texts.get("owner", ""), texts.get("url"), (), texts.get("group"))
    kind = texts.get("kind")
    return Site(
        id, texts.get("url", ""), texts.get("name"), kind if kind in KIND_NAMES else None, group=texts.get("group"),
        service_duty=told.get("service_duty") is not False,
    )


def _dropped(told: Any) -> str:
    if not isinstance(told, dict):
        return ""
    counts = [(told.get("dom"), "份网页存档"), (told.get("shots"), "张截图")]
    parts = [f"{count} {words}" for count, words in counts if isinstance(count, int) and count > 0]
    size, why = told.get("bytes"), told.get("why")
    freed = f"（共 {sized(size)}）" if isinstance(size, int) and size > 0 else ""
    reason = f"：{why}" if isinstance(why, str) and why else ""
    return f"已清理 {'、'.join(parts)}{freed}{reason}" if parts else ""
