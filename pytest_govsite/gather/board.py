"""What all processes of this machine agree on, without a word between them: locks on places in one file.

A place belongs to the process that has locked it (fcntl(2), byte ranges), so that whatever a dead process held is free
the moment it dies. Nothing is ever written into the file: places are numbers only, far beyond its end.
"""
import os
import stat
import tempfile
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

try:
    import fcntl
except ImportError:  # a system without it: each process keeps the bounds for itself
    fcntl = None

FOLDER = "GOVSITE_SLOTS"
FILE = "slots"


class Board:
    """Places that are taken, by this process and by others. All of it may be called from any thread.

    descriptor: of the file; None where nothing is shared. One process must not have two boards on one file: locks are the
    process's, and closing either loses them. See `shared_board`.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._mine: set[int] = set()

    def take(self, place: int) -> bool:
        """Takes a place; False when it is taken."""
        with self._lock:
            if place in self._mine or not self._locked(place, 1):
                return False
            self._mine.add(place)
            return True

    def free(self, place: int) -> None:
        """Gives a place back; nothing happens when it is not ours."""
        with self._lock:
            if place in self._mine:
                self._mine.remove(place)
                self._unlock(place, 1)

    def is_taken(self, first: int, end: int, but: int | None = None) -> bool:
        """Whether any place from `first` to before `end` is taken, `but` one of our own."""
        with self._lock:
            if any(first <= place < end and place != but for place in self._mine):
                return True
            parts = [(first, end)] if but is None or not first <= but < end else [(first, but), (but + 1, end)]
            return any(self._is_locked(start, stop - start) for start, stop in parts if stop > start)

    def _is_locked(self, place: int, length: int) -> bool:
        """By another process. Asked by locking it for a moment, shared: nobody of this process holds any of it."""
        if not self._locked(place, length, shared=True):
            return True
        self._unlock(place, length)
        return False

    def _locked(self, place: int, length: int, shared: bool = False) -> bool:
        if self._descriptor is None:
            return True
        try:
            kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.lockf(self._descriptor, kind | fcntl.LOCK_NB, length, place)
        except (BlockingIOError, PermissionError):  # fcntl(2) leaves it to the system which of both it says
            return False
        return True

    def _unlock(self, place: int, length: int) -> None:
        if self._descriptor is not None:
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, length, place)


@cache
def shared_board(folder: Path) -> Board:
    """The board of all processes that use this folder; this process's only one on it.

    Raises ValueError, with a sentence, for a folder that somebody else could have laid out.
    """
    if fcntl is None:
        return Board()
    make_safe(folder)
    try:
        return Board(os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise ValueError(_refusal(folder, f"{FILE} 不能读写")) from error


def usual_folder() -> Path:
    """Where GOVSITE_SLOTS says, else a folder of this user among the temporary files."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return Path(os.environ.get(FOLDER) or Path(tempfile.gettempdir()) / f"govsite-slots-{user}")


def make_safe(folder: Path) -> None:
    """Makes the folder, or looks at what is there: anybody may lay something out among the temporary files.

    Raises ValueError when it is a link, is no folder, belongs to somebody else, or others may write to it.
    """
    try:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
    except OSError as error:
        raise ValueError(_refusal(folder, "不能建立")) from error
    if not stat.S_ISDIR(found.st_mode):
        raise ValueError(_refusal(folder, "不是文件夹"))
    if found.st_uid != os.getuid():
        raise ValueError(_refusal(folder, "属于别的用户"))
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ValueError(_refusal(folder, "别人可以写入"))


def _refusal(folder: Path, fault: str) -> str:
    return f"各进程共用的连接名额记在 {folder}，但它{fault}；请改正，或用环境变量 {FOLDER} 另指一个只属于自己的文件夹"
