"""The history that the reports of one folder share: a compressed file with a line for each ledger that was reported.

A ledger that is reported twice has one line. Allure's own file would grow by a kilobyte a row and a report; what a later
report shows of an earlier result is kept, the rest is left out.
"""
import gzip
import hashlib
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pytest_govsite.rows import Row

FILE = "allure-history.jsonl.gz"
POINTS = 10
ROWS = 200_000  # of all points together: Allure reads them all, and each goes into the report
KEPT = ("id", "name", "status", "start", "stop", "duration", "historyId", "environment")


def run_of(rows: Sequence[Row]) -> str:
    """Names what a ledger holds: the same for the same judgements."""
    text = "\n".join(f"{'/'.join(row.id)} {row.outcome} {row.found_at.isoformat()}" for row in rows)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(path: Path) -> list[dict[str, Any]]:
    """The lines of the file, the oldest first; none when there is no file, or it is damaged."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines = [json.loads(line) for line in file]
    except (OSError, EOFError, ValueError, zlib.error):
        return []
    return [line for line in lines if isinstance(line, dict) and isinstance(line.get("point"), dict) and line.get("run")]


def lend(lines: Sequence[dict], run: str, path: Path) -> None:
    """Writes the points of other ledgers as Allure reads them."""
    with open(path, "w", encoding="utf-8") as file:
        for line in lines:
            if line["run"] != run:
                file.write(json.dumps(line["point"], ensure_ascii=False) + "\n")


def take_back(lines: Sequence[dict], run: str, lent: Path, at: int) -> list[dict[str, Any]]:
    """The lines with the point that Allure added to what it was lent, made small; `at` in milliseconds since 1970.

    The lines as they were when it added none.
    """
    fresh = [line for line in lines if line["run"] != run]
    points = [line for line in lent.read_text(encoding="utf-8").split("\n") if line] if lent.exists() else []
    if len(points) <= len(fresh):
        return list(lines)
    point = json.loads(points[-1])
    point["testResults"] = {
        id: {name: result.get(name) for name in KEPT} | {"url": "", "labels": [], "reportLinks": []}
        for id, result in point["testResults"].items()
    }
    return _bounded([*fresh, {"run": run, "point": point | {"timestamp": at}}])


def write(path: Path, lines: Sequence[dict]) -> None:
    """Writes the file; a reader finds the old one or the new one."""
    new = path.with_name(f".{path.name}.new")
    with gzip.open(new, "wt", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    new.replace(path)


def _bounded(lines: list[dict]) -> list[dict]:
    """The newest, as many as are worth their room; the last in any case."""
    kept, room = [], ROWS
    for line in reversed(lines[-POINTS:]):
        room -= len(line["point"]["testResults"])
        if kept and room < 0:
            break
        kept.insert(0, line)
    return kept
