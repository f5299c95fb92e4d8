"""Which sites stand in the estate: whose markup, at which address, in what temper. The same seed gives the same sites."""
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from estate import plan as flats
from towns import oddities
from towns import plan as towns

AS_OF = date(2026, 11, 20)
EDITION = "sichuan2021"
PLATFORM_SHARE = 5  # one site in five stands on the first platform, one on the second: 40 and 40 of 200
PLATFORMS = {0: ("platform-a.cn", "127.0.0.2", 1), 1: ("platform-b.cn", "127.0.0.3", 2)}
ABROAD = ("127.0.0.4", 3)  # all that the sites link to
FOREIGN = (*oddities.KNOWN, "www.sczwfw.gov.cn")
OWN = 10  # ports from here on, over IPv6, are of sites that stand alone
NOBODY = 9  # a port where nothing listens
BROKEN = ("refused", "failing", "silent")
SUBDOMAINS = ("search", "xzxx", "oa", "ns1", "ns2")
CONFIG = """[[site]]
id = "{id}"
name = "{name}"
url = "{url}"
kind = "county-portal"
editions = ["{edition}"]
group = "{group}"
{platform}resolve = [{resolve}]

"""


@dataclass(frozen=True)
class Plot:
    """One site. made: of bench/towns (with a search, logins, odd links) or of bench/estate (columns with long lists).

    temper  quick; slow: half a second before each answer; flaky: now and then a connection is cut; refused: nobody
            listens; failing: HTTP 500 for everything; silent: takes connections and never answers.
    """

    number: int
    made: towns.Town | flats.Plan
    temper: str

    @property
    def id(self) -> str:
        return f"{self.made.slug}-{self.number}"

    @property
    def url(self) -> str:
        return f"http://{self.made.host}/"

    @property
    def is_whole(self) -> bool:
        """Can its pages be loaded by anybody?"""
        return self.temper not in BROKEN

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """All names under which it is reached."""
        if isinstance(self.made, flats.Plan):
            return (self.made.host,)
        town = self.made
        return town.host, town.domain, town.lower, *(f"{name}.{town.domain}" for name in SUBDOMAINS)

    @property
    def platform(self) -> str:
        """Host of the platform that serves it, empty when it stands alone."""
        return PLATFORMS.get(self.number % PLATFORM_SHARE, ("",))[0]

    def places(self, port: int) -> tuple[tuple[str, int], tuple[str, int]]:
        """Address and port over IPv4 and over IPv6, in an estate that begins at this port."""
        if self.platform:
            _, address, offset = PLATFORMS[self.number % PLATFORM_SHARE]
            return (address, port), ("::1", port + offset)
        return (f"127.0.{1 + self.number // 200}.{10 + self.number % 200}", port), ("::1", port + OWN + self.number)

    def resolve(self, port: int) -> Iterator[str]:
        """Entries for --resolve. Of a site where nobody listens: at a port that is nobody's."""
        for host in self.hosts:
            for address, at in self.places(port):
                shown = f"[{address}]" if ":" in address else address
                yield f"{host}:80:{shown}:{at if self.temper != 'refused' else NOBODY}"

    def config(self, port: int) -> str:
        """Its entry in a sites file."""
        resolve = ", ".join(f'"{entry}"' for entry in self.resolve(port))
        platform = f'platform = "{self.platform}"\n' if self.platform else ""
        return CONFIG.format(
            id=self.id, name=f"{self.made.place}人民政府", url=self.url, edition=EDITION, group=self.made.vendor, platform=platform,
            resolve=resolve,
        )


def plots(sites: int, seed: int) -> list[Plot]:
    """So many sites: towns and flats in turn, every twelfth slow, every twelfth broken, every 24th flaky."""
    return [Plot(number, _made(number, seed), _temper(number)) for number in range(sites)]


def _made(number: int, seed: int) -> towns.Town | flats.Plan:
    kind, turn = number % 2, number // 2
    source = (towns, flats)[kind]
    vendor = source.VENDORS[turn % len(source.VENDORS)]
    profile = source.PROFILES[turn % len(source.PROFILES)]
    made = source.plan(vendor, profile, AS_OF, seed + number)
    if source is flats:
        made.slug, made.host = f"{made.vendor}-{made.profile}", f"www.{made.vendor}{number}.gov.cn"
    else:
        name, _, rest = made.domain.partition(".")
        made.domain, made.account = f"{name}{number}.{rest}", ""
        made.faults -= {fault for fault in made.faults if fault.startswith("ipv6:")}  # what is broken here is the temper's
    return made


def _temper(number: int) -> str:
    if number % 12 == 9:
        return BROKEN[number // 12 % len(BROKEN)]
    if number % 12 == 4:
        return "slow"
    return "flaky" if number % 24 == 17 else "quick"


def abroad(port: int) -> list[str]:
    """Entries for --resolve of all hosts to which the sites link."""
    address, offset = ABROAD
    return [entry for host in FOREIGN for entry in (f"{host}:80:{address}:{port}", f"{host}:80:[::1]:{port + offset}")]
