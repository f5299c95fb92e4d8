"""`python -m pytest_govsite.demo`: serves the demo site for looking at, until Ctrl-C."""
import argparse
import signal
import threading
from datetime import date

from pytest_govsite.demo import World
from pytest_govsite.demo.faults import CHOOSABLE

DAY = "the day the site believes in (default: today)"


def main(arguments: list[str] | None = None) -> None:
    """Serves until Ctrl-C. Ends with a message and status 2 for a wrong option."""
    parser = argparse.ArgumentParser(
        prog="python -m pytest_govsite.demo", description="Serve the embedded demo site on loopback."
    )
    known = ", ".join(fault.id for fault in CHOOSABLE)
    parser.add_argument("--clean", action="store_true", help="the twin without faults")
    parser.add_argument("--fault", action="append", metavar="ID", help=f"exactly this fault (repeatable): {known}")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today(), metavar="YYYY-MM-DD", help=DAY)
    options = parser.parse_args(arguments)
    try:
        world = World(options.as_of, options.clean, options.fault)
    except ValueError as error:
        parser.error(str(error))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends as Ctrl-C does: nothing is left behind
    with world:
        print(describe(world), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


def describe(world: World) -> str:
    """How to reach it."""
    curl = f"curl --cacert {world.ca_file} --connect-to ::localhost:{world.nat[443]} {world.site.url}"
    return "\n".join((
        f"look at it:      http://localhost:{world.nat[80]}/   (all hosts of the demo below this one address)",
        f"its own address: {world.site.url}   ({world.site.id}, {len(world.faults)} faults)",
        f"name server:     {world.nameserver}",
        f"ports:           443 -> {world.nat[443]}, 80 -> {world.nat[80]} on 127.0.0.1 and ::1",
        f"authority:       {world.ca_file}",
        f"with curl:       {curl}",
        f"a user of it:    {' '.join(world.account)}   (name and password)",
    ))


if __name__ == "__main__":
    main()
