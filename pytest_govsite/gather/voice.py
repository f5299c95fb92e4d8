"""How the sampler tells what happens. Importing this costs nothing."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pytest_govsite.model.availability import Round, Sample


@dataclass(frozen=True)
class Voice:
    """To whom is told what happens.

    round  was made and written down; the time of the next visit, None when it is not planned yet.
    idle   nothing is due before that time. say: anything else, in a sentence.
    """

    round: Callable[[Round, Sequence[Sample], datetime | None], None]
    idle: Callable[[datetime | None], None]
    say: Callable[[str], None]
