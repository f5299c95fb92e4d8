"""Gives room back: what nothing needs, then what the user no longer wants to keep. Never the ledger, never the scorecards."""
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from rich.console import Console

from pytest_govsite import options
from pytest_govsite.commands.printing import WrongUse, point, print_line
from pytest_govsite.commands.results.shelves import Shelf, read_shelves, room_besides
from pytest_govsite.commands.results.sizes import size_of, told
from pytest_govsite.ledger import claimed
from pytest_govsite.report import overview
from pytest_govsite.report.wording import plain, sized
from pytest_govsite.storage import objects
from pytest_govsite.storage.budget import MB
from pytest_govsite.storage.contents import KINDS, Stored
from pytest_govsite.storage.dropping import Dropped, drop, remove

CACHE, OVERVIEW = "cache", "overview.html"
SHOWN = 8


@dataclass(frozen=True)
class Wish:
    """What is to go. sites: of these only; keep_days: of inspections that long ago; max_size: in MB, of all that is left."""

    sites: tuple[str, ...] = ()
    keep_days: int | None = None
    max_size: int | None = None

    @property
    def is_limited(self) -> bool:
        return bool(self.sites) or self.keep_days is not None


def prune(console: Console, folder: Path, wish: Wish, dry: bool) -> None:
    """Removes and says what. Raises WrongUse, or LedgerError for a folder that is none of ours or in use.

    Each site says of itself what is gone before it goes: whatever stops this, nothing is missing unsaid.
    """
    with claimed(folder):
        shelves = read_shelves(folder)
        if unknown := set(wish.sites) - {shelf.site for shelf in shelves}:
            raise WrongUse(f"--site：{plain(str(folder), 200)} 里没有 {'、'.join(sorted(unknown))} 的证据")
        idle = [*_cache(folder), *_idle(shelves), *_orphans(folder)]
        gone = {shelf.site: files for shelf, files in choose(shelves, wish, idle, room_besides(folder, shelves)) if files}
        if not dry:
            remove(idle)
            for shelf in shelves:
                drop(shelf.place, gone.get(shelf.site, []), f"{options.today()} 用 govsite results prune 清理")
            objects.sweep(folder)
            _renew_overview(folder, bool(gone))
        _tell(console, folder, idle, gone, dry)


def choose(shelves: Sequence[Shelf], wish: Wish, idle: Sequence[Stored], besides: int) -> Iterator[tuple[Shelf, list[Stored]]]:
    """Which files of which sites go. idle: those that go anyway; besides: bytes of all that is no site's."""
    asked = [shelf for shelf in shelves if not wish.sites or shelf.site in wish.sites]
    if wish.keep_days is not None:
        last = options.today() - timedelta(days=wish.keep_days)
        asked = [shelf for shelf in asked if shelf.day < last]
    spared = set(idle)
    if wish.max_size is None:
        yield from ((shelf, [file for file in shelf.files if file not in spared]) for shelf in (asked if wish.is_limited else ()))
        return
    over = besides + sum(shelf.room(*KINDS) for shelf in shelves) - sum(file.room for file in idle) - wish.max_size * MB
    gone: dict[str, list[Stored]] = {}
    for kind in KINDS:
        for shelf in sorted(asked, key=lambda shelf: (shelf.day, shelf.site)):
            files = [file for file in shelf.of(kind) if file not in spared] if over > 0 else []
            gone.setdefault(shelf.site, []).extend(files)
            over -= sum(file.room for file in files)
    yield from ((shelf, gone[shelf.site]) for shelf in asked)


def _idle(shelves: Sequence[Shelf]) -> Iterator[Stored]:
    """Pictures that no row names, and what a killed run left half written."""
    for shelf in shelves:
        for file in shelf.files:
            name = f"sites/{shelf.site}/{file.path.relative_to(shelf.place).as_posix()}"
            unnamed = shelf.named is not None and file.kind == "shots" and file.path.suffix == ".png" and name not in shelf.named
            if unnamed or (file.path.name.startswith(".") and file.path.name.endswith(".new")):
                yield file


def _cache(folder: Path) -> Iterator[Stored]:
    """What other sites' links were known to do: asked again when needed."""
    with suppress(OSError), os.scandir(folder / CACHE) as found:
        for entry in found:
            if entry.is_file(follow_symlinks=False) and not (folder / CACHE).is_symlink():
                yield Stored(Path(entry.path), CACHE, size_of(Path(entry.path)), size_of(Path(entry.path)))


def _orphans(folder: Path) -> Iterator[Stored]:
    for entry in objects.orphans(folder):
        size = entry.stat(follow_symlinks=False).st_size
        yield Stored(Path(entry.path), objects.OBJECTS, size, size)


def _renew_overview(folder: Path, changed: bool) -> None:
    """The page holds small copies of pictures: those that are gone must not live on in it."""
    if changed and (folder / OVERVIEW).is_file():
        overview.write(folder)


def _tell(console: Console, folder: Path, idle: Sequence[Stored], gone: dict[str, list[Stored]], dry: bool) -> None:
    files = [file for mine in gone.values() for file in mine]
    freed = sum(file.room for file in (*files, *idle))
    verb = "将清理" if dry else "已清理"
    if not freed and not files and not idle:
        print_line(console, f"{plain(str(folder), 300)}：没有要清理的")
        return
    print_line(console, f"{plain(str(folder), 300)}：{verb} {sized(freed)}")
    if idle:
        point(console, f"缓存、没有用到的截图和未写完的文件 {len(idle)} 个，{sized(sum(file.room for file in idle))}")
    for site, mine in sorted(gone.items(), key=lambda pair: -sum(file.room for file in pair[1]))[:SHOWN]:
        point(console, f"{plain(site, 60)}：{_counted(mine)}，{sized(sum(file.room for file in mine))}")
    if len(gone) > SHOWN:
        point(console, f"另有 {len(gone) - SHOWN} 个网站")
    if any(file.kind == "evidence" for file in files):
        point(console, "没有了证据的网站不能再用 --rejudge 复核；台账和评分都在")


def _counted(files: Sequence[Stored]) -> str:
    counts = {kind: sum(file.kind == kind for file in files) for kind in KINDS}
    return told(Dropped(**counts, why="x")).partition("（")[0]
