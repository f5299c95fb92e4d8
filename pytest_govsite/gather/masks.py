"""Personal data of citizens, masked in the tab itself while it is photographed (see reading/masking.py)."""
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame, JSHandle
from playwright.async_api import Page as Tab
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webdriver import WebDriver

from pytest_govsite.gather.browser import quietly
from pytest_govsite.reading.masking import ROUGHLY
from pytest_govsite.reading.masking_pages import changes

FRAME_SECONDS = 3.0
MOST_FRAMES = 20
HIDE = "(frame) => { frame.style.visibility = 'hidden' }"
HIDE_IN_FRAME = "arguments[0].style.visibility = 'hidden'"
# WebKit photographs what it drew last: two frames later that is what stands there now
DRAWN = """
const done = arguments[arguments.length - 1];
requestAnimationFrame(() => requestAnimationFrame(() => done()));
setTimeout(done, 1000);
"""


@asynccontextmanager
async def masked_tab(tab: Tab) -> AsyncIterator[None]:
    """While this is open, the tab shows nothing personal; then again what it showed before.

    Raises Playwright's errors where the page cannot be looked at: then there must be no picture of it. A frame of others that
    does not answer is hidden.
    """
    held: list[JSHandle] = []
    try:
        if await _is_worth(tab.main_frame):
            held.append(await _mask(tab.main_frame))
            children = [frame for frame in tab.frames if frame is not tab.main_frame]
            held += filter(None, await asyncio.gather(*map(_mask_or_hide, children)))
        yield
    finally:
        for handle in held:
            await quietly(handle.evaluate("(one) => one?.restore()"))
            await quietly(handle.dispose())


def mask_by_driver(driver: WebDriver) -> None:
    """Masks what the page of a WebDriver shows. Raises WebDriverException; frames of others that do not answer are hidden."""
    worth, outside = _mask_here(driver)
    for number, frame in enumerate(driver.find_elements("css selector", "iframe, frame") if outside else ()):
        try:
            driver.switch_to.frame(frame if number < MOST_FRAMES else None)
            _mask_here(driver)
        except WebDriverException:
            driver.switch_to.default_content()
            driver.execute_script(HIDE_IN_FRAME, frame)
        finally:
            driver.switch_to.default_content()
    if worth:
        driver.execute_async_script(DRAWN)


async def _is_worth(frame: Frame) -> bool:
    """One question, and for nearly all pages the only one: is there anything to mask, or a frame of others?"""
    return await frame.evaluate(f"(pattern) => ({_script()})(pattern) !== null", ROUGHLY)


async def _mask(frame: Frame) -> JSHandle:
    handle = await frame.evaluate_handle(_script(), ROUGHLY)
    if fresh := changes(await handle.evaluate("(one) => one ? one.pieces : []")):
        await handle.evaluate("(one, fresh) => one.put(fresh)", {str(place): text for place, text in fresh.items()})
    return handle


async def _mask_or_hide(frame: Frame) -> JSHandle | None:
    try:
        async with asyncio.timeout(FRAME_SECONDS):
            return await _mask(frame)
    except (PlaywrightError, TimeoutError):
        await quietly(_hide(frame))
        return None


async def _hide(frame: Frame) -> None:
    await (await frame.frame_element()).evaluate(HIDE)


def _mask_here(driver: WebDriver) -> tuple[bool, bool]:
    """Masks the document that the driver is in: was there anything worth a look, are there frames that could not be looked into?"""
    name = "window.__govsite"
    found = driver.execute_script(
        f"{name} = ({_script()})(arguments[0]); return {name} && [{name}.pieces, {name}.outside]", ROUGHLY,
    )
    pieces, outside = found or ((), 0)
    if fresh := changes(pieces):
        driver.execute_script(f"{name}.put(arguments[0])", {str(place): text for place, text in fresh.items()})
    return found is not None, outside > 0


@cache
def _script() -> str:
    return "\n".join(
        line for line in files("pytest_govsite.gather").joinpath("masking.js").read_text(encoding="utf-8").splitlines()
        if not line.startswith("//")
    ).strip()
