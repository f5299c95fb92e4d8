"""The cells of a spreadsheet file, .csv or .xlsx, as texts."""
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pytest_govsite.gather.charset import decode

MOST_BYTES = 20_000_000
MOST_ROWS, MOST_CELLS = 5000, 60  # of a worksheet, and of a row
EXCELS_OWN = "text/csv; charset=gbk"  # how a Chinese Excel writes .csv, unless it is told to write UTF-8
OLD_FORMS = (".xls", ".et", ".ods", ".doc", ".docx", ".pdf")


class RegisterError(ValueError):
    """A register that cannot be imported: plain Chinese, a line for each fault."""


@dataclass(frozen=True)
class Grid:
    """One worksheet. A cell that is merged over several rows stands in each of them.

    links  the address behind a cell, by number of row and of cell, both from 0.
    """

    rows: tuple[tuple[str, ...], ...]
    links: dict[tuple[int, int], str] = field(default_factory=dict)


def read_grids(path: Path) -> tuple[Grid, ...]:
    """The worksheets of a file, those that are hidden left out. Raises RegisterError."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        hint = "；请在表格软件里另存为 .xlsx" if ending in OLD_FORMS else ""
        raise RegisterError(f"{path}：只能导入 .csv 和 .xlsx 文件{hint}")
    body = _read(path)
    grids = (_of_csv(path, body),) if ending == ".csv" else tuple(_of_workbook(path, body))
    if not any(any(row) for grid in grids for row in grid.rows):
        raise RegisterError(f"{path}：文件是空的，一个栏目也没有")
    return grids


def _read(path: Path) -> bytes:
    try:
        body = path.read_bytes()
    except FileNotFoundError:
        raise RegisterError(f"{path}：没有这个文件，请核对路径") from None
    except OSError as error:
        raise RegisterError(f"{path}：文件读不了（{error.strerror or error}），请核对路径和权限") from None
    if len(body) > MOST_BYTES:
        raise RegisterError(f"{path}：文件太大，不像是栏目清单（最多 {MOST_BYTES // 1_000_000} MB）")
    return body


def _of_csv(path: Path, body: bytes) -> Grid:
    text = decode(body, EXCELS_OWN)
    head = text[:2000]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = [tuple(map(_text, row)) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise RegisterError(f"{path}：不是完整的 CSV 文件（{error}），请用表格软件另存一次") from None
    return Grid(tuple(rows[:MOST_ROWS]))


def _of_workbook(path: Path, body: bytes) -> Iterator[Grid]:
    try:
        book = load_workbook(io.BytesIO(body), data_only=True)
    except Exception as error:  # a damaged workbook raises whatever its parts raise
        reason = f"{type(error).__name__}: {error}"[:80]
        raise RegisterError(f"{path}：不是完好的 .xlsx 文件（{reason}），请用表格软件另存一次；加了密码的要先去掉") from None
    for page in book.worksheets:
        if page.sheet_state == "visible":
            yield _of_page(page)


def _of_page(page: Worksheet) -> Grid:
    cells, links = [], {}
    for row in page.iter_rows(max_row=min(page.max_row, MOST_ROWS), max_col=min(page.max_column, MOST_CELLS)):
        for place, cell in enumerate(row):
            if cell.hyperlink and cell.hyperlink.target:
                links[len(cells), place] = cell.hyperlink.target
        cells.append([_text(cell.value) for cell in row])
    for merged in page.merged_cells.ranges:
        left, top, _, bottom = (number - 1 for number in merged.bounds)
        for number in range(top + 1, min(bottom + 1, len(cells))):
            cells[number][left:left + 1] = cells[top][left:left + 1]
    return Grid(tuple(map(tuple, cells)), links)


def _text(value: object) -> str:
    """One line. A number of weeks comes as 2.0 from some programs, a date as a date."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value.isoformat() if isinstance(value, date) else " ".join(str("" if value is None else value).split())
