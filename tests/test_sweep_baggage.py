"""What comes home from other machines: packed within a bound, unpacked without trust."""
import io
import json
import stat
import warnings
import zipfile
from pathlib import Path

import pytest

from pytest_govsite.ledger import JOURNAL, LEDGER
from pytest_govsite.sweeping import baggage
from pytest_govsite.sweeping.baggage import BaggageError, pack, unpack

FILES = {
    LEDGER: b"rows\n" * 50, JOURNAL: b"more\n", "sites/a/site.json": b"{}", "sites/a/evidence/home.json": b"home" * 100,
    "sites/a/shots/1.png": b"p" * 4000, "sites/a/shots/2.png": b"q" * 5000, "sites/a/dom/1.html.gz": b"d" * 3000,
    "sites/b/evidence/week.json": b"week", "cache/links.json": b"of no use at home",
}


@pytest.fixture
def results(tmp_path):
    for name, content in FILES.items():
        path = tmp_path / "results" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "results"


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_there_and_back(results, tmp_path):
    unpack(pack(results), tmp_path / "home", {"a", "b"})
    assert files_in(tmp_path / "home") == {name: content for name, content in FILES.items() if name != "cache/links.json"}


def test_links_are_not_followed(results, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (results / "sites" / "a" / "shots" / "3.png").symlink_to(tmp_path / "secret")
    unpack(pack(results), tmp_path / "home", {"a", "b"})
    assert "sites/a/shots/3.png" not in files_in(tmp_path / "home")


def test_an_inspection_that_never_began_is_an_empty_archive(tmp_path):
    unpack(pack(tmp_path / "nothing"), tmp_path / "home", {"a"})
    assert not (tmp_path / "home").exists()


def test_what_has_no_room_is_said(results, tmp_path):
    (results / "sites" / "a" / "dropped.json").write_text(json.dumps({"dom": 2, "shots": 0, "bytes": 10, "why": "site"}))
    unpack(pack(results, most=7000), tmp_path / "home", {"a", "b"})
    found = files_in(tmp_path / "home")
    assert {LEDGER, "sites/a/site.json", "sites/a/evidence/home.json", "sites/a/shots/1.png"} <= found.keys()
    assert not {"sites/a/shots/2.png"} & found.keys()
    dropped = json.loads(found["sites/a/dropped.json"])
    lost = [name for name in FILES if name.startswith("sites/a/") and name not in found]
    assert dropped["dom"] == 2 + sum("/dom/" in name for name in lost) and dropped["shots"] == 1
    assert dropped["why"].startswith("site；送回")
    assert dropped["bytes"] == 10 + sum(len(FILES[name]) for name in lost)


# an enemy's archives


def archive(*names: str, content: bytes = b"x", mode: int = 0) -> bytes:
    paper = io.BytesIO()
    with zipfile.ZipFile(paper, "w", zipfile.ZIP_DEFLATED) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library does not like a name that stands twice, either
        for name in names:
            info = zipfile.ZipInfo("placeholder")
            info.filename, info.external_attr = name, mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, content)
    return paper.getvalue()


def lying(data: bytes) -> bytes:
    """An archive whose list of contents says that its file is shorter than it is."""
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        size = made.infolist()[0].file_size
    return data.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


ODD = {
    "a path upwards": archive("sites/a/../../../evil"),
    "a path upwards at once": archive("../evil"),
    "a whole path": archive("/tmp/evil"),
    "a drive": archive("C:/evil"),
    "backslashes": archive("sites\\a\\evil"),
    "a file beside the sites": archive("evil.json"),
    "our own marker": archive(".govsite-results"),
    "somebody else's site": archive("sites/c/site.json"),
    "a file in place of a site": archive("sites/a"),
    "a double slash": archive("sites//a/site.json"),
    "a dot": archive("sites/./a/site.json"),
    "control characters": archive("sites/a/\x1b[31m.json"),
    "text that runs backwards": archive("sites/a/\u202egnp.exe"),
    "a long name": archive("sites/a/" + "x" * 1000),
    "a deep name": archive("sites/a/" + "x/" * 50 + "y"),
    "the same name twice": archive("sites/a/site.json", "sites/a/site.json"),
    "a file that is a folder elsewhere": archive("sites/a/x", "sites/a/x/y"),
    "no archive": b"PK\x03\x04 or not",
    "half an archive": archive(LEDGER, content=b"x" * 1000)[:80],
    "a list that lies": lying(archive(LEDGER, content=b"a row\n" * 1000)),
    "too much when unpacked": archive(*(f"sites/a/{n}" for n in range(3)), content=b"0" * 400_000),
}


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_what_we_would_not_have_packed_is_refused(data, tmp_path, monkeypatch):
    monkeypatch.setattr(baggage, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(BaggageError):
        unpack(data, tmp_path / "deep" / "er" / "home", {"a", "b"})
    outside = [name for name in files_in(tmp_path) if not name.startswith("deep/er/home/sites/a/") and name != f"deep/er/home/{LEDGER}"]
    assert outside == []


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(baggage, "MOST_FILES", 3)
    with pytest.raises(BaggageError, match="4 个文件"):
        unpack(archive(*(f"sites/a/{n}" for n in range(4))), tmp_path, {"a"})


def test_a_link_in_an_archive_becomes_a_plain_file(tmp_path):
    unpack(archive("sites/a/shots/1.png", content=b"/etc/passwd", mode=stat.S_IFLNK | 0o777), tmp_path, {"a"})
    path = tmp_path / "sites/a/shots/1.png"
    assert not path.is_symlink() and path.read_bytes() == b"/etc/passwd"
