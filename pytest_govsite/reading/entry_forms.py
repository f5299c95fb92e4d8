"""The forms in which pages carry the entry 我为政府网站找错."""
import re
from dataclasses import dataclass
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.addresses import family, host_of, resolve

STANDARD_HOST = "zfwzgl.www.gov.cn"
CODE = r"(?:bm\d{8}|[A-Z]?\d{9,10})(?![\dA-Za-z])"

# addresses of the platform, now and before: the form, and the page per site (jcInfo/<uuid>-<n>) with its successor
PLATFORM = re.compile(r"/exposure/jiucuo|errorInfo/jcInfo|check_web/errorInfo|//zfwzgl\.www\.gov\.cn", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?:)?//[^\s'\"<>\\)]+", re.IGNORECASE)
CODE_GIVEN = re.compile(rf"site_?code['\"]?\s*[:=,]\s*['\"]?({CODE})|[?&]v=({CODE})", re.IGNORECASE)
PICTURE = re.compile(r"/exposure/images/jiucuo\.png")
CALL = re.compile(rf"\bLink\s*\(\s*['\"]?\s*({CODE})", re.IGNORECASE)
SAYS_IT = re.compile(r"[【\[]?(?:我为|为)?政府网站找错(?:监督举报)?(?:平台|入口|网站)?[】\]]?")
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", re.DOTALL)


@dataclass(frozen=True)
class Form:
    """One form as it stands in a page.

    how      script | link | img-onclick | inline | attribute, as in Entry.
    address  the file that draws the entry, or the page that it opens; empty when the form does not tell.
    host     the platform's, empty when the form does not tell or names only the site's own host.
    """

    how: str
    address: str
    host: str
    site_code: str
    node: LexborNode


def find_forms(tree: LexborHTMLParser, base_url: str) -> list[Form]:
    """All forms of the entry in document order; none inside comments, none of the site's own correction forms."""
    readers = {"script": _in_script, "a": _in_link, "area": _in_link, "img": _in_picture}
    found = []
    for node in tree.css("script, a, area, img, [onclick], [data-setting]"):
        seen = _in_attribute(node) or readers.get(node.tag, _in_nothing)(node)
        if seen:
            how, said, address = seen
            target = resolve(base_url, address)
            found.append(Form(how, target, _platform_host(target, base_url), _code(said), node))
    return found


def platform_in(script: str) -> str:
    """The first address of the platform in a script's text, comments left out; empty without one."""
    addresses = ADDRESS.findall(SCRIPT_COMMENT.sub("", script))
    return next((address for address in addresses if PLATFORM.search(address)), "")


def _in_attribute(node: LexborNode) -> tuple[str, str, str] | None:
    """`data-setting` of a script loader; `onclick` that calls Link('code') or opens the platform."""
    attributes = node.attributes
    setting = attributes.get("data-setting") or ""
    if "sitecode" in setting.lower():
        return "attribute", setting, _address_of_platform(setting)
    click = attributes.get("onclick") or ""
    called = CALL.search(click)
    if called:
        picture = (attributes.get("src") or "").strip()
        return "img-onclick", f"sitecode={called[1]}", picture if PICTURE.search(picture) else ""
    if PLATFORM.search(click):
        return "img-onclick", click, _address_of_platform(click)
    return None


def _in_script(node: LexborNode) -> tuple[str, str, str] | None:
    attributes = node.attributes
    source = (attributes.get("src") or "").strip()
    code = (attributes.get("sitecode") or attributes.get("site_code") or "").strip()
    given = f"sitecode={code}" if code else ""
    if source:
        return ("script", given or source, source) if _is_ours(attributes, source) else None
    text = SCRIPT_COMMENT.sub("", node.text() or "")
    if code and attributes.get("id") == "_jiucuo_" or PLATFORM.search(text):
        address = next((one for one in ADDRESS.findall(text) if "jiucuo" in one), "") or _address_of_platform(text)
        return "inline", given or text, address
    return None


def _is_ours(attributes: dict, source: str) -> bool:
    return attributes.get("id") == "_jiucuo_" or re.search(r"(?:^|/)jiucuo[\w.-]*\.js", source) is not None


def _in_link(node: LexborNode) -> tuple[str, str, str] | None:
    href = (node.attributes.get("href") or "").strip()
    called = CALL.search(href) if href.lower().startswith("javascript:") else None
    if called:
        return "img-onclick", f"sitecode={called[1]}", ""
    if PLATFORM.search(unquote(href)):
        return "link", href, _address_of_platform(href) or href
    pictures = [img.attributes.get("alt") or "" for img in node.css("img")]
    said = [node.text() or "", node.attributes.get("title") or "", *pictures]
    if href and not href.startswith("#") and any(SAYS_IT.fullmatch("".join(text.split())) for text in said):
        return "link", href, "" if href.lower().startswith("javascript:") else href
    return None


def _in_picture(node: LexborNode) -> tuple[str, str, str] | None:
    """The picture that the platform's script draws; some frameworks draw it without the script."""
    source = (node.attributes.get("src") or "").strip()
    return ("script", source, source) if PICTURE.search(source) else None


def _in_nothing(node: LexborNode) -> None:
    return None


def _address_of_platform(text: str) -> str:
    return next((address for address in ADDRESS.findall(text) if PLATFORM.search(unquote(address))), "")


def _platform_host(address: str, base_url: str) -> str:
    host, own = host_of(address), host_of(base_url)
    return "" if host == own or (family(host) == family(own) and host != STANDARD_HOST) else host


def _code(said: str) -> str:
    found = CODE_GIVEN.search(unquote(said))
    return next((code.lower() for code in found.groups() if code), "") if found else ""
