"""Every rule of the editions concerned, on one page: where the links of the results lead."""
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

from pytest_govsite.points import printed
from pytest_govsite.report.allure3.judged import Judged

PAGE = "rules.html"
TEMPLATES = Path(__file__).parent / "templates"


def anchor(edition: str, rule: str) -> str:
    """Where a rule stands on the page."""
    return quote(f"{edition}/{rule}")


def page(judged: Judged) -> str:
    """The page."""
    return environment().get_template(PAGE).render(editions=list(judged.editions.values()), docs=judged.docs)


def environment() -> Environment:
    """The templates of the report; whatever is put in is escaped."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters["printed"] = printed
    return made
