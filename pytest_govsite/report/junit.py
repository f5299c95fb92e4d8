"""JUnit XML (pytest's --junit-xml) for CI servers: each test case says which rule of which site it is and what came of it.

A server shows class name and name, and knows a test case again by the two together: neither may hold a path. The name
stays the item's own, `<site>/<edition>/<rule>`, which -k selects; the class name tells the site and what the rule is about.
Properties stand in the test case, where pytest writes them; Jenkins reads them there, GitLab and GitHub pass over them.
"""
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pytest

from pytest_govsite.points import exact
from pytest_govsite.report.wording import BLAMES, why
from pytest_govsite.rows import Row

if TYPE_CHECKING:
    from _pytest.junitxml import LogXML

PHASES = ("setup", "call", "teardown")  # any other: xdist's word for a worker that died while it ran the item


def properties(row: Row) -> list[tuple[str, str]]:
    """What every test case carries: name and value; empty where the row has none."""
    points = "" if row.points is None else exact(row.points)
    return [
        ("rule", row.rule), ("site", row.site), ("edition", row.edition), ("outcome", row.outcome.value), ("points", points),
        ("blame", row.blame.value if row.blame else ""),
    ]


class JUnit:
    """Hooks of the process that writes the file, and what it does at the end.

    row_of  the row that a report carries, or None.
    """

    def __init__(self, config: pytest.Config, row_of: Callable[[pytest.TestReport], Row | None]) -> None:
        self._config = config
        self._row_of = row_of
        self._rows: dict[str, Row] = {}
        self._unfinished: dict[str, pytest.TestReport] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = report.nodeid.partition("::")[2]
        if row := self._row_of(report):
            self._rows[name] = row
            self._classify(report, row)
        if report.when == "teardown":  # pytest writes the properties of this phase
            self._rows.pop(name, None)
            self._unfinished.pop(name, None)
        else:
            self._unfinished[name] = report
        if report.when not in PHASES and (row := self._rows.get(name)):
            self._describe(report, row)

    def finish(self, lost: Sequence[Row]) -> None:
        """Completes the test cases of rows that no item reported: of dead workers, and those that were never reached."""
        for row in lost:
            name = "/".join(row.id)
            report = self._unfinished.get(name)
            if report is None or report.when in PHASES:
                report = self._add(report.nodeid if report else f"govsite::{name}", row, getattr(report, "node", None))
            else:  # pytest's words for it: failed on setup
                self._xml.node_reporter(report).nodes[-1].set("message", _told(row))
            self._classify(report, row)
            self._describe(report, row)

    @property
    def _xml(self) -> "LogXML":
        from _pytest.junitxml import xml_key  # the only way to a test case that pytest itself will not complete

        return self._config.stash[xml_key]

    def _add(self, nodeid: str, row: Row, node: object) -> pytest.TestReport:
        """A test case of our own, in the place of one that was begun, if any was."""
        report = pytest.TestReport(nodeid, ("govsite", None, nodeid), {}, "failed", _told(row), "call")
        if node is not None:
            report.node = node
        self._xml.pytest_runtest_logreport(report)
        return report

    def _classify(self, report: pytest.TestReport, row: Row) -> None:
        parts = (row.level1, row.level2)
        words = [row.site, row.edition, *(part.replace(".", "·") for part in parts)]
        self._xml.node_reporter(report).add_attribute("classname", ".".join(words))

    def _describe(self, report: pytest.TestReport, row: Row) -> None:
        for name, value in properties(row):
            self._xml.node_reporter(report).add_property(name, value)


def _told(row: Row) -> str:
    return "：".join(part for part in (BLAMES[row.blame] if row.blame else "", why(row)) if part)
