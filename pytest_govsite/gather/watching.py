"""Rounds without end: what falls due within a minute is one round, and nothing that goes wrong ends the watch."""
import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from pytest_govsite.availability.dues import Turn
from pytest_govsite.gather.station import Station
from pytest_govsite.gather.voice import Voice
from pytest_govsite.history import HistoryError
from pytest_govsite.model.availability import SHANGHAI
from pytest_govsite.model.site import Site

WINDOW = timedelta(seconds=60)
MOST_SITES = 2000  # of one round: what is lost with it when the machine loses its power
MOST_ROUNDS = 3  # under way at once: one visits, the ones before confirm what failed
LOOK_SECONDS = 10.0  # between looks at the list of sites and at the time of day
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 900.0  # while the history cannot be written

News = Callable[[], Sequence[Site] | None]


class Watch:
    """Visits sites as they fall due, until it is cancelled.

    news  gives the sites when their list is new, else None; raises ValueError with one sentence for a broken list.
    """

    def __init__(self, station: Station, news: News, voice: Voice) -> None:
        self._station = station
        self._news = news
        self._voice = voice
        self._under_way: set[asyncio.Task] = set()
        self._housework: asyncio.Task | None = None
        self._tidied: date | None = None
        self._pause = FIRST_PAUSE
        self._greeted = False
        self._sound = False

    async def run(self) -> None:
        """Ends only by being cancelled, or when nobody can be told any more."""
        try:
            while True:
                try:
                    await self._step()
                except HistoryError as error:
                    await self._back_off(error)
        finally:
            await self._drop()

    async def _step(self) -> None:
        for task in [task for task in self._under_way if task.done()]:
            self._under_way.discard(task)
            task.result()
        await self._read_news()
        now = self._station.clock.now()
        await self._station.timetable.prepare(now)
        self._tend(now)
        if len(self._under_way) >= MOST_ROUNDS:
            await asyncio.wait(self._under_way, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            return
        turns = self._station.timetable.due(now, now + WINDOW)[:MOST_SITES]
        if turns and turns[0].at <= now:
            self._start(turns)
            return
        at = turns[0].at if turns else self._station.timetable.next(now)
        if not self._greeted:
            self._greeted = True
            self._voice.idle(at)
        # not long at a time: somebody may set the clock, or change the list
        await self._station.clock.wait(min(LOOK_SECONDS, (at - now).total_seconds()) if at else LOOK_SECONDS)

    def _start(self, turns: Sequence[Turn]) -> None:
        self._greeted = True
        self._station.timetable.take(turns)
        self._under_way.add(asyncio.ensure_future(self._round(turns)))

    async def _round(self, turns: Sequence[Turn]) -> None:
        try:
            made = await self._station.take(turns)
        except HistoryError:
            raise
        except Exception as error:  # a crash of ours costs this round and no other
            cause = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
            self._voice.say(f"本工具出错，这一轮 {len(turns)} 个网站的访问没有记下：{type(cause).__name__}: {cause}")
            return
        self._pause = FIRST_PAUSE
        self._sound |= not made[0].void
        self._voice.round(*made, self._station.timetable.next(self._station.clock.now()))
        if len(self._under_way) == 1:
            await self._station.rest()

    async def _read_news(self) -> None:
        try:
            sites = await asyncio.to_thread(self._news)
        except ValueError as error:
            self._voice.say(f"网站清单改坏了，仍按原来的清单采样：{error}")
            return
        if sites is not None:
            self._station.set_sites(sites)
            self._voice.say(f"网站清单有变动，现在采样 {len(sites)} 个网站")

    def _tend(self, now: datetime) -> None:
        """Once a day, and only after a round that counts: by a clock that is years ahead everything would be too old."""
        if not self._sound:
            return
        today = now.astimezone(SHANGHAI).date()
        if self._tidied != today and (self._housework is None or self._housework.done()):
            self._tidied = today
            self._housework = asyncio.ensure_future(self._tidy(today))

    async def _tidy(self, today: date) -> None:
        try:
            await self._station.tidy(today)
        except HistoryError as error:
            self._voice.say(f"历史库今天没有整理：{error}")

    async def _back_off(self, error: HistoryError) -> None:
        self._voice.say(f"{error}；{self._pause:.0f} 秒后再试，其间不访问")
        await self._station.clock.wait(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def _drop(self) -> None:
        """What is under way is no data; what is being written is written to its end."""
        tasks = [*self._under_way, *([self._housework] if self._housework else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
