"""Points as text."""
from decimal import Inexact
from fractions import Fraction

import pytest

from pytest_govsite.points import exact, printed

PRINTED = {
    "88.5": "88.5",
    "101.296": "101.3",
    "0": "0",
    "100": "100",
    "0.005": "0.01",
    "0.0049": "0",
    "-0.125": "-0.13",
    "1/3": "0.33",
    "2/3": "0.67",
    "-0.001": "0",
    "1200/95": "12.63",
}


@pytest.mark.parametrize("points, text", PRINTED.items())
def test_printed_half_up_to_two_places_without_trailing_zeros(points, text):
    assert printed(Fraction(points)) == text


@pytest.mark.parametrize("text", ["-0.2", "0", "120", "-100", "0.125", "12.5"])
def test_exact_points_survive_as_text(text):
    assert exact(Fraction(text)) == text


def test_what_no_decimal_says_is_never_written_as_exact():
    with pytest.raises(Inexact):
        exact(Fraction(1, 3))
