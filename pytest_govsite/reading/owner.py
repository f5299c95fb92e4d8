"""Who runs the site and how to reach them: sponsor (主办单位) and contact at the bottom of a page."""
import re
from dataclasses import replace
from itertools import takewhile

from pytest_govsite.model.missing import Blame
from pytest_govsite.model.page import Mark
from pytest_govsite.reading.bottom import Bottom
from pytest_govsite.reading.flow import SEAM, plain

COLON = r"\s*[:：﹕∶]\s*"
ROLE = r"(?:单位|机关|部门|方|者)?"
NEXT_FIELD = (
    r"承\s*办|协\s*办|主\s*管|主\s*办|开\s*办|技术|维护|运维|运行|运营|建设|制作|开发|设计|管理单位|版权|Copyright|©|地\s*址|电\s*话|邮\s*编|邮政编码"
    r"|网站标识|政府网站标识|标识码|ICP|[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝蜀川黔贵滇云藏陕陇甘青宁新]\s?(?:ICP|公网)|备案|联系|网站地图|中文域名|建议|未经|传真|E-?mail|邮箱|技术支持"
)
NAME_END = re.compile(rf"\n|  |[|｜丨┃;；。]|{SEAM}(?![、，和及])|\s*(?:{NEXT_FIELD})", re.IGNORECASE)
SPONSOR = re.compile(rf"(?:政府|本)?(?:网站)?主\s*办\s*{ROLE}{COLON}")
BODY_END = r"(?:政府|府|局|厅|委|委员会|党委|办|办公室|署|部|院|会|中心|社|团|处|所|站|网|司|行|公司|管委会|集团)"
SPONSOR_AFTER = re.compile(
    rf"(?P<name>[一-鿿、（）()·{SEAM} ]{{2,60}}?{BODY_END})\s*主\s*办(?:单位)?"
    rf"(?=\s*(?:$|\n|[|｜丨©,，;；。]|\s|承\s*办|协\s*办|技术|版权|[A-Za-z\d]))"
)
IS_BODY = re.compile(rf"{BODY_END}$")
OTHER_ROLES = (
    ("版权所有", re.compile(r"版权所有\s*(?:单位)?[:：©\s]*(?=[一-鿿])")),
    ("开办", re.compile(rf"开\s*办\s*{ROLE}{COLON}")),
    ("承办", re.compile(rf"承\s*办\s*{ROLE}{COLON}")),
    ("主管", re.compile(rf"主\s*管\s*{ROLE}{COLON}")),
)
OWNED = re.compile(r"(?P<name>[一-鿿]{4,30})\s*(?:©\s*)?版权所有")

CONTACT_LINK = re.compile(r"(?:联系(?:我们|方式|本站|站长|电话|信息|网站)|站长信箱|网站信箱|网站联系|Contact(?: us)?)[>»]*", re.IGNORECASE)
PHONE_WORD = r"(?:电\s*话|热\s*线|Tel|手\s*机|客\s*服|值\s*班|总\s*机|咨\s*询|维\s*护|技术支持|联系人?|传\s*真|联系我们)"
NUMBER = (
    r"(?:[(（]?0\d{2,3}[)）]?\s?[-－—―]?\s?\d{5,8}|1[3-9]\d{9}|400[-\d]{7,10}|12\d{3}|\d{3,4}[-－]\d{4,8}|[2-9]\d{6,7})"
    r"(?!\d)"
)
AREA = r"(?:[(（]?\+?86[-)）\s]*(?:\d{2,4}[)）]?[-\s]?)?)?"
CONTACTS = (
    re.compile(rf"[一-鿿]{{0,10}}{PHONE_WORD}[^\n\d:：|｜丨;；]{{0,10}}[:：]?\s*{AREA}{NUMBER}", re.IGNORECASE),
    re.compile(r"(?:联系|通讯|通信|办公|单位|详细)?地\s*址\s*[:：]\s*[一-鿿][^\s|｜;；，]{3,40}"),
    re.compile(
        r"[一-鿿]{0,6}(?:邮\s*箱|信\s*箱|E-?mail|电子邮件)[^\n:：]{0,4}[:：]\s*[\w.\-]{2,40}(?:@|#|\[at\]|＠)[\w.\-]{3,40}",
        re.IGNORECASE,
    ),
    re.compile(r"QQ[^\d]{0,12}\d{5,12}[)）]?|微信号[:：]\s*[\w-]{5,20}", re.IGNORECASE),
    re.compile(r"[\w.\-]{2,40}[@＠][\w\-]+(?:\.[\w\-]+)+"),
    re.compile(r"(?<![\d-])[(（]?0\d{2,3}[)）]?\s?[-－—]\s?\d{7,8}(?!\d)"),
)
MOST_CONTACTS = 3
HIDDEN = "只在没有显示的区块里"


def read_sponsor(bottom: Bottom) -> Mark:
    """The sponsor: 主办 is the official word.

    A page that names its body in other words (版权所有、承办、主管、开办) shows whose it is: shown, with `why`.
    """
    said = _sponsor(bottom.foot) or _sponsor_before(bottom.shown)
    if said:
        return Mark("shown", said)
    for word, pattern in OTHER_ROLES:
        found = pattern.search(bottom.foot)
        if found and (name := _name(bottom.foot[found.end():])):
            return Mark("shown", f"{plain(found.group())}{name}", why=f"仅以“{word}”列明，没有“主办”字样")
    if found := OWNED.search(bottom.foot):
        return Mark("shown", plain(found.group()), why="仅以“版权所有”列明，没有“主办”字样")
    said = _sponsor(bottom.hidden_foot)
    return Mark("unknown", said, why=HIDDEN, blame=Blame.PERSON) if said else Mark("absent")


def _sponsor(text: str) -> str:
    """主办：X, else X主办."""
    if said := _sponsor_before(text):
        return said
    names = (_named_before(found["name"]) for found in SPONSOR_AFTER.finditer(text))
    return next((f"{name}主办" for name in names if name), "")


def _sponsor_before(text: str) -> str:
    said = ((plain(found.group()), _name(text[found.end():])) for found in SPONSOR.finditer(text))
    return next((role + name for role, name in said if name), "")


def _name(rest: str) -> str:
    """The body named behind a role: up to the next role, field or gap; two bodies may share the role."""
    rest = rest.lstrip(SEAM + " \n\xa0\u3000")[:120]
    end = NAME_END.search(rest)
    first, *more = plain(rest[:end.start()] if end else rest).strip(" ,，、:：-—").split() or [""]
    name = " ".join((first, *takewhile(IS_BODY.search, more)))
    return name if len(name) >= 2 else ""


def _named_before(text: str) -> str:
    """Of the words before 主办 those that name a body; empty when it is a sentence (由…主办) or a heading."""
    *earlier, last = text.replace(SEAM, " ").split()
    kept = [*reversed(list(takewhile(IS_BODY.search, reversed(earlier)))), last]
    return "" if "由" in last else " ".join(kept)


def read_contact(bottom: Bottom) -> Mark:
    """The contact: a link 联系我们, a telephone number, an address, a mailbox or an account."""
    mark = _contact(bottom.foot, (*bottom.links, *bottom.late), "shown")
    if mark.state == "shown":
        return mark
    hidden = _contact(bottom.hidden_foot, bottom.hidden_links, "unknown")
    return replace(hidden, why=HIDDEN, blame=Blame.PERSON) if hidden.state == "unknown" else hidden


def _contact(text: str, links: tuple[tuple[str, str], ...], state: str) -> Mark:
    named = [(plain(words), href) for words, href in links if CONTACT_LINK.fullmatch(plain(words))]
    mails = [(plain(words), href) for words, href in links if href.lower().startswith("mailto:")]
    texts = [" ".join(plain(found.group()).split()) for found in (one.search(text) for one in CONTACTS) if found]
    parts: list[str] = []
    for part in [words for words, _ in named[:1]] + texts + [words for words, _ in mails[:1]]:
        if part and not any(part in earlier for earlier in parts):
            parts.append(part)
    href = next((href for _, href in named + mails), "")
    return Mark(state, " || ".join(parts[:MOST_CONTACTS]), href) if parts else Mark("absent")
