"""What each rule must find in a town, and what became of it."""
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from towns import addresses, engine, oddities, pages
from towns.plan import Town

from pytest_govsite.model.finding import Drawn, Finding, Undetermined, Unseen, normalised
from pytest_govsite.model.missing import Missing
from pytest_govsite.model.page import MARK_NAMES
from pytest_govsite.model.search import Search, Trial

ONCE = frozenset({""})
NOBODY: frozenset[str] = frozenset()
MARKS = {"party": "party_mark", "police": "police", "icp": "icp"}
CLOSED = ("captcha", "412", "login", "picture")
PATIENT = ("often", "slow-down")  # walls that let some queries through


@dataclass
class Looked:
    """One rule of one town after the check: what it observed, or why it could not."""

    town: Town
    rule: str
    observed: tuple = ()
    stopped: str = ""
    evidence: dict[str, object] = field(default_factory=dict)

    @property
    def drawn(self) -> list[str]:
        """Paths of the drawn units, with their queries."""
        return [_path(url) for each in self.observed if isinstance(each, Drawn) for url in each.urls]

    @property
    def findings(self) -> list[Finding]:
        return [each for each in self.observed if isinstance(each, Finding)]

    @property
    def open(self) -> list[str]:
        """Why something stayed open."""
        units = [f"{each.blame}: {each.reason}" for each in self.observed if isinstance(each, Unseen)]
        return [self.stopped] if self.stopped else units

    @property
    def search(self) -> Search | None:
        value = self.evidence.get("search")
        return value if isinstance(value, Search) else None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _once(*faults: str) -> Callable[[Looked], frozenset[str]]:
    return lambda looked: ONCE if looked.town.faults & set(faults) else NOBODY


def _marks(looked: Looked) -> frozenset[str]:
    paths = {"column": _columns(looked.town), "article": _articles(looked.town)}
    missing = [fault.split(":")[1:] for fault in looked.town.faults if fault.startswith("mark:")]
    return frozenset(MARK_NAMES[MARKS[name]] for name, role in missing if paths[role] & set(looked.drawn))


def _columns(town: Town) -> set[str]:
    return {addresses.listing(town, channel) for channel in town.channels}


def _articles(town: Town) -> set[str]:
    return {addresses.article(town, story) for story in town.stories}


def _entries_inside(looked: Looked) -> frozenset[str]:
    inner = frozenset(path for path in looked.drawn if not path.startswith("/redirect/"))  # that one is the home page
    return inner if "entry:inside" in looked.town.faults else NOBODY


def _unlabelled_articles(looked: Looked) -> frozenset[str]:
    return frozenset(addresses.article(looked.town, s) for s in looked.town.stories if not pages.is_labelled(looked.town, s)) & frozenset(looked.drawn)


def _unlabelled_columns(looked: Looked) -> frozenset[str]:
    return frozenset(_columns(looked.town) & set(looked.drawn)) if "labels:columns" in looked.town.faults else NOBODY


def _links(*places: str) -> Callable[[Looked], frozenset[str]]:
    return lambda looked: frozenset(normalised(url) for place in places for _, url in oddities.dead(looked.town, place))


def _no_search(looked: Looked) -> frozenset[str]:
    return ONCE if looked.town.search.dead else NOBODY


def _unfindable(looked: Looked) -> frozenset[str]:
    town, search = looked.town, looked.search
    if town.search.dead or search is None:
        return NOBODY
    return frozenset(one.wanted for one in search.tried("title", "service")[:4] if not engine.is_findable(town, one.wanted, one.target))


def _unclassified(looked: Looked) -> frozenset[str]:
    return ONCE if not looked.town.search.classified and not looked.town.search.dead else NOBODY


def _works(town: Town) -> bool:
    return not town.search.dead and town.search.wall not in CLOSED


def _met(looked: Looked, *purposes: str) -> list[Trial]:
    """The trials that were answered, as far as a wall lets through; all of them where there is none."""
    tried = looked.search.tried(*purposes) if looked.search else ()
    return [one for one in tried if one.outcome != "untried" or looked.town.search.wall not in PATIENT]


def _fuzzy(looked: Looked) -> frozenset[str]:
    town = looked.town
    tried = _met(looked, "typo", "part") if _met(looked, "nonsense") else ()
    close = any(engine.is_findable(town, one.query, one.target) for one in tried)
    return ONCE if _works(town) and town.search.mode != "everything" and close else NOBODY


def _serving(looked: Looked) -> frozenset[str]:
    tried = _met(looked, "keyword", "service")
    return ONCE if _works(looked.town) and any(engine.card(looked.town, one.query) for one in tried) else NOBODY


def _below(looked: Looked) -> frozenset[str]:
    town = looked.town
    tried = _met(looked, "subordinate")[:2]
    return frozenset(one.wanted for one in tried if _works(town) and engine.is_findable(town, one.wanted, one.target))


def _forgets(looked: Looked) -> frozenset[str]:
    return ONCE if "logins:two" in looked.town.faults or looked.town.account == "forgets" else NOBODY


def _engines(looked: Looked) -> frozenset[str]:
    return frozenset({"firefox"}) if {"compat:firefox", "compat:inner"} & looked.town.faults else NOBODY


def by_what(finding: Finding) -> str:
    """Findings told apart by the thing."""
    return finding.what


def by_address(finding: Finding) -> str:
    """By the address that leads nowhere."""
    return normalised(finding.what)


def by_page(finding: Finding) -> str:
    """By the page at fault."""
    return _path(finding.at)


def by_nothing(finding: Finding) -> str:
    """One is all there can be."""
    return ""


Known = Callable[[Looked], frozenset[str]]
RULES: dict[str, tuple[Known, Callable[[Finding], str]]] = {
    "domain-name.1": (_once("domain:suffix"), by_nothing), "domain-name.2": (_once("name:foreign"), by_nothing),
    "domain-name.3": (_once("name:hidden"), by_nothing), "site-marks.1": (_marks, by_what),
    "links.1": (_links("home"), by_address), "links.2": (_links("column", "text", "article"), by_address),
    "find-error-entry.1": (_once("entry:home", "entry:foreign"), by_nothing), "find-error-entry.2": (_entries_inside, by_page),
    "site-search.1": (_no_search, by_nothing), "site-search.2": (_unfindable, by_what), "site-search.3": (_unclassified, by_nothing),
    "one-login.1": (_forgets, by_nothing), "unified-login.1": (_once("logins:two"), by_nothing),
    "page-labels.1": (_unlabelled_articles, by_page), "page-labels.2": (_unlabelled_columns, by_page), "compat.1": (_engines, by_what),
    "ipv6.1": (_once("ipv6:no-aaaa", "ipv6:refused", "ipv6:closed", "ipv6:other"), by_nothing), "smart-search.1": (_fuzzy, by_nothing),
    "smart-search.2": (_serving, by_nothing), "smart-search.3": (_below, by_what),
    "user-space.1": (lambda looked: ONCE if looked.town.account else NOBODY, by_nothing),
}


@dataclass
class Score:
    """One rule over all towns. missed and false name the town and the thing; open: planted, and left open with a reason."""

    rule: str
    towns: int = 0
    known: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    def add(self, looked: Looked) -> None:
        """Counts one town."""
        known, name = RULES[self.rule]
        must, got = known(looked), {name(finding): finding for finding in looked.findings}
        self.towns += 1
        self.known += len(must)
        self.found += len(must & got.keys())
        for thing in sorted(must - got.keys()):
            (self.left if looked.open else self.missed).append(f"{looked.town.slug}: {thing} {'; '.join(looked.open[:2])}".strip())
        self.false += [f"{looked.town.slug}: {finding.what} — {finding.says} ({finding.at})" for thing, finding in got.items() if thing not in must]
        if looked.open and not must:
            self.undecided.append(f"{looked.town.slug}: {looked.open[0]}")


def bad_draws(town: Town, evidence: dict[str, object]) -> Iterable[str]:
    """Titles that should never have been drawn: not the site's, too new, too old, not alone, not whole."""
    search = evidence.get("search")
    if not isinstance(search, Search):
        return
    titles = [story.title for story in town.stories]
    known = {(story.title, addresses.article(town, story)): story for story in town.stories}
    for one in search.tried("title", "service"):
        story = known.get((one.wanted, _path(one.target)))
        if story is None:
            yield f"{town.slug}: no such page: {one.wanted} {one.target}"
        elif story.day and not 7 <= (town.as_of - story.day).days <= 365:
            yield f"{town.slug}: {story.day} is outside the window: {one.wanted}"
        elif titles.count(one.wanted) > 1:
            yield f"{town.slug}: stands twice: {one.wanted}"


def raised(error: Exception) -> str:
    """Why a check gave up, in a line."""
    blame = f"{error.blame}: " if isinstance(error, Undetermined) else ""
    return f"{blame or type(error).__name__ + ': '}{error}"


def stopped_by(missing: Missing) -> str:
    """The same for evidence that could not be had."""
    return f"{missing.blame}: {missing.says}"
