"""Pages compared between engines: real Chromium, Firefox and WebKit against small invented sites."""
import struct
from functools import partial

import pytest
from servers import answer
from side_by_side import Row
from towns import HOST, WORDS, news, page, rows, town

from pytest_govsite import checking
from pytest_govsite.gather.installed import find_engines
from pytest_govsite.model.evidence import Engines
from pytest_govsite.model.finding import Finding
from pytest_govsite.model.missing import Reason
from pytest_govsite.model.site import Site

HOME = f"http://{HOST}/"
SITE = Site("town", HOME)
CHECK = checking.discover(checking.folder())["unreadable-engine"].function
WHOLE = town()
OTHERS = ("firefox", "webkit")

pytestmark = pytest.mark.skipif(
    not all(find_engines().values()), reason="this machine lacks an engine: `govsite doctor` says how to get it",
)


def engine_of(head: str) -> str:
    """Who asks, by User-Agent."""
    return "firefox" if "Firefox/" in head else "chromium" if "Chrome/" in head else "webkit"


def town_where(**otherwise):
    """A town that answers engines otherwise. otherwise: engine -> (which paths, answers in turn; None: the page itself)."""
    def served(path, text):
        left = {engine: list(answers) for engine, (where, *answers) in otherwise.items() if where(path)}

        def serve(_, head):
            answers = left.get(engine_of(head), [None])
            other = answers.pop(0) if len(answers) > 1 else answers[0]
            return text if other is None else cut() if other == "cut" else other
        return serve if left else text
    return {path: served(path, text) for path, text in WHOLE.items()}


def cut():
    raise ConnectionResetError


def everywhere(path: str) -> bool:
    return True


def at_home(path: str) -> bool:
    return path == "/"


def in_articles(path: str) -> bool:
    return "/t20" in path


EMPTY = answer(b"<!doctype html><html><head><title>x</title></head><body></body></html>")
HIDDEN = answer(page(f"<p>正在加载，请稍候，马上就好</p><div style='display:none'>{WORDS * 9}</div>", menu={}).split("<div class=\"footer")[0].encode())
WALL = answer(b"<html><script>var $_ts={};</script></html>", "412 Precondition Failed", "Set-Cookie: FSSBBIl1UgzbN7N80S=a; path=/")
REFUSED = answer(b"", "403 Forbidden")
OTHER = answer(page("<p>" + "欢迎使用旧版浏览器专用页面，本页内容较少。" * 20 + "</p>", menu={}).encode())


FAULTS = {
    # Firefox: where, what it gets, what it says; WebKit likewise
    "home and inside": (at_home, EMPTY, "首页，一片空白", in_articles, HIDDEN, "主要内容没有显示出来"),
    "inside and home": (in_articles, EMPTY, "一片空白", at_home, HIDDEN, "首页，主要内容没有显示出来"),
}
WALLS = {"challenge": (WALL, REFUSED), "refusal": (REFUSED, WALL)}  # what Firefox gets, what WebKit gets
TALKING = {path: text.replace("</body>", "<script>alert('欢迎访问')</script></body>") for path, text in WHOLE.items()}
DOORWAY = page(rows(("/yw/", "要闻", ""), ("/zx/", "资讯", "")), menu={})
SITES = {
    # name: pages, changed settings
    "whole": (WHOLE, {"seed": 7}),
    "talking": (TALKING, {"seed": 7}),
    **{name: (town_where(firefox=row[:2], webkit=row[3:5]), {}) for name, row in FAULTS.items()},
    "a passing fault": (town_where(firefox=(in_articles, EMPTY, None), webkit=(everywhere, HIDDEN, None)), {}),
    **{name: (town_where(firefox=(everywhere, one), webkit=(everywhere, other)), {}) for name, (one, other) in WALLS.items()},
    "no answer": (town_where(firefox=(at_home, "cut"), webkit=(at_home, "cut")), {}),
    "other words": (town_where(firefox=(at_home, OTHER), webkit=(in_articles, OTHER)), {}),
    "columns only": ({"/": DOORWAY} | news("/yw/", 0, 1) | news("/zx/", 0, 1), {}),
    "one page": ({"/": page("<p>本站正在改版，请稍后访问。</p>" * 3, menu={})}, {}),
}


@pytest.fixture(scope="module")
def seen(inspect):
    """Engines of each of SITES, seen side by side."""
    begin = {name: partial(inspect.begin, pages, "engines", crawl_pages=4, **changed) for name, (pages, changed) in SITES.items()}
    with Row(begin) as row:
        yield lambda name: row(name)[0]


@pytest.fixture(scope="module")
def whole(seen):
    return seen("whole")


def test_pages_are_compared_in_every_engine(whole):
    assert isinstance(whole, Engines), whole
    assert len(whole.inner) == 2 and sum(map(in_articles, whole.inner)) == 1
    for views in (whole.views, *whole.inner.values()):
        assert [view.engine for view in views.values()] == ["chromium", *OTHERS]
        assert all(views[engine].alike > 0.9 for engine in OTHERS) and views["chromium"].alike is None
    assert CHECK(whole, SITE) == ()


def test_one_picture_shows_a_page_in_all_engines(whole, inspect):
    assert set(whole.beside_inner) == set(whole.inner)
    for path in (whole.beside, *whole.beside_inner.values()):
        width, height = struct.unpack(">II", (inspect.folder / path).read_bytes()[16:24])
        assert width == 1950 and height > 300


def test_the_same_seed_compares_the_same_pages(seen, whole):
    assert list(seen("talking").inner) == list(whole.inner)


def test_a_page_that_talks_to_the_visitor_stops_no_engine(seen):
    assert CHECK(seen("talking"), SITE) == ()


@pytest.mark.parametrize("name", FAULTS)
def test_pages_that_one_engine_loses(seen, name):
    engines, row = seen(name), FAULTS[name]
    found = CHECK(engines, SITE)
    assert [one.what for one in found] == list(OTHERS), found
    for one, where, says in ((found[0], row[0], row[2]), (found[1], row[3], row[5])):
        assert isinstance(one, Finding) and says in one.says
        assert one.shot == (engines.beside if where is at_home else engines.beside_inner[one.at])


def test_a_passing_fault_is_nobodys_guilt(seen):
    assert CHECK(seen("a passing fault"), SITE) == ()


@pytest.mark.parametrize("name", WALLS)
def test_walls_that_keep_an_engine_out(seen, name):
    engines = seen(name)
    assert [engines.views[engine].reason for engine in OTHERS] == [Reason.WALL] * 2
    assert [one.blame for one in CHECK(engines, SITE)] == ["wall"] * 2
    for views in engines.inner.values():
        assert all(views[engine] == engines.views[engine] for engine in OTHERS), "it is not asked again and again"


def test_engines_that_get_no_answer(seen):
    engines = seen("no answer")
    assert [engines.views[engine].reason for engine in OTHERS] == [Reason.RESET] * 2
    assert engines.beside is None, "one picture alone stands beside nothing"


def test_other_words_are_measured(seen):
    assert ["文字" in one.says and "相同" in one.says for one in CHECK(seen("other words"), SITE)] == [True, True]


def test_a_home_page_of_columns_only(seen):
    """Then the crawl names a content page."""
    assert sorted(map(in_articles, seen("columns only").inner)) == [False, True]


def test_a_site_of_one_page(seen):
    engines = seen("one page")
    assert engines.inner == {} and engines.beside_inner == {}
    assert "只检查了首页" in CHECK(engines, SITE)[-1].says
