"""Which of the lists of a column page is the one that a visitor came for."""
import re
from bisect import bisect_right
from dataclasses import dataclass

from pytest_govsite.reading.addresses import path_of
from pytest_govsite.reading.labels import label, read_labels
from pytest_govsite.reading.list_groups import NEAR, Group
from pytest_govsite.reading.list_links import texts_in
from pytest_govsite.reading.list_pieces import PAGER, TEXT, Piece

SIDE = re.compile(
    r"(?:^|[\s_-])(?:a?side\d*|sidebar|hot\w*|rank\w*|recommend\w*|relat\w*|rdxw|rdtj|rdgz|xgxw|xgyd|xgxx|xgwz|tuijian|remen"
    r"|phb|djph)(?:$|[\s_\d-])"
)
SIDE_HEADING = re.compile(
    r"热点|热门|热文|热搜|推荐|^相关|排行|点击|猜你|浏览最多|关注度|延伸|您可能|友情|^最新(?:发布|信息|更新|文章|资讯|内容|公开|动态)$|^图片新闻$"
)
BODY = re.compile(
    r"trs_editor|trs_ueditor|trs_preappend"
    r"|(?:^|\s)(?:zoom|vsb_content\w*|v_news_content|ucap-content|pages_content|artibody|zhengwen)(?:$|\s)|article_?-?content|news_?-?content|con_?text|detail-content"
)
NEXT_PAGE = re.compile(r"^\s*(?:下一?页|后一?页|尾页|末页|最后一?页|next|>{1,2}|»|›)\s*[>»›]*$", re.IGNORECASE)
RUNNING = 200  # characters of running text that make a page no list
PARAGRAPH = 60
MOST_PAGERS = 20
FEW, MANY = 3, 8  # rows without a day that make a list, rows with a day that make one beside running text
PART = re.compile(r"^\D{0,4}(?:19|20)\d\d\s*年?|^\d{1,2}月|^第.{1,4}(?:季度|批|期)|^[一二三四1-4]季度")
INDEX = re.compile(r"/(?:index|default|list)?\.?(?:s?html?|jsp|aspx?|php)?$", re.IGNORECASE)


@dataclass(frozen=True)
class _Page:
    """What the choice needs to know of a page.

    names   what its column goes by; pagers: what turns pages; following: for each list the place where the next begins.
    titled  it calls itself an article; columned: it tells the name of its column; running: characters of running text
            outside the rows.
    """

    url: str
    names: frozenset[str]
    pagers: tuple[Piece, ...]
    following: dict[int, int]
    titled: bool
    columned: bool
    running: int


def choose(pieces: list[Piece], groups: list[Group], html: str, url: str) -> list[Group]:
    """The list of a column page, with its other parts (years, tabs) in page order; nothing when the page has none.

    Nothing as well for a channel page: several lists, each with its own heading and 更多, none of which goes on over
    further pages. Such a list belongs to the column that its 更多 leads to. And for a page that is to be read: running
    text or an article, with lists at its side.
    """
    page = _read(pieces, groups, html, url)
    if page.titled:
        return []
    scores = {id(group): _score(group, page) for group in groups}
    best = max(groups, key=lambda group: scores[id(group)], default=None)
    if best is None or not _is_main(best, groups, page):
        return []
    return [group for group in groups if group is best or _is_part(group, best, page)]


def _read(pieces: list[Piece], groups: list[Group], html: str, url: str) -> _Page:
    labels = read_labels(html)
    title = next((texts_in(piece) for piece in pieces if piece.tag == "title"), [])
    said = [label(labels, "ColumnName"), label(labels, "ColumnType"), *(text.text for text in title)]
    names = {part.strip() for text in said for part in re.split(r"[-_|–—>]", text) if part.strip()}
    pagers = [piece for piece in pieces if piece.tag == PAGER or piece.tag == TEXT and NEXT_PAGE.match(piece.text)]
    titled = bool(label(labels, "ArticleTitle") or label(labels, "PubDate"))
    following = {id(one): other.first for one, other in zip(groups, groups[1:], strict=False)}
    columned = bool(label(labels, "ColumnName") or label(labels, "ColumnType")) or len(names) > 1
    return _Page(url, frozenset(names), tuple(pagers[:MOST_PAGERS]), following, titled, columned, _running(pieces, groups))


def _running(pieces: list[Piece], groups: list[Group]) -> int:
    """Characters of running text that stand in no row."""
    rows = sorted((row.piece.place, row.piece.last) for group in groups for row in group.rows)
    starts = [start for start, _ in rows]
    mass = 0
    for piece in pieces:
        if piece.tag == TEXT and len(piece.text) >= PARAGRAPH and not piece.hidden and re.search("[，。；]", piece.text):
            at = bisect_right(starts, piece.place) - 1
            mass += 0 if at >= 0 and piece.place <= rows[at][1] else len(piece.text)
    return mass


def _score(group: Group, page: _Page) -> float:
    score = group.dated + 0.5 * (len(group.rows) - group.dated)
    score = min(score, 40.0)
    score *= 3 if _is_paged(group, page) else 1
    score *= 2 if group.heading in page.names else 1
    score *= 1.5 if _is_under(group, page.url) else 1
    score *= 0.15 if _is_beside(group, page) else 1
    score *= 0.3 if _leads_away(group, page) else 1
    return score * (0.5 if group.hidden else 1)


def _is_paged(group: Group, page: _Page) -> bool:
    """A pager follows, and no other list stands between."""
    following = page.following.get(id(group))
    for pager in page.pagers:
        after = group.last < pager.place and (following is None or pager.place < following)
        if (after or group.box.holds(pager)) and any(above.holds(pager) for above in [group.box, *group.box.up(NEAR)]):
            return True
    return False


def _is_under(group: Group, url: str) -> bool:
    """Most rows lie in the folder of the page."""
    folder = path_of(url).rsplit("/", 1)[0] + "/"
    under = sum(1 for row in group.rows if path_of(row.link.url).startswith(folder))
    return folder != "/" and 2 * under > len(group.rows)


def _is_beside(group: Group, page: _Page) -> bool:
    """What every page of the site may carry at its side."""
    if group.heading and group.heading in page.names:
        return False
    if SIDE_HEADING.search(group.heading):
        return True
    return any(piece.tag == "aside" or SIDE.search(piece.names) for piece in [group.box, *group.box.up(4)])


def _leads_away(group: Group, page: _Page) -> bool:
    """Its 更多 link or the link of its heading leads to another page."""
    return any(address and _bare(address) != _bare(page.url) for address in (group.more, group.headed_by))


def _bare(address: str) -> str:
    path, mark, query = address.partition("?")
    return INDEX.sub("", path_of(path).rstrip("/") or "/") + mark + query


def _is_main(best: Group, groups: list[Group], page: _Page) -> bool:
    if _is_paged(best, page):
        return not _is_beside(best, page) or best.dated >= FEW
    named = bool(best.heading) and best.heading in page.names
    if _is_beside(best, page) or best.dated == 0 and len(best.rows) < FEW:
        return False
    if _is_named_otherwise(best, page) and best.dated < MANY:
        return False
    if page.running > RUNNING and not (named or best.dated >= MANY and _is_under(best, page.url)):
        return False
    if any(BODY.search(piece.names) for piece in best.box.up(4)) and not best.dated:
        return False
    return not _leads_away(best, page) and not _is_one_of_several(best, groups, page)


def _is_named_otherwise(best: Group, page: _Page) -> bool:
    """Its heading is the name of something else than the column: the list of the column may not have come at all."""
    if best.tab is not None or not best.heading or not page.columned or PART.search(best.heading) or _is_under(best, page.url):
        return False
    return not any(name in best.heading or best.heading in name for name in page.names)


def _is_one_of_several(best: Group, groups: list[Group], page: _Page) -> bool:
    """A channel page: further lists with headings of their own, and none that stands out."""
    if best.heading in page.names and best.heading:
        return False
    others = [group for group in groups if group is not best and not _is_part(group, best, page)]
    headed = [group for group in others if group.heading and group.heading != best.heading and not _is_beside(group, page)]
    return bool(best.heading) and any(2 * len(group.rows) >= len(best.rows) for group in headed)


def _is_part(group: Group, best: Group, page: _Page) -> bool:
    """Another part of the same list: a tab beside it, the rows of another year."""
    if _leads_away(group, page) or _is_beside(group, page):
        return False
    if group.tab is not None and best.tab is not None and group.tab.parent is best.tab.parent:
        return True
    alike = group.box.tag == best.box.tag and group.box.names == best.box.names
    named = not group.heading or group.heading == best.heading or PART.search(group.heading)
    return alike and bool(named) and any(one is other for one in group.box.up(2) for other in best.box.up(2))
