"""Is it a content page or a column page? Only what is plain counts: None otherwise, and the page is not drawn."""
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.model.page import Role
from pytest_govsite.reading.dates import read_shown_date
from pytest_govsite.reading.labels import label, read_labels

# containers of an article's body in the markup of the common systems (TRS, Hanweb, Boda, Kaipuyun, NFCMS)
BODIES = (
    ".TRS_Editor, .trs_editor_view, .TRS_UEDITOR, #zoom, .main-txt, #vsb_content, #vsb_content_2, .v_news_content, "
    "#UCAP-CONTENT, .pages_content, .news_cont_d_wrap, .article-content, #article_content, .article_content, #artibody"
)
DATE = re.compile(r"(?<!\d)(?:20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{2}-\d{2})(?!\d)")
ROWS = 4  # dated links that make a list
BODY_LENGTH = 80


def read_role(html: str, url: str = "") -> Role | None:
    """"article", "column", or None when the page gives no firm sign of either."""
    tree = LexborHTMLParser(html)
    labels = read_labels(html)
    rows = dated_rows(tree)
    titled = bool(label(labels, "ArticleTitle") or label(labels, "PubDate"))
    if titled:
        return "article"
    if rows >= ROWS:
        return "column"
    if _body_length(tree) >= BODY_LENGTH and read_shown_date(html):
        return "article"
    if label(labels, "ColumnName") or label(labels, "ColumnType"):
        return "column"
    return None


def dated_rows(tree: LexborHTMLParser) -> int:
    """How many list rows have a link and a date of their own."""
    return sum(1 for row in tree.css("li, tr, dd, dt") if _is_dated_row(row))


def _is_dated_row(row: LexborNode) -> bool:
    if any(inner.mem_id != row.mem_id for inner in row.css("li, tr, dd, dt")):
        return False  # a row of rows: its own rows are counted
    return row.css_first("a[href]") is not None and bool(DATE.search(row.text(deep=True, separator=" ")[:400]))


def _body_length(tree: LexborHTMLParser) -> int:
    return max((len(node.text(deep=True).strip()) for node in tree.css(BODIES)), default=0)
