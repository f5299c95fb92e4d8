"""Walks a site from its home page, level by level: plain fetches first, Chromium where these show nothing."""
import asyncio
import copy
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pytest_govsite.gather.allowance import Allowance
from pytest_govsite.gather.crawl_ahead import Ahead
from pytest_govsite.gather.home import front, is_closed
from pytest_govsite.gather.opening import Opened, browse_page, is_busy, learn_softness, may_pass
from pytest_govsite.gather.scope import Scope, key_of, template_of
from pytest_govsite.gather.seen import Seen, read_page
from pytest_govsite.gather.session import TABS, Session
from pytest_govsite.gather.spots import FORMS, NAMED, Atlas, Spot, parent_of
from pytest_govsite.model.missing import RETRYABLE, Missing, Reason
from pytest_govsite.reading.blankness import Content, Frame, blank_words, own_content
from pytest_govsite.reading.categories import category_of
from pytest_govsite.reading.navigation import read_navigation

WALLS = 3  # plain answers in a row that were a wall's: from then on Chromium goes at once
BUSY = 4  # answers 429 or 503 in a row, however slowly we ask, before the crawl gives up
BUSY_SECONDS = 3.0
LATE_SECONDS = 0.5  # after the first that finds nothing left to fetch: from then on Chromium does not wait for the others
FRAME_PAGES = 30
MAP_PLACES = 10  # links that a site map has when no script has still to write it
LOOSE = 3  # steps from the home page: from here on links in running text are followed only when they name a category
REFERENCES = 4  # pages with lists that Chromium opens as well, to learn what scripts write on every page
THIN = 300  # characters: a page without a list that says no more may still be filled by a script
STANDING = frozenset({"概况信息", "机构职能", "领导信息", "信息公开指南", "信息公开制度", "依申请公开"})  # texts


@dataclass
class Crawled:
    """What the crawl saw. pages: by key of spot; frame: what the pages of the site have in common."""

    atlas: Atlas
    pages: dict[str, Seen | Missing] = field(default_factory=dict)
    frame: Frame | None = None
    stopped: Missing | None = None
    fetched: int = 0
    rendered: int = 0

    @property
    def opened(self) -> list[Seen]:
        """The pages that were opened, in the order in which the site names them, whichever came first."""
        pages = (self.pages.get(key) for key in self.atlas.spots)
        return [page for page in pages if isinstance(page, Seen)]

    def content(self, seen: Seen) -> Content:
        """What a page has of its own; of a page that breaks the reader nobody can say that it has nothing."""
        try:
            return own_content(seen.html, self.frame)
        except Exception as error:
            return Content(waits=f"{type(error).__name__}")


async def walk(session: Session) -> Crawled | Missing:
    """The walk over the site, done once for all who ask; Missing where there is no home page, or a closing notice.

    What all pages have in common is not known to the end yet: whoever asks what a page has of its own waits for `crawled`.
    """
    crawl = await _crawl(session)
    return crawl if isinstance(crawl, Missing) else crawl.seen


async def crawled(session: Session) -> Crawled | Missing:
    """The same, with all that its pages have in common."""
    crawl = await _crawl(session)
    return crawl if isinstance(crawl, Missing) else await session.once("frame", crawl.complete)


async def _crawl(session: Session) -> "Crawl | Missing":
    home = await front(session)
    if isinstance(home, Missing):
        return home
    if is_closed(home):
        return Missing(Reason.NO_PAGES, "网站已关停，首页是公告", home.final_url)
    return await session.once("crawl", lambda: Crawl(session, home.final_url).run())


class Crawl:
    """One walk. The order of visits depends on the site alone; only the limits of time may cut it differently."""

    def __init__(self, session: Session, home_url: str) -> None:
        self.session = session
        self.settings = session.settings
        self.home_url = home_url
        self.seen = Crawled(Atlas(Scope.of(session.site, home_url), home_url))
        self.allowance = Allowance(self.settings.rendered_pages)
        self.until = time.monotonic() + self.settings.crawl_seconds
        self.width = self.settings.connections_per_host
        self.walls = 0
        self.busy = 0
        self.cut_off = False
        self.references: list[Seen] = []
        self._again: set[str] = set()
        self._ahead = Ahead(session)

    async def run(self) -> "Crawl":
        """All levels, as far as pages and time allow."""
        await learn_softness(self.session, self.home_url)
        atlas = self.seen.atlas
        for column in self.session.site.columns:
            if column.url:
                atlas.register(column)
        for place in read_navigation(self.session.home.dom, self.home_url):
            atlas.note(place, depth=1, on_home=True)
        try:
            for depth in range(1, self.settings.crawl_depth + 1):
                await self._walk(_level(atlas, depth), depth)
        finally:
            self._ahead.close()
        self.seen.rendered = self.allowance.used
        self.cut_off = self.seen.stopped is not None or time.monotonic() > self.until
        self.seen.stopped = self.seen.stopped or self._left_over()
        return self

    async def complete(self) -> Crawled:
        """Learns the rest of what all pages have in common, which takes a look at some of them in Chromium."""
        if not self.cut_off:
            await self._look_at_others()
        self.seen.frame = self._learn_frame()
        return self.seen

    async def _walk(self, level: list[Spot], depth: int) -> None:
        await self._fetch(level, level)
        await self._fetch([spot for spot in level if self._deserves_another(spot)], level)
        self.seen.frame = self._learn_frame()
        needs = {spot.key: self._need(spot) for spot in level}
        self._fetch_ahead([spot for spot in level if not needs[spot.key]], depth)
        await self._browse(sorted((spot for spot in level if needs[spot.key]), key=lambda spot: needs[spot.key]))
        for spot in level:
            self._expand(self.seen.atlas, spot, depth)

    def _deserves_another(self, spot: Spot) -> bool:
        page = self.seen.pages.get(spot.key)
        return isinstance(page, Missing) and page.reason in RETRYABLE

    def _is_over(self) -> bool:
        """Nothing more is fetched: the budget is used up, or the site does not want us."""
        if self.seen.stopped:
            return True
        if self.seen.fetched >= self.settings.crawl_pages:
            self.seen.stopped = Missing(Reason.DEADLINE, f"已抓取 {self.seen.fetched} 页的上限", self.home_url)
        elif time.monotonic() > self.until:
            self.seen.stopped = Missing(Reason.DEADLINE, f"已抓取 {self.settings.crawl_seconds:.0f} 秒的上限", self.home_url)
        return self.seen.stopped is not None

    async def _fetch(self, wanted: Sequence[Spot], level: Sequence[Spot]) -> None:
        waiting = deque(wanted)

        async def work(number: int) -> None:
            while waiting and number < self.width and not self._is_over():
                await self._fetch_one(waiting.popleft(), waiting)

        while waiting and not self._is_over():  # whoever was asked for patience comes again, when others may have gone
            works = [asyncio.ensure_future(work(number)) for number in range(self.width)]
            try:
                await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
                _, late = await asyncio.wait(works, timeout=LATE_SECONDS)
                if late:
                    self._browse_ahead(level)
                await asyncio.gather(*works)
            finally:
                for one in works:
                    one.cancel()

    async def _fetch_one(self, spot: Spot, waiting: deque[Spot]) -> None:
        if self.walls >= WALLS:
            self.seen.pages[spot.key] = Missing(Reason.WALL, "", spot.url)
            return
        self.seen.fetched += 1
        page, read = await self._ahead.fetched(spot.key, spot.url)
        if isinstance(page, Missing) and is_busy(page) and await self._slows_down(page) and spot.key not in self._again:
            self._again.add(spot.key)
            waiting.append(spot)
            return
        self.busy = self.busy if isinstance(page, Missing) and is_busy(page) else 0
        self.walls = self.walls + 1 if isinstance(page, Missing) and page.reason is Reason.WALL else 0
        self.seen.pages[spot.key] = read

    def _browse_ahead(self, level: Sequence[Spot]) -> None:
        """A slow answer keeps the others waiting, for nobody knows what all pages have in common: by those that are there,
        Chromium may begin. It is asked for nothing more that way by a site that wants patience.
        """
        if self.busy or self._is_over():
            return
        self.seen.frame = self._learn_frame()
        for need, spot in sorted(((self._need(spot), spot) for spot in level), key=lambda pair: pair[0]):
            page = self.seen.pages.get(spot.key)
            if need and isinstance(page, Seen):
                self._ahead.show(spot.key, spot.url, _plain(page))

    def _fetch_ahead(self, settled: Sequence[Spot], depth: int) -> None:
        """While Chromium looks at some pages of a level: the others have told already where they lead."""
        if self.busy or self.walls or depth >= self.settings.crawl_depth or self._is_over():
            return
        atlas = copy.deepcopy(self.seen.atlas)
        for spot in settled:
            self._expand(atlas, spot, depth)
        for spot in _level(atlas, depth + 1)[:self.settings.crawl_pages - self.seen.fetched]:
            self._ahead.fetch(spot.key, spot.url)

    async def _slows_down(self, page: Missing) -> bool:
        """The server asks for patience: fewer at once and a pause; False once that has not helped."""
        self.busy += 1
        self.width = max(1, self.width // 2)
        if self.busy > BUSY:
            self.seen.stopped = self.seen.stopped or replace(page, detail=f"{page.detail}，放慢速度后仍然如此")
            return False
        await asyncio.sleep(BUSY_SECONDS * self.busy)  # the pause is the point, there is no event to wait for
        return True

    def _learn_frame(self) -> Frame:
        """From pages of the whole site, both as sent and as rendered."""
        rendered = [page for page in self.seen.opened if page.by_browser][:FRAME_PAGES // 2]
        plain = [page for page in self.seen.opened if not page.by_browser]
        step = max(1, len(plain) // FRAME_PAGES)
        chosen = [*plain[::step][:FRAME_PAGES], *rendered, *self.references]
        return Frame.of([self.session.home.dom, *(page.html for page in chosen)])

    async def _look_at_others(self) -> None:
        """Where Chromium found pages without a list: what do its pages with one have in common with them?"""
        bare = {template_of(page.final_url) for page in self.seen.opened if page.by_browser and not page.rows}
        listed = [page for page in self.seen.opened if page.rows and not page.by_browser]
        listed.sort(key=lambda page: template_of(page.final_url) not in bare)
        sections = {page.trail[0][0] if page.trail else page.final_url: page for page in reversed(listed)}
        chosen = list({page.key: page for page in (*reversed(sections.values()), *listed)}.values()) if bare else []
        opening = (browse_page(self.session, page.url, Missing(Reason.NOT_REACHED), Allowance(1)) for page in chosen[:REFERENCES])
        seen = [read_page(page) for page in await asyncio.gather(*opening)]
        self.references += [page for page in seen if isinstance(page, Seen)]

    async def _browse(self, wanted: Sequence[Spot]) -> None:
        """Opens in Chromium what the plain answer leaves open, the emptiest pages first."""
        waiting = deque(wanted)

        async def work() -> None:
            while waiting and time.monotonic() < self.until and not self._is_walled():
                await self._browse_one(waiting.popleft())

        await asyncio.gather(*(work() for _ in range(TABS)))
        self._ahead.drop_shown()
        for spot in waiting:
            self._leave_open(spot, self.seen.stopped or Missing(Reason.DEADLINE, "未及用浏览器打开", spot.url))

    def _is_walled(self) -> bool:
        """Chromium does not pass the wall either: whoever goes on is a nuisance."""
        if self.walls >= WALLS and not may_pass(self.session, Missing(Reason.WALL, "", self.home_url)):
            self.seen.stopped = self.seen.stopped or Missing(Reason.WALL, "静态抓取和浏览器都被拦截", self.home_url)
            return True
        return False

    async def _browse_one(self, spot: Spot) -> None:
        before = self.seen.pages[spot.key]
        plain = before if isinstance(before, Missing) else _plain(before)
        page = await self._ahead.shown(spot.key, spot.url, plain, self.allowance)
        if isinstance(page, Opened) and page.unsettled:
            self._leave_open(spot, page.unsettled)
        else:
            self.seen.pages[spot.key] = read_page(page)

    def _leave_open(self, spot: Spot, why: Missing) -> None:
        page = self.seen.pages.get(spot.key)
        if isinstance(page, Seen):
            self.seen.pages[spot.key] = replace(page, unsettled=why)

    def _need(self, spot: Spot) -> int:
        """How much a page needs Chromium: 0 not at all, 1 it shows nothing as sent, 2 little."""
        page = self.seen.pages.get(spot.key)
        if page is None or isinstance(page, Missing):
            return 1 if page and may_pass(self.session, page) else 0
        own = spot.registered or self.seen.atlas.scope.owns(page.final_url)
        if page.by_browser or page.rows or page.titled or not own:
            return 0
        if page.key == self.seen.atlas.home or (spot.form == "map" and len(page.places) > MAP_PLACES):
            return 0
        content = self.seen.content(page)
        if page.drawn or content.embedded or content.waits or (blank_words(content, spot.name) and not self._leads_on(page)):
            return 1
        standing = STANDING.intersection(category_of(spot.name, page.column_type, (name for name, _ in page.trail)))
        thin = len("".join(content.lines)) < THIN and not standing
        return 2 if thin and not self._leads_on(page) else 0

    def _leads_on(self, page: Seen) -> bool:
        """The page shows boxes of other columns: a channel."""
        return any(place.form in ("block", "more") and key_of(place.url) != page.key for place in page.places)

    def _expand(self, atlas: Atlas, spot: Spot, depth: int) -> None:
        page = self.seen.pages.get(spot.key)
        if not isinstance(page, Seen) or not atlas.scope.owns(page.final_url) or page.key == atlas.home:
            return
        if page.titled and not page.rows:
            return  # an article leads back and to other articles
        rows = {key_of(row.url) for row in page.rows if row.listed or row.yearless or row.in_url}  # others may be columns
        later = {key_of(address) for address in page.paging.next}
        side = frozenset(key_of(place.url) for place in page.places if place.form == "side")
        siblings = side if spot.key in side or page.key in side else frozenset()
        for place in page.places:
            if key_of(place.url) not in rows | later | {page.key}:
                parent = parent_of(spot, place, siblings, page.final_url)
                atlas.note(place, depth + 1, parent="" if spot.form == "map" else parent)

    def _left_over(self) -> Missing | None:
        """Why something that navigation names was not seen; None when all was. Links in running text may lead anywhere."""
        for spot in self.seen.atlas.spots.values():
            if FORMS.index(spot.form) > NAMED:
                continue
            page = self.seen.pages.get(spot.key)
            if isinstance(page, Missing) and page.reason not in (Reason.HTTP_ERROR, Reason.NOT_HTML, Reason.REDIRECT_LOOP):
                return page
            if isinstance(page, Seen) and page.unsettled:
                return page.unsettled
        return None


def _level(atlas: Atlas, depth: int) -> list[Spot]:
    """The spots of a depth that are worth a visit."""
    return [spot for spot in atlas.level(depth) if depth < LOOSE or FORMS.index(spot.form) <= NAMED or category_of(spot.name)]


def _plain(page: Seen) -> Opened:
    """A page of which nothing but its plain answer is known."""
    return Opened(page.url, page.final_url, 200, page.html, page.html)
