"""What stands on the pages of a site whatever their column: header, menus, bottom region, boxes of a template."""
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.flow import INVISIBLE, SILENT, parse
from pytest_govsite.reading.trail import trail_of

ABOUT = re.compile(r"""\b(?:class|id)\s*=\s*(?:"([^"<>]{1,200})"|'([^'<>]{1,200})')""", re.IGNORECASE)
DIGITS = re.compile(r"\d+")
RENDERED = re.compile(r"\sdata-(?:top|frame|backdrop)=")
THINGS = "img, iframe, embed, object, video, audio, canvas, input, textarea, select"
ALIKE = 0.6  # templates: share of the classes and ids that two pages have in common
FEWEST = 4  # pages that a frame is learnt from
TITLE_LENGTH = 10  # characters: a link as long as this is rather a title than an item of a menu
MOST_TEMPLATES = 60


@dataclass
class _Template:
    """Pages made alike: how many of them hold a piece, and in which sections (first steps of their trails)."""

    marks: frozenset[str]
    rendered: bool
    pages: int = 0
    counts: Counter[int] = field(default_factory=Counter)
    sections: dict[int, set[str]] = field(default_factory=dict)

    def add(self, keys: Iterable[int], section: str) -> None:
        self.pages += 1
        for key in keys:
            self.counts[key] += 1
            seen = self.sections.setdefault(key, set())
            if section and len(seen) < 3:
                seen.add(section)

    def closeness(self, marks: frozenset[str], rendered: bool) -> float:
        union = len(self.marks | marks)
        return len(self.marks & marks) / union if union and rendered == self.rendered else 0.0


@dataclass
class Frame:
    """Learnt from many pages of one site; nothing of the pages is kept but hashes.

    A piece (a text, a picture, a form field) belongs to the frame when at least half of all pages hold it, or half of
    the pages of one template in different sections; the title of an article only when nearly all pages do, so that no
    list vanishes which several columns show. What half the pages of a template hold within one section is `local`: the
    menu of that section, or the content that its pages share.
    """

    pages: int = 0
    counts: Counter[int] = field(default_factory=Counter)
    titles: set[int] = field(default_factory=set)
    templates: list[_Template] = field(default_factory=list)

    @classmethod
    def of(cls, pages: Iterable[str]) -> "Frame":
        """The frame of these pages of a site: of all kinds, sent or rendered."""
        frame = cls()
        for html in pages:
            frame.learn(html)
        return frame

    def learn(self, html: str) -> None:
        """Adds a page."""
        tree = parse(html)
        trail = trail_of(tree, "http://site/")
        self.titles.update(_titles(tree))
        keys = set(keyed(pieces_of(tree)))
        self.pages += 1
        self.counts.update(keys)
        template = self._template(marks_of(html), is_rendered(html), add=True)
        template.add(keys, trail[0][0] if trail else "")

    def _template(self, marks: frozenset[str], rendered: bool, *, add: bool = False) -> _Template:
        best = max(self.templates, key=lambda one: one.closeness(marks, rendered), default=None)
        if best is not None and best.closeness(marks, rendered) >= ALIKE:
            return best
        fresh = _Template(marks, rendered)
        if add and len(self.templates) < MOST_TEMPLATES:
            self.templates.append(fresh)
        return fresh

    def for_page(self, html: str) -> "PageFrame":
        """The frame as it applies to one page."""
        return PageFrame(self, self._template(marks_of(html), is_rendered(html)))


@dataclass(frozen=True)
class PageFrame:
    """The frame of one page: that of the site, and that of its template."""

    site: Frame
    template: _Template

    def holds(self, text: str, times: int) -> bool:
        """A piece that stands `times` on the page belongs to the frame, every time."""
        key, title = hash((hash(text), times)), hash(text) in self.site.titles
        if self._common(self.site.counts[key], self.site.pages, 0.8 if title else 0.5):
            return True
        sections = len(self.template.sections.get(key, ()))
        if not self._common(self.template.counts[key], self.template.pages, 0.6 if title else 0.5):
            return False
        return sections >= (3 if title else 2)

    def is_local(self, text: str, times: int) -> bool:
        """Half of the pages of the template hold it, all within one section."""
        key = hash((hash(text), times))
        return self._common(self.template.counts[key], self.template.pages, 0.5)

    def _common(self, count: int, pages: int, share: float) -> bool:
        return pages >= FEWEST and count >= FEWEST and count >= share * pages


def _titles(tree: LexborHTMLParser) -> Iterator[int]:
    """Hashes of the texts that are as long as titles and lead somewhere."""
    for link in tree.css("a"):
        for text in link.text(deep=True, separator="\n").split("\n"):
            if len(text) >= TITLE_LENGTH and len(words := tidy(text)) >= TITLE_LENGTH:
                yield hash(words)


def keyed(pieces: Iterable[str]) -> Iterator[int]:
    """A key for each piece and the how-manyth time it comes: content that repeats words of the frame is not of it."""
    times: Counter[int] = Counter()
    for piece in pieces:
        text = hash(piece)
        times[text] += 1
        yield hash((text, times[text]))


def pieces_of(tree: LexborHTMLParser) -> Iterator[str]:
    """Texts and things of a page. The tree is spoilt by this."""
    if tree.body is None:
        return
    yield from (thing_of(node) for node in tree.body.css(THINGS))
    tree.body.strip_tags([tag for tag in SILENT if tag != "head"])
    for text in tree.body.text(deep=True, separator="\n").split("\n"):
        if words := tidy(text):
            yield words


def thing_of(node: LexborNode) -> str:
    """What tells a picture, a frame, a player or a field from another of its kind."""
    attributes = node.attributes
    named = (attributes.get(one) for one in ("src", "data-src", "data-original", "data"))
    source = next((one for one in named if one), "").split("?")[0].rsplit("/", 1)[-1][-80:]
    return f"<{node.tag} {source or attributes.get('name') or attributes.get('id') or attributes.get('class') or ''}"


def marks_of(html: str) -> frozenset[str]:
    """The classes and ids of a page without their numbers: what its template is known by."""
    found = (mark for pair in ABOUT.findall(html) for words in pair for mark in words.split())
    return frozenset(DIGITS.sub("0", mark) for mark in found)


def is_rendered(html: str) -> bool:
    """The DOM of a browser, not what the server sent: scripts wrote into it."""
    return bool(RENDERED.search(html))


def tidy(text: str) -> str:
    """A piece of text as it is compared."""
    return " ".join(text.translate(INVISIBLE).split())
