"""Evidence on disk comes back as it went there, or says that it cannot."""
import json
from dataclasses import replace

import evidence
import pytest

from pytest_govsite.dossier import Archive, Dossier, Meta
from pytest_govsite.model.evidence import KINDS
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.site import Account, Registered, Site

SITE = Site(
    "xuanhan", evidence.URL, "宣汉县人民政府", "county-portal", "511722", ("sichuan2021",), resolve=("a:80:[::1]",),
    columns=(Registered("部门动态", period="2w"),),
)
ACCOUNT = Account("weibo", "新浪微博", "宣汉发布", "县融媒体中心")
META = Meta(SITE, evidence.AS_OF, 7, "1.0.0", "this run")

VALUES = {
    **{kind: (kind, evidence.build(kind, None)) for kind in KINDS},
    "pages that could not be opened": ("sampled", evidence.sampled({"articles": ["timeout", {}], "columns": ["wall"]})),
    "engines that are not installed": ("engines", evidence.engines({"webkit": "engine-missing"})),
    "a family that failed": ("families", evidence.families({"ipv4": "refused", "ipv6": ["no-ipv6-route", {}]})),
    "nothing at all": ("home", Missing(Reason.DNS_FAILED, "SERVFAIL", evidence.URL, Blame.VANTAGE)),
}


@pytest.fixture
def dossier(tmp_path):
    return Dossier(tmp_path)


@pytest.mark.parametrize(("kind", "value"), VALUES.values(), ids=VALUES)
def test_evidence_comes_back(dossier, kind, value):
    dossier.store("xuanhan", kind, value)
    assert dossier.load("xuanhan", kind) == value


def test_a_value_replaces_the_one_before(dossier):
    dossier.store("xuanhan", "home", Missing(Reason.TIMEOUT))
    dossier.store("xuanhan", "home", evidence.home())
    assert dossier.load("xuanhan", "home") == evidence.home()


def test_half_a_character_of_a_hostile_page_does_not_stop_us(dossier):
    home = evidence.home({"title": "标题\ud800"})
    dossier.store("xuanhan", "home", home)
    assert dossier.load("xuanhan", "home") == replace(home, page=replace(home.page, title="标题?"))


DAMAGED = {"not there": None, "cut off": b'{"page": ', "of another kind": b'{"colour": 1}', "no text": b"\xff\xfe\x00"}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_cannot_be_read_is_missing(dossier, content):
    if content is not None:
        dossier.store("xuanhan", "home", evidence.home())
        (dossier.place("xuanhan") / "evidence" / "home.json").write_bytes(content)
    missing = dossier.load("xuanhan", "home")
    assert (missing.reason, missing.blame) == (Reason.NOT_STORED, Blame.TOOL)


@pytest.mark.parametrize("id", ["", ".", "..", "a/b", "..\\b", "a\0"])
def test_no_id_leads_out_of_the_folder(dossier, id):
    with pytest.raises(ValueError, match="folder"):
        dossier.store(id, "home", evidence.home())


@pytest.mark.parametrize("subject", [SITE, ACCOUNT], ids=["site", "account"])
def test_a_dossier_knows_whose_it_is(dossier, subject):
    meta = replace(META, subject=subject)
    dossier.write_meta(meta)
    assert dossier.read_meta(subject.id) == meta
    assert list(dossier.metas()) == [meta]


def test_a_dossier_without_name_is_none(dossier):
    assert dossier.read_meta("xuanhan") is None
    dossier.write_meta(META)
    (dossier.place("xuanhan") / "site.json").write_text('{"target": "website"}')
    assert dossier.read_meta("xuanhan") is None and list(dossier.metas()) == []


def test_a_new_run_starts_afresh(dossier):
    assert dossier.begin(META)
    dossier.store("xuanhan", "home", evidence.home())
    assert not dossier.begin(META), "the same run: another worker takes over"
    assert dossier.load("xuanhan", "home") == evidence.home()
    assert dossier.begin(replace(META, run="next run"))
    assert dossier.load("xuanhan", "home").reason is Reason.NOT_STORED


def test_a_dossier_moves_to_other_results(dossier, tmp_path):
    dossier.begin(META)
    dossier.store("xuanhan", "home", evidence.home())
    other = Dossier(tmp_path / "other")
    other.copy_from(dossier, "xuanhan")
    other.copy_from(other, "xuanhan")
    assert other.load("xuanhan", "home") == evidence.home() and other.read_meta("xuanhan") == META


def test_the_archive_is_a_collector(dossier, tmp_path):
    dossier.store("xuanhan", "home", evidence.home())
    archive = Archive(tmp_path)
    archive.ahead(SITE, ("home",))
    assert archive.want(SITE, "home").result(0) == evidence.home()
    assert archive.want(SITE, "links").result(0).reason is Reason.NOT_STORED
    archive.finish(SITE)
    archive.close()


def test_the_files_are_for_people_too(dossier):
    dossier.begin(META)
    text = (dossier.place("xuanhan") / "site.json").read_text(encoding="utf-8")
    assert json.loads(text)["subject"]["name"] == "宣汉县人民政府" and "宣汉县人民政府" in text
