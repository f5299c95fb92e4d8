"""`python -m pytest_govsite.demo`: serves the demo site for looking at, until Ctrl-C."""
import argparse
import threading
from datetime import date

from pytest_govsite.demo import FAULTS, World


def main(arguments: list[str] | None = None) -> None:
    """Serves until Ctrl-C. Ends with a message and status 2 for a wrong option."""
    parser = argparse.ArgumentParser(prog="python -m pytest_govsite.demo", description="Serve the embedded demo site on loopback.")
    parser.add_argument("--clean", action="store_true", help="the twin without faults")
    parser.add_argument("--fault", action="append", metavar="ID", help="exactly this fault (repeatable): " + ", ".join(f.id for f in FAULTS))
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today(), metavar="YYYY-MM-DD", help="the day the site believes in")
    options = parser.parse_args(arguments)
    try:
        world = World(options.as_of, options.clean, options.fault)
    except ValueError as error:
        parser.error(str(error))
    with world:
        print(describe(world), flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


def describe(world: World) -> str:
    """How to reach it."""
    return "\n".join((
        f"look at it:      http://localhost:{world.nat[80]}/   (all hosts of the demo below this one address)",
        f"its own address: {world.site.url}   ({world.site.id}, {len(world.faults)} faults)",
        f"name server:     {world.nameserver}",
        f"ports:           443 -> {world.nat[443]}, 80 -> {world.nat[80]} on 127.0.0.1 and ::1",
        f"authority:       {world.ca_file}",
        f"as curl says it: curl --cacert {world.ca_file} --connect-to ::localhost:{world.nat[443]} {world.site.url}",
    ))


if __name__ == "__main__":
    main()
