"""What lists and menus are measured by: items, their days, the newest day, the links to columns."""
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from labelled import LabelledPage, Read

from pytest_govsite.reading.addresses import resolve
from pytest_govsite.reading.lists import Row

LABELLED_AT_MOST = 12  # items of a page, the first ones with a day
HOME = re.compile(r"(?:网站|本站)?首页")
CUT = re.compile(r"(?:\.{2,}|…+)$")


@dataclass(frozen=True)
class Items:
    """Several values of one page: what the label names, what a reader found; equal ones are right."""

    wanted: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True)
class ListField:
    """A field with several values a page, by precision and recall of the values."""

    name: str
    items: Callable[[LabelledPage, Read], Items]
    kinds: tuple[str, ...]


def list_fields() -> list[ListField]:
    """All that is measured of lists, in the order of the table."""
    return [
        ListField("list items", lambda page, read: _items(page, read.rows), ("home", "column")),
        ListField("main list", lambda page, read: _items(page, read.main), ("column",)),
        ListField("list dates", _dates, ("home", "column")),
        ListField("newest date", _newest, ("home", "column")),
        ListField("column links", _columns, ("home",)),
    ]


def _items(page: LabelledPage, rows: Iterable[Row]) -> Items:
    """Title and address of the first rows with a day that a visitor reads."""
    labelled = [(_bare(item["title"]), _address(page, item["href"])) for item in page.label.get("items") or []]
    found = []
    for row in _shown(rows)[:LABELLED_AT_MOST]:
        title, address = _bare(row.title), _path(row.url)
        alike = (said for said, where in labelled if where == address and _is_alike(title, said))
        found.append((next(alike, title), address))
    return Items(tuple(" ".join(one) for one in labelled), tuple(" ".join(one) for one in found))


def _shown(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.written]


def _is_alike(title: str, labelled: str) -> bool:
    """A label keeps a cut title cut, and may keep what stands around the title in its link."""
    start = CUT.sub("", labelled)
    return title == labelled or len(start) >= 4 and title.startswith(start) or len(title) >= 6 and title in labelled


def _dates(page: LabelledPage, read: Read) -> Items:
    """Address and day. Rows whose label leaves the day open do not count."""
    labelled = [(_address(page, item["href"]), item.get("date_iso")) for item in page.label.get("items") or []]
    unknown = {address for address, day in labelled if not day}
    rows = _shown(read.rows)[:LABELLED_AT_MOST]
    found = [f"{_path(row.url)} {row.listed}" for row in rows if row.listed and _path(row.url) not in unknown]
    return Items(tuple(f"{address} {day}" for address, day in labelled if day), tuple(found))


def _newest(page: LabelledPage, read: Read) -> Items:
    newest = page.label.get("newest_date_iso")
    days = [row.listed for row in _shown(read.rows) if row.listed]
    return Items((newest,) if newest else (), (max(days),) if days else ())


def _columns(page: LabelledPage, read: Read) -> Items:
    """Name and address of the links to columns. Labels name menus, or headings where there is no menu, and not all of
    them: so only a labelled link that is not found, or found under another name, is a disagreement.
    """
    wanted = [
        (_bare(column.get("name") or ""), _address(page, column["href"])) for column in page.label.get("columns") or []
        if not HOME.fullmatch(column.get("name") or "")
    ]
    places: dict[str, set[str]] = {}
    for name, url in read.places:
        places.setdefault(_path(url), set()).add(_bare(name))
    found = []
    for name, address in wanted:
        names = places.get(address, set())
        if names:
            found.append(f"{name if not name or name in names else sorted(names)[0]} {address}")
    return Items(tuple(" ".join(one) for one in wanted), tuple(found))


def _address(page: LabelledPage, href: str) -> str:
    return _path(resolve(page.saved.url, href))


def _path(url: str) -> str:
    """An address without its scheme: the pages are replayed over either."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path.rstrip('/') or '/'}" + (f"?{parts.query}" if parts.query else "")


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
