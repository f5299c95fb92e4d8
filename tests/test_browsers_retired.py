"""Browsers and their drivers are replaced before what leaks in them is felt, and nobody who uses one notices."""
import asyncio
from datetime import date

import psutil
import pytest
from servers import SECONDS

from pytest_govsite.gather import browser
from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.gather.settings import Settings

pytestmark = [
    pytest.mark.timeout(200),
    pytest.mark.skipif(not find_chromium(), reason="this machine has no Chromium; `govsite doctor` says how to get one"),
]
ROUNDS, AT_ONCE = 6, 2


def drivers() -> set[int]:
    """Processes of Playwright's driver under this one."""
    return {child.pid for child in psutil.Process().children() if "playwright" in " ".join(child.cmdline())}


def test_a_driver_is_replaced_and_ends_when_nobody_uses_it_any_more(monkeypatch):
    monkeypatch.setattr(browser, "CONTEXTS_PER_BROWSER", 3)
    monkeypatch.setattr(browser, "CONTEXTS_PER_DRIVER", 5)
    browsers, settings, before = Browsers(), Settings(date(2026, 11, 20)), drivers()

    async def use() -> tuple[int, set[int]]:
        async with browsers.context("chromium", "socks5://127.0.0.1:9", settings) as context:
            tab = await context.new_page()
            return await tab.evaluate("6 * 7"), drivers() - before

    async def whole():
        try:
            found = [one for _ in range(ROUNDS) for one in await asyncio.gather(*(use() for _ in range(AT_ONCE)))]
            return found, drivers() - before
        finally:
            await browsers.close()

    found, at_the_end = asyncio.run(asyncio.wait_for(whole(), 3 * SECONDS))
    assert [answer for answer, _ in found] == [42] * ROUNDS * AT_ONCE
    seen = set().union(*(alive for _, alive in found))
    assert len(seen) >= 2 and len(at_the_end) == 1, "another one came, and the first has gone"
    assert drivers() == before
