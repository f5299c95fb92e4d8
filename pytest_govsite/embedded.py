"""The embedded sites that a process serves to itself while it inspects them."""
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from pytest_govsite import demo
from pytest_govsite.demo.monitoring import VANTAGE
from pytest_govsite.gather.settings import Settings
from pytest_govsite.history import open_history
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.options import DEMOS

HISTORY = "history.sqlite3"


class Worlds:
    """Serves an embedded site from `open` to `close`; does nothing for any other."""

    def __init__(self) -> None:
        self._worlds: dict[str, demo.World] = {}
        self._histories: dict[str, Path] = {}
        self._stacks: dict[str, ExitStack] = {}

    def open(self, subject: Subject, as_of: date) -> None:
        """Starts to serve the subject, if it is an embedded site. Raises HistoryError when its past cannot be written down."""
        if subject.id in DEMOS and subject.id not in self._worlds:
            self._stacks[subject.id] = stack = ExitStack()
            self._worlds[subject.id] = world = stack.enter_context(demo.World(as_of, clean=DEMOS[subject.id]))
            folder = stack.enter_context(TemporaryDirectory(prefix="govsite-demo-history-"))
            self._histories[subject.id] = Path(folder) / HISTORY
            _write_down(world, self._histories[subject.id])

    def settings(self, site: Site, settings: Settings) -> Settings:
        """How the site is looked at: an embedded one lives in a network of its own, and has a past of its own."""
        world = self._worlds.get(site.id)
        if world is None:
            return settings
        return replace(
            settings, nameserver=world.nameserver, nat=tuple(world.nat.items()), ca_file=world.ca_file, resolve=(),
            history=str(self._histories[site.id]), vantage=VANTAGE,
        )

    def close(self, site_id: str) -> None:
        """Ends serving this site."""
        self._worlds.pop(site_id, None)
        if stack := self._stacks.pop(site_id, None):
            stack.close()

    def close_all(self) -> None:
        """Ends serving. What does not end is left to the end of the process."""
        for site_id in tuple(self._stacks):
            with suppress(Exception):
                self.close(site_id)


def _write_down(world: demo.World, place: Path) -> None:
    with open_history(place) as history:
        history.write_rounds(world.week)
