"""The trail of a page (当前位置): the columns above it, as breadcrumbs of the common systems show them."""
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.addresses import resolve
from pytest_govsite.reading.clicks import base_of, tidy
from pytest_govsite.reading.flow import INLINE, SILENT, is_shown, parse

LABEL = re.compile(
    r"(?:您|你)?(?:现在|当前|目前|所处|所在)?的?(?:当前|现在|所在|所处|页面|网页|浏览)?的?(?:位置|路径)(?:是|为|在|于)?\s*[:：]?|当前(?:栏目|页面|频道|浏览)\s*[:：]?"
    r"|(?:您|你)(?:现在|当前|正|正在)?(?:在|处于|浏览的是|访问的是)\s*[:：]|(?:location|position)\s*[:：]",
    re.IGNORECASE,
)
HOME = re.compile(r"(?:网站|本站|返回|门户|政府)?(?:首\s*页|主\s*页|主站)|home", re.IGNORECASE)
SITE = re.compile(r"(?:人民政府|政府网|门户网站|官网|网站|管委会)$")
SEPARATOR = re.compile(r"\s*(?:[>＞»›→⇒≫❯▶►/|｜\\、⟩〉]+|--+|——|::|&gt;|(?<=\s)[-–—·](?=\s)|^[-–—·:：]+|[-–—·]+$)\s*")
FIRM_SEPARATOR = re.compile(r"[>＞»›→⇒≫❯⟩〉]|--+|::|^\s*/|/\s*$")
BOX = ", ".join(f"[class*={word}], [id*={word}]" for word in (
    "crumb", "Crumb", "position", "Position", "location", "Location", "curmb", "dqwz", "weizhi", "place", "path", "BreadC",
    "dangqian", "wzdh", "curpos",
))
NO_STEP = re.compile(
    r"打印|关闭|收藏|分享|来源|发布(?:时间|日期|机构)|浏览(?:次数|量)|字体|字号|(?:19|20)\d\d[-年./]\d|搜索|检索|登录|今天|天气|无障碍|站内|语音|请输入|上一|下一|共\d"
)
SENTENCE = re.compile(r"[。；]|，.*，")
LAST = re.compile(r"(?:正文|内容|详情|详细|列表|文章|信息)?(?:正文|内容|详情|详细(?:信息|内容)?|列表(?:页)?|浏览|阅读|页面|查看)")
NAMED = re.compile(r"crumb|curmb|dqwz|weizhi|CurrChnl", re.IGNORECASE)
ROW = frozenset({"li", "td", "tr", "tbody", "dd", "dt"})
MOST_STEPS, LONGEST_STEP, LONGEST_LAST, MOST_STARTS, CLIMB = 9, 24, 120, 40, 5


def read_trail(html: str, base_url: str) -> tuple[tuple[str, str], ...]:
    """(name, address) of the steps from the first level down, without the home page; the last may be the page itself.

    An address is empty where the step is no link. () when the page shows no trail.
    """
    return trail_of(parse(html), base_url)


def trail_of(tree: LexborHTMLParser, base_url: str) -> tuple[tuple[str, str], ...]:
    """As read_trail, of a page that is parsed already."""
    best = _best(tree)
    if best is None:
        return ()
    base = base_of(tree, base_url)
    steps = [(step.name, _address(step, base)) for step in best.steps]
    while steps and (HOME.fullmatch(steps[0][0]) or (len(steps) > 1 and SITE.search(steps[0][0]) and best.began_home)):
        steps.pop(0)
    if steps and LAST.fullmatch(steps[-1][0]):
        steps.pop()
    return tuple(step for i, step in enumerate(steps) if not i or step[0] != steps[i - 1][0])


def trail_links(tree: LexborHTMLParser, base_url: str) -> frozenset[int]:
    """Ids of the links that are steps of the trail."""
    best = _best(tree)
    return frozenset(step.node.mem_id for step in best.steps if step.node is not None) if best else frozenset()


def trail_end(tree: LexborHTMLParser) -> int | None:
    """Id of the text with which the trail ends; None when the page shows none."""
    best = _best(tree)
    return best.end if best else None


@dataclass(frozen=True)
class _Step:
    name: str
    node: LexborNode | None


@dataclass
class _Walk:
    """Reads steps out of a box, from its first label or 首页 on, until something comes that is no step."""

    box: LexborNode
    steps: list[_Step] = field(default_factory=list)
    labelled: bool = False
    firm: bool = False
    pure: bool = True
    began: bool = False
    parted: bool = True
    end: int = 0

    @property
    def began_home(self) -> bool:
        return bool(self.steps) and bool(HOME.fullmatch(self.steps[0].name) or SITE.search(self.steps[0].name))

    @property
    def is_trail(self) -> bool:
        steps = [step for step in self.steps if not HOME.fullmatch(step.name)]
        said = self.labelled or (self.began_home and self.firm)
        return bool(steps) and said and len(self.steps) <= MOST_STEPS

    def take(self, text: str, link: LexborNode | None, *, block: bool, item: bool) -> bool:
        """Adds what a piece of text says; False when it is no part of a trail, which ends there."""
        text = " ".join(text.split())
        self.parted = self.parted or (item and not block)
        label = LABEL.match(text.lstrip(" 【[>》·|"))
        if label and not self.steps:
            self.labelled = self.began = True
            text = text.lstrip(" 【[>》·|")[label.end():]
        if not self.began:
            self.began = bool(HOME.match(text.strip(" [【>＞»"))) and len(text) < 80
            if not self.began:
                return len(tidy(text)) < 12
        if link is not None:
            return self._step(text, link, block)
        self.firm = self.firm or bool(FIRM_SEPARATOR.search(text))
        pieces = SEPARATOR.split(f" {text} ")
        for number, piece in enumerate(pieces):
            if number:
                self.parted = True
            if tidy(piece) and not self._step(piece, None, block and not number):
                return False
        return True

    def _step(self, text: str, link: LexborNode | None, block: bool) -> bool:
        name = tidy(SEPARATOR.sub(" ", text) if link is not None else text)
        if not name:
            return True
        last = self.steps[-1] if self.steps else None
        sentence = link is None and SENTENCE.search(name)
        apart = block and not self.parted and last is not None
        if NO_STEP.search(name) or sentence or apart or len(name) > LONGEST_LAST:
            return False
        if last is not None and len(last.name) > LONGEST_STEP:
            return False
        if last is not None and not self.parted and link is None and last.node is None:
            self.steps[-1] = _Step(last.name + name, None)
        else:
            self.steps.append(_Step(name, link))
        self.parted = False
        return len(self.steps) <= MOST_STEPS


def _best(tree: LexborHTMLParser) -> _Walk | None:
    """The trail of a page: the longest of its candidates, one that a visitor sees before a hidden one."""
    if tree.body is None:
        return None
    named = [*tree.body.css(BOX)[:MOST_STARTS], *tree.body.css(".CurrChnlCls")[:1]]
    return _first_of(named) or _first_of([*_labels(tree.body), *_homes(tree.body)])


def _first_of(nodes: list[LexborNode]) -> _Walk | None:
    starts = {start.mem_id: start for node in nodes if (start := node if node.tag not in INLINE else node.parent)}
    walks = [walk for walk in map(_widest, starts.values()) if walk is not None]
    return max(walks, key=lambda walk: (is_shown(walk.box), walk.labelled, len(walk.steps)), default=None)


def _homes(body: LexborNode) -> list[LexborNode]:
    return [node for node in body.css("a, span, strong, b, em") if _begins(node)][:MOST_STARTS]


def _begins(node: LexborNode) -> bool:
    return bool(HOME.fullmatch(tidy(node.text(deep=True)[:20])))


def _labels(body: LexborNode) -> list[LexborNode]:
    """Elements whose own text is the label of a trail."""
    texts = (node for node in body.traverse(include_text=True) if node.is_text_node)
    found = (node.parent for node in texts if _is_label(node.text_content or "") and node.parent is not None)
    return list(islice((parent for parent in found if parent.tag not in SILENT), MOST_STARTS))


def _is_label(text: str) -> bool:
    return ("位置" in text or "当前" in text) and len(text.strip()) < 200 and bool(LABEL.search(text[:60]))


def _widest(start: LexborNode) -> _Walk | None:
    """The trail in the largest element around a start that holds nothing else; None when there is none."""
    best, box = None, start
    for _ in range(CLIMB):
        if box is None or box.tag in ("body", "html"):
            break
        walk = _read(box)
        if walk.is_trail and (best is None or len(walk.steps) > len(best.steps)):
            best = walk
        if not walk.pure or len(walk.steps) > MOST_STEPS:
            break
        box = box.parent
    return best


def _read(box: LexborNode) -> _Walk:
    named = bool(NAMED.search(f"{box.attributes.get('class')} {box.attributes.get('id')}"))
    walk = _Walk(box, labelled=named, began=named)
    for piece, link, block, item in _pieces(box):
        if not walk.take(piece.text_content or "", link, block=block, item=item):
            walk.pure = False
            break
        walk.end = piece.mem_id
    return walk


def _pieces(box: LexborNode) -> Iterator[tuple[LexborNode, LexborNode | None, bool, bool]]:
    """Texts of an element in order: (text node, the link around it, it begins a block that is no item of a row, it begins
    an item of a list).
    """
    block = item = False
    stack: list[tuple[LexborNode, LexborNode | None]] = [(box, None)]
    while stack:
        node, link = stack.pop()
        if node.is_text_node:
            if (node.text_content or "").strip():
                yield node, link, block, item
                block = item = False
            continue
        if not node.is_element_node or node.tag in SILENT or "hidden" in node.attributes:
            continue
        if node.mem_id != box.mem_id and node.tag not in INLINE and node.tag not in ROW:
            block = True
        item = item or node.tag == "li"
        inner = node if node.tag == "a" else link
        stack.extend((child, inner) for child in reversed(list(node.iter(include_text=True))))


def _address(step: _Step, base: str) -> str:
    written = (step.node.attributes.get("href") or "") if step.node is not None else ""
    return "" if written.strip().startswith("#") else resolve(base, written)
