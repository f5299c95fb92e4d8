"""What a visitor can click on a page: where it leads and what it says."""
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.addresses import resolve

CLICKABLE = (
    "a[href], area[href], a[onclick], li[onclick], div[onclick], td[onclick], span[onclick], p[onclick], dd[onclick]"
)
UNCLICKABLE = frozenset({"noscript", "template", "select"})
NO_ADDRESS = re.compile(r"\s*(?:#|javascript:|vbscript:|about:|$)", re.IGNORECASE)
ADDRESS_IN_SCRIPT = re.compile(
    r"(?:open|href|location|url|goto?|jump|link|out|confirm|nav|page)\w*\s*(?:=|\.\w+\s*\(|\()\s*(?:this\s*,\s*)?"
    r"""["']([^"'\s]{2,300})["']""",
    re.IGNORECASE,
)
LIKE_ADDRESS = re.compile(r"https?://|/|\.{1,2}/|[\w-]+(?:/[\w.-]*|\.(?:s?html?|aspx?|jsp|php|do)\b)", re.IGNORECASE)
CHINESE = re.compile(r"[一-鿿]")
FILE_NAME = re.compile(r"\.(?:png|jpe?g|gif|bmp|svg|webp)$", re.IGNORECASE)
LABEL_IN_TITLE = re.compile(r"^(?:文章)?(?:标题|名称|栏目)\s*[:：]\s*")
ORNAMENTS = " \t·•●■◆>»›＞▶►▼▽∨↓→|｜-—_【】[]〖〗{}/:：*+\u200b\ufeff"
PRIVATE_USE = re.compile(r"[\ue000-\uf8ff]|[\U000f0000-\U0010ffff]")
SPREAD = re.compile(r"(?<=[一-鿿])\s+(?=[一-鿿])")
PARTS = "h1, h2, h3, h4, h5, h6, p, div, dt, strong, b, em, i, small"
SHORT, LONG = 8, 14  # characters: names that are spread by blanks, names that may hold a description as well


@dataclass(frozen=True)
class Click:
    """Something clickable: the element, the address behind it, the words on it (else those of its picture)."""

    node: LexborNode
    url: str
    words: str
    pictured: bool = False


def read_clicks(tree: LexborHTMLParser, base_url: str, most: int = 4000) -> Iterator[Click]:
    """Everything that leads somewhere, in document order; addresses that only a script holds included."""
    base = base_of(tree, base_url)
    for node in tree.css(CLICKABLE)[:most]:
        url = address_of(node, base)
        if url and not _within(node, UNCLICKABLE):
            words = words_of(node)
            yield Click(node, url, words or words_of_picture(node), not words)


def base_of(tree: LexborHTMLParser, base_url: str) -> str:
    """What relative addresses of the page are relative to."""
    node = tree.css_first("base[href]")
    return resolve(base_url, node.attributes.get("href") or "") or base_url if node is not None else base_url


def address_of(node: LexborNode, base: str) -> str:
    """Where a click leads; empty when nowhere else than on this page, or when only a script knows."""
    attributes = node.attributes
    written = attributes.get("href") or ""
    if written and not NO_ADDRESS.match(written):
        return resolve(base, written)
    if node.tag not in ("a", "area") and node.css_first("a[href]") is not None:
        return ""
    for name in ("data-href", "data-url", "data-link"):
        if attributes.get(name) and LIKE_ADDRESS.match(attributes[name]):
            return resolve(base, attributes[name])
    called = ADDRESS_IN_SCRIPT.search(f"{written} {attributes.get('onclick') or ''}"[:1000])
    return resolve(base, called[1]) if called and LIKE_ADDRESS.match(called[1]) else ""


def words_of(node: LexborNode) -> str:
    """The words on an element: whole where they are cut and its title is not; without descriptions below them."""
    said = " ".join(node.text(deep=True).split())
    text = tidy(said) or said[:SHORT]  # an arrow may be all that it says
    title = _title(node)
    if not text:
        return ""
    if text.rstrip(".…") != text and title.startswith(text.rstrip(".…")[:6]):
        return title
    if len(text) <= LONG or node.tag != "a":
        return text
    if 2 <= len(title) <= LONG and text.startswith(title):
        return title
    return _first_part(node, text)


def words_of_picture(node: LexborNode) -> str:
    """What the title of an element, or the alternative text of the picture in it, says in Chinese."""
    pictures = [node, *node.css("img, input[type=image]")[:2]]
    said = [_title(picture) for picture in pictures] + [tidy(one.attributes.get("alt") or "") for one in pictures]
    return next((text for text in said if CHINESE.search(text) and not FILE_NAME.search(text)), "")


def tidy(text: str) -> str:
    """A name without ornaments around it, without icons, blanks collapsed (and none within a short name)."""
    text = " ".join(PRIVATE_USE.sub("", unicodedata.normalize("NFKC", text)).split()).strip(ORNAMENTS)
    return SPREAD.sub("", text) if len(text) <= 2 * SHORT and len(SPREAD.sub("", text)) <= SHORT else text


def _title(node: LexborNode) -> str:
    lines = (node.attributes.get("title") or "").strip().splitlines()
    return LABEL_IN_TITLE.sub("", tidy(lines[0])) if lines else ""


def _first_part(node: LexborNode, text: str) -> str:
    """The heading within a link that holds a heading and a description."""
    for part in node.css(PARTS)[:4]:
        words = tidy(part.text(deep=True))
        if 2 <= len(words) <= LONG and CHINESE.search(words) and text.startswith(words):
            return words
    return text


def _within(node: LexborNode, tags: frozenset[str]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False
