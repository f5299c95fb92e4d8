"""What stays on disk: equal files once, budgets, pictures of findings only; `govsite results` and its `prune`."""
import json
import os
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import faked
import pytest
import reported

from pytest_govsite import cli, options
from pytest_govsite.dossier import Dossier, Meta
from pytest_govsite.housekeeping import Housekeeping
from pytest_govsite.ledger import LEDGER, SCORECARDS, Ledger, claimed, read_rows
from pytest_govsite.model.finding import Note
from pytest_govsite.storage import objects
from pytest_govsite.storage.budget import MB, excess
from pytest_govsite.storage.contents import Stored, places, stored
from pytest_govsite.storage.dropping import Dropped, drop, read_dropped

pytest_plugins = ("pytester",)

PATHS = tuple(objects.Path("sites", site, "dom", "a.html.gz") for site in ("one", "two"))


def objects_in(folder) -> list:
    return [path for path in (folder / "objects").rglob("*") if path.is_file()]


def test_equal_files_take_the_room_of_one(tmp_path):
    for path in PATHS:
        objects.put(tmp_path, path, b"alike")
    first, second = (os.stat(tmp_path / path) for path in PATHS)
    assert first.st_ino == second.st_ino and (tmp_path / PATHS[0]).read_bytes() == b"alike"
    assert objects.room_of(first) == len("alike") // 2


def test_a_file_is_replaced_and_nothing_is_left_beside(tmp_path):
    for content in (b"old", b"old", b"new"):
        objects.put(tmp_path, PATHS[0], content)
    assert (tmp_path / PATHS[0]).read_bytes() == b"new" and len(list((tmp_path / PATHS[0]).parent.iterdir())) == 1
    assert [path.read_bytes() for path in objects_in(tmp_path) if path.stat().st_nlink == 1] == [b"old"]


def test_what_a_killed_process_left_half_written_does_not_matter(tmp_path):
    half = tmp_path / PATHS[0].with_name(f".{PATHS[0].name}.{os.getpid()}.new")
    half.parent.mkdir(parents=True)
    half.write_bytes(b"ha")
    objects.put(tmp_path, PATHS[0], b"whole")
    assert (tmp_path / PATHS[0]).read_bytes() == b"whole" and not half.exists()


def test_files_are_written_where_there_are_no_links(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refused)
    for path in PATHS:
        objects.put(tmp_path, path, b"alike")
    assert [(tmp_path / path).read_bytes() for path in PATHS] == [b"alike"] * 2 and not objects_in(tmp_path)


def test_objects_that_nobody_needs_are_swept_away(tmp_path):
    for path, content in zip(PATHS, (b"mine", b"yours"), strict=True):
        objects.put(tmp_path, path, content)
    (tmp_path / PATHS[0]).unlink()
    assert objects.sweep(tmp_path) == len("mine") and len(objects_in(tmp_path)) == 1
    assert len(list((tmp_path / "objects").iterdir())) == 1, "no empty folder is left"
    assert objects.sweep(tmp_path / "nowhere") == 0


def file(name: str, size: int) -> Stored:
    return Stored(objects.Path(name), name.partition("/")[0], size, size)


BUDGETS = {
    # name: most bytes, what goes
    "within": (100, []),
    "documents first, the largest first": (70, ["dom/b"]),
    "all documents before any picture": (50, ["dom/b", "dom/a"]),
    "the picture that is worth least, then the largest": (35, ["dom/b", "dom/a", "shots/note"]),
    "evidence never": (0, ["dom/b", "dom/a", "shots/note", "shots/large", "shots/small"]),
}


@pytest.mark.parametrize(("most", "gone"), BUDGETS.values(), ids=BUDGETS)
def test_budgets(most, gone):
    files = [file("dom/a", 20), file("dom/b", 30), file("shots/small", 10), file("shots/large", 20), file("shots/note", 15), file("evidence/home", 999)]
    worth = {"shots/small": 1, "shots/large": 1}
    assert [str(one.path) for one in excess(files, most + 5 * (most == 100), lambda one: worth.get(str(one.path), 0))] == gone


def test_links_that_somebody_put_there_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.html").write_text("mine")
    place = tmp_path / "results" / "sites" / "one"
    (place / "shots").mkdir(parents=True)
    (place / "dom").symlink_to(outside)
    (place / "shots" / "deep").symlink_to(outside)
    (tmp_path / "results" / "sites" / "two").symlink_to(outside)
    found = list(stored(place))
    drop(place, found, "试验")
    assert [one.path.name for one in found] == ["deep"] and (outside / "mine.html").exists()
    assert list(places(tmp_path / "results")) == [place]


def test_what_goes_is_said_before_it_goes(tmp_path, monkeypatch):
    fill(tmp_path, "one", dom=2)
    place = tmp_path / "sites" / "one"
    monkeypatch.setattr(objects.Path, "unlink", interrupted)
    with pytest.raises(KeyboardInterrupt):
        drop(place, list(stored(place, "dom")), "试验")
    assert read_dropped(place) == Dropped(dom=2, bytes=2 * SIZE, why="试验")
    assert Dropped(1, why="甲") + Dropped(1, 2, 3, 4, "甲") == Dropped(2, 2, 3, 4, "甲")
    (place / "dropped.json").write_text("[]")
    assert read_dropped(place) == Dropped()


def interrupted(*_, **__):
    raise KeyboardInterrupt


SIZE = 1000


def fill(folder, site: str, dom: int = 0, shots: int = 0, evidence: int = 0, size: int = SIZE) -> None:
    """Files of a site: their contents differ."""
    for kind, count in (("dom", dom), ("shots", shots), ("evidence", evidence)):
        for number in range(count):
            end = {"dom": "html.gz", "shots": "png", "evidence": "json"}[kind]
            content = f"{site} {kind} {number}".encode().ljust(size)
            objects.put(folder, objects.Path("sites", site, kind, f"{number}.{end}"), content)


def left(folder, site: str) -> dict[str, int]:
    found = [one.kind for one in stored(folder / "sites" / site)]
    return {kind: found.count(kind) for kind in ("dom", "shots", "evidence")}


def shot(site: str, number: int) -> str:
    return f"sites/{site}/shots/{number}.png"


def house(folder, kept=(), **limits) -> Housekeeping:
    request = SimpleNamespace(results=folder, rejudge=None, site_evidence=None, evidence=None)
    return Housekeeping(SimpleNamespace(request=SimpleNamespace(**vars(request) | limits), kept=tuple(kept)))


def rows_of(site: str, *numbers: int, outcome="deduct", note: int | None = None):
    """A row whose findings, and whose note, name these pictures."""
    findings = tuple(reported.fault(number, shot=shot(site, number)) for number in numbers)
    notes = (Note("请留意", shot=shot(site, note)),) if note is not None else ()
    return reported.row("page-labels.1", outcome, "-0.1", site, findings=findings, notes=notes)


def test_pictures_that_nobody_names_go_unsaid(tmp_path):
    fill(tmp_path, "one", dom=1, shots=4, evidence=1)
    (tmp_path / "sites" / "one" / "shots" / "week.svg").write_text("<svg/>")
    keeping = house(tmp_path)
    keeping.row(rows_of("one", 0, note=2))
    keeping.site("one")
    assert left(tmp_path, "one")["shots"] == 5, "whoever inspects it may still be at it"
    keeping.close()
    assert left(tmp_path, "one") == {"dom": 1, "shots": 3, "evidence": 1}
    assert keeping.line == "" and read_dropped(tmp_path / "sites" / "one") == Dropped()
    assert len(objects_in(tmp_path)) == 4, "what nobody links to is gone as well"


def test_pictures_of_rows_that_an_earlier_run_finished_stay(tmp_path):
    fill(tmp_path, "one", shots=2)
    fill(tmp_path, "two", shots=2)
    keeping = house(tmp_path, kept=[rows_of("one", 0), rows_of("two", 0)])
    keeping.row(rows_of("one", 1))
    keeping.close()
    assert (left(tmp_path, "one")["shots"], left(tmp_path, "two")["shots"]) == (2, 2)


def test_a_site_beyond_its_budget_says_what_went(tmp_path):
    fill(tmp_path, "one", dom=2, shots=3, evidence=2, size=MB // 2)
    keeping = house(tmp_path, site_evidence=1)
    keeping.row(rows_of("one", 0, 1, outcome="veto", note=2))
    keeping.close()
    assert left(tmp_path, "one") == {"dom": 0, "shots": 2, "evidence": 2}, "the picture of the note goes first"
    told = json.loads((tmp_path / "sites" / "one" / "dropped.json").read_text("utf-8"))
    assert told == {"dom": 2, "shots": 1, "evidence": 0, "bytes": 3 * MB // 2, "why": "超过每个网站 1 MB 的限额"}
    assert keeping.line == "证据超过限额，已清理 1 个网站的网页存档 2 份，截图 1 份（1.5 MB）；台账、评分和可复核的证据都在"


def test_a_sweep_stays_within_its_budget_while_it_goes_on(tmp_path):
    keeping, most = house(tmp_path, evidence=2), 0
    for number in range(8):
        fill(tmp_path, f"s{number}", dom=1, shots=1, evidence=1, size=MB // 2)
        keeping.row(rows_of(f"s{number}", 0))
        keeping.site(f"s{number}")
        most = max(most, sum(left(tmp_path, f"s{n}")[kind] for n in range(number + 1) for kind in ("dom", "shots")))
    keeping.close()
    rest = [left(tmp_path, f"s{number}") for number in range(8)]
    assert sum(one["dom"] + one["shots"] for one in rest) * MB // 2 <= 2 * MB and all(one["evidence"] for one in rest)
    assert not sum(one["dom"] for one in rest) and most <= 7, "two sites more than there is room for"
    assert "已清理 8 个网站" in keeping.line


def test_what_is_judged_again_keeps_all(tmp_path):
    fill(tmp_path, "one", dom=3, shots=3, size=MB)
    keeping = house(tmp_path, rejudge=tmp_path, site_evidence=1, evidence=1)
    keeping.row(rows_of("one"))
    keeping.site("one")
    keeping.close()
    assert left(tmp_path, "one") == {"dom": 3, "shots": 3, "evidence": 0} and not keeping.line


def test_a_disk_that_takes_no_word_loses_nothing(tmp_path, monkeypatch):
    fill(tmp_path, "one", dom=2, size=MB)
    keeping = house(tmp_path, site_evidence=1)
    keeping.row(rows_of("one"))
    (tmp_path / "sites" / "one" / ".dropped.json.new").mkdir()
    keeping.close()
    assert left(tmp_path, "one")["dom"] == 2 and keeping.line.startswith("证据目录没有整理完，结论不受影响：")


PICTURED = '''
from pytest_govsite import Finding, Home, check


@check("pictured")
def check_pictured(home: Home):
    """A fault that was photographed."""
    yield Finding(home.page.url, "图", "有图", "sites/fine/shots/0.png")
'''
DRAWING = '''

def pytest_govsite_collector(settings, folder, on_event, plain=pytest_govsite_collector):
    for kind, end in (("shots", "png"), ("dom", "html.gz")):
        for number in range(3):
            path = Path(folder, "sites", "fine", kind, f"{number}.{end}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(400_000))
    return plain(settings, folder, on_event)
'''


def test_a_run_keeps_its_budget_and_says_so(project):
    """From the command line to the terminal: the collector of this project photographs and stores more than there is room for."""
    (project.path / "own_checks" / "pictured.py").write_text(PICTURED, encoding="utf-8")
    (project.path / "conftest.py").write_text(faked.CONFTEST + DRAWING, encoding="utf-8")
    (project.path / "every.toml").write_text(faked.edition("every", {"seen": ("deduction", {"check": "pictured"})}), encoding="utf-8")
    (project.path / "sites.toml").write_text(faked.site("fine"), encoding="utf-8")
    result = faked.run(project, "--site=fine", "--govsite-site-evidence=1", *faked.INSPECT)
    result.stdout.fnmatch_lines(["*证据超过限额，已清理 1 个网站的网页存档 2 份（800.0 kB）*"])
    folder = project.path / "govsite-results"
    assert left(folder, "fine") == {"dom": 1, "shots": 1, "evidence": 1} and read_dropped(folder / "sites" / "fine").dom == 2
    assert faked.rows(project)["fine/every/seen.1"]["findings"][0]["shot"] == "sites/fine/shots/0.png"


WRONG = {"none": "0", "letters": "viel", "below nothing": "-3"}


@pytest.mark.parametrize("value", WRONG.values(), ids=WRONG)
def test_a_budget_is_a_number(project, value):
    result = faked.run(project, "--site=fine.gov.cn", f"--govsite-evidence={value}", *faked.INSPECT)
    result.stderr.fnmatch_lines([f"*--govsite-evidence：{value!r} 应是正整数*"])


@pytest.fixture
def results(tmp_path):
    """Two sites, the second inspected long ago; each with pictures of which one is of a finding, in a folder of ours."""
    folder = tmp_path / "results"
    today = reported.row("page-labels.1", "pass").found_at.replace(year=options.today().year, month=options.today().month, day=options.today().day)
    rows = [rows_of("new", 0), rows_of("old", 0)]
    rows = [replace(row, found_at=today - timedelta(days=100 * number)) for number, row in enumerate(rows)]
    with Ledger(folder) as ledger:
        ledger.plan(rows)
        (folder / SCORECARDS).write_text("[]")
    for site in ("new", "old"):
        Dossier(folder).write_meta(Meta(replace(reported.SITE, id=site), reported.AS_OF, 7, "1.0.0"))
        fill(folder, site, dom=2, shots=2, evidence=2, size=MB)
    (folder / "cache").mkdir()
    (folder / "cache" / "links.sqlite3").write_bytes(b"known")
    return folder


WHOLE = {"dom": 2, "shots": 2, "evidence": 2}
NAMED = WHOLE | {"shots": 1}
NOTHING = dict.fromkeys(WHOLE, 0)
PRUNED = {
    # name: options, what is left of the new site, of the old one
    "nothing that is needed": ((), NAMED, NAMED),
    "one site": (("--site=new",), NOTHING, NAMED),
    "old ones": (("--keep-days=30",), NAMED, NOTHING),
    "none is so old": (("--keep-days=300",), NAMED, NAMED),
    "a site that is not so old": (("--site=new", "--keep-days=30"), NAMED, NAMED),
    "documents of the oldest": (("--max-size=9",), NAMED, NAMED | {"dom": 0}),
    "all documents": (("--max-size=7",), NAMED | {"dom": 0}, NAMED | {"dom": 0}),
    "pictures of the oldest": (("--max-size=6",), NAMED | {"dom": 0}, NAMED | {"dom": 0, "shots": 0}),
    "evidence at last": (("--max-size=4",), {"dom": 0, "shots": 0, "evidence": 2}, NOTHING),
    "only of one site": (("--max-size=1", "--site=old"), NAMED, NOTHING),
    "only in words": (("--site=new", "--dry-run"), WHOLE, WHOLE),
}


@pytest.mark.parametrize(("typed", "new", "old"), PRUNED.values(), ids=PRUNED)
def test_prune(results, capsys, typed, new, old):
    kept = (results / LEDGER).read_bytes(), (results / SCORECARDS).read_bytes()
    assert cli.main(["results", "prune", str(results), *typed]) == 0
    assert (left(results, "new"), left(results, "old")) == (new, old)
    assert ((results / LEDGER).read_bytes(), (results / SCORECARDS).read_bytes()) == kept
    assert (results / "cache" / "links.sqlite3").exists() is ("--dry-run" in typed)
    assert ("将清理" if "--dry-run" in typed else "已清理") in capsys.readouterr().out
    for site, rest in (("new", new), ("old", old)):
        gone = read_dropped(results / "sites" / site)
        assert (gone.dom, gone.evidence) == (0, 0) if "--dry-run" in typed else (2 - rest["dom"], 2 - rest["evidence"])
    orphans = [path for path in objects_in(results) if path.stat().st_nlink == 1]
    assert not orphans or "--dry-run" in typed


def test_prune_twice_finds_nothing_more(results, capsys):
    cli.main(["results", "prune", str(results), "--site=old"])
    assert "2 份" in capsys.readouterr().out
    cli.main(["results", "prune", str(results), "--site=old"])
    assert "没有要清理的" in capsys.readouterr().out and read_dropped(results / "sites" / "old").evidence == 2


def test_sites_without_evidence_are_not_judged_again(results):
    assert [meta.subject.id for meta in Dossier(results).metas()] == ["new", "old"]
    cli.main(["results", "prune", str(results), "--site=old"])
    assert [meta.subject.id for meta in Dossier(results).metas()] == ["new"]


def test_prune_that_is_interrupted_breaks_nothing(results, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        patch.setattr(objects.Path, "unlink", interrupted)
        assert cli.main(["results", "prune", str(results), "--site=old"]) == cli.INTERRUPTED
    assert len(read_rows(results)) == 2 and left(results, "old") == WHOLE
    assert cli.main(["results", "prune", str(results), "--site=old"]) == 0 and left(results, "old") == NOTHING
    capsys.readouterr()


REFUSED = {
    # name: what is typed after the folder, words of the answer
    "a site that is not there": (("prune", "--site=nobody"), "没有 nobody 的证据"),
    "no number": (("prune", "--keep-days=some"), "--keep-days：'some' 应是 0 或正整数"),
    "a limit without prune": (("--max-size=3",), "--max-size 要和 prune 一起用"),
    "two folders": (("prune", "other"), "只看一个结果目录"),
}


@pytest.mark.parametrize(("typed", "words"), REFUSED.values(), ids=REFUSED)
def test_wrong_use(results, capsys, typed, words):
    verbs = [word for word in typed if word == "prune"]
    rest = [word for word in typed if word != "prune"]
    assert cli.main(["results", *verbs, str(results), *rest]) == cli.WRONG_USE
    assert words in capsys.readouterr().err and left(results, "new") == WHOLE


def test_a_folder_of_others_is_left_alone(tmp_path, results, capsys):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.png").write_text("mine")
    (tmp_path / "empty").mkdir()
    for name in ("letters", "empty", "nowhere"):
        for verbs in (["prune"], []):
            assert cli.main(["results", *verbs, str(tmp_path / name)]) == cli.WRONG_USE
        assert "结果" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["a.png"] and not list((tmp_path / "empty").iterdir())
    with claimed(results):
        assert cli.main(["results", "prune", str(results)]) == cli.WRONG_USE
        assert "正由另一次检查写入" in capsys.readouterr().err


def test_sizes(results, capsys):
    cli.main(["results", "prune", str(results), "--max-size=9"])
    fill(results, "old", shots=1, size=5 * MB)
    capsys.readouterr()
    assert cli.main(["results", str(results)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["网站", "检查于", "证据", "网页存档", "截图", "合计", "已清理"]
    old, new = (" ".join(line.split()) for line in lines[1:3])
    assert " 2.0 MB — 5.0 MB 7.0 MB 网页存档 2 份" in old and "用 govsite results prune 清理" in old
    assert new.startswith("new ") and new.endswith("2.0 MB 2.0 MB 1.0 MB 5.0 MB —")
    assert any("网站 2 个，共 13.0 MB" in line for line in lines), "the picture that was replaced is still among the objects"
    cli.main(["results", "prune", str(results)])
    assert "已清理 1.0 MB" in capsys.readouterr().out
