"""Points as text. Inside they are fractions; no float ever touches one."""
from decimal import Decimal, Inexact, localcontext
from fractions import Fraction


def exact(points: Fraction) -> str:
    """The whole number or decimal fraction, as in the ledger: "-0.2", "0".

    Raises decimal.Inexact when no finite decimal says it; the points of a rule always have one.
    """
    with localcontext(prec=60, traps=[Inexact]):
        quotient = Decimal(points.numerator) / Decimal(points.denominator)
    return _plain(quotient)


def printed(points: Fraction) -> str:
    """Rounded half up to two places without trailing zeros, as in a scorecard: "88.5", "101.3", "0"."""
    hundredths = (abs(points) * 200 + 1) // 2
    return _plain(Decimal(-hundredths if points < 0 else hundredths).scaleb(-2))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
