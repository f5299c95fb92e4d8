"""All traps, one line each: links of the home page that look dead to a careless tool and are not.

Around the search stand: a box that nobody sees before the real one, a hint that is the box's value, a new window, an alert,
results that a script draws, wrapped, cut and marked; hot words and the latest news beside them; boxes of another platform and
of Baidu. Around the logins: those of staff and of petitions, which are not the users'. Links with blanks, without a host,
in comments. The second of two name servers has no IPv6. Other ways to build the search stand in ways.py.

Further traps stand in the templates: doubled footers, an entry on an old platform that answers, labels in odd order and
case, footers that come late, a hidden block for screen readers, 【纠错】, old marks in comments.

Columns that look stale or blank and are neither stand in the content files: pinned old items, also several in rising order;
days still to come; lists by year and by department; an old list beside a fresh one; lists in a frame, in data, in a tab that
is hidden, in GBK that no header names, behind <base>; rows that lead to WeChat; pages without end, with a session in their
address; a calendar; columns that are one paragraph, one picture, one file, a form, a link; a finished topic; leaders drawn by
a script; detours by refresh and by script; PubDate, days of the document, deadlines and the page's clock that are not the
publication date; a list that answers 429 once. The week before the inspection has its own, see outages.py.
"""
from dataclasses import dataclass

from pytest_govsite.demo.county import BELOW, HOST
from pytest_govsite.demo.resource import Resource


@dataclass(frozen=True)
class Trap:
    """A link of the home page.

    url     where it leads.
    text    what a visitor reads.
    why     what a careless tool takes for a fault.
    answer  what that address answers, None when it is one of the site's usual ones.
    """

    url: str
    text: str
    why: str
    answer: Resource | None = None


PARKED = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>shifan-lvyou.com 域名出售</title></head>
<body><h1>您访问的域名正在出售</h1><p>shifan-lvyou.com 正在出售，有意者请联系。This domain is for sale.</p></body></html>"""


def _page(**answer) -> Resource:
    return Resource("trap", **answer)


TRAPS = (
    Trap("https://ggzy.shili.gov.cn/", "公共资源交易", "答 403：存在，但不让我们看", _page(status=403)),
    Trap("https://zwfw.shili.gov.cn/search", "", "别的平台的办事搜索框", _page(status=412)),
    Trap(
        "https://zwfw.shili.gov.cn/",
        "市政务服务网",
        "答 412：防护验证",
        _page(status=412, cookie="FSSBBIl1UgzbN7N80S=demo; path=/"),
    ),
    Trap(
        "https://credit.shili.gov.cn/",
        "信用示例",
        "答 521：防护验证",
        _page(status=521, cookie="__jsl_clearance_s=demo; path=/"),
    ),
    Trap("https://oa.shili.gov.cn/", "协同办公", "答 401：要求登录", _page(status=401)),
    Trap("https://www.shili.gov.cn/dsz/", "地方志电子书", "慢，两秒才答", _page(delay=2.0)),
    Trap("https://www.shili.gov.cn/xmt/", "政务新媒体", "HEAD 答 405，GET 正常", _page(head=405)),
    Trap(
        "https://www.shili.gov.cn/tjj",
        "市统计局",
        "先跳转",
        _page(status=301, location="https://www.shili.gov.cn/tjj/"),
    ),
    Trap("https://www.shili.gov.cn/tjj/", "", "跳转的目的地", _page()),
    Trap("http://gjj.shili.gov.cn/", "住房公积金", "只有 http", _page()),
    Trap(f"http://{HOST}/zjsf/", "魅力示范", "http 跳到 https"),
    Trap("/go/12345.html", "12345热线", "本站的跳转页", _page(status=302, location="https://www.shili.gov.cn/tjj/")),
    Trap("https://mp.weixin.qq.com/s/demo", "示范发布公众号", "离开本站的文章", _page()),
    Trap("mailto:office@demo.gov.cn", "网站邮箱", "不是网页"),
    Trap(BELOW[1], BELOW[0], "下级网站，不是本站的栏目"),
    Trap("https://www.baidu.com/s", "", "百度的搜索框，不是本站的", _page()),
    Trap("https://www.shili.gov.cn/cgj/", "市城市管理局", "HEAD 答 404，GET 正常", _page(head=404)),
    Trap("https://www.shili.gov.cn/slj/", "市水利局", "只认浏览器，别的都答 404", _page(browsers=True)),
    Trap("https://fgw.shili.gov.cn/", "市发展改革委", "第一次答 503，之后正常", _page(once=503)),
    Trap(
        "https://lyj.shili.gov.cn/zt/2018/", "2018年旅游专题", "旧页面跳到别人网站的首页：能打开，但不对",
        _page(status=302, location="https://www.qita-shangye.com/"),
    ),
    Trap("https://www.shifan-lvyou.com/", "示范旅游网", "域名已被抢注出售：能打开，但不对", _page(body=PARKED)),
    Trap("//www.shili.gov.cn/xzgk/", "示例概况", "不写协议", _page()),
    Trap("files/便民 手册.pdf", "便民手册", "相对地址，里面有空格和汉字", _page(type="application/pdf", body=b"%PDF-1.4")),
)
LINKS = tuple(trap for trap in TRAPS if trap.text)
