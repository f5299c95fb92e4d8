"""Evidence: one frozen value of one kind about one site. A check names the kinds it needs as its parameters."""
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from statistics import median
from typing import Literal

from pytest_govsite.model.accounts import Accounts
from pytest_govsite.model.availability import Week
from pytest_govsite.model.columns import Columns, Headlines
from pytest_govsite.model.finding import Drawn
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.page import Page
from pytest_govsite.model.publications import AnnualReports, Leaders, Releases, Submissions
from pytest_govsite.model.search import Search

EngineName = Literal["chromium", "firefox", "webkit"]


@dataclass(frozen=True)
class Home:
    """The home page, rendered in Chromium.

    redirects  every address on the way, the asked one first.
    doorway    the home page only leads to columns: no list of news stands on it.
    closed     text of a closing notice (关停、迁移公告) that stands in place of a home page, else empty.
    """

    page: Page
    redirects: tuple[str, ...] = ()
    doorway: bool = False
    closed: str = ""


@dataclass(frozen=True)
class Draw:
    """A seeded order of inner pages, deep enough for the largest sample of any edition.

    of     how many candidates there were;
    pages  the drawn ones in order, a Missing (with url) for each that could not be opened.
    """

    seed: int
    of: int
    pages: tuple[Page | Missing, ...]

    def first(self, n: int) -> tuple[Page | Missing, ...]:
        """The first n of the order."""
        return self.pages[:n]

    def cut(self, n: int) -> "Draw":
        """The same draw, n deep."""
        return replace(self, pages=self.first(n))

    @property
    def opened(self) -> tuple[Page, ...]:
        return tuple(page for page in self.pages if isinstance(page, Page))

    @property
    def unopened(self) -> tuple[Missing, ...]:
        return tuple(page for page in self.pages if isinstance(page, Missing))

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """What the ledger says of this draw; nothing when there was nothing to draw from."""
        return (Drawn(self.seed, tuple(page.url for page in self.pages), self.of),) if self.of else ()


@dataclass(frozen=True)
class Sampled:
    """Sampled inner pages: content pages and column pages."""

    articles: Draw
    columns: Draw

    @property
    def mixed(self) -> Draw:
        """Content pages and column pages in turn, as one draw."""
        pairs = zip_longest(self.articles.pages, self.columns.pages)
        pages = tuple(page for pair in pairs for page in pair if page is not None)
        return Draw(self.articles.seed, self.articles.of + self.columns.of, pages)


def inner_pages(sampled: Sampled | Missing, n: int) -> Draw:
    """The first n content and column pages, in turn; where there are none, a Missing in their place says why."""
    if isinstance(sampled, Missing):
        return Draw(seed=0, of=0, pages=(sampled,))
    draw = sampled.mixed.cut(n)
    return draw if draw.pages else replace(draw, pages=(Missing(Reason.NO_PAGES),))


@dataclass(frozen=True)
class NameServer:
    """One authoritative name server of the site's domain.

    over_ipv6  it answered a question over IPv6; None: not asked (no AAAA, no IPv6 route here): `why` says so.
    """

    name: str
    ipv4: tuple[str, ...] = ()
    ipv6: tuple[str, ...] = ()
    over_ipv6: bool | None = None
    why: str = ""


@dataclass(frozen=True)
class Addresses:
    """What DNS says of the site's host.

    resolved  True when --resolve answered instead of DNS.
    fault     why there is no AAAA or A: "" | "no-record" | "no-name" | "servfail".
    servers   the name servers, looked at one by one.
    """

    host: str
    ipv4: tuple[str, ...]
    ipv6: tuple[str, ...]
    resolved: bool = False
    fault: str = ""
    nameservers: tuple[str, ...] = ()
    servers: tuple[NameServer, ...] = ()


@dataclass(frozen=True)
class Visit:
    """The home page fetched over one address family, redirects followed.

    fingerprint: words of the visible text, for comparing the two families.
    seconds: by phase: resolve, connect, tls, first_byte, body.
    """

    url: str
    final_url: str
    status: int
    title: str
    address: str
    bytes: int
    fingerprint: tuple[str, ...] = ()
    seconds: dict[str, float] | None = None

    def shared_words(self, other: "Visit") -> float:
        """The share of all words of both pages that both have, 0 to 1; 1 when neither has any."""
        words = {*self.fingerprint, *other.fingerprint}
        return len({*self.fingerprint} & {*other.fingerprint}) / len(words) if words else 1.0


@dataclass(frozen=True)
class Reach:
    """How many links of a level open over IPv6, of those that open over IPv4.

    level   2: own links of the home page (二级链接); 3: own links of those pages (三级链接).
    of      own links of that level that are known; tried: drawn by seed and open over IPv4; works: open over IPv6 as well.
    failed  those that do not, each with the fact: (address, fact).
    """

    level: int
    of: int
    tried: int
    works: int
    failed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Families:
    """The home page over IPv4 alone and over IPv6 alone.

    ipv4     the first visit; again: further ones, one beside each try over IPv6.
    ipv6     every try, spaced: a site is only out of reach over IPv6 when none of them opens it.
    reaches  support of inner links by level; alike: likeness of the visible texts of both home pages, 0 to 1.
    """

    ipv4: Visit | Missing
    ipv6: tuple[Visit | Missing, ...]
    again: tuple[Visit | Missing, ...] = ()
    reaches: tuple[Reach, ...] = ()
    alike: float | None = None

    @property
    def opened4(self) -> tuple[Visit, ...]:
        """The visits over IPv4 that opened the home page."""
        return _opened((self.ipv4, *self.again))

    @property
    def opened6(self) -> tuple[Visit, ...]:
        """The visits over IPv6 that opened the home page."""
        return _opened(self.ipv6)

    @property
    def slowdown(self) -> float | None:
        """How long the visit in the middle took over IPv6, as a multiple of that over IPv4; None without times."""
        six, four = ([sum(visit.seconds.values()) for visit in visits if visit.seconds] for visits in (self.opened6, self.opened4))
        return median(six) / median(four) if six and four and median(four) else None


def _opened(visits: tuple[Visit | Missing, ...]) -> tuple[Visit, ...]:
    return tuple(visit for visit in visits if isinstance(visit, Visit) and visit.status < 400)


LinkState = Literal["ok", "dead", "wall", "unknown"]


@dataclass(frozen=True)
class Link:
    """One distinct address that the inspected pages point at.

    page   the first page that has it; depth 1 = home page, 2 = other pages.
    text   what the visitor reads on it.
    form   link | image | attachment | frame | script | style.
    state  ok; dead (firmly); wall (exists, we may not read it); unknown (cannot be told from here).
    why    the fact: "HTTP 404", "域名不存在", "软404".
    final_url  where it led, when elsewhere; odd: what is strange about a link that opens (led to the home page of an
               unrelated site, a domain for sale), empty else.
    places     how many inspected pages of its depth have it; confirmed: Chromium looked as well and met the same.
    """

    url: str
    page: str
    text: str
    form: str
    depth: int
    state: LinkState
    why: str = ""
    shot: str | None = None
    final_url: str = ""
    odd: str = ""
    places: int = 1
    confirmed: bool = False


@dataclass(frozen=True)
class Links:
    """All links of the home page (depth 1), of the other pages that the crawl saw and of drawn content pages (depth 2), each
    address once, tried.

    An address of the home page is not repeated among the others.
    pages    how many other pages were read for links.
    stopped  why there may be links of theirs that nobody tried; None: all that were drawn were tried.
    of       how many addresses the other pages have: more than stand here when a seeded draw of them was tried.
    """

    links: tuple[Link, ...]
    pages: int = 0
    stopped: Missing | None = None
    of: int = 0

    def within(self, depth: int) -> tuple[Link, ...]:
        """Links of exactly this depth: 1 = home page, 2 = other pages."""
        return tuple(link for link in self.links if link.depth == depth)


@dataclass(frozen=True)
class EngineView:
    """One page in one browser engine.

    blank        nothing visible: no text, no picture.
    hidden       the main content is there but stays invisible.
    errors       script errors.
    mixed        addresses blocked as mixed content.
    footer_lost  the bottom region that another engine (or an unblocked load) shows is not there because of `mixed`.
    text_length  visible characters; alike: likeness of the visible text to that in Chromium, 0 to 1.
    failed       addresses of sub-resources that did not load.
    """

    engine: EngineName
    version: str
    text_length: int
    blank: bool = False
    hidden: bool = False
    errors: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    footer_lost: bool = False
    width_overflow: int = 0
    failed: tuple[str, ...] = ()
    shot: str | None = None
    sent_text_length: int = 0
    alike: float | None = None


@dataclass(frozen=True)
class Engines:
    """Pages in every mainstream engine; Missing (engine-missing) for those this machine lacks. Keys of views: EngineName.

    views   the home page; inner: the same of drawn inner pages, by address.
    beside  one picture of the home page in all engines side by side; beside_inner: the same of inner pages, by address.
    """

    views: dict[str, EngineView | Missing]
    inner: dict[str, dict[str, EngineView | Missing]] = field(default_factory=dict, hash=False)
    beside: str | None = None
    beside_inner: dict[str, str] = field(default_factory=dict, hash=False)


KINDS: dict[str, type] = {
    "home": Home,
    "sampled": Sampled,
    "addresses": Addresses,
    "families": Families,
    "links": Links,
    "engines": Engines,
    "columns": Columns,
    "headlines": Headlines,
    "leaders": Leaders,
    "annual_reports": AnnualReports,
    "releases": Releases,
    "submissions": Submissions,
    "search": Search,
    "accounts": Accounts,
    "week": Week,
}

Evidence = (
    Home | Sampled | Addresses | Families | Links | Engines
    | Columns | Headlines | Leaders | AnnualReports | Releases | Submissions | Search | Accounts | Week
)
