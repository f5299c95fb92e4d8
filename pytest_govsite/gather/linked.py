"""What the pages of a site point at: each address once, with the first page that has it and what a visitor reads there."""
import re
from dataclasses import dataclass, replace
from functools import cached_property

from pytest_govsite.model.finding import normalised
from pytest_govsite.reading.links import read_links

TRIED_FORMS = frozenset({"link", "image", "attachment", "frame"})
UNFILLED = re.compile(r"\{\{|%7B%7B|\$\{|\$%7B|<%|%3C%25", re.IGNORECASE)  # a place that a script would have filled
ORIGIN = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
LONGEST_TEXT = 80


@dataclass(frozen=True)
class Linked:
    """One address. `places`: how many pages have it."""

    url: str
    page: str
    text: str
    form: str
    depth: int
    places: int = 1

    @property
    def key(self) -> str:
        return normalised(self.url)

    @cached_property
    def origin(self) -> str:
        """Scheme, host and port."""
        return origin_of(self.url)


class Collection:
    """Addresses of many pages of one depth. `known`: keys that are not wanted: those of another depth, pages themselves."""

    def __init__(self, depth: int, known: frozenset[str] = frozenset()) -> None:
        self._depth = depth
        self._known = known
        self._found: dict[str, Linked] = {}
        self._pages: dict[str, set[str]] = {}

    def add(self, html: str, page: str) -> None:
        """All addresses of one page, the page itself left out. A page may come twice, as sent and as rendered."""
        own = normalised(page)
        for key, linked in _of_page(html, page, self._depth).items():
            if key == own or key in self._known:
                continue
            before = self._found.get(key)
            self._found[key] = replace(before, text=before.text or linked.text) if before else linked
            self._pages.setdefault(key, set()).add(own)

    def copy(self) -> "Collection":
        """The same so far."""
        other = Collection(self._depth, self._known)
        other._found, other._pages = dict(self._found), {key: set(pages) for key, pages in self._pages.items()}
        return other

    @property
    def links(self) -> list[Linked]:
        """Each address once, in the order in which the pages name them."""
        return [replace(linked, places=len(self._pages[key])) for key, linked in self._found.items()]


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as it writes them."""
    found = ORIGIN.match(url)
    return found[0].lower() if found else ""


def _of_page(html: str, page: str, depth: int) -> dict[str, Linked]:
    found: dict[str, Linked] = {}
    for anchor in read_links(html, page):
        if anchor.form not in TRIED_FORMS or anchor.covered or UNFILLED.search(anchor.url):
            continue
        key = normalised(anchor.url)
        if key not in found or not found[key].text:
            found[key] = Linked(anchor.url, page, anchor.text[:LONGEST_TEXT], anchor.form, depth)
    return found
