"""Rounds of visits, with what the canaries said; and the plan of a day's visits."""
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Row, select

from pytest_govsite.history.schema import PLANS, ROUNDS
from pytest_govsite.history.times import day_of, month_of, to_ms, to_number, to_time
from pytest_govsite.history.words import FOR_EVER, Session, clean, insert, write
from pytest_govsite.model.availability import SHANGHAI, Round

COUNTS = ("tried", "failed", "tried6", "failed6", "sites", "down")


def add_rounds(session: Session, rounds: Sequence[Round]) -> None:
    """Writes those that are not there yet."""
    used = {round.id: month_of(day_of(round.began)) for round in rounds}
    numbers = session.numbers(used | {round.vantage: FOR_EVER for round in rounds})
    rows = sorted((_to_row(round, numbers) for round in rounds), key=lambda row: (row["day"], row["vantage"], row["id"]))
    write(session.connection, insert(session.connection)(ROUNDS).on_conflict_do_nothing(), rows)


def rounds_of(session: Session, first: date, last: date, vantages: Collection[str] = ()) -> tuple[Round, ...]:
    """Those that began on these days, by time."""
    wanted = select(ROUNDS).where(ROUNDS.c.day.between(to_number(first), to_number(last)))
    if vantages:
        wanted = wanted.where(ROUNDS.c.vantage.in_([session.find(vantage) for vantage in vantages]))
    found = session.connection.execute(wanted.order_by(ROUNDS.c.began, ROUNDS.c.id)).all()
    texts = session.texts({number for row in found for number in (row.id, row.vantage)})
    return tuple(_to_round(row, texts) for row in found)


def slots(session: Session, day: date, vantage: str) -> dict[str, tuple[datetime, ...]]:
    """When each site is due on that day, in order."""
    at = (PLANS.c.day == to_number(day), PLANS.c.vantage == session.find(vantage))
    found = session.connection.execute(select(PLANS.c.site, PLANS.c.due).where(*at)).all()
    texts, began = session.texts({site for site, _ in found}), _midnight(day)
    return {texts[site]: tuple(to_time(began + ms) for ms in json.loads(due)) for site, due in found}


def save_slots(session: Session, day: date, vantage: str, plan: Mapping[str, Sequence[datetime]]) -> None:
    """Adds the sites that the day's plan lacks."""
    numbers, began = session.numbers(dict.fromkeys([*plan, vantage], FOR_EVER)), _midnight(day)
    rows = [
        {
            "day": to_number(day), "vantage": numbers[vantage], "site": numbers[site],
            "due": json.dumps(sorted(to_ms(at) - began for at in times), separators=(",", ":")),
        }
        for site, times in plan.items()
    ]
    rows.sort(key=lambda row: row["site"])
    write(session.connection, insert(session.connection)(PLANS).on_conflict_do_nothing(), rows)


def _midnight(day: date) -> int:
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI))


def _to_round(row: Row, texts: dict[int | None, str]) -> Round:
    counts = {name: row._mapping[name] for name in COUNTS}
    return Round(texts[row.id], texts[row.vantage], to_time(row.began), to_time(row.ended), void=row.void, **counts)


def _to_row(round: Round, numbers: dict[str, int]) -> dict:
    return {name: getattr(round, name) for name in COUNTS} | {
        "id": numbers[round.id], "vantage": numbers[round.vantage], "day": day_of(round.began),
        "began": to_ms(round.began), "ended": to_ms(round.ended), "void": clean(round.void),
    }
