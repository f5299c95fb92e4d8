"""What kind of column a name stands for: the categories of the indicator tables, told by label, name and place.

A name with no category is charged under no rule, so that whatever is updated only when something happens (tenders,
appointments, penalties) gets none, even where its name ends in 公告.
"""
import re
import unicodedata
from collections.abc import Iterable

# what the annex of the page labels lets a ColumnType say, where it does not say a category itself
TYPES = {
    "负责人信息": "领导信息", "工作动态": "动态要闻", "数据开放": "数据发布", "回应关切": "政策解读", "咨询投诉": "咨询建言",
    "征集调查": "调查征集",
}
SAYS_NOTHING = re.compile(
    r"首页|栏目|频道|公开|公开信息|(?:政府|政务)?信息公开(?:目录|专栏|平台)?|政务公开|其[他它]|[\W\d_a-z]*|null|none", re.IGNORECASE
)

NOWHERE = r"(?!)"
# (category, what its names hold, what names of something else hold); a name may mean several, the likeliest first
MEANINGS: tuple[tuple[str, str, str], ...] = (
    ("专门渠道", r"专门渠道|信访|举报|纪检|监察(?:投诉|信箱)|巡视巡察|扫黑除恶线索", r"信访局|信访动态"),
    ("年度报表", r"(?:网站|工作|监管)?年度(?:工作)?报表|网站(?:工作)?年(?:度|报)|年报年表|(?:网站|监管)工作?报表|网站.{0,4}年度报告",
     r"信息公开|统计"),
    ("信息公开年报", r"公开.{0,6}(?:年报|年度报告|工作报告)|(?:年报|年度报告).{0,2}公开", r"网站|企业|决算|预算"),
    ("信息公开指南", r"公开.{0,2}指南", ""),
    ("信息公开制度", r"公开.{0,4}(?:制度|规定|条例|法规|规范)", ""),
    ("依申请公开", r"依申请公开|公开申请|申请公开", ""),
    ("领导信息", r"领导(?:信息|之窗|班子|成员|介绍|分工|简介|简历|专栏|专区|概况|团队|集体|名录|机构)|负责人(?:信息|介绍|简介)?$"
     r"|(?:市|县|区|州|镇|乡|旗|省|厅|局)长(?:之窗|简介|介绍)|^(?:(?:市|县|区|州|省|厅|局|委|院|署|办|镇|乡|中心|现任|主要|单位|本级)*"
     r"(?:党政|政府|部门)?)领导$|主要领导|政府领导|^班子成员$", r"领导.{0,2}(?:信箱|留言|活动|讲话|小组|干部|批示|接待)"),
    ("机构职能", r"机构(?:职能|设置|简介|概况|介绍|信息|导航|职责|架构|名录)|组织(?:机构|架构|概况)|(?:主要|部门|工作|单位|法定|机关|内设)(?:职责|职能)"
     r"|职能(?:职责|配置|介绍|简介|信息)|内设(?:机构|科室|处室)|(?:直属|下属|所属|派出)(?:单位|机构)|三定(?:方案|规定)?"
     r"|^(?:政府|市政府|县政府|区政府|职能)?(?:机构|部门)$|^职能$|政府(?:工作|组成)部门|^部门(?:导航|街镇|乡镇|介绍)$",
     r"中介|培训|医疗|教育机构|检测|改革|编制|社会组织|金融|执法机构|动态|信息公开"),
    ("概况信息", r"概况|简介|^走进|^认识|^魅力|^印象|^美丽(?!乡村)|^今日(?=.{2,4}$)|^(?:省|市|县|区|州|旗|镇|国)情|.(?:省情|市情|县情|区情|州情)$"
     r"|自然地理|历史沿革|行政区划|人口民族|^(?:经济|社会)发展$|^基本情况$|地理位置|历史文化$|风土人情",
     r"领导|局长|市长|县长|区长|项目|企业|景区|学校|医院|人物|专家|作者|产品|内容|办件|要闻|新闻|头条|关注|推荐|天气|更新|活动|基层|校园|军营"
     r"|机关|社区|人大|政协|直播|科学|法院|警营|生活|课堂|情况通报|编者|专题|财政|预算"),
    ("动态要闻", r"要闻|新闻(?!发|媒体|办|采访|记者|线索|出版)|动态$|时政|头条|领导活动|国务院信息|(?:国务|政务)联播|^(?:市|县|区)内信息$",
     r"疫情|价格|物价|行情|市场动态|办件|办理|受理|审批|办结|答复|回复|信件|信访|公开动态|政策动态|招聘|人才|法规|数据动态|中标"),
    ("通知公告", r"通知(?:公告|公示|通告)|公告(?:通知|公示|通告)|公示(?:公告|通告|通知)|通告(?:公告|公示)|公告栏|公示栏"
     r"|^(?:本站|政府|政务|信息|重要|最新|部门|本级|机关|乡镇|市级|县级|区级|[省市县区厅局委办]|[和与及、])*(?:公告|公示|通告|通知)"
     r"(?:[和与及、]?(?:公告|公示|通告|通知))*(?:信息|专栏)?$", ""),
    ("政策文件", r"政策(?:文件|法规|规定|库|文库|性文件)|规范性文件|(?:政府|行政|部门|地方)(?:规章|性规范)|法规(?:文件|规章|政策)|规章(?:文件|库)?$"
     r"|文件(?:库|资料|汇编)?$|(?:政府|国务院)公报|^公报$|^公文$|^(?:最新|重要|部门|本级|上级|国家)?政策$|政府令$|^(?:政府|部门|本机关|局|厅)?发文$"
     r"|^政策法律",
     r"^(?!.*[及和与、]).*解读|招标|采购|会议|申请|清理|废止|失效|征求意见|征集|党内|范本|格式|环评|下载|统计|财政|问答|惠企|优惠|补贴|奖补"
     r"|申报"),
    ("政策解读", r"解读|图解|图说政策|一图读懂|一图看懂|图读", r"数据解读|统计解读|法律解读"),
    ("在线访谈", r"访谈|网上直播|在线直播|政务直播|新闻发布会|发布会", r"领导访谈录|人物访谈"),
    ("政策解读", r"新闻发布会", ""),
    ("数据发布", r"数据|统计", r"数据局|大数据(?:中心|管理|发展|产业)|统计局|(?:信件|来信|留言|办[件事]|受理|访问|办理|诉求|咨询|互动|网站|公开|服务)[^据]{0,4}统计"
     r"|统计(?:执法|法)|数据中心建设|数据共享责任"),
    ("调查征集", r"征集|调查|问卷|(?:意见|结果)反馈|征求意见|意见征求|民意",
     r"事故|调查报告|普查|统计调查|调查队|国土调查|线索征集|土地调查|征文|调查处理|地质调查"),
    ("咨询建言", r"咨询(?!公司|行业|机构|服务业)|投诉|建言|信箱|写信|来信|问政|留言|12345|诉求|意见箱|(?:提|意见)建议|^建议$|诉求|热线",
     r"行政复议|调查|征集|人大|政协|代表|提案|议案|监督电话|消费投诉公示|访谈|招商"),
    ("办事服务", r"办事|政务服务|行政审批|便民(?:服务|查询)|(?:网上|服务)大厅|一网通办|一件事|公共服务|服务事项|在线(?:办理|服务)|网上服务|^服务$|服务指南",
     r"动态|公告|公示|结果|统计|服务局|领导|政策|改革|采购|审批(?:结果|公开)|规划"),
    ("互动交流", r"互动|公众参与|^参与$|交流平台", r"动态|访谈|统计|制度|新媒体"),
    ("信息公开平台", r"(?:政府|政务)?信息公开|政务公开|主动公开|公开(?:目录|专栏|平台)|^公开$",
     r"指南|制度|规定|条例|年报|报告|申请|动态|考核|培训|保密|机构|监督|投诉|举报|解读|查阅|问责|意见|规范|法规|方案|统计"),
    ("专题专栏", r"专题|专栏|^热点聚焦$|主题活动", r"(?:信息|政务|党务|校务|村务|厂务)公开|领导专栏|专题教育培训"),
)
RULES = tuple((category, re.compile(holds), re.compile(never or NOWHERE)) for category, holds, never in MEANINGS)

# what happens when it happens: no visitor expects news there
OCCASIONAL = re.compile(
    r"采购|招标|投标|中标|拍卖|挂牌|出让|转让|竞[价买标]|产权|招聘|招录|招考|录用|考试|考录|招生|人事|任免|任前|干部|遴选|处罚|许可|强制|执法"
    r"|双公示|双随机|抽查|抽检|检查|召回|信用|失信|黑名单|红名单|环评|环境影响|排污|土地|征地|征收|补偿|拆迁|用地|矿业|矿权|资金|补贴|救助|低保|惠民|送达"
    r"|听证|仲裁|诉讼|判决|复议|验收|项目|规划|计划|预算|决算|财政|收费|价格|停水|停电|停气|预警|应急|建议|提案|议案|废止|失效|归档|历史|往期|旧版"
    r"|权责|清单|名录|目录清单|资格|资质|认证|认定|评审|奖|职称|评估|审计|督查|整改|灾|寻亲|认领|公益广告|遗失|注销"
)
HANDED_DOWN = frozenset({
    "概况信息", "机构职能", "领导信息", "动态要闻", "通知公告", "政策文件", "政策解读", "数据发布", "专题专栏", "年度报表", "办事服务", "咨询建言",
    "调查征集", "在线访谈", "专门渠道", "信息公开指南", "信息公开制度", "信息公开年报", "依申请公开",
})
EXPECTED = frozenset({"动态要闻", "通知公告", "政策文件", "政策解读"})
IN_DISCLOSURE = {
    "信息公开年报": re.compile(r"^(?:工作)?(?:年报|年度报告)$"), "信息公开指南": re.compile(r"^指南$"),
    "信息公开制度": re.compile(r"^(?:相关|有关|公开)?(?:制度|规章制度|工作制度)$"), "信息公开平台": re.compile(r"^目录$"),
}

# a link that may lead a visitor to a category, although a column of that name need not belong to it
LOOSE_MEANINGS: tuple[tuple[str, str, str], ...] = (
    ("年度报表", r"年度?报表|网站(?:工作)?年(?:报|度)|工作年报", r"公开|统计年报|企业|财务"),
    ("领导信息", r"领导|(?:市|县|区|州|省|厅|局|旗|镇|乡)长|主任简介|负责人", r"信箱|留言|讲话|小组|邮箱|信件|接待"),
    ("机构职能", r"机构|职能|职责|部门|组成单位|直属单位|处室|科室|三定", r"动态|文件|中介|信息公开|解读"),
    ("概况信息", r"概况|简介|概览|走进|认识|魅力|印象|美丽|今日|市情|县情|区情|省情|州情|旗情|镇情|国情|关于我们|本局介绍|单位介绍|区划|沿革", r"要闻|解读"),
    ("政策解读", r"解读|图解|一图|回应关切|政策问答|热点回应|新闻发布", ""),
    ("动态要闻", r"要闻|新闻|动态|资讯|时政|快讯|信息快递|政务信息|工作信息|头条", r"办件|发布会"),
    ("通知公告", r"公告|公示|通知|通告", r"招标|采购|拍卖"),
    ("政策文件", r"政策|文件|法规|规章|公报|公文|政府令|法律", r"解读|问答"),
    ("数据发布", r"数据|统计|年鉴|指标", r"大数据局|统计局|信件"),
    ("信息公开指南", r"公开.{0,3}指南", ""),
    ("信息公开制度", r"公开.{0,5}(?:制度|规定|条例)", ""),
    ("信息公开年报", r"公开.{0,8}(?:年报|年度报告)|^年报$|^年度报告$", ""),
    ("依申请公开", r"申请公开|公开申请", ""),
    ("专门渠道", r"专门渠道|信访|举报|纪检", ""),
    ("调查征集", r"征集|调查|问卷|征求意见|民意", r"事故|普查"),
    ("在线访谈", r"访谈|直播|发布会", ""),
    ("咨询建言", r"咨询|投诉|建言|信箱|写信|来信|问政|留言|12345|诉求|建议|邮箱|热线", r"提案|议案"),
    ("办事服务", r"办事|服务|审批|大厅|一网通办|一件事|办理", r"新媒体|党"),
    ("互动交流", r"互动|参与|交流", ""),
    ("信息公开平台", r"公开", r"党务|财务|村务"),
    ("专题专栏", r"专题|专栏|聚焦|热点", ""),
)
LOOSE_RULES = tuple((category, re.compile(holds), re.compile(never or NOWHERE)) for category, holds, never in LOOSE_MEANINGS)

BRACKETED = re.compile(r"[(\[【〔<《][^()\[\]【】〔〕<>《》]*[)\]】〕>》]")
ORNAMENT = re.compile(r"[\s·•.>»›|:;,_\-—…\"'“”‘’*#+()\[\]【】〔〕《》<]+|更多|\bmore\b", re.IGNORECASE)
REGION = re.compile(r"^[一-鿿]{2,4}?(?:自治[区州县旗]|[省市县区州旗])(?![长情内属直镇乡域级委])(?=..)(?:人民(?=政府))?")
YEAR = r"(?:(?:19|20)\d\d|二[〇零○O][〇零○O一二三四五六七八九]{2})"
YEAR_NAME = re.compile(rf"{YEAR}(?:\s*[-—–~至]\s*{YEAR})?\s*年?(?:度|份)?\s*(?:及?(?:以|之)前|以来)?(?:信息|内容|归档)?")
LONGEST_NAME = 30


def category_of(name: str = "", type_: str = "", trail: Iterable[str] = ()) -> tuple[str, ...]:
    """The categories that a column may belong to, the likeliest first; () when nothing says any.

    type_   its ColumnType, one or more; trail: names of the columns above it, from the first level down.

    ColumnType comes first, then the name, then the place. A column within a topic (专题专栏) is first of all part of it.
    新闻发布会 is 在线访谈 before 政策解读: only the latter has a deadline, and none is certain.
    """
    above = [one for one in trail if one and one != name]
    typed = _by_type(type_)
    inherited = [category for one in reversed(above) for category in _by_name(one) if category in HANDED_DOWN]
    if OCCASIONAL.search(normalise(name)):
        typed, inherited = ([one for one in given if one not in EXPECTED] for given in (typed, inherited))
    topic = ["专题专栏"] if "专题专栏" in inherited else []
    return tuple(dict.fromkeys([*topic, *typed, *_by_name(name), *_by_disclosure(name, above), *inherited]))


def loosely(text: str) -> str | None:
    """The category that a visitor may hope to reach by a link of this text; wider than the names of columns."""
    name = normalise(text)
    if not 2 <= len(name) <= LONGEST_NAME:
        return None
    strict = next(iter(_by_name(text)), None)
    loose = (category for category, holds, never in LOOSE_RULES if holds.search(name) and not never.search(name))
    return strict or next(loose, None)


def is_year(name: str) -> bool:
    """The name is nothing but a year or a span of years: a part of the column above it."""
    return bool(YEAR_NAME.fullmatch(unicodedata.normalize("NFKC", name).strip(" 【】[]()")))


def normalise(name: str) -> str:
    """A name without its region at the beginning, 的, blanks, brackets with what they hold, marks and 更多."""
    text = unicodedata.normalize("NFKC", name)
    text = ORNAMENT.sub("", BRACKETED.sub("", text)) or ORNAMENT.sub("", text)
    return REGION.sub("", text.replace("的", ""), count=1)


def _by_name(name: str) -> list[str]:
    text = normalise(name)
    if not text or len(text) > LONGEST_NAME:
        return []
    found = [category for category, holds, never in RULES if holds.search(text) and not never.search(text)]
    return [one for one in found if one != "通知公告" or not OCCASIONAL.search(text)]


def _by_type(type_: str) -> list[str]:
    """What a ColumnType says; a word that a template writes on every page says nothing."""
    parts = [part.strip() for part in re.split(r"[、,，;；/|\s]+", type_ or "")]
    return [category for part in parts if part and not SAYS_NOTHING.fullmatch(part) for category in _of_type(part)]


def _of_type(part: str) -> list[str]:
    return [TYPES[part]] if part in TYPES else _by_name(part)


def _by_disclosure(name: str, above: list[str]) -> list[str]:
    """Names that are short because the place says the rest: 政府信息公开 > 指南."""
    if not any("公开" in one for one in above):
        return []
    text = normalise(name)
    return [category for category, named in IN_DISCLOSURE.items() if named.search(text)]
