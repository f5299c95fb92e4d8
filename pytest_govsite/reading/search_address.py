"""Addresses of result pages: where the query stands in one, and the same address for another query."""
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote_plus

Encode = Callable[[str], str]


def _escaped(text: str) -> str:
    """As the old function escape() of browsers writes it."""
    kept = "@*_+-./"
    return "".join(c if c.isascii() and (c.isalnum() or c in kept) else f"%{ord(c):02X}" if ord(c) < 256 else f"%u{ord(c):04X}" for c in text)


ENCODINGS: tuple[Encode, ...] = (
    lambda text: quote_plus(text, safe=""),
    lambda text: quote(text, safe=""),
    lambda text: quote(quote(text, safe=""), safe=""),
    lambda text: quote(quote(quote(text, safe=""), safe=""), safe=""),
    lambda text: quote_plus(text, safe="", encoding="gb18030", errors="replace"),
    lambda text: quote(quote(text, safe="", encoding="gb18030", errors="replace"), safe=""),
    _escaped,
    lambda text: quote(_escaped(text), safe=""),
    lambda text: text,
)


@dataclass(frozen=True)
class Template:
    """An address of results with a place for the query."""

    before: str
    after: str
    encode: Encode

    def address(self, query: str) -> str:
        """The address of the results for another query."""
        return f"{self.before}{self.encode(query)}{self.after}"


def read_template(url: str, query: str) -> Template | None:
    """Where the query stands in an address; None when it is not in there, or in several places."""
    for encode in ENCODINGS:
        word = encode(query)
        at = url.lower().find(word.lower()) if word else -1
        if at >= 0:
            rest = url[at + len(word):]
            return None if word.lower() in rest.lower() else Template(url[:at], rest, encode)
    return None


def holds(url: str, query: str) -> bool:
    """The query stands in the address, however it is written."""
    return read_template(url, query) is not None or query in unquote_plus(url)
