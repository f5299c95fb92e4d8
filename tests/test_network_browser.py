"""The way out under real browsers: it leads where it should, and nothing goes round it."""
import asyncio
import base64
import hashlib
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError
from servers import BOTH, SECONDS, V4, V6, Authority, answer, listening, proxy, site
from test_network_exit import open_exit, way_to

from pytest_govsite.gather.exit import CHROMIUM_ARGS, FIREFOX_PREFS
from pytest_govsite.gather.installed import find_chromium, find_firefox
from pytest_govsite.gather.way import Way
from pytest_govsite.model.missing import Reason

HOST = "www.a.gov.cn"
PLAIN, SECURE = f"http://{HOST}/", f"https://{HOST}/"

WHY = "this machine has no {}; `govsite doctor` says how to get one"
needs_chromium = pytest.mark.skipif(not find_chromium(), reason=WHY.format("Chromium"))
needs_firefox = pytest.mark.skipif(not find_firefox(), reason=WHY.format("Firefox"))
ENGINES = [pytest.param("chromium", marks=needs_chromium), pytest.param("firefox", marks=needs_firefox)]
each_engine = pytest.mark.parametrize("engine", ENGINES)


class Running:
    """One browser of each engine for all tests, started by the first that needs it; every test has a context of its own."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._browsers: dict[str, Browser] = {}

    def run(self, coroutine):
        """Runs a test's coroutine under a deadline, all on one loop."""
        return self._runner.run(asyncio.wait_for(coroutine, SECONDS))

    @asynccontextmanager
    async def opened(self, engine: str, address: str):
        """A tab behind the proxy at that address."""
        if engine not in self._browsers:
            driver = await self._stack.enter_async_context(async_playwright())
            self._browsers[engine] = browser = await start(driver, engine)
            self._stack.push_async_callback(browser.close)
        context = await self._browsers[engine].new_context(proxy={"server": address}, ignore_https_errors=True)
        try:
            yield await context.new_page()
        finally:
            await context.close()

    def visited(self, engine: str, url: str, use, pages, way=way_to, tls=None, real=80, family=0):
        """Opens url in a browser, calls use(tab); returns its result, the exit, and what the site saw."""
        async def whole():
            async with site(pages, BOTH, tls) as (port, seen), open_exit(way(port, real=real), family=family) as ours:
                async with self.opened(engine, await ours.start()) as tab:
                    await tab.goto(url, timeout=20_000)
                    return await use(tab), ours, seen
        return self.run(whole())

    def close(self) -> None:
        self.run(self._stack.aclose())
        self._runner.close()


async def start(driver: Playwright, engine: str) -> Browser:
    if engine == "chromium":
        return await driver.chromium.launch(executable_path=str(find_chromium()), args=list(CHROMIUM_ARGS))
    program, own = find_firefox()
    options = {"firefox_user_prefs": FIREFOX_PREFS} | ({} if own else {"channel": "moz-firefox"})
    return await driver.firefox.launch(executable_path=str(program), **options)


@pytest.fixture(scope="module")
def running():
    browsers = Running()
    yield browsers
    browsers.close()


async def title(tab) -> str:
    return await tab.title()


PAGE = {"/": answer(b"<title>ok</title>" + b"".join(b'<img src="/%d.png">' % n for n in range(20)))} | {
    f"/{n}.png": answer(b"x" * 3000) for n in range(20)
}


@needs_chromium
@pytest.mark.parametrize("family, address", [(4, V4), (6, V6)])
def test_plain_page_over_one_family(running, family, address):
    found, ours, seen = running.visited("chromium", PLAIN, title, PAGE, family=family)
    assert (found, ours.peers) == ("ok", {f"{HOST}:80": address})
    assert f"Host: {HOST}\r\n" in seen.heads[0]
    assert ours.received > 60_000


@each_engine
def test_secure_page(running, engine):
    """Firefox would send https round an http:// proxy."""
    found, ours, seen = running.visited(engine, SECURE, title, PAGE, tls=Authority().server(HOST), real=443)
    assert (found, seen.names[0], set(ours.peers)) == ("ok", HOST, {f"{HOST}:443"})


COUNT = "() => performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('.png')).length"
INSIDE = ("127.0.0.1", "localhost", "[::1]")
ASK = "url => fetch(url, {mode: 'no-cors'}).then(() => true, () => false)"
KNOCK = "url => new Promise(done => new WebSocket(url).onerror = done)"
RTC = """async port => {
    if (!window.RTCPeerConnection) return
    const place = `127.0.0.1:${port}`
    const account = {username: 'a', credential: 'b'}
    const connection = new RTCPeerConnection({iceServers: [
        {urls: `stun:${place}`}, {urls: `turn:${place}`, ...account},
        {urls: `turn:${place}?transport=tcp`, ...account}]})
    connection.createDataChannel('x')
    await connection.setLocalDescription(await connection.createOffer())
    await new Promise(done => setTimeout(done, 1500))
}"""


@each_engine
def test_a_page_cannot_reach_inside(running, engine):
    """Addresses, names, redirects, WebSocket, WebRTC over TCP and UDP."""
    reached = []

    async def inside(reader, writer):
        reached.append(await reader.read(100))

    class Datagrams(asyncio.DatagramProtocol):
        def datagram_received(self, data, address):
            reached.append(data)

    async def use(tab):
        async with listening(inside) as port:
            loop = asyncio.get_running_loop()
            udp, _ = await loop.create_datagram_endpoint(Datagrams, (V4, port))
            for host in INSIDE:
                assert not await tab.evaluate(ASK, f"http://{host}:{port}/")
            await tab.evaluate(KNOCK, f"ws://127.0.0.1:{port}/")
            await asyncio.wait_for(tab.evaluate(RTC, port), 10)
            udp.close()
            return port

    port, ours, _ = running.visited(engine, PLAIN, use, PAGE)
    noted = {ours.failures.get(f"{host.strip('[]')}:{port}") for host in INSIDE}
    assert not reached and noted == {Reason.PRIVATE_ADDRESS}


async def greet(writer, head):
    """A WebSocket (RFC 6455) that says hello and waits."""
    key = next(line.split(": ")[1] for line in head.split("\r\n") if line.lower().startswith("sec-websocket-key"))
    digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
    lines = ("HTTP/1.1 101 Switching", "Upgrade: websocket", "Connection: Upgrade")
    accept = f"Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}"
    writer.write("\r\n".join((*lines, accept, "", "")).encode() + b"\x81\x05hello")
    await writer.drain()
    await asyncio.Event().wait()


@needs_chromium
def test_websocket(running):
    hear = "url => new Promise(done => new WebSocket(url).onmessage = event => done(event.data))"
    async def use(tab):
        return await tab.evaluate(hear, f"ws://{HOST}/ws")
    assert running.visited("chromium", PLAIN, use, PAGE | {"/ws": greet})[0] == "hello"


@needs_chromium
def test_refused_is_an_error_and_no_page(running):
    async def whole():
        async with open_exit(way_to(9)) as ours, running.opened("chromium", await ours.start()) as tab:
            with pytest.raises(PlaywrightError, match="ERR_SOCKS_CONNECTION_FAILED"):
                await tab.goto(PLAIN, timeout=20_000)
            return ours.failures
    assert running.run(whole()) == {f"{HOST}:80": Reason.REFUSED}


@needs_chromium
def test_failed_parts_of_a_page_are_told_apart(running):
    async def use(tab):
        urls = ("http://10.0.0.1/x.js", f"http://{HOST}:81/x.js", f"{PLAIN}0.png")
        return [await tab.evaluate(ASK, url) for url in urls]
    found, ours, _ = running.visited("chromium", PLAIN, use, PAGE)
    assert found == [False, False, True]
    assert ours.failures == {"10.0.0.1:80": Reason.PRIVATE_ADDRESS, f"{HOST}:81": Reason.RESOLVER_DOWN}


@needs_chromium
def test_several_tabs_share_the_few_connections(running):
    """Kept connections of one tab must not lock the other out."""
    async def use(tab):
        tabs = [await tab.context.browser.new_context(proxy={"server": await use.exit.start()}) for _ in range(3)]
        pages = [await context.new_page() for context in tabs]
        await asyncio.gather(*(page.goto(PLAIN, timeout=20_000) for page in pages))
        return [await page.title() for page in pages]
    async def whole():
        async with site(PAGE) as (port, _), open_exit(way_to(port)) as ours:
            use.exit = ours
            async with running.opened("chromium", await ours.start()) as tab:
                await tab.goto(PLAIN, timeout=20_000)
                return await use(tab)
    assert running.run(whole()) == ["ok"] * 3


@each_engine
@pytest.mark.parametrize("secure", [False, True])
def test_behind_the_proxy_of_the_users_network(running, engine, secure, monkeypatch):
    for name in ("NO_PROXY", "no_proxy", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    async def whole():
        tls = Authority().server(HOST) if secure else None
        async with site(PAGE, (V4,), tls) as (port, _):
            async with proxy({f"{HOST}:80": port, f"{HOST}:443": port}) as (number, passed):
                monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{number}")
                monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{number}")
                async with open_exit(Way()) as ours, running.opened(engine, await ours.start()) as tab:
                    await tab.goto(SECURE if secure else PLAIN, timeout=20_000)
                    return await tab.title(), await tab.evaluate(COUNT), passed.heads
    found, loaded, heads = running.run(whole())
    assert (found, loaded) == ("ok", 20)
    ours = [head for head in heads if HOST in head]  # Firefox calls its maker on its own account
    assert all(head.startswith(f"CONNECT {HOST}:443" if secure else f"GET {PLAIN}") for head in ours) and ours
