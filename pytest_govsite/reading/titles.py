"""The title of a content page: what it may be, and the lines where it stands."""
import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.reading.attribution import WEEKDAY, Rank, rank_of
from pytest_govsite.reading.days import DATE
from pytest_govsite.reading.flow import SEAM, Line
from pytest_govsite.reading.labels import label, read_labels
from pytest_govsite.reading.particulars import FOOT, has_credit, is_byline, is_particulars, is_row, is_text

LONGEST_TITLE = 300
SHORTEST_TITLE = 4
SHORTEST_ROW = 6  # characters of a list's title that is no 详情 or 更多
SHORTEST_PART = 8  # characters of a part of the window's title that is no mere column
LOOKED_AT = 5000  # lines: titles stand in front
MOST_HEADINGS = 60
LIKENED = 400  # lines compared character by character
GUESSED_WITHIN = 12  # lines before the body
LONGEST_FIELD = 40  # characters of a line that a date dominates
NEXT = 4  # lines under a heading that may be its particulars
TOOL = re.compile(r"扫一扫|二维码|手机|微信|无障碍|当前位置|您的位置")
SEPARATORS = re.compile(r"\s*(?:[-_—–|｜丨»«<>/\\]|::)+\s*|\s{2,}")
HEADINGS = (
    "h1, ucaptitle, h2, h3, .bt, .biaoti, [class*=tit], [class*=Tit], [class*=headline], [id*=title], [id*=Title], "
    "font[size='4'], font[size='5'], font[size='6'], font[size='+2'], font[size='+1']"
)
SITE_NAME = re.compile(r"(?:网|网站|门户|平台|人民政府|首页)$")
ORGAN = re.compile(r"^(?:中国|国家|.{2,7}?[省市县区州旗盟镇乡]).{0,12}(?:局|厅|部|委|委员会|管委会|政府|办公室|中心|法院|检察院|协会)$")
DEED = re.compile(r"关于|召开|举[行办]|调研|督[导查]|检查|走访|慰问|视察|考察|印发|[到赴为在]")


@dataclass(frozen=True)
class Title:
    """A title on its page.

    name    without blanks and punctuation.
    places  indices of the lines where it begins; last: the one before the body, first: of those shortly before it.
    sure    a label, the window's title, a list, or the only main heading says that it is one.
    """

    name: str
    places: tuple[int, ...]
    last: int
    first: int
    sure: bool = True

    def before(self, body: int) -> "Title":
        """The title as it stands before the body, or in its box where it stands nowhere else."""
        places = [place for place in self.places if place < body] or list(self.places[:1])
        near = [place for place in places if place > places[-1] - 60]
        return replace(self, last=places[-1], first=near[0])


def find_title(html: str, tree: LexborHTMLParser, lines: list[Line], listed: str = "") -> Title | None:
    """The title, where a label, the window's title, a list or a heading names a text of the page; None when none does."""
    strong, weak = _names(html, tree, listed)
    heads = frozenset(head.mem_id for head in tree.css("h1, h2, h3"))
    texts = [("" if line.hidden else bare(line.text)) for line in lines[:LOOKED_AT]]
    named = _by_name(lines, texts, strong, heads) or _by_likeness(lines, texts, strong[:1])
    if named:
        return named
    headings = _headings(tree, lines, heads)
    main = frozenset(head.mem_id for head in tree.css("h1, ucaptitle"))
    headed = _by_heading(lines, headings, [i for i in headings if main.intersection(lines[i].path)])
    found = headed or _by_name(lines, texts, weak, heads)
    return found and replace(found, sure=found.sure and found is headed)


def _by_name(lines: list[Line], texts: list[str], names: list[str], heads: frozenset[int]) -> Title | None:
    """The first of the names that stands on the page."""
    for name in names:
        places = tuple(i for i, text in enumerate(texts) if _begins_title(text, name, texts[i + 1:i + 3]))
        places = tuple(i for i in places if not _leads_away(lines[i], name, heads) and not FOOT.search(lines[i].text))
        if places:
            return Title(name, places, places[-1], places[0])
    return None


def _by_likeness(lines: list[Line], texts: list[str], names: list[str]) -> Title | None:
    """The last line that is the name but for a few characters."""
    for name in names:
        like = [i for i, text in enumerate(texts[:LIKENED]) if _is_like(lines[i], text, name)]
        if like:
            return Title(texts[like[-1]], (like[-1],), like[-1], like[-1])
    return None


def _by_heading(lines: list[Line], headings: dict[int, str], main: list[int]) -> Title | None:
    """The only main heading; else the heading that particulars follow; else the last before the first running text."""
    fields = _fields(lines[:LOOKED_AT])
    nearest = [max((i for i in headings if field - NEXT <= i < field), default=None) for field in fields]
    followed = [i for i in nearest if i is not None]
    text = next((i for i, line in enumerate(lines) if is_text(line)), len(lines))
    chosen = [*(main if len(main) == 1 else ()), *followed[:1], *[i for i in headings if i < text][-1:], *headings][:1]
    if not chosen:
        return None
    return Title(headings[chosen[0]], (chosen[0],), chosen[0], chosen[0], sure=main == chosen)


def _fields(lines: list[Line]) -> list[int]:
    """Lines that name a source, or a date that may be the page's."""
    found, above = [], ""
    for i, line in enumerate(lines):
        text = line.text[:LONGEST_TITLE]
        if line.hidden or is_row(line):
            continue
        day = DATE.search(text)
        free = day and rank_of(text[:day.start()], above) >= Rank.SILENT and not WEEKDAY.match(text[day.end():])
        if (is_particulars(text) and has_credit(text)) or (free and len(text) <= LONGEST_FIELD):
            found.append(i)
        above = text
    return found


def _could_be_title(line: Line) -> bool:
    name = bare(line.text)
    fits = 6 <= len(name) <= 100 and not line.hidden and not line.links and not TOOL.search(name)
    return fits and not is_byline(line.text) and not DATE.search(line.text) and not re.search(r"[:：。]", line.text)


def guess_title(lines: list[Line], body: int) -> Title | None:
    """The last line before the body that could be a title: good for finding a date under it, for nothing else."""
    for i in range(body - 1, max(-1, body - GUESSED_WITHIN), -1):
        if _could_be_title(lines[i]):
            return Title(bare(lines[i].text), (i,), i, i, sure=False)
    return None


def _names(html: str, tree: LexborHTMLParser, listed: str) -> tuple[list[str], list[str]]:
    """What the title may be, without blanks and punctuation, as labels, the window and a list say, most certain first;
    and short parts of the window's title, which may as well be a column's name.
    """
    labels = read_labels(html)
    node = tree.css_first("title")
    full = node.text() if node is not None else ""
    row = bare(listed)
    said = [
        bare(label(labels, "ArticleTitle")), bare(full), row if len(row) >= SHORTEST_ROW else "", bare(label(labels, "title")),
    ]
    parts = sorted((bare(part) for part in SEPARATORS.split(full)), key=len, reverse=True)
    site = {bare(label(labels, name)) for name in ("SiteName", "ColumnName")}
    fitting = [
        name for name in dict.fromkeys([*said, *parts])
        if 2 <= len(name) <= LONGEST_TITLE and name not in site and not _names_a_site(name)
    ]
    strong = [name for name in fitting if name in said or len(name) >= SHORTEST_PART]
    return strong, [name for name in fitting if name not in strong]


def _headings(tree: LexborHTMLParser, lines: list[Line], heads: frozenset[int]) -> dict[int, str]:
    """The texts of what looks like headings of the page's own text, by their first line; several lines as a whole.

    A heading may hold its date and source as well: what comes from there on is not of its name.
    """
    boxes = frozenset(node.mem_id for node in tree.css(HEADINGS))
    texts: dict[int, str] = {}
    firsts: dict[int, int] = {}
    ended: set[int] = set()
    for i, line in enumerate(lines[:LOOKED_AT] if boxes else ()):
        inside = next((box for box in reversed(line.path) if box in boxes), None)
        if inside and inside not in ended and not line.hidden and (not line.linked or heads.intersection(line.path)):
            words, more = _less_particulars(line.text[:LONGEST_TITLE], begun=inside in firsts)
            firsts.setdefault(inside, i)
            texts[inside] = texts.get(inside, "") + words
            ended.update({inside} if more else ())
    found = [(firsts[box], bare(text), box in ended) for box, text in texts.items()][:MOST_HEADINGS]
    return {i: name for i, name, dated in found if _could_head(name, dated=dated) and not FOOT.search(lines[i].text)}


def _less_particulars(text: str, *, begun: bool) -> tuple[str, bool]:
    """The words of a line of a heading before a date or a source in an element of its own, and whether there is one."""
    pieces = text.split(SEAM)
    for i, piece in enumerate(pieces):
        if (i or begun) and _is_particular(piece):
            return SEAM.join(pieces[:i]), True
    return text, False


def _is_particular(text: str) -> bool:
    day = DATE.search(text)
    free = day and rank_of(text[:day.start()], "") >= Rank.SILENT and not WEEKDAY.match(text[day.end():])
    alone = free and len(bare(text[:day.start()] + text[day.end():])) <= SHORTEST_PART
    return bool(alone) or (is_particulars(text) and has_credit(text))


def _could_head(name: str, *, dated: bool) -> bool:
    """Short words head a page when their own date stands with them; figures alone never do."""
    fits = (SHORTEST_TITLE if dated else SHORTEST_PART) <= len(name) <= 100
    return fits and not name.isdecimal() and not _names_a_site(name)


def _names_a_site(name: str) -> bool:
    return bool(SITE_NAME.search(name) or (ORGAN.search(name) and not DEED.search(name)))


def _begins_title(text: str, name: str, following: list[str]) -> bool:
    """The line is the title, the first of its lines, its end, or the title with a little more."""
    if len(text) < SHORTEST_TITLE or len(name) < SHORTEST_TITLE:
        return text == name
    if name in text:
        return len(text) < len(name) + 60
    goes_on = 2 * len(text) >= len(name) or any(next_ and text + next_ in name for next_ in following)
    begins = name.startswith(text) and 3 * len(text) >= len(name) and goes_on
    return begins or (len(text) >= 8 and name.endswith(text) and 3 * len(text) >= len(name))


def _leads_away(line: Line, name: str, heads: frozenset[int]) -> bool:
    """The title is a link: a row of a list, a menu; in a heading it may be the page's own."""
    links = [bare(text) for text, _ in line.links]
    inside = any(len(text) >= SHORTEST_TITLE and (text in name or name in text) for text in links)
    return (inside or line.linked) and not heads.intersection(line.path)


def _is_like(line: Line, text: str, name: str) -> bool:
    """The line is the title but for a few characters: labels are typed by hand."""
    if not 8 <= len(text) <= LONGEST_TITLE or abs(len(text) - len(name)) > len(text) / 3 or line.linked:
        return False
    matcher = SequenceMatcher(None, text, name, autojunk=False)
    return matcher.real_quick_ratio() >= 0.8 and matcher.quick_ratio() >= 0.8 and matcher.ratio() >= 0.8


def is_part(line: Line, name: str) -> bool:
    """The line is the title, a part of it, or holds it."""
    text = bare(line.text)
    return len(text) >= SHORTEST_TITLE and bool(name) and (text in name or (name in text and len(text) < len(name) + 60))


def without_title(text: str, name: str) -> str:
    """The text of a line less the title, or less a part of it that fills the line."""
    rest = bare(text)
    if name and len(rest) >= SHORTEST_TITLE and rest in name and (rest == name or not DATE.match(text.strip("（(【[ "))):
        return ""
    if name and name in rest:
        return re.sub(r"[\W_]*".join(map(re.escape, name)), " ", text)
    return text


def bare(text: str) -> str:
    """A text without blanks and punctuation."""
    return re.sub(r"[\W_]+", "", text)
