"""What one page of the crawl says about columns. The page itself is kept compressed: what all pages share is learnt later."""
import re
from dataclasses import dataclass, field
from functools import lru_cache

from pytest_govsite.gather.kept import pack, unpack
from pytest_govsite.gather.opening import Opened
from pytest_govsite.gather.scope import RECENT, key_of
from pytest_govsite.model.missing import Missing
from pytest_govsite.reading.categories import loosely
from pytest_govsite.reading.labels import label, read_labels
from pytest_govsite.reading.links import read_links
from pytest_govsite.reading.lists import Row, main_rows
from pytest_govsite.reading.navigation import Place, read_navigation
from pytest_govsite.reading.paging import Paging, read_paging
from pytest_govsite.reading.text import title_of
from pytest_govsite.reading.trail import read_trail

LONGEST_NAME, MOST_WORDS = 200, 200
TEMPLATE = re.compile(r"\{\{[^{}]{1,80}\}\}|\bv-for\s*=|\bng-repeat\s*=|<%=[^%]{1,80}%>|\$\{[\w.]{1,40}\}")
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.IGNORECASE | re.DOTALL)
GENERIC = re.compile(r"(?:查看|点击|了解)?(?:更多|more|详细|详情|进入|全部)\W*", re.IGNORECASE)
NO_NAME_IN_TRAIL = re.compile(r"正文|内容|列表|信息列表|文章列表|栏目列表|列表页|详情|当前位置|首页|网站首页")


@dataclass(frozen=True)
class Seen:
    """One page that was opened.

    titled     its labels say that it is an article.
    words      its short links, text and address: any of them may name a column, wherever it leads.
    drawn      it holds places that a script fills: what was sent is not what a visitor reads.
    """

    url: str
    final_url: str
    packed: bytes = field(repr=False)
    by_browser: bool = False
    failed: tuple[str, ...] = ()
    unsettled: Missing | None = None
    title: str = ""
    column_name: str = ""
    column_type: str = ""
    titled: bool = False
    trail: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()
    places: tuple[Place, ...] = ()
    paging: Paging = field(default_factory=lambda: Paging((), 0))
    words: tuple[tuple[str, str], ...] = ()
    drawn: bool = False

    @property
    def key(self) -> str:
        return key_of(self.final_url)

    @property
    def html(self) -> str:
        return unpack(self.packed)


def read_seen(page: Opened) -> Seen:
    """All readers applied to one page."""
    labels = read_labels(page.html)
    return Seen(
        url=page.url, final_url=page.final_url, packed=pack(page.html), by_browser=page.by_browser, failed=page.failed,
        unsettled=page.unsettled, title=title_of(page.html), rows=main_rows(page.html, page.final_url),
        column_name=clean(label(labels, "ColumnName")), column_type=clean(label(labels, "ColumnType")),
        titled=bool(label(labels, "ArticleTitle") or label(labels, "PubDate")),
        trail=read_names(read_trail(page.html, page.final_url)),
        places=read_navigation(page.html, page.final_url), paging=read_paging(page.html, page.final_url),
        words=_words(page),
        drawn=not page.by_browser and bool(TEMPLATE.search(SCRIPT.sub("", page.html))),
    )


def _words(page: Opened) -> tuple[tuple[str, str], ...]:
    anchors = (anchor for anchor in read_links(page.html, page.final_url) if anchor.form == "link")
    return tuple(dict.fromkeys((clean(one.text), one.url) for one in anchors if named_category(one.text)))[:MOST_WORDS]


@lru_cache(maxsize=RECENT)
def named_category(text: str) -> str | None:
    """The category that a link of this text promises; every page of a site repeats its menus."""
    return loosely(text)


def read_page(page: Opened | Missing) -> Seen | Missing:
    """What the readers make of a page; one that breaks a reader must not cost the others."""
    if isinstance(page, Missing):
        return page
    try:
        return read_seen(page)
    except Exception as error:
        return Missing(Reason.CRASH, f"{type(error).__name__}: {error}"[:150], page.url)


def read_names(trail: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The steps of a breadcrumb that name columns."""
    cleaned = [(clean(name), url) for name, url in trail]
    return tuple((name, url) for name, url in cleaned if name and not NO_NAME_IN_TRAIL.fullmatch(name))


def clean(name: str) -> str:
    """A name as one line, without ornaments, bounded."""
    return " ".join(name.split()).strip("·•>»›|-—:：[]【】 ")[:LONGEST_NAME]


def is_generic(name: str) -> bool:
    """A link that does not say where it leads."""
    return not name or bool(GENERIC.fullmatch(name)) or name.isdigit()
