"""WebKit where Playwright's own build is not: the distribution's WebKitGTK, driven over W3C WebDriver on a virtual screen."""
import os
import selectors
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver import WebKitGTK
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from pytest_govsite.gather.installed import WebKitGtk
from pytest_govsite.gather.rendering import capture_script
from pytest_govsite.model.missing import Missing, Reason

SCREEN = "1366x900x24"
SCREEN_SECONDS = 10
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


@dataclass(frozen=True)
class GtkView:
    """What the page itself says (see capture.js), and the engine's version."""

    version: str
    seen: dict


def look(programs: WebKitGtk, url: str, proxy: str, shot: Path, *, trust_all: bool, deadline: float) -> GtkView | Missing:
    """Opens `url` in WebKitGTK and photographs it. Blocks: call it in a thread.

    proxy: the site's way out, socks5://…; trust_all: certificates of the user's own authority are not known to it.
    """
    try:
        with _screen(programs) as display, _browser(programs, display, proxy, trust_all) as browser:
            return _open(browser, url, shot, deadline)
    except TimeoutException:
        return Missing(Reason.TIMEOUT, f"WebKit：{deadline:.0f} 秒内未打开", url)
    except (WebDriverException, OSError) as error:
        return Missing(Reason.BROWSER_DIED, f"WebKit：{str(error).strip().splitlines()[0][:150]}", url)


def _open(browser: WebKitGTK, url: str, shot: Path, deadline: float) -> GtkView:
    browser.set_page_load_timeout(deadline)
    browser.set_script_timeout(10)
    browser.set_window_size(1366, 900)
    browser.get(url)
    try:
        browser.execute_async_script(QUIET_SCRIPT)
    except TimeoutException:
        pass  # a page that never rests is looked at as it is
    seen = browser.execute_script(f"return ({capture_script()})()")
    shot.parent.mkdir(parents=True, exist_ok=True)
    browser.save_screenshot(str(shot))
    return GtkView(browser.capabilities.get("browserVersion", ""), seen)


@contextmanager
def _browser(programs: WebKitGtk, display: str, proxy: str, trust_all: bool) -> Iterator[WebKitGTK]:
    options = Options()
    options.binary_location = str(programs.browser)
    # the capability `proxy` of the driver does nothing for socks; the browser's own switch does
    for argument in ("--automation", f"--proxy={proxy.replace('socks5:', 'socks:')}", *["--ignore-tls-errors"] * trust_all):
        options.add_argument(argument)
    service = Service(executable_path=str(programs.driver), env={**os.environ, "DISPLAY": display})
    browser = WebKitGTK(options=options, service=service)
    try:
        yield browser
    finally:
        browser.quit()


@contextmanager
def _screen(programs: WebKitGtk) -> Iterator[str]:
    """A virtual screen of its own; the display of the desktop where there is no Xvfb. Without one WebKit waits for ever."""
    if programs.screen is None:
        yield os.environ["DISPLAY"]
        return
    reading, writing = os.pipe()
    command = [str(programs.screen), "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
