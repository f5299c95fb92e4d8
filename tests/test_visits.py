"""Visits to home pages: what each fault counts as, whose it is and in which phase it ended. Real sockets, real time."""
import asyncio
import errno
import gzip
import json
from datetime import datetime, timedelta

import pytest
from servers import BOTH, V4, V6, Authority, answer, deaf, free_port, listening, run, site
from test_network_http import entries, half, leave, reset, silence
from visiting import HOME, HOST, PAGE, WORDS, to, town, visited, visiting

from pytest_govsite.availability.slots import slot_of
from pytest_govsite.gather.visits import state_of
from pytest_govsite.gather.wire import missing_for
from pytest_govsite.model.availability import SHANGHAI
from pytest_govsite.model.missing import BLAME, Blame, Reason


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def typed(kind: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def short_chunks(writer, head):
    writer.write(answer(b"", "200 OK", "Transfer-Encoding: chunked", length=False) + b"64\r\n<p>only this\r\n")
    await writer.drain()
    writer.close()


async def until_close(writer, head):
    writer.write(answer(PAGE, "200 OK", "Connection: close", length=False))
    await writer.drain()
    writer.close()


async def welcome(writer, head):
    """Sends everybody on to get a cookie first."""
    return HOME if "Cookie: seen=1" in head else answer(b"", "302 Found", "Location: /", "Set-Cookie: seen=1; path=/")


def loop(number: int) -> bytes:
    return to(f"/{number + 1}")


ENDLESS = {f"/{number}": loop(number) for number in range(20)} | {"/": loop(0)}
META = answer(b'<meta http-equiv="refresh" content="0;url=/index/">')
SCRIPT = answer(b"<script>window.location.href='/index/'</script>")
CHALLENGE = answer(b"<script>document.cookie='c=1;path=/';location.href=location.pathname;</script>")
BOMB = gzip.compress(b"<title>t</title><p>" + b"0" * (64 << 20))
HUGE = b"<title>large</title><p>" + b"x" * (21 << 20)
GBK = f"<title>云山县人民政府</title><p>{WORDS}".encode("gbk")

OPEN = {
    "plain": ({"/": HOME}, ""),
    "to the end of the connection": ({"/": until_close}, ""),
    "redirect": ({"/": to("/index/"), "/index/": HOME}, "/index/"),
    "redirect for a cookie": ({"/": welcome}, ""),
    "meta refresh": ({"/": META, "/index/": HOME}, "/index/"),
    "script": ({"/": SCRIPT, "/index/": HOME}, "/index/"),
    "redirect and meta refresh": ({"/": to("/a"), "/a": META, "/index/": HOME}, "/index/"),
    "meta refresh and redirect": ({"/": META, "/index/": to("/b"), "/b": HOME}, "/b"),
    "page that loads itself anew": ({"/": answer(b'<meta http-equiv=refresh content="9;url=/">' + PAGE)}, ""),
    "two pages that load each other": ({"/": META, "/index/": answer(b'<meta http-equiv=refresh content="9;url=/">' + PAGE)}, "/index/"),
    "no Content-Type": ({"/": HOME.replace(b"Content-Type: text/html\r\n", b"")}, ""),
    "GBK without a charset": ({"/": answer(GBK)}, ""),
    "shell of an application": ({"/": answer(b"<div id=app></div><script src=/app.js></script>")}, ""),
    "more than we read": ({"/": answer(HUGE)}, ""),
    "gzip bomb": ({"/": answer(BOMB, "200 OK", "Content-Encoding: gzip")}, ""),
}


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("pages, there", OPEN.values(), ids=OPEN)
def test_open(pages, there, family):
    found, _ = visited(pages, family)
    assert (found.state, found.reason, found.detail, found.answered, found.status) == ("open", None, "", True, 200), found
    assert found.url == (f"http://{HOST}{there}" if there else "")
    assert (found.family, found.kind, found.address) == (family, "visit", V4 if family == 4 else V6)
    assert set(found.seconds) == {"resolve", "connect", "first_byte", "body"} and list(found.seconds)[-1] == "body"
    assert found.slot == slot_of(found.at) and len(found.digest) == 16 and 0 < found.bytes <= 20 << 20


def test_what_is_kept():
    found, _ = visited({"/": answer(GBK)})
    assert (found.title, found.bytes, found.site, found.vantage, found.round) == ("云山县人民政府", len(GBK), "a", "", "")
    assert abs(found.at - datetime.now(SHANGHAI)) < timedelta(minutes=1)
    assert found.digest != visited({"/": HOME})[0].digest == visited({"/": HOME})[0].digest


FAULTS = {  # served, reason, phase in which it ended, whether a whole answer came
    "reset": (reset, Reason.RESET, "first_byte", False),
    "left without an answer": (leave, Reason.RESET, "first_byte", False),
    "body cut short": (half, Reason.RESET, "body", False),
    "chunks cut short": (short_chunks, Reason.RESET, "body", False),
    "no HTTP": (b"SSH-2.0-OpenSSH_9\r\n\r\n", Reason.HTTP_ERROR, "first_byte", False),
    "redirect to itself": (to("/"), Reason.REDIRECT_LOOP, "body", False),
    "redirect to a script": (to("javascript:alert(1)"), Reason.HTTP_ERROR, "body", False),
    "redirect inward": (to("http://192.168.1.5/"), Reason.PRIVATE_ADDRESS, "resolve", False),
    "404": (answer(b"x", "404 Not Found"), Reason.HTTP_ERROR, "body", True),
    "500": (answer(b"x", "500 Oops"), Reason.HTTP_ERROR, "body", True),
    "502": (answer(b"x", "502 Bad Gateway"), Reason.HTTP_ERROR, "body", True),
    "503": (answer(b"x", "503 Busy", "Retry-After: 1"), Reason.HTTP_ERROR, "body", True),
    "error page": (answer(b"<title>502 Bad Gateway</title><center><h1>502 Bad Gateway</h1>"), Reason.ERROR_PAGE, "body", True),
    "nothing": (answer(b""), Reason.ERROR_PAGE, "body", True),
    "JSON": (typed("application/json", b'{"a": 1}'), Reason.NOT_HTML, "body", True),
    "file": (typed("application/octet-stream", b"\0\1\2"), Reason.NOT_HTML, "body", True),
    "412": (answer(b"", "412 Precondition Failed"), Reason.WALL, "body", True),
    "521": (answer(b"", "521 "), Reason.WALL, "body", True),
    "challenge": (CHALLENGE, Reason.WALL, "body", True),
    "403": (answer(b"x", "403 Forbidden"), Reason.WALL, "body", True),
    "403 in words": (answer(b"<title>403 Forbidden</title><h1>403 Forbidden</h1>"), Reason.WALL, "body", True),
    "401": (answer(b"x", "401 Unauthorized"), Reason.WALL, "body", True),
    "429": (answer(b"x", "429 Slow down", "Retry-After: 1"), Reason.WALL, "body", True),
}


@pytest.mark.parametrize("served, reason, phase, answered", FAULTS.values(), ids=FAULTS)
def test_fault(served, reason, phase, answered):
    found, seen = visited({"/": served})
    state = "walled" if reason is Reason.WALL else "failed"
    assert (found.state, found.reason, list(found.seconds)[-1], found.answered) == (state, reason, phase, answered), found
    assert BLAME[reason] is (Blame.WALL if state == "walled" else Blame.SITE)
    assert bool(found.status) == answered
    assert len(seen.heads) == 1, "no hidden second try"
    assert found.detail or reason is Reason.RESET


def test_endless_redirect():
    found, seen = visited(ENDLESS)
    assert (found.state, found.reason, len(seen.heads)) == ("failed", Reason.REDIRECT_LOOP, 11)


def test_page_behind_a_refresh_is_what_counts():
    found, seen = visited({"/": META, "/index/": answer(b"", "500 Oops")})
    assert (found.state, found.status, found.url) == ("failed", 500, f"http://{HOST}/index/")


def test_redirect_to_a_host_that_is_not_there():
    async def ask():
        async with site({"/": to("http://new.a.gov.cn/")}) as (port, _):
            resolve = (*entries(port), f"new.a.gov.cn:80:{V4}:{free_port()}")
            async with visiting(resolve=resolve) as visitor:
                return await visitor.visit(town(), 4), await visitor.visit(town(), 6)
    found, six = run(ask())
    assert (found.state, found.reason, found.detail[:21]) == ("failed", Reason.REFUSED, "跳转到 new.a.gov.cn：")
    assert list(found.seconds)[-1] == "connect"
    assert (six.state, six.reason) == ("void", Reason.UNREACHABLE), "the user gave no IPv6 address of that host"


def test_refused():
    async def ask():
        async with visiting(resolve=tuple(entries(free_port()))) as visitor:
            return [await visitor.visit(town(), family) for family in (4, 6)]
    for found in run(ask()):
        assert (found.state, found.reason, list(found.seconds)) == ("failed", Reason.REFUSED, ["resolve", "connect"])
        assert found.address in BOTH and not found.answered


async def drip(reader, writer):
    """A byte every half second, without an end."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(answer(b"", "200 OK", "Content-Length: 1000", length=False))
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.5)


def late(seconds: float, whole: bytes = HOME):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(seconds)
        writer.write(whole)
        await writer.drain()
    return serve


async def never(reader, writer):
    await reader.read(-1)


async def sends_on(reader, writer):
    """Each of its two answers is in time, both together are not."""
    path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
    await asyncio.sleep(8)
    writer.write(HOME if path == b"/there" else to("/there"))
    await writer.drain()


SLOW = {  # handler, state, phase in which it ended
    "black hole": (never, "failed", "first_byte"),
    "first byte after 14.9 s": (late(14.9), "open", "body"),
    "first byte after 15.1 s": (late(15.1), "failed", "first_byte"),
    "drip": (drip, "failed", "body"),
    "redirect of 8 s to a page of 8 s": (sends_on, "failed", "first_byte"),
}


def test_fifteen_seconds():
    """All at once, so that real time is spent once: also a full backlog, and a handshake that never comes."""
    async def one(visitor, name, port, scheme="http"):
        url = f"{scheme}://{name}.gov.cn/"
        place = f"{name}.gov.cn:{443 if scheme == 'https' else 80}:{V4}:{port}"
        return await visitor.visit(town(url, id=name, resolve=(place,)), 4)

    async def ask():
        async with visiting() as visitor:
            with deaf() as full:
                async with listening(never) as hole:
                    others = (one(visitor, "full", full), one(visitor, "tls", hole, "https"))
                    return await asyncio.gather(*others, *(served(visitor, name, row[0]) for name, row in SLOW.items()))

    async def served(visitor, name, handler):
        async with listening(handler) as port:
            return await one(visitor, f"s{list(SLOW).index(name)}", port)

    full, tls, *slow = run(ask())
    wanted = [("failed", "connect"), ("failed", "tls"), *(row[1:] for row in SLOW.values())]
    for found, (state, phase) in zip([full, tls, *slow], wanted, strict=True):
        assert (found.state, list(found.seconds)[-1]) == (state, phase), found
        if state == "failed":
            assert found.reason is Reason.TIMEOUT and found.detail.startswith(("15 秒，停在", "跳转到")) and not found.answered
            assert 14.9 < found.took < 16, found
    assert slow[1].took < 15


LONG_AGO = datetime(2020, 1, 1)
TLS = {  # certificate, whether the user trusts its authority, detail
    "own authority": ({}, (HOST,), True, None),
    "unknown authority": ({}, (HOST,), False, "证书链不全，或签发机构不受信任"),
    "expired": ({"not_before": LONG_AGO, "not_after": LONG_AGO + timedelta(days=90)}, (HOST,), True, "证书已过期"),
    "other name": ({}, ("www.b.gov.cn",), True, "证书与域名不符"),
}


@pytest.mark.parametrize("more, called, trusted, detail", TLS.values(), ids=TLS)
def test_tls(more, called, trusted, detail, tmp_path):
    authority = Authority()
    known = {"ca_file": authority.file(tmp_path)} if trusted else {}
    found, _ = visited({"/": HOME}, url=f"https://{HOST}/", tls=authority.server(*called, **more), **known)
    if detail is None:
        assert (found.state, set(found.seconds)) == ("open", {"resolve", "connect", "tls", "first_byte", "body"})
    else:
        assert (found.state, found.reason, found.detail, list(found.seconds)[-1]) == ("failed", Reason.TLS, detail, "tls")
        assert not found.answered


def test_redirect_from_http_to_an_expired_certificate(tmp_path):
    authority = Authority()
    tls = authority.server(HOST, not_before=LONG_AGO, not_after=LONG_AGO + timedelta(days=90))
    async def ask():
        async with site({}, tls=tls) as (secure, _), site({"/": to(f"https://{HOST}/")}) as (plain, _):
            resolve = (*entries(plain), *entries(secure, real=443))
            async with visiting(resolve=resolve, ca_file=authority.file(tmp_path)) as visitor:
                return await visitor.visit(town(), 4)
    found = run(ask())
    assert (found.state, found.reason, found.detail) == ("failed", Reason.TLS, f"跳转到 {HOST}：证书已过期")


OURS = {
    errno.ENETUNREACH: "void", errno.ENETDOWN: "void", errno.EADDRNOTAVAIL: "void", errno.EMFILE: "void", errno.ENOBUFS: "void",
    errno.EPERM: "void", errno.EHOSTUNREACH: "failed", errno.ETIMEDOUT: "failed", errno.ECONNRESET: "failed",
}


@pytest.mark.parametrize("number, state", OURS.items(), ids=[errno.errorcode[number] for number in OURS])
def test_faults_of_this_machine_count_for_nothing(number, state):
    assert state_of(missing_for(OSError(number, "as the kernel says it"))) == state


def test_one_at_a_time_on_a_host_and_waiting_is_free():
    busy, most = [], []
    async def page(writer, head):
        busy.append(1)
        most.append(len(busy))
        await asyncio.sleep(0.4)
        busy.pop()
        return HOME
    async def ask():
        async with site({"/": page}) as (port, _), visiting(1.0, resolve=tuple(entries(port))) as visitor:
            return await asyncio.gather(*(visitor.visit(town(), family) for family in (4, 6, 4, 6)))
    samples = run(ask())
    assert [found.state for found in samples] == ["open"] * 4 and max(most) == 1
    assert len({found.at for found in samples}) == 4 and all(0.4 <= found.took < 1 for found in samples)


def test_every_visit_has_a_connection_of_its_own():
    connections = []
    async def serve(reader, writer):
        connections.append(writer)
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(HOME)
    async def ask():
        async with listening(serve) as port, visiting(resolve=tuple(entries(port))) as visitor:
            return [await visitor.visit(town(), 4) for _ in range(3)]
    assert [found.state for found in run(ask())] == ["open"] * 3 and len(connections) == 3


HOSTILE = {
    "title of 5 MB": answer(b"<title>" + "县".encode() * (5 << 20) + b"</title>"),
    "title of controls": answer(b"<title>a\x00\x1b[31m\x07b\r\nc&#xD800;&#x202E;d</title><p>" + WORDS.encode()),
    "never ending title": answer(b"<title>" + b"<" * (1 << 20)),
    "deep": answer(b"<div>" * 200_000),
    "comments": answer(b"<!--" * 200_000),
    "refreshes": answer(b'<meta http-equiv=refresh content="0;url=' * 20_000),
    "half a character in a header": b"HTTP/1.1 302 F\r\nLocation: http://\xff\xfe\r\nContent-Length: 0\r\n\r\n",
    "controls in the type": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\x1b[31m\xff" + b"x" * 5000 + b"\r\nContent-Length: 1\r\n\r\nx",
    "entities": answer(b"&#xD800;&#0;" * 50_000),
}


@pytest.mark.parametrize("served", HOSTILE.values(), ids=HOSTILE)
def test_texts_are_clean_and_bounded(served):
    found, _ = visited({"/": served})
    texts = (found.title, found.detail, found.url, found.address)
    assert all(text.isprintable() and len(text) <= 500 and text.encode() is not None for text in texts)
    assert len(found.title) <= 120 and len(found.detail) <= 200 and json.dumps(texts, ensure_ascii=False).encode()
    assert found.reason is not Reason.CRASH, found.detail


def test_silence_until_the_deadline_of_the_caller():
    found, _ = visited({"/": silence}, deadline=0.5)
    assert (found.state, found.reason, found.detail) == ("failed", Reason.TIMEOUT, "0.5 秒，停在等待应答")
