"""Answers of a town's search: results, faults and walls."""
import asyncio
import base64
import binascii
import json
import re
import time
from collections import Counter
from urllib.parse import unquote, unquote_to_bytes

from aiohttp import web

from towns import addresses, boxes, dress, oddities, results
from towns.plan import Town

SLOW_SECONDS = 3.0
OFTEN_SECONDS = 30
CAPTCHA = """<div class="yzm"><p>为防止恶意检索，请输入验证码后查看搜索结果</p><img src="/images/captcha.png" width="90" height="30">
<input type="text" name="captcha" placeholder="验证码"><button>确定</button></div>"""
BROKEN = """<div class="error"><h2>系统异常</h2><p>检索服务出现错误，请联系管理员。</p><pre>org.apache.solr.client.solrj.SolrServerException: Server refused connection
	at com.search.service.IndexService.query(IndexService.java:88)</pre></div>"""


def paths(town: Town) -> set[str]:
    """Paths of the town's own host that belong to the search."""
    own = {"/visit/link.do", "/Article/SearchResult.aspx", "/api/search", *results.INTERFACE.values()}
    host, path, _, _ = addresses.route(town)
    return own | ({path} if host == town.host else set())


async def answer(town: Town, request: web.BaseRequest, sent: str, asked: Counter[str]) -> web.Response | None:
    """What the search answers; None: the connection is closed."""
    if request.path == "/visit/link.do":
        return oddities.moved(unquote(re.search(r"url=([^&]*)", request.raw_path)[1]))
    if request.path in ("/", "") or request.path not in {*paths(town), addresses.route(town)[1]}:
        return _page(town, dress.page(town, "全站检索", boxes.search_page(town), "search")) if request.path == "/" else oddities.page("404", 404)
    if town.search.dead in ("absent", "no-script"):
        return oddities.page("页面不存在", 404)
    if town.search.wall in ("captcha", "412", "often", "login", "slow-down") and (kept := _walled(town, request, sent, asked)):
        return kept
    if town.search.flaky and _counted(town, "flaky", asked) == 1:
        return oddities.page("Service Unavailable", 503)
    await asyncio.sleep(SLOW_SECONDS if "slow" in town.search.habits else 0)
    return _results(town, request, sent)


def _results(town: Town, request: web.BaseRequest, sent: str) -> web.Response | None:
    query = query_of(town, request, sent)
    shell = town.vendor in results.INTERFACE and request.path not in results.INTERFACE.values()
    if town.search.dead and not shell:
        if town.search.dead == "refused":
            return None
        if town.search.dead == "front-page":
            return oddities.moved(town.url)
        if town.search.dead in ("404", "500"):
            return oddities.page("页面不存在" if town.search.dead == "404" else "HTTP Status 500 – Internal Server Error", int(town.search.dead))
        if town.search.dead == "error-page":
            return _said(town, request, BROKEN)
    if request.path == "/api/search":
        return web.Response(text=results.body(town, query), content_type="text/html") if request.method == "POST" else oddities.page("405", 405)
    if request.path in results.INTERFACE.values():
        return web.Response(text=results.answer(town, query), content_type="application/json")
    if request.path == "/Article/SearchResult.aspx":
        return _page(town, results.framed(town, query))
    if boxes.is_posted(town) and request.method == "GET":
        return _page(town, dress.page(town, "搜索", "<p>请输入检索词</p>", "search"))
    return _page(town, results.whole(town, query, field_of(request, sent, "cate")))


def _said(town: Town, request: web.BaseRequest, body: str) -> web.Response:
    """The body in the form in which this path answers."""
    if request.path in results.INTERFACE.values():
        return web.Response(text=json.dumps({"code": 200, "data": {"html": body}}, ensure_ascii=False), content_type="application/json")
    if request.path == "/api/search":
        return web.Response(text=body, content_type="text/html")
    return _page(town, dress.page(town, "搜索结果", body, "search"))


def _walled(town: Town, request: web.BaseRequest, sent: str, asked: Counter[str]) -> web.Response | None:
    """What keeps programs out; None: nothing this time."""
    if request.path == "/Article/SearchResult.aspx" or (town.vendor in results.INTERFACE and request.path not in results.INTERFACE.values()):
        return None
    kind, times = town.search.wall, _counted(town, "walled", asked)
    if kind == "captcha":
        return _said(town, request, CAPTCHA)
    if kind == "412":
        return web.Response(body=(oddities.BLOCKED if "FSSB" in request.headers.get("cookie", "") else oddities.CHALLENGE).encode(), status=412, headers={"content-type": oddities.HTML})
    if kind == "login":
        return oddities.moved(f"{town.url}user/login") if town.vendor not in (*results.INTERFACE, "spa") else _said(town, request, "<p>请先<a href='/user/login'>登录</a>后使用搜索功能</p>")
    if kind == "slow-down":
        return oddities.page("Too Many Requests 请求过多，请稍后再试", 429) if times > 3 else None
    now, last = int(time.monotonic()), asked[f"last {town.host}"]
    if last and now - last < OFTEN_SECONDS:
        return _said(town, request, "<div class='tip'>您的搜索过于频繁，请30秒后再试！</div>")
    asked[f"last {town.host}"] = now
    return None


def _counted(town: Town, name: str, asked: Counter[str]) -> int:
    asked[f"{name} {town.host}"] += 1
    return asked[f"{name} {town.host}"]


def query_of(town: Town, request: web.BaseRequest, sent: str) -> str:
    """What was asked for: in the address, in a form, in JSON; once or twice encoded, in base64, in GBK."""
    if sent.startswith("{"):
        given = json.loads(sent)
        return str(given.get("searchWord") or given.get("wd") or "").strip()
    field = "keyword" if request.path == "/Article/SearchResult.aspx" else addresses.route(town)[2]
    text = field_of(request, sent, field)
    if town.search.box == "base64":
        try:
            return base64.b64decode(text.replace(" ", "+"), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return ""
    return unquote(text) if re.search(r"%[0-9A-Fa-f]{2}", text) else text


def field_of(request: web.BaseRequest, sent: str, name: str) -> str:
    """One field of the address or of the form."""
    raw = sent if request.method == "POST" else request.raw_path.partition("?")[2]
    given = dict(pair.partition("=")[::2] for pair in raw.split("&"))
    data = unquote_to_bytes(given.get(name, "").replace("+", " ").replace("%2B", "%252B"))
    try:
        return data.decode().replace("%2B", "+").strip()
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace").strip()


def _page(town: Town, text: str) -> web.Response:
    charset = ("gb18030", "gb2312") if town.vendor == "php" else ("utf-8", "utf-8")
    return web.Response(body=text.encode(charset[0]), headers={"content-type": f"text/html; charset={charset[1]}"})
