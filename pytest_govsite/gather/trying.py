"""Tries addresses by plain HTTP: a quick HEAD for all, then whatever did not simply answer once more, closely."""
import asyncio
import random
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urljoin

from pytest_govsite.gather.heads import OnFault, ask_heads
from pytest_govsite.gather.http import Fetcher, Response
from pytest_govsite.gather.linked import Linked, origin_of
from pytest_govsite.gather.opening import learn_softness
from pytest_govsite.gather.scope import Scope
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.softness import Softness, probe
from pytest_govsite.gather.tried import SOFT, Tried, is_still_at, judge
from pytest_govsite.model.missing import RETRYABLE, Missing, Reason
from pytest_govsite.reading.addresses import host_of
from pytest_govsite.reading.strays import is_for_sale, is_worth_a_look
from pytest_govsite.reading.text import visible_text
from pytest_govsite.reading.walls import similar

AT_ONCE = 64  # over all hosts; slots keep each host to a few
PAUSE_SECONDS = 1.5  # before the second look: a passing fault is not the site's guilt
ENOUGH = 512 * 1024  # bytes of an answer that say what it is
ORIGINS = 6  # of the site itself: more addresses with a port of their own are not asked how they hide errors
SILENT = 3  # tries of a host and port that never answered, before the rest is believed to fail alike
AT_THE_DOOR = frozenset({Reason.NO_NAME, Reason.REFUSED, Reason.UNREACHABLE, Reason.TIMEOUT})
CONNECTING = "停在建立连接"
RICH = 300  # characters that a mere error message does not have
LIKE_NOTHING = 0.6
NOTHING = re.compile(
    r"404|不存在|找不到|未找到|没有找到|无法(?:找到|访问|显示)|已(?:被)?(?:删除|移除|下线|失效)|已过期|出错|错误|抱歉|not found|error", re.IGNORECASE,
)
DOMAINS = 60  # hosts whose front is read for a sale
SIGN_BYTES = 64 * 1024
FOUND = Tried("ok")
GONE = (404, 410)  # said by HEAD: GET comes after the pause


class Trying:
    """All that is learnt while the links of one site are tried."""

    def __init__(self, session: Session, scope: Scope) -> None:
        self.session = session
        self.scope = scope
        self.softness: dict[str, Softness] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._answered: set[str] = set()
        self._silent: dict[str, list[Missing]] = {}
        self._nothing: dict[str, asyncio.Task] = {}

    async def learn(self, urls: Iterable[str], home: str) -> None:
        """How the site's own hosts answer for what they do not have; each is asked once."""
        await learn_softness(self.session, home)
        self.softness[origin_of(home)] = self.session.shelf.softness or Softness()
        origins = sorted({origin_of(url) for url in urls if self.scope.owns(url)} - self.softness.keys())
        front = await self.session.fetcher.fetch(home) if origins else None
        if isinstance(front, Response):
            for origin in origins[:ORIGINS + 1 - len(self.softness)]:
                self.softness[origin] = await probe(self.session.fetcher, origin, self.session.seed, front)

    async def look(self, links: Sequence[Linked], until: float, again: bool = True) -> dict[str, Tried]:
        """The verdicts by address; those that time did not allow are not among them.

        until: by time.monotonic(); again: what seems dead is asked once more after a pause.
        """
        known = await asyncio.to_thread(self.session.known_links.read, [one.url for one in links if not self.owns(one)])
        fresh = {one.url: one for one in links if one.url not in known}
        close: dict[str, asyncio.Task] = {}

        def look_closely(url: str, said: int = 0) -> None:
            close[url] = asyncio.ensure_future(self._closely(fresh[url], said, until, again))

        try:
            said = await self._quickly([one for one in fresh.values() if not self._hides_errors(one)], until, look_closely)
            self._answered |= {fresh[url].origin for url in said}
            for url in fresh:
                if url not in said:
                    look_closely(url)
            seen = dict(zip(close, await asyncio.gather(*close.values()), strict=True))
        finally:
            for task in close.values():
                task.cancel()
        fine = {url: FOUND for url in said if url not in close}
        return known | fine | {url: tried for url, tried in seen.items() if tried}

    def owns(self, link: Linked) -> bool:
        """The address lives on the site itself."""
        return self.scope.owns(link.origin)

    def fetcher(self, address: str) -> Fetcher:
        """Who asks: hosts of others are asked in slots that all sites share. `address`: any of that host."""
        return self.session.fetcher if self.scope.owns(address) else self.session.neighbours

    def soft(self, link: Linked) -> Softness | None:
        """How the host of a link hides errors, if it does. A picture that is answered by such a page is none, either."""
        return self.softness.get(link.origin)

    def judge(self, answer: Response | Missing, link: Linked, soft: Softness | None = None) -> Tried:
        """The verdict on one answer. soft: what the host sends to Chromium for nothing, where that has answered."""
        return judge(answer, link.url, self.owns(link), soft or self.soft(link))

    async def for_sale(self, found: dict[str, Tried]) -> dict[str, Tried]:
        """The same, with a word where the host of an address offers itself for sale."""
        fine = {host_of(url): url for url in sorted(found) if found[url].state == "ok" and not found[url].odd}
        hosts = {host: url for host, url in fine.items() if not self.scope.owns(url) and is_worth_a_look(url)}
        looked = await asyncio.gather(*(self._is_for_sale(url) for url in list(hosts.values())[:DOMAINS]))
        sold = {host for host, sale in zip(hosts, looked, strict=False) if sale}
        odd = {url: replace(tried, odd="域名正在出售或已停放") for url, tried in found.items() if host_of(url) in sold and tried.state == "ok"}
        return found | odd

    async def _is_for_sale(self, url: str) -> bool:
        async with self._slots:
            answer = await self.session.neighbours.fetch(url, limit=SIGN_BYTES)
        return isinstance(answer, Response) and answer.is_html and is_for_sale(answer.text, answer.final_url)

    def _hides_errors(self, link: Linked) -> bool:
        soft = self.soft(link)
        return bool(soft and soft.hides_errors)

    async def _quickly(self, links: Sequence[Linked], until: float, on_fault: OnFault) -> dict[str, int]:
        session = self.session
        own = [one.url for one in links if self.owns(one)]
        others = [one.url for one in links if not self.owns(one)]
        asking = (
            ask_heads(session.way, session.settings, fetcher.pace, urls, until, on_fault)
            for fetcher, urls in ((session.fetcher, own), (session.neighbours, others))
        )
        one, other = await asyncio.gather(*asking)
        return one | other

    async def _closely(self, link: Linked, said: int, until: float, again: bool) -> Tried | None:
        """HEAD, GET where HEAD did not find it, and GET again after a pause: nothing is called dead by one answer."""
        answer: Response | Missing | None = None
        async with self._slots:
            if time.monotonic() > until:
                return None
            if said not in GONE:
                answer = self._believed(link) or await self._ask(link, head=said < 400)
        tried = self.judge(answer, link) if answer else Tried("dead", f"HTTP {said}")
        if tried.state == "dead" and again and not self._believed(link):
            await asyncio.sleep(PAUSE_SECONDS * (0.5 + random.random()))  # spacing is the point, there is no event
            async with self._slots:
                answer = await self._get(link)
            tried = self.judge(answer, link)
        if tried.state == "dead" and isinstance(answer, Response) and tried.why != SOFT and await self._says_something(answer):
            return Tried("unknown", f"{tried.why}，但页面上有内容")
        return tried

    async def _ask(self, link: Linked, head: bool) -> Response | Missing:
        """HEAD first; GET where HEAD is refused, fails, or where the page itself must be read."""
        if head and (link.form == "image" or not self._hides_errors(link)):
            answer = self._noted(await self.fetcher(link.origin).fetch(link.url, method="HEAD", headers=_coming_from(link)), link)
            if isinstance(answer, Response) and answer.status < 400 and not (self._hides_errors(link) and answer.is_html):
                return answer
            if isinstance(answer, Missing) and answer.reason not in RETRYABLE:
                return answer
        return await self._get(link)

    async def _get(self, link: Linked) -> Response | Missing:
        return self._noted(await self.fetcher(link.origin).fetch(link.url, limit=ENOUGH, headers=_coming_from(link)), link)

    def _noted(self, answer: Response | Missing, link: Linked) -> Response | Missing:
        """Remembers which hosts never let anybody in."""
        place = link.origin
        if isinstance(answer, Response):
            self._answered.add(place)
        elif answer.reason in AT_THE_DOOR and is_still_at(answer, link.url):
            if answer.reason is not Reason.TIMEOUT or CONNECTING in answer.detail:
                self._silent.setdefault(place, []).append(answer)
        return answer

    def _believed(self, link: Linked) -> Missing | None:
        """What a host and port says that never answered, several times tried: nobody need wait for it again."""
        place = link.origin
        faults = self._silent.get(place, [])
        return replace(faults[-1], url=link.url) if len(faults) >= SILENT and place not in self._answered else None

    async def _says_something(self, answer: Response) -> bool:
        """An error in the status line, and a whole page all the same, other than the host has for what does not exist."""
        if answer.status not in GONE or not answer.is_html:
            return False
        text = visible_text(answer.text)
        if len("".join(text.split())) < RICH or NOTHING.search(text):
            return False
        origin = origin_of(answer.final_url)
        if origin not in self._nothing:
            nothing = urljoin(origin, f"/govsite-{self.session.seed:x}-nothing.html")
            self._nothing[origin] = asyncio.ensure_future(self.fetcher(nothing).fetch(nothing, limit=ENOUGH))
        there = await asyncio.shield(self._nothing[origin])
        return isinstance(there, Missing) or similar(visible_text(there.text), text) < LIKE_NOTHING


def _coming_from(link: Linked) -> dict[str, str]:
    """Some hosts serve their files only to visitors who come from a page."""
    return {"Referer": link.page} if link.page.isascii() and link.page.isprintable() else {}
