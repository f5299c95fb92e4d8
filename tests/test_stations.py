"""What a sampling station works with: addresses by which sites are grouped, Chromium's turns, what it remembers."""
import asyncio
import time

import psutil
import pytest
from servers import names, run, settings
from stations import FINE, InventedCanaries, InventedVisitor, SteppedClock, invented

from pytest_govsite.availability.dues import Turn
from pytest_govsite.gather import confirming
from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.confirming import Confirmer
from pytest_govsite.gather.houses import Houses
from pytest_govsite.gather.station import Station, Tools
from pytest_govsite.history import open_history
from pytest_govsite.model.availability import Sample
from pytest_govsite.model.missing import Reason
from pytest_govsite.model.site import Site


def named(id: str, **more) -> Site:
    return Site(id=id, url=f"http://www.{id}.gov.cn/", **more)


ZONE = {
    ("www.jia.gov.cn", "A"): ("1.2.4.9", "1.2.4.8"), ("www.jia.gov.cn", "AAAA"): ("2400:3200::1",), ("www.yi.gov.cn", "A"): ("1.2.4.8",),
    ("www.six.gov.cn", "AAAA"): ("::1",), ("www.six.gov.cn", "A"): (), ("www.mute.gov.cn", "*"): "silent",
}
HOUSES = {
    "the lowest address": (named("jia"), "1.2.4.8"),
    "the same one": (named("yi"), "1.2.4.8"),
    "IPv6 alone": (named("six"), "::1"),
    "where the user says": (named("ding", resolve=("www.ding.gov.cn:80:10.1.2.3:8080",)), "10.1.2.3"),
    "nowhere": (named("none"), "www.none.gov.cn"),
    "nowhere, on a platform": (named("none", platform="cms.dazhou.gov.cn"), "cms.dazhou.gov.cn"),
    "nobody answers": (named("mute"), "www.mute.gov.cn"),
}


@pytest.mark.parametrize("site, house", HOUSES.values(), ids=HOUSES)
def test_where_a_site_lives(site, house):
    async def ask():
        async with names(ZONE) as (server, _):
            return await Houses(settings(nameserver=f"127.0.0.1:{server}")).of([site], seconds=3)
    assert run(ask()) == {site.id: house}


def test_nobody_waits_for_a_name_server_that_is_silent_and_nothing_is_asked_twice():
    sites = [named(f"s{number}") for number in range(50)]
    zone = {(f"www.s{number}.gov.cn", "A"): ("1.2.4.8",) for number in range(25)}
    zone |= {(f"www.s{number}.gov.cn", "*"): "silent" for number in range(25, 50)}
    async def ask():
        async with names(zone) as (server, asked):
            houses = Houses(settings(nameserver=f"127.0.0.1:{server}"))
            began = time.monotonic()
            first = await houses.of(sites, seconds=1)
            took, questions = time.monotonic() - began, len(asked)
            await houses.of(sites[:25], seconds=1)
            return first, took, len(asked) - questions
    first, took, more = run(ask())
    assert list(first.values()).count("1.2.4.8") == 25 and took < 10 and more == 0


class Tabs:
    """Opens sites in no browser, and counts."""

    def __init__(self) -> None:
        self.open, self.most, self.browsers = 0, 0, []

    async def browse(self, site, browsers):
        self.open += 1
        self.most = max(self.most, self.open)
        self.browsers.append(browsers)
        await asyncio.sleep(0.02)
        self.open -= 1
        return site.id


def test_chromium_opens_few_sites_at_a_time_and_is_ended_when_nobody_needs_it():
    async def confirm():
        tabs = Tabs()
        confirmer = Confirmer(tabs.browse)
        asking = [asyncio.ensure_future(confirmer(invented(number))) for number in range(10)]
        await asyncio.sleep(0)
        await confirmer.rest()  # somebody waits: it stays
        assert await asyncio.gather(*asking) == [str(number) for number in range(10)]
        await confirmer.rest()
        await confirmer(invented(10))
        return tabs
    tabs = run(confirm())
    assert tabs.most == 3 and len({id(each) for each in tabs.browsers[:10]}) == 1
    assert tabs.browsers[10] is not tabs.browsers[0], "a new one after the rest"


@pytest.mark.parametrize("seconds", [0.02, 0.3, 0.8, 2.0])
def test_a_browser_whose_start_is_cancelled_leaves_nothing_behind(seconds):
    """Half started, Playwright's driver can neither be used nor ended: whoever ends the watch then would wait for ever."""
    async def start():
        before, browsers = asyncio.all_tasks(), Browsers()
        starting = asyncio.ensure_future(browsers.version("chromium"))
        await asyncio.wait({starting}, timeout=seconds)
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        await browsers.close()
        left = asyncio.all_tasks() - before
        return (await asyncio.wait(left, timeout=10))[1] if left else set()
    assert run(start()) == set()
    assert psutil.wait_procs(psutil.Process().children(recursive=True), timeout=10)[1] == []


def test_whose_turn_does_not_come_goes_without(monkeypatch):
    monkeypatch.setattr(confirming, "LONGEST_WAIT", 0.05)
    async def confirm():
        async def stuck(site, browsers):
            await asyncio.sleep(0.3)
            return site.id
        confirmer = Confirmer(stuck, at_once=1)
        return await asyncio.gather(*(confirmer(invented(number)) for number in range(3)))
    assert run(confirm()) == ["0", None, None]


def test_how_pages_looked_before_is_asked_once_and_again_when_there_is_something_new(tmp_path, monkeypatch):
    asked, given = [], []

    class Visitor(InventedVisitor):
        async def visit(self, site, family, usual=None) -> Sample:
            given.append(usual)
            return await super().visit(site, family, usual)

    with open_history(tmp_path / "history.sqlite3") as history:
        usual = history.usual
        monkeypatch.setattr(history, "usual", lambda *key: asked.append(key[0::2]) or usual(*key), raising=False)

        async def take():
            clock = SteppedClock()
            broken = {0, 1}
            met = lambda site, family, times: Reason.HTTP_ERROR if times in broken else None
            station = Station(history, settings(vantage="here"), 24, Tools(Visitor(clock, met), InventedCanaries(FINE), clock=clock))
            station.set_sites([invented(1)])
            for slot in (12, 13, 14, 15):
                await station.take([Turn(clock.now(), "1", slot, 24)])
                await clock.wait(3600 - clock.ticks() % 3600)
        monkeypatch.setattr(asyncio, "to_thread", _inline)
        run(take())
    assert asked == [("1", 4), ("1", 6), ("1", 4)]
    assert given[:3] == [None] * 3 and given[-1] is not None


async def _inline(work, *arguments):
    return work(*arguments)
