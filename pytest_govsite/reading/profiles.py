"""What a page says about one leader: the life, the division of work, the post."""
import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.reading.addresses import resolve
from pytest_govsite.reading.body import BODY_SELECTOR
from pytest_govsite.reading.flow import SEAM, Line, parse, plain, read_lines
from pytest_govsite.reading.links import ATTACHMENT
from pytest_govsite.reading.people import POST_WORD, joined, read_caption

LIFE = re.compile(
    r"(?:^|[，,、\s])[男女]\s*(?:[,，、。]|$)|(?:^|[，,、\s])[一-鿿]{1,5}族\s*[,，、]|(?:19|20)\d\d\s*[年.]\s*\d{1,2}\s*月?\s*(?:出?生|参加|加入|入党)|出生"
    r"|参加工作|中共党员|无党派|大学(?:学历|文化|毕业|本科)|研究生|硕士|博士|本科|大专|学历|籍贯|历任|曾任|毕业于|(?:工作|任职)经历"
    r"|(?:19|20)\d\d[.年]\d{0,2}\s*月?\s*(?:—|-|－|–|至|起)+\s*(?:(?:19|20)\d\d|今)?.{0,12}(?:任|学习|工作|干部|在)"
)
DUTY = re.compile(
    r"(?:主持(?!人)|负责(?!人|编辑)|分管|协管|协助|统筹|牵头|联系(?!我们|人|电话|方式|地址|邮箱|方法|传真)|主管(?!单位|部门|机关|[:：])|兼管).{3,}"
)
RUN_BY = re.compile(r"主办|承办|版权|维护|备案|标识码|网站")  # the bottom of a page also says who is 负责
LIFE_LABEL = re.compile(r"(?:个人|工作|任职|主要|领导|人物)*(?:简历|简介|履历|经历)")
DUTY_LABEL = re.compile(r"(?:工作|领导|主要|职责|具体|岗位)*(?:分工|职责|职能|分管工作|负责工作)(?:情况|范围)?")
LABELLED = re.compile(rf"^[\s【\[●■◆▪]*(?P<label>[一-鿿\s{SEAM}]{{2,12}}?)[】\]\s{SEAM}]*[:：]\s*(?P<value>.*)$", re.DOTALL)
EMPTY = re.compile(r"[（(【\[]?(?:暂无.*|略|无|空|待.{0,6}|.{0,4}(?:更新|完善|整理|补充|建设|维护)中|正在.{0,10}|敬请期待|[-—/.…]*)[）)】\]]?[。.!！…]*")
OFFICE = re.compile(rf"(?:现任|现为|(?<![历曾原后专主责信选聘])任|今)[，,：:\s]*(?P<post>[一-鿿、（）() ]{{0,40}}{POST_WORD})")
ANY_OFFICE = re.compile(rf"[一-鿿]{{0,20}}{POST_WORD}")
BOUND = 200
HEADING = 60  # characters, longer is running text
SHORTEST = 4  # characters: 审计工作
DETAIL = re.compile(r"简历|简介|履历|分工|职责|详情|详细|了解更多|查看|点击进入|个人信息|基本信息")
NARROW, WIDE = 300, 400  # pixels: a portrait, and a picture of a page of text
BODY_IMAGES = ", ".join(f"{box.strip()} img" for box in BODY_SELECTOR.split(","))
EMBEDDED = "object[data*='.pdf'], embed[src*='.pdf'], iframe[src*='.pdf'], iframe[src*='viewer']"
PORTRAIT = re.compile(r"头像|照片|portrait|avatar|head", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """What was read of a life and of a division of work, each bounded; empty when nothing was."""

    resume: str = ""
    duty: str = ""

    def __or__(self, other: "Words") -> "Words":
        return Words(self.resume or other.resume, self.duty or other.duty)

    def __bool__(self) -> bool:
        return bool(self.resume or self.duty)


@dataclass(frozen=True)
class Profile:
    """The page of one leader.

    more     links to further pages about the same person: 简历, 分工, 详情, as tabs of their own pages.
    silent   pictures or files that may hold in their way what the words do not say.
    """

    words: Words
    post: str = ""
    more: tuple[str, ...] = ()
    silent: bool = False


def read_words(lines: Sequence[Line]) -> Words:
    """The first words about a life and the first about a division of work, by their labels or by what they say."""
    resume = duty = ""
    for at, line in enumerate(lines):
        text = plain(line.text)
        label, value = _labelled(text)
        if value == "" and label and at + 1 < len(lines):
            value = _below(lines[at + 1])
        if label == "life":
            resume = resume or _kept(value)
        elif label == "duty":
            duty = duty or _kept(value)
        elif len(text) >= 2 * SHORTEST and not EMPTY.fullmatch(text):
            resume = resume or (text if LIFE.search(text) else "")
            duty = duty or (text if DUTY.search(text) and not RUN_BY.search(text) else "")
    return Words(resume[:BOUND], duty[:BOUND])


def read_words_about(html: str, name: str) -> Words:
    """The same from a page about several people: only from lines that name this one, and those below such a caption."""
    lines = read_lines(parse(html))
    words = Words()
    for at, line in enumerate(lines):
        if name in joined(line.text).replace(SEAM, "")[:HEADING]:
            near = [other for other in lines[at + 1:at + 12] if _is_near(line, other)]
            words |= read_words([line, *_until_next_person(near)])
    return words


def read_profile(html: str, base_url: str, name: str) -> Profile:
    """What the page of one leader says."""
    tree = parse(html)
    lines = read_lines(tree)
    words = read_words([line for line in lines if not line.linked])
    files = [href for line in lines for text, href in line.links if ATTACHMENT.search(href) and (name in text or DETAIL.search(text))]
    links = [(text, resolve(base_url, href)) for line in lines for text, href in line.links]
    more = [url for text, url in links if url and len(text) <= 12 and DETAIL.search(text) and not ATTACHMENT.search(url)]
    node = tree.css_first("title")
    post = read_post(lines, name, node.text() if node is not None else "")
    silent = files or tree.css(EMBEDDED) or _holds_pictures(tree, name)
    return Profile(words, post, tuple(dict.fromkeys(more)), bool(silent))


def read_post(lines: Sequence[Line], name: str, title: str = "") -> str:
    """The post beside the name, else one that stands alone, else one that the life tells of, or a heading with the name."""
    captions = [caption for line in lines if (caption := read_caption(line.text))]
    beside = (post for caption in captions for who, post in caption.people if who == name and post)
    alone = ("、".join(caption.posts) for caption in captions if caption.posts)
    told = (found["post"] for line in lines if (found := OFFICE.search(plain(line.text))))
    named = [title, *(plain(line.text) for line in lines if name in joined(line.text))]
    headings = [text for text in named if len(text) <= HEADING and not LIFE.search(text)]
    headed = (found.group() for text in headings if (found := ANY_OFFICE.search(text)))
    return next((post for posts in (beside, alone, told, headed) for post in posts), "")[:BOUND]


def _labelled(text: str) -> tuple[str, str]:
    """("life" | "duty" | "", value) of a line that begins with a label, or is one."""
    found = LABELLED.match(text)
    label = re.sub(r"\s", "", found["label"] if found else text.strip("【】[]：: "))
    value = found["value"].strip() if found else ""
    if LIFE_LABEL.fullmatch(label):
        return "life", value
    return ("duty", value) if DUTY_LABEL.fullmatch(label) else ("", "")


def _below(line: Line) -> str:
    """What stands under a label; nothing when it is another label, a caption, or a link."""
    text = plain(line.text)
    follows = not line.linked and not LABELLED.match(text) and read_caption(line.text) is None and not _labelled(text)[0]
    return text if follows else ""


def _kept(value: str) -> str:
    return value if len(value) >= SHORTEST and not EMPTY.fullmatch(value) else ""


def _is_near(line: Line, other: Line) -> bool:
    """They stand in the same box, or in boxes beside one another."""
    return set(line.path[:max(1, len(line.path) - 3)]) <= set(other.path)


def _until_next_person(lines: Sequence[Line]) -> list[Line]:
    people = [at for at, line in enumerate(lines) if (caption := read_caption(line.text)) and caption.people]
    return list(lines[:people[0]] if people else lines)


def _holds_pictures(tree: LexborHTMLParser, name: str) -> bool:
    """The body holds a picture as wide as a page of text, or more than the one that a portrait is."""
    pictures = [node for node in tree.css(BODY_IMAGES) if not _is_portrait(node, name)]
    return len(pictures) > 1 or any(_width(node) >= WIDE for node in pictures)


def _is_portrait(node: LexborNode, name: str) -> bool:
    words = " ".join(filter(None, (node.attributes.get(attribute) for attribute in ("alt", "title", "class"))))
    return bool(name in words or PORTRAIT.search(words) or 0 < _width(node) < NARROW)


def _width(node: LexborNode) -> int:
    """In pixels, as the page asks for it; 0 when it leaves that to the picture."""
    style = re.search(r"(?<![\w-])width\s*:\s*(\d+)px", node.attributes.get("style") or "")
    written = style or re.match(r"(\d+)(?:px)?$", (node.attributes.get("width") or "").strip())
    return int(written[1]) if written else 0
