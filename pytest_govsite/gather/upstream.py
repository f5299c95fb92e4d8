"""The proxy that the user's own network demands: HTTP_PROXY, HTTPS_PROXY, NO_PROXY."""
import base64
import urllib.request
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Upstream:
    """One proxy. `authorization` is the value of Proxy-Authorization, empty when it wants no password."""

    host: str
    port: int
    tls: bool = False
    authorization: str = ""

    @property
    def url(self) -> str:
        """Its address, without user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


def upstream_for(scheme: str, host: str, port: int) -> Upstream | None:
    """The proxy for a target by the environment (or the system, on macOS), None when it is called directly.

    Raises ValueError for a proxy address that we cannot use.
    """
    address = urllib.request.getproxies().get(scheme)
    if not address or urllib.request.proxy_bypass(f"{host}:{port}"):
        return None
    return read_upstream(address, f"{scheme.upper()}_PROXY")


def read_upstream(address: str, variable: str = "HTTP_PROXY") -> Upstream:
    """Reads the address of a proxy, [http://][user:password@]host[:port]. Raises ValueError."""
    parts = urlsplit(address if "://" in address else f"http://{address}")
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{variable}: only http:// and https:// proxies can be used, with a host")
    try:
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except ValueError:
        raise ValueError(f"{variable}: the port is no number between 1 and 65535") from None
    authorization = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(pair.encode()).decode()
    return Upstream(parts.hostname, port, parts.scheme == "https", authorization)
