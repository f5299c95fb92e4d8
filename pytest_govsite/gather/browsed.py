"""A visit by Chromium: does a browser open the home page where a plain visit failed or met a wall?"""
import asyncio
import hashlib
import time
from dataclasses import replace
from datetime import datetime

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page as Tab
from playwright.async_api import Response as TabResponse

from pytest_govsite.availability.slots import slot_of
from pytest_govsite.gather.browser import BrowserGone, Browsers
from pytest_govsite.gather.dns import Resolver
from pytest_govsite.gather.exit import Exit
from pytest_govsite.gather.home import distrusted
from pytest_govsite.gather.http import Fetcher
from pytest_govsite.gather.rendering import Rendered, render
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.visits import LONGEST_DETAIL, LONGEST_TITLE, LONGEST_URL, OPEN_SECONDS, fault_of, state_of
from pytest_govsite.gather.way import Way, place_of
from pytest_govsite.model.availability import SHANGHAI, Sample, Usual
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.site import Site
from pytest_govsite.reading.plain import plain
from pytest_govsite.reading.walls import is_wall

TAB_SECONDS = 20.0


async def browse(
    site: Site, settings: Settings, browsers: Browsers, resolver: Resolver | None = None, usual: Usual | None = None,
    deadline: float = OPEN_SECONDS,
) -> Sample:
    """One visit in a fresh context of Chromium, kind "browser", family 0; vantage and round are the caller's.

    Walls that let a browser through after a reload are passed. The time runs from the first request to the last byte of the
    first document that is the site's own. Void when there is no browser or it dies. Everything it opens is closed.
    deadline: seconds for that; the whole may take three times as long. Never raises for what site or browser do.
    """
    way = Way.of(site, settings, resolver)
    exit = Exit(way)
    at, arrival, seen = datetime.now(SHANGHAI), Arrival(), None
    try:
        seen = await _distrusted(way, site, settings)
        if seen is None:
            async with browsers.context("chromium", await exit.start(), settings) as context:
                tab = await asyncio.wait_for(context.new_page(), TAB_SECONDS)
                at = datetime.now(SHANGHAI)
                arrival.watch(tab)
                seen = await render(tab, site.url, exit, deadline)
    except BrowserGone as gone:
        seen = gone.missing
    except (PlaywrightError, TimeoutError) as error:  # the tab or the driver went away
        seen = Missing(Reason.BROWSER_DIED, str(error).partition("\n")[0], site.url)
    except Exception as error:  # a crash of ours is a value too: it says nothing about the site
        seen = Missing(Reason.CRASH, f"{type(error).__name__}: {error}", site.url)
    finally:
        await exit.close()
    return _sample(site, at, seen, arrival, exit, usual, deadline)


class Arrival:
    """When the site's own document came, in seconds since the tab was ready.

    seconds: until its head (first_byte), and from there to its last byte (body); empty while none has come.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._began = time.monotonic()

    def watch(self, tab: Tab) -> None:
        """Begins to listen."""
        self._began = time.monotonic()
        self._main = tab.main_frame
        self._heads: dict[object, float] = {}
        tab.on("response", self._on_response)
        tab.on("requestfinished", self._on_finished)

    def _on_response(self, response: TabResponse) -> None:
        request = response.request
        own = request.is_navigation_request() and request.frame == self._main and not 300 <= response.status < 400
        if own and not is_wall(response.status, response.headers, ""):
            self._heads[request] = time.monotonic()

    def _on_finished(self, request) -> None:
        if not self.seconds and (head := self._heads.get(request)):
            self.seconds = {"first_byte": round(head - self._began, 4), "body": round(time.monotonic() - head, 4)}

    @property
    def took(self) -> float:
        """Seconds in all."""
        return sum(self.seconds.values())


async def _distrusted(way: Way, site: Site, settings: Settings) -> Missing | None:
    fetcher = Fetcher(way, settings)
    try:
        return await distrusted(fetcher, settings, site.url)
    finally:
        await fetcher.close()


def _sample(
    site: Site, at: datetime, seen: Rendered | Missing, arrival: Arrival, exit: Exit, usual: Usual | None, deadline: float,
) -> Sample:
    fault = seen if isinstance(seen, Missing) else _fault(seen, arrival, usual, deadline)
    host, port = place_of(seen.final_url if isinstance(seen, Rendered) else site.url)
    sample = Sample(
        site=site.id, at=at, family=0, kind="browser", state=state_of(fault), slot=slot_of(at), reason=fault.reason if fault else None,
        detail=plain(fault.detail, LONGEST_DETAIL) if fault else "", seconds=arrival.seconds, address=exit.peers.get(f"{host}:{port}", ""),
    )
    if isinstance(seen, Missing):
        return sample
    sent = seen.sent.encode("utf-8", "replace")
    there = plain(seen.final_url, LONGEST_URL)
    return replace(
        sample, answered=True, status=seen.status, url="" if there == site.url else there, title=plain(seen.title, LONGEST_TITLE),
        bytes=len(sent), digest=hashlib.sha256(sent).hexdigest()[:16],
    )


def _fault(seen: Rendered, arrival: Arrival, usual: Usual | None, deadline: float) -> Missing | None:
    if arrival.took > deadline:
        return Missing(Reason.TIMEOUT, f"浏览器用了 {arrival.took:.1f} 秒")
    fault = fault_of(seen.status, seen.headers, seen.dom, usual)
    return fault or (Missing(Reason.BLANK, "") if seen.blank else None)
