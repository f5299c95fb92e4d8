"""Invented histories: weeks of visits in the letters of evidence_week.py, and inspections of the table of reported.py."""
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import evidence_week
import reported

from pytest_govsite import cli
from pytest_govsite.history import Inspected, open_history
from pytest_govsite.model.availability import DAYS, SHANGHAI, Round, Sample
from pytest_govsite.rows import Row

AS_OF = evidence_week.AS_OF
DAY = AS_OF.isoformat()
PLACE = evidence_week.PLACE
FIRST = AS_OF - timedelta(days=DAYS)
EDITION = "sichuan2021"
WHOLE = ("24o",) * DAYS
FAILING = ("20o4x", *WHOLE[1:6], "18o6b")


def visit(
    place: Path | str, weeks: dict[str, Iterable[str]], vantage: str = PLACE, ipv6: Iterable[str] = (), void: str = "",
    failing: int = 0, **more,
) -> None:
    """Writes the weeks of these sites, a round for each day with 288 probes of canaries.

    ipv6     the same days over IPv6, of every site. void: why every round is void; failing: in how many rounds a probe fails.
    more     fields of every sample.
    """
    found = [
        replace(sample, site=site, **more)
        for site, days in weeks.items()
        for family, texts in ((4, days), (6, ipv6)) for sample in evidence_week.samples(texts, FIRST, family, vantage)
    ]
    with open_history(place) as history:
        for number, (day, samples) in enumerate(sorted(_by_day(found).items())):
            began = datetime.combine(day, time(), SHANGHAI)
            probes = {"tried": 288, "failed": int(number < failing), "void": void}
            history.write_round(Round(f"{vantage}-{day}", vantage, began, began + timedelta(hours=23), **probes), samples)


def _by_day(samples: Iterable[Sample]) -> dict[date, list[Sample]]:
    days: dict[date, list[Sample]] = {}
    for sample in samples:
        days.setdefault(sample.day, []).append(sample)
    return days


def inspect(
    place: Path | str, rows: Iterable[Row] = reported.ROWS, days_ago: int = 0, verdict: str = "待定",
    edition: str = EDITION, partial: bool = False, site: str = evidence_week.SITE, **more,
) -> None:
    """Records one inspection of this many days ago; more: of its scorecard."""
    day = AS_OF - timedelta(days=days_ago)
    at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=SHANGHAI)
    card = reported.card(verdict, edition=edition, as_of=day, site=site, **more).to_json()
    mine = tuple(replace(row, edition=edition, as_of=day, site=site) for row in rows)
    with open_history(place) as history:
        history.record(Inspected(f"run-{days_ago}", site, edition, day, at, partial, card, mine))


def told(capsys, *arguments, status=0) -> list[str]:
    """The lines that the command prints; it complains of nothing."""
    assert cli.main(["history", *arguments]) == status
    out, err = capsys.readouterr()
    assert err == ""
    return [line.rstrip() for line in out.splitlines()]


def settle(tmp_path: Path, monkeypatch) -> Path:
    """Where the history of a test is, which is not there yet; the current folder is an empty one beside it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GOVSITE_HISTORY", str(tmp_path / "history.sqlite3"))
    return tmp_path / "history.sqlite3"
