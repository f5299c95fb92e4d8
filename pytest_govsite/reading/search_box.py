"""Which of the inputs of a page is the site's own search, and what may lead to one."""
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from pytest_govsite.reading.addresses import family, host_of, resolve

MOST = 40  # boxes, openers: a page that has more is made to hold us up
LONGEST = 2000
FARTHEST = 1e7  # pixels
SEARCH = re.compile(r"搜\s*索|检\s*索|查\s*找|查\s*询|搜一下|搜本站|(?<!re)search|sou\s?suo|\bso\b|\bgo\b", re.IGNORECASE)
PARAMETER = re.compile(
    r"(?:q|qt|wd|kw|w|s|key|keys|sword|keywords?|key_?words?|search\w*|\w*search|\w*searchword|\w*searchkey|\w*keyword|word|words|title|sousuo\w*|ss\w*)",
    re.IGNORECASE,
)
HINT = re.compile(r"搜\s*索|检\s*索|关\s*键\s*[字词]|请输入.{0,8}(?:内容|词|字|信息|标题|查)|站内|全文|搜一搜|搜你想|想(?:找|搜|查)|(?<!re)search|keyword", re.IGNORECASE)
AROUND = re.compile(r"(?<!re)search|sou\s?suo|\bso[-_]|\bss[-_]?(?:box|k|form)?\b|jsearch|\birs\b|query", re.IGNORECASE)
# names and hints of what is no search at all
NO_SEARCH = re.compile(
    r"log[io]n|user_?(?:name|id)?\b|account|passw|\bpwd|captcha|yzm|verif|valid(?:ate)?code|check_?code|vcode|auth_?code|e-?mail|mobile|phone|\btel\b|subscri"
    r"|id_?card|sfz|real_?name|birthday|(?:start|end|begin)_?(?:date|time)|\bdate\b|page_?(?:no|num|index|size)"
    r"|用户名|账\s*号|帐\s*号|密\s*码|验证码|校验码|邮\s*箱|邮\s*件|手机|电话|姓\s*名|身份证|登\s*[录陆]|订\s*阅|开始(?:日期|时间)|结束(?:日期|时间)|日期|页码|跳转|留言",
    re.IGNORECASE,
)
ENGINES = re.compile(r"(?:^|\.)(?:baidu\.com|so\.com|haosou\.com|sogou\.com|soso\.com|bing\.com|google\.\w+(?:\.\w+)?|youdao\.com|sm\.cn|toutiao\.com)$")
ENGINE_WORDS = re.compile(r"百度|baidu|谷歌|google|搜狗|sogou|必应|360\s*搜|有道")
# searches of a part, or of another system: the titles of the site need not be in there
NARROW = re.compile(
    r"办事(?:搜索|检索|查询|指南)|服务(?:事项|搜索)|事项(?:名称|搜索|查询)|搜(?:事项|服务|办事)|办件|政务服务(?!网站)|一网通办|一件事|受理(?:编号|号)|查询(?:码|编号|号)|信件|来信"
    r"|搜政策|政策(?:搜索|检索|文件库|库)|文号|索引号|公文(?:检索|搜索)|法规(?:检索|搜索)|规章|目录(?:检索|搜索)|公报|图书|企业|天气|城市|景点|招聘|职位|商标|地图|药品|线路|航班"
    r"|zwfw|\bbsfw|sxcx|bjcx|xzql",
    re.IGNORECASE,
)
OPENS = re.compile(r"^(?:[\W_]*(?:站内|全站|本站|网站|智能|智慧|高级|全文|信息|我要|一键|点击|综合|政府网站?)?(?:搜\s*索|检\s*索|搜一下|search)(?:引擎|平台|页面?|系统|入口|框|图标|按钮)?[\W_]*)+$", re.IGNORECASE)
SIGN = re.compile(r"(?<!re)search|sou\s?suo|fdj|magnif", re.IGNORECASE)
NO_OPENER = re.compile(r"热(?:搜|词|门)|搜索(?:记录|历史|结果|排行)|无障碍|近义|招领|搜救|检索大厅")


@dataclass(frozen=True)
class Press:
    """Something beside a box that can be pressed. `number` finds it again; words: what it says; signs: names and pictures."""

    number: int
    tag: str = ""
    type: str = ""
    words: str = ""
    signs: str = ""
    href: str = ""
    onclick: str = ""
    after: bool = True
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


@dataclass(frozen=True)
class Box:
    """One input for text and what stands around it, as gather/search_boxes.js reads them.

    hint    what it says inside; value: what stands in it; near: the words beside it; around: names of what it stands in.
    shown   a visitor sees it; usable: neither disabled nor read-only; secret: a password is asked beside it.
    fields  inputs for text that its form shows.
    """

    number: int
    name: str = ""
    id: str = ""
    hint: str = ""
    value: str = ""
    label: str = ""
    kind: str = ""
    classes: str = ""
    shown: bool = True
    usable: bool = True
    around: str = ""
    near: str = ""
    action: str = ""
    in_form: bool = False
    method: str = ""
    form: str = ""
    target: str = ""
    secret: bool = False
    fields: int = 1
    presses: tuple[Press, ...] = ()
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0

    @property
    def says(self) -> str:
        """What a visitor reads in it or before it."""
        return self.hint or self.value or self.label

    @property
    def sign(self) -> tuple[str, ...]:
        """By which it is known again when the page is opened anew."""
        named = self.name or self.id  # hints may change with every visit
        return self.name, self.id, "" if named else self.hint, self.classes, self.action, self.form


@dataclass(frozen=True)
class Opener:
    """A link, button or icon that may lead to a search. url: where it leads, empty when only a script knows."""

    number: int
    tag: str = ""
    words: str = ""
    signs: str = ""
    href: str = ""
    url: str = ""
    onclick: str = ""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0

    @property
    def leads(self) -> str:
        """The address of another page that it leads to, empty for what works in the page."""
        bare = "#" if self.onclick else self.href.strip().lower()
        return "" if not bare or bare.startswith(("#", "javascript:", "mailto:")) or not self.url.startswith("http") else self.url


def read_boxes(found: Any) -> tuple[Box, ...]:
    """The inputs that a page names; what comes from a page is bounded and never trusted to be complete."""
    boxes = []
    for one in _each(found):
        presses = tuple(Press(**_fields(Press, press)) for press in _each(one.get("presses")))
        boxes.append(Box(**_fields(Box, one) | {"presses": presses}))
    return tuple(boxes)


def read_openers(found: Any) -> tuple[Opener, ...]:
    """What a page names that may lead to a search."""
    return tuple(Opener(**_fields(Opener, one)) for one in _each(found))


def _each(found: Any) -> list[Mapping[str, Any]]:
    return [one for one in found[:MOST] if isinstance(one, Mapping)] if isinstance(found, list) else []


def _fields(kind: type, found: Mapping[str, Any]) -> dict[str, Any]:
    """What the page says, as the types that are asked for: it may have been made to say anything."""
    values = {"number": 0}
    for one in fields(kind):
        value = found.get(one.name)
        if one.type is str and isinstance(value, str):
            values[one.name] = value[:LONGEST]
        elif one.type in (int, float) and isinstance(value, int | float) and abs(value) < FARTHEST:
            values[one.name] = one.type(value)
        elif one.type is bool and isinstance(value, bool):
            values[one.name] = value
    return values


def rank(boxes: Sequence[Box], page: str) -> list[Box]:
    """The boxes that may be the search of the whole site, the likeliest first; hidden ones, too, after those shown."""
    scored = [(score(box, page), box) for box in boxes if not is_other(box, page) and not is_narrow(box, page)]
    kept = [(points, box) for points, box in scored if points > 0]
    return [box for points, box in sorted(kept, key=lambda pair: (not pair[1].shown, -pair[0], pair[1].y, pair[1].x, pair[1].number))]


def is_other(box: Box, page: str) -> bool:
    """The box is for something else than searching here: a login, a captcha, a newsletter, an engine of others."""
    own = " ".join((box.name, box.id, box.hint, box.value, box.label))
    searches = HINT.search(box.says) and not box.secret
    if not box.usable or box.secret or (NO_SEARCH.search(own) and not searches):
        return True
    action = host_of(resolve(page, box.action))
    return bool(ENGINES.search(action) or (ENGINE_WORDS.search(f"{own} {_pressed(box)}") and not HINT.search(box.hint)))


def is_narrow(box: Box, page: str) -> bool:
    """It searches a part of the site or another system, so that titles of articles need not be found in it."""
    says = " ".join((box.says, box.label, _pressed(box)))
    if "站内" in says or "全站" in says:
        return False
    return bool(NARROW.search(says) or NARROW.search(host_of(resolve(page, box.action))))


def may_search(box: Box, page: str) -> bool:
    """An input of which nobody can say that it is no search: it keeps "there is none" from being firm."""
    return box.usable and not is_other(box, page)


def score(box: Box, page: str) -> int:
    """How much speaks for the search of the site; 0 or less: nothing does."""
    points = 3 * bool(HINT.search(box.says)) + 2 * bool(PARAMETER.fullmatch(box.name) or PARAMETER.fullmatch(box.id))
    points += 3 * any(_searches(press) for press in box.presses) + 2 * (box.kind == "search")
    points += 2 * bool(AROUND.search(f"{box.classes} {box.around} {box.form}")) + 2 * bool(AROUND.search(box.action))
    if not points:
        return 0
    return points + (box.y < 600) - 3 * (box.fields > 2) - 2 * (not box.presses and not box.in_form) - 4 * _elsewhere(box, page)


def _elsewhere(box: Box, page: str) -> bool:
    """Its form leads to a host of somebody else."""
    host = host_of(resolve(page, box.action)) if box.action else ""
    return bool(host) and family(host) != family(host_of(page))


def _searches(press: Press) -> bool:
    return len(press.words) <= 20 and bool(SEARCH.search(f"{press.words} {press.signs} {press.onclick}")) and not is_hot(press)


def is_hot(press: Press) -> bool:
    """A link with a query of others, no button: hot words, history."""
    return press.tag == "a" and bool(press.href) and not press.href.lower().startswith(("#", "javascript")) and not SEARCH.search(press.words)


def _pressed(box: Box) -> str:
    return " ".join(press.words for press in box.presses if _searches(press))


def buttons(box: Box) -> list[Press]:
    """What a visitor would press to send the query, the likeliest first, at most two."""
    def points(press: Press) -> int:
        sends = press.type in ("submit", "image") or (press.tag == "button" and press.type in ("", "submit"))
        level = abs(press.y + press.height / 2 - box.y - box.height / 2) <= max(box.height, press.height)
        words = bool(SEARCH.search(press.words)) and len(press.words) <= 8
        return 4 * words + 3 * sends + 2 * bool(SIGN.search(press.signs)) + 2 * bool(SEARCH.search(press.onclick)) + level + press.after

    able = [press for press in box.presses if not is_hot(press) and not _leads_away(press)]
    ranked = sorted(able, key=lambda press: (-points(press), press.number))
    return [press for press in ranked if points(press) >= 2][:2]


def _leads_away(press: Press) -> bool:
    """An ordinary link: to the advanced search, to a help page."""
    ordinary = press.tag == "a" and not press.onclick and press.href and not press.href.lower().startswith(("#", "javascript"))
    return bool(ordinary) or bool(re.search(r"高级|帮助|清空|重置|语音|关闭|×", press.words))


def rank_openers(openers: Sequence[Opener], page: str) -> list[Opener]:
    """What may lead to the search of the site, the likeliest first: by its words, then by names of icons."""
    def points(opener: Opener) -> int:
        words, leads = bool(OPENS.fullmatch(opener.words)), opener.leads
        if opener.words and not words or NO_OPENER.search(opener.words) or ENGINES.search(host_of(leads)):
            return 0
        signs = bool(SIGN.search(f"{opener.signs} {opener.onclick}")) or bool(SIGN.search(opener.href))
        return 4 * words + 2 * signs + (opener.tag in ("a", "button", "img", "area")) + (opener.y < 600) if words or signs else 0

    scored = [(points(opener), opener) for opener in openers]
    found, seen = [], set()
    for _, opener in sorted(((one, opener) for one, opener in scored if one > 0), key=lambda pair: (-pair[0], pair[1].number)):
        place = opener.leads or (round(opener.x + opener.width / 2), round(opener.y + opener.height / 2))
        if place not in seen and opener.leads.rstrip("/") != page.rstrip("/"):
            seen.add(place)
            found.append(opener)
    return found
