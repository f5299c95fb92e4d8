"""Availability: which slots of a week count, how many failed, how sure that is, and what is to be said of it.

Pure: from samples to numbers, sentences and a picture. What is no data counts neither as up nor as down.
"""
from pytest_govsite.availability import telling
from pytest_govsite.availability.chance import chance, failure_rate, may_be_accident, tail
from pytest_govsite.availability.counting import (
    Slot, Standing, Tally, family_of, slots_of, tally, vantages_of, visits_over,
)
from pytest_govsite.availability.enough import lack
from pytest_govsite.availability.health import health_of

__all__ = [
    "chance", "failure_rate", "family_of", "health_of", "lack", "may_be_accident", "Slot", "slots_of", "Standing", "tail",
    "tally", "Tally", "telling", "vantages_of", "visits_over",
]
