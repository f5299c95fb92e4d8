"""The day that a list shows for a row: in one text or in several, with a year or without, labelled or not."""
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pytest_govsite.reading.url_days import span_in_url

SEP = r"\s?[-/.·年—–－]\s?"
SEP_DAY = r"\s?[-/.·月—–－]\s?"
FULL = rf"(?P<y>(?:19|20)\d\d){SEP}(?P<m>\d{{1,2}}){SEP_DAY}(?P<d>\d{{1,2}})(?!\d)(?:\s?[日号])?"
CLOCK = r"(?:\s*T?\s*\d{1,2}\s?[:：∶时]\s?\d{1,2}(?:\s?[:：∶分]\s?\d{0,2}(?:\.\d+)?秒?|分)?(?:Z|[+-]\d\d:?\d\d)?)?"
DAY = re.compile(rf"(?<![\d.]){FULL}{CLOCK}")
COMPACT = re.compile(r"(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])")
SHORT_YEAR = re.compile(r"(?P<y>[0-4]\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})")
MONTH_DAY = re.compile(  # 1/29 is a page of 29: with a stroke or a dot only in two digits each
    r"(?=\d{1,2}\s?[-月]|\d\d\s?[/.]\s?\d\d)(?P<m>\d{1,2})\s?[-/.月]\s?(?P<d>\d{1,2})\s?[日号]?(?:\s+\d{1,2}[:：]\d{2})?"
)
YEAR_MONTH = re.compile(r"(?P<y>20\d\d)\s?[-/.年]\s?(?P<m>\d{1,2})\s?月?")
YEAR = re.compile(r"(?P<y>20\d\d)\s?年?")
DAY_ALONE = re.compile(r"(?P<d>\d{1,2})\s?[日号]?")
MONTH_ALONE = re.compile(r"(?P<m>\d{1,2})\s?月?")
SPLIT = (  # what neighbouring texts say together
    (DAY_ALONE, YEAR_MONTH), (YEAR_MONTH, DAY_ALONE), (MONTH_DAY, YEAR), (YEAR, MONTH_DAY),
    (DAY_ALONE, re.compile(r"(?P<m>\d{1,2})\s?月")), (re.compile(r"(?P<m>\d{1,2})\s?月"), DAY_ALONE),
)
SPLIT_IN_THREE = (
    (DAY_ALONE, MONTH_ALONE, YEAR), (YEAR, MONTH_ALONE, DAY_ALONE),
)
WRAPPING = " \t\xa0[]()（）【】〔〕<>《》|·•:：,，/\u2009"

PUBLISHED = re.compile(r"(?:发布|公布|公开|上传|上网|添加|录入|登载|刊登|信息)的?(?:时间|日期)|^发布(?:于|$)|^(?:时间|日期|date|time)$", re.IGNORECASE)
UPDATED = re.compile(r"(?:更新|修改|编辑)(?:时间|日期|于|$)")
OWN = re.compile(r"(?:成文|发文|生成|印发|签发|制发|制定|制文|行文|通过|开始|起始|征集|公示|活动|调查|起止|申报)")
NEVER = re.compile(
    r"截止|截至|结束|有效|生效|实施|施行|执行|废止|失效|到期|开标|报名|会议|开庭|举行|今天|今日|现在|当前|星期|出生|预计|下次|至$|到$"
)
DEADLINE = re.compile(r"截止|截至|施行|实施|废止|有效")
DATING = re.compile(r"时间|日期|^date$|^time$", re.IGNORECASE)
LABEL = re.compile(r"([一-鿿A-Za-z]{1,12})\s*[\]】)）]?\s*[:：]?\s*[\[(（【]?\s*$")
RANGE = re.compile(r"\s*(?:至|到|~|～|—+|--+|－)\s*(?:20\d\d|\d{1,2}\s?[-/.月])")
SENTENCE = re.compile(r"[，。；！？]")
CLOCK_TEXT = re.compile(r"星期|周[一二三四五六日]|今天|今日|现在|农历")  # the page's own clock
REMAINDER = 45  # characters beside a date in one text: more is running text, whose dates are none of the row
PUBLISHING, PLAIN, UPDATING, OF_DOCUMENT = 3, 2, 1, 0
TOLERANCE = timedelta(days=20)  # the list may show a day some days from the one in the address


@dataclass(frozen=True)
class Scrap:
    """A text of a row: hidden within the row, its names (class of what is around it), the head of its table column."""

    text: str
    hidden: bool = False
    names: str = ""
    head: str = ""


@dataclass(frozen=True)
class Listed:
    """The day of a row. written: as on the page; iso None: month and day only. own: the document's own day, a period's
    first day: no day of publication. rank: how plainly the page says that it is the day of publication.
    """

    written: str
    iso: str | None
    month_day: tuple[int, int] | None = None
    own: bool = False
    rank: int = PLAIN
    hidden: bool = False
    named: bool = False


def read_day(scraps: Sequence[Scrap]) -> Listed | None:
    """The day that the texts of a row show, the likeliest where there are several; None when they show none.

    A day of publication goes before one without a label, that before the document's own day; what is seen goes before
    what is hidden; the last of equals counts. Deadlines and days inside running text never do.
    """
    found = read_days(scraps)
    seen = [one for one in found if not one.hidden] or found
    best = max((one.rank for one in seen), default=None)
    ranked = [one for one in seen if one.rank == best]
    named = [one for one in ranked if one.named] or ranked
    return named[-1] if named else None


def is_day(text: str) -> bool:
    """The text is a day and nothing else."""
    return bool(_whole(text.strip(WRAPPING)))


def days_among(texts: Sequence[str]) -> frozenset[int]:
    """Which of the texts are a day or a part of one."""
    scraps, found, skip = [Scrap(text) for text in texts], set(), 0
    for i, text in enumerate(texts):
        if i < skip:
            continue
        split = _split(scraps, i)
        if split:
            skip = i + split[1]
            found.update(range(i, skip))
        elif is_day(text):
            found.add(i)
    return frozenset(found)


def day_at_end(text: str) -> tuple[str, Listed] | None:
    """A title that ends with a day, and the two apart."""
    found = re.search(rf"^(?P<title>.{{4,}}?)[\s\[(（【]+(?P<day>{FULL}{CLOCK}|\d{{1,2}}[-/.]\d{{1,2}})[\s\])）】]*$", text)
    listed = _whole(found["day"]) if found else None
    return (found["title"].rstrip(WRAPPING), listed) if listed else None


def day_in_attribute(text: str) -> str | None:
    """The day that an attribute or a script tells, with its year: for publication or change, else the only one."""
    days = [(found.start(), _iso(found)) for found in DAY.finditer(text[:1000])]
    days = [(start, iso) for start, iso in days if iso]
    for start, iso in days:
        label = LABEL.search(text[:start])
        if label and (PUBLISHED.search(label[1]) or UPDATED.search(label[1])):
            return iso
    return days[0][1] if len(days) == 1 and is_day(text) else None


def with_year(listed: Listed, url: str) -> Listed:
    """Month and day get the year of the address, if the day or month in the address agrees within some days."""
    span = span_in_url(url) if listed.iso is None and listed.month_day else None
    if span is None:
        return listed
    for year in (span[0].year, span[0].year + 1, span[0].year - 1):
        try:
            day = date(year, *listed.month_day)
        except ValueError:
            continue
        if span[0] - TOLERANCE <= day <= span[1] + TOLERANCE:
            return replace(listed, iso=day.isoformat())
    return listed


def read_days(scraps: Sequence[Scrap]) -> list[Listed]:
    """All days of a row that may be shown for it, in order."""
    found, skip, before = [], 0, ""
    for i, scrap in enumerate(scraps):
        if i < skip:
            continue
        bare = scrap.text.strip(WRAPPING)
        split = _split(scraps, i)
        if split:
            listed, used = split
            skip = i + used
            found += _ranked(listed, scrap, before)
        elif whole := _whole(bare):
            found += _ranked(whole, scrap, before)
        else:
            found += _within(scrap)
        before = bare
    return found


def _whole(bare: str) -> Listed | None:
    """A day that fills the text."""
    if not 3 <= len(bare) <= 40:
        return None
    full = DAY.fullmatch(bare) or COMPACT.fullmatch(bare) or SHORT_YEAR.fullmatch(bare)
    if full:
        iso = _iso(full)
        return Listed(bare, iso) if iso else None
    short = MONTH_DAY.fullmatch(bare)
    return _yearless(bare, short) if short else None


def _yearless(written: str, found: re.Match) -> Listed | None:
    month, day = int(found["m"]), int(found["d"])
    try:
        date(2024, month, day)
    except ValueError:
        return None
    return Listed(written, None, (month, day))


def _iso(found: re.Match) -> str | None:
    year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
    try:
        day = date(year, int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    return day.isoformat() if 1990 <= day.year <= 2099 else None


def _split(scraps: Sequence[Scrap], i: int) -> tuple[Listed, int] | None:
    """A day that neighbouring texts say together, and how many texts it takes."""
    bare = [scrap.text.strip(WRAPPING) for scrap in scraps[i:i + 3]]
    if len(bare) < 2 or not all(1 <= len(text) <= 12 and text[0].isdigit() for text in bare[:2]):
        return None
    for forms in (*SPLIT_IN_THREE, *SPLIT):
        part = bare[:len(forms)]
        if len(part) < len(forms) or any(len(text) > 12 for text in part):
            continue
        matches = [form.fullmatch(text) for form, text in zip(forms, part, strict=True)]
        if all(matches):
            named = {name: value for match in matches for name, value in match.groupdict().items() if value}
            listed = _joined(" ".join(part), named)
            if listed:
                return listed, len(forms)
    return None


def _joined(written: str, parts: dict[str, str]) -> Listed | None:
    try:
        day = date(int(parts.get("y", 2024)), int(parts["m"]), int(parts["d"]))
    except (ValueError, KeyError):
        return None
    if "y" in parts:
        return Listed(written, day.isoformat())
    return Listed(f"{day.month:02d}-{day.day:02d}", None, (day.month, day.day))


def _ranked(listed: Listed, scrap: Scrap, before: str) -> list[Listed]:
    """The day with the rank that its column or the text before it gives; none when they say it is another one."""
    label = LABEL.search(before[-20:])
    said = scrap.head or (label[1] if label and DATING.search(label[1]) else "")
    return _with_rank(listed, said, scrap)


def _with_rank(listed: Listed, said: str, scrap: Scrap) -> list[Listed]:
    rank, own = PLAIN, False
    if said and PUBLISHED.search(said):
        rank = PUBLISHING
    elif said and NEVER.search(said):
        return []
    elif said and OWN.search(said) and DATING.search(said):
        rank, own = OF_DOCUMENT, True
    elif said and UPDATED.search(said):
        rank = UPDATING
    named = bool(re.search(r"date|time|\brq\b|\bsj\b|fbsj|fbrq", scrap.names))
    return [replace(listed, rank=rank, own=own, hidden=scrap.hidden, named=named)]


def _within(scrap: Scrap) -> list[Listed]:
    """Days inside a short text of particulars: 来源：… 发布时间：2026-09-15 浏览：33."""
    text = scrap.text
    if len(text) > 300 or CLOCK_TEXT.search(text):
        return []
    matches = [found for found in DAY.finditer(text) if _iso(found)][:6]
    rest = len(text) - sum(len(found.group()) for found in matches)
    found: list[Listed] = []
    for match in matches:
        label = LABEL.search(text[max(0, match.start() - 30):match.start()])
        said = label[1] if label else ""
        labelled = bool(said and (PUBLISHED.search(said) or UPDATED.search(said) or DATING.search(said)))
        if not labelled and (rest > REMAINDER or SENTENCE.search(text)):
            continue
        plain = labelled or DEADLINE.search(said)
        listed = _with_rank(Listed(match.group().strip(), _iso(match)), said if plain else scrap.head, scrap)
        if listed and RANGE.match(text[match.end():]):
            return found + [replace(one, own=True, rank=OF_DOCUMENT) for one in listed]
        found += listed
    return found
