"""Chromium's look at what plain HTTP calls dead: a visitor's browser has the last word."""
import asyncio
import random
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field, replace

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab
from playwright.async_api import TimeoutError as PlaywrightTimeout

from pytest_govsite.gather.browser import BrowserGone
from pytest_govsite.gather.http import REDIRECTS, Response
from pytest_govsite.gather.linked import Linked
from pytest_govsite.gather.listening import Listener
from pytest_govsite.gather.rendering import settle
from pytest_govsite.gather.session import TABS
from pytest_govsite.gather.softness import Softness, nowhere
from pytest_govsite.gather.tried import SOFT, Tried
from pytest_govsite.gather.trying import Trying
from pytest_govsite.model.missing import WORDS, Missing, Reason
from pytest_govsite.reading.text import visible_text

ALIKE = 5  # equal answers of one host that Chromium met as well: the rest of them is believed
MOST = 200  # addresses: each costs as much as some ten plain fetches
OPEN_SECONDS = 20.0
READ_SECONDS = 10.0
A_TAB = 10  # addresses opened in one tab, then others of this site have a turn
HTML = {"content-type": "text/html; charset=utf-8"}

Suspect = tuple[Linked, Tried]
# equal answers that speak of the host as a whole, or of a file that is not there; others may pass
ALIKE_WORDS = ("HTTP 404", "HTTP 410", SOFT, WORDS[Reason.NO_NAME], WORDS[Reason.REFUSED], WORDS[Reason.UNREACHABLE])


@dataclass
class Group:
    """Suspects of one host, form and fault, in seeded order. contradicted: Chromium got one of them."""

    suspects: deque[Suspect] = field(default_factory=deque)
    confirmed: int = 0
    contradicted: bool = False


class SecondLook:
    """Opens suspects in Chromium, group by group; what was learnt of a group holds for what comes later."""

    def __init__(self, trying: Trying) -> None:
        self._trying = trying
        self._session = trying.session
        self._until = 0.0
        self._left = MOST
        self._found: dict[str, Tried] = {}
        self._groups: dict[tuple[str, str, str], Group] = defaultdict(Group)
        self._nothing: dict[str, Softness | None] = {}
        self._asking: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def confirm(self, suspects: list[Suspect], until: float) -> dict[str, Tried]:
        """The verdicts by address, after Chromium has had its say. until: time.monotonic() of the end; one call at a time."""
        self._until, self._found = until, {}
        order = random.Random(f"{self._session.seed}:second look").sample(suspects, len(suspects))
        for link, tried in sorted(order, key=lambda suspect: suspect[0].depth):
            self._groups[link.origin, link.form, tried.why].suspects.append((link, tried))
        waiting = deque(group for group in self._groups.values() if group.suspects)

        async def work() -> None:
            while waiting:
                await self._go_through(waiting.popleft())

        await asyncio.gather(*(work() for _ in range(TABS)))
        return self._found

    async def _go_through(self, group: Group) -> None:
        while group.suspects:
            if group.confirmed >= ALIKE and not group.contradicted and group.suspects[0][1].why.startswith(ALIKE_WORDS):
                self._believe(group)
            elif self._left <= 0 or time.monotonic() > self._until:
                self._leave(group, "浏览器复核的次数或时间已用完")
            else:
                await self._open_some(group)

    def _believe(self, group: Group) -> None:
        while group.suspects:
            link, tried = group.suspects.popleft()
            self._found[link.url] = tried

    def _leave(self, group: Group, why: str) -> None:
        while group.suspects:
            link, tried = group.suspects.popleft()
            self._found[link.url] = Tried("unknown", f"{tried.why}；{why}")

    async def _open_some(self, group: Group) -> None:
        try:
            async with self._session.tab(first=True, looking=True) as tab:
                heard = Listener(tab, self._session.exit)
                try:
                    for _ in range(min(A_TAB, self._left, len(group.suspects), max(1, ALIKE - group.confirmed))):
                        link = group.suspects[0][0]
                        shown = await self._shown_for_nothing(tab, heard, link)
                        self._note(group, await self._open(tab, heard, link), shown)
                finally:
                    heard.leave()
        except BrowserGone as gone:
            self._leave(group, f"浏览器未能复核：{gone.missing.says}")

    async def _shown_for_nothing(self, tab: Tab, heard: Listener, link: Linked) -> Softness | None:
        """How a host that hides errors shows in Chromium what it does not have: scripts may write half of that page.

        None: it hides none, or that page did not open.
        """
        if not self._hides(link):
            return None
        async with self._asking[link.origin]:
            if link.origin not in self._nothing:
                answer = await self._open(tab, heard, replace(link, url=nowhere(link.origin, self._session.seed)))
                text = visible_text(answer.text) if isinstance(answer, Response) else ""
                self._nothing[link.origin] = Softness(text=text) if text else None
        return self._nothing[link.origin]

    def _hides(self, link: Linked) -> bool:
        """The host sends one text for all that it does not have, with status 200."""
        soft = self._trying.soft(link)
        return bool(soft and soft.text)

    def _note(self, group: Group, answer: Response | Missing, shown: Softness | None) -> None:
        link, tried = group.suspects.popleft()
        self._left -= 1
        seen = self._trying.judge(answer, link, shown)
        if seen.state == "ok" and self._hides(link) and _is_unread(answer, shown):
            self._found[link.url] = Tried("unknown", f"{tried.why}；浏览器中无从比较")
        elif seen.state == "ok":
            group.contradicted = True
            self._found[link.url] = replace(seen, why="普通程序打不开，浏览器能打开")
        elif seen.state == "dead" and tried.state == "dead":
            group.confirmed += 1
            self._found[link.url] = replace(tried, confirmed=True)
        elif seen.state == "wall":
            self._found[link.url] = seen
        else:
            self._found[link.url] = Tried("unknown", f"{tried.why}；浏览器：{seen.why}")

    async def _open(self, tab: Tab, heard: Listener, link: Linked) -> Response | Missing:
        """What Chromium is answered, whether it shows it, saves it or throws it away."""
        heard.documents.clear()
        heard.failed.clear()
        try:
            async with asyncio.timeout(OPEN_SECONDS + READ_SECONDS):
                await tab.goto(link.url, wait_until="commit", timeout=OPEN_SECONDS * 1000, referer=link.page)
                return await self._answer(heard, link, await self._text(tab, link))
        except (PlaywrightTimeout, TimeoutError):
            return await self._answer(heard, link) if heard.documents else Missing(Reason.TIMEOUT, f"{OPEN_SECONDS:.0f} 秒", link.url)
        except PlaywrightError as error:  # a file that is saved and a bare error ended the navigation, too: both were answered
            reason = heard.reason(link.url, str(error))
            if reason is Reason.BROWSER_DIED:
                raise BrowserGone(Missing(reason, "", link.url)) from error
            return await self._answer(heard, link, fault=next(reversed(heard.failed.values()), reason))

    async def _text(self, tab: Tab, link: Linked) -> str:
        """The page as it stands in the tab once scripts have written what they write, where its words matter."""
        if not self._hides(link):
            return ""
        try:
            async with asyncio.timeout(READ_SECONDS):
                await settle(tab)
        except TimeoutError:
            return ""  # more may come
        return await tab.content()

    async def _answer(self, heard: Listener, link: Linked, text: str = "", fault: Reason | None = None) -> Response | Missing:
        last = heard.documents[-1] if heard.documents else None
        if last is None or (fault and last.status in REDIRECTS):
            return Missing(fault or Reason.UNREACHABLE, "", link.url)
        before = tuple(dict.fromkeys(one.url for one in heard.documents[:-1]))
        headers = HTML if text else {name: value for name, value in last.headers.items() if name in ("content-type", "set-cookie")}
        return Response(link.url, last.url, last.status, headers, text.encode("utf-8", "replace"), before)


def _is_unread(answer: Response | Missing, shown: Softness | None) -> bool:
    """It is a page, and nobody can say whether it is the one that the host shows for nothing."""
    return isinstance(answer, Response) and answer.is_html and not (shown and answer.body)
