"""What time it is, and waiting: one object, so that a test need not wait half a minute, and can set the clock."""
import asyncio
import time
from collections.abc import Awaitable
from datetime import datetime
from typing import Any

from pytest_govsite.model.availability import SHANGHAI


class MachineClock:
    """The clocks of this machine."""

    def now(self) -> datetime:
        """The time of day; somebody may set it while we run."""
        return datetime.now(SHANGHAI)

    def ticks(self) -> float:
        """Seconds that only ever go forward at their own pace."""
        return time.monotonic()

    async def wait(self, seconds: float, until: Awaitable[Any] | None = None) -> bool:
        """Waits, or until something else happens; True when that was first."""
        if until is None:
            await asyncio.sleep(seconds)
            return False
        waiting = asyncio.ensure_future(until)
        try:
            return bool((await asyncio.wait({waiting}, timeout=max(0.0, seconds)))[0])
        finally:
            waiting.cancel()
