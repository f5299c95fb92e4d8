"""What one address answers."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass

HTML = "text/html; charset=utf-8"
NO_CHARSET = "text/html"
JSON = "application/json"
SCRIPT = "application/javascript; charset=utf-8"
SVG = "image/svg+xml"


@dataclass(frozen=True)
class Resource:
    """One answer of a server.

    kind      what the table of faults calls it: home, column/trs, article/boda, part/trs, script, ...
    body      text, bytes, or a function of the query that gives either.
    charset   how text is encoded; `type` says what the header tells about it.
    head      status for HEAD where that differs.
    delay     seconds until the answer begins.
    referred  an answer only for those who come from a page of the site; others get the guard page.
    once      status of the very first answer, where that differs: a server that asks for patience.
    location  where it redirects to, or a function of the query that gives it.
    browsers  an answer only for browsers; others get 404.
    """

    kind: str
    body: str | bytes | Callable[[Mapping[str, str]], str | bytes] = ""
    type: str = HTML
    charset: str = "utf-8"
    status: int = 200
    head: int | None = None
    delay: float = 0.0
    location: str | Callable[[Mapping[str, str]], str] = ""
    referred: bool = False
    cookie: str = ""
    once: int = 0
    browsers: bool = False
