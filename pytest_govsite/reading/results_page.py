"""A result page as pieces and lines, and which of them belong to the frame of the site."""
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from pytest_govsite.reading.flow import INLINE
from pytest_govsite.reading.list_links import MORE, in_menu
from pytest_govsite.reading.list_pieces import TEXT, Piece, grow

# buttons and options speak on a result page; everywhere else they are no text
SPEAKING = re.compile(r"<(/?)(button|select|option)\b", re.IGNORECASE)
SPOKEN = {"button": "u-button", "select": "ul", "option": "li"}
LONGEST_LINE = 400
MOST_LINES = 3000
LONGEST_HEADING = 16
FIGURES = re.compile(r"[\W\d_]*(?:条|个|篇|项)?[\W_]*")
BESIDE = re.compile(
    r"(?:^|[\s_-])(?:aside|sidebar|hot\w*|rank\w*|recommend\w*|relat\w*|guess\w*|history\w*|rdxw|rdtj|rdgz|xgxw|xgyd|xgss|xgwz|tuijian|remen|resou"
    r"|rsc|phb|djph|crumbs?|breadcrumb\w*|position|dqwz|pager?|paging|pagination|pagebar|page-?num\w*|suggest\w*|autocomplete)(?:$|[\s_\d-])"
    r"|hot-?(?:words?|search|keys?)|search-?history|related-?search|about-?search|latest|zuixin"
)
BESIDE_HEADING = re.compile(
    r"^\W*(?:热[点搜门词]|热门|今日热|大家(?:都)?在?搜|搜索(?:历史|排行|热[词点]|记录|推荐)|历史(?:搜索|记录)|最近搜索|相关(?:搜索|推荐|阅读|新闻|文章|链接|资讯|热词)"
    r"|推荐(?:阅读|搜索|信息|内容|文章|新闻|服务)?\W*$|为您推荐|编辑推荐|精彩推荐|猜你|您可能|你可能|点击排行|阅读排行|排行|友情链接|常用(?:链接|服务|词)"
    r"|(?:最新|最近|新近)(?:发布|信息|更新|文章|资讯|内容|公开|动态|新闻|公告|文件|消息|要闻)?\W*$|图片新闻)"
)
NEVER_BESIDE = re.compile(r"result|jsearch|jcse")
UP = 7


@dataclass(frozen=True)
class Line:
    """One visible line of the page: its text, how much of it is inside links, the block it stands in."""

    text: str
    linked: int
    block: Piece
    first: Piece

    @property
    def free(self) -> bool:
        """Most of it leads nowhere."""
        return 2 * self.linked < len(self.text)


class ResultsPage:
    """The pieces of a page, buttons and options included, and its visible lines."""

    def __init__(self, html: str) -> None:
        self.pieces = grow(SPEAKING.sub(lambda tag: f"<{tag[1]}{SPOKEN[tag[2].lower()]}", html))

    @cached_property
    def lines(self) -> list[Line]:
        """All visible lines in order, without those of the frame of the site."""
        rows: list[list[Piece]] = []
        block, open_ = None, False
        for piece in self.pieces:
            if piece.tag not in INLINE and piece.tag != TEXT:
                open_ = False
            elif piece.tag == TEXT and not piece.hidden:
                own = _block(piece)
                if not open_ or own is not block:
                    rows.append([])
                rows[-1].append(piece)
                block, open_ = own, True
        return [_line(row) for row in rows[:MOST_LINES] if not _in_head(row[0]) and not in_menu(row[0])]

    @cached_property
    def _texts(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.tag == TEXT and not piece.hidden and not _in_head(piece)]

    @cached_property
    def _places(self) -> list[int]:
        return [text.place for text in self._texts]

    @cached_property
    def _starts(self) -> list[int]:
        return [line.first.place for line in self.lines]

    @cached_property
    def wordy(self) -> list[int]:
        """For each piece how many visible texts it holds that are more than figures and signs."""
        counts = [int(piece.tag == TEXT and not piece.hidden and not FIGURES.fullmatch(piece.text)) for piece in self.pieces]
        for piece in reversed(self.pieces):
            if piece.parent is not None:
                counts[piece.parent.place] += counts[piece.place]
        return counts

    def item(self, text: Piece) -> Piece:
        """The largest element that says no more than this text, figures aside."""
        piece = text
        while piece.parent is not None and piece.parent.tag != "body" and self.wordy[piece.parent.place] == 1:
            piece = piece.parent
        return piece

    def texts(self, begin: int, end: int) -> list[Piece]:
        """The visible texts between two places."""
        return self._texts[bisect_left(self._places, begin):bisect_right(self._places, end)]

    def said(self, piece: Piece) -> str:
        """All visible text inside an element, as one line."""
        return joined([text.text for text in self.texts(piece.place, piece.last)])

    def heading(self, place: int) -> str:
        """The short line just before a place, as far as it may head what stands there; a link to more is passed over."""
        at = bisect_left(self._starts, place)
        for line in reversed(self.lines[max(0, at - 2):at]):
            if not MORE.match(line.text):
                return line.text if len(line.text) <= LONGEST_HEADING else ""
        return ""


def merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of places in order, those that meet or overlap as one."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((begin, end))
    return found


def is_within(spans: Sequence[tuple[int, int]], place: int) -> bool:
    """A place lies in one of the merged spans."""
    at = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return at >= 0 and place <= spans[at][1]


def _in_head(piece: Piece) -> bool:
    return any(one.tag in ("head", "title") for one in piece.up(4))


def _block(text: Piece) -> Piece:
    """The element that holds the line of a text."""
    piece = text.parent
    while piece is not None and piece.tag in INLINE and piece.parent is not None:
        piece = piece.parent
    return piece or text


def _line(row: list[Piece]) -> Line:
    linked = sum(len(piece.text) for piece in row if any(one.tag == "a" for one in piece.up(4)))
    return Line(joined([piece.text for piece in row])[:LONGEST_LINE], linked, _block(row[0]), row[0])


def joined(texts: list[str]) -> str:
    """Texts of one line as they stand; a blank only between two Latin words."""
    line = ""
    for text in texts:
        parted = line[-1:].isascii() and line[-1:].isalnum() and text[:1].isascii() and text[:1].isalnum()
        line += " " + text if parted else text
    return line


def is_beside(piece: Piece) -> bool:
    """What every page of the site may carry: menus, hot words, pagers, lists at the side."""
    around = [piece, *piece.up(UP)]
    for one in around:
        if NEVER_BESIDE.search(one.names):
            return False
        if one.tag == "aside" or BESIDE.search(one.names):
            return True
    return bool(in_menu(piece))
