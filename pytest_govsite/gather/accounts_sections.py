"""The blocks of a site in which visitors may have an account: interactive columns and services, with their entrances."""
import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pytest_govsite.gather.accounts_opening import View, look
from pytest_govsite.gather.crawl import Crawled
from pytest_govsite.gather.scope import key_of, template_of
from pytest_govsite.gather.seen import Seen
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.spots import FORMS, NAMED, Spot
from pytest_govsite.model.missing import Missing
from pytest_govsite.reading.addresses import family, host_of
from pytest_govsite.reading.categories import category_of
from pytest_govsite.reading.login_page import read_login_page
from pytest_govsite.reading.logins import Entrance, is_special, is_staff, kind_of, read_entrances

INTERACTIVE = ("互动交流", "咨询建言", "调查征集", "在线访谈", "依申请公开")
WANTED = (*INTERACTIVE, "办事服务", "专门渠道")
HOME = "首页"
BROWSED = 8  # columns opened in Chromium, one of each template: a script may write their entrances
OUTSIDE = 6  # columns on other hosts that are opened
REFERENCES = 5  # pages of other columns, which show what the frame of every page has


@dataclass(frozen=True)
class Lead:
    """An entrance where it stands: section and category of the page, the page itself. steps: pages passed since the column."""

    section: str
    category: str
    page: str
    entrance: Entrance
    steps: int = 0

    @property
    def special(self) -> bool:
        return self.entrance.special or self.category == "专门渠道"

    @property
    def key(self) -> str:
        """What it opens: entrances of one making lead to one place."""
        url = self.entrance.url
        return template_of(url) + url.partition("#")[2] if url else f"{key_of(self.page)} {self.entrance.text}"


@dataclass
class Block:
    """One page of a column in question.

    html  as sent, or as Chromium shows it; views: what Chromium showed of it.
    gate  words of a link that led to a login page instead of a column: no column but a way in.
    """

    name: str
    category: str
    url: str
    html: str = field(repr=False, default="")
    by_browser: bool = False
    views: tuple[View, ...] = ()
    outside: bool = False
    gate: str = ""


@dataclass
class Places:
    """All entrances of a site.

    blocks  the pages in question; frame: how often each entrance stands in the frame of every page.
    gap     why there may be more in columns that nobody saw.
    """

    leads: list[Lead]
    blocks: list[Block]
    frame: Counter[str] = field(default_factory=Counter)
    gap: Missing | None = None


async def find_places(session: Session, walked: Crawled) -> Places:
    """The entrances of the home page and of all columns in question, those of the frame of every page only once."""
    blocks = [*_own_blocks(walked), *_outside_blocks(walked, session.site.host)]
    gaps = await _browse(session, blocks)
    home = Block(HOME, "", session.home.final_url, session.home.dom, True)
    frame = _frame(walked, home, blocks)
    leads = [*_leads_in(home), *(lead for block in blocks for lead in beyond(frame, _leads_in(block)))]
    leads = [lead for lead in leads if _is_meant(lead, session.site.host)]
    return Places(distinct(leads), blocks, frame, walked.stopped or next(iter(gaps), None))


def _is_meant(lead: Lead, host: str) -> bool:
    """Services and the home page lead to the systems of many other bodies; those whose words speak of accounts count."""
    url, interactive = lead.entrance.url, lead.category in INTERACTIVE or lead.special
    return interactive or not url or family(host_of(url)) == family(host) or kind_of(lead.entrance.text, "") is not None


def category_in(name: str, type_: str, above: Iterable[str]) -> str:
    """The category in question that a column belongs to, by its name, its type or what stands above it; empty: none."""
    own = category_of(name, type_, tuple(above))
    if own:
        return own[0] if own[0] in WANTED else ""
    higher = (category for one in reversed(list(above)) for category in category_of(one)[:1])
    return next((category for category in higher if category in WANTED), "")


def leads_of(block: Block, views: Iterable[View], steps: int = 0) -> Iterator[Lead]:
    """What stands in pages that Chromium showed; a login form that is part of the page is an entrance of its own."""
    for view in views:
        page = read_login_page(view.html, view.url)
        if page.purpose:
            yield Lead(block.name, block.category, block.url, Entrance("页面上的登录框", page.purpose, view.url, is_special("", view.url)), steps)
        yield from (Lead(block.name, block.category, view.url, one, steps) for one in read_entrances(view.html, view.url))


def _own_blocks(walked: Crawled) -> Iterator[Block]:
    for spot in walked.atlas.spots.values():
        page = walked.pages.get(spot.key)
        if not isinstance(page, Seen) or page.key == walked.atlas.home or is_staff(spot.name, page.final_url):
            continue
        if category := category_in(spot.name, page.column_type, _above(spot, page)):
            yield _own_block(walked, spot, page, category)


def _own_block(walked: Crawled, spot: Spot, page: Seen, category: str) -> Block:
    html, above = page.html, walked.atlas.spots.get(spot.parent)
    if page.key != spot.key and read_login_page(html, page.final_url).purpose:
        return Block(above.name if above else spot.name, category, spot.url, by_browser=True, gate=spot.name)
    return Block(spot.name or page.column_name, category, page.final_url, html, page.by_browser)


def _above(spot: Spot, page: Seen) -> list[str]:
    return [name for name in (spot.under, *(name for name, _ in page.trail)) if name and name != spot.name]


def _outside_blocks(walked: Crawled, host: str) -> list[Block]:
    """Columns that live on other hosts, those of the site's own body first."""
    found = []
    for spot in walked.atlas.outside.values():
        category = category_in(spot.name, "", [spot.under] if spot.under else [])
        if category and FORMS.index(spot.form) <= NAMED and not is_staff(spot.name, spot.url):
            found.append(Block(spot.name, category, spot.url, outside=True))
    found.sort(key=lambda block: (family(host_of(block.url)) != family(host), block.category not in INTERACTIVE))
    return [block for block in found if block.category != "专门渠道"][:OUTSIDE]


async def _browse(session: Session, blocks: list[Block]) -> list[Missing]:
    """Opens in Chromium what lives elsewhere and one column of each template; why something could not be seen."""
    plain = [block for block in blocks if not block.outside and not block.by_browser and block.category != "专门渠道"]
    plain.sort(key=lambda block: block.category not in INTERACTIVE)
    by_template = {(block.category, template_of(block.url)): block for block in reversed(plain)}
    chosen = [*(block for block in blocks if block.outside), *list(reversed(by_template.values()))[:BROWSED]]
    seen = await asyncio.gather(*(look(session, block.url) for block in chosen))
    gaps = []
    for block, views in zip(chosen, seen, strict=True):
        if not isinstance(views, Missing):
            block.views, block.by_browser = views, True
        elif block.outside and block.category in INTERACTIVE:
            gaps.append(views)
    return gaps


def _leads_in(block: Block) -> Iterator[Lead]:
    if block.gate:
        return iter([Lead(block.name, block.category, block.url, Entrance(block.gate, "gate", block.url, is_special(block.gate)))])
    return leads_of(block, block.views or ((View(block.url, block.html),) if block.html else ()))


def beyond(frame: Counter[str], leads: Iterable[Lead]) -> Iterator[Lead]:
    """The entrances of a page beyond those that the frame of every page has."""
    spare = frame.copy()
    for lead in leads:
        if spare[_name(lead)] > 0:
            spare[_name(lead)] -= 1
        else:
            yield lead


def _frame(walked: Crawled, home: Block, blocks: list[Block]) -> Counter[str]:
    """How often each entrance stands in the frame of every page: on pages of other columns, else on the home page."""
    asked = {block.url for block in blocks}
    others = [page for page in walked.opened if page.final_url not in asked and page.key != walked.atlas.home][:REFERENCES]
    pages = [Block("", "", page.final_url, page.html) for page in others] or [home]
    frame: Counter[str] = Counter()
    for page in pages:
        frame |= Counter(_name(lead) for lead in _leads_in(page))
    return frame


def _name(lead: Lead) -> str:
    """What makes an entrance of the frame the same on every page, whatever address it is to lead back to."""
    return lead.key if lead.entrance.url else lead.entrance.text


def distinct(leads: Iterable[Lead]) -> list[Lead]:
    """Each once a section."""
    return list({(lead.section, lead.key): lead for lead in reversed(list(leads))}.values())[::-1]
