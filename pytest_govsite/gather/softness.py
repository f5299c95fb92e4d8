"""How a host answers for pages that do not exist: some say 200 (软404)."""
from dataclasses import dataclass
from urllib.parse import urljoin

from pytest_govsite.gather.http import Fetcher, Response
from pytest_govsite.model.finding import normalised
from pytest_govsite.reading.text import visible_text
from pytest_govsite.reading.walls import similar

ALIKE = 0.9
UNLIKE = 4  # times the bytes of another page: then the two do not read alike
SHORTEST = 20  # characters: an application's empty shell is sent for every address and says nothing about any


@dataclass(frozen=True)
class Softness:
    """What the host sends with status 200 for an address that cannot exist.

    text: visible text of that page, empty when the host is honest or nothing can be told; landed: the error page that
    visitors are sent to, empty when the answer comes in place; size: bytes of that page as it was sent, 0 if unknown.
    """

    text: str = ""
    landed: str = ""
    size: int = 0

    @property
    def hides_errors(self) -> bool:
        return bool(self.text or self.landed)

    def is_soft_error(self, answer: Response) -> bool:
        """True when an answer is the page that this host sends for what does not exist."""
        if not self.hides_errors or not answer.is_html:
            return False
        if self.landed:
            return normalised(answer.final_url) == self.landed and normalised(answer.url) != self.landed
        if self.size and not self.size / UNLIKE <= len(answer.body) <= self.size * UNLIKE:
            return False  # reading a page takes long: only those that may be the same are read
        return similar(visible_text(answer.text), self.text) >= ALIKE


async def probe(fetcher: Fetcher, origin: str, seed: int, home: Response) -> Softness:
    """Asks for two addresses that cannot exist; only a host that answers both alike is said to hide errors.

    A host that answers everything with its home page, or sends everybody there, tells us nothing: an application draws
    every page from one shell, and many links to the home page have another address.
    """
    one, two = [await fetcher.fetch(urljoin(origin, path)) for path in _random_paths(seed)]
    if not _is_soft(one) or not _is_soft(two):
        return Softness()
    landed = normalised(one.final_url)
    if landed == normalised(two.final_url):
        return Softness() if landed == normalised(home.final_url) else Softness(landed=landed)
    text, other, front = visible_text(one.text), visible_text(two.text), visible_text(home.text)
    told = len(text) >= SHORTEST and similar(text, other) >= ALIKE and similar(text, front) < ALIKE
    return Softness(text=text, size=len(one.body)) if told else Softness()


def _is_soft(answer) -> bool:
    return isinstance(answer, Response) and answer.status == 200 and answer.is_html


def nowhere(origin: str, seed: int) -> str:
    """An address that the host cannot have."""
    return urljoin(origin, _random_paths(seed)[0])


def _random_paths(seed: int) -> tuple[str, str]:
    return f"/govsite-{seed:x}-nothing.html", f"/nothing/govsite-{seed + 1:x}.html"
