"""Lines of Chinese text that break where Chinese may break."""
import re

from rich.cells import cell_len
from rich.console import Console
from rich.containers import Lines
from rich.text import Text

# no line starts with a closing mark or ends with an opening one: GB/T 15834-2011, section 5.1
_CLOSING = "，。、；：？！）》”’…"
_OPENING = "（《“‘"
_UNIT = re.compile(rf"\s+|[{_OPENING}]*(?:[^\s\u2e80-\uffef{_OPENING}{_CLOSING}]+|.)[{_CLOSING}]*")


class Chinese(Text):
    """Text that folds between any two Chinese characters, but not inside a word or before a closing mark.

    rich itself folds at spaces only, and anywhere in what is longer than a line.
    """

    def wrap(self, console: Console, width: int, **_) -> Lines:
        lines = Lines()
        for line in self.split(allow_blank=True):
            lines.extend(line.divide(_folds(line.plain, width)))
        for line in lines:
            line.rstrip()
        return lines


def _folds(text: str, width: int) -> list[int]:
    """Where to break so that no line is wider; a word longer than a line is cut."""
    folds, column = [], 0
    for unit in _UNIT.finditer(text):
        size = cell_len(unit[0])
        if column and column + size > width and unit[0].strip():
            folds.append(unit.start())
            column = 0
        for offset, char in enumerate(unit[0] if size > width else ""):
            if column and column + cell_len(char) > width:
                folds.append(unit.start() + offset)
                column = 0
            column += cell_len(char)
        column += size if size <= width else 0
    return folds
