"""The texts of the page, each once. What a site wrote comes in here and nowhere else."""
from pytest_govsite.report.wording import plain

LONGEST_TEXT, LONGEST_ADDRESS = 600, 1200


class Texts:
    """Numbers for texts; 0 is the empty one. `all` has them in order."""

    def __init__(self) -> None:
        self.all: list[str] = [""]
        self._places: dict[str, int] = {"": 0}
        self._cleaned: dict[tuple[str, int], str] = {}

    def of(self, text: str, longest: int = LONGEST_TEXT) -> int:
        """The number of a text: cleaned, one line of at most `longest` characters."""
        cleaned = self._cleaned.get((text, longest))
        if cleaned is None:
            cleaned = self._cleaned[text, longest] = plain(text, longest)
        place = self._places.get(cleaned)
        return self._add(cleaned) if place is None else place

    def address(self, url: str) -> int:
        """The number of an address, which may be longer than other texts."""
        return self.of(url, LONGEST_ADDRESS)

    def _add(self, text: str) -> int:
        self._places[text] = len(self.all)
        self.all.append(text)
        return self._places[text]
