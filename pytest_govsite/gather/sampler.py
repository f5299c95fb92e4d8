"""The sampler as commands use it: one round, or rounds until a signal ends them."""
import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pytest_govsite.gather.browsed import browse
from pytest_govsite.gather.canaries import Canaries
from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.station import Station, Tools
from pytest_govsite.gather.visits import Visitor
from pytest_govsite.gather.voice import Voice
from pytest_govsite.gather.watching import MOST_SITES, News, Watch
from pytest_govsite.model.availability import Round
from pytest_govsite.model.site import Site

if TYPE_CHECKING:
    from pytest_govsite.history import History

SIGNALS = (signal.SIGTERM, signal.SIGINT)
CLOSE_SECONDS = 6.0

Work = Callable[[Station], Coroutine[Any, Any, None]]


def sample_once(
    history: "History", sites: Sequence[Site], settings: Settings, per_day: int, voice: Voice, at_once: bool = False,
) -> list[Round]:
    """Visits what is due now, and says when the next visit is; at_once: every site, for the part of the day that it is.

    settings  the names of vantage and canaries among them; per_day: into how many parts a day is planned.

    Gives the rounds that were made, none when nothing was due. Raises HistoryError, ValueError for a name of no host,
    KeyboardInterrupt when a signal ended it: then what was under way is no data.
    """
    rounds: list[Round] = []

    async def work(station: Station) -> None:
        station.set_sites(sites)
        await _rounds(station, at_once, voice, rounds)

    if _run(history, settings, per_day, work):
        raise KeyboardInterrupt
    return rounds


def watch(
    history: "History", sites: Sequence[Site], news: News, settings: Settings, per_day: int, voice: Voice,
) -> None:
    """Samples until SIGTERM or SIGINT; what is under way then is no data. The other arguments are those of `sample_once`.

    news  gives the sites when their list is another one, else None; raises ValueError for a broken list, which is told.
    """

    async def work(station: Station) -> None:
        station.set_sites(sites)
        await Watch(station, news, voice).run()

    _run(history, settings, per_day, work)


async def _rounds(station: Station, at_once: bool, voice: Voice, rounds: list[Round]) -> None:
    now = station.clock.now()
    await station.timetable.prepare(now)
    first = station.timetable.is_untouched(now)
    turns = station.timetable.at_once(now) if at_once else station.timetable.due(now, now)
    for start in range(0, len(turns), MOST_SITES):
        made = await station.take(turns[start:start + MOST_SITES])
        rounds.append(made[0])
        voice.round(*made, station.timetable.next(station.clock.now()))
    if not turns:
        voice.idle(station.timetable.next(now))
    if first and rounds and not rounds[-1].void:  # by a clock that is years ahead everything would be too old
        await station.tidy(now.date())


def _run(history: "History", settings: Settings, per_day: int, work: Work) -> bool:
    """Does the work until it is done or a signal ends it: says whether one did."""
    canaries = Canaries(settings.canaries, settings)

    async def run() -> bool:
        tools = Tools(Visitor(settings), canaries, browse if find_chromium() else None)
        station = Station(history, settings, per_day, tools)
        try:
            return await _until_told(work(station))
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(station.close(), CLOSE_SECONDS)

    return _to_the_end(run())


def _to_the_end(work: Coroutine[Any, Any, bool]) -> bool:
    """As asyncio.run, which however waits for ever for tasks of others that cannot be cancelled."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        left = asyncio.all_tasks(loop)
        if left:
            loop.run_until_complete(_ended(*left))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())  # what is being written is written to its end
        loop.close()


async def _until_told(work: Coroutine[Any, Any, None]) -> bool:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in SIGNALS:
        with suppress(NotImplementedError):  # Windows has Ctrl-C alone, which ends asyncio.run by itself
            loop.add_signal_handler(number, told.set)
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(told.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        return not working.done()
    finally:
        await _ended(working, stopping)


async def _ended(*tasks: asyncio.Task) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=CLOSE_SECONDS)
