"""Where in a worksheet the columns of a site stand: its headings in many words, its rows, its notes."""
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from pytest_govsite.register.cells import Grid, RegisterError
from pytest_govsite.register.periods import SIGNS, read_legend

LEVELS = ("level1", "level2", "level3", "level4")
NAMES = (*LEVELS, "name")
UNIT = "处室|科室|股室|单位|部门"
HEADINGS = {
    **{f"level{n}": rf"{word}级(?:栏目|目录|分类|频道|菜单)?(?:名称)?|栏目{word}级" for n, word in enumerate("一二三四", 1)},
    "name": r"(?:子|具体|网站|信息|公开)?栏目(?:名称?|全称|路径)?|栏目设置|名称|(?:频道|目录)(?:名称)?",
    "url": r"(?:栏目|网页|页面|网站|访问|链接)?(?:网址|地址|链接)|url",
    "category": r"(?:栏目|信息|指标)?(?:类别|类型|分类|性质)",
    "period": r"(?:信息|栏目|最低|最长|内容)?更新(?:周期|期限|频率|频次|时限|时间要求|要求|间隔)(?:要求)?|周期|期限|频率|频次|时限",
    "mark": r"(?:更新)?(?:标记|标识|标志|标注)",
    "owner": rf"(?:信息|内容|更新|栏目|日常)*(?:责任|负责|牵头|主办|承办|维护|保障|提供|供稿|发布|主管|归口|管理|主责)+(?:{UNIT}|人员|人)"
    rf"|(?:{UNIT})(?:名称)?",
}
RULES = {field: re.compile(pattern) for field, pattern in HEADINGS.items()}
NOTE = re.compile(r"^(?:注|说明|备注|附注|填表|合计|总计|共计|[0-9]+[.、．]|[(（][0-9一二三四]+[)）])|表中|更新周期最长")
LONGEST_NAME = 60
FARTHEST_HEADER = 30


@dataclass(frozen=True)
class Line:
    """One row below the header: its number as the user counts, its cells by field, and all whose owners it names.

    The field `link` is the address behind the deepest name.
    """

    number: int
    cells: Mapping[str, str]
    owners: tuple[str, ...]


def read_lines(grids: tuple[Grid, ...]) -> tuple[tuple[Line, ...], dict[str, str]]:
    """The rows of the first worksheet with a header, and what its notes say of the marks. Raises RegisterError."""
    grid, header = _with_header(grids)
    fields = _fields(grid.rows[header])
    legend: dict[str, str] = {}
    lines = []
    for number, cells in enumerate(grid.rows):
        filled = [cell for cell in cells if cell]
        if len(filled) == 1 and (number < header or NOTE.search(filled[0]) or len(filled[0]) > LONGEST_NAME):
            legend |= read_legend(filled[0])
        elif number > header and filled and cells != grid.rows[header]:
            lines.append(_line(grid, number, fields))
    return tuple(lines), legend


def _with_header(grids: tuple[Grid, ...]) -> tuple[Grid, int]:
    """The row with the most headings, of several the first: headings may be spread over two rows."""
    for grid in grids:
        rows = range(min(len(grid.rows), FARTHEST_HEADER))
        if heads := [number for number in rows if _is_header(grid.rows[number])]:
            return grid, max(heads, key=lambda number: (len(set(_fields(grid.rows[number]).values())), -number))
    raise RegisterError(
        "没有认出表头；应当有一行写着 一级栏目、二级栏目（或栏目名称），以及 网址、类别、更新周期、责任处室 这样的列名"
    )


def _is_header(row: tuple[str, ...]) -> bool:
    """It names columns and something about them, or it is the one heading of a mere list of names."""
    fields = set(_fields(row).values())
    return bool(fields & set(NAMES)) and (len(fields) > 1 or sum(map(bool, row)) == 1)


def _fields(row: tuple[str, ...]) -> dict[int, str]:
    """Which field stands in which cell. Of two cells for one field the first counts; owners may be several."""
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        text = re.sub(r"\(.*?\)", "", unicodedata.normalize("NFKC", cell)).replace(" ", "").strip(f"{SIGNS}:").lower()
        field = next((field for field, rule in RULES.items() if rule.fullmatch(text)), None)
        if field and (field == "owner" or field not in found.values()):
            found[place] = field
    return found


def _line(grid: Grid, number: int, fields: Mapping[int, str]) -> Line:
    cells = grid.rows[number]
    present = {place: field for place, field in fields.items() if place < len(cells)}
    by_field = {field: cells[place] for place, field in present.items()}
    linked = ["", *(grid.links.get((number, place), "") for place, field in present.items() if field in NAMES)]
    by_field["link"] = next(filter(None, reversed(linked)), "")
    owners = (cells[place] for place, field in present.items() if field == "owner")
    return Line(number + 1, by_field, tuple(dict.fromkeys(filter(None, owners))))
