"""All addresses that a page points at, and which of them are likely content pages or column pages of the same site."""
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.addresses import bare_host, host_of, path_of, resolve
from pytest_govsite.reading.flow import parse

LinkForm = Literal["link", "image", "attachment", "frame", "script", "style"]

ATTACHMENT = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|dps|ofd|ceb|rtf|txt|csv|zip|rar|7z|tar|gz|tif|tiff|mp3|mp4|wmv|avi|flv|mov|apk"
    r"|exe|dwg)$|DownloadAttachUrl|/download\.jsp",
    re.IGNORECASE,
)
PICTURE = re.compile(r"\.(?:png|jpe?g|gif|bmp|webp|svg|ico)$", re.IGNORECASE)
PLACES: tuple[tuple[str, str, LinkForm], ...] = (
    ("a[href], area[href]", "href", "link"),
    ("img[src], input[type=image][src]", "src", "image"),
    ("iframe[src], frame[src], embed[src]", "src", "frame"),
    ("object[data]", "data", "frame"),
    ("link[rel~=stylesheet][href]", "href", "style"),
    ("script[src]", "src", "script"),
    ("video[src], audio[src], source[src]", "src", "attachment"),
)


@dataclass(frozen=True)
class Anchor:
    """One address that a page points at, what a reader sees on it, and the form it has.

    covered: a picture whose page has something to show in its place where it does not load.
    """

    url: str
    text: str
    form: LinkForm
    covered: bool = False


def read_links(html: str, base_url: str) -> tuple[Anchor, ...]:
    """Every address of the page in document order, form by form, resolved against <base> and the page's own address.

    Left out: javascript:, mailto:, tel:, data: and what is no address at all; places within the page (#); what stands
    in comments and in <noscript>. The same address may come several times.
    """
    tree = parse(html)
    base = _base(tree, base_url)
    anchors = []
    for selector, attribute, form in PLACES:
        for node in tree.css(selector):
            written = (node.attributes.get(attribute) or "").strip()
            url = "" if written.startswith("#") else resolve(base, written)
            if url and not _silenced(node):
                anchors.append(Anchor(url, _text(node), _form(form, url), form == "image" and bool(node.attributes.get("onerror"))))
    return tuple(anchors)


def _base(tree: LexborHTMLParser, base_url: str) -> str:
    node = tree.css_first("base[href]")
    return resolve(base_url, node.attributes.get("href") or "") or base_url if node is not None else base_url


def _silenced(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in ("noscript", "template", "select"):
            return True
        parent = parent.parent
    return False


def _form(form: LinkForm, url: str) -> LinkForm:
    return "attachment" if form == "link" and (ATTACHMENT.search(path_of(url)) or ATTACHMENT.search(url)) else form


def _text(node: LexborNode) -> str:
    """The visible text, else the title, else the alternative text of a picture inside."""
    picture = node.css_first("img[alt]") if node.tag == "a" else None
    inside = picture.attributes.get("alt") if picture is not None else ""
    words = node.text(deep=True) if node.tag in ("a", "object") else ""
    said = (words, node.attributes.get("title"), node.attributes.get("alt"), inside)
    return next((text for text in (" ".join((one or "").split()) for one in said) if text), "")


# shapes of addresses in the common systems (TRS, Hanweb, Kaipuyun, Boda, NFCMS, gov.cn and smaller ones)
CONTENT_SHAPE = re.compile(
    r"/t\d{6,8}(?:_\d+)+[\w.]*$|/t\d{5,}\.s?html?$|/art/(?:\d{4}/)?\d{1,2}/\d{1,2}/|/art_[0-9a-f_]{8,}\.s?html?$"
    r"|/content(?:_|/)?\w*\d{3,}[\w/]*|/c\d{4,}/(?:\w+/)?c?\d{5,}|/content\.s?html?$|/info/\d+/\d+\.htm|/m?post_\d+"
    r"|/[0-9a-f]{24,32}(?:_\d+)?\.s?html?$|/\d{5,}\.s?html?$"
    r"|/(?:19|20)\d\d[-/]?\d{1,2}(?:[-/]?\d{1,2})?/[\w-]*\d[\w-]*\.s?html?$"
    r"|(?:show|view|detail|article|news|xxgk)[-_/]?(?:\w+[-_/])?\d{3,}"
    r"|/(?:article|detail|newsdetail|contents?)/[\w-]{6,}|ID[-_]?\d{4,}",
    re.IGNORECASE,
)
CONTENT_QUERY = re.compile(
    r"(?:show|view|detail|content|article)\w*\.(?:aspx?|jsp|php|do)\?|[?&](?:article|news|info|content|doc)_?id=",
    re.IGNORECASE,
)
COLUMN_SHAPE = re.compile(
    r"/$|/(?:index|list|default|more|column|channel|node|lm|lmy|redirect_firstChannel)[\w-]*\.s?html?$|/col/?col\d+"
    r"|/list[-_/]?\w*|/columns?/|/node_\d+|/c\d{3,}/?$",
    re.IGNORECASE,
)
LIST_SHAPE = re.compile(r"/(?:lists?|channel|column|class|lanmu)[-_/]\w{1,12}(?:[-_]\d{1,3})?\.s?html?$", re.IGNORECASE)
PLAIN_SHAPE = re.compile(r"/\w{1,30}(?:\.s?html?)?$")
COLUMN_QUERY = re.compile(
    r"(?:list|class|column|channel)\w*\.(?:aspx?|jsp|php|do)\?|[?&](?:class|column|channel|cat|catalog|lm)_?id=",
    re.IGNORECASE,
)
NO_PAGE = re.compile(
    r"login|logout|regist|search|rss|weixin|download|/api/|\.(?:xml|json|js|css)$|javascript|print|captcha|/user|/sso",
    re.IGNORECASE,
)
SHORT, LONG = 8, 12  # characters: names of columns are short, titles are long


def split_inner(anchors: Iterable[Anchor], site: str) -> tuple[tuple[Anchor, ...], tuple[Anchor, ...]]:
    """(content pages, column pages) among the links to the same site: by address, by text where that says nothing.

    `site` is the host, or the address of the home page. These are guesses: whoever opens a page knows better.
    """
    host = bare_host(host_of(site) or site)
    articles, columns = [], []
    for anchor in anchors:
        if anchor.form != "link" or bare_host(host_of(anchor.url)) != host or not _is_page(anchor.url):
            continue
        kind = _kind(anchor)
        if kind:
            (articles if kind == "article" else columns).append(anchor)
    return tuple(articles), tuple(columns)


def _is_page(url: str) -> bool:
    path = path_of(url)
    home = path in ("", "/") or re.fullmatch(r"/(?:index|default|home)\.\w+", path, re.IGNORECASE)
    return not home and not NO_PAGE.search(url) and not PICTURE.search(path)


def shape_of(url: str) -> str:
    """What an address looks like by itself: `article`, `column`, or empty."""
    path = path_of(url)[:300]
    if COLUMN_QUERY.search(url) or LIST_SHAPE.search(path):
        return "column"
    if CONTENT_QUERY.search(url) or CONTENT_SHAPE.search(path):
        return "article"
    return "column" if COLUMN_SHAPE.search(path) else ""


def _kind(anchor: Anchor) -> str:
    path, length = path_of(anchor.url)[:300], len(anchor.text)
    shape = shape_of(anchor.url)
    if shape:
        return shape
    if PLAIN_SHAPE.search(path) and "?" not in anchor.url:
        return "column" if length < LONG + SHORT else ""
    return "article" if length >= LONG else "column" if 0 < length <= SHORT else ""
