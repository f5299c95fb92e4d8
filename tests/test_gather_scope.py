"""Which addresses belong to a site, are worth a visit, and are the same page; where pages send their visitors."""
import pytest

from pytest_govsite.gather.scope import Scope, is_column_address, is_column_name, key_of, template_of
from pytest_govsite.model.site import Site
from pytest_govsite.reading.refresh import read_refresh

SAME = [
    ("scheme and www", "http://www.a.gov.cn/yw/", "https://a.gov.cn/yw/"),
    ("name of the first page", "http://a.gov.cn/yw/index.html", "http://a.gov.cn/yw/"),
    ("session in the path", "http://a.gov.cn/yw/;jsessionid=12AB", "http://a.gov.cn/yw/"),
    ("session of ASP.NET", "http://a.gov.cn/(S(abc123))/yw/", "http://a.gov.cn/yw/"),
    ("session in the query", "http://a.gov.cn/l.jsp?id=3&PHPSESSID=9", "http://a.gov.cn/l.jsp?id=3"),
    ("order of parameters", "http://a.gov.cn/l.jsp?b=1&a=2", "http://a.gov.cn/l.jsp?a=2&b=1"),
]


@pytest.mark.parametrize(("one", "other"), [row[1:] for row in SAME], ids=[row[0] for row in SAME])
def test_the_same_page(one, other):
    assert key_of(one) == key_of(other)


def test_other_pages_are_other_pages():
    urls = ("http://a.gov.cn/yw/", "http://b.gov.cn/yw/", "http://a.gov.cn/l.jsp?id=3", "http://a.gov.cn/l.jsp?id=4", "http://a.gov.cn:8080/yw/")
    assert len({key_of(url) for url in urls}) == len(urls)


def test_what_is_made_alike():
    assert template_of("http://a.gov.cn/col/col16/index.html") == template_of("https://www.a.gov.cn/col/col9/index.html")
    assert template_of("http://a.gov.cn/l.jsp?id=3&p=1") == template_of("http://a.gov.cn/l.jsp?p=7&id=44") != template_of("http://a.gov.cn/l.jsp?id=3")


ADDRESSES = {
    "http://a.gov.cn/zwgk/zcwj/": True,
    "http://a.gov.cn/list.aspx?classid=12": True,
    "http://a.gov.cn/c102424/list.shtml": True,
    "http://a.gov.cn/search/": False,
    "http://a.gov.cn/user/login.html": False,
    "http://a.gov.cn/en/": False,
    "http://a.gov.cn/print.jsp?id=1": False,
    "http://a.gov.cn/list.jsp?id=1&sort=up": False,
    "http://a.gov.cn/list.jsp?id=1&page=2": False,
    "http://a.gov.cn/list.jsp?id=1&page=1": True,
    "http://a.gov.cn/files/guide.pdf": False,
    "http://a.gov.cn/calendar/2026/11/": False,
    "http://a.gov.cn/meeting?date=2026-11-20": False,
    "http://a.gov.cn/a/a/a/": False,
    "http://a.gov.cn/zfgb/2024/": True,
    "http://a.gov.cn/" + "x" * 400: False,
}


@pytest.mark.parametrize(("url", "may"), ADDRESSES.items(), ids=[url[:60] for url in ADDRESSES])
def test_addresses_of_columns(url, may):
    assert is_column_address(url) is may


NAMES = {"要闻": True, "2024年": True, "首 页": False, "下一页": False, "12": False, "登录": False, "无障碍浏览": False, "English": False, ">>": False, "搜索": False}


@pytest.mark.parametrize(("name", "may"), NAMES.items(), ids=NAMES)
def test_names_of_columns(name, may):
    assert is_column_name(name) is may


def test_the_hosts_of_a_site():
    scope = Scope.of(Site("a", "http://www.a.gov.cn/", aliases=("zwgk.a.gov.cn", "http://b.gov.cn/")), "https://www.c.gov.cn/index.html")
    assert all(map(scope.owns, ("http://a.gov.cn/x", "https://zwgk.a.gov.cn/", "http://www.b.gov.cn/", "http://c.gov.cn/")))
    assert not scope.owns("http://other.a.gov.cn/") and not scope.owns("javascript:;")


TEXT = "<p>本栏目发布县政府及各部门文件，欢迎查阅，如有疑问请与我们联系。</p>"
REFRESHES = {
    # name: html, where it sends to from http://a.gov.cn/x/
    "refresh": ('<meta http-equiv="refresh" content="0; url=list.html">', "http://a.gov.cn/x/list.html"),
    "refresh in quotes and capitals": ("<META HTTP-EQUIV=Refresh CONTENT=\"1;URL='/y/'\">", "http://a.gov.cn/y/"),
    "a page that reloads itself": ('<meta http-equiv="refresh" content="300">', ""),
    "a page to be read first": ('<meta http-equiv="refresh" content="60;url=/y/">' + TEXT, ""),
    "for those without scripts": ('<noscript><meta http-equiv="refresh" content="0;url=/y/"></noscript>', ""),
    "script": ("<script>window.location.href='/y/'</script>", "http://a.gov.cn/y/"),
    "replace": ('<script>top.location.replace("../y/")</script>', "http://a.gov.cn/y/"),
    "script on a condition": ("<script>if (isPhone()) location.href='/m/'</script>", ""),
    "script with two ends": ("<script>location='/a/';location='/b/'</script>", ""),
    "script put together": ("<script>location.href='/a/' + name</script>", ""),
    "a page with text": ("<script>function go() { location.href='/y/' }</script>" + TEXT, ""),
    "an ordinary page": (TEXT, ""),
}


@pytest.mark.parametrize(("html", "target"), REFRESHES.values(), ids=REFRESHES)
def test_pages_that_send_their_visitors_on(html, target):
    assert read_refresh(f"<html><head></head><body>{html}</body></html>", "http://a.gov.cn/x/") == target
