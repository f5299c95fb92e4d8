"""What is typed into a search: titles as they are, spoilt or cut, words of services, and what no site has."""
import random
import re
import unicodedata
from collections.abc import Iterable

LONGEST = 40
SHORTEST_PIECE, LONGEST_PIECE = 4, 8
BLOCKED = re.compile(r"""[《》〈〉<>"'%&;\\#`=+$^*|{}\[\]~?/“”‘’]""")  # pages refuse these, or engines take them for orders
CUT = re.compile(r"(?:\.{2,}|…|⋯)\s*$")
HAN = re.compile(r"[\u4e00-\u9fff]+")
GENERIC = re.compile(r"^(?:关于|有关|的|和|与|及|做好|开展|印发|通知|公告|召开|举行)+|(?:的|和|与|及|通知|公告)+$")
SOUNDS_LIKE = {  # what a hurried visitor types instead
    "的": "得", "和": "合", "作": "做", "工": "公", "公": "工", "通": "同", "知": "之", "政": "正", "府": "付", "会": "汇", "议": "意", "开": "凯",
    "发": "法", "布": "部", "部": "布", "年": "念", "实": "时", "时": "实", "施": "失", "进": "近", "展": "占", "建": "件", "设": "社", "农": "浓",
    "村": "存", "业": "叶", "生": "声", "活": "火", "保": "宝", "障": "帐", "安": "按", "全": "权", "教": "叫", "育": "玉", "项": "向", "目": "木",
    "民": "名", "县": "现", "市": "是", "区": "曲", "长": "常", "管": "馆", "理": "里", "服": "福", "务": "物",
}
SERVICE_WORDS = ("公积金", "身份证", "社保", "营业执照", "不动产登记")
SERVICE_TAIL = re.compile(r"(?:网上|在线)?(?:办理|申请|申领|申报|登记|审批|核发|办事指南|服务指南|指南|许可|备案|补办|补领|换领|换证)+(?:证)?$")
RARE = "鱻龘麤靐齉爩厵灪籱虋纞驫麣飍"


def squeezed(text: str) -> str:
    """A title as search engines compare it: NFKC, without punctuation and blanks, lower case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).lower()


def is_cut(title: str) -> bool:
    """A list has cut the title."""
    return bool(CUT.search(title))


def is_plain(title: str) -> bool:
    """No character in it that a page may refuse."""
    return not BLOCKED.search(title)


def query_of(title: str) -> str:
    """What a visitor types for a title: without what pages block, at most 40 characters."""
    return " ".join(BLOCKED.sub("", title).split())[:LONGEST].strip()


def typo_of(title: str, seed: str) -> str:
    """The title with one character mistaken for one that sounds alike, else with one left out; never at the ends."""
    query = query_of(title)
    draw = random.Random(f"{seed}:typo")
    inner = range(2, max(3, len(query) - 2))
    alike = [at for at in inner if at < len(query) and query[at] in SOUNDS_LIKE]
    if alike:
        at = draw.choice(alike)
        return query[:at] + SOUNDS_LIKE[query[at]] + query[at + 1:]
    at = draw.choice([at for at in inner if at < len(query)] or [0])
    return query[:at] + query[at + 1:]


def part_of(title: str, others: Iterable[str]) -> str:
    """A middle piece of 4 to 8 characters that no other known title has; empty when there is none."""
    known = [squeezed(other) for other in others if squeezed(other) != squeezed(title)]
    for length in range(LONGEST_PIECE, SHORTEST_PIECE - 1, -1):
        for piece in _pieces(title, length):
            if not any(squeezed(piece) in other for other in known):
                return piece
    return ""


def _pieces(title: str, length: int) -> list[str]:
    """Runs of Chinese characters of that length, those in the middle first; none that begins or ends with empty words."""
    found = []
    for run in HAN.finditer(title):
        for at in range(len(run[0]) - length + 1):
            piece = run[0][at:at + length]
            if not GENERIC.search(piece) and piece != title:
                found.append((abs(run.start() + at + length / 2 - len(title) / 2), piece))
    return [piece for _, piece in sorted(found, key=lambda pair: pair[0])]


def keyword_of(services: Iterable[str], seed: str) -> str:
    """The short name of one of the site's services, else a word that every site's services have."""
    draw = random.Random(f"{seed}:keyword")
    short = sorted({word for name in services if 3 <= len(word := SERVICE_TAIL.sub("", query_of(name))) <= 10})
    return draw.choice(short or SERVICE_WORDS)


def nonsense(seed: str) -> str:
    """Characters that no site has beside each other."""
    return "".join(random.Random(f"{seed}:nonsense").sample(RARE, 5))
