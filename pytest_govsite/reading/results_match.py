"""Whether a result is the page that was looked for: by its title, by its address."""
import base64
import binascii
import re
import unicodedata
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from pytest_govsite.reading.addresses import bare_host, family, host_of, path_of

# parameters in which counting or redirecting links carry the address they lead to
CARRIERS = frozenset({
    "url", "target", "targeturl", "redirect", "redirecturl", "redirect_url", "link", "linkurl", "href", "goto", "jump",
    "jumpurl", "to", "u", "dest", "destination", "docpuburl", "puburl", "realurl", "originurl",
})
CARRYING = re.compile(r"link|visit|redirect|jump|goto|go\b|click|count|open|out|transfer|search|view", re.IGNORECASE)
ENTRANCE = re.compile(r"login|sso|cas/|oauth|share|register", re.IGNORECASE)
ENCODED = re.compile(r"aHR0c[A-Za-z0-9+/_-]{8,1000}={0,2}")  # base64 of http…
LAYERS = 3

CUT_END = re.compile(r"(?:\.{2,}|…+|。{2,}|⋯+)\s*$")
CUT_START = re.compile(r"^\s*(?:\.{2,}|…+|。{2,}|⋯+)")
SHORTEST_PART = 15  # characters of a cut title that tell one article from others
LABEL_BEFORE = re.compile(
    r"^\s*(?:\d{1,3}\s*[.、．:：)）]\s*(?!\d)|[\[【(（〔<][^\[\]【】()（）〔〕<>]{1,14}[\]】)）〕>]\s*"
    r"|(?:标题|题目|名称|标\s*题|事项名称|置顶|最新|NEW)\s*[:：]?\s*|[·•▪■◆▶►>»]\s*)(?=\S{4})",
    re.IGNORECASE,
)
LABEL_AFTER = re.compile(
    r"(?:\s*[-_|—–]+\s*[^\s\-_|—–]{2,24}|\s*[\[【(（]?(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?[\]】)）]?"
    r"|\s*[\[【(（](?:图|视频|附件|附图|新|热|顶|new|hot|转载|组图)[\]】)）]|\.(?:s?html?|pdf|docx?|xlsx?|wps))\s*$",
    re.IGNORECASE,
)
ARTICLE_IN_PATH = (
    re.compile(r"/art_\d+_(\d{5,})\.\w+$"),  # Hanweb: the column is part of the name
    re.compile(r"/info/\d+/(\d{4,})\.\w+$"),  # Boda
    re.compile(r"/(t\d{8}_\d+|t\d{6,})\.\w+$"),  # TRS
    re.compile(r"/c\d+/(c?\d{5,})/content\.\w+$"),  # Kaipuyun
    re.compile(r"/([0-9a-f]{24,32})(?:_\d+)?\.\w+$", re.IGNORECASE),
    re.compile(r"/([\w-]*\d{6,}[\w-]*)\.\w+$"),
)
INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|php|aspx?)$", re.IGNORECASE)


def unwrap(url: str) -> str:
    """The address behind a link that only counts the visit and leads on; the address itself where it is none."""
    for _ in range(LAYERS):
        inner = _carried(url)
        if not inner:
            return url
        url = inner
    return url


def _carried(url: str) -> str:
    try:
        parts = urlsplit(url)
        values = parse_qsl(f"{parts.query}&{parts.fragment.partition('?')[2]}", keep_blank_values=False, max_num_fields=60)
    except ValueError:
        return ""
    if ENTRANCE.search(parts.path):
        return ""
    for name, value in values:
        if name.lower() in CARRIERS and (found := _address(value, url, firm=bool(CARRYING.search(parts.path)))):
            return found
    return ""


def _address(value: str, base: str, *, firm: bool) -> str:
    """The address that a parameter holds, plain, encoded once more, or in base64; empty when it is none."""
    for _ in range(2):
        value = value.strip()
        if re.match(r"https?://[^/\s]", value, re.IGNORECASE):
            return value
        if value.startswith("//") or firm and re.match(r"/[^/\s]", value):
            return urljoin(base, value)
        value = unquote(value)
    return _decoded(value)


def _decoded(value: str) -> str:
    if not ENCODED.fullmatch(value):
        return ""
    plain = value.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return text if re.match(r"https?://[^/\s]", text) else ""


def bare(text: str) -> str:
    """A text as titles are compared: NFKC, lower case, without blanks, punctuation and signs."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def same_title(shown: str, wanted: str) -> bool:
    """The title shown is the wanted one: punctuation and labels around it aside, or cut with dots after 15 characters."""
    whole = bare(wanted)
    return bool(whole) and any(_is_title(form, whole) for form in _forms(shown))


def _is_title(shown: str, whole: str) -> bool:
    name = bare(shown)
    if name == whole:
        return True
    if len(name) < SHORTEST_PART or not (CUT_END.search(shown) or CUT_START.search(shown)):
        return False
    if CUT_START.search(shown):
        return name in whole if CUT_END.search(shown) else whole.endswith(name)
    return whole.startswith(name)


def _forms(shown: str) -> list[str]:
    """The title as shown, and without the labels that stand before and after it."""
    before = after = shown.strip()
    for _ in range(3):
        before, after = LABEL_BEFORE.sub("", before), LABEL_AFTER.sub("", after)
    both = before
    for _ in range(3):
        both = LABEL_AFTER.sub("", both)
    return list(dict.fromkeys((shown, before, after, both)))


def same_address(one: str, other: str) -> bool:
    """Both addresses lead to one article: the same but for scheme, www. and index, or the same number on one site."""
    one, other = unwrap(one), unwrap(other)
    if not host_of(one) or not host_of(other):
        return False
    if _plain(one) == _plain(other):
        return True
    if family(host_of(one)) != family(host_of(other)):
        return False
    number = _number(one)
    return bool(number) and number == _number(other)


def _plain(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    place = bare_host(parts.hostname or "").removeprefix("m.") + ("" if port in (None, 80, 443) else f":{port}")
    query = "&".join(sorted(f"{name}={value}" for name, value in parse_qsl(parts.query, keep_blank_values=True)))
    fragment = parts.fragment if "/" in parts.fragment else ""
    path = INDEX.sub("/", unquote(parts.path) or "/").rstrip("/")
    return f"{place}{path}?{query}#{fragment}".lower()


def _number(url: str) -> str:
    """What names the article in the address, whatever column it is shown under; empty when nothing surely does."""
    path = path_of(url)
    return next((found[1].lower() for form in ARTICLE_IN_PATH if (found := form.search(path))), "")
