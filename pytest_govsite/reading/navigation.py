"""The links of a page that lead to columns: menus, headings of blocks, 更多 links, side menus, pictures with a name."""
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from pytest_govsite.reading.addresses import bare_host, host_of, path_of
from pytest_govsite.reading.categories import category_of
from pytest_govsite.reading.clicks import CHINESE, Click, read_clicks
from pytest_govsite.reading.flow import parse
from pytest_govsite.reading.headings import head_over, is_more, name_of_block
from pytest_govsite.reading.links import ATTACHMENT, PICTURE, shape_of
from pytest_govsite.reading.trail import trail_links

PlaceForm = Literal["nav", "block", "more", "side", "foot", "text"]
RANK = {"nav": 0, "side": 1, "block": 2, "text": 3, "more": 4, "foot": 5}

NEVER_NAMED = re.compile(
    r"(?:网站|返回|本站|门户|回到|进入|主站)?(?:首页|主页|主站)|返回.*|上级|.*登[录陆]|.*注册|(?:用户|个人|企业|会员)(?:中心|空间|登录)|退出|注销|我的.*|您好.*"
    r"|.*(?:简体|繁体|繁體|中文版?)|简|繁|.*(?:无障碍|無障碍|适老|长者|老年|关怀|关爱|敬老).*|语音.*|盲人.*|读屏.*|RSS.*|订阅.*|(?:官方|政务|中国)?(?:微博|微信|视频号)"
    r"|.*(?:公众号|客户端|抖音|快手|头条号|二维码|小程序|移动端)|.*(?:手机|移动|电脑|触屏|PC)版|手机端|设为首页|加入收藏|收藏(?:本站|本页)?|打印.*|.*关闭.*|分享.*"
    r"|(?:返回)?顶部|(?:高级|全站|站内|全文|智能)?(?:搜索|检索|查询)|热搜.*|热词.*|(?:政务|公务|电子|办公|内部|党政)?邮箱|邮件(?:系统)?|.*办公系统|内网"
    r"|.*(?:ICP备|公网安备|公安备|标识码|找错|技术支持).*|[上下首尾末前后][一1]?[页页篇条]|末页|尾页|跳转?到?.{0,8}|跳过.*|[大中小]|.{0,2}字体.*"
    r"|播放|暂停|(?:查看|阅读)?(?:详情|详细|全文)|(?:了解|查看)详情|点击(?:查看|进入|这里)|立即.*|展开|收起|全部|取消|确定|提交|继续访问|放弃|刷新.*|换一[张批]"
    r"|网站纠错|.*纠错|我要纠错|标题|默认|下载|附件.*",
    re.IGNORECASE,
)
OF_THE_FOOT = re.compile(
    r"(?:网站|站点)?地图|(?:网站|站点)导航|联系我们|联系方式|关于.{1,4}|.*声明|隐私.*|使用帮助|版权.*|帮助.*|常见问题|网站介绍"
)
SITE_MAP = re.compile(r"(?:网站|站点|本站)(?:地图|导航)|sitemap", re.IGNORECASE)
NEVER_HOSTS = re.compile(
    r"(?:^|\.)(?:conac\.cn|beian\.gov\.cn|beian\.mps\.gov\.cn|beian\.miit\.gov\.cn|miibeian\.gov\.cn"
    r"|miitbeian\.gov\.cn|zfwzgl\.www\.gov\.cn"
    r"|weibo\.com|weixin\.qq\.com|t\.qq\.com|douyin\.com|toutiao\.com|cnzz\.com|kaipuyun\.cn)$"
)
NEVER_ADDRESSED = re.compile(
    r"/(?:login|logout|regist\w*|sso|rss)\b|[?&](?:q|qt|kw|key|keywords?|search_?words?|words?)=|captcha|/exposure/jiucuo",
    re.IGNORECASE,
)
HOME = re.compile(r"(?:网站|本站|返回|门户)?(?:首页|主页)")
HOME_PATH = re.compile(r"/?(?:(?:index|default|home|main)(?:_m)?\.\w+)?", re.IGNORECASE)

FOOT_BOX = re.compile(
    r"^(?:foot|footer|copyright|bottom$|btm$|bot$|dibu|yejiao)|(?:^|[-_])(?:foot|footer|copyright)$|^(?:new|index|my"
    r"|pc)?foot",
    re.IGNORECASE,
)
FRIEND_BOX = re.compile(
    r"friend|yqlj|youlian|youqing|flink|^(?:x_)?links?$|related-?url|wzlj|wailian|link_?box",
    re.IGNORECASE,
)
SIDE_BOX = re.compile(
    r"side_?(?:bar|nav|menu)|aside|sub_?nav|sub_?menu|left_?(?:nav|menu)|(?:nav|menu)_?left|list_?nav|list_?left|zdml|cebian|tree"
    r"|second_?nav",
    re.IGNORECASE,
)
MENU_BOX = re.compile(r"nav|menu|daohang|^i?dh\d*$|_dh$|^dh_|lanmu|channel_?list|^imatm|imsubc", re.IGNORECASE)
TOOL_BOX = re.compile(
    r"login|lang|share|toolbar|hot_?(?:word|search|key)|search|sousuo|crumb|^pager$|paging|pagination|popup"
    r"|layui-layer",
    re.IGNORECASE,
)
TITLE_BOX = re.compile(
    r"(?:^|[-_])(?:tit|title|ttl|tt|bt|hd|head|lm|caption|tab|tabs)\d*(?:$|[-_])|title|tit$|tab_?(?:hd|head|top|nav"
    r"|menu)|^tab",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[，。；！]")
MORE_BOX = re.compile(r"more|gengduo", re.IGNORECASE)
HEADS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "caption"})
ROWS = frozenset({"li", "tr", "dd", "p"})
DATED = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}|(?<!\d)\d{1,2}[-/月]\d{1,2}(?!\d)")
MOST, LONGEST_NAME, DEEPEST = 600, 24, 14
TERSE, TITLE_LENGTH = 9, 13  # characters: names of columns are shorter, titles are hardly ever


@dataclass(frozen=True)
class Place:
    """A link that may lead to a column.

    name    its words, those of its picture, or of the block that its 更多 belongs to; empty where nothing says it.
    under   name of the menu head it hangs under; empty on the first level.
    form    nav: menu of the site; side: menu of a section; block: heading or tab of a block; more: 更多; foot: bottom
            region; text: any other link that looks like one to a column.
    """

    name: str
    url: str
    under: str = ""
    form: PlaceForm = "text"


def read_navigation(html: str, base_url: str) -> tuple[Place, ...]:
    """Links that may lead to columns, also of other hosts, in document order, each place once.

    Left out: articles, the home page, the trail, friend links, pagers, logins, languages, accessibility, marks.
    """
    tree = parse(html)
    clicks = list(read_clicks(tree, base_url))
    page = _Page(bare_host(host_of(base_url)), clicks, trail_links(tree, base_url))
    places = [place for number, click in enumerate(clicks) if (place := page.place(number, click))]
    return _merged(places)[:MOST]


def is_site_map(name: str) -> bool:
    """The link leads to the site map."""
    return bool(SITE_MAP.search(name))


@dataclass
class _Group:
    """The links within the smallest box that holds three of them."""

    links: int = 0
    short: int = 0
    terse: int = 0
    articles: int = 0
    hosts: frozenset[str] = frozenset()
    outside: int = 0

    @property
    def is_menu(self) -> bool:
        return min(self.short / 0.8, self.terse / 0.5) >= self.links and self.articles <= 0.3 * self.links

    @property
    def is_news(self) -> bool:
        return self.short < 0.5 * self.links or self.articles > 0.5 * self.links

    @property
    def is_friends(self) -> bool:
        return self.links >= 5 and len(self.hosts) >= 4 and self.outside >= 0.8 * self.links


@dataclass
class _Page:
    """The links of a page with what stands around them."""

    host: str
    clicks: list[Click]
    trail: frozenset[int]
    counts: dict[int, list[int]] = field(default_factory=dict)
    kinds: dict[tuple[int, str], bool] = field(default_factory=dict)
    groups: dict[int, _Group] = field(default_factory=dict)
    first_article: int = 0
    trail_end: int = 0
    homes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for number, click in enumerate(self.clicks):
            for box in self.boxes(click.node):
                self.counts.setdefault(box.mem_id, []).append(number)
        articles = (i for i, click in enumerate(self.clicks) if _is_article(click) and len(click.words) >= TITLE_LENGTH)
        self.first_article = next(articles, len(self.clicks))
        self.homes = {same_place(click.url) for click in self.clicks if HOME.fullmatch(click.words)}
        self.trail_end = max((i for i, click in enumerate(self.clicks) if click.node.mem_id in self.trail), default=0)

    def boxes(self, node: LexborNode) -> list[LexborNode]:
        """The elements around a link, the innermost first; without the page itself."""
        boxes, box = [], node.parent
        while box is not None and box.tag not in ("body", "html") and len(boxes) < DEEPEST:
            boxes.append(box)
            box = box.parent
        return boxes

    def place(self, number: int, click: Click) -> Place | None:
        """What a link is, or None when it leads to no column."""
        if not self._may_lead(click):
            return None
        boxes = self.boxes(click.node)
        if self._is_in(boxes, FRIEND_BOX, 0.3) or self._is_in(boxes, TOOL_BOX, 0.2):
            return None
        if self._in_foot(boxes, number) or (OF_THE_FOOT.fullmatch(click.words) and number > 0.8 * len(self.clicks)):
            named = bool(click.words) and not is_more(click.words)
            return Place(click.words, click.url, form="foot") if named and self._is_own(click.url) else None
        group = self._group(boxes)
        if group.is_friends and not category_of(click.words):
            return None
        if is_more(click.words) or self._is_arrow(click):
            return self._more(click)
        described = click.pictured and (len(click.words) > LONGEST_NAME or SENTENCE.search(click.words))
        silent = not click.words or described
        return self._silent(click) if silent else self._named(number, click, boxes, group)

    def _may_lead(self, click: Click) -> bool:
        url = click.url
        home = self._is_own(url) and HOME_PATH.fullmatch(path_of(url)) and not urlsplit(url).query
        never = NEVER_HOSTS.search(host_of(url)) or NEVER_ADDRESSED.search(url)
        file = PICTURE.search(path_of(url)) or ATTACHMENT.search(url)
        if home or never or file or same_place(url) in self.homes or click.node.mem_id in self.trail:
            return False
        return not click.words or is_more(click.words) or _is_name(click.words)

    def _is_own(self, url: str) -> bool:
        return bare_host(host_of(url)) == self.host

    def _is_in(self, boxes: list[LexborNode], kind: re.Pattern, most: float) -> bool:
        """One of the boxes is of that kind by its class or id, and not the better part of the page."""
        limit = max(12, most * len(self.clicks))
        return any(self._is_kind(box, kind) and len(self.counts[box.mem_id]) <= limit for box in boxes)

    def _is_kind(self, box: LexborNode, kind: re.Pattern) -> bool:
        key = box.mem_id, kind.pattern
        if key not in self.kinds:
            attributes = box.attributes
            words = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
            self.kinds[key] = any(kind.search(word) for word in words)
        return self.kinds[key]

    def _in_foot(self, boxes: list[LexborNode], number: int) -> bool:
        """In the bottom region: it begins in the second half of the links, or after the last menu of a short page."""
        feet = [box for box in boxes if box.tag == "footer" or self._is_kind(box, FOOT_BOX)]
        return any(self.counts[box.mem_id][0] > 0.4 * len(self.clicks) for box in feet)

    def _group(self, boxes: list[LexborNode]) -> _Group:
        box = next((box for box in boxes if len(self.counts[box.mem_id]) >= 3), None)
        if box is None:
            return _Group()
        if box.mem_id not in self.groups:
            self.groups[box.mem_id] = self._count([self.clicks[i] for i in self.counts[box.mem_id]])
        return self.groups[box.mem_id]

    def _count(self, clicks: list[Click]) -> _Group:
        named = [click for click in clicks if not is_more(click.words)]
        hosts = [bare_host(host_of(click.url)) for click in named]
        outside = [host for host in hosts if host != self.host]
        short, terse = (sum(1 for click in named if len(click.words) < most) for most in (TITLE_LENGTH, TERSE))
        return _Group(len(named), short, terse, sum(map(_is_article, named)), frozenset(outside), len(outside))

    def _is_arrow(self, click: Click) -> bool:
        """Without words, but called more: by its own class or that of the element around it."""
        near = [click.node, click.node.parent] if not click.words or click.pictured else []
        return any(node is not None and self._is_kind(node, MORE_BOX) for node in near)

    def _more(self, click: Click) -> Place | None:
        if _is_article(click):
            return None
        name = name_of_block(click.node)
        return Place(name if _is_name(name) else "", click.url, form="more")

    def _silent(self, click: Click) -> Place | None:
        """A picture that says nothing: the topics of many a home page, and the whole of some doorways."""
        pictured = click.node.css_first("img") is not None
        return Place("", click.url) if pictured and self._is_own(click.url) and not _is_article(click) else None

    def _named(self, number: int, click: Click, boxes: list[LexborNode], group: _Group) -> Place | None:
        name, article = click.words, _is_article(click)
        menu = self._menu(number, boxes, group)
        if menu and len(name) <= LONGEST_NAME and not (_is_dated(boxes) or (article and len(name) > TITLE_LENGTH)):
            under = head_over(click.node, loose=menu == "side")
            return Place(name, click.url, under if under != name else "", menu)
        if len(name) > LONGEST_NAME or _is_dated(boxes):
            return None
        if self._is_heading(boxes) and not article and len(name) <= TITLE_LENGTH + 3:
            return Place(name, click.url, form="block")
        if group.is_news or article:
            return Place(name, click.url) if category_of(name) and len(name) < 9 and not group.is_news else None
        if 2 * group.terse < group.links and shape_of(click.url) != "column":
            return None  # short titles, of letters or surveys
        if group.links >= 8 and group.outside == group.links and not category_of(name):
            return None  # a grid of services on another host: no column of this site
        return Place(name, click.url) if len(name) < TITLE_LENGTH + 3 else None

    def _menu(self, number: int, boxes: list[LexborNode], group: _Group) -> PlaceForm | None:
        """nav or side, when the link stands in a menu: by its box, else as one of a row of short names above all news.

        A menu that comes after the trail is one of the section, whatever it is called.
        """
        if group.is_news:
            return None
        below = bool(self.trail) and number > self.trail_end
        if any(box.tag == "nav" for box in boxes) or self._is_in(boxes, MENU_BOX, 0.6):
            beside = not self.trail and self._is_in(boxes, SIDE_BOX, 0.5) and number > self.first_article
            return "side" if below or beside else "nav"
        if self._is_in(boxes, SIDE_BOX, 0.5):
            return "side"
        if not group.is_menu or group.links < 3 or number > self.first_article:
            return None
        return "side" if below else "nav"

    def _is_heading(self, boxes: list[LexborNode]) -> bool:
        """It stands in a heading, or in a box that is called so and holds little else."""
        if any(box.tag in HEADS for box in boxes[:3]):
            return True
        near = [box for box in boxes[:4] if len(self.counts[box.mem_id]) <= 8 and self._is_kind(box, TITLE_BOX)]
        return any(not self._count([self.clicks[i] for i in self.counts[box.mem_id]]).is_news for box in near)


def _is_article(click: Click) -> bool:
    return shape_of(click.url) == "article"


def _is_name(words: str) -> bool:
    chinese = CHINESE.search(words) or words.startswith("12345")
    return len(words) >= 2 and bool(chinese) and not NEVER_NAMED.fullmatch(words)


def _is_dated(boxes: list[LexborNode]) -> bool:
    """The row that the link stands in shows a date."""
    row = next((box for box in boxes[:4] if box.tag in ROWS), None)
    return row is not None and len(row.css("a")) <= 3 and bool(DATED.search(row.text(deep=True, separator=" ")[:400]))


def _merged(places: Iterable[Place]) -> tuple[Place, ...]:
    """Each place once, where it stands first, with the best name: in a menu, with its head, with a name at all.

    What is itself a head on the first level stays there, although a drop-down elsewhere lists it again.
    """
    places = list(places)
    heads = {place.under for place in places if place.form == "nav"}
    best: dict[str, Place] = {}
    for place in places:
        key = same_place(place.url)
        best[key] = min(best.get(key, place), place, key=lambda one: _preference(one, heads))
    return tuple(best.values())


def _preference(place: Place, heads: set[str]) -> tuple[bool, bool, bool, int]:
    head = place.form == "nav" and not place.under and place.name in heads
    menu = place.form in ("nav", "side")
    return not place.name, not head, not (menu and place.under), RANK[place.form]


def same_place(url: str) -> str:
    """An address without what makes no other place: scheme, www., the name of an index page, a slash at the end."""
    parts = urlsplit(url)
    path = re.sub(r"/(?:index|default)\.(?:s?html?|aspx?|jsp|php)$", "/", parts.path, flags=re.IGNORECASE)
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    return f"{bare_host(parts.hostname or '')}{port}{path.rstrip('/')}{'?' + parts.query if parts.query else ''}"



