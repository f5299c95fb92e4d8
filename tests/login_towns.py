"""Invented sites with accounts, on loopback: hosts, forms, cookies, and a visitor's posts."""
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from servers import answer, listening
from side_by_side import SideBySide
from towns import AS_OF, HOST, WORDS, article, page, rows

from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.site import Site

HD, SSO, ZWFW, XF, OA = "hd.town.gov.cn", "sso.shi.gov.cn", "www.zwfw.gov.cn", "xf.shi.gov.cn", "oa.town.gov.cn"
HOSTS = (HOST, "town.gov.cn", HD, SSO, ZWFW, XF, OA, "www.advert.com")
USER, PASSWORD = "ceshi_yonghu_7", "Mi&ma#2026测"
AT_ONCE = 4


@dataclass(frozen=True)
class Request:
    """What a browser asked: said holds query and form together."""

    host: str
    path: str
    method: str
    said: dict[str, str]
    cookies: dict[str, str]


Pages = dict[str, str | bytes | Callable[[Request], str | bytes]]


def login_form(title: str = "用户登录", register: str = "", extra: str = "", action: str = "", method: str = "post", head: str = "") -> str:
    """A page with a form of name and password."""
    link = f'<a href="{register}">注册新用户</a>' if register else ""
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body><h2>{title}</h2><form action="{action}" method="{method}">'
        f'<p>用户名 <input type="text" name="name"></p><p>密码 <input type="password" name="word"></p>{extra}'
        f'<p><button type="submit">登录</button> {link}</p></form></body></html>'
    )


def register_form(title: str = "用户注册") -> str:
    """A page with a form of name, password and password again."""
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><h2>{title}</h2><form method="post">'
        '<p>用户名 <input name="name"></p><p>密码 <input type="password" name="a"></p><p>确认密码 <input type="password" name="b"></p>'
        '<button>立即注册</button></form></body></html>'
    )


def moved(to: str, *cookies: str) -> bytes:
    """A redirect."""
    return answer(b"", "302 Found", f"Location: {to}", *(f"Set-Cookie: {cookie}; Path=/" for cookie in cookies))


def block(name: str, url: str, body: str) -> str:
    """The page of a column."""
    return page(f"<h2>{name}</h2><p>{WORDS}</p>{body}", name, trail=((name, url),), menu=MENU)


BLOCKS = {"互动交流": "/hdjl/", "县长信箱": "/xzxx/", "依申请公开": "/ysqgk/", "办事服务": "/bsfw/"}
MENU = {"要闻": "/yw/", "走进我县": "/zjwx/"} | BLOCKS
NEWS = [(f"/yw/t2026111{n}_{n}.html", f"关于民生保障有关事项的情况之{n}", f"2026-11-1{n}") for n in (5, 8)]


def site(**blocks: str) -> Pages:
    """A healthy site; blocks: what stands in the column at /<name>/. Other columns are few: each is opened, none has a login."""
    made: Pages = {"/": page(f"<p>{WORDS}</p>", menu=MENU, foot=blocks.pop("home", ""))}
    made |= {url: article(title, f"发布时间：{shown} 09:00　来源：县政府办") for url, title, shown in NEWS}
    made |= {"/yw/": block("要闻", "/yw/", rows(*NEWS)), "/zjwx/": block("走进我县", "/zjwx/", f"<p>{WORDS * 4}</p>")}
    made |= {url: block(name, url, blocks.pop(url.strip("/"), "")) for name, url in BLOCKS.items()}
    assert not blocks, blocks
    return made


@dataclass
class Asked:
    """What the servers were asked."""

    requests: list[Request] = field(default_factory=list)

    def sent(self) -> list[Request]:
        """What was sent with a form."""
        return [request for request in self.requests if request.method == "POST" or "word" in request.said]

    def of(self, host: str) -> list[str]:
        """Paths that a host was asked for."""
        return [request.path for request in self.requests if request.host == host]


@asynccontextmanager
async def serving(pages: Pages):
    """Serves pages by "host/path", else by path: a text, bytes of a whole answer, or a function of the Request."""
    asked = Asked()

    async def serve(reader, writer):
        while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
            request = await _read(reader, head)
            asked.requests.append(request)
            found = pages.get(f"{request.host}{request.path}", pages.get(request.path) if request.host in (HOST, "town.gov.cn") else None)
            found = found(request) if callable(found) else found
            whole = _whole(found)
            writer.write(whole.split(b"\r\n\r\n")[0] + b"\r\n\r\n" if request.method == "HEAD" else whole)
            await writer.drain()
            if "\r\nconnection: close" in head.lower():
                return

    async with listening(serve) as port:
        yield port, asked


async def _read(reader, head: str) -> Request:
    method, target, _ = head.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])}
    body = (await reader.readexactly(int(headers.get("content-length", 0)))).decode()
    parts = urlsplit(target)
    said = {name: values[0] for text in (parts.query, body) for name, values in parse_qs(text).items()}
    cookies = dict(pair.strip().partition("=")[::2] for pair in headers.get("cookie", "").split(";") if "=" in pair)
    return Request(headers.get("host", "").partition(":")[0], parts.path, method, said, cookies)


def _whole(found) -> bytes:
    if found is None:
        return answer("页面不存在".encode(), "404 Not Found")
    return found if isinstance(found, bytes) else answer(found.encode("utf-8", "replace"), "200 OK", "Content-Type: text/html; charset=utf-8")


class Visitor(SideBySide):
    """Gathers the accounts of many sites."""

    def __init__(self, folder) -> None:
        super().__init__(folder, AT_ONCE)

    def begin(self, id: str, pages: Pages) -> Future:
        """Serves the pages and looks: a future of (Accounts or Missing, Asked)."""
        return self.submit(self._look, Site(id, f"http://{HOST}/"), pages)

    async def _look(self, site: Site, pages: Pages):
        async with serving(pages) as (port, asked):
            return await self.see(site, "accounts", settings(port)), asked


def settings(port: int) -> Settings:
    """The site and all that it leads to live at that port."""
    resolve = tuple(f"{name}:80:127.0.0.1:{port}" for name in HOSTS)
    return Settings(AS_OF, resolve=resolve, nameserver="127.0.0.1:9", fetch_deadline=5.0)
