"""Freshness: which columns a rule charges together, whether they are up to date, and what is to be said of it.

Pure: from evidence to observations. An innocent site is never found guilty: what may be new, or not blank, is open.
"""
from pytest_govsite.upkeep.charging import blank, overdue
from pytest_govsite.upkeep.duties import Duty, duties, undated
from pytest_govsite.upkeep.freshness import Fresh, Open, Stale, State, freshness, known_day
from pytest_govsite.upkeep.intervals import Silence, silences
from pytest_govsite.upkeep.presence import Presence, presence, split, unread
from pytest_govsite.upkeep.reporters import LONG_WEEKS, NO_UNITS, Reporter, reporters
from pytest_govsite.upkeep.telling import age, dispute, newest_of, refuse_closed, refuse_empty, rest, tell, unseen
from pytest_govsite.upkeep.topics import Topic, topics
from pytest_govsite.upkeep.units import NEWS, Unit, contested, has_list, laxest, together, units

__all__ = [
    "age", "blank", "contested", "dispute", "duties", "Duty", "Fresh", "freshness", "has_list", "known_day",
    "laxest", "LONG_WEEKS", "newest_of", "NEWS", "NO_UNITS", "Open", "overdue", "Presence", "presence",
    "refuse_closed", "refuse_empty", "Reporter", "reporters", "rest", "Silence", "silences", "split", "Stale",
    "State", "tell", "together", "Topic", "topics", "undated", "Unit", "units", "unread", "unseen",
]
