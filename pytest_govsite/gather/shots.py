"""Pictures of what is amiss, outlined in red."""
import asyncio
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

SHOT_SECONDS = 15


class Album:
    """The pictures of one site, under `<results>/sites/<id>/shots`."""

    def __init__(self, folder: Path, site_id: str) -> None:
        self.folder = folder
        self._site_id = site_id

    def path(self, region: str, url: str, engine: str = "chromium") -> Path:
        """Where a picture goes, relative to the results folder: a hash of what it shows, alike in every run."""
        return Path("sites", self._site_id, "shots", f"{name_of(url, region, engine)}.png")

    async def take(self, tab: Tab, region: str, url: str, engine: str = "chromium") -> str | None:
        """Photographs a region with a red outline; None when the browser would not.

        region: "footer", "header", "page" (what stands on the first screen, no outline) or "link:<address>".
        Returns the path relative to the results folder.
        """
        path = self.path(region, url, engine)
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        try:
            async with asyncio.timeout(SHOT_SECONDS):
                await self._photograph(tab, region, self.folder / path)
        except (PlaywrightError, TimeoutError):
            return None
        return path.as_posix()

    async def _photograph(self, tab: Tab, region: str, path: Path) -> None:
        if region == "page":
            await tab.screenshot(path=path, animations="disabled", timeout=SHOT_SECONDS * 1000)
            return
        clip = await tab.evaluate(_outline_script(), region)
        try:
            await tab.screenshot(path=path, clip=clip, full_page=True, animations="disabled", timeout=SHOT_SECONDS * 1000)
        finally:
            await tab.evaluate("() => document.getElementById('govsite-outline')?.remove()")


def name_of(*parts: str) -> str:
    """A file name that depends on nothing but what is shown."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def _outline_script() -> str:
    return files("pytest_govsite.gather").joinpath("outline.js").read_text(encoding="utf-8")
