"""What makes a function a check, and how checks are found."""
import pytest

from pytest_govsite import Finding, Home, Missing, Reason, Sampled, check, checking

LOST = Missing(Reason.TIMEOUT)

WITHOUT_DEFAULT = "def check(home, *, sample): ..."
UNKNOWN_KIND = "def check(homepage): ..."


def test_a_check_is_read_from_its_signature():
    @check("odd-page")
    def check_odd_page(home: Home, sampled: Sampled | Missing, site, *, sample: int = 5):
        """An odd page."""
        yield Finding("at", "what", "says")

    read = check_odd_page.check
    assert (read.id, read.evidence, read.context) == ("odd-page", ("home", "sampled"), ("site",))
    assert (read.thresholds, read.may_miss, read.doc) == ({"sample": 5}, ("sampled",), "An odd page.")
    assert read.function(None, None, None) == (Finding("at", "what", "says"),)


@pytest.mark.parametrize("source, complaint", [
    (WITHOUT_DEFAULT, "threshold sample needs a default"), (UNKNOWN_KIND, "homepage is no kind of evidence"),
])
def test_a_signature_that_nobody_could_serve_is_refused(source, complaint):
    space = {}
    exec(source, space)
    with pytest.raises(TypeError, match=complaint):
        check("odd-page")(space["check"])


@pytest.mark.parametrize("values, stopper", [
    ({"home": "here", "sampled": "here"}, None),
    ({"home": LOST, "sampled": "here"}, LOST),
    ({"home": "here", "sampled": LOST}, None),
], ids=["nothing missing", "needed evidence missing", "evidence missing that the check asks to see"])
def test_missing_evidence_stops_a_check_unless_it_asks_for_it(values, stopper):
    @check("odd-page")
    def check_odd_page(home: Home, sampled: Sampled | Missing):
        """An odd page."""

    assert check_odd_page.check.stopped_by(values) == stopper


SOURCE = '''"""A check."""
from pytest_govsite import check


@check("{id}")
def check_{name}(home):
    """A fault."""
'''


GOOD = SOURCE.format(id="odd-page", name="odd_page")


def test_checks_are_found_by_folder(tmp_path):
    (tmp_path / "family").mkdir()
    (tmp_path / "family" / "odd_page.py").write_text(GOOD)
    assert list(checking.discover(tmp_path)) == ["odd-page"]


@pytest.mark.parametrize("files, complaint", [
    ({"odd_page.py": SOURCE.format(id="odd-pages", name="odd_page")}, "odd_page.py"),
    ({"odd_page.py": SOURCE.format(id="odd-page", name="page")}, "odd_page.py"),
    (dict.fromkeys(("a/odd_page.py", "b/odd_page.py"), GOOD), "a second check odd-page"),
], ids=["another id", "another function", "twice"])
def test_file_id_and_function_agree(tmp_path, files, complaint):
    for name, source in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    with pytest.raises(ImportError, match=complaint):
        checking.discover(tmp_path)


