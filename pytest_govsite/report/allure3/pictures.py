"""Pictures of findings, made smaller, each once, within a budget."""
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from PIL import Image

from pytest_govsite.model.verdict import Outcome
from pytest_govsite.report.overview.pictures import DAMAGED
from pytest_govsite.rows import Row

WIDTH, QUALITY = 960, 60
TALLEST = 6000  # pixels; a page longer than that shows nothing more at this width
FORMATS = ("PNG", "JPEG", "WEBP")
PER_ROW = 4
DRAWN = ".svg"
ORDER = (Outcome.VETO, Outcome.DEDUCT)


class Album:
    """The pictures of a report. Files are taken from `results` and written into `folder`, until `budget` bytes are spent."""

    def __init__(self, results: Path, folder: Path, budget: int) -> None:
        self._results, self._folder, self._left = results, folder, budget
        self._taken: dict[str, dict[str, str] | None] = {}
        self.skipped = 0

    def take(self, rows: Sequence[Row]) -> None:
        """Takes in the pictures of these rows, those of vetoes first."""
        rank = {outcome: number for number, outcome in enumerate(ORDER)}
        for row in sorted(rows, key=lambda row: rank.get(row.outcome, len(rank))):
            for shot in _shots(row):
                if shot not in self._taken:
                    self._taken[shot] = self._copy(shot)

    def attachments(self, row: Row) -> Iterator[dict[str, str]]:
        """The pictures of one row, of those that were taken in."""
        for number, shot in enumerate(_shots(row), 1):
            if taken := self._taken.get(shot):
                yield taken | {"name": f"{'图示' if shot.endswith(DRAWN) else '截图'} {number}"}

    def _copy(self, shot: str) -> dict[str, str] | None:
        data, kind = _read(self._results, shot)
        if len(data) > self._left:
            self.skipped += 1
            return None
        if not data:
            return None
        self._left -= len(data)
        name = f"{len(self._taken)}-attachment.{'svg' if shot.endswith(DRAWN) else 'webp'}"
        (self._folder / name).write_bytes(data)
        return {"source": name, "type": kind}


def _shots(row: Row) -> list[str]:
    return list(dict.fromkeys(each.shot for each in (*row.findings, *row.notes) if each.shot))[:PER_ROW]


def _read(results: Path, shot: str) -> tuple[bytes, str]:
    """Contents and kind; no contents for a file that is gone, is no picture, or lies outside the results folder."""
    try:
        path = (results / shot).resolve()
        if not path.is_relative_to(results.resolve()) or not path.is_file():
            return b"", ""
        return (path.read_bytes(), "image/svg+xml") if shot.endswith(DRAWN) else (smaller(path), "image/webp")
    except DAMAGED:
        return b"", ""


def smaller(path: Path) -> bytes:
    """The picture as WebP, no wider than a report shows it. Raises what DAMAGED lists for a file that is none."""
    with Image.open(path, formats=FORMATS) as picture:
        shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST * max(1, picture.width // WIDTH))))
        if shown.width > WIDTH:
            shown = shown.resize((WIDTH, max(1, round(shown.height * WIDTH / shown.width))), Image.Resampling.LANCZOS)
        paper = io.BytesIO()
        shown.save(paper, "WEBP", quality=QUALITY)
        return paper.getvalue()
