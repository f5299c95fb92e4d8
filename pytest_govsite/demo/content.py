"""All that content files hold, as one value that faults can change before the site is made of it."""
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files

from pytest_govsite.demo.columns import Column

LISTS = ("news", "notices", "policy", "disclosure", "topics")


@dataclass(frozen=True)
class Engine:
    """The site's search.

    box       how a visitor comes to it, see templates/search/; results: how they come: by "script", in the "page", in a "frame".
    indexes   what it knows: "news", "services", "below" (the subordinate site).
    age       nothing younger than so many days is in the index.
    classes   results are in classes; fuzzy: words and similar titles are found, not only whole titles; cards: services are offered.
    """

    box: str = "form"
    results: str = "script"
    indexes: frozenset[str] = frozenset({"news", "services", "below"})
    age: int = 0
    classes: bool = True
    fuzzy: bool = True
    cards: bool = True


@dataclass(frozen=True)
class Identity:
    """The accounts of the site's users.

    unified  all blocks send to the city's unified identity; else the mailbox has a system of its own, with its own registration.
    forgets  a block that does not know who has logged in at another; history: the user's page lists what the user did.
    """

    unified: bool = True
    forgets: str = ""
    history: bool = True


@dataclass(frozen=True)
class Content:
    """Columns, standing pages, first-level names, people, search, accounts.

    home  template of the home page; late: days since anybody answered letters or looked after guides.
    """

    columns: tuple[Column, ...]
    pages: tuple[dict, ...]
    sections: tuple[dict, ...]
    leaders: tuple[dict, ...]
    home: str = "home.html"
    late: int = 0
    engine: Engine = Engine()
    identity: Identity = Identity()


Change = Callable[[Content], Content]


def content(as_of: date, changes: Iterable[Change] = ()) -> Content:
    """The content of the site, with changes made one after the other."""
    columns = tuple(_column(row, as_of) for name in LISTS for row in read(name)["column"])
    pages = read("pages")
    made = Content(columns, tuple(pages["page"]), tuple(pages["section"]), tuple(read("people")["leader"]))
    for change in changes:
        made = change(made)
    return made


@cache
def read(name: str) -> dict:
    """A content file."""
    return tomllib.loads((files("pytest_govsite.demo") / "content" / f"{name}.toml").read_text(encoding="utf-8"))


def _column(row: dict, as_of: date) -> Column:
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    if "units" in row:
        lists["units"] = tuple(tuple(pair) for pair in row["units"])
    years = {"y": as_of.year, "py": as_of.year - 1, "ppy": as_of.year - 2, "y3": as_of.year - 3}
    names = {key: row[key].format(**years) for key in ("name", "page", "id") if key in row}
    return Column(**row | lists | names)


def aged(days: int, *names: str) -> Change:
    """Nothing was put into these columns for so many days; where none is named, nobody did anything at all."""

    def change(made: Content) -> Content:
        aged = _each(made, names, lambda column: replace(column, late=days))
        return aged if names else replace(aged, late=days)

    return change


def altered(*names: str, **fields) -> Change:
    """Columns get other settings."""
    return lambda made: _each(made, names, lambda column: replace(column, **fields))


def emptied(blank: str, *names: str) -> Change:
    """Columns lose all their articles; visitors see `blank` instead (see inside/blank.html)."""
    bare = {"titles": (), "pinned": (), "elsewhere": (), "ahead": (), "blank": blank}
    return altered(*names, **bare)


def untitled(words: str, *names: str) -> Change:
    """Titles of these columns lose some words."""

    def change(column: Column) -> Column:
        return replace(column, titles=tuple(title.replace(words, "") for title in column.titles))

    return lambda made: _each(made, names, change)


def withdrawn(*names: str) -> Change:
    """Columns and pages are gone, with all below them and every link to them."""

    def stays(place: dict) -> bool:
        return place["name"] not in names and not set(names).intersection(place.get("under", ()))

    def change(made: Content) -> Content:
        columns = tuple(one for one in made.columns if stays({"name": one.name, "under": one.under}))
        pages, sections = (tuple(filter(stays, places)) for places in (made.pages, made.sections))
        return replace(made, columns=columns, pages=pages, sections=sections)

    return change


def untopical(made: Content) -> Content:
    """The topics of this year were never opened."""
    return replace(made, columns=tuple(column for column in made.columns if not column.opened))


def person(id: str, **fields: str) -> Change:
    """Something else stands in one leader's particulars."""

    def change(made: Content) -> Content:
        return replace(made, leaders=tuple(one | fields if one["id"] == id else one for one in made.leaders))

    return change


def searched(**fields) -> Change:
    """The search gets other settings."""
    return lambda made: replace(made, engine=replace(made.engine, **fields))


def unindexed(*kinds: str) -> Change:
    """The search knows nothing of these kinds."""
    return lambda made: replace(made, engine=replace(made.engine, indexes=made.engine.indexes - set(kinds)))


def identified(**fields) -> Change:
    """The accounts of users get other settings."""
    return lambda made: replace(made, identity=replace(made.identity, **fields))


def homed(template: str) -> Change:
    """The home page is made of another template."""
    return lambda made: replace(made, home=template)


def joined(*changes: Change) -> Change:
    """One after the other."""

    def change(made: Content) -> Content:
        for one in changes:
            made = one(made)
        return made

    return change


def _each(made: Content, names: tuple[str, ...], to: Callable[[Column], Column]) -> Content:
    missing = set(names) - {column.name for column in made.columns}
    if missing:
        raise ValueError(f"no such column: {', '.join(sorted(missing))}")
    columns = tuple(to(column) if not names or column.name in names else column for column in made.columns)
    return replace(made, columns=columns)
