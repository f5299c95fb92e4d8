"""Which sites of a file are subordinate (下级网站) to which: by division code, or as `parent` says."""
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pytest_govsite.model.site import Site
from pytest_govsite.tomlfile import Complaint, Document, similar, values

MUNICIPALITIES = ("11", "12", "31", "50")  # 直辖市: their districts have no city between them and the province


def with_below(sites: Sequence[Site], parents: dict[str, str]) -> tuple[Site, ...]:
    """The sites with their lower ones named. parents: id of a site -> id of the one above it, where the file says it."""
    above = {site.id: parents.get(site.id) or _above(site, sites) for site in sites}
    return tuple(_replaced(site, [other for other in sites if above[other.id] == site.id]) for site in sites)


def _replaced(site: Site, lower: Sequence[Site]) -> Site:
    return replace(site, below=tuple((other.title, other.url) for other in lower))


def _above(site: Site, sites: Sequence[Site]) -> str:
    """The id of the portal above a portal, by the first digits of their codes; empty when the file has none."""
    region, kind = site.region or "", "provincial-portal"
    wanted = f"{region[:2]}0000"
    if site.kind == "county-portal" and region[:2] not in MUNICIPALITIES:
        wanted, kind = f"{region[:4]}00", "city-portal"
    if site.kind not in ("county-portal", "city-portal") or not region:
        return ""
    return next((other.id for other in sites if (other.kind, other.region) == (kind, wanted)), "")


def wrong_parents(document: Document) -> Iterator[Complaint]:
    """A `parent` that no site has for its id, or that leads back to the site itself."""
    ids = dict(values(document, "site", "id"))
    parents = {ids.get(number, ""): parent for number, parent in values(document, "site", "parent")}
    for number, parent in values(document, "site", "parent"):
        if parent not in ids.values():
            yield ("site", number, "parent"), f"没有 id 为“{parent}”的网站{similar(parent, list(ids.values()))}"
        elif _leads_back(ids.get(number, ""), parents):
            yield ("site", number, "parent"), f"“{parent}”的上级又回到本网站；请去掉其中一个 parent"


def _leads_back(id: str, parents: dict[str, str]) -> bool:
    passed, at = set(), parents.get(id, "")
    while at and at not in passed:
        if at == id:
            return True
        passed.add(at)
        at = parents.get(at, "")
    return False
