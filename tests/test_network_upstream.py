"""Behind the proxy of a user's network, for plain fetches and for browsers alike."""
import base64

import pytest
from servers import V4, Authority, answer, fetching, free_port, proxy, run, site
from test_network_exit import call, open_exit, say

from pytest_govsite.gather.control import VARIABLE, network_works
from pytest_govsite.gather.way import Way
from pytest_govsite.model.missing import Blame, Reason

HOST = "www.a.gov.cn"
PASSWORD = "Basic " + base64.b64encode("张三:p@ss".encode()).decode()
USER = "%E5%BC%A0%E4%B8%89:p%40ss@"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


def behind(environment, use, pages=None, tls=None, user="", wanted="", places=None, proxy_tls=None):
    """Runs use() behind a proxy that leads the site's name to a server; returns its result and what both saw."""
    async def whole():
        async with site(pages or {"/": answer()}, (V4,), tls) as (port, seen):
            known = {f"{HOST}:80": port, f"{HOST}:443": port} if places is None else places
            async with proxy(known, wanted, proxy_tls) as (number, passed):
                for name in ("HTTP_PROXY", "HTTPS_PROXY"):
                    environment.setenv(name, f"{'https' if proxy_tls else 'http'}://{user}127.0.0.1:{number}")
                return await use(), seen, passed
    return run(whole())


def fetch(url=f"http://{HOST}/", **options):
    """A fetch of that address over a way that the environment decides."""
    ca_file = options.pop("ca_file", None)
    async def use():
        async with fetching(Way(), ca_file=ca_file) as ours:
            return await ours.fetch(url, **options)
    return use


def test_plain(environment):
    found, seen, passed = behind(environment, fetch())
    assert (found.status, found.text, found.address) == (200, "<p>ok</p>", ""), "the proxy's address is not the site's"
    assert passed.heads[0].startswith(f"GET http://{HOST}/ HTTP/1.1\r\n")
    assert "Proxy-Authorization" not in passed.heads[0]
    assert f"Host: {HOST}\r\n" in seen.heads[0]


def test_tls_by_tunnel(environment, tmp_path):
    authority = Authority()
    use = fetch(f"https://{HOST}/", ca_file=authority.file(tmp_path))
    found, seen, passed = behind(environment, use, tls=authority.server(HOST))
    assert (found.status, found.address, seen.names) == (200, "", [HOST])
    assert passed.heads[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n")


@pytest.mark.parametrize("user, right", [(USER, True), ("", False), ("a:b@", False)], ids=["right", "none", "wrong"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_password(environment, tmp_path, scheme, user, right):
    authority = Authority()
    tls = authority.server(HOST) if scheme == "https" else None
    use = fetch(f"{scheme}://{HOST}/", ca_file=authority.file(tmp_path))
    found, _, _ = behind(environment, use, tls=tls, user=user, wanted=PASSWORD)
    if right:
        assert found.status == 200
    else:
        assert (found.reason, found.blame, found.detail) == (Reason.PROXY_FAILED, Blame.VANTAGE, "上级代理答复 407")


def test_one_family_cannot_be_chosen(environment):
    found, _, passed = behind(environment, fetch(family=6))
    assert (found.reason, found.detail, found.blame) == (Reason.NO_IPV6_ROUTE, "经上级代理，无法单独验证", Blame.VANTAGE)
    assert not passed.heads


def test_proxy_that_is_not_there(environment):
    environment.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    found = run(fetch()())
    assert (found.reason, found.blame) == (Reason.PROXY_FAILED, Blame.VANTAGE)


def test_proxy_that_cannot_reach_the_host(environment):
    found, _, _ = behind(environment, fetch(f"https://{HOST}/"), places={})
    assert (found.reason, found.detail) == (Reason.UNREACHABLE, "上级代理答复 502")


def test_proxy_of_a_kind_we_cannot_use(environment):
    environment.setenv("HTTP_PROXY", "socks5://127.0.0.1:1080")
    found = run(fetch()())
    assert (found.reason, found.blame) == (Reason.PROXY_FAILED, Blame.VANTAGE)
    assert "HTTP_PROXY: only http://" in found.detail


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://10.0.0.1/", "http://[::1]/", "http://localhost/"])
def test_guard_stands_before_the_proxy(environment, url):
    found, _, passed = behind(environment, fetch(url))
    assert found.reason is Reason.PRIVATE_ADDRESS and not passed.heads


def test_no_proxy_for_what_the_user_named(environment):
    async def use():
        async with site({"/": answer(b"direct")}) as (port, _):
            async with fetching(Way([f"{HOST}:80:127.0.0.1:{port}"])) as ours:
                return await ours.fetch(f"http://{HOST}/")
    found, _, passed = behind(environment, use)
    assert (found.text, found.address) == ("direct", V4) and not passed.heads


def browse(words: bytes, port: int = 80):
    """What a browser gets for these words over the way out."""
    async def use():
        async with open_exit(Way()) as ours:
            try:
                return await say(ours, words, host=HOST, port=port), ours.failures
            except (AssertionError, OSError):
                return None, ours.failures
    return use


GET = f"GET /a?b=1 HTTP/1.1\r\nHost: {HOST}\r\nConnection: keep-alive\r\nAccept: */*\r\n\r\n".encode()
LAST = f"GET /a HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
POST = f"POST /a HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 5\r\n\r\nhello".encode()


def test_browser_plain(environment):
    """Strict proxies tunnel to 443 only, so plain requests are put as proxies want them."""
    (found, failures), seen, passed = behind(environment, browse(GET), {"/a": answer(b"a")}, user=USER, wanted=PASSWORD)
    assert found == answer(b"a") and not failures
    assert passed.heads[0].startswith(f"GET http://{HOST}/a?b=1 HTTP/1.1\r\nHost: {HOST}\r\nAccept: */*\r\n")
    assert passed.heads[0].count("onnection: ") == 1 and "Connection: close" in passed.heads[0]


def test_browser_tls(environment):
    """Bytes of a handshake pass untouched; the server here is a plain one, which is enough to see them."""
    use, pages = browse(GET, 443), {"/a": answer(b"a")}
    (found, failures), seen, passed = behind(environment, use, pages, user=USER, wanted=PASSWORD)
    assert found == answer(b"a") and seen.heads[0] == GET.decode() and not failures
    assert passed.heads[0].startswith(f"CONNECT {HOST}:443 HTTP/1.1\r\n")


def test_browser_opens_in_advance_and_says_nothing(environment):
    (found, failures), _, passed = behind(environment, browse(b""))
    assert found == b"" and not failures and not passed.heads


def test_browser_sends_a_form(environment):
    (found, _), _, passed = behind(environment, browse(POST), {"/a": answer(b"thanks")})
    assert found == answer(b"thanks") and passed.heads[0].startswith(f"POST http://{HOST}/a HTTP/1.1")


def test_browser_asks_again_on_the_same_connection(environment):
    """A proxied connection carries one request; the browser sees it end and opens another."""
    async def use():
        async with open_exit(Way()) as ours:
            _, reader, writer = await call(ours, HOST)
            writer.write(GET)
            first = await reader.readexactly(len(answer(b"a")))
            writer.write(GET)
            try:
                return first, await reader.read()
            except ConnectionResetError:
                return first, b""
    found, _, passed = behind(environment, use, {"/a": answer(b"a")})
    assert found == (answer(b"a"), b"") and len(passed.heads) == 1


def test_browser_and_a_refusing_proxy(environment):
    (found, failures), _, _ = behind(environment, browse(GET, 443), wanted=PASSWORD)
    assert found is None and failures == {f"{HOST}:443": Reason.PROXY_FAILED}


def test_browser_and_a_proxy_that_is_not_there(environment):
    environment.setenv("HTTP_PROXY", f"http://127.0.0.1:{free_port()}")
    found, failures = run(browse(GET)())
    assert b"X-Govsite-Reason: proxy-failed" in found and failures == {f"{HOST}:80": Reason.PROXY_FAILED}


def test_browser_guard(environment):
    async def use():
        async with open_exit(Way()) as ours:
            return (await call(ours, "127.0.0.1", 80))[0], ours.failures
    (code, failures), _, passed = behind(environment, use)
    assert code == 2 and failures == {"127.0.0.1:80": Reason.PRIVATE_ADDRESS} and not passed.heads


def test_proxy_over_tls(environment, tmp_path):
    authority = Authority()
    environment.setenv("SSL_CERT_FILE", authority.file(tmp_path))
    (found, failures), _, passed = behind(
        environment, browse(LAST, 443), {"/a": answer(b"a")}, proxy_tls=authority.server("127.0.0.1"),
    )
    assert found == answer(b"a") and passed.heads[0].startswith("CONNECT ")


@pytest.mark.parametrize("reachable", [True, False])
def test_control_probe_goes_through_the_proxy(environment, reachable):
    environment.setenv(VARIABLE, f"{HOST}:443")
    found, _, passed = behind(environment, lambda: network_works(Way()), places=None if reachable else {})
    assert found is reachable and passed.heads[0].startswith(f"CONNECT {HOST}:443")
