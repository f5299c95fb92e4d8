"""The publication date that a visitor reads between title and body."""
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_govsite.model.page import ShownDate
from pytest_govsite.reading.article import Article, Place, Zone, find_article
from pytest_govsite.reading.attribution import WEEKDAY, Rank, rank_of
from pytest_govsite.reading.days import DATE, Day, find_days, has_printed_form, parse_date
from pytest_govsite.reading.flow import SEAM, plain
from pytest_govsite.reading.particulars import has_credit, is_byline, squeezed
from pytest_govsite.reading.sources import read_source

__all__ = ["DATE", "has_printed_form", "parse_date", "read_shown_date", "read_source", "shown_date"]

LONGEST_LINE = 200  # a date inside running text is not the publication date
READ_OF_A_LINE = 2000
FEW = 8  # characters beside a day that leave it the matter of its line
NEAR = 3  # lines from the title
PUBLISHED, ENTERED, TIMED, IN_BYLINE, ABOVE, UPDATED, CLAIMED, ALONE, LATE = 50, 40, 30, 27, 25, 20, 15, 10, 9
BESIDE_CREDIT = 8
OPEN = 0
FOLLOWS = re.compile(
    r"[\s\])）】〕|｜丨/,，;；·&]|来源|稿源|作者|浏览|访问|点击|阅读|编辑|字[体号]|打印|分享|责[任编]|发[布表]|更新|录入|信息|文章|星期|周[一二三四五六日]|审核|收藏|人气|评论|点赞|次浏览|$"
)
RANGE_AFTER = re.compile(r"\s*(?:至|到|起至?|[-—–~～]+)\s*(?:(?:19|20)\d\d|\d{1,2}月|\d{1,2}[-/.]\d)|\s*(?:起|前|以前|之前|截止)")
RANGE_BEFORE = re.compile(r"\d[日号]?\s*(?:至|到|[-—–~～]+)\s*$")
HOUR_OF_AN_EVENT = re.compile(r"\s*[（(]?(?:[上下]午|晚上?|星期|周[一二三四五六日])")
PLACE_OF_AN_EVENT = re.compile(r"地\s*[点址]")
OF_A_SPEECH = re.compile(r"[（(〔]\s*(?:19|20)\d\d\s?年\s?(?:[1-9]\s?月\s?\d{1,2}|1[0-2]\s?月\s?[1-9])\s?日\s*[)）〕]")


@dataclass(frozen=True)
class _Candidate:
    """A day, how well its place and label vouch for it, and the line of its zone that it is on."""

    day: Day
    score: int
    line: int
    iso: str | None


def read_shown_date(html: str) -> ShownDate | None:
    """The publication date between title and body, as written; None when a visitor finds none.

    Never the document's own day (成文、发文、生成日期), a deadline, the page's clock, a hidden date, or one of the body.
    `iso` is None when a date stands there that cannot be attributed: several days without a label, a day without year.
    """
    return shown_date(find_article(html))


def shown_date(article: Article) -> ShownDate | None:
    """The publication date of a page whose title and body are found."""
    candidates = [one for zone in article.zones for one in _candidates(zone, article)]
    best = max((one.score for one in candidates), default=OPEN)
    top = [one for one in candidates if one.score == best]
    if not top:
        return None
    chosen = _agreed(top) if best in (IN_BYLINE, ALONE, LATE) else top[0]
    return ShownDate(as_written(chosen.day), chosen.iso) if chosen else ShownDate(as_written(top[0].day), None)


def as_written(day: Day) -> str:
    """The text of a day as a visitor reads it: where only two elements part day and clock, they do not run together."""
    return plain(re.sub(rf"(?<=\d){SEAM}(?=\d)", " ", day.text))


def _agreed(top: Sequence[_Candidate]) -> _Candidate | None:
    """Of days that no label tells apart: the only one, or the only one near the title."""
    near = [one for one in top if one.line <= NEAR]
    return next((some[0] for some in (top, near) if len({one.iso for one in some}) == 1 and some[0].iso), None)


def _candidates(zone: Zone, article: Article) -> Iterator[_Candidate]:
    texts = [text[:READ_OF_A_LINE] for text in zone.texts]
    for number, text in enumerate(texts):
        for day in find_days(text):
            around = _Around(texts, number, day)
            score = _score(around, zone.place, article)
            if score is not None:
                certain = score > OPEN and day.iso and not around.is_doubtful
                yield _Candidate(day, score, number, day.iso if certain else None)


@dataclass(frozen=True)
class _Around:
    """A day and what stands around it."""

    texts: Sequence[str]
    number: int
    day: Day

    @property
    def line(self) -> str:
        return self.texts[self.number]

    @property
    def before(self) -> str:
        return self.line[:self.day.start]

    @property
    def after(self) -> str:
        return self.line[self.day.end:]

    @property
    def above(self) -> str:
        return next((text for text in reversed(self.texts[:self.number]) if text.strip()), "")

    @property
    def below(self) -> str:
        return next((text for text in self.texts[self.number + 1:] if text.strip()), "")

    @property
    def rank(self) -> Rank:
        return rank_of(self.before, self.above)

    @property
    def in_byline(self) -> bool:
        return is_byline(self.before + self.after)

    @property
    def credited(self) -> bool:
        """Source, author or counts stand on its line, or on the line before or after."""
        return any(has_credit(text) for text in (self.before + self.after, self.above, self.below))

    @property
    def alone(self) -> bool:
        """Nothing else stands on its line."""
        return not re.search(r"\w", self.before + self.after)

    @property
    def is_period(self) -> bool:
        return bool(RANGE_AFTER.match(self.after) or RANGE_BEFORE.search(self.before))

    @property
    def is_event(self) -> bool:
        """The hour or the place of an event follows."""
        return bool(HOUR_OF_AN_EVENT.match(self.after) or PLACE_OF_AN_EVENT.search(self.after[:20] or self.below[:4]))

    @property
    def stands_free(self) -> bool:
        """No sentence goes on around it."""
        short = len(self.line) <= LONGEST_LINE
        tied = self.before and not re.search(r"\W$", self.before) and not self.in_byline and len(squeezed(self.before)) > 20
        return short and bool(FOLLOWS.match(self.after) or self.after.startswith(SEAM)) and not tied

    @property
    def is_doubtful(self) -> bool:
        """Without a label it may be the page's clock, the day of a speech, or belong to a table's head."""
        if self.rank > Rank.SILENT:
            return False
        clock = WEEKDAY.match(self.after) and not self.in_byline
        speech = OF_A_SPEECH.search(squeezed(self.line)) and not has_credit(self.line)
        return bool(clock or speech or (self.alone and self._below_another_day))

    @property
    def _below_another_day(self) -> bool:
        days = find_days(self.above[:READ_OF_A_LINE])
        only = len(days) == 1 and not re.search(r"\w", self.above[:days[0].start] + self.above[days[0].end:])
        return only and days[0].iso != self.day.iso


def _score(around: _Around, place: Place, article: Article) -> int | None:
    """How well place and label vouch for a day; OPEN when it may be the one, None when it is not."""
    rank = around.rank
    if rank is Rank.FOREIGN or (around.is_period and rank < Rank.ENTERED):
        return None
    if rank is Rank.TIME and around.is_event and not around.in_byline:
        return None
    if rank is Rank.SILENT and not around.stands_free:
        return None
    if rank <= Rank.SILENT and not _passes_for_a_day(around):
        return None
    if not _may_stand(around, rank, place, article):
        return None
    if rank is Rank.UNKNOWN or around.is_doubtful or _is_stray(around, rank, place, article):
        return OPEN
    if around.day.iso is None:
        return CLAIMED if rank >= Rank.ENTERED else OPEN
    return _score_of(rank, around, place)


def _is_stray(around: _Around, rank: Rank, place: Place, article: Article) -> bool:
    """Unvouched for, where other things than particulars may stand as well."""
    if rank >= Rank.ENTERED or has_credit(around.line):
        return False
    if place is Place.LATE:
        return not article.body.boxed
    if place is Place.BETWEEN:
        apart = around.number > NEAR or (not around.below and article.list_follows)
        named = re.search(r"[^\W\d_]", around.before) and not around.in_byline
        return rank is Rank.SILENT and not article.body.found and bool(apart or named)
    return (place is Place.HEAD and not around.credited) or (place is Place.EARLIER and rank < Rank.TIME)


def _passes_for_a_day(around: _Around) -> bool:
    """Without a label: a part of a day is one where nothing else stands, or beside a source; bare digits never are."""
    spaced = not around.before or around.before[-1].isspace()
    few = len(squeezed(around.before + around.after)) <= FEW
    placed = around.alone or (spaced and (around.in_byline or few))
    return around.day.form == "whole" or (around.day.form == "part" and placed)


def _may_stand(around: _Around, rank: Rank, place: Place, article: Article) -> bool:
    if place is Place.BETWEEN or (place is not Place.ABOVE and rank >= Rank.ENTERED):
        return True
    if place in (Place.LATE, Place.EARLIER):
        return has_credit(around.line) or (around.alone and around.day.form == "whole")
    if place is Place.HEAD:
        return around.credited or around.alone
    if place is Place.ABOVE:
        near = len(around.texts) - around.number <= NEAR
        return rank >= Rank.ENTERED or (near and has_credit(around.line) and rank >= Rank.SILENT)
    return rank > Rank.UPDATED or has_credit(around.line)


def _score_of(rank: Rank, around: _Around, place: Place) -> int:
    if place is Place.ABOVE:
        return ABOVE + (rank is Rank.PUBLISHED) if rank >= Rank.ENTERED else BESIDE_CREDIT
    if rank is Rank.SILENT:
        return IN_BYLINE if around.in_byline else (LATE if place is Place.LATE else ALONE)
    plain_score = {Rank.PUBLISHED: PUBLISHED, Rank.ENTERED: ENTERED, Rank.TIME: TIMED, Rank.UPDATED: UPDATED}[rank]
    return plain_score + 5 if rank is Rank.TIME and around.in_byline else plain_score
