"""Certificates: what is wrong is said in plain words, and whom the user trusts is trusted."""
from datetime import datetime, timedelta

import pytest
from servers import V4, V6, Authority, answer, fetching, listening, run, site

from pytest_govsite.gather.http import Response
from pytest_govsite.gather.way import Way
from pytest_govsite.model.missing import Blame, Reason

HOST = "www.a.gov.cn"
URL = f"https://{HOST}/"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority():
    return Authority()


def fetched(tls, ca_file=None, **options):
    """What a fetch gives from a TLS server, and what that saw."""
    async def ask():
        async with site({"/": answer()}, tls=tls) as (port, seen):
            way = Way([f"{HOST}:443:{V4}:{port}", f"{HOST}:443:[{V6}]:{port}"])
            async with fetching(way, ca_file=ca_file) as ours:
                return await ours.fetch(URL, **options), seen
    return run(ask())


@pytest.mark.parametrize("family, address", [(4, V4), (6, V6)])
def test_trusted_by_the_users_file(authority, tmp_path, family, address):
    found, seen = fetched(authority.server(HOST), authority.file(tmp_path), family=family)
    assert (found.status, found.address) == (200, address)
    assert seen.names == [HOST], "SNI is the site's name, not its address"
    assert set(found.seconds) == {"resolve", "connect", "tls", "first_byte", "body"}


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_trusted_by_the_environment(authority, tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, authority.file(tmp_path))
    assert isinstance(fetched(authority.server(HOST))[0], Response)


LONG_AGO = datetime(2020, 1, 1)

WRONG = {
    "expired": ({"not_before": LONG_AGO, "not_after": LONG_AGO + timedelta(days=90)}, (HOST,), "证书已过期"),
    "not yet valid": ({"not_before": datetime(2090, 1, 1), "not_after": datetime(2091, 1, 1)}, (HOST,), "证书尚未生效"),
    "other host": ({}, ("www.b.gov.cn",), "证书与域名不符"),
    "parent's wildcard": ({}, ("*.cn",), "证书与域名不符"),
}


@pytest.mark.parametrize("more, names, says", WRONG.values(), ids=WRONG)
def test_wrong_certificate(authority, tmp_path, more, names, says):
    found, _ = fetched(authority.server(*names, **more), authority.file(tmp_path))
    assert (found.reason, found.detail, found.blame, found.url) == (Reason.TLS, says, Blame.SITE, URL)


def test_unknown_authority(authority):
    found, _ = fetched(authority.server(HOST))
    assert (found.reason, found.detail) == (Reason.TLS, "证书链不全，或签发机构不受信任")


def test_self_signed(authority, tmp_path):
    found, _ = fetched(authority.self_signed(tmp_path))
    assert (found.reason, found.detail) == (Reason.TLS, "自签名证书")


async def cut(reader, writer):
    await reader.read(10)


async def plain(reader, writer):
    await reader.read(10)
    writer.write(answer(b"", "400 Bad Request"))


def alert(number: int):
    """Refuses by a fatal TLS alert of RFC 8446 section 6."""
    async def refuse(reader, writer):
        await reader.read(10)
        writer.write(bytes((21, 3, 1, 0, 2, 2, number)))
    return refuse


async def silent(reader, writer):
    await reader.read()


NO_TLS = {
    "cut": (cut, Reason.RESET, ""),
    "plain HTTP on the port": (plain, Reason.TLS, "该端口答的不是 HTTPS"),
    "old versions only": (alert(70), Reason.TLS, "TLS 版本谈不拢"),
    "no cipher in common": (alert(40), Reason.TLS, "加密套件谈不拢"),
    "unknown host": (alert(112), Reason.TLS, "服务器不认这个域名"),
    "silent": (silent, Reason.TIMEOUT, "1 秒，停在TLS 握手"),
}


@pytest.mark.parametrize("handler, reason, detail", NO_TLS.values(), ids=NO_TLS)
def test_no_handshake(handler, reason, detail):
    async def ask():
        async with listening(handler) as port, fetching(Way([f"{HOST}:443:{V4}:{port}"])) as ours:
            return await ours.fetch(URL, deadline=1.0)
    found = run(ask())
    assert (found.reason, found.detail) == (reason, detail)


def test_file_without_certificates_is_refused(tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    for path in (empty, tmp_path / "none.pem"):
        with pytest.raises(ValueError, match=f"CA file .*{path.name}: no readable PEM certificates there"):
            fetched(None, str(path))


def test_folder_of_certificates_is_taken(authority, tmp_path):
    """OpenSSL looks into such a folder by hashed names, so an unhashed file there is not found, but nothing breaks."""
    authority.file(tmp_path)
    assert fetched(authority.server(HOST), str(tmp_path))[0].reason is Reason.TLS
