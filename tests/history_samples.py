"""Samples, rounds and inspections for the tests of the history, and a look past its interface."""
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta

from alembic import command
from alembic.config import Config
from small_editions import PORTAL, edition, item, row, rule
from sqlalchemy import func, select

from pytest_govsite.history import Inspected
from pytest_govsite.history.database import open_database
from pytest_govsite.history.migrating import SCRIPTS, VERSION
from pytest_govsite.history.schema import METADATA
from pytest_govsite.model.availability import SHANGHAI, SLOTS, Round, Sample
from pytest_govsite.model.missing import Reason

NOON = datetime(2026, 11, 20, 12, 0, 0, 345000, SHANGHAI)
DAY = NOON.date()
HERE, THERE = "本机", "成都电信"
FIRST, LAST = date(2020, 1, 1), date(2035, 1, 1)
TABLE = edition(item(*[rule("flat", "1", n, "many") for n in (1, 2, 10)]))


def sample(site: str = "xuanhan", at: datetime = NOON, **more) -> Sample:
    """An open visit with every field filled, unless told otherwise."""
    usual = {
        "family": 4, "kind": "visit", "state": "open", "slot": at.astimezone(SHANGHAI).hour, "status": 200,
        "answered": True, "url": "https://www.xuanhan.gov.cn/index.html", "address": "10.1.2.3", "title": "宣汉县人民政府",
        "bytes": 48_211, "digest": "0123456789abcdef", "vantage": HERE, "round": round_(at).id,
        "seconds": {"resolve": 0.012, "connect": 0.034, "tls": 0.051, "first_byte": 0.204, "body": 1.5},
    }
    return Sample(site, at, **usual | more)


def failed(site: str = "xuanhan", at: datetime = NOON, **more) -> Sample:
    """A visit that waited in vain."""
    told = {"state": "failed", "reason": Reason.TIMEOUT, "detail": "15 秒内没有收完", "answered": False, "status": 0}
    return sample(site, at, **told | {"seconds": {"resolve": 0.01, "connect": 14.99}, "digest": "", "title": ""} | more)


def round_(at: datetime = NOON, vantage: str = HERE, **more) -> Round:
    """The round of that minute."""
    name = f"{at.astimezone(SHANGHAI):%Y%m%dT%H%M}-{vantage}"
    return Round(name, vantage, at, at + timedelta(seconds=41, milliseconds=7), **{"tried": 8, "failed": 1} | more)


def write(history, *samples: Sample) -> int:
    """Writes them, each in a round of its own minute and vantage; how many were new."""
    return sum(history.write_round(round_(each.at, each.vantage or HERE), [each]) for each in samples)


def day_of_visits(site: str, day: date, vantage: str = HERE, slots: int = SLOTS) -> list[Sample]:
    """One visit in each slot of a day, a quarter of an hour after it began."""
    began = datetime(day.year, day.month, day.day, 0, 15, tzinfo=SHANGHAI)
    times = [began + timedelta(days=slot / slots) for slot in range(slots)]
    return [sample(site, at, slot=slot, slots=slots, vantage=vantage, round="") for slot, at in enumerate(times)]


def inspected(run: str = "2026-11-20T12:00-1", at: datetime = NOON, **more) -> Inspected:
    """An inspection with rows that a ledger could hold."""
    rows = tuple(row(TABLE, f"many.{n}", "pass") for n in (1, 2))
    usual = {"site": PORTAL.id, "edition": TABLE.id, "as_of": at.date(), "rows": rows, "scorecard": {"verdict": "合格", "low": "88.5"}}
    return Inspected(run, at=at, **usual | more)


def cut(sample_: Sample) -> Sample:
    """The sample as the history gives it back: times to the millisecond."""
    at = sample_.at.astimezone(SHANGHAI)
    seconds = {name: round(seconds, 3) for name, seconds in sample_.seconds.items()}
    return replace(sample_, at=at.replace(microsecond=at.microsecond // 1000 * 1000), seconds=seconds)


@contextmanager
def looking_inside(place):
    """A connection past the interface."""
    database = open_database(place, read_only=False)
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection
    database.close()


def count(place, table) -> int:
    with looking_inside(place) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def at_version(place, version) -> None:
    """Makes a history as an older program left it."""
    database = open_database(place, read_only=False)
    with database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        METADATA.drop_all(connection)
        VERSION.drop(connection)
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(SCRIPTS))
        command.upgrade(config, version)
    database.close()
