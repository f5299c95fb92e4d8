"""In which characters a page was written. Pure."""
import codecs
import re

from charset_normalizer import from_bytes

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
IN_META = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
HEAD_BYTES = 4096  # the HTML standard looks at 1024; many pages have comments and scripts before their meta tag
GUESS_BYTES = 65536

# what pages may name; other Python codecs are not for text or cost too much on hostile input (punycode)
CODECS = {"utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be", "cp1252", "cp1251", "shift_jis", "euc_kr"}
WIDER = {  # browsers read the older name as the wider set, https://encoding.spec.whatwg.org/#names-and-labels
    "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "ascii": "cp1252", "iso8859-1": "cp1252",
    "utf-16": "utf-16-le",
}
SERVER_DEFAULT = "cp1252"  # servlet containers write ISO-8859-1 into the header when nobody told them better


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a page; what cannot be read becomes U+FFFD. content_type: the header, as sent."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark):].decode(name, "replace")
    return body.decode(read_charset(body, content_type), "replace")


def read_charset(body: bytes, content_type: str = "") -> str:
    """The codec that fits: by header, else meta tag, else a guess. A name that the bytes refute is passed over."""
    named = [name for name in (_in_header(content_type), _in_meta(body)) if name in CODECS]
    firm = [name for name in named if name != SERVER_DEFAULT]
    if body.isascii():
        return firm[0] if firm else "utf-8"
    if _fits(body, "utf-8"):
        return "utf-8"  # text that is valid UTF-8 by chance is next to impossible
    fitting = [name for name in firm if _fits(body, name)]
    if fitting:
        return fitting[0]
    if firm:
        return _fewest_faults(body, [*firm, "utf-8"])
    return _guess(body) or (named[0] if named else "utf-8")


def _in_header(content_type: str) -> str | None:
    found = IN_HEADER.search(content_type)
    return _codec(found[1]) if found else None


def _in_meta(body: bytes) -> str | None:
    found = IN_META.search(body[:HEAD_BYTES])
    name = _codec(found[1].decode("ascii", "replace")) if found else None
    return "utf-8" if name in ("utf-16-le", "utf-16-be") else name  # nobody could have read the tag otherwise


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name.strip().lower()).name
    except (LookupError, ValueError):
        return None
    return WIDER.get(found, found)


def _fits(body: bytes, name: str) -> bool:
    try:
        codecs.getincrementaldecoder(name)().decode(body)  # incremental: the last character may be cut off
    except UnicodeError:
        return False
    return True


def _fewest_faults(body: bytes, names: list[str]) -> str:
    """All fail somewhere, for a stray byte is common."""
    return min(names, key=lambda name: body.decode(name, "replace").count("\ufffd"))


def _guess(body: bytes) -> str | None:
    best = from_bytes(body[:GUESS_BYTES], cp_isolation=["utf_8", "gb18030", "big5"]).best()
    return _codec(best.encoding) if best else None
