"""What the history costs: bytes per visit, visits written per second, the time to read one site's week.

    python bench/history.py [days [sites]]

Fills a store with 24 slots a day of two families for so many days (40) of so many sites (800), in the order of time, as
samplers do: rows of one site then lie where the b-tree puts them, not side by side as a copy would have them. 2 in 100
visits fail. That part is done by the database alone; the rates are those of History.write_round with rounds of 400 sites,
into the store when it is full. Every commit waits for the disk. The full year is `python bench/history.py 365`: 14 million
visits, some 10 minutes for each database.

On SQLite, and on PostgreSQL when its programs are installed (a server of our own, as the tests have it). Processor time is
ours alone; PostgreSQL's server works beside it.
"""
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Connection, text

from pytest_govsite.history import History, open_history
from pytest_govsite.history.database import Database
from pytest_govsite.history.times import day_of, month_of, to_ms
from pytest_govsite.history.words import FOR_EVER
from pytest_govsite.model.availability import SHANGHAI, Round, Sample

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import databases  # noqa: E402

DAYS, SITES, SLOTS = 40, 800, 24
MONTHS_13 = 396
BEGAN = datetime(2026, 1, 1, tzinfo=SHANGHAI)
ROUND_OF, ROUNDS, WEEKS = 400, 30, 100
DETAILS = 500
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "256MB"}

CHANCE = {"sqlite": "abs(random() % 1000)", "postgresql": "CAST(random() * 999 AS integer)"}
NOISE = {"sqlite": "random()", "postgresql": "CAST((random() - 0.5) * 1.8e19 AS bigint)"}
FILL = """
INSERT INTO govsite_samples (
    at, digest, site, vantage, day, bytes, round, reason, detail, url, address, title, resolve, connect, tls, first_byte,
    body, slot, slots, family, kind, state, status, answered
)
SELECT :at + chance * 100, {noise}, site, :vantage, :day, 40000 + site + chance, :round,
    CASE WHEN chance < 20 THEN :reason END, CASE WHEN chance < 20 THEN :detail + chance * 25 + :slot END,
    url, CASE WHEN family = 4 THEN four ELSE six END, title, chance / 20, 20 + chance / 20, 30 + chance / 20, 60 + chance / 2,
    chance, :slot, 24, family, 0, CASE WHEN chance < 20 THEN 1 ELSE 0 END, 200, {true}
FROM (SELECT *, {chance} AS chance FROM bench_sites CROSS JOIN (SELECT 4 AS family UNION ALL SELECT 6) AS families) AS visits
"""


def name(number: int) -> str:
    """Id of a site."""
    return f"county{number:05}"


def prepare(database: Database, sites: int) -> dict[str, int]:
    """The words of all sites, and a table that knows their numbers; returns those of the other words."""
    month = month_of(day_of(BEGAN))
    words = {
        name(n): (name(n), f"https://www.{name(n)}.gov.cn/index.html", f"10.{n // 250}.{n % 250}.1", f"fd00::{n:x}", f"{n}县人民政府")
        for n in range(sites)
    }
    others = {"本机": FOR_EVER, "timeout": month} | {f"15 秒内没有收完：{n}": month for n in range(DETAILS)}
    with database.writing() as session:
        numbers = session.numbers({text: FOR_EVER for five in words.values() for text in five} | others)
        columns = "site integer, url integer, four integer, six integer, title integer"
        session.connection.execute(text(f"CREATE TABLE bench_sites ({columns})"))
        rows = [dict(zip(("site", "url", "four", "six", "title"), map(numbers.get, five), strict=True)) for five in words.values()]
        session.connection.execute(text("INSERT INTO bench_sites VALUES (:site, :url, :four, :six, :title)"), rows)
    return numbers


def fill(database: Database, sites: int, days: int) -> None:
    """Writes the visits, one slot after the other, a day in a transaction."""
    numbers, dialect = prepare(database, sites), database.engine.dialect.name
    statement = text(FILL.format(
        noise=NOISE[dialect], chance=CHANCE[dialect], true="true" if dialect == "postgresql" else "1",
    ))
    fixed = {"vantage": numbers["本机"], "reason": numbers["timeout"], "detail": min(numbers[f"15 秒内没有收完：{n}"] for n in range(DETAILS))}
    for day in range(days):
        with database.writing() as session:
            for slot in range(SLOTS):
                at = BEGAN + timedelta(days=day, hours=slot)
                round_ = session.number(f"{at:%Y%m%dT%H%M%S}-4f2a", month_of(day_of(at)))
                session.connection.execute(statement, fixed | {"at": to_ms(at), "day": day_of(at), "slot": slot, "round": round_})
            _mark(session.connection, day_of(at))
    with database.writing() as session:
        session.connection.execute(text("DROP TABLE bench_sites"))


def _mark(connection: Connection, day: int) -> None:
    """Only the last day is still to be rolled up."""
    connection.execute(text("DELETE FROM govsite_unrolled"))
    connection.execute(text("INSERT INTO govsite_unrolled SELECT site, :day FROM bench_sites"), {"day": day})


def rounds(sites: int, days: int) -> Iterator[tuple[Round, list[Sample]]]:
    """Rounds of the day after, as a sampler has them: the same pages, other bodies."""
    random = Random(5)
    for number in range(ROUNDS):
        at = BEGAN + timedelta(days=days + number // SLOTS, hours=number % SLOTS)
        round_ = Round(f"{at:%Y%m%dT%H%M%S}-77e1", "本机", at, at + timedelta(seconds=50), 12, 0, 6, 0, "", ROUND_OF, 0)
        yield round_, [
            Sample(
                name(n), at + timedelta(milliseconds=n), family, "visit", "open", at.hour, answered=True, status=200,
                url=f"https://www.{name(n)}.gov.cn/index.html", address=f"10.{n // 250}.{n % 250}.1", title=f"{n}县人民政府",
                bytes=40000 + n, digest=f"{random.getrandbits(64):016x}", vantage="本机", round=round_.id,
                seconds={"resolve": 0.01, "connect": 0.03, "tls": 0.05, "first_byte": 0.2, "body": 0.4},
            )
            for n in random.sample(range(sites), min(ROUND_OF, sites)) for family in (4, 6)
        ]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of our processor."""
    began, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - worked


def middle(times: list[tuple[float, float]]) -> str:
    """Median and worst on the clock, median of the processor, in milliseconds."""
    clock, worked = (sorted(column) for column in zip(*times, strict=True))
    return f"{statistics.median(clock) * 1000:.1f} ms, worst {clock[-1] * 1000:.0f} ms, CPU {statistics.median(worked) * 1000:.1f} ms"


def measure(history: History, sites: int, days: int) -> None:
    """Prints the times of a store that is full."""
    made = [*rounds(sites, days)]
    times = [timed(lambda: history.write_round(*each)) for each in made]
    clock, worked = (sum(column) for column in zip(*times, strict=True))
    visits = sum(len(samples) for _, samples in made)
    print(f"  written: {visits / clock:,.0f} visits/s, {visits / worked:,.0f} per CPU second")
    print(f"  a round of {len(made[0][1])}: {middle(times)}")
    random, weeks = Random(7), []
    for _ in range(WEEKS):
        site, first = name(random.randrange(sites)), BEGAN.date() + timedelta(days=random.randrange(max(days - 7, 1)))
        weeks.append(timed(lambda: history.samples(site, first, first + timedelta(days=6))))
    print(f"  one site's week of {7 * SLOTS * 2} visits: {middle(weeks)}")
    usual = [timed(lambda: history.usual(name(random.randrange(sites)), BEGAN + timedelta(days=days))) for _ in range(WEEKS)]
    print(f"  how a page usually looks: {middle(usual)}")
    day = BEGAN.date() + timedelta(days=days - 1)
    print(f"  slots taken on a day: {middle([timed(lambda: history.taken(day, '本机')) for _ in range(5)])}")
    print(f"  a day rolled up, all sites: {middle([timed(lambda: history.tidy(day + timedelta(days=1)))])}")


def bench(place: str | Path, sites: int, days: int) -> None:
    """Everything about one database."""
    with open_history(place) as history:
        database = history._database
        seconds, _ = timed(lambda: fill(database, sites, days))
        rows = sites * days * SLOTS * 2
        if not database.file:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))  # what the server does by itself after a while
        print(f"  {rows:,} visits, filled in {seconds:.0f} s")
    with open_history(place) as history:  # the file as it is when nobody writes
        size = history.survey().size
        whole = size / rows * 800 * SLOTS * 2 * MONTHS_13 / 1e9
        print(f"  size: {size / rows:.1f} MB a million visits; 800 sites for 13 months: {whole:.2f} GB", flush=True)
        measure(history, sites, days)


@contextmanager
def places() -> Iterator[Iterator[tuple[str, str | Path]]]:
    """The databases that are there."""
    with tempfile.TemporaryDirectory(prefix="govsite-bench-") as folder:
        yield _each(Path(folder))


def _each(folder: Path) -> Iterator[tuple[str, str | Path]]:
    yield "SQLite", folder / "history.sqlite3"
    if databases.programs() is None:
        print("PostgreSQL is not installed: left out")
        return
    with databases.server(**DURABLE) as server, server.database() as url:
        yield "PostgreSQL", url


def main() -> None:
    """Both databases, one after the other."""
    days, sites = (int(given) if given else usual for given, usual in zip([*sys.argv[1:3], "", ""], (DAYS, SITES)))
    print(f"{sites} sites, {days} days from {BEGAN.date()}, {date.today()}")
    with places() as found:
        for kind, place in found:
            print(f"{kind}:", flush=True)
            bench(place, sites, days)


if __name__ == "__main__":
    main()
