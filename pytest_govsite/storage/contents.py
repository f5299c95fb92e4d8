"""What lies in the folder of a site, by kind. Links that somebody put there are never followed."""
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_govsite.storage.objects import room_of

KINDS = ("dom", "shots", "evidence")
SITES = "sites"


@dataclass(frozen=True)
class Stored:
    """One file. kind: one of KINDS; size: its bytes; room: those that it takes, a share of them where others share it."""

    path: Path
    kind: str
    size: int
    room: int


def places(folder: Path) -> Iterator[Path]:
    """The folders of all sites of a results folder, by name."""
    try:
        with os.scandir(folder / SITES) as found:
            names = sorted(entry.name for entry in found if entry.is_dir(follow_symlinks=False))
    except OSError:
        return
    yield from (folder / SITES / name for name in names)


def stored(place: Path, *kinds: str) -> Iterator[Stored]:
    """The files of a site, of these kinds (all without any)."""
    for kind in kinds or KINDS:
        if not (place / kind).is_symlink():
            yield from _files(place / kind, kind)


def _files(folder: Path, kind: str) -> Iterator[Stored]:
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), kind)
        elif stat := _stat(entry):
            yield Stored(Path(entry.path), kind, stat.st_size, room_of(stat))


def _stat(entry: os.DirEntry) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:  # it has gone meanwhile
        return None
