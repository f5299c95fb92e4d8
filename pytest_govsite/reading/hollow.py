"""Words that fill a page without saying anything: nothing here yet, pagers, tools, labels of lists."""
import re

# nothing is here: the whole of a short line says so in general; a sentence about one thing (本局暂无下属单位) is content
SORRY = r"(?:(?:对不起|非常抱歉|很抱歉|抱歉|温馨提示|提示|亲)[,，!！:：。]?)?"
ASKED = r"(?:您?(?:所?(?:查询|访问|浏览|查找|选择)的?))?"
PLACE = r"(?:该|本|此|当前|所选)?(?:栏目|频道|页面|网页|分类|目录|列表|类别|条件|年度)?(?:下|内|中)?(?:目前|当前|现在)?[,，]?"
NO = (
    r"(?:暂时|暂|尚|还|并)?(?:没有?|无|未|缺)"
    r"(?:找到|查询到|查到|检索到|搜索到|发现|获取到|发布|添加|上传|更新|公开|录入|收录)?"
)
SUCH = r"(?:任何|相关|有关|符合条件|满足条件|可显示|可展示|您要|您需要|更多|最新)?的?"
WHAT = (
    r"(?:信息|内容|数据|记录|文章|新闻|公告|通知|公示|文件|资料|结果|列表|文档|图片|视频|信件|留言|动态|消息|稿件|政策|公开|条目|事项|办件|主题|问卷"
    r"|页面|栏目)"
)
LATER = r"(?:[,，](?:敬请期待|请稍后.*|请耐心.*|请重新.*|谢谢.*))?[~～…。.!！]*"
PARTS = r"(?:此|该|本|当前)?(?:栏目|频道|页面|网页|网站|内容|信息|系统|功能|版块|板块|资料|数据)"
HARD = r"(?:紧张|抓紧|努力|持续)?的?"
DOING = r"(?:建设|维护|更新|升级|整理|完善|编辑|制作|开发|筹备|改版|调整|准备|收集|录入|补充|充实)"
NOTHING = re.compile(
    rf"{SORRY}{ASKED}{PLACE}{NO}{SUCH}{WHAT}*(?:可(?:显示|展示|查看|供浏览))?{LATER}"
    rf"|(?:暂无|没有|查无)(?:此|该|相关)?{WHAT}*[~～…。.!！]*|{WHAT}?(?:列表|数据|内容|信息)?为空[。.!！]*|空空如也.*"
    r"|no\s*(?:data|records?|results?|content)(?:\s*found)?[.!]*"
    rf"|{PARTS}*(?:正在|尚在|仍在|还在)?{HARD}{DOING}(?:之?中|当中){LATER}|{PARTS}+正在{HARD}{DOING}{LATER}"
    r"|(?:敬请期待|即将上线|待更新|待完善|待添加|待补充|待发布|建设中|更新中|维护中|coming\s*soon|under\s*construction)[~～…。.!！]*",
    re.IGNORECASE,
)
NOT_NOTHING = re.compile(r"^(?:没有?|无|未|缺)[~～…。.!！]*$|^[^没无未暂查空]*[:：]$")
WAITS = re.compile(
    r"(?:数据|页面|内容|列表|信息)?(?:正在)?(?:加载|载入|读取|获取|查询)(?:数据|页面|内容|列表|信息)?中?(?:[,，]?请(?:稍候|稍后|稍等|耐心等待))?[~～…。.!！]*"
    r"|请稍[候等后][~～…。.!！]*|loading[\s.…]*",
    re.IGNORECASE,
)
TEMPLATE = re.compile(r"\{\{.*|.*\}\}|<%.*|\$\{.*|\[\[.*\]\]|undefined|null|NaN")
PAGER_WORDS = re.compile(
    r"第一页|最后一?页|[首末尾]\s*[页頁]|[上下前后]一?\s*[页頁]|当前|共有?|总[共计数]?|合计|约|每|第|页[次码数面]?|条数?|篇|项|记录数?|信息|数据|显示|跳?转到?|到|确定|go"
    r"|[\d\W_]",
    re.IGNORECASE,
)
PAGER_SIGN = re.compile(r"[页頁条记录共总转]|go|^[<>«»‹›|]", re.IGNORECASE)
TOOLS = re.compile(
    r"(?:【|\[)?(?:打印|关闭|收藏|分享|返回|转发|复制|刷新)(?:本?页面?|窗口|此页|当前页面?|文章|列表|上一?[页级]|顶部|首页|到)?(?:】|\])?|(?:返回)?(?:顶部|top)"
    r"|字[体号](?:大小)?[:：]?[大中小]*|大|中|小|[【\[(（]|[】\])）]|默认|超大|扫一扫.*|手机(?:扫一扫|看|阅读|浏览).*"
    r"|分享(?:到|至)?[:：]?(?:微信|微博|新浪微博|QQ空间|QQ好友)?|微信|微博|(?:浏览|点击|阅读|访问)(?:次数|量|数)?[:：]?\s*\d*\s*次?|编辑[:：]?|责任编辑[:：]?"
    r"|来源[:：]?|作者[:：]?|发布(?:时间|日期|机构|者|人|单位)?[:：]?|更新(?:时间|日期)[:：]?|信息来源[:：]?"
    r"|更多|更多.{0,2}|more.{0,3}|展开|收起|全部|搜索|检索|查询|重置|高级搜索|站内搜索|请输入.*|请选择.*|关键[字词][:：]?|标题[:：]?|正文[:：]?|全文[:：]?|提交|清空"
    r"|选择年份|年份?[:：]?|月份?[:：]?|不限|时间不限|按时间|按相关度|排序.{0,3}"
    r"|(?:您|你)?(?:现在|当前|所在)?的?(?:所在)?位置(?:是)?[:：]?|当前(?:栏目|页面)[:：]?|首页|网站首页|栏目导航|导航|目录|栏目列表|分类|您好.*|欢迎.*|语音.*|无障碍.*",
    re.IGNORECASE,
)
LIST_HEAD = re.compile(
    r"(?:序号?|编号|索引号?|文号|发文字号|文件编号|名称|标题|信息名称|文件名称|文件标题|主题|主题词|类别|分类|体裁|形式|状态|有效性|时效|效力|来源|机构|发布机构|发文机关|公开机构|责任部门|日期"
    r"|时间|发布日期|发布时间|发文日期|成文日期|生成日期|生效日期|公开日期|公布日期|更新日期"
    r"|操作|附件|下载|备注|点击数|内容|信息标题|受理单位|办理状态|答复时间|来信标题|来信时间|来信人|编码|姓名|职务)(?:\s*[:：↑↓▲▼])?"
)
YEAR = r"(?:19|20)\d\d"
DAY = rf"{YEAR}\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}\s*日?"
TIME = r"\d{1,2}\s*[:：时]\s*\d{1,2}(?:\s*[:：分]\s*\d{1,2}\s*秒?)?"
WEEKDAY = r"(?:星期|周)[一二三四五六日天]"
CLOCK = re.compile(
    rf"(?:今天|今日|现在|当前|北京时间)?(?:是|时间)?[:：]?\s*(?:公元)?(?:{DAY})?[\s,，T]*(?:{TIME})?\s*(?:{WEEKDAY})?(?:\s*农历.*)?"
    rf"|{YEAR}[-/.年]\d{{1,2}}月?|\d{{1,2}}[-/.月]\d{{1,2}}日?|{YEAR}年?|{WEEKDAY}"
)
BREAKS = re.compile(r"[\s【】\[\]|]+")
MARKS = re.compile(r"[\W_]*")
FOREIGN = re.compile(r"[^一-鿿\d]{1,40}")
LONGEST_NOTHING, LONGEST_WORDS = 60, 30


def says_nothing_here(words: str, name: str = "") -> bool:
    """The line says that there is nothing, or not yet; 暂无<the column's own name> as well."""
    text = "".join(words.split()).strip("【】[]()（）“”\"'·-—*")
    if not text or len(text) > LONGEST_NOTHING or NOT_NOTHING.search(text):
        return False
    own = bool(name) and re.fullmatch(rf"(?:目前|当前)?(?:暂无|没有|暂时没有|尚未发布)(?:相关)?{re.escape(name)}[。.!！]*", text)
    return bool(NOTHING.fullmatch(text) or own)


def waits(words: str) -> bool:
    """The line says that the content is still to come from a script."""
    return len(words) <= LONGEST_WORDS and bool(WAITS.fullmatch(words.strip()))


def is_filling(words: str) -> bool:
    """Pagers, tools, clocks, heads of lists, marks, words in another script: nothing that a visitor came for."""
    text = words.strip()
    if len(text) < 2 or MARKS.fullmatch(text) or TEMPLATE.fullmatch(text):
        return True
    if FOREIGN.fullmatch(text) and "@" not in text and "." not in text:
        return True
    if len(text) > LONGEST_WORDS:
        return False
    parts = [part for part in BREAKS.split(text) if part]
    return _fills(text) or (len(parts) > 1 and all(_fills(part) for part in parts))


def _fills(text: str) -> bool:
    return _is_pager(text) or any(one.fullmatch(text) for one in (TOOLS, LIST_HEAD, CLOCK))


def _is_pager(text: str) -> bool:
    """Nothing is left when the words of pagers are taken away; 数据 and 信息 alone are no pager, nor is a phone number."""
    if PAGER_WORDS.sub("", text):
        return False
    return len(text) <= 4 if text.isdigit() else bool(PAGER_SIGN.search(text))
