"""How a verdict looks in pytest and in Allure (CONTRACT section 1)."""
import pytest

from pytest_govsite.model.edition import Rule
from pytest_govsite.model.missing import OUTSIDE, TROUBLE
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.points import printed
from pytest_govsite.report.wording import OUTCOMES, pictured, plain
from pytest_govsite.rows import Row

SHOWN = 20
TROUBLE_STATUS = ("failed", "U", "TROUBLE")
OUTSIDE_STATUS = ("skipped", "U", "OUTSIDE")


class Fault(pytest.fail.Exception):
    """Points lost, or a veto: failed in pytest and in Allure."""

    __module__ = "builtins"  # reports print `Fault: …`, like pytest's own `Failed: …`

    def __init__(self, says: str) -> None:
        super().__init__(says, pytrace=False)
        self.says = says


class Trouble(Exception):
    """No judgement, on the site's account or on ours: failed in pytest, broken in Allure (as no pytest.fail is)."""

    __module__ = "builtins"

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


def express(row: Row, rule: Rule) -> None:
    """Returns for what passed; raises what pytest is to report for everything else."""
    if row.outcome in (Outcome.DEDUCT, Outcome.VETO):
        raise Fault(account(row, rule))
    if row.outcome is Outcome.UNDETERMINED and row.blame in TROUBLE:
        raise Trouble(account(row, rule))
    if row.outcome in (Outcome.NOT_APPLICABLE, Outcome.UNDETERMINED):
        raise pytest.skip.Exception(plain(row.reason or ""))


def status(row: Row) -> tuple[str, str, str] | None:
    """Category, letter and word of pytest's terminal; None where pytest's own are right."""
    if row.outcome is not Outcome.UNDETERMINED:
        return None
    if row.blame in TROUBLE:
        return TROUBLE_STATUS
    return OUTSIDE_STATUS if row.blame in OUTSIDE else None


def account(row: Row, rule: Rule) -> str:
    """What is wrong, for the person who must repair it."""
    lines = [f"{row.rule}　{row.level2}：{plain(rule.summary)}", _result(row)]
    live = [finding for finding in row.findings if not finding.exempt]
    for number, finding in enumerate(live[:SHOWN], 1):
        lines += [f"  {number}. {plain(finding.says)}", f"     {plain(finding.at)}"]
        lines += [f"     {pictured(finding.shot)}"] if finding.shot else []
    if len(live) > SHOWN:
        lines.append(f"  另有 {len(live) - SHOWN} 处，见台账")
    if row.open:
        lines.append(f"  另有 {row.open} 处未能查看")
    return "\n".join(lines)


def _result(row: Row) -> str:
    words = OUTCOMES[row.outcome]
    if row.outcome is Outcome.UNDETERMINED:
        return f"{words}：{plain(row.reason or '')}"
    return f"{words} {printed(abs(row.points))} 分" if row.points is not None else words
