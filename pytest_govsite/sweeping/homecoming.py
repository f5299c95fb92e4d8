"""What an inspection elsewhere found becomes ours: its evidence goes into the results folder, its rows into the books."""
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pytest_govsite.books import Books
from pytest_govsite.dossier import META, Dossier
from pytest_govsite.ledger import LedgerError, read_rows
from pytest_govsite.model.finding import Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.planning import Plan, Task
from pytest_govsite.rows import NOT_REACHED, Row
from pytest_govsite.storage import objects
from pytest_govsite.sweeping import baggage
from pytest_govsite.sweeping.baggage import BaggageError
from pytest_govsite.sweeping.units import Unit

INCOMING = ".incoming"  # in the results folder, so that a rename brings home what lies there
SHARED = ("dom", "shots")  # of which several sites may have the same


class Home:
    """Takes over results, one after the other. `run` names this run, as its dossiers do.

    Its methods raise LedgerError or OSError for a disk that is full or gone.
    """

    def __init__(self, plan: Plan, books: Books, run: str) -> None:
        self._books = books
        self._run = run
        self._results = plan.request.results
        self._dossier = Dossier(self._results)

    def take(self, unit: Unit, archive: bytes, reason: str | None) -> bool:
        """Takes over an archive. Rows that are not in it stay undetermined (tool) for this reason; None: as not reached.

        False when the archive was not fit to be unpacked; then nothing of it is used.
        """
        folder = self._results / INCOMING
        try:
            shutil.rmtree(folder, ignore_errors=True)
            baggage.unpack(archive, folder, unit.sites)
            found = [row for row in self._rows(unit, folder) if not _is_unreached(row)]
        except (BaggageError, LedgerError) as error:
            self.give_up(unit, f"送回的结果没有采用：{error}")
            return False
        else:
            self._settle(unit, folder / "sites")
            for row in found:
                self._books.record(unit.by_name["/".join(row.id)], row)
            if reason:
                self.give_up(unit, reason)
            return True
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def give_up(self, unit: Unit, reason: str) -> None:
        """Whatever has no row yet is undetermined (tool)."""
        verdict = Verdict(Outcome.UNDETERMINED, blame=Blame.TOOL, reason=reason[:300])
        for task in unit.tasks:
            self._books.record(task, Row.of(task.subject, task.edition, task.item, task.rule, verdict, task.as_of))

    def _rows(self, unit: Unit, folder: Path) -> Iterator[Row]:
        """Those of the unit's own rules, in the words of our own tables."""
        for row in read_rows(folder):
            if task := unit.by_name.get("/".join(row.id)):
                yield _in_place(row, task)

    def _settle(self, unit: Unit, folder: Path) -> None:
        """Puts the evidence where this run's is; last what makes it a dossier."""
        for subject in unit.subjects:
            source, target = folder / subject.id, self._dossier.place(subject.id)
            shutil.rmtree(target, ignore_errors=True)
            if not source.is_dir():
                continue
            for path in sorted(source.rglob("*"), key=lambda path: path.name == META):
                if path.is_file():
                    self._move(path, target / path.relative_to(source))
            if meta := self._dossier.read_meta(subject.id):
                self._dossier.write_meta(replace(meta, subject=subject, run=self._run))

    def _move(self, source: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.parent.name in SHARED:
            objects.put(self._results, target.relative_to(self._results), source.read_bytes())
        else:
            source.replace(target)


def _is_unreached(row: Row) -> bool:
    return row.outcome is Outcome.UNDETERMINED and row.reason == NOT_REACHED.reason


def _in_place(row: Row, task: Task) -> Row:
    """The row, said of the rule that we know; its pictures lie in the folder of its site, or it has none."""
    inside = f"sites/{task.subject.id}/"
    return replace(
        row, part=task.item.part, level1=task.item.level1, level2=task.item.level2, as_of=task.as_of,
        findings=tuple(_pictured(row.findings, inside)), notes=tuple(_pictured(row.notes, inside)),
    )


def _pictured(said: Iterable[Finding | Note], inside: str) -> Iterator[Finding | Note]:
    for each in said:
        fine = each.shot is None or str(each.shot).startswith(inside) and ".." not in each.shot
        yield each if fine else replace(each, shot=None)
