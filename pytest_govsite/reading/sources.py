"""The source (信息来源) that a visitor reads between title and body."""
import re

from pytest_govsite.reading.article import find_article
from pytest_govsite.reading.flow import SEAM, plain

COLON = r"[:：∶﹕︰]"
BLANK = r"[^\S\n]"
ORIGIN = re.compile(
    rf"(?:(?:信息|文章|稿件|新闻|内容|资料|文件|消息|转载)?来{BLANK}*源(?:单位|部门)?|稿{BLANK}*源|(?:文章|信息)?出{BLANK}*处|转{BLANK}*自)"
    rf"{BLANK}*{COLON}{BLANK}*"
)
ISSUER = re.compile(rf"(?:发布|供稿|发稿){BLANK}*(?:机构|单位|部门){BLANK}*{COLON}{BLANK}*")
END = re.compile(
    rf"\n|  |[|｜丨┃【】\[\]]|{SEAM}|{BLANK}*(?:(?:发布|更新|发稿|发表|上传|录入)?(?:时间|日期){BLANK}*{COLON}"
    rf"|(?:作{BLANK}*者|(?:责任)?编{BLANK}*辑|责编|审核|校对|撰稿|摄影|记者|浏览|阅读|点击|访问|点击数|字{BLANK}*[体号]|分享|打印|收藏|保护视力|视力保护)"
    rf"[^\n:：]{{0,8}}{COLON}|[【\[(（]?{BLANK}*(?:19|20)\d\d{BLANK}?[-年/.]{BLANK}?\d)"
)
A_FIELD = re.compile(rf"{COLON}|^[大中小+\-A\s|]+$|字[体号]|打印|分享|浏览|点击|收藏|关闭|上一|下一|附件|\d{{4}}[-年/.]\d")
LONGEST = 200


def read_source(html: str) -> str:
    """The source as written beside the date, without its label; empty when none is shown.

    The label may have a tag, a cell or a line of its own. A box of particulars above a document (发布机构) only speaks when
    no source is named.
    """
    for zone in map("\n".join, find_article(html).zones):
        for label in (ORIGIN, ISSUER):
            for found in label.finditer(zone):
                if value := _value(zone[found.end():]):
                    return value
    return ""


def _value(rest: str) -> str:
    """The value behind a label: what follows on the line, else the next line when it is no field of its own."""
    same_line = _cut(rest.split("\n", 1)[0].lstrip(SEAM + " "))
    if same_line or "\n" not in rest or rest.split("\n", 1)[0].strip():
        return same_line
    following = rest.lstrip().split("\n", 1)[0]
    return "" if A_FIELD.search(following) or len(following) > 40 else _cut(following)


def _cut(text: str) -> str:
    text = text.lstrip("【[")
    end = END.search(text)
    return plain(text[:end.start()] if end else text)[:LONGEST].strip("　 ,，;；")
