"""Texts and things of a page in order, each with the elements around it; and which things may be content."""
import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.flow import SILENT, is_hidden
from pytest_govsite.reading.frame import thing_of, tidy
from pytest_govsite.reading.hollow import is_filling

CONTROLS = frozenset({"input", "textarea", "select", "button"})
PLAYERS = frozenset({"video", "audio", "canvas", "object", "embed"})
NO_CONTROL = frozenset({"hidden", "submit", "button", "reset", "image"})
DRAWN = re.compile(
    r"^(?!site).*(?:echart|(?:^|[-_])(?:chart|map)(?:$|[-_\d])|allmap|mapcontainer|video-js|prism-player|ckplayer"
    r"|dplayer|jwplayer)",
    re.IGNORECASE,
)
NO_ADDRESS = re.compile(r"\s*(?:#|javascript:|$)", re.IGNORECASE)
PAGER_BOX = re.compile(r"pag(?:e|er|ing|ination)|fenye|page_?(?:nav|list|num)", re.IGNORECASE)
POPUP_BOX = re.compile(
    r"popup|modal|layer|dialog|mask|(?:^|[-_])tips?(?:$|[-_])|float|qrcode|ewm|share|toolbar|wza|nodata|no-data"
    r"|no_data|empty|placeholder",
    re.IGNORECASE,
)
COUNTER = re.compile(
    r"count|stat|visit|tongji|analytic|login|weather|tianqi|share|jiucuo|(?:^|[/_-])(?:top|head|header|foot|footer"
    r"|bottom|nav|menu|left|search|sousuo)[/_.-]",
    re.IGNORECASE,
)
CALL = re.compile(r"\s*javascript:\s*(?!void|;|\s*$)\w", re.IGNORECASE)
ICON = re.compile(
    r"(?:^|[-_/.\s])(?:icon|ico|arrow\w*|dot|line|blank|spacer|loading|more|close|search|print|share|logo|banner|bg"
    r"|top|head|title|tit|nav|btn|bt"
    r"|wx|weibo|ewm|qr\w*)\d*(?:$|[-_.])|no[-_]?(?:data|content|result|pic|img)|empty|zanwu|zwsj|wsj|zwnr|zwxx|404"
    r"|jiucuo|gongan|beian",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Item:
    """A text, or a thing, with the elements around it, the outermost first."""

    text: str
    boxes: tuple[LexborNode, ...]
    thing: LexborNode | None = None
    link: LexborNode | None = None
    hidden: bool = False
    id: int = 0

    def stands_in(self, kind: re.Pattern, tags: tuple[str, ...] = ()) -> bool:
        return any(box.tag in tags or is_kind(box, kind) for box in self.boxes)

    @property
    def address(self) -> str:
        written = (self.link.attributes.get("href") or "") if self.link is not None else ""
        return "" if NO_ADDRESS.match(written) else written.strip()

    @property
    def leads(self) -> bool:
        """It does something when clicked; what a script does nobody knows."""
        attributes = self.link.attributes if self.link is not None else {}
        return bool(self.address or attributes.get("onclick") or CALL.match(attributes.get("href") or ""))


def read_items(tree: LexborHTMLParser) -> Iterator[Item]:
    """Texts and things of a page in document order."""
    stack = [(tree.body, (), None, False)] if tree.body is not None else []
    while stack:
        node, boxes, link, hidden = stack.pop()
        if node.is_text_node:
            if words := tidy(node.text_content or ""):
                yield Item(words, boxes, None, link, hidden, node.mem_id)
            continue
        if not node.is_element_node or node.tag in ("script", "style", "noscript", "template"):
            continue
        hidden = hidden or is_hidden(node)
        if node.tag in ("img", "iframe") or node.tag in PLAYERS or node.tag in CONTROLS or _is_drawn(node):
            yield Item(thing_of(node), boxes, node, link, hidden)
        if node.tag in SILENT:
            continue
        inner = (*boxes, node)
        link = node if node.tag == "a" else link
        stack.extend((child, inner, link, hidden) for child in reversed(list(node.iter(include_text=True))))


def _is_drawn(node: LexborNode) -> bool:
    attributes = node.attributes
    return "_echarts_instance_" in attributes or (node.tag == "div" and is_kind(node, DRAWN))


def is_kind(box: LexborNode, kind: re.Pattern) -> bool:
    attributes = box.attributes
    return any(kind.search(word) for word in f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split())


def is_picture(item: Item) -> bool:
    """A picture that may be the content: no icon, no banner, none that stands for nothing."""
    if item.thing is None or item.thing.tag != "img" or item.hidden:
        return False
    attributes = item.thing.attributes
    sizes = [int(found[0]) for one in ("width", "height") if (found := re.match(r"\d{1,5}", attributes.get(one) or ""))]
    small = any(size <= 40 for size in sizes)
    return not small and not ICON.search(item.text) and not item.stands_in(POPUP_BOX)


def is_field(item: Item) -> bool:
    """A field to fill in, or a button that does more than search; no list of friend links, no field of a pager."""
    if item.thing is None or item.thing.tag not in CONTROLS or item.hidden or item.stands_in(PAGER_BOX):
        return False
    kind = "button" if item.thing.tag == "button" else (item.thing.attributes.get("type") or "").lower()
    if kind in NO_CONTROL:
        words = tidy(item.thing.attributes.get("value") or item.thing.text(deep=True))
        return kind != "hidden" and len(words) > 2 and not is_filling(words)
    return not (item.thing.tag == "select" and item.thing.css_first("option[value^=http]") is not None)


def is_medium(item: Item) -> bool:
    return item.thing is not None and not item.hidden and (item.thing.tag in PLAYERS or _is_drawn(item.thing))


def is_embedded(item: Item) -> bool:
    """A frame that a visitor sees and whose text was not written in place."""
    if item.thing is None or item.thing.tag != "iframe" or item.hidden:
        return False
    attributes = item.thing.attributes
    beside = item.thing.next
    read = beside is not None and beside.is_element_node and "data-frame" in beside.attributes
    tiny = any((attributes.get(one) or "") in ("0", "1", "0px", "1px") for one in ("width", "height"))
    source = attributes.get("src") or attributes.get("srcdoc") or ""
    return bool(source) and not (read or tiny or COUNTER.search(source))
