"""Error pages that are sent with status 200: a server's own, a fallen application's, a provider's notice.

What is judged is the title, and the text of pages on which next to nothing else stands. A home page on which somebody writes
about 404 or 系统维护 has a title of its own and much to read; a splash page, a closing notice, an application's empty shell and
a page that only sends the visitor on are the site's own pages, too.
"""
import re

from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.model.availability import Usual
from pytest_govsite.reading.flow import Line, parse, read_lines
from pytest_govsite.reading.notices import read_closing_notice
from pytest_govsite.reading.plain import plain
from pytest_govsite.reading.text import title_of

LONGEST_PAGE = 60_000  # characters of HTML: no error page has as many, and reading them would cost more than the visit
MOST_TAGS, MOST_WIDE = 500, 1500  # elements, and Chinese characters, wherever they stand
SHORT_TITLED, SHORT = 600, 200  # characters to read beside a title that tells of an error, and beside none
MUCH_CHINESE = 800  # characters: beside them a title of an error is merely wrong
ENTRANCES = 3  # links to parts of the site: whoever offers as many is at work
MUCH_TEXT = 3 * SHORT_TITLED
SHRUNK = 5
SHOWN = 60

CHINESE = re.compile("[一-鿿]")
CODE = r"(?:40\d|41\d|42\d|451|50\d|51[01]|52\d)"
ENGLISH = "|".join((
    "bad request", "unauthorized", "forbidden", r"(?:(?:page|file|site|object|resource) )?(?:was )?not found", "method not allowed",
    "request time-?out", "internal server error", "not implemented", "bad gateway", "gateway time-?out", "server too busy",
    "service (?:temporarily )?unavailable", "(?:temporarily|currently) unavailable", "backend fetch failed", "proxy error",
    "(?:application|runtime|database|server) error", "unhandled exception", "error establishing a database connection",
    "(?:site|scheduled|undergoing|down for|under) maintenance", r"account (?:has been )?suspended",
))
NOUN = "(?:系统|网站|网页|页面|站点|平台|服务器?|程序|应用|数据库|域名)"
CHINESE_WORDS = "|".join((
    rf"{NOUN}(?:目前|现|正|正在|暂时|临时|例行)*(?:进行|处于)?(?:升级|维护|检修|改造|调试|更新)+(?:之?中(?!心)|期间|，?请稍[后候])|^{NOUN}(?:升级|维护)+(?:公告|通知|提示)?$",
    "(?:升级|维护|检修)(?:期间|中)?[^。]{0,30}(?:暂停|停止|无法)(?:访问|服务|对外|使用)|暂停(?:访问|对外服务)",
    "(?:系统|服务器|程序|网站|应用程序?|内部|数据库(?:连接)?)(?:发生|出现|内部|运行|连接)*了?(?:错误|异常|故障|失败|出错)|数据库连接时?(?:出错|错误|失败)",
    rf"{NOUN}[^。，；\s]{{0,6}}?(?:出错|不存在|[未没]有?找到|不可用|无法(?:访问|打开|显示)|打不开|丢失|无响应|被?暂停|已停止|已过期|已?到期)|域名[^。，；]{{0,4}}(?:出售|转让|停放)中?(?:$|[\s，。！,.!])",
    "(?:找不到|无法(?:显示|找到|访问|打开))(?:到)?(?:该|此|本|您[^。]{0,8}|指定的?|对应的?)?(?:页面?|网页|网站|站点|服务器|网址|文件)",
    r"(?:访问|请求|查找|浏览)的?(?:页面?|网页|网址|资源|文件|网站|站点|域名)[^。，；\s]{0,6}(?:不存在|未找到|没找到|不可用|出错|被?删除|无法|找不到|走丢)",
    "(?:未|没有|尚未)(?:进行|经过|完成|通过)?(?:ICP)?备案|备案(?:信息)?(?:已被)?(?:注销|取消)",
    "(?:该|此|本)(?:网站|站点|域名)[^。]{0,10}(?:无法访问|停止访问|暂停访问|停止解析)|站点当前没有默认页|没有权限(?:查看|访问)",
    rf"(?:发生|出现)了?\s*{CODE}\s*错误|^(?:出错|出错了|出错啦|错误|错误提示|错误信息|运行时错误|编译错误|配置错误|无法找到资源|无法找到该页)[。！!]*$",
))
BROKEN = re.compile(rf"{CHINESE_WORDS}|\b(?:{ENGLISH})\b", re.IGNORECASE)
# titles that no page of a site's own has
SERVERS_TITLE = re.compile("|".join((
    rf"(?:http )?(?:error|status|错误|状态|错误代码)?[\s:：–-]*{CODE}[\s.:：–-]*(?:{ENGLISH}|error|错误(?:页面?)?|页面?"
    r"|[^,，_|]{0,12}(?:错误|找不到|不存在|[未没]有?找到|不可用|拒绝|超时|丢失|禁止)[^,，_|]{0,8})?[\s.!！。~]*",
    rf"http (?:status|状态|错误)[\s:：–-]*\d{{3}}.*|(?:error[\s:：–-]*)?(?:{ENGLISH})[\s.!]*|error(?: page| report)?|错误页面?",
    rf"iis [\d.]+ (?:detailed error|详细错误)[\s–-]+{CODE}.*|(?:apache tomcat|jboss\s?web|jbossas)\S* - (?:error report|错误报告)",
    r"welcome to (?:nginx|openresty|tengine|xampp|centos|caddy|jboss\S*|wildfly)\b.*|iis ?\d[\d.]*|iis windows(?: server)?",
    r"internet information services|apache2? .{0,30}default page.*|apache http server test page.*|test page for the .{1,60}",
    r"apache tomcat(?:/[\d.]+)?|it works!?|index of /.*|directory listing (?:for|of|--).*|[\w.-]+ - /|whitelabel error page",
    r"[“']/[^”']*[”']应用程序中的服务器错误。?|error: the requested url could not be retrieved|错误：您所请求的网址.{0,10}无法获取",
    r"(?:this )?domain (?:name )?(?:is )?(?:parking|parked|for sale).*|站点创建成功|恭喜，?站点创建成功！?|没有找到站点",
)), re.IGNORECASE)
# a program's last words, with which the text begins, however much follows
TRACE = re.compile(
    r"[\W_]*(?:(?:php )?(?:fatal|parse) error\b|uncaught \w*(?:error|exception)|warning: \w+\(|traceback \(most recent|sqlstate\[|ora-\d{5}"
    r"|(?:java|javax|org|com)(?:\.\w+)+(?:exception|error)\b|exception in thread|microsoft (?:ole db|vbscript|jet|odbc)|server error in '"
    r"|[“']/[^”']*[”']应用程序中的服务器错误|access denied for user|whitelabel error page|can't connect to (?:local )?mysql"
    r"|(?:http )?(?:status|状态)[\s:：–-]*\d{3}[\s:：–-])",
    re.IGNORECASE,
)
# the same where little follows
CURT = re.compile(
    rf"[\W_]*(?:(?:http )?(?:error|错误)?[\s:：–-]*{CODE}(?![\d年月日.]|\s*[-–]?\s*\d)\b|it works!?$|directory listing|index of /|no input file specified"
    r"|invalid hostname|unknown (?:host|domain)|default backend|upstream (?:connect|request)|no healthy upstream|no server is available"
    r"|the page cannot be (?:found|displayed)|an error occurred)"
    r"|\{[^{}]{0,200}?[\"'](?:code|status|errcode)[\"']\s*:\s*[\"']?[45]\d\d\b",
    re.IGNORECASE,
)
WAYS_BACK = re.compile("首页|主页|返回|后退|刷新|重试|联系|备案|关闭")
MAY_SHOW = (
    "img, svg, iframe, frame, frameset, object, embed, video, canvas, script, input, button, select, textarea, a[href], [background], [style*=url i],"
    " link[rel=stylesheet i], style, meta[http-equiv=refresh i]"
)


def read_error_page(html: str, usual: Usual | None = None) -> str:
    """The fact in Chinese ("标题为“502 Bad Gateway”"), empty for a page of the site's own.

    usual: how the page looked before; one much smaller, with another title, may have more to read and still be an error
    page, but only where it speaks of an error.
    """
    if not html.strip():
        return "应答没有内容"
    title = plain(title_of(html[:LONGEST_PAGE]))
    firm = bool(SERVERS_TITLE.fullmatch(title))
    if not firm and _is_large(html):
        return ""
    tree = parse(html[:LONGEST_PAGE])
    if not firm and _has_much_text(tree):
        return ""
    lines = [line for line in read_lines(tree) if not line.hidden]
    said = _text(lines)
    if len(CHINESE.findall(said)) < MUCH_CHINESE:
        if firm:
            return f"标题为“{plain(title, SHOWN)}”"
        if TRACE.match(said):
            return f"页面文字为“{plain(said, SHOWN)}”"
    fact = _read_short(tree, title, lines, _is_shrunk(html, title, usual))
    return "" if fact and read_closing_notice(html) else fact


def _read_short(tree: LexborHTMLParser, title: str, lines: list[Line], shrunk: bool) -> str:
    if not lines:
        return "" if tree.css_first(MAY_SHOW) else "页面空白，没有文字、图片和脚本"
    shown = _count(lines)
    if shown > (MUCH_TEXT if shrunk else SHORT_TITLED) or tree.css_first("frameset"):
        return ""
    said = _text(lines)
    if shown <= SHORT and CURT.match(said):
        return f"页面文字为“{plain(said, SHOWN)}”"
    if _leads_in(lines):
        return ""
    if BROKEN.search(title):
        return f"标题为“{plain(title, SHOWN)}”"
    told = next((line.plain for line in lines if not line.linked and BROKEN.search(line.plain)), "")
    return f"页面只有“{plain(told, SHOWN)}”等 {shown} 个字" if told and (shown <= SHORT or shrunk) else ""


def _is_large(html: str) -> bool:
    wide = (len(html.encode("utf-8", "replace")) - len(html)) // 2
    return len(html) > LONGEST_PAGE or wide > MOST_WIDE or html.count("</") > MOST_TAGS


def _has_much_text(tree: LexborHTMLParser) -> bool:
    """Hidden text counted with the rest: a quick look, before every line is read."""
    text = tree.body.text() if tree.body else ""
    silent = sum(len("".join(node.text().split())) for node in tree.css("body script, body style, body noscript, body textarea"))
    return len("".join(text.split())) - silent > MUCH_TEXT and not TRACE.match(text)


def _text(lines: list[Line]) -> str:
    return " ".join(line.plain for line in lines)


def _count(lines: list[Line]) -> int:
    return sum(len("".join(line.plain.split())) for line in lines)


def _leads_in(lines: list[Line]) -> bool:
    """There is more than the way back: links by name to parts of the site."""
    names = {text for line in lines for text, _ in line.links if len(CHINESE.findall(text)) >= 2}
    return len([name for name in names if not WAYS_BACK.search(name)]) >= ENTRANCES


def _is_shrunk(html: str, title: str, usual: Usual | None) -> bool:
    return bool(usual and usual.bytes and len(html.encode("utf-8", "replace")) * SHRUNK < usual.bytes and title != usual.title)
