"""Faults that the server does, not the pages: what stands between a visitor and the site."""
from collections.abc import Callable

from pytest_govsite.demo.resource import Resource

OTHER_SITE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Welcome to nginx!</title></head>
<body><h1>Welcome to nginx!</h1><p>If you see this page, the web server is successfully installed and working. Further
configuration is required.</p></body></html>"""
CHALLENGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>安全验证</title></head>
<body><p>正在进行安全验证，请稍候。</p><script>var $_ts = window.$_ts || {}; $_ts.cd = "demo";</script></body></html>"""
BUSY = """<html><head><title>503 Service Temporarily Unavailable</title></head>
<body><h1>503 Service Temporarily Unavailable</h1></body></html>"""
ELSEWHERE = "<html><head><script>window.location.href = '/index.html'</script></head></html>"
DOORS = ("/", "/index.html")

_HINDRANCES: dict[str, Callable[[str, bool], Resource | None]] = {
    "site:wall": lambda path, v6: Resource(
        "hindrance", CHALLENGE, status=412, cookie="FSSBBIl1UgzbN7N80S=demo; path=/"
    ),
    "site:script-wall": lambda path, v6: Resource("hindrance", CHALLENGE, status=403) if path == "/js/footer.js" else None,
    "site:error": lambda path, v6: Resource("hindrance", BUSY, status=503) if path in DOORS else None,
    "site:script-redirect": lambda path, v6: Resource("hindrance", ELSEWHERE) if path == "/" else None,
    "site:redirect-loop": lambda path, v6: _moved(DOORS[1 - DOORS.index(path)]) if path in DOORS else None,
    "ipv6.1:other-site": lambda path, v6: Resource("hindrance", OTHER_SITE) if v6 else None,
    "ipv6.1:error": lambda path, v6: Resource("hindrance", BUSY, status=503) if v6 else None,
}


def hindered(faults: frozenset[str], path: str, v6: bool) -> Resource | None:
    """What answers in place of the site's page, None when nothing hinders."""
    answers = (_HINDRANCES[id](path, v6) for id in sorted(faults & _HINDRANCES.keys()))
    return next((answer for answer in answers if answer), None)


def _moved(location: str) -> Resource:
    return Resource("hindrance", status=302, location=location)
