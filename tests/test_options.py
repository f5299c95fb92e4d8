"""Options: their names beside other plugins, their twins in a configuration file, a bare clone."""
from datetime import date

import faked
import pytest
from faked import INSPECT, SPARE, rows, run

from pytest_govsite.options import OPTIONS, read
from pytest_govsite.planning import calendar_of, settings_of

pytest_plugins = ("pytester",)
pytestmark = pytest.mark.timeout(150)

SITE = "--site=alpha.gov.cn"



TAKES_SITE = '''
def pytest_addoption(parser):
    parser.addoption("--site", action="store", default="theirs", help="another plugin's")
    parser.addoption("--results", action="store_true", help="another plugin's")
'''
ORDERS = {
    "loaded before ours": ("-p", "taker", "-p", "pytest_govsite.plugin"),
    "loaded after ours": ("-p", "pytest_govsite.plugin", "-p", "taker"),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_a_taken_name_is_left_to_its_owner(project, order, monkeypatch):
    project.makepyfile(taker=TAKES_SITE)
    project.makepyfile(test_theirs="def test_theirs(request): assert request.config.getoption('--site') == 'mine'")
    result = project.runpytest_subprocess(*SPARE, *order, "--site=mine", "test_theirs.py")
    result.assert_outcomes(passed=1)
    assert not (project.path / "govsite-results").exists()
    result = project.runpytest_subprocess(*SPARE, *order, "--site=mine", "--govsite-site=alpha.gov.cn", *INSPECT, "-k", "fine")
    result.assert_outcomes(passed=1)


def test_a_conftest_may_take_a_name(project):
    project.makeconftest(faked.CONFTEST + TAKES_SITE)
    asked = ("--site=theirs", "--govsite-site=alpha.gov.cn", "--govsite-edition=every.toml")
    run(project, *asked, "own_checks", "-k", "fine").assert_outcomes(passed=1)


def test_a_conftest_of_a_subfolder_may_take_a_name(project):
    folder = project.mkpydir("deep")
    (folder / "conftest.py").write_text(TAKES_SITE)
    (folder / "test_deep.py").write_text("def test_deep(): pass")
    run(project).assert_outcomes(passed=1)


def test_values_follow_after_a_space_too(project):
    asked = ("--site", "alpha.gov.cn", "--edition", "every.toml", "--results", "there")
    run(project, *asked, "own_checks", "-k", "fine").assert_outcomes(passed=1)
    assert (project.path / "there" / "ledger.jsonl").is_file()


def test_help_names_every_option(project):
    text = run(project, "--help").stdout.str()
    for option in OPTIONS:
        assert option.long in text and (f", {option.short}" in text) == option.plain


def test_the_configuration_file_has_twins(project):
    project.makeini(
        "[pytest]\ngovsite_edition = every.toml\ngovsite_results = from-ini\ngovsite_gate = veto\n"
        "govsite_sample_seed = 12\ngovsite_resolve = alpha.gov.cn:80:10.0.0.1\n"
    )
    result = run(project, SITE, "own_checks", "-k", "faulty")
    assert result.ret == 0 and "抽样种子：12" in result.stdout.str()
    assert "alpha.gov.cn/every/faulty.1" in rows(project, "from-ini")


WRONG = {
    "no number": (["--govsite-crawl-pages=viel"], "--govsite-crawl-pages：'viel' 应是正整数"),
    "nothing": (["--govsite-crawl-seconds=0"], "--govsite-crawl-seconds：'0' 应是正整数"),
    "too long for a number": ([f"--govsite-crawl-pages={'9' * 5000}"], "应是正整数"),
    "a calendar that is not there": (["--govsite-calendar=2027.toml"], "--govsite-calendar：找不到"),
    "a calendar that is wrong": (["--govsite-calendar=wrong.toml"], "wrong.toml 第1行：不认识 holiday"),
}


@pytest.mark.parametrize("arguments, words", WRONG.values(), ids=WRONG)
def test_budgets_and_calendars_that_cannot_be_are_refused(project, arguments, words):
    (project.path / "wrong.toml").write_text("holiday = []\n", encoding="utf-8")
    result = run(project, SITE, *INSPECT, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{words}*"])


def test_budgets_and_calendar_reach_those_who_need_them(project):
    """From the configuration file, whose paths are relative to it; what is typed comes first."""
    (project.path / "days.toml").write_text("holidays = [2027-01-01]\n", encoding="utf-8")
    project.makeini("[pytest]\ngovsite_crawl_pages = 50\ngovsite_crawl_seconds = 900\ngovsite_calendar = days.toml\n")
    config = project.parseconfigure("-p", "pytest_govsite.plugin", SITE, "--govsite-crawl-pages=60", "-p", "no:playwright")
    request = read(config)
    settings = settings_of(request)
    assert (settings.crawl_pages, settings.crawl_seconds) == (60, 900) and settings.site_deadline > 900
    assert calendar_of(request).holidays == {date(2027, 1, 1)}


PLACES = {  # what is typed, what stands in the configuration file: where the history is
    "nobody says": ([], "", None),
    "a path, from where it is typed": (["--history=h.sqlite3"], "", "{here}/h.sqlite3"),
    "a path of the configuration file": ([], "govsite_history = h.sqlite3", "{here}/h.sqlite3"),
    "the typed one comes first": (["--govsite-history=typed"], "govsite_history = h.sqlite3", "{here}/typed"),
    "a whole path": (["--history=/var/lib/govsite/h"], "", "/var/lib/govsite/h"),
    "a URL": (["--history=postgresql://u:secret@db/govsite"], "", "postgresql://u:secret@db/govsite"),
    "a URL of the configuration file": ([], "govsite_history = postgresql://db/govsite", "postgresql://db/govsite"),
}


@pytest.mark.parametrize("typed, ini, place", PLACES.values(), ids=PLACES)
def test_where_the_history_is(project, typed, ini, place):
    project.makeini(f"[pytest]\n{ini}\n")
    request = read(project.parseconfigure("-p", "pytest_govsite.plugin", SITE, *typed, "-p", "no:playwright"))
    settings = settings_of(request)
    assert request.history == settings.history == (place and place.format(here=project.path))
    assert "secret" not in f"{request!r} {settings!r}"


VANTAGES = {"typed": (["--vantage=idc-2"], ""), "configured": ([], "govsite_vantage = idc-2"), "long": (["--govsite-vantage", " idc-2 "], "")}


@pytest.mark.parametrize("typed, ini", VANTAGES.values(), ids=VANTAGES)
def test_the_place_has_the_name_that_the_sampler_uses(project, typed, ini):
    project.makeini(f"[pytest]\n{ini}\n")
    request = read(project.parseconfigure("-p", "pytest_govsite.plugin", SITE, *typed, "-p", "no:playwright"))
    assert settings_of(request).vantage == "idc-2"


def test_hosts_that_cannot_be_canaries_are_refused(project, monkeypatch):
    monkeypatch.setenv("GOVSITE_CONTROL", "127.0.0.1:9,nowhere")
    result = run(project, SITE, *INSPECT)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: 对照站点 nowhere*"])


def test_a_bare_clone_needs_no_installation(project):
    """conftest.py of the clone loads the plugin, also when it is loaded already."""
    text = (faked.ROOT / "conftest.py").read_text(encoding="utf-8")
    project.makeconftest(text + faked.CONFTEST)
    arguments = (*SPARE, "--site=alpha.gov.cn", "--edition=every.toml", "own_checks", "-k", "fine")
    project.runpytest_subprocess(*arguments).assert_outcomes(passed=1)
    project.runpytest_subprocess("-p", "pytest_govsite.plugin", *arguments).assert_outcomes(passed=1)


def test_no_path_means_our_checks(project):
    """In a folder that has tests and testpaths of its own."""
    project.makepyfile(test_own="def test_own(): assert False")
    project.makeini("[pytest]\ntestpaths = .\n")
    result = run(project, SITE, "--edition=gb2019", "-k", "attested", "--collect-only", "-q")
    ids = [line for line in result.outlines if "::" in line]
    assert ids and all(id.startswith("checks/attested.py::alpha.gov.cn/gb2019/") for id in ids)
