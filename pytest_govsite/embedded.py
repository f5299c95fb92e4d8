"""The embedded sites that a process serves to itself while it inspects them."""
from contextlib import suppress
from dataclasses import replace
from datetime import date

from pytest_govsite import demo
from pytest_govsite.gather.settings import Settings
from pytest_govsite.model.site import Site, Subject
from pytest_govsite.options import DEMOS


class Worlds:
    """Serves an embedded site from `open` to `close`; does nothing for any other."""

    def __init__(self) -> None:
        self._worlds: dict[str, demo.World] = {}

    def open(self, subject: Subject, as_of: date) -> None:
        """Starts to serve the subject, if it is an embedded site."""
        if subject.id in DEMOS and subject.id not in self._worlds:
            world = demo.World(as_of, clean=DEMOS[subject.id])
            world.start()
            self._worlds[subject.id] = world

    def settings(self, site: Site, settings: Settings) -> Settings:
        """How the site is looked at: an embedded one lives in a network of its own."""
        world = self._worlds.get(site.id)
        if world is None:
            return settings
        return replace(
            settings, nameserver=world.nameserver, nat=tuple(world.nat.items()), ca_file=world.ca_file, resolve=(),
        )

    def close(self, site_id: str) -> None:
        """Ends serving this site."""
        if world := self._worlds.pop(site_id, None):
            world.stop()

    def close_all(self) -> None:
        """Ends serving. What does not end is left to the end of the process."""
        for site_id in tuple(self._worlds):
            with suppress(Exception):
                self.close(site_id)
