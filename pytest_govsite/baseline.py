"""What a run is compared with (--baseline): the faults that were known before it."""
from typing import TYPE_CHECKING

import pytest

from pytest_govsite.history import HistoryError, open_history
from pytest_govsite.ledger import LEDGER, LedgerError, finding_keys, read_rows
from pytest_govsite.options import LAST
from pytest_govsite.planning import Plan
from pytest_govsite.rows import Row

if TYPE_CHECKING:
    from pytest_govsite.history import History


def baseline_keys(plan: Plan) -> frozenset[str] | None:
    """The fault keys of the baseline; None without one. Read at the start, because this run may replace it.

    Raises pytest.UsageError when there is none, or none that can be read.
    """
    if not plan.request.baseline:
        return None
    try:
        return finding_keys(_last_rows(plan) if plan.request.baseline == LAST else read_rows(plan.request.baseline))
    except (LedgerError, HistoryError) as error:
        raise pytest.UsageError(f"--baseline：{error}") from error


def _last_rows(plan: Plan) -> list[Row]:
    """Of each site and edition the last complete inspection in the history, else its rows in the ledger of the results."""
    wanted = [(subject.id, edition.id) for subject, edition in plan.pairs]
    with open_history(plan.request.history, read_only=True) as history:
        found = {pair: rows for pair in wanted if (rows := _last_complete(history, *pair))}
        place = history.place
    results = plan.request.results
    ledger = read_rows(results) if (results / LEDGER).is_file() else ()
    rows = [row for rows in found.values() for row in rows]
    rows += [row for row in ledger if (row.site, row.edition) in wanted and (row.site, row.edition) not in found]
    if not rows:
        raise LedgerError(f"历史库 {place} 里没有这些网站以往的完整检查，{results} 里也没有它们的台账：请先检查一次，或写明台账文件")
    return rows


def _last_complete(history: "History", site: str, edition: str) -> tuple[Row, ...]:
    for limit in (1, None):  # most often it is the very last one, and a history may hold years
        for one in history.inspections(site, edition, limit):
            if not one.partial:
                return one.rows
    return ()
