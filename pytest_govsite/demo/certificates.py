"""Certificates from an authority that lives as long as one World."""
import datetime
import ssl
from collections.abc import Iterable
from pathlib import Path

import trustme

YESTERDAY = datetime.timedelta(days=1)


class Authority:
    """Signs for hosts; writes its own certificate to `ca_file`."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA(organization_name="pytest-govsite demo")
        self.ca_file = folder / "demo-ca.pem"
        self._ca.cert_pem.write_to_path(self.ca_file)

    def context(self, hosts: Iterable[str], site: str, faults: frozenset[str]) -> ssl.SSLContext:
        """For a server of all these hosts; a tls:* fault gives `site` a wrong certificate."""
        context = _serving(self._ca.issue_cert(*sorted(hosts)))
        wrong = self._wrong(site, faults)
        if wrong:
            context.sni_callback = lambda sock, name, _: setattr(sock, "context", wrong) if name == site else None
        return context

    def _wrong(self, site: str, faults: frozenset[str]) -> ssl.SSLContext | None:
        if "tls:wrong-name" in faults:
            return _serving(self._ca.issue_cert("www.example.gov.cn"))
        if "tls:expired" in faults:
            past = datetime.datetime.now(datetime.timezone.utc) - YESTERDAY
            return _serving(self._ca.issue_cert(site, not_before=past - 30 * YESTERDAY, not_after=past))
        if "tls:unknown-issuer" in faults:
            return _serving(trustme.CA().issue_cert(site))
        return None


def _serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context
