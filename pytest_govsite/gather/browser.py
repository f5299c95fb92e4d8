"""Browsers of this process: launched on demand, retired in time, killed as a group on the way out."""
import asyncio
import os
from contextlib import asynccontextmanager

import psutil
from playwright.async_api import Browser, BrowserContext, Playwright, async_playwright
from playwright.async_api import Error as PlaywrightError

from pytest_govsite.gather.board import usual_folder
from pytest_govsite.gather.exit import CHROMIUM_ARGS, FIREFOX_PREFS
from pytest_govsite.gather.installed import find_chromium, find_firefox, find_webkit
from pytest_govsite.gather.offspring import mortal
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.evidence import EngineName
from pytest_govsite.model.missing import Missing, Reason

LAUNCH_SECONDS = 40
CLOSE_SECONDS = 8
DRIVER_GONE = "Connection closed"
CONTEXTS_PER_BROWSER = 60  # Chromium and the driver leak; a fresh one costs 0.1 s
CONTEXTS_PER_DRIVER = 120  # of all engines; a fresh one costs 0.5 s

# Chromium heeds the last --disable-features only: without the names of Playwright's own (1.64) they would all be on again
FEATURES_OFF = (
    "HttpsFirstBalancedModeAutoEnable", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "DialMediaRouteProvider",
    "GlobalMediaControls", "HttpsUpgrades", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "BlockOriginHeaderModificationOnRedirect", "AvoidCorsURLLoaderRestartOnRedirect", "Translate", "AutoDeElevate", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "msForceBrowserSignIn", "msEdgeUpdateLaunchServicesPreferredVersion",
)

# keeps Chromium from calling home; see peter.sh/experiments/chromium-command-line-switches
QUIET = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
    "--disable-domain-reliability", "--disable-client-side-phishing-detection", "--no-pings", "--disable-gpu",
    f"--disable-features={','.join(FEATURES_OFF)}",
)

# what a browser for people starts and keeps, and nobody needs here: a fourth of the processor time of a start and three pages
FIREFOX_QUIET = {
    "extensions.webextensions.remote": False, "extensions.enabledScopes": 0, "extensions.screenshots.disabled": True,
    "extensions.formautofill.addresses.enabled": False, "extensions.formautofill.creditCards.enabled": False,
    "dom.ipc.processCount": 1, "media.rdd-process.enabled": False, "accessibility.force_disabled": 1, "browser.ml.enable": False,
    "browser.startup.page": 0, "browser.newtabpage.enabled": False, "browser.topsites.contile.enabled": False,
    "browser.cache.disk.enable": False, "places.history.enabled": False, "browser.sessionstore.interval": 1_800_000,
    "layout.frame_rate": 15,  # pictures a second: what moves is drawn for nobody
}


class BrowserGone(Exception):
    """The browser could not be had or died; carries the Missing that says so."""

    def __init__(self, missing: Missing) -> None:
        super().__init__(missing.says)
        self.missing = missing


class Browsers:
    """All browsers of one process, at most one of each engine."""

    def __init__(self) -> None:
        self._driver: Playwright | None = None
        self._driven = self._launching = 0
        self._old: list[Playwright] = []
        self._drivers: list[psutil.Process] = []
        self._open: dict[EngineName, Browser] = {}
        self._used: dict[EngineName, int] = {}
        self._live: dict[Browser, int] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    @asynccontextmanager
    async def context(self, engine: EngineName, proxy: str, settings: Settings):
        """A fresh context for one site, closed at the end; `proxy` is the site's way out. Raises BrowserGone."""
        browser = await self._browser(engine)
        self._live[browser] = self._live.get(browser, 0) + 1
        context = None
        try:
            context = await self._new_context(browser, proxy, settings)
            yield context
        finally:
            await quietly(context.close() if context else None)
            await self._release(browser)

    async def discard(self, context: BrowserContext) -> None:
        """The browser of this context no longer answers: the next context gets a new one."""
        if context.browser:
            await self._forget(context.browser)

    async def version(self, engine: EngineName) -> str:
        """Version of the running browser."""
        return (await self._browser(engine)).version

    def kill(self) -> None:
        """Kills the browsers and not their driver: whatever is asked of them fails at once, and it tidies up behind them."""
        _kill([child for driver in self._drivers for child in _children(driver)], seconds=0)

    async def close(self) -> None:
        """Closes everything; what does not close is killed with its whole process group."""
        descendants = [*self._drivers, *(child for driver in self._drivers for child in _children(driver))]
        for browser in tuple(self._live) + tuple(self._open.values()):
            await quietly(browser.close())
        self._open.clear()
        self._live.clear()
        for driver in (*self._old, *[self._driver] * bool(self._driver)):
            await quietly(driver.stop())
        self._driver, self._old = None, []
        _kill(descendants)

    async def _new_context(self, browser: Browser, proxy: str, settings: Settings) -> BrowserContext:
        options = {
            "proxy": {"server": proxy}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "accept_downloads": False,
            "viewport": {"width": 1366, "height": 768}, "ignore_https_errors": bool(settings.ca_file),
        }
        if browser.browser_type.name == "chromium":
            options |= {"user_agent": settings.agent, "service_workers": "block"}
        try:
            return await asyncio.wait_for(browser.new_context(**options), LAUNCH_SECONDS)
        except Exception as error:  # a dead driver raises nothing better
            await self._forget(browser)
            self._forget_driver(error)
            raise BrowserGone(Missing(Reason.BROWSER_DIED, _first_line(error))) from error

    async def _browser(self, engine: EngineName) -> Browser:
        async with self._locks.setdefault(engine, asyncio.Lock()):
            if self._driven >= CONTEXTS_PER_DRIVER and not self._launching:
                await self._replace_driver()
            self._driven += 1
            browser = self._open.get(engine)
            if browser and browser.is_connected() and self._used[engine] < CONTEXTS_PER_BROWSER:
                self._used[engine] += 1
                return browser
            if browser:
                await self._retire(engine, browser)
            self._open[engine] = browser = await self._launch(engine)
            self._used[engine] = 1
            return browser

    async def _retire(self, engine: EngineName, browser: Browser) -> None:
        del self._open[engine]
        if not self._live.get(browser):
            await quietly(browser.close())

    async def _replace_driver(self) -> None:
        """From now on everything new gets a new driver; the old one ends with the last context that it has open."""
        self._driven = 0
        if self._driver:
            self._old.append(self._driver)
            self._driver = None
        for engine, browser in tuple(self._open.items()):
            await self._retire(engine, browser)
        await self._end_old()

    async def _end_old(self) -> None:
        if self._old and not self._launching and not self._live.keys() - set(self._open.values()):
            ended, self._old = self._old, []
            for driver in ended:
                await quietly(driver.stop())
            self._drivers = [process for process in self._drivers if process.is_running()]

    async def _release(self, browser: Browser) -> None:
        self._live[browser] = self._live.get(browser, 1) - 1
        if self._live[browser] <= 0:
            del self._live[browser]
            if browser not in self._open.values():
                await quietly(browser.close())
        await self._end_old()

    async def _forget(self, browser: Browser) -> None:
        for engine, known in tuple(self._open.items()):
            if known is browser:
                del self._open[engine]
        await quietly(browser.close())

    async def _launch(self, engine: EngineName) -> Browser:
        options = _options(engine)
        self._launching += 1
        try:
            return await self._launch_by_driver(engine, options)
        finally:
            self._launching -= 1

    async def _launch_by_driver(self, engine: EngineName, options: dict) -> Browser:
        async with self._locks.setdefault("driver", asyncio.Lock()):
            if not self._driver:
                before = psutil.Process().children()
                self._driver = await _started()
                self._drivers += [child for child in psutil.Process().children() if child not in before]
        try:
            return await self._start(engine, options)
        except Exception as error:  # a dead driver raises nothing better
            self._forget_driver(error)
            raise BrowserGone(Missing(Reason.BROWSER_DIED, _first_line(error))) from error

    def _forget_driver(self, error: Exception) -> None:
        """The next launch starts a new driver when this one is gone."""
        if DRIVER_GONE in str(error):
            self._driver = None
            self._open.clear()

    async def _start(self, engine: EngineName, options: dict) -> Browser:
        launcher = getattr(self._driver, engine)
        try:
            return await asyncio.wait_for(launcher.launch(**options), LAUNCH_SECONDS)
        except PlaywrightError:
            if not options.get("chromium_sandbox"):
                raise
            # containers without user namespaces cannot give Chromium its sandbox
            return await asyncio.wait_for(launcher.launch(**options | {"chromium_sandbox": False}), LAUNCH_SECONDS)


async def _started() -> Playwright:
    """The driver. Whoever is cancelled meanwhile waits for it and ends it: half started, it could not be ended at all."""
    starting = asyncio.ensure_future(async_playwright().start())
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await asyncio.wait({starting}, timeout=CLOSE_SECONDS)
        if starting.done() and not starting.exception():
            await quietly(starting.result().stop())
        raise


def _options(engine: EngineName) -> dict:
    if engine == "chromium":
        program = find_chromium()
        if not program:
            raise BrowserGone(Missing(Reason.BROWSER_MISSING, "运行 govsite doctor 查看安装办法"))
        return {"executable_path": str(program), "args": [*QUIET, *CHROMIUM_ARGS], "chromium_sandbox": _may_sandbox()}
    if engine == "firefox":
        found = find_firefox()
        if not found:
            raise BrowserGone(Missing(Reason.ENGINE_MISSING, "Firefox"))
        program, own = found
        # without the user's proxies: Firefox would call its maker through them
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        # over BiDi it would outlive a driver that is killed; Playwright's own and Chromium hang on a pipe
        started = program if own else mortal(program, usual_folder())
        options = {"executable_path": str(started), "firefox_user_prefs": FIREFOX_PREFS | FIREFOX_QUIET, "env": environment}
        return options | ({} if own else {"channel": "moz-firefox"})
    if not find_webkit():
        raise BrowserGone(Missing(Reason.ENGINE_MISSING, "WebKit（Safari 内核）"))
    return {}


def _may_sandbox() -> bool:
    """Pages are hostile input, so a sandbox wherever Chromium accepts one: as root it refuses to start with it."""
    return hasattr(os, "geteuid") and os.geteuid() != 0


async def quietly(closing) -> None:
    """Awaits a close that may fail or hang: what does not close is killed at the end."""
    if closing is None:
        return
    try:
        await asyncio.wait_for(closing, CLOSE_SECONDS)
    except Exception:
        pass  # a dead driver raises nothing better than Exception


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _kill(processes: list[psutil.Process], seconds: float = 3) -> None:
    alive = [process for process in processes if process.is_running()]
    for process in alive:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(alive, timeout=seconds)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
