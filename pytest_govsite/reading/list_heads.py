"""The heads of the columns of a list that is a table: they tell the day of publication from other days."""
from pytest_govsite.reading.list_links import texts_in
from pytest_govsite.reading.list_pieces import TEXT, Piece

WORDS = ("日期", "时间")
LONGEST_HEAD = 12
MOST_CELLS = 20


class Heads:
    """Finds the head over a text of a row. Each table is looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, dict[int, str]] = {}

    def over(self, text: Piece, row: Piece) -> str:
        """The head of the column that a text stands in; empty where the list has no heads."""
        if row.parent is None:
            return ""
        cell = next((piece for piece in [text, *text.up(12)] if piece.parent is row), None)
        if cell is None or cell.tag == TEXT:
            return ""
        heads = self._of(row)
        return heads.get(_column(cell), "") if heads else ""

    def _of(self, row: Piece) -> dict[int, str]:
        table = next((piece for piece in row.up(3) if piece.tag in ("table", "ul", "ol", "dl")), row.parent)
        if table.place not in self._known:
            self._known[table.place] = _read(table)
        return self._known[table.place]


def _read(table: Piece) -> dict[int, str]:
    """The heads of a table by column: of its first row that names a day and holds none; of the one before a list."""
    rows = [kid for part in table.kids[:3] for kid in (part.kids[:3] if part.tag in ("thead", "tbody") else [part])]
    if table.tag != "table" and table.parent is not None:
        kids = table.parent.kids
        at = kids.index(table) if len(kids) <= 200 else 0
        rows += kids[max(0, at - 1):at]
    for row in rows[:8]:
        heads = {_column(cell): _text(cell) for cell in row.kids[:MOST_CELLS] if cell.tag != TEXT}
        named = [text for text in heads.values() if any(word in text for word in WORDS)]
        if len(heads) > 1 and named and all(len(text) <= LONGEST_HEAD for text in heads.values()):
            return heads
        if table.tag != "table" and row.kids and (inner := _within(row)):
            return inner
    return {}


def _within(row: Piece) -> dict[int, str]:
    """Heads one level deeper: <div class="head"><ul><li>…."""
    inner = row.kids[0]
    heads = {_column(cell): _text(cell) for cell in inner.kids[:MOST_CELLS] if cell.tag != TEXT}
    named = any(any(word in text for word in WORDS) for text in heads.values())
    return heads if len(heads) > 1 and named and all(len(text) <= LONGEST_HEAD for text in heads.values()) else {}


def _column(cell: Piece) -> int:
    """The number of a cell in its row, wide cells counted as often as they are wide."""
    number = 0
    for one in cell.parent.kids[:MOST_CELLS * 2]:
        if one is cell:
            return number
        if one.tag != TEXT:
            wide = one.attributes.get("colspan", "1")
            number += int(wide) if wide.isdecimal() and len(wide) < 3 else 1
    return number


def _text(cell: Piece) -> str:
    return "".join(text.text for text in texts_in(cell, 6)).replace(" ", "")
