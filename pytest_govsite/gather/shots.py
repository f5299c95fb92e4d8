"""Pictures of what is amiss, outlined in red."""
import asyncio
import hashlib
from base64 import b64decode
from functools import cache
from importlib.resources import files
from pathlib import Path

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab

from pytest_govsite.gather.browser import quietly
from pytest_govsite.gather.masks import masked_tab
from pytest_govsite.storage import objects

SHOT_SECONDS = 15
UNFRAME = "() => document.getElementById('govsite-outline')?.remove()"
# letters in their own fonts, and what fades in or slides in at its end
STILL = """() => Promise.race([document.fonts.ready, new Promise((resolve) => setTimeout(resolve, 2000))]).then(() => {
  for (const one of document.getAnimations()) { try { one.finish() } catch { /* without an end */ } }
})"""


class Album:
    """The pictures of one site, under `<results>/sites/<id>/shots`."""

    def __init__(self, folder: Path, site_id: str) -> None:
        self.folder = folder
        self._site_id = site_id

    def path(self, region: str, url: str, engine: str = "chromium") -> Path:
        """Where a picture goes, relative to the results folder: a hash of what it shows, alike in every run."""
        return Path("sites", self._site_id, "shots", f"{name_of(url, region, engine)}.png")

    async def take(self, tab: Tab, region: str, url: str, engine: str = "chromium") -> str | None:
        """Photographs a region with a red outline, what is personal masked; None when the browser would not.

        region: "footer", "header", "page" (what stands on the first screen, no outline) or "link:<address>".
        Returns the path relative to the results folder.
        """
        path = self.path(region, url, engine)
        photograph = _photograph if engine == "chromium" else _photograph_by_playwright
        try:
            async with asyncio.timeout(SHOT_SECONDS), masked_tab(tab):
                picture = await photograph(tab, region)
        except (PlaywrightError, TimeoutError):
            return None
        objects.put(self.folder, path, picture)
        return path.as_posix()


async def _photograph(tab: Tab, region: str) -> bytes:
    """By Chromium itself: half of what Playwright's own way costs, which speaks with every frame before and after."""
    speaking = await tab.context.new_cdp_session(tab)
    try:
        await tab.evaluate(STILL)
        if region == "page":
            return await _captured(speaking)
        clip = await tab.evaluate(_outline_script(), region)
        try:
            return await _captured(speaking, captureBeyondViewport=clip.pop("beyond"), clip={**clip, "scale": 1})
        finally:
            await quietly(tab.evaluate(UNFRAME))
    finally:
        await quietly(speaking.detach())


async def _captured(speaking: CDPSession, **options) -> bytes:
    """A fourth larger than need be, for a third of the time."""
    taken = await speaking.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True, **options})
    return b64decode(taken["data"])


async def _photograph_by_playwright(tab: Tab, region: str) -> bytes:
    plain = {"animations": "disabled", "timeout": SHOT_SECONDS * 1000}
    if region == "page":
        return await tab.screenshot(**plain)
    clip = await tab.evaluate(_outline_script(), region)
    clip.pop("beyond")
    try:
        return await tab.screenshot(clip=clip, full_page=True, **plain)
    finally:
        await quietly(tab.evaluate(UNFRAME))


def name_of(*parts: str) -> str:
    """A file name that depends on nothing but what is shown."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@cache
def _outline_script() -> str:
    return files("pytest_govsite.gather").joinpath("outline.js").read_text(encoding="utf-8")
