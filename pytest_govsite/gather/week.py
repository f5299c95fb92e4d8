"""The week before the inspection, as the history knows it, and this run's own visits to the home page."""
import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from pytest_govsite.availability import health_of, slots_of, vantages_of
from pytest_govsite.availability.chart import draw
from pytest_govsite.availability.telling import listing
from pytest_govsite.gather.browsed import browse
from pytest_govsite.gather.canaries import Canaries
from pytest_govsite.gather.rounds import Due, take_round
from pytest_govsite.gather.session import Session
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.visits import Visitor
from pytest_govsite.history import HistoryError, open_history
from pytest_govsite.model.availability import DAYS, SHANGHAI, Health, Round, Sample, Usual, Week
from pytest_govsite.model.site import Site

CHART, LISTING = "week.svg", "week.txt"
LONGEST_SECONDS = 240.0  # of our own visits: two lookups and visits of 15 s, a minute between them, a browser that starts slowly
OF_THE_DEMO = "演示网站自带的记录"


@dataclass(frozen=True)
class Past:
    """What the history knows; usual: how the home page looked lately, by site and family."""

    samples: tuple[Sample, ...] = ()
    health: Health = Health()
    usual: dict[tuple[str, int], Usual] = field(default_factory=dict)
    kept: str = ""
    trouble: str = ""


async def gather(session: Session) -> Week:
    """Never Missing: a history that cannot be read is said in `trouble`, and an outage is what is looked for."""
    site, settings = session.site, session.settings
    past = await asyncio.to_thread(_remember, site, settings)
    round, now = await _visits(session, past.usual)
    chart = await asyncio.to_thread(_picture, site, settings, past.samples, session.album.folder)
    kept = OF_THE_DEMO if settings.nat else past.kept
    kept_round = None if settings.nat else round  # visits to the demo are nobody's history
    return Week(settings.as_of, past.samples, past.health, now, kept_round, chart, kept, past.trouble)


def _remember(site: Site, settings: Settings) -> Past:
    """The week, and how healthy the places were from which the site was visited. Nothing is written."""
    first, last = settings.as_of - timedelta(days=DAYS), settings.as_of - timedelta(days=1)
    try:
        with open_history(settings.history, read_only=True) as history:
            samples = history.samples(site.id, first, last)
            places = {sample.vantage for sample in samples}
            rounds = history.rounds(first, last, places) if places else ()
            known = {family: history.usual(site.id, datetime.now(SHANGHAI), family) for family in (4, 6)}
            usual = {(site.id, family): seen for family, seen in known.items() if seen}
            return Past(samples, health_of(rounds, samples), usual, history.place)
    except HistoryError as error:
        return Past(trouble=str(error))


async def _visits(session: Session, usual: dict[tuple[str, int], Usual]) -> tuple[Round | None, tuple[Sample, ...]]:
    """A round of this one site, like a sampler's; none when it does not come to an end."""
    site, settings = session.site, session.settings
    visitor = Visitor(settings)
    look = partial(browse, settings=settings, browsers=session.browsers, usual=usual.get((site.id, 4)) or usual.get((site.id, 6)))
    try:
        async with asyncio.timeout(min(LONGEST_SECONDS, settings.site_deadline / 2)):
            due, canaries = Due.now(site, datetime.now(SHANGHAI)), Canaries(settings.canaries, settings)
            return await take_round([due], visitor, canaries, look, settings.vantage, usual=usual)
    except TimeoutError:
        return None, ()
    finally:
        await visitor.close()


def _picture(site: Site, settings: Settings, samples: tuple[Sample, ...], folder: Path) -> str | None:
    """Draws the week and lists its visits beside the other pictures; where the picture is, relative to the results."""
    if not samples:
        return None
    slots = slots_of(samples, settings.as_of)
    chart = Path("sites", site.id, "shots", CHART)
    (folder / chart).parent.mkdir(parents=True, exist_ok=True)
    drawn = draw(slots, site.title, "　".join((site.url, *vantages_of(slots))))
    (folder / chart).write_text(drawn, encoding="utf-8")
    (folder / chart).with_name(LISTING).write_text(listing(slots), encoding="utf-8")
    return chart.as_posix()
