"""Another process that works on a history.

It says when something has happened and waits to be told before it goes on, so that the test knows where it is without
waiting for time to pass.
"""
import resource
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection

from pytest_govsite.history import HistoryError, open_history
from pytest_govsite.history.samples import add_samples
from pytest_govsite.model.availability import SHANGHAI, Round, Sample

NOON = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
SITES = 20

# processes are forked off one that has imported what they need, which takes each of them a second
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["pytest_govsite.history.store", "alembic.command", "alembic.context", "psycopg"])
_test: Connection


class Apart:
    """The process while it runs; deed: the name of a function here, which gets the place and further arguments."""

    def __init__(self, place, deed: str, *arguments) -> None:
        self._ours, theirs = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=work, args=(theirs, str(place), deed, *arguments), daemon=True)
        self._process.start()
        theirs.close()

    def said(self) -> str:
        """The next line; empty when the process is gone."""
        try:
            return self._ours.recv()
        except (EOFError, OSError):  # at the end of a line, or in the middle of one
            return ""

    def rest(self) -> list[str]:
        """All further lines."""
        return list(iter(self.said, ""))

    def go_on(self) -> None:
        """What it waits for."""
        self._ours.send("")

    def kill(self) -> int:
        """Kills it: how it ended."""
        self._process.kill()
        self._process.join(60)
        return self._process.exitcode


def work(test: Connection, place: str, deed: str, *arguments) -> None:
    """What the process does."""
    global _test
    _test = test
    globals()[deed](place, *arguments)


def say(*words) -> None:
    """Tells the test."""
    _test.send(" ".join(map(str, words)))


def wait() -> None:
    """Until the test says so."""
    _test.recv()


def a_round(number: int, vantage: str, sites: int = SITES) -> tuple[Round, list[Sample]]:
    """The round of an hour, with one visit to each site."""
    at = NOON + timedelta(hours=number)
    visits = [
        Sample(f"s{n}", at, 4, "visit", "open", at.hour, title="首页" * 50, detail=f"{vantage}{number}/{n}" * 20) for n in range(sites)
    ]
    return Round(f"{vantage}-{number}", vantage, at, at), visits


def open_at_once(place: str, number: int) -> None:
    """Opens the history when all are ready."""
    say("ready")
    wait()
    with open_history(place) as history:
        history.write_round(*a_round(0, f"v{number}"))
    say("opened")


def write_rounds(place: str, vantage: str, times: int) -> None:
    """Writes rounds, and says after each which it was, for as long as somebody listens."""
    with open_history(place) as history:
        for number in range(times):
            history.write_round(*a_round(number, vantage))
            say(number)


def stop_in_the_middle(place: str, vantage: str) -> None:
    """One round that is committed, one whose rows are written but not committed."""
    with open_history(place) as history:
        history.write_round(*a_round(0, vantage))
        round_, visits = a_round(1, vantage, 2000)
        with history._database.writing() as session:
            add_samples(session, [visit.__class__(**visit.__dict__ | {"vantage": vantage}) for visit in visits])
            say("in the middle")
            wait()


def hold_the_lock(place: str, vantage: str) -> None:
    """Samples from a vantage until it is told otherwise."""
    with open_history(place) as history, history.writing(vantage):
        say("locked")
        wait()
    say("free")


def fill_the_disk(place: str, vantage: str) -> None:
    """Writes until the file may grow no further; then reads; then, with room again, writes on."""
    with open_history(place) as history:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, most))  # the shell's `ulimit -f`: as if the disk were so large
        written = 0
        try:
            while True:
                history.write_round(*a_round(written, vantage, 200))
                written += 1
        except HistoryError as error:
            say(error)
        days = NOON.date(), NOON.date() + timedelta(days=99)
        say(written, len(history.samples("s0", *days)), len(history.rounds(*days)))
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        for number in range(written, written + 3):
            history.write_round(*a_round(number, vantage, 200))
        say(len(history.samples("s199", *days)), len(history.rounds(*days)))
