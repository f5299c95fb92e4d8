"""One start of a browser, to learn whether it works here and whether it can draw Chinese."""
import asyncio
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pytest_govsite.gather.browser import BrowserGone, Browsers
from pytest_govsite.gather.installed import WebKitGtk, find_webkit, find_webkit_gtk
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.webkitgtk import look
from pytest_govsite.model.evidence import EngineName
from pytest_govsite.model.missing import Missing, Reason

SECONDS = 60
NOWHERE = "socks5://127.0.0.1:9"  # the discard port: a trial sends nothing anywhere

# without a Chinese font Chromium draws the same empty box for both characters
DRAWS_CHINESE = """() => {
    const drawn = character => {
        const canvas = document.createElement('canvas')
        const context = canvas.getContext('2d')
        context.font = '40px sans-serif'
        context.fillText(character, 5, 50)
        return canvas.toDataURL()
    }
    return drawn('政') !== drawn('府')
}"""


@dataclass(frozen=True)
class Trial:
    """A browser that started. `draws_chinese` is measured in Chromium only, which takes the pictures."""

    version: str
    draws_chinese: bool


def try_engine(engine: EngineName) -> Trial | Missing:
    """Starts the engine as an inspection would and draws two characters; no network. Missing says why it fails."""
    gtk = None if find_webkit() else find_webkit_gtk()
    return _try_gtk(gtk) if engine == "webkit" and gtk else asyncio.run(_try(engine))


def _try_gtk(programs: WebKitGtk) -> Trial | Missing:
    with tempfile.TemporaryDirectory() as folder:
        view = look(programs, "about:blank", NOWHERE, Path(folder) / "shot.png", trust_all=False, deadline=SECONDS)
    return view if isinstance(view, Missing) else Trial(view.version, draws_chinese=True)


async def _try(engine: EngineName) -> Trial | Missing:
    browsers = Browsers()
    try:
        async with asyncio.timeout(SECONDS), browsers.context(engine, NOWHERE, Settings(as_of=date.today())) as context:
            tab = await context.new_page()
            return Trial(await browsers.version(engine), await tab.evaluate(DRAWS_CHINESE))
    except BrowserGone as gone:
        return gone.missing
    except Exception as error:  # whatever it is, the doctor has to say it in one line
        return Missing(Reason.BROWSER_DIED, f"{type(error).__name__}: {error}"[:200])
    finally:
        await browsers.close()
