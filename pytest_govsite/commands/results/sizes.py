"""How much room results take, by site and kind."""
import os
from pathlib import Path

from rich.console import Console

from pytest_govsite.commands.printing import WrongUse, point, print_line, table
from pytest_govsite.commands.results.shelves import Shelf, read_shelves, room_besides
from pytest_govsite.ledger import LEDGER, SCORECARDS
from pytest_govsite.report.chinese import Chinese
from pytest_govsite.report.wording import plain, sized
from pytest_govsite.storage.contents import KINDS
from pytest_govsite.storage.dropping import Dropped, read_dropped

HEADINGS = ("网站", "检查于", "证据", "网页存档", "截图", "合计", "已清理")
SHOWN = ("evidence", "dom", "shots")
NAMES = {"dom": "网页存档 {} 份", "shots": "截图 {} 张", "evidence": "证据 {} 份"}


def show(console: Console, folder: Path) -> None:
    """Prints the sites, the largest first, then the whole. Raises WrongUse for a folder without results."""
    if not any((folder / name).is_file() for name in (LEDGER, SCORECARDS)) and not (folder / "sites").is_dir():
        raise WrongUse(f"{folder} 里没有检查结果：请写明检查时 --results 指定的文件夹")
    shelves = sorted(read_shelves(folder), key=lambda shelf: (-shelf.room(*KINDS), shelf.site))
    if shelves:
        made = table(HEADINGS, map(_row, shelves))
        for column in made.columns[1:6]:
            column.no_wrap = True
        console.print(made)
        console.print()
    rooms = sum(shelf.room(*KINDS) for shelf in shelves)
    rest = room_besides(folder, shelves)
    print_line(console, f"{plain(str(folder), 300)}：网站 {len(shelves)} 个，共 {sized(rooms + rest)}")
    point(console, f"各网站的证据、网页存档和截图 {sized(rooms)}，台账、评分、报告和缓存等 {sized(rest)}")
    saved = sum(file.size - file.room for shelf in shelves for file in shelf.files)
    if saved:
        point(console, f"内容相同的文件只存一份，省下 {sized(saved)}")


def _row(shelf: Shelf) -> tuple[Chinese, ...]:
    cells = [sized(shelf.room(kind)) if shelf.room(kind) else "—" for kind in SHOWN]
    return tuple(map(Chinese, (
        plain(shelf.site, 60), str(shelf.day), *cells, sized(shelf.room(*KINDS)), told(read_dropped(shelf.place)) or "—",
    )))


def told(dropped: Dropped) -> str:
    """What was thrown away, and why."""
    counts = "、".join(words.format(getattr(dropped, kind)) for kind, words in NAMES.items() if getattr(dropped, kind))
    return f"{counts}（{plain(dropped.why, 200)}）" if counts else ""


def size_of(path: Path) -> int:
    """Bytes of a file; 0 where it has gone."""
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0
