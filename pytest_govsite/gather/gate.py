"""The vantage gate of one round: does what the visits found say anything of the sites, or is it our own side?"""
import asyncio
from collections.abc import Sequence
from datetime import datetime

from pytest_govsite.gather.canaries import Canaries, Look
from pytest_govsite.gather.clock import MachineClock

EVERY_SECONDS = 20.0
MOST_DRIFT = 2.0  # seconds between the time of day and the steady clock: somebody set the clock, or the machine slept
MOST_READINGS = 100
MOST_OFF = 300.0  # seconds that canaries' clocks may differ from ours: theirs are not exact, parts of a day are long


class Gate:
    """Looks at the canaries when it opens, every 20 seconds and when it closes, and at the clocks as often.

    canaries  None where they have no say; the clocks have one all the same.
    shut      set as soon as nothing in this round can count any more.
    """

    def __init__(self, canaries: Canaries | None, clock: MachineClock, every: float = EVERY_SECONDS) -> None:
        self._canaries = canaries
        self._clock = clock
        self._every = every
        self._watching: asyncio.Task | None = None
        self._bad: dict[int, str] = {}
        self.looks: list[Look] = []
        self.clock_fault = ""
        self.shut = asyncio.Event()

    async def __aenter__(self) -> "Gate":
        self.began, self._ticks = self._moment()
        await self._look()
        self._watching = asyncio.ensure_future(self._watch())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._watching.cancel()
        await asyncio.gather(self._watching, return_exceptions=True)
        if kind is None:
            await self._look()

    @property
    def elapsed(self) -> float:
        """Seconds since it opened, by the steady clock."""
        return self._clock.ticks() - self._ticks

    def fault(self, family: int) -> str:
        """Why visits over this family say nothing, in Chinese; empty when they do."""
        return self._bad.get(4) or (self._bad.get(6, "") if family == 6 else "")

    async def _watch(self) -> None:
        while True:
            await self._clock.wait(self._every)
            await self._look()

    async def _look(self) -> None:
        self._read_clock()
        if self._canaries:
            look = await self._canaries.look()
            self.looks.append(look)
            self._weigh(look)
        if self.clock_fault or 4 in self._bad:
            self.shut.set()

    def _read_clock(self) -> None:
        now, ticks = self._moment()
        drift = (now - self.began).total_seconds() - (ticks - self._ticks)
        if abs(drift) > MOST_DRIFT:
            self.clock_fault = self.clock_fault or f"本机时钟在这一轮当中跳了 {drift:+.0f} 秒"

    def _moment(self) -> tuple[datetime, float]:
        """Both clocks at one time: read again when this machine made us wait in between."""
        for _ in range(MOST_READINGS):
            before, now, after = self._clock.ticks(), self._clock.now(), self._clock.ticks()
            if after - before < MOST_DRIFT / 4:
                break
        return now, after

    def _weigh(self, look: Look) -> None:
        for family in (4, 6):
            if look.is_bad(family):
                self._bad.setdefault(family, _told(look, family))
        if look.clock_off is not None and abs(look.clock_off) > MOST_OFF:
            ahead = "快" if look.clock_off > 0 else "慢"
            self.clock_fault = self.clock_fault or f"本机时钟比对照站点{ahead} {abs(look.clock_off):.0f} 秒"


def _told(look: Look, family: int) -> str:
    tried, failed = look.probes(family)
    return f"对照站点用 IPv{family} 访问，{tried} 个中有 {failed} 个没有应答" if tried else f"没有可用 IPv{family} 访问的对照站点"


def totals(looks: Sequence[Look]) -> dict[str, int]:
    """All probes of some looks, as a Round keeps them."""
    return {name: sum(getattr(look, name) for look in looks) for name in ("tried", "failed", "tried6", "failed6")}
