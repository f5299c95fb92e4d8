"""The source (信息来源) that a visitor reads between title and body."""
import re

from pytest_govsite.reading.article import Article, Place, Zone, find_article
from pytest_govsite.reading.days import BLANK, COLON
from pytest_govsite.reading.flow import SEAM, plain
from pytest_govsite.reading.labels import PLACEHOLDER
from pytest_govsite.reading.particulars import is_particulars, squeezed

KINDS = r"(?:信息|文章|稿件|新闻|内容|资料|文件|消息|转载|原文|作品)?"
ORIGIN = re.compile(
    rf"(?:{KINDS}来{BLANK}*源(?:单位|部门|于|自)?|稿{BLANK}*源|(?:文章|信息)?出{BLANK}*处|(?:转|摘|来)自|\bsource)"
    rf"{BLANK}*{COLON}+{BLANK}*",
    re.IGNORECASE,
)
ISSUER = re.compile(rf"(?:发布|供稿|发稿|报送){BLANK}*(?:机构|单位|部门){BLANK}*{COLON}{BLANK}*")
ALONE = {
    ORIGIN: re.compile(rf"^{KINDS}(?:来源(?:单位|部门)?|稿源|出处)$"), ISSUER: re.compile(r"^(?:发布|供稿)(?:机构|单位|部门)$"),
}
PERSON = r"作{b}*者|(?:责任)?编{b}*辑|编审|责编|审[核签稿]|初审|复审|终审|校[对稿审]|撰稿|供稿|摄影|通讯员|记者|录入|发布[人者]|签发|值班|总编|监制"
COUNT = r"浏览|阅读|点击|访问|人气|热度|点击数|评论|点赞|收藏|转发"
TOOL = r"字{b}*[体号]|分享|打印|保护视力|视力保护|语音|背景|关键[词字]|标签|分类|文号|索引号|有效性|发布机构"
END = re.compile(
    rf"\n|  |[|｜丨┃【】\[\]]|{SEAM}|{BLANK}*(?:(?:发布|更新|发稿|发表|上传|录入|公开)?(?:时间|日期){BLANK}*{COLON}"
    rf"|(?:{f'{PERSON}|{COUNT}|{TOOL}'.format(b=BLANK)})[^\n:：]{{0,8}}{COLON}|[【\[(（]?{BLANK}*(?:19|20)\d\d{BLANK}?[-年/.]{BLANK}?\d)"
)
A_FIELD = re.compile(
    rf"{COLON}|^[大中小+\-A\s|]+$|字[体号]|打印|分享|浏览|点击|收藏|关闭|上一|下一|附件|\d{{4}}[-年/.]\d|(?:时间|日期|作者|机构|号)$"
)
LONGEST = 200
READ_OF_A_LINE = 2000
BY_LABEL = (Place.LATE, Place.HEAD, Place.EARLIER, Place.UNTITLED)


def read_source(html: str) -> str:
    """The source as written beside the date, without its label; empty when none is shown.

    The label may have a tag, a cell or a line of its own. A box of particulars above a document (发布机构) only speaks when
    no source is named.
    """
    return shown_source(find_article(html))


def shown_source(article: Article) -> str:
    """The source of a page whose title and body are found."""
    for zone in article.zones:
        if zone.place is not Place.ABOVE:
            texts = _particulars(zone)
            for label in (ORIGIN, ISSUER):
                if value := next(filter(None, _values(texts, label)), ""):
                    return value
    return ""


def named_source(text: str) -> str:
    """The source that a text names with a label, as（来源：云山日报）; empty when it names none."""
    found = ORIGIN.search(text[:READ_OF_A_LINE])
    return _cut(text[found.end():READ_OF_A_LINE]).rstrip("）)") if found else ""


def _particulars(zone: Zone) -> list[str]:
    """The lines of a zone that may name a source: beside running text only those that hold fields."""
    texts = [text[:READ_OF_A_LINE] for text in zone.texts]
    return [text for text in texts if zone.place not in BY_LABEL or is_particulars(text) or len(squeezed(text)) <= 40]


def _values(texts: list[str], label: re.Pattern):
    """What stands behind each of the labels: on its line, else on the next when that is no field of its own."""
    for number, text in enumerate(texts):
        following = next((other for other in texts[number + 1:] if other.strip()), "")
        for found in label.finditer(text):
            yield _value(text[found.end():], following)
        if ALONE[label].match(squeezed(text)):
            yield _value("", following)


def _value(rest: str, following: str) -> str:
    same_line = _cut(rest.lstrip(SEAM + " "))
    if same_line or rest.strip():
        return same_line
    return "" if A_FIELD.search(following) or len(following) > 40 else _cut(following)


def _cut(text: str) -> str:
    text = text.lstrip("【[")
    end = END.search(text)
    value = plain(text[:end.start()] if end else text)[:LONGEST].strip("　 ,，;；、")
    return "" if PLACEHOLDER.fullmatch(value) else value
