"""`govsite sample`: one round of visits, for cron or a systemd timer."""
import argparse

from rich.console import Console

from pytest_govsite.commands import sampling
from pytest_govsite.history import open_history

HELP = "Visit once the sites that are due, for cron or a systemd timer every few minutes, and remember how it went."
VOID = 1


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    sampling.declare(command)
    command.add_argument(
        "--now", action="store_true", help="Visit every site at once for the part of the day that it is (for an hourly job).",
    )


def run(console: Console, typed: argparse.Namespace) -> int:
    """Status 1 when a round counts for nothing by our own fault; what sites do is no failure of ours."""
    from pytest_govsite.gather import sampler  # brings the browser's library: not for everybody who asks for help

    request, settings, per_day = sampling.read(typed)
    sites = sampling.Listing(request).news()
    with open_history(request.history) as history, history.writing(settings.vantage):
        sampling.warn(console)
        voice = sampling.voice(console, sites, sampling.ALL_VISITED if typed.now else sampling.NOTHING_DUE)
        rounds = sampler.sample_once(history, sites, settings, per_day, voice, at_once=typed.now)
    return VOID if any(round.void for round in rounds) else 0
