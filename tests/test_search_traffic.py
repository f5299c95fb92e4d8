"""Which request is the search's own, and what the answers to all of them say about it."""
import pytest

from pytest_govsite.gather.search_traffic import Exchange, is_query, told_by

QUERY = "春耕备耕工作通知"
ASKS = [
    # address, body, is it the search's own request
    ("http://www.town.gov.cn/search/info?q=%E6%98%A5%E8%80%95%E5%A4%87%E8%80%95%E5%B7%A5%E4%BD%9C%E9%80%9A%E7%9F%A5", "", True),
    ("http://www.town.gov.cn/search/info?q=%25E6%2598%25A5%25E8%2580%2595%25E5%25A4%2587%25E8%2580%2595%25E5%25B7%25A5%25E4%25BD%259C%25E9%2580%259A%25E7%259F%25A5", "", True),
    ("http://www.town.gov.cn/irs/front/search", '{"searchWord":"春耕备耕工作通知","pageNo":1}', True),
    ("http://www.town.gov.cn/irs/front/search", '{"searchWord":"\\u6625\\u8015\\u5907\\u8015\\u5de5\\u4f5c\\u901a\\u77e5"}', True),
    ("http://www.town.gov.cn/search", "q=%E6%98%A5%E8%80%95%E5%A4%87%E8%80%95%E5%B7%A5%E4%BD%9C%E9%80%9A%E7%9F%A5&page=1", True),
    ("http://www.town.gov.cn/search/info?q=%E6%98%A5%E8%80%95", "", False),
    ("http://www.town.gov.cn/weather", "", False),
    ("http://www.town.gov.cn/search/suggest?q=春耕备耕工作通知", "", False),
    ("http://www.town.gov.cn/irs/front/hotWords", '{"word":"春耕备耕工作通知"}', False),
    ("http://www.town.gov.cn/tongji/count?word=春耕备耕工作通知", "", False),
]


@pytest.mark.parametrize(("url", "sent", "own"), ASKS)
def test_a_request_is_the_searchs_own_by_its_query(url, sent, own):
    assert is_query(url, sent, QUERY) is own


def mine(status: int, **more) -> Exchange:
    return Exchange("http://www.town.gov.cn/search", status, mine=True, **more)


def other(status: int, **more) -> Exchange:
    return Exchange("http://www.town.gov.cn/weather", status, **more)


TOLD = [
    ((), None),
    ((mine(200),), None),
    ((mine(404),), "fault"),
    ((mine(500), mine(503)), "fault"),
    ((mine(500), mine(200)), None),
    ((mine(302), mine(404)), "fault"),
    ((mine(400),), None),
    ((mine(412, walled=True),), "wall"),
    ((mine(403),), "wall"),
    ((mine(429),), "busy"),
    ((mine(500), mine(412, walled=True)), "wall"),
    ((mine(503, walled=True),), "wall"),
    ((mine(0),), "lost"),
    ((mine(0, dropped=True),), None),
    ((mine(0), mine(500)), "lost"),
    ((other(404),), None),
    ((other(412, walled=True),), "wall"),
    ((other(412, walled=True, own=False),), None),
    ((other(403, script=True),), None),
    ((other(412, walled=True), mine(404)), "fault"),
]


@pytest.mark.parametrize(("exchanges", "kind"), TOLD)
def test_servers_are_believed_where_all_say_the_same(exchanges, kind):
    told = told_by(list(exchanges))
    assert (told and told[0]) == kind
