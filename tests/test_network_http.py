"""Plain HTTP against polite and odd servers: a value for everything, never an exception."""
import asyncio
import gzip
import socket
import struct
import zlib

import pytest
from servers import BOTH, V4, V6, answer, deaf, fetching, free_port, listening, names, run, site

from pytest_govsite.gather.http import Response
from pytest_govsite.gather.way import Way
from pytest_govsite.model.missing import Blame, Missing, Reason

HOST = "www.a.gov.cn"
URL = f"http://{HOST}/"
GBK = "<meta charset=gb2312><p>宣汉县人民政府</p>"


def entries(port: int, hosts=BOTH, name=HOST, real=80) -> list[str]:
    """--resolve entries that lead a name to a loopback port."""
    return [f"{name}:{real}:{f'[{host}]' if ':' in host else host}:{port}" for host in hosts]


def fetched(pages, url=URL, hosts=BOTH, more_names=(), fetcher=None, **options):
    """What a fetch gives from a site with these pages, and what the site saw."""
    async def ask():
        async with site(pages, hosts) as (port, seen):
            resolve = [entry for name in (HOST, *more_names) for entry in entries(port, hosts, name)]
            async with fetching(Way(resolve), **fetcher or {}) as ours:
                return await ours.fetch(url, **options), seen
    return run(ask())


async def reset(writer, head):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def silence(writer, head):
    await asyncio.sleep(60)


async def leave(writer, head):
    writer.close()


async def half(writer, head):
    writer.write(answer(b"x" * 1000)[:500])
    await writer.drain()
    writer.close()


async def stall(writer, head):
    writer.write(answer(b"x" * 1000)[:500])
    await asyncio.sleep(60)


async def slowly(writer, head):
    await asyncio.sleep(0.3)
    return answer()


async def chunked(writer, head):
    writer.write(answer(b"", "200 OK", "Transfer-Encoding: chunked", length=False))
    for part in (b"<p>one", b" two", b" three</p>"):
        writer.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        await writer.drain()
    return b"0\r\n\r\n"


async def until_close(writer, head):
    writer.write(answer(b"<p>to the end</p>", "200 OK", "Connection: close", length=False))
    await writer.drain()
    writer.close()


async def no_head(writer, head):
    return answer(b"", "405 Method Not Allowed") if head.startswith("HEAD") else answer()


ANSWERS = {
    "plain": (answer(), 200, "<p>ok</p>"),
    "chunked": (chunked, 200, "<p>one two three</p>"),
    "until close": (until_close, 200, "<p>to the end</p>"),
    "slow": (slowly, 200, "<p>ok</p>"),
    "gzip": (answer(gzip.compress(b"<p>ok</p>"), "200 OK", "Content-Encoding: gzip"), 200, "<p>ok</p>"),
    "deflate": (answer(zlib.compress(b"<p>ok</p>"), "200 OK", "Content-Encoding: deflate"), 200, "<p>ok</p>"),
    "GBK by meta": (answer(GBK.encode("gbk")), 200, GBK),
    "GBK, header says UTF-8": (answer(GBK.encode("gbk"), "200 OK", "Content-Type: text/html; charset=utf-8"), 200, GBK),
    "not found": (answer(b"gone", "404 Not Found"), 404, "gone"),
    "server error": (answer(b"", "500 Oops"), 500, ""),
    "odd status": (answer(b"", "521 "), 521, ""),
    "redirect without Location": (answer(b"?", "302 Found"), 302, "?"),
    "long header": (answer(b"ok", "200 OK", "X-Long: " + "x" * 20000), 200, "ok"),
    "Chinese bytes in a header": (answer(b"ok", "200 OK", "X-Name: 宣汉"), 200, "ok"),
}


@pytest.mark.parametrize("served, status, text", ANSWERS.values(), ids=ANSWERS)
def test_answer(served, status, text):
    found, _ = fetched({"/": served})
    assert isinstance(found, Response), found
    assert (found.status, found.text, found.url, found.final_url, found.redirects) == (status, text, URL, URL, ())


FAULTS = {
    "reset": (reset, Reason.RESET),
    "left without an answer": (leave, Reason.RESET),
    "half a body": (half, Reason.RESET),
    "silent": (silence, Reason.TIMEOUT),
    "stalled body": (stall, Reason.TIMEOUT),
    "no HTTP": (b"SSH-2.0-OpenSSH_9\r\n\r\n", Reason.HTTP_ERROR),
    "broken gzip": (answer(b"no gzip at all", "200 OK", "Content-Encoding: gzip"), Reason.RESET),
    "redirect to a script": (answer(b"", "302 Found", "Location: javascript:alert(1)"), Reason.HTTP_ERROR),
    "redirect to an app": (answer(b"", "302 Found", "Location: weixin://dl/business"), Reason.HTTP_ERROR),
    "redirect to nowhere": (answer(b"", "302 Found", "Location: http://"), Reason.HTTP_ERROR),
    "redirect to itself": (answer(b"", "302 Found", "Location: /"), Reason.REDIRECT_LOOP),
}


@pytest.mark.parametrize("served, reason", FAULTS.values(), ids=FAULTS)
def test_fault(served, reason):
    found, _ = fetched({"/": served}, deadline=1.0)
    assert isinstance(found, Missing) and found.reason is reason, found
    assert (found.url, found.blame) == (URL, Blame.SITE)


PHASES = {"silent": (silence, "停在等待应答"), "stalled": (stall, "停在接收正文")}


@pytest.mark.parametrize("served, says", PHASES.values(), ids=PHASES)
def test_timeout_says_where_it_happened(served, says):
    assert says in fetched({"/": served}, deadline=0.5)[0].says


def at(resolve, url=URL, family=0, **more):
    """A fetch with nobody, or somebody odd, at the other end."""
    async def ask():
        async with fetching(Way(resolve, nameserver="127.0.0.1:9")) as ours:
            return await ours.fetch(url, family=family, **more)
    return run(ask())


def test_refused():
    found = at(entries(free_port()))
    assert (found.reason, found.says) == (Reason.REFUSED, "服务器拒绝连接")


def test_connection_never_completed():
    with deaf() as port:
        found = at(entries(port, (V4,)), deadline=0.8)
    assert found.reason is Reason.TIMEOUT and "停在建立连接" in found.says


NO_URLS = ["http://", "http:///x", "ftp://a.cn/", "http://a.cn:port/", "http://a b/", "http://[::1/", "javascript:", ""]


@pytest.mark.parametrize("url", NO_URLS)
def test_no_address_at_all(url):
    found = at([], url)
    assert (found.reason, found.url) == (Reason.NO_NAME, url)


@pytest.mark.parametrize("family, address", [(4, V4), (6, V6)])
def test_one_family_with_the_right_host(family, address):
    found, seen = fetched({"/": answer()}, family=family)
    assert found.address == address
    assert f"\r\nHost: {HOST}\r\n" in seen.heads[0]


@pytest.mark.parametrize("only, other", [(V4, 6), (V6, 4)])
def test_site_on_one_family_only(only, other):
    async def ask(family):
        async with site({"/": answer()}, (only,)) as (port, _):
            async with fetching(Way(entries(port))) as ours:
                return await ours.fetch(URL, family=family)
    assert run(ask(other)).reason is Reason.REFUSED
    assert run(ask(0)).address == only, "with both allowed, the other family steps in"


def test_families_do_not_share_connections():
    async def ask():
        async with site({"/": answer()}) as (port, _), fetching(Way(entries(port))) as ours:
            return [(await ours.fetch(URL, family=family)).address for family in (4, 6, 4, 6)]
    assert run(ask()) == [V4, V6, V4, V6]


def test_phases_are_timed():
    found, _ = fetched({"/": slowly})
    assert set(found.seconds) == {"resolve", "connect", "first_byte", "body"}
    assert found.seconds["first_byte"] >= 0.3


def test_connections_are_kept():
    ports = []
    async def page(writer, head):
        ports.append(writer.get_extra_info("peername")[1])
        return answer()
    async def ask():
        async with site({"/": page}) as (port, _), fetching(Way(entries(port))) as ours:
            return [await ours.fetch(URL) for _ in range(5)]
    assert all(found.address for found in run(ask()))
    assert len(set(ports)) == 1


REDIRECTS = {
    "absolute": (f"http://{HOST}/new", 302, "/new"),
    "relative": ("new", 301, "/new"),
    "backslashes": ("\\new", 302, "/new"),
    "other host": ("http://b.gov.cn/new", 307, "/new"),
    "fragment": ("/new#top", 308, "/new"),
    "raw Chinese, UTF-8": ("/新", 302, "/%E6%96%B0"),
    "escaped GBK": ("/%D0%C2?q=%D0%FB", 302, "/%D0%C2?q=%D0%FB"),
    "spaces around": ("  /new  ", 303, "/new"),
}


@pytest.mark.parametrize("location, status, path", REDIRECTS.values(), ids=REDIRECTS)
def test_redirect(location, status, path):
    pages = {"/": answer(b"", f"{status} Moved", f"Location: {location}"), path.split("?")[0]: answer(b"new")}
    found, seen = fetched(pages, more_names=("b.gov.cn",))
    assert (found.text, found.redirects, found.url) == ("new", (URL,), URL)
    assert found.final_url.endswith(path) and seen.paths() == ["/", path]


def test_redirect_in_raw_gbk():
    moved = answer(b"", "302 Moved", "Location: /new").replace(b"new", "新".encode("gbk"))
    pages = {"/": moved, "/%D0%C2": answer(b"new")}
    assert fetched(pages)[0].text == "new"


def test_chain_of_redirects_keeps_every_address():
    pages = {f"/{n}": answer(b"", "302 Found", f"Location: /{n + 1}") for n in range(20)} | {"/3": answer(b"end")}
    found, _ = fetched(pages, f"{URL}0")
    assert found.redirects == (f"{URL}0", f"{URL}1", f"{URL}2") and found.final_url == f"{URL}3"
    del pages["/3"]
    pages["/3"] = answer(b"", "302 Found", "Location: /4")
    assert fetched(pages, f"{URL}0")[0].reason is Reason.REDIRECT_LOOP


def test_redirect_loop_over_two_addresses():
    pages = {"/": answer(b"", "302 Found", "Location: /b"), "/b": answer(b"", "302 Found", "Location: /")}
    found, seen = fetched(pages)
    assert found.reason is Reason.REDIRECT_LOOP and len(seen.heads) == 2


def test_redirect_is_the_answer_when_not_followed():
    found, seen = fetched({"/": answer(b"", "302 Found", "Location: /b")}, follow=False)
    assert (found.status, found.headers["location"], len(seen.heads)) == (302, "/b", 1)


async def gate(writer, head):
    if "Cookie: pass=1" in head:
        return answer(b"inside")
    return answer(b"", "302 Found", "Location: /", "Set-Cookie: pass=1; Path=/")


def test_redirect_to_itself_with_a_cookie_is_no_loop():
    assert fetched({"/": gate})[0].text == "inside"


@pytest.mark.parametrize("keep, asked", [(True, 3), (False, 4)])
def test_cookies_live_as_long_as_wanted(keep, asked):
    async def ask():
        async with site({"/": gate}) as (port, seen), fetching(Way(entries(port)), cookies=keep) as ours:
            await ours.fetch(URL)
            await ours.fetch(URL)
            return len(seen.heads)
    assert run(ask()) == asked


INWARD = (
    "http://127.0.0.1/", "http://127.0.0.1:6379/", "http://10.0.0.1/", "http://[::1]/", "http://localhost/",
    "http://169.254.169.254/latest/", "//192.168.1.1/",
)


@pytest.mark.parametrize("location", INWARD)
def test_redirect_inward_is_not_followed(location):
    found, seen = fetched({"/": answer(b"", "302 Found", f"Location: {location}")})
    assert (found.reason, found.blame, len(seen.heads)) == (Reason.PRIVATE_ADDRESS, Blame.SITE, 1)


def test_dns_rebinding(monkeypatch):
    """A name that led outside when first asked and inside later never gets a connection to the inside."""
    monkeypatch.setattr("pytest_govsite.gather.dns.KEEP_SECONDS", 0)
    reached = []
    async def inside(reader, writer):
        reached.append(writer)
    async def ask():
        zone = {("evil.cn", "A"): iter([("198.18.0.9",), *[(V4,)] * 5]), ("evil.cn", "AAAA"): ()}
        async with names(zone) as (server, _), listening(inside) as port:
            way = Way(nameserver=f"127.0.0.1:{server}")
            first = await way.addresses("evil.cn", port)
            async with fetching(way) as ours:
                return first, await ours.fetch(f"http://evil.cn:{port}/")
    first, then = run(ask())
    assert first[0].address == "198.18.0.9" and then.reason is Reason.PRIVATE_ADDRESS and not reached


def test_head_and_refused_head():
    found, seen = fetched({"/": answer(b"x" * 100)}, method="HEAD")
    assert (found.status, found.body, seen.heads[0][:4]) == (200, b"", "HEAD")
    assert fetched({"/": no_head}, method="HEAD")[0].status == 405


def test_what_we_say_of_ourselves():
    _, seen = fetched({"/": answer()}, fetcher={"contact": "a@b.gov.cn"}, headers={"Referer": "http://b.cn/"})
    head = seen.heads[0]
    assert "User-Agent: Mozilla/5.0 (" in head and "pytest-govsite/1.0 (+a@b.gov.cn)\r\n" in head
    assert "Referer: http://b.cn/" in head and "Accept-Language: zh-CN" in head


def test_large_body_is_cut_off():
    found, _ = fetched({"/": answer(b"x" * 300_000)}, limit=100_000)
    assert (len(found.body), found.truncated) == (100_000, True)
    assert not fetched({"/": answer(b"x" * 100_000)}, limit=100_000)[0].truncated


def test_bomb_is_cut_off():
    bomb = answer(gzip.compress(b"\0" * 50_000_000), "200 OK", "Content-Encoding: gzip")
    found, _ = fetched({"/": bomb}, limit=1_000_000)
    assert found.truncated and len(found.body) == 1_000_000


def flaky(first, then):
    """A page that answers otherwise the second time."""
    pages = iter([first, then, then])
    async def page(writer, head):
        chosen = next(pages)
        return await chosen(writer, head) if callable(chosen) else chosen
    return page


AGAIN = {
    "reset": (reset, 200, 2),
    "busy, come back soon": (answer(b"", "503 Busy", "Retry-After: 0"), 200, 2),
    "too many requests": (answer(b"", "429 Slow down"), 200, 2),
    "busy for long": (answer(b"", "503 Busy", "Retry-After: 3600"), 503, 1),
    "busy, by date": (answer(b"", "503 Busy", "Retry-After: Fri, 20 Nov 2026 10:00:00 GMT"), 200, 2),
    "missing": (answer(b"", "404 Not Found"), 404, 1),
}


@pytest.mark.parametrize("first, status, asked", AGAIN.values(), ids=AGAIN)
def test_second_chance(first, status, asked):
    found, seen = fetched({"/": flaky(first, answer())})
    assert (found.status, len(seen.heads)) == (status, asked)


def test_a_host_gets_a_few_requests_at_once():
    now, most = [], []
    async def page(writer, head):
        now.append(1)
        most.append(len(now))
        await asyncio.sleep(0.02)
        now.pop()
        return answer()
    async def ask():
        async with site({"/": page}) as (port, _), fetching(Way(entries(port)), connections_per_host=3) as ours:
            return await asyncio.gather(*(ours.fetch(f"{URL}?{n}") for n in range(30)))
    assert all(found.status == 200 for found in run(ask()))
    assert max(most) == 3


def test_waiting_for_our_own_slot_is_not_the_sites_time():
    async def ask():
        async with site({"/": slowly}) as (port, _), fetching(Way(entries(port)), connections_per_host=1) as ours:
            return await asyncio.gather(*(ours.fetch(f"{URL}?{n}", deadline=1.2) for n in range(6)))
    assert [found.status for found in run(ask())] == [200] * 6


KINDS = [
    ("text/html", b"", True), ("application/xhtml+xml", b"", True), ("application/pdf", b"<", False),
    (None, b"\n <!doctype", True), (None, b"%PDF", False),
]


@pytest.mark.parametrize("kind, body, html", KINDS)
def test_is_html(kind, body, html):
    assert Response("u", "u", 200, {"content-type": kind} if kind else {}, body).is_html is html
