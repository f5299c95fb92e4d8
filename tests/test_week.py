"""The week as evidence: what the history knows, what this run sees for itself, on real sockets."""
import sqlite3
import xml.etree.ElementTree
from datetime import date, datetime, timedelta

import evidence_week
import pytest
from servers import deaf, free_port, settings
from towns import AS_OF, HOST, page

from pytest_govsite import checking, plugin
from pytest_govsite.demo import World
from pytest_govsite.dossier import Archive, Dossier
from pytest_govsite.embedded import Worlds
from pytest_govsite.gather import rounds
from pytest_govsite.gather.collector import Collector
from pytest_govsite.history import open_history
from pytest_govsite.model.availability import SHANGHAI, Round, Week
from pytest_govsite.model.site import Site

pytestmark = pytest.mark.timeout(120)

SITE = evidence_week.SITE
TOWN = {"id": SITE, "name": "宣汉县人民政府"}
CHECK = checking.read_check(checking.folder() / "availability" / "unreachable_site.py").function
SECONDS = 60


@pytest.fixture
def place(tmp_path):
    return tmp_path / "history.sqlite3"


def remember(place, as_of=AS_OF, days=("24o",) * 7, vantage=evidence_week.PLACE):
    """A history with a week before that day."""
    first = as_of - timedelta(days=7)
    samples = tuple(evidence_week.samples(days, first, vantage=vantage))
    round = Round("r", vantage, samples[0].at, samples[-1].at, tried=500, failed=1)
    with open_history(place) as history:
        history.write_round(round, samples)
    return samples


def gather(site: Site, folder, **more) -> Week:
    """The evidence, by a collector of its own."""
    collector = Collector(settings(**{"nameserver": "127.0.0.1:9"} | more), folder)
    try:
        return collector.want(site, "week").result(SECONDS)
    finally:
        collector.close()


def kinds(week: Week) -> list[tuple[int, str, str]]:
    return [(sample.family, sample.kind, sample.state) for sample in week.now]


def test_an_open_site_with_a_week_behind_it(inspect, place):
    known = remember(place)
    week, asked = inspect({"/": page("<p>欢迎</p>")}, "week", TOWN, history=str(place), vantage="这里")
    assert week.samples == known and (week.health.tried, week.health.failed, week.health.rounds) == (500, 1, 1)
    assert (week.as_of, week.kept, week.trouble) == (AS_OF, str(place), "")
    assert kinds(week) == [(4, "visit", "open")] and asked == ["/"]
    assert (week.round.sites, week.round.down, week.round.void) == (1, 0, "")
    assert week.round.tried == 0, "what the user named himself is nobody else's business"
    assert {(sample.vantage, sample.round) for sample in week.now} == {("这里", week.round.id)}
    assert week.chart == f"sites/{SITE}/shots/week.svg"
    assert xml.etree.ElementTree.parse(inspect.folder / week.chart).getroot().tag.endswith("svg")
    listed = (inspect.folder / week.chart).with_suffix(".txt").read_text("utf-8")
    assert listed.count("2026-11-1") == 7 * 24
    with open_history(place, read_only=True) as history:
        today = datetime.now(SHANGHAI).date()
        assert history.samples(SITE, today, today) == (), "whoever gathers writes nothing"


def test_health_is_that_of_the_places_that_saw_the_site(inspect, place):
    remember(place)
    remember(place, vantage="别处", days=("3o",) * 7)
    with open_history(place) as history:
        began = datetime.combine(AS_OF - timedelta(days=2), datetime.min.time(), SHANGHAI)
        history.write_round(Round("s", "不相干", began, began, tried=100, failed=100), ())
    week, _ = inspect({"/": page("<p>欢迎</p>")}, "week", TOWN, history=str(place))
    assert (week.health.tried, week.health.failed) == (1000, 2)


HISTORIES = {
    "absent": (lambda path: None, ""),
    "empty": (lambda path: open_history(path).close(), ""),
    "no database": (lambda path: path.write_text("不是数据库" * 300), "不是 SQLite"),
    "of another program": (lambda path: sqlite3.connect(path).execute("create table theirs (id)").connection.close(), "history.sqlite3"),
    "a folder": (lambda path: path.mkdir(), "文件夹"),
}


@pytest.mark.parametrize("make, trouble", HISTORIES.values(), ids=HISTORIES)
def test_a_history_without_a_week_is_no_reason_to_see_nothing(inspect, place, make, trouble):
    make(place)
    before = place.read_bytes() if place.is_file() else None
    week, _ = inspect({"/": page("<p>欢迎</p>")}, "week", TOWN, history=str(place))
    assert (week.samples, week.chart) == ((), None)
    assert trouble in week.trouble and bool(trouble) == bool(week.trouble)
    assert kinds(week) == [(4, "visit", "open")]
    assert (place.read_bytes() if place.is_file() else None) == before, "and is left as it was"


def test_a_sampler_at_work_does_not_stand_in_the_way(inspect, place):
    known = remember(place)
    with open_history(place) as history, history.writing("这里"):
        week, _ = inspect({"/": page("<p>欢迎</p>")}, "week", TOWN, history=str(place))
    assert week.samples == known


def test_the_week_is_the_one_before_the_day_of_the_inspection(inspect, place):
    """However long ago: the visits of today stand beside it."""
    known = remember(place, as_of=date(2026, 9, 1))
    remember(place, days=("24x",) * 7)
    week, _ = inspect({"/": page("<p>欢迎</p>")}, "week", TOWN, history=str(place), as_of=date(2026, 9, 1))
    assert week.samples == known
    assert {sample.day for sample in week.now} == {datetime.now(SHANGHAI).date()}


def test_an_outage_is_looked_at_again_and_in_chromium(tmp_path, place, monkeypatch):
    monkeypatch.setattr(rounds, "AGAIN_SECONDS", (0.05, 0.1))
    site = Site(SITE, f"http://{HOST}/")
    week = gather(site, tmp_path, history=str(place), resolve=(f"{HOST}:80:127.0.0.1:{free_port()}",))
    assert kinds(week) == [(4, "visit", "failed"), (4, "again", "failed"), (0, "browser", "failed")]
    assert (week.round.sites, week.round.down, week.round.void) == (1, 1, "")
    assert week.now[0].reason == "refused" and not week.trouble


def test_own_visits_never_outlast_the_site(tmp_path, place):
    """What the history knows is not lost over a black hole."""
    known = remember(place)
    with deaf() as port:
        week = gather(
            Site(SITE, f"http://{HOST}/"), tmp_path, history=str(place), resolve=(f"{HOST}:80:127.0.0.1:{port}",), site_deadline=4.0,
        )
    assert week.samples == known and (week.now, week.round) == ((), None)


def test_a_week_needs_no_browser(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.installed.find_chromium", lambda: None)
    assert plugin.pytest_govsite_unready({"week"}) == "" and "Chromium" in plugin.pytest_govsite_unready({"week", "home"})


@pytest.fixture(scope="module")
def of_demo(tmp_path_factory):
    """The demo's week: the site, the results folder, the evidence."""
    worlds, day, folder = Worlds(), date(2026, 11, 20), tmp_path_factory.mktemp("results")
    site = World(day).site
    worlds.open(site, day)
    collector = Collector(lambda site: worlds.settings(site, settings()), folder)
    try:
        return site, folder, collector.want(site, "week").result(SECONDS)
    finally:
        collector.close()
        worlds.close_all()


def test_the_demo_brings_its_own_past(of_demo):
    site, folder, week = of_demo
    world = World(date(2026, 11, 20))
    assert {*week.samples} == {sample for _, samples in world.week for sample in samples}
    assert kinds(week) == [(4, "visit", "open")] and week.kept == "演示网站自带的记录"
    assert (folder / week.chart).is_file()


def test_both_families_of_the_demo_open(tmp_path):
    worlds, day = Worlds(), date(2026, 11, 20)
    site = World(day, clean=True).site
    worlds.open(site, day)
    past = worlds.settings(site, settings()).history
    collector = Collector(lambda site: worlds.settings(site, settings()), tmp_path)
    try:
        week = collector.want(site, "week").result(SECONDS)
    finally:
        collector.close()
        worlds.close_all()
    assert kinds(week) == [(4, "visit", "open"), (6, "visit", "open")]
    assert week.round is None, "visits to the demo go into nobody's history"
    with open_history(past, read_only=True) as gone:
        assert gone.inspections() == (), "its past goes when it goes"


def test_stored_evidence_gives_the_same_findings(of_demo, tmp_path):
    site, _, week = of_demo
    Dossier(tmp_path).store(site.id, "week", week)
    again = Archive(tmp_path).want(site, "week").result(0)
    assert again == week
    assert CHECK(again, site) == CHECK(week, site) and any(hasattr(each, "what") for each in CHECK(week, site))
