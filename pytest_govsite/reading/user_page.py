"""The page that a user has of his own: the way to it, the lists of what he asked and applied for, their entries."""
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from pytest_govsite.reading.clicks import read_clicks
from pytest_govsite.reading.flow import is_shown, parse
from pytest_govsite.reading.logins import CENTRE, squeezed

LIST = re.compile(
    r"(?:我的|本人|个人|历史)?(?:咨询|信件|来信|写信|留言|投诉|建议|建言|诉求|问题|办件|办事|申请|申报|申办|事项|依申请公开|服务|互动)+(?:记录|历史|列表|查询|进度|信息)"
    r"|我的(?:咨询|信件|来信|留言|投诉|建议|建言|诉求|提问|办件|办事|申请|申报|申办|事项|依申请公开|互动)+"
)
DAY = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
NONE = re.compile(r"^(?:暂无|没有|未查询到|无|共0[条件封]).{0,12}$")
COUNT = re.compile(r"\d+[条件封]?$")
TITLES = ("h1", "h2", "h3", "h4", "h5", "h6", "dt", "legend", "caption")
HEADS = f"{', '.join(TITLES)}, div, span, p, b, strong"
NO_ENTRY = re.compile(r"登[录陆]时间|注册时间|今天是|当前时间|有效期|出生")
MOST_LISTS, MOST_ROWS, LONGEST, SHORT = 12, 100, 12, 2


@dataclass(frozen=True)
class Listed:
    """One list of the user's page. url: of the page that holds it, empty where it stands on this one with its entries."""

    name: str
    page: str
    url: str = ""
    entries: tuple[str, ...] = ()


def centres(html: str, base_url: str) -> tuple[str, ...]:
    """Addresses of the user's own page: 用户中心、个人空间."""
    clicks = read_clicks(parse(html), base_url)
    return tuple(dict.fromkeys(click.url for click in clicks if CENTRE.fullmatch(squeezed(click.words))))


def lists_of(html: str, base_url: str) -> tuple[Listed, ...]:
    """The lists of what a user asked (咨询、信件) and applied for (办件、申请) that a page leads to, or shows itself."""
    tree = parse(html)
    found: dict[str, Listed] = {}
    for click in read_clicks(tree, base_url):
        name = _name_of(click.node)
        if name and name not in found and is_shown(click.node):
            found[name] = Listed(name, base_url, click.url)
    for node in tree.css(HEADS):
        name = _name_of(node)
        if name and name not in found and is_shown(node) and node.css_first("a[href]") is None:
            found[name] = Listed(name, base_url, "", _below(node))
    return tuple(found.values())[:MOST_LISTS]


def _name_of(node: LexborNode) -> str:
    """The name of a list, without the number of its entries; empty when it is none."""
    name = COUNT.sub("", squeezed(node.text(deep=node.tag in (*TITLES, "a"))[:40]))
    return name if len(name) <= LONGEST and LIST.fullmatch(name) else ""


def _below(head: LexborNode) -> tuple[str, ...]:
    """What stands between this heading and the next: the rows of the first list or table there."""
    node = head.next
    while node is not None:
        if node.tag in TITLES:
            return ()
        rows = node.css("tr, li, dd")[:MOST_ROWS] if node.is_element_node else []
        if rows:
            texts = (squeezed(row.text(deep=True)) for row in rows if is_shown(row) and row.css_first("th") is None)
            return tuple(dict.fromkeys(text for text in texts if len(text) >= SHORT and not NONE.search(text)))
        node = node.next
    return ()


def read_entries(html: str) -> tuple[str, ...]:
    """Rows that show a day: what a list of letters or applications holds, news of the site beside it included."""
    return tuple(dict.fromkeys(squeezed(node.text(deep=True)) for node in parse(html).css("tr, li, dl") if _is_entry(node) and is_shown(node)))


def _is_entry(node: LexborNode) -> bool:
    text = node.text(deep=True)[:600]
    return bool(DAY.search(text)) and not NO_ENTRY.search(text) and len(squeezed(DAY.sub("", text))) >= 2 and node.css_first("tr tr, li li, li tr") is None
