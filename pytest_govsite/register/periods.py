"""How long a column may go without news, in the words of a register: 两周, 半年, 10个工作日, *."""
import re
import unicodedata
from typing import NamedTuple

MARKS = {"*": "2w", "★": "6mo"}  # as departments print them, unless the legend of the register says otherwise
SIGNS = "*★☆▲△●○◆◇■□※"

SPAN = re.compile(r"[1-9][0-9]{0,2}(d|w|mo|y|wd)")
COUNT = r"(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)?"
# 1月 and 一月 are January, 1个月 is a month; 周期 is no week
WORDS = re.compile(
    rf"{COUNT}(?:个?(?P<unit>工作日|天|日|星期|周(?!期)|季度|季|年)|(?:个|(?<![0-9一二三四五六七八九十]))(?P<month>月))"
    r"(?![一二三四五六七八九十0-9前底末初])"
)
TIMES = re.compile(r"(?P<n>[0-9]{1,3}|[一二两三四五六七八九十]{1,3})次")
LEGEND = re.compile(rf"[“\"'‘]?([{SIGNS}])[”\"'’]?")
UNITS = {
    "工作日": (1, "wd"), "天": (1, "d"), "日": (1, "d"), "星期": (1, "w"), "周": (1, "w"), "月": (1, "mo"), "季度": (3, "mo"),
    "季": (3, "mo"), "年": (1, "y"),
}
HALVES = {"月": "15d", "年": "6mo"}
OPEN = re.compile(r"实时|随时|及时|即时|适时|不定期|长期|动态|常态|按需|静态|固定|永久|不更新|无")
DIGITS = {digit: number for number, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2}


class Period(NamedTuple):
    """What a cell says: a span such as 2w, or none; and what the user should know of it."""

    span: str | None
    note: str = ""


def read_period(text: str, marks: dict[str, str] = MARKS) -> Period:
    """The period in a cell. Words that name none, or several, give none and a note."""
    text = unicodedata.normalize("NFKC", text).replace(" ", "").lower()
    if not text.strip("-—/") or text in marks or SPAN.fullmatch(text):
        return Period(marks.get(text) or (text if SPAN.fullmatch(text) else None))
    times = TIMES.search(text)
    spans = dict.fromkeys(filter(None, map(_span, WORDS.finditer(TIMES.sub("", text)))))
    if len(spans) == 1:
        several = times and _number(times["n"]) > 1
        span, = spans
        return Period(span, f"更新周期“{text}”按 {span} 内至少一次写入" if several else "")
    signs = [marks[sign] for sign in text if sign in marks]
    if not spans and len(signs) == 1:
        return Period(signs[0])
    if not spans and OPEN.search(text):
        return Period(None, f"更新周期“{text}”没有期限，没有写入 period")
    return Period(None, f"更新周期“{text}”看不懂，没有写入，请自己补上 period，如 \"2w\"")


def read_legend(text: str) -> dict[str, str]:
    """What the marks mean, from the note under a register: “*”内容为更新周期最长为2周."""
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    found, signs = {}, list(LEGEND.finditer(text))
    for sign, following in zip(signs, [*signs, None][1:], strict=True):
        period = read_period(text[sign.end():following.start() if following else None], {})
        if period.span:
            found[sign[1]] = period.span
    return found


def without_signs(name: str) -> tuple[str, str]:
    """A name without the marks around it, and these marks."""
    bare = unicodedata.normalize("NFKC", name).strip(f"{SIGNS} ")
    if not bare:
        return name, ""
    kept = name.strip(f"{SIGNS}＊ ")
    return kept, "".join(char for char in unicodedata.normalize("NFKC", name.replace(kept, "", 1)) if char in SIGNS)


def _span(found: re.Match) -> str:
    name = found["unit"] or found["month"]
    size, unit = UNITS[name]
    if found["n"] == "半":
        return HALVES.get(name, "")
    number = _number(found["n"] or "1") * size
    return f"{number}{unit}" if 0 < number < 1000 else ""


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)
