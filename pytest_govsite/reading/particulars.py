"""Lines of particulars (source, date, counts, tools) beside a title, told from running text and from rows of lists."""
import re

from pytest_govsite.reading.days import COLON, DATE
from pytest_govsite.reading.flow import Line

BYLINE = re.compile(
    r"来源|稿源|作者|浏览|点击|阅读|访问[量次]|人气|字[体号]|打印|分享|语音|播报|编辑|责编|发布[人者]|供稿|录入|审核|(?:source|author|views?)\s*[:：]",
    re.IGNORECASE,
)
# what only a byline has
CREDIT = re.compile(
    r"来源|稿源|作者|浏览|点击|(?<!相关)阅读(?:量|数|次数)?[:：]?\d|阅读(?:量|数|次数)|访问[量次]|source:", re.IGNORECASE,
)
FIELD = re.compile(
    rf"(?:时间|日期|来源|稿源|出处|作者|编辑|责编|审核|审校|校对|录入|签发|撰稿|供稿|摄影|[单部]位|机[构关]|部门|浏览[量数]?|次数|阅读[量数]?|点击[量率数]?|访问[量数]?|人气|字[体号]|字体大小"
    rf"|背景色?|视力色?|分享到?|打印|收藏|评论|点赞|索引号|[文编]号|分类|类别|类型|名称|标题|主题词|关键[词字]|概述|有效性|状态|格式|语种|标签){COLON}"
)
ENUMERATED = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|第[一二三四五六七八九十]{1,3}[条章节]|[1-9]\d?[.．、](?!\d))")
SENTENCE = re.compile(r"[。！？；!?]")
CAPTION = re.compile(r"^(?:图为|图[一二三四\d]?[:：]|图[/片]?说明)|(?:摄影?|供图)[)）]?$")
ATTACHED = re.compile(r"\.(?:pdf|ofd|docx?|xlsx?|wps|et|pptx?|zip|rar)\b|^附件|点击(?:下载|查看|播放)", re.IGNORECASE)
AFTER_BODY = re.compile(
    r"^[\W_]*(?:相关(?:阅读|链接|新闻|信息|文[档章件]|稿件|解读|报道|推荐|内容|政策|资讯|附件)|上一?[篇条页]|下一?[篇条页]|前一[篇条]|后一[篇条]|附件"
    r"|热[点门](?:新闻|文章|推荐|信息|资讯)|推荐(?:阅读|新闻|文章|信息)|最[新近](?:新闻|文章|信息|更新|动态)|延伸阅读|为您推荐|猜你喜欢|智能推荐|图片新闻)"
)
FOOT = re.compile(r"版权所有|(?:政府|[局厅委室])(?:主办|承办)|^(?:主办|承办)(?:单位)?[:：]|网站标识码|ICP备|公网安备|^友情链接")
FILE = re.compile(r"\.(?:pdf|ofd|docx?|xlsx?|wps|pptx?|zip|rar)(?:$|[?#])|down(?:load|file)", re.IGNORECASE)
TABLE_HEAD = re.compile(r"^(?:序号|编号|姓名|项目名称|单位名称)$")
BRACKETED = re.compile(r"[（(【].*[)）】]")
SALUTATION = re.compile(
    rf"^(?:各|致|尊敬|亲爱|广大|全[省市县区体]|有关)|[、，们)）]{COLON}$|.{{2}}(?:局|府|委|会|厅|公司|学校|街道|[镇乡])"
)
LONGEST_CALL = 12  # characters of an unknown label
LONGEST_LABEL = 60  # a line this long without field or colon is no label, tool or name
READ_OF_A_LINE = 4000
MOST_LINKS = 20
LONGEST_VALUE = 20  # characters of a link that may be a source
ROW_LINK = 8  # characters of a link's text that make it a title
LONGEST_BYLINE = 120


def squeezed(text: str) -> str:
    """A text without blanks and seams: labels are spread (来　源), or cut by tags."""
    return re.sub(r"\s+", "", text[:READ_OF_A_LINE])


def is_byline(text: str) -> bool:
    """The line names a source, an author, counts or tools."""
    return bool(BYLINE.search(squeezed(text)))


def has_credit(text: str) -> bool:
    """The line names a source, an author or counts: no clock and no menu does."""
    return bool(CREDIT.search(squeezed(text)))


def is_row(line: Line) -> bool:
    """A row of a list: a link with a title of its own, which is not the value of a field (来源：)."""
    line_text = line.text[:READ_OF_A_LINE]
    return any(len(squeezed(text)) >= ROW_LINK and not _is_value(line_text, text) for text, _ in line.links[:MOST_LINKS])


def is_text(line: Line) -> bool:
    """A sentence: running text, wherever it stands."""
    text = squeezed(line.text)
    return not line.hidden and not line.linked and "。" in text and len(text) >= 20 and not is_particulars(text)


def leads_to_file(line: Line) -> bool:
    """Its links are for documents to open or to load down."""
    return any(ATTACHED.search(text) or FILE.search(href) for text, href in line.links[:MOST_LINKS])


def _is_value(line: str, text: str) -> bool:
    before = line[:max(0, line.find(text))].rstrip()
    named = re.search(rf"{COLON}$|(?:来源|作者)$", before)
    return bool(named or (len(squeezed(text)) < LONGEST_VALUE and BYLINE.search(squeezed(line))))


def is_particulars(text: str) -> bool:
    """The line holds a field (来源：, 时间：) and is no running text that merely quotes one."""
    text = squeezed(text)
    stops = len(SENTENCE.findall(text)), text.count("，")
    if len(text) > LONGEST_BYLINE or stops[0] > 1 or sum(stops) > 2:
        return False
    return bool(FIELD.search(text)) and not ENUMERATED.match(text)


def begins_text(line: Line) -> bool:
    """With this line the body has begun, or ended: a sentence, a salutation, a numbered item, a caption, an attachment,
    a row of another list, the foot of the page.
    """
    text = squeezed(line.text)
    if AFTER_BODY.match(text) or FOOT.search(text):
        return True
    if is_particulars(text) and not is_row(line):
        return False
    if is_row(line) or SENTENCE.search(text[:-1]) or text.endswith(("。", "；")):
        return True
    if ENUMERATED.match(text) or any(pattern.search(text) for pattern in (CAPTION, ATTACHED, TABLE_HEAD)):
        return True
    if BYLINE.search(text) or DATE.search(line.text) or BRACKETED.fullmatch(text):
        return len(text) > LONGEST_BYLINE
    if line.linked:  # tools and menus: links without titles
        return False
    if re.search(rf"{COLON}$", text):
        return len(text) > LONGEST_CALL or (len(text) > 4 and bool(SALUTATION.search(text)))
    return len(text) > LONGEST_LABEL
