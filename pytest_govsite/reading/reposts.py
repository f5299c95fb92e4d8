"""Whether a content page was written elsewhere: what its label ContentSource and the first words of its text say."""
import re
from dataclasses import dataclass

from pytest_govsite.reading.labels import PLACEHOLDER

AGENCIES = r"新华社|新华网|人民日报|人民网|中新社|中新网|中国新闻网|央视(?:新闻|网)?|中央广播电视总台|经济日报|光明日报|法治日报|科技日报|农民日报|工人日报|中国青年报"
PAPER = r"[一-鿿]{2,8}(?:日报|晚报|早报|时报|晨报|商报|电视台|广播电台|新闻网|在线|通讯社)"
DAY = r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d{1,2}日"
DATELINE = re.compile(rf"^\W*(?P<who>{AGENCIES}|{PAPER})(?:[一-鿿]{{0,8}}\s?(?:{DAY})\s?(?:电|讯|消息)|(?:电|讯)(?=\W))")
REPORTED = re.compile(
    rf"^\W*据《?(?P<who>{AGENCIES}|{PAPER}|[一-鿿]{{2,12}}(?:网|报|社|台))》?(?:[一-鿿]{{0,8}}\s?(?:{DAY}))?\s?(?:报道|消息|电|讯)"
)
OWN_PAPER = re.compile(r"^\W*(?P<who>本报|本台)(?:讯|记者|通讯员|消息)")
MEDIA = re.compile(rf"{AGENCIES}|{PAPER}|学习强国|今日头条|求是|瞭望")
CENTRAL = re.compile(
    r"^(?:国务院|中共中央|中央纪委|中国政府网|中华人民共和国|国家|全国人大|最高人民|(?:外交|教育|科技|科学技术|工业和信息化|公安|民政|司法|财政|人力资源(?:和)?社会保障|自然资源"
    r"|生态环境|住房(?:和)?城乡建设|交通运输|水利|农业农村|商务|文化和旅游|退役军人事务|应急管理)部(?:网站)?$)"
)
UNPLACED = re.compile(r"^[本我]?[省市州县区旗]")  # 市广播电视台: whose, it does not say
PLACE = re.compile(
    r"^(?P<place>(?![各全本我乡镇城])[一-鿿]{2,3}[省市州县]|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区)(?=.*(?:政府|[局厅委办院部会]|中心))"
)
OURSELVES = re.compile(r"^(?:本[站网]|原创|本单位|门户网站|管理员|admin)", re.IGNORECASE)
LONGEST = 60


@dataclass(frozen=True)
class Origin:
    """Who wrote a page, and whether that is firm; else it is only likely that it was somebody else."""

    who: str
    firm: bool


def origin_of(content_source: str, opening: str, own_names: tuple[str, ...]) -> Origin | None:
    """The writer of a page when it is not the site itself; None when nothing says so.

    Firm are an agency's or a newspaper's first words, and a label that names a medium of elsewhere, a central body, or a
    body of another place. A label with any other name (an office, the county's own media centre) leaves it open.
    """
    own = tuple(name for name in own_names if name)
    for pattern in (DATELINE, REPORTED, OWN_PAPER):
        found = pattern.search(opening[:LONGEST])
        if found and not _is_ours(found["who"], own):
            return Origin(found["who"], firm=True)
    who = content_source.strip()[:LONGEST]
    if not who or PLACEHOLDER.fullmatch(who) or OURSELVES.search(who) or _names(who, own):
        return None
    return Origin(who, firm=bool(own) and not _is_ours(who, own) and _is_elsewhere(who, own))


def _is_elsewhere(who: str, own: tuple[str, ...]) -> bool:
    if UNPLACED.match(who):
        return False
    if MEDIA.search(who) or CENTRAL.search(who):
        return True
    place = PLACE.search(who)
    return bool(place) and not any(place["place"] in name for name in own)


def _is_ours(who: str, own: tuple[str, ...]) -> bool:
    """It begins with the place that the site's name begins with: the county's own daily."""
    places = (PLACE.search(name) for name in own)
    return any(place and who.startswith(place["place"].rstrip("省市县区州旗盟")) for place in places)


def _names(who: str, own: tuple[str, ...]) -> bool:
    return any(who in name or name in who for name in own)
