"""The forms in which pages write a day."""
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

COLON = r"[:：∶﹕︰]"  # U+2236 stands in the times of some systems
BLANK = r"[^\S\n]"
DAY = (
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?:\s?年\s?|\s?[-/.—–]\s?)(?P<m>\d{1,2})(?:\s?月\s?|\s?[-/.—–]\s?)"
    r"(?P<d>\d{1,2})(?!\d)(?:\s?[日号])?"
)
CLOCK = (
    rf"(?:{BLANK}*T?{BLANK}*(?:[上下]午{BLANK}?)?\d{{1,2}}{BLANK}?(?:{COLON}|时|点){BLANK}?\d{{1,2}}"
    rf"(?:{BLANK}?(?:{COLON}|分){BLANK}?\d{{1,2}}(?:\.\d+)?(?:{BLANK}?秒)?|{BLANK}?分)?(?:{BLANK}?[AP]M\b)?)?"
)
DATE = re.compile(DAY + CLOCK)
# year and day in boxes of their own: 2026 09/16
PARTED = re.compile(rf"(?<!\d)(?P<y>20\d\d)\s{{1,3}}(?P<m>\d\d)\s?[-/]\s?(?P<d>\d\d)(?!\d){CLOCK}")
COMPACT = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?:\d{2,6})?(?![\d-])")
SPELLED = re.compile(
    r"(?P<y>[一二][〇○零ОO0一二三四五六七八九]{3})年(?P<m>十[一二]?|[一二三四五六七八九元])月"
    r"(?P<d>[二三]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|[一二三四五六七八九])日"
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<m>{'|'.join(MONTHS)})[a-z]*\.?"
ENGLISH = (
    re.compile(rf"\b{_MONTH}{BLANK}?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?{BLANK}?(?P<y>20\d\d)\b{CLOCK}", re.IGNORECASE),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{BLANK}{_MONTH},?{BLANK}(?P<y>20\d\d)\b{CLOCK}", re.IGNORECASE),
    re.compile(
        rf"\b[MTWFS][a-z]{{2}} {_MONTH} (?P<d>\d\d) \d\d:\d\d:\d\d [A-Z]{{3}}(?:[+-]\d\d:?\d\d)? (?P<y>20\d\d)\b", re.IGNORECASE,
    ),
)
INCOMPLETE = (
    re.compile(rf"(?<![\d\-/.])(?:0?[1-9]|1[0-2])(?:[-/]|月)(?:[0-2]?\d|3[01])日?(?![\d\-/.:：]){CLOCK}"),
    re.compile(r"(?<![\d\-/.])20\d\d(?:年|[-/.])\d{1,2}月?(?![\d\-/.:：号日])"),
    re.compile(rf"(?<!\d)\d{{1,3}}{BLANK}?(?:秒|分钟|个?小时|天|周|个?月|年)(?:之?前|ago)|(?:刚刚|昨天|前天)(?:{BLANK}?\d\d?{COLON}\d\d)?"),
)
DIGITS = re.compile(rf"\d(?:[\d\-/.年月日]|{COLON}|{BLANK}(?=\d)){{3,}}")  # what else may stand behind a label
FORMS = {"whole": (DATE, PARTED, SPELLED, *ENGLISH), "part": INCOMPLETE, "digits": (COMPACT, DIGITS)}
PRINTED_FORM = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
NO_DAY = frozenset({"1970-01-01", "1900-01-01"})  # what programs print for nothing
WIDE = str.maketrans("０１２３４５６７８９－／．", "0123456789-/.")
NUMERALS = {sign: str(value) for value, signs in enumerate(("〇○零ОO0", *"一二三四五六七八九")) for sign in signs}


@dataclass(frozen=True)
class Day:
    """A day as it stands in a text, `text` with its clock; `iso` is None when it tells no certain day.

    form  whole: it is a day wherever it stands; part: without year or day of the month; digits: only a label makes it one.
    """

    text: str
    start: int
    end: int
    iso: str | None = None
    form: Literal["whole", "part", "digits"] = "whole"


def find_days(text: str) -> list[Day]:
    """All days of a text, in their order, none overlapping another."""
    narrow = text.translate(WIDE)
    found: list[Day] = []
    for form, patterns in FORMS.items():
        for match in (match for pattern in patterns for match in pattern.finditer(narrow)):
            if not any(match.start() < day.end and day.start < match.end() for day in found):
                found.append(Day(text[match.start():match.end()], match.start(), match.end(), _iso(match), form))
    return sorted(found, key=lambda day: day.start)


def _iso(match: re.Match) -> str | None:
    day = _day(match) if "y" in match.re.groupindex else None
    return day.isoformat() if day and day.isoformat() not in NO_DAY else None


def _day(match: re.Match) -> date | None:
    try:
        return date(*(_number(match[part]) for part in "ymd"))
    except ValueError:
        return None


def _number(written: str) -> int:
    """Arabic, spelled, or the name of a month."""
    if written.isdecimal() and written.isascii():
        return int(written)
    if written.lower() in MONTHS:
        return MONTHS.index(written.lower()) + 1
    if len(written) == 4:
        return int("".join(NUMERALS[sign] for sign in written))
    tens, ten, ones = written.replace("元", "一").replace("廿", "二十").rpartition("十")
    return (10 * int(NUMERALS.get(tens, "1")) if ten else 0) + int(NUMERALS.get(ones, "0"))


def parse_date(text: str) -> date | None:
    """The first day with a year in a text; None when there is none, or none of the calendar."""
    narrow = text.translate(WIDE)
    found = DATE.search(narrow) or COMPACT.fullmatch(narrow.strip())
    return _day(found) if found else None


def has_printed_form(text: str) -> bool:
    """True when the date part is YYYY-MM-DD, the form printed in 网页设计规范; the time may have any form."""
    return bool(PRINTED_FORM.match(text.strip()))
