"""What the words before a date say that it is: the publication, an update, the document's own day, a deadline."""
import re
from enum import IntEnum

from pytest_govsite.reading.days import COLON

OBJECT = r"(?:信息|文章|新闻|内容|稿件|资讯|公告|公示|通知|政策|文件|网站|网页|网上|本网|原文|首次|正式)?"
PUBLISHED = re.compile(
    rf"{OBJECT}(?:发布|发表|发稿|刊发|刊登|登载|刊载|推送|发帖)的?(?:时间|日期|日|于)$|(?:时间|日期)发布$|^{OBJECT}发布$"
    r"|^(?:publish(?:ed)?|released?|posted|pub)(?:date|time|on)?$",
    re.IGNORECASE,
)
ENTERED = re.compile(rf"{OBJECT}(?:上传|上载|上网|录入|添加|公布|公开|创建|发送|提交|信息|新闻)的?(?:时间|日期|于)$")
TIME = re.compile(r"(?:^|[^一-鿿])(?:时间|日期|date|time)$", re.IGNORECASE)
UPDATED = re.compile(r"(?:更新|修改|编辑)(?:时间|日期|于)$|^(?:最[后近新])?更新$|updated?$|modified$", re.IGNORECASE)
FOREIGN = re.compile(
    r"成文|发文|生成|产生|形成|印发|签发|制发|制文|颁布|颁发|批准|通过|截止|截至|终止|开标|投标|招标|开启|递交|响应|采购|成交|中标|合同|签订|竣工|开工|完工|施工|交货"
    r"|开始|结束|起止|有效|生效|实施|施行|执行|废止|失效|到期|期限|会议|发布会|征集|报名|公示|听证|挂牌|拍卖|竞价|缴费|领取|受理|许可|决定|处罚|立案|检查|抽检|生产|登记|注册|成立|核准"
    r"|今天|今日|现在|当前|北京|系统|访问|星期|考试|笔试|面试|体检|开庭|收件|办结|办理|答复|回复|来信|咨询|留言|反映|反馈|下载|打印|出生|任职|任免|参加|举办|举行|召开|活动|演出|展出|培训"
    r"|停水|停电|停气|发生|事故|监测|统计|数据|起飞|出发|开放|营业|工作|上班|预约|服务|倒计时|截图|拍摄|摄影"
)
NAMES_A_DAY = re.compile(r"(?:时间|日期|期|日)$")
PERIOD = re.compile(r"(?:时间|日期)$")
LEADS_TO_A_DAY = re.compile(r"(?:截[止至]|今[天日]是?|现在是?|当前是?|距离?|自|从|至|到|于)$")
OTHER_FIELD = re.compile(
    r"来源|稿源|作者|编辑|编审|审核|责编|撰稿|供稿|摄影|录入[人者]?$|发布[人者]|单位|机构|部门|科室|浏览|点击|阅读|访问[量次]|次数|人气|字体|字号|视力|背景|语音|分享|打印|收藏|点赞|评论"
    r"|关键[词字]|标签|分类|栏目|类型|类别|主题|source|author|views?$",
    re.IGNORECASE,
)
BODY = re.compile(r"[网局府室心委社报办台部院处科站会厅镇乡道][)）]?$")  # the last character of a source before the label
WEEKDAY = re.compile(r"\s*(?:星期|周[一二三四五六日])")  # behind a date: a clock, or the hour of an event
OPENERS = "[【(（〔|丨｜/·• "
WORDS = 60  # characters before a date that may name it
SPREAD = 2  # characters of a last word that is only the end of a label spread by blanks


class Rank(IntEnum):
    """What a date is said to be, the better witness the higher."""

    FOREIGN = -2  # another day of the document, the page, or an event
    UNKNOWN = -1  # some 时间 or 日期 of which nobody can tell whether the page was published then
    SILENT = 0  # nothing is said
    UPDATED = 1
    TIME = 3
    ENTERED = 4
    PUBLISHED = 5


def rank_of(before: str, above: str) -> Rank:
    """How the text before a date on its line attributes it; where there is none, the line above may be its label."""
    said = before if before.strip() else above
    adjacent = bool(before) and not before[-1].isspace()
    said = said.rstrip()[-WORDS:].rstrip(OPENERS)
    name, colon = _label(re.split(r"\s", said)[-1])
    if len(name) > SPREAD:
        return _rank(name, colon, adjacent, whole=True)
    spread = _rank(*_label(re.sub(r"\s", "", said)), adjacent, whole=False)
    return spread if spread > Rank.SILENT else max(_rank(name, colon, adjacent, whole=True), Rank(min(spread, 0)))


def names_publication(text: str) -> bool:
    """The text ends with a label for the publication date, whatever follows."""
    return rank_of(text, "") >= Rank.ENTERED


def _label(text: str) -> tuple[str, bool]:
    """The label that a text ends with, and whether a colon makes it one."""
    found = re.search(rf"(?P<name>[一-鿿A-Za-z]{{0,12}})(?P<colon>{COLON}*)$", text)
    return found["name"], bool(found["colon"])


def _rank(name: str, colon: bool, adjacent: bool, *, whole: bool) -> Rank:
    """`whole`: nothing else stands in the name, else only its end may be the label."""
    for rank, pattern in ((Rank.PUBLISHED, PUBLISHED), (Rank.ENTERED, ENTERED)):
        found = pattern.search(name)
        if found:
            clear = not whole or not found.start() or BODY.search(name[:found.start()])
            return rank if clear else _other(name)
    if TIME.search(name):
        return Rank.TIME
    if UPDATED.search(name):
        return Rank.UPDATED
    if OTHER_FIELD.search(name):
        return Rank.SILENT
    if colon or NAMES_A_DAY.search(name):
        return _other(name) if name else Rank.SILENT
    return Rank.FOREIGN if adjacent and LEADS_TO_A_DAY.search(name) else Rank.SILENT


def _other(name: str) -> Rank:
    """Of a label that names no publication."""
    return Rank.UNKNOWN if PERIOD.search(name) and not FOREIGN.search(name) else Rank.FOREIGN
