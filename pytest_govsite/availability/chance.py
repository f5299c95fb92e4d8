"""The chance that a healthy site shows as many failures by accident, as our own side fails to reach even the best hosts."""
from fractions import Fraction

from pytest_govsite.model.availability import Health

# of 14,000 sites judged each week, 0.14 a week would fall to an accident that is as rare as this
RARE = Fraction(1, 100_000)


def may_be_accident(failed: int, total: int, health: Health) -> bool:
    """Would a healthy site show this too often for a verdict?"""
    return chance(failed, total, health) > RARE


def chance(failed: int, total: int, health: Health) -> Fraction:
    """P(X >= failed), X binomial over `total` visits with the rate at which our own side fails; exact."""
    return tail(failed, total, failure_rate(health))


def failure_rate(health: Health) -> Fraction:
    """The rate of failures of our own, by Laplace's rule of succession: (s + 1) / (n + 2).

    Never 0, however healthy the canaries; one half where there were none.
    """
    failed = min(max(health.failed, 0), max(health.tried, 0))
    return Fraction(failed + 1, max(health.tried, 0) + 2)


def tail(at_least: int, total: int, rate: Fraction) -> Fraction:
    """P(X >= at_least) for X binomial with `total` trials of probability `rate`, which lies between 0 and 1; exact.

    Raises ValueError for a rate outside.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"no probability: {rate}")
    if at_least <= 0 or at_least > total or rate in (0, 1):
        return Fraction(at_least <= 0 or at_least <= total and rate == 1)
    if 2 * at_least > total:
        return _upper(at_least, total, rate)
    return 1 - _upper(total - at_least + 1, total, 1 - rate)


def _upper(at_least: int, total: int, rate: Fraction) -> Fraction:
    """The sum of the terms from the top down, each an integer from the one before, over one denominator."""
    hit, miss = rate.numerator, rate.denominator - rate.numerator
    term = whole = hit**total
    for k in range(total, at_least, -1):
        # C(n, k-1) p^(k-1) q^(n-k+1) = C(n, k) p^k q^(n-k) * k q / ((n-k+1) p), and p divides while a factor is left
        term = term * k * miss // ((total - k + 1) * hit)
        whole += term
    return Fraction(whole, rate.denominator**total)
