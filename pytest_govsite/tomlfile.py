"""TOML files that people write by hand: what is wrong in them, on which line, and what would be right.

The files are validated with pydantic models whose fields carry a Chinese `description`: that text is the second half of
every complaint about the field, so it says what would be right, with an example.
"""
import difflib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

Place = tuple[str | int, ...]
Complaint = tuple[Place, str]

HEADER = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[\w.-]+)\s*\]\]?\s*(?:#.*)?$")
NAMES = ("id", "n", "name", "where", "site")
SHOWN = 60


class Table(BaseModel):
    """A TOML table whose keys are all known; types are never converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _written(text: object) -> object:
    if isinstance(text, str) and not text.strip():
        raise ValueError("不能为空")
    return text.strip() if isinstance(text, str) else text


Text = Annotated[str, BeforeValidator(_written)]


@dataclass(frozen=True)
class Document:
    """A file as parsed, with the line of every table header. `place` is a path such as ("site", 3, "url")."""

    path: Path
    data: dict[str, Any]
    lines: tuple[str, ...]
    headers: dict[Place, int]

    def line(self, place: Place) -> int | None:
        """The line of a key, else of the table that it belongs to; None when the file has neither."""
        table = next((place[:n] for n in range(len(place), 0, -1) if place[:n] in self.headers), ())
        start = self.headers.get(table, 0)
        end = min((line for line in self.headers.values() if line > start), default=len(self.lines) + 1)
        key = next((part for part in place[len(table):] if isinstance(part, str)), None)
        for number in range(start + 1, end):
            if key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", self.lines[number - 1]):
                return number
        inside = (line for header, line in self.headers.items() if not start and header[: len(place)] == place)
        return start or min(inside, default=None)

    def entry(self, place: Place) -> str:
        """The table as its author knows it: `[[site]] xuanhan`; empty for the file as a whole."""
        words, path, value = [], [], self.data
        for number, part in enumerate(place, 1):
            value = _inside(value, part)
            if isinstance(part, str):
                path.append(part)
            elif isinstance(value, dict):
                name = next((value[key] for key in NAMES if value.get(key) not in (None, "")), None)
                head = f"[[{'.'.join(path)}]]" if place[:number] in self.headers else path[-1]
                words.append(f"{head} 第{part + 1}个" if name is None else f"{head} {name}")
        return "，".join(words)

    def complain(self, place: Place, says: str) -> str:
        """One whole sentence: file, line, entry, what is wrong and what would be right."""
        line = self.line(place)
        where = f"{self.path.name} 第{line}行" if line else self.path.name
        entry = self.entry(place)
        return f"{where}，{entry}：{says}" if entry else f"{where}：{says}"


def read(path: Path, error: type[ValueError]) -> Document:
    """The parsed file. Raises `error` when it cannot be read or is no TOML."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
    except FileNotFoundError:
        raise error(f"{path}：没有这个文件，请核对路径") from None
    except OSError as problem:
        raise error(f"{path}：文件读不了（{problem.strerror or problem}），请核对路径和权限") from None
    except UnicodeDecodeError:
        raise error(f"{path}：文件不是 UTF-8 编码，请在编辑器里另存为 UTF-8") from None
    except tomllib.TOMLDecodeError as problem:
        raise error(f"{path}：{_syntax(str(problem))}") from None
    lines = tuple(text.splitlines())
    return Document(Path(path), data, lines, dict(_headers(lines)))


def validate(document: Document, form: type[Table]) -> tuple[Table | None, list[Complaint]]:
    """The validated file, or None and every complaint that the form has about it."""
    try:
        return form.model_validate(document.data), []
    except ValidationError as problem:
        return None, [_complaint(form, fault) for fault in problem.errors()]


def refuse(document: Document, complaints: Sequence[Complaint], error: type[ValueError]) -> None:
    """Raises `error` with all complaints, a line each, in the order of the file. Does nothing without complaints."""
    if complaints:
        ordered = sorted(complaints, key=lambda complaint: document.line(complaint[0]) or 0)
        raise error("\n".join(dict.fromkeys(document.complain(*complaint) for complaint in ordered)))


def similar(word: object, known: Sequence[str]) -> str:
    """`，是不是想写 xuanhan？`, or nothing when no known word comes near."""
    near = difflib.get_close_matches(str(word), known, n=1, cutoff=0.6)
    return f"，是不是想写 {near[0]}？" if near else ""


def twice(document: Document, table: str, key: str) -> Iterator[Complaint]:
    """Complaints about entries of an array of tables that repeat another one's key (upper or lower case alike)."""
    first: dict[str, int] = {}
    for number, value in values(document, table, key):
        place = (table, number, key)
        if (folded := value.casefold()) in first:
            line = document.line((table, first[folded], key))
            yield place, f"{key} “{value}”与第{line}行的重复，请换一个"
        first.setdefault(folded, number)


def values(document: Document, table: str, key: str) -> Iterator[tuple[int, str]]:
    """(number of the entry, value) of a key wherever an array of tables has it as text, however faulty the rest is."""
    entries = document.data.get(table)
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict) and isinstance(entry.get(key), str):
            yield number, entry[key]


def _complaint(form: type[Table], fault: dict) -> Complaint:
    place = tuple(fault["loc"])
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    owner, right = _described(form, place)
    value = _shown(fault["input"])
    if fault["type"] == "missing":
        return place, f"缺少 {key}；{right}"
    if fault["type"] == "extra_forbidden":
        known = list(_keys(owner))
        return place, f"不认识 {key}{similar(key, known) or '；'}这里可以写：{'、'.join(known)}"
    if fault["type"] == "value_error" and isinstance(fault["input"], dict):
        return place, str(fault["ctx"]["error"])
    if fault["type"] == "value_error":
        return place, f"{key} 的值 {value} 不对（{fault['ctx']['error']}）；{right}"
    if isinstance(fault["input"], dict | list):
        return place, f"{key} 的写法不对；{right}"
    choices = re.findall(r"'([^']+)'", fault["ctx"]["expected"]) if fault["type"] == "literal_error" else ()
    hint = similar(fault["input"], choices)
    return place, f"{key} 的值 {value} 不对{hint or '；'}{right}"


def _described(form: type[Table], place: Place) -> tuple[type[Table], str]:
    """The form that a place lies in, and what it says would be right there."""
    right = ""
    for part in place:
        if isinstance(part, str) and (found := _keys(form).get(part)):
            right = found.description or ""
            inner = next(_forms(found.annotation), None)
            if inner is None:
                break
            form = inner
    return form, right


def _keys(form: type[Table]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in form.model_fields.items()}


def _forms(annotation: Any) -> Iterator[type[Table]]:
    if isinstance(annotation, type) and issubclass(annotation, Table):
        yield annotation
    for argument in get_args(annotation):
        yield from _forms(argument)


def _headers(lines: Sequence[str]) -> Iterator[tuple[Place, int]]:
    counts: dict[Place, int] = {}
    for number, line in enumerate(lines, 1):
        if match := HEADER.match(line):
            *outer, last = match["name"].split(".")
            place: Place = ()
            for part in outer:
                place = (*place, part)
                place = (*place, counts[place]) if place in counts else place
            place = (*place, last)
            if match["open"] == "[[":
                counts[place] = counts.get(place, -1) + 1
                place = (*place, counts[place])
            yield place, number


def _inside(value: Any, part: str | int) -> Any:
    try:
        return value[part]
    except (KeyError, IndexError, TypeError):
        return None


def _shown(value: object) -> str:
    """A value as its author wrote it, cut to a readable length."""
    text = f"“{value}”" if isinstance(value, str) and not value.isidentifier() else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _syntax(problem: str) -> str:
    where = re.search(r"at line (\d+), column (\d+)", problem)
    place = f"第{where[1]}行第{where[2]}列附近" if where else "文件末尾附近"
    if "overwrite" in problem.lower() or "twice" in problem.lower():
        return f"{place}同一个键写了两次，请删去一个"
    return f"{place}不合 TOML 的写法，请核对引号、括号和等号（文字要加英文双引号）"
