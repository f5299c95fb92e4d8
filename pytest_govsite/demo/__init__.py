"""An invented government site, served on loopback: `demo` with planted faults, `demo-clean` without.

`python -m pytest_govsite.demo` shows it to a browser.
"""
from pytest_govsite.demo.fault import Fault
from pytest_govsite.demo.faults import FAULTS, PLANTED
from pytest_govsite.demo.traps import TRAPS, Trap
from pytest_govsite.demo.world import World

__all__ = ["FAULTS", "PLANTED", "TRAPS", "Fault", "Trap", "World"]
