"""The top region of a page: where the site shows its name."""
import re
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.model.page import Header
from pytest_govsite.reading.addresses import path_of
from pytest_govsite.reading.body import is_paragraph
from pytest_govsite.reading.flow import Line, is_shown, parse, read_lines

REGION = (
    "header, #header, .header, #head, .head, #top, .top, #logo, .logo, #banner, .banner, [class*=header], "
    "[id*=header], [class*=logo], [id*=logo], [class*=banner], [id*=banner], [class*=Header], [class*=Logo], "
    "[class*=Banner], [class*=head_], [class*=top_], [class*=head-]"
)
TRAIL = re.compile(r"^[\W]*(?:您|你)?(?:的|所在|当前|现在)*位置|^首\s*页\s*(?:>|&gt;|»|/|＞|-)")
NAMED_FOR_NAME = re.compile(r"logo|banner|head|site|name|title|tit\b|tit_|zwmc|wzmc|biaoti|guohui", re.IGNORECASE)
ORNAMENT = re.compile(
    r"icon|\bico|wx|weixin|weibo|ewm|qrcode|code|search|sousuo|arrow|close|btn|button|blank|loading|space|line|menu|nav"
    r"|toggle|shou|phone|wza",
    re.IGNORECASE,
)
BRAND = re.compile(r"logo|banner", re.IGNORECASE)
HOME_PATHS = ("", "/", "/index.html", "/index.htm", "/index.shtml")
BACKDROP = re.compile(r"background(?:-image)?\s*:[^;]*url\(", re.IGNORECASE)
FIRST_LINES, FIRST_ELEMENTS = 40, 150
LARGE = 120  # pixels: a picture as wide as this may hold a name
LONGEST, MOST = 100, 200


def read_header(dom_html: str) -> Header:
    """Texts, alternative texts and titles of the top region: the first lines of the page, its boxes for head and logo.

    `silent_logo`: a picture, a box for one, or a CSS background stands there without any words, so that the name may be
    in it. A rendered document marks large CSS backgrounds with the attribute `data-backdrop`, and what stands on the first
    screen with `data-top`: lists of news further down, whose titles hold the government's name, are no head.
    """
    tree = parse(dom_html)
    lines = [line.plain for line in takewhile(_is_no_text, read_lines(tree)) if not line.hidden][:FIRST_LINES]
    lines = _on_top(tree, lines)
    boxes = [box for box in tree.css(REGION)[:60] if is_shown(box)]
    nodes = _first_nodes(tree, boxes)
    said = [text for node in nodes for text in _words(node)]
    texts = dict.fromkeys(" ".join(text.split())[:LONGEST] for text in [*lines, *_box_texts(boxes), *said])
    texts.pop("", None)
    return Header(tuple(texts)[:MOST], any(_is_silent(node) for node in nodes))


def _on_top(tree: LexborHTMLParser, lines: list[str]) -> list[str]:
    """Those lines that stand on the first screen, where the document says what does."""
    tops = {"".join(node.text(deep=True).split()) for node in tree.css("[data-top]")} - {""}
    bare = {line: "".join(line.split()) for line in lines}
    return [line for line in lines if not tops or any(top in bare[line] or bare[line] in top for top in tops)]


def _is_no_text(line: Line) -> bool:
    """The head ends where running text begins, or the trail that leads to an inner page (当前位置)."""
    return not is_paragraph(line) and not TRAIL.search(line.text)


def _first_nodes(tree: LexborHTMLParser, boxes: list[LexborNode]) -> list[LexborNode]:
    """The first visible elements of the page, and those of the head boxes."""
    body = tree.body.css("*")[:FIRST_ELEMENTS] if tree.body is not None else []
    inside = [node for box in boxes for node in (box, *box.css("img, object, embed, a, div, span, h1")[:30])]
    nodes = {node.mem_id: node for node in (*body, *inside) if node.tag not in ("script", "style", "link", "meta")}
    return [node for node in nodes.values() if is_shown(node)]


def _box_texts(boxes: list[LexborNode]) -> list[str]:
    texts = [box.text(deep=True, separator=" ", strip=True) for box in boxes if box.css_first("script, style") is None]
    return [text for text in texts if len(text) <= LONGEST]


def _words(node: LexborNode) -> list[str]:
    return [node.attributes.get(name) or "" for name in ("alt", "title", "aria-label")]


def _is_silent(node: LexborNode) -> bool:
    """It may show the name without saying it."""
    if any(word.strip() for word in _words(node)):
        return False
    if node.tag in ("img", "object", "embed"):
        return _is_silent_picture(node)
    attributes = node.attributes
    about = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if ORNAMENT.search(about) or node.text(deep=True, strip=True):
        return "data-backdrop" in attributes and not ORNAMENT.search(about)
    if node.css_first("img, input, object, embed, svg, iframe, script") is not None:
        return False
    drawn = BACKDROP.search(attributes.get("style") or "") or {"background", "data-backdrop"} & attributes.keys()
    named = node.tag in ("a", "div", "span", "h1", "i") and NAMED_FOR_NAME.search(about)
    return bool(drawn or named) or _leads_home(node)


def _is_silent_picture(node: LexborNode) -> bool:
    attributes = node.attributes
    source = (attributes.get("src") or attributes.get("data") or "").rsplit("/", 1)[-1]
    about = f"{source} {attributes.get('class') or ''} {attributes.get('id') or ''}"
    if ORNAMENT.search(about):
        return False
    width = re.match(r"\d{1,6}", (attributes.get("width") or "").strip())
    return bool(NAMED_FOR_NAME.search(about)) or (bool(width) and int(width.group()) >= LARGE) or _stands_for_name(node)


def _stands_for_name(node: LexborNode) -> bool:
    """A picture in a box for the logo, or in the link to the home page."""
    for _ in range(3):
        node = node.parent
        if node is None or not node.is_element_node:
            return False
        if BRAND.search(f"{node.attributes.get('class')} {node.attributes.get('id')}") or _leads_home(node):
            return True
    return False


def _leads_home(node: LexborNode) -> bool:
    href = node.attributes.get("href") or ""
    return node.tag == "a" and bool(href) and "#" not in href and path_of(href) in HOME_PATHS
