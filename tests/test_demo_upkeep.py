"""Faults of freshness, each on a site of its own: what is gathered there and judged is what the table of faults says."""
import dataclasses
import re
from datetime import date

import pytest

from pytest_govsite import checking, editions
from pytest_govsite.demo import FAULTS, World
from pytest_govsite.gather.collector import Collector
from pytest_govsite.gather.settings import Settings
from pytest_govsite.judging import applicable, judge, judge_missing, judge_raised, planned
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.windows import Calendar

AS_OF = date(2026, 11, 20)
SECONDS = 300
pytestmark = pytest.mark.timeout(SECONDS + 60)
FAULT = {fault.id: fault for fault in FAULTS}
KINDS = {"columns", "headlines", "leaders", "annual_reports", "releases", "submissions"}
CHECKS = checking.discover(checking.folder())

# several faults that do not touch one another share a site
MANY = ("column-stale.1:five", "column-stale.3:five")
TEN = ("column-stale.2:ten",)
SINGLE = (
    "column-stale.1:notices", "interpretation.1:absent", "leaders.2:post", "annual-report.1:inside", "county-timeliness.1:unit",
    "county-timeliness.2:unit",
)
# faults, edition, rules that veto; what the lines of the faults say is all that may be found
EXACT = [
    (MANY, "sichuan2021", {"column-stale.1", "column-stale.3"}),
    (MANY, "hunan-dept2021", {"column-stale.3"}),
    (TEN, "gb2019", {"column-stale.2"}),
    (TEN, "hunan-city2021", {"column-stale.4"}),
    (SINGLE, "sichuan2021", set()),
    (SINGLE, "hunan-city2021", set()),
    (SINGLE, "xuanhan2022", set()),
]
# all that is on the site is old, or shows no day: far more than one thing is found, and only the home page is judged
EVERYWHERE = ["home-stale.1:old", "home-stale.1:undated", "home-stale.1:doorway"]
BRIEF = {("home-stale.1:old",), ("home-stale.1:undated",)}  # their columns count for nothing: the home page is no doorway
SITES = dict.fromkeys([*(row[0] for row in EXACT), *((fault,) for fault in EVERYWHERE), ("site:closed",)])


class Bench:
    """One collector for all worlds: they overlap as sites of a real run do."""

    def __init__(self, folder) -> None:
        self.settings, self.worlds = {}, {}
        self.collector = Collector(lambda site: self.settings[site.id], folder)

    def begin(self, faults):
        world = World(AS_OF, faults=faults)
        world.start()
        site = dataclasses.replace(world.site, id=re.sub(r"\W+", "-", "+".join(faults)))
        plain = Settings(AS_OF, nameserver=world.nameserver, nat=world.nat, ca_file=world.ca_file)
        self.settings[site.id] = dataclasses.replace(plain, crawl_pages=8) if faults in BRIEF else plain
        self.worlds[faults] = world, site

    def judged(self, faults, edition_id, only=""):
        """Verdicts by rule, on all rules of the edition that need nothing but evidence of freshness, or on one of them."""
        site, edition = self.worlds[faults][1], editions.load(edition_id)
        rules = [(item, rule) for item, rule in planned(edition, site) if set(CHECKS[rule.check].evidence) & KINDS]
        rules = [(item, rule) for item, rule in rules if rule.key == only or not only]
        return {rule.key: applicable(edition, item, rule, site) or self.verdict(site, item, rule) for item, rule in rules}

    def verdict(self, site, item, rule):
        check = CHECKS[rule.check]
        values = {kind: self.collector.want(site, kind).result(SECONDS) for kind in check.evidence}
        if missing := check.stopped_by(values):
            return judge_missing(missing)
        context = {"site": site, "as_of": AS_OF, "calendar": Calendar()}
        values |= {name: context[name] for name in check.context}
        try:
            observed = check.function(**values, **check.thresholds | dict(rule.with_))
        except Exception as error:
            return judge_raised(error)
        return judge(item, rule, site, observed, AS_OF)

    def close(self):
        self.collector.close()
        for world, _ in self.worlds.values():
            world.stop()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("results"))
    for faults in SITES:
        bench.begin(faults)
    for _, site in bench.worlds.values():
        bench.collector.ahead(site, ("columns", "headlines"))
    yield bench
    bench.close()


def found(verdicts):
    faults = {key: verdict for key, verdict in verdicts.items() if verdict.outcome not in (Outcome.AWARD, Outcome.UNEARNED)}
    return {(key, finding.what) for key, verdict in faults.items() for finding in verdict.findings}


def vetoed(verdicts):
    return {key for key, verdict in verdicts.items() if verdict.outcome is Outcome.VETO}


@pytest.mark.parametrize(("faults", "edition", "vetoes"), EXACT, ids=[f"{len(row[0])}-{row[0][0]}-{row[1]}" for row in EXACT])
def test_exactly_these_faults_are_found(bench, faults, edition, vetoes):
    verdicts = bench.judged(faults, edition)
    made = {pair for fault in faults for pair in FAULT[fault].findings(edition)}
    assert found(verdicts) == {(rule, what) for rule, what in made if rule in verdicts}
    assert vetoed(verdicts) == vetoes


@pytest.mark.parametrize("fault", EVERYWHERE)
def test_a_home_page_without_news_is_a_veto(bench, fault):
    home = bench.judged((fault,), "sichuan2021", only="home-stale.1")["home-stale.1"]
    assert (home.outcome, [finding.what for finding in home.findings]) == (Outcome.VETO, ["首页"]), home.reason


def test_a_closed_site_is_closed_and_not_stale(bench):
    verdicts = bench.judged(("site:closed",), "sichuan2021")
    assert {verdict.outcome for verdict in verdicts.values()} == {Outcome.NOT_APPLICABLE}
    assert all("关停" in verdict.reason for verdict in verdicts.values())
