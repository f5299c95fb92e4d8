"""The console script `govsite`."""
import argparse
import sys
from collections.abc import Sequence

import pytest
from rich.console import Console

from pytest_govsite import __version__
from pytest_govsite.commands import (
    columns, diff, examining, explaining, history, register, remind, report, results, sample, sweep, validating, watch,
)

WRONG_USE, INTERRUPTED = 2, 130
LOG_WIDTH = 120
COMMANDS = {
    "doctor": examining, "editions": explaining, "sites": validating, "columns": columns, "remind": remind,
    "register": register, "history": history, "diff": diff, "report": report, "results": results, "sample": sample, "watch": watch, "sweep": sweep,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand. Exit status: 0 good, 1 something is missing (doctor), 2 wrong use, told in one sentence."""
    options = parser().parse_args(arguments)
    interactive = sys.stdout.isatty()
    console = Console(highlight=False, markup=False, emoji=False, width=None if interactive else LOG_WIDTH)
    try:
        return options.run(console, options)
    except (ValueError, ImportError, pytest.UsageError) as error:  # all written for the user
        print(f"govsite: {error}", file=sys.stderr)
        return WRONG_USE
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("govsite: 已中止", file=sys.stderr)
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """What may be typed."""
    made = argparse.ArgumentParser(prog="govsite", description="Companion of `pytest --site=...`, the inspection.")
    made.add_argument("--version", action="version", version=f"pytest-govsite {__version__}")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.HELP, description=module.HELP)
        command.set_defaults(run=module.run)
        module.declare(command)
    return made
