"""Another process that works on a history: `python history_apart.py PLACE DEED [ARGUMENT]`.

It prints a line when something has happened and reads one from its standard input before it goes on, so that the test
knows where it is without waiting for time to pass.
"""
import resource
import sys
from datetime import datetime, timedelta

from pytest_govsite.history import HistoryError, open_history
from pytest_govsite.history.samples import add_samples
from pytest_govsite.model.availability import SHANGHAI, Round, Sample

NOON = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
SITES = 20


def say(*words) -> None:
    """Tells the test."""
    print(*words, flush=True)


def a_round(number: int, vantage: str, sites: int = SITES) -> tuple[Round, list[Sample]]:
    """The round of an hour, with one visit to each site."""
    at = NOON + timedelta(hours=number)
    visits = [
        Sample(f"s{n}", at, 4, "visit", "open", at.hour, title="首页" * 50, detail=f"{vantage}{number}/{n}" * 20) for n in range(sites)
    ]
    return Round(f"{vantage}-{number}", vantage, at, at), visits


def open_at_once(place: str, _) -> None:
    """Opens the history when all are ready."""
    say("ready")
    sys.stdin.readline()
    with open_history(place) as history:
        history.write_round(*a_round(0, f"v{sys.argv[3]}"))
    say("opened")


def write_rounds(place: str, vantage: str) -> None:
    """Writes rounds, and says after each which it was, for as long as somebody listens."""
    with open_history(place) as history:
        for number in range(int(sys.argv[4])):
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
            sys.stdin.readline()


def hold_the_lock(place: str, vantage: str) -> None:
    """Samples from a vantage until it is told otherwise."""
    with open_history(place) as history, history.writing(vantage):
        say("locked")
        sys.stdin.readline()
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


if __name__ == "__main__":
    globals()[sys.argv[2]](sys.argv[1], sys.argv[3])
