"""Lists of articles: what a home page, a channel page or a column page lists, and which list a column page is for."""
from dataclasses import dataclass

from pytest_govsite.reading.addresses import family, host_of, resolve
from pytest_govsite.reading.list_choice import choose
from pytest_govsite.reading.list_dates import day_at_end, with_year
from pytest_govsite.reading.list_groups import Group, group_rows
from pytest_govsite.reading.list_links import SHORT, STANDING, in_menu
from pytest_govsite.reading.list_pieces import Piece, grow
from pytest_govsite.reading.list_rows import Found, Page, read_rows, strength
from pytest_govsite.reading.url_days import day_in_url

__all__ = ["Block", "Row", "day_in_url", "main_rows", "read_blocks"]


@dataclass(frozen=True)
class Row:
    """One row of a list.

    title     as the list shows it, the whole one where title= completes a cut one; at most 200 characters.
    listed    the day shown for it (YYYY-MM-DD), or told by an attribute; None where only month and day stand and nothing
              confirms a year.
    written   the text of the day as a visitor reads it; empty when only an attribute, a script or no one tells it.
    in_url    the day that the address holds.
    hidden    it stands in a tab that is closed, or is otherwise kept from the visitor at first.
    yearless  a day stands there, of no certain year.
    own       by its column or label the day is the document's own (成文日期), or a period's first: publication came later.
    """

    url: str
    title: str
    listed: str | None
    written: str
    in_url: str | None
    hidden: bool
    yearless: bool
    own: bool = False


@dataclass(frozen=True)
class Block:
    """One list of a page.

    heading  what stands over it, empty when nothing does; more: address of its 更多 link, else of its heading, else empty.
    hidden   it stands in a tab that is closed.
    """

    heading: str
    more: str
    rows: tuple[Row, ...]
    hidden: bool = False


WECHAT = "mp.weixin.qq.com/s"
TELLING = 12  # characters of a title that no name of a column has
SHORT_ALONE = 8  # characters of a title without a day among short ones: services are named with less
FEW = 3  # rows without a day that make a list where their addresses say nothing


@dataclass(frozen=True)
class _Terms:
    """What is asked of links without a day in one list.

    home    the family of hosts of the page. dated: some rows have a day; telling: most titles are no names of columns;
    listlike  days or addresses say that it is a list; long: it has some titles that tell.
    """

    home: str
    dated: bool
    telling: bool
    listlike: bool
    long: bool


def read_blocks(html: str, base_url: str) -> tuple[Block, ...]:
    """Every list of links to articles on the page in document order, closed tabs included.

    Left out: menus, breadcrumbs, pagers, footers, friend links and pop-ups inside rows. A row needs a title and a day, or
    the address of a content page, or, where addresses say nothing, a title too long for the name of a column.
    """
    return tuple(_block(group) for group in _groups(grow(html), base_url))


def main_rows(html: str, base_url: str) -> tuple[Row, ...]:
    """The list that a visitor of a column page came for; empty when the page has none.

    Empty for a channel page (several lists, each with a heading and 更多 of its own, none of them over further pages), for
    a page of running text, an article, and where all that can be read stands at the side: hot, related, recommended.
    Parts of one list (years, tabs without an address of their own) come together, those of closed tabs as hidden rows.
    """
    pieces = grow(html)
    groups = choose(pieces, _groups(pieces, base_url), html, base_url)
    rows: dict[str, Row] = {}
    for group in groups:
        for found in group.rows:
            row = _row(found)
            rows.setdefault(row.url, row)
    return tuple(rows.values())


def _groups(pieces: list[Piece], base_url: str) -> list[Group]:
    page = Page(pieces, _base(pieces, base_url))
    groups = group_rows(page, read_rows(page))
    for group in groups:
        _split_titles(group)
        group.rows = _kept(group, family(host_of(base_url)))
    return [group for group in groups if group.rows]


def _base(pieces: list[Piece], base_url: str) -> str:
    written = next((piece.attributes["href"] for piece in pieces if piece.tag == "base" and "href" in piece.attributes), "")
    return resolve(base_url, written) or base_url


def _split_titles(group: Group) -> None:
    """Where the titles of a list end with a day, that is the day of the row; a single such title has it in its words."""
    bare = [row for row in group.rows if row.listed is None]
    ends = [(row, found) for row in bare if (found := day_at_end(row.link.title))]
    if len(ends) >= 2 and 5 * len(ends) >= 4 * len(group.rows):
        for row, (title, listed) in ends:
            row.listed, row.link.title, row.link.full = listed, title, title


def _kept(group: Group, home: str) -> list[Found]:
    """The rows of a list without links of menus, each article once."""
    terms = _terms(group, home)
    if in_menu(group.rows[0].piece) and not terms.dated and not terms.telling:
        return []
    once: dict[str, Found] = {}
    for row in group.rows:
        if row.listed or row.told or _stands_undated(row, terms):
            known = once.get(row.link.url)
            if known is None or row.listed and not known.listed:
                once[row.link.url] = row
    return sorted(once.values(), key=lambda row: row.piece.place)


def _terms(group: Group, home: str) -> _Terms:
    long = [row for row in group.rows if len(row.link.title) >= TELLING]
    firm = [row for row in group.rows if strength(row.link) == 3]
    dated = any(row.listed or row.told or row.dayish for row in group.rows)
    return _Terms(
        home=home, dated=dated, telling=2 * len(long) >= len(group.rows), listlike=dated or 2 * len(firm) > len(group.rows),
        long=len(long) >= FEW,
    )


def _stands_undated(row: Found, terms: _Terms) -> bool:
    """A link without a day that is a row all the same; to other hosts only where the address is an article's."""
    length = len(row.link.title)
    shortest = SHORT if terms.dated or terms.telling else SHORT_ALONE
    if length < shortest and not row.dayish or STANDING.match(row.link.title):
        return False
    if strength(row.link) == 3:
        return True
    near = family(host_of(row.link.url)) == terms.home or WECHAT in row.link.url
    likely = strength(row.link) == 2 or length >= TELLING
    return near and (terms.listlike and likely or terms.long and length >= TELLING)


def _block(group: Group) -> Block:
    return Block(group.heading, group.more or group.headed_by, tuple(_row(row) for row in group.rows), group.hidden)


def _row(row: Found) -> Row:
    url, listed = row.link.url, row.listed and with_year(row.listed, row.link.url)
    iso = listed.iso if listed and listed.iso else row.told
    written = listed.written if listed and not listed.hidden else ""
    return Row(
        url=url, title=row.link.full, listed=iso, written=written, in_url=day_in_url(url), hidden=row.link.piece.hidden,
        yearless=bool(listed and iso is None), own=bool(listed and listed.own),
    )
