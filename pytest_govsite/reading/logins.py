"""The entrances of a page to the accounts of its users: links, buttons and frames that lead to a login or a registration."""
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Literal
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.addresses import host_of, path_of, resolve
from pytest_govsite.reading.clicks import NO_ADDRESS, address_of, base_of, words_of, words_of_picture
from pytest_govsite.reading.flow import is_shown, parse

EntranceKind = Literal["login", "register", "gate"]

WHO = (
    r"(?:用户|会员|个人|法人|企业|单位|市民|群众|公众|网民|网友|自然人|[账帐][号户]|网站|政务|统一|身份|认证|前台|普通|您好|欢迎|请先?|我要|点击|立即|马上|在线|本站|平台|已有|新"
    r"|免费|快速|或|使用|进行)*"
)
LOGIN = re.compile(
    rf"{WHO}(?:登[录陆入]|注册登[录陆]|登[录陆]注册|login|signin|logon)(?:入口|系统|平台|中心|页面|本站|网站|[账帐][号户])?", re.IGNORECASE
)
REGISTER = re.compile(rf"{WHO}(?:没有)?{WHO}(?:注册|register|signup)(?:用户|会员|[账帐][号户]|新用户|入口|本站)*", re.IGNORECASE)
OF_COMPANIES = re.compile(r"(?:企业|公司|法人|商标|单位|个人)注册")  # as often as not the registration of a business
CENTRE = re.compile(
    r"(?:用户|个人|会员|市民|企业|法人|我的)(?:中心|空间|主页|网页|页面)|我的(?:咨询|信件|来信|留言|办件|申请|投诉|建议|申报)"
)
GATE = re.compile(
    r"我要(?:写信|咨询|投诉|留言|建议|建言|提问|申请|申报|反映|发言|参与|提建议|问政|发帖)|(?:在线|网上)(?:申请|提交|咨询|留言|投诉|写信|提问|申报)|写信|写信给?.{0,4}长"
    r"|发表(?:留言|意见|评论)|提交申请|撰写信件|我要办理?|在线办理|立即(?:办理|申请)|在线申办"
)
LOGIN_PATH = re.compile(r"(?:^|[/#!])[\w.-]*?(?:login|logon|sign_?in|tyrz|tysfrz)\w*(?=[./?;#]|$)|/cas(?=/|$)|/sso(?=/|$)|/oauth2?/authorize", re.IGNORECASE)
REGISTER_PATH = re.compile(r"(?:^|[/#!])(?:\w*[-_])?(?:user_?|member_?)?(?:regist(?:er|ration)?|signup|zhuce|reg)(?=[./?;#]|$)", re.IGNORECASE)
FRAME_PATH = re.compile(r"login|logon|sso|passport", re.IGNORECASE)
NO_ACCOUNT_HOST = re.compile(
    r"(?:^|\.)(?:beian\.gov\.cn|beian\.mps\.gov\.cn|miit\.gov\.cn|conac\.cn|zfwzgl\.www\.gov\.cn|weibo\.com|weixin\.qq\.com|qq\.com"
    r"|douyin\.com|12306\.cn|alipay\.com)$"
)
STAFF = re.compile(
    r"后台|管理员|管理(?:系统|平台|登[录陆]|入口|端)|(?<![A-Za-z])OA(?![A-Za-z])|办公|协同|内网|内部|邮[箱件]|工作人员|部门登[录陆]|信息(?:报送|采编|发布)|投稿|CMS"
    r"|采编|公文|运维|通讯员|干部|党员|VPN|教[师育]|学[生籍]|医[保院]码?登",
    re.IGNORECASE,
)
STAFF_ADDRESS = re.compile(
    r"^https?://(?:\w*mail|oa|cms|admin|vpn|e?bg|bgxt|nw)\d*\.|/(?:admin\w*|manager?|oa|webmail|mail|backend|houtai|cms|ucms|wcm|vpn)(?=[/.?:]|$)",
    re.IGNORECASE,
)
SPECIAL = re.compile(r"信访|举报|纪检|监察|检举|控告|扫黑|巡视|巡察|12388|12380")
SPECIAL_ADDRESS = re.compile(r"xinfang|(?:^|[./])w?s?xf(?=[./])|12388|12380|jubao|jiwei|/jjjc", re.IGNORECASE)
CONTROLS = "a, area, button, input[type=button], input[type=submit], input[type=image], span, div, li, em, i, p, td, font, b"
CALLED = re.compile(r"log(?:in|on)|regist|denglu|zhuce|signin|(?:^|[-_])(?:dl|zc)(?:$|[-_])", re.IGNORECASE)
PUT_TOGETHER = re.compile(r"""["']\s*\+|\+\s*["']""")
SEPARATORS = re.compile(r"[\s/|、·&>»›!！:：,，。()（）\[\]【】<«‹\u200b\ufeff-]+")
LONGEST, MOST = 40, 60
MOST_STEPS, BESIDE = 6, 3  # elements around a button that may hold its form, and fields beside it


@dataclass(frozen=True)
class Entrance:
    """Something that leads to a login or a registration.

    text     what a visitor reads on it, or the name of the frame.
    kind     login; register; gate: it does not speak of logging in, but who follows it may be asked to.
    url      where it leads; empty where only a script knows. A place within a page of scripts (#/login) is kept.
    special  网上信访、纪检举报 and the like.
    tag      of the element, so that it can be found in the live page.
    """

    text: str
    kind: EntranceKind
    url: str = ""
    special: bool = False
    tag: str = "a"


def read_entrances(html: str, base_url: str) -> tuple[Entrance, ...]:
    """All entrances of a page, in document order, the same one as often as it stands there.

    Left out: logins of the staff (后台、OA、邮箱), of other platforms (微博), what stands in comments, in <noscript>, and the
    button of a login form that is part of the page.
    """
    tree = parse(html)
    base = base_of(tree, base_url)
    controls = (one for node in tree.css(CONTROLS) if (one := _entrance(node, base)))
    return tuple(islice(chain(_frames(tree, base), controls), MOST))


def kind_of(text: str, url: str) -> EntranceKind | None:
    """What the words of a link and its address promise; None when neither speaks of accounts."""
    words = squeezed(text[:4 * LONGEST])
    if len(words) > LONGEST:
        return None
    place = _place(url)
    if REGISTER.fullmatch(words) and (not OF_COMPANIES.fullmatch(words) or REGISTER_PATH.search(place)):
        return "register"
    if LOGIN.fullmatch(words):
        return "login"
    if GATE.fullmatch(words) or CENTRE.fullmatch(words):
        return "gate"
    if url and not NO_ACCOUNT_HOST.search(host_of(url)):
        return "register" if REGISTER_PATH.search(place) else "login" if LOGIN_PATH.search(place) else None
    return None


def is_staff(text: str, url: str = "") -> bool:
    """It is meant for those who work there."""
    return bool(STAFF.search(text) or STAFF_ADDRESS.search(url))


def is_special(text: str, url: str = "") -> bool:
    """It belongs to a channel of its own: petitions, discipline, reports of crime."""
    return bool(SPECIAL.search(text) or SPECIAL_ADDRESS.search(url))


def squeezed(text: str) -> str:
    """A text without blanks and separators."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


def _place(url: str) -> str:
    """Path and place within the page; a parameter (isRedirectIfNoLogin) says nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts.path + (f"#{parts.fragment}" if parts.fragment else "")


def _frames(tree: LexborHTMLParser, base: str) -> Iterator[Entrance]:
    for node in tree.css("iframe[src], frame[src]"):
        url = resolve(base, node.attributes.get("src") or "")
        if url and FRAME_PATH.search(path_of(url)) and not is_staff("", url):
            yield Entrance(f"框架 {node.attributes.get('title') or node.attributes.get('name') or ''}".strip(), "login", url,
                           is_special("", url), "iframe")


def _entrance(node: LexborNode, base: str) -> Entrance | None:
    linked = node.tag in ("a", "area", "button", "input")
    text = _words(node, linked)
    if not text and not linked:
        return None
    url = _address(node, base)
    kind = kind_of(text, url)
    if kind is None or is_staff(text, url) or _is_silenced(node) or (url and NO_ACCOUNT_HOST.search(host_of(url))):
        return None
    if not url and (kind == "gate" or _is_of_a_form(node) or not (linked or _is_called(node))):
        return None
    if not linked and _is_within_link(node):
        return None
    return Entrance(text[:LONGEST], kind, url, is_special(text, url), node.tag)


def _words(node: LexborNode, linked: bool) -> str:
    """What stands on it; of what is no link by itself only its own words, for what stands inside speaks for itself."""
    if node.tag == "input":
        return node.attributes.get("value") or node.attributes.get("title") or node.attributes.get("alt") or ""
    if not linked:
        own = " ".join((node.text(deep=False) or "").split())
        return own if 0 < len(own) <= LONGEST else ""
    return words_of(node) or words_of_picture(node)


def _address(node: LexborNode, base: str) -> str:
    """Where it leads, with the place that a page of scripts (#/login) is asked for; empty when a script puts it together."""
    written = node.attributes.get("href") or ""
    if NO_ADDRESS.match(written) and PUT_TOGETHER.search(f"{written} {node.attributes.get('onclick') or ''}"):
        return ""
    url = address_of(node, base)
    place = written.partition("#")[2]
    return f"{url}#{place}" if url and place[:1] in ("/", "!") else url


def _is_called(node: LexborNode) -> bool:
    """A script hangs on it, or its name says what it is for."""
    near = (node, node.parent)
    named = (f"{one.attributes.get('id') or ''} {one.attributes.get('class') or ''}" for one in near if one is not None)
    return "onclick" in node.attributes or any(CALLED.search(name) for name in named)


def _is_silenced(node: LexborNode) -> bool:
    return _has_above(node, ("noscript", "template", "select"))


def _is_within_link(node: LexborNode) -> bool:
    return _has_above(node, ("a", "button"))


def _has_above(node: LexborNode, tags: tuple[str, ...]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False


def _is_of_a_form(node: LexborNode) -> bool:
    """It sends the login form that stands around it, or beside it where a visitor sees that."""
    box = node.parent
    for step in range(MOST_STEPS):
        if box is None or box.tag in ("body", "html"):
            return False
        fields = box.css("input[type=password]")
        if fields and (box.tag == "form" or (step < BESIDE and any(is_shown(field) for field in fields))):
            return True
        box = box.parent
    return False
