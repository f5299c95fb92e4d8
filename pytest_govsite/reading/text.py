"""The visible text of a page, for comparing pages with one another."""
import re
from functools import lru_cache

from pytest_govsite.reading.flow import parse, read_lines

WORDS = re.compile(r"[一-鿿A-Za-z]{2,20}")
TITLE_ENDS = re.compile("</title", re.IGNORECASE)
USUAL_HEAD = 20_000
FINGERPRINT_SIZE = 400


def visible_text(html: str) -> str:
    """What a visitor reads, one line of text a line; without scripts, comments and what is hidden."""
    return "\n".join(line.plain for line in read_lines(parse(html)) if not line.hidden)


def title_of(html: str) -> str:
    """The <title>, blanks collapsed; empty when there is none."""
    end = TITLE_ENDS.search(html)
    found = _title_in(html[:end.start()]) if end and end.start() < USUAL_HEAD else None
    if found is None:  # what ended there stood in a comment or a script
        found = _title_in.__wrapped__(html)
    return found or ""


@lru_cache(maxsize=16)  # several readers ask for the title of one page
def _title_in(html: str) -> str | None:
    node = parse(html).css_first("title")
    return " ".join(node.text().split()) if node is not None else None


def fingerprint(html: str) -> tuple[str, ...]:
    """The distinct words of the visible text, sorted: the first 400 of the page, without numbers and dates.

    A word is what stands between punctuation, so that two states of one page share nearly all of them and two sites
    few.
    """
    words = dict.fromkeys(word.lower() for word in WORDS.findall(visible_text(html)))
    return tuple(sorted(list(words)[:FINGERPRINT_SIZE]))
