"""A live page, looked over for its search: boxes in all its frames, what may open one, what keeps "none" from being firm."""
import asyncio
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Frame
from playwright.async_api import Page as Tab

from pytest_govsite.gather.rendering import capture, capture_script
from pytest_govsite.reading.addresses import family, host_of
from pytest_govsite.reading.search_box import Box, Opener, may_search, rank, rank_openers, read_boxes, read_openers

SURVEY_SECONDS = 10
MOST_FRAMES = 12
CHANGE_SECONDS = 5
CLICK_SECONDS = 3
LARGEST = 8 * 1024 * 1024


@dataclass(frozen=True)
class Place:
    """A box in the frame in which it stands."""

    frame: Frame = field(repr=False)
    box: Box

    def locate(self):
        """The input itself."""
        return self.frame.locator(f'[data-govsite-box="{self.box.number}"]').first


@dataclass(frozen=True)
class Survey:
    """What a page has that concerns search.

    ranked   boxes that may be the search of the site, the likeliest first, those a visitor does not see at the end.
    openers  links and icons that may lead to one, with their frames.
    doubts   why it cannot be said that the page has none: boxes of unknown use, pictures without words, foreign frames.
    broken   scripts of the page that the server does not have.
    """

    ranked: tuple[Place, ...] = ()
    openers: tuple[tuple[Frame, Opener], ...] = ()
    doubts: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[Place, ...]:
        """The boxes that a visitor sees."""
        return tuple(place for place in self.ranked if place.box.shown)


async def survey(tab: Tab) -> Survey:
    """Looks a page over. Never raises for what the page does; what could not be looked at is a doubt."""
    looked = [(frame, await _look(frame)) for frame in _own_frames(tab)]
    pages = [(frame, found) for frame, found in looked if found]
    boxes = [(frame, box) for frame, found in pages for box in read_boxes(found.get("boxes"))]
    openers = [(frame, one) for frame, found in pages for one in read_openers(found.get("openers"))]
    order = rank([box for _, box in boxes], tab.url)
    places = sorted((Place(frame, box) for frame, box in boxes if box in order), key=lambda place: order.index(place.box))
    chosen = rank_openers([one for _, one in openers], tab.url)
    ranked = sorted((pair for pair in openers if pair[1] in chosen), key=lambda pair: chosen.index(pair[1]))
    doubts = [*(f"输入框“{box.says or box.name or box.id}”" for _, box in boxes if may_search(box, tab.url))]
    doubts += [f"没有文字说明的图片 {one}" for _, found in pages for one in _texts(found, "silent")]
    doubts += [f"框架 {url}" for _, found in pages for url in _texts(found, "frames") if _is_foreign(url, tab.url)]
    doubts += ["页面的一部分无法查看"] * any(found is None for _, found in looked)
    broken = [one for _, found in pages for one in _texts(found, "broken")]
    return Survey(tuple(places), tuple(ranked), tuple(doubts), tuple(one for one in broken if _is_own(one, tab.url)))


def _texts(found: dict, name: str) -> list[str]:
    """What a page lists under that name, bounded."""
    listed = found.get(name)
    return [one[:300] for one in listed[:20] if isinstance(one, str)] if isinstance(listed, list) else []


def _own_frames(tab: Tab) -> list[Frame]:
    """The page and its frames of the same body, whose boxes a visitor takes for the site's."""
    home = family(host_of(tab.url))
    own = [frame for frame in tab.frames if frame == tab.main_frame or family(host_of(frame.url)) in ("", home)]
    return own[:MOST_FRAMES]


async def _look(frame: Frame) -> dict | None:
    try:
        found = await asyncio.wait_for(frame.evaluate(_script()), SURVEY_SECONDS)
        return found if isinstance(found, dict) else None
    except (PlaywrightError, TimeoutError):
        return None if frame.parent_frame is None or not frame.is_detached() else {}


def _is_foreign(url: str, page: str) -> bool:
    return url.startswith("http") and family(host_of(url)) != family(host_of(page))


def _is_own(broken: str, page: str) -> bool:
    return family(host_of(broken.partition(" ")[2])) == family(host_of(page))


@cache
def _script() -> str:
    return files("pytest_govsite.gather").joinpath("search_boxes.js").read_text(encoding="utf-8")


async def press(frame: Frame, selector: str) -> bool:
    """Clicks what the selector names, as a visitor if possible, else by script; False when it is not there."""
    try:
        await frame.locator(selector).first.click(timeout=CLICK_SECONDS * 1000)
        return True
    except PlaywrightError:
        pass  # something lies over it, or it moves
    try:
        await frame.locator(selector).first.dispatch_event("click", timeout=CLICK_SECONDS * 1000)
        return True
    except PlaywrightError:
        return False


async def captured(tab: Tab) -> str:
    """The document as a visitor sees it, frames of other hosts written in as well. Raises PlaywrightError."""
    html = (await capture(tab))["html"][:LARGEST]
    for frame in tab.frames[1:MOST_FRAMES]:
        if inner := await _of_other_host(frame):
            head, end, tail = html.rpartition("</body>")
            html = f'{head}<div data-frame="{host_of(frame.url)}">{inner[:LARGEST]}</div>{end}{tail}' if end else html + inner
    return html[:2 * LARGEST]


async def _of_other_host(frame: Frame) -> str:
    """What such a frame shows, empty where the page itself could read it or the visitor sees next to nothing of it."""
    try:
        element = await asyncio.wait_for(frame.frame_element(), CLICK_SECONDS)
        box = await element.bounding_box()
        if not box or box["width"] < 300 or box["height"] < 150 or not await _is_apart(frame):
            return ""
        seen = await asyncio.wait_for(frame.evaluate(capture_script()), SURVEY_SECONDS)
        return seen["html"].removeprefix("<!doctype html>")
    except (PlaywrightError, TimeoutError):
        return ""


async def _is_apart(frame: Frame) -> bool:
    return await frame.evaluate("() => { try { return !window.frameElement } catch { return true } }")


async def watched(tab: Tab) -> int:
    """How often scripts have changed the page since it is watched, which begins with the first call; -1: it cannot be told."""
    try:
        return int(await asyncio.wait_for(tab.evaluate(_WATCH), CHANGE_SECONDS))
    except (PlaywrightError, TimeoutError):
        return -1


async def changed(tab: Tab, known: int, seconds: float = CHANGE_SECONDS) -> bool:
    """Waits until scripts have changed the page more often than `known` and left it alone for half a second.

    False when nothing changed in that time. A page that has become another one has changed.
    """
    try:
        return bool(await asyncio.wait_for(tab.evaluate(_CHANGE, [known, seconds * 1000]), seconds + 2))
    except (PlaywrightError, TimeoutError):
        return False


_WATCHED = """{ childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["style", "class", "hidden"] }"""
_WATCH = f"""() => {{
  const name = Symbol.for("govsite.changes");
  if (!window[name]) {{
    const seen = window[name] = {{ count: 0, last: 0 }};
    new MutationObserver(() => {{ seen.count += 1; seen.last = performance.now(); }}).observe(document.documentElement, {_WATCHED});
  }}
  return window[name].count;
}}"""
_CHANGE = f"""([known, patience]) => new Promise((resolve) => {{
  const seen = window[Symbol.for("govsite.changes")];
  if (!seen) return resolve(true);
  let quiet = null;
  const has = () => seen.count > known || quiet !== null;
  const done = () => {{ watch.disconnect(); clearTimeout(end); clearTimeout(quiet); resolve(has()); }};
  const rest = (milliseconds) => {{ clearTimeout(quiet); quiet = setTimeout(done, milliseconds); }};
  const watch = new MutationObserver(() => rest(500));
  const end = setTimeout(done, patience);
  watch.observe(document.documentElement, {_WATCHED});
  if (seen.count > known) rest(Math.max(0, 500 - (performance.now() - seen.last)));
}})"""

OUTLINE = """(element) => {
  element.scrollIntoView({ block: "center" });
  element.style.outline = "3px solid #e60012";
  element.style.outlineOffset = "2px";
}"""
