"""Pages that somebody has opened, kept compressed for whoever reads them for something else."""
import zlib
from dataclasses import dataclass, field

from pytest_govsite.model.finding import normalised

MOST = 600  # pages of one site


@dataclass(frozen=True)
class Document:
    """One page as a visitor gets it. url, final_url: as asked, as reached."""

    url: str
    final_url: str
    packed: bytes = field(repr=False)

    @classmethod
    def of(cls, url: str, final_url: str, html: str) -> "Document":
        """The page, packed."""
        return cls(url, final_url, pack(html))

    @property
    def html(self) -> str:
        return unpack(self.packed)


class Documents:
    """Pages by the address that was asked for; the first MOST of them."""

    def __init__(self) -> None:
        self._known: dict[str, Document] = {}

    def keep(self, url: str, final_url: str, html: str) -> None:
        """Keeps what was opened at that address, the last of several."""
        key = normalised(url)
        if key in self._known or len(self._known) < MOST:
            self._known[key] = Document.of(url, final_url, html)

    def get(self, url: str) -> Document | None:
        """What was opened there, if it is kept."""
        return self._known.get(normalised(url))


def pack(html: str) -> bytes:
    """A page as it is kept."""
    return zlib.compress(html.encode("utf-8", "surrogatepass"), 1)


def unpack(packed: bytes) -> str:
    """The page again."""
    return zlib.decompress(packed).decode("utf-8", "surrogatepass")
