"""The rows of all lists of a page: for each link that may lead to an article the element that is its row, and its day.

A row is the largest element that holds no second article: whatever stands in it (a picture, a summary, a day in pieces)
belongs to it. What stands loosely between rows belongs to the one before, or after it where the list begins with a day.
"""
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pytest_govsite.reading.addresses import path_of
from pytest_govsite.reading.list_dates import DAY, Listed, Scrap, day_in_attribute, is_day, read_day, read_days
from pytest_govsite.reading.list_heads import Heads
from pytest_govsite.reading.list_links import CLICKED, Link, in_menu, read_link, texts_in
from pytest_govsite.reading.list_pieces import TEXT, Piece

BOXES = frozenset({"li", "tr", "dd", "dt"})
STOPS = frozenset({
    "html", "body", "ul", "ol", "table", "tbody", "thead", "tfoot", "form", "main", "nav", "header", "footer",
})
POPUP = re.compile(r"pop|tip|hover|layer|float|xgjd|relat|xiangguan|dialog|tanchu|jd[_-]?(?:box|list|con)")
MANY = "*"
MOST_LINKS = 6000
LARGEST_ROW = 150  # pieces: what holds more is a part of the page
MOST_INNER = 30  # links in the pop-up of a row
NEAR = 8  # levels around a link where its row is looked for
LOOSE = 12  # texts between two rows


@dataclass(slots=True, eq=False)
class Found:
    """A row: its link, the element that is the row, the day shown in it.

    told    the day that an attribute or a script tells; dayish: some day stands there, maybe a deadline.
    """

    link: Link
    piece: Piece
    listed: Listed | None = None
    told: str | None = None
    dayish: bool = False


class Page:
    """All pieces of a page, and for each the row element (li, tr, dd, dt) that it stands in."""

    def __init__(self, pieces: list[Piece], base: str) -> None:
        self.pieces = pieces
        self.box: list[Piece | None] = [None] * len(pieces)
        for piece in pieces[1:]:
            self.box[piece.place] = piece if piece.tag in BOXES else self.box[piece.parent.place]
        leading = [piece for piece in pieces if _may_lead(piece)][:MOST_LINKS]
        self.links = [link for piece in leading if (link := read_link(piece, base))]

    def boxes_around(self, piece: Piece) -> list[Piece]:
        """The row elements around a piece, nearest first."""
        found, box = [], self.box[piece.place]
        while box is not None and len(found) < NEAR:
            found.append(box)
            box = self.box[box.parent.place]
        return found


def _may_lead(piece: Piece) -> bool:
    if piece.tag == "a":
        return bool(piece.attributes)
    return piece.tag in CLICKED and "onclick" in piece.attributes and not any(kid.tag == "a" for kid in piece.kids)


def strength(link: Link) -> int:
    """How much a link looks like an article's: 3 by its address, 2 or 1 by its length where that says little, else 0."""
    if link.more or link.beside:
        return 0
    if link.firm and link.titled:
        return 3
    if link.loose and link.titled:
        return 2
    return 1 if len(link.title) >= 12 and path_of(link.url) not in ("", "/") else 0


def read_rows(page: Page) -> list[Found]:
    """All rows of the page in document order, those with a day and those without."""
    taken = _choose(page)
    only = _only(page.pieces, taken)
    rows: dict[int, Found] = {}
    for link in taken:
        piece = _climb(link, only, page)
        known = rows.get(piece.place)
        if known is None or _better(link, known.link):
            rows[piece.place] = Found(link, piece)
    found = [rows[place] for place in sorted(rows)]
    heads, titles = Heads(), {id(row.link): row.link for row in found}
    inner = _inner_links(page, titles.values())
    for row in found:
        _date(row, heads, inner.get(row.piece.place, frozenset()))
    _date_loosely(found, only)
    return found


def _better(link: Link, known: Link) -> bool:
    """Of two links to one article the text goes before the picture, the heading before a summary."""
    def rank(one: Link) -> tuple[bool, bool]:
        return bool(texts_in(one.piece, 1)), 6 <= len(one.title) <= 80
    return rank(link) > rank(known)


def _choose(page: Page) -> list[Link]:
    """The links that are titles of rows: without what stands in pop-ups of rows, or beside the title in its row."""
    own: dict[int, list[Link]] = {}
    inner: dict[int, int] = {}
    for link in page.links:
        boxes = page.boxes_around(link.piece)
        if boxes and not link.more:
            own.setdefault(boxes[0].place, []).append(link)
        if strength(link):
            for box in boxes[1:]:
                inner[box.place] = inner.get(box.place, 0) + 1
    texts = _own_texts(page, {place for place in own})
    dropped: set[int] = set()
    raised: set[int] = set()
    shut: set[int] = set()
    for place, links in own.items():
        days = read_days([Scrap(text.text, text.hidden) for text in texts.get(place, ())])
        count = len({day.iso or day.month_day for day in days})
        titles = [link for link in links if strength(link)]
        if not titles and count and not inner.get(place):
            titles = _raise(links)
            raised.update(id(link) for link in titles)
        if titles and 0 < inner.get(place, 0) <= MOST_INNER and _is_row(page.pieces[place], titles, count):
            shut.add(place)
        if count == 1 and 1 < len({link.url for link in titles}) <= 4 and (place in shut or not inner.get(place)):
            best = max(map(strength, titles))
            first = next(link for link in titles if strength(link) == best)
            dropped.update(id(link) for link in titles if link.url != first.url)
    return [
        link for link in page.links
        if (strength(link) or id(link) in raised) and id(link) not in dropped
        and not shut.intersection(box.place for box in page.boxes_around(link.piece)[1:])
    ]


def _raise(links: list[Link]) -> list[Link]:
    """In a row with a day a short title is one, too."""
    named = [link for link in links if not link.beside and not link.more]
    longest = max(named, key=lambda link: len(link.title), default=None)
    return [longest] if longest is not None and len({link.url for link in named}) <= 3 else []


def _is_row(box: Piece, titles: list[Link], days: int) -> bool:
    """The element is a row with a pop-up of further rows, not a heading with a list below."""
    if len({link.url for link in titles}) > 2:
        return False
    parts = [kid for kid in box.kids if not any(kid.holds(link.piece) for link in titles)]
    lists = [kid for kid in parts if _has_box(kid)]
    dated = any(read_days([Scrap(text.text)]) for kid in lists for text in texts_in(kid, 40))
    popped = lists and all(POPUP.search(_names_within(kid)) or kid.hidden and not box.hidden for kid in lists)
    return bool(days and (popped or not dated) or popped and not dated)


def _has_box(piece: Piece) -> bool:
    stack, seen = [piece], 0
    while stack and seen < LARGEST_ROW:
        one = stack.pop()
        seen += 1
        if one.tag in BOXES:
            return True
        stack.extend(one.kids)
    return False


def _names_within(piece: Piece) -> str:
    return " ".join([piece.names, *(kid.names for kid in piece.kids[:5])])


def _own_texts(page: Page, places: set[int]) -> dict[int, list[Piece]]:
    """The texts of row elements that stand in no further row element inside."""
    texts: dict[int, list[Piece]] = {}
    for piece in page.pieces:
        box = page.box[piece.place] if piece.tag == TEXT else None
        if box is not None and box.place in places and len(texts.setdefault(box.place, [])) < 40:
            texts[box.place].append(piece)
    return texts


def _only(pieces: list[Piece], links: Iterable[Link]) -> list[str]:
    """For each piece the one article that it holds; "" for none, MANY for several."""
    only = [""] * len(pieces)
    for link in links:
        only[link.piece.place] = link.url
    for piece in reversed(pieces[1:]):
        here, above = only[piece.place], piece.parent.place
        if here:
            only[above] = here if only[above] in ("", here) else MANY
    return only


def _climb(link: Link, only: list[str], page: Page) -> Piece:
    """The element that is the row of a link."""
    piece = link.piece
    while piece.parent is not None and only[piece.parent.place] == link.url and piece.tag != "li":
        if piece.tag in BOXES:
            outer = _outer_row(piece, link, only)
            return outer if outer is not None else piece
        above = piece.parent
        if above.tag in STOPS or above.last - above.place > LARGEST_ROW:
            break
        piece = above
    return _list_as_row(piece, link, only)


def _list_as_row(item: Piece, link: Link, only: list[str]) -> Piece:
    """The list around an item, where each row is a list and its items are the cells."""
    around = item.parent
    if item.tag != "li" or around is None or around.parent is None or around.tag not in ("ul", "ol"):
        return item
    alone = only[around.place] == link.url and only[around.parent.place] == MANY
    if not alone or around.last - around.place > LARGEST_ROW:
        return item
    cells = [kid for kid in around.kids if kid.tag == "li" and kid.last > kid.place]
    return around if len(cells) > 1 else item


def _outer_row(box: Piece, link: Link, only: list[str]) -> Piece | None:
    """The row element around a tr that is all of a table in a list item; around a dt and its dd."""
    for above in box.up(5):
        if only[above.place] != link.url or above.last - above.place > LARGEST_ROW:
            return None
        if above.tag in ("li", "dl"):
            return above
    return None


def _inner_links(page: Page, titles: Iterable[Link]) -> dict[int, frozenset[int]]:
    """For each row element with a pop-up the places of the lists in it, whose texts are none of the row."""
    places: dict[int, set[int]] = {}
    known = {link.piece.place for link in titles}
    for link in page.links:
        if link.piece.place in known or not strength(link):
            continue
        boxes = page.boxes_around(link.piece)
        for inside, outside in zip(boxes, boxes[1:], strict=False):
            places.setdefault(outside.place, set()).add(inside.place)
    return {place: frozenset(inside) for place, inside in places.items()}


def _date(row: Found, heads: Heads, inner: frozenset[int]) -> None:
    """Reads the day in a row."""
    title = {text.place for text in texts_in(row.link.piece)}
    scraps = []
    for text in texts_in(row.piece, LARGEST_ROW):
        if text.place in title and text.place not in row.link.rest or inner and _inside(text, inner, row.piece):
            continue
        if text.place not in title and _linked(text, row.piece) and not is_day(text.text):
            continue  # another link of the row: a day in its words is none of the row
        hidden = text.hidden and not row.link.piece.hidden
        scraps.append(Scrap(text.text, hidden, _names(text, row.piece), heads.over(text, row.piece)))
    row.listed = read_day(scraps)
    row.dayish = any(DAY.search(scrap.text) for scrap in scraps)
    if row.listed is None or row.listed.iso is None:
        row.told = _told(row)


def _linked(text: Piece, row: Piece) -> bool:
    return any(piece.tag == "a" for piece in text.up(4) if row.holds(piece))


def _inside(text: Piece, boxes: frozenset[int], row: Piece) -> bool:
    return any(piece.place in boxes for piece in text.up(NEAR) if row.holds(piece) and piece is not row)


def _names(text: Piece, row: Piece) -> str:
    return " ".join(piece.names for piece in text.up(2) if row.holds(piece) and piece is not row)


def _told(row: Found) -> str | None:
    """The day that is told where no visitor reads it: in an attribute, in a script that would write it."""
    stack, told = [row.piece], []
    while stack and len(told) < 20:
        piece = stack.pop()
        told += [piece.attributes["datetime"]] if "datetime" in piece.attributes else []
        told += [piece.text] if piece.tag == "script" else []
        told += [piece.attributes["title"]] if piece.tag != "a" and "title" in piece.attributes else []
        stack.extend(reversed(piece.kids))
    days = [day for text in [*told, row.link.hint] if (day := day_in_attribute(text))]
    return days[0] if days else None


def _date_loosely(rows: list[Found], only: list[str]) -> None:
    """Gives rows without a day the one that stands loosely beside them."""
    groups: dict[int, list[Found]] = {}
    for row in rows:
        if row.piece.parent is not None:
            groups.setdefault(row.piece.parent.place, []).append(row)
    for group in groups.values():
        if any(row.listed is None for row in group) and (len(group) > 1 or strength(group[0].link) == 3):
            _share(group[0].piece.parent, group, only)


def _share(parent: Piece, group: list[Found], only: list[str]) -> None:
    """Goes through what an element holds: rows, days between them, and lists of their own, which end the reach of both."""
    by_place = {row.piece.place: row for row in group}
    tokens: list[Found | Listed | None] = []
    loose: list[Piece] = []
    for kid in [*parent.kids, None]:
        row = by_place.get(kid.place) if kid is not None else None
        if kid is not None and row is None and not only[kid.place]:
            loose += texts_in(kid, LOOSE)
            continue
        day = read_day([Scrap(text.text, text.hidden) for text in loose[:LOOSE]]) if loose else None
        tokens += [day] if day else []
        loose = []
        tokens += [row] if kid is not None else []
    marked = [token for token in tokens if token is not None]
    first, last = (marked[0], marked[-1]) if marked else (None, None)
    backward = isinstance(first, Listed) and isinstance(last, Found)
    sequence = tokens[::-1] if backward else tokens
    for one, following in zip(sequence, sequence[1:], strict=False):
        if isinstance(one, Found) and isinstance(following, Listed) and one.listed is None and not in_menu(one.piece):
            one.listed = following
