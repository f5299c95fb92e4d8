"""Texts that come again and again, as numbers.

Each text stands once in the table `words`. `month` is that of the youngest row that uses it, or FOR_EVER: when the old
samples go, the words that only they used go by their month, and nobody has to search the rest.
"""
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from sqlalchemy import Connection, Insert, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from pytest_govsite.history.schema import WORDS
from pytest_govsite.model.finding import well_formed

FOR_EVER = 1_000_000
LONGEST = 2000      # characters: a URL that browsers and servers take
REMEMBERED = 100_000  # texts in memory, none of them longer than SHORT: 40 MB at most
SHORT = 300
AT_ONCE = 500       # numbers in one statement

Known = tuple[int, int]


def clean(text: str) -> str:
    """The text as any database takes it: no NUL, no half surrogates, not endless."""
    return well_formed(text[:LONGEST]).replace("\0", "\ufffd")


def digest_of(text: str) -> int:
    """The first 8 bytes of the SHA-256 of a clean text, as a signed number."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big", signed=True)


def insert(connection: Connection) -> Callable[..., Insert]:
    """The INSERT of this connection's database, the kind that knows ON CONFLICT."""
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def write(connection: Connection, statement: Insert, rows: list[dict]) -> int:
    """Writes all rows; how many were new or changed."""
    return connection.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount if rows else 0


class Memory:
    """What one process knows of the words; threads share it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.known: dict[str, Known] = {}
        self.texts: dict[int, str] = {}

    def learn(self, known: Mapping[str, Known]) -> None:
        """Takes over words that are committed."""
        with self.lock:
            if len(self.known) + len(known) > REMEMBERED:
                self.known.clear()
            self.known.update((text, word) for text, word in known.items() if len(text) <= SHORT)

    def learn_texts(self, texts: Mapping[int, str]) -> None:
        """Takes over texts by their numbers."""
        with self.lock:
            if len(self.texts) + len(texts) > REMEMBERED:
                self.texts.clear()
            self.texts.update((number, text) for number, text in texts.items() if len(text) <= SHORT)


@dataclass
class Session:
    """One transaction: its connection, and the words it met. What it learned is passed on when it is committed."""

    connection: Connection
    memory: Memory
    learned: dict[str, Known] = field(default_factory=dict)

    def numbers(self, used: Mapping[str, int]) -> dict[str, int]:
        """The number of each text, given the month of its use or FOR_EVER; new texts are written."""
        found = {text: self._known(text) for text in used}
        unknown = {text: used[text] for text, known in found.items() if known is None or known[1] < used[text]}
        if unknown:
            self.learned |= self._write(unknown)
            found |= {text: self.learned[text] for text in unknown}
        return {text: known[0] for text, known in found.items()}

    def number(self, text: str, month: int = FOR_EVER) -> int:
        """The number of one text, which is written when it is new."""
        return self.numbers({text: month})[text]

    def find(self, text: str) -> int | None:
        """The number of a text; None when it is not there."""
        if known := self._known(text):
            return known[0]
        wanted = select(WORDS.c.id).where(WORDS.c.digest == digest_of(clean(text)))
        return self.connection.execute(wanted).scalar()

    def texts(self, numbers: Iterable[int | None]) -> dict[int | None, str]:
        """The texts of these numbers; "" for None."""
        wanted = {number for number in numbers if number is not None}
        with self.memory.lock:
            found = {number: self.memory.texts[number] for number in wanted if number in self.memory.texts}
        fresh = dict(self._read(sorted(wanted - found.keys())))
        self.memory.learn_texts(fresh)
        return {None: ""} | dict.fromkeys(wanted, "") | found | fresh

    def _known(self, text: str) -> Known | None:
        return self.learned.get(text) or self.memory.known.get(text)

    def _read(self, numbers: list[int]) -> Iterator[tuple[int, str]]:
        for some in _some(numbers):
            yield from self.connection.execute(select(WORDS.c.id, WORDS.c.text).where(WORDS.c.id.in_(some)))

    def _write(self, unknown: Mapping[str, int]) -> dict[str, Known]:
        """Writes these texts, or makes them younger. In order of their digests, so that no two processes wait in a ring."""
        rows: dict[int, dict] = {}
        for text, month in unknown.items():
            cleaned = clean(text)
            row = rows.setdefault(digest_of(cleaned), {"digest": digest_of(cleaned), "month": month, "text": cleaned})
            row["month"] = max(month, row["month"])
        write(self.connection, _adding(self.connection), [rows[digest] for digest in sorted(rows)])
        known = {digest: (number, month) for digest, number, month in self._look_up(sorted(rows))}
        return {text: known[digest_of(clean(text))] for text in unknown}

    def _look_up(self, digests: list[int]) -> Iterator[tuple[int, int, int]]:
        for some in _some(digests):
            yield from self.connection.execute(select(WORDS.c.digest, WORDS.c.id, WORDS.c.month).where(WORDS.c.digest.in_(some)))


def _adding(connection: Connection) -> Insert:
    """Also when nothing changes it holds on to the row, so that nobody deletes the word meanwhile."""
    adding = insert(connection)(WORDS)
    younger = case((WORDS.c.month > adding.excluded.month, WORDS.c.month), else_=adding.excluded.month)
    return adding.on_conflict_do_update(index_elements=["digest"], set_={"month": younger})


def _some(numbers: list[int]) -> Iterator[list[int]]:
    return (numbers[start:start + AT_ONCE] for start in range(0, len(numbers), AT_ONCE))


def forget(session: Session, month: int) -> None:
    """Deletes the words that no row of this month or a later one uses."""
    session.memory.known.clear()
    session.connection.execute(delete(WORDS).where(WORDS.c.month < month))
