"""Sessions over invented pages in a real Chromium."""
import asyncio
from collections.abc import Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from servers import SECONDS, answer, settings, site

from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.control import Control
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.rendering import Rendered
from pytest_govsite.gather.session import Session
from pytest_govsite.model.missing import Missing
from pytest_govsite.model.site import Site

HOST = "http://www.a.gov.cn"
TEXT = "<p>这一页有足够多的文字，浏览器看得见。</p>"


def page(body: str) -> bytes:
    """The answer of a server: a page with some text of its own."""
    return answer(f"<!doctype html><meta charset='utf-8'>{body}{TEXT}".encode())


@contextmanager
def browser_over(pages: Mapping, folder: Path, deadline: float = 10.0) -> Iterator:
    """Yields what runs a function of (session, the tabs that it opened, in order); one browser for all, a session for each.

    pages: see servers.site; deadline: seconds that a page may take.
    """
    browsers = Browsers()
    with asyncio.Runner() as runner:

        def browse(use):
            async def whole():
                async with _session(browsers, folder, pages, deadline) as (session, opened):
                    return await use(session, opened)
            return runner.run(asyncio.wait_for(whole(), SECONDS))

        yield browse
        runner.run(browsers.close())


@asynccontextmanager
async def _session(browsers: Browsers, folder: Path, pages: Mapping, deadline: float):
    async with site(pages) as (port, _):
        here = Site("a", f"{HOST}/", resolve=(f"www.a.gov.cn:80:127.0.0.1:{port}",))
        session, opened = Session(here, settings(page_deadline=deadline), browsers, folder, {}, Resolver(None), Control()), []
        try:
            async with session.tab() as tab:
                tab.context.on("page", lambda fresh: opened.append(fresh))
            yield session, opened
        finally:
            await session.close()


async def see(session: Session, *paths: str) -> list[Rendered | Missing]:
    """The pages, one after the other."""
    seen = []
    for path in paths:
        async with session.rendered(f"{HOST}{path}", looking=True) as (_, one):
            seen.append(one)
    return seen
