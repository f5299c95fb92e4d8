"""Where a content page has its title and its body: what stands between them is for the date and the source."""
from dataclasses import dataclass, replace
from enum import StrEnum

from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.reading.body import Body, find_body
from pytest_govsite.reading.flow import Line, parse, read_lines
from pytest_govsite.reading.particulars import AFTER_BODY, begins_text, is_row, leads_to_file
from pytest_govsite.reading.titles import Title, find_title, guess_title, is_part, without_title

LONGEST_PAGE = 20_000  # lines: what stands further down is neither title nor date
ZONE = 80  # lines after the title that may still belong to it
TABLE = 40  # lines above the title that may be a table of particulars
WHOLE = 400  # lines of a page on which neither title nor body is found


class Place(StrEnum):
    """Where a zone lies, which decides what a date there needs to be the one of the publication."""

    BETWEEN = "between"  # after the title, before any running text
    LATE = "late"  # running text has begun, the box of the body has not
    HEAD = "head"  # in the box of the body, before its running text
    EARLIER = "earlier"  # after an earlier appearance of the title
    UNTITLED = "untitled"  # before the body of a page whose title is not found
    ABOVE = "above"  # shortly before the title: some pages print a table of particulars there


AFTER_TITLE = (Place.BETWEEN, Place.LATE, Place.HEAD)


@dataclass(frozen=True)
class Zone:
    """Visible lines of one place, less the title, in their order."""

    place: Place
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Article:
    """The lines of a page, and in it the places that matter.

    title   where it stands; body: where it begins.
    text    index of the first line after the title that is running text; the body's where none comes before it.
    items   ids of the elements that are rows of lists; heads: of headings.
    """

    lines: list[Line]
    title: Title | None
    body: Body
    text: int
    items: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """The title without blanks and punctuation; empty when it is not found."""
        return self.title.name if self.title else ""

    @property
    def zones(self) -> list[Zone]:
        """Where date and source may stand, the likeliest first; those above the title come last."""
        if self.title is None:
            start = max(0, self.body.start - ZONE) if self.body.found else 0
            zones = [self._zone(Place.UNTITLED, start, self.body.start, WHOLE)]
            return [*zones, self._head()] if self.body.boxed else zones
        zones = [self._zone(Place.BETWEEN, self.title.last, self.text)]
        if self.body.found:
            zones.append(self._zone(Place.LATE, self.text, self.body.start))
        if self.body.boxed:
            zones.append(self._head())
        if self.title.first < self.title.last:
            zones.append(self._zone(Place.EARLIER, self.title.first, self.title.last))
        return [*zones, self._zone(Place.ABOVE, max(0, self.title.first - TABLE), self.title.first)]

    @property
    def firm(self) -> bool:
        """Title and body were both found beyond doubt: what is not between them is not shown."""
        return self.title is not None and self.title.sure and self.body.found

    @property
    def list_follows(self) -> bool:
        """What stands there in place of running text are titles of other pages."""
        following = self.lines[self.text:self.text + 1]
        return any(is_row(line) and not leads_to_file(line) for line in following)

    def holds(self, line: Line) -> bool:
        """The line is of the body."""
        return self.body.box in line.path

    def _head(self) -> Zone:
        """The first lines in the box of the body; after the title, where the box repeats it."""
        start, name = self.body.start, self.name
        inside = next((i for i in range(start, len(self.lines)) if not self.holds(self.lines[i])), len(self.lines))
        end = self._first_text(start, min(start + ZONE, inside))
        repeated = [i for i in range(start, end) if not self.lines[i].hidden and is_part(self.lines[i], name)]
        if repeated:
            start = repeated[-1]
            end = self._first_text(start, min(start + ZONE, inside))
        return self._zone(Place.BETWEEN if repeated else Place.HEAD, start, end)

    def _first_text(self, start: int, end: int) -> int:
        return first_text(self.lines, start, end, self.name, self.items, self.heads)

    def _zone(self, place: Place, start: int, end: int, longest: int = ZONE) -> Zone:
        texts = [line.text for line in self.lines[start:min(end, start + longest)] if not line.hidden]
        ends = [i for i, text in enumerate(texts) if AFTER_BODY.match(text)] if place in AFTER_TITLE else []
        return Zone(place, tuple(without_title(text, self.name) for text in texts[:ends[0] if ends else None]))


def find_article(html: str, title: str = "") -> Article:
    """Title and body of a page; `title`: how a list calls it, when that is known."""
    return read_article(html, parse(html), title)


def read_article(html: str, tree: LexborHTMLParser, listed_title: str = "") -> Article:
    """Title and body of a page that is parsed already."""
    lines = read_lines(tree, LONGEST_PAGE)
    items = frozenset(node.mem_id for node in tree.css("li, dl"))
    heads = frozenset(node.mem_id for node in tree.css("h1, h2, h3, h4, h5, h6"))
    title = find_title(html, tree, lines, listed_title)
    body = find_body(tree, lines, title.places if title else ())
    if title is None:
        title = guess_title(lines, body.start) if body.found else None
    if title is None:
        return Article(lines, None, body, body.start, items)
    title = title.before(body.start)
    if title.last >= body.start:  # the box around the body holds the title as well
        body = Body(len(lines), found=False)
    text = first_text(lines, title.last, body.start, title.name, items, heads)
    if not body.found:
        body = replace(body, start=text)
    return Article(lines, title, body, text, items, heads)


def first_text(
    lines: list[Line], start: int, end: int, name: str, items: frozenset[int], heads: frozenset[int]
) -> int:
    """The first line of running text, or of a list, less the lines of its row that come before; else `end`."""
    for i in range(start, end):
        line = lines[i]
        if line.hidden or is_part(line, name) or not begins_text(line):
            continue
        if heads.intersection(line.path) and not is_row(line) and "。" not in line.text:
            continue
        while is_row(line) and i > start and items.intersection(line.path, lines[i - 1].path):
            i -= 1
        return i
    return end
