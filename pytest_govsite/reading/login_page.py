"""What stands on a page where users log in or register, and whether a page knows who is looking at it."""
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.model.accounts import LoginForm
from pytest_govsite.reading.addresses import bare_host, host_of, resolve
from pytest_govsite.reading.clicks import base_of
from pytest_govsite.reading.flow import SEAM, is_shown, parse, read_lines
from pytest_govsite.reading.logins import LOGIN_PATH, read_entrances, squeezed
from pytest_govsite.reading.text import title_of

Purpose = Literal["login", "register", ""]

SAYS_LOGIN = re.compile(r"登\s*[录陆入]|log\s?in|sign\s?in", re.IGNORECASE)
SAYS_REGISTER = re.compile(r"注\s*册|(?:确认|重复|再次输入)密码|register|sign\s?up", re.IGNORECASE)
AGAIN = re.compile(r"确认|重复|再次|re_?pass|confirm|pass(?:word|wd)?2|again", re.IGNORECASE)
ASKS_QUERY = re.compile(r"查询码|查询密码|信件编号|(?:受理|办件|查询|申请|回执)编号|流水号")
SCAN = re.compile(r"扫码(?:登[录陆]|认证)|扫一扫|二维码登[录陆]|扫描二维码|使用.{0,12}扫")
SMS = re.compile(r"短信(?:验证码)?登[录陆]|验证码登[录陆]|手机号?(?:码|快捷)?登[录陆]|(?:获取|发送)(?:短信|手机)?验证码")
TAB_OF_PASSWORD = re.compile(r"(?:[账帐][号户]|密码|用户名)(?:密码)?登[录陆]")
CAPTCHA = re.compile(r"captcha|check_?code|verif(?:y|ication)_?(?:code|img)|v(?:alid(?:ate)?)?_?code|yzm|rand_?(?:code|img)|kaptcha|geetest|nc_wrapper|slide_?ver",
                     re.IGNORECASE)
CAPTCHA_WORDS = re.compile(r"验证码|附加码|滑块|向右滑动|拖动.{0,6}(?:滑块|完成)|拼图|看不清|换一张|安全验证|人机验证")
UNIFIED = re.compile(r"统一(?:身份|用户|[账帐][号户])?(?:认证|登[录陆])|统一(?:身份|用户)|单点登[录陆]|一号登[录陆]|一次登[录陆]|互联网\+政务|通行证")
OF_THE_PLATFORM = re.compile(r"政务服务(?:网|平台|一体化)|一网通办|一体化(?:在线)?政务|国家政务")
LOGS_IN = re.compile(r"登[录陆]|认证|账号|帐号|身份")
UNIFIED_HOST = re.compile(r"^(?:sso|cas|oauth2?|auth|uaa|idp|iam|tyrz|tysf\w*|rz|rzsc|sfrz|passport|uc|account|ids|id)\d*\.|zwfw|tyrz|sfrz", re.IGNORECASE)
UNIFIED_PATH = re.compile(r"/\w{0,12}jis/|/tyrz|/tysf|/sfrz|/cas(?=/|$)|/sso(?=/|$)|/oauth2?/|/idp/|/uaa/|/uias", re.IGNORECASE)
HANDED_OVER = re.compile(r"[?&](?:redirect_uri|client_id|response_type|samlrequest|service|app_?code|app_?id)=", re.IGNORECASE)
NO_APPLICATION = re.compile(
    r"(?:\w*login\w*|logon|user\w*|members?|accounts?|auth|web|portal|front|index|public|static|html?|pages?|u|my|center|centre|person\w*|sso|cas|passport|reg\w*|sign\w*)",
    re.IGNORECASE,
)
LEAVES = re.compile(r"(?:安全)?(?:退出|注销)(?:登[录陆]|系统|[账帐][号户])?|log\s?out|sign\s?out", re.IGNORECASE)
REFUSES = re.compile(r"[^，。；！\n]{0,24}(?:错误|不正确|不存在|有误|锁定|停用|已过期|登[录陆]失败|未注册|不匹配)[^，。；！\n]{0,16}")
MOST_BOXES, MOST_FIELDS, MOST_LINKS, LONGEST_LINE = 8, 20, 1000, 60


@dataclass(frozen=True)
class LoginPage:
    """One page or frame.

    purpose    login, register; empty: neither form stands there.
    form       how one logs in, or registers, there; see model.accounts.Login.
    registers  address of the registration that it offers.
    unified    by what it says that it is, or takes, a unified identity; identity: by its address or title it is that itself.
    captcha    what it asks for beside name and password (a picture's letters, a slider); empty when nothing.
    """

    purpose: Purpose = ""
    form: LoginForm = "none"
    registers: str = ""
    unified: str = ""
    identity: bool = False
    captcha: str = ""


def read_login_page(html: str, url: str) -> LoginPage:
    """What a visitor finds there to log in or to register with. What is hidden counts as the closed tab of a form."""
    tree = parse(html)
    box, purpose = _box(tree)
    words = "\n".join(line.plain for line in read_lines(tree) if not line.hidden)
    form = "password" if box is not None else _form_by_words(tree, words)
    if form == "none":
        return LoginPage()
    purpose = purpose or "login"
    return LoginPage(
        purpose, form, _registration(tree, box, url) if purpose == "login" else "", _unified(tree, url), _is_identity(tree, url),
        _captcha(tree, box),
    )


def system_of(url: str, unified: str = "") -> str:
    """Name of the account system at an address: its host, and the first folder where that names an application.

    Of a unified identity the host alone: its folders are its ways in.
    """
    host = bare_host(host_of(url))
    folders = [part for part in urlsplit(url).path.split("/")[1:-1] if part]
    if unified or not folders or NO_APPLICATION.fullmatch(folders[0]):
        return host
    return f"{host}/{folders[0]}"


def knows_visitor(html: str) -> bool:
    """The page offers to log out: somebody is logged in."""
    nodes = parse(html).css("a, button, span, li, em")
    return any(LEAVES.fullmatch(squeezed(node.text(deep=node.tag in ("a", "button"))[:LONGEST_LINE])) and is_shown(node) for node in nodes)


def refusal_in(html: str) -> str:
    """The words with which a login page turns somebody away; empty when none stand there."""
    lines = (line.plain for line in read_lines(parse(html)) if not line.hidden and len(line.plain) <= LONGEST_LINE)
    return next((found[0].strip() for line in lines if (found := REFUSES.search(line))), "")


def asks_for_captcha(html: str) -> bool:
    """A slider or a picture's letters are asked for before anything else."""
    return bool(_captcha(parse(html), None))


def _box(tree: LexborHTMLParser) -> tuple[LexborNode | None, Purpose]:
    """The innermost element around a password field that also says what it is for: the visible one before closed tabs."""
    fields = [node for node in tree.css("input[type=password], input[type=Password], input[type=PASSWORD]") if not _is_dead(node)]
    shown = [node for node in fields if is_shown(node)]
    lines = read_lines(tree) if fields and not shown else []
    tabbed = any(TAB_OF_PASSWORD.fullmatch(squeezed(line.plain)) for line in lines if not line.hidden)
    for node in (shown or (fields if tabbed else []))[:MOST_FIELDS]:
        for box in _around(node):
            if purpose := _purpose(box):
                return box, purpose
            if box.tag == "form" or ASKS_QUERY.search(_said(box)):
                break
    return None, ""


def _is_dead(node: LexborNode) -> bool:
    return "disabled" in node.attributes or node.attributes.get("name", "") == "fakepassword"


def _around(node: LexborNode) -> Iterator[LexborNode]:
    box = node.parent
    for _ in range(MOST_BOXES):
        if box is None or box.tag == "html":
            return
        if box.tag in ("form", "div", "body", "section", "table", "td", "fieldset", "main"):
            yield box
        box = box.parent


def _purpose(box: LexborNode) -> Purpose:
    """What a box with a password field is for. A letter's number with its password asks for an answer, not for an account."""
    said = _said(box)
    fields = box.css("input[type=password]")
    twice = len(fields) > 1 and any(AGAIN.search(_about(field)) for field in fields) or re.search("确认密码|重复密码", said)
    if (twice or (_sends(box, SAYS_REGISTER) and not _sends(box, SAYS_LOGIN))) and SAYS_REGISTER.search(said):
        return "register"
    if box.css_first("textarea") is not None or (ASKS_QUERY.search(said) and not _sends(box, SAYS_LOGIN)):
        return ""
    return "login" if SAYS_LOGIN.search(said) else ""


def _said(box: LexborNode) -> str:
    """Its words with those in its fields and buttons; not those of a script."""
    hints = (f"{_about(node)} {node.attributes.get('value') or ''}" for node in box.css("input"))
    texts = (node.text(deep=False) or "" for node in box.css("*") if node.tag not in ("script", "style", "noscript"))
    return " ".join([" ".join(texts), *hints])[:4000].replace(SEAM, "")


def _about(field: LexborNode) -> str:
    attributes = field.attributes
    return " ".join(attributes.get(name) or "" for name in ("placeholder", "name", "id", "title", "alt"))


def _sends(box: LexborNode, what: re.Pattern) -> bool:
    buttons = box.css("button, input[type=submit], input[type=button], a[onclick], a[href^=javascript], a[href='#'], a:not([href])")
    return any(what.search(node.text(deep=True) or node.attributes.get("value") or "") for node in buttons)


def _form_by_words(tree: LexborHTMLParser, words: str) -> LoginForm:
    """A page without password fields that lets visitors log in by a code on their telephone, or by scanning."""
    text = squeezed(words)
    telephone = any(is_shown(node) for node in tree.css("input[type=text], input[type=tel], input[type=number], input:not([type])"))
    if SMS.search(text) and telephone:
        return "sms"
    pictured = tree.css_first("img, canvas, iframe, svg") is not None
    return "scan" if SCAN.search(text) and pictured and SAYS_LOGIN.search(text) else "none"


def _registration(tree: LexborHTMLParser, box: LexborNode | None, url: str) -> str:
    """The address behind 注册: beside the form before that of the page's head."""
    base = base_of(tree, url)
    parts = [part.html or "" for part in _outwards(box)] if box is not None else []
    for part in (*parts, tree.html or ""):
        found = (one.url for one in read_entrances(part, base) if one.kind == "register" and one.url)
        if address := next(found, ""):
            return address
    return ""


def _outwards(box: LexborNode) -> list[LexborNode]:
    parents = [box, box.parent, box.parent.parent if box.parent is not None else None]
    return [one for one in parents if one is not None and one.tag not in ("html", "body")]


def _is_identity(tree: LexborHTMLParser, url: str) -> bool:
    """Its own address or its title says so; a word on the page may only name another way in."""
    return _is_addressed_so(url) or _says_unified(title_of(tree.html or ""))


def _is_addressed_so(url: str) -> bool:
    return bool(UNIFIED_HOST.search(host_of(url)) or UNIFIED_PATH.search(urlsplit(url).path))


def _says_unified(text: str) -> bool:
    """政务服务网 only where it speaks of logging in."""
    return bool(UNIFIED.search(squeezed(text)) or (OF_THE_PLATFORM.search(text) and LOGS_IN.search(text)))


def _unified(tree: LexborHTMLParser, url: str) -> str:
    """By its address, its title, its words, or a way in by another identity."""
    host, place = host_of(url), urlsplit(url).path
    if _is_addressed_so(url) or HANDED_OVER.search(url):
        return f"地址 {host}{place}"[:80]
    lines = [line.plain for line in read_lines(tree) if not line.hidden]
    said = [title_of(tree.html or ""), *(line for line in lines if len(line) <= LONGEST_LINE), *_pictured(tree)]
    for text in said:
        if _says_unified(text):
            return " ".join(text.replace(SEAM, "").split())[:40]
    ways = (node.attributes.get("href") or node.attributes.get("src") or "" for node in tree.css("a[href], iframe[src]")[:MOST_LINKS])
    return next((f"地址 {host_of(way)}" for way in (resolve(url, one) for one in ways) if _leads_over(way, host)), "")


def _leads_over(way: str, host: str) -> bool:
    """A link to the login of an identity at another host."""
    other = host_of(way)
    return bool(other) and other != host and bool(UNIFIED_HOST.search(other)) and LOGIN_PATH.search(urlsplit(way).path) is not None


def _pictured(tree: LexborHTMLParser) -> list[str]:
    return [text for node in tree.css("img[alt], a[title]") if (text := node.attributes.get("alt") or node.attributes.get("title"))]


def _captcha(tree: LexborHTMLParser, box: LexborNode | None) -> str:
    """A code in a picture, a slider: what a program does not solve."""
    place = box if box is not None else tree
    for node in place.css("input, img, canvas, div[id], div[class], iframe[src]"):
        about = f"{_about(node)} {node.attributes.get('class') or ''} {node.attributes.get('src') or ''}"
        named = CAPTCHA.search(about) or (node.tag in ("input", "img") and CAPTCHA_WORDS.search(about))
        if named and is_shown(node) and node.attributes.get("type") not in ("hidden", "password"):
            return "验证码"
    said = squeezed(" ".join(line.plain for line in read_lines(parse(place.html or "")) if not line.hidden))
    found = re.search(r"向右滑动|拖动.{0,6}(?:滑块|完成)|拼图|人机验证|滑块验证", said)
    return found[0] if found else ""
