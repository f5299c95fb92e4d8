"""The picture of a week: a row for each day, a cell for each slot, readable without colours."""
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from pytest_govsite.availability import facts, telling
from pytest_govsite.availability.counting import Slot, tally
from pytest_govsite.model.availability import SLOTS
from pytest_govsite.reading.plain import plain

WIDTH, EDGE, LEFT, TOP = 1010, 20, 130, 124
CELL, ROW, HEIGHT = 30, 34, 30
LEGEND = 160
HOURS = 24
TITLE, SUBTITLE, TOOLTIP = 40, 72, 200  # characters that fit


def draw(slots: Sequence[Slot], title: str, subtitle: str = "") -> str:
    """The slots as an SVG picture of its own: no scripts, nothing from outside, every text escaped and bounded.

    title     the site; subtitle: its address, the place, whatever fits one line.
    """
    days = _days(slots)
    bottom = TOP + ROW * len(days) + 14
    return _environment().get_template("week.svg").render(
        title=plain(title, TITLE), subtitle=plain(subtitle, SUBTITLE), counted=telling.counted(slots),
        width=WIDTH, height=bottom + HEIGHT + EDGE, edge=EDGE, top=TOP, bottom=bottom, right=LEFT + CELL * HOURS + 10,
        cell_width=_cell_width(slots), cell_height=HEIGHT, days=days, legend=_legend(slots),
        hours=[{"x": LEFT + CELL * hour + CELL // 2, "name": f"{hour}"} for hour in range(HOURS)],
    )


def _cell_width(slots: Sequence[Slot]) -> float:
    return CELL * HOURS / (slots[0].slots if slots else SLOTS)


def _days(slots: Sequence[Slot]) -> list[dict]:
    groups: dict[date, list[Slot]] = {}
    for slot in slots:
        groups.setdefault(slot.day, []).append(slot)
    return [
        {"y": TOP + ROW * n, "name": f"{facts.day_of(day)} {facts.weekday(day)}", "cells": _cells(mine), "sum": _sum(mine)}
        for n, (day, mine) in enumerate(groups.items())
    ]


def _cells(slots: Iterable[Slot]) -> list[dict]:
    return [
        {"x": LEFT + round(CELL * HOURS * slot.slot / slot.slots, 2), "standing": slot.standing, "says": _says(slot)}
        for slot in slots
    ]


def _says(slot: Slot) -> str:
    """What the reader sees who points at a cell."""
    told = f"{facts.day_of(slot.day)} {facts.part_of_day(slot)} {facts.STANDINGS[slot.standing]}"
    if slot.visit and slot.visit.state != "open":
        told += f"：{facts.time_of(slot.visit)} {facts.fact(slot.visit)}，{facts.confirmed(slot)}"
    elif slot.visit:
        told += f"：{facts.time_of(slot.visit)}，{facts.seconds(slot.visit)}"
    return plain(told, TOOLTIP)


def _sum(slots: Iterable[Slot]) -> str:
    sums = tally(slots)
    return f"{sums.open}/{sums.valid} 打开"


def _legend(slots: Sequence[Slot]) -> list[dict]:
    sums = tally(slots)
    return [
        {"standing": standing, "x": EDGE + LEGEND * n, "name": f"{words} {getattr(sums, standing)}"}
        for n, (standing, words) in enumerate(facts.STANDINGS.items())
    ]


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pytest_govsite.availability"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )
