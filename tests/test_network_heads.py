"""HEAD after HEAD over kept connections: only a plain good answer is believed, and no answer goes to the wrong address."""
import time
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from servers import V4, Authority, answer, deaf, listening, proxy, run, settings, site

from pytest_govsite.gather.heads import FINE, ask_heads
from pytest_govsite.gather.known_links import NAME, KnownLinks
from pytest_govsite.gather.pace import Pace
from pytest_govsite.gather.tried import Tried
from pytest_govsite.gather.way import Way

HOST = "links.gov.cn"


def way_to(port: int, scheme_port: int = 80) -> Way:
    return Way([f"{HOST}:{scheme_port}:{V4}:{port}"], "127.0.0.1:9")


async def heads(way: Way, *paths: str, pace: Pace | None = None, scheme: str = "http", **more) -> dict[str, int]:
    """Status by path."""
    urls = [path if "://" in path else f"{scheme}://{HOST}{path}" for path in paths]
    said = await ask_heads(way, settings(**more), pace or Pace(4), urls, time.monotonic() + 10)
    return {url.removeprefix(f"{scheme}://{HOST}"): status for url, status in said.items()}


WALL = answer(b"", "200 OK", "Set-Cookie: a=1", "Set-Cookie: FSSBBIl1UgzbN7N80S=x; path=/")
WAITING = answer(b"", "202 Accepted")


async def early(writer, head):
    """Hints come before the answer."""
    return b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + answer()


async def with_body(writer, head):
    """A server that sends a body after HEAD, as some do."""
    writer.write(answer(b"<p>not wanted</p>"))


async def leaves(writer, head):
    """A server that goes away without a word."""


PAGES = {
    "/ok": answer(), "/closes": answer(b"", "200 OK", "Connection: close"), "/gone": answer(b"", "404 Not Found"),
    "/away": answer(b"", "302 Found", "Location: /ok"), "/wall": WALL, "/wait": WAITING, "/cookie": answer(b"", "200 OK", "Set-Cookie: a=1"),
    "/early": early, "/body": with_body, "/leaves": leaves,
    "/late": b"<p>what HEAD should not have</p>" + answer(),
}
SAID = [
    ("all that is plain", ["/ok", "/closes", "/ok?1", "/cookie"], {"/ok": 200, "/closes": 200, "/ok?1": 200, "/cookie": 200}),
    ("errors", ["/gone", "/ok"], {"/gone": 404, "/ok": 200}),
    ("redirects, never followed here", ["/away"], {"/away": 302}),
    ("a wall is left to others", ["/wall", "/ok"], {"/ok": 200}),
    ("accepted is not there yet", ["/wait"], {"/wait": 202}),
    ("hints before the answer", ["/early", "/ok"], {"/ok": 200}),
    ("a body after HEAD", ["/body", "/ok"], {"/ok": 200}),
    ("a body that comes late", ["/ok", "/late", "/gone"], {"/ok": 200, "/gone": 404}),
    ("no answer at all", ["/leaves", "/ok"], {"/ok": 200}),
    ("no address", ["http://[::", "/ok"], {"/ok": 200}),
    ("letters that are not ASCII", ["/%E5%85%AC?x=公", "/ok"], {"/%E5%85%AC?x=公": 404, "/ok": 200}),
]


@pytest.mark.parametrize(("paths", "said"), [row[1:] for row in SAID], ids=[row[0] for row in SAID])
def test_what_is_believed(paths, said):
    async def go():
        async with site(PAGES) as (port, _):
            return await heads(way_to(port), *paths)

    assert run(go()) == said


def test_what_is_fine():
    assert 200 in FINE and not FINE & {202, 301, 404, 500}


def test_connections_are_kept_and_few():
    open_now, most = set(), []

    async def serve(reader, writer):
        open_now.add(writer)
        most.append(len(open_now))
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(answer(b""))
        finally:
            open_now.discard(writer)

    async def go():
        async with listening(serve) as port:
            return await heads(way_to(port), *(f"/{number}" for number in range(300)), connections_per_host=3)

    said = run(go())
    assert len(said) == 300 and len(most) == 3


def test_slots_are_shared_with_whoever_asks_that_host():
    async def go():
        pace = Pace(1)
        async with site(PAGES) as (port, seen):
            async with pace.slot(HOST):
                said = await ask_heads(way_to(port), settings(), Pace(1), [f"http://{HOST}/ok"], time.monotonic() + 5)
                waiting = await ask_heads(way_to(port), settings(), pace, [], time.monotonic() + 5)
            return said, waiting, await heads(way_to(port), "/ok", pace=pace)

    said, waiting, then = run(go())
    assert list(said.values()) == [200] and waiting == {} and then == {"/ok": 200}


def test_https_and_its_certificate(tmp_path):
    authority = Authority()

    async def go(ca_file):
        async with site(PAGES, tls=authority.server(HOST)) as (port, _):
            return await heads(way_to(port, 443), "/ok", scheme="https", ca_file=ca_file)

    assert run(go(authority.file(tmp_path))) == {"/ok": 200}
    assert run(go(None)) == {}


def test_private_addresses_are_not_called():
    async def go():
        async with site(PAGES) as (port, seen):
            said = await heads(Way(nameserver="127.0.0.1:9"), f"http://127.0.0.1:{port}/ok", f"http://localhost:{port}/ok")
            return said, seen.heads

    assert run(go()) == ({}, [])


def test_a_proxy_of_the_users_network_is_left_to_others(monkeypatch):
    async def go():
        async with proxy({}) as (port, seen):
            monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
            return await heads(Way(), "/ok"), seen.heads

    assert run(go()) == ({}, [])


def test_silence_costs_its_patience_only():
    async def silent(reader, writer):
        await reader.read()

    async def go():
        async with listening(silent) as port:
            began = time.monotonic()
            said = await heads(way_to(port), "/a", "/b", fetch_deadline=0.3)
            return said, time.monotonic() - began

    said, seconds = run(go())
    assert said == {} and seconds < 5


def test_a_host_that_does_not_answer_the_door(monkeypatch):
    monkeypatch.setattr("pytest_govsite.gather.heads.CONNECT_SECONDS", 0.3)

    async def go(port):
        return await heads(way_to(port), *(f"/{number}" for number in range(50)))

    with deaf() as port:
        assert run(go(port)) == {}


def test_time_ends_it():
    async def slow(writer, head):
        return answer(b"")

    async def go():
        async with site({"/ok": slow}) as (port, _):
            return await ask_heads(way_to(port), settings(), Pace(4), [f"http://{HOST}/ok"], time.monotonic() - 1)

    assert run(go()) == {}


URL = "https://www.gov.cn/"


def test_known_links_are_shared_by_runs_of_one_day_and_network(tmp_path):
    KnownLinks(tmp_path, settings()).write({URL: Tried("dead", "HTTP 404", confirmed=True), "http://a/": Tried("unknown", "?")})
    assert KnownLinks(tmp_path, settings()).read([URL, "http://a/", "http://b/"]) == {URL: Tried("dead", "HTTP 404", confirmed=True)}
    for other in (settings(as_of=date(2026, 11, 21)), settings(nameserver="127.0.0.1:9"), settings(resolve=("a:80:1.2.3.4",))):
        assert KnownLinks(tmp_path, other).read([URL]) == {}


def test_known_links_grow_old(tmp_path, monkeypatch):
    KnownLinks(tmp_path, settings()).write({URL: Tried("ok")})
    later = time.time() + 4 * 3600
    monkeypatch.setattr("pytest_govsite.gather.known_links.time.time", lambda: later)
    assert KnownLinks(tmp_path, settings()).read([URL]) == {}


def test_many_write_at_once(tmp_path):
    def write(number):
        for turn in range(10):
            KnownLinks(tmp_path, settings()).write({f"http://{number}.cn/{turn}/{one}": Tried("ok") for one in range(20)})

    writers = [Thread(target=write, args=(number,)) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    urls = [f"http://{number}.cn/{turn}/{one}" for number in range(6) for turn in range(10) for one in range(20)]
    assert len(KnownLinks(tmp_path, settings()).read(urls)) == len(urls)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_broken_file_costs_nothing(tmp_path, content):
    path = Path(tmp_path, NAME)
    path.parent.mkdir()
    path.write_bytes(content)
    known = KnownLinks(tmp_path, settings())
    assert known.read([URL]) == {}
    known.write({URL: Tried("ok")})
    known.write({URL: Tried("ok")})
    assert known.read([URL]) == {URL: Tried("ok")}


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path):
    (tmp_path / "cache").write_text("a file in the way")
    known = KnownLinks(tmp_path, settings())
    known.write({URL: Tried("ok")})
    assert known.read([URL]) == {}
