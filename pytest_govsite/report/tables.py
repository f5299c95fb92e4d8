"""Tables that people take away: CSV, Excel, Markdown. What a site wrote stays inert text in every one of them."""
import csv
import io
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from rich.cells import cell_len

from pytest_govsite.report.wording import plain

Cell = str | int | date | None

LONGEST_TEXT = 1000
WIDEST_COLUMN = 60
# how formulas begin, full width as well: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = re.compile(r"[=+\-@＝＋－＠]")
MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~#&!])")
AUTOLINK = re.compile(r"https?://[^\s<>]+")
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")


class TableError(ValueError):
    """A file that cannot be written: one sentence of plain Chinese."""


@dataclass(frozen=True)
class Sheet:
    """A table: headings, and rows of as many cells. None is an empty cell."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def parted(self, heading: str, nameless: str) -> tuple["Sheet", ...]:
        """One sheet for each value of a column, which is its title then; rows without a value come last."""
        place = self.headings.index(heading)
        names = dict.fromkeys(row[place] for row in self.rows)
        return tuple(
            Sheet(str(name or nameless), self.headings, tuple(row for row in self.rows if row[place] == name))
            for name in sorted(names, key=lambda name: name is None)
        )

    def only(self, *headings: str) -> "Sheet":
        """The sheet with these columns, in this order."""
        places = [self.headings.index(heading) for heading in headings]
        return Sheet(self.title, headings, tuple(tuple(row[place] for place in places) for row in self.rows))


def check_place(path: Path, endings: Sequence[str]) -> Path:
    """The path, when a table can be written there: asked before long work. Raises TableError."""
    if path.suffix.lower() not in endings:
        raise TableError(f"--out：{path} 的扩展名应是 {'、'.join(endings)} 之一")
    if path.is_dir() or not path.parent.is_dir():
        raise TableError(f"--out：{path} 写不了，{'那是一个文件夹' if path.is_dir() else f'没有文件夹 {path.parent}'}")
    return path


def write(path: Path, sheet: Sheet, sections: Sequence[Sheet] = ()) -> None:
    """Writes the table in the form that the file's ending names; Markdown in sections, when there are any.

    Raises TableError when the file cannot be written; what stood there before is still there then.
    """
    forms: dict[str, Callable[[], bytes]] = {
        ".csv": lambda: as_csv(sheet), ".xlsx": lambda: as_xlsx(sheet),
        ".md": lambda: as_markdown(sheet.title, sections or (sheet,)).encode(),
    }
    body = forms[check_place(path, tuple(forms)).suffix.lower()]()
    fresh = path.with_name(f".{path.name}.new")
    try:
        fresh.write_bytes(body)
        os.replace(fresh, path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise TableError(f"--out：{path} 写不了（{error.strerror or error}），请核对路径和权限") from None


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(sheet.headings)
    writer.writerows([_csv_cell(cell) for cell in row] for row in sheet.rows)
    return lines.getvalue().encode("utf-8-sig", "replace")


def _csv_cell(cell: Cell) -> object:
    text = _shown(cell)
    return f"'{text}" if isinstance(cell, str) and FORMULA.match(text) else text


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook with one sheet: headings that stay in view, a filter on each column, dates as dates."""
    book = Workbook()
    page = book.active
    page.title = NOT_IN_TITLES.sub(" ", plain(sheet.title))[:31].strip() or "表"
    for number, row in enumerate((sheet.headings, *sheet.rows), 1):
        for column, value in enumerate(row, 1):
            _fill(page.cell(number, column), value)
    for cell in page[1]:
        cell.font = Font(bold=True)
    for column, width in enumerate(_widths(sheet), 1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _fill(cell: ExcelCell, value: Cell) -> None:
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
        return
    cell.value = _shown(value)
    cell.data_type = "s"  # openpyxl takes what begins with "=" for a formula
    cell.quotePrefix = True  # and so would Excel, when somebody edits the cell


def _widths(sheet: Sheet) -> list[int]:
    """Wide enough for the longest text of a column, up to a limit beyond which it folds."""
    columns = zip(sheet.headings, *sheet.rows, strict=True)
    return [min(WIDEST_COLUMN, max(cell_len(_shown(cell)) for cell in column) + 3) for column in columns]


def as_markdown(title: str, sections: Sequence[Sheet]) -> str:
    """A heading, and a table for each section under a heading of its own."""
    parts = [f"# {_marked(title)}"]
    for section in sections:
        lines = [_line(section.headings), _line(["---"] * len(section.headings)), *map(_line, section.rows)]
        parts += [f"## {_marked(section.title)}"] if section.title != title else []
        parts += ["\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _line(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(_marked(cell) for cell in cells)} |"


def _marked(cell: Cell) -> str:
    """A text with all marks of Markdown and HTML made harmless; an address as a link."""
    text = _shown(cell)
    if AUTOLINK.fullmatch(text):
        return f"<{text.replace('|', '%7C')}>"
    return text if text == "---" else MARKDOWN.sub(r"\\\1", text)


def _shown(cell: Cell) -> str:
    return "" if cell is None else plain(str(cell), LONGEST_TEXT)
