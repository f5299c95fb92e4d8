"""The leaders' column: who stands on it, with which post, and what is said of each beside the name."""
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_govsite.model.finding import normalised
from pytest_govsite.reading.addresses import resolve
from pytest_govsite.reading.dates import DATE
from pytest_govsite.reading.flow import SEAM, Line, parse, plain, read_lines
from pytest_govsite.reading.people import HAN_NAME, Caption, joined, name_of, read_caption
from pytest_govsite.reading.profiles import BOUND, DETAIL, OFFICE, Words, read_words

BEGINS_LIFE = re.compile(
    rf"(?:姓\s*名\s*[:：]?\s*)?(?P<name>{HAN_NAME}?)(?:同志)?[\s{SEAM}，,:：（(]+(?:[男女]|[一-鿿]{{1,5}}族|现任|生于|(?:19|20)\d\d年)"
)
GROUP = re.compile(r"领导(?:班子|信息|分工|简历|成员|介绍)?$|班子成员$|^.{0,3}(?:常委会?|人大|政协|纪委监?委?|法院|检察院|人武部|党组|党委|县委|市委|区委|州委|政府)$")
DEAD_END = re.compile(r"^(?:\s*$|#|javascript:)", re.IGNORECASE)
REACH = 40  # lines below a name that may belong to it
NEAR = 3
MOST = 120  # people on one page
PAGES = 3  # pages of one person's own


@dataclass(frozen=True)
class Entry:
    """One person on the page.

    pages    addresses that may be the person's own page, the likeliest first.
    moving   a script may show more on a click, so that what is not here may still be on the site.
    form     the tags around the name: entries of one list share it.
    """

    name: str
    post: str = ""
    words: Words = Words()
    photo: bool = False
    pages: tuple[str, ...] = ()
    moving: bool = False
    form: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.post and self.words)


@dataclass(frozen=True)
class Roster:
    """The people of one page in its order, and the links that lead to further lists (县政府领导) or papers (领导分工)."""

    entries: tuple[Entry, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()

    @property
    def settled(self) -> bool:
        """Every person has all there is to say, or a page of the own to look at."""
        return bool(self.entries) and all(entry.complete or entry.pages for entry in self.entries)


def read_leaders(html: str, base_url: str) -> Roster:
    """Everybody whom the page names beside a post, or in the same form as those."""
    page = _Page(parse(html), base_url)
    return Roster(tuple(page.entry(name) for name in page.names), page.groups)


@dataclass(frozen=True)
class _Place:
    """Where a name stands: the line, the post beside it, the ids of the elements around it."""

    at: int
    name: str
    post: str
    path: tuple[int, ...]


@dataclass
class _Page:
    """A page with all places where names stand."""

    tree: LexborHTMLParser
    base_url: str
    cards: dict[tuple[int, str], int] = field(default_factory=dict)

    @cached_property
    def lines(self) -> list[Line]:
        return read_lines(self.tree)

    @cached_property
    def captions(self) -> dict[int, Caption]:
        read = ((at, read_caption(DATE.sub(" ", line.text))) for at, line in enumerate(self.lines))
        return {at: caption for at, caption in read if caption}

    @cached_property
    def places(self) -> list[_Place]:
        found = []
        for at, line in enumerate(self.lines):
            people = self.captions[at].people if at in self.captions else _begun(line)
            found += [_Place(at, name, post, line.path) for name, post in people]
        return found or list(self._pictured())

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(place.name for place in self.places))[:MOST]

    @cached_property
    def groups(self) -> tuple[tuple[str, str], ...]:
        links = ((text, resolve(self.base_url, href)) for line in self.lines for text, href in line.links)
        found = ((text, url) for text, url in links if url and len(text) <= 12 and GROUP.search(text))
        return tuple(dict.fromkeys((text, url) for text, url in found if read_caption(text) is None))

    @cached_property
    def around(self) -> dict[int, set[str]]:
        """Names under each element."""
        names: dict[int, set[str]] = {}
        for place in self.places:
            for box in place.path:
                names.setdefault(box, set()).add(place.name)
        return names

    @cached_property
    def zone(self) -> frozenset[int]:
        """The elements around all names; what stands outside the innermost belongs to nobody."""
        paths = [set(place.path) for place in self.places]
        return frozenset(set.intersection(*paths)) if paths else frozenset()

    @cached_property
    def owners(self) -> list[set[str]]:
        """Whose card each line stands in."""
        boxes = {self.card(place): place.name for place in self.places}
        return [{boxes[box] for box in line.path if box in boxes} for line in self.lines]

    @cached_property
    def nodes(self) -> dict[int, LexborNode]:
        return {node.mem_id: node for node in self.tree.css("*")}

    @cached_property
    def post_follows(self) -> bool:
        """Posts on lines of their own stand below the names rather than above."""
        free = [at for at in sorted(self.captions) if not self._owned(at)]
        votes: Counter[bool] = Counter()
        for before, at, after in zip([-99, *free], free, [*free[1:], 10**6], strict=False):
            if self.captions[at].people and not any(post for _, post in self.captions[at].people):
                votes[True] += after - at <= NEAR and bool(self.captions[after].posts)
                votes[False] += at - before <= NEAR and bool(self.captions[before].posts)
        return votes[True] > votes[False]

    def card(self, place: _Place) -> int | None:
        """The largest element around a place that names nobody else."""
        return next((box for box in place.path if self.around[box] == {place.name}), None)

    def entry(self, name: str) -> Entry:
        places = [place for place in self.places if place.name == name]
        inside = [at for at, owners in enumerate(self.owners) if name in owners]
        below = [at for place in places for at in self._below(place)]
        told = sorted({*inside, *below})
        spoken = [self.lines[at] for at in told if at not in self.captions]
        links = list(self._links(name, {place.at for place in places}, inside, below))
        pages = [url for url in (resolve(self.base_url, href) for href in links) if url and not self._is_here(url)]
        return Entry(
            name, self._post(places, inside, [plain(line.text) for line in spoken]), read_words(spoken), self._photo(name, places), tuple(dict.fromkeys(pages))[:PAGES],
            any(DEAD_END.match(href) for href in links) or self._moves(places), self._form(places[0]),
        )

    def _owned(self, at: int) -> bool:
        return bool(self.owners[at]) and not self.captions[at].people

    def _below(self, place: _Place) -> Iterator[int]:
        """The lines after a name that are nobody else's, up to the next name."""
        core = max(self.zone, key=self.lines[place.at].path.index, default=None) if place.at >= 0 else None
        for at in range(place.at + 1, min(place.at + REACH, len(self.lines))) if core is not None else ():
            caption = self.captions.get(at)
            others = (caption and caption.people) or self.owners[at] - {place.name} or core not in self.lines[at].path
            if others or _begun(self.lines[at]):
                return
            yield at

    def _post(self, places: list[_Place], inside: list[int], spoken: list[str]) -> str:
        beside = [place.post for place in places if place.post]
        own = ["、".join(self.captions[at].posts) for at in inside if at in self.captions and self.captions[at].posts]
        told = [found["post"] for found in (OFFICE.search(text) for text in spoken) if found]
        return next(iter([*beside, *own, *self._posts_near(places), *told]), "")[:BOUND]

    def _posts_near(self, places: list[_Place]) -> Iterator[str]:
        """A post on a line of its own beside a name: below it, or above it, where it may be the heading of several names."""
        step = 1 if self.post_follows else -1
        for place in places:
            at = place.at + step
            while self.zone and 0 <= at < len(self.lines) and self.zone <= {*self.lines[at].path}:
                caption = self.captions.get(at)
                if caption and caption.posts and not self.owners[at] - {place.name}:
                    yield "、".join(caption.posts)
                    break
                if caption and caption.people and step > 0:
                    break
                at += step

    def _links(self, name: str, at: set[int], inside: list[int], below: list[int]) -> Iterator[str]:
        """Links on the name first, then those that promise more about the same person."""
        for line in sorted(at):
            for text, href in self.lines[line].links if line >= 0 else ():
                if name in joined(text).replace(SEAM, "") or len(self.captions.get(line, Caption()).people) == 1:
                    yield href
        for line in inside:
            yield from (href for text, href in self.lines[line].links if DETAIL.search(text) or line in self.captions)
        told = (link for line in below for link in self.lines[line].links)
        yield from (href for text, href in told if DETAIL.search(text) and not GROUP.search(text))
        for node in self._images(name):
            anchor = _closest_link(node)
            yield from ((anchor.attributes.get("href") or "",) if anchor is not None else ())

    def _images(self, name: str) -> Iterator[LexborNode]:
        """Pictures in a card of the name, and those that say the name."""
        boxes = {box for place in self.places if place.name == name for box in self._own_boxes(place)}
        for node in self.tree.css("img"):
            said = f"{node.attributes.get('alt') or ''} {node.attributes.get('title') or ''}"
            if name in joined(said) or any(parent.mem_id in boxes for parent in _parents(node)):
                yield node

    def _photo(self, name: str, places: list[_Place]) -> bool:
        return any(True for _ in self._images(name))

    def _moves(self, places: list[_Place]) -> bool:
        """The name, or what is around it alone, reacts to a click."""
        boxes = [box for place in places for box in self._own_boxes(place)]
        return any(_reacts(self.nodes[box]) for box in boxes if box in self.nodes)

    def _own_boxes(self, place: _Place) -> list[int]:
        """The elements around a name that hold nobody else; on the page of one person only the nearest."""
        if len(self.names) < 2:
            return list(place.path[-NEAR:])
        return [box for box in place.path if self.around[box] == {place.name}]

    def _form(self, place: _Place) -> str:
        return "/".join(self.nodes[box].tag for box in place.path[-4:] if box in self.nodes)

    def _is_here(self, url: str) -> bool:
        return normalised(url) == normalised(self.base_url)

    def _pictured(self) -> Iterator[_Place]:
        """Names that only the words of pictures say."""
        for node in self.tree.css("img[alt], img[title]"):
            if name := name_of(node.attributes.get("alt") or node.attributes.get("title") or ""):
                path = tuple(parent.mem_id for parent in _parents(node))
                yield _Place(-1, name, "", tuple(reversed(path)))


def _begun(line: Line) -> tuple[tuple[str, str], ...]:
    """The person with whose name and life a line begins."""
    found = BEGINS_LIFE.match(joined(line.text))
    name = name_of(found["name"]) if found else ""
    return ((name, ""),) if name else ()


def _parents(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None and parent.is_element_node:
        yield parent
        parent = parent.parent


def _closest_link(node: LexborNode) -> LexborNode | None:
    return next((parent for parent in _parents(node) if parent.tag == "a"), None)


def _reacts(node: LexborNode) -> bool:
    attributes = node.attributes
    return "onclick" in attributes or any(key.startswith("data-") and value for key, value in attributes.items())


def merged(entries: list[Entry]) -> list[Entry]:
    """One entry for each name, from several pages: what one page lacks, another may say."""
    people: dict[str, Entry] = {}
    for entry in entries:
        known = people.get(entry.name)
        people[entry.name] = entry if known is None else replace(
            known, post=known.post or entry.post, words=known.words | entry.words, photo=known.photo or entry.photo,
            pages=tuple(dict.fromkeys((*known.pages, *entry.pages)))[:PAGES], moving=known.moving or entry.moving,
        )
    return list(people.values())
