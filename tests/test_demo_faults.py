"""The demo's faults: each line of the table changes what the site says, and nothing else does."""
import ssl
from datetime import date
from fnmatch import fnmatchcase
from urllib.parse import urljoin

import dns.exception
import dns.rcode
import pytest

from pytest_govsite.demo import FAULTS, PLANTED, World
from pytest_govsite.demo.catalogue import catalogue
from pytest_govsite.demo.county import HOST, County
from pytest_govsite.demo.faults import BROKEN_IMAGE, GONE, LOST_FILE, NO_HOST, SOFT_404, chosen, spoil
from pytest_govsite.demo.outside import PARTY_MARK, outside
from visitors import ask, follow, records, visit

DAY = date(2026, 11, 20)
HOME = f"https://{HOST}/"
MERITS = ("data-release.", "smart-search.", "user-space.")
FAULT = {fault.id: fault for fault in FAULTS}
TEXTS = {fault.id: fault for fault in FAULTS if fault.plant}


@pytest.fixture(scope="module")
def texts():
    """(kind, text) of everything that is text."""
    resources = catalogue(County(DAY)).values()
    found = [*resources, outside("dcs.conac.cn", PARTY_MARK)]
    texts = [(resource.kind, resource.body({}) if callable(resource.body) else resource.body) for resource in found]
    return [(kind, text) for kind, text in texts if isinstance(text, str)]


def test_ids_are_unique_and_name_rule_and_variant():
    assert len(FAULT) == len(FAULTS) and all(fault.id.count(":") == 1 for fault in FAULTS)
    assert all(fault.why and (fault.what or not fault.rule or fault.rule.startswith(MERITS)) for fault in FAULTS)
    assert all(fault.rule for fault in PLANTED), "what prevents judgement would hide the other faults"


@pytest.mark.parametrize("fault", TEXTS.values(), ids=TEXTS)
def test_a_plant_changes_the_pages_it_is_meant_for(texts, fault):
    """A fence that a template lost would make a fault silently disappear."""
    meant = [(kind, text) for kind, text in texts if fnmatchcase(kind, fault.on)]
    changed = [kind for kind, text in meant if spoil(text, kind, frozenset({fault.id})) != text]
    assert changed and (fault.on == "*" or len(changed) == len(meant))


CHANGES = {fault.id: fault for fault in FAULTS if fault.content}


@pytest.mark.parametrize("fault", CHANGES.values(), ids=CHANGES)
def test_a_change_of_content_shows_and_leaves_a_whole_site(fault):
    """Every page can still be made, and none links to what is gone."""
    clean, county = County(DAY), World(DAY, faults=[fault.id]).county
    assert county.content != clean.content
    pages = {path: found for path, found in catalogue(county).items() if found.kind.startswith(("home", "column"))}
    gone = {column.path for column in clean.columns} - set(catalogue(county))
    texts = [found.body({}) if callable(found.body) else found.body for found in pages.values()]
    assert not [path for path in gone if any(f'href="{path}"' in text for text in texts)]


def test_pages_show_what_a_change_did():
    def text(id: str, path: str) -> str:
        return catalogue(World(DAY, faults=[id]).county)[path].body({})

    assert "2026-11-18" in text("column-stale.1:shown", "/tpxw/") or "2026/11/18" in text("column-stale.1:shown", "/tpxw/")
    article = World(DAY, faults=["column-stale.1:shown"]).county.lists["图片新闻"][0]
    shown = text("column-stale.1:shown", article.path)
    assert "发布时间：2026-09-19" in shown.replace("<!--day-->", "") and 'content="2026-11-18' in shown
    assert "暂无信息" in text("column-stale.3:words", "/c102425/list.shtml")
    assert "栏目建设中" in text("column-stale.3:building", "/zbcg/")
    assert '{"articles": []}' == catalogue(World(DAY, faults=["column-stale.3:data"]).county)["/gkmlpt/api/all/5813"].body
    assert "动态" not in text("news.1:absent", "/")
    assert text("home-stale.1:doorway", "/").count("<a ") < 40
    assert "个人简历" not in text("leaders.2:bare", "/zfxxgk/ldzc/qmd.html")


def test_a_fault_says_what_it_makes_under_each_edition():
    stale, blank = FAULT["column-stale.1:old"], FAULT["column-stale.3:words"]
    title = "政务动态 > 党建动态"
    assert stale.findings() == {(rule, title) for rule in ("column-stale.1", "column-stale.2", "other-columns.2")}
    assert ("column-stale.4", title) in stale.findings("hunan-city2021")
    assert ("column-stale.3", title) in stale.findings("hunan-dept2021") and ("column-stale.3", title) not in stale.findings()
    assert {rule for rule, _ in blank.findings()} == {"column-stale.3", "other-columns.1"}
    assert stale.explains("column-stale.2", title, "column/trs") and not stale.explains("column-stale.3", title, "column/trs")


def test_nothing_else_is_changed(texts):
    assert all(spoil(text, kind, frozenset()) == text for kind, text in texts)
    kept = frozenset({"page-labels.1:absent"})
    assert all(spoil(text, kind, kept) == text for kind, text in texts if kind != "article/trs")


SITE_WIDE = {
    "site-marks.1:police": "公网安备",
    "site-marks.1:party-mark": "conac",
    "site-marks.1:icp": "ICP备",
    "site-marks.1:sponsor": "主办",
    "site-marks.1:contact": "0800-5550100　地址",
    "domain-name.2:fancy": "示范县人民政府",
}


@pytest.mark.parametrize("id, words", SITE_WIDE.items(), ids=SITE_WIDE)
def test_what_is_gone_is_gone_from_every_frame(texts, id, words):
    pages = [
        spoil(text, kind, frozenset({id}))
        for kind, text in texts
        if kind in ("home", "part/trs", "part/boda", "column/hanweb")
    ]
    assert not [
        page
        for page in pages
        if words in page.replace("<!--<script", "").replace("dcs.conac.cn/js/99/old.js", "") and "old.js" not in page
    ]


CHOICES = {
    "by id": (["tls:expired"], {"tls:expired"}),
    "a rule stands for what is planted": (["ipv6.1"], {"ipv6.1:no-aaaa"}),
    "all planted variants": (["site-marks.1"], {"site-marks.1:police", "site-marks.1:red-error"}),
    "nothing planted: the first": (["find-error-entry.1"], {"find-error-entry.1:absent"}),
    "none": ([], set()),
}


@pytest.mark.parametrize("names, ids", CHOICES.values(), ids=CHOICES)
def test_faults_are_chosen_by_name(names, ids):
    assert chosen(names) == ids == World(DAY, faults=names).faults


def test_an_unknown_fault_is_refused():
    with pytest.raises(ValueError, match="no such fault: site-marks.9; known are "):
        World(DAY, faults=["site-marks.9"])


def test_a_finding_is_explained_by_the_fault_behind_it():
    world = World(DAY)
    column = f"{HOME}zwyw/"
    assert (
        world.kind_of(column) == "column/trs"
        and world.kind_of(HOME) == world.kind_of("http://www.demo.gov.cn") == "home"
    )
    assert world.kind_of("https://www.gov.cn/") == world.kind_of(f"{HOME}nothing.html") == ""
    fault = FAULT["page-labels.2:null"]
    assert fault.explains("page-labels.2", "页面标签", world.kind_of(column))
    assert not fault.explains("page-labels.2", "页面标签", "column/boda") and not fault.explains(
        "page-labels.1", "页面标签", "column/trs"
    )


def test_planted_links_are_dead_each_in_its_way():
    with World(DAY) as world:
        home = visit(world, HOME).text
        assert all(url in home for url in (GONE, NO_HOST, BROKEN_IMAGE, SOFT_404, LOST_FILE))
        assert [follow(world, url).status for url in (GONE, BROKEN_IMAGE, LOST_FILE)] == [404, 404, 404]
        assert ask(world, "old.demo.gov.cn").rcode() == dns.rcode.NXDOMAIN
        soft, random = visit(world, SOFT_404), visit(world, urljoin(HOME, "/random-5f3a.html"))
        assert soft.status == random.status == 200 and soft.text == random.text != home
        assert visit(world, urljoin(HOME, "/random-5f3a.png")).status == 404


# fault -> status of the home page over IPv4 and over IPv6, a text that it shows there
SERVED = {
    "site:error": (503, 503, "503"),
    "site:wall": (412, 412, "安全验证"),
    "site:blank": (200, 200, "<body></body>"),
    "site:script-redirect": (200, 200, "window.location.href"),
    "site:redirect-loop": (302, 302, ""),
    "ipv6.1:other-site": (200, 200, "nginx"),
    "ipv6.1:error": (200, 503, "503"),
    "ipv6.1:no-aaaa": (200, 200, "政务要闻"),
}


@pytest.mark.parametrize("id, v4, v6, words", [(id, *rest) for id, rest in SERVED.items()], ids=SERVED)
def test_server_faults(id, v4, v6, words):
    with World(DAY, faults=[id]) as world:
        four, six = visit(world, HOME), visit(world, HOME, 6)
        assert (four.status, six.status) == (v4, v6) and words in six.text
        assert ("政务要闻" in four.text) == id.startswith("ipv6")
        assert visit(world, "https://www.gov.cn/", 6).status == 200, "the fault is the site's alone"


def test_a_redirect_loop_never_ends():
    with World(DAY, faults=["site:redirect-loop"]) as world:
        assert follow(world, HOME).status == 302


def test_a_script_redirect_leads_to_the_portal():
    with World(DAY, faults=["site:script-redirect"]) as world:
        assert "政务要闻" in visit(world, urljoin(HOME, "/index.html")).text


REFUSALS = {"net:refused": (4, 6), "ipv6.1:refused": (6,)}


@pytest.mark.parametrize("id, families", REFUSALS.items(), ids=REFUSALS)
def test_refused_connections(id, families):
    with World(DAY, faults=[id]) as world:
        for family in families:
            with pytest.raises(ConnectionRefusedError):
                visit(world, HOME, family)
        for family in {4, 6} - set(families):
            assert visit(world, HOME, family).status == 200


CERTIFICATES = {
    "tls:wrong-name": "Hostname mismatch",
    "tls:expired": "certificate has expired",
    "tls:unknown-issuer": "unable to get",
}


@pytest.mark.parametrize("id, says", CERTIFICATES.items(), ids=CERTIFICATES)
def test_wrong_certificates(id, says):
    with World(DAY, faults=[id]) as world:
        with pytest.raises(ssl.SSLCertVerificationError, match=says):
            visit(world, HOME)
        assert visit(world, "https://www.gov.cn/").status == 200, "the fault is the site's alone"


DNS_FAULTS = {
    "dns:gone": ("A", dns.rcode.NXDOMAIN),
    "dns:servfail": ("A", dns.rcode.SERVFAIL),
    "ipv6.1:no-aaaa": ("AAAA", dns.rcode.NOERROR),
}


@pytest.mark.parametrize("id, kind, code", [(id, *rest) for id, rest in DNS_FAULTS.items()], ids=DNS_FAULTS)
def test_name_server_faults(id, kind, code):
    with World(DAY, faults=[id]) as world:
        message = ask(world, HOST, kind)
        assert message.rcode() == code and not message.answer
        assert records(ask(world, "www.gov.cn", kind))


def test_a_silent_name_server_knows_the_others():
    with World(DAY, faults=["dns:silent"]) as world:
        with pytest.raises(dns.exception.Timeout):
            ask(world, HOST, seconds=0.3)
        assert records(ask(world, "www.gov.cn")) == ["127.0.0.1"]


def test_an_irregular_domain_is_served_under_its_own_name():
    with World(DAY, faults=["domain-name.1"]) as world:
        assert not world.site.host.endswith(".gov.cn")
        assert visit(world, world.site.url).status == 200
        assert visit(world, HOME).location == world.site.url
