"""The publication date that a visitor reads between title and body."""
import re
from dataclasses import dataclass
from datetime import date

from pytest_govsite.model.page import ShownDate
from pytest_govsite.reading.article import find_article
from pytest_govsite.reading.flow import plain
from pytest_govsite.reading.sources import read_source

__all__ = ["DATE", "has_printed_form", "parse_date", "read_shown_date", "read_source"]

COLON = r"[:：∶﹕︰]"  # U+2236 stands in the times of some systems
BLANK = r"[^\S\n]"
DAY = (
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?:\s?年\s?|\s?[-/.—–－]\s?)(?P<m>\d{1,2})(?:\s?月\s?|\s?[-/.—–－]\s?)"
    r"(?P<d>\d{1,2})(?!\d)(?:\s?[日号])?"
)
CLOCK = (
    rf"(?:{BLANK}*T?{BLANK}*\d{{1,2}}{BLANK}?(?:{COLON}|时|点){BLANK}?\d{{1,2}}"
    rf"(?:{BLANK}?(?:{COLON}|分){BLANK}?\d{{1,2}}(?:\.\d+)?(?:{BLANK}?秒)?|{BLANK}?分)?)?"
)
DATE = re.compile(DAY + CLOCK)
COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?:\d{2,6})?")
YEARLESS = re.compile(r"(?<![\d\-/.])(?:0?[1-9]|1[0-2])(?:[-/]|月)(?:[0-2]?\d|3[01])日?(?![\d\-/.:：])")
PRINTED_FORM = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")

PUBLISHED = re.compile(
    r"(?:发布|发稿|发表|刊发|刊登|上传|录入|登载|上网|添加|公布|公开|信息|创建|新闻)的?(?:时间|日期|于)$"
    r"|(?:时间|日期)发布$|^发布于?$"
)
UPDATED = re.compile(r"(?:更新|修改|编辑)(?:时间|日期|于)$")
BARE_TIME = re.compile(r"(?:^|[^一-鿿])(?:时间|日期|date|time|pubdate)$", re.IGNORECASE)
OPENERS = "[【(（| "
FOREIGN = re.compile(
    r"成文|发文|生成|印发|签发|制发|制文|截止|截至|开标|投标|开始|结束|起止|有效|生效|实施|施行|废止|失效|到期|会议|征集|报名|公示"
    r"|今天|今日|现在|当前|北京|访问|星期|考试|开庭|收件|办结|答复|回复|来信|受理|下载|打印|出生|任职|举办|召开"
)
OTHER_FIELD = re.compile(r"来源|作者|编辑|浏览|点击|阅读|字体|字号|审核|责编|稿源")
BYLINE = re.compile(r"来\s*源|作\s*者|浏览|点击|阅读|访问量|字\s*[体号]|打印|分享|编辑|责编")
LONGEST_LINE = 200  # a date inside running text is not the publication date


@dataclass(frozen=True)
class _Candidate:
    """A date, what it is said to be (3 published, 2 a time, 1 updated, 0 nothing), and the line that it is on."""

    text: str
    rank: int
    line: int
    in_byline: bool

    @property
    def day(self) -> date | None:
        return parse_date(self.text)


def parse_date(text: str) -> date | None:
    """The first day with a year in a text; None when there is none, or none of the calendar."""
    found = DATE.search(text) or COMPACT.fullmatch(text.strip())
    if not found:
        return None
    try:
        return date(*(int(found[part]) for part in "ymd"))
    except ValueError:
        return None


def has_printed_form(text: str) -> bool:
    """True when the date part is YYYY-MM-DD, the form printed in 网页设计规范; the time may have any form."""
    return bool(PRINTED_FORM.match(text.strip()))


def read_shown_date(html: str) -> ShownDate | None:
    """The publication date between title and body, as written; None when a visitor finds none.

    Never the document's own day (成文、发文、生成日期), a deadline, the page's clock, a hidden date, or one of the body.
    `iso` is None when a date stands there that cannot be attributed: several days without a label, a day without year.
    """
    article = find_article(html)
    for zone in article.zones:
        candidates = _read(zone)
        if article.title is None:
            candidates = [one for one in candidates if one.rank or one.in_byline]
        if candidates:
            return _shown(candidates)
    candidates = [one for one in _read(article.before) if one.rank == 3]
    if candidates:
        return _shown(candidates)
    return _without_year(article.zones[0]) if article.title is not None else None


def _shown(candidates: list[_Candidate]) -> ShownDate:
    best = _best(candidates)
    return ShownDate(best.text, best.day.isoformat()) if best else ShownDate(candidates[0].text, None)


def _read(texts: list[str]) -> list[_Candidate]:
    zone = "\n".join(texts)
    found = []
    for match in DATE.finditer(zone):
        start, end = zone.rfind("\n", 0, match.start()) + 1, zone.find("\n", match.end())
        line = zone[start:end if end >= 0 else None]
        rank = _rank(zone[:match.start()])
        if rank is not None and (rank or len(line) <= LONGEST_LINE):
            number = zone.count("\n", 0, match.start())
            found.append(_Candidate(plain(match.group()), rank, number, bool(BYLINE.search(line))))
    return [one for one in found if one.day]


def _rank(before: str) -> int | None:
    """How the text before a date attributes it; None when it says that the date is another one."""
    last = before.rsplit("\n", 1)[-1].rstrip() or before.rstrip().rsplit("\n", 1)[-1]
    alone = not before.rsplit("\n", 1)[-1].strip()
    word = _label(re.split(r"\s", last[-60:].rstrip(OPENERS))[-1])
    whole = _label(re.sub(r"\s", "", last[-60:]).rstrip(OPENERS))
    ranks = [_rank_label(*name, alone=alone) for name in (word, whole)]
    return max((rank for rank in ranks if rank), default=ranks[-1])


def _label(text: str) -> tuple[str, bool]:
    """The label that a text ends with, and whether a colon makes it one."""
    found = re.search(rf"(?P<name>[一-鿿A-Za-z]{{0,12}})(?P<colon>{COLON}*)$", text)
    return found["name"], bool(found["colon"])


def _rank_label(name: str, colon: bool, *, alone: bool) -> int | None:
    """`alone`: the label has a line of its own, so without a colon only a word for the date is one."""
    if PUBLISHED.search(name):
        return 3
    if BARE_TIME.search(name) and not FOREIGN.search(name):
        return 2
    if UPDATED.search(name):
        return 1
    if not colon:
        return None if FOREIGN.search(name[-6:]) and (not alone or len(name) <= 6) else 0
    return 0 if OTHER_FIELD.search(name) else None


def _best(candidates: list[_Candidate]) -> _Candidate | None:
    for rank in (3, 2, 1):
        ranked = [one for one in candidates if one.rank == rank]
        if ranked:
            return ranked[0]
    in_byline = [one for one in candidates if one.in_byline]
    near = [one for one in candidates if one.line <= 3]
    alike = (some for some in (in_byline, candidates, near) if len({one.day for one in some}) == 1)
    return next((some[0] for some in alike), None)


def _without_year(texts: list[str]) -> ShownDate | None:
    for text in texts:
        found = YEARLESS.search(text)
        if found and len(text) <= LONGEST_LINE and (BYLINE.search(text) or _rank(text[:found.start()])):
            return ShownDate(plain(found.group()), None)
    return None
