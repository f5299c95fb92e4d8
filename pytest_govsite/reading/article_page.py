"""What a content page says of itself beside its text: its date, its source, its title, and whether it is one at all."""
import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.model.page import ShownDate
from pytest_govsite.reading.article import Article, read_article
from pytest_govsite.reading.attribution import WEEKDAY, Rank, names_publication, rank_of
from pytest_govsite.reading.body import SHORT_PARAGRAPH, is_paragraph
from pytest_govsite.reading.dates import as_written, shown_date
from pytest_govsite.reading.days import Day, find_days, parse_date
from pytest_govsite.reading.flow import Line, is_shown, parse
from pytest_govsite.reading.labels import label, read_labels
from pytest_govsite.reading.particulars import AFTER_BODY, FOOT, has_credit, is_particulars, is_row
from pytest_govsite.reading.refresh import read_refresh
from pytest_govsite.reading.roles import ROWS, dated_rows
from pytest_govsite.reading.sources import named_source, shown_source
from pytest_govsite.reading.url_days import day_in_url

ERROR = re.compile(
    r"(?:页面|网页|文章|信息|内容|文件|栏目|资源|链接)[^。，]{0,12}(?:不存在|找不到|未找到|无法找到|无法访问|已(?:被)?删除|已失效|已下线|丢失)"
    r"|(?:找不到|未找到)[^。，]{0,8}(?:页面|网页|文件|资源)"
    r"|\b40[34]\b|not found|服务器(?:内部)?错误|系统(?:错误|异常|维护)|(?:没有|无)权限"
)
SHORT_PAGE = 400  # characters of text that error pages, logins and viewers do not pass
VIEWER = "embed, object[data], iframe[src*='.pdf'], iframe[src*='pdfjs'], iframe[src*='viewer'], #viewerContainer"
ABOVE = 40  # lines above the title that may hold its date
NEAR = 5
CLOCK = " 10:20:30 "  # what may stand beside a day that is alone
BELOW = 2000  # lines down to the foot of the text
LONGEST_FOOT = 80  # characters of a line of particulars at the foot of the text
OPENING = 120  # characters
CLOSING = 6  # lines at the end of the body, or after it
READ_OF_A_LINE = 500


@dataclass(frozen=True)
class ArticleRead:
    """What a content page says of itself.

    shown           publication date that a visitor reads; None: the page shows none. Its iso is None when a date stands
                    there that cannot be attributed, or not between title and body.
    labelled        day of its label PubDate; title as the page shows it or labels it.
    source          as shown between title and body; content_source: label ContentSource.
    credit          source named in or under the text; opening: the first words of the text.
    is_article      title and text were both found; else `why` says what the page is, and no date is no evidence.
    waiting         a label for the date stands there without a value: a script may write it.
    """

    shown: ShownDate | None = None
    labelled: str | None = None
    source: str = ""
    title: str = ""
    content_source: str = ""
    credit: str = ""
    opening: str = ""
    is_article: bool = True
    why: str = ""
    waiting: bool = False


def read_article_page(html: str, url: str = "", listed: str | None = None, title: str = "") -> ArticleRead:
    """Reads a page behind a list; `listed` is the day, `title` the title that the list gives, when they are known."""
    tree = parse(html)
    article = read_article(html, tree, title)
    labels = read_labels(html)
    labelled = parse_date(label(labels, "PubDate"))
    other = _no_article(tree, html, url, article, titled=bool(label(labels, "ArticleTitle") or labelled))
    days = {day for day in (listed, labelled.isoformat() if labelled else None, day_in_url(url)) if day}
    shown = None if other else shown_date(article) or _elsewhere(article, days, viewer=tree.css_first(VIEWER) is not None)
    if _is_list(tree, article, shown):
        other, shown = "列表页", None
    why = other or ("" if shown or article.firm else _not_found(article))
    return ArticleRead(
        shown=shown, labelled=labelled.isoformat() if labelled else None,
        source="" if other else shown_source(article), title=_title(article, label(labels, "ArticleTitle")),
        content_source=label(labels, "ContentSource"), credit=_credit(article), opening=_text(article)[:OPENING],
        is_article=not why, why=why, waiting=_is_waiting(article),
    )


def _no_article(tree: LexborHTMLParser, html: str, url: str, article: Article, *, titled: bool) -> str:
    """What the page is when it plainly is no article; empty otherwise."""
    text = " ".join(line.plain for line in article.lines if not line.hidden)
    short = len(text) < SHORT_PAGE
    if read_refresh(html, url):
        return "转向其他地址的页面"
    if not text:
        return "没有文字的页面"
    if titled or article.body.boxed:
        return ""
    if short and ERROR.search(text):
        return "错误提示页"
    if short and any(is_shown(field) for field in tree.css("input[type=password]")):
        return "登录页"
    if short and article.title is None and tree.css_first(VIEWER) is not None:
        return "文件查看页"
    return ""


def _is_list(tree: LexborHTMLParser, article: Article, shown: ShownDate | None) -> bool:
    attributed = shown is not None and shown.iso is not None
    return not attributed and not article.body.found and dated_rows(tree) >= ROWS


def _not_found(article: Article) -> str:
    return "没有认出标题" if article.title is None or not article.title.sure else "没有认出正文"


def _elsewhere(article: Article, days: set[str], *, viewer: bool) -> ShownDate | None:
    """A day outside title and body that may be the publication: open, for nobody can say that the page shows none.

    One that is labelled so, one that list, label or address give as well, or one that stands alone right above the title, or
    below it with more text or a file (`viewer`) to follow: what was taken for the text may be a summary. At the end of all
    text a day is the signature's.
    """
    if article.title is None:
        return None
    first, lines = article.title.first, article.lines
    above = [line for line in lines[max(0, first - ABOVE):first] if not line.hidden]
    below = [line for line in lines[article.title.last + 1:] if not line.hidden][:BELOW]
    texts = [i for i, line in enumerate(below) if is_paragraph(line, SHORT_PARAGRAPH)]
    early = {id(line) for line in (below if viewer and not article.body.boxed else below[:texts[-1]] if texts else ())}
    for distance, (line, day, rank) in _free_days(above, below):
        said = rank >= Rank.ENTERED or (rank >= Rank.SILENT and has_credit(line.text) and is_particulars(line.text))
        claimed = said and len(line.text) <= LONGEST_FOOT
        vouched = day.iso in days and rank >= Rank.UNKNOWN and not article.holds(line)
        beside = rank is Rank.SILENT and (distance <= NEAR or id(line) in early) and _alone(line, day)
        if claimed or vouched or beside:
            return ShownDate(as_written(day), None)
    return None


def _free_days(above: list[Line], below: list[Line]) -> Iterator[tuple[int, tuple[Line, Day, Rank]]]:
    """Days that are no part of a row of links, with their distance from the title and what is said of them."""
    placed = [(len(above) - i, above, i) for i in range(len(above))] + [(ABOVE, below, i) for i in range(len(below))]
    for distance, lines, i in placed:
        text = lines[i].text[:READ_OF_A_LINE]
        beside_row = AFTER_BODY.match(text) or any(is_row(line) for line in lines[max(0, i - 1):i + 2])
        for day in find_days(text) if not beside_row else ():
            if day.form == "whole" and not WEEKDAY.match(text[day.end:]):
                yield distance, (lines[i], day, rank_of(text[:day.start], lines[i - 1].text if i else ""))


def _alone(line: Line, day: Day) -> bool:
    return len(line.text) <= len(day.text) + len(CLOCK)


def _is_waiting(article: Article) -> bool:
    zones = article.zones
    return any(names_publication(text.rstrip(" []【】-—")) for zone in zones[:3] for text in _pieces(zone.texts))


def _pieces(texts: tuple[str, ...]) -> Iterator[str]:
    """The texts up to each of their wide gaps, where a label may end without a value."""
    for text in texts:
        yield from (piece for piece in re.split(r" {2}|\u2009", text[:READ_OF_A_LINE]) if piece)


def _title(article: Article, labelled: str) -> str:
    if article.title is None or not article.title.sure:
        return labelled
    return labelled or article.lines[article.title.last].plain


def _text(article: Article) -> str:
    """The beginning of the text: of the body where it is found, else of what reads like it."""
    start = article.body.start if article.body.found else article.text
    lines = [line.plain[:OPENING] for line in article.lines[start:start + ABOVE] if not line.hidden]
    ends = [i for i, text in enumerate(lines) if AFTER_BODY.match(text) or FOOT.search(text)]
    return " ".join(lines[:ends[0] if ends else None])


def _credit(article: Article) -> str:
    """The source that the first or last lines of the text name: （来源：云山日报）."""
    start = article.body.start if article.body.found else article.text
    lines = [line for line in article.lines[start:] if not line.hidden]
    last = max((i for i, line in enumerate(lines) if article.holds(line)), default=len(lines) - 1)
    nearby = [*lines[:CLOSING], *lines[max(0, last - CLOSING):last + CLOSING]]
    return next(filter(None, (named_source(line.text) for line in nearby)), "")
