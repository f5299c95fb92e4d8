"""What is inspected: a website, or an account of new media."""
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

SiteKind = Literal[
    "state-council-portal",
    "state-council-department",
    "provincial-portal",
    "provincial-department",
    "city-portal",
    "city-department",
    "county-portal",
]

PORTALS = frozenset({"state-council-portal", "provincial-portal", "city-portal", "county-portal"})
DEPARTMENTS = frozenset({"state-council-department", "provincial-department", "city-department"})

KIND_NAMES: dict[SiteKind, str] = {
    "state-council-portal": "中国政府网",
    "state-council-department": "国务院部门网站",
    "provincial-portal": "省级政府门户网站",
    "provincial-department": "省级部门网站",
    "city-portal": "市级政府门户网站",
    "city-department": "市级部门网站",
    "county-portal": "县级政府门户网站",
}


def path_of(name: str) -> tuple[str, ...]:
    """The names in "党务公开/组织机构", from the top down; ">" parts them as well."""
    return tuple(part.strip() for part in name.replace(">", "/").split("/") if part.strip())


@dataclass(frozen=True)
class Registered:
    """One column (栏目) that the sites file corrects or completes.

    name    its name, or its path with the names of the columns above: "党务公开/组织机构".
    period  how long it may go without news: 2w, 6mo, 10wd; owner: who is in charge.
    """

    name: str
    url: str | None = None
    category: str | None = None
    period: str | None = None
    owner: str | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the top down, its own last."""
        return path_of(self.name)


@dataclass(frozen=True)
class Site:
    """One website as the sites file or `--site` names it.

    `kind` is None when nobody said what the site is; `region` is a GB/T 2260 division code;
    `resolve` holds entries of the form HOST:PORT:ADDRESS[:PORT]; `units` the bodies that must report to it every week;
    `below` the subordinate sites (下级网站) of the sites file, pairs of name and address.
    """

    id: str
    url: str
    name: str | None = None
    kind: SiteKind | None = None
    region: str | None = None
    editions: tuple[str, ...] = ()
    group: str | None = None
    service_duty: bool = True
    code: str | None = None
    platform: str | None = None
    resolve: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    notes: str | None = None
    columns: tuple[Registered, ...] = ()
    units: tuple[str, ...] = ()
    below: tuple[tuple[str, str], ...] = ()

    target = "website"

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def title(self) -> str:
        """How reports call it: the name, else the id."""
        return self.name or self.id


@dataclass(frozen=True)
class Account:
    """One account of new media (政务新媒体), a subject with a scorecard of its own."""

    id: str
    platform: str
    name: str
    owner: str
    url: str | None = None
    editions: tuple[str, ...] = ()
    group: str | None = None

    target = "new-media"
    kind = None
    service_duty = True

    @property
    def title(self) -> str:
        return f"{self.platform}“{self.name}”"


Subject = Site | Account
