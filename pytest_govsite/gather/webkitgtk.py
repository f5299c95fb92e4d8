"""WebKit where Playwright's own build is not: the distribution's WebKitGTK, driven over W3C WebDriver on a virtual screen."""
import os
import selectors
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service
from urllib3.exceptions import HTTPError

from pytest_govsite.gather.installed import WebKitGtk
from pytest_govsite.gather.masks import mask_by_driver
from pytest_govsite.gather.offspring import die_with_parent, register
from pytest_govsite.gather.rendering import capture_script
from pytest_govsite.model.missing import Missing, Reason

SCREEN = "1366x900x24"
SCREEN_SECONDS = 10
START_SECONDS = 40
REST_SECONDS = 10  # how long a page may go on loading before it is looked at as it is
MORE_SECONDS = 20  # what looking, photographing and the driver may take beside loading
SPARSE = 400  # characters: so little may be a refusal, of which WebDriver does not tell the status
FAULTS = (WebDriverException, HTTPError, OSError)  # when the driver or its browser is gone
# by the processor itself instead of an imitated graphics card: the same picture for a tenth less of its time
DRAWN = {"WEBKIT_SKIA_ENABLE_CPU_RENDERING": "1"}
NOWHERE = "about:blank"  # where WebKitGTK writes its own words when a page cannot be had
QUIET_SCRIPT = """
const done = arguments[arguments.length - 1];
let last = performance.getEntriesByType("resource").length, still = 0;
const look = () => {
  const now = performance.getEntriesByType("resource").length;
  still = now === last && document.readyState === "complete" ? still + 1 : 0;
  last = now;
  still >= 3 ? done(true) : setTimeout(look, 200);
};
look();
"""
STATUS_SCRIPT = """
const done = arguments[arguments.length - 1];
fetch(location.href, {cache: "force-cache"}).then(answer => done(answer.status), () => done(0));
"""


@dataclass(frozen=True)
class GtkView:
    """What the page itself says (see capture.js), the engine's version, and the status of a page with little text (0: unknown)."""

    version: str
    seen: dict
    status: int = 0


class GtkBrowser:
    """One running WebKitGTK. Everything blocks: call it in a thread."""

    def __init__(self, driver: WebKitGTK, deadline: float) -> None:
        self._driver = driver
        self._deadline = deadline

    def look(self, url: str, shot: Path) -> GtkView | Missing:
        """Opens `url` and photographs it. Missing(UNREACHABLE) when the browser shows words of its own instead."""
        try:
            with _within(self._deadline + REST_SECONDS + MORE_SECONDS, lambda: _kill(self._driver.service)):
                return self._open(url, shot)
        except TimeoutException:
            return Missing(Reason.TIMEOUT, f"WebKit：{self._deadline:.0f} 秒内未打开", url)
        except FAULTS as error:
            return died(error, url)

    def _open(self, url: str, shot: Path) -> GtkView | Missing:
        driver = self._driver
        driver.set_page_load_timeout(self._deadline)
        driver.set_script_timeout(REST_SECONDS)
        driver.set_window_size(1366, 900)
        driver.get(url)
        self._answer(QUIET_SCRIPT)
        seen = driver.execute_script(f"return ({capture_script()})()")
        if seen["url"] == NOWHERE != url:
            return Missing(Reason.TLS if "TLS" in seen["html"] else Reason.UNREACHABLE, "WebKit", url)
        mask_by_driver(driver)
        shot.parent.mkdir(parents=True, exist_ok=True)
        driver.save_screenshot(str(shot))
        status = self._answer(STATUS_SCRIPT) if seen["visible"] < SPARSE and url != NOWHERE else 0
        return GtkView(driver.capabilities.get("browserVersion", ""), seen, status or 0)

    def _answer(self, script: str) -> int | None:
        """What a script says once it is done; None from a page that never rests, or lets no script of ours run."""
        try:
            return self._driver.execute_async_script(script)
        except TimeoutException:
            return None


def look(programs: WebKitGtk, url: str, proxy: str, shot: Path, *, trust_all: bool, deadline: float) -> GtkView | Missing:
    """Opens one page in a WebKitGTK of its own. Blocks; see `running`."""
    try:
        with running(programs, proxy, trust_all=trust_all, deadline=deadline) as browser:
            return browser.look(url, shot)
    except FAULTS as error:
        return died(error, url)


@contextmanager
def running(programs: WebKitGtk, proxy: str, *, trust_all: bool, deadline: float) -> Iterator[GtkBrowser]:
    """Starts WebKitGTK and ends it. Blocks. Raises one of FAULTS when it does not start.

    proxy: the site's way out, socks5://…; trust_all: certificates of the user's own authority are not known to it;
    deadline: seconds that one page may take.
    """
    with _screen(programs) as display, _driver(programs, display, proxy, trust_all) as driver:
        yield GtkBrowser(driver, deadline)


def died(error: Exception, url: str) -> Missing:
    """The Missing that stands for a WebKitGTK that did not start, or went away."""
    lines = str(error).strip().splitlines()
    return Missing(Reason.BROWSER_DIED, f"WebKit：{(lines[0] if lines else type(error).__name__)[:150]}", url)


@contextmanager
def _driver(programs: WebKitGtk, display: str, proxy: str, trust_all: bool) -> Iterator[WebKitGTK]:
    options = Options()
    options.binary_location = str(programs.browser)
    options.unhandled_prompt_behavior = "dismiss"  # an alert() of the page would fail whatever is asked next
    # the capability `proxy` of the driver does nothing for socks; the browser's own switch does
    for argument in ("--automation", f"--proxy={proxy.replace('socks5:', 'socks:')}", *["--ignore-tls-errors"] * trust_all):
        options.add_argument(argument)
    service = DyingService(executable_path=str(programs.driver), env=os.environ | DRAWN | {"DISPLAY": display})
    with _within(START_SECONDS, lambda: _kill(service)):
        driver = WebKitGTK(options=options, service=service)
    try:
        yield driver
    finally:
        with _within(SCREEN_SECONDS, lambda: _kill(service)):
            driver.quit()


class DyingService(Service):
    """WebKitWebDriver, which must not outlive us."""

    def __init__(self, **options) -> None:
        super().__init__(popen_kw={"preexec_fn": die_with_parent}, **options)

    def _start_process(self, path: str) -> None:
        super()._start_process(path)
        register(self.process)


@contextmanager
def _within(seconds: float, end: Callable[[], None]) -> Iterator[None]:
    """Calls `end` when the block takes longer: WebDriver answers nothing at all while its browser hangs."""
    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _kill(service: Service) -> None:
    """The driver with the browser that it started."""
    try:
        driver = psutil.Process(service.process.pid)
        for process in (*driver.children(recursive=True), driver):
            process.kill()
    except (psutil.Error, AttributeError):
        pass  # it has gone by itself, or never came up


@contextmanager
def _screen(programs: WebKitGtk) -> Iterator[str]:
    """A virtual screen of its own; the display of the desktop where there is no Xvfb. Without one WebKit waits for ever."""
    if programs.screen is None:
        yield os.environ["DISPLAY"]
        return
    reading, writing = os.pipe()
    command = [str(programs.screen), "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = register(subprocess.Popen(command, pass_fds=[writing], preexec_fn=die_with_parent, **silent))
    try:
        os.close(writing)
        yield f":{_display(reading)}"
    finally:
        os.close(reading)
        server.terminate()
        server.wait(SCREEN_SECONDS)


def _display(reading: int) -> str:
    """The number that Xvfb writes once it is ready."""
    with selectors.DefaultSelector() as selector:  # plain select() gives up beyond 1,024 open files
        selector.register(reading, selectors.EVENT_READ)
        if not selector.select(SCREEN_SECONDS):
            raise OSError("Xvfb does not start")
    return os.read(reading, 16).decode().strip()
