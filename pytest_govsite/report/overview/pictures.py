"""The pictures of findings: small ones inside the page as far as its budget goes, links to the files for all."""
import base64
import io
import math
import struct
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from PIL import Image

from pytest_govsite.model.verdict import Outcome
from pytest_govsite.processors import processors
from pytest_govsite.report.overview.facts import Card
from pytest_govsite.rows import Row

BUDGET = 30_000_000  # characters of base64: a page that still opens at once and that a file share still takes
WIDEST, TALLEST, QUALITY = 640, 1200, 70
LARGEST_DRAWING = 300_000  # bytes of an SVG
PHOTOGRAPHS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
DRAWING, LIST = ".svg", ".txt"  # what we drew ourselves, and the table that says the same in words
URGENCY = {outcome: place for place, outcome in enumerate((Outcome.VETO, Outcome.DEDUCT, Outcome.UNDETERMINED, Outcome.PASS))}
DAMAGED = (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, Image.DecompressionBombError)
AT_ONCE = 16


@dataclass(frozen=True)
class Embedded:
    """A picture as it stands in the page: its media type and its bytes in base64."""

    type: str
    data: str


class Pictures:
    """All pictures that the rows name.

    embedded  those in the page by key, which outlives a run: the next page takes over what is still the same file.
    """

    def __init__(self, files: Mapping[str, "File | None"], embedded: Mapping[str, Embedded]) -> None:
        self.embedded = embedded
        self._files = files
        self._places = {shot: place for place, shot in enumerate(files, 1)}

    @property
    def unembedded(self) -> int:
        """How many can only be opened as files of their own."""
        return sum(file is not None and file.key not in self.embedded for file in self._files.values())

    def place(self, shot: str | None) -> int:
        """The number of a picture from 1; 0 for none."""
        return self._places[shot] if shot else 0

    def pack(self) -> list[list[str]]:
        """For each picture: its address from the page, its key when embedded, the list in words that goes with it.

        Nothing at all for a picture that is gone.
        """
        return [file.pack(shot, file.key in self.embedded) if file else [] for shot, file in self._files.items()]


@dataclass(frozen=True)
class File:
    """The file of a picture. `key` is the same for all its names, and another as soon as it is written anew."""

    path: Path
    key: str

    def pack(self, shot: str, embedded: bool) -> list[str]:
        listed = self.path.suffix == DRAWING and self.path.with_suffix(LIST).is_file()
        return [quote(shot), self.key if embedded else "", quote(str(Path(shot).with_suffix(LIST))) if listed else ""]


def gather(folder: Path, cards: Sequence[Card], known: Mapping[str, Embedded], seconds: float | None = None) -> Pictures:
    """The pictures of all rows.

    known    pictures that the page has embedded before, by key.
    seconds  how long further ones may be made; None: as long as it takes.
    """
    files = {shot: _file(folder, shot) for shot in _by_urgency(cards)}
    paths = {file.key: file.path for file in files.values() if file}
    return Pictures(files, _embed(paths, known, math.inf if seconds is None else seconds))


def _by_urgency(cards: Sequence[Card]) -> list[str]:
    """Each picture once: vetoes before deductions, and the first of every rule before the second of any."""
    found = [(URGENCY.get(row.outcome, len(URGENCY)), place, shot) for card in cards for row in card.rows for place, shot in _shots(row)]
    return list(dict.fromkeys(shot for *_, shot in sorted(found, key=lambda each: each[:2])))


def _shots(row: Row) -> Iterator[tuple[int, str]]:
    return enumerate(dict.fromkeys(each.shot for each in (*row.findings, *row.notes) if each.shot))


def _file(folder: Path, shot: str) -> File | None:
    """The file of a picture; None when it is gone, no picture, or a path that leads out of the folder."""
    path = folder / shot
    try:
        if path.suffix not in (*PHOTOGRAPHS, DRAWING) or not path.resolve().is_relative_to(folder.resolve()):
            return None
        about = path.stat()
    except (OSError, ValueError):
        return None
    return File(path, f"{about.st_ino:x}-{about.st_size:x}-{about.st_mtime_ns:x}")


def _embed(paths: Mapping[str, Path], known: Mapping[str, Embedded], seconds: float) -> dict[str, Embedded]:
    embedded: dict[str, Embedded] = {}
    left, until = BUDGET, time.monotonic() + seconds
    with ThreadPoolExecutor(min(4, processors())) as pool:
        for keys in _windows(list(paths)):
            fresh = [key for key in keys if key not in known] if time.monotonic() < until else []
            made = dict(zip(fresh, pool.map(_make, [paths[key] for key in fresh]), strict=True))
            for key in keys:
                picture = known.get(key) or made.get(key)
                if picture and len(picture.data) > left:
                    return embedded
                if picture:
                    embedded[key] = picture
                    left -= len(picture.data)
    return embedded


def _windows(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start:start + AT_ONCE] for start in range(0, len(keys), AT_ONCE))


def _make(path: Path) -> Embedded | None:
    """The picture made small; None when it cannot be read."""
    try:
        if path.suffix == DRAWING:
            body = path.read_bytes()
            return _embedded("image/svg+xml", body) if len(body) <= LARGEST_DRAWING else None
        with Image.open(path, formats=(PHOTOGRAPHS[path.suffix],)) as picture:
            small = picture.convert("RGB")
        small.thumbnail((WIDEST, TALLEST), reducing_gap=2.0)
        body = io.BytesIO()
        small.save(body, "WEBP", quality=QUALITY, method=2)
        return _embedded("image/webp", body.getvalue())
    except DAMAGED:
        return None


def _embedded(type: str, body: bytes) -> Embedded:
    return Embedded(type, base64.b64encode(body).decode())
