"""Pure decisions of the gatherers, as tables: what became of a link, what hides errors, which role a page has."""
import pytest

from pytest_govsite.gather.http import Response
from pytest_govsite.gather.rendering import Rendered
from pytest_govsite.gather.softness import Softness
from pytest_govsite.gather.tried import judge_answer
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.reading.notices import read_closing_notice
from pytest_govsite.reading.roles import read_role

HTML = {"content-type": "text/html; charset=utf-8"}
SORRY = "很抱歉，您要访问的页面不存在或已经删除，请检查网址是否正确，或者返回首页重新查找您需要的内容。"
NEWS = "县政府召开常务会议，研究部署冬季民生保障工作，强调要抓好供水供暖和道路养护。" * 3


def answer(status, text="", **headers):
    return Response("http://a.gov.cn/x", "http://a.gov.cn/x", status, {**HTML, **headers}, text.encode())


LINKS = [
    # name                              answer                                        own    state
    ("fine", answer(200, NEWS), True, "ok"),
    ("not found", answer(404), True, "dead"),
    ("not found abroad", answer(404), False, "dead"),
    ("gone", answer(410), False, "dead"),
    ("own server error", answer(500), True, "dead"),
    ("server error abroad may lie between us", answer(502), False, "unknown"),
    ("busy", answer(503), True, "unknown"),
    ("too many requests", answer(429), True, "unknown"),
    ("bad request: what walls say to robots", answer(400), True, "unknown"),
    ("login", answer(401), True, "wall"),
    ("forbidden", answer(403), False, "wall"),
    ("challenge 412", answer(412), True, "wall"),
    ("challenge 521", answer(521), False, "wall"),
    ("no such name", Missing(Reason.NO_NAME), False, "dead"),
    ("own host silent", Missing(Reason.TIMEOUT), True, "dead"),
    ("other host silent, perhaps only to us", Missing(Reason.TIMEOUT), False, "unknown"),
    ("other host refuses", Missing(Reason.REFUSED), False, "unknown"),
    ("incomplete chain: browsers fetch what is missing", Missing(Reason.TLS), True, "unknown"),
    ("our resolver is down", Missing(Reason.RESOLVER_DOWN), True, "unknown"),
    ("our own deadline", Missing(Reason.DEADLINE), True, "unknown"),
    ("inside address, never called", Missing(Reason.PRIVATE_ADDRESS), False, "unknown"),
]


@pytest.mark.parametrize(("given", "own", "state"), [row[1:] for row in LINKS], ids=[row[0] for row in LINKS])
def test_what_became_of_a_link(given, own, state):
    assert judge_answer(given, own, None)[0] == state


SOFT = [
    ("the same error page", Softness(text=SORRY), answer(200, SORRY), True),
    ("a real page", Softness(text=SORRY), answer(200, NEWS), False),
    ("an honest host", Softness(), answer(200, SORRY), False),
    ("sent to the error page", Softness(landed="a.gov.cn/404.html"), Response("http://a.gov.cn/x", "http://a.gov.cn/404.html", 200, HTML), True),
    ("the error page itself", Softness(landed="a.gov.cn/404.html"), Response("http://a.gov.cn/404.html", "http://a.gov.cn/404.html", 200, HTML), False),
    ("a picture", Softness(text=SORRY), Response("http://a.gov.cn/x", "http://a.gov.cn/x", 200, {"content-type": "image/png"}, b"png"), False),
]


@pytest.mark.parametrize(("soft", "given", "expected"), [row[1:] for row in SOFT], ids=[row[0] for row in SOFT])
def test_soft_errors(soft, given, expected):
    assert soft.is_soft_error(given) is expected
    assert (judge_answer(given, True, soft)[0] == "dead") is expected


ROWS = "".join(f'<li><a href="/t{n}.html">标题第{n}条</a><span>2026-11-{n:02d}</span></li>' for n in range(10, 16))
ROLES = [
    ("dated list", f"<ul>{ROWS}</ul>", "column"),
    ("labelled article", '<meta name="ArticleTitle" content="通知"><p>正文</p>', "article"),
    ("labelled article beside a list of news", f'<meta name="ArticleTitle" content="通知"><p>正文</p><ul>{ROWS}</ul>', "article"),
    ("column labels without a list", '<meta name="ColumnName" content="领导信息"><p>县长</p>', "column"),
    ("unlabelled article", f'<h1>通知</h1><p>发布时间：2026-11-10</p><div class="TRS_Editor">{NEWS}</div>', "article"),
    ("nothing firm", "<p>关于本站</p>", None),
]


@pytest.mark.parametrize(("html", "role"), [row[1:] for row in ROLES], ids=[row[0] for row in ROLES])
def test_roles(html, role):
    assert read_role(f"<html><head></head><body>{html}</body></html>") == role


NOTICES = [
    ("closed", "本网站已于2026年3月整合迁移至市政府门户网站，原网站停止更新。", True),
    ("closing", "公告：我站将于近期关停，感谢您的支持。", True),
    ("a home page that reports a closing", "某某局网站已关停的公告" + NEWS * 10, False),
    ("an ordinary short page", "欢迎访问县政府门户网站，点击进入首页", False),
]


@pytest.mark.parametrize(("text", "closed"), [row[1:] for row in NOTICES], ids=[row[0] for row in NOTICES])
def test_closing_notices(text, closed):
    assert bool(read_closing_notice(f"<body><p>{text}</p></body>")) is closed


def rendered(**given):
    plain = {"url": "", "final_url": "", "status": 200, "headers": {}, "sent": "", "dom": "", "title": "", "pictured": False, "overflow": 0}
    return Rendered(**plain | given)


SIGHTS = [
    # name                       visible  all   pictured  blank  hidden
    ("an ordinary page", 1200, 1500, True, False, False),
    ("nothing at all", 0, 0, False, True, False),
    ("one picture map", 0, 0, True, False, False),
    ("text that stays invisible", 0, 2000, False, True, True),
    ("a splash with hidden menus", 30, 2000, True, False, False),
    ("many hidden tabs", 300, 4000, False, False, False),
]


@pytest.mark.parametrize(("visible", "all", "pictured", "blank", "hidden"), [row[1:] for row in SIGHTS], ids=[row[0] for row in SIGHTS])
def test_blank_and_hidden_pages(visible, all, pictured, blank, hidden):
    seen = rendered(visible=visible, all=all, pictured=pictured)
    assert (seen.blank, seen.hidden) == (blank, hidden)
