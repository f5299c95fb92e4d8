"""The county's own register of its columns, as a sites file would hold it: who is in charge, how long they may wait."""
from collections.abc import Iterator

from pytest_govsite.demo.county import County
from pytest_govsite.model.site import Registered


def columns(county: County) -> tuple[Registered, ...]:
    """All columns with a period or a category of their own; what is kept to be read has neither."""
    return tuple(_columns(county))


def units(county: County) -> tuple[str, ...]:
    """Who must report to the portal every week."""
    return tuple(name for column in county.columns for name, _ in column.units)


def _columns(county: County) -> Iterator[Registered]:
    for column in county.columns:
        if column.period or column.category:
            name = "/".join((*column.under, column.name))
            yield Registered(name, county.base + column.path, column.category, column.period, column.owner)
    for page in county.pages:
        if "period" in page:
            name = "/".join((*page["under"], page["name"]))
            yield Registered(name, county.base + page["path"], None, page["period"], page["owner"])
