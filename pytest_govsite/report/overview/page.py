"""The page itself: one file, whose browser is forbidden everything but to show what is in it."""
import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pytest_govsite.report.overview.pictures import Embedded, Pictures

WEB = "pytest_govsite.report.overview", "web"
SCRIPTS = ("data.js", "nodes.js", "choice.js", "sites.js", "heat.js", "rules.js", "detail.js", "paper.js", "start.js")
# a text inside a <script> ends at "</script", turns odd at "<!--", and old browsers end lines at the two separators
DANGEROUS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
PICTURE = re.compile(r'<script type="(image/(?:webp|svg\+xml))" id="picture-([0-9a-f-]+)">([A-Za-z0-9+/=]+)</script>\n')


def build(packed: dict[str, Any], pictures: Pictures) -> str:
    """The whole page as HTML. `packed`: what packing.pack makes; its texts are shown as text, whatever they say."""
    style, script = _read("page.css"), _script()
    return _environment().get_template("page.html").render(
        style=Markup(style), script=Markup(script), style_hash=_hash(style), script_hash=_hash(script),
        data=Markup(_json(packed)), pictures=pictures.embedded.items(),
    )


def read_embedded(path: Path) -> dict[str, Embedded]:
    """The pictures in an earlier page, by key; none when there is no such page."""
    try:
        with open(path, encoding="utf-8", errors="replace") as lines:
            found = [match for line in lines if (match := PICTURE.fullmatch(line))]
    except OSError:
        return {}
    return {match[2]: Embedded(match[1], match[3]) for match in found}


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.translate({ord(mark): escaped for mark, escaped in DANGEROUS.items()})


def _hash(text: str) -> str:
    """As Content-Security-Policy names an inline script or style (CSP 3, section 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _script() -> str:
    return "\n(() => {\n\"use strict\";\n" + "".join(map(_read, SCRIPTS)) + "})();\n"


@cache
def _read(name: str) -> str:
    return files(WEB[0]).joinpath(WEB[1], name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader(*WEB), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
