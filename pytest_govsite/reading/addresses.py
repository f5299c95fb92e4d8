"""Addresses as pages write them: resolved, trimmed, and never a reason to stop."""
import re
from functools import lru_cache
from urllib.parse import urldefrag, urljoin, urlsplit

CONTROL = re.compile(r"[\t\r\n]")
RECENT = 4096  # addresses remembered: several readers meet the same links of a page, and of its menu on the next


@lru_cache(maxsize=RECENT)
def resolve(base: str, written: str) -> str:
    """The address that a browser would open, without its fragment; empty when it is no address of the web.

    White space around and line breaks within are dropped, backslashes are slashes, as the URL standard of the browsers
    says (https://url.spec.whatwg.org/).
    """
    written = CONTROL.sub("", written).strip(" \xa0\u3000")
    if not written:
        return ""
    path, mark, query = written.partition("?")
    try:
        address = urldefrag(urljoin(base, path.replace("\\", "/") + mark + query)).url
        parts = urlsplit(address)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
        return address.replace(" ", "%20") if known and (parts.port or True) else ""
    except ValueError:
        return ""


@lru_cache(maxsize=RECENT)
def host_of(address: str) -> str:
    """The host of an address in lower case; empty when it has none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


@lru_cache(maxsize=RECENT)
def path_of(address: str) -> str:
    """The path of an address; empty when it has none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def bare_host(host: str) -> str:
    """A host without `www.`: with it or without, it is the same site."""
    return host.lower().removeprefix("www.")


def family(host: str) -> str:
    """What the hosts of one body share: `xuanhan.gov.cn` of www., file. and search.xuanhan.gov.cn."""
    labels = host.lower().split(".")
    return ".".join(labels[-3:] if labels[-2:] == ["gov", "cn"] else labels[-2:])
