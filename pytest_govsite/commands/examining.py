"""`govsite doctor`: what works on this machine."""
import argparse

from rich.console import Console

from pytest_govsite import doctor
from pytest_govsite.commands.printing import WrongUse
from pytest_govsite.report.chinese import Chinese

HELP = "Say what works on this machine and what to do about what does not."


def declare(command: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    command.add_argument("part", nargs="*", metavar="PART", help=f"only these: {', '.join(doctor.PARTS)}")


def run(console: Console, options: argparse.Namespace) -> int:
    """Every part, or the named ones; status 1 when a named or an essential one does not work."""
    if unknown := [name for name in options.part if name not in doctor.PARTS]:
        raise WrongUse(f"没有 {'、'.join(unknown)} 这一项，可查的是 {'、'.join(doctor.PARTS)}")
    failed = False
    for name in options.part or doctor.PARTS:
        for line in doctor.PARTS[name]():
            sign = ("✓", "green") if line.ok else ("✗", "red")
            console.print(Chinese.assemble(sign, f" {line.says}"), soft_wrap=True)
            if not line.ok:
                console.print(Chinese(f"  → {line.remedy}", "yellow"), soft_wrap=True)
                failed |= bool(options.part) or name in doctor.ESSENTIAL
    return int(failed)
