"""Addresses that may be columns, as the pages of a site name them, in the order in which they are found."""
from collections import Counter
from dataclasses import dataclass, field

from pytest_govsite.gather.scope import (
    Scope, is_column_address, is_column_name, key_of, parameters, template_of,
)
from pytest_govsite.gather.seen import clean, is_generic
from pytest_govsite.model.site import Registered
from pytest_govsite.reading.addresses import path_of
from pytest_govsite.reading.categories import category_of
from pytest_govsite.reading.navigation import Place, is_site_map

# the likeliest first: how firmly a form says that a link leads to a column
FORMS = ("registered", "nav", "side", "block", "more", "map", "text", "foot")
NAMED = FORMS.index("more")  # up to here navigation itself names the column
MOST_NAMED, MOST_COMBINED, MOST_OTHER, MOST_ASKED = 150, 12, 15, 4  # addresses of one making
MOST_SPOTS = 3000
MOST_OUTSIDE = 150


@dataclass
class Spot:
    """One address that may be a column's.

    names    all that links to it say, the likeliest first; under: menu heads above it; parent: key of the spot above it.
    depth    steps from the home page; order: number in the order of discovery.
    """

    url: str
    key: str
    name: str
    form: str
    under: str = ""
    parent: str = ""
    depth: int = 1
    order: int = 0
    names: list[str] = field(default_factory=list)
    on_home: bool = False
    registered: Registered | None = None

    @property
    def rank(self) -> tuple:
        """What is visited first: what the sites file names, the site map, what the tables ask about, navigation."""
        form = FORMS.index(self.form)
        return self.form != "registered", self.form != "map", form > NAMED, not category_of(self.name), self.order


class Atlas:
    """All spots of one site. `outside`: places of other hosts that navigation names."""

    def __init__(self, scope: Scope, home: str) -> None:
        self.scope = scope
        self.home = key_of(home)
        self.spots: dict[str, Spot] = {}
        self.outside: dict[str, Spot] = {}
        self.dropped = 0
        self._makings: Counter[tuple[str, bool]] = Counter()

    def register(self, column: Registered) -> None:
        """A column that the sites file names with its address: it is looked at wherever it lives."""
        spot = Spot(column.url, key_of(column.url), column.path[-1] if column.path else column.name, "registered")
        spot.registered, spot.order = column, len(self.spots)
        self.spots.setdefault(spot.key, spot)

    def note(self, place: Place, depth: int, parent: str = "", on_home: bool = False) -> None:
        """A link that may lead to a column; what cannot be one, or would be one too many, is dropped."""
        key, name = key_of(place.url), clean(place.name)
        form = "map" if is_site_map(name) else place.form
        known = self.spots.get(key) or self.outside.get(key)
        if known:
            _add_name(known, name, form, place.under, on_home)
        elif key != self.home and form != "foot" and (not name or is_column_name(name)):
            self._enter(Spot(place.url, key, name, form, clean(place.under), parent, depth, names=[name], on_home=on_home))

    def level(self, depth: int) -> list[Spot]:
        """The spots of a depth, in the order of visiting."""
        return sorted((spot for spot in self.spots.values() if spot.depth == depth), key=lambda spot: spot.rank)

    def _enter(self, spot: Spot) -> None:
        spot.order = len(self.spots) + len(self.outside)
        if not self.scope.owns(spot.url):
            if FORMS.index(spot.form) <= NAMED and len(self.outside) < MOST_OUTSIDE:
                self.outside[spot.key] = spot
        elif not is_column_address(spot.url):
            return
        elif self._is_one_too_many(spot):
            self.dropped += 1
        else:
            self.spots[spot.key] = spot

    def _is_one_too_many(self, spot: Spot) -> bool:
        """Endless addresses of one making (calendars, filters); what navigation names may be many."""
        named, asked = FORMS.index(spot.form) <= NAMED, parameters(spot.url)
        most = (MOST_COMBINED if asked > 1 else MOST_NAMED) if named else MOST_ASKED if asked else MOST_OTHER
        self._makings[template_of(spot.url), named] += 1
        return self._makings[template_of(spot.url), named] > most or len(self.spots) >= MOST_SPOTS


def _add_name(spot: Spot, name: str, form: str, under: str, on_home: bool) -> None:
    """Another link to the same page: the firmer form gives the name."""
    spot.on_home = spot.on_home or on_home
    firmer = FORMS.index(form) < FORMS.index(spot.form) or is_generic(spot.name)
    if name and name not in spot.names:
        spot.names.append(name)
    if firmer and not is_generic(name):
        spot.name, spot.form, spot.under = name, form if form != "foot" else spot.form, clean(under) or spot.under


def parent_of(spot: Spot, place: Place, siblings: frozenset[str], final_url: str) -> str:
    """The key of what a link found on a spot's page hangs under: that page, or what that page hangs under itself.

    siblings: keys of the side menu when the page itself stands in it.
    """
    folder = path_of(final_url).rpartition("/")[0] + "/"
    below = path_of(place.url).startswith(folder) and path_of(place.url).rpartition("/")[0] + "/" != folder
    if key_of(place.url) in siblings and not below:
        return spot.parent
    return "" if place.form in ("nav", "foot") else spot.key
