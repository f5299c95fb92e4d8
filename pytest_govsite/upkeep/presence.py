"""Is there a column of a category at all?"""
from collections.abc import Iterable
from dataclasses import dataclass

from pytest_govsite.model.columns import Column, Columns, Mention
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.site import Site
from pytest_govsite.upkeep.sections import sections
from pytest_govsite.upkeep.units import is_gone


@dataclass(frozen=True)
class Presence:
    """What speaks for a category. `columns` are those with content, `blank` those without, `links` lead elsewhere."""

    columns: tuple[Column, ...]
    blank: tuple[Column, ...]
    links: tuple[Mention, ...]
    registered: bool

    @property
    def absent(self) -> bool:
        """Nothing speaks for it, or blank columns alone."""
        return not (self.columns or self.links or self.registered)


def presence(columns: Columns, site: Site, category: str) -> Presence:
    """All that the site shows of a category, generously: also columns that might as well be called another name."""
    named = [each for each in columns.columns if category in (each.category, *each.also)]
    blank = tuple(each for each in named if each.blank)
    hollow = {each.url for each in blank}
    links = tuple(each for each in columns.mentions if each.category == category and each.url not in hollow)
    registered = [each for each in site.columns if each.category == category]
    return Presence(
        tuple(each for each in named if not each.blank), blank, links,
        any(each.url not in hollow and each.path not in [one.path for one in blank] for each in registered),
    )


def unread(columns: Columns) -> Missing | None:
    """Why a column may be there that nobody saw: the search was cut short, or a page that may lead to it did not open."""
    gaps = (each.unread for each in columns.columns if not each.category and not is_gone(each.unread))
    return columns.stopped or next((gap for gap in gaps if gap and gap.reason is not Reason.NO_PAGES), None)


def split(names: str) -> tuple[str, ...]:
    """The categories in "概况信息,机构职能"."""
    return tuple(part.strip() for part in names.split(",") if part.strip())


def blank_columns(columns: Columns, site: Site, charged: Iterable[str] = ()) -> tuple[Column, ...]:
    """Blank columns, each once; not those of a category that is charged as missing because of them.

    Those of one name in the sections of several bodies are one.
    """
    missing = {category for category in charged if presence(columns, site, category).absent}
    blank = [
        each for each in columns.columns
        if each.blank and not each.folded and each.kind not in ("outside", "form") and each.category not in missing
    ]
    place = sections(columns.columns)
    keys = {each.url: (place[each.url], each.name) if each.url in place else each.path for each in blank}
    return tuple({keys[each.url]: each for each in reversed(blank)}.values())[::-1]
