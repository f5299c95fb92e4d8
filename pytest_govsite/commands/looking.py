"""What the sites' columns are: looked at now, or as an earlier run stored them."""
import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pytest_govsite import editions, options, planning, plugin, sites
from pytest_govsite.commands.printing import WrongUse
from pytest_govsite.dossier import Dossier, Meta
from pytest_govsite.embedded import Worlds
from pytest_govsite.gather.scope import key_of
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.columns import Column, Columns
from pytest_govsite.model.edition import Edition
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.site import Registered, Site
from pytest_govsite.options import Request
from pytest_govsite.report.progress import Progress
from pytest_govsite.windows import Calendar

OPTIONS = (
    "site", "sites", "site-group", "edition", "as-of", "resolve", "nameserver", "contact", "ca-file", "crawl-pages",
    "crawl-seconds", "calendar",
)
KIND = "columns"
AT_ONCE = 3  # sites whose evidence is gathered at a time
GRACE_SECONDS = 30  # the collector keeps its own deadline; this one is for a collector that died
NOT_FOUND = Missing(Reason.NOT_STORED, "sites.toml 登记的栏目", blamed=Blame.PERSON)


@dataclass(frozen=True)
class Sight:
    """One site, the day on which it was looked at, the tables that judge it, and its columns or why there are none."""

    site: Site
    as_of: date
    tables: tuple[Edition, ...]
    columns: Columns | Missing


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments that say which sites are meant, and how they are looked at."""
    options.add_arguments(command, OPTIONS)
    command.add_argument(
        "--from", dest="stored", metavar="RESULTS", type=Path,
        help="Read the evidence that an inspection stored in this folder; nothing is looked at.",
    )


def read_request(typed: argparse.Namespace) -> tuple[Request, Calendar]:
    """What the user asks for, each value checked. Raises ValueError or pytest.UsageError."""
    request = options.read_arguments(typed)
    if not (request.sites or typed.govsite_sites or typed.stored):
        raise WrongUse("请用 --site 写明网站（域名、网址或 sites.toml 里的 id），或用 --sites=文件 写明全部网站")
    if typed.stored and request.as_of:
        raise WrongUse("--from 按存档当时的日期计算，不能同时用 --as-of")
    return request, planning.calendar_of(request)


def look(request: Request, typed: argparse.Namespace) -> Iterator[Sight]:
    """The sites, in order. Raises ValueError for a name of nobody, before any site is looked at."""
    file = sites.load(request.sites_file) if request.sites_file else None
    if typed.stored:
        return _remembered(request, file, typed.stored, whole_file=bool(typed.govsite_sites))
    settings = planning.settings_of(request)
    asked = list(planning.subjects_of(request, file, settings.as_of))
    chosen = [subject for subject in asked if isinstance(subject, Site)]
    if request.sites and len(chosen) < len(asked):
        account = next(subject for subject in asked if not isinstance(subject, Site))
        raise WrongUse(f"{account.id} 是政务新媒体账号，没有栏目")
    if not chosen:
        raise WrongUse(f"{request.sites_file} 里一个网站也没有")
    if unready := plugin.pytest_govsite_unready({KIND, "home"}):
        raise WrongUse(unready)
    tables = {site.id: _tables(request, site) for site in chosen}
    return _gathered(chosen, settings, lambda site, seen: Sight(site, settings.as_of, tables[site.id], seen))


def _tables(request: Request, site: Site) -> tuple[Edition, ...]:
    return tuple(map(editions.load, planning.edition_names(request, site)))


def _gathered(chosen: Sequence[Site], settings: Settings, sight: Callable[..., Sight]) -> Iterator[Sight]:
    """Looks at some sites at once and gives them back one after the other."""
    from pytest_govsite.gather.collector import Collector

    worlds = Worlds()
    with TemporaryDirectory(prefix="govsite-") as folder:
        collector = Collector(lambda site: worlds.settings(site, settings), Path(folder), _on_event())
        try:
            wanted: dict[str, Future] = {}
            for number, site in enumerate(chosen):
                for near in chosen[number:number + AT_ONCE]:
                    if near.id not in wanted:
                        worlds.open(near, settings.as_of)
                        wanted[near.id] = collector.want(near, KIND)
                yield sight(site, _result(wanted[site.id], settings))
                collector.finish(site)
                worlds.close(site.id)
        finally:
            collector.close()
            worlds.close_all()


def _result(future: Future, settings: Settings) -> Columns | Missing:
    try:
        return future.result(settings.site_deadline + GRACE_SECONDS)
    except TimeoutError:
        return Missing(Reason.DEADLINE, KIND)
    except CancelledError:
        return Missing(Reason.NOT_REACHED, KIND)


def _on_event() -> Callable[[str, str, str, float], None]:
    """A person who waits is told what happens; a log is not."""
    if not sys.stderr.isatty():
        return lambda *event: None
    return Progress(lambda text: print(text, file=sys.stderr, flush=True), tty=True).event


def _remembered(request: Request, file: sites.SitesFile | None, stored: Path, whole_file: bool) -> Iterator[Sight]:
    dossier = Dossier(stored)
    metas = {meta.subject.id: meta for meta in dossier.metas() if isinstance(meta.subject, Site)}
    if not metas:
        raise WrongUse(f"--from：{stored} 里没有存档的证据")
    day = max(meta.as_of for meta in metas.values())
    chosen = list(_named(request, file, metas)) if request.sites else _listed(request, file, metas, whole_file)
    return (
        Sight(
            site, metas[site.id].as_of if site.id in metas else day, _tables(request, site),
            registered(dossier.load(site.id, KIND), site),
        )
        for site in chosen
    )


def _named(request: Request, file: sites.SitesFile | None, metas: Mapping[str, Meta]) -> Iterator[Site]:
    """The sites that were typed; what the sites file says of them today counts."""
    for text in request.sites:
        site = metas[text].subject if text in metas else sites.named(text, file)
        if site.id not in metas:
            raise WrongUse(f"--from：存档里没有 {text}，有的是 {'、'.join(metas)}")
        yield _today(site, file)


def _listed(
    request: Request, file: sites.SitesFile | None, metas: Mapping[str, Meta], whole_file: bool,
) -> list[Site]:
    """All of the sites file, when the user named it, else all that are stored."""
    if file and whole_file:
        return [site for site in file.sites if request.group in (None, site.group)]
    return [_today(meta.subject, file) for meta in metas.values()]


def _today(site: Site, file: sites.SitesFile | None) -> Site:
    return next((known for known in file.sites if known.id == site.id), site) if file else site


def registered(seen: Columns | Missing, site: Site) -> Columns | Missing:
    """Stored columns with what the sites file says of them today."""
    if isinstance(seen, Missing) or seen.closed:
        return seen
    columns = list(seen.columns)
    for entry in site.columns:
        if (at := _place(columns, entry)) is None:
            at = len(columns)
            columns.append(Column(entry.path[-1], entry.url or "", entry.path, kind="unknown", unread=NOT_FOUND))
        said = {name: value for name in ("category", "period", "owner") if (value := getattr(entry, name))}
        columns[at] = replace(columns[at], **said, registered=True, assigned=bool(entry.category), folded="")
    return replace(seen, columns=tuple(columns))


def _place(columns: Sequence[Column], entry: Registered) -> int | None:
    """The column of that address, else the highest of that path."""
    if entry.url:
        return next((at for at, column in enumerate(columns) if key_of(column.url) == key_of(entry.url)), None)
    fitting = [at for at, column in enumerate(columns) if column.path[-len(entry.path):] == entry.path]
    return min(fitting, key=lambda at: columns[at].level, default=None)
