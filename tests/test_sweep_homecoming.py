"""What comes home is believed only as far as it goes: rows of the unit's own rules, pictures of its own folder."""
import io
import json
import zipfile
from types import SimpleNamespace

import pytest
from small_editions import AS_OF, PORTAL, edition, item, rule

from pytest_govsite.dossier import Dossier, Meta
from pytest_govsite.ledger import LEDGER
from pytest_govsite.model.finding import Finding, Note
from pytest_govsite.model.missing import Blame
from pytest_govsite.model.verdict import Outcome, Verdict
from pytest_govsite.planning import Task
from pytest_govsite.rows import Row
from pytest_govsite.sweeping.homecoming import INCOMING, Home
from pytest_govsite.sweeping.units import Unit

RULES = [rule(n=n) for n in (1, 2)]
ITEM = item(*RULES)
TABLE = edition(ITEM)
TASKS = tuple(Task(PORTAL, TABLE, ITEM, each, None, AS_OF) for each in RULES)
UNIT = Unit((PORTAL,), TASKS)
AT = "http://www.demo.gov.cn/"


def found(task: Task, *shots: str | None, **more) -> Row:
    findings = tuple(Finding(AT, str(number), "两周未更新", shot) for number, shot in enumerate(shots))
    verdict = Verdict(Outcome.DEDUCT, points=-1, findings=findings, notes=(Note("提示", AT, *shots[:1]),))
    return Row.of(task.subject, task.edition, task.item, task.rule, verdict, task.as_of)


class Written:
    """Books that only listen; the first word on a rule is the last."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def record(self, task: Task, row: Row) -> None:
        self.rows.setdefault(task.rule.key, row)


@pytest.fixture
def home(tmp_path):
    """Somebody's home with an earlier dossier."""
    books = Written()
    made = Home(SimpleNamespace(request=SimpleNamespace(results=tmp_path)), books, "this run")
    made.rows, made.dossier = books.rows, Dossier(tmp_path)
    made.dossier.begin(Meta(PORTAL, AS_OF, 7, "1.0.0", "an earlier run"))
    (tmp_path / "sites/demo/old.json").write_text("old")
    return made


def packed(*lines: str, **files: str) -> bytes:
    paper = io.BytesIO()
    with zipfile.ZipFile(paper, "w") as archive:
        archive.writestr(LEDGER, "".join(f"{line}\n" for line in lines))
        for name, content in files.items():
            archive.writestr(f"sites/demo/{name}", content)
    return paper.getvalue()


SHOTS = {
    "a picture of its own": ("sites/demo/shots/1.png", True), "none": (None, True),
    "a file of this machine": ("/etc/passwd", False), "a way out": ("sites/demo/../../secret.png", False),
    "another site's": ("sites/other/shots/1.png", False), "an address": ("https://evil.example/x.png", False),
}


@pytest.mark.parametrize(("shot", "kept"), SHOTS.values(), ids=SHOTS)
def test_a_picture_lies_in_the_folder_of_its_site(home, shot, kept):
    assert home.take(UNIT, packed(found(TASKS[0], shot).to_line()), None)
    row = home.rows["x.1"]
    assert row.findings[0].shot == row.notes[0].shot == (shot if kept else None)


def test_rows_are_said_of_the_rules_that_we_know(home):
    told = found(TASKS[0]).to_json() | {"level1": "<b>", "part": "bonus", "as_of": "2020-01-01"}
    foreign = [found(TASKS[0]).to_json() | change for change in ({"rule": "y.1"}, {"site": "other"}, {"edition": "other"})]
    home.take(UNIT, packed(*(json.dumps(each) for each in (told, *foreign))), "超过时限")
    assert home.rows.keys() == {"x.1", "x.2"}
    row = home.rows["x.1"]
    assert (row.level1, row.part, row.as_of) == ("一级", "deduction", AS_OF) and row.outcome is Outcome.DEDUCT
    lost = home.rows["x.2"]
    assert (lost.outcome, lost.blame, lost.reason) == (Outcome.UNDETERMINED, Blame.TOOL, "超过时限")


def test_rows_that_were_not_reached_stay_open_without_a_reason(home):
    planned = Row.planned(PORTAL, TABLE, ITEM, RULES[1], AS_OF)
    home.take(UNIT, packed(found(TASKS[0]).to_line(), planned.to_line()), None)
    assert home.rows.keys() == {"x.1"}


def test_the_evidence_replaces_what_was_there_and_is_of_this_run(home, tmp_path):
    there = Dossier(tmp_path / "there")
    there.write_meta(Meta(PORTAL, AS_OF, 7, "1.0.0", "a run there"))
    meta = (there.place("demo") / "site.json").read_text()
    home.take(UNIT, packed(found(TASKS[0]).to_line(), **{"site.json": meta, "shots/1.png": "p", "evidence/home.json": "{}"}), None)
    place = home.dossier.place("demo")
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == {
        "site.json", "shots/1.png", "evidence/home.json",
    }
    assert home.dossier.read_meta("demo").run == "this run" and not (tmp_path / INCOMING).exists()


ODD = {
    "no archive": b"rubbish", "a ledger that is none": packed("rubbish"), "no ledger": packed()[:0],
    "files of others": packed(found(TASKS[0]).to_line(), **{"../other/site.json": "{}"}),
}


@pytest.mark.parametrize("archive", ODD.values(), ids=ODD)
def test_what_cannot_be_believed_leaves_everything_as_it_was(home, tmp_path, archive):
    assert not home.take(UNIT, archive, None)
    assert {row.blame for row in home.rows.values()} == {Blame.TOOL} and home.rows.keys() == {"x.1", "x.2"}
    assert all(row.reason.startswith("送回的结果没有采用") for row in home.rows.values())
    assert (tmp_path / "sites/demo/old.json").exists() and not (tmp_path / INCOMING).exists()
