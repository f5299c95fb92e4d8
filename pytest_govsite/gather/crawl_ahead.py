"""What a crawl opens before its turn, while it has to wait: it decides nothing but how soon a page is there."""
import asyncio
from collections.abc import Awaitable

from pytest_govsite.gather.allowance import Allowance
from pytest_govsite.gather.opening import Opened, browse_page, fetch_page
from pytest_govsite.gather.seen import Seen, read_page
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing

MOST_SHOWN = 18  # pages opened in Chromium on a guess: some may turn out not to be wanted


class Ahead:
    """Pages by key of spot, each given out once: whoever comes again asks the site."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._fetched: dict[str, asyncio.Task] = {}
        self._shown: dict[str, asyncio.Task] = {}

    def fetch(self, key: str, url: str) -> None:
        """Begins to fetch a page and to read it."""
        self._fetched.setdefault(key, asyncio.ensure_future(fetch_and_read(self._session, url)))

    def show(self, key: str, url: str, plain: Opened) -> None:
        """Begins to open a page in Chromium."""
        if key not in self._shown and len(self._shown) < MOST_SHOWN:
            self._shown[key] = asyncio.ensure_future(browse_page(self._session, url, plain, Allowance(1)))

    def fetched(self, key: str, url: str) -> Awaitable[tuple[Opened | Missing, Seen | Missing]]:
        """A page as the server sends it, and what the readers make of it."""
        return self._fetched.pop(key, None) or fetch_and_read(self._session, url)

    def shown(self, key: str, url: str, plain: Opened | Missing, allowance: Allowance) -> Awaitable[Opened | Missing]:
        """A page in Chromium, as opening.browse_page: it is the allowance that says whether it may be opened."""
        known = self._shown.pop(key, None)
        if known and allowance.used < allowance.most:
            allowance.take()
            return known
        if known:
            known.cancel()
        return browse_page(self._session, url, plain, allowance)

    def drop_shown(self) -> None:
        """The rest is not wanted."""
        for task in self._shown.values():
            task.cancel()
        self._shown.clear()

    def close(self) -> None:
        """Nothing more is opened."""
        self.drop_shown()
        for task in self._fetched.values():
            task.cancel()
        self._fetched.clear()


async def fetch_and_read(session: Session, url: str) -> tuple[Opened | Missing, Seen | Missing]:
    """A page as the server sends it, and what the readers make of it."""
    page = await fetch_page(session, url)
    return page, read_page(page)
