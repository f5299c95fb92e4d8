"""The four gates with every kind of baseline, by the exit status of real runs (CONTRACT section 2)."""
import faked
import pytest
from faked import INSPECT, rows, run

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(150)

SOUND = {"fine": ("deduction", {}), "person": ("deduction", {"check": "attested"})}
TABLES = {
    "sound": SOUND,
    "marred": SOUND | {"faulty": ("deduction", {"faults": 2})},
    "barred": SOUND | {"barred": ("veto", {"faults": 1})},
    "walled": SOUND | {"door": ("veto", {"says": "undetermined", "blame": "wall"})},
    "broken": SOUND | {"broken": ("deduction", {"says": "crash"})},
    "merited": SOUND | {"earned": ("bonus", {"faults": 1})},
}
# table, host, the gates that are met without a baseline, with one that knows its faults, with one that knows others
MET = {
    "nothing wrong": ("sound", "alpha", {"clean", "pass", "veto"}, {"new"}, {"new"}),
    "a deduction": ("marred", "alpha", {"pass", "veto"}, {"new"}, set()),
    "a veto": ("barred", "alpha", set(), {"new"}, set()),
    "a wall before a veto": ("walled", "alpha", {"clean", "veto"}, {"new"}, {"new"}),
    "trouble of ours": ("broken", "alpha", {"veto"}, {"new"}, {"new"}),
    "a merit": ("merited", "alpha", {"clean", "pass", "veto"}, {"new"}, {"new"}),
    "a home page that nobody could see": ("sound", "nowhere", set(), set(), set()),
}


@pytest.mark.parametrize("table, host, alone, knowing, strange", MET.values(), ids=MET)
def test_gates(pytester, monkeypatch, table, host, alone, knowing, strange):
    faked.set_up(pytester, monkeypatch, every=TABLES[table])
    site = f"--site={host}.gov.cn"
    met = {gate for gate in ("clean", "pass", "veto") if _status(pytester, site, f"--gate={gate}", f"--results={gate}") == 0}
    assert met == alone
    for baseline, expected in ((f"{pytester.path}/clean", knowing), ("last", knowing), (_other(pytester), strange)):
        found = _status(pytester, site, "--gate=new", f"--baseline={baseline}", f"--results=new-{len(str(baseline))}")
        assert ({"new"} if found == 0 else set()) == expected, baseline


def _status(pytester, *arguments) -> int:
    status = run(pytester, *INSPECT, *arguments, "-q").ret
    assert status in (0, 1)
    return status


def _other(pytester) -> str:
    """A ledger of the same rules with other faults."""
    text = (pytester.path / "clean" / "ledger.jsonl").read_text(encoding="utf-8")
    (pytester.path / "other.jsonl").write_text(text.replace("gov.cn/\"", "gov.cn/elsewhere\""), encoding="utf-8")
    return "other.jsonl"


def test_a_baseline_that_another_gate_does_not_need_is_still_read(project):
    """A path with a slip in it is found out at once, not on the day when the gate is changed."""
    assert run(project, *INSPECT, "--site=alpha.gov.cn", "--gate=veto", "--baseline=nowhere.jsonl", "-k", "fine").ret == 4
    run(project, *INSPECT, "--site=alpha.gov.cn", "-k", "fine")
    assert run(project, *INSPECT, "--site=alpha.gov.cn", "--gate=veto", "--baseline=last", "-k", "fine").ret == 0
    assert len(rows(project)) == 1
