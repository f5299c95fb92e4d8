"""Every link of the home page, of all pages that the crawl saw and of some that their lists lead to: tried by plain HTTP, the dead ones by Chromium as well."""
import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from pytest_govsite.gather.crawl import Crawled, walk
from pytest_govsite.gather.kept import Document
from pytest_govsite.gather.linked import Collection, Linked
from pytest_govsite.gather.linking_pages import content_pages, merged, sampled_pages
from pytest_govsite.gather.scope import Scope, key_of
from pytest_govsite.gather.second_look import SecondLook
from pytest_govsite.gather.seen import Seen
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.tried import Tried
from pytest_govsite.gather.trying import Trying
from pytest_govsite.model.evidence import Link, Links
from pytest_govsite.model.finding import normalised
from pytest_govsite.model.missing import WORDS, Missing, Reason

MOST_AT_HOME = 800  # addresses of the home page: beyond that the rest is said to be untried
MOST = 4000  # of other pages: more are drawn by seed
FEW = 10  # one in so many may be left untried
ENOUGH = 300  # of other pages, drawn by seed: what a slow site left us no time for was not drawn, then
LOOK_SECONDS = 180.0
SECOND_SECONDS = 90.0
SHARES = (0.7, 0.85, 0.95)  # of the site's deadline: until when addresses are tried, looked at again, photographed
PICTURES = 20  # of dead links on the home page: more convince nobody
INNER_PICTURES = 10


async def gather(session: Session) -> Links | Missing:
    """Every distinct address with what became of it: those of the home page, then those that other pages add."""
    home = await session.evidence("home")
    if isinstance(home, Missing):
        return home
    return await Round(session, home.page.final_url).run()


class Round:
    """One round over the links of a site."""

    def __init__(self, session: Session, home: str) -> None:
        self.session = session
        self.home = home
        self.scope = Scope.of(session.site, home)
        self.trying = Trying(session, self.scope)
        self.found: dict[str, Tried] = {}
        self.second_look = SecondLook(self.trying)
        self.opened: list[Seen] = []
        self.known: frozenset[str] = frozenset()
        self.pages: set[str] = set()
        began = time.monotonic()
        self.look_until, self.second_until, self.pictures_until = (began + share * session.settings.site_deadline for share in SHARES)

    async def run(self) -> Links:
        """All steps; hosts of others that the home page names are tried while the crawl goes on."""
        at_home = Collection(1)
        at_home.add(self.session.home.dom, self.home)
        links = at_home.links
        asked = links[:MOST_AT_HOME]
        _, walked = await asyncio.gather(self._look(self._of_others(asked)), walk(self.session))
        self.look_until = min(self.look_until, time.monotonic() + LOOK_SECONDS)
        self.opened = walked.opened if isinstance(walked, Crawled) else []
        self.known = frozenset(link.key for link in links) | {normalised(self.home)}
        inner = await self._tried(walked, asked)
        drawn = self._drawn(inner)
        await self._weigh((*asked, *drawn))
        stopped = self._stopped(walked, drawn)
        tried = [link for link in drawn if link.url in self.found]
        kept = drawn if (len(drawn) - len(tried)) * FEW <= len(drawn) else tried
        pictured = await self._photographed([self._link(link) for link in (*links, *kept)])
        return Links(tuple(sorted(pictured, key=lambda link: (link.depth, normalised(link.url)))), len(self.pages), stopped, len(inner))

    async def _tried(self, walked: Crawled | Missing, asked: list[Linked]) -> list[Linked]:
        """What other pages add to the home page; all is tried as soon as it is known.

        Which addresses are tried together depends on the site and the seed alone: groups of equal faults are looked at
        by batch.
        """
        contents = asyncio.ensure_future(content_pages(self.session, walked, self.look_until))
        sampled = asyncio.ensure_future(sampled_pages(self.session, walked, self.look_until))
        begun = [contents, sampled]
        try:
            await self._try(asked)
            begun.append(asyncio.ensure_future(self._look_again(asked)))
            found = await self._read(self.opened, Collection(2, self.known))
            early = await self._read(await contents, found.copy())
            await self._try(drawn := self._drawn(early.links))
            await begun[-1]
            begun.append(asyncio.ensure_future(self._look_again(drawn)))
            found = await self._read(merged(await sampled, await contents), found)
            known = {link.url for link in (*asked, *drawn)}
            await self._try(late := [link for link in self._drawn(found.links) if link.url not in known])
            await begun[-1]
            await self._look_again(late)
        finally:
            for one in begun:
                one.cancel()
        return found.links

    async def _try(self, links: list[Linked]) -> None:
        """By plain HTTP, when it is known how the site hides errors; what the crawl has opened needs no asking."""
        seen = {normalised(address) for page in self.opened for address in (page.url, page.final_url)}
        self.found |= {link.url: Tried("ok") for link in links if link.key in seen}
        await self.trying.learn((link.url for link in links), self.home)
        await self._look(links)

    def _of_others(self, links: Iterable[Linked]) -> list[Linked]:
        return [link for link in links if not self.trying.owns(link)]

    async def _read(self, pages: Sequence[Seen | Document], collection: Collection) -> Collection:
        """Adds what these pages point at, those of others and the home page left out."""
        for page in pages:
            key = key_of(page.final_url)
            if self.scope.owns(page.final_url) and key != key_of(self.home):
                self.pages.add(key)
                collection.add(page.html, page.final_url)
                await asyncio.sleep(0)  # reading takes milliseconds a page: others have a turn
        return collection

    def _drawn(self, inner: list[Linked]) -> list[Linked]:
        """In seeded order: where the time does not suffice for all, those that were tried are a fair draw.

        The place of an address in it does not depend on which others are known.
        """
        return sorted(inner, key=lambda link: sha256(f"{self.session.seed}:links:{link.url}".encode()).digest())[:MOST]

    async def _look(self, links: Iterable[Linked]) -> None:
        fresh = [link for link in links if link.url not in self.found]
        self.found |= await self.trying.look(fresh, self.look_until)

    async def _look_again(self, links: Iterable[Linked]) -> None:
        """Chromium's word on what seems dead."""
        suspects = [(link, tried) for link in links if (tried := self.found.get(link.url)) and _is_suspect(tried)]
        until = min(self.second_until, time.monotonic() + SECOND_SECONDS)
        self.found |= await self.second_look.confirm(suspects, until)

    async def _weigh(self, links: Iterable[Linked]) -> None:
        """The doubt about our own network, and a word on domains for sale."""
        await self._spare()
        others = {link.url: self.found[link.url] for link in self._of_others(links) if link.url in self.found}
        self.found |= (others := await self.trying.for_sale(others))
        await asyncio.to_thread(self.session.known_links.write, others)

    async def _spare(self) -> None:
        """Where even well-known hosts are out of reach, links to hosts of others are not what is broken."""
        spared = [
            url for url, tried in self.found.items()
            if tried.state == "dead" and (not self.scope.owns(url) or tried.why.startswith(WORDS[Reason.NO_NAME]))
        ]
        if spared and not await self.session.sees_world():
            self.found |= dict.fromkeys(spared, Tried("unknown", "外部网站从本机都打不开"))

    def _link(self, link: Linked) -> Link:
        tried = self.found.get(link.url) or Tried("unknown", f"超出首页 {MOST_AT_HOME} 个链接的上限或本工具的时限，未试")
        return Link(
            url=link.url, page=link.page, text=link.text, form=link.form, depth=link.depth, state=tried.state, why=tried.why,
            final_url=tried.final_url, odd=tried.odd, places=link.places, confirmed=tried.confirmed,
        )

    def _stopped(self, walked: Crawled | Missing, drawn: list[Linked]) -> Missing | None:
        if isinstance(walked, Missing):
            return walked
        left = sum(link.url not in self.found for link in drawn)
        many = left * FEW > len(drawn) and len(drawn) - left < ENOUGH  # a few are named as unknown, each by itself
        return Missing(Reason.DEADLINE, f"其他页面的 {len(drawn)} 个链接中有 {left} 个未及试", self.home) if many else None

    async def _photographed(self, links: list[Link]) -> list[Link]:
        dead = [link for link in links if link.state == "dead"]
        by_page: dict[str, list[Link]] = {}
        for link in [link for link in dead if link.depth == 2][:INNER_PICTURES]:
            by_page.setdefault(link.page, []).append(link)
        at_home = self._shots_at_home([link for link in dead if link.depth == 1][:PICTURES])
        taken = await asyncio.gather(at_home, *(self._shots_of(page, some) for page, some in by_page.items()))
        shots = {url: shot for some in taken for url, shot in some.items()}
        return [replace(link, shot=shots.get(link.url)) for link in links]

    async def _shots_at_home(self, links: list[Link]) -> dict[str, str | None]:
        shots: dict[str, str | None] = {}
        for link in links:
            if self.session.home_tab and time.monotonic() < self.pictures_until:
                shots[link.url] = await self.session.album.take(self.session.home_tab, f"link:{link.url}", link.page)
        return shots

    async def _shots_of(self, page: str, links: list[Link]) -> dict[str, str | None]:
        if time.monotonic() > self.pictures_until:
            return {}
        async with self.session.rendered(page, looking=True) as (tab, seen):
            if isinstance(seen, Missing):
                return {}
            return {link.url: await self.session.album.take(tab, f"link:{link.url}", page) for link in links}


def _is_suspect(tried: Tried) -> bool:
    return not tried.confirmed and (tried.state == "dead" or (tried.state == "unknown" and tried.browser_may_pass))
