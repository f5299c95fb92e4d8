"""What each invented site is and what is wrong with it, decided by seed."""
import hashlib
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

VENDORS = ("irs", "was5", "jsearch", "jpaas", "kaipuyun", "boda", "php", "asp", "spa")
PROFILES = ("clean", "faulty", "broken", "walled")
PROVINCE = "shengping.gov.cn"
FIRST = (("云", "yun"), ("青", "qing"), ("石", "shi"), ("松", "song"), ("柳", "liu"), ("桐", "tong"), ("荷", "he"), ("梅", "mei"))
SECOND = (("岭", "ling"), ("溪", "xi"), ("桥", "qiao"), ("湾", "wan"), ("坪", "ping"), ("河", "he"))

# the way to the search that each making has, one for each profile and on by one with each seed
BOXES = {
    "irs": ("script", "page", "icon", "select"), "was5": ("get", "image", "hint", "decoy"),
    "jsearch": ("outside", "page-outside", "window", "decoy"), "jpaas": ("script", "icon", "enter", "window"),
    "kaipuyun": ("window", "decoy", "select", "iframe"), "boda": ("base64", "post", "hint", "image"),
    "php": ("get", "hint", "alert", "enter"), "asp": ("post", "image", "alert", "post"), "spa": ("inside", "inside-icon", "inside", "inside-icon"),
}
HABITS = {  # of the result pages
    "irs": {"drawn"}, "was5": {"slow"}, "jsearch": {"wrapped", "cut"}, "jpaas": {"drawn", "wrapped"}, "kaipuyun": {"cut"},
    "boda": set(), "php": {"cut"}, "asp": {"framed"}, "spa": {"drawn"},
}
POOR = ("unindexed", "plain", "buried", "services", "everything")  # a search that works and is not good
DEAD = ("absent", "404", "500", "error-page", "empty-index", "no-script", "front-page", "refused")
WALLS = ("captcha", "412", "often", "login", "slow-down", "picture")

# name, head of the menu, category, days between two items
COLUMNS = (
    ("要闻", "新闻中心", "动态要闻", 4), ("部门动态", "新闻中心", "动态要闻", 7), ("通知公告", "政务公开", "通知公告", 25),
    ("政策文件", "政务公开", "政策文件", 34), ("政策解读", "政务公开", "政策解读", 38), ("统计数据", "数据发布", "数据发布", 30),
    ("民意征集", "互动交流", "调查征集", 41), ("办事指南", "办事服务", "办事服务", 0),
)
KINDS = {"动态要闻": "新闻资讯", "通知公告": "新闻资讯", "政策文件": "政策文件", "政策解读": "政策解读", "办事服务": "办事服务", "调查征集": "互动交流"}
SUBJECTS = (
    "冬季供水保障", "农村道路养护", "义务教育招生", "养老服务机构", "河道清淤疏浚", "粮食收购贷款", "老旧小区改造", "危险化学品", "公共图书馆建设",
    "村级卫生室", "灵活就业人员", "林下经济发展", "校车安全管理", "电梯维护保养", "地质灾害防治", "残疾人托养", "生活垃圾分类", "科技特派员选派",
    "高标准农田", "非物质文化遗产", "农贸市场整治", "消防通道清理", "中药材种植", "古树名木保护", "夜间施工噪声", "二手车交易", "乡村旅游民宿", "桑蚕养殖补贴",
)
PATTERNS = {
    "动态要闻": ("{place}召开{subject}工作推进会", "县领导带队检查{subject}情况", "{place}多措并举推进{subject}见成效", "全县{subject}现场会在石门镇举行",
             "我县{subject}经验做法获上级肯定", "一线见闻：{subject}背后的“加减法”"),
    "通知公告": ("关于开展{subject}专项检查的公告", "{place}人民政府关于{subject}有关事项的通告", "{subject}项目中标结果公示（第{n}号）"),
    "政策文件": ("{place}人民政府办公室关于印发《{subject}实施细则》的通知", "关于进一步加强{subject}工作的意见", "{place}{subject}三年行动方案（2026—2028年）"),
    "政策解读": ("《{subject}实施细则》政策解读", "一图读懂：{subject}新政要点", "问答：{subject}群众关心的七件事"),
    "数据发布": ("{place}{subject}统计公报", "2026年{subject}监测数据发布"),
    "调查征集": ("关于公开征求{subject}意见的公告", "{subject}网上问卷调查"),
}
SERVICES = (
    "居民身份证有效期满换领", "住房公积金个人提取审核", "内地居民往来港澳通行证换发", "城镇职工基本医疗保险参保登记", "个体工商户营业执照注销登记", "机动车驾驶证遗失补证办理",
    "农村宅基地用地规划许可", "食品经营许可证新办申请", "社会保险关系跨省转移接续", "残疾人护理补贴资格认定", "老年人优待证申领办理", "生育医疗费用报销支付",
)


@dataclass(frozen=True)
class Story:
    """One article or guide; guides have no day. `kind` is its class in the search, `indexed` whether the search has it."""

    number: int
    title: str
    day: date | None
    channel: int
    kind: str
    indexed: bool = True


@dataclass
class Channel:
    """One column."""

    id: int
    name: str
    head: str
    category: str
    stories: list[Story] = field(default_factory=list)


@dataclass(frozen=True)
class Searching:
    """The site's search. box: how one gets to it; habits: of its result pages; poor: works badly; dead: not at all.

    mode    equal: whole titles only; phrase: any part of a title; fuzzy: titles with a slip as well; everything: the
            latest, whatever was asked.
    wall    what keeps programs out; card: offers services themselves; below: knows the lower site; flaky: first answer 503.
    """

    box: str
    habits: frozenset[str]
    mode: str = "phrase"
    poor: str = ""
    dead: str = ""
    wall: str = ""
    card: bool = False
    below: bool = False
    flaky: bool = False

    @property
    def classified(self) -> bool:
        return self.poor != "plain"


@dataclass
class Town:
    """One site with its truth. faults: what is wrong besides the search, see truth.py."""

    vendor: str
    profile: str
    place: str
    domain: str
    as_of: date
    search: Searching
    channels: list[Channel] = field(default_factory=list)
    faults: frozenset[str] = frozenset()
    account: str = ""

    @property
    def slug(self) -> str:
        return f"{self.vendor}-{self.profile}"

    @property
    def host(self) -> str:
        return f"www.{self.domain}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/"

    @property
    def name(self) -> str:
        return f"{self.place}人民政府"

    @property
    def shown_name(self) -> str:
        """What the site calls itself."""
        return "西部风情旅游网" if "name:foreign" in self.faults else self.name

    @property
    def code(self) -> str:
        return f"51993{int(hashlib.md5(self.slug.encode(), usedforsecurity=False).hexdigest(), 16) % 100000:05d}"

    @property
    def stories(self) -> list[Story]:
        return [story for channel in self.channels for story in channel.stories]

    @property
    def lower(self) -> str:
        """Host of the subordinate site."""
        return f"jyj.{self.domain}"


def plan(vendor: str, profile: str, as_of: date, seed: int) -> Town:
    """A site; the same seed gives the same site."""
    draw = random.Random(f"{seed}:{vendor}:{profile}")
    at, kind = VENDORS.index(vendor), PROFILES.index(profile)
    number = ((at * len(PROFILES) + kind) * 7 + seed) % (len(FIRST) * len(SECOND))
    first, second = FIRST[number % len(FIRST)], SECOND[number // len(FIRST)]
    domain = f"{first[1]}{second[1]}.gov.cn"
    town = Town(vendor, profile, f"{first[0]}{second[0]}县", domain, as_of, _searching(vendor, profile, at, kind, seed))
    town.channels = [Channel(100 + i, *row[:3]) for i, row in enumerate(COLUMNS)]
    for channel, row in zip(town.channels, COLUMNS, strict=True):
        channel.stories = _guides(town, channel) if not row[3] else _stories(town, channel, row[3], draw)
    town.faults = frozenset(_faults(town, at + seed))
    if "domain:suffix" in town.faults:
        town.domain = town.domain.replace(".gov.cn", ".com.cn")
    town.account = {"kaipuyun-clean": "works", "was5-clean": "works", "boda-faulty": "forgets"}.get(town.slug, "")
    if town.account:
        town.faults -= {"logins:two"}
    return town


def _searching(vendor: str, profile: str, at: int, kind: int, seed: int) -> Searching:
    box = BOXES[vendor][(kind + seed) % len(BOXES[vendor])]
    turn = at + seed
    modes = ("fuzzy", "phrase", "equal")
    common = {"box": box, "habits": frozenset(HABITS[vendor]), "mode": modes[turn % 3], "card": turn % 2 == 0, "below": turn % 3 != 1}
    if profile == "faulty":
        poor = POOR[turn % len(POOR)]
        mode = {"buried": "fuzzy", "everything": "everything"}.get(poor, modes[turn % 3])
        return Searching(**common | {"poor": poor, "mode": mode})
    if profile == "broken":
        return Searching(**common, dead=DEAD[turn % len(DEAD)])
    if profile == "walled":
        return Searching(**common, wall=WALLS[turn % len(WALLS)])
    return Searching(**common, flaky=turn % 4 == 0)


def _faults(town: Town, turn: int) -> set[str]:
    """What is wrong besides the search: much in faulty sites, nothing in clean ones, IPv6 in some walled ones."""
    if town.profile in ("clean", "walled"):
        odd = {0: {"ipv6:other"}, 3: {"ipv6:closed"}}
        return odd.get(turn % 6, set()) if town.profile == "walled" else set()
    if town.profile == "broken":
        return {"soft-404", "links:inner-column", ("links:home", "labels:columns")[turn % 2]}
    kinds = (
        ("entry:home", "entry:inside", "entry:foreign", "entry:inside"), ("mark:police:column", "mark:party:article", "mark:icp:column"),
        ("labels:articles", "labels:columns", "labels:null"), ("ipv6:no-aaaa", "ipv6:refused", "", "ipv6:flaky"),
        ("logins:two", "", "logins:two"), ("name:foreign", "name:hidden", "domain:suffix", "", ""),
        ("compat:firefox", "", "compat:inner", ""),
    )
    chosen = {kind[turn % len(kind)] for kind in kinds} - {""}
    return chosen | {"links:home", "links:inner-column", "links:inner-text", "links:inner-article"}


def _guides(town: Town, channel: Channel) -> list[Story]:
    poor = town.search.poor == "services"
    return [Story(channel.id * 1000 + n, title, None, channel.id, "办事服务", indexed=not poor) for n, title in enumerate(SERVICES)]


def _stories(town: Town, channel: Channel, every: int, draw: random.Random) -> list[Story]:
    patterns = PATTERNS[channel.category]
    subjects = draw.sample(SUBJECTS, 14)
    kind, made = KINDS.get(channel.category, "信息公开"), []
    for n, subject in enumerate(subjects):
        day = town.as_of - timedelta(days=1 + n * every + draw.randrange(2))
        title = patterns[n % len(patterns)].format(place=town.place, subject=subject, n=n + 11)
        made.append(Story(channel.id * 1000 + n, title, day, channel.id, kind, _is_indexed(town, channel, day)))
    twice = Story(channel.id * 1000 + 90, made[3].title, made[3].day - timedelta(days=30), channel.id, kind)
    return sorted([*made, twice], key=lambda story: story.day, reverse=True)


def _is_indexed(town: Town, channel: Channel, day: date) -> bool:
    """A search learns of new pages after some days; a poor one lacks whole columns."""
    if (town.as_of - day).days < 6:
        return False
    return not (town.search.poor == "unindexed" and channel.category in ("动态要闻", "政策解读", "数据发布", "通知公告"))
