"""The text of a page as a reader meets it: lines in document order, each with the place where it stands."""
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

SILENT = frozenset({
    "head", "title", "script", "style", "noscript", "template", "iframe", "object", "embed", "textarea", "select",
    "option", "button", "svg", "audio", "video", "canvas",
})
INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "img", "ins",
    "kbd", "label", "mark", "nobr", "output", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr", "input", "ucaptitle",
})
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^<>]*?(/?)>")
NEVER_DEEP = frozenset({  # void elements, and those that the next of their kind ends
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "li", "p", "td", "th", "tr", "dd", "dt", "option", "tbody", "thead", "rp", "rt",
})
DEEPEST = 3000  # browsers stop at 512
HIDING_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
SEAM = "\u2009"  # between texts of two inline elements: white space to a pattern, nothing to a reader
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))
BLANKS = re.compile(r"\s+")
WIDE = frozenset("\xa0\u3000\u2002\u2003")


@dataclass(frozen=True)
class Line:
    """One line of text.

    text    white space collapsed; two blanks where the page leaves a wide gap; SEAM where two elements meet.
    hidden  CSS or the attribute `hidden` keeps it from the visitor.
    path    ids of the elements around its beginning, outermost first.
    links   texts inside <a>, with their address.
    """

    text: str
    hidden: bool
    path: tuple[int, ...]
    links: tuple[tuple[str, str], ...] = ()

    @property
    def plain(self) -> str:
        """The text without seams."""
        return plain(self.text)

    @property
    def linked(self) -> bool:
        """All of its text is inside links: a menu, a list of titles."""
        inside = sum(len(text) for text, _ in self.links)
        return bool(self.links) and inside >= len(self.plain.strip(" |·>-【】[]"))


def plain(text: str) -> str:
    """A text without the seams between elements, blanks trimmed."""
    return text.replace(SEAM, "").strip()


def _blank(found: re.Match) -> str:
    """One blank, or two where the page leaves a gap that a reader sees."""
    return "  " if len(found.group()) >= 40 or WIDE.intersection(found.group()) else " "


def parse(html: str) -> LexborHTMLParser:
    """The tree of a page; an empty one for an empty text. What nests deeper than any page of a reader is cut off."""
    return LexborHTMLParser(_bounded(html) or "<html></html>")


def _bounded(html: str) -> str:
    """The parser's time grows with the square of the depth (20,000 open tags: 0.5 s), and pages may be hostile."""
    if html.count("<") < DEEPEST:
        return html
    depth = 0
    for tag in TAG.finditer(html):
        if not tag[3] and tag[2].lower() not in NEVER_DEEP:
            depth = max(0, depth + (-1 if tag[1] else 1))
        if depth > DEEPEST:
            return html[:tag.start()]
    return html


def is_hidden(node: LexborNode) -> bool:
    """True when the element itself is hidden, by attribute or by its own style."""
    attributes = node.attributes
    if "hidden" in attributes or node.tag == "noscript":
        return True
    style = attributes.get("style")
    return bool(style and HIDING_STYLE.search(style))


def is_shown(node: LexborNode | None) -> bool:
    """True when neither the element nor anything around it is hidden."""
    while node is not None:
        if node.is_element_node and is_hidden(node):
            return False
        node = node.parent
    return True


def visible(node: LexborNode, selector: str) -> list[LexborNode]:
    """The elements under `node` that match and that a visitor can see."""
    return [found for found in node.css(selector) if is_shown(found)]


def read_lines(tree: LexborHTMLParser, most: int | None = None) -> list[Line]:
    """All lines of text of the page, hidden ones too, in document order; at most the first `most`."""
    writer = _Writer()
    if tree.root is not None:
        for node, leaving in _walk(tree.root):
            writer.leave(node) if leaving else writer.enter(node)
            if most is not None and len(writer.lines) >= most:
                return writer.lines
    writer.end_line()
    return writer.lines


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node on the way in and every element on the way out; no recursion, pages nest as deep as they like."""
    stack = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        yield node, leaving
        if leaving or not node.is_element_node or node.tag in SILENT:
            continue
        stack.append((node, True))
        children, child = [], node.child
        while child is not None:
            children.append((child, False))
            child = child.next
        stack.extend(reversed(children))


@dataclass
class _Writer:
    """Collects texts into lines while the tree is walked."""

    lines: list[Line] = field(default_factory=list)
    path: list[int] = field(default_factory=list)
    hidden_at: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    start: tuple[int, ...] = ()
    href: str | None = None
    fresh: bool = False

    def enter(self, node: LexborNode) -> None:
        if node.is_text_node:
            self._write(node.text_content or "")
        elif node.is_element_node and node.tag not in SILENT:
            self._break_at(node.tag)
            self.path.append(node.mem_id)
            if is_hidden(node):
                self.end_line()
                self.hidden_at.append(node.mem_id)
            if node.tag == "a":
                self.href = node.attributes.get("href") or ""
            self.fresh = True

    def leave(self, node: LexborNode) -> None:
        if self.hidden_at and self.hidden_at[-1] == node.mem_id:
            self.end_line()
            self.hidden_at.pop()
        self.path.pop()
        self._break_at(node.tag)
        if node.tag == "a":
            self.href = None
        self.fresh = True

    def _break_at(self, tag: str) -> None:
        if tag not in INLINE:
            self.end_line()

    def _write(self, text: str) -> None:
        text = BLANKS.sub(_blank, text.translate(INVISIBLE))
        if not text.strip():
            self.texts.append(text if self.texts else "")
            return
        if not self.texts:
            self.start = tuple(self.path)
        self.texts.append(SEAM + text if self.fresh and self.texts else text)
        self.fresh = False
        if self.href is not None:
            self.links.append((text.strip(), self.href))

    def end_line(self) -> None:
        text = "".join(self.texts).strip()
        if text:
            self.lines.append(Line(text, bool(self.hidden_at), self.start, tuple(self.links)))
        self.texts, self.links, self.start = [], [], ()
