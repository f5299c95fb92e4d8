"""From the rows of a register to its columns: paths of names, marks and periods, addresses, categories."""
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from pytest_govsite.model.columns import CATEGORIES
from pytest_govsite.model.site import Registered, path_of
from pytest_govsite.reading.categories import category_of
from pytest_govsite.register.cells import Grid, RegisterError
from pytest_govsite.register.layout import LEVELS, Line, read_lines
from pytest_govsite.register.periods import MARKS, read_period, without_signs
from pytest_govsite.sites.form import web_address

HOST_FIRST = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?(?:/.*)?", re.IGNORECASE)
HOME = ("首页", "网站首页")

Path = tuple[str, ...]


@dataclass(frozen=True)
class Register:
    """What a file says: the columns in its order, and what the user should know of single rows."""

    columns: tuple[Registered, ...]
    notes: tuple[str, ...] = ()


def read_register(grids: tuple[Grid, ...], site_url: str) -> Register:
    """The columns in the first worksheet that has a header. Raises RegisterError with every fault of it.

    site_url  the address of the site, from which addresses such as /bmdt/ start.
    """
    lines, legend = read_lines(grids)
    notes: list[str] = []
    found: dict[Path, tuple[int, Registered]] = {}
    faults = []
    for line, path, signs in _named(lines, notes):
        column = _column(line, path, _period(line, path, signs, MARKS | legend, notes), site_url, notes)
        first, known = found.get(path, (line.number, column))
        faults += _conflicts(first, known, line.number, column)
        found[path] = first, _both(known, column)
    if faults:
        raise RegisterError("\n".join(faults))
    if not found:
        raise RegisterError("表头下面一个栏目也没有，没有什么可导入的")
    return Register(tuple(column for _, column in found.values()), tuple(dict.fromkeys(notes)))


def _named(lines: Sequence[Line], notes: list[str]) -> Iterator[tuple[Line, Path, str]]:
    """Each row with the names from the first level down, and the marks that stood at them."""
    above = [""] * len(LEVELS)
    for line in lines:
        texts = [without_signs(line.cells.get(field, "")) for field in LEVELS]
        name, sign = without_signs(line.cells.get("name", ""))
        own = [_whole(text) for text, _ in texts]
        if not any(own) and not name:
            notes.append(f"第{line.number}行没有写栏目名称，没有导入")
            continue
        above = _filled(own, above)
        path = (*filter(None, above), *_leaf(name, above))
        yield line, path, sign + "".join(signs for _, signs in texts)


def _filled(own: list[str], above: list[str]) -> list[str]:
    """The levels of a row; what is left blank before a filled cell repeats the row above, as merged cells do."""
    filled = [place for place, name in enumerate(own) if name]
    first, last = (filled[0], filled[-1]) if filled else (len(own), len(own))
    same = bool(filled) and own[first] == above[first]
    return [
        name or (above[place] if place < first or same and place < last else "") for place, name in enumerate(own)
    ]


def _leaf(name: str, levels: list[str]) -> Path:
    """What the cell 栏目名称 adds: nothing when it repeats the last level, a whole path where there are no levels."""
    if any(levels):
        last = next(filter(None, reversed(levels)))
        return () if name in ("", last) else (_whole(name),)
    path = path_of(name)
    return path[1:] if len(path) > 1 and path[0] in HOME else path


def _whole(name: str) -> str:
    """A name whose own signs do not part it in the sites file."""
    return name.replace("/", "／").replace(">", "＞")


def _column(line: Line, path: Path, period: str | None, site_url: str, notes: list[str]) -> Registered:
    return Registered(
        "/".join(path), _url(line, path, site_url, notes), _category(line, path, notes), period,
        "、".join(line.owners) or None,
    )


def _period(line: Line, path: Path, signs: str, marks: Mapping[str, str], notes: list[str]) -> str | None:
    """By words, else by a mark beside them or at the name."""
    said = read_period(line.cells.get("period", ""), marks)
    marked = read_period(line.cells.get("mark", "") or signs[:1], marks)
    if said.span and marked.span and said.span != marked.span:
        _note(notes, line, path, f"更新周期写的是 {said.span}，标记却是 {marked.span}，按 {said.span} 写入")
    elif note := said.note or marked.note:
        _note(notes, line, path, note)
    return said.span or marked.span


def _url(line: Line, path: Path, site_url: str, notes: list[str]) -> str | None:
    text = line.cells.get("url") or line.cells["link"]
    if not text:
        return None
    try:
        if "://" not in text and not text.startswith("/"):
            if not HOST_FIRST.fullmatch(text):
                raise ValueError("不是网址")
            text = f"http://{text}"
        return web_address(urljoin(site_url, text))
    except ValueError as error:
        _note(notes, line, path, f"网址“{text}”没有写入：{error}")
        return None


def _category(line: Line, path: Path, notes: list[str]) -> str | None:
    text = line.cells.get("category", "")
    bare = text.removesuffix("类").removesuffix("信息类")
    known = (bare,) if bare in CATEGORIES else category_of(bare)
    if text and not known:
        _note(notes, line, path, f"类别“{text}”不认识，没有写入；可写的是 {'、'.join(CATEGORIES)}")
    return known[0] if known else None


def _note(notes: list[str], line: Line, path: Path, says: str) -> None:
    notes.append(f"第{line.number}行“{path[-1]}”：{says}")


def _conflicts(first: int, known: Registered, number: int, column: Registered) -> Iterator[str]:
    """One column in two rows that contradict each other. Several may be in charge of it."""
    for field, word in (("period", "更新周期"), ("category", "类别"), ("url", "网址")):
        one, other = getattr(known, field), getattr(column, field)
        if one and other and one != other:
            yield f"第{first}行和第{number}行都是栏目“{column.name}”，{word}却不同：{one}、{other}；请改好再导入"


def _both(known: Registered, column: Registered) -> Registered:
    owners = [owner for each in (known, column) for owner in (each.owner or "").split("、") if owner]
    return replace(
        known, url=known.url or column.url, category=known.category or column.category,
        period=known.period or column.period, owner="、".join(dict.fromkeys(owners)) or None,
    )
