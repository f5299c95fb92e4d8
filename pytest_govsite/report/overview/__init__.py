"""overview.html: all sites of a results folder on one page that needs nothing but a browser."""
from collections.abc import Iterable
from pathlib import Path

from pytest_govsite.ledger import replace_file
from pytest_govsite.model.edition import Edition
from pytest_govsite.model.site import Subject
from pytest_govsite.report.overview.facts import read_facts
from pytest_govsite.report.overview.packing import pack
from pytest_govsite.report.overview.page import build, read_embedded
from pytest_govsite.report.overview.pictures import gather

OVERVIEW = "overview.html"
SECONDS_AT_THE_END = 8.0  # for pictures that the page does not have yet, when a run closes; `govsite report` takes its time


def write(
    folder: Path, subjects: Iterable[Subject] = (), editions: Iterable[Edition] = (), *, seconds: float | None = None,
) -> Path:
    """Writes overview.html for all that ledger.jsonl and scorecards.json of the folder hold; returns its path.

    subjects, editions  those at hand; others are taken from sites/<id>/site.json and from the package.
    seconds             how long pictures may be made smaller that the page has not embedded before; None: as long as it takes.
                        What is left out then is linked, and the next call goes on with it.

    Raises ledger.LedgerError when there is no ledger or a damaged one, OSError when the page cannot be written.
    """
    folder = Path(folder)
    facts = read_facts(folder, subjects, editions)
    pictures = gather(folder, facts.cards, read_embedded(folder / OVERVIEW), seconds)
    replace_file(folder / OVERVIEW, build(pack(facts, pictures), pictures))
    return folder / OVERVIEW
