"""The site's own search, tried as a visitor."""
from dataclasses import dataclass
from typing import Literal

from pytest_govsite.model.missing import Missing, Reason

SearchState = Literal["works", "absent", "dead", "wall", "unknown"]
Way = Literal["get", "post", "script", "link"]
Purpose = Literal["title", "service", "typo", "part", "keyword", "nonsense", "subordinate"]
TrialOutcome = Literal["found", "absent", "untried"]


@dataclass(frozen=True)
class Hit:
    """One result: title as shown, whole where the page holds it whole; url unwrapped from redirecting links."""

    title: str
    url: str
    summary: str = ""
    day: str | None = None


@dataclass(frozen=True)
class Results:
    """The first result page as a visitor reads it, frames included.

    hits      in page order, at most 50.
    total     how many results the page says there are; None: it does not say.
    empty     the words by which it says that nothing was found, empty when it does not.
    facets    names of the classes that results are sorted into (全部 left out).
    card      words of a block that offers the service itself (办理、申请、指南), empty when there is none.
    readable  hits or the words for none were recognised: only then can "not found" be firm.
    """

    hits: tuple[Hit, ...] = ()
    total: int | None = None
    empty: str = ""
    facets: tuple[str, ...] = ()
    card: str = ""
    readable: bool = False


@dataclass(frozen=True)
class Trial:
    """One search.

    purpose   title, service: exact title of a published article, of a service; typo, part: a title spoilt or cut, for fuzzy
              search; keyword: a word of services; nonsense: what no site has; subordinate: a title of a lower site.
    wanted    title of the page that should be found, target its address; both empty for keyword and nonsense.
    place     the list or the site on which that title stands.
    outcome   found | absent (firmly not on the first page) | untried (`why` says so).
              Of keyword and nonsense: found means that anything came up.
    by        how it was found: "title" | "address".
    url       the result page.
    """

    purpose: Purpose
    query: str
    wanted: str = ""
    target: str = ""
    place: str = ""
    outcome: TrialOutcome = "untried"
    why: Missing | None = None
    by: str = ""
    results: Results | None = None
    url: str = ""
    shot: str | None = None


@dataclass(frozen=True)
class SearchBox:
    """Where a visitor types.

    page    the page on which the box stands; hint: what it says inside; words: what its button says.
    way     get, post: a form; script: a script builds the address; link: only a link leads to a page that has the box.
    results address of the first result page reached; outside: it lives on another host; window: it opens a new window.
    """

    page: str
    way: Way
    hint: str = ""
    words: str = ""
    results: str = ""
    outside: bool = False
    window: bool = False


@dataclass(frozen=True)
class Search:
    """The search of a site.

    state   works; absent: a complete look found none; dead: it is there and firmly fails (`why` has the fact); wall: captcha
            or wall; unknown: cannot be told from here.
    why     the fact or the reason, unless it works.
    seed, of  the draw of titles: of so many candidates (articles of 7 days to 12 months, and services).
    trials  title and service trials first, in the order of the draw.
    shot    the page with the box, or the home page that has none.
    """

    state: SearchState
    why: Missing | None = None
    box: SearchBox | None = None
    seed: int = 0
    of: int = 0
    trials: tuple[Trial, ...] = ()
    shot: str | None = None

    def tried(self, *purposes: Purpose) -> tuple[Trial, ...]:
        """The trials of these purposes, in order."""
        return tuple(trial for trial in self.trials if trial.purpose in purposes)

    @property
    def doubt(self) -> Missing | None:
        """Why nothing can be told of the search; None when it works, or firmly is absent or dead."""
        if self.state in ("wall", "unknown"):
            return self.why or Missing(Reason.WALL if self.state == "wall" else Reason.UNCLEAR)
        return None

    def at(self, trial: Trial) -> str:
        """The address under which a visitor sees the result page of a trial; that of the box where a form was posted."""
        posted = self.box is not None and self.box.way == "post"
        return trial.url if trial.url and not posted or self.box is None else self.box.page
