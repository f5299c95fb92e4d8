"""How subcommands write to the terminal."""
from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from pytest_govsite.report.chinese import Chinese


class WrongUse(ValueError):
    """One sentence for the person at the keyboard."""


def table(headings: Iterable[str], rows: Iterable[Iterable[str | Chinese]] = ()) -> Table:
    """A table without lines; what is too long for its column folds."""
    made = Table(box=None, pad_edge=False)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def say(console: Console, text: str, style: str = "") -> None:
    """Prints Chinese text that breaks where it may."""
    console.print(Group(Chinese(text, style)))  # on its own rich would take it for plain Text


def aligned(rows: Sequence[Sequence[str]], widest: int = 36) -> list[str]:
    """Each row as one line whose cells stand under one another; a longer cell is cut."""
    cut = [[_cut(cell, widest) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cut, strict=True)]
    return ["  ".join(map(set_cell_size, row, widths)).rstrip() for row in cut]


def _cut(text: str, widest: int) -> str:
    return text if cell_len(text) <= widest else f"{set_cell_size(text, widest - 1).rstrip()}…"


def print_line(console: Console, text: str, style: str = "") -> None:
    """One line, however long."""
    console.print(Text(text, style), soft_wrap=True)


def point(console: Console, text: str | Chinese, indent: int = 2) -> None:
    """One point of a list; what does not fit stands under its first word."""
    lines = (Chinese(text) if isinstance(text, str) else text).wrap(console, max(1, console.width - indent - 2))
    for number, line in enumerate(lines):
        console.print(Text.assemble(f"{'':{indent}}{' ' if number else '·'} ", line), soft_wrap=True)
