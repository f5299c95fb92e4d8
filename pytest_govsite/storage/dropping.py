"""Throws stored files away and says so: `sites/<site>/dropped.json`."""
import json
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pytest_govsite.ledger import replace_file
from pytest_govsite.storage.contents import Stored

DROPPED = "dropped.json"


@dataclass(frozen=True)
class Dropped:
    """What was thrown away of a site: how many documents, pictures and values of evidence, how many bytes, and why (Chinese)."""

    dom: int = 0
    shots: int = 0
    evidence: int = 0
    bytes: int = 0
    why: str = ""

    def __add__(self, other: "Dropped") -> "Dropped":
        reasons = "；".join(dict.fromkeys(filter(None, (*self.why.split("；"), *other.why.split("；")))))
        counts = (self.dom + other.dom, self.shots + other.shots, self.evidence + other.evidence, self.bytes + other.bytes)
        return Dropped(*counts, reasons)


def drop(place: Path, files: Collection[Stored], why: str) -> Dropped:
    """Removes files of one site; what it says of itself is written first, so that nothing is ever missing unsaid.

    Returns what these files were. Raises OSError when that cannot be written: then all files are still there.
    """
    gone = _told(files, why)
    if files:
        replace_file(place / DROPPED, json.dumps(asdict(read_dropped(place) + gone), ensure_ascii=False) + "\n")
        remove(files)
    return gone


def remove(files: Iterable[Stored]) -> None:
    """Removes files of which nobody needs to be told."""
    for file in files:
        with suppress(OSError):  # it went already, or stays: neither harms
            file.path.unlink()


def read_dropped(place: Path) -> Dropped:
    """What was thrown away of a site before; nothing where no file says so that can be read."""
    try:
        told = json.loads((place / DROPPED).read_bytes())
        counts = [told.get(name, 0) for name in ("dom", "shots", "evidence", "bytes")]
        return Dropped(*(count if isinstance(count, int) else 0 for count in counts), str(told.get("why", ""))[:500])
    except (OSError, ValueError, AttributeError):
        return Dropped()


def _told(files: Iterable[Stored], why: str) -> Dropped:
    files = list(files)
    counts = Counter(file.kind for file in files)
    return Dropped(counts["dom"], counts["shots"], counts["evidence"], sum(file.size for file in files), why)
