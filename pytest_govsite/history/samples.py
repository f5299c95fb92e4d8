"""Visits: written by the round, read by the week."""
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from statistics import median

from sqlalchemy import CTE, and_, func, select

from pytest_govsite.history.schema import SAMPLES, UNROLLED
from pytest_govsite.history.times import day_of, month_of, to_ms, to_number, to_time
from pytest_govsite.history.words import FOR_EVER, Session, insert, write
from pytest_govsite.model.availability import Sample, Usual
from pytest_govsite.model.missing import Reason

KINDS = ("visit", "again", "browser")
STATES = ("open", "failed", "walled", "void")
REASONS = {reason.value: reason for reason in Reason}  # a newer program's reason reads as none; its detail stays
PHASES = ("resolve", "connect", "tls", "first_byte", "body")
VISIT, OPEN = KINDS.index("visit"), STATES.index("open")
PASSING = ("reason", "detail", "url", "address", "title", "round")  # words that go when the samples do
COLUMNS = tuple(SAMPLES.c.keys())
MOST_BYTES = 2**31 - 1
RECENT = 20


def add_samples(session: Session, samples: Sequence[Sample]) -> int:
    """Writes those that are new; how many were."""
    numbers = session.numbers(_words(samples))
    rows = sorted((_to_row(sample, numbers) for sample in samples), key=_key)
    marks = sorted({(row["site"], row["day"]) for row in rows})
    new = write(session.connection, insert(session.connection)(SAMPLES).on_conflict_do_nothing(), rows)
    marking = insert(session.connection)(UNROLLED).on_conflict_do_nothing()
    write(session.connection, marking, [{"site": site, "day": day} for site, day in marks])
    return new


def samples_of(session: Session, site: str, first: date, last: date) -> tuple[Sample, ...]:
    """Everything known of these days, by time."""
    days = SAMPLES.c.day.between(to_number(first), to_number(last))
    found = session.connection.execute(select(SAMPLES).where(SAMPLES.c.site == session.find(site), days))
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]  # what SQLAlchemy's rows offer costs more than the query
    rows.sort(key=lambda row: (row["at"], row["kind"], row["family"]))
    texts = session.texts({row[name] for row in rows for name in ("site", "vantage", *PASSING)})
    return tuple(_to_sample(row, texts) for row in rows)


def taken(session: Session, day: date, vantage: str) -> frozenset[tuple[str, int]]:
    """Which site was visited in which slot."""
    sites = sites_with_samples()
    at = and_(SAMPLES.c.site == sites.c.site, SAMPLES.c.day == to_number(day), SAMPLES.c.vantage == session.find(vantage))
    wanted = select(SAMPLES.c.site, SAMPLES.c.slot).distinct().select_from(sites.join(SAMPLES, at))
    found = session.connection.execute(wanted.where(SAMPLES.c.kind == VISIT)).all()
    texts = session.texts({site for site, _ in found})
    return frozenset((texts[site], slot) for site, slot in found)


def sites_with_samples() -> CTE:
    """The numbers of all sites, from one to the next in the key: no second index by day is needed."""
    sites = select(func.min(SAMPLES.c.site).label("site")).cte("sites", recursive=True)
    following = select(func.min(SAMPLES.c.site)).where(SAMPLES.c.site > sites.c.site).scalar_subquery()
    return sites.union_all(select(following).where(sites.c.site.is_not(None)))


def usual(session: Session, site: str, before: datetime, family: int) -> Usual | None:
    """Of the last visits that found the site open."""
    same = and_(SAMPLES.c.site == session.find(site), SAMPLES.c.kind == VISIT, SAMPLES.c.family == family)
    earlier = and_(SAMPLES.c.day <= day_of(before), SAMPLES.c.at < to_ms(before), SAMPLES.c.state == OPEN)
    latest = select(SAMPLES.c.bytes, SAMPLES.c.title).where(same, earlier)
    latest = latest.order_by(SAMPLES.c.day.desc(), SAMPLES.c.at.desc()).limit(RECENT)
    found = session.connection.execute(latest).all()
    if not found:
        return None
    titles = [title for _, title in found]
    commonest = max(titles, key=titles.count)  # of equally common ones the youngest
    return Usual(session.texts({commonest})[commonest], int(median(size for size, _ in found)))


def _words(samples: Iterable[Sample]) -> dict[str, int]:
    used: dict[str, int] = {}
    for sample in samples:
        month = month_of(day_of(sample.at))
        for name in PASSING:
            if text := getattr(sample, name):
                used[text] = max(month, used.get(text, 0))
        used[sample.site] = used[sample.vantage] = FOR_EVER
    return used


def _key(row: dict) -> tuple[int, ...]:
    return tuple(row[column.name] for column in SAMPLES.primary_key)


def _to_row(sample: Sample, numbers: dict[str, int]) -> dict:
    seconds = dict(sample.seconds)
    row = {phase: _ms(seconds.pop(phase, None)) for phase in PHASES}
    row |= {name: numbers.get(getattr(sample, name) or "") for name in PASSING}
    return row | {
        "site": numbers[sample.site], "vantage": numbers[sample.vantage], "day": day_of(sample.at),
        "at": to_ms(sample.at), "slot": sample.slot, "slots": sample.slots, "family": sample.family,
        "kind": KINDS.index(sample.kind), "state": STATES.index(sample.state), "status": sample.status,
        "answered": sample.answered, "bytes": min(sample.bytes, MOST_BYTES), "digest": _packed(sample.digest),
        "phases": json.dumps({name: _ms(took) for name, took in seconds.items()}) if seconds else None,
    }


def _to_sample(row: dict, texts: dict[int | None, str]) -> Sample:
    site, vantage, reason, detail, url, address, title, round_ = (texts[row[name]] for name in ("site", "vantage", *PASSING))
    took = {phase: row[phase] for phase in PHASES}
    if row["phases"]:
        took |= json.loads(row["phases"])
    return Sample(
        site, to_time(row["at"]), row["family"], KINDS[row["kind"]], STATES[row["state"]], row["slot"], row["slots"],
        REASONS.get(reason), detail, row["answered"], row["status"], url, address, title, row["bytes"],
        _unpacked(row["digest"]), {name: ms / 1000 for name, ms in took.items() if ms is not None}, vantage, round_,
    )


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _packed(digest: str) -> int | None:
    return int.from_bytes(bytes.fromhex(digest), "big", signed=True) if digest else None


def _unpacked(number: int | None) -> str:
    return "" if number is None else number.to_bytes(8, "big", signed=True).hex()
