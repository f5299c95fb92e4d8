"""Where the body of a content page begins: the box that its system puts around it, else the most running text."""
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.flow import Line, is_shown

# the body's container in the markup of the common systems: TRS, Hanweb, Boda, Kaipuyun, NFCMS
SYSTEMS = (
    ".TRS_Editor, .trs_editor_view, .TRS_UEDITOR, .TRS_PreAppend, #zoom, #Zoom, .main-txt, #vsb_content, "
    "#vsb_content_2, #vsb_content_4, #vsb_content_100, #vsb_content_500, #vsb_content_501, .v_news_content, #UCAP-CONTENT, ucapcontent, "
    ".pages_content, .news_cont_d_wrap, #cmsArticleContent, .wp_articlecontent, #js_content, #ivs_content"
)
# plain habits: a box of such a name may hold more than the body
HABITS = (
    ".article-content, #article_content, .article_content, .articleContent, #articleContent, #ArticleContent, #artibody, "
    "#NewsContent, #newscontent, .news-content, .news_content, .newsContent, #doccontent, .doccontent, #divcontent, "
    ".content-text, .text-content, .txt-content, .zw-content, .wzcon, #wzcon, .detail-content, #detail-content, "
    ".info-content, .con_text, .conText, .conTxt, .xl_con, .zhengwen, #zhengwen, .article-body, .view-content, .xxgk_content, "
    ".gknb_content, .nr_content, #fontzoom, #fontZoom, #FontZoom, .article-con, .articleCon"
)
BODY_SELECTOR = f"{SYSTEMS}, {HABITS}"
MEDIA = "img, video, audio, iframe, embed, object, a[href]"
MOST_BOXES = 40
PARAGRAPH = 60  # characters of running text that no title, date or source line has
SHORT_PARAGRAPH = 30  # where a page has no longer ones: a few together are a body all the same
SENTENCE = re.compile(r"[，。；！？]")
DATED = re.compile(r"(?:时间|日期|来源|浏览|阅读|点击|字体|字号)\s*[:：]")


@dataclass(frozen=True)
class Body:
    """The beginning of a body.

    start  index of its first line; the number of lines when none is seen.
    found  there is one; boxed: it has a box that a known system or habit made.
    box    id of the element around it, 0 when there is none.
    """

    start: int
    found: bool = True
    boxed: bool = False
    box: int = 0


def find_body(tree: LexborHTMLParser, lines: list[Line], titles: tuple[int, ...]) -> Body:
    """The body that follows one of the places of the title, or the likeliest of a page without title."""
    after = titles[0] if titles else -1
    for selector in (SYSTEMS, HABITS):
        starts = sorted((start, box) for box, start in _starts(tree, lines, selector).items() if start > after)
        if starts:
            return Body(starts[0][0], boxed=True, box=starts[0][1])
    for least in (PARAGRAPH, SHORT_PARAGRAPH):
        if dense := densest_box(lines[after + 1:], least):
            places = range(after + 1, len(lines))
            start = next(i for i in places if dense.intersection(lines[i].path) and is_paragraph(lines[i], least))
            return Body(start, box=max(dense))
    return Body(len(lines), found=False)


def _starts(tree: LexborHTMLParser, lines: list[Line], selector: str) -> dict[int, int]:
    """Where the visible boxes begin that hold anything: text, or pictures, films and files only."""
    boxes = {node.mem_id: node for node in tree.css(selector)[:MOST_BOXES]}
    starts: dict[int, int] = {}
    for i, line in enumerate(lines if boxes else ()):
        if not line.hidden:
            for box in boxes.keys() & line.path:
                starts.setdefault(box, i)
    silent = [node for box, node in boxes.items() if box not in starts and node.css_first(MEDIA) and is_shown(node)]
    return starts | _positions(tree, lines, silent)


def _positions(tree: LexborHTMLParser, lines: list[Line], nodes: list[LexborNode]) -> dict[int, int]:
    """The first line after each of some elements without text."""
    if not nodes:
        return {}
    order = {node.mem_id: number for number, node in enumerate(tree.root.traverse())}
    lasts = [order.get(line.path[-1], 0) if line.path else 0 for line in lines]
    return {
        node.mem_id: next((i for i, last in enumerate(lasts) if last > order[node.mem_id]), len(lines)) for node in nodes
    }


def known_boxes(tree: LexborHTMLParser, lines: list[Line]) -> frozenset[int]:
    """Ids of the visible containers that the common systems put around a body."""
    known = frozenset(node.mem_id for node in tree.css(BODY_SELECTOR))
    return frozenset(box for line in lines if not line.hidden for box in known.intersection(line.path))


def densest_box(lines: list[Line], least: int = PARAGRAPH) -> frozenset[int]:
    """The element around the most running text, when there is enough of it to be a body."""
    mass: dict[int, int] = {}
    depth: dict[int, int] = {}
    for line in lines:
        if not is_paragraph(line, least):
            continue
        for level, box in enumerate(line.path[-3:], max(0, len(line.path) - 3)):
            mass[box] = mass.get(box, 0) + len(line.text)
            depth[box] = level
    most = max(mass.values(), default=0)
    if most < 2 * PARAGRAPH:
        return frozenset()
    return frozenset({max((box for box in mass if mass[box] == most), key=depth.get)})


def is_paragraph(line: Line, least: int = PARAGRAPH) -> bool:
    """Running text: long, with punctuation, no list of links and no line of particulars."""
    if line.hidden or line.linked or len(line.text) < least:
        return False
    return len(SENTENCE.findall(line.text)) >= (3 if DATED.search(line.text) else 1)
