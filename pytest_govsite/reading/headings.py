"""What a block or a menu of a page is called: the words over a list, the head that a menu hangs under."""
import re

from selectolax.lexbor import LexborNode

from pytest_govsite.reading.clicks import CHINESE, tidy, words_of, words_of_picture
from pytest_govsite.reading.links import shape_of

MORE = re.compile(
    r"(?:查看|点击|了解|浏览|阅读|显示)?(?:更多|全部|所有)(?:内容|信息|新闻|动态|公告|文件|[+>»›…\.\s])*|[>»›+…\.]{1,6}"
    r"|(?:read\s*)?more[+>»›…\.\s]*"
    r"|[\[(【（<＜]*更多[\])】）>＞]*",
    re.IGNORECASE,
)
HEADS = (
    "h1, h2, h3, h4, h5, h6, dt, caption, th, strong, [class*=tit], [class*=Tit], [class*=hd], [class*=head], [class*=bt], "
    "[class*=tab], [class*=name]"
)
BLOCKS = frozenset({"ul", "ol", "div", "dl", "dd", "table", "tbody", "p", "span", "nav", "section", "tr", "td", "menu"})
NO_HEAD = re.compile(r"(?:人民政府|政府网|门户网站|网站|委员会|登录|搜索|检索|无障碍|当前位置.*|您的位置.*|[\d\W_a-z]*)$", re.IGNORECASE)
CLIMB, LONGEST = 7, 16


def is_more(words: str) -> bool:
    """The words only say that there is more of the same."""
    return bool(MORE.fullmatch(words.strip()))


def name_of_block(node: LexborNode) -> str:
    """The heading of the block that a 更多 link belongs to; empty when none says it, or several might."""
    inside = [node]
    for _ in range(CLIMB):
        box = inside[-1].parent
        if box is None or box.tag in ("body", "html"):
            return ""
        inside.append(box)
        others = {link.attributes.get("href") for link in box.css("a[href]") if is_more(link.text(deep=True))}
        heads = _heads(box)
        if len(heads) == 1:
            return heads[0] if len(others) < 2 else ""  # several blocks
        if heads:
            return _chosen(heads, inside)
    return ""


def _heads(box: LexborNode) -> list[str]:
    """The headings within a box: all of its words where it holds little else, else those of its heading elements."""
    articles = (link for link in box.css("a[href]")[:60] if shape_of(link.attributes["href"] or "") == "article")
    titles = {tidy(link.text(deep=True)) for link in articles}
    said = [tidy(words) for words in box.text(deep=True, separator="\n", strip=True).split("\n")]
    said = [words for words in said if _is_head(words) and words not in titles]
    if not said:
        pictured = [words_of_picture(image) for image in box.css("img[alt]")[:3]]
        return [words for words in pictured if _is_head(words)][:1]
    if len(said) <= 6 and not titles and all(len(words) <= 10 for words in said):
        return list(dict.fromkeys(said))
    return _marked(box, titles)


def _marked(box: LexborNode, titles: set[str]) -> list[str]:
    """The words of the first heading element of a box, tab by tab where it is a row of tabs."""
    for head in box.css(HEADS)[:12]:
        tabs = [tidy(tab.text(deep=True)) for tab in head.css("li, a, span")]
        tabs = list(dict.fromkeys(words for words in tabs if _is_head(words)))
        if titles.intersection(tabs) or tidy(head.text(deep=True)) in titles:
            continue
        words = tidy(head.text(deep=True))
        if len(tabs) > 1 and all(len(tab) <= 10 for tab in tabs) and len(tabs) <= 8:
            return tabs
        if _is_head(words):
            return [words]
        if len(tabs) == 1 and len(tabs[0]) <= 10:
            return tabs
    return []


def _is_head(words: str) -> bool:
    if not 2 <= len(words) <= LONGEST or not CHINESE.search(words):
        return False
    return not (is_more(words) or NO_HEAD.fullmatch(words))


def _chosen(tabs: list[str], inside: list[LexborNode]) -> str:
    """The tab of the innermost element: by the number of its pane, or of the link itself among its like."""
    for pane, parent in zip(inside, inside[1:], strict=False):
        like = [one.mem_id for one in _children(parent) if one.tag == pane.tag and not _is_row_of_tabs(one, tabs)]
        if len(like) == len(tabs):
            return tabs[like.index(pane.mem_id)] if pane.mem_id in like else ""
    return ""


def _is_row_of_tabs(node: LexborNode, tabs: list[str]) -> bool:
    words = "".join(node.text(deep=True).split())
    return all(tab in words for tab in tabs) and len(words) <= 3 * sum(map(len, tabs))


def head_over(node: LexborNode, *, loose: bool = False) -> str:
    """The head that an item of a menu hangs under, also one that leads nowhere; empty for an item of the first level.

    loose   any short line over the list counts: the title of a side menu.
    """
    child = node
    for _ in range(CLIMB):
        box = child.parent
        if box is None or box.tag in ("body", "html"):
            return ""
        if child.tag in BLOCKS and (loose or box.tag in ("li", "dl", "dd", "td") or _has_twins(box)):
            head = _head_before(child)
            if head:
                return head
        child = box
    return ""


def _head_before(list_: LexborNode) -> str:
    """The words of the element before a list, when it is its head and no item of the same row."""
    before = list_.prev
    while list_.tag == "tr" and before is not None and (before.is_text_node or _links(before)):
        before = before.prev  # the first row of a table names the others
    for _ in range(6):
        if before is None:
            return ""
        if before.is_element_node and before.tag not in ("script", "style", "br", "img", "i", "em") or _says(before):
            break
        before = before.prev
    if before is None:
        return ""
    if before.is_text_node:
        return tidy(before.text_content or "") if _is_head(tidy(before.text_content or "")) else ""
    words = words_of(before) or words_of_picture(before)
    twin = before.tag == list_.tag and _links(before) >= _links(list_)
    if twin or _links(before) > 1 or len(before.css("li, td")) > 1:
        return ""
    return words if _is_head(words) else ""


def _says(node: LexborNode) -> bool:
    return node.is_text_node and bool((node.text_content or "").strip())


def _has_twins(box: LexborNode) -> bool:
    """Boxes like it stand beside it: each of them is one menu with its head."""
    if box.parent is None:
        return False
    twins = [one for one in _children(box.parent) if one.tag == box.tag and _first_class(one) == _first_class(box)]
    return sum(1 for one in twins if one.css_first("a") is not None) > 1


def _first_class(node: LexborNode) -> list[str]:
    return (node.attributes.get("class") or "").split()[:1]


def _links(node: LexborNode) -> int:
    return sum(1 for link in node.css("a[href]") if link.mem_id != node.mem_id)


def _children(node: LexborNode) -> list[LexborNode]:
    return [child for child in node.iter() if child.is_element_node]
