"""How healthy our own side was, by the canaries of all rounds."""
from collections.abc import Iterable

from pytest_govsite.availability.counting import family_of
from pytest_govsite.model.availability import Health, Round, Sample


def health_of(rounds: Iterable[Round], samples: Iterable[Sample] = ()) -> Health:
    """The probes of canaries in the rounds that count, and how many rounds there were.

    rounds   those of the places from which the site was visited.
    samples  of the site: for one without IPv4 address the probes over IPv6 count, else those over IPv4.
    """
    rounds = tuple(rounds)
    counted = [each for each in rounds if not each.void]
    tried, failed = sum(each.tried for each in counted), sum(each.failed for each in counted)
    tried6, failed6 = sum(each.tried6 for each in counted), sum(each.failed6 for each in counted)
    probes = (tried6, failed6) if family_of(samples) == 6 else (tried - tried6, failed - failed6)
    return Health(*probes, rounds=len(counted), void_rounds=len(rounds) - len(counted))
