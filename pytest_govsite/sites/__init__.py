"""The sites file: which sites and accounts are inspected, and what `--site` means."""
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pytest_govsite import editions
from pytest_govsite.model.site import Account, Registered, Site, SiteKind, Subject, path_of
from pytest_govsite.sites.below import with_below, wrong_parents
from pytest_govsite.sites.form import AccountForm, SiteForm, SitesForm, ascii_host, is_region, web_address
from pytest_govsite.tomlfile import Complaint, Document, read, refuse, similar, twice, validate, values

PORTAL = re.compile(r"www\.[a-z0-9-]+\.gov\.cn")


class SitesError(ValueError):
    """A sites file, or a `--site`, that cannot be used: a line of plain Chinese for each fault."""


@dataclass(frozen=True)
class SitesFile:
    """A sites file, wholly valid."""

    path: Path
    sites: tuple[Site, ...]
    accounts: tuple[Account, ...] = ()

    @property
    def subjects(self) -> tuple[Subject, ...]:
        return (*self.sites, *self.accounts)


def load(path: str | Path) -> SitesFile:
    """The sites and accounts of a file. Raises SitesError with every fault of the file; nothing is half-loaded."""
    document = read(Path(path), SitesError)
    form, complaints = validate(document, SitesForm)
    complaints += [*_repeated_ids(document), *_shared_hosts(document), *_unknown_editions(document), *wrong_parents(document)]
    complaints += _repeated_columns(form) if form else ()
    refuse(document, complaints, SitesError)
    folder = Path(path).parent
    found = with_below([_site(site, folder) for site in form.site], {site.id: site.parent for site in form.site if site.parent})
    return SitesFile(Path(path), found, tuple(_account(account, folder) for account in form.account))


def named(text: str, file: SitesFile | None) -> Subject:
    """What `--site` names: an id of the file, a host of the file with or without www, else a site of this address.

    Raises SitesError for a text that is neither.
    """
    subjects = file.subjects if file else ()
    if found := next((subject for subject in subjects if subject.id == text), None):
        return found
    url = text if "://" in text else f"http://{text}/"
    try:
        web_address(url)
    except ValueError:
        url = ""
    if not url or ("." not in text and ":" not in text and text != "localhost"):
        hint = similar(text, [subject.id for subject in subjects])
        raise SitesError(f"没有网站 {text}{hint or '；'}请写 sites.toml 里的 id，或者域名、网址")
    known = (site for site in subjects if isinstance(site, Site) and _location(url) in _locations(site))
    return next(known, None) or Site(id=_id_of(url), url=url)


def derive_kind(region: str | None, host: str) -> SiteKind | None:
    """The kind of a portal, www.□.gov.cn (国办函〔2018〕55号), by its division code; None when that cannot be said."""
    if not (region and is_region(region) and PORTAL.fullmatch(host.lower())):
        return None
    if region.endswith("0000"):
        return "provincial-portal"
    return "city-portal" if region.endswith("00") else "county-portal"


def _repeated_ids(document: Document) -> Iterator[Complaint]:
    yield from twice(document, "site", "id")
    yield from twice(document, "account", "id")
    sites = {id.casefold() for _, id in values(document, "site", "id")}
    for number, id in values(document, "account", "id"):
        if id.casefold() in sites:
            yield ("account", number, "id"), f"id “{id}”已经是一个网站的，请换一个"
    if not document.data:
        yield (), "文件是空的；至少写一个 [[site]]"


def _shared_hosts(document: Document) -> Iterator[Complaint]:
    """Two entries for one host: nobody could tell which of them a domain means."""
    first: dict[tuple[str, int | None], int] = {}
    for number, url in values(document, "site", "url"):
        try:
            location = _location(web_address(url.strip()))
        except ValueError:
            continue
        if location in first:
            line = document.line(("site", first[location], "url"))
            yield ("site", number, "url"), f"域名 {location[0]} 与第{line}行的网站相同；一个域名只写一次"
        first.setdefault(location, number)


def _repeated_columns(form: SitesForm) -> Iterator[Complaint]:
    """Two entries for one column of a site: nobody could say which of them counts."""
    for number, site in enumerate(form.site):
        first: dict[tuple[str, ...], list[str | None]] = {}
        for at, column in enumerate(site.column):
            urls = first.setdefault(path_of(column.name), [])
            if urls and (None in (column.url, *urls) or column.url in urls):
                yield ("site", number, "column", at, "name"), f"栏目“{column.name}”前面已经写过；请并成一条，或写上不同的 url"
            urls.append(column.url)


def _unknown_editions(document: Document) -> Iterator[Complaint]:
    for table in ("site", "account"):
        entries = document.data.get(table)
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            listed = entry.get("editions") if isinstance(entry, dict) else None
            for name in listed if isinstance(listed, list) else ():
                if isinstance(name, str) and name.strip():
                    yield from _unknown(name.strip(), document.path.parent, (table, number, "editions"))


def _unknown(name: str, folder: Path, place: tuple) -> Iterator[Complaint]:
    try:
        editions.load(_edition(name, folder))
    except editions.EditionError as problem:
        yield place, str(problem)


def _edition(name: str, folder: Path) -> str:
    """An edition file is named relative to the sites file."""
    return str((folder / name).resolve()) if name.endswith(".toml") else name


def _site(form: SiteForm, folder: Path) -> Site:
    parts = dict(form)
    parts.pop("parent")
    columns = tuple(Registered(**dict(column)) for column in parts.pop("column"))
    listed = {
        "kind": form.kind or derive_kind(form.region, urlsplit(form.url).hostname or ""),
        "editions": tuple(_edition(name, folder) for name in form.editions),
        "resolve": tuple(form.resolve),
        "aliases": tuple(form.aliases),
        "units": tuple(form.units),
        "columns": columns,
    }
    return Site(**parts | listed)


def _account(form: AccountForm, folder: Path) -> Account:
    return Account(**dict(form) | {"editions": tuple(_edition(name, folder) for name in form.editions)})


def _location(url: str) -> tuple[str, int | None]:
    """Host without www, and the port unless it is the usual one."""
    parts = urlsplit(url)
    port = None if parts.port in (None, 80, 443) else parts.port
    return _bare(parts.hostname or ""), port


def _locations(site: Site) -> Sequence[tuple[str, int | None]]:
    own = _location(site.url)
    return [own, *((_bare(alias), own[1]) for alias in site.aliases)]


def _bare(host: str) -> str:
    return ascii_host(host).removesuffix(".").removeprefix("www.")


def _id_of(url: str) -> str:
    parts = urlsplit(url)
    host = ascii_host(parts.hostname or "").replace(":", "-").strip("-.")
    port = None if parts.port in (None, 80, 443) else parts.port
    return f"{host}-{port}" if port else host
