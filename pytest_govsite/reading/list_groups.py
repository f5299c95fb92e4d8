"""Rows put together to lists, each with its heading and the link to the whole of it."""
import re
from bisect import bisect_left
from dataclasses import dataclass, field

from pytest_govsite.reading.list_dates import is_day
from pytest_govsite.reading.list_links import GENERIC, HEADS, MENU, MENU_TAGS, MORE, Link, texts_in
from pytest_govsite.reading.list_pieces import TEXT, Piece
from pytest_govsite.reading.list_rows import Found, Page, strength

LISTS = frozenset({"ul", "ol", "dl", "table"})
NEAR, NEAREST = 6, 3  # levels around a list in which its heading stands: a marked one; one that is only short
LONGEST_HEADING = 24
MOST_TABS = 12
GAP = 24  # texts before a list that are looked at for a heading
TITLED = re.compile(r"(?:^|[\s_-])(?:tit\w*|head\w*|hd|bt\d*|name|lm\w*|h\d|caption|biaoti)(?:$|[\s_\d-])|title", re.IGNORECASE)
TABBED = re.compile(r"tab|slide|switch|qiehuan|(?:^|[\s_-])(?:hd|qh)(?:$|[\s_\d-])")
NO_PLACE = re.compile(r"search|sousuo|login|weather|toolbar")
NO_HEADING = re.compile(
    r"^(?:站内|全站|高级|智能)?(?:搜\s*索|检\s*索)$|^(?:用户)?(?:登录|登陆|注册)$|^(?:网站|返回)?首\s*页$|^网站(?:地图|导航)$|^无障碍\w*$"
    r"|^[\W\d_]*$|^(?:当前|您(?:当前|现在|所在)|位置|共\d|第\d|发布(?:时间|日期)|时间|日期|序号|标题|文号|索引号|名称|来源)"
)


@dataclass(slots=True, eq=False)
class Group:
    """One list: the element that holds its rows, and them in page order.

    tab: the element that is shown by a tab; boxes: the elements that hold its rows, where the markup divides them.
    """

    box: Piece
    rows: list[Found] = field(default_factory=list)
    heading: str = ""
    headed_by: str = ""
    more: str = ""
    tab: Piece | None = None
    boxes: list[Piece] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.boxes.append(self.box)

    @property
    def first(self) -> int:
        return self.rows[0].piece.place

    @property
    def last(self) -> int:
        return self.rows[-1].piece.last

    @property
    def hidden(self) -> bool:
        return self.rows[0].link.piece.hidden

    @property
    def dated(self) -> int:
        return sum(1 for row in self.rows if row.listed or row.told)


def group_rows(page: Page, rows: list[Found]) -> list[Group]:
    """The lists of a page in document order."""
    groups: dict[int, Group] = {}
    for row in rows:
        box = _box(row.piece)
        groups.setdefault(box.place, Group(box)).rows.append(row)
    texts = [piece for piece in page.pieces if piece.tag == TEXT]
    ordered = sorted(groups.values(), key=lambda group: group.first)
    named = _find_tabs(ordered, page)
    ordered = _merged(ordered, texts)
    _name(ordered, texts, page, named)
    _link(ordered, [link for link in page.links if link.more])
    return ordered


def _box(row: Piece) -> Piece:
    """The element that holds the rows of one list."""
    parent = row.parent
    if parent is not None and parent.tag in ("tr", "tbody", "thead"):
        return next((piece for piece in row.up(4) if piece.tag == "table"), parent)
    return parent or row


def _merged(groups: list[Group], texts: list[Piece]) -> list[Group]:
    """Lists that only the markup divides, as one: groups of five rows, a headline above its list, a grid of cards."""
    places = [text.place for text in texts]
    merged: list[Group] = []
    for group in groups:
        if merged and _continues(merged[-1], group, _between(merged[-1].last, group.first, texts, places)):
            merged[-1].rows += group.rows
            merged[-1].boxes.append(group.box)
        else:
            merged.append(group)
    return merged


def _continues(group: Group, following: Group, between: list[Piece]) -> bool:
    if group.tab is not following.tab or any(not _is_trifle(text) for text in between):
        return False
    return group.tab is not None and group.tab.holds(following.box) or _is_beside(group.boxes[-1], following.box)


def _is_beside(box: Piece, other: Piece) -> bool:
    """The two elements stand beside each other or in one another, or are cells of one grid."""
    if box.parent is other.parent or any(piece is box for piece in other.up(2)) or any(piece is other for piece in box.up(2)):
        return True
    pairs = zip([box, *box.up(1)], [other, *other.up(1)], strict=False)
    near = any(one is another for one in box.up(3)[1:] for another in other.up(3)[1:])
    return near and all(_looks(one) == _looks(another) for one, another in pairs)


def _looks(piece: Piece) -> tuple[str, str]:
    return piece.tag, re.sub(r"\d+", "", piece.names)


def _is_trifle(text: Piece) -> bool:
    return text.hidden or is_day(text.text) or bool(re.fullmatch(r"[\W\d_]*", text.text))


def _between(start: int, end: int, texts: list[Piece], places: list[int]) -> list[Piece]:
    """The texts between two places, the last ones of many."""
    low, high = bisect_left(places, start + 1), bisect_left(places, end)
    return texts[max(low, high - GAP):high]


def _name(groups: list[Group], texts: list[Piece], page: Page, tabs: dict[int, Piece]) -> None:
    """Finds the heading of each list: its tab, else the last that may be one between the row before and its first."""
    places = [text.place for text in texts]
    anchors = {link.piece.place: link for link in page.links}
    before = 0
    for group in groups:
        head = tabs.get(group.tab.place) if group.tab is not None else None
        gap = _between(before, group.first, texts, places)
        heading = head or _heading([text for text in gap if text.hidden <= group.hidden], group.box, anchors)
        if heading is not None:
            group.heading = "".join(text.text for text in texts_in(heading, 4))[:LONGEST_HEADING]
            around = [heading, *heading.up(3)] if heading.tag == TEXT else _inside(heading)
            group.headed_by = next((anchors[piece.place].url for piece in around if piece.place in anchors), "")
        before = max(before, group.last)


def _inside(piece: Piece) -> list[Piece]:
    found, stack = [], [piece]
    while stack and len(found) < 10:
        one = stack.pop()
        found.append(one)
        stack.extend(one.kids)
    return found


def _heading(texts: list[Piece], box: Piece, anchors: dict[int, Link]) -> Piece | None:
    """The last text that is marked as a heading, else the last short one that is no item of a menu."""
    fitting = [text for text in texts if _may_head(text.text) and not _is_title(text, anchors)]
    marked = [text for text in fitting if _distance(text, box) <= NEAR and any(
        piece.tag in HEADS or TITLED.search(piece.names) for piece in text.up(3))]
    plain = [text for text in fitting if _distance(text, box) <= NEAREST]
    found = [text for text in (marked or plain) if not _is_item(text)]
    return found[-1] if found else None


def _may_head(text: str) -> bool:
    return 2 <= len(text) <= LONGEST_HEADING and not (
        MORE.match(text) or GENERIC.match(text) or NO_HEADING.match(text) or is_day(text))


def _is_title(text: Piece, anchors: dict[int, Link]) -> bool:
    """The text is the title of an article."""
    return any(piece.place in anchors and strength(anchors[piece.place]) == 3 for piece in text.up(3))


def _is_item(text: Piece) -> bool:
    """The text stands in a menu: in a head or foot of the page, or as one of many short links beside each other."""
    around = text.up(10)
    if any(piece.tag in MENU_TAGS or NO_PLACE.search(piece.names) or MENU.search(piece.names) for piece in around):
        return True
    item = next((piece for piece in around[:4] if piece.parent is not None and len(piece.parent.kids) > 1), None)
    if item is None or item.tag not in ("li", "a", "dd", "td"):
        return False
    alike = [kid for kid in item.parent.kids[:12] if kid.tag == item.tag and kid is not item]
    return len([kid for kid in alike if texts_in(kid, 1)]) >= 3


def _distance(piece: Piece, box: Piece) -> int:
    """How many levels above a list the element lies that holds both."""
    for level, above in enumerate([box, *box.up(NEAR + 2)]):
        if above.holds(piece):
            return level
    return NEAR + 3


def _find_tabs(groups: list[Group], page: Page) -> dict[int, Piece]:
    """Marks the lists that tabs show; the heads of the tabs by the place of the element that each of them shows."""
    titles = {link.piece.place for link in page.links if strength(link) >= 2}
    named: dict[int, Piece] = {}
    for pairs in _beside_each_other(groups):
        shown = list({piece.place: piece for group, piece in pairs if group.tab is None}.values())
        if len(shown) < 2:
            continue
        hidden = any(piece.hidden and not piece.parent.hidden for piece in shown)
        heads = _tab_heads(shown[0], len(shown), hidden, titles)
        by_place = {piece.place: head for piece, head in zip(shown, heads, strict=False)}
        for group, piece in pairs:
            if piece.place in by_place and group.tab is None:
                group.tab = piece
                named.setdefault(piece.place, by_place[piece.place])
    for group in groups:
        if group.tab is None and group.hidden:
            group.tab = next((one for one in [group.box, *group.box.up(8)] if one.parent and not one.parent.hidden), None)
    return named


def _beside_each_other(groups: list[Group]) -> list[list[tuple[Group, Piece]]]:
    """Lists in elements of one kind that stand beside each other, the widest first."""
    found: dict[int, list[tuple[Group, Piece]]] = {}
    for group in groups:
        for piece in [group.box, *group.box.up(2)]:
            if piece.parent is not None:
                found.setdefault(piece.parent.place, []).append((group, piece))
    sets = [found[place] for place in sorted(found)]
    return [pairs for pairs in sets if 2 <= len(pairs) <= MOST_TABS and len({piece.tag for _, piece in pairs}) == 1]


def _tab_heads(content: Piece, count: int, hidden: bool, titles: set[int]) -> list[Piece]:
    """The heads of tabs shortly before the first element: as many elements with a short text beside each other, or fewer."""
    for around in [content, *content.up(2)]:
        siblings = around.parent.kids[:40] if around.parent is not None else []
        for sibling in [kid for kid in reversed(siblings) if kid.place < around.place][:3]:
            if hidden or TABBED.search(" ".join(piece.names for piece in [sibling, around, *around.up(2)])):
                heads = _heads_in(sibling, count, titles)
                if heads:
                    return heads
    return []


def _heads_in(piece: Piece, count: int, titles: set[int]) -> list[Piece]:
    """Elements of one kind beside each other, each with a short text that is no title of an article."""
    stack, fewer = [piece], []
    for _ in range(40):
        if not stack:
            break
        kids = [kid for kid in stack.pop().kids if kid.tag != TEXT]
        heads = [kid for kid in kids if _may_head("".join(text.text for text in texts_in(kid, 4)))]
        heads = [head for head in heads if head.tag == heads[0].tag]
        if 2 <= len(heads) <= count and not any(titles.intersection(range(one.place, one.last + 1)) for one in heads):
            if len(heads) == count:
                return heads
            fewer = fewer or heads
        stack.extend(kids)
    return fewer


def _link(groups: list[Group], links: list[Link]) -> None:
    """Gives each 更多 link to the list, before it or after it, that shares the smaller part of the page with it."""
    firsts = [group.first for group in groups]
    for link in links:
        at = bisect_left(firsts, link.piece.place)
        near = [group for group in (groups[at:at + 1] + groups[max(0, at - 1):at]) if not group.more]
        shared = [(_shared(link.piece, group.box), group) for group in near]
        best = max((pair for pair in shared if pair[0] is not None), key=lambda pair: pair[0].place, default=None)
        if best is not None:
            best[1].more = link.url


def _shared(piece: Piece, box: Piece) -> Piece | None:
    """The smallest element that holds both; None when it is far up."""
    return next((above for above in [box, *box.up(NEAR)] if above.holds(piece)), None)
