"""Invented county sites with known faults: what each of their columns holds, decided by seed."""
import random
from dataclasses import dataclass, field
from datetime import date, timedelta

VENDORS = ("trs", "hanweb", "kaipuyun", "boda", "gkmlpt", "sichuan")
PROFILES = ("healthy", "trapped", "mild", "stale", "blank", "asleep", "undated")
BLANKS = ("words", "list", "sidebar", "fetched", "works")
ROWS = 18

# name, head of the menu, category ("" = nothing is owed), days between two items
COLUMNS = (
    ("要闻", "新闻中心", "动态要闻", 1), ("部门动态", "新闻中心", "动态要闻", 1), ("乡镇动态", "新闻中心", "动态要闻", 1),
    ("图片新闻", "新闻中心", "动态要闻", 2), ("工作动态", "新闻中心", "动态要闻", 2), ("国务院信息", "新闻中心", "动态要闻", 1),
    ("通知公告", "政务公开", "通知公告", 6), ("政策文件", "政务公开", "政策文件", 20), ("政策解读", "政务公开", "政策解读", 20),
    ("财政预决算", "政务公开", "", 90), ("人事任免", "政务公开", "", 40), ("招标采购", "政务公开", "", 11),
    ("应急管理", "重点领域", "", 30), ("生态环境", "重点领域", "", 25), ("食品药品", "重点领域", "", 33),
    ("社会救助", "重点领域", "", 28), ("教育领域", "重点领域", "", 31), ("医疗卫生", "重点领域", "", 35),
    ("民意征集", "互动交流", "", 45), ("结果反馈", "互动交流", "", 45), ("统计数据", "数据发布", "数据发布", 30),
)
TEXTS = ("走进{place}", "机构职能", "信息公开指南")
SUBJECTS = ("冬季供水保障", "农村道路养护", "义务教育招生", "养老服务", "河道清淤", "粮食收购", "老旧小区改造", "安全生产", "公共图书馆",
            "村级卫生室", "灵活就业", "林下经济", "校车管理", "电梯检验", "地质灾害防治", "残疾人托养", "垃圾分类", "科技特派员")
PATTERNS = ("{place}开展{subject}专项检查", "关于做好{subject}工作的通知", "{place}{subject}现场会召开", "关于{subject}有关情况的说明",
            "{place}推进{subject}再上新台阶", "{subject}问答：群众关心的七件事", "{place}{subject}实施细则印发")


@dataclass(frozen=True)
class Story:
    """One article: `day` on its page (None: the page shows none), `listed` in the list (None: the list shows none)."""

    number: int
    title: str
    day: date | None
    listed: date | None
    address_day: date


@dataclass
class Channel:
    """One column. state: fresh, stale or blank; traps: what makes it look otherwise."""

    id: int
    name: str
    head: str
    category: str
    state: str = "fresh"
    blank: str = ""
    traps: set[str] = field(default_factory=set)
    stories: list[Story] = field(default_factory=list)


@dataclass
class Plan:
    """One site with its truth."""

    vendor: str
    profile: str
    place: str
    host: str
    channels: list[Channel]
    as_of: date
    slug: str

    def named(self, state: str, owed: bool = False) -> set[str]:
        """Names of the columns of a state; only those that owe updates."""
        owing = ("动态要闻", "通知公告", "政策文件")
        return {one.name for one in self.channels if one.state == state and (not owed or one.category in owing)}

    @property
    def vetoes(self) -> set[str]:
        """Rules of the State Council's table that must veto, and no others."""
        found = {"column-stale.1"} if len(self.named("stale", owed=True)) >= 5 else set()
        found |= {"column-stale.3"} if len(self.named("blank")) >= 5 else set()
        return found | ({"home-stale.1"} if self.profile in ("asleep", "undated") else set())


def plan(vendor: str, profile: str, as_of: date, seed: int) -> Plan:
    """A site of a vendor's markup and a profile; the same seed gives the same site."""
    draw = random.Random(f"{seed}:{vendor}:{profile}")
    place = f"{draw.choice('云青石松柳桐荷梅')}{draw.choice('岭溪桥湾坪河')}县"
    slug = f"{vendor}-{profile}"
    made = Plan(vendor, profile, place, f"www.{slug}.gov.cn", [], as_of, slug)
    made.channels = [Channel(100 + i, *row[:3]) for i, row in enumerate(COLUMNS)]
    _spoil(made, draw)
    for channel, row in zip(made.channels, COLUMNS, strict=True):
        channel.stories = [] if channel.state == "blank" else _stories(made, channel, row[3], draw)
    return made


def _spoil(made: Plan, draw: random.Random) -> None:
    owing = [one for one in made.channels if one.category in ("动态要闻", "通知公告", "政策文件")]
    others = [one for one in made.channels if one.category not in ("动态要闻", "通知公告", "政策文件", "政策解读")]
    stale = {"mild": 3, "stale": draw.choice((5, 6)), "asleep": len(owing), "undated": len(owing)}.get(made.profile, 0)
    blank = {"mild": 2, "blank": draw.choice((5, 7))}.get(made.profile, 0)
    for channel in draw.sample(owing, stale):
        channel.state = "stale"
    for place, channel in enumerate(draw.sample(others, blank)):
        channel.state, channel.blank = "blank", BLANKS[place % len(BLANKS)]
    for channel in made.channels:
        if made.profile == "undated":
            channel.traps.add("undated-pages")
        elif made.profile == "asleep":
            channel.traps.add("asleep")
        elif made.profile == "trapped" and channel.state == "fresh":
            channel.traps |= set(draw.sample(("pinned", "undated-rows", "future", "short-days", "document-day"), 2))
        elif channel.state == "stale":
            channel.traps |= set(draw.sample(("pinned", "undated-rows", "document-day", "future", "undated-pages"), 1))


def _stories(made: Plan, channel: Channel, every: int, draw: random.Random) -> list[Story]:
    silent = {"动态要闻": 15}.get(channel.category, 190)
    age = silent + draw.randrange(1, 300) if channel.state == "stale" else min(every, 7) - draw.randrange(0, min(every, 7))
    if "asleep" in channel.traps:
        age = max(age, 20)
    if "undated-pages" in channel.traps:
        age = min(age, 3)
    days = [made.as_of - timedelta(days=age + place * every) for place in range(ROWS)]
    stories = [_story(made, channel, place, day, draw) for place, day in enumerate(days)]
    if "pinned" in channel.traps:
        old = [made.as_of - timedelta(days=days_ago) for days_ago in (900, 640)]
        stories[:0] = [_story(made, channel, ROWS + place, day, draw) for place, day in enumerate(old)]
    if "future" in channel.traps:
        stories.insert(0, _story(made, channel, ROWS + 5, made.as_of + timedelta(days=40), draw))
    return stories


def _story(made: Plan, channel: Channel, place: int, day: date, draw: random.Random) -> Story:
    pattern = PATTERNS[(place + channel.id) % len(PATTERNS)]
    subject = SUBJECTS[(place * 5 + channel.id * 7) % len(SUBJECTS)]
    title = f"{pattern.format(place=made.place, subject=subject)}（第{place + 1}期）"
    shown = None if "undated-pages" in channel.traps else day
    listed = None if "undated-rows" in channel.traps else day
    return Story(channel.id * 1000 + place, title, shown, listed, day)
