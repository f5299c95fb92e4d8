"""Chromium's visit: what it opens, what it does not, and whose fault that is. Real Chromium, real sockets."""
import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

import psutil
import pytest
from servers import SECONDS, V4, Authority, answer, free_port, settings, site
from test_network_http import entries, silence
from visiting import HOME, HOST, NOWHERE, WORDS, to, town

from pytest_govsite.gather.browsed import browse
from pytest_govsite.gather.browser import Browsers
from pytest_govsite.model.missing import Reason

LONG_AGO = datetime(2020, 1, 1)


@asynccontextmanager
async def browsers():
    """Browsers of which nothing is left at the end."""
    before = set(psutil.Process().children(recursive=True))
    ours = Browsers()
    try:
        yield ours
    finally:
        await ours.close()
    left = [child for child in psutil.Process().children(recursive=True) if child not in before and child.status() != psutil.STATUS_ZOMBIE]
    assert not left, "the browser is gone"


class Visiting:
    """Browsers that all tests share, on one loop: a driver and a browser are started once."""

    def __init__(self) -> None:
        self._runner, self._stack = asyncio.Runner(), AsyncExitStack()
        self.browsers = self.run(self._stack.enter_async_context(browsers()))

    def run(self, coroutine):
        """Runs a test's coroutine under a deadline."""
        return self._runner.run(asyncio.wait_for(coroutine, SECONDS))

    def browsed(self, pages, url=f"http://{HOST}/", tls=None, deadline=15.0, **more):
        """The sample of one visit by Chromium, and what the site saw."""
        async def ask():
            async with site(pages, tls=tls) as (port, seen):
                resolve = tuple(entries(port, real=443 if tls else 80))
                asking = settings(**{"nameserver": NOWHERE, "resolve": resolve} | more)
                return await browse(town(url), asking, self.browsers, deadline=deadline), seen
        return self.run(ask())

    def close(self) -> None:
        """Ends all; fails where a process is left."""
        try:
            self.run(self._stack.aclose())
        finally:
            self._runner.close()


@pytest.fixture(scope="module")
def visitor():
    visitor = Visiting()
    yield visitor
    visitor.close()


@pytest.fixture
def alone():
    """Browsers of one test."""
    visitor = Visiting()
    yield visitor
    visitor.close()


async def wall(writer, head):
    """A challenge whose script sets a cookie and loads the page again."""
    if "solved=1" in head:
        return HOME
    return answer(b"<script>document.cookie='solved=1;path=/';location.reload()</script>", "412 Precondition Failed")


async def half_a_page(writer, head):
    writer.write(HOME[:-100])
    await writer.drain()
    writer.close()


CASES = {
    "open": ({"/": HOME}, "open", None, ""),
    "redirect": ({"/": to("/index/"), "/index/": HOME}, "open", None, "/index/"),
    "wall that a browser passes": ({"/": wall}, "open", None, ""),
    "wall that it does not": ({"/": answer(b"", "412 Precondition Failed")}, "walled", Reason.WALL, ""),
    "403": ({"/": answer(b"<h1>403 Forbidden</h1>", "403 Forbidden")}, "walled", Reason.WALL, ""),
    "500": ({"/": answer(b"<h1>oops</h1>", "500 Oops")}, "failed", Reason.HTTP_ERROR, ""),
    "error page": ({"/": answer(b"<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>")}, "failed", Reason.ERROR_PAGE, ""),
    "blank": ({"/": answer(b"<title>t</title><script>1</script>")}, "failed", Reason.BLANK, ""),
}


@pytest.mark.parametrize("pages, state, reason, there", CASES.values(), ids=CASES)
def test_browsed(visitor, pages, state, reason, there):
    found, _ = visitor.browsed(pages)
    assert (found.state, found.reason, found.answered) == (state, reason, True), found
    assert (found.kind, found.family, found.site, found.address) == ("browser", 0, "a", V4)
    assert found.url == (f"http://{HOST}{there}" if there else "")
    if state == "open":
        assert found.title == "云山县人民政府" and set(found.seconds) == {"first_byte", "body"} and found.took < 15


def test_refused(visitor):
    asking = settings(resolve=tuple(entries(free_port())), nameserver=NOWHERE)
    found = visitor.run(browse(town(), asking, visitor.browsers))
    assert (found.state, found.reason, found.answered) == ("failed", Reason.REFUSED, False)


@pytest.mark.parametrize("served", [silence, half_a_page])
def test_page_that_never_is_complete(visitor, served):
    found, _ = visitor.browsed({"/": served}, deadline=1.5)
    assert (found.state, found.reason, found.answered) == ("failed", Reason.TIMEOUT, False)


@pytest.mark.parametrize("more, trusted, state, reason", [
    ({}, True, "open", None),
    ({}, False, "failed", Reason.TLS),
    ({"not_before": LONG_AGO, "not_after": LONG_AGO + timedelta(days=90)}, True, "failed", Reason.TLS),
], ids=["own authority", "unknown authority", "expired"])
def test_tls(visitor, more, trusted, state, reason, tmp_path):
    authority = Authority()
    known = {"ca_file": authority.file(tmp_path)} if trusted else {}
    found, _ = visitor.browsed({"/": HOME}, f"https://{HOST}/", authority.server(HOST, **more), **known)
    assert (found.state, found.reason) == (state, reason), found


def test_no_browser_says_nothing_about_the_site(alone, monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.browser.find_chromium", lambda: None)
    found, seen = alone.browsed({"/": HOME})
    assert (found.state, found.reason, seen.heads) == ("void", Reason.BROWSER_MISSING, [])


def test_browser_that_dies_says_nothing_about_the_site(alone):
    others, killed = set(psutil.Process().children(recursive=True)), []
    async def deadly(writer, head):
        for child in set(psutil.Process().children(recursive=True)) - others:
            if "chrom" in child.name():
                killed.append(child.pid)
                child.kill()
        await asyncio.sleep(30)
    found, _ = alone.browsed({"/": deadly})
    assert killed and (found.state, found.reason) == ("void", Reason.BROWSER_DIED), found


def test_one_browser_serves_many_visits(visitor):
    async def ask():
        async with site({"/": HOME, "/b": answer(f"<meta charset=utf-8><title>b</title>{WORDS}".encode())}) as (port, _):
            asking = settings(resolve=tuple(entries(port)), nameserver=NOWHERE)
            return await asyncio.gather(
                *(browse(town(f"http://{HOST}{path}", id=path), asking, visitor.browsers) for path in ("/", "/b", "/")),
            )
    samples = visitor.run(ask())
    assert [(found.state, found.title) for found in samples] == [("open", "云山县人民政府"), ("open", "b"), ("open", "云山县人民政府")]
    only, = visitor.browsers._open.values()
    assert only.contexts == [], "every context is closed"
