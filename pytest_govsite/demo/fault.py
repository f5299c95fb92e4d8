"""What a fault of the demo is: where it is planted, and which findings it makes."""
from dataclasses import dataclass
from fnmatch import fnmatchcase

from pytest_govsite.demo.content import Change
from pytest_govsite.demo.monitoring import Incident
from pytest_govsite.demo.planting import Plant

EDITION = "sichuan2021"  # the one that the embedded sites are inspected under


@dataclass(frozen=True)
class Fault:
    """One fault.

    id       rule of the official tables and variant, `rule:variant`; site:*, dns:*, net:*, tls:*, week:* prevent judgement; trap:* is none.
    what     the thing that a finding names; * for compat faults of every engine, and for titles, which depend on the draw;
             empty for an award that is not given.
    at       kind of page where a finding stands, as a pattern: home, article/trs, */boda (see catalogue.py).
    why      the fault in one line.
    on       kind of resource that it changes, as a pattern.
    plant    what changes the text of those resources.
    planted  stands in `demo`.
    drawn    fires once for each drawn page of that kind, not once a site.
    engine   shows in this browser engine only.
    content  what changes the content that the pages are made of.
    week     what befell the visits of the week before the inspection, see monitoring.py.
    also     other findings that it makes: "rule", "rule=what", and "edition/rule" for those of another edition alone.
    """

    id: str
    what: str
    at: str
    why: str
    on: str = ""
    plant: Plant | None = None
    planted: bool = False
    drawn: bool = False
    engine: str = ""
    content: Change | None = None
    also: tuple[str, ...] = ()
    week: tuple[Incident, ...] = ()

    @property
    def rule(self) -> str:
        """Id of the rule, empty for what prevents judgement."""
        rule = self.id.partition(":")[0]
        return rule if "." in rule else ""

    def findings(self, edition: str = EDITION) -> frozenset[tuple[str, str]]:
        """(rule, what) of all that it makes under an edition, as far as that has those rules."""
        pairs = [(self.rule, self.what), *(self._other(entry) for entry in self.also)]
        usable = ((rule.rpartition("/"), what) for rule, what in pairs if rule and what)
        return frozenset((rule, what) for (only, _, rule), what in usable if only in ("", edition))

    def explains(self, rule: str, what: str, kind: str, edition: str = EDITION) -> bool:
        """True when a finding of this rule about this thing, on a page of this kind, is this fault."""
        return bool({(rule, what), (rule, "*")} & self.findings(edition)) and fnmatchcase(kind, self.at)

    def _other(self, entry: str) -> tuple[str, str]:
        rule, _, what = entry.partition("=")
        return rule, what or self.what
