"""The ledger: one JSON line per site, edition and rule, complete at every moment of a run.

Three files make it so. `ledger.jsonl` holds every planned row from the start and is only ever replaced as a whole;
`ledger.journal` takes each finished row at once; the lock keeps a second run out. What is in the journal and not yet in
the ledger (kill -9 came between) is read from there by the next run.
"""
import contextlib
import json
import os
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Protocol, Self

from filelock import FileLock, Timeout

from pytest_govsite.rows import Row, RowKey, read_line, sort_key

LEDGER, JOURNAL, SCORECARDS = "ledger.jsonl", "ledger.journal", "scorecards.json"
MARKER, LOCK = ".govsite-results", ".govsite-results.lock"
MARKER_TEXT = "Results of pytest-govsite. One run at a time writes here.\n"
QUIET_SECONDS = 1.0
WRITING_SHARE = 20


class LedgerError(ValueError):
    """One sentence for the person who chose the folder."""


class Ledger:
    """The ledger of one run in one results folder; the run's only writer.

    Opening it makes the folder, or refuses one that is not ours or is in use (LedgerError). Then `plan` before the first
    site is opened, `record` for each verdict, and `close`; scorecards are written before `close`, under its lock.
    """

    def __init__(self, folder: str | os.PathLike) -> None:
        self.folder = Path(folder)
        with _plain_errors(self.folder):
            self._lock = _claim(self.folder)
        self._lines: dict[RowKey, str] = {}
        self._rows: dict[RowKey, Row] = {}
        self._journal = None
        self._written = self._cost = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of this run as they stand, sorted."""
        return tuple(sorted(self._rows.values(), key=lambda row: sort_key(row.id)))

    def plan(self, rows: Iterable[Row], keep: Collection[tuple[str, str]] = ()) -> None:
        """Puts the whole plan on disk. Earlier rows of other sites stay, and those of each (site, edition) in `keep`."""
        self._rows = {row.id: row for row in rows}
        sites = {row.site for row in self._rows.values()}
        with _plain_errors(self.folder):
            self._lines = {key: line for key, (_, line) in _stored(self.folder).items()}
            self._journal = open(self.folder / JOURNAL, "ab", buffering=0)
            self._write()  # an earlier run's journal ends here, else a kill now would mix its rows into the new plan
            for site, edition, rule in list(self._lines):
                if site in sites and (site, edition) not in keep:
                    del self._lines[site, edition, rule]
            self._lines |= {key: row.to_line() for key, row in self._rows.items()}
            self._write()

    def record(self, row: Row) -> None:
        """Replaces the planned row; on disk when this returns. KeyError for a row that was not planned."""
        if row.id not in self._rows:
            raise KeyError(f"not planned: {row.id}")
        self._rows[row.id] = row
        self._lines[row.id] = line = row.to_line()
        with _plain_errors(self.folder):
            self._journal.write(f"{line}\n".encode())
            if time.monotonic() - self._written > max(QUIET_SECONDS, WRITING_SHARE * self._cost):
                self._write()

    def close(self) -> tuple[Row, ...]:
        """Writes the ledger for good, lets the folder go and returns the rows of this run, sorted. Safe to repeat."""
        if self._journal is not None:
            with _plain_errors(self.folder):
                self._write()
                self._journal.close()
                (self.folder / JOURNAL).unlink(missing_ok=True)
            self._journal = None
        self._lock.release()
        return self.rows

    def _write(self) -> None:
        started = time.monotonic()
        lines = [self._lines[key] for key in sorted(self._lines, key=sort_key)]
        replace_file(self.folder / LEDGER, "".join(line + "\n" for line in lines))
        self._journal.truncate(0)
        self._written = time.monotonic()
        self._cost = self._written - started


class Card(Protocol):
    """What a scorecard must offer to be written."""

    def to_json(self) -> dict: ...


def write_scorecards(
    folder: str | os.PathLike, cards: Iterable[Card], replaced: Collection[str], keep: Collection[tuple[str, str]] = ()
) -> None:
    """Writes scorecards.json: these, and the earlier ones of sites not in `replaced` or of a (site, edition) in `keep`."""
    fresh = [card.to_json() for card in cards]
    known = {(card["site"], card["edition"]) for card in fresh}
    for card in read_scorecards(folder):
        key = (card["site"], card["edition"])
        if key not in known and (card["site"] not in replaced or key in keep):
            fresh.append(card)
    fresh.sort(key=lambda card: (card["site"], card["edition"]))
    with _plain_errors(Path(folder)):
        replace_file(Path(folder) / SCORECARDS, json.dumps(fresh, ensure_ascii=False, indent=1) + "\n")


def read_scorecards(folder: str | os.PathLike) -> list[dict]:
    """The scorecards of a results folder; none when it has none. LedgerError when the file is damaged."""
    path = Path(folder) / SCORECARDS
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise LedgerError(f"{path} 已损坏，不是完整的 JSON：请删除该文件或换一个结果目录") from error


def read_rows(path: str | os.PathLike) -> tuple[Row, ...]:
    """The rows of a ledger file or of a results folder, with what a killed run left in its journal.

    Raises LedgerError when there is no ledger or a line of it is none of ours.
    """
    path = Path(path)
    folder = path if path.is_dir() else path.parent
    ledger = path / LEDGER if path.is_dir() else path
    if not ledger.is_file():
        raise LedgerError(f"找不到台账 {ledger}")
    try:
        return tuple(row for row, _ in _stored(folder, ledger.name).values())
    except OSError as error:
        raise LedgerError(f"读不了台账 {ledger}：{error.strerror or error}") from error


def finding_keys(rows: Iterable[Row]) -> frozenset[str]:
    """The identities of all findings of a ledger, for `--gate new`."""
    return frozenset(finding.key(row.rule) for row in rows for finding in row.findings)


@contextlib.contextmanager
def claimed(folder: str | os.PathLike) -> Iterator[Path]:
    """Holds an existing results folder, so that no run writes there meanwhile.

    LedgerError when it is none of ours, in use, or cannot be written by whoever holds it.
    """
    folder = Path(folder)
    if not folder.is_dir() or not {path.name for path in folder.iterdir()} - {LOCK} or not _is_ours(folder):
        raise LedgerError(f"{folder} 不是本工具的结果目录：请写明检查时 --results 指定的文件夹")
    with _plain_errors(folder), _claim(folder):
        yield folder


def replace_file(path: Path, text: str) -> None:
    """Writes a file so that every reader, at any moment and after any crash, finds the old text or the new one."""
    fresh = path.with_name(f".{path.name}.new")
    with open(fresh, "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _stored(folder: Path, name: str = LEDGER) -> dict[RowKey, tuple[Row, str]]:
    """Each row with its line: the ledger's, or the journal's where that is newer, of which a torn last line is dropped."""
    stored: dict[RowKey, tuple[Row, str]] = {}
    for number, line in enumerate(_lines_of(folder / name), 1):
        try:
            row = read_line(line)
        except ValueError as error:
            raise LedgerError(f"{folder / name} 第 {number} 行不是台账记录：请删除该文件或换一个结果目录") from error
        stored[row.id] = row, line
    for line in _lines_of(folder / JOURNAL) if name == LEDGER else ():
        with contextlib.suppress(ValueError):
            row = read_line(line)
            if row.id in stored:
                stored[row.id] = row, line
    return stored


def _lines_of(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return []
    return [line for line in text.split("\n") if line]


def _claim(folder: Path) -> FileLock:
    """Makes the folder ours and locks it, or says why not."""
    if folder.exists() and not folder.is_dir():
        raise LedgerError(f"{folder} 不是文件夹：--results 要给一个文件夹")
    folder.mkdir(parents=True, exist_ok=True)
    if not _is_ours(folder):
        raise LedgerError(f"结果目录 {folder} 里有不属于本工具的文件：--results 请换一个空文件夹")
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise LedgerError(f"结果目录 {folder} 正由另一次检查写入：请等它结束，或用 --results 换一个文件夹") from error
    (folder / MARKER).write_text(MARKER_TEXT, encoding="utf-8")
    return lock


def _is_ours(folder: Path) -> bool:
    names = {path.name for path in folder.iterdir()}
    if MARKER in names or not names - {LOCK}:
        return True
    try:
        return bool(read_line(_lines_of(folder / LEDGER)[0]))
    except (IndexError, ValueError):
        return False


@contextlib.contextmanager
def _plain_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LedgerError(f"无法写入结果目录 {folder}：{error.strerror or error}") from error
