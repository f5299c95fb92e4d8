"""How the lists of the demo's clean twin arrive: in data, frames, tabs and scripts, with days of every form."""
import re
from datetime import date
from urllib.parse import urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser

from pytest_govsite.demo import World
from pytest_govsite.demo.county import CODE, HOST
from visitors import follow, visit

DAY = date(2026, 11, 20)
HOME = f"https://{HOST}/"


@pytest.fixture(scope="module")
def world():
    with World(DAY, clean=True) as world:
        yield world


def test_lists_write_dates_in_several_ways(world):
    shown = {
        path: visit(world, urljoin(HOME, path)).text
        for path in ("/zwyw/", "/xzdt/", "/tpxw/", "/col/col16/index.html", "/sjfb.htm")
    }
    assert re.search(r"</a><span>\s+2026-11-20\s+</span>", shown["/zwyw/"])
    assert re.search(r"<span>\[11-19\]</span><a ", shown["/xzdt/"])
    assert (
        re.search(r'title="[^"]*更新时间：2026/11/18 ', shown["/tpxw/"])
        and "2026/11" not in LexborHTMLParser(shown["/tpxw/"]).body.text()
    )
    assert re.search(
        r"\[2024-12-20\].*置顶.*\[2026-11-18\]", shown["/col/col16/index.html"], re.DOTALL
    ), "a pinned old item stands first"
    assert re.search(r"<i>2026/11/17</i></a>", shown["/sjfb.htm"])


# path -> what the page as sent has, what it has not
ARRIVALS = {
    "in data of its own": ("/col/col17/index.html", r"<datastore>.*<!\[CDATA\[\s*<li.*2026-11-16", r"<ul[^>]*>\s*<li[^>]*><span class='date'>"),
    "from an interface": ("/gkmlpt/5812/index.html", r'data-list="/gkmlpt/api/all/5812\?page=1', "2026-11-17"),
    "in a frame": ("/zbcg/", r'<iframe src="/zbcg/list.html"', "2026-11-14"),
    "the frame itself": ("/zbcg/list.html", r"2026-11-14", "footer"),
    "in a hidden tab": ("/col/col20/index.html", r"<ul[^>]*style='display:none'>.*2026-11-15", r"2026-11-15.*<ul[^>]*style='display:none'>"),
    "behind <base>": ("/ztzl/xczx/", r'<base href="https://www.demo.gov.cn/xczx/".*href="./202611/t20261114_', r'href="/xczx/2026'),
    "in pages named by a script": ("/xzdt/", r'createPageHTML\(5,0,"index","html"\)', "index_1.html"),
    "in static pages": ("/zfxxgk/zcwj.htm", r'href="/zfxxgk/zcwj/2.htm"', ""),
    "beside a calendar": ("/zfhy/?month=2031-05", r'href="\?month=2031-04".*2031-05.*href="\?month=2031-06".*2026-11-16', ""),
    "without end": ("/c102425/list.shtml?page=907", r'href="/c102425/list.shtml;jsessionid=[0-9A-F]{24}\?page=908"', ""),
    "with a session": ("/c102425/list.shtml;jsessionid=ABC?page=2", r"2026-11-09.*page=3", ""),
    "days still to come": ("/bmxx/", r"2026-11-29.*2026-11-23.*2026-11-16", ""),
    "leaving the site": ("/mtksf/", r"onclick=\"leave\('https://mp.weixin.qq.com/s/demo-1'\)", ""),
    "leaders by script": ("/zfxxgk/ldzc/", r"/js/leaders.js", "林语晴"),
    "sent on by refresh": ("/zwdt/", r'http-equiv="refresh" content="0; url=/zwyw/"', ""),
    "sent on by script": ("/zfxxgk/", r"location.href = '/zfxxgk/ml.htm'", ""),
}


@pytest.mark.parametrize("path, has, lacks", ARRIVALS.values(), ids=ARRIVALS)
def test_lists_arrive_in_many_ways(world, path, has, lacks):
    found = follow(world, urljoin(HOME, path))
    text = found.text if found.status == 200 else visit(world, urljoin(HOME, path)).text
    assert re.search(has, text, re.DOTALL) and not (lacks and re.search(lacks, text, re.DOTALL))


def test_one_list_asks_for_patience_once():
    with World(DAY, clean=True) as world:
        url = urljoin(HOME, "/zbcg/")
        assert visit(world, url, method="HEAD").status == 200
        first = visit(world, url)
        assert (first.status, first.headers["retry-after"]) == (429, "1")
        assert [visit(world, url).status for _ in range(3)] == [200, 200, 200]


def test_pinned_items_stand_in_rising_order_above_the_newest(world):
    days = [item.in_list for item in world.county.lists["公示信息"]]
    assert days[0] < days[1] < days[2] < days[3] == max(days)


def test_labels_and_documents_have_other_days_than_the_page(world):
    page = visit(world, urljoin(HOME, world.county.lists["财政信息"][0].path)).text
    assert "name='pubdate'" in page and "2025-10-04" in page and "发布日期：2026-11-08" in page.replace("<!--day-->", "")
    policy = visit(world, urljoin(HOME, world.county.lists["政策文件"][0].path)).text
    assert re.search(r"成文日期</th><td>2026-11-05", policy) and "生成日期" in policy and "2026-11-14 " in policy


def test_two_content_systems_more_write_pages_of_their_own(world):
    for style, mark in {"kaipuyun": "UCAP-CONTENT", "gkmlpt": "news_cont_d_wrap"}.items():
        column = next(column for column in world.county.columns if column.style == style)
        article = visit(world, urljoin(HOME, world.county.lists[column.name][0].path)).text
        assert mark in article and f'content="{column.name}"' in article and CODE in article
