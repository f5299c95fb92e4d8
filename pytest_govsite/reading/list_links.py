"""The links of a page that may lead to an article: their address, their title, and what tells them from menus."""
import re
from dataclasses import dataclass

from pytest_govsite.reading.addresses import path_of, resolve
from pytest_govsite.reading.flow import INLINE
from pytest_govsite.reading.links import COLUMN_QUERY, COLUMN_SHAPE, CONTENT_QUERY, CONTENT_SHAPE, NO_PAGE, PICTURE
from pytest_govsite.reading.list_dates import days_among
from pytest_govsite.reading.list_pieces import TEXT, Piece

LONGEST_TITLE = 200
CUT_SILENTLY = 10  # characters that a title without dots at its end has at least when it is cut
SHORTEST, SHORT = 2, 6  # characters of any title, of one without a day
SCRIPTED = re.compile(
    r"""['"]((?:https?:/)?/[^'"\s]{2,300}|[\w./-]{2,200}\.(?:s?html?|jsp|aspx?|php)(?:\?[^'"\s]{0,200})?)['"]"""
)
CLICKED = frozenset({"li", "tr", "td", "div", "p", "span", "h3", "h4"})
NAMING = re.compile(r"(?:^|[\s_-])(?:tit(?:le)?|bt|biaoti|name|subject)\b|title|_tit\b|-tit\b")
HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PINNED = re.compile(r"^[\[【(（]?(?:置顶|顶|新|热|荐|推荐|最新|new|hot|top)[\]】)）!！]?$", re.IGNORECASE)
CUT = re.compile(r"(?:\.{2,}|…+|。。+)\s*$")
MORE = re.compile(
    r"^[\[【(（<《>»+\s]*(?:查看|点击|浏览|阅读|了解)?(?:更多|全部|more)(?:信息|内容|新闻|文章|>|》|»|\+|\s)*[\]】)）.…]*$|^(?:>>|>|》|»|\+)+$|^…$",
    re.IGNORECASE,
)
GENERIC = re.compile(
    r"^(?:\W*|\d{1,5}|[A-Za-z]{1,3}|首\s*页|网站首页|返回.{0,4}|上一?[页篇条].*|下一?[页篇条].*|[尾末]页|最[前后]一?页|跳转|GO|转到|确定"
    r"|详细|详情|查看.{0,4}|阅读全文|全文|原文|点击.{0,4}|进入.{0,6}|关闭|打印|收藏|分享.{0,4}|复制.{0,4}|下载|附件\d*|预览"
    r"|设为首页|加入收藏|登录|注册|退出|邮箱|无障碍.{0,4}|长者.{0,4}|关怀.{0,4}|适老化.{0,4}|繁体.{0,4}|简体.{0,4}|繁體.{0,4}|English|手机版"
    r"|网站地图|联系我们|关于我们|关于本站|网站声明|隐私.{0,4}|版权.{0,4}|RSS.{0,4}|微博|微信|客户端|二维码|站点地图|我要.{0,6})$",
    re.IGNORECASE,
)
BESIDE = re.compile(  # what stands beside the title of a row and leads to something of it
    r"^[\[【(（<《\s]*(?:政策|文件|文字|图文|图片|图表|视频|音频|媒体|专家|部门|相关|一图|动漫|H5|h5)?"
    r"(?:解读|图解|读懂|附件|下载|PDF|pdf|WORD|word|OFD|原文|正文|全文|视频|图片|直播|回放|实录|链接|详情|展开|收起|预览|征求意见|反馈)[\]】)）>》\s\d]*$"
)
MENU = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|foot|crumbs?|friends?|yqlj|copyright|sitemap|toolbar|share|wza)(?:$|[\s_\d-])"
    r"|navig|footer|topnav|mainnav|mainmenu|submenu|sidenav|leftnav|left_nav|leftmenu|dqwz|youqing|friendlink|breadcrumb"
)
MENU_TAGS = frozenset({"nav", "header", "footer"})
AROUND = 8  # levels in which a menu is looked for
BRACKETED = re.compile(r"^(?:\[[^\[\]]{1,20}\]|【[^【】]{1,20}】|〔[^〔〕]{1,20}〕|[(（][^()（）]{1,20}[)）])$")
MARK = re.compile(r"公网安备|ICP备|ICP证|^备案(?:序|编)?号?[:：]|为政府网站找错")
HINT = re.compile(r"^(?:(?:文章|信息|新闻)?(?:标题|名称|题目)|title)\s*[:：]\s*", re.IGNORECASE)
HINT_END = re.compile(r"\s(?:作者|来源|更新时间|发布时间|发布日期|点击次数|点击数|浏览次数)\s*[:：]")
STANDING = re.compile(  # names of standing pages and columns, which a menu may link as if they were articles
    r"(?=.{2,8}$).*(?:指南|目录|年报|年度报告|制度|概况|简介|职能|职责|机构设置|内设机构|领导|之窗|专栏|专题|平台|系统|网站|网|大厅|信箱|热线|举报|投诉"
    r"|申请|公开|动态|公告|文件|解读|服务|互动|交流|征集|调查|访谈|查询|下载|清单|规划|计划|总结|统计|数据|公报|政策|法规|要闻|新闻|信息)$"
    r"|(?:法定|政府)?(?:主动)?(?:政府)?(?:信息公开|网站).{0,6}(?:指南|目录|年报|年度报告|年度报表|制度|规定|平台|地图)$"
)


@dataclass(slots=True, eq=False)
class Link:
    """A link that may be the title of a row.

    firm    its address is that of a content page; loose: neither a content page nor a column.
    full    the title, completed where it is cut; hint: its attribute title=; rest: places of its texts
            that are none of the title.
    more    it leads to the whole list; beside: it stands in a row and leads to something else than its article.
    """

    piece: Piece
    url: str
    title: str
    full: str
    firm: bool
    loose: bool
    more: bool = False
    beside: bool = False
    hint: str = ""
    rest: frozenset[int] = frozenset()

    @property
    def titled(self) -> bool:
        """Long enough to be the title of a row without a day."""
        return len(self.title) >= SHORT or self.firm and len(self.title) >= SHORTEST


def read_link(piece: Piece, base: str) -> Link | None:
    """The link of an <a>, or of an element that a click opens; None when it leads nowhere."""
    written = address_of(piece)
    url = resolve(base, written) if written else ""
    if not url or PICTURE.search(path_of(url)):
        return None
    title, rest = _title(piece)
    hint = piece.attributes.get("title", "")
    if not title or GENERIC.match(title) or MORE.match(title):
        more = bool(MORE.match(title) or "more" in piece.names and not GENERIC.match(title or "x"))
        return Link(piece, url, title, title, False, False, more=more) if more else None
    if MARK.search(title):
        return None
    path = path_of(url)[:300]
    firm = bool(CONTENT_SHAPE.search(path) or CONTENT_QUERY.search(url)) and not COLUMN_QUERY.search(url)
    plain = not (path in ("", "/") or COLUMN_SHAPE.search(path) or COLUMN_QUERY.search(url) or NO_PAGE.search(url))
    beside = bool(BESIDE.match(title) or BRACKETED.match(title))
    return Link(piece, url, title, _whole_title(title, hint), firm, plain, beside=beside, hint=hint, rest=rest)


def address_of(piece: Piece) -> str:
    """Where it leads: href, else the one address that its script names."""
    found = piece.attributes
    written = found.get("href", "").strip()
    if written and not written.startswith("#") and not written.lower().startswith("javascript"):
        return written
    script = written if written.lower().startswith("javascript") else ""
    named = SCRIPTED.search(f"{script} {found.get('onclick', '')}"[:1000])
    return named[1] if named else found.get("data-href", "") or found.get("data-url", "")


def texts_in(piece: Piece, limit: int = 60) -> list[Piece]:
    """The texts inside an element, in order, at most so many."""
    found: list[Piece] = []
    stack = [piece]
    while stack and len(found) < limit:
        one = stack.pop()
        if one.tag == TEXT:
            found.append(one)
        elif one.tag != "script":
            stack.extend(reversed(one.kids))
    return found


def _title(piece: Piece) -> tuple[str, frozenset[int]]:
    """The title as written: all texts of the link but its day; of a card with several texts the heading.

    And the places of the texts that are none of the title: they may hold its day.
    """
    texts = texts_in(piece)
    dated = days_among([text.text for text in texts])
    words = [text for i, text in enumerate(texts) if i not in dated]
    if not words:
        return _hinted(piece.attributes.get("title", "")) or _bounded(_alternative(piece)), frozenset(text.place for text in texts)
    words = [text for text in words if not PINNED.match(text.text)] or words
    said = _head(piece, words) or words
    return _bounded(_joined(said)), frozenset(text.place for text in texts).difference(text.place for text in said)


def _joined(texts: list[Piece]) -> str:
    """Texts of inline elements belong together as they stand; a blank between is the page's own."""
    return "".join(text.text if not i or _adjoining(texts[i - 1].text, text.text) else " " + text.text
                   for i, text in enumerate(texts))


def _adjoining(left: str, right: str) -> bool:
    """No blank between two Chinese characters or beside punctuation."""
    return not (left[-1:].isascii() and left[-1:].isalnum() and right[:1].isascii() and right[:1].isalnum())


def _head(piece: Piece, texts: list[Piece]) -> list[Piece]:
    """The texts of the heading inside a link that holds more than a title; empty when it holds only one line."""
    for is_mark in (_is_heading, _is_named):
        marks = [next((one for one in _around(text, piece) if is_mark(one)), None) for text in texts]
        first = next((mark for mark in marks if mark is not None), None)
        group = [text for text, mark in zip(texts, marks, strict=True) if mark is first and first is not None]
        if group and len(_joined(group)) >= SHORTEST:
            return group
    lines: dict[int, list[Piece]] = {}
    for text in texts:
        line = next((one for one in _around(text, piece) if one.tag not in INLINE), piece)
        lines.setdefault(line.place, []).append(text)
    long = [line for line in lines.values() if len(_joined(line)) >= SHORT]
    return long[0] if len(lines) > 1 and long else []


def _around(text: Piece, within: Piece) -> list[Piece]:
    """The elements around a text, nearest first, as far as they are inside the link."""
    return [one for one in text.up(8) if within.holds(one) and one is not within]


def _is_heading(piece: Piece) -> bool:
    return piece.tag in HEADS


def _is_named(piece: Piece) -> bool:
    return bool(NAMING.search(piece.names))


def _alternative(piece: Piece) -> str:
    stack = list(piece.kids)
    while stack:
        one = stack.pop()
        if one.tag == "img" and (one.attributes.get("alt") or one.attributes.get("title")):
            return one.attributes.get("alt") or one.attributes["title"]
        stack.extend(one.kids)
    return ""


def _hinted(hint: str) -> str:
    """The title in an attribute title=, which may hold particulars as well."""
    lines = [line.strip() for line in hint[:2000].splitlines() if line.strip()]
    text = " ".join(lines)
    said = HINT_END.split(HINT.sub("", text))[0]
    return _bounded(said)


def _whole_title(title: str, hint: str) -> str:
    """A title that is cut, completed from title=, which may hold more than the title."""
    cut = CUT.search(title)
    said = _hinted(hint) if not cut and len(title) >= CUT_SILENTLY else ""
    if said and said != title and said.replace(" ", "").startswith(title.replace(" ", "")):
        return said
    start = title[:cut.start()].rstrip() if cut else ""
    if len(start) < 4:
        return title
    for line in re.split(r"[\r\n]+|&#10;", hint[:2000]):
        at = line.find(start[-12:]) if len(start) >= 12 else line.find(start)
        if at >= 0:
            begin = line.find(start[:6])
            return _bounded(line[begin if begin >= 0 else 0:])
    return title


def _bounded(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE - 1] + "…"


def in_menu(piece: Piece) -> str:
    """"tag" or "name" where an element around tells a menu, a head or a foot of the page; else empty."""
    around = piece.up(AROUND)
    if any(one.tag in MENU_TAGS for one in around):
        return "tag"
    return "name" if any(MENU.search(one.names) for one in around) else ""
