"""Pages that only send the visitor on: by http-equiv refresh, or by a script that does nothing else."""
import re

from pytest_govsite.reading.addresses import resolve
from pytest_govsite.reading.flow import parse
from pytest_govsite.reading.text import visible_text

REFRESH = re.compile(r"\s*(?P<seconds>\d+(?:\.\d+)?)?\s*[;,]?\s*(?:url\s*=\s*)?['\"]?(?P<url>[^'\"]*)", re.IGNORECASE)
SENDING = re.compile(
    r"(?:(?:window|self|top|parent|document)\s*\.\s*)*location(?:\s*\.\s*href)?\s*=\s*(['\"])(?P<set>[^'\"]+)\1"
    r"|location\s*\.\s*(?:replace|assign)\s*\(\s*(['\"])(?P<called>[^'\"]+)\3\s*\)",
)
DEPENDS = re.compile(r"userAgent|screen\s*\.|\bif\s*\(|\?[^'\"\n]*:|\+\s*['\"]|['\"]\s*\+|setTimeout|/\*|^\s*//", re.MULTILINE)
PATIENCE = 10  # seconds: a page that stays longer is meant to be read
TEXT = 20  # characters of text that a mere signpost has at most
LONGEST = 20_000


def read_refresh(html: str, url: str) -> str:
    """Where the page sends every visitor by itself; empty when it stays, or when only a browser can tell."""
    if "refresh" not in html[:LONGEST].lower() and (len(html) > LONGEST or "location" not in html):
        return ""
    target = _by_tag(html, url) or _by_script(html, url)
    return "" if target == url else target


def _by_tag(html: str, url: str) -> str:
    for node in parse(html[:LONGEST]).css("meta[http-equiv][content]"):
        if (node.attributes.get("http-equiv") or "").strip().lower() != "refresh" or _is_fallback(node):
            continue
        found = REFRESH.match(node.attributes.get("content") or "")
        if found["url"].strip() and float(found["seconds"] or 0) <= PATIENCE:
            return resolve(url, found["url"])
    return ""


def _is_fallback(node) -> bool:
    """What stands in <noscript> moves nobody whose scripts run."""
    while node is not None and node.tag != "noscript":
        node = node.parent
    return node is not None


def _by_script(html: str, url: str) -> str:
    """One plain assignment on a page without text; whatever hangs on a condition is for a browser."""
    if len(html) > LONGEST or "location" not in html or len("".join(visible_text(html).split())) >= TEXT:
        return ""
    scripts = "\n".join(node.text() for node in parse(html).css("script:not([src])"))
    if DEPENDS.search(scripts):
        return ""
    targets = {found["set"] or found["called"] for found in SENDING.finditer(scripts)}
    return resolve(url, targets.pop()) if len(targets) == 1 else ""
