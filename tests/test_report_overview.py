"""What the overview page is made of: what the folder says, the pictures, and that the run does not depend on it."""
import base64
import hashlib
import io
import json
import os
import re
from dataclasses import replace
from fractions import Fraction

import overviews
import pytest
import reported
from faked import INSPECT, cards, rows, run, run_apart, site
from overviews import EDITION, FINE, KAIJIANG, QUXIAN, RICH, XUANHAN, county, photograph, rows_of, write
from PIL import Image

from pytest_govsite.ledger import SCORECARDS, Ledger, LedgerError
from pytest_govsite.model.missing import Blame
from pytest_govsite.report import overview
from pytest_govsite.report.overview import pictures
from pytest_govsite.report.overview.facts import UNSCORED, read_facts
from pytest_govsite.report.overview.page import read_embedded
from pytest_govsite.rows import Row

pytest_plugins = ("pytester",)

SUBJECTS = (XUANHAN, QUXIAN, KAIJIANG)
BLOCK = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


def packed(folder, **more) -> dict:
    """The data of the page."""
    text = overview.write(folder, more.pop("subjects", SUBJECTS), more.pop("editions", [EDITION]), **more).read_text("utf-8")
    return json.loads(BLOCK.search(text)[1])


def pictured(data: dict) -> dict[str, str]:
    """The pictures that stand in the page, or outside of it, by name."""
    return {each[0].rpartition("/")[2]: "inside" if each[1] else "outside" for each in data["pictures"] if each}


def test_the_policy_allows_what_is_in_the_page_and_nothing_else(tmp_path):
    text = overview.write(county(tmp_path), SUBJECTS, [EDITION]).read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    for tag, pattern in (("script", r"<script>(.*?)</script>"), ("style", r"<style>(.*?)</style>")):
        inline, = re.findall(pattern, text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:; ") and "unsafe" not in policy


def test_a_run_adds_to_what_earlier_runs_left(tmp_path):
    folder = county(tmp_path)
    another = overviews.site("tongjiang", "通江县人民政府")
    write(folder, {another: rows_of(another, FINE)})
    data = packed(folder, subjects=[another])
    assert [data["texts"][place["id"]] for place in data["sites"]] == ["kaijiang", "quxian", "tongjiang", "xuanhan"]
    assert len(data["cards"]) == 4 and all(len(card["rows"]) == 7 for card in data["cards"])


def killed(folder):
    """A run that came to its second rule and then to its end, over the scorecards of an earlier one."""
    write(folder, {XUANHAN: rows_of(XUANHAN, FINE)})
    with Ledger(folder) as ledger:
        ledger.plan([Row.planned(XUANHAN, EDITION, *EDITION.rule(row.rule), row.as_of) for row in RICH])
        ledger.record(RICH[0])


def partial(folder):
    """Nobody scored this; of the table's rules only two were asked for."""
    write(folder, {XUANHAN: RICH[1:3]})
    (folder / SCORECARDS).unlink()


LEFT = {
    "killed run": (killed, (XUANHAN,), (EDITION,), ("不合格", True)),
    "killed run, the site known from its folder only": (killed, (), (EDITION,), ("不合格", False)),
    "partial": (partial, (XUANHAN,), (EDITION,), ("待定", True)),
    "a table that nobody has": (partial, (XUANHAN,), (), (UNSCORED, False)),
}


@pytest.mark.parametrize("leave, subjects, editions, expected", LEFT.values(), ids=LEFT)
def test_rows_that_nobody_scored_are_scored_where_that_can_be(tmp_path, leave, subjects, editions, expected):
    leave(tmp_path)
    card, = read_facts(tmp_path, subjects, editions).cards
    assert (card.score["verdict"], "total" in card.score) == expected
    assert packed(tmp_path, subjects=subjects, editions=editions)["cards"][0]["coverage"][0] == len(card.rows)


META = {
    "site": ({"subject": {"id": "quxian", "name": "渠县", "group": "达州市", "url": "http://x/"}, "target": "website"}, "渠县", "达州市"),
    "account": ({"subject": {"platform": "微博", "name": "渠县发布", "group": "甲"}, "target": "new-media"}, "微博“渠县发布”", "甲"),
    "wrong types": ({"subject": {"name": ["x"], "group": {"a": 1}, "kind": 7}, "target": "website"}, "quxian", None),
    "no subject": ({"subject": "x"}, None, None),
    "no object": (["x"], None, None),
}


@pytest.mark.parametrize("meta, title, group", META.values(), ids=META)
def test_sites_are_known_from_their_folders(tmp_path, meta, title, group):
    write(tmp_path, {QUXIAN: rows_of(QUXIAN, FINE)})
    place = tmp_path / "sites" / "quxian"
    place.mkdir(parents=True)
    (place / "site.json").write_text(json.dumps(meta), encoding="utf-8")
    (place / "dropped.json").write_text(json.dumps({"dom": 3, "shots": 2, "bytes": 5_100_000, "why": "超出 5 MB"}))
    card, = read_facts(tmp_path, (), [EDITION]).cards
    assert (card.subject and card.subject.title, card.subject and card.subject.group) == (title, group)
    assert card.dropped == "已清理 3 份网页存档、2 张截图（共 5.1 MB）：超出 5 MB"


@pytest.mark.parametrize("id", ["..", "../x", ".", "", "a\0b", "长" * 300])
def test_an_id_leads_nowhere_else(tmp_path, id):
    (tmp_path / "site.json").write_text('{"subject": {"name": "elsewhere"}, "target": "website"}')
    folder = tmp_path / "results"
    write(folder, {replace(QUXIAN, id=id): [replace(row, site=id) for row in FINE]})
    assert read_facts(folder, (), [EDITION]).cards[0].subject is None


def test_a_damaged_ledger_is_said_so(tmp_path):
    with pytest.raises(LedgerError, match="找不到台账"):
        overview.write(tmp_path)


def test_pictures_are_made_small_and_the_page_takes_them_over(tmp_path, monkeypatch):
    folder = county(tmp_path)
    assert pictured(packed(folder, seconds=0)) == {"ab12.png": "outside", "week.svg": "outside"}
    data = packed(folder)
    assert pictured(data) == {"ab12.png": "inside", "week.svg": "inside"} and data["bare"] == 0
    stored = read_embedded(folder / overview.OVERVIEW)
    sizes = {Image.open(io.BytesIO(base64.b64decode(each.data))).size for each in stored.values() if each.type == "image/webp"}
    assert sizes == {(640, 360)}
    monkeypatch.setattr(pictures, "_make", None)
    assert pictured(packed(folder, seconds=0)) == pictured(data), "what the page had before, it has again"


def test_beyond_the_budget_pictures_are_linked_and_vetoes_come_first(tmp_path, monkeypatch):
    named = [replace(row, findings=(replace(row.findings[0], shot=f"sites/xuanhan/shots/{place}.png"),)) for place, row in enumerate((RICH[2], RICH[3], RICH[0]))]
    for place, colour in enumerate(("navy", "green", "maroon")):
        photograph(tmp_path / f"sites/xuanhan/shots/{place}.png", colour)
    write(tmp_path, {XUANHAN: [named[2], RICH[1], *named[:2], *RICH[4:]]})
    monkeypatch.setattr(pictures, "BUDGET", 1500)
    data = packed(tmp_path)
    assert pictured(data)["2.png"] == "inside" and data["bare"] == sum(where == "outside" for where in pictured(data).values()) > 0


def test_identical_pictures_stand_in_the_page_once(tmp_path):
    folder = county(tmp_path)
    os.link(folder / reported.SHOT, folder / overviews.PRUNED)
    packed(folder)
    assert len(read_embedded(folder / overview.OVERVIEW)) == 2


def text_file(path):
    path.write_text("no picture")


def half_a_picture(path):
    photograph(path)
    path.write_bytes(path.read_bytes()[:900])


def bomb(path):
    photograph(path, size=(16000, 12000))


def elsewhere(path):
    photograph(path.parents[4] / "secret.png")
    path.symlink_to(path.parents[4] / "secret.png")


SHOTS = {
    "not there": ("x.png", lambda path: None, {}),
    "no picture": ("x.png", text_file, {"x.png": "outside"}),
    "half of one": ("x.png", half_a_picture, {"x.png": "outside"}),
    "too many pixels": ("x.png", bomb, {"x.png": "outside"}),
    "a link out of the folder": ("x.png", elsewhere, {}),
    "a path out of the folder": ("../../../../secret.png", photograph, {}),
    "another kind of file": ("x.html", text_file, {}),
    "a name with marks": ("a b#%?.png", photograph, {"a%20b%23%25%3F.png": "inside"}),
    "no name for a file": ("a\0b.png", lambda path: None, {}),
}


@pytest.mark.parametrize("name, make, expected", SHOTS.values(), ids=SHOTS)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_odd_pictures(tmp_path, name, make, expected):
    folder, shot = tmp_path / "results", f"sites/xuanhan/shots/{name}"
    (folder / "sites/xuanhan/shots").mkdir(parents=True)
    make(folder / shot)
    write(folder, {XUANHAN: [replace(RICH[0], findings=(replace(RICH[0].findings[0], shot=shot),))]})
    assert pictured(packed(folder)) == expected


def test_every_row_finding_and_note_is_in_the_data(tmp_path):
    data = packed(county(tmp_path))
    place = [data["texts"][each["id"]] for each in data["sites"]].index("xuanhan")
    card = next(each for each in data["cards"] if each["site"] == place)
    wide = [row + [0] * (10 - len(row)) for row in card["rows"]]
    assert len(wide) == len(RICH)
    assert sum(len(row[7] or ()) for row in wide) == sum(len(row.findings) for row in RICH)
    assert sum(len(row[8] or ()) for row in wide) == sum(len(row.notes) for row in RICH)
    says = {data["texts"][finding[2]] for row in wide for finding in row[7] or ()}
    assert says == {finding.says for row in RICH for finding in row.findings}


def test_a_rule_with_hundreds_of_findings_says_how_many_are_left_out(tmp_path):
    many = replace(RICH[2], points=Fraction(-1), findings=tuple(reported.fault(n) for n in range(1000)))
    write(tmp_path, {XUANHAN: [RICH[0], many]})
    row = next(row for row in packed(tmp_path)["cards"][0]["rows"] if len(row) == 10)
    assert len(row[7]) + row[9] == 1000


@pytest.mark.parametrize("blame", Blame)
def test_whom_a_rule_waits_for_is_in_the_data(tmp_path, blame):
    write(tmp_path, {XUANHAN: [RICH[0], reported.waiting("site-search.1", blame, "原因甲")]})
    data = packed(tmp_path)
    row = next(row for row in data["cards"][0]["rows"] if len(row) == 5)
    assert (data["blames"][row[3] - 1][0], data["texts"][row[4]]) == (blame, "原因甲")


RUNS = {
    "whole": ("alpha", run, 1),
    "interrupted": ("interrupted", run_apart, 2),
    "no site to be seen": ("down", run, 1),
}


@pytest.mark.parametrize("id, start, status", RUNS.values(), ids=RUNS)
def test_every_run_ends_with_the_page(project, id, start, status):
    (project.path / "sites.toml").write_text(site(id), encoding="utf-8")
    done = start(project, "--sites=sites.toml", *INSPECT)
    text = (project.path / "govsite-results" / "overview.html").read_text("utf-8")
    data = json.loads(BLOCK.search(text)[1])
    assert done.ret == status
    assert len(data["cards"][0]["rows"]) == len(rows(project)) and data["texts"][data["editions"][0]["title"]] == "试验表"
    done.stdout.fnmatch_lines(["总览 govsite-results/overview.html"])


def test_a_page_that_cannot_be_written_costs_nothing_else(project):
    (project.path / "sites.toml").write_text(site("alpha"), encoding="utf-8")
    run(project, "--sites=sites.toml", *INSPECT)
    before, page = cards(project), project.path / "govsite-results" / "overview.html"
    page.unlink()
    page.mkdir()
    done = run(project, "--sites=sites.toml", *INSPECT)
    assert done.ret == 1 and cards(project) == before
    done.stdout.fnmatch_lines(["总览页没有写成，结论不受影响：*"])
