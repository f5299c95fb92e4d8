"""Names of the units that report to a portal, as sources write them: 来源：石桥镇人民政府 is 石桥镇."""
import re
from itertools import product

LABEL = re.compile(r"^\W*(?:信息|文章|稿件)?(?:来\s*源|稿\s*源|供稿(?:单位)?|发布(?:机构|单位))\s*[:：]\s*")
ASIDE = re.compile(r"[（(【\[].*?[)）】\]]")
SEVERAL = re.compile(r"[、,，;；/|]|\s{1,}")
WRITERS = re.compile(r"(?:通讯员|记者|撰稿|供稿|作者|摄影|编辑)[:：]?.*$")
# 四川省达州市云山县…: names of regions before the name of a body; 市场, 市政, 区划 are no regions
REGION = re.compile(
    r"^(?:中共|中国共产党)?(?P<name>[一-鿿]{2,7}?)??"
    r"(?P<level>省|自治区|州|盟|市(?![场容政民])|地区|县(?!域)|(?<!开发|高新|经开|示范|试验|工业)(?<![新园景])区(?![划块域])|旗)(?=[一-鿿]{2})"
)
PARTY = re.compile(r"^委(?:员会)?(?=[一-鿿]{2})")
TOWN = re.compile(
    r"^(?P<town>[一-鿿]{1,8}?(?:街道|[镇乡]|苏木|管委会|管理委员会))"
    r"(?:党?工?委员?会?|人民政府|政府|办事处|党政|便民服务|综合|综治|宣传|政务|信息|公开|文化|网络?|站|中心|办公?室?|科|网)*$"
)
OFFICE = re.compile(r"(?:办公室|办)$")
DESK = re.compile(r"(?<=[局委部办院社会])(?:办公室|政办|秘书[科股]|宣传[科股]|信息[科股中]心?|机关)$")
COMMITTEE = re.compile(r"^委(?:员会)?(?:办公室|办)$")
GOVERNMENT = re.compile(r"^(?:人民)?(?:政)?府(?:办公室|办|信息公开办公室|值班室)$")
SHORT = {
    "残疾人联合会": "残联", "妇女联合会": "妇联", "工商业联合会": "工商联", "文学艺术界联合会": "文联", "科学技术协会": "科协", "总工会": "工会",
    "归国华侨联合会": "侨联", "共产主义青年团委员会": "团委", "共青团": "团委", "供销合作社联合社": "供销社", "人民代表大会常务委员会": "人大", "人大常委会": "人大",
    "政治协商会议": "政协", "纪律检查委员会": "纪委", "纪委监委": "纪委", "人民武装部": "武装部", "人民法院": "法院", "人民检察院": "检察院", "机构编制委员会办公室": "编办",
}
BELOW = ("省自治区", "市州盟地区", "县区旗")  # levels, the highest first
LONGEST = 60


def unit_name(source: str) -> str:
    """The name of a unit without its region, its rooms and its writers: 县教育局办公室 is 教育局; empty for none."""
    parts = [part for part in SEVERAL.split(_cleaned(source)) if part]
    return _parted(parts[0])[1] if parts else ""


def match(source: str, unit: str) -> bool:
    """The source is that unit, or one of several units that it names; full names and the usual short ones are one.

    A body of another level (市教育局 for 县教育局) is another one.
    """
    named = [part for part in SEVERAL.split(_cleaned(source)) if part]
    wanted = _parted(_cleaned(unit))
    return bool(wanted[1]) and any(_same(_parted(part), wanted) for part in [_cleaned(source), *named])


def _cleaned(text: str) -> str:
    return WRITERS.sub("", ASIDE.sub("", LABEL.sub("", text.strip()[:LONGEST]))).strip(" \u3000·-—:：")


def _parted(text: str) -> tuple[str, str]:
    """The lowest level of region that a name begins with, and what is left of it."""
    name, level = re.sub(r"\s+", "", text), ""
    while found := REGION.match(name):
        level, name = found["level"], name[found.end():]
    if GOVERNMENT.match(name) or COMMITTEE.match(name):
        return level, "政府办" if GOVERNMENT.match(name) else "委办"
    name = PARTY.sub("", name) if level else name
    town = TOWN.match(name)
    if town:
        return level, re.sub(r"管理委员会$", "管委会", town["town"])
    name = next((short for long, short in SHORT.items() if name.startswith(long) and len(name) <= len(long) + 3), name)
    return level, OFFICE.sub("办", DESK.sub("", name))


def _same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if not one[1] or not _same_level(one[0], other[0]):
        return False
    return one[1] == other[1] or any(_shortens(short[1], long[1]) for short, long in product((one, other), repeat=2))


def _same_level(one: str, other: str) -> bool:
    """Unless both say their level, they may be one; a county may be called 市."""
    ranks = [next((rank for rank, levels in enumerate(BELOW) if level and level in levels), None) for level in (one, other)]
    return None in ranks or ranks[0] == ranks[1]


def _shortens(short: str, long: str) -> bool:
    """人社局 is 人力资源和社会保障局: the same first and last sign, the others in order."""
    if not 3 <= len(short) < len(long) or short[0] != long[0] or short[-1] != long[-1] or short[-1] not in "局委办中心厅":
        return False
    signs = iter(long)
    return all(sign in signs for sign in short)
