"""Visits of a test: a Visitor, a site to visit, a home page."""
from contextlib import asynccontextmanager

from servers import BOTH, answer, run, settings, site
from test_network_http import entries

from pytest_govsite.gather.visits import Visitor
from pytest_govsite.model.site import Site

HOST = "www.a.gov.cn"
NOWHERE = "127.0.0.1:9"
WORDS = "欢迎访问云山县人民政府门户网站，这里有政务公开、政务服务、互动交流和云山概况。"
PAGE = f"<meta charset=utf-8><title>云山县人民政府</title><p>{WORDS}</p>".encode()
HOME = answer(PAGE)


@asynccontextmanager
async def visiting(deadline: float = 15.0, **more):
    """A Visitor that is closed at the end."""
    visitor = Visitor(settings(**{"nameserver": NOWHERE} | more), deadline=deadline)
    try:
        yield visitor
    finally:
        await visitor.close()


def town(url: str = f"http://{HOST}/", **more) -> Site:
    return Site(**{"id": "a", "url": url} | more)


def visited(pages, family=4, usual=None, url=f"http://{HOST}/", hosts=BOTH, tls=None, **more):
    """The sample of one visit to a site with these pages, and what the site saw."""
    async def ask():
        async with site(pages, hosts, tls) as (port, seen):
            resolve = entries(port, hosts, real=443 if tls else 80) + entries(port, hosts, "old.a.gov.cn")
            async with visiting(resolve=tuple(resolve), **more) as visitor:
                return await visitor.visit(town(url), family, usual), seen
    return run(ask())


def to(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, f"Location: {location}")
