"""What a check may yield."""
import hashlib
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from pytest_govsite.model.missing import Blame


@dataclass(frozen=True)
class Finding:
    """One occurrence of a fault, or of a merit.

    at      address of the page where it stands.
    what    the thing itself, stable over time: a mark, a link, an engine.
    says    the fact, in Chinese, for the person who must repair it.
    shot    picture, as a path relative to the results folder.
    amount  what tiers measure: age in days, a count.
    class_  what tiers tell apart: kind of notice, home page or other page.
    """

    at: str
    what: str
    says: str
    shot: str | None = None
    amount: int | None = None
    class_: str | None = None
    exempt: str | None = None

    def key(self, rule: str) -> str:
        """Identity of the fault over time: rule, page and thing; never wording, date or seed."""
        text = "\n".join((rule, normalised(well_formed(self.at)), normalised(well_formed(self.what))))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Note:
    """A hint that costs nothing. `shot`: a picture that goes with it, as a path relative to the results folder."""

    says: str
    at: str = ""
    shot: str | None = None


@dataclass(frozen=True)
class Unseen:
    """A charged unit (page, item, engine, mark) that could not be judged: it stays open.

    class_   as its finding would have it, where that is known.
    several  nobody knows how many units it stands for: a search that ended before all was seen.
    """

    at: str
    reason: str
    blame: Blame
    class_: str | None = None
    several: bool = False

    def __post_init__(self) -> None:
        if not self.reason:
            raise ValueError("an unseen unit needs a reason")


@dataclass(frozen=True)
class Drawn:
    """Which units a seeded draw picked, out of how many."""

    seed: int
    urls: tuple[str, ...]
    of: int


Observation = Finding | Note | Unseen | Drawn


class NotApplicable(Exception):
    """The rule does not concern this site; the reason is part of the verdict."""

    def __init__(self, reason: str) -> None:
        if not reason:
            raise ValueError("NotApplicable needs a reason")
        super().__init__(reason)


class Undetermined(Exception):
    """No judgement is possible; says why and on whose account."""

    def __init__(self, reason: str, blame: Blame = Blame.SITE) -> None:
        if not reason:
            raise ValueError("Undetermined needs a reason")
        super().__init__(reason)
        self.blame = Blame(blame)


def well_formed(text: str) -> str:
    """The text with U+FFFD for half surrogates: a script can put them anywhere, and no encoding takes them."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def normalised(text: str) -> str:
    """An address without what may change between two runs: scheme, default port, fragment, order of parameters."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        return " ".join(text.split())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return " ".join(text.split())
    host = parts.hostname if port in (None, 80, 443) else f"{parts.hostname}:{port}"
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{host}{parts.path or '/'}{'?' + query if query else ''}"
