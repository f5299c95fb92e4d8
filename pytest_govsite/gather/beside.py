"""One picture of a page in all engines side by side, drawn by Chromium: it has the fonts for the captions."""
import asyncio
import base64
from pathlib import Path

from markupsafe import escape
from playwright.async_api import Error as PlaywrightError

from pytest_govsite.gather.browser import quietly
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.shots import SHOT_SECONDS
from pytest_govsite.model.evidence import EngineView
from pytest_govsite.model.missing import Missing

NAMES = {"chromium": "Chromium（谷歌、Edge、360 等）", "firefox": "Firefox（火狐）", "webkit": "WebKit（Safari）"}
WIDTH, HEIGHT = 1950, 600  # three first screens beside each other
STYLE = """
body { margin: 0; background: #ddd; font: 17px/1.5 sans-serif }
main { display: flex; gap: 6px; padding: 6px }
figure { flex: 1; margin: 0; min-width: 0; background: #fff }
figcaption { padding: 6px 10px; border-bottom: 1px solid #888; height: 52px; overflow: hidden }
figcaption b { display: block }
img { width: 100%; display: block }
p { margin: 0; padding: 120px 20px; text-align: center; color: #666; overflow-wrap: anywhere }
"""

Views = dict[str, EngineView | Missing]


async def take_beside(session: Session, pages: dict[str, Views]) -> dict[str, str]:
    """Puts the pictures of each page beside each other, captions above; paths relative to the results folder, by address.

    None of those of which there are less than two pictures, or that the browser would not show.
    """
    drawn = {url: _drawing(session, views) for url, views in pages.items()}
    drawn = {url: html for url, html in drawn.items() if html}
    taken: dict[str, str] = {}
    if session.home_tab is None or not drawn:
        return taken
    try:
        async with asyncio.timeout(SHOT_SECONDS * len(drawn)):
            await _draw_all(session, drawn, taken)
    except (PlaywrightError, TimeoutError):
        pass  # what was drawn until then is there
    return taken


def _drawing(session: Session, views: Views) -> str:
    """The page that shows them; empty where there is nothing to compare."""
    pictures = {engine: _read(session.album.folder, view) for engine, view in views.items()}
    return _page(views, pictures) if sum(map(bool, pictures.values())) >= 2 else ""


async def _draw_all(session: Session, drawn: dict[str, str], taken: dict[str, str]) -> None:
    tab = await session.home_tab.context.new_page()
    try:
        await tab.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        for url, html in drawn.items():
            path = session.album.path("beside", url)
            await tab.set_content(html, wait_until="load")
            await tab.locator("main").screenshot(path=session.album.folder / path, timeout=SHOT_SECONDS * 1000)
            taken[url] = path.as_posix()
    finally:
        await quietly(tab.close())


def _page(views: Views, pictures: dict[str, bytes]) -> str:
    figures = "".join(_figure(engine, view, pictures[engine]) for engine, view in views.items())
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main>{figures}</main>'


def _figure(engine: str, view: EngineView | Missing, picture: bytes) -> str:
    shown = f'<img src="data:image/png;base64,{base64.b64encode(picture).decode()}">' if picture else "<p>没有截图</p>"
    if isinstance(view, Missing):
        return f"<figure><figcaption><b>{NAMES[engine]}</b></figcaption><p>{escape(view.says)}</p></figure>"
    version = ".".join(view.version.split(".")[:2])
    return f"<figure><figcaption><b>{NAMES[engine]} {escape(version)}</b>{_caption(view)}</figcaption>{shown}</figure>"


def _caption(view: EngineView) -> str:
    """What can be counted; what it means is the check's to say."""
    alike = f"　与 Chromium 中的相似度 {view.alike:.0%}" if view.alike is not None else ""
    errors = f"　脚本错误 {len(view.errors)} 个" if view.errors else ""
    return f"可见文字 {view.text_length} 字{alike}{errors}"


def _read(folder: Path, view: EngineView | Missing) -> bytes:
    if isinstance(view, Missing) or not view.shot:
        return b""
    try:
        return (folder / view.shot).read_bytes()
    except OSError:
        return b""
