"""Whose certificates are believed, and what to tell about one that is not."""
import os
import ssl
from collections.abc import Callable
from functools import cache

import certifi

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
LEGACY_SERVER_CONNECT = 0x4  # ssl.OP_LEGACY_SERVER_CONNECT from Python 3.12 on

BY_CODE = {  # X509_V_ERR_* of OpenSSL's x509_vfy.h
    9: "证书尚未生效", 10: "证书已过期", 18: "自签名证书", 19: "签发机构不受信任", 20: "证书链不全，或签发机构不受信任",
    21: "证书链不全，或签发机构不受信任", 23: "证书已吊销", 62: "证书与域名不符", 64: "证书与 IP 地址不符",
}
BY_REASON = {
    "WRONG_VERSION_NUMBER": "该端口答的不是 HTTPS", "HTTP_REQUEST": "该端口答的不是 HTTPS",
    "UNSUPPORTED_PROTOCOL": "只支持过时的 TLS 版本", "TLSV1_ALERT_PROTOCOL_VERSION": "TLS 版本谈不拢",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "加密套件谈不拢", "NO_CIPHERS_AVAILABLE": "加密套件谈不拢",
    "TLSV1_UNRECOGNIZED_NAME": "服务器不认这个域名", "DH_KEY_TOO_SMALL": "密钥过短", "EE_KEY_TOO_SMALL": "密钥过短",
}


class TimedContext(ssl.SSLContext):
    """Calls `on_handshake` when a handshake begins: aiohttp times name and connection, not TLS apart."""

    on_handshake: Callable[[], None] = staticmethod(lambda: None)

    def wrap_bio(self, *args, **kwargs) -> ssl.SSLObject:
        """As ssl.SSLContext.wrap_bio, which asyncio calls once per handshake."""
        self.on_handshake()
        return super().wrap_bio(*args, **kwargs)


def trust(ca_file: str | None, on_handshake: Callable[[], None]) -> TimedContext:
    """Believes the system's authorities, Mozilla's, those of SSL_CERT_FILE and REQUESTS_CA_BUNDLE, and `ca_file`.

    As lenient as the browsers that visitors use, where OpenSSL is stricter. Raises ValueError for a file without any.
    """
    named = {variable: os.environ.get(variable) for variable in VARIABLES} | {"CA file": ca_file}
    return _context(tuple((name, path) for name, path in named.items() if path), on_handshake)


@cache
def _context(files: tuple[tuple[str, str], ...], on_handshake: Callable[[], None]) -> TimedContext:
    context = TimedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.on_handshake = on_handshake
    context.load_default_certs()
    context.load_verify_locations(certifi.where())
    for name, path in files:
        _add(context, name, path)
    # old servers: no RFC 5746, SHA-1 signatures in their own chain; browsers put up with both
    context.options |= LEGACY_SERVER_CONNECT
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    return context


def _add(context: ssl.SSLContext, name: str, path: str) -> None:
    try:
        if os.path.isdir(path):
            context.load_verify_locations(capath=path)
        else:
            context.load_verify_locations(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise ValueError(f"{name} {path}: no readable PEM certificates there ({error.strerror or error})") from error


def tls_detail(error: BaseException) -> str:
    """What is wrong, in plain Chinese."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return BY_CODE.get(error.verify_code, f"证书未通过校验：{error.verify_message}")
    if isinstance(error, ssl.CertificateError):
        return "证书与域名不符"
    reason = getattr(error, "reason", None) or ""
    return BY_REASON.get(reason, f"TLS 握手失败：{reason}" if reason else "TLS 握手失败")
