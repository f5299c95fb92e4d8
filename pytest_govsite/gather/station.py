"""The place from which sites are sampled: its tools, what it remembers between rounds, and its way into the history."""
import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from pytest_govsite.availability.dues import Turn
from pytest_govsite.gather import voiding
from pytest_govsite.gather.browser import Browsers
from pytest_govsite.gather.canaries import Canaries
from pytest_govsite.gather.clock import MachineClock
from pytest_govsite.gather.confirming import Confirmer
from pytest_govsite.gather.crowd import Crowd
from pytest_govsite.gather.houses import Houses
from pytest_govsite.gather.rounds import Due, Usuals, take_round
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.timetable import Timetable
from pytest_govsite.gather.visits import Visitor
from pytest_govsite.history import HistoryError
from pytest_govsite.model.availability import SHANGHAI, Round, Sample, Usual
from pytest_govsite.model.site import Site

if TYPE_CHECKING:
    from pytest_govsite.history import History

LOOK_UP_SECONDS = 10.0  # nobody is late because of a resolver that is down; visits then tell that
RETRY_SECONDS = (2.0, 10.0)  # between tries to write a round; what holds longer has lost it
LONG = timedelta(hours=20)  # without one open door: that such a site fails is no news
FAMILIES = (4, 6)

Browse = Callable[..., Awaitable[Sample]]  # as gather/browsed.py's


@dataclass(frozen=True)
class Tools:
    """What a station works with. browse: how Chromium opens a site; None: it does not."""

    visitor: Visitor
    canaries: Canaries
    browse: Browse | None = None
    clock: MachineClock = MachineClock()
    share: int = voiding.SHARE


class Station:
    """Makes rounds and writes them down. Its vantage is that of the settings; per_day: into how many parts a day is planned.

    Raises HistoryError as the history does.
    """

    def __init__(self, history: "History", settings: Settings, per_day: int, tools: Tools) -> None:
        houses = Houses(settings)
        self._history = history
        self._settings = settings
        self._tools = tools
        self._houses = houses
        self._crowd = Crowd(tools.clock)
        self._confirmer = Confirmer(self._open) if tools.browse else None
        self._sites: dict[str, Site] = {}
        self._usual: dict[tuple[str, int], Usual | None] = {}
        self.clock = tools.clock
        self.timetable = Timetable(history, settings.vantage, per_day, houses)

    def set_sites(self, sites: Iterable[Site]) -> None:
        """These are to be visited from now on."""
        self._sites = {site.id: site for site in sites}
        self.timetable.set_sites(self._sites.values())

    async def take(self, turns: Sequence[Turn]) -> tuple[Round, tuple[Sample, ...]]:
        """Makes one round of what is due, and writes it down."""
        sites = [self._sites[turn.site] for turn in turns]
        usual = await asyncio.to_thread(self._usuals, sites, self.clock.now())
        houses = await self._houses.of(sites, LOOK_UP_SECONDS)
        due = [Due(site, turn.at, turn.slot, turn.slots, houses[site.id]) for site, turn in zip(sites, turns, strict=True)]
        made = await take_round(
            due, self._tools.visitor, self._tools.canaries, self._confirmer, self._settings.vantage, usual=usual,
            share=self._tools.share, down=self._long_down, clock=self.clock, crowd=self._crowd,
        )
        await self._write(*made)
        self._learn(made[1])
        return made

    async def tidy(self, today: date) -> None:
        """Once a day: the history's housework; what was learnt about sites is learnt anew."""
        self._houses.forget()
        self._usual.clear()
        await asyncio.to_thread(self._history.tidy, today)

    async def rest(self) -> None:
        """Between rounds no browser is kept."""
        if self._confirmer:
            await self._confirmer.rest()

    async def close(self) -> None:
        """Gives back browsers and sockets."""
        if self._confirmer:
            await self._confirmer.close()
        await self._tools.visitor.close()

    async def _open(self, site: Site, browsers: Browsers) -> Sample:
        usual = self._usual.get((site.id, 4)) or self._usual.get((site.id, 6))
        return await self._tools.browse(site, self._settings, browsers, usual=usual)

    def _usuals(self, sites: Iterable[Site], before: datetime) -> Usuals:
        """How home pages looked before, each asked once: also of those of which nothing is known, until they open."""
        for key in ((site.id, family) for site in sites for family in FAMILIES):
            if key not in self._usual:
                self._usual[key] = self._history.usual(key[0], before, key[1])
        return self._usual

    def _learn(self, samples: Iterable[Sample]) -> None:
        for row in samples:
            if row.state == "open" and self._usual.get((row.site, row.family)) is None:
                self._usual.pop((row.site, row.family), None)

    async def _write(self, round: Round, samples: Sequence[Sample]) -> None:
        for pause in RETRY_SECONDS:
            try:
                await asyncio.to_thread(self._history.write_round, round, samples)
                return
            except HistoryError:
                await self.clock.wait(pause)
        await asyncio.to_thread(self._history.write_round, round, samples)

    async def _long_down(self, ids: Collection[str]) -> Collection[str]:
        return await asyncio.to_thread(self._out_of_order, ids, self.clock.now())

    def _out_of_order(self, ids: Collection[str], now: datetime) -> list[str]:
        """Those that nobody found open from here for a day."""
        today = now.astimezone(SHANGHAI).date()
        past = {id: self._history.samples(id, today - timedelta(days=1), today) for id in ids}
        return [id for id, rows in past.items() if self._is_out_of_order(rows, now)]

    def _is_out_of_order(self, rows: Iterable[Sample], now: datetime) -> bool:
        visits = [row for row in rows if row.kind == "visit" and row.vantage == self._settings.vantage]
        first = min((row.at for row in visits), default=now)
        return now - first >= LONG and all(map(voiding.was_down, visits))
