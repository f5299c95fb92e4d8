"""What `govsite sample` and `govsite watch` share: which sites, from where, how often; and how a round is told."""
import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rich.console import Console

from pytest_govsite import options, planning, sites
from pytest_govsite.commands.printing import WrongUse, print_line
from pytest_govsite.gather.control import read_places
from pytest_govsite.gather.installed import find_chromium
from pytest_govsite.gather.settings import Settings
from pytest_govsite.gather.voice import Voice
from pytest_govsite.gather.voiding import counting
from pytest_govsite.model.availability import SHANGHAI, SLOTS, Round, Sample
from pytest_govsite.model.missing import WORDS
from pytest_govsite.model.site import Site
from pytest_govsite.options import DEMOS, Request
from pytest_govsite.report.wording import plain

OPTIONS = ("site", "sites", "site-group", "resolve", "nameserver", "contact", "ca-file", "history", "vantage")
LEAST_PER_DAY, MOST_PER_DAY = 20, 288  # a day counts with 20 visits (CONTRACT ruling 10); more than one in 5 minutes is a burden
STATES = {"open": "打开", "failed": "打不开", "walled": "被防护拦截", "void": "作废"}
KINDS = {"again": "再访", "browser": "浏览器"}
NOTHING_DUE, ALL_VISITED = "现在没有到时的网站", "这一时段的网站都已访问过"
LONGEST = 500
NO_BROWSER = "本机没有可用的 Chromium，打不开的网站不能再用浏览器确认；运行 govsite doctor 查看安装办法"


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    options.add_arguments(command, OPTIONS)
    command.add_argument(
        "--per-day", metavar="N", default=str(SLOTS),
        help=f"Visits to each site a day, {LEAST_PER_DAY} to {MOST_PER_DAY} (default: {SLOTS}).",
    )
    command.add_argument(
        "--canary", metavar="HOST:PORT", action="append", default=[],
        help="A host that tells whether our own network works; http(s)://HOST[:PORT], too. Repeatable "
             "(default: those of GOVSITE_CONTROL, else well-known ones).",
    )


def read(typed: argparse.Namespace) -> tuple[Request, Settings, int]:
    """What the user asks for, and into how many parts a day is planned. Raises ValueError or pytest.UsageError."""
    request = options.read_arguments(typed)
    if not (request.sites or typed.govsite_sites):
        raise WrongUse("请用 --sites=文件 写明要采样的网站，或用 --site 写明一个（域名、网址或 sites.toml 里的 id）")
    read_places(typed.canary)
    settings = planning.settings_of(request)
    return request, replace(settings, canaries=tuple(typed.canary)), _per_day(typed.per_day)


def _per_day(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and LEAST_PER_DAY <= int(text[:9]) <= MOST_PER_DAY):
        raise WrongUse(f"--per-day：{text!r} 应是 {LEAST_PER_DAY} 到 {MOST_PER_DAY} 之间的整数，如 {SLOTS}")
    return int(text)


class Listing:
    """The sites that are meant; read again when their file changes."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._read: tuple[int, ...] | None = None

    def news(self) -> Sequence[Site] | None:
        """All sites, when nobody has them yet or the file is another; else None.

        Raises ValueError with what is wrong, once for each state of the file.
        """
        stamp = _stamp(self._request.sites_file)
        if stamp == self._read:
            return None
        self._read = stamp
        file = sites.load(self._request.sites_file) if self._request.sites_file else None
        chosen = list(planning.subjects_of(self._request, file, options.today()))
        if demo := next((subject.id for subject in chosen if subject.id in DEMOS), None):
            raise WrongUse(f"{demo} 是内置的演示网站，只在检查时运行，不能采样")
        found = tuple(subject for subject in chosen if isinstance(subject, Site))
        if not found:
            raise WrongUse("要采样的都是政务新媒体账号，没有网站")
        return found


def _stamp(path: Path | None) -> tuple[int, ...]:
    """What changes with a file: nothing for none, zeros for one that is not there at the moment."""
    if not path:
        return ()
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_mtime_ns, found.st_size, found.st_ino


def warn(console: Console) -> None:
    """Tells what this machine cannot do."""
    if not find_chromium():
        say(console, NO_BROWSER)


def voice(console: Console, names: Iterable[Site] = (), nothing: str = NOTHING_DUE) -> Voice:
    """Tells what happens, one line each; with the sites, a line for each that did not open as well.

    nothing: what it means that no site is visited.
    """
    titles = {site.id: site.title for site in names}

    def tell(round: Round, samples: Sequence[Sample], following: datetime | None) -> None:
        say(console, f"{summary(round, samples)}；{coming(following)}")
        for line in _doubtful(samples, titles) if titles else ():
            print_line(console, f"　{line}")

    def idle(following: datetime | None) -> None:
        say(console, f"{nothing}；{coming(following)}")

    return Voice(tell, idle, lambda text: say(console, plain(text, LONGEST)))


def say(console: Console, text: str) -> None:
    """One line with the time."""
    print_line(console, f"{datetime.now(SHANGHAI):%m-%d %H:%M:%S}　{text}")


def coming(following: datetime | None) -> str:
    """When the next visit is due."""
    return f"下一次 {following.astimezone(SHANGHAI):%H:%M:%S}" if following else "下一次在明天零点以后"


def summary(round: Round, samples: Sequence[Sample]) -> str:
    """A round in one line."""
    took = (round.ended - round.began).total_seconds()
    counts = Counter(row.state for row in counting(samples))
    told = "，".join(f"{word} {counts[state]}" for state, word in STATES.items() if counts[state] or state in ("open", "failed"))
    void = f"；整轮作废：{plain(round.void, 200)}" if round.void else ""
    return f"访问 {sum(counts.values())} 个网站，用时 {took:.0f} 秒：{told}{void}"


def _doubtful(samples: Sequence[Sample], titles: dict[str, str]) -> Iterable[str]:
    for visit in counting(samples):
        if visit.state != "open":
            later = [row for row in samples if row.site == visit.site and row.kind in KINDS]
            rest = "".join(f"；{KINDS[row.kind]}：{_met(row)}" for row in later)
            yield f"{plain(titles.get(visit.site, visit.site))}（{visit.site}）{_met(visit)}{rest}"


def _met(row: Sample) -> str:
    """What a visit met."""
    if row.state == "open":
        return STATES["open"]
    words = "，".join(filter(None, (row.reason and WORDS[row.reason], plain(row.detail, 200))))
    return f"{STATES[row.state]}（{words}）" if words else STATES[row.state]
