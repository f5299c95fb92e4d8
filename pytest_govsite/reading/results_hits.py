"""The results of a result page: links that repeat alike, each with its summary and day, told from menus and side lists."""
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from pytest_govsite.model.search import Hit
from pytest_govsite.reading.days import find_days
from pytest_govsite.reading.list_dates import Scrap, read_day
from pytest_govsite.reading.list_links import BRACKETED, CLICKED, GENERIC, HEADS, NAMING, Link, read_link, texts_in
from pytest_govsite.reading.list_pieces import TEXT, Piece
from pytest_govsite.reading.results_match import bare, unwrap
from pytest_govsite.reading.results_page import BESIDE_HEADING, ResultsPage, is_beside, joined

MOST_HITS, MOST_CANDIDATES, MOST_TEXTS = 50, 1200, 80
SUMMARY_LENGTH, LONGEST_SUMMARY = 15, 200
SHORT = 6  # characters of a title that names of classes have as well
RESULT = re.compile(
    r"jsearch|jcse|result|res-?list|search-?(?:list|con|item|main|body|data|info|news|content|article)|(?:^|[\s_-])(?:ss|so|s)_?-?list|sslist|solist|list-?and-?box|searchlist|searchcon"
)
NO_RESULT = re.compile(r"no-?result|result-?(?:count|num|tab|nav|hot|side|head|tool|filter|sort|none|empty|tip)|search-?(?:tab|nav|hot|head|filter|sort|bar|box|form|tool)")
MARKED = frozenset({"em", "font", "mark", "b", "strong", "i", "span", "u"})
MARKING = frozenset({"em", "font", "mark"})
MARK_NAMES = re.compile(r"key|hl|high|light|red|mark")
ECHO = re.compile(r"搜索结果|检索结果|为您找到|为你找到|相关结果|^\W*(?:您?(?:搜索|检索|查询)的?(?:关键)?[词字内容]*|关键[词字])\s*[:：]|共\s*\d+\s*条")
ADDRESS_TEXT = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+")
SHORT_LINE = 120
BOX_TEXT = 1500  # characters of a single result with all that belongs to it
CLIMB = 4
NOWHERE = "http://nowhere.invalid/"  # base of links in a rendered page, all of whose links are absolute
UP, MOST_LEVELS = 7, 60
ALIKE = 0.6
LONG = 60
STATE = re.compile(r"(?:on|cur|current|active|selected|hover|first|last|odd|even)")


@dataclass(eq=False)
class Candidate:
    """What may be the title of a result. rest: places of texts inside the link that are none of the title; begin, end: places
    of all that belongs to it; words: the visible texts there.
    """

    piece: Piece
    title: str
    url: str
    rest: frozenset[int] = frozenset()
    begin: int = 0
    end: int = 0
    words: list[Piece] = field(default_factory=list)


@dataclass(eq=False)
class Group:
    """Candidates that stand alike in `holder`. marked, alike, wrapped, named: signs that they are results; rich: most have a
    summary or a day; beside: what every page of the site may carry.
    """

    members: list[Candidate]
    holder: Piece
    marked: bool = False
    alike: bool = False
    wrapped: bool = False
    named: bool = False
    rich: bool = False
    beside: bool = False

    @property
    def strong(self) -> bool:
        """Something says for sure that these are results."""
        if len(self.members) == 1 and not self.members[0].url and not self.rich:
            return False  # rather the query said once more
        return self.marked or not self.beside and (self.alike or self.rich and (self.named or self.wrapped))

    @property
    def length(self) -> float:
        """Characters of a title, on average."""
        return sum(len(one.title) for one in self.members) / len(self.members)


def read_groups(page: ResultsPage, url: str, query: str) -> list[Group]:
    """What may be results, in page order; menus, classes, hot words and lists at the side left out."""
    candidates = [one for piece in page.pieces if (one := _candidate(piece, url)) is not None][:MOST_CANDIDATES]
    groups = _grouped([one for one in candidates if not _leads_back(one, url, query)])
    for group in groups:
        _measure(group, page)
        _judge(group, page, query)
    kept = [group for group in groups if group.strong or group.rich and not group.beside]
    return sorted(_without_seconds(kept), key=lambda group: group.members[0].begin)


def _grouped(candidates: list[Candidate]) -> list[Group]:
    """Candidates of the same path of tags and the same class, by the nearest element that holds two of them."""
    kinds: dict[tuple, list[Candidate]] = {}
    for one in candidates:
        kinds.setdefault(_kind(one.piece), []).append(one)
    groups: dict[tuple, Group] = {}
    for kind, alike in kinds.items():
        for before, one, after in zip([None, *alike], alike, [*alike[1:], None], strict=False):
            holders = [_holder(one.piece, other.piece) for other in (before, after) if other is not None]
            holder = max(holders, key=lambda each: each.place, default=one.piece)
            groups.setdefault((kind, holder.place), Group([], holder)).members.append(one)
    places = [one.piece.place for one in candidates]
    for (kind, _), group in groups.items():
        if len(group.members) == 1:
            one = group.members[0]
            group.holder = _box(one.piece, [each.piece.place for each in kinds[kind]] if one.url else places)
    return list(groups.values())


def _kind(piece: Piece) -> tuple:
    names = " ".join(name for name in re.sub(r"\d+", "", piece.names).split() if not STATE.fullmatch(name))
    return (*(one.tag for one in piece.up(UP)), piece.tag, names)


def _holder(one: Piece, other: Piece) -> Piece:
    """The nearest element around both."""
    around = one.up(MOST_LEVELS)
    return next((each for each in around if each.holds(other)), around[-1] if around else one)


def _box(piece: Piece, others: list[int]) -> Piece:
    """The element that seems to hold all of a single result, and none of the others."""
    box = piece
    for around in piece.up(CLIMB):
        texts = texts_in(around, MOST_TEXTS)
        large = len(texts) >= MOST_TEXTS or sum(len(text.text) for text in texts) > BOX_TEXT or around.tag == "body"
        if large or bisect_right(others, around.last) - bisect_left(others, around.place) > 1:
            return box
        box = around
        if any(not piece.holds(text) and (len(text.text) >= SUMMARY_LENGTH or find_days(text.text)) for text in texts):
            return box
    return box


def _measure(group: Group, page: ResultsPage) -> None:
    """Finds where each result begins and ends, and its words."""
    starts = [_child(group.holder, one.piece).place for one in group.members]
    if len(set(starts)) < len(starts):
        starts = [one.piece.place for one in group.members]
    for one, begin, following in zip(group.members, starts, [*starts[1:], 0], strict=True):
        own = page.pieces[begin]
        flat = own is one.piece or all(one.piece.holds(text) for text in page.texts(own.place, own.last))
        one.begin = begin
        one.end = own.last if not flat else following - 1 if following else group.holder.last
        one.words = page.texts(one.begin, one.end)[:MOST_TEXTS]
    if len(group.members) == 1:
        group.members[0].words = page.texts(group.holder.place, group.holder.last)[:MOST_TEXTS]


def _child(holder: Piece, piece: Piece) -> Piece:
    """The child of the holder in which a piece stands."""
    while piece is not holder and piece.parent is not None and piece.parent is not holder:
        piece = piece.parent
    return piece


def _judge(group: Group, page: ResultsPage, query: str) -> None:
    wanted = bare(query)
    group.marked = sum(_marked(one, wanted) for one in group.members) >= 2
    group.alike = any(_is_alike(one.title, wanted) for one in group.members)
    group.wrapped = sum(unwrap(one.url) != one.url for one in group.members) * 2 > len(group.members)
    around = [group.holder, *group.holder.up(UP), *_between(group)]
    group.named = any(RESULT.search(one.names) and not NO_RESULT.search(one.names) for one in around)
    full = sum(_is_full(one) for one in group.members)
    group.rich = full * 2 > len(group.members) and group.length >= (SHORT if len(group.members) > 1 else SUMMARY_LENGTH // 2)
    group.beside = is_beside(group.holder) or bool(BESIDE_HEADING.search(page.heading(group.members[0].begin)))


def _between(group: Group) -> list[Piece]:
    """The elements around the first title, as far as they are its own."""
    first = group.members[0].piece
    return [one for one in [first, *first.up(UP)] if group.holder.holds(one)]


def _marked(one: Candidate, wanted: str) -> int:
    """Characters of the query that the page marks in this result."""
    return sum(len(bare(text.text)) for text in one.words if _is_marked(text) and bare(text.text) in wanted)


def _is_marked(text: Piece) -> bool:
    around = text.up(2)
    return any(each.tag in MARKING or each.tag in MARKED and MARK_NAMES.search(each.names) for each in around)


def _is_alike(title: str, wanted: str) -> bool:
    """The title holds most of the query, pair by pair."""
    pairs = {wanted[at:at + 2] for at in range(len(wanted) - 1)}
    title = bare(title)
    return len(pairs) >= 3 and sum(pair in title for pair in pairs) >= ALIKE * len(pairs)


def _is_full(one: Candidate) -> bool:
    """It has a summary or a day beside its title."""
    lines = _beside_title(one)
    return any(len(line) >= SUMMARY_LENGTH for line in lines) or _day(lines) is not None


def _without_seconds(groups: list[Group]) -> list[Group]:
    """Of several links in the same results those that are their titles."""
    kept: list[Group] = []
    for group in sorted(groups, key=_likely, reverse=True):
        begins = {one.begin for one in group.members}
        inside = [one for one in group.members if any(other.begin <= one.piece.place <= other.end for known in kept for other in known.members)]
        if 2 * len(inside) <= len(begins):
            kept.append(group)
    return kept


def _likely(group: Group) -> tuple:
    first = group.members[0].piece
    headed = any(_is_named(one) for one in [first, *first.up(2)])
    return group.strong, group.alike, headed, SHORT <= group.length <= LONG, len(group.members)


def to_hit(one: Candidate) -> Hit:
    """A result as a visitor reads it."""
    lines = _beside_title(one)
    long = [line for line in lines if len(line) >= SUMMARY_LENGTH and not ADDRESS_TEXT.search(line)]
    return Hit(one.title, unwrap(one.url), max(long, key=len, default="")[:LONGEST_SUMMARY], _day(lines))


def _beside_title(one: Candidate) -> list[str]:
    """The lines of a result that are none of its title."""
    return _lines([text for text in one.words if not one.piece.holds(text) or text.place in one.rest])


def _day(lines: list[str]) -> str | None:
    """The day of a result: the one its lines show as such, else the last whole one of a short line."""
    listed = read_day([Scrap(line) for line in lines])
    if listed is not None and listed.iso:
        return listed.iso
    days = [day.iso for line in lines if len(line) <= SHORT_LINE for day in find_days(ADDRESS_TEXT.sub(" ", line)) if day.form == "whole"]
    return days[-1] if days else None


def _lines(texts: list[Piece]) -> list[str]:
    rows: dict[int, list[str]] = {}
    for text in texts:
        block = text.parent
        while block is not None and block.tag in MARKED | {"a"} and block.parent is not None:
            block = block.parent
        rows.setdefault(block.place if block else 0, []).append(text.text)
    return [joined(row) for row in rows.values()]


def _candidate(piece: Piece, url: str) -> Candidate | None:
    if piece.hidden or piece.tag == TEXT:
        return None
    if piece.tag == "a" or piece.tag in CLICKED and _is_clicked(piece):
        link = read_link(piece, url)
        if link is not None:
            return None if link.more or link.beside else _of_link(link)
        return _of_text(piece) if piece.tag == "a" or _is_named(piece) else None
    return _of_text(piece) if _is_named(piece) and not _is_linked(piece) else None


def _is_clicked(piece: Piece) -> bool:
    found = piece.attributes
    return any(name in found for name in ("onclick", "data-href", "data-url")) and not _holds_link(piece)


def _is_named(piece: Piece) -> bool:
    return piece.tag in HEADS or bool(NAMING.search(piece.names))


def _is_linked(piece: Piece) -> bool:
    return any(one.tag == "a" for one in piece.up(4)) or _holds_link(piece)


def _holds_link(piece: Piece) -> bool:
    stack, seen = list(piece.kids), 0
    while stack and seen < 60:
        one = stack.pop()
        seen += 1
        if one.tag == "a":
            return True
        stack.extend(one.kids)
    return bool(stack)


def _of_link(link: Link) -> Candidate | None:
    if ADDRESS_TEXT.match(link.title) or ECHO.search(link.title):
        return None
    written = link.piece.attributes.get("href", "")
    routed = written.startswith("http") and "#" in written and re.search(r"#[!/]", written)
    return Candidate(link.piece, link.full, written if routed else link.url, link.rest)


def _of_text(piece: Piece) -> Candidate | None:
    """A title whose address only a script knows."""
    title = joined([text.text for text in texts_in(piece, 20)])
    odd = GENERIC.match(title) or ECHO.search(title) or ADDRESS_TEXT.match(title) or BRACKETED.match(title)
    return None if odd or not SHORT <= len(title) <= 200 else Candidate(piece, title, "")


def _leads_back(one: Candidate, url: str, query: str) -> bool:
    """It leads to the search itself: a class, an order, words searched before."""
    if not one.url or unwrap(one.url) != one.url:
        return False
    here, there = url.split("?")[0].split("#")[0], one.url.split("?")[0].split("#")[0]
    return here == there and (bare(query) in bare(_decoded(one.url)) or one.url.split("#")[0] == url.split("#")[0] and "#/" not in one.url)


def _decoded(url: str) -> str:
    return unquote_plus(unquote_plus(url))


def links_outside(html: str, wanted: str) -> list[Hit]:
    """Every visible link of the page that no menu and no list at the side holds; those to a search for `wanted` left out."""
    page = ResultsPage(html)
    found = [one for piece in page.pieces if (one := _candidate(piece, NOWHERE)) is not None][:MOST_CANDIDATES]
    groups = [
        group for group in _grouped(found)
        if not is_beside(group.holder) and not BESIDE_HEADING.search(page.heading(_first(group).place))
    ]
    hits = [
        one for group in groups for one in group.members
        if not _searches(one.url, wanted) and (one.url or len(group.members) > 1)
    ]
    return [Hit(one.title, unwrap(one.url)) for one in hits]


def _first(group: Group) -> Piece:
    return _child(group.holder, group.members[0].piece)


def _searches(url: str, wanted: str) -> bool:
    return unwrap(url) == url and bool(wanted) and bare(wanted) in bare(_decoded(url))
