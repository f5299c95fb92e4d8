"""Tabs that are used again: whose turn it is, and that nothing of the page before is in the next."""
import asyncio

import psutil
import pytest
from servers import answer, run
from sessions import HOST, browser_over, page, see
from test_network_browser import needs_chromium

from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.gather.tabs import EMPTY, Turns

TURNS = {
    "in order": (2, 0, "abcd", "abcd"),
    "those in a hurry first": (1, 0, "abCD", "aCDb"),
    "but not all turns": (2, 1, "abCDe", "abCeD"),
    "all where nobody else waits": (2, 1, "ABC", "ABC"),
}


@pytest.mark.parametrize("most, spared, comers, served", TURNS.values(), ids=TURNS)
def test_whose_turn_it_is(most, spared, comers, served):
    """Capital letters are in a hurry. All come at once; nobody leaves before all have come."""
    async def whole():
        turns, order, all_there = Turns(most, spared), [], asyncio.Event()

        async def come(name):
            async with turns.turn(name.isupper()):
                order.append(name)
                await all_there.wait()

        coming = [asyncio.ensure_future(come(name)) for name in comers]
        await asyncio.sleep(0)
        all_there.set()
        await asyncio.gather(*coming)
        return "".join(order)

    assert run(whole()) == served


def test_a_turn_that_was_given_up_goes_to_the_next():
    async def whole():
        turns, reached = Turns(1, 0), []

        async def come(name):
            async with turns.turn(False):
                reached.append(name)

        async with turns.turn(False):
            given_up, next_one = asyncio.ensure_future(come("a")), asyncio.ensure_future(come("b"))
            await asyncio.sleep(0)
            given_up.cancel()
        await next_one
        return reached

    assert run(whole()) == ["b"]


LEAVES = "<script>sessionStorage.setItem('left', '1'); window.name = 'left'; setInterval(() => fetch('/fails'), 20)</script>"
FINDS = "<p id='found'></p><script>found.textContent = `session ${sessionStorage.length} name ${window.name || 'none'}`</script>"
BACK = "<script>history.back()</script>"
LATE_BACK = "<script>setTimeout(() => history.back(), 100)</script>"


DEADLY = []  # which processes of the browser die when the deadly page is next asked for


async def deadly(_writer, _head) -> bytes:
    """Whoever looks is dead before the answer comes."""
    for dies in (DEADLY.pop(),) if DEADLY else ():
        for process in psutil.Process().children(recursive=True):
            line = " ".join(process.cmdline())
            if str(find_chromium()) in line and dies(line):
                process.kill()
        await asyncio.sleep(0.5)  # the answer must not win the race against the news of the death
    return page("")


PAGES = {
    "/deadly.html": deadly,
    "/first.html": page("第一页" + LEAVES), "/finds.html": page(FINDS), "/back.html": page("回退" + BACK), "/late.html": page("回退" + LATE_BACK),
    "/app.html": page("<b></b><script>document.querySelector('b').textContent = location.hash</script>"), "/loops.html": page(""),
    "/fails": answer(b"", "500 Internal Server Error"),
}


@pytest.fixture(scope="module")
def browsing(tmp_path_factory):
    """Runs a function of (session, the tabs that it opened, in order)."""
    with browser_over(PAGES, tmp_path_factory.mktemp("results")) as browse:
        yield browse


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """Pages that never are at rest are waited for less long than real ones."""
    monkeypatch.setattr("pytest_govsite.gather.rendering.QUIET_SECONDS", 1)


@needs_chromium
def test_nothing_of_one_page_is_in_the_next(browsing):
    """One tab shows both; what the first still asks and does not get is not the other's fault."""
    async def use(session, opened):
        return await see(session, "/first.html", "/finds.html"), len(opened)

    (first, second), tabs = browsing(use)
    assert tabs == 1 and list(first.failed) == [f"{HOST}/fails"]
    assert "session 0 name none" in second.dom and not second.failed and second.redirects == (f"{HOST}/finds.html",)


@needs_chromium
@pytest.mark.parametrize("path", ["/back.html", "/late.html"])
def test_a_page_that_goes_back_is_seen_as_in_a_new_tab(browsing, path):
    """There it ends at nothing. Where it would end at another page, that page is not taken for it."""
    async def use(session, opened):
        return await see(session, "/finds.html", path, "/finds.html"), len(opened)

    (_, seen, after), tabs = browsing(use)
    assert (seen.url, seen.final_url, seen.visible, tabs) == (f"{HOST}{path}", EMPTY, 0, 2)
    assert after.final_url == f"{HOST}/finds.html"


@needs_chromium
def test_two_addresses_of_one_page_are_two_loads(browsing):
    """From #a to #b of one page a browser would load nothing."""
    async def use(session, opened):
        return await see(session, "/app.html#a", "/app.html#b", "/app.html#b"), len(opened)

    seen, tabs = browsing(use)
    assert tabs == 1 and [one.status for one in seen] == [200] * 3
    assert [">#a</b>" in seen[0].dom, ">#b</b>" in seen[1].dom, ">#b</b>" in seen[2].dom] == [True] * 3


@needs_chromium
def test_a_tab_that_nobody_takes_shows_its_page_no_longer(browsing):
    """And whoever takes one without saying for which page gets it empty."""
    async def use(session, opened):
        await see(session, "/first.html")
        async with session.tab(looking=True) as tab:
            taken = tab.url
        await see(session, "/first.html")
        await opened[0].wait_for_url(EMPTY, timeout=10_000, wait_until="commit")
        return taken, len(opened)

    assert browsing(use) == (EMPTY, 1)


@needs_chromium
def test_a_tab_that_hangs_is_not_used_again(browsing):
    async def use(session, opened):
        async with session.rendered(f"{HOST}/loops.html", looking=True) as (tab, _):
            loops = asyncio.ensure_future(tab.evaluate("() => { for (;;) {} }"))
            await asyncio.sleep(0)
        seen = await see(session, "/finds.html", "/finds.html")
        loops.cancel()
        return [one.final_url for one in seen], len(opened)

    assert browsing(use) == ([f"{HOST}/finds.html"] * 2, 2)


DYING = {"the browser": lambda line: "--type=" not in line, "the page's process": lambda line: "--type=renderer" in line}


@needs_chromium
@pytest.mark.parametrize("dies", DYING.values(), ids=DYING)
def test_what_dies_under_a_page_is_not_the_sites_fault(browsing, dies):
    """The site was asked and then left alone: the page is opened once more, and not said to be cut off."""
    async def use(session, _):
        await see(session, "/finds.html")
        DEADLY.append(dies)
        return await see(session, "/deadly.html")

    (seen,) = browsing(use)
    assert not DEADLY and seen.final_url == f"{HOST}/deadly.html" and seen.status == 200
