"""Which browsers this machine has. Looks only, launches nothing."""
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from pytest_govsite.model.evidence import EngineName

# headless shell first: 2.5 to 3.9 times the pages per second of the full browser, same engine
CHROMIUM_COMMANDS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge",
)
CHROMIUM_IN_CACHE = (
    "chromium_headless_shell-*/*/headless_shell", "chromium_headless_shell-*/*/chrome-headless-shell",
    "chromium-*/*/chrome", "chromium-*/*/Chromium.app/Contents/MacOS/Chromium",
)
CHROMIUM_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
FIREFOX_COMMANDS = ("firefox-esr", "firefox")
FIREFOX_APPS = ("/Applications/Firefox.app/Contents/MacOS/firefox",)


MINI_BROWSERS = ("/usr/lib/*/webkit2gtk-4.*/MiniBrowser", "/usr/lib/*/webkitgtk-6.*/MiniBrowser", "/usr/libexec/webkit*/MiniBrowser")


@dataclass(frozen=True)
class WebKitGtk:
    """The distribution's WebKit: its driver, its small browser, and a virtual screen (None: the desktop's is used)."""

    driver: Path
    browser: Path
    screen: Path | None


def find_chromium() -> Path | None:
    """The Chromium to use: GOVSITE_CHROMIUM, Playwright's own, a command on the PATH, an application."""
    return _named("GOVSITE_CHROMIUM") or _cached(CHROMIUM_IN_CACHE) or _command(CHROMIUM_COMMANDS) or _app(CHROMIUM_APPS)


def find_firefox() -> tuple[Path, bool] | None:
    """The Firefox to use, and whether it is Playwright's own build (driven over juggler, not BiDi)."""
    own = _cached(("firefox-*/firefox/firefox", "firefox-*/firefox/Nightly.app/Contents/MacOS/firefox"))
    if own:
        return own, True
    other = _named("GOVSITE_FIREFOX") or _command(FIREFOX_COMMANDS) or _app(FIREFOX_APPS)
    return (other, False) if other else None


def find_webkit() -> Path | None:
    """Playwright's own WebKit."""
    return _cached(("webkit-*/pw_run.sh",))


def find_webkit_gtk() -> WebKitGtk | None:
    """The distribution's WebKitGTK, when it and a screen are there."""
    driver, screen = _command(("WebKitWebDriver",)), _command(("Xvfb",))
    browsers = [path for pattern in MINI_BROWSERS for path in sorted(Path("/").glob(pattern[1:]))]
    if not driver or not browsers or not (screen or os.environ.get("DISPLAY")):
        return None
    return WebKitGtk(driver, browsers[0], screen)


def find_engines() -> dict[EngineName, Path | None]:
    """Every mainstream engine with the program that would be used, None where the machine has none."""
    firefox, gtk = find_firefox(), find_webkit_gtk()
    webkit = find_webkit() or (gtk.browser if gtk else None)
    return {"chromium": find_chromium(), "firefox": firefox[0] if firefox else None, "webkit": webkit}


def _named(variable: str) -> Path | None:
    path = os.environ.get(variable)
    return Path(path) if path and Path(path).exists() else None


def _cached(patterns: tuple[str, ...]) -> Path | None:
    found = [path for pattern in patterns for path in sorted(_playwright_cache().glob(pattern), reverse=True)]
    return found[0] if found else None


def _playwright_cache() -> Path:
    """Where Playwright keeps its browsers: https://playwright.dev/python/docs/browsers#managing-browser-binaries"""
    if named := os.environ.get("PLAYWRIGHT_BROWSERS_PATH"):
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/ms-playwright"
    return Path.home() / ".cache/ms-playwright"


def _command(names: tuple[str, ...]) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def _app(paths: tuple[str, ...]) -> Path | None:
    return next((Path(path) for path in paths if Path(path).exists()), None)
