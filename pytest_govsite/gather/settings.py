"""What the user decided about looking at sites; frozen and picklable, so that it can travel between processes."""
import hashlib
import platform
from dataclasses import dataclass, field
from datetime import date

from pytest_govsite import __version__

# what visitors of Chinese government sites use most; sites that sniff must serve us the page that they serve them
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


def this_machine() -> str:
    """How the place is called from which this machine visits sites, when nobody gave it a name."""
    return platform.node() or "localhost"


@dataclass(frozen=True)
class Settings:
    """How one run looks at sites.

    as_of        the inspection date; all windows end there.
    seed         seed of every random draw; None: derived from site and date.
    resolve      entries HOST:PORT:ADDRESS[:PORT], see gather/entries.py.
    nameserver   ADDRESS[:PORT] of the DNS server; None: the system's.
    contact      e-mail address or URL that the User-Agent gives to the owners of inspected servers.
    user_agent   a whole User-Agent of the user's own, instead of ours.
    ca_file      PEM file (or folder) of further certificate authorities.
    nat          pairs (real port, loopback port) for hosts that the demo's name server puts on loopback.
    trusted      hosts that may have private or loopback addresses on any port.
    engines      "auto" for every installed engine, or their names.
    crawl_pages, crawl_seconds, crawl_depth  where the crawl of a site ends: pages, seconds, steps from the home page.
    rendered_pages  pages of the crawl that may be opened in Chromium, where plain HTML shows no list.
    history      path or URL of the history; None: where GOVSITE_HISTORY says, else its usual place.
    vantage      name of the place from which sites are visited.
    canaries     hosts that tell how healthy our own network is, as GOVSITE_CONTROL names them; empty: the usual ones.

    Deadlines are seconds: of one page in a browser, of all evidence of one site, of one plain fetch with its redirects.
    Raises ValueError for a contact or User-Agent that no HTTP header can carry.
    """

    as_of: date
    seed: int | None = None
    resolve: tuple[str, ...] = ()
    nameserver: str | None = None
    contact: str | None = None
    user_agent: str | None = None
    ca_file: str | None = None
    nat: tuple[tuple[int, int], ...] = ()
    trusted: tuple[str, ...] = ()
    page_deadline: float = 30.0
    site_deadline: float = 600.0
    fetch_deadline: float = 15.0
    connections_per_host: int = 4
    engines: str | tuple[str, ...] = "auto"
    crawl_pages: int = 400
    crawl_seconds: float = 240.0
    crawl_depth: int = 3
    rendered_pages: int = 60
    history: str | None = field(default=None, repr=False)  # a URL may hold a password
    vantage: str = field(default_factory=this_machine)
    canaries: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.nat, dict):
            object.__setattr__(self, "nat", tuple(sorted(self.nat.items())))
        for name, value in (("contact", self.contact), ("user_agent", self.user_agent)):
            if value and not (value.isascii() and value.isprintable()):
                raise ValueError(f"{name}: only printable ASCII characters fit into the User-Agent, not {value!r}")

    @property
    def agent(self) -> str:
        """The User-Agent: a usual browser's, then who we are and, when known, how to reach the user."""
        if self.user_agent:
            return self.user_agent
        name = f"pytest-govsite/{'.'.join(__version__.split('.')[:2])}"
        return f"{BROWSER} {name} (+{self.contact})" if self.contact else f"{BROWSER} {name}"

    def seed_for(self, site_id: str) -> int:
        """The seed of a site's draws: the given one, else a stable number below 2**31 from site and date."""
        if self.seed is not None:
            return self.seed
        digest = hashlib.sha256(f"{site_id}\n{self.as_of.isoformat()}".encode()).digest()
        return int.from_bytes(digest[:4], "big") >> 1
