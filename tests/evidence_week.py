"""A week of visits in compact form: a letter for each slot of a day, "20o4-" for twenty open ones and four without."""
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from pytest_govsite.availability import health_of
from pytest_govsite.model.availability import DAYS, SHANGHAI, SLOTS, Round, Sample, Week
from pytest_govsite.model.missing import Reason

AS_OF = date(2026, 11, 20)
SITE, PLACE, TITLE = "xuanhan", "成都", "宣汉县人民政府"
CHART = "sites/xuanhan/shots/week.svg"
OPEN = {
    "state": "open", "status": 200, "answered": True, "title": TITLE, "bytes": 50_000, "digest": "0123456789abcdef",
    "seconds": {"resolve": 0.02, "connect": 0.05, "first_byte": 0.3, "body": 0.4},
}
TIMEOUT = {"state": "failed", "reason": Reason.TIMEOUT, "seconds": {"resolve": 0.02, "connect": 14.98}}
BUSY = {"state": "failed", "reason": Reason.HTTP_ERROR, "detail": "HTTP 503", "status": 503, "answered": True, "seconds": {"first_byte": 0.4}}
TLS = {"state": "failed", "reason": Reason.TLS, "seconds": {"resolve": 0.02, "connect": 0.05, "tls": 0.1}}
WALL = {"state": "walled", "reason": Reason.WALL, "status": 412, "answered": True, "seconds": {"first_byte": 0.4}}
VOID = {"state": "void", "reason": Reason.NO_NETWORK}

# by letter: the visit, then what the second visit and Chromium saw; None: not made
LETTERS: dict[str, tuple[dict | None, dict | None, dict | None]] = {
    "o": (OPEN, None, None),
    "x": (TIMEOUT, TIMEOUT, TIMEOUT),
    "r": (TIMEOUT, OPEN, TIMEOUT),   # returned: a minute later it opened
    "c": (TIMEOUT, TIMEOUT, OPEN),   # Chromium got in
    "s": (TIMEOUT, None, None),      # single: nobody came again
    "a": (TIMEOUT, TIMEOUT, None),   # no browser here
    "m": (TIMEOUT, WALL, None),      # the second visit met a wall
    "v": (TIMEOUT, VOID, None),      # the second visit is void
    "b": (BUSY, BUSY, BUSY),
    "g": (BUSY, OPEN, OPEN),         # a 503 that is gone
    "p": (BUSY, BUSY, OPEN),         # programs are refused, browsers are not
    "t": (TLS, TLS, TLS),
    "i": (TLS, TLS, OPEN),           # a link of the chain is lacking: browsers fetch it
    "w": (WALL, WALL, WALL),
    "W": (WALL, WALL, OPEN),         # the wall lets browsers in
    "n": (VOID, None, None),         # our own network
    "-": (None, None, None),
}


def week(spec=None) -> Week:
    """Seven faultless days of 24 slots and healthy canaries.

    days       the first days of the seven, where they differ; ipv6: the same over IPv6; elsewhere: the same by further
               place; before, today: the days beside the seven; twice: a second row in every slot.
    only6      the site has no IPv4 address. canaries: probes and failures; void_rounds: rounds that do not count.
    now        letters of this run's own visits, IPv4 and IPv6; recorded: false where they go into no history.
    """
    spec = dict(spec or {})
    as_of = date.fromisoformat(spec.pop("as_of", AS_OF.isoformat()))
    taken = [*_taken(spec, as_of)]
    tried, failed = spec.pop("canaries", (1344, 0))
    rounds = [_round(tried, failed, ""), *[_round(2, 2, "对照网站都打不开")] * spec.pop("void_rounds", 0)]
    if spec.pop("recorded", True) is False:
        spec["round"] = None
    now = tuple(_visit(moment(as_of, 9), letter, family, 9) for letter, family in zip(spec.pop("now", "o"), (4, 6), strict=False))
    return Week(as_of, tuple(sorted(taken, key=lambda row: row.at)), health_of(rounds), now, **{"chart": CHART, "round": rounds[0]} | spec)


def _taken(spec, as_of) -> Iterator[Sample]:
    first, family = as_of - timedelta(days=DAYS), 6 if spec.pop("only6", False) else 4
    mine = [*spec.pop("days", ()), *["24o"] * DAYS][:DAYS]
    yield from samples(mine, first, family)
    yield from samples(spec.pop("ipv6", ()), first, 6)
    yield from samples([spec.pop("before", "")], first - timedelta(days=1))
    yield from samples([spec.pop("today", "")], as_of)
    for place, days in spec.pop("elsewhere", {}).items():
        yield from samples(days, first, vantage=place)
    yield from samples([spec.pop("twice", "")] * DAYS, first, late=20)


def samples(days: Iterable[str], first: date, family=4, vantage=PLACE, late=0) -> Iterator[Sample]:
    """The rows of these days; late: minutes after the usual time."""
    for n, text in enumerate(days):
        letters = "".join(letter * int(times or 1) for times, letter in re.findall(r"(\d*)([^\d\s])", text))
        assert len(letters) <= SLOTS, f"{text}: a day has {SLOTS} slots"
        for slot, letter in enumerate(letters):
            at = moment(first + timedelta(days=n), slot, late)
            yield from (replace(row, vantage=vantage) for row in rows(at, letter, family, slot))


def rows(at: datetime, letter: str, family: int, slot: int) -> Iterator[Sample]:
    """A visit, what came of it a minute later, and what Chromium saw."""
    said = zip(("visit", "again", "browser"), LETTERS[letter], (0, 40, 60), (family, family, 0), strict=True)
    for kind, values, seconds, way in said:
        if values:
            yield Sample(SITE, at + timedelta(seconds=seconds), way, kind, slot=slot, vantage=PLACE, round="r", **values)


def moment(day: date, slot: int, late: int = 0) -> datetime:
    """Twelve minutes and some after the slot began, in China."""
    return datetime.combine(day, time(slot, 12 + late, slot), SHANGHAI)


def _visit(at, letter, family, slot) -> Sample:
    return next(rows(at, letter, family, slot))


def _round(tried, failed, void) -> Round:
    at = moment(AS_OF, 0)
    return Round("r", PLACE, at, at, tried, failed, void=void)
