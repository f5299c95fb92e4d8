"""Why a page is not seen, and whose fault that is: the site's only where it was asked and did not answer as it should."""
import asyncio
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError

from pytest_govsite.gather.browser_words import was_given_up
from pytest_govsite.gather.listening import Listener, host_port
from pytest_govsite.model.missing import Blame, Missing, Reason

SILENT_SECONDS = 5  # whoever has not answered for so long is why a page is late


def unseen(heard: Listener, url: str, error: PlaywrightError) -> Missing:
    """The browser ended the navigation with an error."""
    if not was_given_up(str(error)):
        return Missing(heard.reason(url, str(error)), urlsplit(url).hostname or "", url)
    if heard.documents:  # something to be saved, or nothing to be shown (204)
        return Missing(Reason.NOT_HTML, f"HTTP {heard.documents[-1].status}", url)
    return Missing(Reason.BROWSER_DIED, str(error).partition("\n")[0][:150], url)


async def late(heard: Listener, url: str, deadline: float) -> Missing:
    """The page is not there in time: the site's fault where it was asked and is silent or gave half a page, else this machine's."""
    place, words = host_port(url), f"{deadline:.0f} 秒内未打开"
    if heard.crashed or place in heard.exit.failures:
        return Missing(heard.reason(url, ""), words, url)
    silent = heard.exit.awaits(SILENT_SECONDS)
    if silent or not (await _has_all(heard) if heard.documents else not heard.exit.has_asked(place)):
        return Missing(Reason.TIMEOUT, words, url)
    return Missing(Reason.TIMEOUT, f"{words}，{'网站已应答' if heard.documents else '本机未及询问'}", url, Blame.TOOL)


async def _has_all(heard: Listener) -> bool:
    """The document came whole. A browser that does not even say so is kept busy by the page's own scripts."""
    try:
        await asyncio.wait_for(heard.documents[-1].body(), SILENT_SECONDS)
    except (TimeoutError, PlaywrightError):
        return False
    return True
