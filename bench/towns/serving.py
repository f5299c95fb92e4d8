"""Serves the towns and all that they link to on loopback: one HTTP server, one name server."""
import asyncio
from collections import Counter
from collections.abc import Callable
from io import BytesIO

from aiohttp import web
from PIL import Image, ImageDraw

from towns import addresses, boxes, dress, engine, logins, naming, oddities, pages, searching
from towns.plan import Town

ERROR = "<h2>出错了</h2><p>您访问的页面不存在或已被删除，请检查网址是否正确，或返回首页继续浏览。</p>"
JIUCUO = """(function () { var code = document.getElementById("_jiucuo_").getAttribute("sitecode");
document.getElementById("_jiucuo_").insertAdjacentHTML("afterend", "<span id='_span_jiucuo'><img width='80' height='40' onclick=\\"Link('" + code + "')\\" style='cursor:pointer' src='http://%s/exposure/images/jiucuo.png?v=" + code + "'/></span>"); })();
function Link(code) { window.open("http://%s/exposure/jiucuo.html?site_code=" + code + "&url=" + encodeURIComponent(location.href)); }"""
SLOW_SECONDS = 5.0


class World:
    """All towns and their surroundings while the `async with` lasts, on one port of 127.0.0.1 and ::1."""

    def __init__(self, towns: list[Town]) -> None:
        self.towns = {town.host: town for town in towns}
        self._pages = {town.host: _catalogue(town) for town in towns}
        self._hosts = self._all_hosts(towns)
        self._asked: Counter[str] = Counter()
        self._runner = web.ServerRunner(web.Server(self.answer), access_log=None)
        self._names = naming.NameServer(self._hosts, {town.host for town in towns if "ipv6:no-aaaa" in town.faults})
        self.port = 0

    @property
    def resolve(self) -> tuple[str, ...]:
        """Entries for hosts that have an address over IPv6 where nobody listens."""
        silent = [town.host for town in self.towns.values() if "ipv6:refused" in town.faults]
        return tuple(entry for host in silent for entry in (f"{host}:80:127.0.0.1:{self.port}", f"{host}:80:[::1]:9"))

    @property
    def nameserver(self) -> str:
        return f"127.0.0.1:{self._names.port}"

    async def __aenter__(self) -> "World":
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        await web.TCPSite(self._runner, "::1", self.port).start()
        await self._names.start()
        return self

    async def __aexit__(self, *error) -> None:
        self._names.close()
        await self._runner.cleanup()

    def _all_hosts(self, towns: list[Town]) -> frozenset[str]:
        known = set(oddities.KNOWN)
        for town in towns:
            known |= {town.host, town.domain, town.lower, *(f"{name}.{town.domain}" for name in ("search", "xzxx", "oa", "ns1", "ns2"))}
        return frozenset(known)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        host = (request.host or "").partition(":")[0].lower()
        sent = (await request.read()).decode("utf-8", "replace")
        key = f"{host}{request.raw_path}"
        self._asked[key] += 1
        answer = await self._by_host(host, request, sent, self._asked[key] - 1)
        if answer is None:
            request.transport.abort()
            return web.Response()
        return answer

    async def _by_host(self, host: str, request: web.BaseRequest, sent: str, times: int) -> web.StreamResponse | None:
        if host == oddities.ABROAD:
            await asyncio.sleep(SLOW_SECONDS if request.path == "/slow.html" else 0)
            return oddities.abroad(request, times)
        if host in ("zfwzgl.www.gov.cn", "pucha.kaipuyun.cn") and request.path.endswith(".js"):
            return web.Response(text=JIUCUO % (host, host), content_type="application/javascript")
        if request.path.endswith((".png", ".gif", ".ico")) and "map_old" not in request.path:
            return picture(request.path)
        if host.startswith("sso."):
            return logins.province(request, sent)
        if host.startswith(("xzxx.", "xf.", "oa.")):
            return logins.apart({"xzxx": "县长信箱", "xf": "网上信访", "oa": "协同办公"}[host.split(".")[0]], request)
        for town in self.towns.values():
            if host == town.lower:
                return self._lower(town, request)
            if host == f"search.{town.domain}":
                return await searching.answer(town, request, sent, self._asked)
            if host in (town.host, town.domain):
                return await self._town(town, request, sent, times)
        return oddities.other(host, request)

    def _lower(self, town: Town, request: web.BaseRequest) -> web.Response:
        rows = [engine.lower_story(town, n) for n in range(len(engine.LOWER))]
        found = next((row for row in rows if row[1] == request.path), None)
        if request.path == "/":
            return html(pages.lower_home(town, rows))
        return html(pages.lower_article(town, found)) if found else html(ERROR, 404)

    async def _town(self, town: Town, request: web.BaseRequest, sent: str, times: int) -> web.StreamResponse | None:
        if request.transport is None:  # whoever asked has gone
            return None
        over_v6 = ":" in str(request.transport.get_extra_info("sockname")[0])
        if over_v6 and (broken := _over_ipv6(town, request, self._asked)):
            return None if broken == "closed" else html("<title>邮件系统</title><h1>请登录邮件系统</h1>" + "内部使用，严禁外传。" * 30)
        if request.path in searching.paths(town):
            return await searching.answer(town, request, sent, self._asked)
        if answer := logins.own(town, request):
            return answer
        return await self._plain(town, request, times)

    async def _plain(self, town: Town, request: web.BaseRequest, times: int) -> web.Response:
        path = request.path
        made = self._pages[town.host].get(path if town.vendor != "asp" or "?" not in request.raw_path else request.raw_path) or self._pages[town.host].get(path)
        if made:
            return encoded(town, made(), path)
        if path.startswith("/slow/"):
            await asyncio.sleep(SLOW_SECONDS)
        if path.startswith("/first503/") and times == 0:
            return html("服务繁忙", 503)
        if path == "/redirect/to/home":
            return oddities.moved("/")
        if path == "/down/hotlink.doc":
            return web.Response(body=oddities.FILE, content_type="application/msword") if town.host in request.headers.get("referer", "") else html(ERROR, 404)
        if path == "/head404/own.xls" and request.method == "HEAD":
            return html("", 404)
        if path.startswith("/old/"):
            return html("<h1>HTTP Status 500</h1><pre>java.lang.NullPointerException</pre>", 500)
        if path.startswith(("/slow/", "/first503/", "/zt/kg", "/zt/中文", "/search-tips/", "/big/", "/head404/", "/images/real", "/images/banner")):
            return html(dress.page(town, "专题", f"<h2>专题</h2>{pages.BODY}", "topic"))
        if path == "/search" and town.vendor == "spa":
            return html(dress.page(town, "搜索", "<p>请输入检索词</p>", "search"))
        if path.startswith("/static/app-search"):
            return web.Response(text=boxes.APP, content_type="application/javascript")
        if "soft-404" in town.faults and not path.startswith(("/js/", "/css/")):
            return encoded(town, dress.page(town, "出错了", ERROR, "error"))
        return html(ERROR, 404)


def _over_ipv6(town: Town, request: web.BaseRequest, asked: Counter[str]) -> str:
    """What goes wrong over IPv6: "closed" connections, another site ("other"), or nothing."""
    if "ipv6:closed" in town.faults:
        return "closed"
    if "ipv6:flaky" in town.faults:
        asked[f"v6 {town.host}"] += 1
        return "closed" if asked[f"v6 {town.host}"] % 3 == 0 or request.path.startswith("/zwgk/") else ""
    return "other" if "ipv6:other" in town.faults else ""


def _catalogue(town: Town) -> dict[str, Callable[[], str]]:
    made: dict[str, Callable[[], str]] = {"/": lambda: pages.home(town)}
    for number in range(len(dress.TEXTS)):
        made[addresses.standing(number)] = lambda n=number: pages.text(town, n)
    for title, body in (("县长信箱", logins.letters), ("网上咨询", logins.questions), ("依申请公开", logins.disclosure)):
        labels = {"ColumnName": title, "ColumnDescription": title, "ColumnKeywords": title, "ColumnType": title if title == "依申请公开" else "咨询投诉"}
        made[logins.PLACES[title]] = lambda b=body, t=title, labels=labels: dress.page(town, t, b(town), "text", labels)
    made["/ss/index.html"] = lambda: dress.page(town, "站内搜索", boxes.search_page(town), "search")
    made["/ss/box.html"] = lambda: f'<html><body style="margin:4px">{boxes.form(town, target="_blank")}</body></html>'
    for channel in town.channels:
        made[addresses.listing(town, channel)] = lambda c=channel: pages.column(town, c)
        made[addresses.feed(channel)] = lambda c=channel: pages.feed(town, c)
        for story in channel.stories:
            made[addresses.article(town, story)] = lambda c=channel, s=story: pages.article(town, c, s)
    return made


def encoded(town: Town, text: str, path: str = "") -> web.Response:
    """A page in the town's character set; one of them does not say which in the header."""
    if path.startswith("/api/"):
        return web.Response(body=text.encode(), headers={"content-type": "application/json"})
    if town.vendor == "php":
        return web.Response(body=text.encode("gb18030"), headers={"content-type": "text/html"})
    return html(text)


def html(text: str, status: int = 200) -> web.Response:
    """A page."""
    return web.Response(body=text.encode(), status=status, headers={"content-type": oddities.HTML})


def picture(path: str) -> web.Response:
    """A picture; that of a search button says so in drawing alone."""
    image = Image.new("RGB", (40, 40) if "search" in path else (180, 40), "#bcd")
    draw = ImageDraw.Draw(image)
    if "head_r" in path or "search" in path or "btn_ss" in path:
        draw.ellipse((8, 8, 26, 26), outline="black", width=3)
        draw.line((24, 24, 34, 34), fill="black", width=3)
        draw.text((50, 14), "SEARCH", fill="black")
    stream = BytesIO()
    image.save(stream, "PNG")
    return web.Response(body=stream.getvalue(), content_type="image/png")

