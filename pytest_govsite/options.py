"""The command line: options, their ini twins, and what a user asked for with them (CONTRACT section 2)."""
import argparse
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

import pytest

SHANGHAI = timezone(timedelta(hours=8))  # without summer time since 1991, and small systems have no table of time zones
DEMOS = {"demo": False, "demo-clean": True}  # names of the embedded site: is it the one without faults?
GATES = ("clean", "pass", "veto", "new")
SITES_FILE = "sites.toml"
LAST = "last"
EXEMPTIONS_FILE = "exemptions.toml"
RESULTS = "govsite-results"


@dataclass(frozen=True)
class Option:
    """One option. `ini` is the type of its twin in a configuration file, None where that makes no sense.

    `plain` options have a short name too; it is left to another plugin that wants it.
    """

    name: str
    metavar: str
    help: str
    many: bool = False
    ini: str | None = None
    plain: bool = True

    @property
    def long(self) -> str:
        return f"--govsite-{self.name}"

    @property
    def short(self) -> str:
        return f"--{self.name}" if self.plain else self.long

    @property
    def dest(self) -> str:
        return f"govsite_{self.name.replace('-', '_')}"

    @property
    def behaviour(self) -> dict[str, object]:
        """How argparse is to take it."""
        if not self.metavar:
            return {"action": "store_true", "default": False}
        return {"action": "append" if self.many else "store", "default": None, "metavar": self.metavar}


OPTIONS = (
    Option("site", "SITE", "Inspect this site: a domain, a URL or an id of the sites file; `demo` is the embedded one. "
           "Repeatable.", many=True),
    Option("sites", "FILE", "Inspect every site of this file.", ini="string"),
    Option("site-group", "GROUP", "Only this group of the sites file."),
    Option("edition", "ID", "Judge under this edition (an id or a .toml file) instead of the site's own. Repeatable.",
           many=True, ini="args"),
    Option("as-of", "YYYY-MM-DD", "The inspection date, on which all windows end (default: today in Asia/Shanghai)."),
    Option("sample-seed", "N", "Seed of every random draw (default: derived from site and date).", ini="string"),
    Option("resolve", "HOST:PORT:ADDRESS[:PORT]", "Use this address for a host, like curl's option. Repeatable.",
           many=True, ini="args"),
    Option("nameserver", "ADDRESS[:PORT]", "DNS server for every other lookup.", ini="string"),
    Option("contact", "ADDRESS", "E-mail address or URL that the User-Agent shows to the owners of inspected sites.",
           ini="string", plain=False),
    Option("ca-file", "FILE", "Further certificate authorities to trust (PEM).", ini="string", plain=False),
    Option("crawl-pages", "N", "How many pages of a site the search for its columns may fetch (default: 400).",
           ini="string", plain=False),
    Option("crawl-seconds", "N", "How many seconds the search for a site's columns may take (default: 240).",
           ini="string", plain=False),
    Option("site-seconds", "N", "How many seconds the inspection of one site may take in all (default: 600, more where --govsite-crawl-seconds "
           "asks for it).", ini="string", plain=False),
    Option("site-evidence", "MB", "How much room documents and pictures of one site may take (default: 100); beyond it documents go "
           "first, then pictures, and the reports say so.", ini="string", plain=False),
    Option("evidence", "MB", "The same for all sites of a run together (default: 10000).", ini="string", plain=False),
    Option("calendar", "FILE", "Holidays and make-up workdays of years that the library does not know yet (TOML).",
           ini="string", plain=False),
    Option("gate", "clean|pass|veto|new", "What makes exit status 1 (default: clean).", ini="string"),
    Option("baseline", "LEDGER|last", "The earlier ledger with which --gate=new compares; `last`: the last complete "
           "inspection in the history, else the ledger in --results.", ini="string"),
    Option("resume", "", "Skip sites whose scorecard of this edition and date is finished."),
    Option("exemptions", "FILE", "False alarms and exemptions (default: exemptions.toml beside the sites file).",
           ini="string"),
    Option("results", "DIR", f"Where ledger, scorecards and evidence go (default: {RESULTS}).", ini="string"),
    Option("history", "PATH|URL", "Where availability samples and past ledgers are kept: a SQLite file, or a URL of PostgreSQL (with a "
           "password: in GOVSITE_HISTORY; default: in the user's data folder).", ini="string"),
    Option("vantage", "NAME", "Name of the place from which is visited (default: the host name).", ini="string"),
    Option("rejudge", "DIR", "Judge the evidence stored in these results again, without touching the network."),
)


def add_ini(parser: pytest.Parser) -> None:
    """Declares the ini twins; they can clash with nobody."""
    for option in OPTIONS:
        if option.ini:
            parser.addini(option.dest, f"Default of {option.long}: {option.help}", type=option.ini)


def add_options(parser: pytest.Parser) -> None:
    """Declares every option under its --govsite- name, and under its short one where that is free."""
    free = _free_names(parser)
    group = parser.getgroup("govsite", "govsite: inspection of government websites")
    for option in OPTIONS:
        names = (option.long, option.short) if option.plain and option.short in free else (option.long,)
        group.addoption(*names, dest=option.dest, help=option.help, **option.behaviour)


def add_arguments(parser: argparse.ArgumentParser, names: Collection[str]) -> None:
    """Declares some of the options, under both of their names, for a command of ours."""
    for option in OPTIONS:
        if option.name in names:
            spellings = dict.fromkeys((option.short, option.long))
            parser.add_argument(*spellings, dest=option.dest, help=option.help, **option.behaviour)


def _free_names(parser: pytest.Parser) -> set[str]:
    """The short names that no plugin has taken yet."""
    wanted = [option.short for option in OPTIONS]
    return {name for name in wanted if _is_unknown(parser, f"{name}=x")}


def _is_unknown(parser: pytest.Parser, argument: str) -> bool:
    try:
        return argument in parser.parse_known_and_unknown_args([argument])[1]
    except (pytest.UsageError, argparse.ArgumentError, SystemExit):  # whoever has it wants another value, or none
        return False


def release_short_names(parser: pytest.Parser) -> None:
    """Frees the short names once the command line is parsed: a conftest.py of a subfolder may take them."""
    taken = parser.optparser._option_string_actions  # argparse has no public way
    for option in OPTIONS:
        if option.plain and option.short in taken and taken[option.short].dest == option.dest:
            del taken[option.short]


@dataclass(frozen=True)
class Request:
    """What the user asked for, each value checked as far as it can be alone.

    sites       as typed; none: all of sites_file. as_of, seed: None where the user named none.
    sites_file  and exemptions: None where there is no such file.
    crawl_pages, crawl_seconds, site_seconds, site_evidence, evidence (in MB): None for the usual budgets.
    calendar    a file with further holidays.
    baseline    a ledger, or a results folder with one; LAST: what the history, or else `results`, knows of the time before.
    history     path or URL; None: where GOVSITE_HISTORY says, else its usual place. vantage: None for the host name.
    finished    pairs (site, edition) that need not be judged; only a worker is told so, by its controller.
    """

    sites: tuple[str, ...] = ()
    sites_file: Path | None = None
    group: str | None = None
    editions: tuple[str, ...] = ()
    as_of: date | None = None
    seed: int | None = None
    resolve: tuple[str, ...] = ()
    nameserver: str | None = None
    contact: str | None = None
    ca_file: str | None = None
    crawl_pages: int | None = None
    crawl_seconds: int | None = None
    site_seconds: int | None = None
    site_evidence: int | None = None
    evidence: int | None = None
    calendar: Path | None = None
    gate: str = "clean"
    baseline: Path | Literal["last"] | None = None
    history: str | None = field(default=None, repr=False)  # a URL may hold a password
    vantage: str | None = None
    resume: bool = False
    exemptions: Path | None = None
    results: Path = field(default_factory=lambda: Path(RESULTS))
    rejudge: Path | None = None
    finished: frozenset[tuple[str, str]] = frozenset()


def read(config: pytest.Config) -> Request | None:
    """The request of this run; None when nobody asked for an inspection.

    Raises pytest.UsageError with one sentence for a value that cannot be right.
    """
    value = _Values(
        lambda dest: config.getoption(dest, None), config.getini, config.invocation_params.dir, config.rootpath,
    )
    if not any(map(value.typed, ("site", "sites", "rejudge"))):
        if value.typed("site-group"):
            raise pytest.UsageError("--site-group 要和 --sites=文件 一起用")
        return None
    return _request(value)


def read_arguments(typed: argparse.Namespace) -> Request:
    """The request in the arguments of a command of ours, see add_arguments; no configuration file has a say in it.

    Raises pytest.UsageError with one sentence for a value that cannot be right.
    """
    return _request(_Values(lambda dest: getattr(typed, dest, None), lambda dest: None, Path.cwd(), Path.cwd()))


def _request(value: "_Values") -> Request:
    asked = value.typed("site")
    sites_file = None if asked and set(asked) <= DEMOS.keys() else value.sites_file()
    results = value.path("results") or value.folder / RESULTS
    request = Request(
        sites=tuple(asked or ()), sites_file=sites_file, group=value.typed("site-group"), editions=value.editions(),
        as_of=_read_date(value.typed("as-of")), seed=_read_seed(value["sample-seed"]),
        resolve=tuple(value["resolve"] or ()), nameserver=value["nameserver"] or None, contact=value["contact"] or None,
        ca_file=str(value.existing("ca-file") or "") or None, crawl_pages=value.number("crawl-pages"),
        crawl_seconds=value.number("crawl-seconds"), site_seconds=value.number("site-seconds"), calendar=value.existing("calendar"),
        site_evidence=value.number("site-evidence"), evidence=value.number("evidence"),
        gate=value["gate"] or "clean",
        baseline=LAST if value["baseline"] == LAST else value.path("baseline"), history=value.place("history"),
        vantage=(value["vantage"] or "").strip() or None,
        resume=bool(value.typed("resume")),
        exemptions=value.existing("exemptions") or _exemptions_beside(sites_file), results=results,
        rejudge=value.existing("rejudge"),
    )
    _refuse_contradictions(request)
    return request


def today() -> date:
    """The day it is in China."""
    return datetime.now(SHANGHAI).date()


class _Values:
    """Values of options, from the command line or else from the configuration file.

    typed, configured: from an option's `dest` to what stands there. folder: where the command was typed; root: of the
    project whose configuration it is.
    """

    def __init__(
        self, typed: Callable[[str], object], configured: Callable[[str], object], folder: Path, root: Path,
    ) -> None:
        self._typed = typed
        self._configured = configured
        self._options = {option.name: option for option in OPTIONS}
        self._root = root
        self.folder = folder

    def typed(self, name: str) -> object:
        """What the command line says."""
        return self._typed(self._options[name].dest)

    def __getitem__(self, name: str) -> object:
        typed = self.typed(name)
        return self._configured(self._options[name].dest) if typed is None else typed

    def _base(self, name: str) -> Path:
        """Paths are relative to where pytest was started, or, in the configuration file, to the root of the project."""
        return self.folder if self.typed(name) else self._root

    def path(self, name: str) -> Path | None:
        """A path, whether it is there or not."""
        value = self[name] if self._options[name].ini else self.typed(name)
        return self._base(name) / value if value else None

    def existing(self, name: str) -> Path | None:
        """A path that must be there."""
        path = self.path(name)
        if path and not path.exists():
            raise pytest.UsageError(f"{self._options[name].short}：找不到 {path}")
        return path

    def place(self, name: str) -> str | None:
        """A URL as it stands, or else a path."""
        value = self[name]
        return value if value and "://" in value else str(self.path(name) or "") or None

    def number(self, name: str) -> int | None:
        """A whole number above 0."""
        text = self[name]
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < 9 and int(text)):
            raise pytest.UsageError(f"{self._options[name].short}：{text!r} 应是正整数")
        return int(text)

    def sites_file(self) -> Path | None:
        """The sites file: the one that is named, else sites.toml here or at the root of the project."""
        places = (self.folder / SITES_FILE, self._root / SITES_FILE)
        return self.existing("sites") or _default_file(*places)

    def editions(self) -> tuple[str, ...]:
        """Ids, and files as whole paths."""
        base = self._base("edition")
        return tuple(str(base / name) if name.endswith(".toml") else name for name in self["edition"] or ())


def _default_file(*places: Path) -> Path | None:
    return next((path for path in places if path.is_file()), None)


def _exemptions_beside(sites_file: Path | None) -> Path | None:
    return _default_file(sites_file.with_name(EXEMPTIONS_FILE)) if sites_file else None


def _read_date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise pytest.UsageError(f"--as-of：{text!r} 不是日期，应写成 2026-11-20 这样的形式") from None
    if day > today():
        raise pytest.UsageError(f"--as-of：{day} 在今天（{today()}，北京时间）之后，检查日期不能是将来")
    return day


def _read_seed(text: str | None) -> int | None:
    if not text:
        return None
    if not text.isdecimal():
        raise pytest.UsageError(f"--sample-seed：{text!r} 应是 0 或正整数")
    return int(text)


def _refuse_contradictions(request: Request) -> None:
    if request.gate not in GATES:
        raise pytest.UsageError(f"--gate：没有 {request.gate!r} 这一档，可用的是 {'、'.join(GATES)}")
    if request.gate == "new" and not request.baseline:
        raise pytest.UsageError("--gate=new 要用 --baseline=台账文件（或 last）说明和哪一次相比")
    if request.rejudge and request.as_of:
        raise pytest.UsageError("--rejudge 按存档当时的日期判定，不能同时用 --as-of")
    if request.results.exists() and not request.results.is_dir():
        raise pytest.UsageError(f"--results：{request.results} 不是文件夹")
