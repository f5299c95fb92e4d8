"""Is there enough to judge a week, and if not, on whose account?"""
from collections.abc import Iterable

from pytest_govsite.availability.counting import Slot, Tally, tally
from pytest_govsite.model.missing import Blame


def lack(slots: Iterable[Slot], per_day: int) -> Blame | None:
    """None when every day has `per_day` visits that count; else who is to blame that some have not.

    wall, vantage  when the visits that met a wall, or are void, would have made it enough; history otherwise.
    """
    days = tally(slots).by_day.values()
    if all(day.valid >= per_day for day in days):
        return None
    if all(day.valid + day.walled >= per_day for day in days):
        return Blame.WALL
    if all(day.valid + day.void >= per_day for day in days):
        return Blame.VANTAGE
    if all(day.valid + day.walled + day.void >= per_day for day in days):
        return Blame.WALL if _sum(days, "walled") >= _sum(days, "void") else Blame.VANTAGE
    return Blame.HISTORY


def _sum(days: Iterable[Tally], name: str) -> int:
    return sum(getattr(day, name) for day in days)
