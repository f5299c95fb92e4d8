"""Answers HTTP requests: finds the host, then the resource, then spoils it where a fault is planted."""
import asyncio
import re
import socket
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

from pytest_govsite.demo import below, logins, search
from pytest_govsite.demo.catalogue import catalogue, missing
from pytest_govsite.demo.county import HOST, County
from pytest_govsite.demo.faults import spoil
from pytest_govsite.demo.hindrances import BUSY, hindered
from pytest_govsite.demo.outside import OVER_HTTP, hosts, outside
from pytest_govsite.demo.resource import Resource

LOCAL = ("127.0.0.1", "localhost", "::1")
ELSEWHERE = "/_hosts/"  # where a visitor without our name server finds the other hosts
OUTER_ADDRESS = re.compile(r"(?<![^\"'(=\s])(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/\"'?#\s]|$)")
NO_PAGE = re.compile(r"\.(?:png|jpg|gif|svg|ico|css|js|docx?|xlsx?|pdf|zip)$")
GUARD = """<html><head><meta charset="utf-8"><title>附件下载</title></head>
<body><form>请输入验证码后下载：<input name="codeValue"></form></body></html>"""
IMPATIENT = "<html><head><title>429</title></head><body><h1>429 Too Many Requests</h1></body></html>"

REMEMBERED = 1000  # texts; a visitor asks for a page some five times
SHARED = ("/search/", "/js/", "/css/", "/images/")  # what the search under another name has
SOFT = frozenset({"links.1:soft-404", "links.2:soft-404"})
Said = Mapping[str, str]

LOST = Resource("lost", "<html><head><title>404</title></head><body>404 Not Found</body></html>", status=404)


class Front:
    """The front door of all hosts.

    county   the site's content; faults: ids of those that are planted.
    """

    def __init__(self, county: County, faults: frozenset[str]) -> None:
        self._county = county
        self._faults = faults
        self._pages = catalogue(county)
        self._below = dict(below.pages(county.as_of))
        self._other_names = other_names(county)
        self._asked: set[str] = set()
        self._body = lru_cache(REMEMBERED)(self._make_body)

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers one request."""
        url = urlsplit(f"//{request.host}")
        host = (url.hostname or "").lower()
        if host in LOCAL:
            return await self._look(request)
        if not request.secure and host not in OVER_HTTP:
            return _redirect(301, f"https://{host}{request.path_qs}")
        said = await _said(request)
        return await self._send(request, self._find(host, request.path, request, said), host, said)

    def _find(self, host: str, path: str, request: web.BaseRequest, said: Said) -> Resource:
        if host == self._county.host or (host == search.HOST and path.startswith(SHARED)):
            hindrance = hindered(self._faults, path, _is_v6(request))
            return hindrance or logins.answer(self._county, host, path, said, request.cookies) or self._page(path, said)
        if host in self._other_names:
            return Resource("moved", status=301, location=self._county.base + path)
        if host == below.HOST:
            return self._below.get(path, LOST)
        return logins.answer(self._county, host, path, said, request.cookies) or outside(host, path) or LOST

    def _page(self, path: str, query: Said) -> Resource:
        path = path.partition(";jsessionid=")[0]
        numbered = f"{path}?wbfileid={query['wbfileid']}" if "wbfileid" in query else path
        found = self._pages.get(numbered)
        if found:
            return found
        lost = missing(self._county)
        soft = self._faults & SOFT and not NO_PAGE.search(path)
        return replace(lost, status=200) if soft else lost

    async def _send(
        self, request: web.BaseRequest, found: Resource, host: str, said: Said, local: str = ""
    ) -> web.StreamResponse:
        if found.delay:
            await asyncio.sleep(found.delay)  # being slow is what this resource is for
        if found.location:
            to = found.location(said) if callable(found.location) else found.location
            return _redirect(found.status, _localised(to, local, host) if local else to, found.cookie)
        if request.method == "HEAD" and found.head:
            return web.Response(status=found.head)
        if found.once and self._is_first(request, found):
            headers = {"Content-Type": "text/html", "Retry-After": "1"}
            return web.Response(text=IMPATIENT if found.once < 500 else BUSY, status=found.once, headers=headers)
        if found.referred and not request.headers.get("Referer"):
            found = Resource("guard", GUARD)
        if found.browsers and "Sec-Fetch-Mode" not in request.headers:
            found = LOST
        headers = {"Content-Type": found.type} | ({"Set-Cookie": found.cookie} if found.cookie else {})
        body = self._body(found, host, tuple(sorted(said.items())), local)
        return web.Response(body=body, status=found.status, headers=headers)

    def _is_first(self, request: web.BaseRequest, found: Resource) -> bool:
        """Who asks for patience does so for pages; where the whole server starts up, every request counts."""
        place = f"{request.host}{request.path}"
        if place in self._asked or (request.method != "GET" and found.once < 500):
            return False
        self._asked.add(place)
        return True

    def _make_body(self, found: Resource, host: str, said: tuple[tuple[str, str], ...], local: str) -> bytes:
        """The same for the same question: nothing on the site depends on the hour or on chance."""
        body = found.body(dict(said)) if callable(found.body) else found.body
        if isinstance(body, bytes):
            return body
        text = spoil(body, found.kind, self._faults)
        return (_localised(text, local, host) if local else text).encode(found.charset, "xmlcharrefreplace")

    async def _look(self, request: web.BaseRequest) -> web.StreamResponse:
        """For somebody who looks at the site without our name server: all hosts stand below one address."""
        host, path = self._county.host, request.path
        if path.startswith(ELSEWHERE):
            host, _, rest = path.removeprefix(ELSEWHERE).partition("/")
            path = f"/{rest}"
        said = await _said(request)
        return await self._send(request, self._find(host, path, request, said), host, said, local=self._county.host)


def known_hosts(county: County) -> frozenset[str]:
    """All hosts that are answered here."""
    return hosts() | logins.HOSTS | {county.host, search.HOST, below.HOST} | other_names(county)


def other_names(county: County) -> frozenset[str]:
    """Further hosts of the site itself; they lead to the first."""
    return frozenset({HOST, county.host.removeprefix("www.")}) - {county.host}


def _localised(text: str, site: str, host: str) -> str:
    """The text with all addresses of other hosts led below our own."""
    if host != site and text.startswith("/") and not text.startswith("//"):
        return f"{ELSEWHERE}{host}{text}"
    return OUTER_ADDRESS.sub(lambda found: "" if found[1] == site else f"{ELSEWHERE}{found[1]}", text)


def _redirect(status: int, location: str, cookie: str = "") -> web.Response:
    return web.Response(status=status, headers={"Location": location} | ({"Set-Cookie": cookie} if cookie else {}))


async def _said(request: web.BaseRequest) -> Said:
    """What the query says, and the form that was sent."""
    form = await request.post() if request.method == "POST" else {}
    return {name: str(value) for name, value in (*request.query.items(), *form.items())}


def _is_v6(request: web.BaseRequest) -> bool:
    sock = request.transport.get_extra_info("socket") if request.transport else None
    return bool(sock) and sock.family == socket.AF_INET6
