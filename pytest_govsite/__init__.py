"""The facade: all that a check may import."""
from pytest_govsite.checking import Check, check
from pytest_govsite.model.evidence import Addresses, Draw, Engines, EngineView, Families, Home, Link, Links, Sampled, Visit
from pytest_govsite.model.finding import Drawn, Finding, NotApplicable, Note, Undetermined, Unseen
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.page import Entry, Header, Label, Mark, Marks, Page, ShownDate
from pytest_govsite.model.site import Site

__version__ = "1.0.0"

__all__ = [
    "Addresses", "Blame", "Check", "Draw", "Drawn", "EngineView", "Engines", "Entry", "Families", "Finding", "Header", "Home",
    "Label", "Link", "Links", "Mark", "Marks", "Missing", "NotApplicable", "Note", "Page", "Reason", "Sampled", "ShownDate",
    "Site", "Undetermined", "Unseen", "Visit", "check",
]
