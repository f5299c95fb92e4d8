"""Turns templates into text."""
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined


@cache
def _environment() -> Environment:
    # what a template forgets must not look like an empty place on a page
    return Environment(
        loader=PackageLoader("pytest_govsite.demo"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def render(template: str, **values) -> str:
    """The text of a template."""
    return _environment().get_template(template).render(**values)


def static(name: str) -> Callable[..., str]:
    """Gives the text of a file below static/ when it is asked for."""
    return lambda query: (files("pytest_govsite.demo") / "static" / name).read_text(encoding="utf-8")


def as_script(html: str) -> str:
    """A script that writes some HTML, one line at a time."""
    lines = (
        line.replace("\\", "\\\\").replace("'", "\\'").replace("</", "<\\/")
        for line in html.splitlines()
        if line.strip()
    )
    return "\n".join(f"document.writeln('{line}');" for line in lines)
