"""Every check against its table of cases: tests/cases/<check>.toml."""
import tomllib
from pathlib import Path

import evidence
import pytest

from pytest_govsite import checking
from pytest_govsite.model.finding import Drawn, Finding, NotApplicable, Note, Undetermined, Unseen

CHECKS = checking.discover(checking.folder())
FILES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
CASES = [(path.stem, case) for path in FILES for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]]
EXPECTED = ("findings", "says", "classes", "notes", "unseen", "drawn", "undetermined", "not_applicable")


@pytest.mark.parametrize("id, case", [pytest.param(id, case, id=f"{id}: {case['name']}") for id, case in CASES])
def test_case(id, case):
    """What a case does not mention must not happen."""
    check = CHECKS[id.replace("_", "-")]
    expected = {name: case[name] for name in EXPECTED if name in case}
    assert look(check, case) == expected


def look(check, case) -> dict:
    """What the check observes, in the form in which cases state it; an empty kind of observation is left out."""
    unknown = set(case) - {"name", "with", *check.evidence, *check.context, *EXPECTED}
    assert not unknown, f"the check knows nothing of {unknown}"
    values = {name: evidence.build(name, case.get(name)) for name in (*check.evidence, *check.context)}
    if missing := check.stopped_by(values):
        return {"undetermined": str(missing.blame)}
    try:
        seen = check.function(**values, **evidence.thresholds(case.get("with", {})))
    except Undetermined as stop:
        return {"undetermined": str(stop.blame)}
    except NotApplicable as stop:
        return {"not_applicable": str(stop)}
    return {name: value for name, value in summary(seen, case).items() if value}


def summary(seen, case) -> dict:
    findings = [observation for observation in seen if isinstance(observation, Finding)]
    drawn = [len(observation.urls) for observation in seen if isinstance(observation, Drawn)]
    return {
        "findings": [finding.what for finding in findings],
        "says": _present(case.get("says", []), [finding.says for finding in findings]),
        "classes": [finding.class_ for finding in findings] if "classes" in case else [],
        "notes": _matched(case.get("notes", []), [note.says for note in seen if isinstance(note, Note)]),
        "unseen": [str(unit.blame) for unit in seen if isinstance(unit, Unseen)],
        "drawn": drawn[0] if drawn and "drawn" in case else 0,
    }


def _present(wanted: list[str], texts: list[str]) -> list[str]:
    return [part for part in wanted if any(part in text for text in texts)]


def _matched(wanted: list[str], texts: list[str]) -> list[str]:
    """Each text as the part of it that the case names, else whole: so a note nobody expects shows up."""
    return [next((part for part in wanted if part in text), text) for text in texts]


def headings(check) -> dict[str, str]:
    """The headings of a check's documentation with their text."""
    found, last = {}, None
    for line in check.doc.splitlines()[1:]:
        if line[:1].isupper():
            last, _, text = line.partition(" ")
            found[last] = text.strip()
        elif last:
            found[last] += " " + line.strip()
    return found


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_every_check_has_its_cases(check):
    """A check is finished when its pass, its fault, what keeps it from judging, and each of its excuses are shown."""
    cases = [case for id, case in CASES if id.replace("_", "-") == check.id]
    open_ones = [case for case in cases if "unseen" in case or "undetermined" in case]
    assert open_ones, "no case in which nothing can be judged"
    if not check.evidence:
        return
    assert [case for case in cases if "findings" in case], "no case with a fault"
    clean = [case for case in cases if not set(case) & {"findings", "unseen", "undetermined", "not_applicable"}]
    assert clean, "no case without a fault"
    excuses = [part for part in headings(check)["Excuses"].split(";") if part.strip() != "none."]
    shown = [case for case in cases if case["name"].startswith("excuse: ")]
    assert len(shown) >= len(excuses), f"excuses without a case, of {excuses}"
