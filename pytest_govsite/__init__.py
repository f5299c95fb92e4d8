"""The facade: all that a check may import."""
from importlib import import_module

from pytest_govsite.checking import Check, check
from pytest_govsite.model.accounts import Accounts, BlockVisit, History, Login
from pytest_govsite.model.availability import Week
from pytest_govsite.model.columns import CATEGORIES, Article, Column, Columns, Headlines, Listing, Mention
from pytest_govsite.model.edition import Deadline
from pytest_govsite.model.evidence import (
    Addresses, Draw, Engines, EngineView, Families, Home, Link, Links, NameServer, Reach, Sampled, Visit, inner_pages,
)
from pytest_govsite.model.finding import Drawn, Finding, NotApplicable, Note, Undetermined, Unseen
from pytest_govsite.model.missing import Blame, Missing, Reason
from pytest_govsite.model.page import MARK_NAMES, Entry, Header, Label, Mark, Marks, Page, ShownDate
from pytest_govsite.model.publications import AnnualReports, Dataset, Leader, Leaders, Releases, Report, Submissions
from pytest_govsite.model.search import Hit, Results, Search, SearchBox, Trial
from pytest_govsite.model.site import Registered, Site

__version__ = "1.0.0"

__all__ = [
    "Accounts", "Addresses", "AnnualReports", "Article", "availability", "Blame", "BlockVisit", "CATEGORIES", "Check",
    "check", "codes", "Column", "Columns", "Dataset", "dates", "Deadline", "domains", "Draw", "Drawn", "Engines", "EngineView",
    "entries", "Entry", "Families", "Finding", "Header", "Headlines", "History", "Hit", "Home", "inner_pages",
    "Label", "labels", "Leader", "Leaders", "Link", "Links", "Listing", "Login", "Mark", "MARK_NAMES", "Marks",
    "Mention", "Missing", "names", "NameServer", "NotApplicable", "Note", "Page", "Reach", "Reason", "Registered",
    "Releases", "Report", "reposts", "Results", "Sampled", "Search", "SearchBox", "ShownDate", "Site", "site_reports",
    "Submissions", "Trial", "Undetermined", "Unseen", "upkeep", "Visit", "Week", "weeks", "windows",
]

READING = ("codes", "dates", "domains", "entries", "labels", "names", "reposts", "site_reports")
JUDGING = ("availability", "upkeep", "weeks", "windows")


def __getattr__(name: str):
    """The readers load when a check asks for them: the package is part of every pytest run where it is installed."""
    if name in READING:
        return import_module(f"pytest_govsite.reading.{name}")
    if name in JUDGING:
        return import_module(f"pytest_govsite.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
