"""The inner pages that are compared between engines, as Chromium shows them: one content page and one column page."""
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Error as PlaywrightError

from pytest_govsite.gather.browser import BrowserGone
from pytest_govsite.gather.opening import browser_fault
from pytest_govsite.gather.rendering import Rendered
from pytest_govsite.gather.scope import Scope, key_of
from pytest_govsite.gather.session import Session
from pytest_govsite.model.evidence import Draw, Sampled
from pytest_govsite.model.missing import Missing
from pytest_govsite.reading.links import Anchor, read_links, split_inner
from pytest_govsite.reading.text import visible_text

TRIED = 3  # candidates of each role: links only guess what they lead to


@dataclass(frozen=True)
class Sight:
    """A page as one engine showed it, and its picture."""

    seen: Rendered
    version: str
    shot: str | None = None

    @property
    def amiss(self) -> bool:
        """It may be a fault: a second load decides."""
        seen = self.seen
        if seen.blank or seen.hidden or seen.mixed:
            return True
        return bool(seen.errors) and seen.visible < len("".join(visible_text(seen.sent).split())) / 2


async def compared(session: Session) -> dict[str, Sight]:
    """Up to two inner pages by address, drawn by seed and opened in Chromium; done once for all engines.

    They are drawn among the links of the home page, so that nobody waits for the crawl; what these do not give (a home
    page that only leads to columns) is drawn among the pages that the crawl found.
    """
    return await session.once("compared", lambda: _compared(session))


async def _compared(session: Session) -> dict[str, Sight]:
    url = session.home.final_url
    linked = dict(zip(("articles", "columns"), split_inner(read_links(session.home.dom, url), url), strict=True))
    found: dict[str, Sight] = {}
    for role, anchors in linked.items():
        candidates = _in_order(session, role, anchors) or await _sampled(session, role)
        fresh = [one for one in candidates if key_of(one) not in map(key_of, found)]
        try:
            found |= await _first(session, fresh)
        except (BrowserGone, PlaywrightError):
            break  # what there is, the home page above all, is still worth comparing
    return found


def _in_order(session: Session, role: str, anchors: tuple[Anchor, ...]) -> list[str]:
    scope = Scope.of(session.site, session.home.final_url)
    by_key = {key_of(anchor.url): anchor.url for anchor in reversed(anchors) if scope.owns(anchor.url)}
    by_key.pop(key_of(session.home.final_url), None)
    order = random.Random(f"{session.seed}:engines:{role}").sample(sorted(by_key), len(by_key))
    return [by_key[key] for key in order]


async def _sampled(session: Session, role: str) -> list[str]:
    sampled = await session.evidence("sampled")
    draw: Draw | None = getattr(sampled, role) if isinstance(sampled, Sampled) else None
    return [page.url for page in draw.opened] if draw else []


async def _first(session: Session, candidates: list[str]) -> dict[str, Sight]:
    """The first candidate that Chromium can open: dead links and walls are the business of other rules."""
    for url in candidates[:TRIED]:
        sight = await confirmed(lambda: look(session, url))
        if isinstance(sight, Sight):
            return {url: sight}
    return {}


async def look(session: Session, url: str) -> Sight | Missing:
    """A page in Chromium, in a tab of its own."""
    async with session.rendered(url, looking=True) as (tab, seen):
        if fault := await browser_fault(session, seen, url):
            return fault
        return Sight(seen, await session.browsers.version("chromium"), await session.album.take(tab, "page", url))


async def confirmed(look: Callable[[], Awaitable[Sight | Missing]]) -> Sight | Missing:
    """What `look` sees; where that is amiss, what it sees at a second look: a passing fault is not the site's guilt."""
    sight = await look()
    return await look() if isinstance(sight, Missing) or sight.amiss else sight
