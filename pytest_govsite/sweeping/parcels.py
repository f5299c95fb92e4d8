"""What travels to an inspection: the command line for its subjects, and every file that this line names."""
import argparse
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import tomlkit

from pytest_govsite import editions, planning, sites
from pytest_govsite.exemptions import Exemption
from pytest_govsite.options import OPTIONS
from pytest_govsite.planning import Plan
from pytest_govsite.sweeping import pasts
from pytest_govsite.sweeping.inspecting import RESULTS, Parcel
from pytest_govsite.sweeping.units import Unit

# what is said anew for each inspection, or is the sweep's own business; everything else is passed on as it was typed
OURS = frozenset({
    "site", "sites", "site-group", "edition", "as-of", "sample-seed", "ca-file", "calendar", "exemptions", "results",
    "history", "gate", "baseline", "resume", "rejudge", "evidence",
})
SITES, EXEMPTIONS, CALENDAR, AUTHORITIES = "sites.toml", "exemptions.toml", "calendar.toml", "authorities"


class Parcels:
    """Packs the parcels of a run.

    run, seconds, memory  see inspecting.Parcel.
    checks  the user's own check files.
    """

    def __init__(
        self, plan: Plan, typed: argparse.Namespace, checks: Sequence[Path], run: str, seconds: float, memory: int,
    ) -> None:
        self._plan = plan
        self.run = run
        self.seconds = seconds
        self.memory = memory
        self._names = _typed_names(plan)
        self._tables = _table_files(plan)
        self._editions = {editions.load(path).id: name for path, name in self._tables.items()}
        self._files = {name: zlib.compress(content) for name, content in self._common(checks)}
        self._passed = (*_passed_on(typed), *self._settled(), *(name for name in self._files if name.startswith("checks/")))

    def pack(self, unit: Unit, past: bytes | None) -> Parcel:
        """The parcel of a unit; `past`: what the history knows of its site, see pasts.py."""
        own = {pasts.NAME: past or b"", EXEMPTIONS: _exemptions(self._plan.exemptions, unit)}
        files = {name: zlib.compress(content) for name, content in own.items() if content}
        arguments = [f"--govsite-site={self._names.get(subject.id, subject.id)}" for subject in unit.subjects]
        tables = dict.fromkeys(task.edition.id for task in unit.tasks)
        arguments += [f"--govsite-edition={self._editions.get(id, id)}" for id in tables]
        arguments += [f"--govsite-exemptions={EXEMPTIONS}"] if EXEMPTIONS in files else []
        return Parcel(
            run=self.run, arguments=[*arguments, *self._passed], files=self._files | files, seconds=self.seconds,
            memory=self.memory,
        )

    def _settled(self) -> Iterator[str]:
        """What every inspection of the run must agree on, wherever and whenever it begins."""
        yield f"--govsite-as-of={self._plan.settings.as_of.isoformat()}"
        yield f"--govsite-results={RESULTS}"
        yield f"--govsite-history={pasts.NAME}"
        if self._plan.request.seed is not None:
            yield f"--govsite-sample-seed={self._plan.request.seed}"
        shipped = {"sites": SITES, "calendar": CALENDAR}
        yield from (f"--govsite-{option}={name}" for option, name in shipped.items() if name in self._files)
        if self._plan.request.ca_file:
            yield f"--govsite-ca-file={AUTHORITIES}"

    def _common(self, checks: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
        """The files that all inspections need, by the names that they have there."""
        request = self._plan.request
        if request.sites_file:
            yield SITES, _sites_file(request.sites_file, self._tables)
        if request.calendar:
            yield CALENDAR, request.calendar.read_bytes()
        if request.ca_file:
            yield from _file_or_folder(AUTHORITIES, Path(request.ca_file))
        yield from ((name, Path(path).read_bytes()) for path, name in self._tables.items())
        yield from ((f"checks/{number}/{path.name}", path.read_bytes()) for number, path in enumerate(checks))


def _passed_on(typed: argparse.Namespace) -> Iterator[str]:
    """Options that mean the same to every inspection, as they were typed."""
    for option in OPTIONS:
        value = getattr(typed, option.dest, None)
        if option.name in OURS or value in (None, False):
            continue
        values = value if option.many else [value]
        yield from (f"{option.long}={value}" if option.metavar else option.long for value in values)


def _typed_names(plan: Plan) -> dict[str, str]:
    """How the subjects are called that the user named one by one: a domain, an address, an id."""
    request = plan.request
    file = sites.load(request.sites_file) if request.sites_file else None
    day = plan.settings.as_of
    return {
        subject.id: text for text in request.sites
        for subject in planning.subjects_of(replace(request, sites=(text,), group=None), file, day)
    }


def _table_files(plan: Plan) -> dict[str, str]:
    """Files of editions that are not ours, those of the sites file as well: by path, what they are called there."""
    file = sites.load(plan.request.sites_file) if plan.request.sites_file else None
    named = [*plan.request.editions, *(name for subject in (file.subjects if file else ()) for name in subject.editions)]
    paths = dict.fromkeys(name for name in named if name.endswith(".toml"))
    return {path: f"editions/{number}/{Path(path).name}" for number, path in enumerate(paths)}


def _sites_file(path: Path, tables: Mapping[str, str]) -> bytes:
    """The sites file. Files of editions, which it names relative to itself, are called as they are there."""
    content = path.read_bytes()
    if not tables:
        return content
    document = tomlkit.parse(content)
    for entry in (*document.get("site", ()), *document.get("account", ())):
        if "editions" in entry:
            names = [str((path.parent / name).resolve()) if name.endswith(".toml") else name for name in entry["editions"]]
            entry["editions"] = [tables.get(name, name) for name in names]
    return tomlkit.dumps(document).encode()


def _exemptions(known: Iterable[Exemption], unit: Unit) -> bytes:
    """The file of those that concern the unit: of rules of others it may not even know the tables. Empty without any."""
    rules = {task.rule.key for task in unit.tasks}
    mine = [each for each in known if each.site in unit.sites and (each.rule is None or each.rule in rules)]
    entries = [{name: value for name, value in asdict(each).items() if value is not None} for each in mine]
    return tomlkit.dumps({"exempt": entries}).encode() if entries else b""


def _file_or_folder(name: str, path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        yield from ((f"{name}/{each.name}", each.read_bytes()) for each in path.iterdir() if each.is_file())
    else:
        yield name, path.read_bytes()
