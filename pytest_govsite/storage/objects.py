"""Files of equal content take the room of one: each is a hard link to `objects/<sha256>` in the results folder.

Where the file system has no links, files are written as they are. An object that no file links to any more is swept away; at any
moment, by any process: whoever is about to link to it writes it anew.
"""
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

OBJECTS = "objects"


def put(folder: Path, path: Path, content: bytes) -> None:
    """Writes a file so that a reader finds the old content or the new, never half of one.

    folder: the results folder; path: the file's, relative to it. Raises OSError when the disk does not take it.
    """
    digest = hashlib.sha256(content).hexdigest()
    kept, target = folder / OBJECTS / digest[:2] / digest, folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    if not _is_linked(kept, fresh):
        fresh.write_bytes(content)
        kept.parent.mkdir(parents=True, exist_ok=True)
        _is_linked(fresh, kept)
    os.replace(fresh, target)
    fresh.unlink(missing_ok=True)  # two links to one file are left alone by rename(2)


def sweep(folder: Path) -> int:
    """Removes the objects that no file links to; returns the bytes that this set free."""
    freed = 0
    for entry in orphans(folder):
        with suppress(OSError):
            size = entry.stat(follow_symlinks=False).st_size
            os.unlink(entry)
            freed += size
            os.rmdir(os.path.dirname(entry.path))  # which fails while others lie there
    return freed


def orphans(folder: Path) -> Iterator[os.DirEntry]:
    """The objects that no file links to."""
    for shelf in _entries(folder / OBJECTS):
        if shelf.is_dir(follow_symlinks=False):
            for entry in _entries(Path(shelf.path)):
                if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_nlink == 1:
                    yield entry


def room_of(stat: os.stat_result) -> int:
    """The bytes that a file takes, those of a shared one divided among all who share it (one link is the object's)."""
    return stat.st_size // max(1, stat.st_nlink - 1)


def _is_linked(source: Path, link: Path) -> bool:
    try:
        os.link(source, link, follow_symlinks=False)
    except FileExistsError:
        return True
    except OSError:  # not there, no links on this file system, or too many of them
        return False
    return True


def _entries(folder: Path) -> list[os.DirEntry]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []
