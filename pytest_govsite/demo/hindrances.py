"""Faults that the server does, not the pages: what stands between a visitor and the site."""
from collections.abc import Callable

from pytest_govsite.demo.pages import render
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
SEARCH = "/search/"
UNREACHED_BY_V6 = ("/zfxxgk/", "/col/")
CRASHED = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>系统提示</title></head>
<body><h2>系统异常</h2><p>抱歉，系统异常，请联系管理员。</p><p>java.net.ConnectException: Connection refused</p></body></html>"""
GONE = "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr></body></html>"

_HINDRANCES: dict[str, Callable[[str, bool], Resource | None]] = {
    "site:wall": lambda path, v6: Resource(
        "hindrance", CHALLENGE, status=412, cookie="FSSBBIl1UgzbN7N80S=demo; path=/"
    ),
    "site:script-wall": lambda path, v6: Resource("hindrance", CHALLENGE, status=403) if path == "/js/footer.js" else None,
    "site:error": lambda path, v6: Resource("hindrance", BUSY, status=503) if path in DOORS else None,
    "site:script-redirect": lambda path, v6: Resource("hindrance", ELSEWHERE) if path == "/" else None,
    "site:redirect-loop": lambda path, v6: _moved(DOORS[1 - DOORS.index(path)]) if path in DOORS else None,
    "site:search-wall": lambda path, v6: Resource("hindrance", CHALLENGE, status=412) if path.startswith(SEARCH) else None,
    "site:search-captcha": lambda path, v6: Resource("hindrance", render("search/captcha.html")) if path.startswith(SEARCH) else None,
    "site-search.1:dead-404": lambda path, v6: Resource("hindrance", GONE, status=404) if path.startswith(SEARCH) else None,
    "site-search.1:dead-500": lambda path, v6: Resource("hindrance", CRASHED, status=500) if path.startswith(SEARCH) else None,
    "site-search.1:error-page": lambda path, v6: Resource("hindrance", CRASHED) if path.startswith(SEARCH) else None,
    "trap:ipv6-links": lambda path, v6: Resource("hindrance", GONE, status=404) if v6 and path.startswith(UNREACHED_BY_V6) else None,
    "ipv6.1:other-site": lambda path, v6: Resource("hindrance", OTHER_SITE) if v6 else None,
    "ipv6.1:error": lambda path, v6: Resource("hindrance", BUSY, status=503) if v6 else None,
}


def hindered(faults: frozenset[str], path: str, v6: bool) -> Resource | None:
    """What answers in place of the site's page, None when nothing hinders."""
    answers = (_HINDRANCES[id](path, v6) for id in sorted(faults & _HINDRANCES.keys()))
    return next((answer for answer in answers if answer), None)


def _moved(location: str) -> Resource:
    return Resource("hindrance", status=302, location=location)
