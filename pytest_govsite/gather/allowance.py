"""How many pages may still be opened in Chromium: each costs as much as some fifty plain fetches."""


class Allowance:
    """A number of pages for one purpose.

    used  those opened so far; refused: those that were wanted after it was used up.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0
        self.refused = 0

    def take(self) -> bool:
        """Takes one page; False when nothing is left."""
        if self.used >= self.most:
            self.refused += 1
            return False
        self.used += 1
        return True
