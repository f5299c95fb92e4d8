"""`govsite sweep`: inspects all sites of a file on a Dask cluster, or on as many processes of this machine."""
import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

from rich.console import Console

from pytest_govsite import collecting, options, planning
from pytest_govsite.books import Books, Duties
from pytest_govsite.commands.printing import WrongUse, print_line
from pytest_govsite.ledger import LedgerError
from pytest_govsite.options import OPTIONS
from pytest_govsite.planning import Plan
from pytest_govsite.processors import processors
from pytest_govsite.remembering import Remembering
from pytest_govsite.report.progress import Progress
from pytest_govsite.sweeping import connecting
from pytest_govsite.sweeping.cluster import Cluster
from pytest_govsite.sweeping.connecting import Tls
from pytest_govsite.sweeping.homecoming import Home
from pytest_govsite.sweeping.parcels import Parcels
from pytest_govsite.sweeping.pasts import Pasts
from pytest_govsite.sweeping.sweep import Sweep
from pytest_govsite.sweeping.units import units_of

HELP = "Inspect many sites on a Dask cluster, each in processes of its own; without --scheduler on this machine."
LEFT_OUT = ("rejudge",)
GRACE_SECONDS = 180  # beyond a site's own time: pytest starts and ends; an inspection that lives ends the site by itself
MEMORY_MB, LEAST_MB = 4096, 64
UNMET, DISK_FULL = 1, 3


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments: those of the inspection, and those of the cluster."""
    options.add_arguments(command, [option.name for option in OPTIONS if option.name not in LEFT_OUT])
    command.add_argument("--site-seconds", dest="govsite_site_seconds", metavar="N", help="Short for --govsite-site-seconds.")
    command.add_argument(
        "--site-memory", metavar="MB", default=str(MEMORY_MB),
        help=f"Memory that all processes of one inspection may take together; beyond it they are ended (default: {MEMORY_MB}).",
    )
    command.add_argument("--scheduler", metavar="URL", help="The Dask scheduler: tcp://HOST:PORT or tls://HOST:PORT.")
    command.add_argument("--workers", metavar="N", help="Without a scheduler: sites at a time (default: one for each processor).")
    for name, what in (("ca", "the authority"), ("cert", "our own certificate"), ("key", "the key of that certificate")):
        command.add_argument(f"--tls-{name}", metavar="FILE", type=Path, help=f"For tls://: {what} (PEM).")
    command.add_argument("checks", metavar="CHECKS", nargs="*", type=Path, help="Files and folders of further checks.")


def run(console: Console, typed: argparse.Namespace) -> int:
    """Status 1 when the gate is not met, 3 when the disk is full or gone.

    Raises ValueError or pytest.UsageError for what cannot be done, before any site is opened.
    """
    request = options.read_arguments(typed)
    if not (request.sites or typed.govsite_sites):
        raise WrongUse("请用 --sites=文件 写明要检查的网站，或用 --site 写明一个（域名、网址或 sites.toml 里的 id）")
    theirs = tuple(path for place in typed.checks for path in _checks_in(place))
    plan = planning.draw_plan(request, (*collecting.own_files(), *theirs))
    name, memory, began = uuid4().hex, _number(typed.site_memory, "--site-memory", LEAST_MB), time.monotonic()
    parcels = Parcels(plan, typed, theirs, name, plan.settings.site_deadline + GRACE_SECONDS, memory * 2**20)
    books = Books(plan, _duties(console), Remembering(plan, name), Path.cwd())
    for line in books.head():
        print_line(console, line)
    try:
        with _ended_by_signals():
            _carry_out(console, typed, plan, books, parcels)
    except (LedgerError, OSError) as error:
        print(f"govsite: {error}", file=sys.stderr)
        return DISK_FULL
    finally:
        books.tell(lambda line: print_line(console, line), console.width, console.is_terminal)
    print_line(console, _pace(len(plan.subjects), time.monotonic() - began))
    return 0 if books.met() else UNMET


def _carry_out(console: Console, typed: argparse.Namespace, plan: Plan, books: Books, parcels: Parcels) -> None:
    """Every ending of the sweep leaves complete files."""
    if not plan.tasks:  # --resume found everything finished
        books.close()
        return
    with _cluster(typed) as cluster, _pasts(console, plan) as past_of:
        cluster.check(frozenset(kind for task in plan.tasks.values() for kind in task.needs))
        print_line(console, f"govsite 同时检查 {cluster.slots()} 个网站；Dask 监视页面：{cluster.dashboard}")
        books.open(tuple(plan.tasks.values()))
        home = Home(plan, books, parcels.run)
        try:
            Sweep(cluster, home, parcels, units_of(plan), past_of, lambda text: print_line(console, text)).run()
        finally:
            books.close()


def _cluster(typed: argparse.Namespace) -> AbstractContextManager[Cluster]:
    """What was asked for; nothing has been started yet. Raises WrongUse for what does not go together."""
    files = (typed.tls_ca, typed.tls_cert, typed.tls_key)
    if not typed.scheduler:
        if any(files):
            raise WrongUse("--tls-ca、--tls-cert、--tls-key 要和 --scheduler=tls://主机:端口 一起用")
        workers = typed.workers or str(processors())
        return connecting.local(_number(workers, "--workers", 1))
    if typed.workers:
        raise WrongUse("--workers 只用于本机；用了 --scheduler，同时检查多少个网站由执行机决定")
    if typed.scheduler.startswith("tls://") != all(files) or any(files) != all(files):
        raise WrongUse("调度器地址 tls:// 要写全 --tls-ca、--tls-cert、--tls-key 三个文件；tcp:// 一个也不要")
    if missing := next((path for path in files if path and not path.is_file()), None):
        raise WrongUse(f"找不到文件 {missing}")
    return connecting.remote(typed.scheduler, Tls(*files) if all(files) else None)


@contextmanager
def _pasts(console: Console, plan: Plan) -> Iterator[Callable[[str], bytes | None]]:
    """What the history knows of a site. It may be out of reach: then the sites are inspected without."""
    try:
        pasts = Pasts(plan.request.history, plan.settings.as_of)
    except ValueError as error:
        print_line(console, f"监测记录没有随检查带去，可用性一项待定：{error}")
        yield lambda site_id: None
        return
    try:
        yield pasts.of
    finally:
        pasts.close()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A service manager's SIGTERM, and a terminal that is closed, end the sweep as Ctrl-C does."""
    def end(*_) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _duties(console: Console) -> Duties:
    """The machines are asked by the cluster whether they can do it."""
    def watch() -> Progress:
        return Progress(lambda text: print_line(console, text), console.is_terminal)

    return Duties(lambda kinds: "", watch, lambda rows: None)


def _checks_in(place: Path) -> Sequence[Path]:
    found = sorted(collecting.check_files(place.absolute())) if place.exists() else []
    if not found:
        raise WrongUse(f"{place} 里没有检查：检查文件里应有 from pytest_govsite import … 和 @check")
    return found


def _number(text: str, option: str, least: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and int(text) >= least):
        raise WrongUse(f"{option}：{text!r} 应是 {least} 以上的整数")
    return int(text)


def _pace(sites: int, seconds: float) -> str:
    return f"检查 {sites} 个对象，用时 {seconds / 60:.1f} 分钟，平均每小时 {sites * 3600 / max(seconds, 1):.0f} 个"
