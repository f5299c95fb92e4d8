"""What a result page says in words: how many results, none at all, an error, a captcha."""
import re
from collections.abc import Sequence

from pytest_govsite.reading.results_page import Line

NUMBER = r"(?P<n>\d{1,3}(?:[,，]\d{3})+|\d{1,9})"
UNIT = r"(?:余|多)?\s*(?:条|个|篇|项|件|则)"
THING = r"(?:搜索|检索|查询|相关|匹配|符合\S{0,6}的?|有关)*的?(?:结果|记录|信息|内容|数据|文档|文章|网页|资讯|文件)"
TOTAL = (
    re.compile(rf"(?:找到|搜索?到|检索到|查询?到|搜得|获得|命中|返回)\S{{0,60}}?\s*(?:约|大约|共|总共|共计)?[:：]?\s*{NUMBER}\s*{UNIT}"),
    re.compile(rf"(?:找到|搜索?到|检索到|查询?到)\S{{0,16}}?{THING}\s*(?:约|大约|共|总共|共计)?[:：]?\s*{NUMBER}"),
    re.compile(rf"(?:共|总共|共计|共有|合计|总计)\s*(?:找到|搜索?到|检索到|查询?到|有|计)?\s*(?:约|大约)?[:：]?\s*{NUMBER}\s*{UNIT}(?!/)"),
    re.compile(rf"^\W*(?:{THING}|总数|总条数|结果数|记录数)\s*(?:总?数|共|约|数量)?\s*[:：(（]?\s*(?:共|约)?\s*{NUMBER}\s*(?:{UNIT})?\W*$"),
    re.compile(rf"^\W*(?:约|共|有)?\s*{NUMBER}\s*{UNIT}{THING}"),
)
NONE = re.compile(
    r"(?:没有?|未能?|无法|没能)\s*(?:有\s*)?(?:搜索|检索|查询|查找|搜|查|找|匹配|检)\s*(?:到|得|出)"
    r"|(?:没有|未发现|不存在|查无|暂无|尚无|并无|无)\s*(?:任何)?(?:您|你)?要?(?:查找|搜索|检索|查询)?到?的?(?:[与和跟]\S{1,45}?)?(?:相关|匹配|相符|符合|有关|满足)?(?:的|搜索|查询|检索)?(?:条件|要求)?的?"
    r"(?:搜索|检索|查询)?(?:结果|记录|数据|信息|内容|文档|文章|资料|网页|资讯)"
    r"|(?:结果|记录|内容|数据)(?:为空|不存在)|(?:no|0|zero)\s+(?:matching\s+|search\s+)?(?:results?|records?|data|matches)\b|not found any|nothing found|empty data"
    r"|(?:抱歉|对不起|很遗憾)\W{0,3}(?:没有|未|无|查无|暂无|搜不到|找不到|查不到)",
    re.IGNORECASE,
)
CONDITION = re.compile(r"(?:如果|如|若|假如|倘若|要是|万一|当)\S{0,8}$")
QUESTION = re.compile(r"^\S{0,8}[?？]")
NO_CLAIM = re.compile(r"找不到想要|没找到(?:想|您|你)|附件|备注[:：]|登录|收藏|订阅|评论|暂无(?:留言|推荐|热词|历史|图片)|(?:搜索|浏览)(?:历史|记录)")
SORRY = re.compile(r"抱歉|对不起|很遗憾|sorry", re.IGNORECASE)
SEARCHED = re.compile(r"(?:搜索|检索|查询)(?:到的)?结果|(?:为您|共|已|约)(?:找到|搜索到|检索到|查询到)|相关(?:搜索)?结果\s*(?:约|共)?\s*\d")
LONGEST_CLAIM = 120
SHORT_CLAIM = 60
FAILED = re.compile(
    r"^.{0,12}?(?:(?:系统|服务器?|程序|应用|接口|网站|后台|数据库|网络|(?:搜索|检索)(?:服务|引擎|系统|功能)?|页面|请求|访问|运行|查询|功能)\s*(?:正在|发生|出现|内部|暂时|处理|连接|访问|运行时?|未知|已|暂)*了?的?(?:内部|未知|严重)?"
    r"(?:异常|错误|出错|故障|繁忙|超时|失败|不可用|无法使用|关闭|停用|下线|未启动|未开放|暂未开放|建设中|(?:升级|维护)+中?)|出错了|出错啦"
    r"|(?:页面|网页|资源|文件|内容|地址|链接)(?:已|可能|暂时)*(?:不存在|找不到|未找到|被删除|已删除|无法访问|没有找到|走丢|丢失|失效))(?:了|啦|吗)?(?:$|[\W_]|请|或|代码|码|号|信息|页)"
)
ERROR = re.compile(
    r"internal server error|whitelabel error page|server error in '/'|service (?:temporarily )?unavailable|bad gateway|gateway time-?out"
    r"|http(?: status|错误|状态)?\s*(?:–|-|:)?\s*[45]\d\d\b|(?:error|错误(?:代码|码|号)?)\s*[:：]?\s*[45]\d\d\b|^\W*[45]0\d\W*$"
    r"|(?:java|javax|org\.\w{1,30}|com\.\w{1,30}|sun)\.[\w.]{3,80}(?:exception|error)|nullpointerexception|sqlexception|stack ?trace|traceback \(most recent|ora-\d{4,5}"
    r"|fatal error|uncaught (?:exception|error)|parse error: |odbc driver|ole db|jdbc|microsoft vbscript|mysql_\w{3,30}\(|sqlstate\["
    r"|(?:page|file|resource|object) (?:is )?(?:not found|cannot be found|does not exist)|404 not found|^not found$",
    re.IGNORECASE,
)
JSON_ERROR = re.compile(r"^\W*\{.{0,400}\"(?:code|status|errcode|error)\"\s*:\s*\"?(?:-\d+|[45]\d\d|[a-z ]*error)", re.IGNORECASE | re.DOTALL)
LONGEST_ERROR = 160
CAPTCHA = re.compile(
    r"(?:请|需要?)?(?:输入|填写|拖动|滑动|点击|完成|点选|依次点击|通过).{0,16}(?:验证码|滑块|校验码|验证图片|图中|安全验证|人机验证|验证后)|(?:人机|安全|滑动|行为|访问|身份)验证|看不清.{0,4}换一张|验证码(?:错误|不正确|不能为空|已过期)?[:：]?$"
    r"|(?:搜索|查询|检索|访问|操作|请求|提交)(?:过于|太|过|次数过于)(?:频繁|快|多)|captcha|too many requests|稍后再(?:搜索|查询|检索)"
)

WAITING = re.compile(
    r"^\W*(?:(?:数据|内容|页面|结果|信息|搜索结果)?(?:正在|努力|拼命)+(?:为您|努力|拼命|玩命)*(?:搜索|检索|查询|查找|加载|载入|获取|请求|读取)(?:数据|结果|信息|内容)?中?|(?:搜索|检索|查询|加载|载入|数据加载|读取)中"
    r"|(?:数据|页面|内容)?加载中|loading(?: data| results)?|请稍[候等后])(?:[\W_]|请稍[候等后]|请等待|请耐心等待)*$", re.IGNORECASE,
)
TROUBLE = re.compile(
    r"开小差|走神了|稍[候后]再试|稍后重试|刷新重试|重新(?:搜索|检索|查询)试|(?:加载|请求|搜索|检索|查询|获取|读取|连接|访问)(?:数据|结果|信息|内容|服务器?)?(?:失败|出错|异常|超时)"
    r"|(?:网络|系统|服务器?|接口|数据|程序)(?:连接|请求|发生|出现|内部|未知)*了?(?:异常|错误|繁忙|忙|故障|出错|超时|不给力)|出错了|出错啦"
)


def read_total(lines: Sequence[Line]) -> int | None:
    """How many results the page says there are; None when it does not say."""
    for line in lines:
        if line.free and len(line.text) <= LONGEST_CLAIM and not re.search(r"共\s*\d+\s*页\W*$", line.text[:40]):
            found = next((match for form in TOTAL if (match := form.search(line.text))), None)
            if found:
                return int(re.sub(r"\D", "", found["n"]))
    return None


def none_words(lines: Sequence[Line], query: str) -> str:
    """The line by which the page says that nothing was found; empty when no line does."""
    for line in lines:
        text = line.text.replace(query, "…") if query else line.text
        if line.free and len(text) <= LONGEST_CLAIM and _claims_none(text):
            return line.text[:SHORT_CLAIM]
    return ""


def _claims_none(text: str) -> bool:
    found = NONE.search(text)
    if not found or NO_CLAIM.search(text):
        return False
    return not CONDITION.search(text[:found.start()]) and not QUESTION.search(text[found.end():])


def is_plain_refusal(words: str, query: str) -> bool:
    """The words for none speak of the whole search, not of one class of results."""
    return bool(SORRY.search(words)) or len(query) > 1 and query in words


def says_searched(lines: Sequence[Line], query: str) -> bool:
    """A line says what was searched for, or that results follow."""
    return any(line.free and len(line.text) <= LONGEST_CLAIM and (SEARCHED.search(line.text) or len(query) > 1 and query in line.text) for line in lines)


def error_line(lines: Sequence[Line]) -> str:
    """The line by which the page says that it failed."""
    for line in lines:
        told = len(line.text) <= LONGEST_ERROR and (FAILED.search(line.text) or ERROR.search(line.text))
        if line.free and (told or JSON_ERROR.match(line.text)):
            return line.text[:SHORT_CLAIM]
    return ""


def waiting_line(lines: Sequence[Line]) -> str:
    """The line by which the page says that its results are still to come."""
    return next((line.text for line in lines if len(line.text) <= SHORT_CLAIM and WAITING.match(line.text)), "")


def trouble_line(lines: Sequence[Line]) -> str:
    """The line by which a script of the page says that it got no answer. It proves nothing by itself: walls have that effect, too."""
    return next((line.text for line in lines if line.free and len(line.text) <= SHORT_CLAIM and TROUBLE.search(line.text)), "")


def captcha_line(lines: Sequence[Line]) -> str:
    """The line by which the page asks for a captcha, or says that we asked too often."""
    return next((line.text for line in lines if len(line.text) <= SHORT_CLAIM and CAPTCHA.search(line.text)), "")
