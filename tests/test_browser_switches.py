"""With which switches Chromium really runs: of two of the same name it heeds the last."""
import asyncio
from datetime import date

import psutil
import pytest
from servers import SECONDS

from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.gather.settings import Settings

pytestmark = [
    pytest.mark.timeout(200),
    pytest.mark.skipif(not find_chromium(), reason="this machine has no Chromium; `govsite doctor` says how to get one"),
]
LISTS = ("--disable-features", "--enable-features", "--blink-settings")


@pytest.fixture(scope="module")
def switches() -> list[str]:
    """What stands behind the program's name in the list of processes."""
    async def look() -> list[str]:
        browsers = Browsers()
        try:
            async with browsers.context("chromium", "socks5://127.0.0.1:9", Settings(date(2026, 11, 20))):
                lines = [child.cmdline() for child in psutil.Process().children(recursive=True)]
            return next(line for line in lines if "--remote-debugging-pipe" in line)
        finally:
            await browsers.close()

    return asyncio.run(asyncio.wait_for(look(), 2 * SECONDS))


@pytest.mark.parametrize("name", LISTS)
def test_no_list_takes_anything_from_a_list_before_it(switches, name):
    """Playwright gives switches of its own, ours come behind them."""
    lists = [set(switch.partition("=")[2].split(",")) for switch in switches if switch.startswith(f"{name}=")]
    assert not lists or lists[-1] >= set().union(*lists), "names of an earlier list would be lost"


def test_it_neither_asks_its_maker_anything_nor_turns_http_into_https(switches):
    off = next(switch for switch in reversed(switches) if switch.startswith("--disable-features="))
    assert {"NetworkTimeServiceQuerying", "OptimizationHints", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable"} <= set(off.partition("=")[2].split(","))
