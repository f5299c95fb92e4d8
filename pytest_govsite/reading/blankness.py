"""What a column page shows of its own, beside the frame of its site; and the words that say that it is blank."""
import re
from collections import Counter
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.categories import normalise
from pytest_govsite.reading.flow import parse
from pytest_govsite.reading.frame import Frame, PageFrame, tidy
from pytest_govsite.reading.hollow import is_filling, says_nothing_here, waits
from pytest_govsite.reading.items import (
    POPUP_BOX,
    Item,
    is_embedded,
    is_field,
    is_kind,
    is_medium,
    is_picture,
    read_items,
)
from pytest_govsite.reading.labels import label, read_labels
from pytest_govsite.reading.trail import trail_end, trail_of

HEAD_BOX = re.compile(
    r"^(?:header|topbar|nav|navbar|mainnav|main_?nav|daohang)(?:$|[-_\d])|^(?:site|page|index|m)[-_]?(?:header|nav"
    r"|top)",
    re.IGNORECASE,
)
BOTTOM_BOX = re.compile(r"^(?:bottom|btm|bot|dibu)$", re.IGNORECASE)
BESIDE_BOX = re.compile(r"right|side|aside|(?:^|[-_])(?:fr|r)(?:$|[-_])|hot", re.IGNORECASE)
FOOT_BOX = re.compile(
    r"^(?:new|index|page|site|my|pc)?[-_]?(?:foot|footer|copyright)|^(?:bottom|btm|bot|dibu|yejiao)$",
    re.IGNORECASE,
)
SIDE_BOX = re.compile(
    r"side_?(?:bar|nav|menu)|aside|sub_?nav|sub_?menu|left_?(?:nav|menu)|(?:nav|menu)_?left|list_?nav|cebian|tree"
    r"|second_?nav|^menu|menu$|^nav|nav$",
    re.IGNORECASE,
)
ACTIVE = re.compile(
    r"^(?:on|cur|curr|current|active|selected|now|hover|this|thisclass|select|checked|act|focus)\d*$",
    re.IGNORECASE,
)
TITLE_BOX = re.compile(
    r"(?:^|[-_])(?:tit|title|ttl|tt|bt|hd|head|name|lm|lmmc|column)\d*(?:$|[-_])|title|tit$",
    re.IGNORECASE,
)
HOT = re.compile(r"(?:热点|热门|推荐|相关|点击|阅读|浏览|一周|本周|本月)(?:文章|新闻|信息|阅读|排行榜?|推荐|内容|关注|资讯|动态|点击|量)+")
NEWEST = re.compile(
    r"(?:热点|热门|热搜|推荐|相关|友情|便民|快捷|常用|最新|最近|图片|今日|精彩)(?:文章|新闻|信息|内容|更新|发布|公开|资讯|动态|公告|文件|推荐|链接|通道|入口|服务|导航|专题|栏目)*"
    r"|.{0,2}要闻|专题(?:专栏|推荐)?"
)
SITE = re.compile(r"(?:人民政府|政府网|网站|门户|局|委员会|办公室|厅)$")
FOOT_MARK = re.compile(r"ICP备|公网安备|网站标识码|版权所有|主办单位?[:：]|承办单位?[:：]|技术支持[:：]")
DATED = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}|(?<!\d)\d{1,2}[-/]\d{1,2}(?!\d)")
HERE = ("./", ".", "index.html", "./index.html", "index.htm", "index.shtml")
SHORT, TITLE_LENGTH, MANY = 14, 8, 500


@dataclass(frozen=True)
class Content:
    """What stands on a page beside the frame of its site, its trail and its own name.

    lines     texts that lead nowhere, what says that nothing is here included; pagers, tools and clocks are left out.
    links     (text, address) of what leads somewhere, hidden tabs included.
    pictures  sources of pictures in the middle of the page; forms: names of its fields; media: players, maps, charts.
    embedded  a frame of another host, or one that nobody looked into.
    menu      links of the section's menu, where neither the page nor one above it is an item of it: a page that only
              leads on.
    waits     words that say that the content is still to come; empty else.
    """

    lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    embedded: bool = False
    menu: tuple[tuple[str, str], ...] = ()
    waits: str = ""


def own_content(html: str, frame: Frame) -> Content:
    """What a rendered page shows of its own, without what its frame holds."""
    tree = parse(html)
    trail = trail_of(tree, "http://site/")
    names = _names(html, tree, trail)
    steps = frozenset(name for name in names if not SITE.search(name))
    page = _Page(frame.for_page(html), names, steps, len(trail), list(read_items(tree)))
    return page.content(trail_end(tree))


def blank_words(content: Content, name: str) -> str:
    """What a visitor finds instead of content, in Chinese; empty when there is content, or no telling.

    Ask only about a page without a list of its own.
    """
    things = (content.links, content.pictures, content.forms, content.media, content.embedded, content.menu)
    if any(things) or content.waits:
        return ""
    lines = [line for line in content.lines if normalise(line) != normalise(name)]
    says = [line for line in lines if says_nothing_here(line, name)]
    if len(says) < len(lines):
        return ""
    return f"只写着“{says[0]}”" if says else "正文区域没有内容"


def _names(html: str, tree: LexborHTMLParser, trail: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """What the page and the columns above it are called."""
    labels = read_labels(html)
    title = tree.css_first("title")
    parts = re.split(r"[-_|–—>«»,，\s]+", title.text()) if title is not None else []
    said = [*parts, *(label(labels, one) for one in ("ColumnName", "SiteName")), *(name for name, _ in trail)]
    return frozenset(normalise(name) for name in said if len(name) >= 2)


@dataclass
class _Page:
    """The items of a page, sorted out."""

    frame: PageFrame
    names: frozenset[str]
    steps: frozenset[str]
    level: int
    items: list[Item]
    times: Counter[str] = field(default_factory=Counter)
    held: Counter[int] = field(default_factory=Counter)

    def content(self, trail: int | None) -> Content:
        self.times.update(item.text for item in self.items)
        middle = self._without_hot(self._between(trail))
        own = [item for item in middle if not self._is_framed(item)]
        things = [item for item in own if item.thing is not None]
        texts = [item for item in own if item.thing is None and not is_filling(item.text)]
        texts, menu = self._without_menus([item for item in texts if normalise(item.text) not in self.names])
        links = self._links(texts)
        lines = [item.text for item in texts if not item.link and not item.hidden]
        return Content(
            lines=tuple(line for line in _said(texts, lines, links) if not waits(line)), links=tuple(links),
            pictures=tuple(item.text for item in things if is_picture(item)),
            forms=tuple(item.text for item in things if is_field(item)),
            media=tuple(item.text for item in things if is_medium(item)),
            embedded=any(is_embedded(item) for item in things), menu=tuple(menu),
            waits=next((line for line in lines if waits(line)), ""),
        )

    def _between(self, trail: int | None) -> list[Item]:
        """What stands after the trail, or after header and menus, and before the bottom region."""
        steps = [i for i, item in enumerate(self.items) if trail is not None and item.id == trail]
        head = not steps or steps[-1] >= 0.8 * len(self.items)
        start = 0 if head else steps[-1] + 1
        zone = self.items[start:self._foot(start)]
        return [item for item in zone if not self._in_head(item)] if head else zone

    def _foot(self, start: int) -> int:
        """Where the bottom region begins: at its box, else at the box around its marks."""
        late = int(0.3 * len(self.items))
        feet = [i for i, item in enumerate(self.items) if i >= max(start, late) and self._in_foot(item)]
        marks = [i for i, item in enumerate(self.items) if i >= max(start, late) and FOOT_MARK.search(item.text)]
        if feet or not marks:
            return feet[0] if feet else len(self.items)
        around = [box.mem_id for box in self.items[marks[0]].boxes[-4:] if self._share(box) < 0.3]
        inside = (i for i, item in enumerate(self.items) if any(box.mem_id in around for box in item.boxes))
        return max(start, min(inside, default=marks[0]))

    def _in_foot(self, item: Item) -> bool:
        """In a box that is called so; one called bottom is the bottom region only with a mark in it."""
        if any(box.tag == "footer" for box in item.boxes):
            return True
        boxes = [box for box in item.boxes if is_kind(box, FOOT_BOX) and self._share(box) < 0.6]
        return any(not is_kind(box, BOTTOM_BOX) or FOOT_MARK.search(box.text(deep=True)) for box in boxes)

    def _in_head(self, item: Item) -> bool:
        boxes = [box for box in item.boxes if box.tag in ("header", "nav") or is_kind(box, HEAD_BOX)]
        return any(self._share(box) < 0.6 for box in boxes)

    def _share(self, box: LexborNode) -> float:
        """How much of the page stands in a box."""
        if not self.held:
            self.held.update(one.mem_id for item in self.items for one in item.boxes)
        return self.held[box.mem_id] / len(self.items)

    def _is_framed(self, item: Item) -> bool:
        """Of the frame; a general word that nothing is here is what a visitor reads, however many pages say it."""
        if item.thing is None and says_nothing_here(item.text) and not item.hidden:
            return False
        return self.frame.holds(item.text, self.times[item.text])

    def _without_hot(self, middle: list[Item]) -> list[Item]:
        """Boxes of hot news and quick links beside the content, by their heading.

        They go where they stand aside, or where the page says elsewhere that it has nothing: a list of quick links may
        well be all that a column offers.
        """
        says = [item.text for item in middle if says_nothing_here(item.text) and not item.hidden]
        nothing = any(not self.frame.holds(words, self.times[words]) for words in says)
        heads = [item for item in middle if self._heads_hot(item, nothing)]
        dropped = {box.mem_id for item in heads if (box := self._hot_box(item)) is not None}
        return [item for item in middle if not dropped.intersection(box.mem_id for box in item.boxes)]

    def _heads_hot(self, item: Item, nothing: bool) -> bool:
        if item.thing is not None or len(item.text) > SHORT or normalise(item.text) in self.names:
            return False
        aside = HOT.fullmatch(item.text) and item.stands_in(BESIDE_BOX)
        return bool(aside or (nothing and NEWEST.fullmatch(item.text)))

    def _hot_box(self, item: Item) -> LexborNode | None:
        """The box under a heading: it begins with it, holds links and hardly anything else."""
        box = next((box for box in reversed(item.boxes) if len(box.css("a")) >= 2), None)
        if box is None:
            return None
        words = [tidy(words) for words in box.text(deep=True, separator="\n").split("\n")]
        words = [word for word in words if word]
        linked = sum(len(tidy(link.text(deep=True))) for link in box.css("a"))
        first = item.text in words[:2] and not any(says_nothing_here(word) for word in words)
        plain = sum(len(word) for word in words if not DATED.search(word) and not is_filling(word))
        return box if first and linked >= 0.7 * plain else None

    def _without_menus(self, texts: list[Item]) -> tuple[list[Item], list[tuple[str, str]]]:
        """(the rest, items of menus that do not lead to this page or to one above it)."""
        rows: dict[int, list[Item]] = {}
        if len(texts) > MANY:  # no blank page, and many lists to look at
            return texts, []
        for item in texts:
            if item.link is not None and (box := self._list_of(item)) is not None:
                rows.setdefault(box.mem_id, []).append(item)
        menus = {box: row for box, row in rows.items() if self._is_menu(row)}
        own = {box for box, row in menus.items() if self._leads_here(row)}
        inside = {id(item) for row in menus.values() for item in row}
        leading = [(item.text, item.address) for box, row in menus.items() if box not in own for item in row]
        return [item for item in texts if id(item) not in inside], leading

    def _list_of(self, item: Item) -> LexborNode | None:
        """The list that a link is an item of: that of its menu, or the smallest box with several, one to a row."""
        side = next((box for box in item.boxes if is_kind(box, SIDE_BOX) and self._share(box) < 0.6), None)
        near = next((box for box in reversed(item.boxes) if box.tag != "a" and len(box.css("a")) >= 2), None)
        return side or (near if near is not None and _is_list(near) else None)

    def _is_menu(self, row: list[Item]) -> bool:
        """Short names, undated, and either beside the content, shared by the pages of the section, or leading here."""
        if any(len(item.text) > SHORT or DATED.search(item.text) for item in row):
            return False
        beside = all(item.stands_in(SIDE_BOX) for item in row)
        shared = all(map(self._is_shared, row))
        return beside or shared or self._leads_here(row)

    def _leads_here(self, row: list[Item]) -> bool:
        """An item of the row, not its head, is the page itself or a column above it: by its name, its mark or address.

        The first item of a page on the first level is rather the head of the menu of its own parts.
        """
        box = self._list_of(row[0])
        links = box.css("a") if box is not None else []
        aside = all(item.stands_in(SIDE_BOX) or self._is_shared(item) for item in row)
        here = [link for link in links if self._is_here(link, aside) and not _is_head_of_menu(link)]
        first = bool(links) and self.level <= 1 and len(links) > 2 and here[:1] == links[:1]
        return bool(here[1:] if first else here)

    def _is_here(self, link: LexborNode, aside: bool) -> bool:
        near = [link, link.parent] if link.parent is not None else [link]
        marked = any(is_kind(one, ACTIVE) for one in near) or (link.attributes.get("href") or "") in HERE
        return normalise(link.text(deep=True)) in self.steps or (aside and marked)

    def _is_shared(self, item: Item) -> bool:
        return self.frame.is_local(item.text, self.times[item.text])

    def _links(self, texts: list[Item]) -> list[tuple[str, str]]:
        """What leads somewhere; of what is hidden only rows, for a tab may show them."""
        linked = [item for item in texts if item.link is not None and (item.leads or len(item.text) >= TITLE_LENGTH)]
        shown = [item for item in linked if not item.hidden]
        rows = [item for item in linked if item.hidden and item.address and len(item.text) >= TITLE_LENGTH]
        hidden = [item for item in rows if not item.stands_in(POPUP_BOX)]
        return [(item.text, item.address) for item in (*shown, *(hidden if len(hidden) > 1 else ()))]


def _said(texts: list[Item], lines: list[str], links: list[tuple[str, str]]) -> list[str]:
    """The lines; none where all there is are headings over nothing."""
    heads = [item for item in texts if not item.hidden and item.link is None and _is_heading(item)]
    others = [line for line in lines if not says_nothing_here(line)]
    if links or len(others) > len(heads) or len(heads) > 3:
        return lines
    return [line for line in lines if says_nothing_here(line)]


def _is_list(box: LexborNode) -> bool:
    """Its children hold one link each, hardly one holds several."""
    counts = [len(child.css("a")) for child in box.iter() if child.is_element_node]
    return sum(1 for count in counts if count == 1) > 0.6 * sum(1 for count in counts if count)


def _is_head_of_menu(link: LexborNode) -> bool:
    """The link is the title over a list, not one of its items."""
    box = link.parent
    while box is not None and box.tag not in ("li", "dd", "tr", "ul", "body") and len(box.css("a")) <= 1:
        if box.tag in ("h1", "h2", "h3", "h4", "h5", "dt") or is_kind(box, TITLE_BOX):
            return True
        box = box.parent
    return False


def _is_heading(item: Item) -> bool:
    if len(item.text) > SHORT or re.search(r"\d|[，。；]", item.text) or says_nothing_here(item.text):
        return False
    return any(box.tag in ("h1", "h2", "h3", "h4", "h5") or is_kind(box, TITLE_BOX) for box in item.boxes[-3:])
