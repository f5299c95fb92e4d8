"""The parts of a day in which a site is visited, and when in each of them."""
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from pytest_govsite.model.availability import SHANGHAI, SLOTS

DAY_SECONDS = 86400
# of each part, seen from its start: three quarters, so that due times of neighbouring parts lie a quarter apart at least;
# more is left free at the end than at the start, for a visit that begins late and for the one that confirms it
FIRST, ROOM = 0.02, 0.75
APART = 60.0  # seconds between visits to one address, where there is room for that


def slot_of(at: datetime, slots: int = SLOTS) -> int:
    """Which of the equal parts of its day in China a time lies in, counted from 0."""
    local = at.astimezone(SHANGHAI)
    into = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return into * slots // timedelta(days=1)


def start_of(day: date) -> datetime:
    """When a day begins in China."""
    return datetime.combine(day, time(), SHANGHAI)


def plan_day(
    day: date, sites: Mapping[str, str], slots: int = SLOTS, seed: int | str = 0,
) -> dict[str, tuple[datetime, ...]]:
    """When each site is due: once in each of the equal parts of the day, at no regular time, the same for the same seed.

    sites  ids, each with its group: what lives on one address. Members of a group are a minute apart where their number
           leaves room for that, else evenly spread.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for site, group in sites.items():
        groups[group].append(site)
    midnight, part = start_of(day).timestamp(), DAY_SECONDS / slots
    plan: dict[str, tuple[datetime, ...]] = {}
    for group, members in groups.items():
        random = Random(f"{seed}\n{day}\n{slots}\n{group}")
        starts = [midnight + slot * part for slot in range(slots)]
        spread = zip(*(_spread(len(members), start, part, random) for start in starts), strict=True)
        plan |= zip(sorted(members), spread, strict=True)
    return plan


def _spread(members: int, start: float, part: float, random: Random) -> list[datetime]:
    """When each member of a group is due in a part: in one cell of the room for each, in random order, on whole seconds."""
    cell = part * ROOM / members
    free = cell - APART if cell >= APART else cell / 2
    times = [start + part * FIRST + cell * number + random.random() * free for number in range(members)]
    if members > 1:
        random.shuffle(times)
    return [datetime.fromtimestamp(int(at), SHANGHAI) for at in times]
