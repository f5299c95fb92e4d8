"""The tree of a page as list reading needs it: elements and texts in document order, with records unwrapped."""
import re
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from pytest_govsite.reading.flow import BLANKS, INVISIBLE, is_hidden, parse

SKIPPED = frozenset({
    "style", "noscript", "template", "iframe", "object", "embed", "textarea", "select", "option",
    "button", "svg", "audio", "video", "canvas", "br", "hr", "input", "link", "meta",
})
TEXT, PAGER = "#", "#pager"
ATTRIBUTES = ("href", "title", "alt", "onclick", "datetime", "colspan", "data-href", "data-url")
SCRIPTED_DAY = re.compile(r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}")
PAGING = re.compile(
    r"createPage|PageHTML|\.jpage\(|laypage|jqPaginator|\.pagination\(|(?:total|count|max)_?Pages?\b|page_?Count\b|toPage\(",
    re.IGNORECASE,
)
LONGEST_SCRIPT = 2000
LONGEST_PAGER = 20000  # characters of a script that are looked at
LONGEST_TEXT = 2000  # characters of one text that are kept: a row has no longer one
MOST_PIECES = 250_000  # of a page; real ones have some thousands
RECORD, CDATA, CDATA_END = "<record>", "<![CDATA[", "]]>"
OPENING = re.compile(r"<script\b[^<>]{0,300}>\s*(?:<!--\s*)?(?:<\?xml[^<>]{0,100}>\s*)?$", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Piece:
    """An element, a text (tag "#"), or a script that writes a pager ("#pager").

    place   its number in document order; last: that of the last piece inside.
    names   class and id in lower case; hidden: kept from the visitor, by itself or by what is around it.
    """

    tag: str
    parent: "Piece | None"
    place: int
    text: str = ""
    names: str = ""
    hidden: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    kids: "list[Piece]" = field(default_factory=list)
    last: int = 0

    def up(self, levels: int) -> "list[Piece]":
        """The elements around it, nearest first, at most so many."""
        found, piece = [], self.parent
        while piece is not None and len(found) < levels:
            found.append(piece)
            piece = piece.parent
        return found

    def holds(self, other: "Piece") -> bool:
        """True for itself and for whatever is inside."""
        return self.place <= other.place <= self.last


@lru_cache(maxsize=1)  # the readers of lists and of pagers ask for the same page in turn
def grow(html: str) -> list[Piece]:
    """All pieces of a page in document order; the first is the root. No recursion: pages nest as deep as they like."""
    root = Piece("html", None, 0)
    pieces = [root]
    body = parse(unwrap_records(html)).root
    stack: list[tuple[LexborNode, Piece]] = [] if body is None else [(body, root)]
    while stack and len(pieces) < MOST_PIECES:
        node, parent = stack.pop()
        piece = _piece(node, parent, len(pieces))
        if piece is None:
            continue
        pieces.append(piece)
        parent.kids.append(piece)
        children, child = [], node.child if piece.tag not in ("script", PAGER) else None
        while child is not None:
            children.append((child, piece))
            child = child.next
        stack.extend(reversed(children))
    for piece in reversed(pieces):
        piece.last = max(piece.last, piece.place)
        if piece.parent is not None:
            piece.parent.last = max(piece.parent.last, piece.last)
    return pieces


def _piece(node: LexborNode, parent: Piece, place: int) -> Piece | None:
    """The piece of a node; None for what holds nothing of a list."""
    if node.is_text_node:
        text = BLANKS.sub(" ", (node.text_content or "")[:LONGEST_TEXT].translate(INVISIBLE)).strip()
        return Piece(TEXT, parent, place, text, hidden=parent.hidden) if text else None
    if not node.is_element_node or node.tag in SKIPPED:
        return None
    if node.tag == "script":
        return _script(node, parent, place)
    found = node.attributes
    names = f"{found.get('class') or ''} {found.get('id') or ''}".strip().lower() if found else ""
    kept = {name: found[name] for name in ATTRIBUTES if found.get(name)} if found else {}
    return Piece(node.tag, parent, place, "", names[:200], parent.hidden or bool(found) and is_hidden(node), kept)


def _script(node: LexborNode, parent: Piece, place: int) -> Piece | None:
    """A script that writes a pager; a short one that holds a day: some systems write the day of each row by script."""
    text = (node.text(deep=True) or "")[:LONGEST_PAGER]
    if PAGING.search(text):
        return Piece(PAGER, parent, place, hidden=True)
    found = SCRIPTED_DAY.search(text) if len(text) <= LONGEST_SCRIPT else None
    return Piece("script", parent, place, found.group(), hidden=True) if found else None


def unwrap_records(html: str) -> str:
    """The page with the rows of Hanweb's data stores as if they stood in the page, where its script would put them.

    Such a list is sent as <script type="text/xml"><datastore>… <record><![CDATA[<li>…</li>]]></record>, and what the
    page asks for further rows comes as the data store alone, also quoted in JSON.
    """
    if RECORD not in html or CDATA not in html:
        return html
    if '\\"' in html and "<datastore>" in html and html.lstrip()[:1] in "{[r(":
        html = html.replace('\\"', '"').replace("\\/", "/").replace("\\n", " ").replace("\\r", " ").replace("\\t", " ")
    parts, position = [], 0
    while True:
        start = html.find("<datastore>", position)
        end = html.find("</datastore>", start)
        if start < 0 or end < 0:
            return "".join([*parts, html[position:]])
        before = html[position:start]
        opening = OPENING.search(before, max(0, len(before) - 500))
        parts += [before[:opening.start()] if opening else before, _records(html[start:end])]
        position = end + len("</datastore>")
        if opening:  # the rest of the script goes with it
            closing = html.find("</script>", position)
            position = closing + len("</script>") if closing >= 0 else len(html)


def _records(store: str) -> str:
    """The markup of all records of a data store."""
    rows = []
    for part in store.split(RECORD)[1:]:
        start, end = part.find(CDATA), part.find(CDATA_END)
        if 0 <= start < end:
            rows.append(part[start + len(CDATA):end].strip())
    joined = "\n".join(rows)
    tabular = joined[:200].lower().startswith("<tr")
    return f"<table>{joined}</table>" if tabular else f"<div>{joined}</div>"
