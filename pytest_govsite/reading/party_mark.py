"""The party mark (党政机关网站标识), which the host dcs.conac.cn draws and bszs.conac.cn explains."""
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.model.missing import Blame
from pytest_govsite.model.page import Mark
from pytest_govsite.reading.addresses import host_of, resolve
from pytest_govsite.reading.flow import is_shown

SHOW = re.compile(
    r"(?:https?:)?//(?:[\w.-]*\.)?conac\.cn/sitename\?[^'\"\s<>]*?(?:method=show|id=[0-9A-Fa-f]{20,})[^'\"\s<>)]*"
)
INVALID_PICTURE = "red_error"
PICTURE = re.compile(r"conac\.cn/image/", re.IGNORECASE)
SCRIPT = re.compile(r"conac\.cn/js/", re.IGNORECASE)
CONAC = "conac.cn"


def read_party_mark(tree: LexborHTMLParser, base_url: str, blocked: tuple[str, ...], failed: tuple[str, ...]) -> Mark:
    """The party mark of a rendered page.

    A link to this site's own certificate shows it, with a picture, a CSS background or words; a link to the search page
    of the register, or a picture without a link, proves nothing. red_error.png is the register's own word that the mark
    belongs to another site.
    """
    pictures = [resolve(base_url, img.attributes.get("src") or "") for img in tree.css("img[src]")]
    if any(INVALID_PICTURE in picture for picture in pictures if CONAC in picture or "red_error." in picture):
        return Mark("invalid", href=next((href for _, href in _certificates(tree)), ""), why="标识图片是 red_error.png")
    found = _certificates(tree)
    for node, href in found:
        if is_shown(node):
            return _shown(node, href, base_url, blocked)
    if found:
        return Mark("unknown", text="党政机关", href=found[0][1], why="标识只在没有显示的区块里", blame=Blame.PERSON)
    return _undrawn(tree, blocked, failed)


def _certificates(tree: LexborHTMLParser) -> list[tuple[LexborNode, str]]:
    """Every element that leads to a certificate, by address or by what a click runs."""
    found = []
    for node in tree.css("a[href], area[href], [onclick]"):
        for name in ("href", "onclick"):
            match = SHOW.search(node.attributes.get(name) or "")
            if match:
                found.append((node, match.group()))
                break
    return found


def _shown(node: LexborNode, href: str, base_url: str, blocked: tuple[str, ...]) -> Mark:
    pictures = [resolve(base_url, img.attributes.get("src") or "") for img in node.css("img[src]")]
    if pictures and all(picture in blocked for picture in pictures):
        return Mark("blocked", href=href, why=f"标识图片 {pictures[0]} 用 http 引入，被浏览器拦截")
    return Mark("shown", text=_words(node), href=href)


def _words(node: LexborNode) -> str:
    """党政机关 or 事业单位, as picture, text or title say."""
    said = (node.html or "")[:2000]
    return "事业单位" if "事业单位" in said or re.search(r"blue\.png", said) else "党政机关"


def _undrawn(tree: LexborHTMLParser, blocked: tuple[str, ...], failed: tuple[str, ...]) -> Mark:
    """No certificate on the page: why."""
    for address in blocked:
        if CONAC in host_of(address):
            return Mark("blocked", href=address, why=f"标识脚本 {address} 用 http 引入，被浏览器拦截")
    for address in failed:
        if CONAC in host_of(address):
            return Mark("unknown", href=address, why=f"{host_of(address)} 从本机打不开，标识能否显示不知道")
    drawn_by_script = tree.css_first("#_ideConac") is not None
    scripts = [node.attributes.get("src") or "" for node in tree.css("script[src]")]
    source = next((src for src in scripts if SCRIPT.search(src)), "")
    if source:
        return Mark("absent", href=source, why="标识脚本已载入，但没有画出标识")
    if drawn_by_script or any(SCRIPT.search(node.text() or "") for node in tree.css("script:not([src])")):
        return Mark("unknown", why="标识由脚本写入，脚本没有运行完", blame=Blame.PERSON)
    if any(PICTURE.search(img.attributes.get("src") or "") for img in tree.css("img[src]")):
        return Mark("absent", why="只有图片，没有指向标识证书的链接")
    return Mark("absent")
