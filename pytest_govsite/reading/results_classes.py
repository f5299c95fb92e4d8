"""The classes into which a result page sorts its results."""
import re
from collections.abc import Sequence
from urllib.parse import unquote_plus

from pytest_govsite.reading.addresses import path_of
from pytest_govsite.reading.list_links import MENU_TAGS, address_of
from pytest_govsite.reading.list_pieces import Piece
from pytest_govsite.reading.results_match import bare
from pytest_govsite.reading.results_page import ResultsPage, is_within

LONGEST_NAME, MOST_CLASSES, FEWEST, MOST_TEXTS, MOST_ITEMS = 14, 30, 2, 5000, 200
COUNT = re.compile(r"\s*[(（\[【]?\s*(?:约|共)?\d[\d,，]*\s*(?:条|个|篇|项)?\s*\+?\s*[)）\]】]?\s*$")
ALL = re.compile(r"^(?:全部|所有|综合|不限|全站|智能|默认)(?:结果|信息|内容|搜索|类型|分类|栏目|资讯)?$")
CLASS = re.compile(
    r"政策|文件|法规|规章|解读|服务|办事|事项|指南|互动|咨询|信箱|留言|问答|征集|调查|访谈|新闻|资讯|要闻|动态|政务公开|信息公开|政府信息|公开|公告|通知|公示|公报|图片|视频|图解|数据|专题"
    r"|机构|领导|人事|财政|规划|招标|采购|部门|乡镇|街道|走进|概况|便民|知识库|热点问题"
)
NO_CLASS = re.compile(
    r"^(?:pdf|word|docx?|xlsx?|excel|pptx?|html?|网页|文档|图片格式)$|"
    r"时间|日期|相关(?:度|性)|排序|升序|降序|最新$|最近|最热|按|一[天日周年]|一个月|[一两三半]个?(?:天|日|周|星期|月|年)|今[天日]|本[周月年]|近|\d+\s*[天日周月年]|标题|正文|全文|内容$|关键[词字]|摘要|精[确准]|模糊"
    r"|高级|搜索|检索|查询|首页|返回|登录|注册|更多|展开|收起|帮助|无障碍|长者|繁体|简体|English|版权|联系我们|网站地图|关于|隐私|邮箱|微信|微博|客户端|热[搜词]|附件$|本站|站群|[上下]一?页|尾页|末页|确定|取消|重置|清空|^\W*\d*\W*$|编号|文号|^发布|发布(?:时间|日期|机构|单位|者|人)|来源"
    r"|^(?:结果|信息|搜索|所属|内容)?(?:分类|栏目|类型|类别|频道|范围|筛选|来源)$",
    re.IGNORECASE,
)
SORTED = re.compile(r"(?:^|[\s_-])(?:sort\w*|order\w*|time\w*|date\w*|pager?|paging|position|scope)(?:$|[\s_-])")
HEAD = re.compile(r"(?:^|[\s_-])(?:header|top(?:bar|nav)?|site-?nav|main-?nav|mainnav|navbar|footer|foot|copyright|friend\w*|yqlj)(?:$|[\s_-])")
LABEL = re.compile(r"[:：]")
TO_MORE = re.compile(r"\W*(?:查看)?(?:更多|全部|more)\W*$", re.IGNORECASE)
UP = 8
LISTS = frozenset({"ul", "ol", "menu"})  # beside another element: the entries below a head of a menu


def read_classes(page: ResultsPage, url: str, query: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The names of the classes that results can be narrowed to: the largest row of at least two; 全部 is none of them.
    One may stand alone beside 全部 where all results are of that class.

    `spans`, merged, are the places of the results themselves, where nothing is looked for.
    """
    rows: dict[int, list[Piece]] = {}
    for text in page.texts(0, len(page.pieces))[:MOST_TEXTS]:
        if len(text.text) <= LONGEST_NAME and page.wordy[text.place] and not is_within(spans, text.place):
            item = page.item(text)
            if item.parent is not None and item.tag not in LISTS:
                rows.setdefault(item.parent.place, []).append(item)
    found = [_classes(items, page, url, query) for items in rows.values() if FEWEST <= len(items) <= MOST_ITEMS]
    return max(found, key=len, default=())


def headed_classes(headings: Sequence[str]) -> tuple[str, ...]:
    """The classes under whose headings results stand, where there are several."""
    said = [_name(TO_MORE.sub("", heading)) for heading in headings]
    names = tuple(dict.fromkeys(name for name in said if CLASS.search(name) and _may_be_class(name)))
    return names if len(names) >= FEWEST else ()


def _classes(items: list[Piece], page: ResultsPage, url: str, query: str) -> tuple[str, ...]:
    said = [_name(text) for item in items if not LABEL.search(text := page.said(item))]
    names = tuple(dict.fromkeys(name for name in said if _may_be_class(name)))[:MOST_CLASSES]
    known = [name for name in names if CLASS.search(name)]
    whole = any(ALL.match(name) for name in said)
    if whole and len(names) == len(known) == 1 and [_way(item, url, query) for item in items].count("back") >= FEWEST:
        return names  # classes without results are left out of the row
    if len(names) < FEWEST or not (len(known) >= FEWEST or whole and not SORTED.search(_around(items[0]))):
        return ()
    ways = [_way(item, url, query) for item in items]
    if ways.count("away") * 2 > len(ways) or "首页" in said:
        return ()
    return () if "back" not in ways and _in_frame(items[0]) else names


def _name(text: str) -> str:
    """A class without the number of its results and signs around."""
    return COUNT.sub("", text).strip(" |·:：>»【】[]")


def _may_be_class(name: str) -> bool:
    return 2 <= len(name) <= LONGEST_NAME and not ALL.match(name) and not NO_CLASS.search(name)


def _way(item: Piece, url: str, query: str) -> str:
    """Where a click leads: "back" to the search, "away" to another page; "" when only a script knows."""
    link = next((one for one in [*_inside(item), *item.up(2)] if one.tag == "a"), None)
    written = address_of(link) if link is not None else ""
    if not written or written.startswith("#"):
        return ""
    there = unquote_plus(unquote_plus(written))
    same = path_of(written) and path_of(written) == path_of(url) and "?" in written
    return "back" if same or bare(query) and bare(query) in bare(there) else "away" if path_of(written) != path_of(url) else ""


def _inside(item: Piece) -> list[Piece]:
    """The element and those inside it."""
    found = [item]
    for one in found:
        found.extend(one.kids[:MOST_CLASSES])
        if len(found) > MOST_CLASSES:
            break
    return found


def _around(item: Piece) -> str:
    return " ".join(one.names for one in item.up(3))


def _in_frame(item: Piece) -> bool:
    return any(one.tag in MENU_TAGS or HEAD.search(one.names) for one in item.up(UP))
