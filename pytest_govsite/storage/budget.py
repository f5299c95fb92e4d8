"""Which files go where there are more than allowed: documents first, then pictures; evidence that is judged again never."""
from collections.abc import Callable, Iterable

from pytest_govsite.storage.contents import Stored

MB = 1_000_000
ORDER = ("dom", "shots")


def excess(files: Iterable[Stored], most: int, worth: Callable[[Stored], int] = lambda file: 0) -> list[Stored]:
    """The files that must go so that the rest takes no more than `most` bytes, in the order in which they go.

    worth: of two pictures the one worth more stays; of two alike the smaller one, so that as many as possible stay.
    """
    files = [file for file in files if file.kind in ORDER]
    over = sum(file.room for file in files) - most
    gone: list[Stored] = []
    for file in sorted(files, key=lambda file: (ORDER.index(file.kind), worth(file), -file.room, str(file.path))):
        if over <= 0:
            break
        gone.append(file)
        over -= file.room
    return gone
