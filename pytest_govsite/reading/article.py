"""Where a content page has its title and its body: what stands between them is for the date and the source."""
import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.reading.flow import Line, parse, read_lines
from pytest_govsite.reading.labels import label, read_labels

# the body's container in the markup of the common systems: TRS, Hanweb, Boda, Kaipuyun, NFCMS, and plain habits
BODY_SELECTOR = (
    ".TRS_Editor, .trs_editor_view, .TRS_UEDITOR, .TRS_PreAppend, #zoom, #Zoom, .main-txt, #vsb_content, "
    "#vsb_content_2, #vsb_content_4, #vsb_content_501, .v_news_content, #UCAP-CONTENT, ucapcontent, .pages_content, "
    ".news_cont_d_wrap, #cmsArticleContent, .article-content, #article_content, .article_content, .articleContent, "
    "#articleContent, #ArticleContent, #artibody, #NewsContent, #newscontent, .news-content, .news_content, "
    ".newsContent, #doccontent, .doccontent, #divcontent, .content-text, .text-content, .txt-content, .zw-content, "
    ".wzcon, #wzcon, .detail-content, #detail-content, .info-content, .con_text, .conText, .conTxt, .xl_con, "
    ".zhengwen, #zhengwen"
)
PARAGRAPH = 60  # characters of running text that no title, date or source line has
SENTENCE = re.compile(r"[，。；！？]")
DATED = re.compile(r"(?:时间|日期|来源|浏览|阅读|点击|字体|字号)\s*[:：]")
AFTER_BODY = re.compile(r"^(?:相关(?:阅读|链接|新闻|信息|文档|稿件|解读)|上一[篇条]|下一[篇条]|扫一扫|附件)")
ZONE = 40  # lines after the title that may still belong to it
INNER = 8  # lines into the body's box where the title may be repeated
LONGEST_TITLE = 300
SITE_NAME = re.compile(r"(?:网|网站|门户|平台|人民政府|首页)$")


@dataclass(frozen=True)
class Article:
    """The lines of a page, and in it the places that matter.

    name    the title, without blanks and punctuation; empty when it is not known.
    title   index of the line where the title begins, the last before the body; None when it is not found.
    body    index of the first line of the body; len(lines) when none is seen.
    inner   indices of a title inside the body's box (of the box where no title is known) and of the first paragraph
            after it: some boxes hold more than the body.
    """

    lines: list[Line]
    name: str
    title: int | None
    body: int
    inner: tuple[int, int] | None = None

    @property
    def zones(self) -> list[list[str]]:
        """Where date and source may stand, the likeliest first: visible texts from title to body, less the title."""
        start = self.title if self.title is not None else max(0, self.body - ZONE)
        zones = [self._texts(start, self.body)]
        return [*zones, self._texts(*self.inner)] if self.inner else zones

    @property
    def before(self) -> list[str]:
        """The visible texts shortly before the title: some pages print a table of particulars there."""
        start = 0 if self.title is None else self.title
        return [line.text for line in self.lines[max(0, start - ZONE):start] if not line.hidden]

    def _texts(self, start: int, end: int) -> list[str]:
        texts = [line.text for line in self.lines[start:min(end, start + ZONE)] if not line.hidden]
        texts = [without_title(text, self.name) for text in texts]
        ends = [i for i, text in enumerate(texts) if AFTER_BODY.match(text)]
        return texts[:ends[0]] if ends else texts


def find_article(html: str) -> Article:
    """Title and body of a page."""
    tree = parse(html)
    lines = read_lines(tree)
    boxes = body_boxes(tree, lines)
    inside = [i for i, line in enumerate(lines) if not line.hidden and boxes.intersection(line.path)]
    start = inside[0] if inside else len(lines)
    name, places = _title_places(lines, _names(html, tree), start)
    before = [i for i in places if i < start]
    title = before[-1] if before else None
    body = start if inside else _first_paragraph(lines, 0 if title is None else title + 1)
    if title is None and places:  # the box around the body holds the title as well
        return Article(lines, name, places[0], _first_paragraph(lines, places[0] + 1))
    repeated = [i for i in places if start <= i < start + INNER] or ([start] if title is None else [])
    inner = (repeated[0], _first_paragraph(lines, repeated[0] + 1)) if repeated else None
    return Article(lines, name, title, body, inner)


def body_boxes(tree: LexborHTMLParser, lines: list[Line]) -> frozenset[int]:
    """Ids of the elements that hold the body of an article, empty when the page shows none."""
    return known_boxes(tree, lines) or densest_box(lines)


def known_boxes(tree: LexborHTMLParser, lines: list[Line]) -> frozenset[int]:
    """Ids of the visible containers that the common systems put around a body."""
    known = frozenset(node.mem_id for node in tree.css(BODY_SELECTOR))
    return frozenset(box for line in lines if not line.hidden for box in known.intersection(line.path))


def densest_box(lines: list[Line]) -> frozenset[int]:
    """The element around the most running text, when there is enough of it to be a body."""
    mass: dict[int, int] = {}
    depth: dict[int, int] = {}
    for line in lines:
        if not is_paragraph(line):
            continue
        for box in line.path[-3:]:
            mass[box] = mass.get(box, 0) + len(line.text)
            depth[box] = line.path.index(box)
    most = max(mass.values(), default=0)
    if most < 2 * PARAGRAPH:
        return frozenset()
    return frozenset({max((box for box in mass if mass[box] == most), key=depth.get)})


def is_paragraph(line: Line) -> bool:
    """Running text: long, with punctuation, no list of links and no line of particulars."""
    if line.hidden or line.linked or len(line.text) < PARAGRAPH:
        return False
    return len(SENTENCE.findall(line.text)) >= (3 if DATED.search(line.text) else 1)


def _first_paragraph(lines: list[Line], start: int) -> int:
    return next((i for i in range(start, len(lines)) if is_paragraph(lines[i])), len(lines))


def _names(html: str, tree: LexborHTMLParser) -> list[str]:
    """What the title may be, most certain first, without blanks and punctuation."""
    labels = read_labels(html)
    node = tree.css_first("title")
    full = node.text() if node is not None else ""
    heads = [head.text(deep=True) for head in tree.css("h1, ucaptitle, h2, h3")[:30]]
    wanted = [label(labels, "ArticleTitle"), full, *re.split(r"\s*[-_|–—]{1,2}\s*|\s{2,}", full)]
    wanted += [head for head in heads if 8 <= len(bare(head)) <= 100]
    site = {bare(label(labels, name)) for name in ("SiteName", "ColumnName")}
    names = dict.fromkeys(bare(name) for name in wanted)
    fitting = (name for name in names if 4 <= len(name) <= LONGEST_TITLE and name not in site)
    return [name for name in fitting if not SITE_NAME.search(name)]


def _title_places(lines: list[Line], names: list[str], body: int) -> tuple[str, list[int]]:
    """The first of the names that stands on the page, and the lines where it begins."""
    for name in names:
        places = [i for i, line in enumerate(lines) if not line.hidden and _begins_title(bare(line.text), name)]
        if places:
            return name, places
    likest = [(i, bare(line.text)) for i, line in enumerate(lines[:body]) if not line.hidden and _is_like(line, names)]
    return (likest[-1][1], [likest[-1][0]]) if likest else ("", [])


def _begins_title(text: str, name: str) -> bool:
    """The line is the title, its first part, or the title with a little more."""
    if len(text) < 4:
        return False
    begins = name.startswith(text) and 3 * len(text) >= len(name)
    return text == name or begins or (name in text and len(text) < len(name) + 60)


def _is_like(line: Line, names: list[str]) -> bool:
    """The line is the title but for a few characters: labels are typed by hand."""
    text = bare(line.text)
    if not names or line.linked or not 8 <= len(text) <= LONGEST_TITLE:
        return False
    if abs(len(text) - len(names[0])) > len(text) / 3:
        return False
    return SequenceMatcher(None, text, names[0], autojunk=False).ratio() >= 0.8


def without_title(text: str, name: str) -> str:
    """The text of a line less the title, or less a part of it that fills the line."""
    if name and len(bare(text)) >= 4 and bare(text) in name:
        return ""
    if name and name in bare(text):
        return re.sub(r"[\W_]*".join(map(re.escape, name)), " ", text)
    return text


def bare(text: str) -> str:
    """A text without blanks and punctuation."""
    return re.sub(r"[\W_]+", "", text)
