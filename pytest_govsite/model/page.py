"""One page, as the server sent it and as a visitor sees it."""
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from pytest_govsite.model.missing import Blame

Role = Literal["home", "column", "article"]


@dataclass(frozen=True)
class Label:
    """One <meta> tag. `sent` is False when only a script wrote it; `content` is stripped."""

    name: str
    content: str
    sent: bool = True


MarkState = Literal["shown", "absent", "invalid", "blocked", "unknown"]


@dataclass(frozen=True)
class Mark:
    """One of the six site marks.

    shown    a visitor sees it in the bottom region.
    absent   it is not there.
    invalid  the mark's own host says that it does not belong to this site (red_error.png).
    blocked  the page asks for it in a way every browser blocks (mixed content).
    unknown  it may be there, we cannot tell: `why` says so (a third-party script out of our network's reach; a block
             that only a person can open), and `blame` on whose account.

    Of a shown mark, `why` is what is odd about it.
    """

    state: MarkState
    text: str = ""
    href: str = ""
    why: str = ""
    blame: Blame = Blame.VANTAGE


MARK_NAMES = {
    "party_mark": "党政机关网站标识",
    "site_code": "网站标识码",
    "icp": "ICP备案编号",
    "police": "公安机关备案标识",
    "sponsor": "网站主办单位",
    "contact": "联系方式",
}


@dataclass(frozen=True)
class Marks:
    """The six marks of the bottom region, in the order of the official tables."""

    party_mark: Mark
    site_code: Mark
    icp: Mark
    police: Mark
    sponsor: Mark
    contact: Mark

    def __iter__(self) -> Iterator[tuple[str, Mark]]:
        """Yields (Chinese name, mark)."""
        return ((words, getattr(self, field)) for field, words in MARK_NAMES.items())


EntryState = Literal["standard", "answers", "dead", "blocked", "unknown"]


@dataclass(frozen=True)
class Entry:
    """The entry 我为政府网站找错, its first form on the page.

    how        script | link | img-onclick | inline | attribute: how the page makes it.
    host       platform host, empty when the page does not tell.
    site_code  the code it carries, empty when none.
    state      standard  the national platform, zfwzgl.www.gov.cn;
               answers   another platform, which answered;
               dead      another platform, firmly dead;
               blocked   mixed content that every browser blocks;
               unknown   cannot be told from here, `why` says so.
    shown      a visitor sees it in the rendered page.
    """

    how: str
    host: str = ""
    site_code: str = ""
    href: str = ""
    state: EntryState = "unknown"
    shown: bool = True
    why: str = ""


@dataclass(frozen=True)
class Header:
    """What the top region of the page shows: texts, alternative texts and titles of pictures.

    `silent_logo`: a large picture without any text stands there, so the name may be in it.
    """

    texts: tuple[str, ...] = ()
    silent_logo: bool = False


@dataclass(frozen=True)
class ShownDate:
    """The publication date a visitor reads beside the title: as written and as YYYY-MM-DD (None: cannot be attributed)."""

    text: str
    iso: str | None


@dataclass(frozen=True)
class Page:
    """One page that was opened.

    url        as asked; final_url as reached.
    labels     all meta tags with name and content.
    shots      pictures by region ("footer", "header", "page"), paths relative to the results folder;
               taken where a reader saw something amiss.

    Of a content page also: opening, the first words of its text; credit, the source that the text itself names; unclear,
    why nobody can say that it shows no date (its title or text was not recognised).
    """

    url: str
    final_url: str
    role: Role
    status: int
    title: str
    labels: tuple[Label, ...]
    marks: Marks
    entry: Entry | None
    header: Header
    shown_date: ShownDate | None = None
    shown_source: str = ""
    opening: str = ""
    credit: str = ""
    unclear: str = ""
    shots: dict[str, str] = field(default_factory=dict, hash=False)
