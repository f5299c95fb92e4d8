"""Personal data of citizens on a page: in its texts, in the cell beside a label, in the column below one.

A page comes as pieces in document order, from HTML or from a tab of a browser: texts (each led by "=") and the marks of tables
("<table", "</table", "<tr", "<td" with its colspan after a blank).
"""
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

from pytest_govsite.reading.masking import (
    OFFICIAL, is_heading, is_name, is_of_letters, is_suspect, kind_of_label, masked, masked_value,
)

TAG = re.compile(r"<[/!?A-Za-z][^<>]*>")
WHOLE = {"<!--": re.compile("-->"), "<script": re.compile(r"</script\s*>", re.I), "<style": re.compile(r"</style\s*>", re.I)}
OPENING = re.compile("|".join(WHOLE), re.IGNORECASE)
MARK = re.compile(r"<(/?table|tr|t[dh])\b", re.IGNORECASE)
SPAN = re.compile(r"\bcolspan\s*=\s*[\"']?(\d{1,2})", re.IGNORECASE)
ATTRIBUTE = re.compile(r"(?P<name>[\w:-]+)(?P<sign>\s*=\s*)(?P<value>\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
ADDRESSES = frozenset({"href", "src", "action", "background", "cite", "formaction", "poster", "srcset"})
CALLS = ("tel:", "sms:", "javascript:")
FIELD = re.compile(r"<input\b(?![^>]*\btype\s*=\s*[\"']?(?:hidden|submit|button|image|checkbox|radio|reset))", re.IGNORECASE)
NEAR = 8  # texts after a name, among which a leader's particulars stand
ROWS = 600  # texts below a heading that stand in its columns
DAY = re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}")

Told = Iterator[tuple[int, str]]
Token = tuple[str, str]  # "text", "tag" or "other" (scripts, styles, comments), and how it is written


def masked_page(text: str) -> str:
    """The HTML of a page with what is personal on it masked; the very same text where nothing is. Nothing else is altered."""
    if not is_suspect(text):
        return text
    tokens = list(_tokens(text))
    places, pieces = _pieces(tokens)
    letters = any(map(is_of_letters, pieces))
    fresh = {places[number]: value for number, value in changes(pieces).items()}
    return "".join(_written(token, fresh.get(number), letters) for number, token in enumerate(tokens))


def changes(pieces: Sequence[str]) -> dict[int, str]:
    """What must be put in place of which texts, by their place among the pieces."""
    texts = {number: piece[1:] for number, piece in enumerate(pieces) if piece[:1] == "="}
    letters = any(map(is_of_letters, texts.values()))
    fresh = {number: masked(text, letters) for number, text in texts.items()}
    shown = {number: text for number, text in texts.items() if text.strip("\xa0\u3000 \t\r\n")}
    for number, kind in (*_beside(shown, letters), *_below(pieces, letters), *_lined_up(pieces, shown, letters)):
        fresh[number] = masked_value(fresh[number], kind)
    return {number: text for number, text in fresh.items() if text != texts[number]}


def _beside(shown: dict[int, str], letters: bool) -> Told:
    """Texts after a label of their own. A heading after a label is no value: both stand in the head of a table."""
    numbers, texts = list(shown), list(shown.values())
    for place in range(len(texts) - 1):
        kind = kind_of_label(texts[place])
        if kind in ("named", "place") and (not letters or _is_official(texts[place + 1: place + 1 + NEAR])):
            continue
        if kind and not is_heading(texts[place + 1]):
            yield numbers[place + 1], kind


def _is_official(texts: Sequence[str]) -> bool:
    return any(len(text) < 40 and OFFICIAL.search("".join(text.split())) for text in texts)


def _below(pieces: Sequence[str], letters: bool) -> Told:
    """Texts of table columns whose heading names a citizen's particulars."""
    heads: dict[int, dict[int, str]] = {}
    for table, row in _rows(pieces):
        texts = {column: "".join(text for _, text in cell) for column, cell in row.items()}
        if len(texts) > 1 and all(map(is_heading, texts.values())):
            heads[table] = _kinds(texts, letters)
            continue
        for column, kind in heads.get(table, {}).items():
            yield from ((number, kind) for number, _ in row.get(column, ()))


def _kinds(texts: dict[int, str], letters: bool) -> dict[int, str]:
    kinds = {place: kind_of_label(text) for place, text in texts.items()}
    return {place: kind for place, kind in kinds.items() if kind and (letters or kind not in ("named", "place"))}


def _rows(pieces: Sequence[str]) -> Iterator[tuple[int, dict[int, list[tuple[int, str]]]]]:
    """Rows of tables as they end: which table (by the place of its mark), and the texts of each column with their places."""
    tables: list[_Table] = []
    for number, piece in enumerate(pieces):
        mark, _, span = piece.partition(" ")
        if piece[:1] == "=":
            if tables and tables[-1].next and piece[1:].strip():
                tables[-1].row.setdefault(tables[-1].column, []).append((number, piece[1:]))
        elif mark == "<table":
            tables.append(_Table(number))
        elif tables and mark == "<td":
            tables[-1].column, tables[-1].next = tables[-1].next, tables[-1].next + int(span or 1)
        elif tables:
            yield tables[-1].place, tables[-1].row
            place = tables.pop().place
            tables += [_Table(place)] if mark == "<tr" else []


@dataclass
class _Table:
    """A table while its rows go by: the column of the last cell, and where the next begins."""

    place: int
    column: int = 0
    next: int = 0
    row: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


def _lined_up(pieces: Sequence[str], shown: dict[int, str], letters: bool) -> Told:
    """Texts below a line of headings that is no table: every so many texts, or as far from a day as their heading is."""
    if not letters:
        return
    inside = _inside(pieces)
    outside = {number: text for number, text in shown.items() if not inside[number]}
    numbers, texts = list(outside), list(outside.values())
    place = 0
    while place < len(texts):
        heads = list(islice(_while_heading(texts, place), 12))
        kinds = _kinds(dict(enumerate(heads)), letters)
        begin = place + len(heads)
        if len(heads) > 2 and "writer" in kinds.values():
            yield from _in_columns(numbers, texts, begin, heads, kinds)
        place = max(begin, place + 1)


def _inside(pieces: Sequence[str]) -> list[bool]:
    """Of each piece whether it stands in a table."""
    steps = accumulate((piece[:6] == "<table") - (piece == "</table") for piece in pieces)
    return [depth > 0 for depth in steps]


def _while_heading(texts: Sequence[str], place: int) -> Iterator[str]:
    while place < len(texts) and is_heading(texts[place]):
        yield texts[place]
        place += 1


def _in_columns(numbers: Sequence[int], texts: Sequence[str], begin: int, heads: Sequence[str], kinds: dict[int, str]) -> Told:
    day = next((place for place, head in enumerate(heads) if "时间" in head or "日期" in head), None)
    for place in range(begin, min(len(texts), begin + ROWS)):
        if not is_name(texts[place].strip()):
            continue
        for column, kind in kinds.items():
            beside = place + day - column if day is not None else -1
            if (place - begin) % len(heads) == column or (0 <= beside < len(texts) and DAY.search(texts[beside])):
                yield numbers[place], kind


def _tokens(text: str) -> Iterator[Token]:
    """The tokens of HTML, which together are the text again. Each character is looked at a few times at most, whatever is written."""
    place, unended = 0, set()
    while place < len(text):
        end = _end_of_whole(text, place, unended)
        kind = "other" if end else "tag"
        if not end and (found := TAG.match(text, place)):
            end = found.end()
        if not end:
            kind, end = "text", text.find("<", place + 1)
            end = end if end > 0 else len(text)
        yield kind, text[place:end]
        place = end


def _end_of_whole(text: str, place: int, unended: set[str]) -> int:
    """Where a comment, script or style that begins here ends; 0 where none begins, or it never ends (then no later one does)."""
    opening = OPENING.match(text, place)
    name = opening[0].lower() if opening else ""
    if not name or name in unended:
        return 0
    if found := WHOLE[name].search(text, opening.end()):
        return found.end()
    unended.add(name)
    return 0


def _pieces(tokens: Sequence[Token]) -> tuple[list[int], list[str]]:
    """The pieces of a page, and of which token each was made."""
    places, pieces = [], []
    for number, token in enumerate(tokens):
        piece = _piece(*token)
        if piece:
            places.append(number)
            pieces.append(piece)
    return places, pieces


def _piece(kind: str, text: str) -> str:
    if kind == "text":
        return f"={html.unescape(text)}"
    if kind == "other":
        return ""
    if mark := MARK.match(text):
        name = mark[1].lower().replace("th", "td")
        span = SPAN.search(text) if name == "td" else None
        return f"<{name} {span[1]}" if span else f"<{name}"
    return f"={html.unescape(_value(text))}" if FIELD.match(text) else ""


def _value(tag: str) -> str:
    found = next((one["value"] for one in ATTRIBUTE.finditer(tag) if one["name"].lower() == "value"), "")
    return found.strip("\"'")


def _written(token: Token, fresh: str | None, letters: bool) -> str:
    kind, text = token
    if kind == "text":
        return text if fresh is None else html.escape(fresh, quote=False)
    if kind == "other":
        return masked(text)
    if fresh is None and not is_suspect(text):
        return text
    return ATTRIBUTE.sub(lambda found: _attribute(found, fresh, letters), text)


def _attribute(found: re.Match[str], fresh: str | None, letters: bool) -> str:
    value, name = found["value"], found["name"].lower()
    quote = value[0] if value[0] in "\"'" else ""
    bare = value[len(quote): len(value) - len(quote)]
    if name == "value" and fresh is not None:
        return f'{found["name"]}{found["sign"]}"{html.escape(fresh)}"'
    if name in ADDRESSES and not bare.lower().startswith(CALLS):
        return found.group()
    return f"{found['name']}{found['sign']}{quote}{masked(bare, letters)}{quote}"
