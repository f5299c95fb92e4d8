"""Answers HTTP requests: finds the host, then the resource, then spoils it where a fault is planted."""
import asyncio
import re
import socket
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from aiohttp import web

from pytest_govsite.demo.catalogue import catalogue, missing
from pytest_govsite.demo.county import HOST, County
from pytest_govsite.demo.faults import spoil
from pytest_govsite.demo.hindrances import hindered
from pytest_govsite.demo.outside import OVER_HTTP, hosts, outside
from pytest_govsite.demo.resource import Resource

LOCAL = ("127.0.0.1", "localhost", "::1")
ELSEWHERE = "/_hosts/"  # where a visitor without our name server finds the other hosts
OUTER_ADDRESS = re.compile(r"(?<![^\"'(=\s])(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?=[/\"'?#\s]|$)")
NO_PAGE = re.compile(r"\.(?:png|jpg|gif|svg|ico|css|js|docx?|xlsx?|pdf|zip)$")
GUARD = """<html><head><meta charset="utf-8"><title>附件下载</title></head>
<body><form>请输入验证码后下载：<input name="codeValue"></form></body></html>"""
IMPATIENT = "<html><head><title>429</title></head><body><h1>429 Too Many Requests</h1></body></html>"

LOST = Resource("lost", "<html><head><title>404</title></head><body>404 Not Found</body></html>", status=404)


class Front:
    """The front door of all hosts.

    county   the site's content; faults: ids of those that are planted.
    """

    def __init__(self, county: County, faults: frozenset[str]) -> None:
        self._county = county
        self._faults = faults
        self._pages = catalogue(county)
        self._other_names = other_names(county)
        self._asked: set[str] = set()

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answers one request."""
        url = urlsplit(f"//{request.host}")
        host = (url.hostname or "").lower()
        if host in LOCAL:
            return await self._look(request)
        if not request.secure and host not in OVER_HTTP:
            return _redirect(301, f"https://{host}{request.path_qs}")
        return await self._send(request, self._find(host, request, _is_v6(request)), host)

    def _find(self, host: str, request: web.BaseRequest, v6: bool, path: str = "") -> Resource:
        path = path or request.path
        if host == self._county.host:
            return hindered(self._faults, path, v6) or self._page(path, request.query)
        if host in self._other_names:
            return Resource("moved", status=301, location=self._county.base + path)
        return outside(host, path) or LOST

    def _page(self, path: str, query: Mapping[str, str]) -> Resource:
        path = path.partition(";jsessionid=")[0]
        numbered = f"{path}?wbfileid={query['wbfileid']}" if "wbfileid" in query else path
        found = self._pages.get(numbered)
        if found:
            return found
        lost = missing(self._county)
        soft = "links.1:soft-404" in self._faults and not NO_PAGE.search(path)
        return replace(lost, status=200) if soft else lost

    async def _send(self, request: web.BaseRequest, found: Resource, host: str, local: str = "") -> web.StreamResponse:
        if found.delay:
            await asyncio.sleep(found.delay)  # being slow is what this resource is for
        if found.location:
            return _redirect(found.status, _localised(found.location, local, host) if local else found.location)
        if request.method == "HEAD" and found.head:
            return web.Response(status=found.head)
        if found.once and request.method == "GET" and request.path not in self._asked:
            self._asked.add(request.path)
            return web.Response(text=IMPATIENT, status=found.once, headers={"Content-Type": "text/html", "Retry-After": "1"})
        if found.referred and not request.headers.get("Referer"):
            found = Resource("guard", GUARD)
        headers = {"Content-Type": found.type} | ({"Set-Cookie": found.cookie} if found.cookie else {})
        return web.Response(body=await self._body(request, found, host, local), status=found.status, headers=headers)

    async def _body(self, request: web.BaseRequest, found: Resource, host: str, local: str) -> bytes:
        body = found.body(request.query) if callable(found.body) else found.body
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
        return await self._send(request, self._find(host, request, v6=False, path=path), host, local=self._county.host)


def known_hosts(county: County) -> frozenset[str]:
    """All hosts that are answered here."""
    return hosts() | {county.host} | other_names(county)


def other_names(county: County) -> frozenset[str]:
    """Further hosts of the site itself; they lead to the first."""
    return frozenset({HOST, county.host.removeprefix("www.")}) - {county.host}


def _localised(text: str, site: str, host: str) -> str:
    """The text with all addresses of other hosts led below our own."""
    if host != site and text.startswith("/") and not text.startswith("//"):
        return f"{ELSEWHERE}{host}{text}"
    return OUTER_ADDRESS.sub(lambda found: "" if found[1] == site else f"{ELSEWHERE}{found[1]}", text)


def _redirect(status: int, location: str) -> web.Response:
    return web.Response(status=status, headers={"Location": location})


def _is_v6(request: web.BaseRequest) -> bool:
    sock = request.transport.get_extra_info("socket") if request.transport else None
    return bool(sock) and sock.family == socket.AF_INET6
