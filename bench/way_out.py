"""What the way out (gather/exit.py) costs: pages per second in Chromium, beside its own --host-resolver-rules.

    python bench/way_out.py [rounds]

One page with 40 pictures, 330 KB in all, from a server on loopback; a new context per page. Rounds alternate, so that a
busy machine slows both alike; the medians are compared. CPU is this process's alone (server and driver included), which
a busy machine changes least. Delay: milliseconds the server waits before each answer.
"""
import asyncio
import statistics
import sys
import time

from aiohttp import web
from playwright.async_api import Browser, async_playwright

from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.way import Way

HOST = "www.a.gov.cn"
PICTURES, BYTES = 40, 8000
PAGES = 8
DELAYS = (0, 50)


def server(delay: float) -> web.Application:
    """The page and its pictures."""
    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(delay / 1000)
        if request.path.endswith(".png"):
            return web.Response(body=b"x" * BYTES, content_type="image/png", headers={"Cache-Control": "no-store"})
        pictures = "".join(f'<img src="/{n}.png">' for n in range(PICTURES))
        return web.Response(text=f"<title>bench</title>{pictures}", content_type="text/html")

    application = web.Application()
    application.router.add_get("/{tail:.*}", answer)
    return application


async def open_pages(browser: Browser, proxy: str | None) -> tuple[float, float]:
    """Opens the page PAGES times, each in a new context: pages per second, milliseconds of CPU per page."""
    began, worked = time.perf_counter(), time.process_time()
    for _ in range(PAGES):
        context = await browser.new_context(proxy={"server": proxy} if proxy else None)
        page = await context.new_page()
        await page.goto(f"http://{HOST}/", wait_until="load", timeout=30_000)
        await context.close()
    return PAGES / (time.perf_counter() - began), (time.process_time() - worked) * 1000 / PAGES


async def compare(rounds: int, delay: float) -> None:
    """Prints both medians and their ratio for one delay."""
    runner = web.AppRunner(server(delay))
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    port = runner.addresses[0][1]
    ours = Exit(Way([f"{HOST}:80:127.0.0.1:{port}"]), pace=Pace(6))  # Chromium's own limit: only the carrying counts
    proxy = await ours.start()
    rates: dict[str, list[tuple[float, float]]] = {"rules": [], "exit": []}
    async with async_playwright() as driver:
        launch = driver.chromium.launch
        program = str(find_chromium())
        ruled = await launch(executable_path=program, args=[f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{port}"])
        plain = await launch(executable_path=program)
        for _ in range(rounds):
            rates["rules"].append(await open_pages(ruled, None))
            rates["exit"].append(await open_pages(plain, proxy))
    await ours.close()
    await runner.cleanup()
    (rules, usual), (through, more) = (map(statistics.median, zip(*column, strict=True)) for column in rates.values())
    print(f"delay {delay} ms: rules {rules:.2f} pages/s, way out {through:.2f}, ratio {through / rules:.2f};", end=" ")
    print(f"CPU {usual:.0f} and {more:.0f} ms a page")


async def main() -> None:
    """All delays."""
    for delay in DELAYS:
        await compare(int(sys.argv[1]) if len(sys.argv) > 1 else 5, delay)


if __name__ == "__main__":
    asyncio.run(main())
