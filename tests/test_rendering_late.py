"""A page that is not seen: whose fault that is."""
import asyncio

import pytest
from servers import answer
from sessions import browser_over, page, see
from test_network_browser import needs_chromium

from pytest_govsite.model.missing import Blame, Reason

# stands for a machine that takes longer than the deadline to show what it has
SLOW = "<script>const begun = Date.now(); while (Date.now() - begun < 2500);</script>"
DEEP = "<script>for (let i = 0, at = document.body; i < 30000; i++) at = at.appendChild(document.createElement('b'));</script>"
UNREAD = "页面已打开，未能读取：Page.evaluate: "


async def never(writer, head):
    """Takes the request and says nothing."""
    await asyncio.sleep(60)


async def in_part(writer, head):
    """Begins to answer, and leaves the rest to a script that never comes."""
    return page("<script src='/never.js'></script>")


async def half(writer, head):
    """Announces more than it sends, and waits."""
    writer.write(page("").replace(b"Content-Length: ", b"Content-Length: 9"))
    await asyncio.sleep(60)


async def cut(writer, head):
    """Announces more than it sends, and leaves."""
    writer.write(page("").replace(b"Content-Length: ", b"Content-Length: 9"))
    await writer.drain()
    writer.close()


async def leaves(writer, head):
    """Takes the request and closes the connection."""
    writer.close()


PAGES = {
    "/never.html": never, "/never.js": never, "/needs.html": in_part, "/half.html": half, "/cut.html": cut, "/slow.html": page(SLOW),
    "/loops.html": page("<script>for (;;) {}</script>"),
    "/crashed/closed.html": leaves,
    "/deep.html": page(f"<body hidden>{DEEP}"), "/taken.html": page("<script>Reflect.get = null</script>"),
    "/nothing.html": answer(b"", "204 No Content"),
    "/saved.html": answer(b"PK", "200 OK", "Content-Type: application/zip", "Content-Disposition: attachment"),
}
CASES = {
    "the site never answers": ("/never.html", Reason.TIMEOUT, Blame.SITE, "2 秒内未打开"),
    "a part that the page waits for never comes": ("/needs.html", Reason.TIMEOUT, Blame.SITE, "2 秒内未打开"),
    "half a page": ("/half.html", Reason.TIMEOUT, Blame.SITE, "2 秒内未打开"),
    "half a page, then cut": ("/cut.html", Reason.TIMEOUT, Blame.SITE, "2 秒内未打开"),
    "all has come, and the browser is too slow": ("/slow.html", Reason.TIMEOUT, Blame.TOOL, "2 秒内未打开，网站已应答"),
    "a script of the page never ends": ("/loops.html", Reason.TIMEOUT, Blame.SITE, "2 秒内未打开"),
    "the site leaves without a word, from a page with a telling name": ("/crashed/closed.html", Reason.RESET, Blame.SITE, "www.a.gov.cn"),
    "elements in each other, deeper than a stack": ("/deep.html", Reason.CRASH, Blame.TOOL, f"{UNREAD}RangeError: Maximum call stack size exceeded"),
    "a script that takes what our look needs": ("/taken.html", Reason.CRASH, Blame.TOOL, f"{UNREAD}TypeError: Reflect.get is not a function"),
    "nothing to show": ("/nothing.html", Reason.NOT_HTML, Blame.SITE, "HTTP 204"),
    "something to save": ("/saved.html", Reason.NOT_HTML, Blame.SITE, "HTTP 200"),
}


@pytest.fixture(scope="module")
def browse(tmp_path_factory):
    with browser_over(PAGES, tmp_path_factory.mktemp("results"), deadline=2.0) as browse:
        yield browse


@needs_chromium
@pytest.mark.parametrize("path, reason, blame, detail", CASES.values(), ids=CASES)
def test_who_is_to_blame(browse, monkeypatch, path, reason, blame, detail):
    monkeypatch.setattr("pytest_govsite.gather.unseen.SILENT_SECONDS", 1)
    (seen,) = browse(lambda session, _: see(session, path))
    assert (seen.reason, seen.blame, seen.detail) == (reason, blame, detail)
