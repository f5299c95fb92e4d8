"""Every gatherer against the demo site: real Chromium, real DNS packets, real sockets on both families."""
import dataclasses
import re
from datetime import date
from urllib.parse import urlsplit

import psutil
import pytest

from pytest_govsite.demo import World
from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.installed import find_chromium, find_firefox
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.page import MARK_NAMES
from pytest_govsite.reading import names

AS_OF = date(2026, 11, 20)
SECONDS = 90


class Bench:
    """One collector for all worlds; every world is a site of its own."""

    def __init__(self, folder):
        self.settings = {}
        self.worlds = {}
        self.events = []
        self.folder = folder
        self.collector = Collector(lambda site: self.settings[site.id], folder, lambda *event: self.events.append(event))

    def site(self, *faults, **changed):
        name = re.sub(r"\W+", "-", "+".join((*faults, *map(str, changed.items()))) or "clean").strip("-")
        if name not in self.worlds:
            world = World(AS_OF, faults=faults)
            world.start()
            plain = Settings(AS_OF, nameserver=world.nameserver, nat=world.nat, ca_file=world.ca_file, fetch_deadline=8, crawl_pages=16)
            self.settings[name] = dataclasses.replace(plain, **changed)
            self.worlds[name] = (world, dataclasses.replace(world.site, id=name))
        return self.worlds[name][1]

    def gather(self, kind, *faults, beside=(), **changed):
        """beside: worlds that will be asked for next, begun together with this one, so that their waiting overlaps."""
        for others in beside:
            self.collector.want(self.site(*others, **changed), kind)
        return self.collector.want(self.site(*faults, **changed), kind).result(SECONDS)

    def close(self):
        self.collector.close()
        for world, _ in self.worlds.values():
            world.stop()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Visits over both families follow each other at once: their spacing is not the point here."""
    bench = Bench(tmp_path_factory.mktemp("results"))
    with pytest.MonkeyPatch.context() as patch:
        for place in ("families", "reaches"):
            patch.setattr(f"pytest_govsite.gather.{place}.PAUSE_SECONDS", 0.1)
        yield bench
    bench.close()


def each(rows):
    """The faults of a table's rows: one of each row, or several."""
    return [row[0] if isinstance(row[0], tuple) else row[:1] for row in rows]


UNREACHED = [
    # fault planted           what is missing          whose account
    ("site:blank", Reason.BLANK, Blame.SITE),
    ("site:error", Reason.HTTP_ERROR, Blame.SITE),
    ("site:redirect-loop", Reason.REDIRECT_LOOP, Blame.SITE),
    ("site:wall", Reason.WALL, Blame.WALL),
    ("dns:gone", Reason.NO_NAME, Blame.SITE),
    ("dns:servfail", Reason.DNS_FAILED, Blame.SITE),
    ("dns:silent", Reason.DNS_FAILED, Blame.SITE),
    ("net:refused", Reason.REFUSED, Blame.SITE),
    ("tls:wrong-name", Reason.TLS, Blame.SITE),
    ("tls:expired", Reason.TLS, Blame.SITE),
    ("tls:unknown-issuer", Reason.TLS, Blame.SITE),
]


@pytest.mark.parametrize(("fault", "reason", "blame"), UNREACHED, ids=[row[0] for row in UNREACHED])
def test_a_home_page_that_cannot_be_had_is_missing_with_reason_and_blame(bench, fault, reason, blame):
    home = bench.gather("home", fault, beside=each(UNREACHED))
    assert isinstance(home, Missing), home
    assert (home.reason, home.blame) == (reason, blame), home
    assert home.says and "Traceback" not in home.says


@pytest.mark.parametrize("kind", ["sampled", "links", "engines"])
def test_what_builds_on_the_home_page_is_missing_with_it(bench, kind):
    assert bench.gather(kind, "net:refused") == bench.gather("home", "net:refused")


@pytest.mark.parametrize(("control", "reason"), [("127.0.0.1:9", Reason.NO_NETWORK), ("", Reason.NO_NAME)], ids=["dead", "alive"])
def test_the_control_probe_decides_whose_fault_an_unknown_name_is(bench, monkeypatch, control, reason):
    """Off loopback and without --resolve it has its word: does anything else answer?"""
    world = bench.worlds[bench.site().id][0]
    monkeypatch.setenv("GOVSITE_CONTROL", control or f"127.0.0.1:{world.nat[443]}")
    site = dataclasses.replace(bench.site(), id=f"far-away-{reason}", url="http://www.far-away.gov.cn/")
    bench.settings[site.id] = Settings(AS_OF, nameserver=world.nameserver)
    alone = Collector(lambda site: bench.settings[site.id], bench.folder)
    try:
        home = alone.want(site, "home").result(SECONDS)
    finally:
        alone.close()
    assert home.reason is reason, home
    assert home.blame is (Blame.VANTAGE if control else Blame.SITE)


def test_a_script_redirect_is_followed_to_the_real_home_page(bench):
    home = bench.gather("home", "site:script-redirect")
    assert not isinstance(home, Missing), home
    assert len(home.redirects) >= 2 and home.page.marks.icp.state == "shown"


FRONTS = [
    # faults that do not touch one another, marks that are not shown, the state of the 找错 entry, whether the name is shown
    (
        ("site-marks.1:police", "site-marks.1:site-code", "site-marks.1:sponsor", "find-error-entry.1:dead"),
        {"police": "absent", "site_code": "absent", "sponsor": "absent"}, "dead", True,
    ),
    (
        ("site-marks.1:party-mark", "site-marks.1:icp", "find-error-entry.1:blocked"),
        {"party_mark": "absent", "icp": "absent"}, "blocked", True,
    ),
    (("site-marks.1:red-error", "find-error-entry.1:other-code"), {"party_mark": "invalid"}, "standard", True),
    (("find-error-entry.1:absent", "domain-name.3:home"), {}, None, False),
    ((), {}, "standard", True),
]
each_front = pytest.mark.parametrize(("faults", "marks", "entry", "name"), FRONTS, ids=["+".join(row[0]) or "clean" for row in FRONTS])


@each_front
def test_marks_as_a_visitor_sees_them(bench, faults, marks, entry, name):
    page = bench.gather("home", *faults, beside=each(FRONTS)).page
    assert {mark: getattr(page.marks, mark).state for mark in MARK_NAMES} == dict.fromkeys(MARK_NAMES, "shown") | marks
    if marks:
        assert (bench.folder / page.shots["footer"]).stat().st_size > 1000


@each_front
def test_find_error_entries(bench, faults, marks, entry, name):
    found = bench.gather("home", *faults).page.entry
    assert (found and found.state) == entry


@each_front
def test_titles_of_news_are_not_the_name_of_the_site(bench, faults, marks, entry, name):
    page = bench.gather("home", *faults).page
    assert names.shows_name(page.header.texts, (bench.site(*faults).name,)) is name
    assert ("header" in page.shots) is not name


def test_a_footer_whose_script_is_kept_from_robots_is_not_called_absent(bench):
    world = bench.worlds[bench.site("site:script-wall").id][0]
    sampled = bench.gather("sampled", "site:script-wall")
    pages = [page for page in (*sampled.articles.opened, *sampled.columns.opened) if world.kind_of(page.url).endswith("/trs")]
    assert pages, "this seed draws pages of the template whose footer a script writes"
    assert {mark.state for page in pages for _, mark in page.marks} <= {"shown", "unknown"}
    assert {page.marks.icp.state for page in pages} == {"unknown"}
    assert {page.entry.state for page in pages} == {"unknown"}


class TestClean:
    def test_all_marks_are_shown(self, bench):
        home = bench.gather("home")
        assert {mark.state for _, mark in home.page.marks} == {"shown"}
        assert home.page.entry.state == "standard" and not home.doorway and not home.closed

    def test_no_link_is_called_dead(self, bench):
        links = bench.gather("links")
        assert len(links.links) > 60
        assert [link for link in links.links if link.state == "dead"] == []

    def test_drawn_pages_have_the_role_they_were_drawn_for(self, bench):
        site, sampled = bench.site(), bench.gather("sampled")
        world = bench.worlds[site.id][0]
        for role, draw in (("article", sampled.articles), ("column", sampled.columns)):
            assert len(draw.pages) == 5
            assert {page.role for page in draw.pages} == {role}
            assert all(world.kind_of(page.url).startswith(role) for page in draw.pages), [page.url for page in draw.pages]

    def test_the_same_seed_draws_the_same_pages(self, bench):
        again = dataclasses.replace(bench.site(), id="clean-again")
        bench.settings["clean-again"] = dataclasses.replace(bench.settings["clean"], seed=bench.settings["clean"].seed_for("clean"))
        first, second = bench.gather("sampled"), bench.collector.want(again, "sampled").result(SECONDS)
        assert [page.url for page in first.articles.pages] == [page.url for page in second.articles.pages]

    def test_both_families_show_the_same_site(self, bench):
        families = bench.gather("families")
        assert families.ipv4.address == "127.0.0.1" and families.ipv6[-1].address == "::1"
        assert families.ipv4.title == families.ipv6[-1].title and families.ipv4.fingerprint == families.ipv6[-1].fingerprint

    def test_documents_are_kept(self, bench):
        site = bench.site()
        bench.gather("sampled")
        assert len(list((bench.folder / "sites" / site.id / "dom").glob("*.html.gz"))) == 11


DEAD = ["links.1:gone", "links.1:no-host", "links.1:image", "links.1:soft-404", "links.1:attachment"]


@pytest.mark.parametrize("fault", DEAD)
def test_a_dead_link_is_found_and_photographed(bench, fault):
    """All of them on one home page, and nothing else is dead."""
    from pytest_govsite.demo.faults import BY_ID

    dead = {link.url: link for link in bench.gather("links", *DEAD).links if link.state == "dead"}
    assert set(dead) == {BY_ID[each].what for each in DEAD}
    link = dead[BY_ID[fault].what]
    assert link.why and (bench.folder / link.shot).stat().st_size > 1000


FAMILIES = [
    ("ipv6.1:error", lambda visit: visit.status == 503),
    ("ipv6.1:refused", lambda visit: visit.reason is Reason.REFUSED),
    ("ipv6.1:other-site", lambda visit: "nginx" in visit.title),
]


@pytest.mark.parametrize(("fault", "holds"), FAMILIES, ids=[row[0] for row in FAMILIES])
def test_families_apart(bench, fault, holds):
    families = bench.gather("families", fault, beside=each(FAMILIES))
    assert families.ipv4.status == 200 and holds(families.ipv6[-1])


def test_no_aaaa_record(bench):
    addresses = bench.gather("addresses", "ipv6.1:no-aaaa")
    assert (addresses.ipv4, addresses.ipv6, addresses.fault) == (("127.0.0.1",), (), "no-record")


ENGINES = [
    ("compat.1:never-shown", "chromium", "hidden"),
    ("compat.1:mixed-footer", "chromium", "footer_lost"),
]


@pytest.fixture
def only(monkeypatch):
    """Engines beside Chromium: where the test is not about all of them, starting them would only take longer."""
    return lambda *others: monkeypatch.setattr("pytest_govsite.gather.engines.OTHERS", others)


@pytest.mark.parametrize(("fault", "engine", "sign"), ENGINES, ids=[row[0] for row in ENGINES])
def test_engines_see_the_fault(bench, only, fault, engine, sign):
    only()
    engines = bench.gather("engines", fault)
    assert not isinstance(engines, Missing), engines
    view = engines.views[engine]
    assert getattr(view, sign), view
    assert (bench.folder / view.shot).exists()


def test_a_page_that_only_firefox_loses(bench, only):
    only("firefox")
    views = bench.gather("engines", "compat.1:firefox").views
    assert not views["chromium"].blank
    if find_firefox() is None:
        assert views["firefox"].reason is Reason.ENGINE_MISSING
    else:
        assert views["firefox"].blank and views["firefox"].errors


def test_an_engine_that_is_not_there_is_said_aloud(bench, only, monkeypatch):
    only("webkit")
    monkeypatch.setattr("pytest_govsite.gather.engines.find_webkit_gtk", lambda: None)
    monkeypatch.setattr("pytest_govsite.gather.engines.find_webkit", lambda: None)
    monkeypatch.setattr("pytest_govsite.gather.browser.find_webkit", lambda: None)
    view = bench.gather("engines").views["webkit"]
    assert isinstance(view, Missing) and view.blame is Blame.VANTAGE


def test_a_browser_that_cannot_be_had_is_our_account_not_the_sites(bench, monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.browser.find_chromium", lambda: None)
    alone = Collector(lambda site: bench.settings["clean"], bench.folder)
    try:
        home = alone.want(bench.site(), "home").result(SECONDS)
    finally:
        alone.close()
    assert home.reason is Reason.BROWSER_MISSING and home.blame is Blame.VANTAGE


def test_a_dead_driver_is_replaced(bench):
    """Its process group goes, as in a long sweep that ran out of memory; the next site is looked at all the same."""
    alone = Collector(lambda site: bench.settings["clean"], bench.folder)
    try:
        before = set(psutil.Process().children())
        assert not isinstance(alone.want(bench.site(), "home").result(SECONDS), Missing)
        for driver in set(psutil.Process().children()) - before:
            driver.kill()
            driver.wait(10)
        next_site = dataclasses.replace(bench.site(), id="after-the-driver")
        home = alone.want(next_site, "home").result(SECONDS)
        last = alone.want(dataclasses.replace(next_site, id="after-that"), "home").result(SECONDS)
    finally:
        alone.close()
    assert not isinstance(home, Missing) or home.reason is Reason.BROWSER_DIED, home
    assert not isinstance(last, Missing), last


def test_no_address_of_a_picture_depends_on_the_run(bench):
    page = bench.gather("home", *FRONTS[0][0]).page
    assert re.fullmatch(r"sites/[\w-]+/shots/[0-9a-f]{16}\.png", page.shots["footer"])
    assert urlsplit(page.url).port is None


def test_chromium_is_there():
    assert find_chromium(), "these tests need a Chromium: run `make setup`"
